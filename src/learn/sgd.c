/*
 * sgd.c - weighted sums by stochastic gradient descent
 *
 *	minimise over w, b:
 *	    1/n sum_i loss(z_i) + l2/(2n) |w|^2 + l1/n |w|_1
 *	    z_i = b + w . x_i
 *
 * loss is logistic for two classes, softmax for more, each with a z of its own,
 * and half the square of what is missed for a number (goal.h); times n it is
 * the objective of logistic, of linear and of their kin, so that l2 and l1 mean
 * what they mean there: the optimum is the same.  A number is told in units of
 * its deviation sd inside, where l2 stays and l1 becomes l1/sd.  Intercepts are
 * free.  From zero, in batches; g is the mean gradient of a batch:
 *
 *	v = momentum v - rate g,  (w, b) = (w, b) + v
 *
 * Robbins and Monro, Ann. Math. Stat. 22 (1951); the steps, the rate from epoch
 * to epoch and what l1 does are in optimiser.h, the loop and when it stops in
 * minibatch.h.  The velocity v lives on from one epoch to the next.
 *
 * x is as the design gives it, and has to be standardised: one rate serves all
 * the weights.
 *
 *	n rows, p features, q = p + 1, c outputs, X is n by p, row after row;
 *	weights are c by q, output after output, the intercept last in each
 */
#include "learn/minibatch.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct option sgd_options[] = {
	{ .name = "epochs", .type = OPTION_WHOLE, .dflt = "100",
	  .min = 1, .max = 1e6,
	  .help = "how many times it goes over the training rows" },
	{ .name = "batch", .type = OPTION_WHOLE, .dflt = "32",
	  .min = 1, .max = 1e9,
	  .help = "rows for each change of the weights" },
	{ .name = "rate", .type = OPTION_NUMBER, .dflt = "0.01",
	  .min = 1e-12, .max = 1e6,
	  .help = "learning rate: how far along the mean gradient" },
	{ .name = "momentum", .type = OPTION_NUMBER, .dflt = "0.9",
	  .min = 0, .max = 0.999999,
	  .help = "the share of the last change that is made again" },
	{ .name = "l2", .type = OPTION_NUMBER, .dflt = "0",
	  .min = 0, .max = 1e100,
	  .help = "penalty l2/2 * |w|^2 beside the sum of the losses" },
	{ .name = "l1", .type = OPTION_NUMBER, .dflt = "0",
	  .min = 0, .max = 1e100,
	  .help = "penalty l1 * |w|_1 beside it: makes weights exactly 0" },
	{ .name = "nesterov", .type = OPTION_CHOICE, .dflt = "no",
	  .choices = "no yes",
	  .help = "look ahead along the last change" },
	{ .name = "schedule", .type = OPTION_CHOICE, .dflt = "constant",
	  .choices = SCHEDULES,
	  .help = "how the rate falls from epoch to epoch" },
	{ .name = "stop", .type = OPTION_WHOLE, .dflt = NULL,
	  .min = 1, .max = 1e6,
	  .help = "stop after so many epochs in vain; without it all epochs" },
	{ .name = "held", .type = OPTION_NUMBER, .dflt = "0.1",
	  .min = 0, .max = 0.9,
	  .help = "with stop=, share of the training rows that tells" },
	METHOD_CLASS_WEIGHT,
	{ .name = NULL }
};

struct sgd {
	struct minibatch loop;
	size_t p, q, c;
	double *z;		/* owned: DESIGN_BLOCK by c */
};

/* ---- the slope of some rows ---- */

static void add_one(struct sgd *s, const double *w, const struct batch *batch,
		    double *g, struct tally *tally)
{
	int rows = (int)batch->n, p = (int)s->p;

	for (size_t i = 0; i < batch->n; i++)
		s->z[i] = w[p];
	cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, p, 1, batch->x, p, w, 1,
		    1, s->z, 1);
	goal_slope(&s->loop.goal, batch->truths, batch->first, batch->n, s->z,
		   tally);
	if (!g)
		return;
	for (size_t i = 0; i < batch->n; i++)
		g[p] += s->z[i];
	cblas_dgemv(CblasRowMajor, CblasTrans, rows, p, 1, batch->x, p, s->z,
		    1, 1, g, 1);
}

static void add_many(struct sgd *s, const double *w, const struct batch *batch,
		     double *g, struct tally *tally)
{
	int rows = (int)batch->n, p = (int)s->p, q = (int)s->q;
	int c = (int)s->c;

	for (size_t i = 0; i < batch->n; i++)
		for (size_t k = 0; k < s->c; k++)
			s->z[i * s->c + k] = w[k * s->q + s->p];
	cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, c, p, 1,
		    batch->x, p, w, q, 1, s->z, c);
	goal_slope(&s->loop.goal, batch->truths, batch->first, batch->n, s->z,
		   tally);
	if (!g)
		return;
	for (size_t i = 0; i < batch->n; i++)
		for (size_t k = 0; k < s->c; k++)
			g[k * s->q + s->p] += s->z[i * s->c + k];
	cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, p, rows, 1,
		    s->z, c, batch->x, p, 1, g, q);
}

