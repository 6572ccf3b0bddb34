/*
 * test-rng.c - the generator against numpy 1.24.2 (ORACLES.md, section 7)
 */
#include "base/rng.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

/* The reference output of mt19937ar.c for init_genrand(5489), and what C++
 * asks of std::mt19937: its 10,000th number. */
static void it_is_the_mersenne_twister(void **state)
{
	struct rng rng;
	uint32_t last = 0;

	(void)state;
	rng_init(&rng, 5489);
	assert_int_equal(rng_next(&rng), 3499211612u);
	for (int i = 1; i < 10000; i++)
		last = rng_next(&rng);
	assert_int_equal(last, 4123659995u);
}

/* numpy.random.RandomState(42).permutation(10). */
static void a_permutation_of_ten_is_numpys(void **state)
{
	const uint32_t numpy[] = { 8, 1, 5, 0, 7, 2, 9, 4, 3, 6 };
	uint32_t a[10];
	struct rng rng;

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		a[i] = i;
	rng_init(&rng, 42);
	rng_shuffle(&rng, a, 10);
	assert_memory_equal(a, numpy, sizeof(numpy));
}

/* numpy.random.RandomState(42).permutation(100003): the first and last five,
 * and the sum of i * a[i] modulo 2^32. */
static void a_permutation_of_many_is_numpys(void **state)
{
	enum { N = 100003 };
	const uint32_t first[] = { 87184, 98871, 1956, 11529, 39495 };
	const uint32_t last[] = { 6265, 54886, 76820, 860, 15795 };
	uint32_t *a = mem_array(N, sizeof(*a)), sum = 0;
	struct rng rng;

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		a[i] = i;
	rng_init(&rng, 42);
	rng_shuffle(&rng, a, N);
	for (uint32_t i = 0; i < N; i++)
		sum += i * a[i];
	assert_memory_equal(a, first, sizeof(first));
	assert_memory_equal(a + N - 5, last, sizeof(last));
	assert_int_equal(sum, 1851385863u);
	free(a);
}

/* numpy.random.RandomState(42).random_sample(3). */
static void doubles_are_numpys(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 42);
	assert_true(rng_double(&rng) == 0.3745401188473625);
	assert_true(rng_double(&rng) == 0.9507143064099162);
	assert_true(rng_double(&rng) == 0.7319939418114051);
}

static void a_draw_stays_within_its_limit(void **state)
{
	bool seen[7] = { false };
	struct rng rng;

	(void)state;
	rng_init(&rng, 1);
	assert_int_equal(rng_upto(&rng, 0), 0);
	for (int i = 0; i < 1000; i++) {
		uint32_t draw = rng_upto(&rng, 6);

		assert_in_range(draw, 0, 6);
		seen[draw] = true;
	}
	for (int i = 0; i < 7; i++)
		assert_true(seen[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_mersenne_twister),
		cmocka_unit_test(a_permutation_of_ten_is_numpys),
		cmocka_unit_test(a_permutation_of_many_is_numpys),
		cmocka_unit_test(doubles_are_numpys),
		cmocka_unit_test(a_draw_stays_within_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
