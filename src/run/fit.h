/*
 * fit.h - from rows and columns that stand ready to a model
 *
 * The method's loop with its notes and its clock; then the model tells the rows
 * that test.  trainer.c calls it, with folds= more than once.
 */
#ifndef GEMBA_FIT_H
#define GEMBA_FIT_H

#include "run/fitted.h"
#include "run/measure.h"
#include "run/target.h"
#include "run/work.h"

/* All borrowed. */
struct fit {
	const struct table *table;
	const struct settings *settings;
	const struct columns *features;
	const struct target *target;
	struct fitted *fitted;		/* with its rows and treatments; the
					 * design and the model are put there */
	const struct ledger *ledger;
	/* Which fold, from 1, or folds + 1: all rows; 0 of 0: one split. */
	size_t number, folds;
	const struct fold_score *done;	/* number - 1 of them */
	struct note_tries tries;	/* to be told with the notes */
};

/*
 * The model with its measures on the training rows; what it tells of the test
 * rows is added to answers, which has the room.  NULL when it failed or was
 * cancelled.
 */
struct result *fit(const struct fit *fit, struct answers *answers,
		   struct job *job, struct err *err);

/* Seconds, from no particular moment on. */
double fit_clock(void);

#endif
