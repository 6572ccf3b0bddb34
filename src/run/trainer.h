/*
 * trainer.h - one training: the fits that it takes, and what they come to
 *
 * Without folds= that is one fit.  With them a model is fitted for each fold,
 * with all that column rules learn from the rows that train there, and tells
 * the rows that test: so every row that tests is told once, by a model that
 * has not seen it.  All those rows together are what is measured.  The last
 * fit is to all rows: the model that one would keep.
 */
#ifndef GEMBA_TRAINER_H
#define GEMBA_TRAINER_H

#include "eval/split.h"
#include "run/target.h"
#include "run/work.h"

/* All borrowed. */
struct training {
	const struct cleaning *cleaning;
	const struct settings *settings;
	const struct target *target;
	const struct rows *used;	/* what row rules have left */
	const struct split_plan *plan;	/* NULL: no folds */
	const struct fold *fold;	/* the split; with folds the first */
	const struct ledger *ledger;	/* as row rules have left it */
	/* For a tune: the scores of the folds and no more, no model of all
	 * rows and nothing measured beside them; no fold begins after until
	 * (of fit_clock(); 0: never); and what is told with the notes. */
	bool scores_only;
	double until;
	struct note_tries tries;
};

/* NULL when it failed or was cancelled; see work_train(). */
struct result *trainer_run(const struct training *training, struct job *job,
			    struct err *err);

/*
 * The column rules at work on some rows that train: the account says what they
 * do.  *train, those that are left, is the caller's to clear, also on failure.
 */
bool trainer_columns(const struct cleaning *cleaning, const struct rows *used,
		      const struct rows *from, struct rows *train,
		      struct treatment *treatment, struct lessons *lessons,
		      struct ledger *ledger, struct job *job,
		      struct err *err);

/* The account of the split: its sides, or its folds.  train are the rows that
 * column rules have left. */
void trainer_count(struct ledger *ledger, const struct training *training,
		    const struct rows *train);

#endif
