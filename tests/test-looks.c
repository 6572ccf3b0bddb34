/*
 * test-looks.c - how a file is looked at: filters, sorts, hits, columns
 */
#include "command/session.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "command/hunt.h"

static char folder[] = "/tmp/gemba-test-XXXXXX";
static struct session *s;
static struct err err;
static int screen, wake[2];

/* ---- a file ---- */

/* Ten rows: one missing number, one odd one, texts that repeat. */
static const char plant[] =
	"id,line,torque,wear\n"
	"r1,L,40,5\n" "r2,M,42,1\n" "r3,L,38,3\n" "r4,H,,9\n" "r5,L,55,7\n"
	"r6,M,Bad data,2\n" "r7,L,41,2\n" "r8,H,60,4\n" "r9,M,40,8\n"
	"r10,L,43,6\n" "r11,M,1,1\n" "r12,M,2,1\n" "r13,M,3,1\n"
	"r14,M,4,1\n" "r15,M,5,1\n" "r16,M,6,1\n" "r17,M,7,1\n"
	"r18,M,8,1\n" "r19,M,9,1\n" "r20,M,10,1\n" "r21,M,11,1\n"
	"r22,M,12,1\n" "r23,M,13,1\n" "r24,M,14,1\n" "r25,M,15,1\n";

/* Rows enough for a sort in two errands: 7 i modulo a prime. */
enum { MANY = 100003 };

static void write_many(void)
{
	FILE *out = fopen("many.csv", "w");

	assert_non_null(out);
	fputs("x,y\n", out);
	for (long i = 0; i < MANY; i++)
		fprintf(out, "%ld,%ld\n", i, i * 7 % MANY);
	fclose(out);
}

static int make_folder(void **state)
{
	FILE *out;

	(void)state;
	if (!mkdtemp(folder) || chdir(folder))
		return -1;
	out = fopen("plant.csv", "w");
	fputs(plant, out);
	fclose(out);
	write_many();
	return pipe2(wake, O_NONBLOCK | O_CLOEXEC);
}

static int remove_folder(void **state)
{
	(void)state;
	unlink("plant.csv");
	unlink("many.csv");
	return chdir("/") || rmdir(folder);
}

/* ---- a session ---- */

static void say(const char *line)
{
	if (!session_do(s, line, &err))
		fail_msg("%s: %s", line, err.text);
}

static int begin(void **state)
{
	(void)state;
	s = session_new(-1);
	s->screen = &screen;
	say("open plant.csv");
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_free(s, false);
	return 0;
}

/* The line fails at that byte of that word. */
static void refuses(const char *line, int fault, size_t at, const char *part)
{
	assert_false(session_do(s, line, &err));
	if (!strstr(err.text, part))
		fail_msg("%s: %s", line, err.text);
	assert_int_equal(s->fault, fault);
	assert_int_equal(s->fault_at, at);
}

/* The numbers of the rows in sight, the first five of them. */
static const char *rows(void)
{
	static char text[80];
	size_t n = s->looks.rows.n;

	if (!s->looks.some)
		return "all";
	snprintf(text, sizeof(text), "%zu:", n);
	for (size_t i = 0; i < n && i < 5; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 " %u", (unsigned)s->looks.rows.row[i] + 1);
	return text;
}

/* ---- rows ---- */

static void a_sort_puts_cells_without_a_value_last(void **state)
{
	(void)state;
	assert_string_equal(rows(), "all");
	say("sort torque down");
	assert_string_equal(rows(), "25: 8 5 10 2 7");
	assert_int_equal(s->looks.rows.row[23], 5);
	assert_int_equal(s->looks.rows.row[24], 3);
	say("sort torque");
	assert_string_equal(rows(), "25: 11 12 13 14 15");
	assert_int_equal(s->looks.rows.row[24], 3);
	say("sort off");
	assert_string_equal(rows(), "all");
}

static void a_second_key_orders_what_is_equal(void **state)
{
	(void)state;
	say("sort line");
	assert_string_equal(rows(), "25: 4 8 1 3 5");
	say("sort torque down add");
	assert_string_equal(rows(), "25: 8 4 5 10 7");
	say("sort line add toggle");
	assert_int_equal(s->settings.look.sorts, 1);
	assert_string_equal(rows(), "25: 8 5 10 2 7");
	say("sort wear");
	assert_int_equal(s->settings.look.sorts, 1);
}

static void the_same_sort_again_turns_it_off(void **state)
{
	(void)state;
	say("sort torque down toggle");
	say("sort torque up toggle");
	assert_false(s->settings.look.sort[0].down);
	say("sort torque up toggle");
	assert_string_equal(rows(), "all");
}

