/*
 * test-number.c - text to number and back, against strtod() and printf()
 */
#include "data/number.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "data/sort.h"

enum { RANDOM_TEXTS = 1000000, RANDOM_DOUBLES = 200000 };

/* GEMBA_LONG=1 makes ten times as many. */
static int many(int n)
{
	const char *wish = getenv("GEMBA_LONG");

	return wish && !strcmp(wish, "1") ? 10 * n : n;
}

static uint64_t bits_of(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static void same_as_strtod(const char *text)
{
	double x = NAN;

	if (!number_parse(text, strlen(text), '.', &x))
		fail_msg("\"%s\" is not read", text);
	if (bits_of(x) != bits_of(strtod(text, NULL)))
		fail_msg("\"%s\" is read as %.17g", text, x);
}

static void hard_numbers_are_read_as_by_strtod(void **state)
{
	static const char *const hard[] = {
		"0", "-0", "+0", "0.0", "-0.000", "1", "-1", "+1", ".5", "5.",
		"1e0", "1E5", "1e+5", "1e-5", "9007199254740992",
		"9007199254740993", "9007199254740991e22", "9007199254740993e1",
		"123456789012345678", "1234567890123456789",
		"18446744073709551615", "18446744073709551616",
		"0.1", "0.3", "1e22", "1e23", "8.5e22", "1e-22", "1e-23",
		"2.2250738585072011e-308", "2.2250738585072014e-308",
		"4.9406564584124654e-324", "2.4703282292062327e-324",
		"1.7976931348623157e308", "1e-400", "0e999999999999",
		"0.000000000000000000000000000000000000000000001e45",
		"100000000000000000000000000000000000000000000000000e-50",
		"6929495644600919.5", "3.7455744005952583e15",
		"9.0608011534336e15", "179769313486231580793728971405301e-24",
		"0.500000000000000166533453693773481063544750213623046875",
		"1.00000000000000011102230246251565404236316680908203125",
		"1.00000000000000011102230246251565404236316680908203124"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hard); i++)
		same_as_strtod(hard[i]);
}

/* Digits, a mark and an exponent as they come. */
static void random_text(struct rng *rng, char *text)
{
	size_t len = 0, digits = 1 + rng_upto(rng, 19);
	size_t mark = rng_upto(rng, 25);

	if (rng_upto(rng, 2) == 0)
		text[len++] = rng_upto(rng, 1) ? '-' : '+';
	for (size_t i = 0; i < digits; i++) {
		if (i == mark)
			text[len++] = '.';
		text[len++] = (char)('0' + rng_upto(rng, 9));
	}
	text[len] = '\0';
	if (rng_upto(rng, 3) == 0)
		snprintf(text + len, 16, "e%d", (int)rng_upto(rng, 60) - 30);
}

static void a_million_random_texts_are_read_as_by_strtod(void **state)
{
	struct rng rng;
	char text[64];

	(void)state;
	rng_init(&rng, 1);
	for (int i = 0; i < many(RANDOM_TEXTS); i++) {
		random_text(&rng, text);
		same_as_strtod(text);
	}
}

static double random_double(struct rng *rng)
{
	uint64_t bits = (uint64_t)rng_next(rng) << 32 | rng_next(rng);
	double x;

	memcpy(&x, &bits, sizeof(x));
	return isfinite(x) ? x : 0;
}

/* The text is refused when it is more than a double can hold. */
static void same_or_refused(const char *text)
{
	double x;

	if (isinf(strtod(text, NULL)))
		assert_false(number_parse(text, strlen(text), '.', &x));
	else
		same_as_strtod(text);
}

/* Exactly between two neighbours, and a hair beside it.  A long double has
 * the bits for the first; the hair is a digit far behind. */
static void random_halfway(struct rng *rng, char text[1300])
{
	double x = ldexp(1 + (double)rng_next(rng) / 4294967296.0 +
			 (double)rng_upto(rng, 1048575) / 4503599627370496.0,
			 (int)rng_upto(rng, 400) - 200);
	long double half = ((long double)x +
			    (long double)nextafter(x, INFINITY)) / 2;
	int len = snprintf(text, 1200, "%.*Lf", (int)rng_upto(rng, 300), half);

	if (strchr(text, '.') && rng_upto(rng, 1))
		snprintf(text + len, 100, "%0*d", (int)rng_upto(rng, 60) + 1,
			 (int)rng_upto(rng, 1));
}

