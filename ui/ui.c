#include "ui.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "grid.h"
#include "help-view.h"
#include "keys.h"
#include "layout.h"
#include "panel-runs.h"
#include "preview.h"
#include "prompt.h"
#include "rule-costs.h"
#include "sheet-compare.h"
#include "sheet-dialect.h"
#include "sheet-method.h"
#include "sheet-rule.h"
#include "sheet-tries.h"
#include "sheet-worst.h"
#include "split-choice.h"
#include "seek.h"
#include "terminal.h"
#include "weight-views.h"
#include "workbench.h"

enum { FRAME_MS = 33, STATUS_BAD = 2 };

/* ---- lines ---- */

/* What the session has found may move the cursor; what is to be seen is asked
 * for. */
static void turn(struct ui *ui)
{
	const struct panel *panel;

	session_turn(ui->session);
	grid_sync(ui->session, &ui->view);
	seek_turn(ui);
	panel = panels[panel_focused(&ui->view)];
	if (panel->want)
		panel->want(ui->session, &ui->view);
	ui->stale = true;
}

bool ui_do(struct ui *ui, const char *line)
{
	struct session *s = ui->session;
	struct err err = { 0 };
	bool ok = session_do(s, line, &err);

	if (!ok) {
		session_say(s, "%.*s", (int)strcspn(err.text, "\n"), err.text);
		s->message_is_error = true;
	}
	weight_views_show(s);
	grid_sync(s, &ui->view);
	turn(ui);
	return ok;
}

void ui_typed(struct ui *ui, const char *line)
{
	bool done;

	preview_accept(ui);
	done = ui_do(ui, line);
	if (!done) {
		free(ui->typed);
		ui->typed = mem_strdup(line);
		ui->fault = ui->session->fault;
		ui->fault_at = ui->session->fault_at;
	}
	preview_end(ui, line, done);
}

void ui_prompt(struct ui *ui, const char *text)
{
	prompt_open(":", text, ui_typed);
	preview_begin(ui);
	prompt_watch(preview_line);
}

/* A key's command; one that ends in a blank is for the prompt. */
static void do_key(struct ui *ui, const char *command)
{
	struct session *s = ui->session;
	struct err err;
	char *line = key_expand(s, &ui->view, command, &err);
	size_t len = line ? strlen(line) : 0;

	if (!line) {
		session_say(s, "%s", err.text);
		s->message_is_error = true;
	} else if (len && line[len - 1] == ' ') {
		ui_prompt(ui, line);
	} else {
		ui_do(ui, line);
	}
	free(line);
}

void ui_focus(struct ui *ui, enum panel_id panel)
{
	static unsigned turns;

	ui->view.focus = panel;
	ui->turn[panel] = ++turns;
}

/* ---- drawing ---- */

