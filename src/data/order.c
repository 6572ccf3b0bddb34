#include "data/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sort.h"

/* So many places for each row are worth while. */
enum { PLACES = 8 };

/* The row number in the upper half, where it stood in the lower one. */
static uint64_t pair(uint32_t row, size_t from)
{
	return (uint64_t)row << 32 | from;
}

static void sort_pairs(struct order *order, const struct rows *rows,
		       uint64_t *a, uint64_t *b)
{
	uint64_t *sorted;

	for (size_t i = 0; i < rows->n; i++)
		a[i] = pair(rows->row[i], i);
	sorted = sort_upper(a, b, rows->n, NULL);
	for (size_t i = 0; i < rows->n; i++) {
		order->row[i] = (uint32_t)(sorted[i] >> 32);
		order->from[i] = (uint32_t)sorted[i];
	}
}

static bool by_sorting(struct order *order, const struct rows *rows)
{
	uint64_t *a = mem_try(rows->n, sizeof(*a));
	uint64_t *b = mem_try(rows->n, sizeof(*b));
	bool room = a && b;

	if (room)
		sort_pairs(order, rows, a, b);
	free(a);
	free(b);
	return room;
}

/* Each row puts where it stood in its own place, counted from 1.  False: a row
 * is there twice. */
static bool put_down(const struct rows *rows, uint32_t *place)
{
	for (size_t i = 0; i < rows->n; i++) {
		uint32_t *at = &place[rows->row[i]];

		if (*at)
			return false;
		*at = (uint32_t)i + 1;
	}
	return true;
}

/*
 * Most often the rows are a good part of a table, each of them once: then there
 * is nothing to sort.  False: they are not, or there is no memory.
 */
static bool by_place(struct order *order, const struct rows *rows)
{
	size_t places = 0, n = 0;
	uint32_t *place;
	bool once;

	for (size_t i = 0; i < rows->n; i++)
		places = rows->row[i] >= places ? (size_t)rows->row[i] + 1
						: places;
	if (places / PLACES > rows->n)
		return false;
	place = mem_try(places, sizeof(*place));
	if (!place)
		return false;
	memset(place, 0, places * sizeof(*place));
	once = put_down(rows, place);
	for (size_t row = 0; once && row < places && n < rows->n; row++) {
		order->row[n] = (uint32_t)row;
		order->from[n] = place[row] - 1;
		n += place[row] > 0;
	}
	free(place);
	return once;
}

bool order_init(struct order *order, const struct rows *rows, struct err *err)
{
	order->row = mem_try(rows->n, sizeof(*order->row));
	order->from = mem_try(rows->n, sizeof(*order->from));
	if (order->row && order->from &&
	    (by_place(order, rows) || by_sorting(order, rows)))
		return true;
	order_clear(order);
	return err_set(err, ERR_NOMEM, "no memory to order %zu rows", rows->n);
}

void order_clear(struct order *order)
{
	free(order->row);
	free(order->from);
	*order = (struct order){ 0 };
}
