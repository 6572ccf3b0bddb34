/*
 * test-training.c - folds: what they come to, and what is left of them when a
 * training is stopped
 */
#include "run/trainer.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "base/rng.h"
#include "command/session.h"
#include "run/outlook.h"

enum { ROWS = 600, MANY = 40000 };

static char path[] = "/tmp/gemba-training-XXXXXX";
static char large[] = "/tmp/gemba-training-XXXXXX";
static struct session *s;
static struct err err;

/* Lots of ten rows in order of time, a class and a number that follow x. */
static bool write_rows(char *name, int rows)
{
	FILE *out = fdopen(mkstemp(name), "w");
	struct rng rng;

	assert_non_null(out);
	rng_init(&rng, 11);
	fputs("hour,lot,x,z,y,number,late\n", out);
	for (int i = 0; i < rows; i++) {
		double x = rng_double(&rng), z = rng_double(&rng);
		double y = x + rng_double(&rng) - z / 4;

		fprintf(out, "%d,L%03d,%.6f,%.6f,%s,%.6f,%s\n", i, i / 10, x,
			z, y > 0.9 ? "yes" : "no", y, i < 300 ? "no" : "yes");
	}
	return fclose(out) == 0;
}

static int write_files(void **state)
{
	(void)state;
	return !write_rows(path, ROWS) || !write_rows(large, MANY);
}

static int remove_files(void **state)
{
	(void)state;
	return unlink(path) || unlink(large);
}

static void say(const char *line)
{
	if (!session_do(s, line, &err))
		fail_msg("%s: %s", line, err.text);
}

static void open_as(const char *name, const char *split)
{
	char line[80];

	snprintf(line, sizeof(line), "open %s", name);
	say(line);
	say("target y");
	say("features x z");
	say("clean standardize");
	say("emit rows");
	say(split);
}

static int begin(void **state)
{
	(void)state;
	s = session_new(-1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_free(s, false);
	return 0;
}

/* ---- what folds come to ---- */

static const char *const splits[] = {
	"split folds=4", "split folds=7 stratify=yes",
	"split folds=3 group=lot", "split folds=3 shuffle=no",
	"split folds=5 time=hour gap=7",
	"split folds=4 time=hour group=lot",
	"split folds=4 group=lot stratify=yes",
};

/* Each row that tests is told once; the account of each fold is whole. */
static void all_folds_add_up(const char *split)
{
	const struct result *r;
	bool told[ROWS] = { 0 };
	size_t tests = 0;

	open_as(path, split);
	say("train logistic");
	r = session_newest(s);
	assert_int_equal(r->folds, r->folds_wanted);
	assert_false(r->of_a_fold);
	for (size_t i = 0; i < r->folds; i++) {
		const struct fold_score *f = &r->fold[i];

		assert_int_equal(f->train + f->test + f->gap + f->later, ROWS);
		tests += f->test;
	}
	assert_int_equal(r->ledger.tested, tests);
	assert_int_equal(r->ledger.tested + r->ledger.untested, ROWS);
	assert_int_equal(r->test.n, tests);
	assert_int_equal(r->test_rows.n, tests);
	for (size_t i = 0; i < tests; i++) {
		assert_false(told[r->test_rows.row[i]]);
		told[r->test_rows.row[i]] = true;
	}
}

static void every_row_is_told_once_by_folds_of_all_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(splits); i++)
		all_folds_add_up(splits[i]);
}

static void the_first_rows_never_test_forward_in_time(void **state)
{
	const struct result *r;

	(void)state;
	open_as(path, "split folds=5 time=hour");
	say("train logistic");
	r = session_newest(s);
	assert_int_equal(r->ledger.untested, 100);
	for (size_t i = 0; i < r->test_rows.n; i++)
		assert_true(r->test_rows.row[i] >= 100);
	assert_int_equal(r->fold[0].train, 100);
	assert_int_equal(r->fold[4].train, 500);
	assert_int_equal(r->fold[0].later, 400);
}

static void mean_and_sd_are_those_of_the_folds(void **state)
{
	const struct result *r;
	double mean = 0, squares = 0, pooled = 0;

	(void)state;
	open_as(path, "split folds=6");
	say("train logistic");
	r = session_newest(s);
	for (size_t i = 0; i < 6; i++)
		mean += r->fold[i].score / 6;
	for (size_t i = 0; i < 6; i++) {
		squares += pow(r->fold[i].score - mean, 2);
		pooled += r->fold[i].score * (double)r->fold[i].test / ROWS;
	}
	assert_float_equal(r->fold_mean, mean, 1e-12);
	assert_float_equal(r->fold_sd, sqrt(squares / 6), 1e-12);
	assert_float_equal(r->test.accuracy, pooled, 1e-12);
}

/* The weights are those of a training with all rows, whatever the folds. */
static void the_model_that_is_kept_has_seen_all_rows(void **state)
{
	double weight[2], intercept;
	const struct result *r;

	(void)state;
	open_as(path, "split folds=4 time=hour");
	say("train logistic");
	r = session_newest(s);
	for (int j = 0; j < 2; j++)
		weight[j] = r->weight[j].raw;
	intercept = r->intercept_raw;
	say("split folds=9");
	say("train logistic");
	r = session_newest(s);
	for (int j = 0; j < 2; j++)
		assert_true(weight[j] == r->weight[j].raw);
	assert_true(intercept == r->intercept_raw);
}

