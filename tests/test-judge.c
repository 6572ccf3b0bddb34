/*
 * test-judge.c - thresholds, curves and comparisons: against the plain loops of
 * their definitions, scikit-learn 1.2.1, scipy 1.10.1 and R 4.2
 */
#include "eval/compare.h"
#include "eval/curve.h"
#include "eval/cut.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <omp.h>
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

/* Section 6 of the oracles: scikit-learn 1.2.1. */
static const uint32_t y10[] = { 0, 0, 1, 1, 0, 1, 0, 1, 1, 0 };
static const double p10[] = { .1, .4, .35, .8, .4, .7, .2, .9, .4, .05 };

static void measures_are_scikit_learns(void **state)
{
	struct metrics m;

	(void)state;
	assert_true(metrics_binary(&m, y10, p10, 10, 0.5, &err));
	near(m.accuracy, 0.8, 1e-12);
	near(m.balanced_accuracy, 0.8, 1e-12);
	near(m.class_of[1].f1, 0.75, 1e-12);
	near(m.mcc, 0.6546536707, 5e-11);
	near(m.kappa, 0.6, 1e-12);
	near(m.log_loss, 0.4052740476, 5e-11);
	near(m.brier, 0.1295, 1e-12);
	near(m.auc, 0.88, 1e-12);
	near(m.average_precision, 0.8761904762, 5e-11);
	metrics_clear(&m);
}

static void kappa_of_one_class_is_not_known(void **state)
{
	const uint32_t one[] = { 1, 1, 1 };
	struct metrics m;

	(void)state;
	assert_true(metrics_classes(&m, one, one, 3, 2, &err));
	assert_true(isnan(m.kappa));
	metrics_clear(&m);
}

/* scikit-learn's user guide, in its section of ROC curves. */
static void points_are_scikit_learns(void **state)
{
	const uint32_t y[] = { 0, 0, 1, 1 };
	const double p[] = { .1, .4, .35, .8 };
	const double alarms[] = { 0, 0, .5, .5, 1 };
	const double recall[] = { 0, .5, .5, 1, 1 };
	struct cuts cuts;

	(void)state;
	assert_true(cuts_init(&cuts, y, p, 4, &err));
	assert_int_equal(cuts.steps, 4);
	for (size_t i = 0; i <= 4; i++) {
		struct curve_point at = curve_point(&cuts, i);

		near(at.alarms, alarms[i], 0);
		near(at.recall, recall[i], 0);
	}
	near(curve_point(&cuts, 3).precision, 2.0 / 3, 1e-15);
	cuts_clear(&cuts);
}

/* ---- any threshold ---- */

enum { N = 600 };
struct sample {
	uint32_t y[N];
	double p[N];
};

static void draw(struct sample *s, uint32_t seed, double grain)
{
	struct rng rng;

	rng_init(&rng, seed);
	for (size_t i = 0; i < N; i++) {
		s->p[i] = round(rng_double(&rng) * grain) / grain;
		s->y[i] = rng_double(&rng) < s->p[i] * s->p[i];
	}
}

static void every_threshold_is_as_counted_anew(void **state)
{
	struct sample s;

	(void)state;
	for (uint32_t seed = 1; seed < 6; seed++) {
		struct metrics plain, fast;
		struct cuts cuts;

		draw(&s, seed, seed * 20);
		assert_true(cuts_init(&cuts, s.y, s.p, N, &err));
		assert_true(metrics_binary(&fast, s.y, s.p, N, 0.5, &err));
		for (int k = 0; k < 40; k++) {
			double cut = k / 40.0;

			assert_true(metrics_binary(&plain, s.y, s.p, N, cut,
						   &err));
			cuts_measure(&cuts, cuts_step(&cuts, cut), &fast);
			assert_memory_equal(plain.confusion, fast.confusion,
					    4 * sizeof(size_t));
			near(plain.mcc, fast.mcc, 0);
			near(plain.class_of[1].f1, fast.class_of[1].f1, 0);
			metrics_clear(&plain);
		}
		metrics_clear(&fast);
		cuts_clear(&cuts);
	}
}

static void a_step_and_its_threshold_are_one(void **state)
{
	struct sample s;
	struct cuts cuts;

	(void)state;
	draw(&s, 7, 1e9);
	assert_true(cuts_init(&cuts, s.y, s.p, N, &err));
	for (size_t i = 0; i <= cuts.steps; i++)
		assert_int_equal(cuts_step(&cuts, cuts_at(&cuts, i)), i);
	cuts_clear(&cuts);
}

