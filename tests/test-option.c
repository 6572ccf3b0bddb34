/*
 * test-option.c - options: what is taken, what is refused, and how it is told
 */
#include "base/option.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct option table[] = {
	{ .name = "share", .type = OPTION_NUMBER, .dflt = "0.2",
	  .min = 0, .max = 1, .help = "a share" },
	{ .name = "seed", .type = OPTION_WHOLE, .dflt = "42",
	  .min = 0, .max = 4294967295.0, .help = "a whole number" },
	{ .name = "solver", .type = OPTION_CHOICE, .dflt = "newton",
	  .choices = "newton liblinear", .help = "a choice" },
	{ .name = "missing", .type = OPTION_TEXT, .help = "a text" },
	{ .name = "columns", .type = OPTION_COLUMNS, .help = "columns" },
	{ .name = NULL }
};

static struct option_values values;
static struct err err;

static int begin(void **state)
{
	(void)state;
	options_init(&values, table);
	err = (struct err){ 0 };
	return 0;
}

static int end(void **state)
{
	(void)state;
	options_clear(&values);
	return 0;
}

static void takes(const char *word)
{
	if (!options_set(&values, "test", word, &err))
		fail_msg("%s: %s", word, err.text);
}

/* The word is refused with that message, and nothing has changed. */
static void refuses(const char *word, const char *message)
{
	char *before = options_format(&values, true), *after;

	assert_false(options_set(&values, "test", word, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, message);
	after = options_format(&values, true);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static void formats_to(bool everything, const char *wanted)
{
	char *text = options_format(&values, everything);

	assert_string_equal(text, wanted);
	free(text);
}

static void defaults_hold_until_something_is_said(void **state)
{
	(void)state;
	assert_true(options_number(&values, "share") == 0.2);
	assert_true(options_number(&values, "seed") == 42);
	assert_string_equal(options_text(&values, "solver"), "newton");
	assert_null(options_text(&values, "missing"));
	assert_true(isnan(options_number(&values, "missing")));
	for (size_t i = 0; table[i].name; i++)
		assert_false(options_given(&values, i));
}

static void numbers_keep_to_their_limits(void **state)
{
	(void)state;
	takes("share=0");
	takes("share=1");
	takes("share=1e-3");
	assert_true(options_number(&values, "share") == 1e-3);
	refuses("share=1.01", "share=1.01: it goes from 0 to 1");
	refuses("share=-1e-9", "share=-1e-9: it goes from 0 to 1");
	takes("seed=4294967295");
	refuses("seed=4294967296", "seed=4294967296: it goes from 0 to "
		"4.29497e+09");
}

static void what_is_no_number_is_refused(void **state)
{
	(void)state;
	refuses("share=", "share=: a number is wanted");
	refuses("share=a", "share=a: a number is wanted");
	refuses("share=0.5x", "share=0.5x: a number is wanted");
	refuses("share=0,5", "share=0,5: a number is wanted");
	refuses("share=nan", "share=nan: a number is wanted");
	refuses("share=inf", "share=inf: a number is wanted");
	refuses("seed=1.5", "seed=1.5: a whole number is wanted");
	takes("seed=1e3");
	assert_true(options_number(&values, "seed") == 1000);
}

/* strtod() knows 0x10; nobody who writes a recipe does. */
static void numbers_are_decimal(void **state)
{
	(void)state;
	refuses("seed=0x10", "seed=0x10: a number is wanted");
	refuses("share= 0.5", "share= 0.5: a number is wanted");
}

static void a_choice_is_one_of_the_words(void **state)
{
	(void)state;
	takes("solver=liblinear");
	assert_string_equal(options_text(&values, "solver"), "liblinear");
	refuses("solver=lbfgs",
		"solver=lbfgs: choose one of: newton liblinear");
	refuses("solver=", "solver=: choose one of: newton liblinear");
	refuses("solver=new", "solver=new: choose one of: newton liblinear");
	refuses("solver=linear",
		"solver=linear: choose one of: newton liblinear");
	refuses("solver=newton liblinear", "solver=newton liblinear: "
		"choose one of: newton liblinear");
}

static void an_unknown_option_is_told_the_known_ones(void **state)
{
	(void)state;
	refuses("sede=1", "test does not know 'sede=1'; it takes share= "
		"seed= solver= missing= columns=");
	refuses("see=1", "test does not know 'see=1'; it takes share= "
		"seed= solver= missing= columns=");
	refuses("seed", "test does not know 'seed'; it takes share= "
		"seed= solver= missing= columns=");
	refuses("=1", "test does not know '=1'; it takes share= "
		"seed= solver= missing= columns=");
}

static void where_there_are_no_options_none_is_known(void **state)
{
	static const struct option none[] = { { .name = NULL } };
	struct option_values v;

	(void)state;
	options_init(&v, none);
	assert_false(options_set(&v, "baseline", "l2=1", &err));
	assert_string_equal(err.text, "baseline takes no options: 'l2=1'");
	options_clear(&v);
	options_init(&v, NULL);
	assert_false(options_set(&v, "help", "l2=1", &err));
	assert_string_equal(err.text, "help takes no options: 'l2=1'");
	options_clear(&v);
}

/* What is wrong stands at the end: it must not be cut off. */
static void a_very_long_value_does_not_hide_the_message(void **state)
{
	char word[2000];

	(void)state;
	memset(word, 'x', sizeof(word));
	memcpy(word, "solver=", 7);
	word[sizeof(word) - 1] = '\0';
	assert_false(options_set(&values, "test", word, &err));
	assert_non_null(strstr(err.text, "choose one of: newton liblinear"));
	memcpy(word, "share=", 6);
	assert_false(options_set(&values, "test", word, &err));
	assert_non_null(strstr(err.text, "a number is wanted"));
}

static void texts_are_taken_as_they_are(void **state)
{
	(void)state;
	takes("missing=NA,?,I/O Timeout");
	assert_string_equal(options_text(&values, "missing"),
			    "NA,?,I/O Timeout");
	takes("missing=");
	assert_string_equal(options_text(&values, "missing"), "");
	takes("missing=a=b");
	assert_string_equal(options_text(&values, "missing"), "a=b");
	takes("columns=a,b");
	assert_string_equal(options_text(&values, "columns"), "a,b");
}

static void what_differs_is_written_what_does_not_is_not(void **state)
{
	(void)state;
	formats_to(false, "");
	formats_to(true, "share=0.2 seed=42 solver=newton");
	takes("seed=7");
	takes("missing=I/O Timeout");
	formats_to(false, "seed=7 missing=\"I/O Timeout\"");
	formats_to(true, "share=0.2 seed=7 solver=newton "
		   "missing=\"I/O Timeout\"");
	takes("seed=42");
	formats_to(false, "missing=\"I/O Timeout\"");
}

static void a_copy_stands_by_itself(void **state)
{
	struct option_values copy;

	(void)state;
	takes("solver=liblinear");
	takes("share=0.5");
	options_copy(&copy, &values);
	takes("solver=newton");
	takes("share=0.25");
	assert_string_equal(options_text(&copy, "solver"), "liblinear");
	assert_true(options_number(&copy, "share") == 0.5);
	options_clear(&copy);
}

static void the_last_word_counts(void **state)
{
	(void)state;
	takes("seed=1");
	takes("seed=2");
	assert_true(options_number(&values, "seed") == 2);
	assert_true(options_given(&values, 1));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults_hold_until_something_is_said),
		TEST(numbers_keep_to_their_limits),
		TEST(what_is_no_number_is_refused),
		TEST(numbers_are_decimal),
		TEST(a_choice_is_one_of_the_words),
		TEST(an_unknown_option_is_told_the_known_ones),
		TEST(where_there_are_no_options_none_is_known),
		TEST(a_very_long_value_does_not_hide_the_message),
		TEST(texts_are_taken_as_they_are),
		TEST(what_differs_is_written_what_does_not_is_not),
		TEST(a_copy_stands_by_itself),
		TEST(the_last_word_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
