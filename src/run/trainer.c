#include "run/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"
#include "run/fit.h"
#include "run/judge.h"

/* ---- what column rules make of the rows that train ---- */

bool trainer_columns(const struct cleaning *in, const struct rows *used,
		      const struct rows *from, struct rows *train,
		      struct treatment *treatment, struct lessons *lessons,
		      struct ledger *ledger, struct job *job,
		      struct err *err)
{
	return rows_copy(train, from, err) &&
	       clean_columns(in, used, train, treatment, lessons, ledger, job,
			     err);
}

/* The earliest time in some rows, or the latest. */
static double extreme(const struct column *time, const struct rows *rows,
		      bool latest)
{
	double found = NAN;

	for (size_t i = 0; i < rows->n; i++)
		found = latest ? fmax(found, time->number[rows->row[i]])
			       : fmin(found, time->number[rows->row[i]]);
	return found;
}

static void count_times(struct ledger *ledger, const struct training *t)
{
	const struct table *table = t->cleaning->table;
	const char *name = options_text(&t->settings->split, "time");
	int time = name ? table_find(table, name) : -1;

	ledger->timed = time >= 0 && table->column[time].number;
	if (!ledger->timed)
		return;
	ledger->train_to = t->plan ? NAN :
			   extreme(&table->column[time], &t->fold->train, true);
	ledger->test_from = extreme(&table->column[time], &t->fold->test,
				    false);
}

void trainer_count(struct ledger *ledger, const struct training *t,
		    const struct rows *train)
{
	count_times(ledger, t);
	if (!t->plan) {
		ledger->train = train->n;
		ledger->test = t->fold->test.n;
		ledger->gap = t->fold->gap.n;
		return;
	}
	ledger->folds = split_plan_folds(t->plan);
	ledger->tested = split_plan_tested(t->plan);
	ledger->untested = t->used->n - ledger->tested;
}

/* ---- one fit ---- */

/* A training on its way through its fits. */
struct course {
	const struct training *training;
	struct answers answers;
	struct result *result;	/* owned: of the newest fit that counts */
	size_t folds;		/* 0: one split */
	size_t done;		/* folds that are */
	size_t trained;		/* rows, in the newest fit */
	struct fold_score *score;	/* owned: of those */
	bool converged;		/* all of them have */
	double clean, fit, evaluate;	/* seconds */
};

/* All that a fit begins with; the rows that train are moved there. */
static struct fitted *ready(const struct course *c,
			    const struct treatment *treatment,
			    struct rows *train, const struct rows *test,
			    struct err *err)
{
	struct fitted *f = fitted_new(c->training->cleaning->table, treatment,
				      err);

	if (!f)
		return NULL;
	f->train = *train;
	*train = (struct rows){ 0 };
	if (rows_copy(&f->test, test, err))
		return f;
	fitted_release(f);
	return NULL;
}

/* Fit to those that train, number as in struct fit, and let it tell the others;
 * *ledger is as the column rules find and leave it. */
static struct result *fit_one(struct course *c, const struct fold *fold,
			      size_t number, struct ledger *ledger,
			      struct job *job, struct err *err)
{
	const struct training *t = c->training;
	const struct cleaning *in = t->cleaning;
	double start = fit_clock();
	struct treatment *treatment = mem_array(in->table->columns,
						sizeof(*treatment));
	struct result *result = NULL;
	struct fitted *fitted = NULL;
	struct lessons lessons = { 0 };
	struct rows train = { 0 };

	memory_begin(in->memory);
	if (trainer_columns(in, t->used, &fold->train, &train, treatment,
			     &lessons, ledger, job, err))
		fitted = ready(c, treatment, &train, &fold->test, err);
	if (fitted) {
		trainer_count(ledger, t, &fitted->train);
		c->trained = fitted->train.n;
		c->clean += fit_clock() - start;
		result = fit(&(struct fit){
			.table = in->table, .settings = t->settings,
			.features = in->features, .target = t->target,
			.fitted = fitted, .ledger = ledger,
			.number = number, .folds = c->folds,
			.done = c->score, .tries = t->tries },
			&c->answers, job, err);
	}
	if (result) {
		result->lessons = lessons;
		result->fitted = fitted;
		c->fit += result->seconds_fit;
		c->evaluate += result->seconds_evaluate;
	} else {
		lessons_clear(&lessons);
		fitted_release(fitted);
	}
	rows_clear(&train);
	free(treatment);
	return result;
}

/* The model of this fit takes the place of the one before. */
static void keep(struct course *c, struct result *result)
{
	result_free(c->result);
	c->result = result;
}

/* ---- one split ---- */

static bool one_split(struct course *c, struct job *job, struct err *err)
{
	const struct training *t = c->training;
	struct ledger ledger = *t->ledger;

	if (!answers_init(&c->answers, t->fold->test.n,
			  measure_width(t->target), err))
		return false;
	keep(c, fit_one(c, t->fold, 0, &ledger, job, err));
	return c->result;
}

