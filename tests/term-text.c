/*
 * term-text.c - text of any script and any control codes, in a terminal
 *
 * Wide, combining, joined and invisible signs, text from right to left, and
 * escape sequences, in cells, in the header and in the file's name: at every
 * width all the frames stay straight, what follows an awkward cell stands
 * below what follows the others, and nothing that a cell says to the terminal
 * is obeyed.
 */
#include "terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/gemba-text-XXXXXX";
static char data[200];

static const int widths[] = { 120, 80, 61, 60, 40, 30, 21, 20 };
enum { ROWS = 24, WIDTHS = sizeof(widths) / sizeof(*widths), COLUMNS = 6 };

/* ---- a file of awkward text ---- */

#define ACUTE "\xcc\x81"
#define DOTS "\xcc\x87\xcc\xa3"
#define ZWJ "\xe2\x80\x8d"
#define ZWSP "\xe2\x80\x8b"
#define WOMAN "\xf0\x9f\x91\xa9"
#define GIRL "\xf0\x9f\x91\xa7"
#define RLO "\xe2\x80\xae"
#define BELL "\007"

static const char file_name[] =
	"温度 e" ACUTE " \033[3m\033]2;name" BELL WOMAN ZWJ GIRL ".csv";

static const char header[] =
	"\"温度 \033[3;9m\",m1,\"e" ACUTE "\033]0;head" BELL "\",m2,"
	WOMAN ZWJ GIRL ",m3\n";

/* Behind each of three cells stands a mark. */
static const char *const awkward[][3] = {
	{ "plain", "text", "abc" },
	{ "日本語", "한국어 텍스트", "ＦＵＬＬ　ｶﾅ" },
	{ "中文中文中文中文中文中文中文中文中文", "文", "表" },
	{ "e" ACUTE "a" ACUTE "o", "q" DOTS "x" DOTS, "日" ACUTE },
	{ WOMAN ZWJ WOMAN ZWJ GIRL, GIRL, "a" ZWJ "b" },
	{ "a" ZWSP "b" ZWSP, ZWSP, ACUTE },
	{ "שלום עולם", "مرحبا", RLO "abc" },
	{ "\033[38;2;1;2;3mred", "\033[3;5;9mx\033[0m", "\033[8m" },
	{ "\033]0;cell" BELL, "\033]2;cell\033\\", "\033P1$r\033\\" },
	{ "\033[2J\033[5;5H", "\033[?25h\033[?1049l", "\033c" },
	{ "\xc2\x9b" "3m", "\x9b" "3m", "\xc2\x9d" "0;c1\xc2\x9c" },
	{ "\ttab", "a\rb", "x\b\b\x7fy" },
	{ "\xff\xfe", "\xe6\x97", "\xf0\x9f\x91" },
};
enum { AWKWARD = sizeof(awkward) / sizeof(*awkward) };

static int write_data(void **state)
{
	FILE *out;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(data, sizeof(data), "%s/%s", folder, file_name);
	out = fopen(data, "w");
	if (!out)
		return -1;
	fputs(header, out);
	for (int i = 0; i < 3 * AWKWARD; i++) {
		const char *const *cell = awkward[i % AWKWARD];

		fprintf(out, "\"%s\",<1>,\"%s\",<2>,\"%s\",<3>\n", cell[0],
			cell[1], cell[2]);
	}
	return fclose(out);
}

