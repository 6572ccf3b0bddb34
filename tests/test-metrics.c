/*
 * test-metrics.c - the metrics against scikit-learn 1.2.1 (ORACLES.md,
 * section 6, unless a line says otherwise)
 */
#include "eval/metrics.h"
#include "eval/metrics-number.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

static struct err err;

static void near(double a, double b, double tolerance)
{
	if (!(fabs(a - b) <= tolerance))
		fail_msg("%.15g is not %.15g", a, b);
}

/* Digits as ORACLES.md gives them: ten after the point. */
#define DIGITS 5.1e-11

static void ten_rows_with_ties_measure_as_in_scikit_learn(void **state)
{
	const uint32_t y[] = { 0, 0, 1, 1, 0, 1, 0, 1, 1, 0 };
	const double p[] = { .1, .4, .35, .8, .4, .7, .2, .9, .4, .05 };
	struct metrics m;

	(void)state;
	assert_true(metrics_binary(&m, y, p, 10, 0.5, &err));
	near(m.accuracy, 0.8, 1e-15);
	near(m.balanced_accuracy, 0.8, 1e-15);
	near(m.class_of[1].f1, 0.75, 1e-15);
	near(m.mcc, 0.6546536707, DIGITS);
	near(m.log_loss, 0.4052740476, DIGITS);
	near(m.brier, 0.1295, 1e-15);
	near(m.auc, 0.88, 1e-15);
	near(m.average_precision, 0.8761904762, DIGITS);
	assert_int_equal(m.confusion[0], 5);
	assert_int_equal(m.confusion[1], 0);
	assert_int_equal(m.confusion[2], 2);
	assert_int_equal(m.confusion[3], 3);
	metrics_clear(&m);
}

/* The example of scikit-learn's page on roc_auc_score. */
static void four_rows_rank_as_in_the_documentation(void **state)
{
	const uint32_t y[] = { 0, 0, 1, 1 };
	const double p[] = { .1, .4, .35, .8 };
	struct metrics m;

	(void)state;
	assert_true(metrics_binary(&m, y, p, 4, 0.5, &err));
	near(m.auc, 0.75, 1e-15);
	near(m.average_precision, 5.0 / 6, 1e-15);
	metrics_clear(&m);
}

/* The example of scikit-learn's page on classification_report. */
static void three_classes_report_as_in_the_documentation(void **state)
{
	const uint32_t y[] = { 0, 1, 2, 2, 2 }, told[] = { 0, 0, 2, 2, 1 };
	struct metrics m;

	(void)state;
	assert_true(metrics_classes(&m, y, told, 5, 3, &err));
	near(m.accuracy, 0.6, 1e-15);
	near(m.class_of[0].precision, 0.5, 1e-15);
	near(m.class_of[0].recall, 1, 1e-15);
	near(m.class_of[1].f1, 0, 0);
	near(m.class_of[2].precision, 1, 1e-15);
	near(m.class_of[2].f1, 0.8, 1e-15);
	assert_int_equal(m.class_of[2].support, 3);
	near(m.macro.precision, 0.5, 1e-15);
	near(m.macro.recall, 5.0 / 9, 1e-15);
	near(m.macro.f1, (2.0 / 3 + 0.8) / 3, 1e-15);
	near(m.weighted.precision, 0.7, 1e-15);
	near(m.weighted.recall, 0.6, 1e-15);
	near(m.weighted.f1, (2.0 / 3 + 2.4) / 5, 1e-15);
	assert_int_equal(m.weighted.support, 5);
	assert_true(isnan(m.auc) && isnan(m.log_loss));
	/* matthews_corrcoef() of the same. */
	near(m.mcc, 0.4008918628686366, 1e-15);
	metrics_clear(&m);
}

static void what_one_class_cannot_tell_is_not_told(void **state)
{
	const uint32_t y[] = { 1, 1 };
	const double p[] = { .6, .3 };
	struct metrics m;

	(void)state;
	assert_true(metrics_binary(&m, y, p, 2, 0.5, &err));
	assert_true(isnan(m.auc));
	near(m.average_precision, 1, 0);
	near(m.mcc, 0, 0);
	near(m.accuracy, 0.5, 0);
	/* recall_score(average="macro") is over classes true or told. */
	near(m.macro.recall, 0.25, 0);
	near(m.balanced_accuracy, 0.5, 0);
	metrics_clear(&m);
}

