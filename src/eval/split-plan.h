/*
 * split-plan.h - what the kinds of split share: split.h is the front door
 *
 * A place is the number of a row among the rows that are split, from 0 to
 * n - 1: not its number in the file.
 */
#ifndef GEMBA_SPLIT_PLAN_H
#define GEMBA_SPLIT_PLAN_H

#include "base/rng.h"
#include "eval/split.h"

/* How many of n test: test= rounded up; an error when that is none or all. */
bool split_share(size_t n, const char *what, double test, size_t *tests,
		 struct err *err);

/* Shuffle as rng_shuffle() does; false when the job was cancelled. */
bool split_shuffle(struct rng *rng, uint32_t *a, size_t n, struct job *job,
		   struct err *err);

/*
 * The distinct values of a column in those rows, in sorted order, as numbers
 * from 0.  A missing one is an error; what names the option in it.
 */
struct labels {
	size_t labels;
	uint32_t *of;		/* owned: of each place */
	size_t *count;		/* owned: rows of each label */
};
bool labels_init(struct labels *labels, const struct column *column,
		 const struct rows *rows, const char *what, struct job *job,
		 struct err *err);
void labels_clear(struct labels *labels);
/* The text of the label of that place. */
void labels_name(const struct column *column, uint32_t row, char text[64]);

/* The places in ascending order of a number column, equal ones as they stand,
 * and their numbers; a missing one is an error. */
struct sorted {
	uint32_t *place;	/* owned */
	double *number;		/* owned */
};
bool sorted_init(struct sorted *sorted, const struct column *column,
		 const struct rows *rows, const char *what, struct job *job,
		 struct err *err);
void sorted_clear(struct sorted *sorted);

struct split_plan {
	struct split split;
	const struct rows *rows;	/* borrowed */
	size_t folds;

	/* One of these three is there: by chance, both sides mixed; */
	struct rows train, test;	/* owned */
	/* the fold that each place tests, both sides in the given order; */
	uint32_t *fold_of;		/* owned */
	/* or forward in time. */
	struct timeline {
		struct sorted by;	/* owned: places and their times */
		/* owned: of each of them, how many rows the groups have that
		 * begin before its group; the same number for all rows of a
		 * group. */
		uint32_t *before;
		size_t *start;		/* owned: folds + 1 of before; what
					 * fold f tests is in [f, f + 1) */
	} line;
};

/* The labels of the target, when these are classes for so many folds. */
bool classes_of(struct labels *labels, const struct split_plan *plan,
		struct job *job, struct err *err);

/* The kinds; each fills its part of a plan that has split, rows and folds. */
bool split_by_chance(struct split_plan *plan, struct job *job,
		     struct err *err);
bool split_by_class(struct split_plan *plan, struct job *job, struct err *err);
bool split_by_group(struct split_plan *plan, struct job *job, struct err *err);
/* A fold for each of the groups, by the classes in them. */
bool split_strata(const struct split_plan *plan, const struct labels *group,
		  uint32_t *fold_of, struct job *job, struct err *err);
bool split_by_time(struct split_plan *plan, struct job *job, struct err *err);
bool split_time_fold(const struct split_plan *plan, size_t number,
		     struct fold *fold, struct job *job, struct err *err);

#endif
