/*
 * minibatch.h - learning in small batches of rows, epoch by epoch
 *
 * The loop that sgd and mlp share.  The training rows are shuffled for each
 * epoch and gone over in batches; after each the weights make a step
 * (optimiser.h).  Who learns says how the loss of some rows changes with the
 * weights; the loop does all the rest: options, order, rows held out, stopping,
 * the weights that are kept, and what is told of it.
 *
 * One step of the method is one epoch.  Loss and score are those seen on the
 * way, before each change of the weights.
 *
 * It runs all its epochs, and has converged when the loss of the last differs
 * by less than 1e-3 of itself from that of the one before.  With stop=N it
 * ends, and has converged, when N epochs in a row have brought nothing, that
 * is, have not lowered the least loss by 1e-4 of itself: the loss on the share
 * held= of the training rows, which are not learned from then; the weights that
 * are kept are the best on these.  With held=0 it is the loss of training, and
 * the last are kept.
 */
#ifndef GEMBA_MINIBATCH_H
#define GEMBA_MINIBATCH_H

#include "learn/goal.h"
#include "learn/optimiser.h"

/* Some rows of a batch; x may be written to. */
struct batch {
	double *x;		/* n by p, as the design gives it */
	const struct truths *truths;
	size_t first;		/* truths from this one on */
	size_t n;
};

/* Who learns. */
struct learner {
	void *state;
	size_t size;		/* of w */
	double work;		/* multiplications for a row, about */
	double steep;		/* with l1: no less than the curvature of the
				 * mean loss */
	const char *worse;	/* what to say when nothing was learned, */
	const char *overflow;	/* and when numbers became too large */
	/* Add the slope of the loss of some rows at w to g, and what they cost
	 * to the tally; g NULL: only that. */
	void (*add)(void *state, const double *w, const struct batch *batch,
		    double *g, struct tally *tally);
};

struct minibatch {
	/* To read. */
	struct goal goal;
	size_t n;		/* rows that are learned from */
	double *kept;		/* size: what was learned in whole epochs */
	size_t epoch;		/* whole ones */
	size_t best;		/* with stop=: the epoch of kept; from 1 */
	const uint32_t *rows;	/* places of the n rows, then those held */
	size_t held;		/* how many those are */
	/* To set before the first step: a start, and penalties. */
	double *w;		/* size */
	struct optimiser optimiser;

	/* The rest is its own. */
	struct problem problem;		/* borrowed, all of it */
	struct learner learner;
	size_t batch, stop;
	struct rng *rng;
	uint32_t *order;	/* owned: as rows */
	double *x;		/* owned: block by p */
	double *g;		/* size */
	double *whole;		/* size: g of the epoch; with l1 */
	size_t block;		/* rows at a time */
	size_t unshuffled;	/* places that are still to be shuffled */
	size_t at;		/* rows gone over in this epoch */
	size_t filled;		/* those of them whose slope is in g */
	size_t looked;		/* of those held out */
	struct tally seen, judged;
	double mean, score, held_loss;
	double mark;		/* the loss that is to be lowered */
	double least;		/* the least on rows held out */
	size_t vain;		/* epochs since the mark was lowered */
	bool converged;
	const char *note;
};

/* All that is not for the learner to say: goal, and rows held out. */
bool minibatch_init(struct minibatch *m, const struct problem *problem,
		    const struct option_values *options, struct err *err);
/* Room for the weights, all 0. */
bool minibatch_learner(struct minibatch *m, const struct learner *learner,
		       bool l1, const struct option_values *options,
		       struct err *err);
void minibatch_clear(struct minibatch *m);

enum method_status minibatch_step(struct minibatch *m, struct job *job,
				  struct err *err);
/* All but what was learned. */
void minibatch_look(const struct minibatch *m, struct model *model);

#endif
