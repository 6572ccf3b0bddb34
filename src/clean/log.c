/*
 * log: the logarithm of number columns
 *
 * x becomes log(x + offset), with an offset of 1 unless told otherwise, so that
 * 0 becomes 0.  A column of which a row to learn from has no logarithm is left
 * as it is, unless it was named; a test cell without one is missing.
 */
#include "clean/numbers.h"
#include "clean/rules.h"
#include "data/number.h"

static const struct option options[] = {
	{ "offset", OPTION_NUMBER, "1", -1e100, 1e100, NULL,
	  "Add this before; 1 makes 0 to 0" },
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Look for values without a logarithm in the training rows, or in "
	  "all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise every number feature" },
	{ 0 }
};

static bool take_log(const struct lesson *lesson, struct treatment *t,
		     struct job *job, struct err *err)
{
	double offset = options_number(lesson->options, "offset"), min, max;
	size_t n = lesson_values(lesson, t);
	char text[NUMBER_TEXT];

	(void)job;
	if (n == 0)
		return true;
	measure_range(lesson->value, n, &min, &max);
	if (min + offset > 0)
		return rule_step(t, STEP_LOG, offset, 0, err);
	if (!rule_named(lesson->options))
		return true;
	number_format(min, text);
	return err_set(err, ERR_DATA, "log: %.80s goes down to %s, which has "
		       "no logarithm: a larger offset=, or leave it out of "
		       "columns=", lesson->table->column[lesson->column].name,
		       text);
}

const struct rule rule_log = {
	.name = "log",
	.label = "log",
	.help = "The logarithm of number columns",
	.options = options,
	.takes = 1 << COLUMN_NUMBER,
	.every = true,
	.learn = take_log,
};
