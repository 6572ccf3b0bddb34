/*
 * cmd-ui.c - the commands for cursors, panels and sheets
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "command/hunt.h"
#include "grid.h"
#include "notes.h"
#include "workbench.h"

static struct ui *ui_of(const struct session *s)
{
	return s->screen;
}

/* The n-th word of a list that ends with NULL. */
static const char *nth_word(const char *const *list, size_t n)
{
	while (n > 0 && *list) {
		list++;
		n--;
	}
	return *list;
}

/* ---- move ---- */

static size_t moved(size_t at, size_t n, bool forth, size_t by)
{
	size_t last = n ? n - 1 : 0;

	if (!forth)
		return at > by ? at - by : 0;
	return at < last && by < last - at ? at + by : last;
}

static const char *const moves[] = {
	"up", "down", "page-up", "page-down", "top", "bottom", "left",
	"right", "first", "last", NULL
};

/* Pairs: back, then forth.  by 0 goes all the way. */
static bool move_by(struct ui *ui, const char *where, size_t count)
{
	struct view *v = &ui->view;
	enum panel_id panel = panel_focused(v);
	size_t page = ui->page > 2 ? (size_t)ui->page - 1 : 1, i = 0;
	bool sideways;
	size_t *at, n, by;

	while (moves[i] && strcmp(moves[i], where))
		i++;
	if (!moves[i])
		return false;
	sideways = i >= 6;
	by = i < 2 || i == 6 || i == 7 ? count :
	     i < 4 ? page * count : SIZE_MAX / 2;
	at = panel_cursor(v, ui->session, panel, sideways, &n);
	if (!at)
		return true;
	if (sideways && panel == PANEL_DATA) {
		v->column = grid_beside(ui->session, v->column, i % 2, by);
		return true;
	}
	if (panel == PANEL_DATA && !strcmp(where, "bottom"))
		*at = VIEW_LAST;
	else
		*at = moved(*at < n ? *at : n ? n - 1 : 0, n, i % 2, by);
	return true;
}

/* Rows go by the number that stands before them, also when they are sorted. */
static bool go_to_row(struct session *s, size_t number, struct err *err)
{
	struct view *v = &ui_of(s)->view;
	size_t row = number ? number - 1 : 0;

	if (!grid_order(s))
		v->at[PANEL_DATA] = row;	/* the last, if it is beyond */
	else if (!grid_go(s, v, row))
		return err_set(err, ERR_USAGE, "the filters hide row %zu, or "
			       "there is none", number);
	return true;
}

static bool move_cursor(struct session *s, int argc, char **argv,
			struct err *err)
{
	struct ui *ui = ui_of(s);
	char *end = NULL;
	unsigned long count = argc > 2 ? strtoul(argv[2], &end, 10) : 1;

	if (end && (*end || !isdigit((unsigned char)*argv[2]))) {
		s->fault = 2;
		return err_set(err, ERR_USAGE, "move %.20s wants a number",
			       argv[1]);
	}
	/* A number says which row, not how far. */
	if (argc > 2 && !strcmp(argv[1], "bottom") &&
	    panel_focused(&ui->view) == PANEL_DATA)
		return go_to_row(s, count, err);
	if (argc > 2 && !strcmp(argv[1], "bottom")) {
		move_by(ui, "top", 1);
		return move_by(ui, "down", count ? count - 1 : 0);
	}
	s->fault = 1;
	return move_by(ui, argv[1], count) ||
	       err_set(err, ERR_USAGE, "one cannot move '%.40s': up, down, "
		       "left, right, page-up, page-down, top, bottom, first, "
		       "last", argv[1]);
}

static const char *complete_move(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)s;
	(void)argv;
	return argc == 2 ? nth_word(moves, n) : NULL;
}

/* In Data the cursor cannot stand on what is hidden. */
static bool seen(const struct session *s, size_t column, struct err *err)
{
	return grid_shows(s, column) ||
	       panel_focused(&ui_of(s)->view) != PANEL_DATA ||
	       err_set(err, ERR_USAGE, "%.80s is hidden: unhide it first",
		       session_name(s, column));
}

/* The column of that name; else the first one whose name begins so, or has it
 * somewhere, in letters of either case; else -1. */
static int column_like(const struct session *s, const char *name)
{
	int c = (int)session_columns(s);
	int begins = -1, has = -1;

	while (c-- > 0) {
		const char *mine = session_name(s, (size_t)c);

		if (!strcmp(mine, name))
			return c;
		if (!strncasecmp(mine, name, strlen(name)))
			begins = c;
		if (strcasestr(mine, name))
			has = c;
	}
	return begins >= 0 ? begins : has;
}

/* Names of several words need no quotes. */
static bool go_to(struct session *s, int argc, char **argv, struct err *err)
{
	char *name = mem_strdup(argv[1]);
	int column;
	bool ok;

	for (int i = 2; i < argc; i++) {
		char *longer = mem_printf("%s %s", name, argv[i]);

		free(name);
		name = longer;
	}
	s->fault = 1;
	column = column_like(s, name);
	ok = column >= 0
		? seen(s, (size_t)column, err)
		: err_set(err, ERR_USAGE, "there is no column '%.80s'", name);
	if (ok)
		ui_of(s)->view.column = (size_t)column;
	free(name);
	return ok;
}