static int remove_data(void **state)
{
	char path[sizeof(folder) + 20];

	(void)state;
	snprintf(path, sizeof(path), "%s/gemba/history", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/gemba", folder);
	rmdir(path);
	unlink(data);
	return rmdir(folder);
}

/* ---- what stands where ---- */

static VTermScreenCell cell_at(struct terminal *t, int row, int column)
{
	VTermScreenCell cell;

	vterm_screen_get_cell(t->screen, (VTermPos){ row, column }, &cell);
	return cell;
}

static uint32_t sign_at(struct terminal *t, int row, int column)
{
	return cell_at(t, row, column).chars[0];
}

/* The column of the next such sign in the row, or -1. */
static int find_sign(struct terminal *t, int row, int from, uint32_t sign)
{
	for (int x = from; x < t->columns; x++)
		if (sign_at(t, row, x) == sign)
			return x;
	return -1;
}

/* Why the screen is not as it should be. */
static char fault[200];

static bool has_sign(struct terminal *t, int row, int column, uint32_t sign)
{
	uint32_t there = sign_at(t, row, column);

	if (there != sign)
		snprintf(fault, sizeof(fault), "row %d, column %d: U+%04X "
			 "instead of U+%04X", row, column, (unsigned)there,
			 (unsigned)sign);
	return there == sign;
}

struct frame {
	int top, left, bottom, right;
};

/* A corner at the left: the frame of it is closed and straight. */
static bool find_frame(struct terminal *t, int top, int left, struct frame *f)
{
	*f = (struct frame){ top, left, top + 1,
			     find_sign(t, top, left, 0x2510) };
	snprintf(fault, sizeof(fault), "row %d: no corner at the right", top);
	if (f->right < 0)
		return false;
	for (; f->bottom < t->rows; f->bottom++) {
		if (sign_at(t, f->bottom, left) == 0x2514)
			return has_sign(t, f->bottom, f->right, 0x2518);
		if (!has_sign(t, f->bottom, left, 0x2502) ||
		    !has_sign(t, f->bottom, f->right, 0x2502))
			return false;
	}
	return false;
}

static void find_marks(struct terminal *t, const struct frame *f, int row,
		       bool mark[])
{
	for (int x = f->left + 1; x + 2 < f->right; x++)
		mark[x] = sign_at(t, row, x) == '<' &&
			  sign_at(t, row, x + 2) == '>';
}

/* The rows of data below each other; *n: how many marks stand in each. */
static bool marks_in_line(struct terminal *t, const struct frame *f, int *n)
{
	bool first[256] = { 0 }, mark[256] = { 0 };

	find_marks(t, f, f->top + 2, first);
	for (int row = f->top + 3; row < f->bottom; row++) {
		find_marks(t, f, row, mark);
		snprintf(fault, sizeof(fault), "row %d: its marks do not "
			 "stand below the others", row);
		if (memcmp(first, mark, sizeof(mark)) != 0)
			return false;
	}
	for (int x = 0; x < t->columns; x++)
		*n += first[x];
	return true;
}

/* Every frame on the screen, that of the data among them. */
static bool is_straight(struct terminal *t, int *marks)
{
	bool found = false;

	*marks = 0;
	for (int row = 0; row < t->rows; row++)
		for (int x = 0; (x = find_sign(t, row, x, 0x250c)) >= 0; x++) {
			struct frame f;
			int name = find_sign(t, row, x, 'D');

			if (!find_frame(t, row, x, &f))
				return false;
			if (name < 0 || name > f.right ||
			    sign_at(t, row, name + 3) != 'a')
				continue;
			found = true;
			if (!marks_in_line(t, &f, marks))
				return false;
		}
	if (!found)
		snprintf(fault, sizeof(fault), "there is no panel of data");
	return found;
}

/* What was drawn last may still be on its way.  Returns the marks in a row. */
static int assert_straight(struct terminal *t)
{
	long end = now_ms() + DEADLINE_MS;
	int marks;

	while (!is_straight(t, &marks)) {
		if (now_ms() > end) {
			print_screen(t);
			fail_msg("width %d: %s", t->columns, fault);
		}
		pump(t, 20);
	}
	return marks;
}

/* ---- what the cells must not do ---- */

static int on_property(VTermProp prop, VTermValue *value, void *arg)
{
	bool *titled = arg;

	(void)value;
	if (prop == VTERM_PROP_TITLE || prop == VTERM_PROP_ICONNAME)
		*titled = true;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

/* None of the looks that they ask for, which the program does not use. */
static void assert_not_obeyed(struct terminal *t, bool titled)
{
	for (int row = 0; row < t->rows; row++)
		for (int x = 0; x < t->columns; x++) {
			VTermScreenCell cell = cell_at(t, row, x);

			assert_false(cell.attrs.italic);
			assert_false(cell.attrs.blink);
			assert_false(cell.attrs.strike);
			assert_true(VTERM_COLOR_IS_INDEXED(&cell.fg) ||
				    VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
		}
	assert_false(titled);
}

/* What was typed is done when the prompt has come and gone; in it the cursor
 * stands behind what is typed. */
static void settle(struct terminal *t)
{
	type(t, ":ok");
	wait_for(t, ":ok");
	wait_column(t, 3);
	/* Just after a resize the line may be gone, and come back: so it is
	 * asked for twice. */
	do {
		type(t, "\003");
		wait_until(t, ":ok", false);
		pump(t, 60);
		pump(t, 60);
	} while (shows(t, ":ok"));
}

/* ---- the tests ---- */

/* Look at the data from the first column to the last. */
static int look_at_all(struct terminal *t, const bool *titled)
{
	int marks = 0;

	type(t, "2");
	wait_for(t, "Data");
	for (int column = 0; column < COLUMNS; column++) {
		settle(t);
		marks += assert_straight(t);
		assert_not_obeyed(t, *titled);
		type(t, "l");
	}
	return marks;
}

static struct terminal *opened(int width, bool *titled)
{
	struct terminal *t = open_terminal(folder, data, ROWS, width);

	*titled = false;
	vterm_screen_set_callbacks(t->screen, &callbacks, titled);
	wait_for(t, "温度");
	return t;
}

static void any_text_is_in_line_at_every_width(void **state)
{
	(void)state;
	for (size_t i = 0; i < WIDTHS; i++) {
		bool titled;
		struct terminal *t = opened(widths[i], &titled);

		assert_true(look_at_all(t, &titled) > 0);
		close_terminal(t);
	}
}

static void it_stays_so_when_the_width_changes(void **state)
{
	bool titled;
	struct terminal *t = opened(widths[0], &titled);

	(void)state;
	for (size_t i = 0; i < WIDTHS; i++) {
		resize(t, ROWS, widths[i]);
		look_at_all(t, &titled);
		type(t, "hhhhhh");
	}
	resize(t, ROWS, widths[0]);
	assert_true(look_at_all(t, &titled) > 0);
	close_terminal(t);
}

static void control_codes_are_seen_as_signs(void **state)
{
	bool titled;
	struct terminal *t = opened(120, &titled);

	(void)state;
	wait_for(t, "␛[3m␛]2;name␇");
	wait_for(t, "␛[3;9m");
	type(t, "2");
	wait_for(t, "␛[38;2;1;2;3mred");
	wait_for(t, "␉tab");
	type(t, "q");
	assert_int_equal(wait_end(t), 0);
	assert_as_before(t);
	assert_false(titled);
	close_terminal(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_text_is_in_line_at_every_width),
		cmocka_unit_test(it_stays_so_when_the_width_changes),
		cmocka_unit_test(control_codes_are_seen_as_signs),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, write_data, remove_data);
}
