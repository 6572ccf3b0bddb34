/*
 * interval-number.c - intervals of the measures of numbers
 *
 * With e[i] the i-th error and d[i] = y[i] - mean y, over n rows:
 *
 *	r2 = 1 - sum e^2 / sum d^2, rmse = sqrt(mean e^2), mae = mean |e|
 */
#include "eval/interval.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sum.h"

/* The resamples of a chunk follow each other from a seed of its own, so it
 * does not matter which core has which. */
enum { CHUNKS = 20, CHUNK = RESAMPLES / CHUNKS,
       SPREAD_ROWS = 500 };		/* fewer are done on one core */

enum { DRAWN = NUMBER_MAE + 1 };	/* r2, rmse, mae */

struct row {
	double d, e;
};

static struct row *rows_of(const double *y, const double *told, size_t n)
{
	struct row *row = mem_try(n, sizeof(*row));
	struct sum sum = { 0 };
	double mean;

	if (!row)
		return NULL;
	for (size_t i = 0; i < n; i++)
		sum_add(&sum, y[i] - y[0]);
	mean = sum_of(&sum) / (double)n;
	for (size_t i = 0; i < n; i++)
		row[i] = (struct row){ y[i] - y[0] - mean, told[i] - y[i] };
	return row;
}

/* ---- bootstrap ---- */

static void resample(struct rng *rng, const struct row *row, size_t n,
		     double *draw, size_t b)
{
	double e2 = 0, e1 = 0, d2 = 0, d1 = 0, all = (double)n, spread;

	for (size_t i = 0; i < n; i++) {
		/* Chances differ by n in 2^32: nothing, for so few rows. */
		const struct row *r = &row[(uint64_t)rng_next(rng) * n >> 32];

		e2 += r->e * r->e;
		e1 += fabs(r->e);
		d2 += r->d * r->d;
		d1 += r->d;
	}
	spread = d2 - d1 / all * d1;
	draw[NUMBER_R2 * RESAMPLES + b] = spread > 0 ? 1 - e2 / spread : NAN;
	draw[NUMBER_RMSE * RESAMPLES + b] = sqrt(e2 / all);
	draw[NUMBER_MAE * RESAMPLES + b] = e1 / all;
}

static void bootstrap(const struct number_metrics *m, const struct row *row,
		      struct interval of[NUMBER_MEASURES])
{
	double *draw = mem_array(DRAWN * RESAMPLES, sizeof(*draw));
	size_t n = m->n;

	#pragma omp parallel for schedule(static) if (n >= SPREAD_ROWS)
	for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
		struct rng rng;

		rng_init(&rng, (uint32_t)chunk + 1);
		for (size_t b = 0; b < CHUNK; b++)
			resample(&rng, row, n, draw, chunk * CHUNK + b);
	}
	for (int k = 0; k < DRAWN; k++)
		of[k] = interval_middle(draw + k * RESAMPLES, RESAMPLES,
					m->of[k]);
	free(draw);
}

/* ---- the delta method ---- */

/* The variance of the mean of what a row adds: of e^2, of |e|, and of
 * e^2 - (1 - r2) d^2, which r2 changes by but for its sign and scale. */
static void delta(const struct number_metrics *m, const struct row *row,
		  struct interval of[NUMBER_MEASURES])
{
	double mse = m->of[NUMBER_MSE], mae = m->of[NUMBER_MAE];
	double n = (double)m->n, rmse = m->of[NUMBER_RMSE];
	double r2 = m->of[NUMBER_R2], error[DRAWN];
	struct sum e2 = { 0 }, e1 = { 0 }, both = { 0 }, d2 = { 0 };

	for (size_t i = 0; i < m->n; i++) {
		double e = row[i].e, d = row[i].d, r = e * e - (1 - r2) * d * d;

		sum_add(&e2, (e * e - mse) * (e * e - mse));
		sum_add(&e1, (fabs(e) - mae) * (fabs(e) - mae));
		sum_add(&both, r * r);
		sum_add(&d2, d * d);
	}
	error[NUMBER_RMSE] = sqrt(sum_of(&e2)) / n / (2 * rmse);
	error[NUMBER_MAE] = sqrt(sum_of(&e1)) / n;
	error[NUMBER_R2] = sqrt(sum_of(&both)) / sum_of(&d2);
	for (int k = 0; k < DRAWN; k++) {
		of[k] = error[k] > 0 ?
			interval_normal(m->of[k], error[k], BY_DELTA) :
			interval_none("nothing that varies");
		if (number_measure[k].in_unit && of[k].low < 0)
			of[k].low = 0;
	}
}

bool interval_numbers(const struct number_metrics *m, const double *y,
		      const double *told, struct interval of[NUMBER_MEASURES],
		      struct err *err)
{
	struct row *row;

	for (int k = 0; k < NUMBER_MEASURES; k++)
		of[k] = interval_none(NULL);
	for (int k = 0; k < DRAWN; k++)
		of[k].why = "fewer than 10 rows";
	if (m->n < INTERVAL_ROWS)
		return true;
	row = rows_of(y, told, m->n);
	if (!row)
		return err_set(err, ERR_NOMEM, "no memory to measure %zu rows",
			       m->n);
	(m->n > RESAMPLED_ROWS ? delta : bootstrap)(m, row, of);
	free(row);
	/* A target that is all the same explains nothing. */
	if (isnan(m->of[NUMBER_R2]))
		of[NUMBER_R2] = interval_none("all rows the same");
	return true;
}
