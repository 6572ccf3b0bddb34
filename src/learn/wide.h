/*
 * wide.h - coordinate descent where a Hessian would be too large
 *
 * With more features than rows, or thousands of them, it is the rows that are
 * held in memory, feature after feature, and what is left of every row is
 * mended with each weight that changes ("naive updates"): Friedman, Hastie and
 * Tibshirani, J. Statistical Software 33 (2010).
 *
 *	minimise over d:  sum_ik e_ik t_ik + 1/2 sum_i t_i' W_i t_i
 *	    + sum_kj square_j/2 (u + d)_kj^2 + l1_j |(u + d)_kj|,  t = X d'
 *
 * W_i is 1 of squares; of classes c_i (diag(P_i) - P_i P_i').
 *
 *	n rows, p features, q = p + 1, the last is 1 in each row; c sets
 */
#ifndef GEMBA_WIDE_H
#define GEMBA_WIDE_H

#include "base/job.h"
#include "learn/scaled.h"

struct wide {
	size_t n, p, q, c;
	bool filled;
	double *x;		/* owned, and of one block with the rest: q
				 * features of n rows */
	double *square, *l1;	/* q: the penalties */
	double *u, *next;	/* c by q */
	double *h;		/* c by q: the diagonal of the Hessian */
	double *e, *left;	/* c by n: what is left at u, and at next */
	double *chance;		/* c by n: P */
	double *weight;		/* n: c_i */
	bool classes;		/* W is that of classes */
};

/* The most numbers that are held. */
enum { WIDE_NUMBERS = 1 << 26 };

/* Room for all, with the penalties of a scaled design in place.  False when
 * there is not enough, or the rows have more numbers than are held. */
bool wide_init(struct wide *s, const struct scaled *scaled, size_t n, size_t c,
	       double l1, double l2);
void wide_clear(struct wide *s);

/* Fill x; ones is 1 or, without an intercept, 0.  False: told to stop. */
bool wide_fill(struct wide *s, const struct scaled *scaled,
	       const uint32_t *row, double ones, const struct job *job);

/* z, c by n, is what weights u tell. */
void wide_scores(const struct wide *s, const double *u, double *z);
double wide_penalty(const struct wide *s, const double *u);

/* As descent_solve(), from u, e, chance and weight to next. */
bool wide_solve(struct wide *s, double accuracy, double *lower,
		const struct job *job);

#endif
