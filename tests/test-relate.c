/*
 * test-relate.c - how a column goes with others, and with the target
 *
 * The numbers beside the tests are those of numpy 1.24.2 (corrcoef, histogram)
 * and scikit-learn 1.2.1 (roc_auc_score), of the same columns; they agree to
 * 1e-12.
 */
#include "data/relate.h"

#include <fcntl.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "data/odd.h"
#include "data/summary.h"
#include "tables.h"

enum { ROWS = 1000, MANY = 40000, COLUMNS = 4, LEVELS = 7 };

static struct err err;
static double a[MANY], b[MANY], c[MANY], y_number[MANY];
static uint32_t l[MANY];
static int8_t y[MANY];
static const char *level[LEVELS];
static struct column column[COLUMNS];

static const struct relate_target classes = { .positive = y };

static struct table columns_of(size_t rows)
{
	column[0] = numbers("a", a);
	column[1] = numbers("b", b);
	column[2] = numbers("c", c);
	column[3] = levels("l", l, level, LEVELS);
	return table_of(column, COLUMNS, rows);
}

static struct table fill(size_t rows)
{
	for (size_t i = 0; i < rows; i++) {
		double x = (double)(i * 7919 % 1009) / 7;

		a[i] = i % 10 == 3 ? odd_missing() : x;
		b[i] = i % 7 == 2 ? odd_make(0)
				  : x * x / 50 - (double)(i * 31 % 97);
		c[i] = 1e9 + (double)(i * 53 % 11);
		l[i] = (uint32_t)(i * 29 % 5 + (x > 50 ? 2 : 0));
		y[i] = i % 20 == 5 ? RELATE_UNKNOWN
				   : (x > 70) != (i * 13 % 5 == 0);
		y_number[i] = x * x / 50 - (double)(i * 31 % 97);
	}
	return columns_of(rows);
}

static void columns_are_correlated(void **state)
{
	struct table t = fill(ROWS);
	double r[COLUMNS];
	size_t n[COLUMNS];

	(void)state;
	assert_true(relate_columns(&t, 0, r, n, NULL, &err));
	assert_true(isnan(r[0]) && isnan(r[3]));
	near(r[1], 0.946419636278444, 1e-12);
	near(r[2], -0.06635439705661196, 1e-12);
	assert_int_equal(n[1], 771);
	assert_int_equal(n[2], 900);
	assert_true(relate_columns(&t, 1, r, NULL, NULL, &err));
	near(r[2], -0.06735982898225464, 1e-12);
	assert_true(relate_columns(&t, 3, r, n, NULL, &err));
	assert_true(isnan(r[0]) && n[0] == 0);
}

static void what_cannot_be_correlated_is_nan(void **state)
{
	struct table t = fill(ROWS);
	double r[COLUMNS];
	size_t n[COLUMNS];

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		b[i] = 0.1;
		c[i] = odd_missing();
	}
	assert_true(relate_columns(&t, 0, r, n, NULL, &err));
	assert_true(isnan(r[1]) && n[1] == 900);
	assert_true(isnan(r[2]) && n[2] == 0);
	t.rows = 1;
	assert_true(relate_columns(&t, 0, r, n, NULL, &err));
	assert_true(isnan(r[1]) && n[1] == 1);
	t.rows = 0;
	assert_true(relate_columns(&t, 0, r, n, NULL, &err));
	assert_true(isnan(r[1]) && n[1] == 0);
}

static void a_line_has_a_correlation_of_one(void **state)
{
	struct table t = fill(ROWS);
	double r[COLUMNS];

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		a[i] = (double)i / 3;
		b[i] = 1e6 - a[i] * 0.1;
		c[i] = a[i] * 1e-9;
	}
	assert_true(relate_columns(&t, 0, r, NULL, NULL, &err));
	near(r[1], -1, 1e-12);
	near(r[2], 1, 1e-12);
	assert_true(fabs(r[1]) <= 1 && fabs(r[2]) <= 1);
}

