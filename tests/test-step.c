/*
 * test-step.c - the next value of an option, as keys step through them
 */
#include "base/step.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct option options[] = {
	{ "method", OPTION_CHOICE, "iqr", 0, 0, "iqr zscore mad", "" },
	{ "factor", OPTION_NUMBER, NULL, 0, 1e100, NULL, "" },
	{ "share", OPTION_NUMBER, "0.2", 0, 1, NULL, "" },
	{ "count", OPTION_WHOLE, "1", 1, 40, NULL, "" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL, "" },
	{ "offset", OPTION_NUMBER, "0", -1, 1, NULL, "" },
	{ 0 }
};

enum { METHOD, FACTOR, SHARE, COUNT, COLUMNS, OFFSET };

/* Steps from a value, each of which is to be what is said. */
static void steps(size_t option, const char *from, bool forth,
		  const char *const *to)
{
	struct option_values v;
	struct err err;
	char value[STEP_VALUE], *word;

	options_init(&v, options);
	for (const char *now = from; ; now = *to++) {
		word = mem_printf("%s=%s", options[option].name, now);
		assert_true(!*now || options_set(&v, "test", word, &err));
		free(word);
		if (!*to)
			break;
		assert_true(step_option(&v, option, forth, value));
		assert_string_equal(value, *to);
	}
	options_clear(&v);
}

#define FORTH(option, from, ...) steps(option, from, true, \
	(const char *const[]){ __VA_ARGS__, NULL })
#define BACK(option, from, ...) steps(option, from, false, \
	(const char *const[]){ __VA_ARGS__, NULL })

static void words_go_round(void **state)
{
	(void)state;
	FORTH(METHOD, "iqr", "zscore", "mad", "iqr");
	BACK(METHOD, "iqr", "mad", "zscore");
}

static void numbers_step_by_half_of_their_size(void **state)
{
	(void)state;
	FORTH(FACTOR, "1.5", "2", "2.5");
	FORTH(FACTOR, "9.5", "10", "15", "20");
	BACK(FACTOR, "2", "1.5", "1", "0.9", "0.85");
	FORTH(FACTOR, "0.95", "1", "1.5");
}

/* 1.7 was typed: the steps lead back to round numbers. */
static void a_number_between_two_steps_goes_to_the_next(void **state)
{
	(void)state;
	FORTH(FACTOR, "1.7", "2");
	BACK(FACTOR, "1.7", "1.5");
	FORTH(COUNT, "37", "40");
}

static void steps_end_at_the_limits(void **state)
{
	(void)state;
	FORTH(SHARE, "0.95", "1", "1");
	BACK(COUNT, "2", "1", "1");
	FORTH(COUNT, "39", "40", "40");
	BACK(OFFSET, "0", "-0.1", "-0.15");
}

static void whole_numbers_stay_whole(void **state)
{
	(void)state;
	FORTH(COUNT, "1", "2", "3");
	FORTH(COUNT, "9", "10", "15");
	BACK(COUNT, "10", "9", "8");
}

static void a_number_that_nobody_has_set_begins_at_one(void **state)
{
	(void)state;
	FORTH(FACTOR, "", "1", "1.5");
}

static void names_of_columns_are_typed(void **state)
{
	struct option_values v;
	char value[STEP_VALUE];

	(void)state;
	options_init(&v, options);
	assert_false(step_option(&v, COLUMNS, true, value));
	options_clear(&v);
}

static void tenfold(size_t i, const char *from, bool more, const char *to)
{
	struct option_values v;
	char value[STEP_VALUE], word[80];
	struct err err;

	options_init(&v, options);
	snprintf(word, sizeof(word), "%s=%s", options[i].name, from);
	assert_true(options_set(&v, "test", word, &err));
	assert_true(step_tenfold(&v, i, more, value));
	assert_string_equal(value, to);
	options_clear(&v);
}

static void a_large_step_is_ten_times_as_much(void **state)
{
	(void)state;
	tenfold(FACTOR, "1.5", true, "15");
	tenfold(FACTOR, "1.5", false, "0.15");
	tenfold(FACTOR, "0", true, "0.001");
	tenfold(FACTOR, "0", false, "0");
	tenfold(COUNT, "20", false, "2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_go_round),
		cmocka_unit_test(numbers_step_by_half_of_their_size),
		cmocka_unit_test(a_number_between_two_steps_goes_to_the_next),
		cmocka_unit_test(steps_end_at_the_limits),
		cmocka_unit_test(whole_numbers_stay_whole),
		cmocka_unit_test(a_number_that_nobody_has_set_begins_at_one),
		cmocka_unit_test(names_of_columns_are_typed),
		cmocka_unit_test(a_large_step_is_ten_times_as_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
