/*
 * softmax.h - softmax regression inside: its state, and the walk over the rows
 *
 *	n rows, p features, q = p + 1, c classes that are present, size = c q;
 *	u is c by q, class after class, the intercept last in each
 */
#ifndef GEMBA_SOFTMAX_H
#define GEMBA_SOFTMAX_H

#include "learn/headway.h"
#include "learn/learners.h"
#include "learn/logistic.h"
#include "learn/scaled.h"
#include "learn/walk.h"

enum { SOFTMAX_PARTS = 32 };

/* What a walk over a part of the rows finds. */
struct softmax_part {
	double loss;
	size_t hits;
	double *sum;		/* owned: size; the gradient or a product */
	double *block;		/* owned: c by q by q, or c by q */
};

struct softmax {
	struct scaled scaled;
	struct learners learners;
	size_t n, p, q, c, size;
	bool two;		/* classes: told by one set of weights */
	double l2;
	size_t rows;		/* in a block */
	bool blocks;		/* the preconditioner has them */

	double *u;		/* owned, one block with the next seven */
	double *next, *gradient, *step, *r, *z, *d, *product;
	double *factor;		/* owned: the preconditioner, factorised */
	struct softmax_part part[SOFTMAX_PARTS];
	size_t parts;

	bool looked;		/* gradient and objective are those of u */
	double objective, decrement;
	struct headway way;
};

/* What a walk is for: the gradient at at, or the product of the Hessian at u
 * with at. */
struct softmax_errand {
	const double *u;
	const double *v;	/* NULL: the gradient */
	bool blocks;		/* and the preconditioner */
};

/* Run an errand; the sums come to stand in the first part. */
enum walk softmax_walk(struct softmax *s, const struct softmax_errand *e,
		       const struct job *job);

/* Numbers of the preconditioner; room for it and the sums in every part. */
size_t softmax_block_numbers(const struct softmax *s);
bool softmax_make_parts(struct softmax *s);

#endif
