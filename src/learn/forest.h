/*
 * forest.h - bagged trees: growing them, and what they tell together
 *
 * Breiman, "Random forests", Machine Learning 45 (2001).  Each tree learns
 * from rows drawn with replacement, and each of its nodes looks at columns
 * drawn by chance; what is told is the mean of what the trees tell.  The rows
 * that a tree did not draw are out of its bag: told by such trees alone they
 * score the forest without a test row.
 *
 * Tree i draws by the seed and i; so the forest is the same however many trees
 * grow at once.  Only forest.c and forest-grow.c use this.
 */
#ifndef GEMBA_FOREST_H
#define GEMBA_FOREST_H

#include "learn/method.h"
#include "learn/tree-rows.h"
#include "learn/wood.h"

/* Told by trees that did not draw the row. */
struct out_of_bag {
	double *told;		/* owned: outputs for each row, the sums;
				 * NULL: no memory for it */
	uint32_t *trees;	/* owned: how many told it */
	size_t rows;		/* told by any */
	double loss, score;	/* log loss and accuracy, or mean square and
				 * R^2; NaN: of no row */
};

/* What models share: it lives as long as one of them. */
struct forest {
	size_t owners;
	struct bins bins;
	size_t classes, outputs;
	size_t trees;
	struct wood **tree;	/* owned: trees of them */
	double *gain;		/* owned: sums of the trees' importances */
	struct out_of_bag out;
};

/* A tree that has been grown and is not in the forest yet. */
struct sapling {
	struct wood *tree;	/* owned; NULL: it failed */
	double *gain;		/* owned: its importances */
	uint64_t *drawn;	/* owned: a bit for each row */
	struct err err;
};

struct forester {
	const struct problem *problem;
	struct tree_rows rows;
	struct codes codes;
	bool ready;		/* bins and codes are */
	struct tree_options options;
	size_t wanted;		/* trees */
	size_t draws;		/* rows for each */
	double spread;		/* of a number: its mean square around the
				 * mean */
	struct forest *forest;
	struct sapling *sapling;	/* owned: batch of them */
	size_t batch, used;	/* used of them are in the forest */
	bool alone;		/* no memory for two trees at once */
};

/* Columns cut into bins, and room for what is out of the bag. */
bool forest_prepare(struct forester *f, struct job *job, struct err *err);
/* One tree more in the forest.  False: failed, or job_stopped(). */
bool forest_grow(struct forester *f, struct job *job, struct err *err);
/* All but the forest. */
void forester_free(struct forester *f);

#endif
