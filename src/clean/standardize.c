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
static double mean_of(const struct column *c, const struct treatment *t,
		      const struct rows *rows, double around, int power,
		      size_t *n)
{
	struct sum s = { 0 };

	*n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		double x = treatment_number(t, c, rows->row[i]);
		double d = x - around;

		if (isnan(d))
			continue;
		sum_add(&s, power == 2 ? d * d : d);
		++*n;
	}
	return *n ? sum_of(&s) / (double)*n : NAN;
}

static bool standardize(const struct lesson *lesson, struct treatment *t,
			struct job *job, struct err *err)
{
	const struct column *c = &lesson->table->column[lesson->column];
	size_t n;
	double mean = mean_of(c, t, lesson->rows, 0, 1, &n), sd;

	(void)job;
	if (n == 0)
		return true;
	sd = sqrt(mean_of(c, t, lesson->rows, mean, 2, &n));
	/* Rounding of the mean alone makes no deviation. */
	if (sd <= 1e-14 * fabs(mean))
		sd = 0;
	return treatment_add(t, STEP_SCALE, mean, sd > 0 ? sd : 1) ||
	       err_set(err, ERR_USAGE, "too many rules for one column");
}

const struct rule rule_standardize = {
	.name = "standardize",
	.label = "std",
	.help = "Number columns to mean 0 and standard deviation 1",
	.options = options,
	.takes = TAKES_NUMBERS,
	.offered = true,
	.learn = standardize,
};
