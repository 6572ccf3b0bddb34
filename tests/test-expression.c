/*
 * test-expression.c - expressions over columns, against values written down
 * and against a second evaluator that goes row by row
 */
#include "data/expression.h"

#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/odd.h"
#include "tables.h"

/* Five rows; the last has nothing but a missing or an odd cell. */
enum { ROWS = 5 };

static double torque[ROWS] = { 10, 50, -3, 0, NAN };
static double temp[ROWS] = { 1, 4, 9, 16, NAN };	/* odd, see set_up() */
static double hour[ROWS] = { 0, 0.25, 0.5, 0.75, 1 };
static uint32_t line[ROWS] = { 0, 1, 2, 1, LEVEL_MISSING };
static uint32_t other[ROWS] = { 1, 1, 0, 2, 0 };
static uint32_t failure[ROWS] = { 0, 1, 0, 2, LEVEL_MISSING };
static const char *line_levels[] = { "H", "L", "M" };
static const char *other_levels[] = { "A", "L", "N" };
static const char *failure_levels[] = { "0", "1", "10" };
static const char *temp_odd[] = { "I/O Timeout" };

static struct column column[8];
static struct table table;

static int set_up(void **state)
{
	(void)state;
	temp[4] = odd_make(0);
	column[0] = numbers("torque", torque);
	column[1] = numbers("temp [K]", temp);
	column[1].odd = temp_odd;
	column[1].odds = column[1].odd_cells = 1;
	column[1].unit = "K";
	column[2] = numbers("Hour", hour);
	column[3] = levels("line", line, line_levels, 3);
	column[4] = levels("other", other, other_levels, 3);
	column[5] = levels("failure", failure, failure_levels, 3);
	column[6] = numbers("and", torque);
	column[7] = numbers("a`b", hour);
	table = table_of(column, ARRAY_LEN(column), ROWS);
	return 0;
}

static struct expression *parse(const char *text)
{
	struct err err = { 0 };
	struct expression *e = expression_parse(text, &table, NULL, &err);

	if (!e)
		fail_msg("%s: %s", text, err.text);
	return e;
}

/* The five values as text: "1 0 0.5 . 2", with a point for missing. */
static void gives(const char *text, const char *wanted)
{
	struct expression *e = parse(text);
	struct err err = { 0 };
	double out[ROWS];
	char said[256] = "";

	assert_true(expression_values(e, ROWS, out, NULL, &err));
	for (size_t i = 0; i < ROWS; i++) {
		if (isnan(out[i]))
			text_append(said, sizeof(said), "%s.", i ? " " : "");
		else
			text_append(said, sizeof(said), "%s%.6g", i ? " " : "",
				    out[i]);
		assert_int_equal(odd_text(out[i]), 0);
	}
	if (strcmp(said, wanted))
		fail_msg("%s gives %s, not %s", text, said, wanted);
	expression_free(e);
}

/* A constant: the same five times. */
static void is(const char *text, double wanted)
{
	struct expression *e = parse(text);
	struct err err = { 0 };
	double out[ROWS];

	assert_true(expression_values(e, ROWS, out, NULL, &err));
	for (size_t i = 0; i < ROWS; i++)
		if (isnan(wanted) ? !isnan(out[i])
				  : !(fabs(out[i] - wanted) <= 1e-12))
			fail_msg("%s is %g, not %g", text, out[i], wanted);
	expression_free(e);
}

static void fails(const char *text, size_t at, const char *message)
{
	struct err err = { 0 };
	size_t fault = 999;
	struct expression *e = expression_parse(text, &table, &fault, &err);

	if (e)
		fail_msg("%s is taken", text);
	if (fault != at || strcmp(err.text, message))
		fail_msg("%s: at %zu: %s", text, fault, err.text);
}

/* ---- what is written down ---- */

static void tighter_operators_come_first(void **state)
{
	(void)state;
	is("1 + 2 * 3", 7);
	is("(1 + 2) * 3", 9);
	is("10 - 4 - 3", 3);
	is("100 / 10 / 5", 2);
	is("2 ^ 3 ^ 2", 512);
	is("-2 ^ 2", -4);
	is("(-2) ^ 2", 4);
	is("2 ^ -1", 0.5);
	is("2 ^ -2 ^ 2", 0.0625);
	is("2 * -3", -6);
	is("- - 3", 3);
	is("3 - -+2", 5);
	is("1 + 1 = 2", 1);
	is("1 or 0 and 0", 1);
	is("(1 or 0) and 0", 0);
	is("not 1 = 2", 1);
	is("not 1 and 0", 0);
	is("not not 5", 1);
	is("1 < 2 and 2 < 3", 1);
	is("1 || 0 && 0", 1);
	is("!0 and !0", 1);
	is("!(1 != 1)", 1);
}

