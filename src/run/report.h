/*
 * report.h - the results of a session, for people and for programs
 */
#ifndef GEMBA_REPORT_H
#define GEMBA_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "run/guard.h"
#include "run/result.h"
#include "run/settings.h"
#include "run/work.h"

/* What a report is about. */
struct report {
	const struct dataset *data;
	const struct table *table;
	const struct settings *settings;
	const struct ledger *ledger;	/* for when nothing was trained */
	struct result *const *result;
	size_t results;
	struct versus *const *versus;	/* two results each */
	size_t versuses;
	const struct findings *guards;	/* of the newest; NULL: none looked */
};

/* The ledger, and for each run accuracy, classification report, confusion
 * matrix and weights. */
void report_text(const struct report *report, FILE *out);
/* The object of gemba run --json. */
bool report_json(const struct report *report, FILE *out, struct err *err);

#endif
