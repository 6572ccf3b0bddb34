/*
 * goal.h - what is to be told of training rows, and what a miss costs
 *
 * For methods that go down the slope of a loss, such as sgd and mlp.  They
 * come to one number z for each row, or one for each class; the goal says what
 * these cost, and how the cost changes with them:
 *
 *	two classes	log(1 + exp(-t z)),  t = -1 or 1
 *	more		log(sum_k exp(z_k)) - z_y
 *	a number	(z - t)^2 / 2,  t = (y - mean) / sd
 *
 * A number is measured in its own deviations from its mean on the rows that are
 * learned from, so that a rate that serves one target serves any.  Of more
 * than two classes those that no row has are left out; z has the others, in
 * their order.  The loss of a row is multiplied by the weight of its class.
 */
#ifndef GEMBA_GOAL_H
#define GEMBA_GOAL_H

#include "learn/method.h"

enum goal_kind { GOAL_TWO, GOAL_MANY, GOAL_NUMBER };

struct goal {
	enum goal_kind kind;
	size_t outputs;		/* how many z a row has */
	size_t classes;		/* of the problem, present or not */
	uint32_t *class_of;	/* owned, outputs: of MANY, the class of a z */
	uint32_t *z_of;		/* owned, classes: and the other way round */
	double mean, sd;	/* of a number; sd 1 where all are the same */
	double *same;		/* owned: outputs; the best z that is the same
				 * for all rows, */
	double base;		/* and its mean loss */
	const uint32_t *y;	/* borrowed, as in the problem */
	const double *number;
	const double *class_weight;
};

/* What is to be told of some rows: z that is right, or t. */
struct truths {
	uint32_t y[DESIGN_BLOCK];
	double t[DESIGN_BLOCK];
};

/* Sums over rows. */
struct tally {
	double loss;		/* weighted */
	double weight;		/* of all the rows */
	double hits;		/* rows told right; of classes */
	double rows;
};

/* place[0] ... place[n - 1] say which rows of the problem are learned from. */
void goal_init(struct goal *goal, const struct problem *problem,
	       const uint32_t *place, size_t n);
void goal_clear(struct goal *goal);

/* The truths of rows at places, n <= DESIGN_BLOCK of them. */
void goal_truths(const struct goal *goal, const uint32_t *place, size_t n,
		 struct truths *truths);
/* z, n by outputs, becomes the slope of the loss; truths from the first-th
 * on are theirs. */
void goal_slope(const struct goal *goal, const struct truths *truths,
		size_t first, size_t n, double *z, struct tally *tally);

void tally_add(struct tally *tally, const struct tally *more);
/* Accuracy, or R^2; NaN when it is not known. */
double goal_score(const struct goal *goal, const struct tally *tally);
/* The mean loss, in the unit of the slope. */
double tally_mean(const struct tally *tally);

#endif
