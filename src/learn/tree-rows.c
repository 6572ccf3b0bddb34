#include "learn/tree-rows.h"

#include <stdlib.h>

#include "base/mem.h"
#include "data/order.h"

/* Counts for each class in each bin of a column, at most. */
#define EXACT_COUNTS ((size_t)4 << 20)

/* Reading goes faster from front to back. */
bool tree_rows_init(struct tree_rows *rows, const struct problem *p,
		    struct err *err)
{
	size_t n = p->train->n;
	struct order order;

	*rows = (struct tree_rows){ .n = n };
	if (!order_init(&order, p->train, err))
		return false;
	rows->row = order.row;
	if (p->task == TASK_REGRESSION)
		rows->number = mem_try(n, sizeof(*rows->number));
	else
		rows->y = mem_try(n, sizeof(*rows->y));
	for (size_t i = 0; i < n && rows->number; i++)
		rows->number[i] = p->number[order.from[i]];
	for (size_t i = 0; i < n && rows->y; i++)
		rows->y[i] = p->y[order.from[i]];
	free(order.from);
	if (rows->number || rows->y)
		return true;
	tree_rows_clear(rows);
	return err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
}

void tree_rows_clear(struct tree_rows *rows)
{
	free(rows->row);
	free(rows->y);
	free(rows->number);
	*rows = (struct tree_rows){ 0 };
}

bool tree_rows_bins(const struct tree_rows *rows, const struct problem *p,
		    unsigned how, struct bins *bins, struct codes *codes,
		    struct job *job, struct err *err)
{
	const struct design *d = p->design;
	size_t *column = mem_array(d->p, sizeof(*column));
	bool *indicator = mem_array(d->p, sizeof(*indicator));
	bool ok;

	for (size_t j = 0; j < d->p; j++) {
		column[j] = d->feature[j].column;
		indicator[j] = d->feature[j].indicator;
	}
	if (rows->n * p->classes <= EXACT_COUNTS)
		how |= BINS_EXACT;
	ok = bins_init(bins, codes, d->table, column, indicator, d->p,
		       d->treatment, rows->row, rows->n, how, job, err);
	free(column);
	free(indicator);
	return ok;
}
