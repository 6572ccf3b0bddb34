/*
 * index.h - where the rows of a file begin
 *
 * One thread scans the bytes, in pieces on all cores, and what it has found so
 * far can be asked by any other: the number of rows, and the byte near which
 * any of them begins.  Every 256th row is marked, so that the index of a file
 * of a gigabyte takes one megabyte.
 *
 * A row begins with the first byte behind the end of a line that is not itself
 * the end of one (lines with nothing on them are no rows), unless that lies
 * within quotes.  What is within quotes is what libcsv says it is.
 */
#ifndef GEMBA_INDEX_H
#define GEMBA_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/dialect.h"

struct row_index;

/* The first row begins at or behind the byte start; fd and dialect are
 * borrowed. */
struct row_index *index_new(int fd, const struct dialect *dialect,
			    uint64_t start);
void index_free(struct row_index *index);

/* For the worker: scan on to byte end, which may be asked for in steps.  A file
 * that does not go so far is an error. */
bool index_scan(struct row_index *index, uint64_t end, struct job *job,
		struct err *err);

/* How far it is; for any thread. */
struct index_extent {
	size_t rows;		/* that begin before byte */
	uint64_t byte;		/* scanned up to here */
};
struct index_extent index_extent(struct row_index *index);

/* The last mark at or before a row; for any thread. */
struct index_mark {
	size_t row;
	uint64_t byte;		/* at which that row begins, or an empty line
				 * before the first one */
};
struct index_mark index_before(struct row_index *index, size_t row);

#endif
