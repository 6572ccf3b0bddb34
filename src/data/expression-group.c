/*
 * expression-group.c - the rows of a table by the value of one column
 */
#include "data/expression-program.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sort.h"

/* Whole numbers in a range of so many, as machines have, need no sorting. */
enum { RANGE_MOST = 1 << 20 };

/* A job is asked as often. */
enum { CHECK_ROWS = 1 << 20 };

static bool whole_range(const double *x, size_t rows, double *first,
			size_t *groups)
{
	double min = INFINITY, max = -INFINITY;

	for (size_t i = 0; i < rows; i++) {
		if (x[i] != x[i])
			continue;
		if (x[i] != floor(x[i]))
			return false;
		min = x[i] < min ? x[i] : min;
		max = x[i] > max ? x[i] : max;
	}
	*first = min;
	*groups = max < min ? 0 : max - min < RANGE_MOST ?
		  (size_t)(max - min) + 1 : RANGE_MOST + 1;
	return *groups <= RANGE_MOST;
}

static uint32_t place_of(double x, const double *sorted, size_t n)
{
	size_t low = 0;

	while (n - low > 1) {
		size_t middle = low + (n - low) / 2;

		if (sorted[middle] <= x)
			low = middle;
		else
			n = middle;
	}
	return (uint32_t)low;
}

/* Any other numbers: their place among the distinct ones. */
static bool rank_numbers(const double *x, size_t rows, uint32_t *id,
			 size_t *groups)
{
	double *value = mem_try(rows, sizeof(*value));
	double *spare = mem_try(rows, sizeof(*spare));
	double *sorted;
	size_t n = 0, kept = 0;

	if (value && spare) {
		for (size_t i = 0; i < rows; i++)
			if (x[i] == x[i])
				value[n++] = x[i];
		sorted = sort_doubles(value, spare, n);
		for (size_t i = 0; i < n; i++)
			if (kept == 0 || sorted[kept - 1] != sorted[i])
				sorted[kept++] = sorted[i];
		for (size_t i = 0; i < rows; i++)
			id[i] = x[i] == x[i] ? place_of(x[i], sorted, kept)
					     : LEVEL_MISSING;
	}
	*groups = kept;
	n = value && spare;
	free(spare);
	free(value);
	return n;
}

static bool number_groups(const double *x, size_t rows, uint32_t *id,
			  size_t *groups)
{
	double first;

	if (!whole_range(x, rows, &first, groups))
		return rank_numbers(x, rows, id, groups);
	for (size_t i = 0; i < rows; i++)
		id[i] = x[i] == x[i] ? (uint32_t)(x[i] - first)
				     : LEVEL_MISSING;
	return true;
}

/* By counting: start[g] is where group g begins, and then where it has got. */
static void put_in_order(struct groups *g, const uint32_t *id, size_t rows,
			 const struct job *job)
{
	bool as_they_are = true;

	for (size_t i = 0; i < rows; i++)
		if (id[i] != LEVEL_MISSING)
			g->start[id[i] + 1]++;
	for (size_t k = 0; k < g->n; k++)
		g->start[k + 1] += g->start[k];
	g->rows = g->start[g->n];
	for (size_t i = 0; i < rows; i++) {
		if (i % CHECK_ROWS == 0 && job_cancelled(job))
			return;
		if (id[i] != LEVEL_MISSING)
			g->order[g->start[id[i]]++] = (uint32_t)i;
	}
	for (size_t k = g->n; k > 0; k--)
		g->start[k] = g->start[k - 1];
	g->start[0] = 0;
	for (size_t k = 0; k < g->rows && as_they_are; k++)
		as_they_are = g->order[k] == k;
	if (as_they_are && g->rows == rows) {
		free(g->order);
		g->order = NULL;
	}
}

static bool no_memory(const struct column *c, struct err *err)
{
	return err_set(err, ERR_NOMEM, "no memory for the groups of %s",
		       c->name);
}

bool groups_init(struct groups *g, const struct column *c, size_t rows,
		 struct job *job, struct err *err)
{
	uint32_t *own = c->code ? NULL : mem_try(rows, sizeof(*own));
	bool good = c->code != NULL;

	*g = (struct groups){ .column = c, .n = c->levels };
	if (own)
		good = number_groups(c->number, rows, own, &g->n);
	if (good) {
		g->start = mem_try(g->n + 1, sizeof(*g->start));
		g->order = mem_try(rows, sizeof(*g->order));
		good = g->start && g->order;
	}
	if (good)
		put_in_order(g, c->code ? c->code : own, rows, job);
	free(own);
	if (good && !job_cancelled(job))
		return true;
	groups_clear(g);
	return good ? err_cancelled(err) : no_memory(c, err);
}

void groups_clear(struct groups *g)
{
	free(g->start);
	free(g->order);
	*g = (struct groups){ .n = 0 };
}