/* ---- folds ---- */

/*
 * A fold that was stopped does not count, as its model is not what the others
 * are; but for the first, which is all there is.
 */
static bool counts(const struct course *c, const struct result *result)
{
	return result && (!result->stopped || c->done == 0);
}

static bool take_fold(struct course *c, const struct fold *fold,
		      struct result *result, size_t first, struct err *err)
{
	struct fold_score *score = &c->score[c->done];

	*score = (struct fold_score){ .train = c->trained,
				      .gap = fold->gap.n,
				      .later = fold->later.n };
	if (!measure_fold(score, result, c->training->target, &c->answers,
			  first, err)) {
		result_free(result);
		return false;
	}
	c->converged &= result->converged;
	c->done++;
	keep(c, result);
	return true;
}

/* False: nothing more is to be done, and err says why if that is a failure. */
static bool one_fold(struct course *c, size_t i, struct job *job,
		     struct err *err)
{
	const struct training *t = c->training;
	struct ledger ledger = *t->ledger;
	size_t first = c->answers.rows.n;
	struct result *result;
	struct fold fold;
	bool ok;

	if (!split_plan_fold(t->plan, i, &fold, job, err))
		return false;
	result = fit_one(c, &fold, i + 1, &ledger, job, err);
	ok = counts(c, result);
	if (ok)
		ok = take_fold(c, &fold, result, first, err);
	else
		result_free(result);
	if (!ok)
		c->answers.rows.n = first;
	fold_clear(&fold);
	return ok;
}

/* The model to keep.  Stopped before it has made a step, there is still the one
 * of the last fold. */
static bool all_rows(struct course *c, struct job *job, struct err *err)
{
	const struct training *t = c->training;
	struct fold fold = { .train = *t->used };
	struct ledger ledger = *t->ledger;
	struct result *result = fit_one(c, &fold, c->folds + 1, &ledger, job,
					err);

	if (!result)
		return false;
	result->converged &= c->converged;
	keep(c, result);
	return true;
}

static void sum_up(struct course *c)
{
	struct result *r = c->result;
	struct sum sum = { 0 }, squares = { 0 };
	double n = (double)c->done;

	for (size_t i = 0; i < c->done; i++)
		sum_add(&sum, c->score[i].score);
	r->fold_mean = sum_of(&sum) / n;
	for (size_t i = 0; i < c->done; i++) {
		double d = c->score[i].score - r->fold_mean;

		sum_add(&squares, d * d);
	}
	r->fold_sd = sqrt(sum_of(&squares) / n);
	r->folds_wanted = c->folds;
	r->folds = c->done;
	r->fold = c->score;
	c->score = NULL;
	r->ledger.tested = c->answers.rows.n;
	r->ledger.untested = c->training->used->n - r->ledger.tested;
}

static bool too_late(const struct course *c)
{
	double until = c->training->until;

	return c->done > 0 && until > 0 && fit_clock() > until;
}

static bool all_folds(struct course *c, struct job *job, struct err *err)
{
	bool ok = answers_init(&c->answers,
			       split_plan_tested(c->training->plan),
			       measure_width(c->training->target), err);

	c->score = mem_array(c->folds, sizeof(*c->score));
	c->converged = true;
	for (size_t i = 0; ok && i < c->folds && !too_late(c); i++)
		ok = one_fold(c, i, job, err) && !job_stopped(job);
	ok = ok && (c->training->scores_only || all_rows(c, job, err));
	/* Who stops keeps what there is by then. */
	if (!c->result ||
	    (!ok && (!job_stopped(job) || job_cancelled(job))))
		return false;
	c->result->of_a_fold = !ok;
	c->result->stopped |= !ok;
	sum_up(c);
	return true;
}

/* ---- the whole ---- */

struct result *trainer_run(const struct training *t, struct job *job,
			    struct err *err)
{
	struct course c = { .training = t,
			    .folds = t->plan ? split_plan_folds(t->plan) : 0 };
	bool ok = t->plan ? all_folds(&c, job, err) : one_split(&c, job, err);
	double start = fit_clock();

	ok = ok && (t->scores_only ||
		    (measure_test(c.result, t->target, &c.answers, err) &&
		     measure_keep(c.result, t->target, &c.answers, err) &&
		     judge_result(c.result, &t->settings->cut, err)));
	if (ok) {
		c.result->seconds_clean = c.clean;
		c.result->seconds_fit = c.fit;
		c.result->seconds_evaluate = c.evaluate + fit_clock() - start;
	} else {
		result_free(c.result);
		c.result = NULL;
	}
	answers_clear(&c.answers);
	free(c.score);
	return c.result;
}
