/*
 * suggest.h - what one might want to choose, found in the columns
 *
 * An id that would be learned by heart, a column that says what the target
 * says, a number that stands for missing: each as a command that one may take.
 * None is ever taken unasked.
 */
#ifndef GEMBA_SUGGEST_H
#define GEMBA_SUGGEST_H

#include <stddef.h>

#include "data/facts.h"
#include "data/summary.h"
#include "data/table.h"
#include "run/settings.h"

struct suggestion {
	char *text;		/* owned: "press_id is like an id" */
	char *why;		/* owned: what it does when one does not */
	char *command;		/* owned: a line, "role press_id id" */
};

struct suggestions {
	size_t n;
	struct suggestion *of;	/* owned */
};

/*
 * For a file as it was found, with a summary and facts for each of its columns.
 * What the settings have already, or what they have changed, is not suggested;
 * settings NULL: none are made yet.  At most one look at each cell; the columns
 * stand in their order.
 */
void suggest(struct suggestions *list, const struct table *found,
	     const struct summary *summary, const struct facts *facts,
	     const struct settings *settings);
void suggestions_clear(struct suggestions *list);

#endif