static void numbers_are_read(void **state)
{
	(void)state;
	is("1e3", 1000);
	is(".5", 0.5);
	is("5.", 5);
	is("1.5E-2", 0.015);
	is("\t 12\r\n", 12);
	is("0.1 + 0.2", 0.1 + 0.2);
	is("12345678901234567890", 12345678901234567890.0);
}

static void each_comparison_holds_where_it_should(void **state)
{
	(void)state;
	gives("torque = 10", "1 0 0 0 .");
	gives("torque == 10", "1 0 0 0 .");
	gives("torque != 10", "0 1 1 1 .");
	gives("torque <> 10", "0 1 1 1 .");
	gives("torque < 10", "0 0 1 1 .");
	gives("torque <= 10", "1 0 1 1 .");
	gives("torque > 10", "0 1 0 0 .");
	gives("torque >= 10", "1 1 0 0 .");
	gives("10 > torque", "0 0 1 1 .");
	gives("torque > `temp [K]`", "1 1 0 0 .");
	gives("torque = \"10\"", "1 0 0 0 .");
}

static void names_are_found(void **state)
{
	(void)state;
	gives("hour", "0 0.25 0.5 0.75 1");
	gives("Hour", "0 0.25 0.5 0.75 1");
	gives("`temp [K]`", "1 4 9 16 .");
	/* In short: without its unit. */
	gives("Temp", "1 4 9 16 .");
	gives("`and` and 1", "1 1 1 0 .");
	gives("`a``b` AND 1", "0 1 1 1 1");
	gives("Not torque OR 0", "0 0 0 1 .");
	gives("ABS(torque)", "10 50 3 0 .");
}

static void arithmetic_with_missing_is_missing(void **state)
{
	(void)state;
	gives("torque + 1", "11 51 -2 1 .");
	gives("1 - torque", "-9 -49 4 1 .");
	gives("torque * hour", "0 12.5 -1.5 0 .");
	gives("torque / 10", "1 5 -0.3 0 .");
	gives("1 / torque", "0.1 0.02 -0.333333 . .");
	gives("-torque", "-10 -50 3 0 .");
	gives("round(torque / -100)", "0 -1 0 0 .");
	gives("torque ^ 2", "100 2500 9 0 .");
	gives("torque ^ 0", "1 1 1 1 .");
	gives("1 ^ torque", "1 1 1 1 .");
	gives("torque % 4", "2 2 1 0 .");
	gives("7 % torque", "7 7 -2 . .");
	gives("`temp [K]` + 0", "1 4 9 16 .");
	gives("`temp [K]` > 4", "0 0 1 1 .");
	is("0 / 0", NAN);
	is("1e308 * 10", NAN);
	is("1 / 0 > 5", NAN);
}

static void times_are_written_as_texts(void **state)
{
	struct column was = column[2];

	(void)state;
	column[2].type = COLUMN_TIME;	/* of 0, 0.25 ... seconds, and so on */
	column[2].form = (struct when_form){ .order = WHEN_DMY,
					     .has_date = true };
	gives("Hour = \"1970-01-01\"", "1 0 0 0 0");
	gives("hour > '01.01.1970 00:00'", "0 1 1 1 1");
	gives("\"01.02.1970\" > hour", "1 1 1 1 1");
	gives("hour >= 0.5", "0 0 1 1 1");
	fails("hour = \"x\"", 7,
	      "'x' is no time beside dates: write 2024-05-01 13:45");
	column[2] = was;
}

static void logic_has_three_values(void **state)
{
	static const char *const value[] = { "0", "1", "(0/0)" };
	static const double and[3][3] = {
		{ 0, 0, 0 }, { 0, 1, NAN }, { 0, NAN, NAN }
	};
	static const double or[3][3] = {
		{ 0, 1, NAN }, { 1, 1, 1 }, { NAN, 1, NAN }
	};
	char text[64];

	(void)state;
	for (int a = 0; a < 3; a++)
		for (int b = 0; b < 3; b++) {
			snprintf(text, sizeof(text), "%s and %s", value[a],
				 value[b]);
			is(text, and[a][b]);
			snprintf(text, sizeof(text), "%s or %s", value[a],
				 value[b]);
			is(text, or[a][b]);
		}
	is("not (0/0)", NAN);
	gives("torque > 0 and hour > 2", "0 0 0 0 0");
	gives("torque > 0 or hour >= 1", "1 1 0 0 1");
	gives("torque > 0 and hour >= 0", "1 1 0 0 .");
	gives("-3 and torque", "1 1 1 0 .");
}