/* A class that is neither true nor told is not in classification_report(). */
static void an_absent_class_does_not_count(void **state)
{
	const uint32_t y[] = { 0, 0, 2 }, told[] = { 0, 0, 2 };
	struct metrics m;

	(void)state;
	assert_true(metrics_classes(&m, y, told, 3, 3, &err));
	near(m.macro.f1, 1, 0);
	near(m.balanced_accuracy, 1, 0);
	metrics_clear(&m);
}

/* log_loss() keeps probabilities 2^-52 away from 0 and 1. */
static void a_certain_error_costs_36(void **state)
{
	const uint32_t y[] = { 1, 0 };
	const double p[] = { 0, 1 };
	struct metrics m;

	(void)state;
	assert_true(metrics_binary(&m, y, p, 2, 0.5, &err));
	near(m.log_loss, 36.04365338911715, 1e-13);
	near(m.auc, 0, 0);
	metrics_clear(&m);
}

static void the_cut_itself_is_class_0(void **state)
{
	const uint32_t y[] = { 1, 0 };
	const double p[] = { 0.5, 0.5 };
	struct metrics m;

	(void)state;
	assert_true(metrics_binary(&m, y, p, 2, 0.5, &err));
	assert_int_equal(m.confusion[2], 1);
	assert_int_equal(m.confusion[0], 1);
	near(m.auc, 0.5, 0);
	metrics_clear(&m);
}

static void bad_input_is_an_error(void **state)
{
	const uint32_t y[] = { 1, 0 };
	const double p[] = { 0.5, NAN };
	struct metrics m;

	(void)state;
	assert_false(metrics_binary(&m, y, p, 2, 0.5, &err));
	assert_non_null(strstr(err.text, "not a number"));
	assert_false(metrics_binary(&m, y, p, 0, 0.5, &err));
	assert_non_null(strstr(err.text, "no rows"));
}

/* The definitions, word for word, on rows with many ties. */
static void ranks_are_what_comparing_all_pairs_gives(void **state)
{
	enum { N = 700 };
	uint32_t *y = mem_array(N, sizeof(*y));
	double *p = mem_array(N, sizeof(*p)), pairs = 0, wins = 0;
	struct metrics m;
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (int i = 0; i < N; i++) {
		p[i] = rng_upto(&rng, 40) / 40.0;
		y[i] = rng_double(&rng) < p[i];
	}
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			if (y[i] != 1 || y[j] != 0)
				continue;
			pairs++;
			wins += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
		}
	}
	assert_true(metrics_binary(&m, y, p, N, 0.5, &err));
	near(m.auc, wins / pairs, 1e-14);
	metrics_clear(&m);
	free(p);
	free(y);
}

static void a_copy_stands_by_itself(void **state)
{
	const uint32_t y[] = { 1, 0 };
	const double p[] = { 0.7, 0.4 };
	struct metrics m, copy;

	(void)state;
	assert_true(metrics_binary(&m, y, p, 2, 0.5, &err));
	metrics_copy(&copy, &m);
	metrics_clear(&m);
	assert_int_equal(copy.confusion[3], 1);
	near(copy.class_of[1].recall, 1, 0);
	metrics_clear(&copy);
}

/* ---- numbers ---- */

static void numbers_measure_as_in_scikit_learn(void **state)
{
	const double y[] = { 3, -0.5, 2, 7, 1e6, 4.25 };
	const double told[] = { 2.5, 0, 2, 8, 1e6 + 3, 4 };
	struct number_metrics m;

	(void)state;
	assert_true(metrics_number(&m, y, told, 4, &err));
	near(m.of[NUMBER_R2], 0.9486081370449679, 1e-15);
	near(m.of[NUMBER_RMSE], 0.6123724356957945, 1e-15);
	near(m.of[NUMBER_MAE], 0.5, 1e-15);
	near(m.of[NUMBER_MEDIAN], 0.5, 1e-15);
	near(m.of[NUMBER_MSE], 0.375, 1e-15);
	assert_int_equal(m.n, 4);
	near(metrics_r2(y, told, 4), m.of[NUMBER_R2], 0);
	assert_true(metrics_number(&m, y, told, 6, &err));
	near(m.of[NUMBER_R2], 0.9999999999873249, 1e-15);
	near(m.of[NUMBER_RMSE], 1.3268069440075547, 1e-14);
	near(m.of[NUMBER_MAE], 0.875, 1e-15);
	near(m.of[NUMBER_MEDIAN], 0.5, 1e-15);
	/* An odd number of rows; worse than the mean. */
	assert_true(metrics_number(&m, (double[]){ 10, 11, 12 },
				   (double[]){ 13, 9, 20 }, 3, &err));
	near(m.of[NUMBER_R2], -37.5, 1e-13);
	near(m.of[NUMBER_MEDIAN], 3, 0);
}

