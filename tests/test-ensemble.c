/*
 * test-ensemble.c - models made of others, and the search for options
 */
#include "run/tune.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "command/session.h"
#include "command/worker.h"
#include "run/fit.h"

enum { ROWS = 400, MANY = 40000 };

static char path[] = "/tmp/gemba-ensemble-XXXXXX";
static char large[] = "/tmp/gemba-ensemble-XXXXXX";
static struct session *s;
static struct err err;
static int wake[2];

/* A class and a number that follow x and z, and a class that few rows have. */
static bool write_rows(char *name, int rows)
{
	FILE *out = fdopen(mkstemp(name), "w");
	struct rng rng;

	assert_non_null(out);
	rng_init(&rng, 5);
	fputs("x,z,line,y,number,three,rare\n", out);
	for (int i = 0; i < rows; i++) {
		double x = rng_double(&rng), z = rng_double(&rng);
		double y = x - z / 2 + 0.3 * rng_double(&rng);

		fprintf(out, "%.6f,%.6f,%c,%s,%.6f,%c,%s\n", x, z,
			"AB"[i % 2], y > 0.4 ? "yes" : "no", y,
			y > 0.6 ? 'c' : y > 0.3 ? 'b' : 'a',
			i % 200 ? "no" : "yes");
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

static void refuses(const char *line, int fault, const char *part)
{
	if (session_do(s, line, &err))
		fail_msg("%s is taken", line);
	if (!strstr(err.text, part))
		fail_msg("%s: %s", line, err.text);
	assert_int_equal(s->fault, fault);
}

static void open_file(const char *name, const char *target)
{
	char line[100];

	snprintf(line, sizeof(line), "open %s", name);
	say(line);
	snprintf(line, sizeof(line), "target %s", target);
	say(line);
	say("features x z line");
}

static int begin(void **state)
{
	(void)state;
	err = (struct err){ 0 };
	s = session_new(-1);
	open_file(path, "y");
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_free(s, false);
	return 0;
}

static const struct result *newest(void)
{
	const struct result *r = session_newest(s);

	assert_non_null(r);
	return r;
}

static char *now(void)
{
	static char text[2000];
	char *all = settings_format(&s->settings, s->table);

	snprintf(text, sizeof(text), "%s", all);
	free(all);
	return text;
}

/* ---- vote ---- */

static void what_a_vote_tells_is_the_mean(void **state)
{
	const struct result *a, *b, *r;

	(void)state;
	say("train logistic l2=3");
	say("train tree depth=4");
	say("train vote of=\"logistic l2=3; tree depth=4\" weights=3,1");
	a = s->result[0];
	b = s->result[1];
	r = s->result[2];
	for (size_t i = 0; i < r->test_rows.n; i++) {
		double mean = (3 * a->told[i] + b->told[i]) / 4;

		assert_true(fabs(r->told[i] - mean) < 1e-12);
	}
	assert_true(r->converged);
	assert_non_null(strstr(r->drawing, "tree depth=4"));
}

static void importances_of_a_vote_add_up(void **state)
{
	double sum = 0;

	(void)state;
	say("train vote of=\"logistic; tree; forest trees=5\"");
	for (size_t j = 0; j < newest()->weights; j++)
		sum += newest()->weight[j].standardized;
	assert_int_equal(newest()->weights, 3);
	assert_true(fabs(sum - 1) < 1e-12);
}

static void runs_stand_for_their_methods(void **state)
{
	(void)state;
	say("train baseline");
	say("train logistic l2=3");
	say("train forest trees=4 columns=all");
	say("train vote runs=2,3");
	assert_non_null(strstr(now(), "train vote of=\"logistic l2=3; "
			       "forest trees=4 columns=all\"\n"));
	refuses("train vote runs=1,2", 2, "run 1 is a baseline");
	refuses("train stack runs=4,2", 2, "run 4 is a vote");
	refuses("train stack folds=3 runs=2,9", 3, "from 1 to 4");
	say("target three");
	refuses("train vote runs=2,3", 2, "is not the target");
}

static void members_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const char *line, *part;
		int fault;
	} wrong[] = {
		{ "train vote of=tree", "two methods at least", 2 },
		{ "train vote of=\"tree; x\"", "no method 'x'", 2 },
		{ "train vote of=\"tree; stack\"", "made of others", 2 },
		{ "train vote of=\"tree; baseline\"", "baseline", 2 },
		{ "train vote of=\"tree; tree leaf=0\"", "leaf=0", 2 },
		{ "train vote of=\"tree; linear\"", "linear does no", 0 },
		{ "train vote of=\"tree; tree\" weights=1", "2 members", 0 },
		{ "train vote of=\"tree; tree\" weights=1,-1", "above 0", 0 },
		{ "train vote of=\"tree; tree\" weights=1,1,", "2 members",
		  0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		refuses(wrong[i].line, wrong[i].fault, wrong[i].part);
}

/* ---- stack ---- */

static void a_stack_scores_members_on_rows_they_had_not_seen(void **state)
{
	(void)state;
	say("target three");
	say("train stack of=\"tree depth=30; logistic\" folds=4");
	assert_non_null(strstr(newest()->drawing, "had not seen"));
	/* A tree of depth 30 knows all rows that it has seen. */
	assert_null(strstr(newest()->drawing, "1.0000"));
	assert_true(newest()->converged);
	assert_true(newest()->test.accuracy > 0.7);
}

static void a_stack_of_numbers_is_no_worse_than_its_best(void **state)
{
	double best;

	(void)state;
	say("target number");
	say("train linear");
	best = newest()->regression.test.of[NUMBER_R2];
	say("train stack of=\"linear; tree depth=2\"");
	assert_true(newest()->regression.test.of[NUMBER_R2] > best - 0.01);
}

static void too_few_rows_of_a_class_are_told(void **state)
{
	(void)state;
	say("target rare");
	say("split test=0.5 seed=1");
	if (session_do(s, "train stack of=\"tree; logistic\" folds=50", &err))
		return;		/* both rows may be in the test */
	assert_non_null(strstr(err.text, "one class"));
}

/* ---- tune ---- */

static void the_best_options_are_trained_and_kept(void **state)
{
	const struct tuned *t;

	(void)state;
	say("tune tree depth=1,3,8 leaf=5");
	t = newest()->tuned;
	assert_non_null(t);
	assert_int_equal(t->tries, 3);
	assert_string_equal(t->measure, "mcc");
	for (size_t i = 1; i < t->tries; i++)
		assert_true(t->tried[0].mean >= t->tried[i].mean);
	assert_int_equal(s->results, 1);
	assert_false(session_result_stale(s, newest()));
	assert_non_null(strstr(now(), t->tried[0].options));
	assert_non_null(strstr(now(), "leaf=5"));
	assert_null(strstr(now(), "tune"));
}

static void a_tune_is_the_same_every_time(void **state)
{
	static const char *const lines[] = {
		"tune tree depth=1..9 by=random tries=6",
		"tune logistic l2=0.1..1e4 by=random tries=5",
		"tune tree depth=1..9 leaf=1,5 by=halving",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const struct tuned *a, *b;

		say(lines[i]);
		say(lines[i]);
		a = s->result[2 * i]->tuned;
		b = s->result[2 * i + 1]->tuned;
		assert_int_equal(a->tries, b->tries);
		for (size_t k = 0; k < a->tries; k++) {
			assert_string_equal(a->tried[k].options,
					    b->tried[k].options);
			assert_true(a->tried[k].mean == b->tried[k].mean);
		}
	}
	assert_int_equal(s->result[0]->tuned->tries, 6);
}

static void halving_ends_with_all_the_rows(void **state)
{
	const struct tuned *t;

	(void)state;
	say("tune tree depth=1..9 by=halving");
	t = newest()->tuned;
	assert_int_equal(t->tries, 12);		/* 9 and 3 */
	assert_int_equal(t->rows, 320);
	assert_int_equal(t->tried[0].rows, 320);
	assert_int_equal(t->tried[3].rows, 106);
}

/* The test rows are swapped for nonsense: not a score of a try moves. */
static void test_rows_have_no_say(void **state)
{
	double mean[3], score;
	struct column *c;

	(void)state;
	say("tune tree depth=1,3,8");
	for (int i = 0; i < 3; i++)
		mean[i] = newest()->tuned->tried[i].mean;
	score = newest()->test.mcc;
	c = &((struct table *)s->table)->column[0];
	for (size_t i = 0; i < newest()->test_rows.n; i++)
		c->number[newest()->test_rows.row[i]] = 0.5;
	say("tune tree depth=1,3,8");
	for (int i = 0; i < 3; i++)
		assert_true(mean[i] == newest()->tuned->tried[i].mean);
	assert_true(score != newest()->test.mcc);
}

static void the_edge_of_the_space_is_told(void **state)
{
	(void)state;
	say("tune logistic l2=10,1000000");
	assert_string_equal(newest()->tuned->edge, "the best l2=10 lies on "
			    "the edge of 10..1e+06: tune again with "
			    "l2=0.1..10");
	say("tune tree depth=1..8");
	assert_null(newest()->tuned->edge);
	/* An option that ends there has no edge. */
	say("tune tree leaf=1,200");
	assert_null(newest()->tuned->edge);
}

static void when_the_time_is_up_one_try_is_there(void **state)
{
	(void)state;
	say("tune tree depth=1..8 seconds=0.001");
	assert_true(newest()->tuned->over);
	assert_true(newest()->tuned->tries >= 1);
	assert_true(newest()->tuned->tries < 8);
	assert_non_null(newest()->told);
}

static void a_try_that_fails_is_passed_over(void **state)
{
	const struct tuned *t;

	(void)state;
	say("tune tree criterion=squares,gini");
	t = newest()->tuned;
	assert_string_equal(t->tried[0].options, "criterion=gini");
	assert_non_null(t->tried[1].failed);
	refuses("tune tree criterion=squares depth=2,3", 0, "no try could be");
}

static void spaces_that_are_none_are_refused(void **state)
{
	(void)state;
	refuses("tune no", 1, "no method 'no'");
	refuses("tune tree depth=4..2", 2, "LOW..HIGH");
	refuses("tune tree depth=2..x", 2, "LOW..HIGH");
	refuses("tune tree leaf=1 depth=2,0", 3, "depth=0");
	refuses("tune tree depth=2,3 depth=4,5", 3, "twice");
	refuses("tune tree x=1,2", 2, "does not know");
	refuses("tune tree by=luck", 2, "choose one of");
	refuses("tune baseline", 1, "name what is to be tried");
	refuses("tune tree depth=1..12 leaf=1..1e9 split=2..1e9 prune=0..9 "
		"criterion=gini,entropy", 1, "the grid has more than");
	say("split folds=3");
	refuses("tune tree", 0, "every row tests");
}

/* ---- beside an interface ---- */

static int begin_with_worker(void **state)
{
	(void)state;
	err = (struct err){ 0 };
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC))
		return -1;
	s = session_new(wake[1]);
	return 0;
}

