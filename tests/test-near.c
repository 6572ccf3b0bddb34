/*
 * test-near.c - naive Bayes and neighbours, against sums and searches as one
 * would write them on paper, and on tables that are hard
 */
#include "learn/near.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "tables.h"

static void set_threads(int n)
{
#ifdef _OPENMP
	omp_set_num_threads(n);
#else
	(void)n;
#endif
}

/* ---- what lies near ---- */

/* All points one after the other. */
static void find_slowly(const double *x, size_t n, size_t p, const double *at,
			size_t k, struct neighbour *to)
{
	for (size_t found = 0; found < k; found++) {
		struct neighbour best = { INFINITY, UINT32_MAX };

		for (size_t i = 0; i < n; i++) {
			double squares = 0;
			bool taken = false;

			for (size_t j = 0; j < p; j++)
				squares += (x[i * p + j] - at[j]) *
					   (x[i * p + j] - at[j]);
			for (size_t f = 0; f < found; f++)
				taken |= to[f].point == i;
			if (!taken && squares < best.squares)
				best = (struct neighbour){ squares,
							   (uint32_t)i };
		}
		to[found] = best;
	}
}

static void the_nearest_are_those_of_a_plain_search(void **state)
{
	enum { N = 700, P = 15, K = 9 };
	struct rng rng;

	(void)state;
	rng_init(&rng, 11);
	/* Coarse numbers, so that many are equally near. */
	for (size_t p = 1; p <= P; p++) {
		double *x = mem_array(N * p, sizeof(*x)), at[P], *room;
		double *copy = mem_array(N * p, sizeof(*x));
		struct neighbour found[K], slow[K];
		struct near *points;

		for (size_t i = 0; i < N * p; i++)
			x[i] = round(noise(&rng) * (i % 3 ? 3 : 10));
		memcpy(copy, x, N * p * sizeof(*x));
		points = near_new(copy, N, p, NULL, NULL);
		room = mem_array(near_room(points), sizeof(*room));
		for (size_t q = 0; q < 200; q++) {
			for (size_t j = 0; j < p; j++)
				at[j] = q % 2 ? x[q * p + j]
					      : round(noise(&rng) * 12);
			near_find(points, at, 1, K, room, found);
			find_slowly(x, N, p, at, K, slow);
			for (size_t i = 0; i < K; i++) {
				assert_int_equal(found[i].point,
						 slow[i].point);
				assert_true(found[i].squares ==
					    slow[i].squares);
			}
		}
		near_free(points);
		free(room);
		free(x);
	}
}

static void points_that_are_all_the_same_are_found_by_number(void **state)
{
	enum { N = 500 };
	double *x = mem_array(N, sizeof(*x)), at = 3, room;
	struct near *points = near_new(x, N, 1, NULL, NULL);
	struct neighbour found[4];

	(void)state;
	near_find(points, &at, 1, 4, &room, found);
	for (uint32_t i = 0; i < 4; i++)
		assert_true(found[i].point == i && found[i].squares == 9);
	near_free(points);
}

/* ---- neighbours ---- */

static double told_of(struct fixture *f, size_t row)
{
	struct rows one = { 1, (uint32_t[]){ (uint32_t)row } };
	double told[300];

	assert_true(model_predict(&f->model, f->problem.design, &one, told,
				  NULL, &f->err));
	return told[0];
}

static void of_four_rows_the_nearest_are_asked(void **state)
{
	double x[] = { 0, 1, 3, 10 }, number[] = { 4, 8, 0, 100 };
	uint32_t y[] = { 1, 1, 0, 0 };
	struct column column = numbers("x", x);
	struct fixture f;

	(void)state;
	fixture_init(&f, &column, 1, 4, y, NULL);
	assert_int_equal(fit(&f, "neighbours", "k=3"), METHOD_DONE);
	near(told_of(&f, 0), 2.0 / 3, 1e-15);
	/* 7 and 9 and 10 away: but it stands at distance 0 itself. */
	assert_int_equal(fit(&f, "neighbours", "k=3 weights=distance"),
			 METHOD_DONE);
	assert_true(told_of(&f, 3) == 0);
	f.problem.task = TASK_REGRESSION;
	f.problem.y = NULL;
	f.problem.classes = 0;
	f.problem.number = number;
	assert_int_equal(fit(&f, "neighbours", "k=2"), METHOD_DONE);
	near(told_of(&f, 2), 4, 1e-15);
	/* More than there are: all. */
	assert_int_equal(fit(&f, "neighbours", "k=50"), METHOD_DONE);
	near(told_of(&f, 2), 28, 1e-15);
	x[3] = 1e200;
	assert_int_equal(fit(&f, "neighbours", "k=2"), METHOD_FAILED);
	assert_int_equal(f.err.code, ERR_MATH);
	fixture_clear(&f);
}

