/*
 * find.h - the rows of a file in which a pattern is
 *
 * The file is searched as it lies on the disk, with or without a table of it.
 * What is found can be read while the search goes on: "n" on the screen need
 * not wait for the end of a gigabyte.
 */
#ifndef GEMBA_FIND_H
#define GEMBA_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/finder.h"
#include "data/rows.h"
#include "data/source.h"
#include "data/table.h"

/* Rows in which the pattern is, in file order; one thread adds to them and any
 * other may ask. */
struct found;

struct found *found_new(void);
void found_free(struct found *found);

struct found_count {
	size_t rows;		/* with a match, so far */
	size_t cells;		/* with a match */
	size_t searched;	/* rows looked at: the search is there */
	bool gave_up;		/* some cell took too many tries, see finder.h:
				 * there may be more */
};
struct found_count found_count(const struct found *found);

/* The first found row from row on (after), or the last one up to it (before);
 * false when there is none, or not yet. */
bool found_after(const struct found *found, size_t row, size_t *at);
bool found_before(const struct found *found, size_t row, size_t *at);

/* A copy of all the rows that are there by now. */
bool found_rows(const struct found *found, struct rows *rows, struct err *err);

/*
 * Add every row with a matching cell to found, numbered as source_walk() does.
 * columns says which columns are searched, or is NULL: all, and what a row has
 * beyond its columns.  When it fails or is cancelled, found keeps what it has.
 * Threads share the pieces of the file; any number of them finds the same.
 */
bool find_rows(const struct source *source, const struct finder *finder,
	       const bool *columns, struct found *found, struct job *job,
	       struct err *err);

/*
 * Then, in the columns of a table that stand in no file: every row in which
 * one of those that are chosen has it.  columns is of all of the table.
 */
bool find_derived(const struct table *table, const struct finder *finder,
		  const bool *columns, struct found *found, struct job *job,
		  struct err *err);

/* For find_rows(): count more of rows[], counted from first on, were found
 * among the next searched rows. */
bool found_add(struct found *found, const uint32_t *row, size_t first,
	       const struct found_count *more, struct err *err);
/* For find_derived(): n more of any rows, upwards, with so many cells. */
bool found_merge(struct found *found, const uint32_t *row, size_t n,
		 size_t cells, struct err *err);

#endif
