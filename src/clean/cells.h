/*
 * cells.h - what the cell rules share: values as one writes them in an option
 */
#ifndef GEMBA_CELLS_H
#define GEMBA_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/table.h"

/*
 * A text as a value of a column: a number, "-200", with a point; a time as the
 * column's are written.  False: it is none.
 */
bool cells_value(const struct column *column, const char *text, double *x);

/* The level, or an odd text, as a number; of a category or text as well. */
bool cells_number(const struct table *table, const char *text, double *x);

/*
 * Numbers and times: x becomes what value() makes of it, for every cell that
 * is not missing; odd cells are NaN, see table_odd().  value() is called from
 * several threads, and twice for each cell.  *cells have changed.
 */
typedef double cells_fn(const void *arg, double x);
bool cells_change(struct table *table, size_t column, cells_fn *value,
		  const void *arg, size_t *cells, struct err *err);

#endif
