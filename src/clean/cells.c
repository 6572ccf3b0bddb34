#include "clean/cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/number.h"
#include "data/odd.h"
#include "data/rows.h"

/* Rows that are looked at together: what is noted of them stays near. */
enum { BLOCK = 1024 };

bool cells_value(const struct column *c, const char *text, double *x)
{
	size_t len = strlen(text);

	return c->type == COLUMN_TIME ? when_parse(text, len, &c->form, x)
				      : number_read(text, len, '.', 0, x);
}

bool cells_number(const struct table *t, const char *text, double *x)
{
	return number_read(text, strlen(text), t->decimal, t->thousands, x);
}

bool cells_meets(const struct cells_map *map, double x)
{
	for (size_t i = 0; i < map->n; i++)
		if (x == map->from[i])
			return true;
	return x < map->below || x > map->above;
}

/* ---- a column of numbers ---- */

/* What has changed in some rows. */
struct changed {
	size_t numbers;		/* cells that were numbers */
	size_t odd;		/* that were odd, */
	size_t to_missing;	/* and are missing now */
};

static bool has_limits(const struct cells_map *map)
{
	return map->below == map->below || map->above == map->above;
}

/* How many cells change, at least one of them if one does: loops of one test
 * each, which compilers make the most of. */
static size_t count_hits(const struct cells_map *map, const double *x,
			 size_t n)
{
	double below = map->below, above = map->above;
	size_t hits = 0;

	if (has_limits(map)) {
		#pragma omp simd reduction(+:hits)
		for (size_t i = 0; i < n; i++)
			hits += (x[i] < below) | (x[i] > above);
	}
	for (size_t k = 0; k < map->n; k++) {
		double from = map->from[k];

		#pragma omp simd reduction(+:hits)
		for (size_t i = 0; i < n; i++)
			hits += x[i] == from;
	}
	return hits;
}

/* Change the cells; how many that were.  What is changed is not met again. */
static size_t change_hits(const struct cells_map *map, double *x, size_t n)
{
	double below = map->below, above = map->above, to = map->to;
	size_t hits = 0;

	if (has_limits(map)) {
		#pragma omp simd reduction(+:hits)
		for (size_t i = 0; i < n; i++) {
			bool hit = (x[i] < below) | (x[i] > above);

			hits += hit;
			x[i] = hit ? to : x[i];
		}
	}
	for (size_t k = 0; k < map->n; k++) {
		double from = map->from[k];

		#pragma omp simd reduction(+:hits)
		for (size_t i = 0; i < n; i++) {
			bool hit = x[i] == from;

			hits += hit;
			x[i] = hit ? to : x[i];
		}
	}
	return hits;
}

/* An odd cell, as it is from now on. */
static double odd_becomes(const struct cells_map *map, double x)
{
	uint32_t text = map->odd ? odd_text(x) : 0;

	return text ? map->odd[text - 1] : x;
}

/* Two cells that are NaN are told apart by their bits. */
static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

/* The first block in which a cell changes; blocks when there is none. */
static size_t first_change(const struct cells_map *map, const double *x,
			   size_t rows)
{
	size_t blocks = (rows + BLOCK - 1) / BLOCK, first = blocks;

	#pragma omp parallel for schedule(static) reduction(min:first) \
		if (rows >= ROWS_PARALLEL)
	for (size_t b = 0; b < blocks; b++) {
		const double *at = x + b * BLOCK;
		size_t n = rows - b * BLOCK < BLOCK ? rows - b * BLOCK : BLOCK;
		bool some;

		if (first < b)
			continue;
		some = count_hits(map, at, n) > 0;
		for (size_t i = 0; map->odd && i < n && !some; i++)
			some = at[i] != at[i] &&
			       !same(at[i], odd_becomes(map, at[i]));
		if (some)
			first = b;
	}
	return first;
}

static void change_block(const struct cells_map *map, const double *x,
			 double *out, size_t n, struct changed *changed)
{
	double was[BLOCK];

	/* In place, what was there is forgotten. */
	if (map->odd)
		memcpy(was, x, n * sizeof(*was));
	if (out != x)
		memcpy(out, x, n * sizeof(*out));
	changed->numbers += change_hits(map, out, n);
	for (size_t i = 0; map->odd && i < n; i++) {
		if (was[i] == was[i])
			continue;
		out[i] = odd_becomes(map, was[i]);
		if (same(was[i], out[i]))
			continue;
		changed->odd++;
		changed->to_missing += out[i] != out[i];
	}
}

/* From one array into another, or into itself. */
static struct changed change_all(const struct cells_map *map, const double *x,
				 double *out, size_t rows)
{
	size_t blocks = (rows + BLOCK - 1) / BLOCK;
	size_t numbers = 0, odd = 0, to_missing = 0;

	#pragma omp parallel for schedule(static) \
		reduction(+:numbers, odd, to_missing) \
		if (rows >= ROWS_PARALLEL)
	for (size_t b = 0; b < blocks; b++) {
		size_t at = b * BLOCK;
		struct changed one = { 0 };

		change_block(map, x + at, out + at,
			     rows - at < BLOCK ? rows - at : BLOCK, &one);
		numbers += one.numbers;
		odd += one.odd;
		to_missing += one.to_missing;
	}
	return (struct changed){ numbers, odd, to_missing };
}

bool cells_change(struct table *t, size_t column, const struct cells_map *map,
		  size_t *cells, struct err *err)
{
	struct column *c = &t->column[column];
	const double *old = c->number;
	struct changed changed;

	*cells = 0;
	if (first_change(map, old, t->rows) * BLOCK >= t->rows)
		return true;
	if (!table_own_numbers(t, column, err))
		return false;
	changed = change_all(map, old, c->number, t->rows);
	*cells = changed.numbers + changed.odd;
	if (map->to != map->to)
		c->missing += changed.numbers;
	c->missing += changed.to_missing;
	c->odd_cells -= changed.odd;
	return true;
}
