/*
 * test-text.c - words, quotes, harmless text, widths, near names
 */
#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct err err;

/* ---- words ---- */

/* The words of a line with | between them. */
static void splits_to(const char *line, const char *wanted)
{
	struct words words;
	char all[200] = "";

	assert_true(words_split(&words, line, &err));
	for (size_t i = 0; i < words.n; i++)
		text_append(all, sizeof(all), "%s%s", i ? "|" : "",
			    words.word[i]);
	assert_string_equal(all, wanted);
	assert_null(words.word[words.n]);
	words_clear(&words);
}

static void words_are_split_at_blanks(void **state)
{
	(void)state;
	splits_to("train logistic l2=1", "train|logistic|l2=1");
	splits_to("  train\t logistic\r\n", "train|logistic");
	splits_to("", "");
	splits_to(" \t ", "");
}

static void quotes_keep_blanks(void **state)
{
	(void)state;
	splits_to("target 'scrap rate'", "target|scrap rate");
	splits_to("target \"scrap rate\"", "target|scrap rate");
	splits_to("open a.csv missing=\"I/O Timeout\"",
		  "open|a.csv|missing=I/O Timeout");
	splits_to("a'b c'd\"e f\"", "ab cde f");
	splits_to("'it \"is\"' \"isn't\"", "it \"is\"|isn't");
	splits_to("'' \"\"", "|");
}

static void a_comment_begins_where_a_word_could(void **state)
{
	(void)state;
	splits_to("# nothing but this", "");
	splits_to("train # the first", "train");
	splits_to("target no#1 '#2' x=#3", "target|no#1|#2|x=#3");
}

static void a_word_knows_where_it_begins(void **state)
{
	struct words words;

	(void)state;
	assert_true(words_split(&words, "  open 'a b.csv'\tx=\"1 2\"", &err));
	assert_int_equal(words.n, 3);
	assert_int_equal(words.start[0], 2);
	assert_int_equal(words.start[1], 7);
	assert_int_equal(words.start[2], 17);
	words_clear(&words);
}