static void a_fold_with_one_class_is_named(void **state)
{
	(void)state;
	open_as(path, "split folds=2 time=hour");
	/* Of 600 rows the first 200 train in the first fold. */
	say("target late");
	assert_false(session_do(s, "train logistic", &err));
	assert_non_null(strstr(err.text, "fold 1 of 2: all 200 training rows"));
	assert_non_null(strstr(err.text, "fewer folds="));
}

static void numbers_have_r2_and_rmse_in_each_fold(void **state)
{
	const struct result *r;

	(void)state;
	open_as(path, "split folds=3");
	say("target number");
	say("train linear");
	r = session_newest(s);
	for (size_t i = 0; i < 3; i++) {
		assert_true(r->fold[i].score > 0.2 && r->fold[i].score < 1);
		assert_true(r->fold[i].rmse > 0);
		assert_true(r->fold[i].baseline < 0.01);
	}
	assert_int_equal(r->regression.test.n, ROWS);
}

static void one_thread_and_two_give_the_same_bytes(void **state)
{
#ifdef _OPENMP
	const struct result *a, *b;

	(void)state;
	open_as(large, "split folds=3");
	omp_set_num_threads(1);
	say("train logistic");
	omp_set_num_threads(2);
	say("train logistic");
	a = s->result[0];
	b = s->result[1];
	assert_int_equal(a->test_rows.n, MANY);
	assert_memory_equal(a->told, b->told, MANY * sizeof(*a->told));
	assert_memory_equal(a->fold, b->fold, 3 * sizeof(*a->fold));
	assert_true(a->weight[0].raw == b->weight[0].raw);
	assert_true(a->test.auc == b->test.auc);
#else
	(void)state;
	skip();
#endif
}

/* ---- stopped ---- */

/* A method of three steps that is stopped in one of its fits: the weight of the
 * model is the number of the fit. */
static size_t fits, stop_in, stop_at, loose;
static bool cancels;

struct counter {
	size_t fit, steps;
};

static void *counter_start(const struct problem *problem,
			   const struct option_values *options,
			   struct err *e)
{
	struct counter *c = mem_new(sizeof(*c));

	(void)problem;
	(void)options;
	(void)e;
	c->fit = ++fits;
	return c;
}

static enum method_status counter_step(void *state, struct job *job,
				       struct err *e)
{
	struct counter *c = state;

	(void)e;
	if (c->fit == stop_in && c->steps == stop_at) {
		if (cancels)
			job_cancel(job);
		else
			job_stop(job);
	}
	if (job_stopped(job))
		return METHOD_MORE;
	return ++c->steps < 3 ? METHOD_MORE : METHOD_DONE;
}

static void counter_look(const void *state, struct model *model)
{
	const struct counter *c = state;

	model->intercept = (double)c->fit;
	model->iteration = c->steps;
	model->converged = c->steps == 3 && c->fit != loose;
}

static const struct option no_options[] = { { .name = NULL } };
static const struct method counter = {
	.name = "counter", .help = "counts", .step_name = "step",
	.does = { true, true }, .options = no_options,
	.start = counter_start, .step = counter_step, .look = counter_look,
	.end = free,
};

static bool run(struct job *job, void *arg, struct err *e)
{
	struct stages *stages = stages_new();
	struct result **r = arg;

	*r = work_train(stages, s->table, &s->settings, job, e);
	stages_free(stages);
	return *r;
}

/* Train with five folds, stopped in that fit before that step. */
static struct result *stopped(size_t in, size_t at, bool cancelled)
{
	struct result *r = NULL;
	struct job *job;
	int wake[2];

	open_as(path, "split folds=5 shuffle=no");
	s->settings.method = &counter;
	options_clear(&s->settings.method_options);
	options_init(&s->settings.method_options, no_options);
	fits = 0;
	stop_in = in;
	stop_at = at;
	cancels = cancelled;
	assert_return_code(pipe(wake), 0);
	job = job_start(run, &r, sizeof(struct note), wake[1], &err);
	assert_non_null(job);
	job_end(job, &err);
	close(wake[0]);
	close(wake[1]);
	return r;
}

static void stopped_in_a_fold_those_before_it_count(void **state)
{
	struct result *r = stopped(4, 1, false);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->folds, 3);
	assert_int_equal(r->folds_wanted, 5);
	assert_int_equal(r->test_rows.n, 360);
	assert_int_equal(r->ledger.tested, 360);
	assert_int_equal(r->ledger.untested, 240);
	assert_true(r->stopped);
	assert_true(r->of_a_fold);
	assert_true(r->intercept == 3);
	assert_int_equal(fits, 4);
	result_free(r);
}

static void stopped_in_the_first_fold_it_is_all_there_is(void **state)
{
	struct result *r = stopped(1, 1, false);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->folds, 1);
	assert_int_equal(r->test_rows.n, 120);
	assert_true(r->stopped && r->of_a_fold);
	assert_int_equal(fits, 1);
	result_free(r);
	assert_null(stopped(1, 0, false));
	assert_int_equal(err.code, ERR_CANCELLED);
}