/* A mean that is a thousand million times the spread costs no digits. */
static void an_offset_changes_no_r2(void **state)
{
	double y[100], told[100], far[100], told_far[100];
	struct rng rng;

	(void)state;
	rng_init(&rng, 1);
	for (int i = 0; i < 100; i++) {
		y[i] = floor(1024 * rng_double(&rng));
		told[i] = y[i] + floor(64 * rng_double(&rng));
		far[i] = y[i] + 0x1p40;
		told_far[i] = told[i] + 0x1p40;
	}
	near(metrics_r2(far, told_far, 100), metrics_r2(y, told, 100), 1e-14);
}

static void equal_numbers_leave_nothing_to_explain(void **state)
{
	const double y[] = { 0.1, 0.1, 0.1 }, told[] = { 0.1, 0.2, 0.3 };
	struct number_metrics m;

	(void)state;
	assert_true(metrics_number(&m, y, told, 3, &err));
	assert_true(isnan(m.of[NUMBER_R2]));
	near(m.of[NUMBER_MAE], 0.1, 1e-15);
	assert_true(metrics_number(&m, y, told, 1, &err));
	assert_true(isnan(m.of[NUMBER_R2]));
	assert_false(metrics_number(&m, y, told, 0, &err));
	assert_false(metrics_number(&m, y, (double[]){ 1, NAN, 2 }, 3, &err));
	assert_false(metrics_number(&m, y, (double[]){ 1, 2, INFINITY }, 3,
				    &err));
}

static void errors_beyond_squares_are_told_so(void **state)
{
	const double y[] = { 1, 2, 3 };
	const double far[] = { 1, 2, 1e200 }, two[] = { 1.2e154, 1.2e154, 3 };
	struct number_metrics m;

	(void)state;
	assert_false(metrics_number(&m, y, far, 3, &err));
	assert_int_equal(err.code, ERR_MATH);
	assert_non_null(strstr(err.text, "beyond measuring"));
	assert_false(metrics_number(&m, y, two, 3, &err));
	assert_true(metrics_number(&m, y, two + 1, 1, &err));
}

/* scikit-learn 1.2.1: log_loss, roc_auc_score(multi_class="ovr"),
 * average_precision_score, matthews_corrcoef; Brier by hand. */
static void three_classes_are_measured_as_scikit_learn_does(void **state)
{
	const uint32_t y[6] = { 0, 1, 2, 2, 1, 0 };
	const double p[18] = { 0.6, 0.3, 0.1,  0.2, 0.5, 0.3,  0.1, 0.2, 0.7,
			       0.5, 0.2, 0.3,  0.1, 0.3, 0.6,  0.8, 0.2, 0 };
	struct metrics m;

	(void)state;
	assert_true(metrics_many(&m, y, p, 6, 3, &err));
	near(m.accuracy, 4.0 / 6, 1e-12);
	near(m.log_loss, 0.6986228180384583, 1e-12);
	near(m.auc, 0.9166666666666666, 1e-12);
	near(m.average_precision, 0.861111111111111, 1e-12);
	near(m.mcc, 0.5222329678670935, 1e-12);
	near(m.brier, 0.4166666666666667, 1e-12);
	near(m.macro.f1, 0.6555555555555556, 1e-12);
	metrics_clear(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_rows_with_ties_measure_as_in_scikit_learn),
		cmocka_unit_test(four_rows_rank_as_in_the_documentation),
		cmocka_unit_test(three_classes_report_as_in_the_documentation),
		cmocka_unit_test(what_one_class_cannot_tell_is_not_told),
		cmocka_unit_test(an_absent_class_does_not_count),
		cmocka_unit_test(a_certain_error_costs_36),
		cmocka_unit_test(the_cut_itself_is_class_0),
		cmocka_unit_test(bad_input_is_an_error),
		cmocka_unit_test(ranks_are_what_comparing_all_pairs_gives),
		cmocka_unit_test(a_copy_stands_by_itself),
		cmocka_unit_test(numbers_measure_as_in_scikit_learn),
		cmocka_unit_test(an_offset_changes_no_r2),
		cmocka_unit_test(equal_numbers_leave_nothing_to_explain),
		cmocka_unit_test(errors_beyond_squares_are_told_so),
		cmocka_unit_test(
			three_classes_are_measured_as_scikit_learn_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
