/*
 * test-interval.c - intervals: against the plain loops of their definitions,
 * scipy 1.10.1 and the exact distributions
 */
#include "eval/interval.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

static struct err err;

static void near(double a, double b, double tolerance)
{
	if (!(fabs(a - b) <= tolerance))
		fail_msg("%.15g is not %.15g", a, b);
}

/* scipy 1.10.1: binomtest(8, 10).proportion_ci(method="wilson"). */
static void wilsons_interval_is_scipys(void **state)
{
	struct interval i = interval_wilson(8, 10);

	(void)state;
	near(i.low, 0.4901624715, 5.1e-11);
	near(i.high, 0.9433178485, 5.1e-11);
	near(interval_wilson(0, 10).low, 0, 0);
	near(interval_wilson(10, 10).high, 1, 0);
	near(interval_wilson(0, 0).low, 0, 0);
	near(interval_wilson(0, 0).high, 1, 0);
}

/* Hits and misses change places: the interval is mirrored. */
static void wilsons_interval_is_symmetric(void **state)
{
	(void)state;
	for (size_t n = 1; n < 60; n++)
		for (size_t k = 0; k <= n; k++) {
			struct interval a = interval_wilson(k, n);
			struct interval b = interval_wilson(n - k, n);
			double share = (double)k / (double)n;

			near(a.low, 1 - b.high, 1e-15);
			assert_true(a.low <= share && share <= a.high);
		}
}

/* ---- DeLong ---- */

static double order(double p, double q)
{
	return p > q ? 1 : p == q ? 0.5 : 0;
}

/* The components of every row by comparing all pairs: O(positives x
 * negatives). */
static double delong_plainly(const double *pos, size_t m, const double *neg,
			     size_t n, double *auc)
{
	double v10 = 0, v01 = 0, sum = 0;

	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++)
			sum += order(pos[i], neg[j]);
	*auc = sum / (double)m / (double)n;
	for (size_t i = 0; i < m; i++) {
		double v = 0;

		for (size_t j = 0; j < n; j++)
			v += order(pos[i], neg[j]) / (double)n;
		v10 += (v - *auc) * (v - *auc) / (double)(m - 1);
	}
	for (size_t j = 0; j < n; j++) {
		double v = 0;

		for (size_t i = 0; i < m; i++)
			v += order(pos[i], neg[j]) / (double)m;
		v01 += (v - *auc) * (v - *auc) / (double)(n - 1);
	}
	return sqrt(v10 / (double)m + v01 / (double)n);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* From no ties to nothing but ties. */
static void delong_is_what_comparing_all_pairs_gives(void **state)
{
	static const double steps[] = { 2, 3, 10, 1000, 1e9 };
	double pos[80], neg[80];
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (int trial = 0; trial < 400; trial++) {
		size_t m = 2 + rng_upto(&rng, 70), n = 2 + rng_upto(&rng, 70);
		double step = steps[trial % 5], auc, error;

		for (size_t i = 0; i < m; i++)
			pos[i] = floor(step * sqrt(rng_double(&rng)));
		for (size_t i = 0; i < n; i++)
			neg[i] = floor(step * rng_double(&rng));
		qsort(pos, m, sizeof(*pos), by_size);
		qsort(neg, n, sizeof(*neg), by_size);
		error = delong_plainly(pos, m, neg, n, &auc);
		near(interval_delong(pos, m, neg, n, auc), error, 1e-14);
		/* The classes change places. */
		near(interval_delong(neg, n, pos, m, 1 - auc), error, 1e-14);
	}
}

static void what_delong_cannot_tell_is_not_told(void **state)
{
	const double a[] = { 0.1, 0.2 }, b[] = { 0.3, 0.4 };

	(void)state;
	assert_true(isnan(interval_delong(a, 1, b, 2, 0)));
	assert_true(isnan(interval_delong(a, 2, b, 1, 0)));
	near(interval_delong(a, 2, b, 2, 0), 0, 0);
	near(interval_delong(a, 2, a, 2, 0.5),
	     sqrt(2 * (0.25 * 0.25 * 2) / 2), 1e-15);
}