static void each_function_gives_its_value(void **state)
{
	(void)state;
	gives("abs(torque)", "10 50 3 0 .");
	gives("sqrt(`temp [K]`)", "1 2 3 4 .");
	gives("sqrt(torque)", "3.16228 7.07107 . 0 .");
	is("log(exp(1))", 1);
	gives("log(torque)", "2.30259 3.91202 . . .");
	is("log10(1000)", 3);
	is("exp(0)", 1);
	gives("min(torque, `temp [K]`, 5)", "1 4 -3 0 .");
	gives("max(torque, `temp [K]`, 5)", "10 50 9 16 .");
	gives("max(1, torque)", "10 50 1 1 .");
	is("round(2.5)", 3);
	is("round(-2.5)", -3);
	gives("floor(hour * 3)", "0 0 1 2 3");
	gives("ceil(hour * 3)", "0 1 2 3 3");
	gives("if(torque > 5, 1, hour)", "1 1 0.5 0.75 .");
	gives("if(hour, `temp [K]`, torque)", "10 4 9 16 .");
	gives("missing(torque)", "0 0 0 0 1");
	gives("missing(`temp [K]`)", "0 0 0 0 1");
	gives("missing(line)", "0 0 0 0 1");
	gives("missing(1 / torque)", "0 0 0 1 1");
	gives("missing(\"x\")", "0 0 0 0 0");
	gives("odd(`temp [K]`)", "0 0 0 0 1");
	gives("odd(torque)", "0 0 0 0 0");
	gives("odd(line)", "0 0 0 0 0");
}

static void the_table_of_functions_is_whole(void **state)
{
	const struct expression_function *f;
	size_t n = 0;

	(void)state;
	while ((f = expression_function_nth(n))) {
		const char *x = f->kind == EXPRESSION_TIME ? "na()" : "torque";
		char text[64];
		struct expression *e;

		snprintf(text, sizeof(text), "%s(%s%s%s)", f->name,
			 f->least > 0 ? x : "", f->least > 1 ? ", 2" : "",
			 f->least > 2 ? ", 1" : "");
		e = parse(text);
		expression_free(e);
		assert_true(*f->help && (*f->args || f->most == 0));
		n++;
	}
	assert_int_equal(n, 33);
}

/* A line for each: "  abs(x)             its size without its sign". */
static void the_help_has_each_function(void **state)
{
	const char *folder = getenv("GEMBA_HELP");
	char *path = mem_printf("%s/expressions.txt", folder ? folder : "help");
	const struct expression_function *f;
	static char help[16384];
	FILE *in = fopen(path, "r");

	(void)state;
	assert_non_null(in);
	help[fread(help, 1, sizeof(help) - 1, in)] = '\0';
	fclose(in);
	free(path);
	for (size_t n = 0; (f = expression_function_nth(n)); n++) {
		char *call = mem_printf("%s(%s)", f->name, f->args);
		char *row = mem_printf("\n  %-18s %s\n", call, f->help);

		if (!strstr(help, row))
			fail_msg("not in the help: %s", row);
		free(row);
		free(call);
	}
}