static void what_cannot_be_sorted_is_pointed_at(void **state)
{
	(void)state;
	refuses("sort torqe", 1, 0, "did you mean 'torque'");
	refuses("sort torque sideways", 2, 0, "'sideways'");
	say("sort torque");
	say("sort id add");
	say("sort line add");
	say("sort wear add");
	assert_int_equal(s->settings.look.sorts, 4);
	say("sort wear down add");
	assert_int_equal(s->settings.look.sorts, 4);
}

static void each_filter_leaves_some_of_the_rows(void **state)
{
	(void)state;
	say("filter torque > 39");
	assert_string_equal(rows(), "7: 1 2 5 7 8");
	say("filter line = \"L\"");
	assert_string_equal(rows(), "4: 1 5 7 10");
	say("sort torque down");
	assert_string_equal(rows(), "4: 5 10 7 1");
	say("filter off 1");
	assert_string_equal(rows(), "5: 5 10 7 1 3");
	say("filter off");
	assert_string_equal(rows(), "25: 8 5 10 2 7");
	refuses("filter off", 1, 0, "there is no filter");
}

static void a_filter_may_leave_no_row(void **state)
{
	(void)state;
	say("filter torque > 1000");
	assert_string_equal(rows(), "0:");
	assert_true(s->looks.some);
}

static void a_filter_is_taken_as_it_stands(void **state)
{
	(void)state;
	say("  filter  id = \"r5\" or id = 'r7'");
	assert_string_equal(rows(), "2: 5 7");
	assert_string_equal(s->settings.look.filter[0],
			    "id = \"r5\" or id = 'r7'");
}

static void a_fault_in_a_filter_is_pointed_at(void **state)
{
	(void)state;
	refuses("filter torque > 40 and lin = 3", 1, 16, "'lin'");
	refuses("filter torque >", 1, 8, "");
	refuses("filter line", 1, 0, "condition");
	refuses("filter", 0, 0, "usage");
	assert_int_equal(s->settings.look.filters, 0);
	say("filter torque > 1");
	refuses("filter off 2", 1, 0, "1 to 1");
}

static void there_are_so_many_filters(void **state)
{
	char line[40];

	(void)state;
	for (int i = 0; i < LOOK_FILTERS; i++) {
		snprintf(line, sizeof(line), "filter wear > %d", i);
		say(line);
	}
	refuses("filter wear > 100", 1, 0, "join");
	say("filter wear > 0");		/* it is there */
	say("filter off all");
	assert_string_equal(rows(), "all");
}

/* The filter for the like of a cell keeps the row. */
static void like(size_t column, size_t row, const char *filter,
		 const char *kept)
{
	char *made = looks_same(s, column, row), *line;

	assert_string_equal(made, filter);
	line = mem_printf("filter %s", made);
	say(line);
	assert_string_equal(rows(), kept);
	say("undo");
	free(line);
	free(made);
}

static void rows_like_one_can_be_seen(void **state)
{
	(void)state;
	like(1, 3, "line = \"H\"", "2: 4 8");
	like(2, 0, "torque = 40", "2: 1 9");
	like(2, 3, "missing(torque) and not odd(torque)", "1: 4");
	like(2, 5, "odd(torque)", "1: 6");
	assert_null(looks_same(s, 9, 0));
	assert_null(looks_same(s, 0, 99));
}

static void undo_takes_looks_back(void **state)
{
	(void)state;
	say("filter torque > 39");
	say("sort torque");
	say("hide wear");
	say("undo");
	assert_false(s->settings.look.hidden[3]);
	say("undo");
	assert_string_equal(rows(), "7: 1 2 5 7 8");
	say("undo");
	assert_string_equal(rows(), "all");
	say("redo");
	assert_string_equal(rows(), "7: 1 2 5 7 8");
}

