/*
 * standardize: number columns to mean 0 and standard deviation 1
 *
 * The deviation is over n, as in scikit-learn's StandardScaler; a constant
 * column is only shifted.  Which rows it learns from is the caller's choice,
 * by fit=: the training rows, or all rows that are left.
 */
#include <math.h>

#include "base/sum.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Learn means and deviations from the training rows, or from all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise every number feature" },
	{ 0 }
};

/* Missing cells have no part in mean and deviation. */
static double mean_of(const double *x, const struct rows *rows, double around,
		      int power, size_t *n)
{
	struct sum s = { 0 };

	*n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		double d = x[rows->row[i]] - around;

		if (isnan(d))
			continue;
		sum_add(&s, power == 2 ? d * d : d);
		++*n;
	}
	return *n ? sum_of(&s) / (double)*n : NAN;
}

static struct transform learn(const double *x, const struct rows *rows)
{
	size_t n;
	double mean = mean_of(x, rows, 0, 1, &n), sd;

	if (n == 0)
		return (struct transform){ 0, 1 };
	sd = sqrt(mean_of(x, rows, mean, 2, &n));
	/* Rounding of the mean alone makes no deviation. */
	if (sd <= 1e-14 * fabs(mean))
		sd = 0;
	return (struct transform){ mean, sd > 0 ? sd : 1 };
}

static bool standardize(const struct table *table,
			const struct columns *columns,
			const struct rows *learn_from,
			struct transform *transform, struct job *job,
			struct err *err)
{
	#pragma omp parallel for schedule(dynamic, 1) \
		if (learn_from->n >= ROWS_PARALLEL)
	for (size_t k = 0; k < columns->n; k++) {
		size_t c = columns->column[k];

		if (!job_cancelled(job))
			transform[c] = learn(table->column[c].number,
					     learn_from);
	}
	return job_cancelled(job) ? err_cancelled(err) : true;
}

const struct rule rule_standardize = {
	.name = "standardize",
	.label = "std",
	.help = "Number columns to mean 0 and standard deviation 1",
	.options = options,
	.columns = standardize,
};
