/*
 * test-insight.c - what is found out about a column, and when it is shown
 */
#include "command/insight.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/session.h"

enum { NUMBER, CODE, LINE, REMARK, GOOD, GRADE };

static char path[] = "/tmp/gemba-insight-XXXXXX";
static struct session *s;
static int wake[2];
static struct err err;
static const char *why;

/* 200 rows: whole numbers 0 to 9, of which the large ones say no. */
static int write_file(void **state)
{
	int fd = mkstemp(path);
	FILE *out = fdopen(fd, "w");

	(void)state;
	assert_non_null(out);
	fputs("number,code,line,remark,good,grade\n", out);
	for (int i = 0; i < 200; i++)
		fprintf(out, "%s,%s,%c,%.*s,%s,%c\n",
			i == 7 ? "" : i == 8 || i == 9 ? "broken" :
			(const char *[]){ "0", "1", "2", "3", "4", "5", "6",
					  "7", "8", "9" }[i % 10],
			i % 50 ? i % 3 ? "1.5" : "2.5" : "-999",
			"ABC"[i % 7 % 3], 1 + i % 190, "a long remark: it "
			"is of any length so that no two are the same or "
			"nearly so in a file of two hundred rows; and this "
			"goes on and on and on until there are that many "
			"letters in it which there will be soon enough",
			i % 10 > 6 ? "no" : "yes", "XYZ"[i % 3]);
	return fclose(out);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void say(const char *line)
{
	if (!session_do(s, line, &err))
		fail_msg("%s: %s", line, err.text);
}

static void open_file(void)
{
	char line[80];

	snprintf(line, sizeof(line), "open %s", path);
	say(line);
}

static int begin(void **state)
{
	(void)state;
	s = session_new(-1);
	open_file();
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_free(s, false);
	return 0;
}

/* With a worker: nothing is known when a command returns. */
static int begin_beside(void **state)
{
	(void)state;
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC))
		return -1;
	s = session_new(wake[1]);
	return 0;
}

static int end_beside(void **state)
{
	(void)state;
	session_free(s, false);
	close(wake[0]);
	close(wake[1]);
	return 0;
}

static void turn(void)
{
	char bytes[64];

	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	session_turn(s);
}

static void wait_until_idle(void)
{
	struct pollfd fd = { .fd = wake[0], .events = POLLIN };

	session_turn(s);
	while (session_busy(s)) {
		assert_true(poll(&fd, 1, 10000) > 0);
		turn();
	}
}

static const struct insight *ask(size_t column)
{
	insight_want(s, column);
	return insight_of(s, column, &why);
}

/* ---- bars ---- */

static void each_whole_number_has_a_bar(void **state)
{
	const struct insight *in = ask(NUMBER);

	(void)state;
	assert_true(in->whole);
	assert_int_equal(in->bars, 10);
	assert_true(in->low == 0 && in->high == 10);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(in->bar[i].count,
				 i == 7 || i == 8 || i == 9 ? 19 : 20);
}

static void a_code_is_in_no_bar_when_it_is_known_as_one(void **state)
{
	const struct insight *in;

	(void)state;
	open_file();
	wait_until_idle();
	in = ask(CODE);
	assert_null(in);
	wait_until_idle();
	in = ask(CODE);
	assert_int_equal(in->codes, 4);
	assert_true(in->least == 1.5 && in->most == 2.5);
	assert_true(in->summary.min == -999);
}

static void levels_stand_by_their_number(void **state)
{
	const struct insight *in = ask(LINE);

	(void)state;
	assert_int_equal(in->bars, 3);
	assert_true(in->bar[0].count >= in->bar[1].count &&
		    in->bar[1].count >= in->bar[2].count);
	assert_string_equal(s->table->column[LINE].level[in->bar[0].level],
			    "A");
}

static void a_text_has_a_shortest_and_a_longest(void **state)
{
	const struct insight *in = ask(REMARK);
	const struct column *c = &s->table->column[REMARK];

	(void)state;
	assert_int_equal(c->type, COLUMN_TEXT);
	assert_string_equal(c->level[in->shortest], "a");
	assert_int_equal(strlen(c->level[in->longest]), 190);
}

static void odd_texts_are_counted(void **state)
{
	const struct insight *in = ask(NUMBER);

	(void)state;
	assert_int_equal(s->table->column[NUMBER].odds, 1);
	assert_int_equal(in->odd[0], 2);
}

static void a_retyped_column_has_a_summary_of_its_own(void **state)
{
	const struct insight *in;

	(void)state;
	say("type number category");
	in = ask(NUMBER);
	assert_int_equal(in->summary.distinct, 11);
	assert_int_equal(in->bars, 11);
}

/* ---- the target ---- */

