/*
 * duplicates.h - rows that say the same as an earlier one
 */
#ifndef GEMBA_DUPLICATES_H
#define GEMBA_DUPLICATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/rows.h"
#include "data/table.h"

/* A number that two cells of a column share just when they say the same, in the
 * sense of what follows. */
uint64_t duplicates_cell(const struct column *column, size_t row);

/*
 * Set repeated[i] for every i < rows->n whose row is the same as one earlier in
 * rows, in all of the given columns (column numbers of the table), and clear
 * it for the others.  Values are compared, not texts: 1.0 is 1.00, -0 is 0;
 * missing is the same as missing, an odd cell the same as one of equal text.
 * Rows are found by XXH3 of their values and then compared.
 */
bool duplicates_mark(const struct table *table, const size_t *column,
		     size_t columns, const struct rows *rows, bool *repeated,
		     struct job *job, struct err *err);

/* The same, and which one: first[i] is the place in rows of the first row that
 * is like the i-th; i, when none before is. */
bool duplicates_first(const struct table *table, const size_t *column,
		      size_t columns, const struct rows *rows,
		      uint32_t *first, struct job *job, struct err *err);

/*
 * Set contradicting[i] for every row that is the same as another in all of the
 * given columns, of which target is none, where not all that are so say the
 * same of the target: no model can be right about all of them.
 */
bool duplicates_contradicting(const struct table *table, const size_t *column,
			      size_t columns, size_t target,
			      const struct rows *rows, bool *contradicting,
			      struct job *job, struct err *err);

#endif
