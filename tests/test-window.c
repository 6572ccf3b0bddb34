/*
 * test-window.c - expressions that look back, against values written down and
 * against plain loops that add up every window anew
 */
#include "data/expression.h"

#include <stdio.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "base/text.h"
#include "data/odd.h"
#include "tables.h"

enum { ROWS = 8 };

static double x[ROWS] = { 1, 2, 4, NAN, 16, 3, 5, 7 };	/* the NaN is odd */
static double y[ROWS] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static double lot[ROWS] = { 7, 9, 7, 9, NAN, 7, 9, 7 };
static uint32_t line[ROWS] = { 0, 1, 0, 0, 1, LEVEL_MISSING, 1, 0 };
static const char *line_levels[] = { "A", "B" };
static double when[ROWS] = { 0, 60, 120, 7200, NAN, 86400, 86460, 86470 };
static const char *x_odd[] = { "I/O Timeout" };

static struct column column[6];
static struct table table;

static int set_up(void **state)
{
	(void)state;
	x[3] = odd_make(0);
	column[0] = numbers("x", x);
	column[0].odd = x_odd;
	column[0].odds = column[0].odd_cells = 1;
	column[1] = numbers("y", y);
	column[2] = numbers("lot", lot);
	column[3] = levels("line", line, line_levels, 2);
	column[4] = numbers("t", when);
	column[4].type = COLUMN_TIME;
	column[4].form = (struct when_form){ .has_date = true,
					     .has_time = true };
	column[5] = numbers("no value", mem_array(ROWS, sizeof(double)));
	for (size_t i = 0; i < ROWS; i++)
		column[5].number[i] = NAN;
	table = table_of(column, ARRAY_LEN(column), ROWS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(column[5].number);
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

/* The values as text: "1 0 0.5 . 2", with a point for missing. */
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

static void a_lag_is_the_row_before(void **state)
{
	(void)state;
	gives("lag(x)", ". 1 2 4 . 16 3 5");
	gives("lag(x, 1)", ". 1 2 4 . 16 3 5");
	gives("lag(x, 3)", ". . . 1 2 4 . 16");
	gives("lag(x, 8)", ". . . . . . . .");
	gives("lag(x, 1000000000)", ". . . . . . . .");
	gives("lag(3)", ". 3 3 3 3 3 3 3");
	gives("diff(x)", ". 1 2 . . -13 2 2");
	gives("diff(y, 2)", ". . 2 2 2 2 2 2");
	gives("LAG(x) + lag(y)", ". 2 4 7 . 21 9 12");
	gives("if(missing(lag(x)), 0, lag(x))", "0 1 2 4 0 16 3 5");
}

static void a_window_ends_in_its_row(void **state)
{
	(void)state;
	gives("mean(y, 3)", ". . 2 3 4 5 6 7");
	gives("sum(x, 2)", ". 3 6 . . 19 8 12");
	gives("mean(x, 1)", "1 2 4 . 16 3 5 7");
	gives("rolling_min(x, 2)", ". 1 2 . . 3 3 5");
	gives("rolling_max(x, 3)", ". . 4 . . . 16 7");
	gives("median(x, 3)", ". . 2 . . . 5 5");
	gives("median(y, 4)", ". . . 2.5 3.5 4.5 5.5 6.5");
	gives("sd(y, 2)", ". 0.707107 0.707107 0.707107 0.707107 0.707107 "
	      "0.707107 0.707107");
	gives("count(x, 3)", "1 2 3 2 2 2 3 3");
	gives("cumsum(x)", "1 3 7 . 23 26 31 38");
	gives("row()", "1 2 3 4 5 6 7 8");
	gives("mean(y, 9)", ". . . . . . . .");
	gives("sum(y, 1000000000)", ". . . . . . . .");
}

static void fewer_values_are_enough_if_one_says_so(void **state)
{
	(void)state;
	gives("mean(x, 3, least=1)", "1 1.5 2.33333 3 10 9.5 8 5");
	gives("mean(x, 3, least=2)", ". 1.5 2.33333 3 10 9.5 8 5");
	gives("sum(x, 2, least = 1)", "1 3 6 4 16 19 8 12");
	gives("sd(x, 2, least=1)", ". 0.707107 1.41421 . . 9.19239 1.41421 "
	      "1.41421");
	gives("median(x, 2, least=1)", "1 1.5 3 4 16 9.5 4 6");
	gives("rolling_max(x, 1000000000, least=1)", "1 2 4 4 16 16 16 16");
	gives("sum(y, 1000000000, least=3)", ". . 6 10 15 21 28 36");
}

/* A: rows 1, 3, 4 and 8; B: 2, 5 and 7. */
static void groups_do_not_see_each_other(void **state)
{
	(void)state;
	gives("lag(y, 1, group=line)", ". . 1 3 2 . 5 4");
	gives("lag(y, group=line)", ". . 1 3 2 . 5 4");
	gives("diff(y, 2, group = line)", ". . . 3 . . 5 5");
	gives("sum(y, 2, group=line)", ". . 4 7 7 . 12 12");
	gives("mean(y, 2, least=1, group=line)", "1 2 2 3.5 3.5 . 6 6");
	gives("mean(y, 2, group=line, least=1)", "1 2 2 3.5 3.5 . 6 6");
	gives("cumsum(y, group=line)", "1 2 4 8 7 . 14 16");
	gives("row(group=line)", "1 1 2 3 2 . 3 4");
	gives("row(GROUP=`line`)", "1 1 2 3 2 . 3 4");
	gives("row(group=lot)", "1 1 2 2 . 3 3 4");
	gives("count(x, 2, group=lot)", "1 1 2 1 . 2 1 2");
	gives("median(y, 2, group=lot)", ". . 2 3 . 4.5 5.5 7");
	gives("row(group=t) + row(group=`no value`)", ". . . . . . . .");
}

static void windows_nest(void **state)
{
	(void)state;
	gives("diff(mean(y, 2))", ". . 1 1 1 1 1 1");
	gives("lag(y * 2 + 1)", ". 3 5 7 9 11 13 15");
	gives("lag(lag(lag(y)))", ". . . 1 2 3 4 5");
	gives("lag(lag(y, 1, group=line), 1, group=line)",
	      ". . . 1 . . 2 3");
	gives("y * lag(y, 1, group=line) + 1", ". . 4 13 11 . 36 33");
	gives("sum(lag(y) - y, 2)", ". . -2 -2 -2 -2 -2 -2");
	gives("max(lag(y), 4)", ". 4 4 4 4 5 6 7");
	gives("rolling_max(if(x > 3, y, 0), 2, least=1)", "0 0 3 3 5 5 7 8");
	gives("y - mean(mean(y, 2), 2)", ". . 1 1 1 1 1 1");
}

static void texts_have_lags(void **state)
{
	(void)state;
	gives("line != lag(line)", ". 1 1 0 1 . . 1");
	gives("lag(line) = \"A\"", ". 1 0 1 1 0 . 0");
	gives("lag(line, 1, group=lot) = 'B'", ". . 0 1 . 0 0 .");
	gives("lag(if(y < 3, line, 'C')) = 'C'", ". 0 0 1 1 1 1 1");
	gives("missing(lag(\"a\"))", "1 0 0 0 0 0 0 0");
	gives("if(y > 2, line, na()) = 'A'", ". . 1 1 0 . 0 1");
	gives("if(y > 2, na(), line) = 'A'", "1 0 . . . . . .");
}

static void a_filter_may_look_back(void **state)
{
	static const char *const text[] = {
		"y > 3 and lag(y, 1, group=line) = 3", "row() = 4",
		"cumsum(y) = 10", "cumsum(if(y = 4, 1, if(y = 5, -1, 0)))",
	};
	struct err err = { 0 };
	bool keep[ROWS];
	size_t kept;

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(text); k++) {
		struct expression *e = parse(text[k]);

		assert_true(expression_filter(e, ROWS, keep, &kept, NULL,
					      &err));
		assert_int_equal(kept, 1);
		assert_true(keep[3]);
		expression_free(e);
	}
}

static void columns_may_be_called_like_a_named_argument(void **state)
{
	struct column was = column[1];

	(void)state;
	column[1].name = "group";
	gives("if(group = 1, 1, 0)", "1 0 0 0 0 0 0 0");
	gives("lag(group = 1)", ". 1 0 0 0 0 0 0");
	gives("lag(group, 1, group=line)", ". . 1 3 2 . 5 4");
	gives("abs(group == 1)", "1 0 0 0 0 0 0 0");
	column[1] = was;
}

/* ---- times ---- */

static void a_time_is_taken_to_pieces(void **state)
{
	(void)state;
	gives("hour(t)", "0 0 0 2 . 0 0 0");
	gives("minute(t)", "0 1 2 0 . 0 1 1");
	gives("second(t)", "0 0 0 0 . 0 0 10");
	gives("weekday(t)", "4 4 4 4 . 5 5 5");
	gives("day(t)", "1 1 1 1 . 2 2 2");
	gives("month(t) + year(t)", "1971 1971 1971 1971 . 1971 1971 1971");
	gives("diff(t) > 3600", ". 0 0 1 . . 0 0");
	gives("t - date(t)", "0 60 120 7200 . 0 60 70");
	gives("t - '1970-01-02'",
	      "-86400 -86340 -86280 -79200 . 0 60 70");
	gives("lag(t) >= '1970-01-02'", ". 0 0 0 0 . 1 1");
	gives("hour(lag(t, 4) + 3600)", ". . . . 1 1 1 3");
	gives("hour(na())", ". . . . . . . .");
}

static void parts_are_those_of_the_calendar(void **state)
{
	static const char *const part[] = {
		"year", "month", "day", "weekday", "hour", "minute", "second",
	};
	enum { MANY = 5000 };
	double t[MANY], out[MANY];
	struct column c = numbers("t", t);
	struct table many = table_of(&c, 1, MANY);
	struct rng rng;

	(void)state;
	rng_init(&rng, 5);
	c.type = COLUMN_TIME;
	c.form.has_date = true;
	for (size_t i = 0; i < MANY; i++)
		/* Some lie beyond the years. */
		t[i] = -63e9 + rng_double(&rng) * 317e9;
	for (size_t k = 0; k < ARRAY_LEN(part); k++) {
		char *text = mem_printf("%s(t)", part[k]);
		struct expression *e = expression_parse(text, &many, NULL,
							NULL);

		assert_true(expression_values(e, MANY, out, NULL, NULL));
		for (size_t i = 0; i < MANY; i++) {
			struct when_parts p;
			bool is = when_parts(t[i], &p);
			double wanted[] = {
				p.year, p.month, p.day, p.weekday, p.hour,
				p.minute, p.second
			};

			assert_int_equal(is, !isnan(out[i]));
			assert_true(!is || out[i] == wanted[k]);
		}
		expression_free(e);
		free(text);
	}
}

static void what_stays_a_time_is_one(void **state)
{
	static const struct {
		const char *text;
		bool is_time, has_time;
	} kind[] = {
		{ "t", true, true }, { "d", true, false },
		{ "d + 1", true, true }, { "d + 86400", true, false },
		{ "60 + d", true, true }, { "t - 60", true, true },
		{ "d - x", true, true }, { "t - d", false, false },
		{ "t * 2", false, false }, { "60 - t", false, false },
		{ "lag(d)", true, false }, { "lag(t, 1, group=line)", true,
					     true },
		{ "diff(t)", false, false }, { "mean(d, 2)", true, true },
		{ "rolling_max(d, 2)", true, false },
		{ "sd(t, 2)", false, false }, { "date(t)", true, false },
		{ "hour(t)", false, false }, { "min(t, d)", true, true },
		{ "min(d, d, d)", true, false }, { "max(t, 5)", false, false },
		{ "if(x, d, d)", true, false }, { "if(x, d, t)", true, true },
		{ "if(x, na(), d)", true, false },
		{ "if(x, d, na())", true, false },
		{ "if(x, d, '2024-05-01')", true, false },
		{ "max(d, '2024-05-01 12:00')", true, true },
		{ "if(x, t, c)", false, false }, { "if(x, t, 1)", false,
						   false },
		{ "t > d", false, false }, { "+d", true, false },
		{ "-d", false, false }, { "missing(t)", false, false },
		{ "cumsum(t)", false, false }, { "x", false, false },
	};
	struct column own[7];
	struct table t;

	(void)state;
	memcpy(own, column, sizeof(own[0]) * 5);
	own[5] = own[6] = own[4];
	own[5].name = "d";
	own[5].form.has_time = false;
	own[6].name = "c";
	own[6].form.has_date = false;
	t = table_of(own, 7, ROWS);
	for (size_t k = 0; k < ARRAY_LEN(kind); k++) {
		struct err err = { 0 };
		struct expression *e = expression_parse(kind[k].text, &t, NULL,
							&err);
		struct when_form form;

		if (!e)
			fail_msg("%s: %s", kind[k].text, err.text);
		if (expression_is_time(e, &form) != kind[k].is_time)
			fail_msg("%s is a time or is none", kind[k].text);
		if (kind[k].is_time)
			assert_int_equal(form.has_time, kind[k].has_time);
		expression_free(e);
	}
}

/* ---- columns ---- */

static struct column as_column(const char *text, struct arena *arena)
{
	struct expression *e = parse(text);
	struct err err = { 0 };
	struct column c;

	if (!expression_column(e, ROWS, "new", arena, &c, NULL, &err))
		fail_msg("%s", err.text);
	assert_string_equal(c.name, "new");
	expression_free(e);
	return c;
}

static void column_clear(struct column *c)
{
	free(c->number);
	free(c->code);
	free(c->level);
}

static void numbers_and_times_are_columns(void **state)
{
	struct arena *arena = arena_new();
	struct column c = as_column("lag(x)", arena);

	(void)state;
	assert_int_equal(c.type, COLUMN_NUMBER);
	assert_int_equal(c.missing, 2);
	assert_int_equal(c.odd_cells, 0);
	assert_true(c.number[7] == 5 && !c.code && !c.level);
	column_clear(&c);
	c = as_column("date(t) + 0", arena);
	assert_int_equal(c.type, COLUMN_TIME);
	assert_true(c.form.has_date && !c.form.has_time);
	assert_int_equal(c.missing, 1);
	column_clear(&c);
	arena_free(arena);
}

static void texts_are_columns_of_the_levels_that_occur(void **state)
{
	struct arena *arena = arena_new();
	struct column c = as_column("if(y < 3, '10', if(y < 5, '9', if(y > 99, "
				    "'never', line)))", arena);
	static const char *const wanted[] = {
		"10", "10", "9", "9", "B", NULL, "B", "A"
	};

	(void)state;
	assert_int_equal(c.type, COLUMN_TEXT);	/* 4 levels, 7 values */
	assert_int_equal(c.levels, 4);
	assert_int_equal(c.missing, 1);
	assert_null(c.number);
	for (size_t i = 0; i < ROWS; i++)
		if (wanted[i])
			assert_string_equal(c.level[c.code[i]], wanted[i]);
		else
			assert_true(c.code[i] == LEVEL_MISSING);
	for (size_t k = 1; k < c.levels; k++)
		assert_true(strcmp(c.level[k - 1], c.level[k]) < 0);
	column_clear(&c);
	/* All of them numbers: in the order of numbers. */
	c = as_column("if(y < 3, '10', '9')", arena);
	assert_int_equal(c.type, COLUMN_CATEGORY);
	assert_string_equal(c.level[0], "9");
	assert_string_equal(c.level[1], "10");
	assert_int_equal(c.code[0], 1);
	column_clear(&c);
	c = as_column("if(0, 'a', na())", arena);
	assert_int_equal(c.levels, 0);
	assert_int_equal(c.missing, ROWS);
	column_clear(&c);
	arena_free(arena);
}

static void it_is_known_which_columns_are_read(void **state)
{
	struct expression *e = parse("if(x > 1, lag(t, 1, group=lot), t)");

	(void)state;
	assert_true(expression_reads(e, 0) && expression_reads(e, 2) &&
		    expression_reads(e, 4));
	assert_false(expression_reads(e, 1) || expression_reads(e, 3) ||
		     expression_reads(e, 5) || expression_reads(e, 6));
	assert_true(expression_looks_back(e));
	expression_free(e);
	e = parse("x + hour(t)");
	assert_false(expression_looks_back(e));
	expression_free(e);
}

/* ---- faults ---- */

static void faults_of_windows_are_pointed_at(void **state)
{
	(void)state;
	fails("1 + mean(x)", 4, "mean() takes 2 arguments: mean(x, n, "
	      "least=K, group=COLUMN)");
	fails("lag()", 0, "lag() takes 1 or 2 arguments: lag(x, n, "
	      "group=COLUMN)");
	fails("lag(x, 1, 2)", 0, "lag() takes 1 or 2 arguments: lag(x, n, "
	      "group=COLUMN)");
	fails("row(x)", 0, "row() takes no argument: "
	      "row(group=COLUMN)");
	fails("na(1)", 0, "na() takes no argument: na()");
	fails("lag(x, 0)", 7,
	      "n is a whole number from 1 to 1000000000, and not 0");
	fails("lag(x, -1)", 7,
	      "n is a whole number from 1 to 1000000000, and not -1");
	fails("mean(x, 2.5)", 8,
	      "n is a whole number from 1 to 1000000000, and not 2.5");
	fails("mean(x, y)", 8,
	      "n is a whole number from 1 to 1000000000, and not y");
	fails("mean(x, y + 1)", 8,
	      "n is a whole number from 1 to 1000000000, and not y + 1");
	fails("mean(x, '5')", 8,
	      "n is a whole number from 1 to 1000000000, and not '5'");
	fails("sd(x, 1)", 6,
	      "n is a whole number from 2 to 1000000000, and not 1");
	fails("median(x, 10001)", 10,
	      "n is a whole number from 1 to 10000, and not 10001");
	fails("mean(line, 2)", 5, "line is text, and a number is wanted");
	fails("rolling_mean(x, 2)", 0,
	      "there is no function 'rolling_mean'; did you mean 'mean'?");
	fails("1 + shift(x)", 4,
	      "there is no function 'shift'; did you mean 'lag'?");
	fails("2 * rolling_std(x, 2)", 4,
	      "there is no function 'rolling_std'; did you mean 'sd'?");
}

static void faults_of_named_arguments_are_pointed_at(void **state)
{
	(void)state;
	fails("lag(x, 1, group=lien)", 16,
	      "there is no column 'lien'; did you mean 'line'?");
	fails("lag(x, 1, group='line')", 16, "group= wants a column");
	fails("lag(x, 1, group=3)", 16, "group= wants a column");
	fails("lag(x, 1, group=)", 16, "group= wants a column");
	fails("lag(x, 1, group=hour(t))", 16,
	      "group= wants a column, and no function");
	fails("lag(x, 1, group=line + 1)", 21, "expected ',' or ')' after "
	      "'line'");
	fails("abs(x, group=line)", 7, "abs() has no group=");
	fails("min(x, y, group=line)", 10, "min() has no group=");
	fails("hour(t, group=line)", 8, "hour() has no group=");
	fails("lag(x, 1, least=1)", 10, "lag() has no least=");
	fails("count(x, 2, least=1)", 12, "count() has no least=");
	fails("mean(x, 2, least=3)", 17,
	      "least= is more than the rows of the window");
	fails("mean(x, 2, least=0)", 17,
	      "least is a whole number from 1 to 1000000000, and not 0");
	fails("lag(x, group=line, 1)", 19, "what has a name comes last");
	fails("lag(x, group=line, group=lot)", 25,
	      "group= stands here twice");
	fails("mean(x, group=line)", 0,
	      "mean() takes 2 arguments: mean(x, n, least=K, "
	      "group=COLUMN)");
}

static void faults_of_times_are_pointed_at(void **state)
{
	struct column was = column[4];

	(void)state;
	fails("1 + hour(x)", 9, "x is a number, and hour() wants a time");
	fails("hour(line)", 5, "line is a text, and hour() wants a time");
	fails("hour(t - lag(t))", 5,
	      "t - lag(t) is a number, and hour() wants a time");
	fails("t - 'noon'", 4, "'noon' is no time beside dates: write "
	      "2024-05-01 13:45");
	column[4].form.has_date = false;
	gives("hour(t)", "0 0 0 2 . 0 0 0");
	fails("weekday(t)", 8,
	      "t is a time of day, and weekday() wants a date");
	column[4] = was;
}

static void there_is_an_end_to_hidden_columns(void **state)
{
	char text[4096] = "0";
	size_t at;

	(void)state;
	for (int i = 0; i < 64; i++)
		text_append(text, sizeof(text), "+lag(x,%d,group=line)",
			    i + 1);
	expression_free(parse(text));
	/* The same again is the same column. */
	text_append(text, sizeof(text), "+lag(x,7,group=line)");
	expression_free(parse(text));
	at = strlen(text);
	text_append(text, sizeof(text), "+lag(x,99,group=line)");
	fails(text, at + 16, "more than 64 windows over long spans, groups or "
	      "what is calculated");
}

/* ---- plain loops ---- */

enum { MANY = 3000, MEMBERS = 3 };

struct reference {
	const char *name;	/* of the function */
	double (*value)(const double *v, size_t n);	/* n present ones */
};

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

static double sum_of_values(const double *v, size_t n)
{
	long double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return (double)sum;
}

static double mean_of_values(const double *v, size_t n)
{
	return sum_of_values(v, n) / (double)n;
}

static double sd_of_values(const double *v, size_t n)
{
	long double mean = 0, sum = 0;

	for (size_t i = 0; i < n; i++)
		mean += v[i];
	mean /= n;
	for (size_t i = 0; i < n; i++)
		sum += (v[i] - mean) * (v[i] - mean);
	return n < 2 ? NAN : (double)sqrtl(sum / (n - 1));
}

static double lowest_of_values(const double *v, size_t n)
{
	double least = v[0];

	for (size_t i = 1; i < n; i++)
		least = fmin(least, v[i]);
	return least;
}

static double highest_of_values(const double *v, size_t n)
{
	double most = v[0];

	for (size_t i = 1; i < n; i++)
		most = fmax(most, v[i]);
	return most;
}

static double median_of_values(const double *v, size_t n)
{
	double *copy = mem_array(n, sizeof(*copy)), median;

	memcpy(copy, v, n * sizeof(*copy));
	qsort(copy, n, sizeof(*copy), by_value);
	median = (copy[(n - 1) / 2] + copy[n / 2]) / 2;
	free(copy);
	return median;
}

static double count_of_values(const double *v, size_t n)
{
	(void)v;
	return (double)n;
}

static const struct reference references[] = {
	{ "sum", sum_of_values }, { "mean", mean_of_values },
	{ "sd", sd_of_values }, { "rolling_min", lowest_of_values },
	{ "rolling_max", highest_of_values }, { "median", median_of_values },
	{ "count", count_of_values },
};

/* The window of row i, collected by going back. */
static double reference_at(const struct reference *r, const double *v,
			   const double *group, size_t i, size_t n,
			   size_t least)
{
	static double found[MANY];
	size_t seen = 0, present = 0;

	if (group && isnan(group[i]))
		return NAN;
	for (size_t k = i + 1; k-- > 0 && seen < n;) {
		if (group && group[k] != group[i])
			continue;
		seen++;
		if (!isnan(v[k]))
			found[present++] = v[k];
	}
	if (r->value == count_of_values)
		return (double)present;
	return present < least ? NAN : r->value(found, present);
}

static void compare(const struct table *t, const struct reference *r,
		    size_t n, size_t least, const char *group,
		    const double *groups)
{
	char *text = mem_printf("%s(v, %zu%s%s)", r->name, n,
				group ? ", group=" : "", group ? group : "");
	static double out[MANY];
	struct err err = { 0 };
	struct expression *e;

	if (least != n) {
		free(text);
		text = mem_printf("%s(v, %zu, least=%zu%s%s)", r->name, n,
				  least, group ? ", group=" : "",
				  group ? group : "");
	}
	e = expression_parse(text, t, NULL, &err);
	if (!e)
		fail_msg("%s: %s", text, err.text);
	assert_true(expression_values(e, t->rows, out, NULL, &err));
	for (size_t i = 0; i < t->rows; i++) {
		double wanted = reference_at(r, t->column[0].number, groups, i,
					     n, least);

		if (isnan(wanted) != isnan(out[i]) ||
		    fabs(wanted - out[i]) > 1e-13 * (1 + fabs(wanted)))
			fail_msg("%s, row %zu: %.17g, not %.17g", text, i,
				 out[i], wanted);
	}
	expression_free(e);
	free(text);
}

/* Columns v, g (three machines, anyhow), h (groups one after the other), and
 * lots that are no whole numbers. */
static void fill(struct column *c, double (*v)[MANY], uint32_t (*code)[MANY],
		 double (*id)[MANY], uint32_t missing)
{
	static const char *name[MEMBERS] = { "A", "B", "C" };
	struct rng rng;

	rng_init(&rng, 7);
	for (size_t i = 0; i < MANY; i++) {
		(*v)[i] = rng_upto(&rng, 99) < missing ? NAN :
			  100 + noise(&rng);
		code[0][i] = rng_upto(&rng, MEMBERS);
		id[0][i] = code[0][i] == MEMBERS ? NAN : code[0][i];
		if (code[0][i] == MEMBERS)
			code[0][i] = LEVEL_MISSING;
		code[1][i] = (uint32_t)(i / (MANY / MEMBERS));
		id[1][i] = code[1][i];
		id[2][i] = rng_upto(&rng, 4) / 4.0 - 0.5;
	}
	c[0] = numbers("v", *v);
	c[1] = levels("g", code[0], name, MEMBERS);
	c[2] = levels("h", code[1], name, MEMBERS);
	c[3] = numbers("lot", id[2]);
}

static void windows_are_what_plain_loops_find(void **state)
{
	static const size_t width[] = { 1, 2, 3, 5, 31, 64, 65, 250, 1100 };
	static const char *const group[] = { NULL, "g", "h", "lot" };
	static double v[MANY], id[3][MANY];
	static uint32_t code[2][MANY];
	struct column c[4];
	struct table t = table_of(c, 4, MANY);

	(void)state;
	for (uint32_t missing = 0; missing <= 20; missing += 4) {
		size_t f = missing / 4 % ARRAY_LEN(references);

		fill(c, &v, code, id, missing);
		for (size_t k = 0; k < ARRAY_LEN(width) * 4; k++) {
			size_t n = width[k / 4];
			const struct reference *r = references +
				(f + k) % ARRAY_LEN(references);

			if (r->value == sd_of_values && n == 1)
				continue;
			compare(&t, r, n, n, group[k % 4],
				k % 4 ? id[k % 4 - 1] : NULL);
			if (r->value != count_of_values)
				compare(&t, r, n, (n + 2) / 3, group[k % 4],
					k % 4 ? id[k % 4 - 1] : NULL);
		}
	}
}

enum { MILLION = 1000000 };

/* A billion and a little: what a running sum would lose. */
static void windows_do_not_drift(void **state)
{
	static const size_t width[] = { 5, 1000, 20000 };
	static const size_t of[] = { 0, 1, 2 };	/* sum, mean, sd */
	double *v = mem_array(MILLION, sizeof(*v));
	double *out = mem_array(MILLION, sizeof(*out));
	struct column c = numbers("v", v);
	struct table t = table_of(&c, 1, MILLION);
	struct rng rng;

	(void)state;
	rng_init(&rng, 11);
	for (size_t i = 0; i < MILLION; i++)
		v[i] = 1e9 + rng_double(&rng) * (i < MILLION / 2 ? 1e6 : 1e-3);
	for (size_t k = 0; k < ARRAY_LEN(width) * ARRAY_LEN(of); k++) {
		const struct reference *r = references + of[k % 3];
		size_t n = width[k / 3];
		char *text = mem_printf("%s(v, %zu)", r->name, n);
		struct expression *e = expression_parse(text, &t, NULL, NULL);

		assert_true(expression_values(e, MILLION, out, NULL, NULL));
		for (size_t i = n - 1; i < MILLION; i += 49999)
			near(out[i], r->value(v + i + 1 - n, n),
			     r->value == sd_of_values ? 1e-9 : 2e-16);
		expression_free(e);
		free(text);
	}
	free(out);
	free(v);
}

/* ---- what holds of all of them ---- */

static const char *const every[] = {
	"lag(v, 3)", "lag(v, 3, group=g)", "diff(mean(v, 5))", "sum(v, 300)",
	"sum(v, 20, group=g)", "median(v, 9)", "median(v, 200, least=3)",
	"sd(v * 2, 100, group=lot)", "cumsum(v)", "cumsum(v, group=h)",
	"row(group=lot)", "count(v, 4000)", "rolling_max(v, 77, least=1)",
	"rolling_min(v - lag(v), 5, group=h)", "lag(g) != g",
	"v * lag(v, 1, group=g) + cumsum(lag(v))",
};

/* Which is all that is needed for no leak from the future. */
static void rows_behind_make_no_difference(void **state)
{
	static double v[MANY], id[3][MANY], all[MANY], some[MANY];
	static uint32_t code[2][MANY];
	struct column c[4];
	struct table t = table_of(c, 4, MANY);

	(void)state;
	fill(c, &v, code, id, 10);
	for (size_t k = 0; k < ARRAY_LEN(every); k++) {
		struct expression *e = expression_parse(every[k], &t, NULL,
							NULL);

		assert_true(expression_values(e, MANY, all, NULL, NULL));
		for (size_t n = 0; n <= MANY; n += n < 5 ? 1 : 499) {
			assert_true(expression_values(e, n, some, NULL, NULL));
			assert_memory_equal(some, all, n * sizeof(*all));
		}
		expression_free(e);
	}
}

struct large {
	struct column c[4];
	struct table t;
	struct expression *e;
	double *out;
};

enum { LARGE = 100000 };

/* The columns of fill(), over and over. */
static void large_init(struct large *l)
{
	static double v[MANY], id[3][MANY];
	static uint32_t code[2][MANY];

	fill(l->c, &v, code, id, 10);
	for (size_t k = 0; k < 4; k++) {
		bool is_number = l->c[k].number != NULL;
		double *number = mem_array(LARGE, sizeof(*number));
		uint32_t *to = mem_array(LARGE, sizeof(*to));

		for (size_t i = 0; i < LARGE; i++) {
			number[i] = is_number ? l->c[k].number[i % MANY] : 0;
			to[i] = is_number ? 0 : l->c[k].code[i % MANY];
		}
		l->c[k].number = is_number ? number : NULL;
		l->c[k].code = is_number ? NULL : to;
		free(is_number ? (void *)to : (void *)number);
	}
	l->t = table_of(l->c, 4, LARGE);
	l->out = mem_array(LARGE, sizeof(double));
}

static void large_clear(struct large *l)
{
	for (size_t k = 0; k < 4; k++)
		column_clear(&(struct column){ .number = l->c[k].number,
					       .code = l->c[k].code });
	free(l->out);
}

/* Work is cut into pieces of rows: they are looked at where these meet. */
static void pieces_meet_without_a_seam(void **state)
{
	static const size_t width[] = { 3, 700, 2500 };
	double *id = mem_array(LARGE, sizeof(*id));
	struct large l;

	(void)state;
	large_init(&l);
	for (size_t i = 0; i < LARGE; i++)
		id[i] = l.c[1].code[i] == LEVEL_MISSING ? NAN :
			l.c[1].code[i];
	for (size_t k = 0; k < ARRAY_LEN(references) * 6; k++) {
		const struct reference *r = references + k / 6;
		size_t n = width[k / 2 % 3], least = 1 + n / 2;
		bool counts = r->value == count_of_values;
		char *text = mem_printf("%s(v, %zu%s%.0zu%s)", r->name, n,
					counts ? "" : ", least=",
					counts ? 0 : least,
					k % 2 ? ", group=g" : "");

		l.e = expression_parse(text, &l.t, NULL, NULL);
		assert_non_null(l.e);
		assert_true(expression_values(l.e, LARGE, l.out, NULL, NULL));
		for (size_t i = 2048; i < LARGE; i += i % 2048 ? 2047 : 1) {
			double wanted = reference_at(r, l.c[0].number,
						     k % 2 ? id : NULL, i, n,
						     least);

			if (isnan(wanted) != isnan(l.out[i]) ||
			    fabs(wanted - l.out[i]) > 1e-11)
				fail_msg("%s, row %zu: %.17g, not %.17g",
					 text, i, l.out[i], wanted);
		}
		expression_free(l.e);
		free(text);
	}
	large_clear(&l);
	free(id);
}

static void one_thread_and_four_give_the_same_bytes(void **state)
{
#ifdef _OPENMP
	double *first = mem_array(LARGE, sizeof(*first));
	int threads = omp_get_max_threads();
	struct large l;

	(void)state;
	large_init(&l);
	for (size_t k = 0; k < ARRAY_LEN(every); k++) {
		l.e = expression_parse(every[k], &l.t, NULL, NULL);
		omp_set_num_threads(1);
		assert_true(expression_values(l.e, LARGE, first, NULL, NULL));
		omp_set_num_threads(4);
		assert_true(expression_values(l.e, LARGE, l.out, NULL, NULL));
		assert_memory_equal(first, l.out, LARGE * sizeof(double));
		expression_free(l.e);
	}
	omp_set_num_threads(threads);
	large_clear(&l);
	free(first);
#else
	(void)state;
	skip();
#endif
}

static bool work_after_a_cancel(struct job *job, void *arg, struct err *err)
{
	struct large *l = arg;

	job_cancel(job);
	return expression_values(l->e, LARGE, l->out, job, err);
}

static void a_cancelled_window_ends(void **state)
{
	struct large l;
	int fd[2];

	(void)state;
	large_init(&l);
	assert_int_equal(pipe(fd), 0);
	for (size_t k = 0; k < ARRAY_LEN(every); k++) {
		struct err err = { 0 };
		struct job *job;

		l.e = expression_parse(every[k], &l.t, NULL, NULL);
		job = job_start(work_after_a_cancel, &l, 0, fd[1], &err);
		assert_non_null(job);
		assert_false(job_end(job, &err));
		assert_int_equal(err.code, ERR_CANCELLED);
		expression_free(l.e);
	}
	close(fd[0]);
	close(fd[1]);
	large_clear(&l);
}

static void all_missing_is_missing(void **state)
{
	static const char *const name[] = {
		"lag", "diff", "mean", "sum", "sd", "median", "rolling_min",
		"rolling_max",
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(name); k++) {
		char *text = mem_printf("%s(`no value`, 2)", name[k]);

		gives(text, ". . . . . . . .");
		free(text);
		text = mem_printf("%s(y, 2, group=`no value`)", name[k]);
		gives(text, ". . . . . . . .");
		free(text);
	}
	gives("cumsum(`no value`)", ". . . . . . . .");
	gives("count(`no value`, 3)", "0 0 0 0 0 0 0 0");
	gives("mean(`no value`, 3, least=1)", ". . . . . . . .");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lag_is_the_row_before),
		cmocka_unit_test(a_window_ends_in_its_row),
		cmocka_unit_test(fewer_values_are_enough_if_one_says_so),
		cmocka_unit_test(groups_do_not_see_each_other),
		cmocka_unit_test(windows_nest),
		cmocka_unit_test(texts_have_lags),
		cmocka_unit_test(a_filter_may_look_back),
		cmocka_unit_test(columns_may_be_called_like_a_named_argument),
		cmocka_unit_test(a_time_is_taken_to_pieces),
		cmocka_unit_test(parts_are_those_of_the_calendar),
		cmocka_unit_test(what_stays_a_time_is_one),
		cmocka_unit_test(numbers_and_times_are_columns),
		cmocka_unit_test(texts_are_columns_of_the_levels_that_occur),
		cmocka_unit_test(it_is_known_which_columns_are_read),
		cmocka_unit_test(faults_of_windows_are_pointed_at),
		cmocka_unit_test(faults_of_named_arguments_are_pointed_at),
		cmocka_unit_test(faults_of_times_are_pointed_at),
		cmocka_unit_test(there_is_an_end_to_hidden_columns),
		cmocka_unit_test(windows_are_what_plain_loops_find),
		cmocka_unit_test(windows_do_not_drift),
		cmocka_unit_test(rows_behind_make_no_difference),
		cmocka_unit_test(pieces_meet_without_a_seam),
		cmocka_unit_test(one_thread_and_four_give_the_same_bytes),
		cmocka_unit_test(a_cancelled_window_ends),
		cmocka_unit_test(all_missing_is_missing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
