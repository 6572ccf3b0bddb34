/*
 * liblinear.c - logistic regression by the library LIBLINEAR (-s 0, -B 1)
 *
 *	minimise over w, b:
 *	    1/2 (|w|^2 + b^2) + C sum_i log(1 + exp(-t_i z_i)),  C = 1 / l2
 *	    z_i = b + w . x_i,  t_i = -1 or 1
 *
 * Fan, Chang, Hsieh, Wang and Lin, JMLR 9 (2008): a trust region Newton
 * method.  It is what scikit-learn's LogisticRegression(solver="liblinear")
 * computes: the intercept is penalised like a weight, x is as the design gives
 * it, and should be standardised.  The library stops when the norm of the
 * gradient is at most tolerance * min(positives, negatives) / n of what it was
 * without weights; at the default, 1e-4, its versions differ in the fourth
 * digit.  It trains in one go, and cannot be stopped on the way.
 *
 *	n rows, p features
 */
#include "learn/logistic.h"

#include <cblas.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The library's struct problem and struct model are not ours. */
#define problem linear_problem
#define model linear_model
#include <linear.h>
#undef problem
#undef model

#include "base/mem.h"
#include "learn/loss.h"

#define TOLERANCE 1e-4

/* Its own limit; there is no way to set it. */
enum { LIBRARY_ITERATIONS = 1000 };

struct liblinear {
	struct problem problem;
	double l2, tolerance;
	double *weight;		/* owned: p + 1, the intercept last */
	size_t iteration;
	bool done;
	double loss, accuracy;
};

/* The library as a problem of ours: its rows lie one after another. */
struct nodes {
	struct linear_problem prob;
	struct feature_node *node;	/* owned: of all rows */
};

/* The library reports only by printing; one line for each iteration. */
static _Thread_local size_t lines;

static void count_lines(const char *text)
{
	lines += !strncmp(text, "iter", 4);
}

static void nodes_clear(struct nodes *nodes)
{
	free(nodes->node);
	free(nodes->prob.x);
	free(nodes->prob.y);
}

static bool nodes_room(struct nodes *nodes, size_t n, size_t p,
		       struct err *err)
{
	/* Every feature, the bias, and the end of the row. */
	nodes->node = n > SIZE_MAX / (p + 2) ? NULL :
		      mem_try(n * (p + 2), sizeof(*nodes->node));
	nodes->prob.x = mem_try(n, sizeof(*nodes->prob.x));
	nodes->prob.y = mem_try(n, sizeof(*nodes->prob.y));
	if (nodes->node && nodes->prob.x && nodes->prob.y)
		return true;
	nodes_clear(nodes);
	return err_set(err, ERR_NOMEM, "no memory for liblinear's copy of %zu "
		       "rows: solver=newton needs none", n);
}

/* Append one row; zeros are left out.  Where the next one begins. */
static struct feature_node *add_row(struct feature_node *to, const double *x,
				    size_t p)
{
	for (size_t j = 0; j < p; j++)
		if (x[j] != 0)
			*to++ = (struct feature_node){ (int)j + 1, x[j] };
	*to++ = (struct feature_node){ (int)p + 1, 1 };
	*to++ = (struct feature_node){ -1, 0 };
	return to;
}

static bool copy_rows(struct nodes *nodes, const struct problem *problem,
		      struct job *job, struct err *err)
{
	size_t n = problem->train->n, p = problem->design->p;
	struct feature_node *to = nodes->node;
	double *x = mem_try(DESIGN_BLOCK * p, sizeof(*x));

	if (!x)
		return err_set(err, ERR_NOMEM, "no memory for %zu features",
			       p);
	for (size_t start = 0; start < n; start += DESIGN_BLOCK) {
		size_t rows = n - start < DESIGN_BLOCK ? n - start :
			      DESIGN_BLOCK;

		if (job_stopped(job)) {
			free(x);
			return err_cancelled(err);
		}
		design_block(problem->design, problem->train->row + start,
			     rows, x);
		for (size_t i = 0; i < rows; i++) {
			nodes->prob.x[start + i] = to;
			nodes->prob.y[start + i] =
				problem->y[start + i] == 1 ? 1 : -1;
			to = add_row(to, x + i * p, p);
		}
	}
	free(x);
	nodes->prob.l = (int)n;
	nodes->prob.n = (int)p + 1;
	nodes->prob.bias = 1;
	return true;
}