static void a_name_is_found_to_be_completed(void **state)
{
	static const struct {
		const char *text;
		int start;	/* -1: there is none at the end */
	} names[] = {
		{ "tor", 0 }, { "1 + tor", 4 }, { "a > 3 and `temp [", 10 },
		{ "(li", 1 }, { "a o", 2 }, { "a or", 2 }, { "", -1 },
		{ "a ", -1 }, { "a > 3", -1 }, { "a > ", -1 },
		{ "line = \"L", -1 }, { "`temp`", -1 }, { "\"x\"", -1 },
		{ "a $ b", -1 }, { "x~", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *text = names[i].text;
		size_t start;
		bool found = expression_name_at(text, strlen(text), &start);

		if (found != (names[i].start >= 0) ||
		    (found && start != (size_t)names[i].start))
			fail_msg("%s: %d at %zu", text, found, start);
	}
}

static void texts_are_compared(void **state)
{
	(void)state;
	gives("line = \"L\"", "0 1 0 1 .");
	gives("line != 'L'", "1 0 1 0 .");
	gives("'L' = line", "0 1 0 1 .");
	gives("line < \"L\"", "1 0 0 0 .");
	gives("\"L\" < line", "0 0 1 0 .");
	gives("line >= \"L\"", "0 1 1 1 .");
	gives("line = \"none\"", "0 0 0 0 .");
	gives("line = other", "0 1 0 0 .");
	gives("line < other", "1 0 0 1 .");
	gives("line = line", "1 1 1 1 .");
	is("\"a\" < \"b\"", 1);
	is("\"a\"\"b\" = 'a\"b'", 1);
	gives("torque > 5 and line = \"L\"", "0 1 0 0 .");
}

static void a_text_of_numbers_is_a_number(void **state)
{
	(void)state;
	gives("failure = 1", "0 1 0 0 .");
	gives("failure = \"1\"", "0 1 0 0 .");
	gives("failure = '1.0'", "0 1 0 0 .");
	gives("failure < \"2\"", "1 1 1 0 .");	/* "10" is not less */
	gives("failure > 1", "0 0 0 1 .");
	gives("failure + 1", "1 2 1 11 .");
	gives("not failure", "1 0 1 0 .");
	gives("failure = torque", "0 0 0 0 .");
	gives("failure and torque > 0", "0 1 0 0 .");
}

static void patterns_match_levels(void **state)
{
	(void)state;
	gives("line ~ \"^[LM]$\"", "0 1 1 1 .");
	gives("line !~ \"^[LM]$\"", "1 0 0 0 .");
	gives("other ~ 'A|N'", "0 0 1 1 1");
	gives("line ~ ''", "1 1 1 1 .");
	gives("failure ~ '^1'", "0 1 0 1 .");
	is("'abc' ~ 'b'", 1);
	is("'abc' !~ 'b'", 0);
	is("'abc' ~ ''", 1);
	is("'a1' ~ '^\\D\\d$'", 1);
	is("'abab' ~ '^(ab)\\1$'", 1);
}

static void patterns_tell_capitals_from_small_letters(void **state)
{
	(void)state;
	gives("line ~ 'l'", "0 0 0 0 .");
	gives("line ~ 'L'", "0 1 0 1 .");
	gives("line ~ '(?i)l'", "0 1 0 1 .");
	is("'abc' ~ 'B'", 0);
}

/* What a library of POSIX patterns takes seconds or gigabytes for. */
static void no_pattern_hangs(void **state)
{
	static const char *const hard[] = {
		"^[LM](a|\\b){23}+$", "()++", "(((a*)*)*){99}",
		"((((((((a+)+)+)+)+)+)+)+)+$", "a{0,5000}",
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hard); i++) {
		snprintf(text, sizeof(text), "line ~ '%s'", hard[i]);
		expression_free(parse(text));
	}
	fails("line ~ '((a{1000}){1000}){1000}'", 7,
	      "the pattern is wrong at byte 24: regular expression is too "
	      "large");
}

static void a_text_that_is_given_up_is_an_error(void **state)
{
	(void)state;
	fails("'aaaaaaaaaaaaaaaaaaaaaaaaaaaab' ~ '(a|a|aa)+$'", 34,
	      "the pattern takes too many tries: make it simpler");
}

static void if_makes_texts_of_texts(void **state)
{
	static const char *const wanted[] = { "high", "L", "high", "L" };
	struct expression *e = parse("if(torque % 10 = 0 and torque > 20 or "
				     "line = 'L', line, \"high\")");
	const char *const *level;
	double out[ROWS];
	size_t n;

	(void)state;
	assert_true(expression_is_text(e));
	level = expression_levels(e, &n);
	assert_int_equal(n, 4);
	assert_true(expression_values(e, ROWS, out, NULL, NULL));
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(level[(size_t)out[i]], wanted[i]);
	assert_true(isnan(out[4]));
	expression_free(e);
	gives("if(hour < 0.3, line, other) = 'L'", "0 1 0 0 0");
	gives("if(hour < 0.3, line, line) = line", "1 1 1 1 .");
	gives("if(1, 'a', 'b') = 'a'", "1 1 1 1 1");
	gives("missing(if(torque > 0, line, other))", "0 0 0 0 1");
	gives("if(1, 'x', line) ~ 'x' or 0", "1 1 1 1 1");
}

static void a_column_of_text_gives_its_levels(void **state)
{
	struct expression *e = parse("line");
	size_t n;

	(void)state;
	assert_true(expression_is_text(e));
	assert_ptr_equal(expression_levels(e, &n), line_levels);
	assert_int_equal(n, 3);
	expression_free(e);
	gives("line", "0 1 2 1 .");
	gives("'x'", "0 0 0 0 0");
	e = parse("torque");
	assert_false(expression_is_text(e));
	expression_free(e);
}

