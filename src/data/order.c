#include "data/order.h"

#include <stdlib.h>

#include "base/mem.h"

/* A radix sort: by 11 bits at a time, as many times as the row numbers need. */
enum { BITS = 11, PLACES = 1 << BITS };

/* The row number in the upper half, where it stood in the lower one. */
static uint64_t pair(uint32_t row, size_t from)
{
	return (uint64_t)row << 32 | from;
}

static void sort_by(const uint64_t *from, uint64_t *to, size_t n, int shift)
{
	size_t place[PLACES] = { 0 }, next = 0;

	for (size_t i = 0; i < n; i++)
		place[from[i] >> shift & (PLACES - 1)]++;
	for (size_t i = 0; i < PLACES; i++) {
		size_t count = place[i];

		place[i] = next;
		next += count;
	}
	for (size_t i = 0; i < n; i++)
		to[place[from[i] >> shift & (PLACES - 1)]++] = from[i];
}

static void sort_pairs(struct order *order, const struct rows *rows,
		       uint64_t *a, uint64_t *b)
{
	uint64_t *from = a, *to = b;
	uint32_t max = 0;

	for (size_t i = 0; i < rows->n; i++) {
		from[i] = pair(rows->row[i], i);
		max = rows->row[i] > max ? rows->row[i] : max;
	}
	for (int shift = 32; shift < 64 && max >> (shift - 32); shift += BITS) {
		uint64_t *kept = from;

		sort_by(from, to, rows->n, shift);
		from = to;
		to = kept;
	}
	for (size_t i = 0; i < rows->n; i++) {
		order->row[i] = (uint32_t)(from[i] >> 32);
		order->from[i] = (uint32_t)from[i];
	}
}

bool order_init(struct order *order, const struct rows *rows, struct err *err)
{
	uint64_t *a = mem_try(rows->n, sizeof(*a));
	uint64_t *b = mem_try(rows->n, sizeof(*b));
	bool room;

	order->row = mem_try(rows->n, sizeof(*order->row));
	order->from = mem_try(rows->n, sizeof(*order->from));
	room = a && b && order->row && order->from;
	if (room)
		sort_pairs(order, rows, a, b);
	free(a);
	free(b);
	if (room)
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
