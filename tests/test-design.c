/*
 * test-design.c - from columns to what a method sees
 */
#include "learn/design.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/mem.h"
#include "data/order.h"
#include "tables.h"

enum { N = 8 };

static double torque[N] = { 40, 42, 44, 46, 48, 50, 52, 54 };
static const char *line_name[] = { "H", "L", "M", "X" };
static uint32_t line[N] = { 1, 2, 1, 2, 0, 1, 2, 3 };
static struct err err;

/* Row 7, the only one with level X, does not train. */
static uint32_t train_row[] = { 6, 5, 4, 3, 2, 1, 0 }, test_row[] = { 7 };
static const struct rows train = { 7, train_row }, test = { 1, test_row };

static struct design *make(struct column *column, size_t columns,
			   const struct transform *transform)
{
	static struct treatment treatment[TREATED];
	static struct table table;
	static const size_t all[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

	table = table_of(column, columns, N);
	return design_new(&table, all, columns,
			  treatments_of(transform, columns, treatment), &train,
			  &test, &err);
}

/* H trains once, L and M three times: L is the first of the two. */
static void a_category_becomes_levels_but_the_most_frequent(void **state)
{
	struct column column[] = { levels("line", line, line_name, 4),
				   numbers("torque", torque) };
	struct design *d = make(column, 2, NULL);
	const uint32_t rows[] = { 4, 1, 0, 7 };
	const double expected[] = { 1, 0, 48, 0, 1, 42, 0, 0, 40, 0, 0, 54 };
	double x[12];

	(void)state;
	assert_non_null(d);
	assert_int_equal(d->p, 3);
	assert_string_equal(d->feature[0].name, "line=H");
	assert_string_equal(d->feature[1].name, "line=M");
	assert_string_equal(d->feature[2].name, "torque");
	assert_string_equal(d->reference[0], "L");
	assert_string_equal(d->reference[1], "L");
	assert_null(d->reference[2]);
	assert_int_equal(d->feature[1].level, 2);
	/* The last row has a level that no training row has: all zeros. */
	design_block(d, rows, 4, x);
	assert_memory_equal(x, expected, sizeof(expected));
	near(d->feature[0].mean, 1.0 / 7, 1e-15);
	near(d->feature[0].sd, sqrt(6.0 / 49), 1e-15);
	design_free(d);
}

static void means_and_deviations_are_of_the_training_rows(void **state)
{
	struct column column[] = { numbers("torque", torque) };
	struct design *d = make(column, 1, NULL);

	(void)state;
	near(d->feature[0].mean, 46, 1e-15);
	near(d->feature[0].sd, 4, 1e-15);
	design_free(d);
}

static void a_large_offset_costs_no_digits(void **state)
{
	double x[N];
	struct column column[] = { numbers("x", x) };
	struct design *d;

	(void)state;
	for (int i = 0; i < N; i++)
		x[i] = 0x1p50 + i;
	d = make(column, 1, NULL);
	assert_true(d->feature[0].mean == 0x1p50 + 3);
	assert_true(d->feature[0].sd == 2);
	design_free(d);
}

static void a_constant_has_no_deviation_at_all(void **state)
{
	double x[N];
	struct column column[] = { numbers("x", x) };
	struct design *d;

	(void)state;
	for (int i = 0; i < N; i++)
		x[i] = 0.1;
	d = make(column, 1, NULL);
	assert_true(d->feature[0].mean == 0.1);
	assert_true(d->feature[0].sd == 0);
	design_free(d);
}

/* Transforms are by column of the table, and for numbers only. */
static void transforms_are_folded_in(void **state)
{
	const struct transform transform[] = { { 5, 9 }, { 46, 4 } };
	struct column column[] = { levels("line", line, line_name, 4),
				   numbers("torque", torque) };
	struct design *d = make(column, 2, transform);
	const uint32_t rows[] = { 5 };
	const double expected[] = { 0, 0, 1 };
	double x[3];

	(void)state;
	design_block(d, rows, 1, x);
	assert_memory_equal(x, expected, sizeof(expected));
	assert_true(d->feature[2].transform.shift == 46);
	near(d->feature[2].mean, 46, 1e-15);
	design_free(d);
}

static void a_block_is_filled_row_after_row(void **state)
{
	enum { MANY = 1024, WIDE = 3 };
	double *number[WIDE], *x = mem_array(MANY * WIDE, sizeof(*x));
	struct column column[WIDE];
	struct fixture f;
	uint32_t y[MANY] = { 1 };

	(void)state;
	for (int j = 0; j < WIDE; j++) {
		number[j] = mem_array(MANY, sizeof(*number[j]));
		for (int i = 0; i < MANY; i++)
			number[j][i] = i * 10 + j;
		column[j] = numbers("x", number[j]);
	}
	fixture_init(&f, column, WIDE, MANY, y, NULL);
	for (size_t n = 0; n <= MANY; n += 341) {
		design_block(f.problem.design, f.all.row + MANY - n, n, x);
		for (size_t i = 0; i < n * WIDE; i++)
			assert_true(x[i] == (double)((MANY - n + i / WIDE) *
						     10 + i % WIDE));
	}
	fixture_clear(&f);
	for (int j = 0; j < WIDE; j++)
		free(number[j]);
	free(x);
}

static void missing_cells_are_named_and_counted(void **state)
{
	double a[N], b[N], c[N], d[N], e[N];
	struct column column[] = { numbers("a", a), numbers("torque", torque),
				   numbers("b", b), numbers("c", c),
				   numbers("d", d), numbers("e", e) };

	(void)state;
	for (int i = 0; i < N; i++)
		a[i] = b[i] = c[i] = d[i] = e[i] = i;
	a[0] = a[3] = a[7] = b[7] = c[2] = d[2] = e[2] = NAN;
	for (int j = 0; j < 6; j++)
		column[j].missing = j != 1;
	column[0].missing = 3;
	assert_null(make(column, 2, NULL));
	assert_string_equal(err.text, "a has 3 missing cells: clean "
			    "drop-missing or clean impute, or leave it out "
			    "with features -NAME");
	assert_null(make(column, 3, NULL));
	assert_string_equal(err.text, "a has 3 missing cells, b 1: clean "
			    "drop-missing or clean impute, or leave them out "
			    "with features -NAME");
	assert_null(make(column, 5, NULL));
	assert_non_null(strstr(err.text, "c 1 and 1 column more: clean"));
	assert_null(make(column, 6, NULL));
	assert_string_equal(err.text, "a has 3 missing cells, b 1, c 1 and 2 "
			    "columns more: clean drop-missing or clean "
			    "impute, or leave them out with features -NAME");
	assert_int_equal(err.code, ERR_DATA);
}

static void odd_cells_and_missing_levels_count_too(void **state)
{
	double a[N] = { NAN, 1, 2, 3, 4, 5, 6, 7 };
	uint32_t code[N] = { 0, LEVEL_MISSING, 1 };
	struct column column[] = { numbers("a", a),
				   levels("line", code, line_name, 2) };

	(void)state;
	column[0].odd_cells = column[1].missing = 1;
	assert_null(make(column, 2, NULL));
	assert_non_null(strstr(err.text, "a has 1 missing cell, line 1:"));
}

static void a_missing_cell_that_is_not_used_does_no_harm(void **state)
{
	double a[N] = { NAN, 1, 2, 3, 4, 5, 6, 7 };
	uint32_t some[] = { 1, 2, 3 };
	const struct rows rows = { 3, some };
	struct column column[] = { numbers("a", a) };
	struct table table = table_of(column, 1, N);
	const size_t first[] = { 0 };
	struct design *d;

	(void)state;
	column[0].missing = 1;
	d = design_new(&table, first, 1, NULL, &rows, NULL, &err);
	assert_non_null(d);
	near(d->feature[0].mean, 2, 1e-15);
	design_free(d);
}

static void free_text_is_an_error(void **state)
{
	struct column column[] = { levels("notes", line, line_name, 4) };

	(void)state;
	column[0].type = COLUMN_TEXT;
	assert_null(make(column, 1, NULL));
	assert_string_equal(err.text, "notes is free text with 4 distinct "
			    "values: type notes category, or features "
			    "-notes");
}

static void no_feature_is_an_error(void **state)
{
	uint32_t same[N] = { 0 };
	struct column column[] = { levels("line", same, line_name, 1) };

	(void)state;
	assert_null(make(column, 0, NULL));
	assert_non_null(strstr(err.text, "no feature left"));
	/* A category of one level has only its reference. */
	assert_null(make(column, 1, NULL));
	assert_non_null(strstr(err.text, "has one value"));
}

static void what_is_too_large_is_an_error(void **state)
{
	double x[N] = { 1e308, -1e308 };
	struct column column[] = { numbers("x", x) };

	(void)state;
	assert_null(make(column, 1, NULL));
	assert_non_null(strstr(err.text, "x has values too large"));
}

static void rows_are_put_in_order_with_their_places(void **state)
{
	uint32_t row[] = { 70000, 3, 5000000, 3, 0, 4000000000u };
	const uint32_t sorted[] = { 0, 3, 3, 70000, 5000000, 4000000000u };
	const uint32_t from[] = { 4, 1, 3, 0, 2, 5 };
	const struct rows rows = { 6, row };
	struct order order;

	(void)state;
	assert_true(order_init(&order, &rows, &err));
	assert_memory_equal(order.row, sorted, sizeof(sorted));
	assert_memory_equal(order.from, from, sizeof(from));
	order_clear(&order);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_category_becomes_levels_but_the_most_frequent),
		cmocka_unit_test(
			means_and_deviations_are_of_the_training_rows),
		cmocka_unit_test(a_large_offset_costs_no_digits),
		cmocka_unit_test(a_constant_has_no_deviation_at_all),
		cmocka_unit_test(transforms_are_folded_in),
		cmocka_unit_test(a_block_is_filled_row_after_row),
		cmocka_unit_test(missing_cells_are_named_and_counted),
		cmocka_unit_test(odd_cells_and_missing_levels_count_too),
		cmocka_unit_test(a_missing_cell_that_is_not_used_does_no_harm),
		cmocka_unit_test(free_text_is_an_error),
		cmocka_unit_test(no_feature_is_an_error),
		cmocka_unit_test(what_is_too_large_is_an_error),
		cmocka_unit_test(rows_are_put_in_order_with_their_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
