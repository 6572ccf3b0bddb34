/*
 * columns.h - column rules at work on rows, for clean.c
 */
#ifndef GEMBA_COLUMNS_H
#define GEMBA_COLUMNS_H

#include "clean/clean.h"

/*
 * A column rule as a row rule: learn from these rows, and set gone[i] where a
 * cell of rows->row[i] would be changed, else clear it.  rows are in the order
 * of the file; gone has room for every row of the table.
 */
bool columns_take(const struct cleaning *in, const struct rule_use *use,
		  const struct rows *rows, bool *gone, struct job *job,
		  struct err *err);

#endif
