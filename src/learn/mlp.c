/*
 * mlp.c - a network of a few layers, by minibatches: a multilayer perceptron
 *
 *	minimise over all W, b:
 *	    1/n sum_i loss(z_i) + l2/(2n) sum |W|^2
 *
 * z is what the network (net.h) makes of a row, and loss that of its goal
 * (goal.h): logistic, softmax, or half a square of a number in units of its
 * deviation.  b is free.  The loop is that of sgd (minibatch.h), with steps by
 * adam or by momentum (optimiser.h).  There are many optima; which of them it
 * comes near is chance, and the seed.
 *
 * Features are standardised inside, by their means and deviations on all the
 * training rows.
 *
 * The rows of a batch are cut into parts, each with a slope of its own, which
 * are added in their order.  How many parts depends on the number of rows and
 * not on that of threads: so neither does the result.
 *
 * Importances: how steep the network is.  Its slope by each standardised
 * feature at a few hundred training rows, its size averaged over them, as a
 * share of all; of many classes the slope of the z of the one that is told,
 * less the mean of all z.
 */
#include "learn/mlp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/minibatch.h"

/* Parts of a batch: two from PART_ROWS rows on, four and eight where they would
 * be larger than twice that.  Fewer of a large network. */
enum { PARTS = 8, PART_ROWS = 64, PART_NUMBERS = 1 << 22 };

/* Multiplications that one thread does sooner than another is woken. */
enum { PARALLEL_WORK = 1 << 18 };

enum { SAMPLE = 256 };		/* rows that importances are from */

static const struct option mlp_options[] = {
	{ .name = "layers", .type = OPTION_TEXT, .dflt = "16,16",
	  .help = "units of each hidden layer, or none" },
	{ .name = "activation", .type = OPTION_CHOICE, .dflt = "relu",
	  .choices = "relu tanh",
	  .help = "what a hidden unit makes of its sum" },
	{ .name = "solver", .type = OPTION_CHOICE, .dflt = "adam",
	  .choices = "adam momentum",
	  .help = "how a gradient becomes a step" },
	{ .name = "epochs", .type = OPTION_WHOLE, .dflt = "200",
	  .min = 1, .max = 1e6,
	  .help = "how many times it goes over the training rows, at most" },
	{ .name = "batch", .type = OPTION_WHOLE, .dflt = "32",
	  .min = 1, .max = 1e9,
	  .help = "rows for each change of the weights" },
	{ .name = "rate", .type = OPTION_NUMBER, .dflt = NULL,
	  .min = 1e-12, .max = 1e6,
	  .help = "learning rate; without it 0.001, of momentum 0.01" },
	{ .name = "momentum", .type = OPTION_NUMBER, .dflt = "0.9",
	  .min = 0, .max = 0.999999,
	  .help = "the share of the last change, or gradient, that lives on" },
	{ .name = "nesterov", .type = OPTION_CHOICE, .dflt = "no",
	  .choices = "no yes",
	  .help = "of solver=momentum: look ahead along the last change" },
	{ .name = "schedule", .type = OPTION_CHOICE, .dflt = "constant",
	  .choices = SCHEDULES,
	  .help = "how the rate falls from epoch to epoch" },
	{ .name = "l2", .type = OPTION_NUMBER, .dflt = "1",
	  .min = 0, .max = 1e100,
	  .help = "penalty l2/2 * |W|^2 beside the sum of the losses" },
	{ .name = "stop", .type = OPTION_WHOLE, .dflt = "10",
	  .min = 1, .max = 1e6,
	  .help = "stop after so many epochs in vain" },
	{ .name = "held", .type = OPTION_NUMBER, .dflt = "0.1",
	  .min = 0, .max = 0.9,
	  .help = "share of the training rows that tells when to stop" },
	METHOD_CLASS_WEIGHT,
	{ .name = NULL }
};

struct part {
	size_t from, n;		/* rows of the batch */
	double *room;		/* owned: for the walks of a net */
	double *g;		/* owned: size; 0 but in mlp_add() */
	struct tally tally;
};

struct mlp {
	struct minibatch loop;
	struct net net;
	struct part part[PARTS];
	size_t parts;		/* at most */
	double *sample;		/* owned: samples by p, standardised */
	size_t samples;
};

