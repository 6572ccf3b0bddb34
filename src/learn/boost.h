/*
 * boost.h - boosted trees: what training leaves, and what models share
 *
 * Chen and Guestrin, "XGBoost: a scalable tree boosting system" (KDD 2016).
 * Each round grows a tree (of more than two classes one for each) that lowers
 *
 *	sum_i w_i loss(y_i, score_i + f(x_i)) + gamma leaves
 *	    + l2/2 sum_leaves value^2 + l1 sum_leaves |value|
 *
 * to the second order in f, and adds rate times it to the scores: log odds of
 * the second of two classes, one for each of more, or a number.  XGBoost's
 * library does it, by histograms.
 *
 * It begins with the log odds in the training rows (0 for each of many
 * classes), or with the mean of a number.  That mean is taken away in 64 bits
 * before XGBoost sees a number in 32; and where the standard deviation is
 * below 2^-10 or above 2^20, it is divided by a power of two, as XGBoost splits
 * no node to gain less than 1e-6.  l1 and gamma are divided alike, so that they
 * mean the same.
 *
 * A round cannot be interrupted: who cancels waits until it ends.
 */
#ifndef GEMBA_BOOST_H
#define GEMBA_BOOST_H

#include "learn/boost-library.h"
#include "learn/boost-rows.h"
#include "learn/boost-trees.h"
#include "learn/model.h"

struct boost {
	size_t owners;
	size_t classes;		/* 0: numbers */
	struct boost_columns columns;
	struct boost_trees trees;
	size_t rounds;		/* that were grown */
	size_t taken;		/* of them, whose trees are here */
	size_t told;		/* with so many of those rows are told */
	float start;		/* score before the first round */
	double center, scale;	/* of a number: center + scale * score */
	double *gain;		/* owned: of each column, in the rounds told */
	size_t gains;		/* rounds in it */
	/* Early stopping: so many rows were held out; 0: none. */
	size_t held;
	double loss, score, held_loss;	/* of the rounds told */
	/* For explaining; owned: the trees as XGBoost has them, and, once it
	 * was asked, its booster. */
	const struct boost_library *library;
	char *saved;
	size_t saved_size;
	void *booster;
};

/* The kinds of model: of classes, and of numbers. */
extern const struct model_kind model_boost, model_boost_number;

/* The share that each column has in what the rounds told have gained. */
void boost_importance(struct boost *boost, double *importance);
/* One owner less. */
void boost_release(void *state);

#endif