static void sgd_add(void *state, const double *w, const struct batch *batch,
		    double *g, struct tally *tally)
{
	struct sgd *s = state;

	if (s->c == 1)
		add_one(s, w, batch, g, tally);
	else
		add_many(s, w, batch, g, tally);
}

/* ---- the steps ---- */

static enum method_status sgd_step(void *state, struct job *job,
				   struct err *err)
{
	struct sgd *s = state;

	return minibatch_step(&s->loop, job, err);
}

static void look_many(const struct sgd *s, struct model *model)
{
	const struct goal *goal = &s->loop.goal;

	model_widen(model, goal->classes);
	for (size_t k = 0; k < goal->classes; k++)
		model->intercepts[k] = -INFINITY;
	for (size_t k = 0; k < s->c; k++) {
		const double *w = s->loop.kept + k * s->q;
		size_t class = goal->class_of[k];

		memcpy(model->weight + class * s->p, w, s->p * sizeof(*w));
		model->intercepts[class] = w[s->p];
	}
	model->intercept = model->intercepts[0];
}

static void sgd_look(const void *state, struct model *model)
{
	const struct sgd *s = state;
	const struct goal *goal = &s->loop.goal;

	minibatch_look(&s->loop, model);
	if (goal->kind == GOAL_MANY) {
		look_many(s, model);
		return;
	}
	for (size_t j = 0; j < s->p; j++)
		model->weight[j] = s->loop.kept[j] * goal->sd;
	model->intercept = s->loop.kept[s->p] * goal->sd + goal->mean;
	if (!model->note)
		model->note = goal->kind == GOAL_TWO ?
			"no standard errors from sgd: logistic l2=0 gives "
			"them" : "no standard errors from sgd: linear gives "
			"them";
}

static void sgd_end(void *state)
{
	struct sgd *s = state;

	minibatch_clear(&s->loop);
	free(s->z);
	free(s);
}

/* ---- the start ---- */

/* No curvature of the mean loss is more: that of the loss of one z, times the
 * mean square of x with its 1. */
static double steep(const struct sgd *s, const struct problem *problem)
{
	static const double most[] = {
		[GOAL_TWO] = 0.25, [GOAL_MANY] = 0.5, [GOAL_NUMBER] = 1
	};
	const double *weight = problem->class_weight;
	double squares = 1, heaviest = 1;

	for (size_t j = 0; j < s->p; j++) {
		const struct feature *f = &problem->design->feature[j];
		double off = f->mean - f->transform.shift;

		squares += (off * off + f->sd * f->sd) /
			   (f->transform.scale * f->transform.scale);
	}
	for (size_t k = 0; weight && k < problem->classes; k++)
		heaviest = fmax(heaviest, weight[k]);
	return most[s->loop.goal.kind] * squares * heaviest;
}

static void penalise(struct sgd *s, double l2, double l1)
{
	struct optimiser *o = &s->loop.optimiser;
	double n = (double)s->loop.n, sd = s->loop.goal.sd;

	for (size_t i = 0; i < s->c * s->q; i++) {
		if (i % s->q == s->p)
			continue;
		o->l2[i] = l2 / n;
		if (o->l1)
			o->l1[i] = l1 / sd / n;
	}
}

static bool begin(struct sgd *s, const struct problem *problem,
		  const struct option_values *options, struct err *err)
{
	double l1 = options_number(options, "l1");
	struct learner learner = {
		.state = s, .add = sgd_add,
		.worse = "worse than the base rate: clean standardize, or a "
			 "smaller rate=",
		.overflow = "the weights overflow: clean standardize, or a "
			    "smaller rate=",
	};

	if (!minibatch_init(&s->loop, problem, options, err))
		return false;
	s->p = problem->design->p;
	s->q = s->p + 1;
	s->c = s->loop.goal.outputs;
	learner.size = s->c * s->q;
	learner.work = 2 * (double)learner.size;
	learner.steep = steep(s, problem);
	s->z = mem_try(DESIGN_BLOCK * s->c, sizeof(*s->z));
	if (!s->z)
		return err_set(err, ERR_NOMEM, "no memory for %zu classes",
			       s->c);
	if (!minibatch_learner(&s->loop, &learner, l1 > 0, options, err))
		return false;
	penalise(s, options_number(options, "l2"), l1);
	return true;
}

static void *sgd_start(const struct problem *problem,
		       const struct option_values *options, struct err *err)
{
	struct sgd *s = mem_new(sizeof(*s));

	if (begin(s, problem, options, err))
		return s;
	sgd_end(s);
	return NULL;
}

const struct method method_sgd = {
	.name = "sgd",
	.help = "a weighted sum by minibatches with momentum, epoch by epoch",
	.step_name = "epoch",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.options = sgd_options,
	.start = sgd_start,
	.step = sgd_step,
	.look = sgd_look,
	.end = sgd_end
};
