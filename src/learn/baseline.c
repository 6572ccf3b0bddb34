/*
 * baseline.c - the most that can be said without looking at any feature
 *
 * Every row gets the share of the positive class among the training rows:
 *
 *	minimise over b:  sum_i log(1 + exp(-t_i b)),  t_i = -1 or 1
 *	b = log(positives / negatives),  all weights 0
 *
 * A method that does no better than this has learned nothing.
 */
#include "learn/method.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/loss.h"

struct baseline {
	size_t n, positives;
	bool done;
};

static void *baseline_start(const struct problem *problem,
			    const struct option_values *options,
			    struct err *err)
{
	struct baseline *s = mem_new(sizeof(*s));

	(void)options;
	(void)err;
	s->n = problem->train->n;
	for (size_t i = 0; i < s->n; i++)
		s->positives += problem->y[i] == 1;
	return s;
}

static enum method_status baseline_step(void *state, struct job *job,
					struct err *err)
{
	struct baseline *s = state;

	(void)job;
	(void)err;
	s->done = true;
	return METHOD_DONE;
}

static void baseline_look(const void *state, struct model *model)
{
	const struct baseline *s = state;
	double pos = (double)s->positives, neg = (double)(s->n - s->positives);
	double share = pos / (pos + neg);

	memset(model->weight, 0, model->p * sizeof(*model->weight));
	model->intercept = log(pos / neg);
	model->note = "the share of the positive class, and no feature";
	model->iteration = s->done;
	model->limit = 1;
	model->converged = s->done;
	model->loss = share * logistic_loss(model->intercept, 1) +
		      (1 - share) * logistic_loss(model->intercept, 0);
	model->accuracy = fmax(share, 1 - share);
}

static void baseline_end(void *state)
{
	free(state);
}

const struct method method_baseline = {
	.name = "baseline",
	.help = "the share of each class, without any feature",
	.step_name = "iteration",
	.start = baseline_start,
	.step = baseline_step,
	.look = baseline_look,
	.end = baseline_end
};