/* Neighbours in doubles: there is no number between them. */
static void probabilities_that_touch_are_parted(void **state)
{
	const uint32_t y[] = { 0, 1 };
	const double p[] = { 0.3, nextafter(0.3, 1) };
	struct cuts cuts;

	(void)state;
	assert_true(cuts_init(&cuts, y, p, 2, &err));
	assert_int_equal(cuts_step(&cuts, cuts_at(&cuts, 1)), 1);
	cuts_clear(&cuts);
}

static void the_best_is_that_of_all_tried(void **state)
{
	const struct cut_costs costs = { 10, 3 };
	struct sample s;

	(void)state;
	for (int by = 0; by < CUT_BYS; by++) {
		double most = -INFINITY, found;
		struct cuts cuts;
		struct metrics m;

		draw(&s, 11 + (uint32_t)by, 200);
		assert_true(cuts_init(&cuts, s.y, s.p, N, &err));
		assert_true(metrics_binary(&m, s.y, s.p, N, 0.5, &err));
		cuts_measure(&cuts, cuts_best(&cuts, (enum cut_by)by, &costs),
			     &m);
		found = cut_value((enum cut_by)by, &costs, m.confusion);
		if (by == CUT_MCC)
			near(found, m.mcc, 1e-12);
		if (by == CUT_F1)
			near(found, m.class_of[1].f1, 1e-12);
		if (by == CUT_BALANCED)
			near(found, m.balanced_accuracy, 1e-12);
		for (size_t i = 0; i < cuts.steps; i++) {
			cuts_measure(&cuts, i, &m);
			most = fmax(most, cut_value((enum cut_by)by, &costs,
						    m.confusion));
		}
		near(found, most, 0);
		metrics_clear(&m);
		cuts_clear(&cuts);
	}
}

/* Elkan, IJCAI 2001: of true probabilities alarm / (alarm + miss) is best. */
static void costs_move_the_best_as_they_should(void **state)
{
	enum { MANY = 200000 };
	const struct cut_costs costs = { 9, 1 };
	uint32_t *y = mem_array(MANY, sizeof(*y));
	double *p = mem_array(MANY, sizeof(*p));
	struct cuts cuts;
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (size_t i = 0; i < MANY; i++) {
		p[i] = rng_double(&rng);
		y[i] = rng_double(&rng) < p[i];
	}
	assert_true(cuts_init(&cuts, y, p, MANY, &err));
	near(cuts_at(&cuts, cuts_best(&cuts, CUT_COST, &costs)), 0.1, 0.02);
	cuts_clear(&cuts);
	free(y);
	free(p);
}

static void a_probability_of_zero_is_never_told(void **state)
{
	const uint32_t y[] = { 1, 1, 0 };
	const double p[] = { 0, 0, 0 };
	const struct cut_costs costs = { 100, 1 };
	struct cuts cuts;

	(void)state;
	assert_true(cuts_init(&cuts, y, p, 3, &err));
	assert_int_equal(cuts_best(&cuts, CUT_COST, &costs), 0);
	cuts_clear(&cuts);
}

/* Of noise the best by mcc looks good on its rows, and is 0 on others. */
static void other_rows_see_through_a_choice(void **state)
{
	size_t confusion[4], all = 0;
	struct sample s;
	struct rng rng;
	struct cuts cuts;
	struct metrics m;

	(void)state;
	rng_init(&rng, 5);
	for (size_t i = 0; i < N; i++) {
		s.p[i] = rng_double(&rng);
		s.y[i] = rng_double(&rng) < 0.05;
	}
	assert_true(cuts_init(&cuts, s.y, s.p, N, &err));
	assert_true(metrics_binary(&m, s.y, s.p, N, 0.5, &err));
	cuts_measure(&cuts, cuts_best(&cuts, CUT_MCC, NULL), &m);
	assert_true(cuts_honest(s.y, s.p, N, CUT_MCC, NULL, confusion, &err));
	for (int k = 0; k < 4; k++)
		all += confusion[k];
	assert_int_equal(all, N);
	assert_true(m.mcc > 0.05);
	assert_true(cut_value(CUT_MCC, NULL, confusion) < m.mcc - 0.03);
	metrics_clear(&m);
	cuts_clear(&cuts);
}

