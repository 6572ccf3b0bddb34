/*
 * lines.h - where rows stand in their file
 *
 * A row has a number among the rows, and a line in the file, as an editor
 * counts it: from 1, with the header, with empty lines and with those within
 * quotes.
 */
#ifndef GEMBA_LINES_H
#define GEMBA_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/source.h"

/*
 * The lines on which n rows begin, in one pass over the file up to the last of
 * them.  The rows are in ascending order; one may be there twice.
 */
bool source_lines(const struct source *source, const size_t *row, size_t n,
		  uint64_t *line, struct job *job, struct err *err);

#endif
