/*
 * rows.h - some rows of a table, by number, in the order of their use
 */
#ifndef GEMBA_ROWS_H
#define GEMBA_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Rows are counted from 0; the header of the file is not one of them. */
struct rows {
	size_t n;
	uint32_t *row;		/* owned */
};

/* Fewer rows than these are done sooner than a second thread is woken. */
enum { ROWS_PARALLEL = 16384 };

/* All the rows from 0 to n - 1. */
bool rows_all(struct rows *rows, size_t n, struct err *err);
/* Room for n rows; their numbers are not yet set. */
bool rows_room(struct rows *rows, size_t n, struct err *err);
bool rows_copy(struct rows *rows, const struct rows *from, struct err *err);
/* At most so many of them, spread evenly over all. */
bool rows_spread(struct rows *rows, const struct rows *from, size_t most,
		 struct err *err);
void rows_clear(struct rows *rows);

#endif