static void errors_say_where(void **state)
{
	(void)state;
	fails("", 0, "expected a number, a text or a column");
	fails("torque >", 8,
	      "expected a number, a text or a column after '>'");
	fails("torque > and 1", 9,
	      "expected a number, a text or a column after '>'");
	fails("1 + @", 4, "'@' has no meaning here");
	fails("1 & 2", 2, "'&' is written and");
	fails("x > 1", 0,
	      "there is no column 'x'; a text stands in \"quotes\"");
	fails("`x` > 1", 0, "there is no column 'x'");
	fails("1 + torqe", 4,
	      "there is no column 'torqe'; did you mean 'torque'?");
	fails("tem + 1", 0,
	      "there is no column 'tem'; did you mean `temp [K]`?");
	fails("sqr(2)", 0,
	      "there is no function 'sqr'; did you mean 'sqrt'?");
	fails("1 < 2 < 3", 6, "one comparison at a time: join two with and");
	fails("1 + not 2", 4,
	      "put 'not' and what it denies in brackets here");
	fails("(1 + 2", 6, "expected an operator or ')' after '2'");
	fails("1 + 2)", 5, "')' without a '(' before it");
	fails("1,5", 1, "',' stands between arguments only; the decimal mark "
	      "is '.'");
	fails("1 torque", 2, "expected an operator after '1'");
	fails("  'abc", 2, "the quote ' is not closed");
	fails("3x", 0,
	      "'3x' is no number; as a name it stands in `backquotes`");
	fails("1e999", 0, "'1e999' is too large for a number");
	fails("1 + \001", 4, "a control character (1)");
	fails("`a\nb\033[`", 0, "there is no column 'a\u240ab\u241b['");
}

/* What is typed by whoever knows a spreadsheet, pandas or SQL. */
static void errors_know_other_languages(void **state)
{
	(void)state;
	fails("torque ** 2", 7, "'**' is written ^");
	fails("if(torque > 1; 1; 0)", 13,
	      "';' has no meaning here; a comma parts arguments");
	fails("[torque] * 2", 0, "'[' has no meaning here; a name with it "
	      "stands in `backquotes`");
	fails("torque > 1 ? 1 : 0", 11,
	      "'?' has no meaning here; there is if(condition, a, b)");
	fails("torque.shift(1)", 0,
	      "there is no function 'torque.shift'; did you mean 'lag'?");
	fails("np.sqr(torque)", 0,
	      "there is no function 'np.sqr'; did you mean 'sqrt'?");
	fails("\"torque\" * 2", 0,
	      "\"torque\" is text; the column stands in `backquotes`");
	fails("torque > 2024-03-02", 9,
	      "a time stands in quotes: \"2024-03-02\"");
}

static void errors_tell_texts_from_numbers(void **state)
{
	(void)state;
	fails("1 + line", 4, "line is text, and a number is wanted");
	fails("line > 3", 0,
	      "line is text: compare it with a text in \"quotes\"");
	fails("3 = (line)", 4,
	      "(line) is text: compare it with a text in \"quotes\"");
	fails("torque = 'x'", 9, "'x' is not a number");
	fails("failure = 'x'", 10, "'x' is not a number");
	fails("if(1, line, 2)", 6, "line is text, and a number is wanted");
	fails("line ~ '('", 7, "the pattern is wrong at byte 2: missing "
	      "closing parenthesis");
	fails("line ~ other", 7, "a pattern is a text in quotes");
	fails("1 + torque ~ '1'", 0,
	      "1 + torque is a number, and a pattern wants text");
}

static void errors_count_arguments(void **state)
{
	(void)state;
	fails("1 + abs()", 4, "abs() takes 1 argument: abs(x)");
	fails("abs(1, 2)", 0, "abs() takes 1 argument: abs(x)");
	fails("if(1, 2)", 0, "if() takes 3 arguments: if(cond, a, b)");
	fails("min(1)", 0, "min() takes 2 arguments or more: min(a, b, ...)");
	fails("min(1, )", 7,
	      "expected a number, a text or a column after ','");
	fails("abs(1", 5, "expected ',' or ')' after '1'");
	fails("odd(1)", 4, "odd() wants a column");
	fails("odd(torque + 1)", 4, "odd() wants a column");
}

/* ---- sizes ---- */

static char *repeated(const char *before, size_t n, const char *between,
		      const char *after)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < n; i++)
		fputs(before, out);
	fputs(between, out);
	for (size_t i = 0; i < n; i++)
		fputs(after, out);
	fclose(out);
	return text;
}

