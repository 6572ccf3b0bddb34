/*
 * trial.h - what the result would be with some other settings
 *
 * A guard that has found something says what it is worth: the score as things
 * are, and the score without the fault.  A trial is a training like any other,
 * with stages of its own, so that those of the session stay as they are; only
 * its score is kept, under the text of its settings, and not made twice.
 *
 * A trial is to take half a second at most.  On tables that are too large for
 * that it works on some of the rows: TRIAL_ROWS, or fewer when there are many
 * features.  Which rows these are depends on the question: neighbours stay
 * neighbours in a stretch, and groups stay whole.  Methods that would still
 * take longer than that are stood in for by one that does not: what is wrong
 * with the rows or the columns shows with any that can learn them.
 */
#ifndef GEMBA_TRIAL_H
#define GEMBA_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "run/result.h"
#include "run/settings.h"

enum { TRIAL_ROWS = 50000 };

/* Where a trial takes its rows from, when it cannot have all. */
enum trial_pick {
	TRIAL_SPREAD,		/* from everywhere alike */
	TRIAL_STRETCH,		/* the last ones of the file */
	TRIAL_GROUPS		/* all rows of some of the levels of a column */
};

struct trial {
	const struct table *table;
	const struct settings *settings;
	enum trial_pick pick;
	size_t column;			/* of TRIAL_GROUPS */
	size_t rows;			/* how many; all when it has no more */
};

/* The method to try in its place, or itself: the usual one for a baseline,
 * which shows nothing, and for sgd, which comes to the same; for others that
 * take their time a tree. */
const struct method *trial_method(const struct method *method,
				  enum task_kind task);
/* How many rows a trial with these settings can have, before the rules; 0: it
 * would take too long with any. */
size_t trial_rows(const struct table *table, const struct settings *settings);

/* The scores so far, of one table. */
struct trials;
struct trials *trials_new(void);
void trials_free(struct trials *trials);
void trials_reset(struct trials *trials);	/* another table */

/* The score is result_rank().  False: it cannot be trained so, and err says
 * why; or cancelled. */
bool trial_run(struct trials *trials, const struct trial *trial,
	       double *score, struct job *job, struct err *err);

#endif
