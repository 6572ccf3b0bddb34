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
 * What becomes of the numbers or times of a column: those that are equal to one
 * of from[], or beyond a limit, are another one, or missing (NaN).
 */
struct cells_map {
	size_t n;
	const double *from;	/* borrowed */
	double to;
	double below, above;	/* NaN: no limit */
	const double *odd;	/* borrowed: what becomes of each odd text, as
				 * odd.h has it; NULL: all stay */
};
bool cells_meets(const struct cells_map *map, double x);
bool cells_change(struct table *table, size_t column,
		  const struct cells_map *map, size_t *cells,
		  struct err *err);

#endif
