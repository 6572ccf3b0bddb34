/*
 * rare: levels that few rows have become one, "other"
 *
 * A level that no training row has becomes other, too, where there is one.  A
 * column that has a level of that name itself takes them in there.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "clean/rules.h"

static const struct option options[] = {
	{ "share", OPTION_NUMBER, "0.01", 0, 1, NULL,
	  "Rare is what fewer than this part of the rows has" },
	{ "count", OPTION_WHOLE, NULL, 0, 1e100, NULL,
	  "Rare is what fewer rows than these have; then share= is not asked" },
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Count the training rows, or all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise every category" },
	{ 0 }
};

static uint32_t find_other(const struct column *c)
{
	uint32_t k = 0;

	while (k < c->levels && strcmp(c->level[k], LEVEL_OTHER_NAME))
		k++;
	return k;	/* behind the last: the extra one */
}

static bool is_rare(size_t count, double least)
{
	return (double)count < least;
}

static bool rare(const struct lesson *lesson, struct treatment *t,
		 struct job *job, struct err *err)
{
	const struct column *c = &lesson->table->column[lesson->column];
	double least = options_number(lesson->options, "count");
	size_t n = lesson_counts(lesson, t), rare_ones = 0;
	uint32_t other = find_other(c), *level;

	(void)job;
	(void)err;
	if (isnan(least))
		least = options_number(lesson->options, "share") * (double)n;
	for (size_t k = 0; k < c->levels; k++)
		rare_ones += lesson->count[k] > 0 && k != other &&
			     is_rare(lesson->count[k], least);
	if (rare_ones == 0)
		return true;
	level = mem_array(c->levels, sizeof(*level));
	for (uint32_t k = 0; k < c->levels; k++) {
		uint32_t is = t->level ? t->level[k] : k;

		level[k] = is_rare(lesson->count[is], least) ? other : is;
	}
	if (t->missing_as != LEVEL_MISSING &&
	    is_rare(lesson->count[t->missing_as], least))
		t->missing_as = other;
	t->level = level;
	if (other == c->levels)
		snprintf(t->extra, sizeof(t->extra), LEVEL_OTHER_NAME);
	return true;
}

const struct rule rule_rare = {
	.name = "rare",
	.label = "rare",
	.help = "Levels that few rows have become one: other",
	.options = options,
	.takes = 1 << COLUMN_CATEGORY,
	.learn = rare,
};
