/*
 * order.h - rows in the order in which they lie in memory
 *
 * A split leaves its rows in random order, and reading twenty columns at
 * random places costs several times what reading them from front to back does.
 */
#ifndef GEMBA_ORDER_H
#define GEMBA_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "data/rows.h"

/* Row row[k] is rows->row[from[k]]; row[k] goes up. */
struct order {
	uint32_t *row, *from;	/* owned: rows->n of each */
};

bool order_init(struct order *order, const struct rows *rows, struct err *err);
void order_clear(struct order *order);

#endif
