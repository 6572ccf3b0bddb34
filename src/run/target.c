#include "run/target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/number.h"

/* Squares of these, summed, are still numbers. */
#define LARGEST 1e100

static bool none_missing(const struct column *c, const struct rows *used,
			 struct err *err)
{
	size_t missing = 0;

	for (size_t i = 0; i < used->n; i++)
		missing += table_is_missing(c, used->row[i]);
	if (missing == 0)
		return true;
	return err_set(err, ERR_DATA, "the target %.80s is missing in %zu of "
		       "%zu rows: clean drop-missing", c->name, missing,
		       used->n);
}

static void add_class(struct target *t, const char *name)
{
	t->name = mem_grow(t->name, t->classes, sizeof(*t->name));
	t->name[t->classes++] = mem_strdup(name);
}

/* Levels are sorted, so the classes are. */
static void classes_of_levels(struct target *t, const struct rows *used)
{
	const struct column *c = t->column;
	bool *occurs = mem_array(c->levels, sizeof(*occurs));

	for (size_t i = 0; i < used->n; i++)
		occurs[c->code[used->row[i]]] = true;
	t->of_level = mem_array(c->levels, sizeof(*t->of_level));
	for (size_t l = 0; l < c->levels; l++) {
		if (!occurs[l])
			continue;
		t->of_level[l] = (uint32_t)t->classes;
		add_class(t, c->level[l]);
	}
	free(occurs);
}

/* False when there are more than two values. */
static bool classes_of_numbers(struct target *t, const struct rows *used)
{
	const double *x = t->column->number;
	char text[NUMBER_TEXT];
	size_t n = 0;

	for (size_t i = 0; i < used->n; i++) {
		double v = x[used->row[i]];

		if ((n > 0 && v == t->of_value[0]) ||
		    (n > 1 && v == t->of_value[1]))
			continue;
		if (n == 2)
			return false;
		t->of_value[n++] = v;
	}
	if (n == 2 && t->of_value[0] > t->of_value[1]) {
		double low = t->of_value[1];

		t->of_value[1] = t->of_value[0];
		t->of_value[0] = low;
	}
	for (size_t k = 0; k < n; k++) {
		number_format(t->of_value[k], text);
		add_class(t, text);
	}
	return true;
}

/* The positive class is the last one: change places with it. */
static void swap_classes(struct target *t)
{
	char *name = t->name[0];
	double value = t->of_value[0];

	t->name[0] = t->name[1];
	t->name[1] = name;
	t->of_value[0] = t->of_value[1];
	t->of_value[1] = value;
	for (size_t l = 0; t->of_level && l < t->column->levels; l++)
		t->of_level[l] ^= 1;
}

static bool some_classes(const struct target *t, struct err *err)
{
	const char *name = t->column->name;

	if (t->classes >= 2 && t->classes <= TARGET_CLASSES)
		return true;
	if (t->classes == 1)
		return err_set(err, ERR_DATA, "the target %.80s has one class: "
			       "every row that is used says '%.60s'", name,
			       t->name[0]);
	return err_set(err, ERR_DATA, "the target %.80s has %zu classes, and "
		       "%d are the most: choose another target", name,
		       t->classes, TARGET_CLASSES);
}

static bool numbers_of(struct target *t, const char *positive,
		       const struct rows *used, struct err *err)
{
	const struct column *c = t->column;

	t->task = TASK_REGRESSION;
	if (positive)
		return err_set(err, ERR_USAGE, "positive=%.60s: %.80s is a "
			       "number with more than two values: it has no "
			       "classes", positive, c->name);
	for (size_t i = 0; i < used->n; i++)
		if (!(fabs(c->number[used->row[i]]) <= LARGEST))
			return err_set(err, ERR_DATA, "the target %.80s has "
				       "values too large to compute with: "
				       "choose another", c->name);
	return true;
}

static bool find_classes(struct target *t, const char *positive,
			 const struct rows *used, struct err *err)
{
	const struct column *c = t->column;

	if (c->type == COLUMN_TEXT)
		return err_set(err, ERR_DATA, "the target %.80s is free text "
			       "with %zu values: type it as a category, or "
			       "choose another", c->name, c->levels);
	if (c->type == COLUMN_TIME)
		return err_set(err, ERR_DATA, "the target %.80s is a time: "
			       "type it as a category, or choose another",
			       c->name);
	if (c->type == COLUMN_CATEGORY)
		classes_of_levels(t, used);
	else if (!classes_of_numbers(t, used))
		return numbers_of(t, positive, used, err);
	if (!some_classes(t, err))
		return false;
	if (positive && t->classes > 2)
		return err_set(err, ERR_USAGE, "positive=%.60s: %.80s has %zu "
			       "classes, and positive= is for two", positive,
			       c->name, t->classes);
	if (!positive || !strcmp(positive, t->name[1]))
		return true;
	if (strcmp(positive, t->name[0]))
		return err_set(err, ERR_USAGE, "positive=%.60s: %.80s says "
			       "'%.40s' or '%.40s'", positive, c->name,
			       t->name[0], t->name[1]);
	swap_classes(t);
	return true;
}

bool target_init(struct target *t, const struct table *table,
		 const struct settings *settings, const struct rows *used,
		 struct err *err)
{
	*t = (struct target){ 0 };
	if (settings->target < 0)
		return err_set(err, ERR_USAGE,
			       "there is no target yet: target COLUMN");
	t->column = &table->column[settings->target];
	if (none_missing(t->column, used, err) &&
	    find_classes(t, settings->positive, used, err))
		return true;
	target_clear(t);
	return false;
}

void target_clear(struct target *t)
{
	for (size_t k = 0; k < t->classes; k++)
		free(t->name[k]);
	free(t->name);
	free(t->of_level);
	*t = (struct target){ 0 };
}

bool truth_init(struct truth *truth, const struct target *target,
		const struct rows *rows, struct err *err)
{
	const struct column *c = target->column;

	*truth = (struct truth){ .n = rows->n };
	if (target->task == TASK_REGRESSION)
		truth->number = mem_try(rows->n, sizeof(*truth->number));
	else
		truth->class_of = mem_try(rows->n, sizeof(*truth->class_of));
	if (!truth->number && !truth->class_of)
		return err_set(err, ERR_NOMEM,
			       "no memory for the target of %zu rows", rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		size_t row = rows->row[i];

		if (truth->number)
			truth->number[i] = c->number[row];
		else
			truth->class_of[i] = c->code ?
				target->of_level[c->code[row]] :
				c->number[row] == target->of_value[1];
	}
	return true;
}

void truth_clear(struct truth *truth)
{
	free(truth->class_of);
	free(truth->number);
	*truth = (struct truth){ 0 };
}

enum task_kind target_task(const struct column *c, size_t rows)
{
	double value[2];
	size_t n = 0;

	if (c->type != COLUMN_NUMBER)
		return TASK_CLASSIFICATION;
	for (size_t i = 0; i < rows; i++) {
		double v = c->number[i];

		if (isnan(v) || (n > 0 && v == value[0]) ||
		    (n > 1 && v == value[1]))
			continue;
		if (n == 2)
			return TASK_REGRESSION;
		value[n++] = v;
	}
	return TASK_CLASSIFICATION;
}
