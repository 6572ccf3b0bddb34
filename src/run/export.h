/*
 * export.h - rows of a file written to another, as they were read
 *
 * The form is RFC 4180: UTF-8, commas, quotes where they are needed, LF.  No
 * cell is changed on the way.
 */
#ifndef GEMBA_EXPORT_H
#define GEMBA_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "base/job.h"
#include "data/rows.h"
#include "data/source.h"
#include "data/table.h"

enum export_what {
	EXPORT_ALL,		/* all rows, with the header if there is one */
	EXPORT_SEEN,		/* some rows and columns, in some order */
	EXPORT_REJECTS		/* rows with something wrong in them, behind
				 * the line they stand on and what it is */
};

struct export {
	enum export_what what;
	const struct source *source;	/* borrowed */
	const struct table *table;	/* borrowed; REJECTS wants it */
	const struct rows *rows;	/* SEEN: borrowed; NULL: all */
	const bool *hidden;		/* SEEN: borrowed; these columns not */
};

/* Write to out; *written is how many rows that were, without the header.  A
 * failure of out is not looked at. */
bool export_write(const struct export *export, FILE *out, size_t *written,
		  struct job *job, struct err *err);

#endif
