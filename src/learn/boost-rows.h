/*
 * boost-rows.h - rows of a whole design as XGBoost takes them: 32-bit numbers
 *
 * A missing cell is NaN; a level of a category is a number from 0 on, and one
 * that no training row has is as if missing.  Numbers that differ by little
 * beside their size, such as times, are told from the smallest on that a
 * training row has, as 32 bits could not tell them apart.
 *
 *	n rows, p features, x is n by p, row after row
 */
#ifndef GEMBA_BOOST_ROWS_H
#define GEMBA_BOOST_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "learn/boost-library.h"
#include "learn/design.h"

struct boost_column {
	size_t column;		/* of the table */
	const struct treatment *treatment;	/* borrowed, or NULL */
	bool indicator;		/* not the cells: whether they were missing */
	bool category;
	double start;		/* what is taken away from a number */
	size_t levels;		/* of a category that a training row has */
	size_t known;		/* how many levels number_of[] has */
	float *number_of;	/* owned: of each level; NaN: of no row */
};

struct boost_columns {
	const struct table *table;	/* borrowed */
	size_t p;
	struct boost_column *column;	/* owned: p */
};

/* As n training rows have them. */
void boost_columns_init(struct boost_columns *columns,
			const struct design *design, const uint32_t *row,
			size_t n);
void boost_columns_clear(struct boost_columns *columns);

/* Fill x with rows row[0] ... row[n - 1]; n <= DESIGN_BLOCK. */
void boost_read(const struct boost_columns *columns, const uint32_t *row,
		size_t n, float *x);
/* The same from the table and the treatments of this design, which may be
 * others: see what-if.h. */
void boost_read_of(const struct boost_columns *columns,
		   const struct design *design, const uint32_t *row, size_t n,
		   float *x);
/* boost_read() of any number of rows, over the cores. */
void boost_read_all(const struct boost_columns *columns, const uint32_t *row,
		    size_t n, float *x);

/*
 * The training rows as XGBoost keeps them: cut into bins.  They are handed over
 * in parts, so there is no second copy of the table.  label and weight, of each
 * row, are of the matrix; weight may be NULL.  It is XGBoost's, to be freed by
 * library->MatrixFree().  False: failed, or job_stopped().
 */
struct boost_target {
	const float *label, *weight;
};
bool boost_matrix(const struct boost_library *library,
		  const struct boost_columns *columns, const uint32_t *row,
		  size_t n, const struct boost_target *target, int bins,
		  int threads, void **matrix, struct job *job,
		  struct err *err);

/* Tell XGBoost which columns of a matrix are categories. */
bool boost_name_types(const struct boost_library *library,
		      const struct boost_columns *columns, void *matrix);

#endif