static void nesting_has_a_limit(void **state)
{
	static const char *const pair[][2] = {
		{ "(", ")" }, { "-", "" }, { "not ", "" }, { "abs(", ")" },
		{ "2^", "" }, { "min(torque, ", ")" }, { "1 + (", ")" },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(pair); k++) {
		char *text = repeated(pair[k][0], EXPRESSION_DEPTH, "torque",
				      pair[k][1]);
		struct err err = { 0 };

		expression_free(parse(text));
		free(text);
		text = repeated(pair[k][0], 100000, "torque", pair[k][1]);
		assert_null(expression_parse(text, &table, NULL, &err));
		assert_non_null(strstr(err.text, "more than 200 brackets"));
		free(text);
	}
}

static void a_long_expression_is_fine(void **state)
{
	char *text = repeated("torque + ", 20000, "torque", ""), *call;

	(void)state;
	gives(text, "200010 1.00005e+06 -60003 0 .");
	free(text);
	text = repeated("", 20000, "min(torque", ", hour");
	call = mem_printf("%s)", text);
	gives(call, "0 0.25 -3 0 .");
	free(call);
	free(text);
}

static void no_rows_are_no_values(void **state)
{
	struct expression *e = parse("torque > 0");
	struct err err = { 0 };
	size_t kept = 7;
	bool keep[1];
	double out[1];

	(void)state;
	assert_true(expression_values(e, 0, out, NULL, &err));
	assert_true(expression_filter(e, 0, keep, &kept, NULL, &err));
	assert_int_equal(kept, 0);
	expression_free(e);
}

static void a_filter_keeps_what_holds(void **state)
{
	static const bool wanted[ROWS] = { true, true, true, false, false };
	struct expression *e = parse("torque");
	struct err err = { 0 };
	bool keep[ROWS];
	size_t kept;

	(void)state;
	assert_true(expression_filter(e, ROWS, keep, &kept, NULL, &err));
	assert_memory_equal(keep, wanted, sizeof(wanted));
	assert_int_equal(kept, 3);
	expression_free(e);
	e = parse("line");
	assert_false(expression_filter(e, ROWS, keep, &kept, NULL, &err));
	assert_string_equal(err.text, "a text is no condition: compare it "
			    "with something");
	expression_free(e);
}

/* ---- a second evaluator ---- */

/*
 * Random trees, written with no more brackets than the precedences ask for,
 * and evaluated by their definition, row by row.
 */
enum { MANY = 40000, NODES = 64, VARIABLES = 3 };

static double x[VARIABLES][MANY];
static const char *const variable[VARIABLES] = { "x", "y", "z" };

static const struct sign {
	const char *text;
	int level;
} signs[] = {
	{ "or", 1 }, { "and", 2 }, { "=", 4 }, { "!=", 4 }, { "<", 4 },
	{ "<=", 4 }, { ">", 4 }, { ">=", 4 }, { "+", 5 }, { "-", 5 },
	{ "*", 6 }, { "/", 6 }, { "%", 6 }, { "^", 8 },
};
enum { NEGATE = 100, NOT, LEAF, CONSTANT, IF, MINIMUM };

struct node {
	int what;		/* an index into signs, or one of these */
	size_t in[3];
	double constant;
};

struct tree {
	struct node node[NODES];
	size_t n;
	struct rng rng;
};

static size_t grow(struct tree *t, int depth)
{
	size_t me = t->n++, inputs = 2;
	struct node *node = t->node + me;
	uint32_t dice = rng_upto(&t->rng, 19);

	if (depth == 0 || dice < 3) {
		node->what = rng_upto(&t->rng, 2) ? LEAF : CONSTANT;
		node->in[0] = rng_upto(&t->rng, VARIABLES - 1);
		node->constant = rng_upto(&t->rng, 8) / 2.0;
		return me;
	}
	node->what = dice == 3 ? NEGATE : dice == 4 ? NOT : dice == 5 ? IF :
		     dice == 6 ? MINIMUM :
		     (int)rng_upto(&t->rng, ARRAY_LEN(signs) - 1);
	if (node->what == NEGATE || node->what == NOT)
		inputs = 1;
	else if (node->what == IF)
		inputs = 3;
	for (size_t k = 0; k < inputs; k++)
		node->in[k] = grow(t, depth - 1);
	return me;
}

static int level_of(const struct node *node)
{
	return node->what == NOT ? 3 : node->what == NEGATE ? 7 :
	       node->what < NEGATE ? signs[node->what].level : 9;
}

