/*
 * liblinear.c - the library LIBLINEAR, with its own solvers (-s 0 ... 7, -B 1)
 *
 *	minimise over w, b:
 *	    1/2 (|w|^2 + b^2) + C sum_i c_i loss(t_i z_i),  C = 1 / l2
 *	    z_i = b + w . x_i,  t_i = -1 or 1, c_i the weight of its class
 *
 * or |w|_1 + |b| in place of the squares, and C = 1 / l1.  The loss is log(1 +
 * exp(-t z)), or that of a support vector machine: the larger one of 1 - t z
 * and 0, or its square.
 *
 * Fan, Chang, Hsieh, Wang and Lin, JMLR 9 (2008).  It is what scikit-learn's
 * LogisticRegression(solver="liblinear") computes: the intercept is penalised
 * like a weight, x is as the design gives it, and should be standardised.  At
 * its default tolerance its versions differ in the fourth digit.  It trains in
 * one go, and cannot be stopped on the way.
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

/* Its own limit; there is no way to set it. */
enum { LIBRARY_ITERATIONS = 1000 };

/* In the order of the library's numbers. */
static const struct {
	const char *name;
	bool l1;		/* its penalty */
	bool machine;		/* no probabilities */
	double tolerance;	/* of the program train */
} types[] = {
	{ "l2r-lr", false, false, 1e-4 },
	{ "l2r-l2loss-svc-dual", false, true, 0.1 },
	{ "l2r-l2loss-svc", false, true, 0.01 },
	{ "l2r-l1loss-svc-dual", false, true, 0.1 },
	{ "mcsvm-cs", false, true, 0.1 },
	{ "l1r-l2loss-svc", true, true, 0.01 },
	{ "l1r-lr", true, false, 0.01 },
	{ "l2r-lr-dual", false, false, 0.1 },
};

struct liblinear {
	struct problem problem;
	int type;
	bool intercept;
	double penalty, tolerance;
	double *weight;		/* owned: p + 1, the intercept last */
	size_t iteration;
	bool done, short_of;
	double loss, accuracy;
};

/* The library as a problem of ours: its rows lie one after another. */
struct nodes {
	struct linear_problem prob;
	struct feature_node *node;	/* owned: of all rows */
};

/* The library reports only by printing: a line for each iteration, or how many
 * there were in the end; and a warning, when they were not enough.  It warns of
 * steps too short to be seen as well, which is no more than being there. */
static _Thread_local size_t lines;
static _Thread_local bool warned;

static void read_report(const char *text)
{
	const char *count = strstr(text, "#iter = ");

	lines += !strncmp(text, "iter", 4);
	warned |= strstr(text, "reaching max") != NULL;
	if (count)
		lines = strtoul(count + strlen("#iter = "), NULL, 10);
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
				    size_t p, bool intercept)
{
	for (size_t j = 0; j < p; j++)
		if (x[j] != 0)
			*to++ = (struct feature_node){ (int)j + 1, x[j] };
	if (intercept)
		*to++ = (struct feature_node){ (int)p + 1, 1 };
	*to++ = (struct feature_node){ -1, 0 };
	return to;
}

static bool copy_rows(struct nodes *nodes, const struct problem *problem,
		      bool intercept, struct job *job, struct err *err)
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
			to = add_row(to, x + i * p, p, intercept);
		}
	}
	free(x);
	nodes->prob.l = (int)n;
	nodes->prob.n = (int)p + intercept;
	nodes->prob.bias = intercept ? 1 : -1;
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

/* One set of weights of what it found: it takes the class of its first row for
 * positive, unless the two are -1 and 1 in this order; and of MCSVM_CS each
 * class has a set. */
static void take_weights(struct liblinear *s, const struct linear_model *found,
			 int n)
{
	double sign = found->label[0];

	for (int j = 0; j < n; j++)
		s->weight[j] = s->type == MCSVM_CS
			? sign * (found->w[2 * j] - found->w[2 * j + 1])
			: sign * found->w[j];
}

