/*
 * impute: missing cells are filled
 *
 *	median, mean	of the training rows; in a category, mode
 *	mode		what is there most often, the smallest of those
 *	constant	what value= says: a number in number columns; in a
 *			category a level, which may be a new one
 *	previous	the last value above it in the file, within group=;
 *			cells that have none above stay missing
 *
 * As scikit-learn's SimpleImputer, and indicator=yes as its add_indicator: one
 * more feature for columns that have missing cells in the training rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/numbers.h"
#include "clean/rules.h"
#include "data/number.h"

static const struct option options[] = {
	{ "method", OPTION_CHOICE, "median", 0, 0,
	  "median mean mode constant previous", "What to fill in" },
	{ "value", OPTION_TEXT, NULL, 0, 0, NULL,
	  "With method=constant: this" },
	{ "group", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "With method=previous: look above only where this column says the "
	  "same" },
	{ "indicator", OPTION_CHOICE, "no", 0, 0, "no yes",
	  "One more feature: 1 where the cell was missing" },
	{ "fit", OPTION_CHOICE, "train", 0, 0, "train all",
	  "Learn from the training rows, or from all" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Fill these columns only; otherwise every feature" },
	{ 0 }
};

static bool is(const struct lesson *l, const char *option, const char *value)
{
	return !strcmp(options_text(l->options, option), value);
}

static bool check(const struct option_values *values, struct err *err)
{
	const char *method = options_text(values, "method");
	bool constant = !strcmp(method, "constant");

	if (constant && !options_text(values, "value"))
		return err_set(err, ERR_USAGE,
			       "impute method=constant wants value=");
	if (!constant && options_text(values, "value"))
		return err_set(err, ERR_USAGE, "impute value= is for "
			       "method=constant");
	if (options_text(values, "group") && strcmp(method, "previous"))
		return err_set(err, ERR_USAGE, "impute group= is for "
			       "method=previous");
	return true;
}

/* ---- one value for all ---- */

/* False, and no error: there is nothing to fill in. */
static bool number_of(const struct lesson *l, const struct treatment *t,
		      double *fill)
{
	size_t n = lesson_values(l, t);
	double sd;

	if (n == 0)
		return false;
	if (is(l, "method", "mean"))
		measure_moments(l->value, n, fill, &sd);
	else if (is(l, "method", "mode"))
		*fill = measure_mode(l->value, l->room, n);
	else
		*fill = measure_quantile(l->value, l->room, n, 0.5);
	return true;
}

/* Times and, unless they were named, numbers are not filled with a word. */
static bool constant_of(const struct lesson *l, double *fill, bool *there,
			struct err *err)
{
	const struct column *c = &l->table->column[l->column];
	const char *value = options_text(l->options, "value");

	*there = c->type == COLUMN_NUMBER &&
		 number_parse(value, strlen(value), '.', fill);
	if (*there || !rule_named(l->options))
		return true;
	return err_set(err, ERR_USAGE, "impute value=%.40s: %.80s is a %s",
		       value, c->name, column_type_name[c->type]);
}

static bool fill_numbers(const struct lesson *l, struct treatment *t,
			 struct err *err)
{
	const struct column *c = &l->table->column[l->column];
	bool there;
	double fill;

	/* What nothing can be missing in needs no value. */
	if (!treatment_may_lack(t, t->steps, c))
		return true;
	if (!is(l, "method", "constant"))
		there = number_of(l, t, &fill);
	else if (!constant_of(l, &fill, &there, err))
		return false;
	return !there || rule_step(t, STEP_FILL, fill, 0, err);
}

static uint32_t most_frequent(const struct lesson *l,
			      const struct treatment *t)
{
	size_t levels = l->table->column[l->column].levels;
	uint32_t most = 0;

	if (lesson_counts(l, t) == 0)
		return LEVEL_MISSING;
	for (uint32_t k = 1; k <= levels; k++)
		if (l->count[k] > l->count[most])
			most = k;
	return most;
}

/* The level of that name, or the extra one, which then gets it. */
static uint32_t level_named(const struct column *c, const char *name,
			    struct treatment *t)
{
	for (uint32_t k = 0; k < c->levels; k++)
		if (!strcmp(c->level[k], name))
			return t->level ? t->level[k] : k;
	if (!*t->extra)
		snprintf(t->extra, sizeof(t->extra), "%s", name);
	return (uint32_t)c->levels;
}

static void fill_levels(const struct lesson *l, struct treatment *t)
{
	const struct column *c = &l->table->column[l->column];

	if (!treatment_may_lack(t, t->steps, c))
		return;
	t->missing_as = is(l, "method", "constant")
		? level_named(c, options_text(l->options, "value"), t)
		: most_frequent(l, t);
}

