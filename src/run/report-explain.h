/*
 * report-explain.h - what a model was asked, for report.c and report-json.c
 */
#ifndef GEMBA_REPORT_EXPLAIN_H
#define GEMBA_REPORT_EXPLAIN_H

#include <jansson.h>
#include <stdio.h>

#include "run/result.h"

/* r->explained is there. */
void report_explained(const struct result *r, FILE *out);
void report_explained_json(json_t *run, const struct result *r);

/* One weight in further units. */
void report_weight_json(json_t *o, const struct result *r,
			const struct weight *w);

/* "log odds of yes", "probability of yes", or the target's name: what base and
 * parts of a row are in. */
enum { WHY_UNIT = 120 };
char *why_unit(char to[WHY_UNIT], const struct result *r,
	       const struct why *w);
/* Of which output the parts are told: of many classes that which is told. */
size_t why_output(const struct why *w);

#endif
