/*
 * looks.h - what errands have found for the eyes
 *
 * The rows that the filters leave, in the order of the sorts: made anew by an
 * errand whenever settings.look or the table changes.  Until it is back the
 * rows are those of before.
 */
#ifndef GEMBA_LOOKS_H
#define GEMBA_LOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/rows.h"

struct session;

struct looks {
	bool unused;
};

/* settings.look has changed: ask for what it wants. */
void looks_changed(struct session *s);
/* Another file or other types: forget everything, and ask again. */
void looks_forget(struct session *s);
void looks_clear(struct looks *looks);

/* The rows in sight, in order; NULL: all, in the order of the file. */
const struct rows *looks_rows(const struct session *s);

#endif
