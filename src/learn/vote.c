/*
 * vote.c - the mean of what several models tell
 *
 *	told(x) = sum_m weight_m told_m(x) / sum_m weight_m
 *
 * told_m are probabilities of the classes ("soft voting"), or numbers: what
 * scikit-learn has as VotingClassifier(voting="soft") and VotingRegressor.
 * Each member is fitted to all the training rows, one after the other; nothing
 * is learned beyond that.  A step of it is a step of the member whose turn it
 * is; stopped, it is a vote of those that are done.
 */
#include "learn/ensemble.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct vote {
	const struct problem *problem;	/* borrowed */
	struct members members;
	double weight[MEMBERS_MAX];
	struct fitting fitting;		/* of the member whose turn it is */
	struct ensemble *ensemble;	/* shared with models */
	double *told;			/* owned: of one member, on the
					 * training rows */
	double *sum;			/* owned: of all, weighted */
	double weights;			/* sum of the weights in that */
	double score, loss;
};

static const struct option vote_options[] = {
	METHOD_MEMBERS,
	{ .name = "weights", .type = OPTION_TEXT, .dflt = NULL,
	  .help = "how much each member counts: 2,1,1; without it all alike" },
	METHOD_CLASS_WEIGHT,
	{ 0 }
};

/* "2,1,1": as many as there are members. */
static bool take_weights(struct vote *v, const char *text, struct err *err)
{
	size_t n = 0;

	for (size_t m = 0; m < v->members.n; m++)
		v->weight[m] = 1;
	while (text && n < v->members.n) {
		char *end;

		v->weight[n] = strtod(text, &end);
		if (end == text || !(v->weight[n] > 0) || v->weight[n] > 1e12)
			return err_set(err, ERR_USAGE, "weights=: '%.40s': a "
				       "weight is a number above 0", text);
		n++;
		if (!*end)
			break;
		if (*end != ',')
			return err_set(err, ERR_USAGE, "weights=: numbers with "
				       "commas between them, not '%.40s'", end);
		text = n < v->members.n ? end + 1 : end;
	}
	return !text || (n == v->members.n && *text != ',') ||
	       err_set(err, ERR_USAGE, "weights=: there are %zu members, and "
		       "each has one weight", v->members.n);
}

static void vote_end(void *state)
{
	struct vote *v = state;

	fitting_end(&v->fitting);
	ensemble_release(v->ensemble);
	members_clear(&v->members);
	free(v->told);
	free(v->sum);
	free(v);
}

static void *vote_start(const struct problem *problem,
			const struct option_values *options, struct err *err)
{
	struct vote *v = mem_new(sizeof(*v));
	size_t room;

	v->problem = problem;
	v->score = v->loss = NAN;
	v->ensemble = ensemble_new(problem);
	room = problem->train->n * v->ensemble->outputs;
	if (!members_for(&v->members, problem, options_text(options, "of"),
			 err) ||
	    !take_weights(v, options_text(options, "weights"), err))
		goto fail;
	v->told = mem_try(room, sizeof(*v->told));
	v->sum = mem_try(room, sizeof(*v->sum));
	if (v->told && v->sum)
		return v;
	err_set(err, ERR_NOMEM, "no memory for what is told of %zu rows",
		problem->train->n);
fail:
	vote_end(v);
	return NULL;
}

/* The member is done: it has a say from now on. */
static bool take_member(struct vote *v, struct job *job, struct err *err)
{
	struct ensemble *e = v->ensemble;
	size_t n = v->problem->train->n * e->outputs;
	double weight = v->weight[e->n];
	struct part *part;

	if (!model_predict(&v->fitting.model, v->fitting.design,
			   v->problem->train, v->told, job, err))
		return false;
	part = ensemble_take(e, &v->fitting);
	fitting_end(&v->fitting);
	part->weight = weight;
	ensemble_measure(v->problem, v->told, e->outputs, &part->score,
			 &part->loss);
	v->weights += weight;
	for (size_t i = 0; i < n; i++) {
		v->sum[i] += weight * v->told[i];
		v->told[i] = v->sum[i] / v->weights;
	}
	ensemble_measure(v->problem, v->told, e->outputs, &v->score, &v->loss);
	return true;
}

static enum method_status vote_step(void *state, struct job *job,
				    struct err *err)
{
	struct vote *v = state;
	const struct member *next = &v->members.member[v->ensemble->n];
	enum method_status status;

	if (!v->fitting.member &&
	    !fitting_start(&v->fitting, next, v->problem, err))
		return METHOD_FAILED;
	status = fitting_step(&v->fitting, job, err);
	if (status == METHOD_FAILED || job_cancelled(job))
		return status;
	/* Who stops before any is done has what the first has come to. */
	if (status == METHOD_MORE && (!job_stopped(job) || v->ensemble->n > 0 ||
				      v->fitting.model.iteration == 0))
		return METHOD_MORE;
	if (!take_member(v, job, err))
		return job_cancelled(job) ? METHOD_MORE : METHOD_FAILED;
	return v->ensemble->n < v->members.n ? METHOD_MORE : METHOD_DONE;
}

/* Members that have not converged are told of, and kept. */
static bool all_converged(const struct ensemble *e)
{
	bool all = true;

	for (size_t m = 0; m < e->n; m++)
		all &= e->part[m].model.converged;
	return all;
}

static void vote_look(const void *state, struct model *model)
{
	const struct vote *v = state;
	struct ensemble *e = v->ensemble;

	model->limit = v->members.n;
	if (e->n == 0)
		return;
	if (model->state != e)
		model_become(model, &model_vote, e);
	model->iteration = e->n;
	model->converged = e->n == v->members.n && all_converged(e);
	model->intercept = NAN;
	model->outputs = e->outputs;
	model->loss = v->loss;
	model->score = v->score;
	ensemble_weigh(e, v->problem->design, model->weight);
}

const struct method method_vote = {
	.name = "vote",
	.help = "the mean of what several methods tell",
	.step_name = "member",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.whole = true,
	.options = vote_options,
	.start = vote_start,
	.step = vote_step,
	.look = vote_look,
	.end = vote_end
};