static void print(const struct tree *t, size_t i, int least, FILE *out)
{
	const struct node *node = t->node + i;
	int level = level_of(node);
	/* A comparison takes none beside it, a power ones on its right. */
	int left = level + (level == 4 || level == 8);
	int right = level == 8 ? 7 : level + 1;

	if (level < least)
		fputc('(', out);
	if (node->what == LEAF) {
		fputs(variable[node->in[0]], out);
	} else if (node->what == CONSTANT) {
		fprintf(out, "%g", node->constant);
	} else if (node->what == NOT || node->what == NEGATE) {
		fputs(node->what == NOT ? "not " : "-", out);
		print(t, node->in[0], level, out);
	} else if (node->what < NEGATE) {
		print(t, node->in[0], left, out);
		fprintf(out, " %s ", signs[node->what].text);
		print(t, node->in[1], right, out);
	} else {
		fputs(node->what == IF ? "if(" : "min(", out);
		for (int k = 0; k < (node->what == IF ? 3 : 2); k++) {
			fputs(k ? ", " : "", out);
			print(t, node->in[k], 1, out);
		}
		fputc(')', out);
	}
	if (level < least)
		fputc(')', out);
}

static double compare(const char *sign, double a, double b)
{
	if (isnan(a) || isnan(b))
		return NAN;
	if (!strcmp(sign, "="))
		return a == b;
	if (!strcmp(sign, "!="))
		return a != b;
	if (sign[0] == '<')
		return a < b || (sign[1] && a == b);
	return a > b || (sign[1] && a == b);
}

static double calculate(char sign, double a, double b)
{
	double r;

	if (isnan(a) || isnan(b))
		return NAN;
	switch (sign) {
	case '+': r = a + b; break;
	case '-': r = a - b; break;
	case '*': r = a * b; break;
	case '/': r = a / b; break;
	case '^': r = pow(a, b); break;
	default:
		r = fmod(a, b);
		if (r != 0 && (r < 0) != (b < 0))
			r += b;
	}
	return isfinite(r) ? r : NAN;
}

static double binary(const struct sign *sign, double a, double b)
{
	if (sign->level == 1)
		return (a != 0 && !isnan(a)) || (b != 0 && !isnan(b)) ? 1 :
		       isnan(a) || isnan(b) ? NAN : 0;
	if (sign->level == 2)
		return a == 0 || b == 0 ? 0 :
		       isnan(a) || isnan(b) ? NAN : 1;
	if (sign->level == 4)
		return compare(sign->text, a, b);
	return calculate(sign->text[0], a, b);
}

static double value_at(const struct tree *t, size_t i, size_t row)
{
	const struct node *node = t->node + i;
	double v[3] = { 0 };

	if (node->what == LEAF)
		return x[node->in[0]][row];
	if (node->what == CONSTANT)
		return node->constant;
	for (size_t k = 0; k < 3 && (k == 0 || node->in[k]); k++)
		v[k] = value_at(t, node->in[k], row);
	if (node->what == NEGATE)
		return -v[0];
	if (node->what == NOT)
		return isnan(v[0]) ? NAN : v[0] == 0;
	if (node->what == IF)
		return isnan(v[0]) ? NAN : v[0] != 0 ? v[1] : v[2];
	if (node->what == MINIMUM)
		return isnan(v[0]) || isnan(v[1]) ? NAN : fmin(v[0], v[1]);
	return binary(signs + node->what, v[0], v[1]);
}

static void fill_variables(struct column *c)
{
	struct rng rng;

	rng_init(&rng, 3);
	for (size_t k = 0; k < VARIABLES; k++) {
		c[k] = numbers(variable[k], x[k]);
		for (size_t i = 0; i < MANY; i++)
			x[k][i] = rng_upto(&rng, 9) ?
				  (double)rng_upto(&rng, 12) / 2 - 3 : NAN;
	}
}

static bool same(double a, double b)
{
	return isnan(a) ? isnan(b) : fabs(a - b) <= 1e-12 * fabs(b);
}

static void random_expressions_give_what_they_say(void **state)
{
	struct column c[VARIABLES];
	struct table t = table_of(c, VARIABLES, MANY);
	struct tree tree = { .n = 0 };
	double block[64];

	(void)state;
	fill_variables(c);
	rng_init(&tree.rng, 1);
	for (int round = 0; round < 3000; round++) {
		struct expression *e;
		struct err err = { 0 };
		size_t size, n = 1 + (size_t)round % 37;
		char *text;
		FILE *out = open_memstream(&text, &size);

		memset(tree.node, 0, sizeof(tree.node));
		tree.n = 0;
		print(&tree, grow(&tree, 3), 1, out);
		fclose(out);
		for (size_t k = 0; k < VARIABLES; k++)
			c[k].number = x[k] + round;
		e = expression_parse(text, &t, NULL, &err);
		if (!e)
			fail_msg("%s: %s", text, err.text);
		assert_true(expression_values(e, n, block, NULL, &err));
		for (size_t i = 0; i < n; i++) {
			double v = value_at(&tree, 0, (size_t)round + i);

			if (!same(block[i], v))
				fail_msg("%s: %g, not %g", text, block[i], v);
		}
		expression_free(e);
		free(text);
	}
}

