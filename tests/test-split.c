/*
 * test-split.c - the split against scikit-learn 1.2.1, train_test_split()
 * (ORACLES.md, sections 5 and 7)
 */
#include "eval/split.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

static struct err err;

/* Split the rows from 0 to n - 1. */
static bool split(size_t n, double test, uint32_t seed, struct rows *train,
		  struct rows *tested)
{
	struct rows all;
	bool done;

	assert_true(rows_all(&all, n, &err));
	done = split_random(&all, test, seed, train, tested, &err);
	rows_clear(&all);
	return done;
}

static void ten_rows_split_as_in_scikit_learn(void **state)
{
	const uint32_t train[] = { 5, 0, 7, 2, 9, 4, 3, 6 }, test[] = { 8, 1 };
	struct rows a, b;

	(void)state;
	assert_true(split(10, 0.2, 42, &a, &b));
	assert_int_equal(a.n, 8);
	assert_int_equal(b.n, 2);
	assert_memory_equal(a.row, train, sizeof(train));
	assert_memory_equal(b.row, test, sizeof(test));
	rows_clear(&a);
	rows_clear(&b);
}

/* Breast cancer: 569 rows. */
static void the_first_test_rows_of_569_are_scikit_learns(void **state)
{
	const uint32_t first[] = { 204, 70, 131, 431, 540, 567, 369, 29, 81,
				   477 };
	struct rows a, b;

	(void)state;
	assert_true(split(569, 0.2, 42, &a, &b));
	assert_int_equal(a.n, 455);
	assert_int_equal(b.n, 114);
	assert_memory_equal(b.row, first, sizeof(first));
	rows_clear(&a);
	rows_clear(&b);
}

/* train_test_split(range(7), test_size=.3, random_state=7): 2.1 is 3. */
static void a_part_of_a_test_row_is_a_whole_one(void **state)
{
	const uint32_t train[] = { 6, 3, 1, 4 }, test[] = { 2, 5, 0 };
	struct rows a, b;

	(void)state;
	assert_true(split(7, 0.3, 7, &a, &b));
	assert_int_equal(a.n, 4);
	assert_memory_equal(a.row, train, sizeof(train));
	assert_memory_equal(b.row, test, sizeof(test));
	rows_clear(&a);
	rows_clear(&b);
}

static void row_numbers_go_through_it(void **state)
{
	uint32_t number[] = { 100, 101, 102, 103, 104, 105, 106, 107, 108,
			      109 };
	struct rows all = { 10, number }, a, b;

	(void)state;
	assert_true(split_random(&all, 0.2, 42, &a, &b, &err));
	assert_int_equal(b.row[0], 108);
	assert_int_equal(b.row[1], 101);
	assert_int_equal(a.row[0], 105);
	assert_int_equal(number[0], 100);
	rows_clear(&a);
	rows_clear(&b);
}

static void an_empty_side_is_an_error(void **state)
{
	struct rows a, b;

	(void)state;
	assert_false(split(10, 0, 42, &a, &b));
	assert_non_null(strstr(err.text, "none to test with"));
	assert_false(split(10, 1, 42, &a, &b));
	assert_non_null(strstr(err.text, "none to train on"));
	assert_false(split(1, 0.2, 42, &a, &b));
	assert_false(split(0, 0.2, 42, &a, &b));
	assert_true(split(2, 0.2, 42, &a, &b));
	assert_int_equal(a.n, 1);
	assert_int_equal(b.n, 1);
	rows_clear(&a);
	rows_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_rows_split_as_in_scikit_learn),
		cmocka_unit_test(the_first_test_rows_of_569_are_scikit_learns),
		cmocka_unit_test(a_part_of_a_test_row_is_a_whole_one),
		cmocka_unit_test(row_numbers_go_through_it),
		cmocka_unit_test(an_empty_side_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
