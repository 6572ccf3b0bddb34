#include "data/order.h"

#include <stdlib.h>

#include "base/mem.h"
#include "data/sort.h"

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
