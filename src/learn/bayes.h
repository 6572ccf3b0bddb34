/*
 * bayes.h - naive Bayes: each feature speaks for itself
 *
 * Of a row the model knows log P(class) + sum_j log P(x_j | class), as if the
 * features had nothing to do with each other.  A number is normal in each
 * class; a category has a share for each of its levels.  What a cell says is
 * left out where it is missing, where its level was in no training row, and
 * where the column is the same in all of them.
 *
 *	n rows, p features, K classes
 *
 * Only bayes.c, bayes-learn.c and bayes-print.c use this.
 */
#ifndef GEMBA_BAYES_H
#define GEMBA_BAYES_H

#include "learn/method.h"

struct bayes_feature {
	char *name;		/* owned */
	bool learned;		/* its column has been looked at */
	bool told;		/* and says something */
	/*
	 * A number, in units of its own range: u = (x - centre) / half.  The
	 * logarithm of its density in class k, less what all classes share, is
	 * height[k] - (u - mean[k])^2 * slope[k].
	 */
	double centre, half;
	double *mean, *height, *slope;	/* owned: K of each */
	/* A category: the logarithm of the share that level l has in class k
	 * at l * K + k; levels of no training row are not seen. */
	size_t levels;
	bool *seen;		/* owned: levels */
	double *share;		/* owned: levels * K; NULL: a number */
	char **level;		/* owned: names */
	/* Of a number: affine steps of the rules, taken back for people. */
	double shift, scale;
	double weight;		/* mean size of what it says */
};

/* What models share: it lives as long as one of them. */
struct bayes {
	size_t owners;
	size_t p, classes;
	double *prior;		/* owned: logarithms */
	struct bayes_feature *feature;	/* owned: p */
};

/* So small is the logarithm of the share of a class that no row has. */
#define BAYES_NEVER (-700.0)

struct bayes_learner {
	const struct problem *problem;
	double smooth, floor;
	struct bayes *bayes;
	size_t done;		/* features */
	double loss, score;	/* on the training rows; NaN: not yet known */
	bool measured;
};

/* Some more features.  False: stopped; then they are to be learned again. */
bool bayes_learn(struct bayes_learner *l, struct job *job);

/* What feature j says of each of n <= DESIGN_BLOCK rows: log P(x | class), n by
 * K, less what all classes share. */
void bayes_say(const struct bayes *b, const struct design *design, size_t j,
	       const uint32_t *row, size_t n, double *say);

void bayes_draw(const struct model *model, char *const *class_name, FILE *out);
json_t *bayes_json(const struct model *model, char *const *class_name);

#endif
