/*
 * clean.h - the rules in use, what they do, and the row ledger
 */
#ifndef GEMBA_CLEAN_H
#define GEMBA_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clean/rule.h"

enum { RULES_MAX = 32 };

/* A rule as the user set it.  A rule may be in use more than once: "impute"
 * and "impute.2" differ in their columns. */
struct rule_use {
	const struct rule *rule;
	unsigned number;	/* 1, 2 ... */
	bool on;
	bool written;		/* the user spoke of it; else only offered */
	struct option_values options;
};

/* "impute", "impute.2" */
enum { RULE_NAME = 40 };
char *rule_use_name(const struct rule_use *use, char text[RULE_NAME]);

/* The classes of the target, to count by: of[] has one for each row of the
 * table, CLASS_NONE where there is none. */
enum { CLASSES_COUNTED = 8, CLASS_NONE = UINT8_MAX, CLASS_NAME = 32 };
struct classes {
	size_t n;		/* 0: the target has none, or too many */
	const uint8_t *of;	/* borrowed */
	char name[CLASSES_COUNTED][CLASS_NAME];
};

/*
 * What a rule does, or would do if it were switched on now: rows of which a
 * cell changes, or that go.
 */
struct effect {
	bool known;		/* it has been counted */
	size_t rows, cells, columns;
	size_t class[CLASSES_COUNTED];	/* of the rows, by class */
};

/*
 * The account of every row: read = used + the rows that each rule took, and
 * used = train + test + the rows that a gap of the split took.
 */
struct ledger {
	size_t read, used;
	size_t rules;
	struct {
		const struct rule *rule;
		unsigned number;
		enum rule_kind kind;
		bool on;
		bool drops;	/* it takes rows: they are in the account */
		struct effect effect;
	} of[RULES_MAX];
	size_t classes;
	char class_name[CLASSES_COUNTED][CLASS_NAME];
	size_t class_rows[CLASSES_COUNTED];	/* read */
	size_t train, test, gap;	/* used = train + test + gap; 0 before
					 * the split, and with folds= */
};

/*
 * Apply the cell rules to a table that nobody else sees yet; the effects go to
 * effect[0 ... rules_n - 1].  With costs, count what the rules that are off
 * would change as well.
 */
bool clean_cells(struct table *table, const struct rule_use *use,
		 size_t rules_n, bool costs, struct effect *effect,
		 struct job *job, struct err *err);

/*
 * Apply the row rules, in order, to all rows of the table.  With costs, count
 * what the rules that are off would take as well.  kept is in the file's order.
 */
bool clean_rows(const struct table *table, const struct rule_use *use,
		size_t rules_n, bool costs, const struct classes *classes,
		struct rows *kept, struct ledger *ledger, struct job *job,
		struct err *err);

/*
 * Apply the column rules to the given columns: treatment[c] for every column c
 * of the table, which the caller clears.  used are all rows that are left,
 * train those of them that train: rules that drop take theirs out of train
 * (and, with fit=all, are row rules).  With costs, count what the rules that
 * are off would change.
 */
bool clean_columns(const struct table *table, const struct rule_use *use,
		   size_t rules_n, const struct columns *columns, bool costs,
		   const struct classes *classes, const struct rows *used,
		   struct rows *train, struct treatment *treatment,
		   struct ledger *ledger, struct job *job, struct err *err);

#endif
