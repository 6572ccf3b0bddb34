/*
 * ensemble.h - several models that tell together
 *
 * What vote and stack find: the models of their members, each with the design
 * it reads through, and how what they tell becomes one answer.  A vote is the
 * mean, each member with its weight.  A stack has a last model, a linear one,
 * whose features are what the members tell: of two classes the probability of
 * the positive one, of a number the number, and of more than two classes the
 * probability of each, member after member.
 */
#ifndef GEMBA_ENSEMBLE_H
#define GEMBA_ENSEMBLE_H

#include "learn/members.h"

struct part {
	char *text;		/* owned: "forest trees=50" */
	struct design *design;	/* owned */
	struct model model;	/* owned; of that design */
	double weight;		/* of a vote: more than 0 */
	/* On the training rows; of a stack told by fits that had not seen
	 * them: accuracy and log loss, or R^2 and mean squared error. */
	double score, loss;
};

/* Shared like the state of any kind of model. */
struct ensemble {
	size_t owners;
	enum task_kind task;
	size_t outputs;
	size_t n;
	struct part part[MEMBERS_MAX];
	bool stacked;		/* last is there; else it is a vote */
	struct model last;	/* owned; p: inputs of it */
	double share[MEMBERS_MAX];	/* of a stack: see ensemble_weigh() */
};

extern const struct model_kind model_vote, model_stack;

/* With one owner, no part and no answer yet. */
struct ensemble *ensemble_new(const struct problem *problem);
void ensemble_release(void *ensemble);
/* One part more: the design and the model are taken out of the fitting. */
struct part *ensemble_take(struct ensemble *ensemble, struct fitting *fitting);

/* Score and loss of what was told, n rows by outputs, against what is true. */
void ensemble_measure(const struct problem *problem, const double *told,
		      size_t outputs, double *score, double *loss);

/*
 * Importances for a whole design: the mean of those of the members, a member
 * with its share: of a vote its weight, of a stack share[].  Of a linear member
 * the importance of a column is its part in the sum of all sizes of weights per
 * standard deviation.  Members that know none are left out; NaN: all are.
 */
void ensemble_weigh(const struct ensemble *ensemble,
		    const struct design *whole, double *weight);

#endif