static void a_number_column_ranks_two_classes(void **state)
{
	const double share[SUMMARY_BINS] = {
		0.17307692307692307, 0.16981132075471697, 0.15384615384615385,
		0.18867924528301888, 0.16666666666666666, 0.18181818181818182,
		0.2037037037037037, 0.34615384615384615, 0.8333333333333334,
		0.8333333333333334, 0.8148148148148148, 0.8148148148148148,
		0.8461538461538461, 0.8679245283018868, 0.8076923076923077,
		0.8269230769230769
	};
	const size_t count[SUMMARY_BINS] = { 52, 53, 52, 53, 54, 55, 54, 52,
					     54, 54, 54, 54, 52, 53, 52, 52 };
	const double auc[] = { 0.8291343687147125, 0.8410925791636452,
			       0.47209099095502355 };
	const size_t n[] = { 850, 814, 950 }, positives[] = { 437, 420, 489 };
	struct table t = fill(ROWS);
	struct relation relation;

	(void)state;
	for (size_t j = 0; j < 3; j++) {
		assert_true(relate_target(&t, j, &classes, &relation, NULL,
					  &err));
		near(relation.auc, auc[j], 1e-12);
		assert_int_equal(relation.n, n[j]);
		assert_int_equal(relation.positives, positives[j]);
		assert_int_equal(relation.bins, SUMMARY_BINS);
		assert_true(isnan(relation.r));
		for (size_t k = 0; j == 0 && k < SUMMARY_BINS; k++) {
			assert_int_equal(relation.count[k], count[k]);
			near(relation.mean[k], share[k], 1e-12);
		}
		relation_clear(&relation);
	}
}

static void a_category_ranks_two_classes_by_its_shares(void **state)
{
	const double share[LEVELS] = {
		1, 0, 0.1497005988023952, 0.5177664974619289,
		0.5073891625615764, 0.7878787878787878, 0.8062015503875969
	};
	const size_t count[LEVELS] = { 51, 71, 167, 197, 203, 132, 129 };
	struct table t = fill(ROWS);
	struct relation relation;

	(void)state;
	assert_true(relate_target(&t, 3, &classes, &relation, NULL, &err));
	near(relation.auc, 0.804923057814212, 1e-12);
	assert_int_equal(relation.bins, LEVELS);
	for (size_t k = 0; k < LEVELS; k++) {
		assert_int_equal(relation.count[k], count[k]);
		near(relation.mean[k], share[k], 1e-12);
	}
	relation_clear(&relation);
	/* Too few rows of each level, and a text: its own rows say nothing. */
	t.rows = 60;
	assert_true(relate_target(&t, 3, &classes, &relation, NULL, &err));
	assert_true(isnan(relation.auc));
	relation_clear(&relation);
	t.rows = ROWS;
	column[3].type = COLUMN_TEXT;
	assert_true(relate_target(&t, 3, &classes, &relation, NULL, &err));
	assert_true(isnan(relation.auc));
	assert_int_equal(relation.bins, LEVELS);
	relation_clear(&relation);
}

static void a_number_target_has_means_and_r(void **state)
{
	const double mean[SUMMARY_BINS] = {
		-49.12499443413728, -43.98794844253493, -41.59703352769681,
		-24.55091299677766, -20.776209912536434, 6.142792696025777,
		17.998148688046644, 49.054247921390775, 63.80530612244898,
		101.33607142857147, 127.31665024630541, 169.85644826351594,
		199.16356413994168, 250.42141783029, 290.46125364431487,
		345.3880758017493
	};
	const struct relate_target target = { .number = y_number };
	struct table t = fill(ROWS);
	struct relation relation;

	(void)state;
	assert_true(relate_target(&t, 0, &target, &relation, NULL, &err));
	assert_int_equal(relation.n, 900);
	assert_int_equal(relation.positives, 0);
	assert_true(isnan(relation.auc));
	for (size_t k = 0; k < SUMMARY_BINS; k++)
		near(relation.mean[k], mean[k], 1e-12);
	relation_clear(&relation);
	assert_true(relate_target(&t, 0, &(struct relate_target){ .number = b },
				  &relation, NULL, &err));
	near(relation.r, 0.946419636278444, 1e-12);
	assert_int_equal(relation.n, 771);
	relation_clear(&relation);
	assert_true(relate_target(&t, 3, &target, &relation, NULL, &err));
	assert_int_equal(relation.bins, LEVELS);
	assert_true(isnan(relation.r) && isnan(relation.auc));
	relation_clear(&relation);
}

