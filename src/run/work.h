/*
 * work.h - the stages from settings to a result
 *
 * read, clean, split, transform, fit, evaluate.  Each stage that is kept knows
 * the text of the settings it was made from; a change recomputes the stages
 * below it and nothing above it.  All of this runs on the worker.
 */
#ifndef GEMBA_WORK_H
#define GEMBA_WORK_H

#include <stdbool.h>

#include "base/job.h"
#include "data/facts.h"
#include "data/source.h"
#include "data/summary.h"
#include "eval/split.h"
#include "run/result.h"
#include "run/settings.h"

/* What the worker tells while it works: a copy, the newest wins. */
enum phase { PHASE_READ, PHASE_CLEAN, PHASE_FIT, PHASE_EVALUATE };
enum { NOTE_CURVE = 128, NOTE_WEIGHTS = 64, NOTE_NAME = 40, NOTE_FOLDS = 64,
       NOTE_TRIES = 60 };

/* While a tune looks for options. */
struct note_tries {
	size_t number, of;		/* which try, from 1; of 0: no tune */
	double best;			/* the best mean so far, or NaN */
	char best_options[80];
	double began, budget;		/* by fit_clock(), in seconds */
	/* The means of those that are done, the last ones, in their order;
	 * NaN: it failed. */
	size_t scores;
	double score[NOTE_TRIES];
};

struct note {
	enum phase phase;
	struct ledger ledger;		/* true in PHASE_CLEAN, without costs,
					 * and from PHASE_FIT on */
	size_t iteration, limit;
	/* With folds=: which one, from 1, or folds + 1: the fit to all rows;
	 * and the scores of the first of those that are done. */
	size_t fold, folds;
	size_t scores;
	double score[NOTE_FOLDS];
	struct note_tries tries;
	enum task_kind task;
	double loss;			/* NaN: not known; so the next two */
	double train_score, test_score;	/* accuracy; of a number r2 */
	size_t curve_n;
	double curve[NOTE_CURVE];
	double held_curve[NOTE_CURVE];	/* of rows held out, see model.h */
	bool importance;		/* the weights are importances */
	bool over_classes;		/* they are root mean squares over more
					 * than two classes */
	size_t weights;			/* the largest by size, in that order */
	struct {
		char feature[NOTE_NAME];
		double standardized;
	} weight[NOTE_WEIGHTS];
};

/*
 * A file, and what was made of it.  A file whose table would not fit into the
 * memory that is free is not read, unless one insists: its rows can be looked
 * at all the same.
 */
struct dataset {
	struct source *source;		/* owned */
	bool insist;			/* read it, whatever it takes */
	double needs, free;		/* bytes that the table takes, and
					 * that were free; of all files */
	struct err damage;		/* why the file breaks off, or none */
	struct table *found;		/* owned: typed as it was found; NULL:
					 * not read */
	uint64_t *fault_line;		/* owned: of each of found->faults, the
					 * line of the file; with a summary */
	struct summary *summary;	/* owned; NULL when not asked for */
	struct facts *facts;		/* so is this */
	size_t duplicates;		/* rows, when a summary was made */
	double seconds;			/* that reading took */
};

/*
 * Read all of an open source; with_summary for those who look at it: they are
 * content with the rows when there is no memory for the table.
 */
bool work_read(struct dataset *data, bool with_summary, struct job *job,
	       struct err *err);
void dataset_clear(struct dataset *data);
/* All but the source. */
void dataset_forget(struct dataset *data);

/* Stages that are kept.  Only one thread at a time may use them. */
struct stages;
struct stages *stages_new(void);
void stages_free(struct stages *stages);
/* Forget everything: another table. */
void stages_reset(struct stages *stages);

/* The ledger for these settings; with costs, what the rules that are off would
 * do as well. */
bool work_ledger(struct stages *stages, const struct table *table,
		 const struct settings *settings, bool costs,
		 struct ledger *ledger, struct job *job, struct err *err);
/* The same with costs.  A job that is watched is given a note with the ledger
 * as soon as it stands, before what is off is counted. */
bool work_clean(struct stages *stages, const struct table *table,
		const struct settings *settings, struct ledger *ledger,
		struct job *job, struct err *err);

/*
 * The rows that a training with these settings would have, for those who look
 * at the split: made if they are not there.  They belong to the stages, until
 * these are used again.
 */
struct split_rows {
	const struct rows *used;
	const struct fold *fold;	/* with folds the first of them */
	const struct split_plan *plan;	/* NULL: no folds */
	const struct classes *classes;	/* of the target, see clean.h */
};
bool work_split(struct stages *stages, const struct table *table,
		const struct settings *settings, struct split_rows *rows,
		struct job *job, struct err *err);

/*
 * Clean, split, train and evaluate.  Stopped by job_stop(), the model so far is
 * evaluated and returned; cancelled, NULL with ERR_CANCELLED.
 */
struct result *work_train(struct stages *stages, const struct table *table,
			  const struct settings *settings, struct job *job,
			  struct err *err);

#endif
