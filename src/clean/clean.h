/*
 * clean.h - the rules in use, and the row ledger
 */
#ifndef GEMBA_CLEAN_H
#define GEMBA_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "clean/rule.h"

enum { RULES_MAX = 32 };

/* A rule as the user set it. */
struct rule_use {
	const struct rule *rule;
	bool on;
	bool written;		/* the user spoke of it; else only offered */
	struct option_values options;
};

/*
 * The account of every row: read = used + the rows that each rule took.  For a
 * rule that is off, what it would take if it were switched on now.
 */
struct ledger {
	size_t read, used;
	size_t rules;
	struct {
		const struct rule *rule;
		bool on;
		size_t rows;		/* row rules: taken, or would be */
		size_t columns;		/* column rules: changed */
	} of[RULES_MAX];
	size_t train, test, gap;	/* used = train + test + gap; 0 before
					 * the split, and with folds= */
};

/*
 * Apply the row rules, in order, to all rows of the table.  With costs, count
 * what the rules that are off would take as well.  kept is in the file's order.
 */
bool clean_rows(const struct table *table, const struct rule_use *use,
		size_t rules_n, bool costs, struct rows *kept,
		struct ledger *ledger, struct job *job, struct err *err);

/*
 * Apply the column rules to the number columns among the given ones:
 * transform[c] for every column c of the table.  used are all rows that are
 * left, train those of them that train; with NULL for both, only the ledger is
 * filled.
 */
bool clean_columns(const struct table *table, const struct rule_use *use,
		   size_t rules_n, const struct columns *columns,
		   const struct rows *used, const struct rows *train,
		   struct transform *transform, struct ledger *ledger,
		   struct job *job, struct err *err);

#endif
