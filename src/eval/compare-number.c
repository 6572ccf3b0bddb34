/*
 * compare-number.c - two models told the same numbers; and two areas
 *
 * With e and f the errors of a and b in a row, d = y - mean y and n rows:
 *
 *	r2   of b - of a = (sum e^2 - sum f^2) / sum d^2
 *	rmse of b - of a = sqrt(mean f^2) - sqrt(mean e^2)
 *	mae  of b - of a = mean |f| - mean |e|
 */
#include "eval/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sum.h"
#include "data/sort.h"

enum { DRAWN = NUMBER_MAE + 1,
       CHUNKS = 20, CHUNK = PAIRED_RESAMPLES / CHUNKS,
       SPREAD_ROWS = 200 };	/* fewer are done on one core */

struct row {
	double d, e, f;
};

/* ---- bootstrap ---- */

static void resample(struct rng *rng, const struct row *row, size_t n,
		     double *draw, size_t b)
{
	double e2 = 0, f2 = 0, e1 = 0, f1 = 0, d2 = 0, d1 = 0, all = (double)n;
	double spread;

	for (size_t i = 0; i < n; i++) {
		const struct row *r = &row[(uint64_t)rng_next(rng) * n >> 32];

		e2 += r->e * r->e;
		f2 += r->f * r->f;
		e1 += fabs(r->e);
		f1 += fabs(r->f);
		d2 += r->d * r->d;
		d1 += r->d;
	}
	spread = d2 - d1 / all * d1;
	draw[NUMBER_R2 * PAIRED_RESAMPLES + b] =
		spread > 0 ? (e2 - f2) / spread : NAN;
	draw[NUMBER_RMSE * PAIRED_RESAMPLES + b] =
		sqrt(f2 / all) - sqrt(e2 / all);
	draw[NUMBER_MAE * PAIRED_RESAMPLES + b] = (f1 - e1) / all;
}

static void bootstrap(const struct row *row, size_t n,
		      struct difference of[NUMBER_MEASURES])
{
	double *draw = mem_array(DRAWN * PAIRED_RESAMPLES, sizeof(*draw));

	#pragma omp parallel for schedule(static) if (n >= SPREAD_ROWS)
	for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
		struct rng rng;

		rng_init(&rng, (uint32_t)chunk + 1);
		for (size_t b = 0; b < CHUNK; b++)
			resample(&rng, row, n, draw, chunk * CHUNK + b);
	}
	for (int k = 0; k < DRAWN; k++)
		of[k].of = interval_middle(draw + k * PAIRED_RESAMPLES,
					   PAIRED_RESAMPLES,
					   of[k].b - of[k].a);
	free(draw);
}

/* ---- the delta method ---- */

/* What a row adds to each difference, but for what is the same in all. */
static void delta(const struct row *row, size_t n,
		  struct difference of[NUMBER_MEASURES])
{
	double rmse_a = of[NUMBER_RMSE].a, rmse_b = of[NUMBER_RMSE].b;
	double r2 = of[NUMBER_R2].b - of[NUMBER_R2].a;
	struct sum square[DRAWN] = { { 0 } }, d2 = { 0 };
	double error[DRAWN];

	for (size_t i = 0; i < n; i++) {
		const struct row *r = &row[i];
		double e2 = r->e * r->e, f2 = r->f * r->f;
		double add[DRAWN] = {
			[NUMBER_R2] = e2 - f2 - r2 * r->d * r->d,
			[NUMBER_RMSE] = (f2 / rmse_b - rmse_b) / 2 -
					(e2 / rmse_a - rmse_a) / 2,
			[NUMBER_MAE] = fabs(r->f) - fabs(r->e) -
				of[NUMBER_MAE].b + of[NUMBER_MAE].a,
		};

		for (int k = 0; k < DRAWN; k++)
			sum_add(&square[k], add[k] * add[k]);
		sum_add(&d2, r->d * r->d);
	}
	for (int k = 0; k < DRAWN; k++) {
		error[k] = sqrt(sum_of(&square[k])) /
			   (k == NUMBER_R2 ? sum_of(&d2) : (double)n);
		of[k].of = error[k] > 0 && isfinite(error[k]) ?
			interval_normal(of[k].b - of[k].a, error[k],
					BY_DELTA) :
			interval_none("nothing that varies");
	}
}

