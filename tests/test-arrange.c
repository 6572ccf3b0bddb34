/*
 * test-arrange.c - rows in the order of their columns
 */
#include "data/arrange.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "data/odd.h"
#include "tables.h"

enum { MANY = 40000, COLUMNS = 4 };

static struct err err;

/* A table with each kind of cell; values repeat, as spread says. */
static double number[2][MANY];
static uint32_t code[2][MANY];
static const char *level[300];
static const char *odd[] = { "I/O Timeout", "bad", "-" };

static void fill(struct table *t, struct column column[COLUMNS], size_t rows,
		 double spread, struct rng *rng)
{
	for (size_t i = 0; i < rows; i++) {
		double dice = rng_double(rng) * 20;
		double x = floor(noise(rng) * spread) / 8;

		number[0][i] = dice < 1 ? odd_missing()
			     : dice < 3 ? odd_make((uint32_t)(dice - 1) + 1)
			     : dice < 4 ? -0.0 : x;
		/* Far from zero and near to each other: times in seconds. */
		number[1][i] = 1.7e9 + floor(rng_double(rng) * 50) / 16;
		code[0][i] = dice < 2 ? LEVEL_MISSING : rng_upto(rng, 2);
		code[1][i] = dice > 19 ? LEVEL_MISSING : rng_upto(rng, 299);
	}
	column[0] = numbers("a", number[0]);
	column[0].odd = odd;
	column[0].odds = ARRAY_LEN(odd);
	column[1] = numbers("b", number[1]);
	column[2] = levels("c", code[0], level, 3);
	column[3] = levels("d", code[1], level, 300);
	*t = table_of(column, COLUMNS, rows);
}

/*
 * The order by its definition
 */

static const struct table *compared;
static const struct arrange_key *compared_key;
static size_t compared_keys;
static const uint32_t *compared_row;

/* 0 value, 1 odd, 2 missing. */
static int kind_of(const struct column *c, size_t row)
{
	return table_odd(c, row) ? 1 : table_is_missing(c, row) ? 2 : 0;
}

static int compare_cells(const struct column *c, bool down, size_t a, size_t b)
{
	int x = kind_of(c, a), y = kind_of(c, b), sign = down ? -1 : 1;

	if (x != y)
		return x < y ? -1 : 1;
	if (x == 1) {
		uint32_t s = odd_text(c->number[a]), t = odd_text(c->number[b]);

		return s < t ? -1 : s > t;
	}
	if (x == 2)
		return 0;
	if (c->number)
		return sign * ((c->number[a] > c->number[b]) -
			       (c->number[a] < c->number[b]));
	return sign * ((c->code[a] > c->code[b]) - (c->code[a] < c->code[b]));
}

static int compare_places(const void *a, const void *b)
{
	const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;

	for (size_t k = 0; k < compared_keys; k++) {
		const struct arrange_key *key = compared_key + k;
		int c = compare_cells(compared->column + key->column,
				      key->down, compared_row[i],
				      compared_row[j]);

		if (c)
			return c;
	}
	return i < j ? -1 : 1;
}

/* Arranged by qsort(); the caller frees it. */
static uint32_t *expected_of(const struct table *t,
			     const struct arrange_key *key, size_t keys,
			     const struct rows *rows)
{
	uint32_t *place = calloc(rows->n + 1, sizeof(*place));

	for (size_t i = 0; i < rows->n; i++)
		place[i] = (uint32_t)i;
	compared = t;
	compared_key = key;
	compared_keys = keys;
	compared_row = rows->row;
	qsort(place, rows->n, sizeof(*place), compare_places);
	for (size_t i = 0; i < rows->n; i++)
		place[i] = rows->row[place[i]];
	return place;
}

static void check(const struct table *t, const struct arrange_key *key,
		  size_t keys, struct rows *rows)
{
	uint32_t *expected = expected_of(t, key, keys, rows);
	size_t wanted[] = { 0, 1, 7, 100, 100000 };
	size_t bytes = rows->n * sizeof(*expected), found;

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		uint32_t *first = malloc((wanted[i] + 1) * sizeof(*first));

		assert_true(arrange_first(t, key, keys, rows, wanted[i], first,
					  &found, NULL, &err));
		assert_int_equal(found, wanted[i] < rows->n ? wanted[i]
							     : rows->n);
		assert_memory_equal(first, expected,
				    found * sizeof(*expected));
		free(first);
	}
	assert_true(arrange_rows(t, key, keys, rows, NULL, &err));
	assert_memory_equal(rows->row, expected, bytes);
	free(expected);
}

static struct arrange_key by(size_t column, bool down)
{
	return (struct arrange_key){ column, down };
}

static void any_table_is_arranged_as_by_definition(void **state)
{
	const size_t sizes[] = { 0, 1, 2, 3, 50, 1000, MANY };
	const double spreads[] = { 1, 100, 1e9 };
	struct column column[COLUMNS];
	struct table t;
	struct rows rows;
	struct rng rng;

	(void)state;
	rng_init(&rng, 7);
	for (size_t i = 0; i < ARRAY_LEN(sizes) * ARRAY_LEN(spreads); i++) {
		fill(&t, column, sizes[i / 3], spreads[i % 3], &rng);
		for (size_t keys = 1; keys <= ARRANGE_KEYS; keys++) {
			struct arrange_key key[ARRANGE_KEYS];

			for (size_t k = 0; k < keys; k++)
				key[k] = by(rng_upto(&rng, COLUMNS - 1),
					    rng_upto(&rng, 1));
			assert_true(rows_all(&rows, t.rows, &err));
			check(&t, key, keys, &rows);
			rows_clear(&rows);
		}
	}
}