static void the_nearer_counts_more(void **state)
{
	double x[] = { 0, 1, 3, 10 }, number[] = { 4, 8, 0, 100 };
	struct column column = numbers("x", x);
	struct rows train = { 3, (uint32_t[]){ 1, 2, 3 } };
	struct fixture f;

	(void)state;
	fixture_init(&f, &column, 1, 4, NULL, NULL);
	f.problem.task = TASK_REGRESSION;
	f.problem.classes = 0;
	f.problem.number = number + 1;
	f.problem.train = &train;
	assert_int_equal(fit(&f, "neighbours", "k=2 weights=distance"),
			 METHOD_DONE);
	near(told_of(&f, 0), (8 + 0 / 3.0) / (1 + 1 / 3.0), 1e-15);
	fixture_clear(&f);
}

/* ---- the value before ---- */

static void the_value_before_is_that_of_an_earlier_time(void **state)
{
	double t[] = { 5, 1, 4, 2, 2, 3 }, v[] = { 50, 10, 40, 20, 21, 30 };
	/* In training: times 1, 4, 2 and 2. */
	uint32_t train[] = { 1, 2, 3, 4 }, test[] = { 5, 0 };
	double number[] = { 10, 40, 20, 21 };
	/* 30 is known to the row at 4, though it tests. */
	double want[] = { 40, 22.75, 30, 10, 10, 21 };
	struct column column[] = { numbers("t", t), numbers("v", v) };
	struct rows training = { 4, train }, testing = { 2, test };
	struct fixture f;

	(void)state;
	fixture_init(&f, column, 2, 6, NULL, NULL);
	f.problem.task = TASK_REGRESSION;
	f.problem.classes = 0;
	f.problem.number = number;
	f.problem.train = &training;
	f.problem.test = &testing;
	f.problem.target = &column[1];
	f.problem.time = &column[0];
	assert_int_equal(fit(&f, "baseline", "kind=previous"), METHOD_DONE);
	for (size_t i = 0; i < 6; i++)
		near(told_of(&f, i), want[i], 1e-15);
	/* In the order of the file row 0 is the first. */
	f.problem.time = NULL;
	assert_int_equal(fit(&f, "baseline", "kind=previous"), METHOD_DONE);
	near(told_of(&f, 0), 22.75, 1e-15);
	for (size_t i = 1; i < 6; i++)
		near(told_of(&f, i), v[i - 1], 0);
	assert_int_equal(fit(&f, "baseline", ""), METHOD_DONE);
	near(told_of(&f, 3), 22.75, 1e-15);
	fixture_clear(&f);
}

/* ---- bayes ---- */

static double density(double x, double mean, double var)
{
	return exp(-(x - mean) * (x - mean) / (2 * var)) / sqrt(var);
}

static void a_product_is_as_on_paper(void **state)
{
	double x[] = { 1, 3, 2, 6, 8, NAN };
	uint32_t code[] = { 0, 1, 0, 1, 1, LEVEL_MISSING };
	const char *level[] = { "a", "b", "c" };
	uint32_t y[] = { 0, 0, 0, 1, 1, 1 };
	struct column column[] = { numbers("x", x),
				   levels("l", code, level, 3) };
	struct fixture f;
	double a, b, base, part[2];

	(void)state;
	memset(&f, 0, sizeof(f));
	f.table = table_of(column, 2, 6);
	assert_true(rows_all(&f.all, 6, &f.err));
	f.problem.design = design_whole(&f.table, (size_t[]){ 0, 1 }, 2, NULL,
					&f.err);
	f.problem.train = &f.all;
	f.problem.y = y;
	f.problem.classes = 2;
	model_init(&f.model, TASK_CLASSIFICATION, 2);
	assert_int_equal(fit(&f, "bayes", "floor=1e-15"), METHOD_DONE);
	/* Of class 0: mean 2, variance 2/3, of the levels 2 and 1 and one
	 * more each; of class 1: mean 7, variance 1, levels 0 and 2. */
	a = 3.0 / 6 * density(3, 2, 2.0 / 3) * 2 / 5;
	b = 3.0 / 6 * density(3, 7, 1) * 3 / 4;
	near(told_of(&f, 1), b / (a + b), 1e-12);
	/* A row without any cell is what rows are at large. */
	near(told_of(&f, 5), 0.5, 1e-15);
	f.model.kind->explain(&f.model, f.problem.design, 1, NULL, &base,
			      part);
	near(base + part[0] + part[1], log(b / a), 1e-12);
	near(part[1], log(3.0 / 4 / (2.0 / 5)), 1e-12);
	fixture_clear(&f);
}