static void an_open_quote_is_an_error_at_its_word(void **state)
{
	struct words words;

	(void)state;
	assert_false(words_split(&words, "target 'scrap rate", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, "the quote ' is not closed");
	assert_int_equal(words.n, 2);
	assert_int_equal(words.start[1], 7);
	words_clear(&words);
	assert_false(words_split(&words, "x=\"", &err));
	assert_string_equal(err.text, "the quote \" is not closed");
	words_clear(&words);
}

static void there_is_an_end_to_words(void **state)
{
	char *line = mem_new(2 * (WORDS_MAX + 1) + 1);
	struct words words;

	(void)state;
	for (size_t i = 0; i < WORDS_MAX + 1; i++)
		memcpy(line + 2 * i, "w ", 2);
	assert_false(words_split(&words, line, &err));
	words_clear(&words);
	line[2 * WORDS_MAX] = '\0';
	assert_true(words_split(&words, line, &err));
	assert_int_equal(words.n, WORDS_MAX);
	words_clear(&words);
	free(line);
}

static void what_is_quoted_reads_back(void **state)
{
	static const char *const text[] = {
		"plain", "", " ", "two words", "it's", "\"", "'", "'\"'\"",
		"a 'b' \"c\" #d", "#", "no#1", "tab\there", "日本 語", "\\",
		"\\'", "x=1", "=", "-x", "\xff\xfe raw", "$(x) `y`",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(text); i++) {
		char *quoted = text_quote(text[i]);
		char *line = mem_printf("a %s b", quoted);
		struct words words;

		assert_true(words_split(&words, line, &err));
		assert_int_equal(words.n, 3);
		assert_string_equal(words.word[1], text[i]);
		words_clear(&words);
		free(line);
		free(quoted);
	}
}

static void what_needs_no_quotes_gets_none(void **state)
{
	char *quoted = text_quote("samples/enterprises.csv");

	(void)state;
	assert_string_equal(quoted, "samples/enterprises.csv");
	free(quoted);
	quoted = text_quote("scrap rate");
	assert_string_equal(quoted, "\"scrap rate\"");
	free(quoted);
}

static void a_list_has_its_words_and_no_parts_of_them(void **state)
{
	const char *list = "newton liblinear auto";

	(void)state;
	assert_true(text_has_word(list, "newton"));
	assert_true(text_has_word(list, "liblinear"));
	assert_true(text_has_word(list, "auto"));
	assert_false(text_has_word(list, ""));
	assert_false(text_has_word(list, "new"));
	assert_false(text_has_word(list, "linear"));
	assert_false(text_has_word(list, "o"));
	assert_false(text_has_word(list, "newton liblinear"));
	assert_false(text_has_word(list, "autos"));
	assert_false(text_has_word("", "x"));
	/* The first hit is a part of a word, the second is a word. */
	assert_true(text_has_word("minmax max", "max"));
}

static void what_is_appended_is_cut_at_the_end(void **state)
{
	char text[8] = "a";

	(void)state;
	text_append(text, sizeof(text), "%d", 23);
	assert_string_equal(text, "a23");
	text_append(text, sizeof(text), "%s", "456789");
	assert_string_equal(text, "a234567");
	text_append(text, sizeof(text), "8");
	assert_string_equal(text, "a234567");
}

/* ---- harmless text ---- */

static void becomes(const char *from, size_t len, const char *wanted)
{
	char to[200];

	assert_ptr_equal(text_safe(to, sizeof(to), from, len), to);
	assert_string_equal(to, wanted);
}

static void control_characters_become_pictures(void **state)
{
	(void)state;
	becomes("\033[31mred", 8, "␛[31mred");
	becomes("a\0b", 3, "a␀b");
	becomes("\t\r\n\a", 4, "␉␍␊␇");
	becomes("\x1f\x20\x7e\x7f", 4, "␟ ~␡");
}

static void c1_and_marks_of_direction_are_replaced(void **state)
{
	static const char *const mark[] = {
		"\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c",
		"\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
		"\u2028", "\u2029", "\ufeff",
	};

	(void)state;
	becomes("\xc2\x80|\xc2\x9b|\xc2\x9f|\xc2\xa0", 11, "�|�|�|\u00a0");
	for (size_t i = 0; i < ARRAY_LEN(mark); i++)
		becomes(mark[i], strlen(mark[i]), "\ufffd");
	/* Neighbours of these, which do no harm. */
	becomes("\u200d\u2030\u206a", 9, "\u200d\u2030\u206a");
}

static void a_character_may_be_cut_off(void **state)
{
	static const struct {
		const char *text;
		size_t len, bytes;
	} of[] = {
		{ "a", 1, 1 }, { "\xc3\xa9", 2, 2 }, { "\xc3", 1, 2 },
		{ "\xe6\xb8\xa9", 3, 3 }, { "\xe6\xb8", 2, 3 },
		{ "\xf0\x9f", 2, 4 }, { "\xe6z", 2, 0 }, { "\x80", 1, 0 },
		{ "\xc0\x80", 2, 0 }, { "\xe0\x9f", 2, 0 },
		{ "\xed\xa0", 2, 0 }, { "\xf4\x90", 2, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		uint32_t c = 'x';
		size_t bytes = text_character(of[i].text, of[i].len, &c);

		assert_int_equal(bytes, of[i].bytes);
		if (bytes > of[i].len)
			assert_int_equal(c, 'x');
	}
}

static void bytes_that_are_not_utf8_are_replaced(void **state)
{
	(void)state;
	becomes("\xff", 1, "�");
	becomes("Temp \xb0" "C", 7, "Temp �C");		/* Latin-1 */
	becomes("\xc0\xaf", 2, "��");			/* too long */
	becomes("\xe0\x80\xaf", 3, "���");
	becomes("\xf0\x80\x80\xaf", 4, "����");
	becomes("\xed\xa0\x80", 3, "���");		/* a surrogate */
	becomes("\xf4\x90\x80\x80", 4, "����");		/* past the end */
	becomes("\xf4\x8f\xbf\xbd", 4, "\U0010fffd");
	becomes("\xe6\x97", 2, "��");			/* cut short */
	becomes("\xe6\x97x", 3, "��x");
	becomes("\x80\xbf", 2, "��");
}

static void text_of_any_script_stays_as_it_is(void **state)
{
	const char *text = "Größe 日本 Ελλ 🏭 é";

	(void)state;
	becomes(text, strlen(text), text);
}

static void a_full_buffer_ends_between_characters(void **state)
{
	char to[6];

	(void)state;
	text_safe(to, sizeof(to), "abcdefg", 7);
	assert_string_equal(to, "abcde");
	text_safe(to, sizeof(to), "日本", 6);
	assert_string_equal(to, "日");
	text_safe(to, sizeof(to), "abc\033", 4);
	assert_string_equal(to, "abc");
	text_safe(to, 1, "a", 1);
	assert_string_equal(to, "");
}

static void nothing_of_a_long_text_is_lost_in_a_copy(void **state)
{
	char from[1000], *to;

	(void)state;
	memset(from, '\033', sizeof(from) - 1);
	from[sizeof(from) - 1] = '\0';
	to = text_safe_dup(from);
	assert_int_equal(strlen(to), 3 * (sizeof(from) - 1));
	assert_int_equal(text_width(to), sizeof(from) - 1);
	free(to);
}

/* ---- widths ---- */

static void widths_are_in_columns(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("日本"), 4);
	assert_int_equal(text_width("Größe"), 5);
	assert_int_equal(text_width("e\u0301"), 1);	/* e and an accent */
	assert_int_equal(text_width("␛[31m"), 5);
}

static void text_is_cut_between_characters(void **state)
{
	size_t used;

	(void)state;
	assert_int_equal(text_fit("日本語", 4, &used), 6);
	assert_int_equal(used, 4);
	assert_int_equal(text_fit("日本語", 3, &used), 3);
	assert_int_equal(used, 2);
	assert_int_equal(text_fit("日", 1, &used), 0);
	assert_int_equal(used, 0);
	assert_int_equal(text_fit("abc", 10, &used), 3);
	assert_int_equal(used, 3);
	assert_int_equal(text_fit("abc", 0, NULL), 0);
}

static void an_accent_stays_with_its_letter(void **state)
{
	size_t used;

	(void)state;
	assert_int_equal(text_fit("e\u0301x", 1, &used), 3);
	assert_int_equal(used, 1);
}

static void counts_have_commas(void **state)
{
	char text[COUNT_TEXT];

	(void)state;
	assert_string_equal(text_count(text, 0), "0");
	assert_string_equal(text_count(text, 999), "999");
	assert_string_equal(text_count(text, 1000), "1,000");
	assert_string_equal(text_count(text, 1234567), "1,234,567");
	assert_string_equal(text_count(text, SIZE_MAX),
			    "18,446,744,073,709,551,615");
}

/* ---- did you mean ---- */

static void a_near_name_is_found(void **state)
{
	static const char *const name[] = {
		"target", "train", "features", "clean", "split",
	};

	(void)state;
	assert_string_equal(text_nearest("targte", name, 5), "target");
	assert_string_equal(text_nearest("tran", name, 5), "train");
	assert_string_equal(text_nearest("feature", name, 5), "features");
	assert_string_equal(text_nearest("slpit", name, 5), "split");
	assert_null(text_nearest("frobnicate", name, 5));
	assert_null(text_nearest("", name, 5));
	assert_null(text_nearest("x", name, 5));
	assert_null(text_nearest("target", name, 0));
}

static void the_beginning_of_a_word_is_near(void **state)
{
	static const char *const name[] = {
		"TWF", "Rotational speed [rpm]", "Torque [Nm]", "Tool wear",
	};

	(void)state;
	assert_string_equal(text_nearest("speed", name, 4), name[1]);
	assert_string_equal(text_nearest("tor", name, 4), name[2]);
	assert_string_equal(text_nearest("tool_w", name, 4), name[3]);
	assert_string_equal(text_nearest("tw", name, 4), name[0]);
	assert_null(text_nearest("peed", name, 4));
}

static void no_other_short_name_is_near(void **state)
{
	static const char *const name[] = { "move", "stop", "min" };

	(void)state;
	assert_null(text_nearest("save", name, 3));
	assert_null(text_nearest("drop", name, 3));
	assert_null(text_nearest("sign", name, 3));
}

static void a_very_long_name_is_near_to_nothing(void **state)
{
	static const char *name[] = { "target" };
	char text[5000];

	(void)state;
	memset(text, 't', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_null(text_nearest(text, name, 1));
	name[0] = text;
	assert_null(text_nearest("target", name, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_at_blanks),
		cmocka_unit_test(quotes_keep_blanks),
		cmocka_unit_test(a_comment_begins_where_a_word_could),
		cmocka_unit_test(a_word_knows_where_it_begins),
		cmocka_unit_test(an_open_quote_is_an_error_at_its_word),
		cmocka_unit_test(there_is_an_end_to_words),
		cmocka_unit_test(what_is_quoted_reads_back),
		cmocka_unit_test(what_needs_no_quotes_gets_none),
		cmocka_unit_test(a_list_has_its_words_and_no_parts_of_them),
		cmocka_unit_test(what_is_appended_is_cut_at_the_end),
		cmocka_unit_test(control_characters_become_pictures),
		cmocka_unit_test(c1_and_marks_of_direction_are_replaced),
		cmocka_unit_test(a_character_may_be_cut_off),
		cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
		cmocka_unit_test(text_of_any_script_stays_as_it_is),
		cmocka_unit_test(a_full_buffer_ends_between_characters),
		cmocka_unit_test(nothing_of_a_long_text_is_lost_in_a_copy),
		cmocka_unit_test(widths_are_in_columns),
		cmocka_unit_test(text_is_cut_between_characters),
		cmocka_unit_test(an_accent_stays_with_its_letter),
		cmocka_unit_test(counts_have_commas),
		cmocka_unit_test(a_near_name_is_found),
		cmocka_unit_test(the_beginning_of_a_word_is_near),
		cmocka_unit_test(no_other_short_name_is_near),
		cmocka_unit_test(a_very_long_name_is_near_to_nothing),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