static void stopped_in_the_last_fit_all_folds_count(void **state)
{
	struct result *r = stopped(6, 1, false);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->folds, 5);
	assert_true(r->stopped);
	assert_false(r->of_a_fold);
	assert_true(r->intercept == 6);
	result_free(r);
	r = stopped(6, 0, false);
	assert_non_null(r);
	assert_int_equal(r->folds, 5);
	assert_true(r->stopped && r->of_a_fold);
	assert_true(r->intercept == 5);
	result_free(r);
}

static void a_fold_that_did_not_converge_is_told(void **state)
{
	struct result *r = stopped(0, 0, false);

	(void)state;
	assert_true(r->converged);
	assert_int_equal(fits, 6);
	result_free(r);
	loose = 2;
	r = stopped(0, 0, false);
	loose = 0;
	assert_false(r->converged);
	assert_true(r->fold[0].converged);
	assert_false(r->fold[1].converged);
	result_free(r);
}

static void cancelled_there_is_nothing(void **state)
{
	(void)state;
	for (size_t in = 1; in <= 6; in++) {
		assert_null(stopped(in, 1, true));
		assert_int_equal(err.code, ERR_CANCELLED);
	}
}

/* ---- the outlook ---- */

static void outlook_adds_up(const char *split)
{
	struct outlook *o = mem_new(sizeof(*o));
	struct stages *stages = stages_new();

	open_as(path, split);
	assert_true(outlook_find(o, stages, s->table, &s->settings, NULL,
				 &err));
	assert_int_equal(o->rows, ROWS);
	for (size_t i = 0; i < o->shown; i++) {
		size_t rows = 0, classes = 0, pieces = 0;

		for (int k = 0; k < SIDES; k++) {
			const struct outlook_side *side = &o->fold[i].side[k];

			rows += side->rows;
			classes += side->class[0] + side->class[1];
			for (size_t p = 0; p < o->pieces; p++)
				pieces += o->fold[i].piece[p][k];
		}
		assert_int_equal(rows, ROWS);
		assert_int_equal(classes, ROWS);
		assert_int_equal(pieces, ROWS);
	}
	stages_free(stages);
	free(o);
}

static void every_outlook_adds_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(splits); i++)
		outlook_adds_up(splits[i]);
	outlook_adds_up("split test=0.3");
	outlook_adds_up("split time=hour gap=20");
	outlook_adds_up("split group=lot");
}

static void an_outlook_knows_times_and_groups(void **state)
{
	struct outlook *o = mem_new(sizeof(*o));
	struct stages *stages = stages_new();

	(void)state;
	open_as(path, "split time=hour group=lot test=0.25");
	assert_true(outlook_find(o, stages, s->table, &s->settings, NULL,
				 &err));
	assert_true(o->in_time);
	assert_int_equal(o->groups, 60);
	assert_int_equal(o->fold[0].side[SIDE_TRAIN].groups, 45);
	assert_int_equal(o->fold[0].side[SIDE_TEST].groups, 15);
	assert_true(o->fold[0].side[SIDE_TRAIN].to == 449);
	assert_true(o->fold[0].side[SIDE_TEST].from == 450);
	say("split folds=700");
	assert_false(outlook_find(o, stages, s->table, &s->settings, NULL,
				  &err));
	assert_non_null(strstr(err.text, "no more folds than rows"));
	stages_free(stages);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_row_is_told_once_by_folds_of_all_kinds, begin,
			end),
		cmocka_unit_test_setup_teardown(
			the_first_rows_never_test_forward_in_time, begin, end),
		cmocka_unit_test_setup_teardown(
			mean_and_sd_are_those_of_the_folds, begin, end),
		cmocka_unit_test_setup_teardown(
			the_model_that_is_kept_has_seen_all_rows, begin, end),
		cmocka_unit_test_setup_teardown(a_fold_with_one_class_is_named,
						begin, end),
		cmocka_unit_test_setup_teardown(
			numbers_have_r2_and_rmse_in_each_fold, begin, end),
		cmocka_unit_test_setup_teardown(
			one_thread_and_two_give_the_same_bytes, begin, end),
		cmocka_unit_test_setup_teardown(
			stopped_in_a_fold_those_before_it_count, begin, end),
		cmocka_unit_test_setup_teardown(
			stopped_in_the_first_fold_it_is_all_there_is, begin,
			end),
		cmocka_unit_test_setup_teardown(
			stopped_in_the_last_fit_all_folds_count, begin, end),
		cmocka_unit_test_setup_teardown(
			a_fold_that_did_not_converge_is_told, begin, end),
		cmocka_unit_test_setup_teardown(cancelled_there_is_nothing,
						begin, end),
		cmocka_unit_test_setup_teardown(every_outlook_adds_up, begin,
						end),
		cmocka_unit_test_setup_teardown(
			an_outlook_knows_times_and_groups, begin, end),
	};

	return cmocka_run_group_tests(tests, write_files, remove_files);
}
