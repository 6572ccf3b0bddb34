/*
 * linear.c - linear regression by orthogonal factorisation, in blocks of rows
 *
 *	minimise over w, b:
 *	    1/2 sum_i (y_i - b - w . x_i)^2 + l2/2 |w|^2
 *
 * x is as the design gives it, with the column rules folded in, and the
 * penalty acts on these w, as in logistic; l2 is the alpha of scikit-learn's
 * Ridge.  The intercept b is free.
 *
 * Never by the normal equations, which square the condition number: [1 X y] is
 * reduced to a triangle R (triangle.h), and what is solved with that is as
 * exact as with a factorisation of all the rows.
 *
 * Inside, every feature is centred and has unit deviation on the training
 * rows, whatever the rules did, and y is centred:
 *
 *	u_j = w_j sd_j / scale_j,  penalty l2 (scale_j / sd_j)^2 on u_j
 *
 * A pivoted factorisation of R then tells how much of each feature the others
 * do not explain.  Where that is no more than rounding leaves, the weights are
 * not determined, and training fails with the names of the columns: a table of
 * weights is right, or it is not there.
 *
 *	n rows, p features, q = p + 1, X is n by p;
 *	R is m by m, m = q + 1, column after column: the intercept's first, y's
 *	last; vectors of q have the intercept first, but for std_error
 */
#include "learn/method.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"
#include "base/text.h"
#include "data/order.h"
#include "learn/triangle.h"

/* A feature that the others explain but for so little is looked at closely;
 * what rounding leaves, in units of that of one number. */
#define SUSPECT 1e-3
#define ROUNDING (64 * DBL_EPSILON)

/* A part in a dependence that is worth a name. */
#define NAMED 1e-6

static const struct option linear_options[] = {
	{ .name = "l2", .type = OPTION_NUMBER, .dflt = "0",
	  .min = 0, .max = 1e100,
	  .help = "penalty l2/2 * |w|^2 beside half the sum of squares" },
	{ .name = NULL }
};

struct linear {
	struct design scaled;	/* the design with transforms of our own;
				 * only its features are owned */
	const struct design *design;	/* borrowed */
	size_t n, p, q, m;
	double l2;
	double *ratio;		/* p: scale / sd, so that w = ratio u */
	uint32_t *row;		/* n, in memory order */
	double *y;		/* n: of these rows, less the mean */
	double mean;		/* of y */

	struct triangle of_rows;
	double *r;		/* its: m by m */
	lapack_int *pivot;	/* q: from 1: column k of R is pivot[k] */
	double *u;		/* q: what is looked for */

	bool done;
	double mse, r2;		/* on the training rows */
	double df;
	double *std_error;	/* p, and the intercept's; or NULL */
	double raw_error;	/* the intercept's for columns of the file */
	const char *note;
};

/* ---- what R says ---- */

/* The penalty is p rows more, with one number in each. */
static bool penalise(struct linear *s)
{
	double *rows;
	bool ok;

	if (s->l2 == 0)
		return true;
	rows = mem_try(s->p * s->m, sizeof(*rows));
	for (size_t j = 0; rows && j < s->p; j++)
		rows[(j + 1) * s->p + j] = sqrt(s->l2) * s->ratio[j];
	ok = rows && triangle_add(&s->of_rows, rows, s->p);
	free(rows);
	return ok;
}

/*
 * R with its features in the order in which the most is left of each, the
 * intercept first; the reflections that this takes are done to y as well.
 */
static bool pivot(struct linear *s)
{
	int q = (int)s->q, m = (int)s->m;
	double *tau = mem_try(s->q, sizeof(*tau));
	bool ok = tau;

	for (size_t k = 0; k < s->q; k++) {
		s->pivot[k] = k == 0;
		for (size_t i = k + 1; i < s->q; i++)
			s->r[k * s->m + i] = 0;
	}
	ok = ok && !LAPACKE_dgeqp3(LAPACK_COL_MAJOR, q, q, s->r, m, s->pivot,
				   tau);
	ok = ok && !LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', q, 1, q, s->r,
				   m, tau, s->r + s->q * s->m, m);
	free(tau);
	return ok;
}