/* ---- classes ---- */

/* Rows with such cells: [true][told]. */
static void measure_cells(struct metrics *m, const size_t cell[4])
{
	size_t n = cell[0] + cell[1] + cell[2] + cell[3], at = 0;
	uint32_t *y = mem_array(n, sizeof(*y));
	double *p = mem_array(n, sizeof(*p));

	for (size_t k = 0; k < 4; k++)
		for (size_t i = 0; i < cell[k]; i++, at++) {
			y[at] = k / 2;
			p[at] = k % 2 ? 0.75 : 0.25;
		}
	assert_true(metrics_binary(m, y, p, n, 0.5, &err));
	free(y);
	free(p);
}

/* Rows drawn one by one, 20,000 times. */
static void rows_drawn(const size_t cell[4], enum class_measure which,
		       double *low, double *high)
{
	enum { DRAWS = 20000 };
	size_t n = cell[0] + cell[1] + cell[2] + cell[3];
	double *draw = mem_array(DRAWS, sizeof(*draw));
	struct rng rng;

	rng_init(&rng, 77);
	for (int b = 0; b < DRAWS; b++) {
		struct class_metrics class_of[2];
		size_t drawn[4] = { 0 };
		struct metrics m = { .n = n, .classes = 2, .confusion = drawn,
				     .class_of = class_of };

		for (size_t i = 0; i < n; i++) {
			size_t at = rng_upto(&rng, (uint32_t)n - 1), k = 0;

			while (at >= cell[k])
				at -= cell[k++];
			drawn[k]++;
		}
		metrics_of_confusion(&m);
		draw[b] = metrics_measure(&m, which);
	}
	qsort(draw, DRAWS, sizeof(*draw), by_size);
	*low = draw[DRAWS / 40];
	*high = draw[DRAWS - DRAWS / 40 - 1];
	free(draw);
}

/* A thousand draws place an end to about a tenth of the width. */
static void counts_drawn_are_rows_drawn(void **state)
{
	static const size_t cells[][4] = {
		{ 40, 10, 15, 35 }, { 180, 5, 9, 6 }, { 9, 2, 0, 8 },
		{ 3, 40, 2, 500 }
	};
	static const enum class_measure of[] = {
		CLASS_MCC, CLASS_F1, CLASS_BALANCED
	};

	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(cells); c++)
		for (size_t k = 0; k < ARRAY_LEN(of); k++) {
			struct interval i[CLASS_MEASURES];
			double low, high;
			struct metrics m;

			measure_cells(&m, cells[c]);
			interval_classes(&m, i);
			rows_drawn(cells[c], of[k], &low, &high);
			assert_int_equal(i[of[k]].by, BY_BOOTSTRAP);
			near(i[of[k]].low, low, (high - low) / 10);
			near(i[of[k]].high, high, (high - low) / 10);
			metrics_clear(&m);
		}
}

/* Of a million rows the delta method knows the width: so the draws of large
 * numbers have the right variance.  F1 = 2 a / (2 a + b + c). */
static void many_rows_make_it_narrow(void **state)
{
	const size_t cell[] = { 700000, 50000, 100000, 150000 };
	struct interval i[CLASS_MEASURES];
	double share = 0.3 / 0.45, error, a = 0.15, miss = 0.15;
	struct metrics m;

	(void)state;
	measure_cells(&m, cell);
	interval_classes(&m, i);
	/* Gradient 2 miss / s^2 by a, -2 a / s^2 by miss; s = 0.45; the mean
	 * of both is 0, as F1 does not change with all of them. */
	error = sqrt((pow(2 * miss, 2) * a + pow(2 * a, 2) * miss) /
		     pow(0.45, 4) / 1e6);
	near(i[CLASS_F1].low, share - 1.96 * error, 0.2 * error);
	near(i[CLASS_F1].high, share + 1.96 * error, 0.2 * error);
	metrics_clear(&m);
}

