/*
 * headway.h - how far a solver of logistic regression has come
 *
 * What newton.c, softmax.c, logistic-sparse.c and logistic-wide.c have in
 * common: the options that end them, the rule that says they are there, the
 * words for why they are not, and what a model shows of it.
 */
#ifndef GEMBA_HEADWAY_H
#define GEMBA_HEADWAY_H

#include "learn/method.h"

struct headway {
	size_t iteration, limit;
	double tolerance;	/* of the weights: that of the objective is its
				 * square */
	double loss, accuracy;	/* on the training rows, the loss without the
				 * penalty and per row; NaN: not looked at */
	bool converged;
	const char *note;	/* a constant: why there is no standard error,
				 * or why it is stuck */
};

/* From tolerance= and iterations=. */
void headway_init(struct headway *h, const struct option_values *options);
void headway_look(const struct headway *h, struct model *model);

/*
 * There, as the next step lowers the objective by at most tolerance^2 of it;
 * or as rounding keeps what it lowers from falling.  Both are of one step:
 * gain, and that of the step before it.
 */
bool headway_there(const struct headway *h, double objective, double gain,
		   double before);

/*
 * Without a penalty: near the optimum each gain is about the square of the one
 * before it.  One that falls by no more than e, step after step, belongs to
 * weights that grow by one each time: some feature tells a class for certain.
 */
bool headway_endless(double objective, double gain, double before);

/* Why there are no standard errors. */
#define HEADWAY_SELECTED \
	"no standard errors for weights that a penalty selects"

/* Why weights have no end. */
#define HEADWAY_ENDLESS \
	"some weights grow without limit, as a feature tells a class for " \
	"certain: set l2="
#define HEADWAY_APART \
	"the classes are separated perfectly: the weights would grow without " \
	"limit: set l2="

/* Ends of a step: METHOD_DONE with a note about errors, or METHOD_STUCK. */
enum method_status headway_done(struct headway *h, const char *note);
enum method_status headway_stuck(struct headway *h, const char *why);
enum method_status headway_overflow(struct headway *h);
/* METHOD_MORE as long as there are iterations left. */
enum method_status headway_more(struct headway *h);

#endif
