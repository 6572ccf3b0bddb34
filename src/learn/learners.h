/*
 * learners.h - the training rows of a classification, as solvers walk them
 *
 * In memory order, for speed; of the classes of the problem only those that a
 * row has: a class that no training row has is never told.
 */
#ifndef GEMBA_LEARNERS_H
#define GEMBA_LEARNERS_H

#include "learn/method.h"
#include "learn/scaled.h"

struct learners {
	size_t n, c, classes;	/* rows; classes that are present; all */
	uint32_t *row, *y;	/* owned: n; y below c */
	uint32_t *class_of;	/* owned: c; which of all the classes it is */
	double *weight;		/* owned: c; of a row of each */
	double *rows;		/* owned: c; the weights of its rows together */
	double size;		/* all of them together */
};

bool learners_take(struct learners *l, const struct problem *problem,
		   struct err *err);
void learners_clear(struct learners *l);

/* The intercepts that are best without weights; from one to the next it is
 * stride.  single: two classes with one set, log odds. */
void learners_intercepts(const struct learners *l, double *u, size_t stride,
			 bool single);

/* Weights u, sets of p + 1 with the intercept last, into a model; there the
 * intercepts of many classes add up to 0. */
void learners_model(const struct learners *l, const struct scaled *scaled,
		    const double *u, bool single, struct model *model);

#endif
