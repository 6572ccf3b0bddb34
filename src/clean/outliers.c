/*
 * outliers: what lies far from the rest is clipped, made missing or dropped
 *
 *	iqr	below q1 - factor (q3 - q1), above q3 + factor (q3 - q1)
 *	zscore	further than factor deviations (over n) from the mean
 *	mad	further than factor deviations from the median, where the
 *		deviation is MAD / 0.6745, and MAD the median of |x - median|
 *
 * The factors 1.5, 3 and 3.5 are Tukey's (1977), the usual one, and that of
 * Iglewicz and Hoaglin (1993).  A column without a spread (its quartiles are
 * the same, say) has nothing to measure by and is left as it is: a flag that is
 * 1 in one row of a hundred is not a flag of outliers.
 */
#include <math.h>
#include <string.h>

#include "clean/numbers.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "method", OPTION_CHOICE, "iqr", 0, 0, "iqr zscore mad",
	  "How far is far: by quartiles, deviations, or the median's" },
	{ "factor", OPTION_NUMBER, NULL, 0, 1e100, NULL,
	  "So many of them; otherwise 1.5, 3 or 3.5" },
	{ "action", OPTION_CHOICE, "clip", 0, 0, "clip drop missing",
	  "To the bound, the row out of training, or a missing cell" },
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Learn the bounds from the training rows, or from all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Look at these columns only; otherwise at every number feature" },
	{ 0 }
};

static bool drops(const struct option_values *values)
{
	return !strcmp(options_text(values, "action"), "drop");
}

/* What is dropped from all rows goes before the split, as in many scripts. */
static enum rule_kind kind(const struct option_values *values)
{
	return drops(values) && !strcmp(options_text(values, "fit"), "all")
		? RULE_ROWS : RULE_COLUMNS;
}

struct bounds {
	double low, high;
};

static struct bounds around(double center, double reach)
{
	return (struct bounds){ center - reach, center + reach };
}

/* The same value twice: no spread. */
static struct bounds by_quartiles(const struct lesson *l, size_t n,
				  double factor)
{
	double q1 = measure_quantile(l->value, l->room, n, 0.25);
	double q3 = measure_quantile(l->value, l->room, n, 0.75);
	double range = q3 - q1;

	if (range == 0)
		return around(q1, 0);
	return (struct bounds){ q1 - factor * range, q3 + factor * range };
}

static struct bounds by_deviation(const struct lesson *l, size_t n,
				  double factor)
{
	double mean, sd;

	measure_moments(l->value, n, &mean, &sd);
	return around(mean, factor * sd);
}

static struct bounds by_median(const struct lesson *l, size_t n, double factor)
{
	double median = measure_quantile(l->value, l->room, n, 0.5);

	lesson_spoil(l);
	for (size_t i = 0; i < n; i++)
		l->value[i] = fabs(l->value[i] - median);
	return around(median, factor / 0.6745 *
		      measure_quantile(l->value, l->room, n, 0.5));
}

static bool outliers(const struct lesson *lesson, struct treatment *t,
		     struct job *job, struct err *err)
{
	const char *method = options_text(lesson->options, "method");
	const char *action = options_text(lesson->options, "action");
	double factor = options_number(lesson->options, "factor");
	size_t n = lesson_values(lesson, t);
	bool given = !isnan(factor);
	struct bounds b;

	(void)job;
	if (n == 0)
		return true;
	if (!strcmp(method, "iqr"))
		b = by_quartiles(lesson, n, given ? factor : 1.5);
	else if (!strcmp(method, "zscore"))
		b = by_deviation(lesson, n, given ? factor : 3);
	else
		b = by_median(lesson, n, given ? factor : 3.5);
	if (!(b.low < b.high))
		return true;
	return rule_step(t, strcmp(action, "clip") ? STEP_BLANK : STEP_CLIP,
			 b.low, b.high, err);
}

const struct rule rule_outliers = {
	.name = "outliers",
	.label = "out",
	.help = "Clip, blank or drop what lies far from the rest",
	.options = options,
	.takes = 1 << COLUMN_NUMBER,
	.offered = true,
	.kind = kind,
	.learn = outliers,
	.drops = drops,
};
