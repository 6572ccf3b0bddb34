/*
 * baseline.c - the most that can be said without looking at any feature
 *
 * Every row gets the share of the positive class among the training rows:
 *
 *	minimise over b:  sum_i log(1 + exp(-t_i b)),  t_i = -1 or 1
 *	b = log(positives / negatives),  all weights 0
 *
 * of more than two classes the share of each, b_k = log(share of k);
 * or, where the target is a number, the mean of the training rows:
 *
 *	minimise over b:  sum_i (y_i - b)^2
 *	b = mean(y),  all weights 0
 *
 * A method that does no better than this has learned nothing.  With
 * kind=previous a row is told the last number before it; see previous.h.
 */
#include "learn/method.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"
#include "learn/loss.h"
#include "learn/previous.h"

struct baseline {
	enum task_kind task;
	size_t n, positives;
	size_t classes;
	size_t *of;		/* owned: rows of each class */
	double mean, mse;	/* of numbers */
	const struct problem *problem;
	bool persists;
	struct previous *previous;	/* an owner of it; or NULL */
	double previous_loss;
	bool done;
};

static const struct option baseline_options[] = {
	{ "kind", OPTION_CHOICE, NULL, 0, 0, "mean previous",
	  "of a number: its mean, or the last one before each row" },
	{ NULL }
};

static void find_mean(struct baseline *s, const double *y)
{
	struct sum sum = { 0 }, squares = { 0 };

	for (size_t i = 0; i < s->n; i++)
		sum_add(&sum, y[i]);
	s->mean = sum_of(&sum) / (double)s->n;
	for (size_t i = 0; i < s->n; i++)
		sum_add(&squares, (y[i] - s->mean) * (y[i] - s->mean));
	s->mse = sum_of(&squares) / (double)s->n;
}

static void *baseline_start(const struct problem *problem,
			    const struct option_values *options,
			    struct err *err)
{
	struct baseline *s;
	const char *kind = options_text(options, "kind");
	bool persists = kind && *kind == 'p';

	if (persists && problem->task != TASK_REGRESSION) {
		err_set(err, ERR_USAGE, "kind=previous is for numbers, and the "
			"target has classes: leave it out");
		return NULL;
	}
	s = mem_new(sizeof(*s));
	s->problem = problem;
	s->persists = persists;
	s->n = problem->train->n;
	s->task = problem->task;
	if (s->task == TASK_REGRESSION)
		find_mean(s, problem->number);
	s->classes = problem->classes;
	s->of = mem_array(s->classes + 2, sizeof(*s->of));
	for (size_t i = 0; i < s->n && s->task == TASK_CLASSIFICATION; i++)
		s->of[problem->y[i]]++;
	s->positives = s->of[1];
	return s;
}

static enum method_status baseline_step(void *state, struct job *job,
					struct err *err)
{
	struct baseline *s = state;

	if (s->persists) {
		s->previous = previous_new(s->problem, s->mean, job, err);
		if (!s->previous)
			return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
		s->previous_loss = previous_loss(s->previous, s->problem);
	}
	s->done = true;
	return METHOD_DONE;
}

static void tell_share(const struct baseline *s, struct model *model)
{
	double pos = (double)s->positives, neg = (double)(s->n - s->positives);
	double share = pos / (pos + neg);

	model->intercept = log(pos / neg);
	model->note = "the share of the positive class, and no feature";
	model->loss = share * logistic_loss(model->intercept, 1) +
		      (1 - share) * logistic_loss(model->intercept, 0);
	model->score = fmax(share, 1 - share);
}

/* A class that no training row has is never told. */
static void tell_shares(const struct baseline *s, struct model *model)
{
	size_t most = 0;

	model_widen(model, s->classes);
	model->note = "the share of each class, and no feature";
	model->loss = 0;
	for (size_t k = 0; k < s->classes; k++) {
		double share = (double)s->of[k] / (double)s->n;

		model->intercepts[k] = log(share);
		if (s->of[k] > 0)
			model->loss -= share * log(share);
		most = s->of[k] > most ? s->of[k] : most;
	}
	model->intercept = model->intercepts[0];
	model->score = (double)most / (double)s->n;
}

static void tell_previous(const struct baseline *s, struct model *model)
{
	previous_become(s->previous, model);
	model->intercept = NAN;
	model->note = "the last value before each row, of rows that test, too";
	model->loss = s->previous_loss;
	model->score = s->mse > 0 ? 1 - s->previous_loss / s->mse : NAN;
}

static void tell_mean(const struct baseline *s, struct model *model)
{
	model->intercept = s->mean;
	model->note = "the mean of the training rows, and no feature";
	model->loss = s->mse;
	model->score = 0;
}

static void baseline_look(const void *state, struct model *model)
{
	const struct baseline *s = state;

	memset(model->weight, 0,
	       model->sets * model->p * sizeof(*model->weight));
	model->iteration = s->done;
	model->limit = 1;
	model->converged = s->done;
	if (s->previous)
		tell_previous(s, model);
	else if (s->task == TASK_REGRESSION)
		tell_mean(s, model);
	else if (s->classes > 2)
		tell_shares(s, model);
	else
		tell_share(s, model);
}

static void baseline_end(void *state)
{
	struct baseline *s = state;

	previous_release(s->previous);
	free(s->of);
	free(s);
}

const struct method method_baseline = {
	.name = "baseline",
	.help = "the share of each class or the mean, without any feature",
	.step_name = "iteration",
	.alone = true,
	.options = baseline_options,
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.start = baseline_start,
	.step = baseline_step,
	.look = baseline_look,
	.end = baseline_end
};
