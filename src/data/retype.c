/*
 * retype.c - table_retyped(): a table whose columns are taken for something
 * else
 */
#include <stdlib.h>
#include <string.h>

#include "data/dates.h"
#include "data/dict.h"
#include "data/number.h"
#include "data/odd.h"
#include "data/sort.h"
#include "data/table.h"

/* Room for a number, and for a time. */
enum { VALUE_TEXT = (int)NUMBER_TEXT > (int)WHEN_TEXT ? (int)NUMBER_TEXT
						      : (int)WHEN_TEXT };

/* The number of x among n different ones in ascending order. */
static uint32_t place_of(double x, const double *sorted, size_t n)
{
	size_t low = 0, high = n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (sorted[middle] <= x)
			low = middle;
		else
			high = middle;
	}
	return (uint32_t)low;
}

/* The different values of a number column, in order, in *value. */
static size_t distinct_values(const struct column *c, size_t rows,
			      double *value, double *spare, double **distinct)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < rows; i++)
		if (c->number[i] == c->number[i])
			value[n++] = c->number[i];
	*distinct = sort_doubles(value, spare, n);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || (*distinct)[kept - 1] != (*distinct)[i])
			(*distinct)[kept++] = (*distinct)[i];
	return kept;
}

static size_t value_text(const struct column *c, double x,
			 char text[VALUE_TEXT])
{
	return c->type == COLUMN_TIME ? when_format(x, &c->form, text)
				      : number_format(x, text);
}

/* Levels: the values as texts, then the odd texts in their order. */
static bool set_levels(struct column *to, const struct column *from,
		       const double *distinct, size_t n, uint32_t *place,
		       struct arena *arena)
{
	char text[VALUE_TEXT];

	to->levels = n + from->odds;
	to->level = mem_try(to->levels, sizeof(*to->level));
	if (!to->level)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t len = value_text(from, distinct[i], text);

		to->level[i] = arena_strndup(arena, text, len);
	}
	for (size_t i = 0; i < from->odds; i++)
		to->level[n + i] = from->odd[i];
	return dict_sort(to->level + n, from->odds, '.', 0, place);
}

static void set_codes(struct column *to, const struct column *from,
		      size_t rows, const double *distinct, size_t n,
		      const uint32_t *place)
{
	for (size_t i = 0; i < rows; i++) {
		double x = from->number[i];
		uint32_t odd = odd_text(x);

		if (x == x)
			to->code[i] = place_of(x, distinct, n);
		else
			to->code[i] = odd ? (uint32_t)n + place[odd - 1]
					  : LEVEL_MISSING;
	}
}

static bool numbers_to_levels(struct column *to, const struct column *from,
			      size_t rows, struct arena *arena)
{
	double *value = malloc((rows + 1) * sizeof(*value));
	double *spare = malloc((rows + 1) * sizeof(*spare));
	uint32_t *place = mem_try(from->odds, sizeof(*place));
	double *distinct;
	size_t n;
	bool good = false;

	to->number = NULL;
	to->odd = NULL;
	to->odds = to->odd_cells = 0;
	to->code = malloc((rows + 1) * sizeof(*to->code));
	if (!value || !spare || !place || !to->code)
		goto out;
	n = distinct_values(from, rows, value, spare, &distinct);
	good = set_levels(to, from, distinct, n, place, arena);
	if (good)
		set_codes(to, from, rows, distinct, n, place);
out:
	free(place);
	free(spare);
	free(value);
	return good;
}

/* The form in which most of the levels are times; any, when none is one. */
static void find_form(const struct table *t, const struct column *from,
		      struct when_form *form)
{
	struct when_tally tally = { 0 };

	for (size_t i = 0; i < from->levels; i++)
		when_tally_add(&tally, from->level[i], strlen(from->level[i]));
	if (dates_form(&t->dates, &tally, form) == 0)
		*form = (struct when_form){ .has_date = true,
					    .has_time = true };
}

