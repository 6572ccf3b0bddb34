/*
 * clean.h - the rules in use, what they do, and the row ledger
 */
#ifndef GEMBA_CLEAN_H
#define GEMBA_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clean/memory.h"
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
enum { CLASSES_COUNTED = 8, CLASS_NONE = UINT8_MAX, CLASS_NAME = 64 };
struct classes {
	size_t n;		/* 0: the target has none, or too many */
	char target[CLASS_NAME];	/* its name */
	const uint8_t *of;	/* borrowed */
	char name[CLASSES_COUNTED][CLASS_NAME];
};

/*
 * What a rule does, or would do if it were switched on now: rows of which a
 * cell changes, or that go.  Of a rule that changes every cell of its columns,
 * as standardize does, columns alone are counted.
 */
struct effect {
	bool known;		/* it has been counted */
	bool old;		/* not yet: this is what was counted before */
	size_t rows, cells, columns;
	size_t class[CLASSES_COUNTED];	/* of the rows, by class */
	size_t contrary;	/* of the rows that go as they repeat another:
				 * so many are of another class than the one
				 * that stays */
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
	char target[CLASS_NAME];
	char class_name[CLASSES_COUNTED][CLASS_NAME];
	size_t class_rows[CLASSES_COUNTED];	/* read */
	size_t train, test, gap;	/* used = train + test + gap; 0 before
					 * the split, and with folds= */
	/* With folds=: each of the rows either tests in one fold, or in none,
	 * as the first of time=.  What column rules take out of the rows that
	 * train tests all the same. */
	size_t folds, tested, untested;
	/* With time=: the last time that trains (NaN with folds) and the first
	 * that tests, in that column. */
	bool timed;
	double train_to, test_from;
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
 * What the row and column rules work on; all borrowed.  With costs, what the
 * rules that are off would do is counted as well.
 */
struct cleaning {
	const struct table *table;
	const struct rule_use *use;
	size_t rules;
	const struct columns *features;
	const struct classes *classes;	/* or NULL */
	bool costs;
	struct memory *memory;
};

/* Apply the row rules, in order, to all rows of the table.  kept is in the
 * file's order. */
bool clean_rows(const struct cleaning *in, struct rows *kept,
		struct ledger *ledger, struct job *job, struct err *err);

/*
 * What a column rule that is on has learned of a column, to be read.  Numbers
 * have a name each ("fill", "low"); levels are names of levels.
 */
struct learned {
	char rule[RULE_NAME];
	char *column;			/* owned */
	size_t numbers;
	struct {
		const char *name;	/* a constant */
		double value;
	} number[4];
	char *text;		/* owned: "previous", "no feature", or NULL */
	char **level;			/* owned: those that were rare */
	size_t levels;
};

struct lessons {
	size_t n;
	struct learned *of;		/* owned */
};
void lessons_clear(struct lessons *lessons);
/* Add what a rule made of a treatment; before is the treatment without it. */
void lessons_add(struct lessons *lessons, const char *rule,
		 const struct column *column, const struct treatment *before,
		 const struct treatment *after);

/*
 * Apply the column rules to the features: treatment[c] for every column c of
 * the table, which borrows from in->memory and is not to be cleared.  used are
 * all rows that are left, train those of them that train: rules that drop take
 * theirs out of train, which stays in its order.  lessons may be NULL; the
 * caller clears it, and it is empty on failure.
 */
bool clean_columns(const struct cleaning *in, const struct rows *used,
		   struct rows *train, struct treatment *treatment,
		   struct lessons *lessons, struct ledger *ledger,
		   struct job *job, struct err *err);

/* For rules that count: of[i] says whether rows->row[i] is concerned. */
void effect_count(struct effect *effect, const struct classes *classes,
		  const struct rows *rows, const bool *of);

/* Of rows of which gone[i] says that they go: how many are of another class
 * than the first one with the same mark, which stays; mark by row of the table.
 * False without memory. */
bool effect_contrary(struct effect *effect, const struct classes *classes,
		     const uint32_t *mark, const struct rows *rows,
		     const bool *gone, struct err *err);

/*
 * True when the rule takes, or changes, the rows of one class more often than
 * those of the others: twice as often at least, and by more than chance (z of
 * two shares above 3).  Then text says so: "takes 18 % of failure=yes, 2 % of
 * the others".  True, too, when rows go that contradict the one that stays.
 */
enum { UNEVEN_TEXT = 256 };
bool effect_uneven(const struct ledger *ledger, size_t rule,
		   char text[UNEVEN_TEXT]);

#endif