/* As after a filter, and after an earlier arrangement. */
static void some_rows_are_arranged_from_where_they_stand(void **state)
{
	struct column column[COLUMNS];
	struct arrange_key key[] = { { 2, true }, { 0, false } };
	struct table t;
	struct rows rows;
	struct rng rng;

	(void)state;
	rng_init(&rng, 8);
	fill(&t, column, 5000, 3, &rng);
	assert_true(rows_room(&rows, 1700, &err));
	for (size_t i = 0; i < rows.n; i++)
		rows.row[i] = (uint32_t)(4999 - i * 2);
	check(&t, key, 2, &rows);
	check(&t, key + 1, 1, &rows);
	check(&t, key, 1, &rows);
	rows_clear(&rows);
}

static void assert_order(struct column *c, size_t n, bool down,
			 const uint32_t *expected)
{
	struct table t = table_of(c, 1, n);
	struct arrange_key key = by(0, down);
	struct rows rows;

	assert_true(rows_all(&rows, n, &err));
	assert_true(arrange_rows(&t, &key, 1, &rows, NULL, &err));
	assert_memory_equal(rows.row, expected, n * sizeof(*expected));
	rows_clear(&rows);
}

static void cells_without_a_value_are_last_both_ways(void **state)
{
	double x[] = { odd_missing(), odd_make(1), 3, odd_make(0), -1,
		       odd_missing(), odd_make(1), 2 };
	uint32_t y[] = { LEVEL_MISSING, 1, 0, LEVEL_MISSING, 2, 1 };
	struct column a = numbers("a", x), b = levels("b", y, level, 3);

	(void)state;
	a.odd = odd;
	a.odds = 2;
	assert_order(&a, 8, false,
		     (uint32_t[]){ 4, 7, 2, 3, 1, 6, 0, 5 });
	assert_order(&a, 8, true, (uint32_t[]){ 2, 7, 4, 3, 1, 6, 0, 5 });
	assert_order(&b, 6, false, (uint32_t[]){ 2, 1, 5, 4, 0, 3 });
	assert_order(&b, 6, true, (uint32_t[]){ 4, 1, 5, 2, 0, 3 });
}

static void equal_rows_stay_in_file_order_both_ways(void **state)
{
	double x[] = { 1, 0.0, 1, -0.0, 1, 0.0 };
	double none[] = { odd_missing(), odd_missing(), odd_missing() };
	struct column a = numbers("a", x), b = numbers("b", none);

	(void)state;
	assert_order(&a, 6, false, (uint32_t[]){ 1, 3, 5, 0, 2, 4 });
	assert_order(&a, 6, true, (uint32_t[]){ 0, 2, 4, 1, 3, 5 });
	assert_order(&b, 3, false, (uint32_t[]){ 0, 1, 2 });
	assert_order(&b, 3, true, (uint32_t[]){ 0, 1, 2 });
}

static void numbers_of_any_size_are_arranged(void **state)
{
	double x[] = { 1.7976931348623157e308, -5e-324, 5e-324, 0,
		       -1.7976931348623157e308, 1, 1.0000000000000002,
		       0.9999999999999999 };
	struct column a = numbers("a", x);

	(void)state;
	assert_order(&a, 8, false,
		     (uint32_t[]){ 4, 1, 3, 2, 7, 5, 6, 0 });
	assert_order(&a, 8, true, (uint32_t[]){ 0, 6, 5, 7, 2, 3, 1, 4 });
}

/* The work of a job that was cancelled before. */
static bool arrange_late(struct job *job, void *arg, struct err *e)
{
	struct arrange_key key = { 0, false };
	struct column column[COLUMNS];
	struct rows *rows = arg;
	struct table t;
	struct rng rng;
	uint32_t first;
	size_t found;

	rng_init(&rng, 1);
	fill(&t, column, rows->n, 100, &rng);
	while (!job_cancelled(job))
		;
	return arrange_rows(&t, &key, 1, rows, job, e) ||
	       arrange_first(&t, &key, 1, rows, 1, &first, &found, job, e);
}

static void a_cancelled_arrangement_leaves_the_rows(void **state)
{
	struct rows rows;
	struct job *job;
	int wake[2];

	(void)state;
	assert_int_equal(pipe2(wake, O_NONBLOCK), 0);
	assert_true(rows_all(&rows, 1000, &err));
	job = job_start(arrange_late, &rows, 1, wake[1], &err);
	assert_non_null(job);
	job_cancel(job);
	assert_false(job_end(job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	for (size_t i = 0; i < rows.n; i++)
		assert_int_equal(rows.row[i], i);
	rows_clear(&rows);
	close(wake[0]);
	close(wake[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_table_is_arranged_as_by_definition),
		cmocka_unit_test(some_rows_are_arranged_from_where_they_stand),
		cmocka_unit_test(cells_without_a_value_are_last_both_ways),
		cmocka_unit_test(equal_rows_stay_in_file_order_both_ways),
		cmocka_unit_test(numbers_of_any_size_are_arranged),
		cmocka_unit_test(a_cancelled_arrangement_leaves_the_rows)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