/* What each level is as a number or a time; the others become odd texts. */
static void read_levels(const struct table *t, struct column *to,
			const struct column *from, double *number)
{
	if (to->type == COLUMN_TIME)
		find_form(t, from, &to->form);
	for (size_t i = 0; i < from->levels; i++) {
		const char *text = from->level[i];
		size_t len = strlen(text);

		if (to->type == COLUMN_TIME
		    ? when_parse(text, len, &to->form, number + i)
		    : number_read(text, len, t->decimal, t->thousands,
				  number + i))
			continue;
		number[i] = odd_make((uint32_t)to->odds);
		to->odd[to->odds++] = text;
	}
}

static bool levels_to_numbers(const struct table *t, struct column *to,
			      const struct column *from)
{
	double *number = mem_try(from->levels, sizeof(*number));

	to->code = NULL;
	to->level = NULL;
	to->levels = 0;
	to->number = malloc((t->rows + 1) * sizeof(*to->number));
	to->odd = mem_try(from->levels, sizeof(*to->odd));
	if (!number || !to->number || !to->odd) {
		free(number);
		return false;
	}
	read_levels(t, to, from, number);
	for (size_t i = 0; i < t->rows; i++) {
		uint32_t code = from->code[i];

		to->number[i] = code == LEVEL_MISSING ? odd_missing()
						      : number[code];
		to->odd_cells += odd_text(to->number[i]) > 0;
	}
	free(number);
	return true;
}

/* Seconds beyond the year 5000, all of them, are milliseconds. */
static bool are_milliseconds(const struct column *c, size_t rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows; i++) {
		double x = c->number[i];

		if (x > -1e11 && x < 1e11)
			return false;
		n += x == x;
	}
	return n > 0;
}

/* Numbers and times are the same thing, shown in another way. */
static bool numbers_to_times(struct column *to, const struct column *from,
			     size_t rows)
{
	to->form = (struct when_form){ .has_date = true, .has_time = true };
	if (!are_milliseconds(from, rows))
		return true;
	to->number = malloc((rows + 1) * sizeof(*to->number));
	for (size_t i = 0; to->number && i < rows; i++) {
		double x = from->number[i];

		to->number[i] = x == x ? x / 1000 : x;
	}
	return to->number != NULL;
}

static bool retype(struct table *t, const struct column *from,
		   enum column_type type, struct column *to)
{
	bool number = type == COLUMN_NUMBER || type == COLUMN_TIME;

	if (type == from->type)
		return true;
	to->type = type;
	to->form = (struct when_form){ 0 };
	if (from->number && !number)
		return numbers_to_levels(to, from, t->rows, t->arena);
	if (!from->number && number)
		return levels_to_numbers(t, to, from);
	if (type == COLUMN_TIME)
		return numbers_to_times(to, from, t->rows);
	return true;
}

static bool no_memory(const struct column *c, enum column_type type,
		      struct err *err)
{
	return err_set(err, ERR_NOMEM, "no memory for %s as %s", c->name,
		       column_type_name[type]);
}

struct table *table_retyped(const struct table *base,
			    const enum column_type *type, struct err *err)
{
	struct table *t = mem_new(sizeof(*t));

	*t = *base;
	t->base = base;
	t->arena = arena_new();
	t->column = mem_array(t->columns, sizeof(*t->column));
	for (size_t j = 0; j < t->columns; j++)
		t->column[j] = base->column[j];
	for (size_t j = 0; type && j < t->columns; j++) {
		if (retype(t, base->column + j, type[j], t->column + j))
			continue;
		no_memory(t->column + j, type[j], err);
		table_free(t);
		return NULL;
	}
	return t;
}

/* What the column has that another one has not. */
static void free_others(struct column *c, const struct column *kept)
{
	if (c->number != kept->number)
		free(c->number);
	if (c->code != kept->code)
		free(c->code);
	if (c->level != kept->level)
		free(c->level);
	if (c->odd != kept->odd)
		free(c->odd);
}

bool table_retype(struct table *t, size_t column, enum column_type type,
		  struct err *err)
{
	struct column *now = &t->column[column], from = *now;

	if (retype(t, &from, type, now)) {
		free_others(&from, now);
		return true;
	}
	free_others(now, &from);
	*now = from;
	return no_memory(now, type, err);
}
