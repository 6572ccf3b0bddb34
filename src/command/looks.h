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
#include "data/values.h"
#include "run/look.h"

struct hunt;
struct session;

struct looks {
	/* The rows in sight by their numbers in the file, when there is a
	 * filter or a sort; if not, all of them in the order of the file. */
	bool some;
	struct rows rows;		/* owned */
	unsigned made;			/* changes whenever one of these does */

	/* While a long sort is under way: how its order begins, and how many
	 * rows it will have; first.n is 0 at other times. */
	struct rows first;		/* owned */
	size_t first_of;

	bool late;			/* rows are not yet those wanted */
	struct look wanted;		/* owned: filters and sorts only */
	char *trial;			/* owned: a filter that is still being
					 * typed, or NULL */
	bool senseless;			/* it is no condition (yet) */
	unsigned opened;		/* source_opened() of the rows' file */

	struct hunt *hunt;		/* owned; NULL: nothing is looked for */
};

/* settings.look has changed: ask for what it wants. */
void looks_changed(struct session *s);
/* Another file or other types: forget everything, and ask again.  A filter
 * that these types make no sense of goes, with a message. */
void looks_forget(struct session *s);
void looks_clear(struct looks *looks);

/* The rows in sight, in order; NULL: all, in the order of the file. */
const struct rows *looks_rows(const struct session *s);

/* The filter for the rows that have a value in a column: number in one of
 * numbers or times, text in others.  The caller frees it. */
char *looks_equal(const struct column *column, enum value_kind kind,
		  double number, const char *text);
/* The filter for the rows that have in a column what one row has there; NULL:
 * there is none.  The caller frees it. */
char *looks_same(const struct session *s, size_t column, size_t row);

/*
 * See how it would be with one more filter, the last one tried or none.  With
 * what is no condition (yet), rows stay as they are.
 */
void looks_try(struct session *s, const char *expression);
/* The trial is over, and a command will say what is wanted: ask for nothing
 * before looks_changed(). */
void looks_tried(struct session *s);

#endif
