/*
 * sgd.c - logistic loss by stochastic gradient descent with momentum
 *
 *	minimise over w, b:
 *	    1/n sum_i log(1 + exp(-t_i z_i)) + l2/(2n) |w|^2
 *	    z_i = b + w . x_i,  t_i = -1 or 1
 *
 * so that its l2 means what it means to logistic: the optimum is the same.
 * The intercept is free.  From zero, each epoch shuffles the training rows and
 * goes over them in batches; g is the mean gradient of a batch:
 *
 *	v = momentum v - rate g,  (w, b) = (w, b) + v
 *
 * Polyak, USSR Comp. Math. 4 (1964); Robbins and Monro, Ann. Math. Stat. 22
 * (1951).  The velocity v lives on from one epoch to the next.  One step is
 * one epoch; its loss and accuracy are those seen on the way, before each
 * update.  It runs all its epochs, and has converged when the loss of the last
 * differs by less than 1e-3 of itself from that of the one before.
 *
 * x is as the design gives it, and has to be standardised: one rate serves all
 * the weights.
 *
 *	n rows, p features, q = p + 1, X is n by p, row after row;
 *	vectors of q have the intercept last
 */
#include "learn/method.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "learn/loss.h"

#define CHANGE 1e-3	/* of the loss, relative: less is convergence */

/* Rows that a thread fills at a time, and fewer than which one thread does. */
enum { SLICE = 256, THREADS_FROM = 8192 };

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
	{ .name = NULL }
};

struct sgd {
	struct problem problem;		/* borrowed, all of it */
	size_t n, p, q;
	double rate, momentum, l2;
	size_t batch, epochs;

	struct rng rng;
	uint32_t *order;	/* owned: n, places in problem.train */
	double *x;		/* owned: DESIGN_BLOCK by p */
	double *w, *v, *g;	/* owned, one block: q each */
	double *kept;		/* q: w after the last whole epoch */

	/* Within an epoch, so that it can be interrupted. */
	size_t at;		/* rows gone over; 0: shuffle first */
	size_t filled;		/* those of them whose gradient is in g */
	double loss, hits;	/* sums over rows gone over */

	/* After whole epochs. */
	size_t epoch;
	double mean_loss, accuracy;
	double base_loss;	/* of the base rate: what w = 0 can do */
	bool converged;
	const char *note;
};

/* The rows to come, and their classes; their X. */
static void fill(struct sgd *s, size_t n, uint32_t *y)
{
	const uint32_t *place = s->order + s->at;
	uint32_t row[DESIGN_BLOCK];

	for (size_t i = 0; i < n; i++) {
		row[i] = s->problem.train->row[place[i]];
		y[i] = s->problem.y[place[i]];
	}
	/* They lie at random places: most of the time is spent waiting for
	 * memory, and two threads wait for two things at once. */
	#pragma omp parallel for if (s->n >= THREADS_FROM)
	for (size_t i = 0; i < n; i += SLICE)
		design_block(s->problem.design, row + i,
			     n - i < SLICE ? n - i : SLICE, s->x + i * s->p);
}

/* Add n rows, none beyond the end of the batch, to its gradient. */
static void add_rows(struct sgd *s, const double *x, const uint32_t *y,
		     size_t n)
{
	double z[DESIGN_BLOCK];
	int rows = (int)n, p = (int)s->p;

	for (size_t i = 0; i < n; i++)
		z[i] = s->w[p];
	cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, p, 1, x, p, s->w, 1, 1,
		    z, 1);
	for (size_t i = 0; i < n; i++) {
		s->loss += logistic_loss(z[i], y[i]);
		s->hits += (z[i] > 0) == (y[i] == 1);
		z[i] = logistic_probability(z[i]) - (y[i] == 1);
		s->g[p] += z[i];
	}
	cblas_dgemv(CblasRowMajor, CblasTrans, rows, p, 1, x, p, z, 1, 1,
		    s->g, 1);
	s->filled += n;
}

static void update(struct sgd *s)
{
	for (size_t j = 0; j < s->q; j++) {
		double g = s->g[j] / (double)s->filled;

		if (j < s->p)
			g += s->l2 / (double)s->n * s->w[j];
		s->v[j] = s->momentum * s->v[j] - s->rate * g;
		s->w[j] += s->v[j];
		s->g[j] = 0;
	}
	s->filled = 0;
}

/* Go over a block of rows, batch after batch; a batch may go on in the next
 * block.  The last one of an epoch may be smaller. */
