/*
 * lesson.c - the cells that a column rule learns from
 */
#include <string.h>

#include "clean/rule.h"

enum { TILE = 1024 };

/* Missing cells are left out of x: how many are not. */
static size_t squeeze(double *x, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		double cell = x[i];

		x[found] = cell;
		found += cell == cell;
	}
	return found;
}

static void read_values(const struct lesson *lesson, const struct treatment *t,
			struct held *held)
{
	const struct column *c = &lesson->table->column[lesson->column];
	const struct rows *rows = lesson->rows;
	bool may_lack = treatment_may_lack(t, t->steps, c);
	size_t n = 0;

	for (size_t start = 0; start < rows->n; start += TILE) {
		size_t here = rows->n - start < TILE ? rows->n - start : TILE;
		double *x = lesson->value + n;

		treatment_numbers(t, t->steps, c, rows->row + start, here, x);
		n += may_lack ? squeeze(x, here) : here;
	}
	*held = (struct held){ .rows = rows, .steps = t->steps, .n = n,
			       .missing = rows->n - n,
			       .cell = t->number ? t->number : c->number };
}

/* One step more on what is held. */
static void go_on(double *value, const struct step *step, struct held *held)
{
	size_t all = held->n + held->missing;

	held->steps++;
	if (step->kind == STEP_FILL) {
		for (; held->n < all; held->n++)
			value[held->n] = step->a;
		held->missing = 0;
		return;
	}
	steps_take(step, 1, value, held->n);
	if (step->kind == STEP_BLANK || step->kind == STEP_LOG)
		held->n = squeeze(value, held->n);
	held->missing = all - held->n;
}

size_t lesson_values(const struct lesson *lesson, const struct treatment *t)
{
	const struct column *c = &lesson->table->column[lesson->column];
	struct held *held = lesson->held;

	if (held->rows != lesson->rows || held->steps > t->steps ||
	    held->cell != (t->number ? t->number : c->number))
		read_values(lesson, t, held);
	while (held->steps < t->steps)
		go_on(lesson->value, &t->step[held->steps], held);
	return held->n;
}

void lesson_spoil(const struct lesson *lesson)
{
	lesson->held->rows = NULL;
}

size_t lesson_counts(const struct lesson *lesson, const struct treatment *t)
{
	const struct column *c = &lesson->table->column[lesson->column];
	size_t n = 0;

	memset(lesson->count, 0, (c->levels + 1) * sizeof(*lesson->count));
	for (size_t i = 0; i < lesson->rows->n; i++) {
		uint32_t code = treatment_code(t, c, lesson->rows->row[i]);

		if (code == LEVEL_MISSING)
			continue;
		lesson->count[code]++;
		n++;
	}
	return n;
}