/* ---- curves ---- */

static void few_points_keep_the_ends(void **state)
{
	struct sample s;
	struct cuts cuts;
	size_t step[CURVE_POINTS], n;

	(void)state;
	draw(&s, 9, 1e9);
	assert_true(cuts_init(&cuts, s.y, s.p, N, &err));
	n = curve_steps(&cuts, step);
	assert_true(n > 50 && n <= CURVE_POINTS);
	assert_int_equal(step[0], 0);
	assert_int_equal(step[n - 1], cuts.steps);
	for (size_t i = 1; i < n; i++)
		assert_true(step[i] > step[i - 1]);
	cuts_clear(&cuts);
}

static void bins_hold_all_rows_in_tenths(void **state)
{
	struct sample s;
	struct calibration c;
	size_t n = 0;
	double error = 0;

	(void)state;
	draw(&s, 4, 1e9);
	assert_true(calibration_init(&c, s.y, s.p, N, &err));
	assert_int_equal(c.bins, CALIBRATION_BINS);
	for (size_t k = 0; k < c.bins; k++) {
		const struct calibration_bin *b = &c.bin[k];

		assert_int_equal(b->n, N / 10);
		error += fabs(b->told * (double)b->n - (double)b->positives);
		n += b->n;
		assert_true(k == 0 || b->told > c.bin[k - 1].told);
	}
	assert_int_equal(n, N);
	near(c.error, error / N, 1e-12);
}

static void rows_that_are_told_alike_share_a_bin(void **state)
{
	const uint32_t y[] = { 0, 0, 0, 1, 1, 0, 1, 1, 1, 1 };
	const double p[] = { .1, .1, .1, .1, .1, .1, .1, .8, .8, .8 };
	struct calibration c;

	(void)state;
	assert_true(calibration_init(&c, y, p, 10, &err));
	assert_int_equal(c.bins, 2);
	assert_int_equal(c.bin[0].n, 7);
	assert_int_equal(c.bin[1].n, 3);
	near(c.error, (fabs(.7 - 3) + fabs(2.4 - 3)) / 10, 1e-12);
}

/* numpy's percentile of the sizes 1 to 10. */
static void error_sizes_are_quantiles_of_type_7(void **state)
{
	double y[10] = { 0 }, told[10];
	struct error_shape s;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 10; i++)
		told[i] = i % 2 ? i + 1 : -i - 1;
	assert_true(error_shape_init(&s, y, told, 10, &err));
	near(s.size[0], 5.5, 1e-12);
	near(s.size[2], 9.1, 1e-12);
	near(s.size[ERROR_QUANTILES - 1], 10, 0);
	near(s.mean, 0.5, 1e-12);
	for (size_t k = 0; k < ERROR_BARS; k++)
		n += s.bar[k];
	assert_int_equal(n, 10);
}

/* ---- two models ---- */

/* scipy 1.10.1: binomtest(3, 15).pvalue; R 4.2: mcnemar.test() of 20, 45. */
static void mcnemars_test_is_scipys_and_rs(void **state)
{
	(void)state;
	near(compare_mcnemar(3, 12).p, 0.03515625, 1e-12);
	assert_true(compare_mcnemar(3, 12).exact);
	near(compare_mcnemar(12, 3).p, 0.03515625, 1e-12);
	near(compare_mcnemar(20, 45).p, 0.0029124200699637, 1e-12);
	assert_false(compare_mcnemar(20, 45).exact);
	near(compare_mcnemar(0, 0).p, 1, 0);
	near(compare_mcnemar(7, 7).p, 1, 0);
	near(compare_mcnemar(40, 40).p, 1, 0);
}

static void told_at_half(const struct sample *s, uint32_t told[N])
{
	for (size_t i = 0; i < N; i++)
		told[i] = s->p[i] > 0.5;
}

static void a_model_does_not_differ_from_itself(void **state)
{
	struct difference of[CLASS_MEASURES];
	struct mcnemar m;
	struct sample s;
	uint32_t told[N];
	const struct told_pair pair = { N, 2, s.y, told, told, s.p, s.p };

	(void)state;
	draw(&s, 1, 100);
	told_at_half(&s, told);
	assert_true(compare_classes(&pair, &m, of, &err));
	near(m.p, 1, 0);
	for (int k = 0; k < CLASS_MEASURES; k++) {
		near(of[k].a, of[k].b, 0);
		assert_int_equal(of[k].of.by, BY_NOTHING);
	}
}

