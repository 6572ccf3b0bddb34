/*
 * standardize: number columns to mean 0 and standard deviation 1
 *
 * The deviation is over n, as in scikit-learn's StandardScaler; a constant
 * column is only shifted.  Which rows it learns from is the caller's choice,
 * by fit=: the training rows, or all rows that are left.
 */
#include "clean/numbers.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Learn means and deviations from the training rows, or from all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise every number feature" },
	{ 0 }
};

/* Missing cells have no part in mean and deviation. */
static bool standardize(const struct lesson *lesson, struct treatment *t,
			struct job *job, struct err *err)
{
	size_t n = lesson_values(lesson, t);
	double mean, sd;

	(void)job;
	if (n == 0)
		return true;
	measure_moments(lesson->value, n, &mean, &sd);
	return rule_step(t, STEP_SCALE, mean, sd > 0 ? sd : 1, err);
}

const struct rule rule_standardize = {
	.name = "standardize",
	.label = "std",
	.help = "Number columns to mean 0 and standard deviation 1",
	.options = options,
	.takes = TAKES_NUMBERS,
	.offered = true,
	.every = true,
	.learn = standardize,
};
