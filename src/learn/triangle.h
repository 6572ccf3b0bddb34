/*
 * triangle.h - rows of numbers reduced to a triangle by reflections
 *
 *	[1 X y] = Q R,  Q' Q = 1,  R upper triangular, m by m, m = p + 2
 *
 * All that least squares asks of the rows is in R, to the accuracy of the rows
 * themselves: X' X, which squares the condition number, is never formed.  R
 * takes m^2 numbers however many rows there are.  They are reduced block under
 * block, and parts of them on several cores; the parts are put together in
 * their order, so that any number of threads gives the same bytes.
 *
 * Golub and Van Loan, Matrix Computations, 4th ed., sections 5.2 and 5.3;
 * blocks and parts: Demmel et al., SIAM J. Sci. Comput. 34 (2012), "TSQR".
 */
#ifndef GEMBA_TRIANGLE_H
#define GEMBA_TRIANGLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/job.h"
#include "learn/design.h"

enum { TRIANGLE_PARTS = 64 };

struct triangle {
	size_t p, m;
	double *r;			/* owned: m by m, column after column:
					 * the ones' first, y's last */
	double *part[TRIANGLE_PARTS];	/* owned: m by m each */
	size_t parts;			/* that there is room for */
	size_t block;			/* rows */
};

/* What is reduced; all borrowed. */
struct triangle_rows {
	const struct design *design;	/* p features */
	size_t n;
	const uint32_t *row;		/* in memory order, for speed */
	const double *y;		/* of these rows */
	double ones;			/* 1; 0: no intercept */
};

enum triangle_end { TRIANGLE_DONE, TRIANGLE_STOPPED, TRIANGLE_NO_ROOM };

/* An R of zeros, the triangle of no rows.  False when there is no memory. */
bool triangle_init(struct triangle *t, size_t p);
void triangle_clear(struct triangle *t);

/* Make R anew of these rows.  When told to stop, R is of no use. */
enum triangle_end triangle_reduce(struct triangle *t,
				  const struct triangle_rows *rows,
				  struct job *job);

/* Put some more rows under it: n by m, column after column; they are used up.
 * False when there is no memory. */
bool triangle_add(struct triangle *t, double *rows, size_t n);

#endif