/* All the rows, also those whose target is not known, make the bins. */
static void bins_are_those_of_the_summary(void **state)
{
	struct table t = fill(ROWS);
	struct summary *s = summary_of(&t, NULL, &err);
	struct relation relation;

	(void)state;
	memset(y, 0, sizeof(y));
	for (size_t j = 0; j < 3; j++) {
		assert_true(relate_target(&t, j, &classes, &relation, NULL,
					  &err));
		assert_true(isnan(relation.auc));
		assert_true(relation.min == s[j].min &&
			    relation.max == s[j].max);
		assert_memory_equal(relation.count, s[j].bin,
				    sizeof(s[j].bin));
		relation_clear(&relation);
	}
	free(s);
}

static void nothing_is_related_to_nothing(void **state)
{
	struct table t = fill(ROWS);
	struct relation relation;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		a[i] = odd_missing();
		l[i] = LEVEL_MISSING;
	}
	for (size_t j = 0; j < COLUMNS; j += 3) {
		assert_true(relate_target(&t, j, &classes, &relation, NULL,
					  &err));
		assert_int_equal(relation.n, 0);
		assert_true(isnan(relation.auc));
		assert_int_equal(relation.bins, j == 0 ? 0 : LEVELS);
		assert_true(j == 0 || isnan(relation.mean[0]));
		relation_clear(&relation);
	}
	for (t.rows = 0; t.rows < 2; t.rows++) {
		assert_true(relate_target(&t, 2, &classes, &relation, NULL,
					  &err));
		assert_int_equal(relation.n, t.rows);
		assert_true(isnan(relation.auc));
		relation_clear(&relation);
	}
}

/* Every pair is looked at; many values are equal. */
static void auc_is_that_of_all_pairs(void **state)
{
	struct table t = fill(ROWS);
	struct relation relation;
	struct rng rng;

	(void)state;
	rng_init(&rng, 5);
	for (int round = 0; round < 20; round++) {
		double better = 0, pairs = 0;

		t.rows = 2 + rng_upto(&rng, 60);
		for (size_t i = 0; i < t.rows; i++) {
			a[i] = (double)rng_upto(&rng, 6) - 3;
			y[i] = (int8_t)rng_upto(&rng, 1);
		}
		y[0] = 0;
		y[1] = 1;
		for (size_t i = 0; i < t.rows; i++)
			for (size_t j = 0; j < t.rows; j++) {
				if (!(y[i] == 1 && y[j] == 0))
					continue;
				pairs++;
				better += a[i] > a[j] ? 1 : a[i] == a[j] ? 0.5
								     : 0;
			}
		assert_true(relate_target(&t, 0, &classes, &relation, NULL,
					  &err));
		near(relation.auc, better / pairs, 1e-14);
		relation_clear(&relation);
	}
}

static void threads_make_no_difference(void **state)
{
#ifdef _OPENMP
	struct table t = fill(MANY);
	double one[COLUMNS], two[COLUMNS];

	omp_set_num_threads(1);
	assert_true(relate_columns(&t, 0, one, NULL, NULL, &err));
	omp_set_num_threads(2);
	assert_true(relate_columns(&t, 0, two, NULL, NULL, &err));
	assert_memory_equal(one, two, sizeof(one));
#endif
	(void)state;
}

static bool relate_late(struct job *job, void *arg, struct err *e)
{
	struct table *t = arg;
	struct relation relation;
	double r[COLUMNS];

	while (!job_cancelled(job))
		;
	return relate_columns(t, 0, r, NULL, job, e) ||
	       relate_target(t, 0, &classes, &relation, job, e);
}

static void relating_can_be_cancelled(void **state)
{
	struct table t = fill(ROWS);
	struct job *job;
	int wake[2];

	(void)state;
	assert_int_equal(pipe2(wake, O_NONBLOCK), 0);
	job = job_start(relate_late, &t, 1, wake[1], &err);
	assert_non_null(job);
	job_cancel(job);
	assert_false(job_end(job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	close(wake[0]);
	close(wake[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_correlated),
		cmocka_unit_test(what_cannot_be_correlated_is_nan),
		cmocka_unit_test(a_line_has_a_correlation_of_one),
		cmocka_unit_test(a_number_column_ranks_two_classes),
		cmocka_unit_test(a_category_ranks_two_classes_by_its_shares),
		cmocka_unit_test(a_number_target_has_means_and_r),
		cmocka_unit_test(bins_are_those_of_the_summary),
		cmocka_unit_test(nothing_is_related_to_nothing),
		cmocka_unit_test(auc_is_that_of_all_pairs),
		cmocka_unit_test(threads_make_no_difference),
		cmocka_unit_test(relating_can_be_cancelled)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