/* Of the difference of two shares of the same rows the variance is known. */
static void the_bootstrap_knows_what_rows_share(void **state)
{
	struct difference of[CLASS_MEASURES];
	struct mcnemar m;
	struct sample s, noisy;
	uint32_t a[N], b[N];
	const struct told_pair pair = { N, 2, s.y, a, b, s.p, noisy.p };
	struct rng rng;
	double both, apart;

	(void)state;
	draw(&s, 2, 1e6);
	noisy = s;
	rng_init(&rng, 8);
	for (size_t i = 0; i < N; i++)
		noisy.p[i] = fmin(1, fmax(0, s.p[i] +
					  (rng_double(&rng) - 0.5) / 2));
	told_at_half(&s, a);
	told_at_half(&noisy, b);
	assert_true(compare_classes(&pair, &m, of, &err));
	apart = ((double)m.only_b - (double)m.only_a) / N;
	both = ((double)(m.only_a + m.only_b) / N - apart * apart) / N;
	near(of[CLASS_ACCURACY].b - of[CLASS_ACCURACY].a, apart, 1e-12);
	near(of[CLASS_ACCURACY].of.high - of[CLASS_ACCURACY].of.low,
	     2 * 1.96 * sqrt(both), 0.1 * 2 * 1.96 * sqrt(both));
	assert_int_equal(of[CLASS_AUC].of.by, BY_DELONG);
	assert_true(of[CLASS_AUC].of.low <= of[CLASS_AUC].b -
		    of[CLASS_AUC].a);
}

/* A model without order has no error of its own: that of the other is left. */
static void delong_of_one_is_delong_of_both(void **state)
{
	struct sample s, flat;
	const struct told_pair pair = { N, 2, s.y, NULL, NULL, s.p, flat.p };
	struct metrics m;
	double error;

	(void)state;
	draw(&s, 6, 50);
	for (size_t i = 0; i < N; i++)
		flat.p[i] = 0.5;
	assert_true(metrics_binary(&m, s.y, s.p, N, 0.5, &err));
	assert_true(compare_delong(&pair, &error, &err));
	near(error, m.auc_error, 1e-12);
	metrics_clear(&m);
}

/* ---- numbers ---- */

static void numbers(double *y, double *a, double *b, size_t n)
{
	struct rng rng;

	rng_init(&rng, 12);
	for (size_t i = 0; i < n; i++) {
		double shared = rng_double(&rng) - 0.5;

		y[i] = 10 * rng_double(&rng);
		a[i] = y[i] + 4 * shared + rng_double(&rng) - 0.5;
		b[i] = y[i] + 4 * shared + rng_double(&rng) - 0.5;
	}
}

static void the_delta_method_is_the_bootstrap_of_many(void **state)
{
	enum { MANY = 2000, DRAWS = 1000 };
	static double y[MANY], a[MANY], b[MANY], of_draw[DRAWS];
	static double d[3][MANY];
	struct difference of[NUMBER_MEASURES];
	struct number_metrics ma, mb;
	struct interval i;
	struct rng rng;

	(void)state;
	numbers(y, a, b, MANY);
	assert_true(compare_numbers(y, a, b, MANY, of, &err));
	assert_int_equal(of[NUMBER_RMSE].of.by, BY_DELTA);
	rng_init(&rng, 1);
	for (size_t k = 0; k < DRAWS; k++) {
		for (size_t j = 0; j < MANY; j++) {
			size_t r = rng_upto(&rng, MANY - 1);

			d[0][j] = y[r];
			d[1][j] = a[r];
			d[2][j] = b[r];
		}
		assert_true(metrics_number(&ma, d[0], d[1], MANY, &err));
		assert_true(metrics_number(&mb, d[0], d[2], MANY, &err));
		of_draw[k] = mb.of[NUMBER_RMSE] - ma.of[NUMBER_RMSE];
	}
	i = interval_middle(of_draw, DRAWS, of[NUMBER_RMSE].b -
			    of[NUMBER_RMSE].a);
	near(of[NUMBER_RMSE].of.high - of[NUMBER_RMSE].of.low, i.high - i.low,
	     0.1 * (i.high - i.low));
}