static void an_interval_contains_what_it_is_of(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 6);
	for (int trial = 0; trial < 200; trial++) {
		struct interval i[CLASS_MEASURES];
		struct metrics m;
		uint32_t y[60];
		double p[60];
		size_t n = 10 + rng_upto(&rng, 50);

		for (size_t k = 0; k < n; k++) {
			y[k] = rng_upto(&rng, 9) < (uint32_t)(trial % 9 + 1);
			p[k] = floor(8 * (rng_double(&rng) + y[k] / 2.0)) / 12;
		}
		assert_true(metrics_binary(&m, y, p, n, 0.5, &err));
		interval_classes(&m, i);
		for (int k = 0; k < CLASS_MEASURES; k++) {
			double x = metrics_measure(&m, (enum class_measure)k);

			assert_true((i[k].by == BY_NOTHING) == !!i[k].why);
			if (i[k].by != BY_NOTHING)
				assert_true(i[k].low <= x && x <= i[k].high &&
					    i[k].low < i[k].high);
		}
		metrics_clear(&m);
	}
}

/* Rounding is no chance: whatever the counts, no error has no interval. */
static void no_error_has_no_interval(void **state)
{
	(void)state;
	for (size_t n = 10; n < 90; n++) {
		const size_t cell[] = { n, 0, 0, 5 + n % 7 };
		struct interval i[CLASS_MEASURES];
		struct metrics m;

		measure_cells(&m, cell);
		interval_classes(&m, i);
		assert_int_equal(i[CLASS_MCC].by, BY_NOTHING);
		assert_int_equal(i[CLASS_F1].by, BY_NOTHING);
		assert_int_equal(i[CLASS_AUC].by, BY_NOTHING);
		metrics_clear(&m);
	}
}

static void nothing_honest_is_said_to_be_nothing(void **state)
{
	static const struct {
		size_t cell[4];
		enum class_measure of;
		const char *why;
	} cases[] = {
		{ { 4, 1, 1, 3 }, CLASS_MCC, "fewer than 10 rows" },
		{ { 4, 1, 1, 3 }, CLASS_AUC, "fewer than 10 rows" },
		{ { 50, 9, 0, 0 }, CLASS_MCC, "one class only" },
		{ { 50, 9, 0, 0 }, CLASS_RECALL, "no row is of the class" },
		{ { 50, 0, 9, 0 }, CLASS_PRECISION,
		  "the class was never told" },
		{ { 50, 0, 9, 0 }, CLASS_MCC, "nothing that varies" },
		{ { 50, 0, 0, 9 }, CLASS_MCC, "nothing that varies" },
		{ { 50, 0, 0, 9 }, CLASS_AUC, "all pairs alike" },
		{ { 50, 0, 1, 0 }, CLASS_AUC, "fewer than 5 rows of a class" },
	};

	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
		struct interval i[CLASS_MEASURES];
		struct metrics m;

		measure_cells(&m, cases[c].cell);
		interval_classes(&m, i);
		assert_int_equal(i[cases[c].of].by, BY_NOTHING);
		assert_string_equal(i[cases[c].of].why, cases[c].why);
		assert_true(isnan(i[cases[c].of].low));
		assert_int_equal(i[CLASS_ACCURACY].by, BY_WILSON);
		metrics_clear(&m);
	}
}

/* ---- numbers ---- */

static void make_numbers(double *y, double *told, size_t n, uint32_t seed)
{
	struct rng rng;

	rng_init(&rng, seed);
	for (size_t i = 0; i < n; i++) {
		y[i] = 100 + 10 * rng_double(&rng);
		told[i] = y[i] + 4 * (rng_double(&rng) - 0.5) +
			  (rng_double(&rng) < 0.05 ? 5 : 0);
	}
}

static void intervals_of(size_t n, uint32_t seed, struct number_metrics *m,
			 struct interval of[NUMBER_MEASURES])
{
	double *y = mem_array(n, sizeof(*y)), *told = mem_array(n, sizeof(*y));

	make_numbers(y, told, n, seed);
	assert_true(metrics_number(m, y, told, n, &err));
	assert_true(interval_numbers(m, y, told, of, &err));
	free(y);
	free(told);
}

