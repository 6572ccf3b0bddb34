/*
 * draft.h - a derived column while it is still being typed
 *
 * An errand calculates the column, another one tries what it would do to the
 * score; nothing is chosen before the line is carried out.  A newer text takes
 * the place of an older one.
 */
#ifndef GEMBA_DRAFT_H
#define GEMBA_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "data/summary.h"
#include "data/table.h"

struct session;

enum draft_state {
	DRAFT_NONE,		/* nothing to show: no text, or no "=" yet */
	DRAFT_WRONG,		/* what is wrong is in .wrong, at byte .at */
	DRAFT_AWAITED, DRAFT_THERE
};

/* The score with and without the column as a feature. */
enum score_state {
	SCORE_NONE,		/* there is no target, or it is no feature */
	SCORE_AWAITED, SCORE_THERE,
	SCORE_FAILED		/* it cannot be trained so: .wrong says why */
};

/* What can be seen of it now. */
struct draft_view {
	enum draft_state state;
	const char *wrong;
	size_t at;		/* in the text that was given */
	const struct table *table;	/* THERE: with the column in it, */
	size_t column;			/* which is this one */
	const struct summary *summary;
	enum score_state score;
	const char *measure;	/* "mcc", "r2" */
	double before, after;
	size_t rows, of;	/* tried on so many rows of the table's */
};

/* "NAME = EXPRESSION", as far as it is typed; NULL: it was given up. */
void draft_try(struct session *s, const char *text);
struct draft_view draft_view(const struct session *s);

/* Another table: what was found is of the one before. */
void draft_forget(struct session *s);
void draft_free(struct session *s);

#endif
