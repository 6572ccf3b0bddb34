/*
 * near.h - the points that lie nearest to a place
 *
 * A k-d tree: points are parted in two at the middle of the widest side of
 * their box, again and again, and whole boxes are passed over that are farther
 * away than what was found already.  Friedman, Bentley and Finkel, ACM
 * Transactions on Mathematical Software 3 (1977).  With many columns that have
 * nothing to do with each other hardly a box can be passed over, and each point
 * is looked at.
 *
 *	n points, p columns, X is n by p, row after row
 */
#ifndef GEMBA_NEAR_H
#define GEMBA_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"

/* No coordinate is larger: so no square is too large. */
#define NEAR_MAX 1e150

struct neighbour {
	double squares;		/* of the distance */
	uint32_t point;		/* as numbered in X */
};

struct near;

/* x becomes its own, also when it fails; no coordinate is above NEAR_MAX.
 * NULL: no memory, or stopped. */
struct near *near_new(double *x, size_t n, size_t p, struct job *job,
		      struct err *err);
void near_free(struct near *near);

/*
 * The k points nearest to the p coordinates at, the nearest first; of equally
 * near ones that with the lower number.  to has room for k, which is at most n.
 * room is for p doubles.
 */
void near_find(const struct near *near, const double *at, size_t k,
	       double *room, struct neighbour *to);

#endif