static void shares_are_of_the_positive_class(void **state)
{
	const struct insight *in;

	(void)state;
	say("target good positive=no");
	in = ask(NUMBER);
	assert_int_equal(in->target, INSIGHT_CLASSES);
	assert_string_equal(in->positive, "no");
	assert_true(fabs(in->all - 0.3) < 1e-12);
	assert_true(in->bar[6].mean == 0 && in->bar[7].mean == 1);
	assert_true(in->auc == 1);
	say("target good positive=yes");
	assert_true(ask(NUMBER)->auc == 0);
}

static void a_number_has_means(void **state)
{
	const struct insight *in;

	(void)state;
	say("target number");
	in = ask(LINE);
	assert_int_equal(in->target, INSIGHT_NUMBER);
	assert_true(fabs(in->all - 876 / 197.0) < 1e-12);
	assert_true(in->bar[0].n < in->bar[0].count);
	in = ask(NUMBER);
	assert_int_equal(in->target, INSIGHT_SELF);
}

static void three_classes_have_no_share(void **state)
{
	const struct insight *in;

	(void)state;
	assert_int_equal(ask(NUMBER)->target, INSIGHT_NO_TARGET);
	say("target grade");
	in = ask(NUMBER);
	assert_int_equal(in->target, INSIGHT_MANY);
	assert_true(in->bar[0].n == 0 && isnan(in->bar[0].mean));
}

static void other_numbers_are_correlated_after_that(void **state)
{
	const struct insight *in = ask(NUMBER);

	(void)state;
	assert_null(in->with);
	in = ask(NUMBER);
	assert_true(isnan(in->with[NUMBER]) && isnan(in->with[LINE]));
	assert_true(fabs(in->with[CODE]) <= 1);
}

/* ---- values ---- */

static void values_can_be_had_in_their_order(void **state)
{
	const struct values *values;
	const uint32_t *order;
	char buf[NUMBER_TEXT];

	(void)state;
	insight_want_values(s, NUMBER);
	values = insight_values(s, NUMBER, &why);
	order = insight_by_value(s);
	assert_int_equal(insight_values_n(s), 12);
	for (size_t i = 0; i < 10; i++)
		assert_true(values->value[order[i]].number == (double)i);
	assert_string_equal(values_text(values, order[10], buf), "broken");
	assert_int_equal(values->value[order[11]].kind, VALUE_MISSING);
}

/* ---- what is shown ---- */

static void nothing_is_shown_of_another_question(void **state)
{
	(void)state;
	assert_non_null(ask(NUMBER));
	assert_null(insight_of(s, CODE, &why));
	say("target good");
	assert_null(insight_of(s, NUMBER, &why));
	assert_non_null(ask(NUMBER));
	say("type line text");
	assert_null(insight_of(s, NUMBER, &why));
	insight_want_values(s, NUMBER);
	assert_null(insight_values(s, CODE, &why));
	open_file();
	assert_null(insight_of(s, NUMBER, &why));
	assert_null(insight_values(s, NUMBER, &why));
}

static void the_last_question_is_answered(void **state)
{
	(void)state;
	open_file();
	wait_until_idle();
	for (size_t c = 0; c <= GRADE; c++) {
		insight_want(s, c);
		insight_want_values(s, c);
	}
	assert_null(insight_of(s, GRADE, &why));
	wait_until_idle();
	assert_int_equal(insight_of(s, GRADE, &why)->column, GRADE);
	assert_ptr_equal(insight_values(s, GRADE, &why)->column,
			 &s->table->column[GRADE]);
	assert_null(insight_of(s, GOOD, &why));
	assert_null(why);
}

static void what_is_under_way_when_types_change_is_no_answer(void **state)
{
	(void)state;
	open_file();
	wait_until_idle();
	insight_want(s, NUMBER);
	insight_want_values(s, NUMBER);
	say("type number category");
	wait_until_idle();
	assert_null(insight_of(s, NUMBER, &why));
	assert_null(insight_values(s, NUMBER, &why));
	insight_want(s, NUMBER);
	wait_until_idle();
	assert_int_equal(insight_of(s, NUMBER, &why)->bars, 11);
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, begin, end)
#define BESIDE(test) cmocka_unit_test_setup_teardown(test, begin_beside, \
						     end_beside)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALONE(each_whole_number_has_a_bar),
		BESIDE(a_code_is_in_no_bar_when_it_is_known_as_one),
		ALONE(levels_stand_by_their_number),
		ALONE(a_text_has_a_shortest_and_a_longest),
		ALONE(odd_texts_are_counted),
		ALONE(a_retyped_column_has_a_summary_of_its_own),
		ALONE(shares_are_of_the_positive_class),
		ALONE(a_number_has_means),
		ALONE(three_classes_have_no_share),
		ALONE(other_numbers_are_correlated_after_that),
		ALONE(values_can_be_had_in_their_order),
		ALONE(nothing_is_shown_of_another_question),
		BESIDE(the_last_question_is_answered),
		BESIDE(what_is_under_way_when_types_change_is_no_answer),
	};

	return cmocka_run_group_tests(tests, write_file, remove_file);
}