static void one_thread_and_two_draw_the_same(void **state)
{
	static double y[PAIRED_ROWS], a[PAIRED_ROWS], b[PAIRED_ROWS];
	struct difference one[NUMBER_MEASURES], two[NUMBER_MEASURES];
	int threads = omp_get_max_threads();

	(void)state;
	numbers(y, a, b, PAIRED_ROWS);
	omp_set_num_threads(1);
	assert_true(compare_numbers(y, a, b, PAIRED_ROWS, one, &err));
	omp_set_num_threads(2);
	assert_true(compare_numbers(y, a, b, PAIRED_ROWS, two, &err));
	omp_set_num_threads(threads);
	assert_int_equal(one[NUMBER_R2].of.by, BY_BOOTSTRAP);
	for (int k = 0; k <= NUMBER_MAE; k++) {
		near(one[k].of.low, two[k].of.low, 0);
		near(one[k].of.high, two[k].of.high, 0);
	}
}

/* By hand: mean 2, variance 1, k 3, share 1/2: 2 / sqrt(5/6). */
static void the_corrected_t_is_that_of_the_paper(void **state)
{
	const double d[] = { 1, 2, 3 }, same[] = { 2, 2, 2 };

	(void)state;
	near(compare_corrected_t(d, 3, 0.5), 2 / sqrt(1 / 3.0 + 0.5), 1e-12);
	assert_true(isnan(compare_corrected_t(same, 3, 0.5)));
	assert_true(isnan(compare_corrected_t(d, 1, 0.5)));
}

/* ---- many classes ---- */

static void many_classes_have_intervals(void **state)
{
	enum { CLASSES = 5 };
	struct interval of[CLASS_MEASURES];
	uint32_t y[N], told[N];
	struct metrics m;
	struct rng rng;

	(void)state;
	rng_init(&rng, 2);
	for (size_t i = 0; i < N; i++) {
		y[i] = rng_upto(&rng, CLASSES - 1);
		told[i] = rng_double(&rng) < 0.7 ? y[i] :
			  rng_upto(&rng, CLASSES - 1);
	}
	assert_true(metrics_classes(&m, y, told, N, CLASSES, &err));
	interval_classes(&m, of);
	assert_int_equal(of[CLASS_MCC].by, BY_BOOTSTRAP);
	assert_int_equal(of[CLASS_F1].by, BY_BOOTSTRAP);
	assert_true(of[CLASS_F1].low < m.macro.f1 &&
		    m.macro.f1 < of[CLASS_F1].high);
	/* Wilson's of as many rows is about as wide. */
	near(of[CLASS_BALANCED].high - of[CLASS_BALANCED].low,
	     of[CLASS_ACCURACY].high - of[CLASS_ACCURACY].low, 0.01);
	assert_int_equal(of[CLASS_AUC].by, BY_NOTHING);
	metrics_clear(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_are_scikit_learns),
		cmocka_unit_test(kappa_of_one_class_is_not_known),
		cmocka_unit_test(points_are_scikit_learns),
		cmocka_unit_test(every_threshold_is_as_counted_anew),
		cmocka_unit_test(a_step_and_its_threshold_are_one),
		cmocka_unit_test(probabilities_that_touch_are_parted),
		cmocka_unit_test(the_best_is_that_of_all_tried),
		cmocka_unit_test(costs_move_the_best_as_they_should),
		cmocka_unit_test(a_probability_of_zero_is_never_told),
		cmocka_unit_test(other_rows_see_through_a_choice),
		cmocka_unit_test(few_points_keep_the_ends),
		cmocka_unit_test(bins_hold_all_rows_in_tenths),
		cmocka_unit_test(rows_that_are_told_alike_share_a_bin),
		cmocka_unit_test(error_sizes_are_quantiles_of_type_7),
		cmocka_unit_test(mcnemars_test_is_scipys_and_rs),
		cmocka_unit_test(a_model_does_not_differ_from_itself),
		cmocka_unit_test(the_bootstrap_knows_what_rows_share),
		cmocka_unit_test(delong_of_one_is_delong_of_both),
		cmocka_unit_test(the_delta_method_is_the_bootstrap_of_many),
		cmocka_unit_test(one_thread_and_two_draw_the_same),
		cmocka_unit_test(the_corrected_t_is_that_of_the_paper),
		cmocka_unit_test(many_classes_have_intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
