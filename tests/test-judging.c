/*
 * test-judging.c - a session that moves the threshold and compares its results
 */
#include "command/judging.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "command/save.h"
#include "run/judge.h"

enum { ROWS = 900 };

static char path[] = "/tmp/gemba-judging-XXXXXX";
static struct session *s;
static struct err err;

static int write_file(void **state)
{
	FILE *out = fdopen(mkstemp(path), "w");
	struct rng rng;

	(void)state;
	assert_non_null(out);
	rng_init(&rng, 21);
	fputs("x,z,noise,rare,number\n", out);
	for (int i = 0; i < ROWS; i++) {
		double x = rng_double(&rng), z = rng_double(&rng);
		double y = 2 * x + z + rng_double(&rng);

		fprintf(out, "%.6f,%.6f,%.6f,%s,%.6f\n", x, z,
			rng_double(&rng), y > 2.7 ? "yes" : "no", y);
	}
	return fclose(out);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void say(const char *line)
{
	if (!session_do(s, line, &err))
		fail_msg("%s: %s", line, err.text);
}

static int setup(void **state)
{
	char line[80];

	(void)state;
	s = session_new(-1);
	snprintf(line, sizeof(line), "open %s", path);
	say(line);
	say("target rare");
	say("features x z");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	session_free(s, false);
	return 0;
}

static void a_moved_threshold_moves_all_counts(void **state)
{
	const struct result *r;
	double recall, auc;
	size_t found;

	(void)state;
	say("train logistic");
	r = session_newest(s);
	recall = metrics_measure(&r->test, CLASS_RECALL);
	auc = r->test.auc;
	found = r->test.confusion[3];
	say("threshold 0.05");
	assert_ptr_equal(r, session_newest(s));
	assert_true(r->test.confusion[3] > found);
	assert_true(metrics_measure(&r->test, CLASS_RECALL) > recall);
	assert_true(r->interval[CLASS_RECALL].high > recall);
	assert_true(r->test.auc == auc);
	say("threshold 0.5");
	assert_int_equal(r->test.confusion[3], found);
	assert_true(metrics_measure(&r->test, CLASS_RECALL) == recall);
}

static void a_threshold_makes_nothing_stale(void **state)
{
	(void)state;
	say("train logistic");
	say("threshold 0.3");
	say("costs miss=10");
	assert_false(session_result_stale(s, session_newest(s)));
	assert_int_equal(s->results, 1);
}

static void undo_leaves_the_threshold(void **state)
{
	(void)state;
	say("train logistic");
	say("toggle noise");
	say("threshold 0.3");
	say("undo");
	assert_true(s->settings.cut.cut == 0.3);
	assert_true(session_newest(s)->judged.cut == 0.3);
}

static void steps_go_from_where_it_stands(void **state)
{
	(void)state;
	say("train logistic");
	say("threshold +0.01");
	assert_true(fabs(session_newest(s)->judged.cut - 0.51) < 1e-12);
	say("threshold -0.1");
	assert_true(fabs(session_newest(s)->judged.cut - 0.41) < 1e-12);
	say("threshold -0.9");
	assert_true(session_newest(s)->judged.cut == 0);
	say("threshold 0.5");
	assert_true(session_newest(s)->judged.cut == 0.5);
	assert_false(session_do(s, "threshold 1", &err));
	assert_false(session_do(s, "threshold half", &err));
	assert_false(session_do(s, "threshold nan", &err));
	assert_false(session_do(s, "threshold 0.3 by=f1", &err));
	assert_false(session_do(s, "threshold best by=luck", &err));
}

static void a_threshold_set_before_is_that_of_the_next(void **state)
{
	(void)state;
	say("threshold 0.2");
	say("train logistic");
	assert_true(session_newest(s)->judged.cut == 0.2);
	assert_true(session_newest(s)->test.mcc !=
		    session_newest(s)->plain_mcc);
}

static void the_best_is_best_for_each(void **state)
{
	const struct result *a, *b;

	(void)state;
	say("train logistic");
	say("train tree depth=2");
	say("costs miss=100 alarm=1");
	say("threshold best");
	a = s->result[0];
	b = s->result[1];
	assert_true(a->judged.wish.by == CUT_COST);
	assert_true(a->judged.cut != b->judged.cut);
	assert_true(a->judged.best == -judge_bill(a, &a->judged.wish.costs)
		    .now);
	assert_true(judge_bill(a, &a->judged.wish.costs).now <=
		    judge_bill(a, &a->judged.wish.costs).always);
	assert_true(a->judged.honest <= a->judged.best);
	say("threshold best by=f1");
	assert_true(a->judged.best >= a->judged.honest);
	say("costs none");
	assert_false(a->judged.wish.priced);
}

static char *recipe(void)
{
	char name[] = "/tmp/gemba-recipe-XXXXXX", *text = mem_array(4000, 1);
	FILE *in;

	close(mkstemp(name));
	assert_true(save_recipe(s, name, &err));
	in = fopen(name, "r");
	assert_non_null(in);
	text[fread(text, 1, 3999, in)] = '\0';
	fclose(in);
	unlink(name);
	return text;
}

static void a_recipe_holds_threshold_and_costs(void **state)
{
	char *text;

	(void)state;
	say("train logistic");
	text = recipe();
	assert_null(strstr(text, "threshold"));
	free(text);
	say("costs miss=20 alarm=0.5");
	say("threshold 0.35");
	text = recipe();
	assert_non_null(strstr(text, "costs miss=20 alarm=0.5\n"));
	assert_non_null(strstr(text, "threshold 0.35\n"));
	free(text);
	say("threshold best by=f1");
	text = recipe();
	assert_non_null(strstr(text, "threshold best by=f1\n"));
	free(text);
}

static void a_number_has_no_threshold(void **state)
{
	(void)state;
	say("target number");
	say("train linear");
	say("threshold 0.3");
	assert_non_null(strstr(s->message, "two classes"));
}

/* ---- two results ---- */

static void the_same_twice_is_noise(void **state)
{
	(void)state;
	say("train logistic");
	say("train logistic");
	assert_non_null(session_newest(s)->before);
	assert_int_equal(session_newest(s)->before->verdict, VERDICT_NOISE);
}

static void a_far_better_one_is_better(void **state)
{
	(void)state;
	say("train baseline");
	say("train logistic");
	assert_int_equal(session_newest(s)->before->verdict, VERDICT_BETTER);
	say("compare 2 1");
	assert_int_equal(s->versus[0]->verdict, VERDICT_WORSE);
	assert_true(s->versus[0]->mcnemar.p < 0.01);
}

static void other_rows_are_not_compared(void **state)
{
	const struct versus *v;

	(void)state;
	say("train baseline");
	say("split seed=7");
	say("train logistic");
	say("compare");
	v = s->versus[0];
	assert_int_equal(v->verdict, VERDICT_NONE);
	assert_non_null(strstr(v->why, "same test rows"));
	assert_true(v->of_class[CLASS_MCC].b == session_newest(s)->test.mcc);
	assert_int_equal(v->of_class[CLASS_MCC].of.by, BY_NOTHING);
}

static void other_targets_have_nothing_in_common(void **state)
{
	(void)state;
	say("train logistic");
	say("target number");
	say("train linear");
	say("compare");
	assert_false(s->versus[0]->told);
	assert_int_equal(s->versus[0]->verdict, VERDICT_NONE);
}

static void numbers_are_compared(void **state)
{
	const struct versus *v;

	(void)state;
	say("target number");
	say("train baseline");
	say("train linear");
	say("compare");
	v = s->versus[0];
	assert_int_equal(v->verdict, VERDICT_BETTER);
	assert_true(v->of_number[NUMBER_R2].of.low > 0.3);
	assert_true(v->of_number[NUMBER_RMSE].of.high < 0);
}

static void folds_have_their_own_test(void **state)
{
	const struct versus *v;

	(void)state;
	say("split folds=5");
	say("train baseline");
	say("train logistic");
	say("compare");
	v = s->versus[0];
	assert_int_equal(v->folds, 5);
	assert_true(v->mean > 0 && v->low < v->mean && v->mean < v->high);
	assert_true((v->p < 0.05) == (v->low > 0));
}

static void all_are_held_against_the_pinned_one(void **state)
{
	(void)state;
	say("train baseline");
	say("train logistic");
	say("train tree depth=2");
	assert_int_equal(session_newest(s)->before->a, 2);
	say("pin 1");
	assert_int_equal(session_newest(s)->before->a, 1);
	assert_null(s->result[0]->before);
	say("compare");
	assert_int_equal(s->versus[0]->a, 1);
	say("pin 1");
	assert_int_equal(session_newest(s)->before->a, 2);
	assert_false(session_do(s, "pin 9", &err));
	assert_false(session_do(s, "compare 1 1", &err));
	assert_false(session_do(s, "compare x", &err));
}

static void what_is_compared_follows_the_threshold(void **state)
{
	double before;

	(void)state;
	say("train logistic");
	say("train tree depth=2");
	say("compare");
	before = s->versus[0]->of_class[CLASS_RECALL].a;
	say("threshold 0.05");
	assert_true(s->versus[0]->of_class[CLASS_RECALL].a > before);
	assert_int_equal(s->versuses, 1);
}

static void what_has_not_converged_is_never_best(void **state)
{
	(void)state;
	say("train logistic iterations=1");
	assert_false(session_newest(s)->converged);
	assert_null(session_best(s));
	say("train baseline");
	assert_true(session_newest(s)->converged);
	assert_ptr_equal(session_best(s), s->result[1]);
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALONE(a_moved_threshold_moves_all_counts),
		ALONE(a_threshold_makes_nothing_stale),
		ALONE(undo_leaves_the_threshold),
		ALONE(steps_go_from_where_it_stands),
		ALONE(a_threshold_set_before_is_that_of_the_next),
		ALONE(the_best_is_best_for_each),
		ALONE(a_recipe_holds_threshold_and_costs),
		ALONE(a_number_has_no_threshold),
		ALONE(the_same_twice_is_noise),
		ALONE(a_far_better_one_is_better),
		ALONE(other_rows_are_not_compared),
		ALONE(other_targets_have_nothing_in_common),
		ALONE(numbers_are_compared),
		ALONE(folds_have_their_own_test),
		ALONE(all_are_held_against_the_pinned_one),
		ALONE(what_is_compared_follows_the_threshold),
		ALONE(what_has_not_converged_is_never_best),
	};

	return cmocka_run_group_tests(tests, write_file, remove_file);
}
