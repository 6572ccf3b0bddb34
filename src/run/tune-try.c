#include "run/tune-try.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "clean/memory.h"
#include "eval/split.h"
#include "run/target.h"
#include "run/trainer.h"

struct trying {
	const struct table *table;	/* borrowed */
	struct settings settings;	/* owned */
	struct columns features;	/* its .column owned */
	struct cleaning cleaning;
	struct target target;		/* owned */
	struct ledger ledger;
	struct split split;		/* into folds */
	struct rows train;		/* owned: all of them */
	/* The folds of as many of the rows; made anew for another number. */
	struct rows rows;		/* owned */
	struct split_plan *plan;	/* owned; NULL: not yet */
	struct fold first;		/* owned */
};

static void forget_folds(struct trying *t)
{
	split_plan_free(t->plan);
	t->plan = NULL;
	fold_clear(&t->first);
	rows_clear(&t->rows);
}

void trying_free(struct trying *t)
{
	if (!t)
		return;
	forget_folds(t);
	rows_clear(&t->train);
	target_clear(&t->target);
	memory_free(t->cleaning.memory);
	free(t->features.column);
	settings_clear(&t->settings);
	free(t);
}

static void find_features(struct trying *t)
{
	const struct settings *s = &t->settings;

	t->features.column = mem_array(s->columns,
				       sizeof(*t->features.column));
	for (size_t c = 0; c < s->columns; c++)
		if (settings_uses(s, c))
			t->features.column[t->features.n++] = c;
}

/* Folds of the kind that the split is of, unshuffled: the rows that train
 * stand in an order of chance already, or in one that is wanted. */
static bool find_split(struct trying *t, size_t folds, struct err *err)
{
	const struct settings *s = &t->settings;

	if (!split_init(&t->split, &s->split, t->table, s->target, err))
		return false;
	t->split.folds = folds;
	t->split.shuffle = false;
	if (t->target.task == TASK_CLASSIFICATION && !t->split.time &&
	    !t->split.group)
		t->split.stratify = &t->table->column[s->target];
	return true;
}

static bool ready(struct trying *t, struct stages *stages, size_t folds,
		  struct job *job, struct err *err)
{
	struct split_rows split;

	if (!work_split(stages, t->table, &t->settings, &split, job, err))
		return false;
	if (split.plan)
		return err_set(err, ERR_USAGE, "tune leaves the test rows "
			       "alone, and with split folds= every row tests: "
			       "split test=0.2, and tune folds=%zu", folds);
	t->cleaning = (struct cleaning){
		.table = t->table, .use = t->settings.rule,
		.rules = t->settings.rules, .features = &t->features,
		.classes = split.classes, .memory = memory_new() };
	return target_init(&t->target, t->table, &t->settings, split.used,
			   err) &&
	       rows_copy(&t->train, &split.fold->train, err) &&
	       work_ledger(stages, t->table, &t->settings, false, &t->ledger,
			   job, err) &&
	       find_split(t, folds, err);
}

struct trying *trying_new(struct stages *stages, const struct table *table,
			  const struct settings *settings, size_t folds,
			  struct job *job, struct err *err)
{
	struct trying *t = mem_new(sizeof(*t));

	t->table = table;
	settings_copy(&t->settings, settings);
	find_features(t);
	if (ready(t, stages, folds, job, err))
		return t;
	trying_free(t);
	return NULL;
}

size_t try_rows(const struct trying *t)
{
	return t->train.n;
}

const char *try_measure(const struct trying *t)
{
	return result_rank_name(&(struct result){ .task = t->target.task });
}

/* ---- one try ---- */

/* So many of the rows, from everywhere alike, and their folds. */
static bool find_folds(struct trying *t, size_t n, struct job *job,
		       struct err *err)
{
	if (t->plan && t->rows.n == n)
		return true;
	forget_folds(t);
	if (!rows_spread(&t->rows, &t->train, n, err))
		return false;
	t->plan = split_plan_new(&t->split, &t->rows, job, err);
	return t->plan &&
	       split_plan_fold(t->plan, 0, &t->first, job, err);
}

static void sum_up(const struct result *r, double *mean, double *sd)
{
	struct sum sum = { 0 }, squares = { 0 };
	double n = (double)r->folds;

	for (size_t i = 0; i < r->folds; i++)
		sum_add(&sum, r->fold[i].rank);
	*mean = sum_of(&sum) / n;
	for (size_t i = 0; i < r->folds; i++) {
		double d = r->fold[i].rank - *mean;

		sum_add(&squares, d * d);
	}
	*sd = sqrt(sum_of(&squares) / n);
}

bool try_options(struct trying *t, const struct option_values *options,
		 size_t rows, double until, struct note_tries note,
		 double *mean, double *sd, struct job *job, struct err *err)
{
	struct result *r;
	bool whole;

	if (!find_folds(t, rows, job, err))
		return false;
	options_clear(&t->settings.method_options);
	options_copy(&t->settings.method_options, options);
	r = trainer_run(&(struct training){
		.cleaning = &t->cleaning, .settings = &t->settings,
		.target = &t->target, .used = &t->rows, .plan = t->plan,
		.fold = &t->first, .ledger = &t->ledger,
		.scores_only = true, .until = until, .tries = note }, job,
		err);
	if (!r)
		return false;
	whole = r->folds == r->folds_wanted && !r->stopped;
	if (whole)
		sum_up(r, mean, sd);
	result_free(r);
	return whole;
}