static void run_library(struct liblinear *s, const struct nodes *nodes)
{
	const double *weight = s->problem.class_weight;
	int label[2] = { -1, 1 };
	double of_label[2] = { weight ? weight[0] : 1, weight ? weight[1] : 1 };
	struct parameter parameter = {
		.solver_type = s->type, .eps = s->tolerance,
		.C = 1 / s->penalty, .nr_weight = 2, .weight_label = label,
		.weight = of_label
	};
	struct linear_model *found;

	lines = 0;
	warned = false;
	/* Those that take the rows by chance ask for it there. */
	srand(s->problem.seed);
	set_print_string_function(read_report);
	found = train(&nodes->prob, &parameter);
	s->iteration = lines;
	s->short_of = warned || lines >= LIBRARY_ITERATIONS;
	take_weights(s, found, nodes->prob.n);
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
	copied = copy_rows(&nodes, &s->problem, s->intercept, job, err);
	if (copied)
		run_library(s, &nodes);
	nodes_clear(&nodes);
	if (copied)
		return s->short_of ? METHOD_STUCK : METHOD_DONE;
	return job_stopped(job) ? METHOD_MORE : METHOD_FAILED;
}

static const char *note_of(const struct liblinear *s)
{
	if (s->short_of)
		return "not at the optimum: the library has made as many "
		       "iterations as it does; clean standardize, or a "
		       "larger tolerance=";
	if (types[s->type].machine)
		return "a support vector machine tells no probability: what "
		       "stands there is 1 / (1 + exp(-score))";
	return s->intercept
		? "the intercept is penalised too; no standard errors with a "
		  "penalty: solver=newton l2=0 gives them"
		: "no standard errors with a penalty: solver=newton l2=0 "
		  "gives them";
}

static void liblinear_look(const void *state, struct model *model)
{
	const struct liblinear *s = state;

	memcpy(model->weight, s->weight, model->p * sizeof(*model->weight));
	model->intercept = s->weight[model->p];
	model->note = note_of(s);
	model->iteration = s->iteration;
	model->limit = LIBRARY_ITERATIONS;
	model->converged = s->done && !s->short_of;
	model->loss = s->loss;
	model->score = s->accuracy;
}

static void liblinear_end(void *state)
{
	struct liblinear *s = state;

	free(s->weight);
	free(s);
}

/* The type by its name or its number. */
static int type_of(const struct option_values *options)
{
	const char *name = options_text(options, "type");

	for (int i = 0; name && i <= L2R_LR_DUAL; i++)
		if (!strcmp(types[i].name, name))
			return i;
	return name ? name[0] - '0' : L2R_LR;
}

/* The penalty that the type has, of the two; 0: err says what is missing. */
static double penalty_of(int type, const struct option_values *options,
			 struct err *err)
{
	double l1 = logistic_l1(options);
	double l2 = options_number(options, "l2");

	if (types[type].l1 && !(l1 > 0))
		err_set(err, ERR_USAGE, "type=%s needs l1=: it is 1/C",
			types[type].name);
	else if (!types[type].l1 && l1 > 0) {
		err_set(err, ERR_USAGE, "type=%s has no l1: type=l1r-lr, or "
			"solver=newton", types[type].name);
		return 0;
	} else if (!types[type].l1 && !(l2 > 0))
		err_set(err, ERR_USAGE, "solver=liblinear needs a penalty: "
			"l2=1, or solver=newton l2=0");
	return types[type].l1 ? l1 : l2;
}

static void *liblinear_start(const struct problem *problem,
			     const struct option_values *options,
			     struct err *err)
{
	double tolerance = options_number(options, "tolerance");
	int type = type_of(options);
	double penalty = penalty_of(type, options, err);
	struct liblinear *s;

	if (!(penalty > 0))
		return NULL;
	/* It calls BLAS: the number of threads must not change a digit. */
	openblas_set_num_threads(1);
	s = mem_new(sizeof(*s));
	s->problem = *problem;
	s->type = type;
	s->intercept = logistic_intercept(options);
	s->penalty = penalty;
	s->tolerance = isnan(tolerance) ? types[type].tolerance : tolerance;
	s->weight = mem_array(problem->design->p + 1, sizeof(*s->weight));
	s->loss = s->accuracy = NAN;
	return s;
}

const struct method logistic_liblinear = {
	.name = "liblinear",
	.help = "the library LIBLINEAR",
	.options = logistic_options,
	.start = liblinear_start,
	.step = liblinear_step,
	.look = liblinear_look,
	.end = liblinear_end
};