/* Leaves the sheet, if one is open. */
static bool row(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = ui_of(s);
	char *end;
	unsigned long number = strtoul(argv[1], &end, 10);

	s->fault = 1;
	if (*end || !isdigit((unsigned char)*argv[1]))
		return err_set(err, ERR_USAGE, "row wants a number");
	if (argc > 2 && !go_to(s, 2, argv + 1, err)) {
		s->fault = 2;
		return false;
	}
	s->fault = 1;
	if (!go_to_row(s, number, err))
		return false;
	panel_leave(&ui->view);
	ui_focus(ui, PANEL_DATA);
	return true;
}

static const char *complete_goto(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)argv;
	return argc == 2 && n < session_columns(s) ? session_name(s, n)
						   : NULL;
}

/* ---- panels ---- */

static bool focus(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = ui_of(s);
	int panel = panel_named(argv[1]);

	(void)argc;
	if (!strcmp(argv[1], "next"))
		panel = (int)(ui->view.focus + 1) % PANELS;
	else if (!strcmp(argv[1], "previous"))
		panel = (int)(ui->view.focus + PANELS - 1) % PANELS;
	s->fault = 1;
	if (panel < 0 || panel >= PANELS)
		return err_set(err, ERR_USAGE, "there is no panel '%.40s'",
			       argv[1]);
	panel_leave(&ui->view);
	ui_focus(ui, (enum panel_id)panel);
	return true;
}

/* The n-th sheet there is, or PANELS_AND_SHEETS. */
static enum panel_id nth_sheet(size_t n)
{
	int id = PANELS;

	while (id < PANELS_AND_SHEETS && (!panels[id] || n-- > 0))
		id++;
	return (enum panel_id)id;
}

/* What has to be there before a sheet has something on it. */
static bool nothing_on(const struct session *s, enum panel_id sheet,
		       const char *word, struct err *err)
{
	const struct result *r = session_newest(s);
	bool trained = sheet == SHEET_WEIGHT || sheet == SHEET_MODEL ||
		       sheet == SHEET_CURVES || sheet == SHEET_COMPARE ||
		       sheet == SHEET_DEPENDENCE || sheet == SHEET_WHY;

	if (!panel_table(s) || !trained)
		return err_set(err, ERR_USAGE, "%.20s needs a file that is "
			       "read", word);
	if (!r)
		return err_set(err, ERR_USAGE, "%.20s needs a result: r "
			       "trains", word);
	if (sheet == SHEET_WEIGHT)
		return err_set(err, ERR_USAGE, "%s has no weights of its own; "
			       "v asks how much worse it is without each "
			       "column", r->method->name);
	return err_set(err, ERR_USAGE, "of %s there is no %.20s to show",
		       r->method->name, word);
}

static bool show_sheet(struct session *s, int argc, char **argv,
		       struct err *err)
{
	struct ui *ui = ui_of(s);
	int sheet = panel_named(argv[1]);

	s->fault = 1;
	if (sheet < PANELS)
		return err_set(err, ERR_USAGE, "there is no sheet '%.40s'",
			       argv[1]);
	if (argc > 2) {
		s->fault = 2;
		if (!go_to(s, 2, argv + 1, err))
			return false;
	}
	if (panels[sheet]->rows(s) == 0)
		return nothing_on(s, (enum panel_id)sheet, argv[1], err);
	panel_open(&ui->view, (enum panel_id)sheet);
	ui_focus(ui, panels[sheet]->home);
	return true;
}

static const char *complete_show(const struct session *s, int argc,
				 char **argv, size_t n)
{
	enum panel_id sheet = nth_sheet(n);

	if (argc == 3)
		return complete_goto(s, 2, argv, n);
	return argc == 2 && sheet < PANELS_AND_SHEETS ? panel_word(sheet)
						      : NULL;
}

/* The order of the lines of a sheet. */
static bool order(struct session *s, int argc, char **argv, struct err *err)
{
	struct view *v = &ui_of(s)->view;
	struct view_order *d = &v->describe;
	bool down = !strcmp(argv[1], "down");

	(void)argc;
	s->fault = 1;
	if (!down && strcmp(argv[1], "up"))
		return err_set(err, ERR_USAGE, "order up, or down");
	s->fault = 0;
	if (v->sheet == SHEET_VALUES) {
		v->by_value = !down;
		v->at[SHEET_VALUES] = 0;
		return true;
	}
	if (v->sheet != SHEET_DESCRIBE)
		return err_set(err, ERR_USAGE, "order is for the sheets "
			       "Describe and Values: show describe");
	if (d->by == d->measure + 1 && d->down == down)
		d->by = 0;
	else
		d->by = d->measure + 1;
	d->down = down;
	return true;
}