/* The feature that column k > 0 of the pivoted R is of. */
static size_t feature_of(const struct linear *s, size_t k)
{
	return (size_t)s->pivot[k] - 2;
}

/* How exactly the numbers of a feature are known, in units of its sd: those of
 * 1e9 give or take 1 have lost nine digits when they were written. */
static double known_to(const struct linear *s, size_t k)
{
	const struct transform *own;

	if (k == 0)
		return ROUNDING;
	own = &s->scaled.feature[feature_of(s, k)].transform;
	return ROUNDING + DBL_EPSILON * fabs(own->shift / own->scale);
}

/*
 * What rounding alone may leave of column k, and in z how the columns before it
 * make it up: the intercept and the features as R has them.
 */
static double rounding_of(const struct linear *s, size_t k, double *z)
{
	const double *column = s->r + k * s->m;
	double sum = known_to(s, k);

	memcpy(z, column, k * sizeof(*z));
	cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit,
		    (int)k, s->r, (int)s->m, z, 1);
	for (size_t i = 0; i < k; i++)
		sum += fabs(z[i]) * known_to(s, i);
	return sum;
}

/* The first column that those before it explain wholly, and how; q: none. */
static size_t dependent(const struct linear *s, double *z)
{
	for (size_t k = 1; k < s->q; k++) {
		const double *column = s->r + k * s->m;
		double whole = cblas_dnrm2((int)k + 1, column, 1);
		double left = fabs(column[k]);

		if (left > SUSPECT * whole)
			continue;
		if (!(left > rounding_of(s, k, z) * whole))
			return k;
	}
	return s->q;
}

static const char *column_of(const struct linear *s, size_t j)
{
	const struct design *d = s->design;

	return d->table->column[d->feature[j].column].name;
}

/* "b, c and total follow from each other": those that are worth a name. */
static bool say_dependent(const struct linear *s, size_t k, const double *z,
			  struct err *err)
{
	size_t last = feature_of(s, k), others = 0;
	char list[120] = "";

	for (size_t i = 1; i < k; i++) {
		size_t j = feature_of(s, i);

		if (fabs(z[i]) < NAMED || ++others > 4)
			continue;
		text_append(list, sizeof(list), "%s%.24s", *list ? ", " : "",
			    s->design->feature[j].name);
		last = j > last ? j : last;
	}
	if (others > 4)
		text_append(list, sizeof(list), " and %zu more", others - 4);
	return err_set(err, ERR_MATH, "%.40s follows exactly from %s: "
		       "features -%.60s, or train linear l2=1",
		       s->design->feature[feature_of(s, k)].name,
		       *list ? list : "the others", column_of(s, last));
}

/* False: the weights are not determined, and err says by which columns. */
static bool determined(const struct linear *s, struct err *err)
{
	double *z;
	size_t k;

	if (s->n < s->q && s->l2 == 0)
		return err_set(err, ERR_DATA, "%zu training rows do not "
			       "determine %zu weights: fewer features, or "
			       "train linear l2=1", s->n, s->q);
	for (size_t j = 0; j < s->p && s->l2 == 0; j++)
		if (!(s->design->feature[j].sd > 0))
			return err_set(err, ERR_MATH, "%.60s has the same "
				       "value in every training row: features "
				       "-%.60s, or l2=",
				       s->design->feature[j].name,
				       column_of(s, j));
	z = mem_array(s->q, sizeof(*z));
	k = dependent(s, z);
	if (k < s->q)
		say_dependent(s, k, z, err);
	free(z);
	return k == s->q;
}

/* ---- what comes of it ---- */

