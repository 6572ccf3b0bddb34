/*
 * newton.h - Newton's method inside: its state, and the walk over the rows
 *
 *	n rows, p features, q = p + 1, X is n by p, row after row;
 *	vectors of q have the intercept last; matrices are q by q, and only
 *	their upper triangle counts
 */
#ifndef GEMBA_NEWTON_H
#define GEMBA_NEWTON_H

#include "learn/headway.h"
#include "learn/logistic.h"
#include "learn/scaled.h"
#include "learn/walk.h"

enum { NEWTON_PARTS = 64 };

/* The few rows are every sixteenth. */
enum { APPROACH_SHARE = 16 };

/* The rows in use, in memory order. */
struct sample {
	size_t n;
	uint32_t *row, *y;	/* owned: n each */
	double share;		/* of all the rows: scales the penalty */
	double size, positives;	/* the weights of the rows added up */
};

/* What one walk over the rows finds at some weights. */
struct sums {
	double loss;
	size_t hits;
	double *gradient;	/* q */
	double *hessian;	/* q by q; owned, the block of both */
};

struct newton {
	struct scaled scaled;
	size_t p, q, block;
	double l2;
	double weight[2];	/* of a row of each class */
	bool weighted;		/* they are not all 1 */
	struct sample all, few;
	const struct sample *now;	/* few, then all */

	double *start;		/* q: no weights, log odds as the intercept */
	double *u;		/* q: the best so far */
	double *next;		/* q: to be tried */
	double *step;		/* q: from u, by Newton */
	double *unit;		/* q: what scales the Hessian's diagonal to 1 */
	double *factor;		/* q by q: Cholesky's, of the scaled Hessian */
	const double *from;	/* u or start: steps are halved towards it */
	double objective;	/* at from */
	double decrement;	/* at u; infinite: not known yet */
	struct sums sums;	/* at what was walked over last */
	struct sums part[NEWTON_PARTS];
	size_t parts;		/* that there is room for */

	struct headway way;	/* its loss and accuracy are at u */
	double *std_error;	/* q, or NULL */
	double raw_error;	/* with it: the intercept's for columns of the
				 * file */
};

/* Walk over the rows in use with the weights u; s->sums are made anew. */
enum walk newton_walk(struct newton *s, const double *u,
		      const struct job *job);

/* Both samples of the rows; room for the sums.  False: no memory. */
bool newton_take_rows(struct newton *s, const struct problem *problem,
		      struct err *err);
bool newton_make_sums(struct newton *s);

#endif