static void measure(struct liblinear *s, const struct linear_problem *prob)
{
	double loss = 0, hits = 0;

	for (int i = 0; i < prob->l; i++) {
		double z = 0;

		for (const struct feature_node *f = prob->x[i]; f->index > 0;
		     f++)
			z += s->weight[f->index - 1] * f->value;
		loss += logistic_loss(z, prob->y[i] > 0);
		hits += (z > 0) == (prob->y[i] > 0);
	}
	s->loss = loss / prob->l;
	s->accuracy = hits / prob->l;
}

static void run_library(struct liblinear *s, const struct nodes *nodes)
{
	struct parameter parameter = {
		.solver_type = L2R_LR, .eps = s->tolerance, .C = 1 / s->l2
	};
	struct linear_model *found;
	/* It takes the class of its first row for positive, unless the two
	 * are -1 and 1 in this order. */
	double sign;

	lines = 0;
	set_print_string_function(count_lines);
	found = train(&nodes->prob, &parameter);
	s->iteration = lines;
	sign = found->label[0];
	for (int j = 0; j < nodes->prob.n; j++)
		s->weight[j] = sign * found->w[j];
	free_and_destroy_model(&found);
	s->done = true;
	measure(s, &nodes->prob);
}

static enum method_status liblinear_step(void *state, struct job *job,
					 struct err *err)
{
	struct liblinear *s = state;
	size_t n = s->problem.train->n, p = s->problem.design->p;
	struct nodes nodes = { 0 };
	bool copied;

	if (!nodes_room(&nodes, n, p, err))
		return METHOD_FAILED;
	copied = copy_rows(&nodes, &s->problem, job, err);
	if (copied)
		run_library(s, &nodes);
	nodes_clear(&nodes);
	if (copied)
		return s->iteration < LIBRARY_ITERATIONS ? METHOD_DONE :
		       METHOD_STUCK;
	return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
}

static void liblinear_look(const void *state, struct model *model)
{
	const struct liblinear *s = state;

	memcpy(model->weight, s->weight, model->p * sizeof(*model->weight));
	model->intercept = s->weight[model->p];
	model->note = "no standard errors with a penalty: solver=newton l2=0 "
		      "gives them";
	model->iteration = s->iteration;
	model->limit = LIBRARY_ITERATIONS;
	model->converged = s->done && s->iteration < LIBRARY_ITERATIONS;
	model->loss = s->loss;
	model->score = s->accuracy;
}

static void liblinear_end(void *state)
{
	struct liblinear *s = state;

	free(s->weight);
	free(s);
}

static void *liblinear_start(const struct problem *problem,
			     const struct option_values *options,
			     struct err *err)
{
	double l2 = options_number(options, "l2");
	double tolerance = options_number(options, "tolerance");
	struct liblinear *s;

	if (!(l2 > 0)) {
		err_set(err, ERR_USAGE, "solver=liblinear needs a penalty: "
			"l2=1, or solver=newton l2=0");
		return NULL;
	}
	/* It calls BLAS: the number of threads must not change a digit. */
	openblas_set_num_threads(1);
	s = mem_new(sizeof(*s));
	s->problem = *problem;
	s->l2 = l2;
	s->tolerance = isnan(tolerance) ? TOLERANCE : tolerance;
	s->weight = mem_array(problem->design->p + 1, sizeof(*s->weight));
	s->loss = s->accuracy = NAN;
	return s;
}

const struct method logistic_liblinear = {
	.name = "liblinear",
	.help = "the library LIBLINEAR: trust region Newton",
	.options = logistic_options,
	.start = liblinear_start,
	.step = liblinear_step,
	.look = liblinear_look,
	.end = liblinear_end
};