/* R u = the rest of y; in the order of the features. */
static void solve(struct linear *s)
{
	double *z = mem_array(s->q, sizeof(*z));

	memcpy(z, s->r + s->q * s->m, s->q * sizeof(*z));
	cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit,
		    (int)s->q, s->r, (int)s->m, z, 1);
	for (size_t k = 0; k < s->q; k++)
		s->u[s->pivot[k] - 1] = z[k];
	free(z);
}

/* The sum of squares that is left: y's last number in R, but for what the
 * penalty is. */
static double squares_left(const struct linear *s)
{
	double last = s->r[s->m * s->m - 1], sum = last * last;

	for (size_t j = 0; j < s->p && s->l2 > 0; j++) {
		double w = s->ratio[j] * s->u[j + 1];

		sum -= s->l2 * w * w;
	}
	return fmax(sum, 0);
}

/* What the intercept of columns less a shift is made of: b = a . u + mean. */
static double part_of_intercept(const struct linear *s, size_t j, double shift)
{
	const struct transform *own = &s->scaled.feature[j].transform;

	return (shift - own->shift) / own->scale;
}

static double shift_of(const struct linear *s, size_t j)
{
	return s->design->feature[j].transform.shift;
}

/* Where a number of the file is 0, as the design has it before its transform:
 * a rule may have scaled it before another one clipped it. */
static double zero_of(const struct linear *s, size_t j)
{
	const struct feature *f = &s->design->feature[j];

	return f->transform.shift -
	       f->whole.shift * (f->transform.scale / f->whole.scale);
}

/* The length of R^-T a, of columns as they are seen or as in the file. */
static double length_of_intercept(const struct linear *s, bool raw, double *z)
{
	z[0] = 1;
	for (size_t k = 1; k < s->q; k++) {
		size_t j = feature_of(s, k);

		z[k] = part_of_intercept(s, j, raw ? zero_of(s, j)
						   : shift_of(s, j));
	}
	cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit,
		    (int)s->q, s->r, (int)s->m, z, 1);
	return cblas_dnrm2((int)s->q, z, 1);
}

/*
 * Standard errors: with V = R^-1 R^-T sigma^2 those of u are the roots of its
 * diagonal, and that of a . u is sigma times the length of R^-T a.
 */
static void find_errors(struct linear *s, double sigma)
{
	int q = (int)s->q, m = (int)s->m;
	double *z = mem_array(s->q, sizeof(*z));

	s->std_error = mem_array(s->q, sizeof(*s->std_error));
	s->std_error[s->p] = sigma * length_of_intercept(s, false, z);
	s->raw_error = sigma * length_of_intercept(s, true, z);
	LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', q, s->r, m);
	/* Row k of the inverse belongs to column k of R. */
	for (size_t k = 1; k < s->q; k++) {
		size_t j = feature_of(s, k);

		s->std_error[j] = fabs(s->ratio[j]) * sigma *
			cblas_dnrm2(q - (int)k, s->r + k * s->m + k, m);
	}
	free(z);
}

static void finish(struct linear *s)
{
	double *y = s->r + s->q * s->m, left, all;

	all = cblas_dnrm2((int)s->m - 1, y + 1, 1);
	solve(s);
	left = squares_left(s);
	s->mse = left / (double)s->n;
	s->r2 = all > 0 ? 1 - left / (all * all) : NAN;
	s->df = (double)s->n - (double)s->q;
	s->done = true;
	if (s->l2 > 0)
		s->note = "no standard errors with a penalty: l2=0 gives them";
	else if (s->df == 0)
		s->note = "no standard errors: as many weights as rows";
	else
		find_errors(s, sqrt(left / s->df));
}

static enum method_status no_room(const struct linear *s, struct err *err)
{
	err_set(err, ERR_NOMEM, "no memory for %zu features", s->p);
	return METHOD_FAILED;
}

static enum method_status linear_step(void *state, struct job *job,
				      struct err *err)
{
	struct linear *s = state;
	const struct triangle_rows rows = {
		.design = &s->scaled, .n = s->n, .row = s->row, .y = s->y
	};
	enum triangle_end end = triangle_reduce(&s->of_rows, &rows, job);

