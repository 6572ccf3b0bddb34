/*
 * relate.h - how one column goes with others, and with the target
 *
 * For the sheet of a column: "alone auc 0.73", "with speed r -0.88", and the
 * share of failures as bars.  A row counts where both have a value: a missing
 * or odd cell is none.  What cannot be told is NaN.
 */
#ifndef GEMBA_RELATE_H
#define GEMBA_RELATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/table.h"

/*
 * Pearson's r of a number column with every other one, into r[j] and, unless n
 * is NULL, the rows that have both into n[j], for each column j of the table.
 * NaN (and 0) for the column itself, for those that are not numbers, and where
 * fewer than two rows or only one value are left of either.  Two passes, sums
 * in blocks: as good as numpy's to 1e-12.  Columns are spread over the cores;
 * any number of threads gives the same bytes.
 */
bool relate_columns(const struct table *table, size_t column, double *r,
		    size_t *n, struct job *job, struct err *err);

/* What is to be predicted, for each row of the table: one of the two. */
struct relate_target {
	const int8_t *positive;	/* 1 or 0; RELATE_UNKNOWN: no target there */
	const double *number;	/* NaN: no target there */
};
enum { RELATE_UNKNOWN = -1 };

/* A column and the target. */
struct relation {
	size_t n;		/* rows that have both */
	size_t positives;	/* of them; 0 with a number target */
	/*
	 * Two classes: how well the column alone ranks them, ties half; below
	 * 0.5 when small values go with the positive class.  Levels of a
	 * category are ranked by their share of positives in these same rows,
	 * which flatters them: NaN with fewer than RELATE_LEVEL_ROWS rows a
	 * level, and for a text.
	 */
	double auc;
	double r;		/* numbers, both: Pearson's */
	/*
	 * By bins, those of summary.h, or by levels: how many of the n rows
	 * are there, and their share of positives or the mean of their target;
	 * NaN where there are none.
	 */
	size_t bins;		/* SUMMARY_BINS, or levels; 0 with no values */
	double min, max;	/* NUMBER: over all rows */
	size_t *count;		/* owned */
	double *mean;		/* owned */
};
enum { RELATE_LEVEL_ROWS = 10 };

bool relate_target(const struct table *table, size_t column,
		   const struct relate_target *target,
		   struct relation *relation, struct job *job,
		   struct err *err);
void relation_clear(struct relation *relation);

#endif
