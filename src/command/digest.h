/*
 * digest.h - the summaries of the columns as they are
 *
 * A file comes with a summary of each column.  Columns that were changed since,
 * by a type, a cell rule or a formula, are summed up by an errand; until it is
 * back little is known of them.
 */
#ifndef GEMBA_DIGEST_H
#define GEMBA_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "data/facts.h"
#include "data/summary.h"

struct session;

struct digest {
	size_t columns;
	struct summary *summary;	/* owned; of each column, if known[] */
	bool *known;			/* owned */
	unsigned version;		/* changes whenever they do */
};

/* Another table: look at what is known of it, and ask for the rest. */
void digest_forget(struct session *s);
void digest_clear(struct digest *digest);

/* What is known of the column as it is now; NULL: not yet, or never. */
const struct summary *digest_summary(const struct session *s, size_t column);
/* NULL for a column that is not as it was found. */
const struct facts *digest_facts(const struct session *s, size_t column);
/* Is the column just what the file says? */
bool digest_as_found(const struct session *s, size_t column);

#endif
