/*
 * hunt.h - what is looked for in the cells, and where it is
 *
 * An errand goes through the file; what it has found can be asked for while it
 * is under way.  Cells of hidden columns are not looked at.
 */
#ifndef GEMBA_HUNT_H
#define GEMBA_HUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "data/rows.h"

struct hunt;
struct session;

/*
 * Look for a pattern, see data/finder.h, in place of what was looked for.  With
 * the pattern that is looked for already the hunt goes on as it is.
 */
bool hunt_begin(struct session *s, const char *pattern, struct err *err);
/* Look for nothing. */
void hunt_end(struct session *s);

/* For looks.c: other columns are hidden; another file or table; the end. */
void hunt_again(struct session *s);
void hunt_forget(struct session *s);
void hunt_free(struct hunt *hunt);

/* What is looked for, or NULL. */
const char *hunt_pattern(const struct session *s);

struct hunt_count {
	size_t rows, cells;	/* with a hit, in all of the file */
	bool going_on;
	bool whole;		/* there are no more */
	bool gave_up;		/* some cell was too hard to match */
};
struct hunt_count hunt_count(const struct session *s);

/* The first hit in one cell's text, of *size bytes. */
bool hunt_in(const struct session *s, const char *text, size_t len, size_t *at,
	     size_t *size);

/*
 * The rows with a hit so far, as places in the order of rows, or of the file
 * when that is NULL; made says when rows are others.  Borrowed until the next
 * call; NULL without memory.
 */
const struct rows *hunt_places(const struct session *s,
			       const struct rows *rows, unsigned made);

#endif
