#include "eval/curve.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "data/sort.h"

/* ---- what a threshold trades ---- */

static double share(double part, double whole)
{
	return whole > 0 ? part / whole : NAN;
}

struct curve_point curve_point(const struct cuts *cuts, size_t step)
{
	double hits = cuts->hits[step], alarms = cuts->alarms[step];
	double all = (double)(cuts->positives + cuts->negatives);

	return (struct curve_point){
		.cut = step ? cuts->at[step - 1] : INFINITY,
		.recall = share(hits, (double)cuts->positives),
		.alarms = share(alarms, (double)cuts->negatives),
		.precision = step ? hits / (hits + alarms) : 1,
		.told = share(hits + alarms, all),
	};
}

/* How far along the ROC curve a step lies: 0 to 2. */
static double along(const struct cuts *cuts, size_t step)
{
	double x = cuts->negatives ? (double)cuts->alarms[step] /
				     (double)cuts->negatives : 0;
	double y = cuts->positives ? (double)cuts->hits[step] /
				     (double)cuts->positives : 0;

	return x + y;
}

size_t curve_steps(const struct cuts *cuts, size_t step[CURVE_POINTS])
{
	double whole = along(cuts, cuts->steps);
	size_t n = 0, last = 0;

	if (cuts->steps < CURVE_POINTS) {
		for (size_t i = 0; i <= cuts->steps; i++)
			step[n++] = i;
		return n;
	}
	step[n++] = 0;
	for (size_t i = 1; i < cuts->steps && n < CURVE_POINTS - 1; i++) {
		if (along(cuts, i) - along(cuts, last) <
		    whole / (CURVE_POINTS - 2))
			continue;
		step[n++] = last = i;
	}
	step[n++] = cuts->steps;
	return n;
}

/* ---- calibration ---- */

/* The next bin: to an equal count, and on to the end of a probability. */
static size_t fill_bin(struct calibration_bin *bin, const struct cuts *cuts,
		       size_t step, size_t upto)
{
	struct sum told = { 0 };

	*bin = (struct calibration_bin){ 0 };
	while (step > 0) {
		size_t i = step - 1;
		size_t hits = cuts->hits[step] - cuts->hits[i];
		size_t rows = hits + cuts->alarms[step] - cuts->alarms[i];
		size_t below = cuts->positives + cuts->negatives -
			       cuts->hits[i] - cuts->alarms[i];

		sum_add(&told, (double)rows * cuts->at[i]);
		bin->n += rows;
		bin->positives += hits;
		step--;
		if (below >= upto)
			break;
	}
	bin->told = sum_of(&told) / (double)bin->n;
	bin->interval = interval_wilson(bin->positives, bin->n);
	return step;
}

bool calibration_of(struct calibration *c, const struct cuts *cuts)
{
	size_t n = cuts->positives + cuts->negatives, step = cuts->steps;
	struct sum error = { 0 };

	*c = (struct calibration){ 0 };
	for (size_t k = 1; k <= CALIBRATION_BINS && step > 0; k++) {
		struct calibration_bin *bin = &c->bin[c->bins];
		size_t upto = n * k / CALIBRATION_BINS;
		size_t done = n - cuts->hits[step] - cuts->alarms[step];

		/* A probability of many rows has filled this one, too. */
		if (done >= upto)
			continue;
		step = fill_bin(bin, cuts, step, upto);
		sum_add(&error, fabs((double)bin->n * bin->told -
				     (double)bin->positives));
		c->bins++;
	}
	c->error = sum_of(&error) / (double)n;
	return c->bins > 0;
}

bool calibration_init(struct calibration *c, const uint32_t *y,
		      const double *p, size_t n, struct err *err)
{
	struct cuts cuts;
	bool ok;

	*c = (struct calibration){ 0 };
	if (!cuts_init(&cuts, y, p, n, err))
		return false;
	ok = calibration_of(c, &cuts) ||
	     err_set(err, ERR_DATA, "there are no rows");
	cuts_clear(&cuts);
	return ok;
}

/* ---- errors of numbers ---- */

const double error_quantile[ERROR_QUANTILES] = { 0.5, 0.75, 0.9, 0.95, 0.99,
						 1 };

static void fill_bars(struct error_shape *s, const double *sorted, size_t n)
{
	s->low = sort_quantile(sorted, n, 0.005);
	s->high = sort_quantile(sorted, n, 0.995);
	for (size_t i = 0; i < n; i++) {
		double part = s->high > s->low ? (sorted[i] - s->low) /
			      (s->high - s->low) : 0;
		double k = floor(part * ERROR_BARS);

		s->bar[(size_t)fmin(fmax(k, 0), ERROR_BARS - 1)]++;
	}
}

static void shape(struct error_shape *s, double *e, double *spare, size_t n)
{
	struct sum sum = { 0 }, squares = { 0 };
	double *sorted;

	for (size_t i = 0; i < n; i++)
		sum_add(&sum, e[i]);
	s->mean = sum_of(&sum) / (double)n;
	for (size_t i = 0; i < n; i++)
		sum_add(&squares, (e[i] - s->mean) * (e[i] - s->mean));
	s->sd = sqrt(sum_of(&squares) / (double)n);
	sorted = sort_doubles(e, spare, n);
	fill_bars(s, sorted, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = fabs(sorted[i]);
	sorted = sort_doubles(sorted, sorted == e ? spare : e, n);
	for (size_t k = 0; k < ERROR_QUANTILES; k++)
		s->size[k] = sort_quantile(sorted, n, error_quantile[k]);
}

bool error_shape_init(struct error_shape *s, const double *y,
		      const double *told, size_t n, struct err *err)
{
	double *e = mem_try(n, sizeof(*e)), *spare = mem_try(n, sizeof(*e));
	bool ok = e && spare && n > 0;

	*s = (struct error_shape){ 0 };
	for (size_t i = 0; ok && i < n; i++)
		e[i] = told[i] - y[i];
	if (ok)
		shape(s, e, spare, n);
	else
		err_set(err, n ? ERR_NOMEM : ERR_DATA, n ?
			"no memory for the errors of %zu rows" :
			"there are %zu rows", n);
	free(e);
	free(spare);
	return ok;
}
