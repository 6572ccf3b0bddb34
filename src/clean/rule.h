/*
 * rule.h - the cleaning rules
 *
 * A rule is a row of a table.  There are three kinds, by when they work:
 *
 *	cell rules	first: they say what a cell means, and learn nothing
 *	row rules	then: which rows go, before the split
 *	column rules	after the split: they learn from rows, the training
 *			rows unless fit=all, how a column is treated
 *
 * Within a kind, rules work in the order in which they stand.  A new rule is a
 * new file and one line in rules[].
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
#include "data/treatment.h"

/* Columns by their numbers in the table. */
struct columns {
	size_t n;
	size_t *column;		/* owned */
};

enum rule_kind { RULE_CELLS, RULE_ROWS, RULE_COLUMNS };

/* The types of column that a rule can do something with: 1 << COLUMN_NUMBER. */
enum {
	TAKES_NUMBERS = 1 << COLUMN_NUMBER | 1 << COLUMN_TIME,
	TAKES_LEVELS = 1 << COLUMN_CATEGORY | 1 << COLUMN_TEXT,
	TAKES_ALL = TAKES_NUMBERS | TAKES_LEVELS
};

/*
 * What a column rule learns one column from, all borrowed: rows, in the order
 * of the file, and room for what lesson_values() and lesson_counts() read.
 */
struct held;
struct lesson {
	const struct table *table;
	size_t column;
	const struct option_values *options;
	const struct rows *rows;
	double *value, *room;	/* rows->n of each; the rule may change the
				 * order, or must call lesson_spoil() */
	size_t *count;		/* of a category: levels + 1 */
	struct held *held;	/* what value has of the rules before */
};

/*
 * Rules take their turns at one column, so what is read for the first of them
 * need not be read again: the numbers in value, after so many steps.  Their
 * order is of no matter.  Zeroed: nothing is held.
 */
struct held {
	const struct rows *rows;
	const double *cell;	/* of the column, or what stands for them */
	size_t steps, n, missing;
};

/* The cells after the treatment so far that are not missing, into value: how
 * many there are. */
size_t lesson_values(const struct lesson *lesson, const struct treatment *t);
void lesson_spoil(const struct lesson *lesson);
/* How many rows have each level after the treatment so far, the extra one
 * last, into count: how many are not missing. */
size_t lesson_counts(const struct lesson *lesson, const struct treatment *t);

struct rule {
	const char *name;
	const char *label;	/* short, for lists of runs: "-missing" */
	const char *help;	/* one line, no full stop */
	const struct option *options;
	unsigned takes;		/* types of column, of cell and column rules */
	bool offered;		/* shown before anybody has asked for it */
	bool asks;		/* it does nothing before it has an option */
	bool every;		/* it changes every cell of its columns: only
				 * columns are counted */
	bool whole;		/* it takes whole columns: the same */
	bool repeats;		/* rows go that repeat one that stays: their
				 * mark is the same */
	/*
	 * Which kind it is with these options; NULL: the first kind of which
	 * there is a function below.  A column rule that is made a row rule
	 * takes the rows of which it would change a cell.
	 */
	enum rule_kind (*kind)(const struct option_values *options);
	/* Whether options go together; NULL: they always do. */
	bool (*check)(const struct option_values *options, struct err *err);

	/* A cell rule: change one column of a table that nobody else sees yet,
	 * by table_own(); *cells is how many were changed. */
	bool (*cells)(struct table *table, size_t column,
		      const struct option_values *options, size_t *cells,
		      struct err *err);
	/*
	 * A row rule, in two parts: note something about every row of the
	 * table, which is remembered as long as the options are the same; then
	 * set gone[i] for each of rows that goes, else clear it.
	 */
	bool (*mark)(const struct table *table,
		     const struct option_values *options, uint32_t *mark,
		     struct job *job, struct err *err);
	bool (*rows)(const uint32_t *mark, const struct rows *rows,
		     bool *gone, struct err *err);
	/*
	 * A column rule: what is done with the column, added to what the rules
	 * before it do (t).  Columns are learned beside each other on several
	 * threads.  A column of which nothing can be learned (no value, all
	 * the same) is left as it is.  An array of t may be replaced by a new
	 * one; the old one is not to be freed.
	 */
	bool (*learn)(const struct lesson *lesson, struct treatment *t,
		      struct job *job, struct err *err);
	/* A column rule with these options takes the training rows out of
	 * which it would change a cell, instead of changing it. */
	bool (*drops)(const struct option_values *options);
};

/* All rules, in the order in which they are offered; ends with NULL. */
extern const struct rule *const rules[];
const struct rule *rule_find(const char *name);
enum rule_kind rule_kind(const struct rule *rule,
			 const struct option_values *options);

/*
 * The columns that an option columns= names ("a,b"), or all of the table when
 * it was not given.  An unknown name is an error, and so is one of a type that
 * the rule does not take.  The caller frees .column.
 */
bool rule_columns(const struct table *table, const struct rule *rule,
		  const struct option_values *options, struct columns *columns,
		  struct err *err);

/* Whether columns= was given: a column was named, and not just met. */
bool rule_named(const struct option_values *options);

/* One more step, or an error about too many of them. */
bool rule_step(struct treatment *t, enum step_kind kind, double a, double b,
	       struct err *err);

#endif