void ui_redraw(struct ui *ui)
{
	ui->thaw = true;
	ui->stale = false;
	layout_draw(ui);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

/* Milliseconds until the next picture may be drawn. */
static long frame_left(const struct ui *ui, long drawn)
{
	long left = drawn + FRAME_MS - now_ms();

	return ui->urgent || left < 0 ? 0 : left;
}

/*
 * Draw if it is time.  Returns how long poll() may sleep: for ever when the
 * picture is true.
 */
static int draw_if_due(struct ui *ui)
{
	static long drawn = -FRAME_MS;
	long left;

	if (!ui->stale)
		return -1;
	left = frame_left(ui, drawn);
	if (left > 0)
		return (int)left;
	ui->stale = ui->urgent = false;
	layout_draw(ui);
	drawn = now_ms();
	return -1;
}

/* ---- keys ---- */

static void do_mouse(struct ui *ui)
{
	MEVENT event;
	int panel;

	if (getmouse(&event) == ERR)
		return;
	panel = layout_panel_at(ui, event.y, event.x);
	if (panel < 0 || ui->help)
		return;
	if (!ui->view.sheet) {
		ui_focus(ui, (enum panel_id)panel);
		if (panel == PANEL_DATA &&
		    event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
			grid_click(ui->session, &ui->view, event.y, event.x);
	}
	if (event.bstate & BUTTON4_PRESSED)
		ui_do(ui, "move up 3");
	else if (event.bstate & BUTTON5_PRESSED)
		ui_do(ui, "move down 3");
}

/* Digits that are one number follow each other as closely as this. */
enum { COUNT_MS = 1000 };

/*
 * Digits in Data or a sheet are a count when G follows soon, and go to panels
 * when not: so the view goes back to what it was before them.  Elsewhere they
 * go to panels only, and one that names a panel does so everywhere: 2 and G is
 * the end of Data.
 */
static bool counting(const struct ui *ui)
{
	return ui->count || ui->view.sheet || ui->view.focus == PANEL_DATA;
}

static bool counted(struct ui *ui, const char *name)
{
	char line[40];
	bool digit = *name >= '0' && *name <= '9' && !name[1];

	/* Who chose a panel a while ago does not mean a row by it now. */
	if (now_ms() - ui->counted_ms > COUNT_MS)
		ui->count = 0;
	if (digit && counting(ui) && (ui->count || *name != '0')) {
		ui->counted_ms = now_ms();
		if (!ui->count)
			ui->count_from = ui->view;
		if (ui->count < SIZE_MAX / 100)
			ui->count = ui->count * 10 + (size_t)(*name - '0');
		return *name == '0' || *name > '0' + PANELS;
	}
	if (ui->count > PANELS && !strcmp(name, "G")) {
		ui->view = ui->count_from;
		ui_focus(ui, ui->view.focus);
		snprintf(line, sizeof(line), "move bottom %zu", ui->count);
		ui->count = 0;
		ui_do(ui, line);
		return true;
	}
	ui->count = 0;
	return false;
}

static void answer(struct ui *ui, const char *name)
{
	ui->asking = false;
	if (!strcmp(name, "y") || !strcmp(name, "Y"))
		ui->session->quit = true;
}

static void named_key(struct ui *ui, const char *name)
{
	char whole[2 * KEY_NAME];
	const struct key *key;

	snprintf(whole, sizeof(whole), "%s%s", ui->begun, name);
	ui->begun[0] = '\0';
	seek_end();
	if (counted(ui, whole))
		return;
	key = key_find(panel_focused(&ui->view), whole);
	if (key)
		do_key(ui, key->command);
	else if (key_begins(panel_focused(&ui->view), whole))
		snprintf(ui->begun, sizeof(ui->begun), "%s", name);
}

/* Pasted text is for the prompt; without one it is thrown away. */
static void skip_paste(void)
{
	int key;

	do
		key = terminal_key();
	while (key != TERMINAL_PASTE_END &&
	       (key != ERR || terminal_key_waits(500)));
}

static void ui_key(struct ui *ui, int code)
{
	struct session *s = ui->session;
	char name[KEY_NAME];

	ui->stale = ui->urgent = true;
	if (prompt_is_open()) {
		prompt_key(code);
		return;
	}
	if (code == KEY_RESIZE)
		return;
	s->message[0] = '\0';
	s->message_is_error = false;
	free(ui->typed);
	ui->typed = NULL;
	snprintf(name, sizeof(name), "%s", key_name(code));
	if (code == TERMINAL_PASTE)
		skip_paste();
	else if (code == KEY_MOUSE)
		do_mouse(ui);
	else if (ui->asking)
		answer(ui, name);
	else if (ui->help)
		help_key(ui, name);
	else if (*name)
		named_key(ui, name);
}

/* ---- the loop ---- */

static void empty_pipe(int fd)
{
	char bytes[256];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
}

/* First empty the pipe, then look: so nothing told in between is lost. */
static void look(struct ui *ui)
{
	unsigned news;

	empty_pipe(ui->wake[0]);
	news = terminal_told();
	if (news & TERMINAL_QUIT)
		ui->session->quit = true;
	if (news & TERMINAL_STOP)
		terminal_suspend();
	if (news & TERMINAL_RESIZED) {
		terminal_resize();
		ui->thaw = ui->urgent = true;
	}
	turn(ui);
}

static void loop(struct ui *ui)
{
	struct pollfd fds[] = {
		{ .fd = terminal_fd(), .events = POLLIN },
		{ .fd = ui->wake[0], .events = POLLIN },
	};
	int key;

	while (!ui->session->quit) {
		if (poll(fds, 2, draw_if_due(ui)) < 0) {
			if (errno != EINTR)
				return;
			continue;	/* a signal: it is in the pipe too */
		}
		if (fds[1].revents & POLLIN)
			look(ui);
		while (!ui->session->quit && (key = terminal_key()) != ERR)
			ui_key(ui, key);
		if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			return;		/* the terminal is gone */
	}
}

/* ---- keys from a file ---- */

static void wait_until_idle(struct ui *ui)
{
	struct pollfd wake = { .fd = ui->wake[0], .events = POLLIN };

	turn(ui);
	while (session_busy(ui->session) && !ui->session->quit) {
		poll(&wake, 1, -1);
		look(ui);
	}
	ui_redraw(ui);
}

/* Type what a name stands for: to readline as a terminal would send it. */
static void type_key(struct ui *ui, int code, const char *bytes)
{
	int key;

	if (prompt_is_open())
		while (*bytes)
			terminal_feed((unsigned char)*bytes++);
	else
		terminal_feed(code);
	while ((key = terminal_key()) != ERR)
		ui_key(ui, key);
}

static void type_line(struct ui *ui, const char *line)
{
	while (*line && !ui->session->quit) {
		size_t len = strcspn(line, ">");
		char name[KEY_NAME] = "", bytes[8] = { *line };
		const char *named = NULL;
		int code = ERR;

		if (*line == '<' && line[len] && len < sizeof(name)) {
			snprintf(name, len, "%s", line + 1);
			code = key_code(name, &named);
			if (!strcmp(name, "lt"))
				code = '<', named = "<";
		}
		if (code != ERR) {
			type_key(ui, code, named);
			line += len + 1;
			continue;
		}
		/* A character of many bytes comes at once. */
		len = 1;
		while ((line[len] & 0xc0) == 0x80 && len < 4) {
			bytes[len] = line[len];
			len++;
		}
		type_key(ui, (unsigned char)*line, bytes);
		line += len;
	}
}

static void script_line(struct ui *ui, const char *line)
{
	int rows, columns;

	if (*line == '#' || !*line)
		return;
	if (*line == '&') {
		type_line(ui, line + 1);
		return;
	}
	wait_until_idle(ui);
	if (*line == '!') {
		struct err err;

		if (!session_do(ui->session, line + 1, &err))
			fprintf(stderr, "gemba: %s\n", err.text);
	} else if (*line == '@' &&
		   sscanf(line + 1, "%dx%d", &columns, &rows) == 2) {
		resizeterm(rows, columns);
		ui_redraw(ui);
	} else {
		type_line(ui, line);
	}
}

static void run_script(struct ui *ui, FILE *in)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while (!ui->session->quit && (n = getline(&line, &size, in)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		script_line(ui, line);
	}
	if (!ui->session->quit)
		wait_until_idle(ui);
	free(line);
}

/* ---- start and end ---- */

static void complain(const struct err *err)
{
	const char *text = err->text;
	char line[3 * sizeof(err->text)];

	fputs("gemba: ", stderr);
	while (*text) {
		size_t len = strcspn(text, "\n");

		text_safe(line, sizeof(line), text, len);
		fprintf(stderr, "%s\n", line);
		text += len + (text[len] == '\n');
	}
}

/* What cannot be opened is told before the screen is taken. */
static bool open_first(struct ui *ui, const struct ui_start *start,
		       struct err *err)
{
	char *word, *line;
	bool ok;

	if (!start->file)
		return true;
	if (start->is_recipe)
		return session_recipe(ui->session, start->file, NULL, NULL,
				      err);
	word = text_quote(start->file);
	line = mem_printf("open %s", word);
	ok = session_do(ui->session, line, err);
	free(line);
	free(word);
	return ok;
}

static bool on_screen(struct ui *ui, const struct ui_start *start,
		      struct err *err)
{
	FILE *in;

	if (!start->keys) {
		if (!terminal_start(ui->wake[1], err))
			return false;
		loop(ui);
		return true;
	}
	in = fopen(start->keys, "r");
	if (!in)
		return err_set(err, ERR_IO, "cannot read the keys %.120s: %s",
			       start->keys, strerror(errno));
	if (terminal_start_unseen(start->rows > 0 ? start->rows : 24,
				  start->columns > 0 ? start->columns : 80,
				  err))
		run_script(ui, in);
	fclose(in);
	return err->code == ERR_NONE;
}

/* A program that a signal has ended says so to the one that started it. */
static void die_of_signal(void)
{
	int number = terminal_last_signal();

	if (!number)
		return;
	signal(number, SIG_DFL);
	raise(number);
}

/* A worker that is busy is not waited for, and nothing is pulled from under
 * its feet: the program ends around it. */
static void leave_the_worker(struct ui *ui, int status)
{
	bool busy = ui->session->working != WORK_NONE ||
		    errands_busy(ui->session->errands);

	session_free(ui->session, true);
	if (!busy)
		return;
	die_of_signal();
	fflush(NULL);
	_exit(status);
}

void ui_commands(void)
{
	command_add(commands_ui);
	command_add(commands_screen);
	command_add(commands_dialect);
	command_add(commands_rule);
	command_add(commands_method);
	command_add(commands_split);
	command_add(commands_compare);
	command_add(commands_runs);
	command_add(commands_tries);
	command_add(commands_worst);
	command_add(commands_grid);
	command_add(commands_explain_ui);
}

int ui_run(const struct ui_start *start)
{
	struct ui ui = { .stale = true };
	struct err err = { 0 };
	int status;

	if (pipe2(ui.wake, O_NONBLOCK | O_CLOEXEC) < 0) {
		err_set(&err, ERR_IO, "no pipe: %s", strerror(errno));
		complain(&err);
		return STATUS_BAD;
	}
	prompt_init(&ui);
	ui.session = session_new(ui.wake[1]);
	ui.session->screen = &ui;
	ui_focus(&ui, PANEL_COLUMNS);
	status = open_first(&ui, start, &err) && on_screen(&ui, start, &err)
		? 0 : STATUS_BAD;
	prompt_end();
	help_close(&ui);
	dialect_forget();
	rule_costs_forget();
	terminal_end();
	free(ui.typed);
	if (status)
		complain(&err);
	leave_the_worker(&ui, status);
	die_of_signal();
	return status;
}
