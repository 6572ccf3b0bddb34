/*
 * mlp.h - what the method mlp has learned: a kind of model
 *
 * Made anew whenever somebody looks, and never changed: so who has one can
 * use it while the training goes on.
 */
#ifndef GEMBA_MLP_H
#define GEMBA_MLP_H

#include "learn/goal.h"
#include "learn/net.h"

struct mlp_model {
	size_t owners;
	struct net net;		/* owned */
	double *w;		/* owned: net.size */
	enum goal_kind kind;	/* as in struct goal, all of these */
	size_t classes;
	uint32_t *class_of;	/* owned */
	double mean, sd;
	size_t rows, held, epoch;	/* learned from, held out; at its end */
};

extern const struct model_kind model_mlp;

/* With one owner; takes copies.  NULL when there is no memory. */
struct mlp_model *mlp_model_new(const struct net *net, const double *w,
				const struct goal *goal);

#endif
