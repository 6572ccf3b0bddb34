/*
 * expression-column.c - the values of an expression as a column of a table
 */
#include "data/expression-program.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/dict.h"

static size_t count_missing(const double *value, size_t rows)
{
	size_t missing = 0;

	for (size_t i = 0; i < rows; i++)
		missing += value[i] != value[i];
	return missing;
}

/* place[] is LEVEL_MISSING for a level that does not occur, else where it goes
 * in the column. */
static bool place_levels(const struct expression *e, const double *value,
			 size_t rows, struct column *c, uint32_t *place,
			 struct arena *arena)
{
	uint32_t *order;
	bool good;

	for (size_t k = 0; k < e->levels; k++)
		place[k] = LEVEL_MISSING;
	for (size_t i = 0; i < rows; i++)
		if (value[i] == value[i])
			place[(size_t)value[i]] = 0;
	for (size_t k = 0; k < e->levels; k++) {
		if (place[k] == LEVEL_MISSING)
			continue;
		place[k] = (uint32_t)c->levels;
		c->level[c->levels++] = arena_strndup(arena, e->level[k],
						      strlen(e->level[k]));
	}
	order = mem_try(c->levels, sizeof(*order));
	good = order && dict_sort(c->level, c->levels, '.', '\0', order);
	for (size_t k = 0; good && k < e->levels; k++)
		if (place[k] != LEVEL_MISSING)
			place[k] = order[place[k]];
	free(order);
	return good;
}

static bool to_levels(const struct expression *e, const double *value,
		      size_t rows, struct column *c, struct arena *arena)
{
	uint32_t *place = mem_try(e->levels, sizeof(*place));
	bool good;

	c->level = mem_try(e->levels, sizeof(*c->level));
	c->code = mem_try(rows, sizeof(*c->code));
	good = place && c->level && c->code &&
	       place_levels(e, value, rows, c, place, arena);
	for (size_t i = 0; good && i < rows; i++)
		c->code[i] = value[i] != value[i] ? LEVEL_MISSING
						  : place[(size_t)value[i]];
	free(place);
	c->type = column_type_of_levels(c->levels, rows - c->missing);
	return good;
}

bool expression_column(const struct expression *e, size_t rows,
		       const char *name, struct arena *arena,
		       struct column *c, struct job *job, struct err *err)
{
	double *value = mem_try(rows, sizeof(*value));
	bool good = value && expression_values(e, rows, value, job, err);

	*c = (struct column){ .type = COLUMN_NUMBER };
	if (!value)
		return err_set(err, ERR_NOMEM, "no memory for a column of %zu "
			       "rows", rows);
	if (!good) {
		free(value);
		return false;
	}
	c->name = arena_strndup(arena, name, strlen(name));
	c->missing = count_missing(value, rows);
	if (!e->is_text) {
		c->number = value;
		c->type = e->is_time ? COLUMN_TIME : COLUMN_NUMBER;
		c->form = e->form;
		return true;
	}
	good = to_levels(e, value, rows, c, arena);
	free(value);
	if (good)
		return true;
	free(c->code);
	free(c->level);
	*c = (struct column){ .type = COLUMN_NUMBER };
	return err_set(err, ERR_NOMEM, "no memory for the levels of %s", name);
}