/* What is hard to round: many digits, halves, subnormals, large exponents. */
static void random_hard_text(struct rng *rng, char text[1300])
{
	double x = random_double(rng);
	uint64_t bits = (uint64_t)rng_next(rng) << 20 | rng_next(rng);

	switch (rng_upto(rng, 4)) {
	case 0:
		snprintf(text, 1300, "%.*e", 15 + (int)rng_upto(rng, 25), x);
		break;
	case 1:
		random_halfway(rng, text);
		break;
	case 2:		/* subnormal: few bits */
		memcpy(&x, &bits, sizeof(x));
		snprintf(text, 1300, "%.*e", 10 + (int)rng_upto(rng, 20), x);
		break;
	case 3:
		snprintf(text, 1300, "%u.%ue%d", rng_next(rng), rng_next(rng),
			 (int)rng_upto(rng, 800) - 400);
		break;
	default:
		snprintf(text, 1300, "%u%09u%09u.%u", rng_upto(rng, 99),
			 rng_upto(rng, 999999999), rng_upto(rng, 999999999),
			 rng_next(rng));
	}
}

static void random_hard_numbers_are_read_as_by_strtod(void **state)
{
	struct rng rng;
	char text[1300];

	(void)state;
	rng_init(&rng, 4);
	for (int i = 0; i < many(RANDOM_DOUBLES); i++) {
		random_hard_text(&rng, text);
		same_or_refused(text);
	}
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const text[] = {
		"", " ", "-", "+", ".", "-.", "e5", "1e", "1e+", "1.2.3",
		"1,5", "0x1p3", "0x10", "inf", "-inf", "infinity", "nan",
		"12 rpm", "1 2", "--1", "1-", "1e5.0", "1e400", "-1e999",
		"\302\2401", "1d5", "1f"
	};
	double x = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		if (number_parse(text[i], strlen(text[i]), '.', &x))
			fail_msg("\"%s\" is read", text[i]);
	assert_false(number_parse("1\0002", 3, '.', &x));
	assert_true(x == 7);
}

static void blanks_around_a_number_are_allowed(void **state)
{
	double x;

	(void)state;
	assert_true(number_parse(" \t-2.5 ", 7, '.', &x));
	assert_true(x == -2.5);
	/* One that has more digits than are exact. */
	assert_true(number_parse(" 39007199254740993\t", 19, '.', &x));
	assert_true(x == 39007199254740993.0);
}

static void a_comma_may_be_the_decimal_mark(void **state)
{
	double x;

	(void)state;
	assert_true(number_parse("-2,5", 4, ',', &x));
	assert_true(x == -2.5);
	assert_true(number_parse("0,12345678901234567890123", 25, ',', &x));
	assert_true(x == strtod("0.12345678901234567890123", NULL));
	assert_false(number_parse("2.5", 3, ',', &x));
}

static void assert_grouped(const char *text, char decimal, char thousands,
			   double expected)
{
	double x = 0;

	if (!number_parse_grouped(text, strlen(text), decimal, thousands, &x))
		fail_msg("\"%s\" is not read", text);
	if (x != expected)
		fail_msg("\"%s\" is read as %.17g", text, x);
}

static void thousands_may_have_marks(void **state)
{
	(void)state;
	assert_grouped("1,234", '.', ',', 1234);
	assert_grouped("1.234", ',', '.', 1234);
	assert_grouped(" -12,345,678.25 ", '.', ',', -12345678.25);
	assert_grouped("1.234.567,5e1", ',', '.', 12345675);
	assert_grouped("1'234.", '.', '\'', 1234);
	assert_grouped("1\342\200\231234", '.', '\'', 1234);
	assert_grouped("1 234,5", ',', ' ', 1234.5);
	assert_grouped("+1\302\240234\342\200\257567,5", ',', ' ', 1234567.5);
	assert_grouped("999,999,999,999,999,999", '.', ',', 1e18);
}

static void groups_of_other_than_three_digits_are_refused(void **state)
{
	static const char *const text[] = {
		"", "1", "1234", "12.5", ",", "1,", ",123", "1,23", "1,2345",
		"1234,567", "0,123", "012,345", "1,234,56", "1,234,5678",
		"1,,234", "1.5,234", "1,234 rpm", "1,234,", "--1,234",
		"1,234 567", "1,234 .5", "1e1,234", "1\342\200234"
	};
	double x = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		if (number_parse_grouped(text[i], strlen(text[i]), '.', ',',
					 &x))
			fail_msg("\"%s\" is read", text[i]);
	assert_false(number_parse_grouped("1,234", 5, ',', ',', &x));
	assert_false(number_parse_grouped("1 234 ,5", 8, ',', ' ', &x));
	assert_false(number_parse_grouped("1\302", 2, ',', ' ', &x));
	assert_true(x == 7);
}

