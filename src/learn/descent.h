/*
 * descent.h - coordinate descent: weights of which many are exactly 0
 *
 *	minimise over d:  g . d + 1/2 d' H d + sum_i k_i |u_i + d_i|
 *
 * H, n by n, is positive semidefinite and whole; k_i is 0 for what has no such
 * penalty.  Squares of the weights, where they count too, are in g and H.
 * Methods look at their rows at u, take g and H of the objective there, and
 * have it solved here; as in newGLMNET: Yuan, Ho and Lin, JMLR 13 (2012).
 */
#ifndef GEMBA_DESCENT_H
#define GEMBA_DESCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/job.h"

/* Owned by who calls, but for the last four. */
struct descent {
	size_t n;
	const double *h, *g, *k;
	const double *u;	/* where it starts from */
	double *next;		/* n, owned: u + d */
	double *rest;		/* n, owned: g + H d */
	double *corner, *step;	/* n by n and n, owned */
	size_t *active;		/* n, owned */
};

/* False when there is no memory. */
bool descent_init(struct descent *s, size_t n);
void descent_clear(struct descent *s);

/* How far u is from the optimum: the g, with what k leaves of it, of largest
 * size in units of the root of H's diagonal. */
double descent_violation(const struct descent *s);

/*
 * Find next, within accuracy of the root of the objective; *lower is how much
 * lower g, H and k promise it to be.  False when told to stop.
 */
bool descent_solve(struct descent *s, double accuracy, double *lower,
		   const struct job *job);

/* |x| less k towards 0. */
double descent_shrink(double x, double k);

#endif
