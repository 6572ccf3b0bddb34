/*
 * test-worst.c - the test rows that are told worst
 */
#include "run/worst.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "eval/metrics.h"

enum { MANY = 1000 };

/* A result of which only what was told of test rows is there; the rows have the
 * numbers 10, 11, ... */
static struct result told(enum task_kind task, size_t classes, double *told,
			  uint32_t *class_of, double *actual, size_t n)
{
	static uint32_t row[MANY];
	static char *name[] = { "no", "yes", "maybe" };

	for (size_t i = 0; i < n; i++)
		row[i] = (uint32_t)(10 + i);
	return (struct result){
		.task = task, .classes = classes, .class_name = name,
		.told = told, .class_of = class_of, .predicted = class_of,
		.actual = actual, .test_rows = { .n = n, .row = row } };
}

static void the_surest_mistake_comes_first(void **state)
{
	double p[] = { 0.9, 0.1, 0.01, 0.6 };
	uint32_t y[] = { 1, 1, 1, 0 };
	struct result r = told(TASK_CLASSIFICATION, 2, p, y, NULL, 4);
	struct worst *w = worst_find(&r, 3, NULL);

	(void)state;
	assert_int_equal(w->of, 4);
	assert_int_equal(w->n, 3);
	assert_int_equal(w->at[0].row, 12);
	assert_int_equal(w->at[1].row, 11);
	assert_int_equal(w->at[2].row, 13);
	assert_true(fabs(w->at[0].loss + log(0.01)) < 1e-12);
	assert_true(fabs(worst_figure(&r, &w->at[2]) - 0.4) < 1e-12);
	worst_free(w);
}

static void rows_alike_stay_in_order(void **state)
{
	double p[] = { 0, 0.5, 0, 1, 0 };
	uint32_t y[] = { 1, 1, 1, 0, 1 };
	struct result r = told(TASK_CLASSIFICATION, 2, p, y, NULL, 5);
	struct worst *w = worst_find(&r, 3, NULL);

	(void)state;
	assert_int_equal(w->at[0].row, 10);
	assert_int_equal(w->at[1].row, 12);
	assert_int_equal(w->at[2].row, 13);
	assert_true(isfinite(w->at[0].loss));
	worst_free(w);
}

static void all_losses_together_are_the_log_loss(void **state)
{
	double p[] = { 0.2, 0.3, 0.5, 1, 0, 0, 0.1, 0.8, 0.1, 0, 0.5, 0.5 };
	uint32_t y[] = { 2, 1, 1, 0 };
	struct result r = told(TASK_CLASSIFICATION, 3, p, y, NULL, 4);
	struct worst *w = worst_find(&r, 100, NULL);
	struct metrics m;
	double all = 0;

	(void)state;
	assert_true(metrics_many(&m, y, p, 4, 3, NULL));
	for (size_t i = 0; i < w->n; i++)
		all += w->at[i].loss;
	assert_int_equal(w->n, 4);
	assert_true(fabs(all / 4 - m.log_loss) < 1e-12);
	assert_true(fabs(w->share - 1) < 1e-12);
	metrics_clear(&m);
	worst_free(w);
}

static void a_number_is_bad_as_far_as_it_is_off(void **state)
{
	double p[] = { 1, 5, 2 }, y[] = { 4, 1, 2 };
	struct result r = told(TASK_REGRESSION, 0, p, NULL, y, 3);
	struct worst *w = worst_find(&r, 2, NULL);

	(void)state;
	assert_int_equal(w->at[0].row, 11);
	assert_true(worst_figure(&r, &w->at[0]) == -4);
	assert_true(worst_figure(&r, &w->at[1]) == 3);
	assert_true(w->share == 1);
	worst_free(w);
}

/* All kept, or few of them: the same come first. */
static void few_are_the_first_of_all(void **state)
{
	static double p[MANY], y[MANY];
	struct result r;
	struct worst *all;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		y[i] = (double)(i * 7919 % 613);
	r = told(TASK_REGRESSION, 0, p, NULL, y, MANY);
	all = worst_find(&r, MANY, NULL);
	for (size_t n = 1; n < 50; n++) {
		struct worst *few = worst_find(&r, n, NULL);

		assert_int_equal(few->n, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(few->at[i].row, all->at[i].row);
		worst_free(few);
	}
	worst_free(all);
}

static void without_rows_it_says_what_to_do(void **state)
{
	struct result r = { .number = 3 };
	struct err err = { 0 };

	(void)state;
	assert_null(worst_find(&r, 5, &err));
	assert_non_null(strstr(err.text, "run 3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_surest_mistake_comes_first),
		cmocka_unit_test(rows_alike_stay_in_order),
		cmocka_unit_test(all_losses_together_are_the_log_loss),
		cmocka_unit_test(a_number_is_bad_as_far_as_it_is_off),
		cmocka_unit_test(few_are_the_first_of_all),
		cmocka_unit_test(without_rows_it_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
