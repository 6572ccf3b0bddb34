/*
 * prepare.h - the table that a session works on
 *
 * The way of the columns, before any row rule:
 *
 *	as found -> types -> cell rules -> derived columns, in order
 *
 * A change of one of these makes all of it anew; what is not changed is
 * borrowed from the table as it was found, and costs nothing.
 */
#ifndef GEMBA_PREPARE_H
#define GEMBA_PREPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "run/settings.h"

/* Zeroed: nothing is prepared. */
struct prepared {
	struct table *table;	/* owned; borrows from the table as found */
	/* Of the cell rules that are on, in their order: others may come and
	 * go between them, and the table is the same. */
	struct effect effect[RULES_MAX];
	/* What each derived column is of itself, before a type that the user
	 * has said. */
	enum column_type *made;	/* owned */
};

/* The table of these settings.  found must outlive it. */
bool prepare(struct prepared *p, const struct table *found,
	     const struct settings *settings, struct job *job,
	     struct err *err);
void prepared_clear(struct prepared *p);

/* What the table depends on, as text; the caller frees it. */
char *prepare_key(const struct settings *settings);

/* Add what the cell rules that are off would change to the effects of those
 * that are on; table is the one that was found, or was made of it. */
bool prepare_costs(const struct table *table, const struct settings *settings,
		   struct effect effect[RULES_MAX], struct job *job,
		   struct err *err);

/* The effects of the cell rules, each at the place of its rule; of those that
 * are off nothing is known.  For the settings that p was made of, but for what
 * prepare_key() leaves out. */
void prepare_effects(const struct prepared *p, const struct settings *settings,
		     struct effect effect[RULES_MAX]);

/* Put the effects of the cell rules into a ledger of the other ones. */
void prepare_ledger(const struct settings *settings,
		    const struct effect effect[RULES_MAX],
		    struct ledger *ledger);

/*
 * The columns that a derived one may read stand before it: a table of the
 * first so many, for expression_parse().  It borrows everything.
 */
struct table prepare_view(const struct table *table, size_t columns);

/* Does the expression read the column?  It can be read in this table. */
bool prepare_reads(const struct table *table, const char *expression,
		   size_t column);

/*
 * Whether a derived column that was just made, and has its type, is a feature:
 * a new one at once, one that had another expression as before.  Free text is
 * none, nor what gives the target away: then this is true.
 */
bool prepare_use(struct settings *settings, const struct table *table,
		 size_t column, bool is_new);

#endif
