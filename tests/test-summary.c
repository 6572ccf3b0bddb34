/*
 * test-summary.c - columns in a few numbers
 *
 * The numbers beside the tests are those of pandas 1.5.3: describe(), skew()
 * and nunique(); they agree to 1e-13.
 */
#include "data/summary.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct err err;
static struct source *source;
static struct table *table;

static struct summary *sum_up(const char *text)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);
	size_t len = strlen(text);
	struct summary *s;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
	source = source_open(path, NULL, &err);
	unlink(path);
	assert_non_null(source);
	table = table_read(source, NULL, &err);
	assert_non_null(table);
	s = summary_of(table, NULL, &err);
	assert_non_null(s);
	return s;
}

static void done(struct summary *s)
{
	free(s);
	table_free(table);
	source_close(source);
}

static void assert_near(double x, double expected)
{
	if (!(fabs(x - expected) <= 1e-13 * fabs(expected)))
		fail_msg("%.17g is not %.17g", x, expected);
}

static void a_number_column_is_summed_up(void **state)
{
	struct summary *s = sum_up("a,b\n3,1\n1.5,1\n-2,1\n8,1\n8,1\n"
				   "0.25,1\n1e3,1\n7,1\n,1\n-0,1\n");

	(void)state;
	assert_int_equal(s->values, 9);
	assert_int_equal(s->distinct, 8);
	assert_false(s->whole);
	assert_near(s->min, -2);
	assert_near(s->p25, 0.25);
	assert_near(s->median, 3);
	assert_near(s->p75, 8);
	assert_near(s->max, 1000);
	assert_near(s->mean, 113.97222222222223);
	assert_near(s->sd, 332.2810003512756);
	assert_near(s->skew, 2.999283527277914);
	assert_int_equal(s->bin[0], 8);
	assert_int_equal(s->bin[SUMMARY_BINS - 1], 1);
	assert_true(s[1].whole);
	assert_int_equal(s[1].distinct, 1);
	assert_true(s[1].sd == 0);
	done(s);
}

/* ORACLES, quantiles of 1 ... 10 of type 7 (R). */
static void quantiles_are_of_type_7(void **state)
{
	struct summary *s = sum_up("a\n10\n9\n8\n7\n6\n5\n4\n3\n2\n1\n");

	(void)state;
	assert_near(s->p25, 3.25);
	assert_near(s->median, 5.5);
	assert_near(s->p75, 7.75);
	assert_true(s->whole);
	assert_int_equal(s->bin[0], 1);
	assert_int_equal(s->bin[SUMMARY_BINS - 1], 1);
	done(s);
}

static void nothing_and_one_value_have_a_summary(void **state)
{
	struct summary *s = sum_up("a,b,c\n,5,x\n,,NA\n");

	(void)state;
	assert_int_equal(s[0].values, 0);
	assert_int_equal(s[0].distinct, 0);
	assert_true(isnan(s[0].mean));
	assert_int_equal(s[1].values, 1);
	assert_near(s[1].mean, 5);
	assert_true(isnan(s[1].sd));
	assert_true(isnan(s[1].skew));
	assert_int_equal(s[1].bin[SUMMARY_BINS - 1], 1);
	assert_int_equal(s[2].values, 1);
	assert_int_equal(s[2].top, 1);
	done(s);
	s = sum_up("a\n");
	assert_int_equal(s->values, 0);
	done(s);
}

static void an_odd_cell_is_no_value(void **state)
{
	struct summary *s = sum_up("a,b\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n"
				   "1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n"
				   "1,1\n1,1\n1,1\n1,1\nbad,1\n");

	(void)state;
	assert_int_equal(s->values, 19);
	assert_near(s->mean, 1);
	done(s);
}

static void a_small_spread_far_from_zero_is_not_lost(void **state)
{
	struct summary *s = sum_up("a\n1000000004\n1000000007\n1000000013\n"
				   "1000000016\n");

	(void)state;
	assert_near(s->mean, 1000000010);
	assert_near(s->sd, sqrt(30));
	assert_true(s->skew == 0);
	done(s);
}

static void the_largest_numbers_have_bins(void **state)
{
	struct summary *s = sum_up("a\n-1.7e308\n1.7e308\n0\n");
	size_t n = 0;

	(void)state;
	for (int b = 0; b < SUMMARY_BINS; b++)
		n += s->bin[b];
	assert_int_equal(n, 3);
	assert_int_equal(s->bin[0], 1);
	assert_int_equal(s->bin[SUMMARY_BINS / 2], 1);
	done(s);
}

static void the_most_frequent_levels_come_first(void **state)
{
	struct summary *s = sum_up("a,b\nz,1\ny,1\nx,1\ny,1\nz,1\n,1\ny,1\n");

	(void)state;
	assert_int_equal(s->values, 6);
	assert_int_equal(s->distinct, 3);
	assert_int_equal(s->top, 3);
	assert_int_equal(s->top_count[0], 3);
	assert_string_equal(table->column->level[s->top_level[0]], "y");
	assert_string_equal(table->column->level[s->top_level[1]], "z");
	assert_string_equal(table->column->level[s->top_level[2]], "x");
	assert_true(isnan(s->mean));
	done(s);
}

static void only_so_many_levels_are_at_the_top(void **state)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct summary *s;

	(void)state;
	fputs("a\n", out);
	for (int i = 0; i < 20; i++)
		for (int n = 0; n < 30 - i; n++)
			fprintf(out, "level %02d\n", (i * 7) % 20);
	fclose(out);
	s = sum_up(text);
	free(text);
	assert_int_equal(s->distinct, 20);
	assert_int_equal(s->top, SUMMARY_TOP);
	for (size_t i = 0; i < SUMMARY_TOP; i++) {
		assert_int_equal(s->top_count[i], 30 - i);
		assert_int_equal(s->top_level[i], (i * 7) % 20);
	}
	done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_column_is_summed_up),
		cmocka_unit_test(quantiles_are_of_type_7),
		cmocka_unit_test(nothing_and_one_value_have_a_summary),
		cmocka_unit_test(an_odd_cell_is_no_value),
		cmocka_unit_test(a_small_spread_far_from_zero_is_not_lost),
		cmocka_unit_test(the_largest_numbers_have_bins),
		cmocka_unit_test(the_most_frequent_levels_come_first),
		cmocka_unit_test(only_so_many_levels_are_at_the_top)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