static int end_with_worker(void **state)
{
	end(state);
	return close(wake[0]) || close(wake[1]);
}

static void turn(int most)
{
	struct pollfd pipe = { .fd = wake[0], .events = POLLIN };
	char bytes[64];

	poll(&pipe, 1, most);
	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	session_turn(s);
}

static void wait_until_idle(void)
{
	session_turn(s);
	while (session_busy(s))
		turn(1000);
}

static void open_large(void)
{
	char line[100];

	snprintf(line, sizeof(line), "open %s", large);
	say(line);
	wait_until_idle();
	say("target y");
	say("features x z line");
	say("guard all off");
	wait_until_idle();
}

static void wait_for_try(size_t number)
{
	for (int i = 0; i < 20000; i++) {
		turn(5);
		if (s->working == WORK_TRAIN && s->note_fresh &&
		    s->note.tries.number >= number)
			return;
	}
	fail_msg("no try %zu", number);
}

static void a_tune_that_is_stopped_keeps_its_best(void **state)
{
	const struct tuned *t;

	(void)state;
	open_large();
	say("tune forest trees=10 depth=8 leaf=1..12 folds=2 seconds=600");
	wait_for_try(3);
	assert_int_equal(s->note.tries.of, 12);
	say("stop keep");
	wait_until_idle();
	t = newest()->tuned;
	assert_true(t->stopped);
	assert_true(t->tries >= 2 && t->tries < 12);
	assert_false(newest()->stopped);
	assert_int_equal(newest()->iterations, 10);
	assert_false(session_result_stale(s, newest()));
	assert_non_null(strstr(s->message, "the best is leaf="));
}

