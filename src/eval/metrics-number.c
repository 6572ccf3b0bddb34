#include "eval/metrics-number.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "data/sort.h"

const struct number_measure_about number_measure[NUMBER_MEASURES] = {
	[NUMBER_R2] = { "r2", "r2", "r2", false },
	[NUMBER_RMSE] = { "rmse", "rmse", "rmse", true },
	[NUMBER_MAE] = { "mae", "mae", "mae", true },
	[NUMBER_MEDIAN] = { "median error", "median", "median_error", true },
	[NUMBER_MSE] = { "mse", "mse", "mse", false },
};

/* The squares of the differences from the mean, summed: from the first value
 * on, so that a large offset costs no digits. */
static double spread(const double *y, size_t n)
{
	struct sum sum = { 0 }, squares = { 0 };
	double mean;

	for (size_t i = 0; i < n; i++)
		sum_add(&sum, y[i] - y[0]);
	mean = sum_of(&sum) / (double)n;
	for (size_t i = 0; i < n; i++) {
		double d = y[i] - y[0] - mean;

		sum_add(&squares, d * d);
	}
	return sum_of(&squares);
}

static bool all_the_same(const double *y, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (y[i] != y[0])
			return false;
	return true;
}

static double r2_of(const double *y, size_t n, double squares)
{
	return all_the_same(y, n) ? NAN : 1 - squares / spread(y, n);
}

double metrics_r2(const double *y, const double *told, size_t n)
{
	struct sum squares = { 0 };

	for (size_t i = 0; i < n; i++)
		sum_add(&squares, (told[i] - y[i]) * (told[i] - y[i]));
	return r2_of(y, n, sum_of(&squares));
}

static double median_of(double *x, double *spare, size_t n)
{
	const double *sorted = sort_doubles(x, spare, n);

	return n % 2 ? sorted[n / 2] :
	       sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

static bool beyond(struct err *err)
{
	return err_set(err, ERR_MATH, "what is told of a row is beyond "
		       "measuring: has it cells far beyond those of the "
		       "training rows?  clean outliers, or another method");
}

/* Sizes of the errors into size; the sums of them and of their squares. */
static bool look_at_errors(const double *y, const double *told, size_t n,
			   double *size, struct sum *sum, struct sum *squares,
			   struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		double e = told[i] - y[i];

		if (isnan(e))
			return err_set(err, ERR_MATH, "a prediction is not a "
				       "number: has a row cells far beyond "
				       "those of the training rows?  clean "
				       "outliers, or another method");
		if (!isfinite(e * e))
			return beyond(err);
		size[i] = fabs(e);
		sum_add(sum, size[i]);
		sum_add(squares, e * e);
	}
	return true;
}

static bool measure(struct number_metrics *m, const double *y,
		    const double *told, double *size, double *spare,
		    struct err *err)
{
	struct sum sum = { 0 }, squares = { 0 };
	double n = (double)m->n;

	if (!look_at_errors(y, told, m->n, size, &sum, &squares, err))
		return false;
	if (!isfinite(sum_of(&squares)))
		return beyond(err);
	m->of[NUMBER_R2] = r2_of(y, m->n, sum_of(&squares));
	m->of[NUMBER_MSE] = sum_of(&squares) / n;
	m->of[NUMBER_RMSE] = sqrt(m->of[NUMBER_MSE]);
	m->of[NUMBER_MAE] = sum_of(&sum) / n;
	m->of[NUMBER_MEDIAN] = median_of(size, spare, m->n);
	return true;
}

bool metrics_number(struct number_metrics *m, const double *y,
		    const double *told, size_t n, struct err *err)
{
	double *size, *spare;
	bool ok;

	*m = (struct number_metrics){ .n = n };
	if (n == 0)
		return err_set(err, ERR_DATA, "there are no rows to measure");
	size = mem_try(n, sizeof(*size));
	spare = mem_try(n, sizeof(*spare));
	ok = size && spare ? measure(m, y, told, size, spare, err) :
	     err_set(err, ERR_NOMEM, "no memory to measure %zu rows", n);
	free(size);
	free(spare);
	return ok;
}