static struct row *rows_of(const double *y, const double *a, const double *b,
			   size_t n)
{
	struct row *row = mem_try(n, sizeof(*row));
	struct sum sum = { 0 };

	if (!row)
		return NULL;
	for (size_t i = 0; i < n; i++)
		sum_add(&sum, y[i] - y[0]);
	for (size_t i = 0; i < n; i++)
		row[i] = (struct row){ y[i] - y[0] - sum_of(&sum) / (double)n,
				       a[i] - y[i], b[i] - y[i] };
	return row;
}

bool compare_numbers(const double *y, const double *a, const double *b,
		     size_t n, struct difference of[NUMBER_MEASURES],
		     struct err *err)
{
	struct number_metrics of_a, of_b;
	struct row *row;

	if (!metrics_number(&of_a, y, a, n, err) ||
	    !metrics_number(&of_b, y, b, n, err))
		return false;
	for (int k = 0; k < NUMBER_MEASURES; k++)
		of[k] = (struct difference){ of_a.of[k], of_b.of[k],
					     interval_none(NULL) };
	if (n < INTERVAL_ROWS)
		return true;
	row = rows_of(y, a, b, n);
	if (!row)
		return err_set(err, ERR_NOMEM, "no memory to compare %zu rows",
			       n);
	(n > PAIRED_ROWS ? delta : bootstrap)(row, n, of);
	free(row);
	if (isnan(of_a.of[NUMBER_R2]))
		of[NUMBER_R2].of = interval_none("all rows the same");
	return true;
}

/* ---- two areas ---- */

/*
 * place[i]: of a row of class 1 the share of the others below it, of one of
 * class 0 the share of the others above it; ties count half.  low and high are
 * the probabilities of both classes, upwards.
 */
static double placement(const double *of_other, size_t n, double p, bool above)
{
	size_t low = 0, high = n, first;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (of_other[middle] < p)
			low = middle + 1;
		else
			high = middle;
	}
	first = low;
	high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (of_other[middle] <= p)
			low = middle + 1;
		else
			high = middle;
	}
	/* first are below p, low - first the same. */
	return ((double)(above ? n - low : first) +
		(double)(low - first) / 2) / (double)n;
}

/* Room for the rows in order: both classes, and a spare of each. */
static void placements(const uint32_t *y, const double *p, size_t n,
		       double *kept, double *spare, double *place)
{
	const double *of_class[2];
	size_t count[2] = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (y[i])
			kept[count[1]++] = p[i];
		else
			kept[n - ++count[0]] = p[i];
	}
	of_class[1] = sort_doubles(kept, spare, count[1]);
	of_class[0] = sort_doubles(kept + count[1], spare + count[1],
				   count[0]);
	for (size_t i = 0; i < n; i++)
		place[i] = placement(of_class[!y[i]], count[!y[i]], p[i],
				     !y[i]);
}

/* The variance of the mean of b - a, over the rows of one class. */
static double variance_of(const uint32_t *y, uint32_t of, const double *a,
			  const double *b, size_t n)
{
	struct sum sum = { 0 }, squares = { 0 };
	double mean, m = 0;

	for (size_t i = 0; i < n; i++) {
		if (y[i] != of)
			continue;
		m++;
		sum_add(&sum, b[i] - a[i]);
	}
	mean = sum_of(&sum) / m;
	for (size_t i = 0; i < n; i++)
		if (y[i] == of)
			sum_add(&squares, (b[i] - a[i] - mean) *
				(b[i] - a[i] - mean));
	return m < 2 ? NAN : sum_of(&squares) / (m - 1) / m;
}

bool compare_delong(const struct told_pair *pair, double *error,
		    struct err *err)
{
	size_t n = pair->n;
	double *room = mem_try(4 * n, sizeof(*room)), *a, *b;

	if (!room)
		return err_set(err, ERR_NOMEM, "no memory to compare %zu rows",
			       n);
	a = room + 2 * n;
	b = a + n;
	placements(pair->y, pair->p_a, n, room, room + n, a);
	placements(pair->y, pair->p_b, n, room, room + n, b);
	*error = sqrt(variance_of(pair->y, 1, a, b, n) +
		      variance_of(pair->y, 0, a, b, n));
	free(room);
	return true;
}