/* One row more, and the method is another: the width is the same. */
static void the_delta_method_is_where_the_bootstrap_is(void **state)
{
	struct interval few[NUMBER_MEASURES], many[NUMBER_MEASURES];
	struct number_metrics a, b;

	(void)state;
	intervals_of(RESAMPLED_ROWS, 8, &a, few);
	intervals_of(RESAMPLED_ROWS + 1, 8, &b, many);
	for (int k = 0; k <= NUMBER_MAE; k++) {
		double width = many[k].high - many[k].low;

		assert_int_equal(few[k].by, BY_BOOTSTRAP);
		assert_int_equal(many[k].by, BY_DELTA);
		near(few[k].low, many[k].low, width / 10);
		near(few[k].high, many[k].high, width / 10);
		assert_true(few[k].low < a.of[k] && a.of[k] < few[k].high);
		assert_true(many[k].low < b.of[k] && b.of[k] < many[k].high);
	}
	assert_int_equal(many[NUMBER_MEDIAN].by, BY_NOTHING);
}

static void threads_change_nothing(void **state)
{
	struct interval one[NUMBER_MEASURES], two[NUMBER_MEASURES];
	struct number_metrics m;
	int threads = omp_get_max_threads();

	(void)state;
	omp_set_num_threads(1);
	intervals_of(900, 2, &m, one);
	omp_set_num_threads(2);
	intervals_of(900, 2, &m, two);
	omp_set_num_threads(threads);
	for (int k = 0; k <= NUMBER_MAE; k++) {
		near(one[k].low, two[k].low, 0);
		near(one[k].high, two[k].high, 0);
	}
}

static void few_or_equal_numbers_have_none(void **state)
{
	double y[12], told[12];
	struct interval i[NUMBER_MEASURES];
	struct number_metrics m;

	(void)state;
	intervals_of(9, 1, &m, i);
	assert_string_equal(i[NUMBER_R2].why, "fewer than 10 rows");
	for (size_t k = 0; k < 12; k++) {
		y[k] = 7;
		told[k] = (double)k;
	}
	assert_true(metrics_number(&m, y, told, 12, &err));
	assert_true(interval_numbers(&m, y, told, i, &err));
	assert_string_equal(i[NUMBER_R2].why, "all rows the same");
	assert_int_equal(i[NUMBER_RMSE].by, BY_BOOTSTRAP);
	assert_true(metrics_number(&m, told, told, 12, &err));
	assert_true(interval_numbers(&m, told, told, i, &err));
	assert_string_equal(i[NUMBER_RMSE].why, "nothing that varies");
}

/* The mean of these rows has r2 0, of any others drawn less. */
static void the_mean_is_in_its_interval(void **state)
{
	double y[40], told[40];
	struct interval i[NUMBER_MEASURES];
	struct number_metrics m;

	(void)state;
	for (size_t k = 0; k < 40; k++) {
		y[k] = (double)k;
		told[k] = 19.5;
	}
	assert_true(metrics_number(&m, y, told, 40, &err));
	assert_true(interval_numbers(&m, y, told, i, &err));
	near(m.of[NUMBER_R2], 0, 1e-15);
	near(i[NUMBER_R2].high, 0, 1e-15);
	assert_true(i[NUMBER_R2].low < -0.01);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilsons_interval_is_scipys),
		cmocka_unit_test(wilsons_interval_is_symmetric),
		cmocka_unit_test(delong_is_what_comparing_all_pairs_gives),
		cmocka_unit_test(what_delong_cannot_tell_is_not_told),
		cmocka_unit_test(counts_drawn_are_rows_drawn),
		cmocka_unit_test(many_rows_make_it_narrow),
		cmocka_unit_test(an_interval_contains_what_it_is_of),
		cmocka_unit_test(no_error_has_no_interval),
		cmocka_unit_test(nothing_honest_is_said_to_be_nothing),
		cmocka_unit_test(the_delta_method_is_where_the_bootstrap_is),
		cmocka_unit_test(threads_change_nothing),
		cmocka_unit_test(few_or_equal_numbers_have_none),
		cmocka_unit_test(the_mean_is_in_its_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