static void a_filter_keeps_what_values_say(void **state)
{
	static const char text[] = "if(x > y, z * x - 1, min(y, z) / 2)";
	struct column c[VARIABLES];
	struct table t = table_of(c, VARIABLES, MANY);
	double *all = mem_array(MANY, sizeof(*all));
	bool *keep = mem_array(MANY, sizeof(*keep));
	size_t kept, count = 0;
	struct expression *e;
	struct err err = { 0 };

	(void)state;
	fill_variables(c);
	e = expression_parse(text, &t, NULL, &err);
	assert_non_null(e);
	assert_true(expression_values(e, MANY, all, NULL, &err));
	assert_true(expression_filter(e, MANY, keep, &kept, NULL, &err));
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(keep[i], all[i] < 0 || all[i] > 0);
		count += keep[i];
	}
	assert_int_equal(kept, count);
	expression_free(e);
	free(keep);
	free(all);
}

struct work {
	struct expression *e;
	double *out;
};

static bool work_after_a_cancel(struct job *job, void *arg, struct err *err)
{
	struct work *work = arg;

	job_cancel(job);
	return expression_values(work->e, MANY, work->out, job, err);
}

static void a_cancelled_job_ends(void **state)
{
	struct column c[VARIABLES];
	struct table t = table_of(c, VARIABLES, MANY);
	struct work work = { .out = mem_array(MANY, sizeof(double)) };
	struct err err = { 0 };
	struct job *job;
	int fd[2];

	(void)state;
	fill_variables(c);
	work.e = expression_parse("x + y", &t, NULL, &err);
	assert_non_null(work.e);
	assert_int_equal(pipe(fd), 0);
	job = job_start(work_after_a_cancel, &work, 0, fd[1], &err);
	assert_non_null(job);
	assert_false(job_end(job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	close(fd[0]);
	close(fd[1]);
	expression_free(work.e);
	free(work.out);
}

static void names_are_quoted_when_they_must_be(void **state)
{
	static const char *const names[][2] = {
		{ "temp", "temp" }, { "temp [K]", "`temp [K]`" },
		{ "2nd", "`2nd`" }, { "Not", "`Not`" }, { "a`b", "`a``b`" },
		{ ".5", "`.5`" }, { "order", "order" },
		{ "\u6e29\u5ea6", "\u6e29\u5ea6" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *name = expression_name(names[i][0]);

		assert_string_equal(name, names[i][1]);
		free(name);
	}
}

static void a_quote_in_a_text_is_doubled(void **state)
{
	char *text = expression_quote("6\" tube");

	(void)state;
	assert_string_equal(text, "\"6\"\" tube\"");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_quoted_when_they_must_be),
		cmocka_unit_test(a_quote_in_a_text_is_doubled),
		cmocka_unit_test(tighter_operators_come_first),
		cmocka_unit_test(numbers_are_read),
		cmocka_unit_test(each_comparison_holds_where_it_should),
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(arithmetic_with_missing_is_missing),
		cmocka_unit_test(times_are_written_as_texts),
		cmocka_unit_test(logic_has_three_values),
		cmocka_unit_test(each_function_gives_its_value),
		cmocka_unit_test(the_table_of_functions_is_whole),
		cmocka_unit_test(the_help_has_each_function),
		cmocka_unit_test(a_name_is_found_to_be_completed),
		cmocka_unit_test(texts_are_compared),
		cmocka_unit_test(a_text_of_numbers_is_a_number),
		cmocka_unit_test(patterns_match_levels),
		cmocka_unit_test(patterns_tell_capitals_from_small_letters),
		cmocka_unit_test(no_pattern_hangs),
		cmocka_unit_test(a_text_that_is_given_up_is_an_error),
		cmocka_unit_test(if_makes_texts_of_texts),
		cmocka_unit_test(a_column_of_text_gives_its_levels),
		cmocka_unit_test(errors_say_where),
		cmocka_unit_test(errors_tell_texts_from_numbers),
		cmocka_unit_test(errors_know_other_languages),
		cmocka_unit_test(errors_count_arguments),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(a_long_expression_is_fine),
		cmocka_unit_test(no_rows_are_no_values),
		cmocka_unit_test(a_filter_keeps_what_holds),
		cmocka_unit_test(random_expressions_give_what_they_say),
		cmocka_unit_test(a_filter_keeps_what_values_say),
		cmocka_unit_test(a_cancelled_job_ends),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
