/*
 * lesson.c - the cells that a column rule learns from
 */
#include <string.h>

#include "clean/rule.h"

enum { TILE = 1024 };

size_t lesson_values(const struct lesson *lesson, const struct treatment *t)
{
	const struct column *c = &lesson->table->column[lesson->column];
	const struct rows *rows = lesson->rows;
	bool may_lack = treatment_may_lack(t, t->steps, c);
	size_t n = 0;

	for (size_t start = 0; start < rows->n; start += TILE) {
		size_t here = rows->n - start < TILE ? rows->n - start : TILE;
		double *x = lesson->value + n;
		size_t found = 0;

		treatment_numbers(t, t->steps, c, rows->row + start, here, x);
		for (size_t i = 0; may_lack && i < here; i++) {
			double cell = x[i];

			x[found] = cell;
			found += cell == cell;
		}
		n += may_lack ? found : here;
	}
	return n;
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