/* ---- the slope of some rows ---- */

/* Cut n rows into parts; returns how many. */
static size_t cut(struct mlp *s, size_t n)
{
	size_t parts = n < PART_ROWS ? 1 : n < 4 * PART_ROWS ? 2 :
		       n < 8 * PART_ROWS ? 4 : PARTS;

	if (parts > s->parts)
		parts = s->parts;
	for (size_t k = 0; k < parts; k++) {
		struct part *part = &s->part[k];

		part->from = k * n / parts;
		part->n = (k + 1) * n / parts - part->from;
		part->tally = (struct tally){ 0 };
	}
	return parts;
}

static void add_part(struct mlp *s, const double *w, const struct batch *batch,
		     struct part *part, double *g)
{
	double *x = batch->x + part->from * s->net.width[0], *z;

	net_standardise(&s->net, x, part->n);
	z = net_forward(&s->net, w, x, part->n, part->room);
	goal_slope(&s->loop.goal, batch->truths, batch->first + part->from,
		   part->n, z, &part->tally);
	if (g)
		net_back(&s->net, w, x, part->n, part->room, g, NULL);
}

/* Add the slopes of the parts, in their order, and leave zeros. */
static void gather(struct mlp *s, size_t parts, double *g)
{
	for (size_t k = 0; k < parts; k++) {
		double *own = s->part[k].g;

		for (size_t j = 0; j < s->net.size; j++)
			g[j] += own[j];
		memset(own, 0, s->net.size * sizeof(*own));
	}
}

static void mlp_add(void *state, const double *w, const struct batch *batch,
		    double *g, struct tally *tally)
{
	struct mlp *s = state;
	size_t parts = cut(s, batch->n);
	double work = 3 * (double)batch->n * (double)s->net.size;

	#pragma omp parallel for schedule(static, 1) \
		if (parts > 1 && work >= PARALLEL_WORK)
	for (size_t k = 0; k < parts; k++)
		add_part(s, w, batch, &s->part[k],
			 parts == 1 || !g ? g : s->part[k].g);
	if (parts > 1 && g)
		gather(s, parts, g);
	for (size_t k = 0; k < parts; k++)
		tally_add(tally, &s->part[k].tally);
}

/* ---- the steps ---- */

static enum method_status mlp_step(void *state, struct job *job,
				   struct err *err)
{
	struct mlp *s = state;

	return minibatch_step(&s->loop, job, err);
}

/* z becomes what its slope is asked of. */
static void direction(double *z, size_t n, size_t c)
{
	for (size_t i = 0; i < n; i++, z += c) {
		size_t told = 0;

		for (size_t k = 1; k < c; k++)
			if (z[k] > z[told])
				told = k;
		for (size_t k = 0; k < c; k++)
			z[k] = c == 1 ? 1 : (k == told) - 1 / (double)c;
	}
}

/* False when there is no memory. */
static bool importances(const struct mlp *s, double *weight)
{
	const struct net *net = &s->net;
	size_t n = s->samples, p = net->width[0];
	double *room = mem_try(net_room(net, n) + n * p, sizeof(*room));
	double *down = room + net_room(net, n), sum = 0;

	if (!room)
		return false;
	direction(net_forward(net, s->loop.kept, s->sample, n, room), n,
		  net->width[net->layers]);
	net_back(net, s->loop.kept, s->sample, n, room, NULL, down);
	memset(weight, 0, p * sizeof(*weight));
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < p; j++)
			weight[j] += fabs(down[i * p + j]);
	free(room);
	for (size_t j = 0; j < p; j++)
		sum += weight[j];
	for (size_t j = 0; j < p; j++)
		weight[j] = sum > 0 ? weight[j] / sum : 0;
	return true;
}