static void a_number_may_have_marks_or_none(void **state)
{
	double x = 0;

	(void)state;
	assert_true(number_read("1.234", 5, ',', '.', &x));
	assert_true(x == 1234);
	assert_true(number_read("1.234", 5, '.', ',', &x));
	assert_true(x == 1.234);
	assert_false(number_read("1,234", 5, '.', 0, &x));
}

static void three_hundred_thousand_digits_are_a_number(void **state)
{
	size_t len = 300000;
	char *text = mem_new(len + 1);
	double x;

	(void)state;
	memset(text, '3', len);
	text[1] = '.';
	assert_true(number_parse(text, len, '.', &x));
	assert_true(x == strtod(text, NULL));
	free(text);
}

static void a_scan_ends_where_the_number_ends(void **state)
{
	const char *text = "12.5,rest";
	double x;

	(void)state;
	assert_ptr_equal(number_scan(text, text + 9, '.', &x), text + 4);
	assert_true(x == 12.5);
	assert_null(number_scan(text + 4, text + 9, '.', &x));
	assert_null(number_scan(text, text, '.', &x));
}

static void a_number_is_written_in_as_few_digits_as_bring_it_back(void **state)
{
	char text[NUMBER_TEXT];

	(void)state;
	assert_int_equal(number_format(NAN, text), 0);
	assert_string_equal(text, "");
	number_format(0.1, text);
	assert_string_equal(text, "0.1");
	number_format(0.1 + 0.2, text);
	assert_string_equal(text, "0.30000000000000004");
	number_format(100, text);
	assert_string_equal(text, "100");
	assert_int_equal(number_format(-DBL_MAX, text), 24);
	assert_string_equal(text, "-1.7976931348623157e+308");
}

static void any_double_comes_back_from_its_text(void **state)
{
	char text[NUMBER_TEXT];
	struct rng rng;

	(void)state;
	rng_init(&rng, 2);
	for (int i = 0; i < RANDOM_DOUBLES; i++) {
		double x = random_double(&rng), y = 0;
		size_t len = number_format(x, text);

		assert_true(number_parse(text, len, '.', &y));
		assert_true(x == y);
	}
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Kinds of numbers: any; few different; different in the last bits only. */
static double number_of_kind(struct rng *rng, int kind)
{
	if (kind == 0)
		return random_double(rng);
	if (kind == 1)
		return (double)rng_upto(rng, 20) - 10;
	return 1 + (double)rng_next(rng) * DBL_EPSILON;
}

static void numbers_are_sorted_as_by_qsort(void **state)
{
	size_t n = 20000;
	double *a = mem_array(n, sizeof(*a)), *b = mem_array(n, sizeof(*b));
	double *spare = mem_array(n, sizeof(*spare)), *sorted;
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (int kind = 0; kind < 3; kind++) {
		for (size_t i = 0; i < n; i++)
			a[i] = b[i] = number_of_kind(&rng, kind);
		qsort(b, n, sizeof(*b), ascending);
		sorted = sort_doubles(a, spare, n);
		for (size_t i = 0; i < n; i++)
			assert_true(sorted[i] == b[i]);
	}
	free(spare);
	free(b);
	free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hard_numbers_are_read_as_by_strtod),
		cmocka_unit_test(a_million_random_texts_are_read_as_by_strtod),
		cmocka_unit_test(random_hard_numbers_are_read_as_by_strtod),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(blanks_around_a_number_are_allowed),
		cmocka_unit_test(a_comma_may_be_the_decimal_mark),
		cmocka_unit_test(thousands_may_have_marks),
		cmocka_unit_test(groups_of_other_than_three_digits_are_refused),
		cmocka_unit_test(a_number_may_have_marks_or_none),
		cmocka_unit_test(three_hundred_thousand_digits_are_a_number),
		cmocka_unit_test(a_scan_ends_where_the_number_ends),
		cmocka_unit_test(
		    a_number_is_written_in_as_few_digits_as_bring_it_back),
		cmocka_unit_test(any_double_comes_back_from_its_text),
		cmocka_unit_test(numbers_are_sorted_as_by_qsort)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
