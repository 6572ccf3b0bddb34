/*
 * source.h - a file of rows, as it lies on the disk
 *
 * A source knows where its rows begin and how they are written (its dialect),
 * and gives the cells of any of them as raw text, by libcsv.  It does not keep
 * them: a source costs a few kilobytes, and a thousandth of the size of the
 * file when it is scanned.  One thread may scan it while others read from it.
 */
#ifndef GEMBA_SOURCE_H
#define GEMBA_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/job.h"
#include "base/option.h"
#include "data/cell.h"
#include "data/dialect.h"
#include "data/index.h"

struct reader;
struct source;

/*
 * Open a file, packed or not, in any encoding, and find its dialect from its
 * first 64 KB; options (of source_options, may be NULL) have the last word.
 * "-" is standard input.  A pipe, a packed or a recoded file is not all there
 * yet: source_scan() brings the rest.  The errors are those of input_open()
 * and a file with nothing in it.
 */
struct source *source_open(const char *path,
			   const struct option_values *options,
			   struct err *err);
void source_close(struct source *source);

const char *source_path(const struct source *source);	/* as it was given */
const struct dialect *source_dialect(const struct source *source);
/* As UTF-8, by now; and whether there will be no more. */
uint64_t source_bytes(const struct source *source);
bool source_complete(const struct source *source);
/* A number that no other source of this program has had; 0 for NULL. */
unsigned source_opened(const struct source *source);
/* Columns by the header, and their names; made up (c1, c2 ...) without one.
 * An empty name becomes cN, the second "x" becomes "x_2". */
size_t source_columns(const struct source *source);
const char *source_name(const struct source *source, size_t column);

/* What had to be done to have those names. */
struct header_faults {
	size_t empty;		/* names that were made up */
	size_t repeated;	/* that got a number */
};
struct header_faults source_header_faults(const struct source *source);

/* For the readers of this folder: the open file, the byte in it at which the
 * first row begins, and the last mark at or before a row. */
int source_fd(const struct source *source);
uint64_t source_start(const struct source *source);
struct index_mark source_mark(const struct source *source, size_t row);

/*
 * One row: its number and its cells as they stand.  A ragged row has more or
 * fewer cells than columns.  Lines with nothing on them are no rows.  Return
 * false to end the walk.
 */
typedef bool source_row_fn(void *arg, size_t row, const struct cell *cell,
			   size_t cells);

/*
 * For the worker: bring all of the file and find where its rows begin.  While
 * this goes on any row that was found can be reached by the functions below,
 * on any thread.  False when it was cancelled, and can be gone on with; or when
 * the file breaks off (a packed file that was cut): then it is complete, and
 * what there is can be read.
 */
bool source_scan(struct source *source, struct job *job, struct err *err);

/* Is all of the file still there?  What has been read since it was cut shorter
 * may lack rows.  What it has grown by is never read. */
bool source_whole(const struct source *source, struct err *err);

/* A reader of its rows, which stands before a byte; see reader_new(). */
struct reader *source_reader(const struct source *source, uint64_t at,
			     size_t room, struct err *err);

/* How many rows there are; while the file is not scanned (*exact is false) it
 * is what one expects from the part that is, or what has come of a pipe. */
size_t source_rows(const struct source *source, bool *exact);

/*
 * Walk over count rows from the first on; what is not scanned yet is walked
 * over to get there.  True when the walk came to its end; false, with err
 * untouched, when fn ended it.
 */
bool source_walk(const struct source *source, size_t first, size_t count,
		 source_row_fn *fn, void *arg, struct job *job,
		 struct err *err);

/*
 * The same for a screen, which does not wait.  Rows that are not scanned yet
 * are taken from about where they must be, and *about is set: their numbers
 * are not exact.  The last count of source_rows() are the real last ones.
 */
bool source_peek(const struct source *source, size_t first, size_t count,
		 bool *about, source_row_fn *fn, void *arg, struct err *err);

/* Write one row as RFC 4180: quotes where they are needed, LF at the end. */
bool source_write_row(const struct cell *cell, size_t cells, FILE *out);

#endif