static void looks_are_no_part_of_the_recipe(void **state)
{
	char *before = settings_format(&s->settings, s->table), *after;

	(void)state;
	say("filter torque > 39");
	say("sort torque");
	say("hide wear");
	after = settings_format(&s->settings, s->table);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void without_a_screen_there_is_nothing_to_look_at(void **state)
{
	(void)state;
	s->screen = NULL;
	refuses("filter torque > 39", 0, 0, "workbench only");
	refuses("sort torque", 0, 0, "workbench only");
}

static void a_filter_that_other_types_forbid_goes(void **state)
{
	(void)state;
	say("filter torque > 39");
	say("filter wear > 2");
	say("type torque text");
	assert_int_equal(s->settings.look.filters, 1);
	assert_string_equal(s->settings.look.filter[0], "wear > 2");
	assert_non_null(strstr(s->message, "torque > 39"));
	assert_string_equal(rows(), "7: 1 3 4 5 8");
	say("undo");
	assert_int_equal(s->settings.look.filters, 2);
}

static void another_file_is_seen_whole(void **state)
{
	(void)state;
	say("filter torque > 39");
	say("find L");
	say("open many.csv");
	assert_string_equal(rows(), "all");
	assert_null(hunt_pattern(s));
	assert_int_equal(s->settings.look.filters, 0);
}

static void a_trial_is_seen_and_leaves_no_trace(void **state)
{
	(void)state;
	looks_try(s, "torque > 39");
	assert_string_equal(rows(), "7: 1 2 5 7 8");
	looks_try(s, "torque > 39 and");
	assert_string_equal(rows(), "7: 1 2 5 7 8");
	assert_string_equal(s->message, "");
	looks_try(s, NULL);
	assert_string_equal(rows(), "all");
	assert_int_equal(s->settings.look.filters, 0);
}

static void a_trial_that_is_accepted_is_not_made_twice(void **state)
{
	unsigned made;

	(void)state;
	looks_try(s, "torque > 39");
	made = s->looks.made;
	looks_tried(s);
	say("filter torque > 39");
	looks_changed(s);
	assert_int_equal(s->looks.made, made);
	assert_string_equal(rows(), "7: 1 2 5 7 8");
}

/* ---- hits ---- */

/* The places with a hit so far, the first five of them. */
static const char *places(void)
{
	static char text[80];
	const struct rows *at = hunt_places(s, s->looks.some ? &s->looks.rows
							     : NULL,
					    s->looks.made);

	if (!at)
		return "none";
	snprintf(text, sizeof(text), "%zu:", at->n);
	for (size_t i = 0; i < at->n && i < 5; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 " %u", (unsigned)at->row[i] + 1);
	return text;
}

static void hits_are_places_of_the_rows_in_sight(void **state)
{
	(void)state;
	say("find l");
	assert_string_equal(places(), "5: 1 3 5 7 10");
	assert_int_equal(hunt_count(s).cells, 5);
	assert_true(hunt_count(s).whole);
	say("sort torque down");
	assert_string_equal(places(), "5: 2 3 5 6 8");
	say("filter line != \"L\"");
	assert_string_equal(places(), "0:");
	say("find");
	assert_string_equal(places(), "none");
}

static void a_pattern_is_taken_as_it_stands(void **state)
{
	size_t at, size;

	(void)state;
	say("find bad d\\w+");
	assert_string_equal(hunt_pattern(s), "bad d\\w+");
	assert_string_equal(places(), "1: 6");
	assert_true(hunt_in(s, "a Bad data", 10, &at, &size));
	assert_int_equal(at, 2);
	assert_int_equal(size, 8);
}

static void a_wrong_pattern_leaves_the_one_before(void **state)
{
	(void)state;
	say("find L");
	refuses("find [", 1, 0, "pattern");
	assert_string_equal(hunt_pattern(s), "L");
}

static void hidden_columns_have_no_hits(void **state)
{
	(void)state;
	say("find L");
	say("hide line");
	assert_string_equal(places(), "0:");
	say("undo");
	assert_string_equal(places(), "5: 1 3 5 7 10");
}

/* ---- columns ---- */

static void columns_that_stay_are_counted_without_the_hidden(void **state)
{
	struct look *look = &s->settings.look;

	(void)state;
	say("freeze line");
	assert_int_equal(look->frozen, 2);
	say("hide id");
	assert_int_equal(look->frozen, 1);
	assert_int_equal(look_edge(look), 2);
	say("unhide");
	assert_int_equal(look->frozen, 2);
	say("freeze line toggle");
	assert_int_equal(look->frozen, 0);
	say("freeze line toggle");
	say("freeze off");
	assert_int_equal(look->frozen, 0);
}

static void one_column_is_seen(void **state)
{
	(void)state;
	refuses("hide id line torque wear", 0, 0, "one column");
	assert_false(s->settings.look.hidden[0]);
	say("hide id line torque");
	refuses("hide wear", 0, 0, "one column");
	refuses("hide id nothing", 2, 0, "'nothing'");
	say("unhide line id");
	assert_true(s->settings.look.hidden[2]);
}

static void a_width_is_a_number_or_auto(void **state)
{
	(void)state;
	say("width line 12");
	assert_int_equal(s->settings.look.width[1], 12);
	say("width line auto");
	assert_int_equal(s->settings.look.width[1], 0);
	refuses("width line 0", 2, 0, "1 to");
	refuses("width line wide", 2, 0, "1 to");
	refuses("width lime 3", 1, 0, "'lime'");
}

/* ---- on a thread ---- */

static void wait_until_idle(void)
{
	struct pollfd in = { .fd = wake[0], .events = POLLIN };
	char bytes[64];

	session_turn(s);
	while (session_busy(s)) {
		poll(&in, 1, 1000);
		while (read(wake[0], bytes, sizeof(bytes)) > 0)
			;
		session_turn(s);
	}
}

static int begin_thread(void **state)
{
	(void)state;
	s = session_new(wake[1]);
	s->screen = &screen;
	say("open many.csv");
	wait_until_idle();
	return 0;
}

static void a_long_sort_shows_its_beginning_first(void **state)
{
	struct pollfd in = { .fd = wake[0], .events = POLLIN };
	size_t n = 0;

	(void)state;
	say("sort y down");
	assert_true(s->looks.late);
	while (s->looks.first.n == 0 && !s->looks.some) {
		poll(&in, 1, 1000);
		session_turn(s);
	}
	assert_int_equal(s->looks.first.n, 500);
	assert_int_equal(s->looks.first_of, MANY);
	while (n < 500 && s->looks.first.row[n] * 7 % MANY == MANY - 1 - n)
		n++;
	assert_int_equal(n, 500);
	wait_until_idle();
	assert_int_equal(s->looks.first.n, 0);
	assert_false(s->looks.late);
	for (n = 0; n < MANY; n++)
		if (s->looks.rows.row[n] * 7ul % MANY != MANY - 1 - n)
			fail_msg("row %zu is not in order", n);
}

static void the_last_wish_counts(void **state)
{
	(void)state;
	say("sort y down");
	say("sort x down");
	say("filter y < 5");
	say("filter off");
	say("filter y < 3");
	wait_until_idle();
	assert_int_equal(s->looks.rows.n, 3);
	assert_true(s->looks.rows.row[0] > s->looks.rows.row[1]);
	say("sort y");
	say("undo");
	say("undo");
	wait_until_idle();
	assert_int_equal(s->looks.rows.n, MANY);
	assert_int_equal(s->looks.rows.row[0], MANY - 1);
}

static void a_search_can_be_given_up(void **state)
{
	(void)state;
	say("find 9");
	assert_true(hunt_count(s).going_on);
	errands_cancel(s->errands, s, ERRAND_FIND);
	wait_until_idle();
	assert_false(hunt_count(s).going_on);
	assert_false(hunt_count(s).whole);
	/* The same again begins again. */
	say("find 9");
	wait_until_idle();
	assert_true(hunt_count(s).whole);
	assert_true(hunt_count(s).rows > MANY / 10);
}

static void a_search_goes_on_when_the_columns_are_read(void **state)
{
	(void)state;
	say("open many.csv");
	say("find ^77$");
	wait_until_idle();
	assert_true(hunt_count(s).whole);
	assert_int_equal(hunt_count(s).cells, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define ON_THREAD(name) cmocka_unit_test_setup_teardown(name, begin_thread, \
							end)
	const struct CMUnitTest tests[] = {
		TEST(a_sort_puts_cells_without_a_value_last),
		TEST(a_second_key_orders_what_is_equal),
		TEST(the_same_sort_again_turns_it_off),
		TEST(what_cannot_be_sorted_is_pointed_at),
		TEST(each_filter_leaves_some_of_the_rows),
		TEST(a_filter_may_leave_no_row),
		TEST(a_filter_is_taken_as_it_stands),
		TEST(a_fault_in_a_filter_is_pointed_at),
		TEST(there_are_so_many_filters),
		TEST(rows_like_one_can_be_seen),
		TEST(undo_takes_looks_back),
		TEST(looks_are_no_part_of_the_recipe),
		TEST(without_a_screen_there_is_nothing_to_look_at),
		TEST(a_filter_that_other_types_forbid_goes),
		TEST(another_file_is_seen_whole),
		TEST(a_trial_is_seen_and_leaves_no_trace),
		TEST(a_trial_that_is_accepted_is_not_made_twice),
		TEST(hits_are_places_of_the_rows_in_sight),
		TEST(a_pattern_is_taken_as_it_stands),
		TEST(a_wrong_pattern_leaves_the_one_before),
		TEST(hidden_columns_have_no_hits),
		TEST(columns_that_stay_are_counted_without_the_hidden),
		TEST(one_column_is_seen),
		TEST(a_width_is_a_number_or_auto),
		ON_THREAD(a_long_sort_shows_its_beginning_first),
		ON_THREAD(the_last_wish_counts),
		ON_THREAD(a_search_can_be_given_up),
		ON_THREAD(a_search_goes_on_when_the_columns_are_read),
	};

	return cmocka_run_group_tests_name("looks", tests, make_folder,
					   remove_folder);
}