/* Seconds from "stop abort" until the worker has ended. */
static double cancelled_after(void)
{
	double start = fit_clock();

	say("stop abort");
	while (s->worker->job && job_running(s->worker->job))
		usleep(200);
	return fit_clock() - start;
}

static void cancelling_takes_no_time(void **state)
{
	static const char *const lines[] = {
		"tune forest depth=8 leaf=1,2,3 folds=2 seconds=600",
		"train stack of=\"forest depth=8; tree\"",
		"train vote of=\"forest trees=5000 depth=8; tree\""
	};

	(void)state;
	open_large();
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		double most = 0;

		for (int k = 1; k <= 3; k++) {
			double took;

			say(lines[i]);
			session_turn(s);
			usleep((useconds_t)k * 60000);
			took = cancelled_after();
			most = took > most ? took : most;
			wait_until_idle();
		}
		assert_int_equal(s->results, 0);
		/* 20 ms, and as much again as a busy machine may need. */
		if (most > 0.2)
			fail_msg("%s: %g s", lines[i], most);
	}
}

static void a_vote_that_is_stopped_has_the_members_that_are_done(void **state)
{
	(void)state;
	open_large();
	say("train vote of=\"tree; forest trees=100000 depth=8\"");
	for (int i = 0; i < 20000 && !(s->note_fresh &&
				       s->note.iteration > 0); i++)
		turn(5);
	say("stop keep");
	wait_until_idle();
	assert_true(newest()->stopped);
	assert_int_equal(newest()->iterations, 1);
	assert_non_null(strstr(newest()->drawing, "vote of 1 members"));
	say("train stack of=\"tree; forest trees=100000 depth=8\"");
	for (int i = 0; i < 40; i++)
		turn(5);
	say("stop keep");
	wait_until_idle();
	assert_int_equal(s->results, 1);
	assert_non_null(strstr(s->message, "stopped before there was a model"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_vote_tells_is_the_mean,
						begin, end),
		cmocka_unit_test_setup_teardown(importances_of_a_vote_add_up,
						begin, end),
		cmocka_unit_test_setup_teardown(runs_stand_for_their_methods,
						begin, end),
		cmocka_unit_test_setup_teardown(
			members_that_cannot_be_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			a_stack_scores_members_on_rows_they_had_not_seen,
			begin, end),
		cmocka_unit_test_setup_teardown(
			a_stack_of_numbers_is_no_worse_than_its_best, begin,
			end),
		cmocka_unit_test_setup_teardown(
			too_few_rows_of_a_class_are_told, begin, end),
		cmocka_unit_test_setup_teardown(
			the_best_options_are_trained_and_kept, begin, end),
		cmocka_unit_test_setup_teardown(a_tune_is_the_same_every_time,
						begin, end),
		cmocka_unit_test_setup_teardown(halving_ends_with_all_the_rows,
						begin, end),
		cmocka_unit_test_setup_teardown(test_rows_have_no_say, begin,
						end),
		cmocka_unit_test_setup_teardown(the_edge_of_the_space_is_told,
						begin, end),
		cmocka_unit_test_setup_teardown(
			when_the_time_is_up_one_try_is_there, begin, end),
		cmocka_unit_test_setup_teardown(
			a_try_that_fails_is_passed_over, begin, end),
		cmocka_unit_test_setup_teardown(
			spaces_that_are_none_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			a_tune_that_is_stopped_keeps_its_best,
			begin_with_worker, end_with_worker),
		cmocka_unit_test_setup_teardown(cancelling_takes_no_time,
						begin_with_worker,
						end_with_worker),
		cmocka_unit_test_setup_teardown(
			a_vote_that_is_stopped_has_the_members_that_are_done,
			begin_with_worker, end_with_worker),
	};

	return cmocka_run_group_tests(tests, write_files, remove_files);
}
