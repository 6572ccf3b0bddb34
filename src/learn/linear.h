/*
 * linear.h - linear regression inside: what its methods and files share
 *
 * linear, ridge, lasso and elastic-net are one method with other options: they
 * all begin with the rows reduced to a triangle R (triangle.h).
 *
 *	n rows, p features, q = p + 1, X is n by p, row after row;
 *	R is m by m, m = q + 1, column after column: the intercept's first, y's
 *	last; vectors of q have the intercept first, but for std_error
 *
 * Without an intercept its column is 0 but for a row that says that it is 0.
 */
#ifndef GEMBA_LINEAR_H
#define GEMBA_LINEAR_H

#include <lapacke.h>

#include "learn/method.h"
#include "learn/scaled.h"
#include "learn/triangle.h"

struct linear {
	struct scaled scaled;
	size_t n, p, q, m;
	bool intercept;
	double l1, l2;
	uint32_t *row;		/* n, in memory order */
	double *y;		/* n: of these rows, less the mean */
	double mean;		/* of y; 0 without an intercept */

	struct triangle of_rows;
	double *r;		/* its: m by m */
	lapack_int *pivot;	/* q: from 1: column k of R is pivot[k] */
	double *u;		/* q: what is looked for */

	bool done, converged;
	double mse, r2;		/* on the training rows */
	double df;
	double *std_error;	/* p, and the intercept's; or NULL */
	double raw_error;	/* the intercept's for columns of the file */
	const char *note;
};

/* METHOD_FAILED for want of memory. */
enum method_status linear_no_room(const struct linear *s, struct err *err);

/* From R to u: by its factors; by coordinate descent, for l1; and from the rows
 * themselves, where the features are more than these. */
enum method_status linear_exact(struct linear *s, struct err *err);
enum method_status linear_sparse(struct linear *s, struct job *job,
				 struct err *err);
enum method_status linear_wide(struct linear *s, struct job *job,
			       struct err *err);

#endif
