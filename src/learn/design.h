/*
 * design.h - from columns to the numbers that a method sees
 *
 * A design says which p numbers stand for a row: a number column is one
 * feature, and so is a time column, in seconds since its first training row,
 * unless a transform says otherwise; a category column becomes one feature of
 * 0 and 1 for each level but the reference, the most frequent one on the
 * training rows (the first of those that are equally frequent).  A level that
 * no training row has becomes no feature, as nothing could be learned about
 * it: a test row that has it is all zeros, like the reference.  A design holds
 * no data: methods fill row-major blocks from it, transforms folded in.
 *
 *	n rows, p features, X is n by p, row after row
 */
#ifndef GEMBA_DESIGN_H
#define GEMBA_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/rows.h"
#include "data/table.h"
#include "data/transform.h"
#include "data/treatment.h"

struct feature {
	char *name;		/* owned: "torque", "line=M" */
	size_t column;
	uint32_t level;		/* of a category; LEVEL_MISSING: a number */
	bool indicator;		/* 1 where a cell of the column was missing */
	struct transform transform;	/* { 0, 1 } for a level */
	/*
	 * The same from the unit of the column in the file: with the affine
	 * steps before clipping and filling.  Where there is a logarithm, from
	 * the unit of that.
	 */
	struct transform whole;
	const struct treatment *treatment;	/* borrowed, or NULL */
	size_t inner;		/* steps before the transform */
	/* On the training rows, before the transform: */
	double mean, sd;	/* sd over n, as StandardScaler has it; exactly
				 * 0 when all the values are the same */
};

struct design {
	const struct table *table;	/* borrowed */
	bool whole;		/* see design_whole() */
	const struct treatment *treatment;	/* of a whole one; borrowed */
	size_t p;
	struct feature *feature;	/* owned */
	char **reference;	/* owned; for each feature of a category the
				 * level it is measured against, else NULL */
};

/* The rows that a block has at most, and so the unit of work and of asking
 * job_cancelled(). */
enum { DESIGN_BLOCK = 1024 };

/*
 * A design of the given columns (numbers of the table's columns); treatment[c]
 * belongs to column c of the table, and must outlive the design; NULL: nothing
 * is done to any.  train are the rows that it learns the reference levels,
 * means and deviations from; test may be NULL.  Cells in either that are still
 * missing after the treatment are an error that names the columns, how many
 * cells, and the rule that would mend it; so is a text column.  NULL on
 * failure.
 */
struct design *design_new(const struct table *table, const size_t *column,
			  size_t columns, const struct treatment *treatment,
			  const struct rows *train, const struct rows *test,
			  struct err *err);
void design_free(struct design *design);

/*
 * For methods that read cells themselves: a feature is a whole column, also a
 * category with all its levels, and cells may be missing; an indicator is one
 * more.  treatment[c] belongs
 * to column c of the table and must outlive the design; NULL: nothing is done
 * to any.  design_block() is not for it, and means are not measured.
 */
struct design *design_whole(const struct table *table, const size_t *column,
			    size_t columns, const struct treatment *treatment,
			    struct err *err);

/* A design without any feature. */
struct design *design_none(const struct table *table);

/* Fill x, n by p, with rows row[0] ... row[n - 1]; n <= DESIGN_BLOCK. */
void design_block(const struct design *design, const uint32_t *row, size_t n,
		  double *x);

#endif
