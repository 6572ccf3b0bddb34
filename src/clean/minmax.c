/*
 * minmax: number columns to the range from 0 to 1
 *
 * As scikit-learn's MinMaxScaler: a constant column is only shifted, and a test
 * row may lie outside.
 */
#include "clean/numbers.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Learn the ranges from the training rows, or from all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise every number feature" },
	{ 0 }
};

static bool minmax(const struct lesson *lesson, struct treatment *t,
		   struct job *job, struct err *err)
{
	size_t n = lesson_values(lesson, t);
	double min, max;

	(void)job;
	if (n == 0)
		return true;
	measure_range(lesson->value, n, &min, &max);
	return rule_step(t, STEP_SCALE, min, max > min ? max - min : 1, err);
}

const struct rule rule_minmax = {
	.name = "minmax",
	.label = "minmax",
	.help = "Number columns to the range from 0 to 1",
	.options = options,
	.takes = TAKES_NUMBERS,
	.every = true,
	.learn = minmax,
};
