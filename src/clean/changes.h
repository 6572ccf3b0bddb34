/*
 * changes.h - the rows of which a rule changes a cell of one column
 */
#ifndef GEMBA_CHANGES_H
#define GEMBA_CHANGES_H

#include "base/err.h"
#include "base/job.h"
#include "clean/memory.h"

/* Rows of which a word of bits tells. */
enum { WORD = 64 };

/*
 * Compare the cells of the counted rows before the rule with those after it,
 * which is memo->treatment; set memo->changed, unless none can change,
 * memo->cells, and add to memo->bytes.  Bit i of counted is for row i of the
 * table.
 */
bool changes_find(struct memo *memo, const struct treatment *before,
		  const struct column *column, size_t rows,
		  const uint64_t *counted, struct job *job, struct err *err);

/* How many there are in one word. */
size_t changes_in(uint64_t word);

#endif
