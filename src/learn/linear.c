/*
 * linear.c - linear regression by orthogonal factorisation, in blocks of rows:
 * linear, ridge, lasso and elastic-net
 *
 *	minimise over w, b:
 *	    1/2 sum_i (y_i - b - w . x_i)^2 + l2/2 |w|^2 + l1 |w|_1
 *
 * x is as the design gives it, with the column rules folded in, and the
 * penalties act on these w, as in logistic; l2 is the alpha of scikit-learn's
 * Ridge, and l1 is n times the alpha of its Lasso.  The intercept b is free, or
 * there is none.
 *
 * Never by the normal equations alone, which square the condition number: [1 X
 * y] is reduced to a triangle R (triangle.h), and what is solved with that is
 * as exact as with a factorisation of all the rows.  Inside, features are
 * scaled (scaled.h) and y is centred.
 */
#include "learn/linear.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"
#include "data/order.h"

/* With l1 a triangle of more than these takes longer than the rows. */
enum { TRIANGLE_FEATURES = 1500 };

#define OPTION_L2(value) \
	{ .name = "l2", .type = OPTION_NUMBER, .dflt = value, \
	  .min = 0, .max = 1e100, \
	  .help = "penalty l2/2 * |w|^2 beside half the sum of squares" }
#define OPTION_L1(value) \
	{ .name = "l1", .type = OPTION_NUMBER, .dflt = value, \
	  .min = 0, .max = 1e100, \
	  .help = "penalty l1 * |w|_1 beside half the sum of squares: " \
		  "weights of 0" }
#define OPTION_INTERCEPT \
	{ .name = "intercept", .type = OPTION_CHOICE, .dflt = "yes", \
	  .choices = "yes no", \
	  .help = "no: nothing is told of a row of zeros" }

static const struct option linear_options[] = {
	OPTION_L2("0"), OPTION_INTERCEPT, { .name = NULL }
};
static const struct option ridge_options[] = {
	OPTION_L2("1"), OPTION_INTERCEPT, { .name = NULL }
};
static const struct option lasso_options[] = {
	OPTION_L1("1"), OPTION_INTERCEPT, { .name = NULL }
};
static const struct option net_options[] = {
	OPTION_L1("1"), OPTION_L2("1"), OPTION_INTERCEPT, { .name = NULL }
};

enum method_status linear_no_room(const struct linear *s, struct err *err)
{
	err_set(err, ERR_NOMEM, "no memory for %zu features", s->p);
	return METHOD_FAILED;
}

/* Without an intercept: a row that says that it is 0. */
static bool no_intercept(struct linear *s)
{
	double *row;
	bool ok;

	if (s->intercept)
		return true;
	row = mem_array(s->m, sizeof(*row));
	row[0] = 1;
	ok = triangle_add(&s->of_rows, row, 1);
	free(row);
	return ok;
}

static enum method_status by_triangle(struct linear *s, struct job *job,
				      struct err *err)
{
	const struct triangle_rows rows = {
		.design = &s->scaled.design, .n = s->n, .row = s->row,
		.y = s->y, .ones = s->intercept ? 1 : 0
	};
	enum triangle_end end = triangle_reduce(&s->of_rows, &rows, job);

	if (end == TRIANGLE_STOPPED)
		return METHOD_MORE;
	if (end == TRIANGLE_NO_ROOM || !no_intercept(s))
		return linear_no_room(s, err);
	return s->l1 > 0 ? linear_sparse(s, job, err) : linear_exact(s, err);
}

static enum method_status linear_step(void *state, struct job *job,
				      struct err *err)
{
	struct linear *s = state;

	return s->of_rows.r ? by_triangle(s, job, err) :
	       linear_wide(s, job, err);
}

static void linear_look(const void *state, struct model *model)
{
	const struct linear *s = state;
	size_t bytes = s->q * sizeof(double);

	model->intercept = scaled_weights(&s->scaled, s->u + 1,
					  s->mean + s->u[0], model->weight);
	if (s->std_error && !model->std_error)
		model->std_error = mem_new(bytes);
	if (s->std_error)
		memcpy(model->std_error, s->std_error, bytes);
	model->raw_error = s->raw_error;
	model->df = s->df;
	model->note = s->note;
	model->iteration = s->done;
	model->limit = 1;
	model->converged = s->converged;
	model->loss = s->mse;
	model->score = s->r2;
}