/* ---- the value above ---- */

/* The group of each row, from 0 on; NULL: all are one. */
static bool find_group(const struct lesson *l, const struct column **group,
		       struct err *err)
{
	const char *name = options_text(l->options, "group");
	int c = name ? table_find(l->table, name) : -1;

	*group = NULL;
	if (!name)
		return true;
	if (c < 0)
		return err_set(err, ERR_USAGE, "impute group=: there is no "
			       "column '%.80s'", name);
	*group = &l->table->column[c];
	if ((*group)->code)
		return true;
	return err_set(err, ERR_USAGE, "impute group=: %.80s is a %s; type it "
		       "as a category", name, column_type_name[(*group)->type]);
}

/* The last row of a group that had a value, plus one; 0: none yet. */
static size_t *last_of(const struct column *group, size_t *last, size_t row)
{
	uint32_t code = group ? group->code[row] : 0;

	return &last[group && code == LEVEL_MISSING ? group->levels : code];
}

static void carry_numbers(const struct column *c, const struct treatment *t,
			  const struct column *group, size_t rows,
			  size_t *last, double *number, bool *blank)
{
	const double *cell = t->number ? t->number : c->number;

	for (size_t i = 0; i < rows; i++) {
		size_t *at = last_of(group, last, i);
		double x = treatment_number(t, c, i);

		blank[i] = x != x;
		number[i] = blank[i] && *at ? number[*at - 1] : cell[i];
		if (!blank[i])
			*at = i + 1;
	}
}

static void carry_levels(const struct column *c, const struct treatment *t,
			 const struct column *group, size_t rows, size_t *last,
			 uint32_t *code, bool *blank)
{
	const uint32_t *cell = t->code ? t->code : c->code;

	for (size_t i = 0; i < rows; i++) {
		size_t *at = last_of(group, last, i);

		blank[i] = treatment_code(t, c, i) == LEVEL_MISSING;
		code[i] = blank[i] && *at ? code[*at - 1] : cell[i];
		if (!blank[i])
			*at = i + 1;
	}
}

/* The steps before stay steps: a cell that is carried goes through them. */
static bool previous(const struct lesson *l, struct treatment *t,
		     struct err *err)
{
	const struct column *c = &l->table->column[l->column], *group;
	size_t rows = l->table->rows, *last;
	size_t size = c->number ? sizeof(double) : sizeof(uint32_t);
	void *cells;
	bool *blank;

	if (!find_group(l, &group, err))
		return false;
	if (!treatment_may_lack(t, t->steps, c))
		return true;
	cells = mem_try(rows + 1, size);
	blank = mem_try(rows + 1, sizeof(*blank));
	if (!cells || !blank) {
		free(cells);
		free(blank);
		return err_set(err, ERR_NOMEM, "no memory to fill %zu cells",
			       rows);
	}
	last = mem_array(group ? group->levels + 1 : 1, sizeof(*last));
	if (c->number)
		carry_numbers(c, t, group, rows, last, cells, blank);
	else
		carry_levels(c, t, group, rows, last, cells, blank);
	free(last);
	if (c->number)
		t->number = cells;
	else
		t->code = cells;
	if (t->indicator && !t->blank)
		t->blank = blank;
	else
		free(blank);
	return true;
}

/* ---- the rule ---- */

static bool lacks_some(const struct lesson *l, const struct treatment *t)
{
	const struct column *c = &l->table->column[l->column];

	if (!treatment_may_lack(t, t->steps, c))
		return false;
	return (c->number ? lesson_values(l, t) : lesson_counts(l, t)) <
	       l->rows->n;
}

static bool impute(const struct lesson *lesson, struct treatment *t,
		   struct job *job, struct err *err)
{
	(void)job;
	if (is(lesson, "indicator", "yes") && !t->indicator &&
	    lacks_some(lesson, t)) {
		t->indicator = true;
		t->indicator_steps = t->steps;
	}
	if (is(lesson, "method", "previous"))
		return previous(lesson, t, err);
	if (lesson->table->column[lesson->column].number)
		return fill_numbers(lesson, t, err);
	fill_levels(lesson, t);
	return true;
}

const struct rule rule_impute = {
	.name = "impute",
	.label = "imp",
	.help = "Fill missing cells",
	.options = options,
	.takes = TAKES_NUMBERS | 1 << COLUMN_CATEGORY,
	.offered = true,
	.check = check,
	.learn = impute,
};
