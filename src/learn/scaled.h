/*
 * scaled.h - a design with columns of like size, and the way back from it
 *
 * Solvers of linear models look at features that are centred and have unit
 * deviation on the training rows, whatever the rules did, so that what they
 * solve is well conditioned also for columns of 1e6 give or take 1.  Their
 * weights u are
 *
 *	u_j = w_j sd_j / scale_j = w_j / ratio_j
 *
 * for weights w of the columns as the design gives them.  Penalties act on w:
 * l2/2 w^2 is l2/2 ratio^2 u^2, and l1 |w| is l1 ratio |u|.
 */
#ifndef GEMBA_SCALED_H
#define GEMBA_SCALED_H

#include "learn/design.h"

struct scaled {
	struct design design;	/* for design_block(); its features are owned */
	const struct design *of;	/* borrowed */
	double *ratio;		/* owned: p */
};

/* Not centred is for models without an intercept. */
void scaled_init(struct scaled *s, const struct design *of, bool centred);
void scaled_clear(struct scaled *s);

/* A block of n rows, n by p + 1, with ones in the end for the intercept; spare
 * is room for n by p. */
void scaled_block(const struct scaled *s, const uint32_t *row, size_t n,
		  double *x, double *spare);

/* What u_j = 1 adds to the intercept of w, by the centre of its feature. */
double scaled_offset(const struct scaled *s, size_t j);
/* The same to the intercept for columns as they stand in the file. */
double scaled_zero(const struct scaled *s, size_t j);

/* p weights w from u; returns the intercept, free being that of u. */
double scaled_weights(const struct scaled *s, const double *u, double free,
		      double *w);

#endif
