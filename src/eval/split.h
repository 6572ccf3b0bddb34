/*
 * split.h - which rows train and which rows test
 *
 * split_options is what a user can say; split_init() makes of it a struct
 * split, in which every name is a column; split_plan_new() applies that to the
 * rows that cleaning has left; split_plan_fold() tells the rows of one fold.
 * Without folds= there is one fold, number 0.
 *
 * In every fold each of the rows given is in exactly one of train, test, gap
 * and later.  What scikit-learn 1.2.1 has, too, is the same here, rows and
 * their order, with random_state=seed:
 *
 *	                one split                  folds=k
 *	by chance       train_test_split           KFold(shuffle=True)
 *	shuffle=no      the same, shuffle=False    KFold
 *	stratify=yes    the same, stratify=y       StratifiedKFold
 *	group=          GroupShuffleSplit          GroupKFold
 *	both of these   -                          StratifiedGroupKFold
 *	time=           shuffle=False, by time     TimeSeriesSplit, by time
 *	time= group=    -                          -
 *
 * With time= no test row is as early as a training row.  Rows of one time are
 * not told apart: they stay together, in the test where the share says so of
 * one of them, so that the test can be larger than its share.  With group= no
 * group has rows on both sides.  With both of them, groups stand in the order
 * of their first rows, the last of them test, and what training groups have
 * from the first test time on is left out, as part of the gap.
 */
#ifndef GEMBA_SPLIT_H
#define GEMBA_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "base/option.h"
#include "data/rows.h"
#include "data/table.h"

extern const struct option split_options[];

/* A split as it was asked for.  The columns are borrowed from a table. */
struct split {
	double test;			/* the share that tests, if no folds */
	uint32_t seed;
	size_t folds;			/* 0: one split, by the share */
	bool shuffle;
	const struct column *stratify;	/* the target; NULL: do not */
	const struct column *time, *group;	/* NULL: by chance */
	size_t gap_rows;		/* at least so many rows, and so much */
	double gap_seconds;		/* time, lie between train and test */
};

/* Options that contradict each other; index is of the one to point at. */
bool split_check(const struct option_values *values, size_t *index,
		 struct err *err);

/* target is the number of a column, or -1: there is none yet. */
bool split_init(struct split *split, const struct option_values *values,
		const struct table *table, int target, struct err *err);

/* How many different values a column has in some rows, none of them missing; 0
 * and an error when that cannot be told. */
size_t split_values(const struct column *column, const struct rows *rows,
		    struct job *job, struct err *err);

/* Rows in the order of the method that is named above. */
struct fold {
	struct rows train, test;
	struct rows gap;	/* time=: too close before the test */
	struct rows later;	/* time= and folds=: behind the test */
};
void fold_clear(struct fold *fold);

/* The rows must outlive the plan, the columns too.  NULL on an error. */
struct split_plan;
struct split_plan *split_plan_new(const struct split *split,
				  const struct rows *rows, struct job *job,
				  struct err *err);
void split_plan_free(struct split_plan *plan);
size_t split_plan_folds(const struct split_plan *plan);
/* How many of the rows test in one of the folds. */
size_t split_plan_tested(const struct split_plan *plan);
bool split_plan_fold(const struct split_plan *plan, size_t number,
		     struct fold *fold, struct job *job, struct err *err);

/*
 * By chance alone, the plain case: of a permutation of all, the first
 * ceil(n * test) test and the others train, both in the order of the
 * permutation.  An error when either side would be empty.
 */
bool split_random(const struct rows *all, double test, uint32_t seed,
		  struct rows *train_rows, struct rows *test_rows,
		  struct err *err);

#endif
