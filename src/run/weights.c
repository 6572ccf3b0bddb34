/*
 * weights.c - weights per unit, per deviation, per quartile range; how sure
 * they are, and how much their columns share
 *
 *	R the correlations of the features, p by p
 *
 * The inflation factor of a feature is 1 / (1 - R^2) of its regression on all
 * the others, which is its place on the diagonal of the inverse of R.
 */
#include "run/weights.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "clean/numbers.h"
#include "data/order.h"
#include "learn/student.h"
#include "run/correlation.h"

/* ---- the rows that are measured ---- */

static bool take_rows(const struct rows *train, struct order *order, size_t *n)
{
	struct rows some = { 0 };
	bool ok;

	if (!rows_spread(&some, train, WEIGHTS_ROWS, NULL))
		return false;
	*n = some.n;
	ok = order_init(order, &some, NULL);
	rows_clear(&some);
	return ok;
}

/* ---- quartiles ---- */

/* A level is there or not: it has no quartiles. */
static bool is_level(const struct feature *f)
{
	return f->level != LEVEL_MISSING || f->indicator;
}

/* As the method sees the feature. */
static double range_of(const struct design *d, size_t j, const uint32_t *row,
		       size_t n, double *x, double *room)
{
	struct design one = *d;
	double low;

	one.p = 1;
	one.feature = &d->feature[j];
	for (size_t i = 0; i < n; i += DESIGN_BLOCK)
		design_block(&one, row + i, n - i < DESIGN_BLOCK ? n - i :
			     DESIGN_BLOCK, x + i);
	low = measure_quantile(x, room, n, 0.25);
	return measure_quantile(x, room, n, 0.75) - low;
}

static void measure_ranges(const struct design *d, const uint32_t *row,
			   size_t n, double *range)
{
	#pragma omp parallel if (n >= ROWS_PARALLEL)
	{
		double *x = mem_array(n, sizeof(*x));
		double *room = mem_array(n, sizeof(*room));

		#pragma omp for schedule(dynamic)
		for (size_t j = 0; j < d->p; j++)
			range[j] = is_level(&d->feature[j]) ? NAN :
				   range_of(d, j, row, n, x, room);
		free(room);
		free(x);
	}
}

/* ---- inflation ---- */

/* What an eigenvalue of R has to be for its direction to be there at all, and
 * what part of such a direction makes a feature a part of it. */
#define NOTHING 1e-10
#define PART 1e-6

/* 1 / (1 - R^2) from the directions v of R and their sizes. */
static double inflation(const double *v, const double *size, size_t p,
			size_t j)
{
	double sum = 0;

	for (size_t k = 0; k < p; k++) {
		double part = v[k * p + j] * v[k * p + j];

		if (size[k] > NOTHING * (double)p)
			sum += part / size[k];
		else if (part > PART)
			return INFINITY;
	}
	return fmax(sum, 1);
}

static void measure_inflation(const struct design *d, const uint32_t *row,
			      size_t n, double *vif)
{
	size_t p = d->p;
	double *r, *size;
	bool *constant;

	for (size_t j = 0; j < p; j++)
		vif[j] = NAN;
	if (p < 2 || p > WEIGHTS_INFLATED || n < 2)
		return;
	r = mem_array(p * p, sizeof(*r));
	size = mem_array(p, sizeof(*size));
	constant = mem_array(p, sizeof(*constant));
	if (correlation_of(d, row, n, r, constant) &&
	    LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (int)p, r, (int)p,
			  size) == 0)
		for (size_t j = 0; j < p; j++)
			if (!constant[j])
				vif[j] = inflation(r, size, p, j);
	free(constant);
	free(size);
	free(r);
}

/* ---- all of it ---- */

/* What is known of the features, whatever the weights. */
struct known {
	double *range, *vif;	/* owned; range as the method sees it */
	double t;
};

static void fill_one(struct weight *w, const struct model *m,
		     const struct design *d, size_t j, const struct known *k)
{
	double scale = d->feature[j].whole.scale;

	w->feature = mem_strdup(d->feature[j].name);
	w->reference = mem_strdup(d->reference[j]);
	w->raw = model_raw(m, d, j);
	w->standardized = model_standardized(m, d, j);
	w->std_error = m->std_error ? m->std_error[j] / fabs(scale) : NAN;
	w->p = model_p(m, j);
	w->low = w->raw - k->t * w->std_error;
	w->high = w->raw + k->t * w->std_error;
	w->range = k->range[j] * fabs(scale);
	w->per_range = isnan(w->range) ? w->raw : w->raw * w->range;
	w->vif = k->vif[j];
}

void weights_fill(struct weight *weight, const struct model *m,
		  const struct design *d, const struct rows *train)
{
	struct known k = { mem_array(m->p, sizeof(*k.range)),
			   mem_array(m->p, sizeof(*k.vif)), NAN };
	struct order order;
	size_t n;

	for (size_t j = 0; j < m->p; j++)
		k.range[j] = k.vif[j] = NAN;
	if (!m->kind && take_rows(train, &order, &n)) {
		measure_ranges(d, order.row, n, k.range);
		measure_inflation(d, order.row, n, k.vif);
		order_clear(&order);
	}
	if (m->std_error)
		k.t = student_t(0.05, m->df);
	for (size_t i = 0; i < m->sets * m->p; i++) {
		struct model set = model_set(m, i / m->p);

		fill_one(&weight[i], &set, d, i % m->p, &k);
	}
	free(k.range);
	free(k.vif);
}

/* ---- for those who tell them ---- */

const char *weights_no_error(const struct result *r)
{
	if (r->importance)
		return "an importance has none; what is shuffled has";
	if (r->weights > 0 && !isnan(r->weight[0].std_error))
		return NULL;
	if (r->note)
		return r->note;
	return r->sets > 1 ? "of many classes it is not known" :
	       "this method does not know how sure its weights are";
}

const char *weights_no_odds(const struct result *r)
{
	if (r->importance)
		return "an importance has no unit";
	if (r->task == TASK_REGRESSION)
		return "the target is a number, and has no odds";
	return r->sets > 1 ? "odds are of two classes, and here are more"
			   : NULL;
}

const char *weights_no_inflation(const struct result *r,
				 const struct weight *w)
{
	if (r->importance)
		return "an importance is of one column, whatever the others";
	if (!isnan(w->vif))
		return NULL;
	if (r->weights < 2)
		return "there is one feature";
	if (r->weights > WEIGHTS_INFLATED)
		return "told of 200 features at most";
	return "the feature is the same in all training rows";
}

struct odds weights_odds(const struct result *r, const struct weight *w,
			 bool per_range)
{
	double by = per_range && !isnan(w->range) ? w->range : 1;

	if (weights_no_odds(r))
		return (struct odds){ NAN, NAN, NAN };
	return (struct odds){ exp(w->raw * by), exp(w->low * by),
			      exp(w->high * by) };
}