static void linear_end(void *state)
{
	struct linear *s = state;

	scaled_clear(&s->scaled);
	free(s->row);
	free(s->y);
	triangle_clear(&s->of_rows);
	free(s->pivot);
	free(s->u);
	free(s->std_error);
	free(s);
}

/* ---- the start ---- */

static bool take_rows(struct linear *s, const struct problem *problem,
		      struct err *err)
{
	struct sum sum = { 0 };
	struct order order;

	s->row = mem_try(s->n, sizeof(*s->row));
	s->y = mem_try(s->n, sizeof(*s->y));
	if (!s->row || !s->y)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows", s->n);
	if (!order_init(&order, problem->train, err))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		s->row[i] = order.row[i];
		s->y[i] = problem->number[order.from[i]];
		sum_add(&sum, s->y[i]);
	}
	order_clear(&order);
	if (!s->intercept)
		return true;
	s->mean = sum_of(&sum) / (double)s->n;
	for (size_t i = 0; i < s->n; i++)
		s->y[i] -= s->mean;
	return true;
}

static bool make_room(struct linear *s, struct err *err)
{
	s->q = s->p + 1;
	s->m = s->p + 2;
	s->u = mem_array(s->q, sizeof(*s->u));
	s->pivot = mem_array(s->q, sizeof(*s->pivot));
	if (s->n < s->p || (s->l1 > 0 && s->p > TRIANGLE_FEATURES))
		return true;	/* linear-wide.c */
	if (triangle_init(&s->of_rows, s->p)) {
		s->r = s->of_rows.r;
		return true;
	}
	linear_no_room(s, err);
	return false;
}

/* Before there is any work, or room, for it. */
static bool enough_rows(const struct linear *s, struct err *err)
{
	size_t weights = s->p + s->intercept;

	if (s->n >= weights || s->l1 > 0 || s->l2 > 0)
		return true;
	return err_set(err, ERR_DATA, "%zu training rows do not determine %zu "
		       "weights: fewer features, or train ridge", s->n,
		       weights);
}

/* Of an option that not all of the methods have. */
static double maybe(const struct option_values *options, const char *name)
{
	return options_maybe(options, name) ? options_number(options, name) : 0;
}

static void *linear_start(const struct problem *problem,
			  const struct option_values *options, struct err *err)
{
	struct linear *s = mem_new(sizeof(*s));

	/* Our threads work on blocks; the library's would only be in the way,
	 * and their number would show in the last digits. */
	openblas_set_num_threads(1);
	s->n = problem->train->n;
	s->p = problem->design->p;
	s->l1 = maybe(options, "l1");
	s->l2 = maybe(options, "l2");
	s->intercept = !strcmp(options_text(options, "intercept"), "yes");
	s->mse = s->r2 = s->df = s->raw_error = NAN;
	scaled_init(&s->scaled, problem->design, s->intercept);
	if (enough_rows(s, err) && make_room(s, err) &&
	    take_rows(s, problem, err))
		return s;
	linear_end(s);
	return NULL;
}

#define LINEAR(its_name, its_help, its_options) { \
	.name = its_name, \
	.help = its_help, \
	.step_name = "pass", \
	.does = { [TASK_REGRESSION] = true }, \
	.options = its_options, \
	.start = linear_start, \
	.step = linear_step, \
	.look = linear_look, \
	.end = linear_end }

const struct method method_linear = LINEAR("linear",
	"linear regression by least squares: a weight for each feature",
	linear_options);
const struct method method_ridge = LINEAR("ridge",
	"linear regression that holds large weights back", ridge_options);
const struct method method_lasso = LINEAR("lasso",
	"linear regression that leaves out what hardly counts: weights of 0",
	lasso_options);
const struct method method_elastic_net = LINEAR("elastic-net",
	"ridge and lasso in one: columns that go together stay together",
	net_options);