	if (end == TRIANGLE_STOPPED)
		return METHOD_MORE;
	if (end == TRIANGLE_NO_ROOM || !penalise(s) || !pivot(s))
		return no_room(s, err);
	if (!determined(s, err))
		return METHOD_FAILED;
	finish(s);
	return METHOD_DONE;
}

static void linear_look(const void *state, struct model *model)
{
	const struct linear *s = state;
	struct sum intercept = { .total = s->mean };
	size_t bytes = s->q * sizeof(double);

	sum_add(&intercept, s->u[0]);
	for (size_t j = 0; j < s->p; j++) {
		model->weight[j] = s->u[j + 1] * s->ratio[j];
		sum_add(&intercept, s->u[j + 1] *
			part_of_intercept(s, j, shift_of(s, j)));
	}
	model->intercept = sum_of(&intercept);
	if (s->std_error && !model->std_error)
		model->std_error = mem_new(bytes);
	if (s->std_error)
		memcpy(model->std_error, s->std_error, bytes);
	model->raw_error = s->raw_error;
	model->df = s->df;
	model->note = s->note;
	model->iteration = s->done;
	model->limit = 1;
	model->converged = s->done;
	model->loss = s->mse;
	model->score = s->r2;
}

static void linear_end(void *state)
{
	struct linear *s = state;

	free(s->scaled.feature);
	free(s->ratio);
	free(s->row);
	free(s->y);
	triangle_clear(&s->of_rows);
	free(s->pivot);
	free(s->u);
	free(s->std_error);
	free(s);
}

/* The design again, with features that are centred and of unit deviation. */
static void scale_features(struct linear *s, const struct design *design)
{
	size_t p = design->p;

	s->design = design;
	s->scaled = *design;
	s->scaled.feature = mem_array(p, sizeof(*s->scaled.feature));
	s->ratio = mem_array(p, sizeof(*s->ratio));
	for (size_t j = 0; j < p; j++) {
		const struct feature *f = &design->feature[j];
		double sd = f->sd > 0 ? f->sd : 1;

		s->scaled.feature[j] = *f;
		s->scaled.feature[j].transform =
			(struct transform){ f->mean, sd };
		s->ratio[j] = f->transform.scale / sd;
	}
}

static bool take_rows(struct linear *s, const struct problem *problem,
		      struct err *err)
{
	struct sum sum = { 0 };
	struct order order;

	s->n = problem->train->n;
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
	s->mean = sum_of(&sum) / (double)s->n;
	for (size_t i = 0; i < s->n; i++)
		s->y[i] -= s->mean;
	return true;
}

static bool make_room(struct linear *s, struct err *err)
{
	s->p = s->design->p;
	s->q = s->p + 1;
	s->m = s->p + 2;
	s->u = mem_array(s->q, sizeof(*s->u));
	s->pivot = mem_array(s->q, sizeof(*s->pivot));
	if (triangle_init(&s->of_rows, s->p)) {
		s->r = s->of_rows.r;
		return true;
	}
	no_room(s, err);
	return false;
}

static void *linear_start(const struct problem *problem,
			  const struct option_values *options, struct err *err)
{
	struct linear *s = mem_new(sizeof(*s));

	/* Our threads work on blocks; the library's would only be in the way,
	 * and their number would show in the last digits. */
	openblas_set_num_threads(1);
	s->l2 = options_number(options, "l2");
	s->mse = s->r2 = s->df = s->raw_error = NAN;
	scale_features(s, problem->design);
	if (make_room(s, err) && take_rows(s, problem, err))
		return s;
	linear_end(s);
	return NULL;
}

const struct method method_linear = {
	.name = "linear",
	.help = "linear regression by least squares: a weight for each "
		"feature",
	.step_name = "pass",
	.does = { [TASK_REGRESSION] = true },
	.options = linear_options,
	.start = linear_start,
	.step = linear_step,
	.look = linear_look,
	.end = linear_end
};
