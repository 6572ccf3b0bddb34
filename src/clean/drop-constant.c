/*
 * drop-constant: a column that says nothing is no feature any more
 *
 * That is one with the same value in all training rows, or without any.  One
 * value and missing cells beside it are two things that a column can say.
 */
#include "clean/numbers.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Look at the training rows, or at all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Look at these columns only; otherwise at every feature" },
	{ 0 }
};

static bool one_number(const struct lesson *lesson, const struct treatment *t)
{
	size_t n = lesson_values(lesson, t);
	double min, max;

	if (n == 0)
		return true;
	if (n < lesson->rows->n)
		return false;
	measure_range(lesson->value, n, &min, &max);
	return min == max;
}

static bool one_level(const struct lesson *lesson, const struct treatment *t)
{
	size_t levels = lesson->table->column[lesson->column].levels;
	size_t n = lesson_counts(lesson, t);

	if (n == 0)
		return true;
	for (size_t k = 0; k <= levels; k++)
		if (lesson->count[k] > 0)
			return lesson->count[k] == lesson->rows->n;
	return false;
}

static bool drop_constant(const struct lesson *lesson, struct treatment *t,
			  struct job *job, struct err *err)
{
	(void)job;
	(void)err;
	if (lesson->rows->n > 0)
		t->dropped = lesson->table->column[lesson->column].number
			? one_number(lesson, t) : one_level(lesson, t);
	return true;
}

const struct rule rule_drop_constant = {
	.name = "drop-constant",
	.label = "−const",
	.help = "Leave out the columns that have one value only",
	.options = options,
	.takes = TAKES_ALL,
	.whole = true,
	.learn = drop_constant,
};
