/*
 * test-values.c - the distinct values of a column
 */
#include "data/values.h"

#include "data/odd.h"
#include "tables.h"

enum { MANY = 20000 };

static struct err err;
static struct values v;

static void count(struct column *c, size_t n)
{
	struct table t = table_of(c, 1, n);
	struct rows rows;

	assert_true(rows_all(&rows, n, &err));
	assert_true(values_of(&v, &t, 0, &rows, NULL, &err));
	rows_clear(&rows);
}

static void assert_value(size_t i, const char *text, size_t n,
			 enum value_kind kind)
{
	char buf[NUMBER_TEXT];

	assert_true(i < v.n);
	assert_string_equal(values_text(&v, i, buf), text);
	assert_int_equal(v.value[i].count, n);
	assert_int_equal(v.value[i].kind, kind);
}

static void the_most_frequent_number_comes_first(void **state)
{
	const char *odd[] = { "never", "I/O Timeout", "bad" };
	double x[] = { 2.5, odd_missing(), -1, 2.5, odd_make(1), 0.0, -0.0,
		       odd_make(2), odd_make(1), 2.5, 7 };
	struct column c = numbers("a", x);

	(void)state;
	c.odd = odd;
	c.odds = 3;
	count(&c, 11);
	assert_int_equal(v.n, 7);
	assert_int_equal(v.present, 4);
	assert_int_equal(v.rows, 11);
	assert_value(0, "2.5", 3, VALUE_PRESENT);
	assert_value(1, "0", 2, VALUE_PRESENT);
	assert_value(2, "I/O Timeout", 2, VALUE_ODD);
	assert_value(3, "-1", 1, VALUE_PRESENT);
	assert_value(4, "7", 1, VALUE_PRESENT);
	assert_value(5, "bad", 1, VALUE_ODD);
	assert_value(6, "", 1, VALUE_MISSING);
	near(v.value[0].number, 2.5, 0);
	assert_true(isnan(v.value[2].number));
	values_clear(&v);
}

static void the_most_frequent_level_comes_first(void **state)
{
	const char *level[] = { "a", "b", "c", "not there" };
	uint32_t code[] = { 2, 1, 2, LEVEL_MISSING, 0, 0, LEVEL_MISSING,
			    LEVEL_MISSING };
	struct column c = levels("l", code, level, 4);

	(void)state;
	count(&c, 8);
	assert_int_equal(v.n, 4);
	assert_int_equal(v.present, 3);
	assert_value(0, "", 3, VALUE_MISSING);
	assert_value(1, "a", 2, VALUE_PRESENT);
	assert_value(2, "c", 2, VALUE_PRESENT);
	assert_value(3, "b", 1, VALUE_PRESENT);
	/* What is shown stands in the table; nothing is copied. */
	assert_ptr_equal(values_text(&v, 1, NULL), level[0]);
	values_clear(&v);
}

static void nothing_one_row_and_all_missing_are_counted(void **state)
{
	double x[] = { odd_missing(), odd_missing() };
	uint32_t code[] = { LEVEL_MISSING, LEVEL_MISSING };
	struct column a = numbers("a", x), b = levels("b", code, NULL, 0);

	(void)state;
	count(&a, 0);
	assert_int_equal(v.n, 0);
	values_clear(&v);
	count(&a, 2);
	assert_int_equal(v.n, 1);
	assert_value(0, "", 2, VALUE_MISSING);
	values_clear(&v);
	count(&b, 2);
	assert_int_equal(v.n, 1);
	assert_value(0, "", 2, VALUE_MISSING);
	values_clear(&v);
	x[0] = 3;
	count(&a, 1);
	assert_int_equal(v.n, 1);
	assert_value(0, "3", 1, VALUE_PRESENT);
	values_clear(&v);
}

/* Each entry is looked for in all the rows. */
static void counts_are_those_of_a_loop(void **state)
{
	const char *odd[] = { "x", "y" };
	static double x[1000];
	struct column c = numbers("a", x);
	struct rows rows = { 0 };
	struct table t = table_of(&c, 1, 1000);
	struct rng rng;

	(void)state;
	c.odd = odd;
	c.odds = 2;
	rng_init(&rng, 3);
	for (size_t i = 0; i < 1000; i++) {
		uint32_t dice = rng_upto(&rng, 9);

		x[i] = dice == 0 ? odd_missing()
		     : dice < 3 ? odd_make(dice - 1) : floor(noise(&rng) * 9);
	}
	assert_true(rows_room(&rows, 700, &err));
	for (size_t i = 0; i < rows.n; i++)
		rows.row[i] = rng_upto(&rng, 999);
	assert_true(values_of(&v, &t, 0, &rows, NULL, &err));
	for (size_t k = 0, sum = 0; k < v.n; k++) {
		const struct value *e = v.value + k;
		size_t n = 0;

		for (size_t i = 0; i < rows.n; i++) {
			double y = x[rows.row[i]];

			n += e->kind == VALUE_PRESENT ? y == e->number
			   : e->kind == VALUE_ODD ? odd_text(y) == e->text + 1
			   : y != y && !odd_text(y);
		}
		assert_int_equal(e->count, n);
		sum += n;
		assert_true(k == 0 || e[-1].count >= n);
		assert_true(k + 1 < v.n || sum == rows.n);
	}
	values_clear(&v);
	rows_clear(&rows);
}

static void as_many_values_as_rows_are_counted(void **state)
{
	double *x = calloc(MANY, sizeof(*x));
	struct column c = numbers("a", x);

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		x[i] = (double)((i * 7919) % MANY) / 7;
	count(&c, MANY);
	assert_int_equal(v.n, MANY);
	for (size_t i = 1; i < MANY; i++) {
		assert_int_equal(v.value[i].count, 1);
		assert_true(v.value[i].number > v.value[i - 1].number);
	}
	values_clear(&v);
	free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_frequent_number_comes_first),
		cmocka_unit_test(the_most_frequent_level_comes_first),
		cmocka_unit_test(nothing_one_row_and_all_missing_are_counted),
		cmocka_unit_test(counts_are_those_of_a_loop),
		cmocka_unit_test(as_many_values_as_rows_are_counted)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
