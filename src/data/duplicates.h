/*
 * duplicates.h - rows that say the same as an earlier one
 */
#ifndef GEMBA_DUPLICATES_H
#define GEMBA_DUPLICATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "data/rows.h"
#include "data/table.h"

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

#endif
