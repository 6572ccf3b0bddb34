/*
 * source.h - a file of rows, as it lies on the disk
 *
 * A source knows where its rows begin and how they are written (its dialect),
 * and gives the cells of any of them as raw text, by libcsv.  It does not keep
 * them: a source costs a few kilobytes whatever the size of the file.  After
 * source_open() it does not change, so any thread may read from it.
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

/* How the file is written: found by source_open(), or given as options. */
struct dialect {
	char delimiter;		/* , ; tab | */
	char decimal;		/* . or , */
	bool header;		/* the first row holds the names */
	size_t missing;		/* texts that stand for a missing cell; the */
	char **missing_text;	/* empty cell is always one.  owned */
};

struct source;

/* delimiter= header= decimal= missing= : what the user may say of a file. */
extern const struct option source_options[];

/*
 * Open a file and find its dialect from its first 64 KB; options (of
 * source_options, may be NULL) have the last word.  "-" is standard input,
 * which is first copied to a temporary file without a name.  The errors: no
 * such file, a directory, nothing in it.
 */
struct source *source_open(const char *path,
			   const struct option_values *options,
			   struct err *err);
void source_close(struct source *source);

const char *source_path(const struct source *source);	/* as it was given */
const struct dialect *source_dialect(const struct source *source);
uint64_t source_bytes(const struct source *source);
/* Columns by the header, and their names; made up (c1, c2 ...) without one.
 * An empty name becomes cN, the second "x" becomes "x_2". */
size_t source_columns(const struct source *source);
const char *source_name(const struct source *source, size_t column);

/* True when the text stands for a missing cell; blanks around it, and whether
 * its letters are small, make no difference. */
bool source_missing(const struct source *source, const char *text, size_t len);

/* For the readers of this folder: the open file, and the byte in it at which
 * the first row begins. */
int source_fd(const struct source *source);
uint64_t source_start(const struct source *source);

/*
 * One row: its number and its cells as they stand, NUL-terminated but possibly
 * with NULs inside, which len tells.  A ragged row has more or fewer cells
 * than columns.  Lines with nothing on them are no rows.  Return false to end
 * the walk.
 */
struct cell {
	const char *text;
	size_t len;
};
typedef bool source_row_fn(void *arg, size_t row, const struct cell *cell,
			   size_t cells);

/*
 * Where some rows begin, so that any row can be reached: mark[i] is the byte
 * at which row i * SOURCE_STRIDE begins.  Made by table_read().
 */
enum { SOURCE_STRIDE = 256 };
struct source_index {
	size_t rows;
	size_t marks;
	uint64_t *mark;		/* owned by the table */
};

/*
 * Walk over count rows from the first on; with a NULL index only rows near the
 * beginning are cheap to reach.  True when the walk came to its end; false,
 * with err untouched, when fn ended it.
 */
bool source_walk(const struct source *source, const struct source_index *index,
		 size_t first, size_t count, source_row_fn *fn, void *arg,
		 struct job *job, struct err *err);

/* Write one row as RFC 4180: quotes where they are needed, LF at the end. */
bool source_write_row(const struct cell *cell, size_t cells, FILE *out);

#endif
