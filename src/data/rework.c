/*
 * rework.c - a table changed in place, before anybody else sees it
 *
 * Columns of a retyped table are borrowed until they are changed: a rule that
 * changes three columns of a thousand copies three.
 */
#include <stdlib.h>
#include <string.h>

#include "data/dict.h"
#include "data/table.h"

static bool no_memory(const struct table *t, size_t column, struct err *err)
{
	return err_set(err, ERR_NOMEM, "no memory to change %zu rows of %.80s",
		       t->rows, t->column[column].name);
}

/* The column of the base that this one may borrow from, or NULL. */
static const struct column *lender(const struct table *t, size_t column)
{
	return t->base && column < t->base->columns ? &t->base->column[column]
						    : NULL;
}

bool table_own(struct table *t, size_t column, struct err *err)
{
	struct column *c = &t->column[column];
	const struct column *from = lender(t, column);
	size_t size = c->number ? sizeof(*c->number) : sizeof(*c->code);
	const void *old = c->number ? (const void *)c->number : c->code;
	void *copy;

	if (!from || (c->number ? c->number != from->number
				: c->code != from->code))
		return true;
	copy = mem_large((t->rows + 1) * size);
	if (!copy)
		return no_memory(t, column, err);
	memcpy(copy, old, t->rows * size);
	if (c->number)
		c->number = copy;
	else
		c->code = copy;
	return true;
}

bool table_own_numbers(struct table *t, size_t column, struct err *err)
{
	struct column *c = &t->column[column];
	const struct column *from = lender(t, column);
	double *room;

	if (!from || c->number != from->number)
		return true;
	room = mem_large((t->rows + 1) * sizeof(*room));
	if (!room)
		return no_memory(t, column, err);
	c->number = room;
	return true;
}

struct column *table_add(struct table *t)
{
	struct column *columns = mem_array(t->columns + 1, sizeof(*columns));

	if (t->columns)
		memcpy(columns, t->column, t->columns * sizeof(*columns));
	free(t->column);
	t->column = columns;
	t->derived++;
	return &t->column[t->columns++];
}

/* ---- other levels ---- */

/* The new levels, and for each of the old ones its number among them. */
struct levels {
	const char **level;	/* owned */
	size_t n;
	uint32_t *to;		/* owned; LEVEL_MISSING: no more */
};

static void levels_clear(struct levels *new)
{
	free(new->level);
	free(new->to);
}

/* Texts that are the same are one level, where it came first. */
static bool join(struct table *t, const struct column *c,
		 const char *const *text, struct levels *new)
{
	struct dict dict = { 0 };
	bool good = true;

	for (size_t l = 0; good && l < c->levels; l++) {
		new->to[l] = LEVEL_MISSING;
		if (text[l])
			good = dict_add(&dict, t->arena, text[l],
					strlen(text[l]), &new->to[l]);
	}
	new->level = dict.text;
	new->n = dict.n;
	dict.text = NULL;
	dict_clear(&dict);
	return good;
}

/* Some go, the others stay as they are. */
static bool thin_out(const struct column *c, const char *const *text,
		     struct levels *new)
{
	new->level = mem_try(c->levels + 1, sizeof(*new->level));
	for (size_t l = 0; new->level && l < c->levels; l++) {
		new->to[l] = text[l] ? (uint32_t)new->n : LEVEL_MISSING;
		if (text[l])
			new->level[new->n++] = c->level[l];
	}
	return new->level != NULL;
}

static bool put_in_order(const struct table *t, const struct column *c,
			 struct levels *new)
{
	uint32_t *place = mem_try(new->n + 1, sizeof(*place));
	bool good = place && dict_sort(new->level, new->n, t->decimal,
				       t->thousands, place);

	for (size_t l = 0; good && l < c->levels; l++)
		if (new->to[l] != LEVEL_MISSING)
			new->to[l] = place[new->to[l]];
	free(place);
	return good;
}

/* How many cells have a level that changes. */
static size_t cells_of(const struct table *t, const struct column *c,
		       const bool *changes)
{
	size_t n = 0;

	for (size_t i = 0; i < t->rows; i++)
		n += c->code[i] != LEVEL_MISSING && changes[c->code[i]];
	return n;
}

/* Which levels change, and is one of them another text? */
static bool find_changes(const struct column *c, const char *const *text,
			 bool *changes, bool *renamed)
{
	bool some = false;

	*renamed = false;
	for (size_t l = 0; l < c->levels; l++) {
		changes[l] = text[l] != c->level[l] &&
			     (!text[l] || strcmp(text[l], c->level[l]));
		some |= changes[l];
		*renamed |= changes[l] && text[l];
	}
	return some;
}

static void set_levels(struct table *t, size_t column, struct levels *new)
{
	struct column *c = &t->column[column];
	const struct column *from = lender(t, column);

	for (size_t i = 0; i < t->rows; i++) {
		if (c->code[i] == LEVEL_MISSING)
			continue;
		c->code[i] = new->to[c->code[i]];
		c->missing += c->code[i] == LEVEL_MISSING;
	}
	if (!from || c->level != from->level)
		free(c->level);
	c->level = new->level;
	c->levels = new->n;
	new->level = NULL;
}

bool table_relevel(struct table *t, size_t column, const char *const *text,
		   size_t *cells, struct err *err)
{
	struct column *c = &t->column[column];
	bool *changes = mem_try(c->levels + 1, sizeof(*changes));
	struct levels new = { 0 };
	bool renamed = false, good = changes;

	*cells = 0;
	if (good && find_changes(c, text, changes, &renamed))
		*cells = cells_of(t, c, changes);
	if (*cells > 0) {
		new.to = mem_try(c->levels, sizeof(*new.to));
		good = new.to && (renamed ? join(t, c, text, &new)
					  : thin_out(c, text, &new)) &&
		       put_in_order(t, c, &new);
	}
	free(changes);
	if (!good || *cells == 0) {
		levels_clear(&new);
		return good || no_memory(t, column, err);
	}
	good = table_own(t, column, err);
	if (good)
		set_levels(t, column, &new);
	levels_clear(&new);
	return good;
}