static const char *complete_order(const struct session *s, int argc,
				  char **argv, size_t n)
{
	static const char *const ways[] = { "up", "down", NULL };

	(void)s;
	(void)argv;
	return argc == 2 ? nth_word(ways, n) : NULL;
}

/* Only the rows of which it is true, in Data. */
static bool drill(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = ui_of(s);
	char *line = mem_printf("filter %s", argv[1]);
	bool ok = session_do(s, line, err);

	(void)argc;
	free(line);
	if (!ok)
		return false;
	panel_leave(&ui->view);
	ui->view.at[PANEL_DATA] = 0;
	ui_focus(ui, PANEL_DATA);
	return true;
}

/* What stands on a line of the notes; its rows are shown in Data. */
static bool take(struct session *s, int argc, char **argv, struct err *err)
{
	char *end, *line, *words[] = { argv[0], NULL };
	unsigned long number = strtoul(argv[1], &end, 10);
	static const char filter[] = "filter ";
	bool ok, shows;

	(void)argc;
	s->fault = 1;
	line = *end || !number ? NULL : notes_line(s, number - 1);
	if (!line)
		return err_set(err, ERR_USAGE, "there is nothing to take: W "
			       "shows the notes");
	shows = !strncmp(line, filter, strlen(filter));
	words[1] = line + strlen(filter);
	ok = shows ? drill(s, 2, words, err) : session_do(s, line, err);
	if (ok && !shows)
		notes_took(s, line);
	free(line);
	return ok;
}

/* One layer: a sheet, what is looked for, a panel that stands alone. */
static bool back(struct session *s, int argc, char **argv, struct err *err)
{
	struct view *v = &ui_of(s)->view;

	(void)argc;
	(void)argv;
	(void)err;
	if (v->sheet) {
		panel_back(v);
		ui_focus(ui_of(s), v->sheet ? panels[v->sheet]->home : v->from);
	} else if (v->focus == PANEL_DATA && hunt_pattern(s)) {
		hunt_end(s);
	} else {
		v->maximised = false;
	}
	return true;
}

static const char *complete_focus(const struct session *s, int argc,
				  char **argv, size_t n)
{
	static const char *const others[] = { "next", "previous", NULL };

	(void)s;
	(void)argv;
	if (argc != 2)
		return NULL;
	return n < PANELS ? panel_word(n) : nth_word(others, n - PANELS);
}

static bool maximise(struct session *s, int argc, char **argv,
		     struct err *err)
{
	struct view *v = &ui_of(s)->view;

	s->fault = 1;
	if (argc == 1)
		v->maximised = !v->maximised;
	else if (!strcmp(argv[1], "on") || !strcmp(argv[1], "off"))
		v->maximised = !strcmp(argv[1], "on");
	else
		return err_set(err, ERR_USAGE, "maximise on, or off");
	return true;
}

static const char *complete_switch(const struct session *s, int argc,
				   char **argv, size_t n)
{
	static const char *const switches[] = { "on", "off", NULL };

	(void)s;
	(void)argv;
	return argc == 2 ? nth_word(switches, n) : NULL;
}

const struct command commands_ui[] = {
	{ .name = "move", .args = "up|down|left|right|page-up|page-down|top|"
	  "bottom|first|last [N]",
	  .help = "Move the cursor of the focused panel",
	  .min = 1, .max = 2, .flags = COMMAND_SCREEN,
	  .complete = complete_move, .run = move_cursor },
	{ .name = "goto", .args = "COLUMN",
	  .help = "Go to a column by its name",
	  .min = 1, .max = -1, .flags = COMMAND_SCREEN,
	  .complete = complete_goto, .run = go_to },
	{ .name = "row", .args = "NUMBER [COLUMN]",
	  .help = "Go to a row of Data by its number",
	  .min = 1, .max = 2, .flags = COMMAND_SCREEN, .run = row },
	{ .name = "focus", .args = "PANEL|next|previous",
	  .help = "Go to a panel",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_focus, .run = focus },
	{ .name = "show", .args = "SHEET [COLUMN]",
	  .help = "Open a sheet: column, describe, values, record, faults, "
	  "notes, rule, rules, model, method, weight, dependence, why, tries, "
	  "worst",
	  .min = 1, .max = 2, .flags = COMMAND_SCREEN,
	  .complete = complete_show, .run = show_sheet },
	{ .name = "back", .args = "",
	  .help = "Step out: of a sheet, to all panels",
	  .flags = COMMAND_SCREEN, .run = back },
	{ .name = "order", .args = "up|down",
	  .help = "Put the lines of a sheet in order",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_order, .run = order },
	{ .name = "drill", .args = "EXPRESSION",
	  .help = "Show in Data only the rows of which it is true",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN | COMMAND_RAW,
	  .run = drill },
	{ .name = "take", .args = "N",
	  .help = "Do what line N of the notes says",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN, .run = take },
	{ .name = "maximise", .args = "[on|off]",
	  .help = "Show the focused panel alone",
	  .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_switch, .run = maximise },
	{ 0 }
};
