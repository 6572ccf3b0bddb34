/*
 * near.h - the points that lie nearest to a place
 *
 * A k-d tree: points are parted in two at the middle of the widest side of
 * their box, again and again, and whole boxes are passed over that are farther
 * away than what was found already.  Friedman, Bentley and Finkel, ACM
 * Transactions on Mathematical Software 3 (1977).  With many columns hardly a
 * box can be passed over; then there is none, and products of matrices say
 * which points may be near:
 *
 *	|a - b|^2 = |a|^2 - 2 a b + |b|^2
 *
 * which is off by a little, and so it is measured anew for those that are left.
 * Both ways find the same, to the last bit.
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

/* Places that are looked for together, at most; and doubles of room that this
 * takes. */
enum { NEAR_PLACES = 16 };
size_t near_room(const struct near *near);

/* How many places take some milliseconds, about; 1 at least. */
size_t near_places(const struct near *near);

/*
 * For each of so many places, p coordinates at each, the k points nearest to
 * it, the nearest first; of equally near ones that with the lower number.  to
 * has room for k of each; k is at most n.
 */
void near_find(const struct near *near, const double *at, size_t places,
	       size_t k, double *room, struct neighbour *to);

#endif
