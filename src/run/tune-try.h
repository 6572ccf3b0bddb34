/*
 * tune-try.h - the score of a method with some options, on training rows alone
 *
 * Of the split of the settings only the rows that train are looked at.  They
 * are parted into folds as the split parts all rows: in order of time= or by
 * group= where it has those, else by class in the order of the rows
 * (StratifiedKFold or KFold of scikit-learn, without shuffling).  Column rules
 * learn in each fold anew.
 */
#ifndef GEMBA_TUNE_TRY_H
#define GEMBA_TUNE_TRY_H

#include "run/settings.h"
#include "run/work.h"

struct trying;

/* The settings, a copy of which is made, say all but the options; what the
 * stages hold must stay until trying_free(). */
struct trying *trying_new(struct stages *stages, const struct table *table,
			  const struct settings *settings, size_t folds,
			  struct job *job, struct err *err);
void trying_free(struct trying *trying);

size_t try_rows(const struct trying *trying);	/* that train */
const char *try_measure(const struct trying *trying);	/* "mcc", "r2" */

/*
 * Mean and deviation (over n) of the scores of the folds, of so many of the
 * rows.  False with an empty err: it was stopped, or a fold would have begun
 * after until (of fit_clock(); 0: never).
 */
bool try_options(struct trying *trying, const struct option_values *options,
		 size_t rows, double until, struct note_tries note,
		 double *mean, double *sd, struct job *job, struct err *err);

#endif
