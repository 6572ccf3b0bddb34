/*
 * rule.h - the cleaning rules
 *
 * A rule is a row of a table.  Row rules say which rows go, before the split;
 * column rules learn from rows, the training rows unless told otherwise, how
 * columns are transformed.  A new rule is a new file and one line in rules[].
 */
#ifndef GEMBA_RULE_H
#define GEMBA_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "base/option.h"
#include "data/rows.h"
#include "data/table.h"
#include "data/transform.h"

/* Columns by their numbers in the table. */
struct columns {
	size_t n;
	size_t *column;		/* owned */
};

struct rule {
	const char *name;
	const char *label;	/* short, for lists of runs: "-missing" */
	const char *help;	/* one line, no full stop */
	const struct option *options;
	/* A row rule: set gone[i] for each of rows that goes, else clear it. */
	bool (*rows)(const struct table *table,
		     const struct option_values *options,
		     const struct rows *rows, bool *gone,
		     struct job *job, struct err *err);
	/* A column rule: change transform[c] of the given number columns. */
	bool (*columns)(const struct table *table,
			const struct columns *columns,
			const struct rows *learn_from,
			struct transform *transform,
			struct job *job, struct err *err);
};

/* All rules, in the order in which they are offered; ends with NULL. */
extern const struct rule *const rules[];
const struct rule *rule_find(const char *name);

/*
 * The columns that an option columns= names ("a,b"), or all of the table when
 * it was not given.  An unknown name is an error.  The caller frees .column.
 */
bool rule_columns(const struct table *table,
		  const struct option_values *options, struct columns *columns,
		  struct err *err);

#endif
