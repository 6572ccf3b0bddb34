/*
 * test-forest.c - forests: the same however they are grown, and honest about
 * rows that their trees did not see
 */
#include "learn/method.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "tables.h"

enum { N = 20000, P = 4 };	/* more rows than one thread is for */

static double x[P][N], number[N];
static uint32_t y[N];
static struct column column[P];

/* What is asked for is nowhere but in the first two columns together. */
static int make_data(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < P; j++)
			x[j][i] = noise(&rng);
		y[i] = x[0][i] * x[1][i] > 0;
		number[i] = x[0][i] * x[1][i];
	}
	for (int j = 0; j < P; j++)
		column[j] = numbers("x", x[j]);
	return 0;
}

static void fixture_of(struct fixture *f, size_t rows, bool classes)
{
	fixture_init(f, column, P, rows, y, NULL);
	if (classes)
		return;
	f->problem.task = TASK_REGRESSION;
	f->problem.y = NULL;
	f->problem.classes = 0;
	f->problem.number = number;
}

static double *predict(struct fixture *f)
{
	double *told = mem_array(f->all.n, sizeof(*told));

	assert_true(model_predict(&f->model, f->problem.design, &f->all, told,
				  NULL, &f->err));
	return told;
}

static void set_threads(int n)
{
#ifdef _OPENMP
	omp_set_num_threads(n);
#else
	(void)n;
#endif
}

static void threads_do_not_change_a_bit(void **state)
{
	static const char *const words[] = {
		"trees=5 depth=6", "trees=3 columns=all depth=5",
		"trees=1 depth=7", "trees=4 sample=0.1 leaf=9"
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(words); i++) {
		struct fixture f;
		double *one, *four, loss;

		fixture_of(&f, N, i % 2);
		set_threads(1);
		assert_int_equal(fit(&f, "forest", words[i / 2]), METHOD_DONE);
		one = predict(&f);
		loss = f.model.loss;
		set_threads(4);
		assert_int_equal(fit(&f, "forest", words[i / 2]), METHOD_DONE);
		four = predict(&f);
		assert_memory_equal(one, four, N * sizeof(*one));
		assert_memory_equal(&loss, &f.model.loss, sizeof(loss));
		free(one);
		free(four);
		fixture_clear(&f);
	}
}

static void the_bag_knows_chance_from_knowledge(void **state)
{
	struct fixture f;
	uint32_t *chance = mem_array(N, sizeof(*chance));
	struct rng rng;

	(void)state;
	rng_init(&rng, 8);
	for (int i = 0; i < N; i++)
		chance[i] = rng_double(&rng) < 0.5;
	fixture_of(&f, 2000, true);
	assert_int_equal(fit(&f, "forest", "trees=60"), METHOD_DONE);
	assert_true(f.model.score > 0.9);
	assert_true(f.model.weight[0] > 0.3 && f.model.weight[1] > 0.3);
	/* Each tree knows its own rows by heart: their accuracy would be 1. */
	f.problem.y = chance;
	assert_int_equal(fit(&f, "forest", "trees=60"), METHOD_DONE);
	assert_true(f.model.score > 0.4 && f.model.score < 0.6);
	fixture_clear(&f);
	free(chance);
}

/* The rows told by less than all trees are those that the bags did not have:
 * of one tree about 1/e, each told 0 or 1 by leaves of one class. */
static void a_tree_alone_is_scored_by_what_it_did_not_draw(void **state)
{
	struct fixture f;
	double *told, wrong = 0;

	(void)state;
	fixture_of(&f, 3000, true);
	assert_int_equal(fit(&f, "forest", "trees=1"), METHOD_DONE);
	told = predict(&f);
	for (size_t i = 0; i < f.all.n; i++) {
		assert_true(told[i] == 0 || told[i] == 1);
		wrong += told[i] != y[i];
	}
	/* The rows in the bag are all right. */
	near(wrong / (double)f.all.n / (1 - f.model.score), exp(-1), 0.1);
	free(told);
	fixture_clear(&f);
}

static void numbers_are_the_mean_of_the_trees(void **state)
{
	struct fixture f;
	double *told, off = 0, all = 0;

	(void)state;
	fixture_of(&f, 3000, false);
	assert_int_equal(fit(&f, "forest", "trees=40"), METHOD_DONE);
	told = predict(&f);
	for (size_t i = 0; i < f.all.n; i++) {
		off += (told[i] - number[i]) * (told[i] - number[i]);
		all += number[i] * number[i];
	}
	assert_true(off / all < 0.05);
	assert_true(f.model.score > 0.8 && f.model.score < 1 - off / all);
	free(told);
	fixture_clear(&f);
}

static void wrong_columns_are_told(void **state)
{
	static const char *const wrong[] = {
		"columns=half", "columns=0", "columns=-1", "columns=1.5",
		"columns=2x", "columns=nan"
	};
	struct fixture f;

	(void)state;
	fixture_of(&f, 100, true);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(fit(&f, "forest", wrong[i]), METHOD_FAILED);
	assert_int_equal(fit(&f, "forest", "columns=99"), METHOD_DONE);
	fixture_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_do_not_change_a_bit),
		cmocka_unit_test(the_bag_knows_chance_from_knowledge),
		cmocka_unit_test(
			a_tree_alone_is_scored_by_what_it_did_not_draw),
		cmocka_unit_test(numbers_are_the_mean_of_the_trees),
		cmocka_unit_test(wrong_columns_are_told),
	};

	return cmocka_run_group_tests(tests, make_data, NULL);
}