static void go_over(struct sgd *s)
{
	size_t n = s->n - s->at < DESIGN_BLOCK ? s->n - s->at : DESIGN_BLOCK;
	uint32_t y[DESIGN_BLOCK];

	fill(s, n, y);
	for (size_t i = 0, rows; i < n; i += rows) {
		rows = s->batch - s->filled < n - i ? s->batch - s->filled :
		       n - i;
		add_rows(s, s->x + i * s->p, y + i, rows);
		s->at += rows;
		if (s->filled == s->batch || s->at == s->n)
			update(s);
	}
}

static bool all_finite(const struct sgd *s)
{
	for (size_t j = 0; j < s->q; j++)
		if (!isfinite(s->w[j]))
			return false;
	return isfinite(s->loss);
}

static enum method_status end_epoch(struct sgd *s, struct err *err)
{
	double before = s->mean_loss;

	if (!all_finite(s)) {
		err_set(err, ERR_MATH, "the weights overflow: clean "
			"standardize, or a smaller rate=");
		return METHOD_FAILED;
	}
	memcpy(s->kept, s->w, s->q * sizeof(*s->kept));
	s->mean_loss = s->loss / (double)s->n;
	s->accuracy = s->hits / (double)s->n;
	s->converged = fabs(s->mean_loss - before) < CHANGE * before;
	s->epoch++;
	s->at = 0;
	s->loss = s->hits = 0;
	if (s->epoch < s->epochs)
		return METHOD_MORE;
	if (s->mean_loss <= s->base_loss)
		return METHOD_DONE;
	s->converged = false;
	s->note = "worse than the base rate: clean standardize, or a smaller "
		  "rate=";
	return METHOD_STUCK;
}

static enum method_status sgd_step(void *state, struct job *job,
				   struct err *err)
{
	struct sgd *s = state;

	while (s->at < s->n) {
		if (job_stopped(job))
			return METHOD_MORE;
		if (s->at == 0)
			rng_shuffle(&s->rng, s->order, s->n);
		go_over(s);
	}
	return end_epoch(s, err);
}

static void sgd_look(const void *state, struct model *model)
{
	const struct sgd *s = state;

	memcpy(model->weight, s->kept, s->p * sizeof(*model->weight));
	model->intercept = s->kept[s->p];
	model->note = s->note ? s->note :
		      "no standard errors from sgd: logistic l2=0 gives them";
	model->iteration = s->epoch;
	model->limit = s->epochs;
	model->converged = s->converged;
	model->loss = s->mean_loss;
	model->score = s->accuracy;
}

static void sgd_end(void *state)
{
	struct sgd *s = state;

	free(s->order);
	free(s->x);
	free(s->w);
	free(s);
}

static void read_options(struct sgd *s, const struct option_values *options)
{
	s->epochs = (size_t)options_number(options, "epochs");
	s->batch = (size_t)options_number(options, "batch");
	s->rate = options_number(options, "rate");
	s->momentum = options_number(options, "momentum");
	s->l2 = options_number(options, "l2");
}

static double base_loss(const struct problem *problem)
{
	double n = (double)problem->train->n, share = 0;

	for (size_t i = 0; i < problem->train->n; i++)
		share += problem->y[i] == 1;
	share /= n;
	return -share * log(share) - (1 - share) * log(1 - share);
}

static void *sgd_start(const struct problem *problem,
		       const struct option_values *options, struct err *err)
{
	struct sgd *s = mem_new(sizeof(*s));

	openblas_set_num_threads(1);
	s->problem = *problem;
	s->n = problem->train->n;
	s->p = problem->design->p;
	s->q = s->p + 1;
	read_options(s, options);
	rng_init(&s->rng, problem->seed);
	s->mean_loss = s->accuracy = NAN;
	s->base_loss = base_loss(problem);
	s->w = mem_array(4 * s->q, sizeof(*s->w));
	s->v = s->w + s->q;
	s->g = s->v + s->q;
	s->kept = s->g + s->q;
	s->order = mem_try(s->n, sizeof(*s->order));
	s->x = mem_try(DESIGN_BLOCK * s->p, sizeof(*s->x));
	if (!s->order || !s->x) {
		err_set(err, ERR_NOMEM, "no memory for %zu rows", s->n);
		sgd_end(s);
		return NULL;
	}
	for (size_t i = 0; i < s->n; i++)
		s->order[i] = (uint32_t)i;
	return s;
}

const struct method method_sgd = {
	.name = "sgd",
	.help = "logistic loss by minibatches with momentum, epoch by epoch",
	.step_name = "epoch",
	.does = { [TASK_CLASSIFICATION] = true },
	.two = true,
	.options = sgd_options,
	.start = sgd_start,
	.step = sgd_step,
	.look = sgd_look,
	.end = sgd_end
};
