/*
 * robust: number columns to median 0 and interquartile range 1
 *
 * As scikit-learn's RobustScaler.  A few wild values move a mean and a
 * deviation far; the quartiles they leave where they are.
 */
#include "clean/numbers.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Learn the quartiles from the training rows, or from all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise every number feature" },
	{ 0 }
};

static bool robust(const struct lesson *lesson, struct treatment *t,
		   struct job *job, struct err *err)
{
	size_t n = lesson_values(lesson, t);
	double *x = lesson->value, *room = lesson->room, median, range;

	(void)job;
	if (n == 0)
		return true;
	median = measure_quantile(x, room, n, 0.5);
	range = measure_quantile(x, room, n, 0.75) -
		measure_quantile(x, room, n, 0.25);
	return rule_step(t, STEP_SCALE, median, range > 0 ? range : 1, err);
}

const struct rule rule_robust = {
	.name = "robust",
	.label = "robust",
	.help = "Number columns to median 0 and interquartile range 1",
	.options = options,
	.takes = TAKES_NUMBERS,
	.every = true,
	.learn = robust,
};