static void mlp_look(const void *state, struct model *model)
{
	const struct mlp *s = state;
	const struct goal *goal = &s->loop.goal;
	struct mlp_model *made;

	model->limit = s->loop.optimiser.epochs;
	if (s->loop.epoch == 0)
		return;
	made = mlp_model_new(&s->net, s->loop.kept, goal);
	if (!made || !importances(s, model->weight)) {
		/* The one of the last look stays. */
		if (made)
			model_mlp.release(made);
		return;
	}
	made->rows = s->loop.n;
	made->held = s->loop.held;
	made->epoch = s->loop.best;
	model_become(model, &model_mlp, made);
	model_mlp.release(made);
	model->outputs = goal->kind == GOAL_MANY ? goal->classes : 1;
	model->intercept = NAN;
	minibatch_look(&s->loop, model);
}

static void mlp_end(void *state)
{
	struct mlp *s = state;

	for (size_t k = 0; k < PARTS; k++) {
		free(s->part[k].room);
		free(s->part[k].g);
	}
	minibatch_clear(&s->loop);
	net_clear(&s->net);
	free(s->sample);
	free(s);
}

/* ---- the start ---- */

static bool make_parts(struct mlp *s)
{
	size_t fit = PART_NUMBERS / s->net.size, rows = s->loop.block;

	s->parts = fit < 1 ? 1 : fit < PARTS ? fit : PARTS;
	if (s->parts == PARTS)
		rows = 2 * PART_ROWS;
	for (size_t k = 0; k < s->parts; k++) {
		struct part *part = &s->part[k];

		part->room = mem_try(net_room(&s->net, rows),
				     sizeof(*part->room));
		part->g = mem_try(s->net.size, sizeof(*part->g));
		if (!part->room || !part->g)
			return false;
	}
	return true;
}

/* Rows at equal distances. */
static bool take_sample(struct mlp *s, const struct problem *problem)
{
	size_t n = problem->train->n;
	uint32_t row[SAMPLE];

	s->samples = n < SAMPLE ? n : SAMPLE;
	s->sample = mem_try(s->samples * s->net.width[0], sizeof(*s->sample));
	if (!s->sample)
		return false;
	for (size_t i = 0; i < s->samples; i++)
		row[i] = problem->train->row[i * n / s->samples];
	design_block(problem->design, row, s->samples, s->sample);
	net_standardise(&s->net, s->sample, s->samples);
	return true;
}

static void penalise(struct mlp *s, double l2)
{
	double *to = s->loop.optimiser.l2;

	for (size_t l = 0; l < s->net.layers; l++)
		for (size_t k = 0; k < s->net.width[l + 1]; k++) {
			for (size_t j = 0; j < s->net.width[l]; j++)
				*to++ = l2 / (double)s->loop.n;
			to++;
		}
}

static bool begin(struct mlp *s, const struct problem *problem,
		  const struct option_values *options, struct err *err)
{
	bool by_tanh = !strcmp(options_text(options, "activation"), "tanh");
	struct learner learner = {
		.state = s, .add = mlp_add,
		.worse = "worse than the base rate: a smaller rate=",
		.overflow = "the weights overflow: a smaller rate=",
	};

	if (!minibatch_init(&s->loop, problem, options, err) ||
	    !net_init(&s->net, options_text(options, "layers"), by_tanh,
		      s->loop.goal.outputs, problem->design, err))
		return false;
	learner.size = s->net.size;
	learner.work = 3 * (double)s->net.size;
	if (!minibatch_learner(&s->loop, &learner, false, options, err))
		return false;
	if (!make_parts(s) || !take_sample(s, problem))
		return err_set(err, ERR_NOMEM, "no memory for %zu weights",
			       s->net.size);
	penalise(s, options_number(options, "l2"));
	net_begin(&s->net, problem->seed, s->loop.goal.same, s->loop.w);
	return true;
}

static void *mlp_start(const struct problem *problem,
		       const struct option_values *options, struct err *err)
{
	struct mlp *s = mem_new(sizeof(*s));

	if (begin(s, problem, options, err))
		return s;
	mlp_end(s);
	return NULL;
}

const struct method method_mlp = {
	.name = "mlp",
	.help = "a network of a few layers, by minibatches, epoch by epoch",
	.step_name = "epoch",
	.does = { [TASK_CLASSIFICATION] = true, [TASK_REGRESSION] = true },
	.options = mlp_options,
	.start = mlp_start,
	.step = mlp_step,
	.look = mlp_look,
	.end = mlp_end
};