static void weights_of_classes_are_those_beforehand(void **state)
{
	double x[] = { 1, 2, 1, 2, 1, 2, 1, 2 };
	uint32_t y[] = { 0, 0, 0, 0, 0, 0, 1, 1 };
	double weight[] = { 1, 3 };
	struct column column = numbers("x", x);
	struct fixture f;

	(void)state;
	fixture_init(&f, &column, 1, 8, y, NULL);
	assert_int_equal(fit(&f, "bayes", ""), METHOD_DONE);
	near(told_of(&f, 0), 0.25, 1e-9);
	f.problem.class_weight = weight;
	assert_int_equal(fit(&f, "bayes", ""), METHOD_DONE);
	near(told_of(&f, 0), 0.5, 1e-9);
	fixture_clear(&f);
}

static void hard_columns_are_told_of_without_a_nan(void **state)
{
	double x[4][6] = { { 5, 5, 5, 5, 5, 5 },
			   { NAN, NAN, NAN, NAN, NAN, NAN },
			   { -1.7e308, 1.7e308, 1, 2, 3, 4 },
			   { 1, 1, 1, 2, 2, 2 } };
	uint32_t y[] = { 0, 0, 0, 1, 1, 2 };
	struct column column[4];
	struct fixture f;

	(void)state;
	memset(&f, 0, sizeof(f));
	for (int j = 0; j < 4; j++)
		column[j] = numbers("x", x[j]);
	f.table = table_of(column, 4, 6);
	assert_true(rows_all(&f.all, 6, &f.err));
	f.problem.design = design_whole(&f.table, (size_t[]){ 0, 1, 2, 3 }, 4,
					NULL, &f.err);
	f.problem.train = &f.all;
	f.problem.y = y;
	/* The last class has no row at all. */
	f.problem.classes = 4;
	model_init(&f.model, TASK_CLASSIFICATION, 4);
	assert_int_equal(fit(&f, "bayes", ""), METHOD_DONE);
	for (size_t i = 0; i < 6; i++) {
		struct rows one = { 1, (uint32_t[]){ (uint32_t)i } };
		double told[4], sum = 0;

		assert_true(model_predict(&f.model, f.problem.design, &one,
					  told, NULL, &f.err));
		for (int k = 0; k < 4; k++)
			sum += told[k];
		near(sum, 1, 1e-12);
		assert_true(told[3] < 1e-200);
	}
	assert_true(f.model.score >= 5.0 / 6 && isfinite(f.model.loss));
	fixture_clear(&f);
}

/* ---- both ---- */

static void threads_do_not_change_a_bit(void **state)
{
	enum { N = 20000, P = 3 };
	static const char *const method[] = { "bayes", "neighbours" };
	double *x[P], *told[2];
	uint32_t *y = mem_array(N, sizeof(*y));
	struct column column[P];
	struct rng rng;
	struct fixture f;

	(void)state;
	rng_init(&rng, 5);
	for (int j = 0; j < P; j++) {
		x[j] = mem_array(N, sizeof(*x[j]));
		for (int i = 0; i < N; i++)
			x[j][i] = noise(&rng);
		column[j] = numbers("x", x[j]);
	}
	for (int i = 0; i < N; i++)
		y[i] = x[0][i] + noise(&rng) > 0;
	fixture_init(&f, column, P, N, y, NULL);
	for (int m = 0; m < 2; m++) {
		double loss[2];

		for (int t = 0; t < 2; t++) {
			set_threads(t ? 4 : 1);
			told[t] = mem_array(N, sizeof(*told[t]));
			assert_int_equal(fit(&f, method[m], ""), METHOD_DONE);
			assert_true(model_predict(&f.model, f.problem.design,
						  &f.all, told[t], NULL,
						  &f.err));
			loss[t] = f.model.loss;
		}
		assert_memory_equal(told[0], told[1], N * sizeof(double));
		assert_memory_equal(&loss[0], &loss[1], sizeof(double));
		free(told[0]);
		free(told[1]);
	}
	fixture_clear(&f);
	for (int j = 0; j < P; j++)
		free(x[j]);
	free(y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_are_those_of_a_plain_search),
		cmocka_unit_test(
			points_that_are_all_the_same_are_found_by_number),
		cmocka_unit_test(of_four_rows_the_nearest_are_asked),
		cmocka_unit_test(the_nearer_counts_more),
		cmocka_unit_test(the_value_before_is_that_of_an_earlier_time),
		cmocka_unit_test(a_product_is_as_on_paper),
		cmocka_unit_test(weights_of_classes_are_those_beforehand),
		cmocka_unit_test(hard_columns_are_told_of_without_a_nan),
		cmocka_unit_test(threads_do_not_change_a_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
