#include "layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "draft-box.h"
#include "frame.h"
#include "help-view.h"
#include "prompt.h"
#include "run/judge.h"
#include "rule-text.h"

/* A place on the screen and the panels that share it. */
struct slot {
	int y, x, rows, columns;
	size_t n;
	enum panel_id panel[PANELS];
};

/* From these sizes on there is room for so much. */
enum {
	LINE_ROWS = 4, LINE_COLUMNS = 20,	/* more than a line of text */
	FEW_ROWS = 16, FEW_COLUMNS = 60,	/* three places */
	SHEET_ROWS = 20,			/* a sheet and one below */
	TALL_ROWS = 34,				/* five places */
	ALL_ROWS = 28, ALL_COLUMNS = 110	/* all six */
};

enum { MESSAGE_LINES = 4 };

/* ---- places ---- */

static size_t one_place(const struct ui *ui, int rows, int columns,
			struct slot *slot)
{
	slot[0] = (struct slot){ 1, 0, rows - 2, columns, 1,
				 { panel_focused(&ui->view) } };
	if (ui->view.maximised || ui->view.sheet)
		return 1;
	slot[0].n = PANELS;
	for (size_t p = 0; p < PANELS; p++)
		slot[0].panel[p] = (enum panel_id)p;
	return 1;
}

/* What comes of the choices on a sheet stays in sight below it. */
static size_t sheet_places(const struct ui *ui, int rows, int columns,
			   struct slot *slot)
{
	const struct panel *sheet = panels[ui->view.sheet];
	int all = rows - 2, below = all >= 32 ? 12 : all * 4 / 10;
	int left = columns >= ALL_COLUMNS ? columns * 58 / 100 : columns;

	if (!sheet->lines || all < SHEET_ROWS || columns < FEW_COLUMNS)
		return one_place(ui, rows, columns, slot);
	if (all - below > sheet->lines() + 2)
		below = all - sheet->lines() - 2;
	slot[0] = (struct slot){ 1, 0, all - below, columns, 1,
				 { ui->view.sheet } };
	slot[1] = (struct slot){ 1 + all - below, 0, below, left, 1,
				 { PANEL_TRAINING } };
	slot[2] = (struct slot){ 1 + all - below, left, below, columns - left,
				 1, { PANEL_WEIGHTS } };
	return left < columns ? 3 : 2;
}

static size_t three_places(int rows, int columns, struct slot *slot)
{
	int left = columns * 42 / 100, right = columns - left;
	int all = rows - 3, upper = all - all / 2 - all % 2;

	slot[0] = (struct slot){ 1, 0, all, left, 2,
				 { PANEL_COLUMNS, PANEL_CLEANING } };
	slot[1] = (struct slot){ 1, left, upper, right, 2,
				 { PANEL_DATA, PANEL_RUNS } };
	slot[2] = (struct slot){ 1 + upper, left, all - upper, right, 2,
				 { PANEL_TRAINING, PANEL_WEIGHTS } };
	return 3;
}

/* The same beside each other, where the screen is wide and low. */
static size_t three_abreast(int rows, int columns, struct slot *slot)
{
	int left = columns * 28 / 100, middle = (columns - left) / 2;
	int all = rows - 3;

	slot[0] = (struct slot){ 1, 0, all, left, 2,
				 { PANEL_COLUMNS, PANEL_CLEANING } };
	slot[1] = (struct slot){ 1, left, all, middle, 2,
				 { PANEL_DATA, PANEL_RUNS } };
	slot[2] = (struct slot){ 1, left + middle, all,
				 columns - left - middle, 2,
				 { PANEL_TRAINING, PANEL_WEIGHTS } };
	return 3;
}

static size_t five_places(int rows, int columns, struct slot *slot)
{
	int left = columns * 35 / 100, right = columns - left;
	int all = rows - 2, names = all * 6 / 10, data = all * 4 / 10;
	int training = 12;

	slot[0] = (struct slot){ 1, 0, names, left, 1, { PANEL_COLUMNS } };
	slot[1] = (struct slot){ 1 + names, 0, all - names, left, 1,
				 { PANEL_CLEANING } };
	slot[2] = (struct slot){ 1, left, data, right, 1, { PANEL_DATA } };
	slot[3] = (struct slot){ 1 + data, left, training, right, 1,
				 { PANEL_TRAINING } };
	slot[4] = (struct slot){ 1 + data + training, left,
				 all - data - training, right, 2,
				 { PANEL_WEIGHTS, PANEL_RUNS } };
	return 5;
}

static size_t six_places(int rows, int columns, struct slot *slot)
{
	int left = columns * 30 / 100;
	int training = (columns - left + 1) * 51 / 100;
	int weights = columns - left - training;
	int all = rows - 2, middle = 10 + (all - 26) / 6;
	int upper, lower;

	if (middle > 16)
		middle = 16;
	upper = (all - middle) * 62 / 100;
	lower = all - middle - upper;
	slot[0] = (struct slot){ 1, 0, upper, left, 1, { PANEL_COLUMNS } };
	slot[1] = (struct slot){ 1, left, upper, columns - left, 1,
				 { PANEL_DATA } };
	slot[2] = (struct slot){ 1 + upper, 0, middle, left, 1,
				 { PANEL_CLEANING } };
	slot[3] = (struct slot){ 1 + upper, left, middle, training, 1,
				 { PANEL_TRAINING } };
	slot[4] = (struct slot){ 1 + upper, left + training, middle, weights,
				 1, { PANEL_WEIGHTS } };
	slot[5] = (struct slot){ 1 + upper + middle, 0, lower, columns, 1,
				 { PANEL_RUNS } };
	return 6;
}

static size_t places(const struct ui *ui, struct slot slot[PANELS])
{
	int rows = LINES, columns = COLS;

	if (rows < LINE_ROWS || columns < LINE_COLUMNS)
		return 0;
	if (ui->view.sheet)
		return sheet_places(ui, rows, columns, slot);
	if (rows < FEW_ROWS || columns < FEW_COLUMNS || ui->view.maximised)
		return one_place(ui, rows, columns, slot);
	if (rows >= ALL_ROWS && columns >= ALL_COLUMNS)
		return six_places(rows, columns, slot);
	if (rows >= TALL_ROWS)
		return five_places(rows, columns, slot);
	if (columns >= ALL_COLUMNS)
		return three_abreast(rows, columns, slot);
	return three_places(rows, columns, slot);
}

/* Of those that share a place, the one that had the focus last. */
static enum panel_id shown_in(const struct ui *ui, const struct slot *slot)
{
	enum panel_id best = slot->panel[0];

	for (size_t i = 1; i < slot->n; i++)
		if (ui->turn[slot->panel[i]] > ui->turn[best])
			best = slot->panel[i];
	return best;
}

int layout_panel_at(const struct ui *ui, int y, int x)
{
	struct slot slot[PANELS];
	size_t n = places(ui, slot);

	for (size_t i = 0; i < n; i++)
		if (y >= slot[i].y && y < slot[i].y + slot[i].rows &&
		    x >= slot[i].x && x < slot[i].x + slot[i].columns)
			return (int)shown_in(ui, &slot[i]);
	return -1;
}

/* ---- titles ---- */

/* " 1 Columns ", or " 1 " where there is no room for names. */
static void title_text(char *text, size_t size, enum panel_id panel,
		       bool named)
{
	snprintf(text, size, " %d%s%s ", (int)panel + 1, named ? " " : "",
		 named ? panels[panel]->name : "");
}

static int titles_width(const struct slot *slot)
{
	char text[40];
	int width = (int)slot->n - 1;

	for (size_t i = 0; i < slot->n; i++) {
		title_text(text, sizeof(text), slot->panel[i], true);
		width += (int)text_width(text);
	}
	return width;
}

/* The names of all panels of the place; returns where they end. */
static int draw_titles(const struct canvas *frame, const struct slot *slot,
		       enum panel_id shown, bool focused)
{
	bool room = titles_width(slot) <= frame->columns - 4;
	char text[40];
	int x = 2;

	for (size_t i = 0; i < slot->n; i++) {
		bool here = slot->panel[i] == shown;
		enum tone tone = here && focused ? TONE_ACCENT :
				 here ? TONE_PLAIN : TONE_DIM;

		if (i > 0 && x < frame->columns - 1)
			x += draw_text(frame, 0, x, 1, TONE_DIM,
				       draw_glyph(GLYPH_AXIS));
		title_text(text, sizeof(text), slot->panel[i], room || here);
		x += draw_text(frame, 0, x, frame->columns - 1 - x, tone,
			       text);
	}
	return x;
}

static void draw_note(const struct ui *ui, const struct canvas *frame,
		      enum panel_id panel, int from, bool focused)
{
	char note[120] = "", text[128], *safe, *rest;
	int width, room = frame->columns - 3 - from;

	if (!panels[panel]->note)
		return;
	panels[panel]->note(ui->session, &ui->view, note, sizeof(note));
	if (!*note)
		return;
	snprintf(text, sizeof(text), " %s ", note);
	rest = safe = text_safe_dup(text);
	/* What matters most comes last, behind two blanks. */
	while (rest && (int)text_width(rest) > room) {
		rest = strstr(rest, "  ");
		rest = rest ? rest + 1 : NULL;
		rest = rest && rest[1] ? rest : NULL;
	}
	width = rest ? (int)text_width(rest) : 0;
	if (rest)
		draw_text(frame, 0, frame->columns - 2 - width, width,
			  focused ? TONE_PLAIN : TONE_DIM, rest);
	free(safe);
}

/* " 1 Columns ▸ torque " for a sheet. */
static int draw_sheet_title(const struct ui *ui, const struct canvas *frame)
{
	const struct panel *sheet = panels[ui->view.sheet];
	char *name = text_safe_dup(sheet->title
				   ? sheet->title(ui->session, &ui->view)
				   : sheet->name);
	int x = 2;

	x += draw_printf(frame, 0, x, frame->columns - 1 - x, TONE_ACCENT,
			 " %d %s %s %s ", (int)sheet->home + 1,
			 panels[sheet->home]->name, draw_glyph(GLYPH_CURSOR),
			 name);
	free(name);
	return x;
}

static int draw_title(const struct ui *ui, const struct canvas *frame,
		      const struct slot *slot, enum panel_id shown,
		      bool focused)
{
	return shown >= PANELS ? draw_sheet_title(ui, frame)
			       : draw_titles(frame, slot, shown, focused);
}

static void draw_slot(struct ui *ui, const struct slot *slot)
{
	enum panel_id panel = shown_in(ui, slot);
	bool focused = panel == panel_focused(&ui->view);
	struct frame f;

	if (!frame_begin(&f, slot->y, slot->x, slot->rows, slot->columns,
			 focused ? TONE_ACCENT : TONE_DIM))
		return;
	draw_note(ui, &f.border, panel,
		  draw_title(ui, &f.border, slot, panel, focused), focused);
	if (f.inside.window)
		panels[panel]->draw(ui->session, &ui->view, &f.inside,
				    focused);
	if (focused)
		ui->page = f.inside.rows;
	frame_end(&f);
}

/* ---- lines ---- */

static void draw_top(const struct ui *ui)
{
	struct canvas line;

	if (!line_begin(0, &line))
		return;
	draw_header(ui->session, &line);
	line_end(&line);
}

/* The account, in as few words as it takes to have the split beside it. */
static void ledger_text(const struct session *s, char text[ACCOUNT_TEXT])
{
	char split[ACCOUNT_TEXT];
	int width = COLS - 2;

	account_split(s, width, split);
	account_fit(&s->ledger, width - (int)text_width(split) - 3, 1, text);
	text_append(text, ACCOUNT_TEXT, "%s%s", *split ? "   " : "", split);
}

static void draw_ledger(const struct ui *ui)
{
	const struct session *s = ui->session;
	char text[ACCOUNT_TEXT] = "";
	struct canvas line;

	if (!line_begin(LINES - 2, &line))
		return;
	if (panel_table(s) && s->ledger_key)
		ledger_text(s, text);
	draw_text(&line, 0, 1, COLS - 2, !panel_table(s) ||
		  session_ledger_stale(s) ? TONE_DIM : TONE_PLAIN, text);
	line_end(&line);
}

static int hint_width(const struct key *key)
{
	return (int)text_width(key->name) + 1 + (int)text_width(key->hint);
}

static int draw_hint(const struct canvas *line, int x, int end,
		     const struct key *key)
{
	if (x + hint_width(key) > end)
		return x;
	x += draw_text(line, 0, x, end - x, TONE_ACCENT, key->name) + 1;
	return x + draw_text(line, 0, x, end - x, TONE_PLAIN, key->hint) + 3;
}

/* A hint is of a key that does something now. */
static bool applies(const struct session *s, const struct key *key)
{
	const struct result *r = session_newest(s);
	bool training = s->working == WORK_TRAIN;

	if (!strncmp(key->command, "stop ", 5) ||
	    !strcmp(key->command, "pause"))
		return training;
	if (!strcmp(key->command, "train"))
		return !training;
	if (!strncmp(key->command, "threshold ", 10))
		return r && judge_moves(r);
	if (key->panel == PANEL_WEIGHTS && !strncmp(key->command, "move ", 5))
		return r && r->sets > 1;
	if (key->panel == PANEL_WEIGHTS && !strcmp(key->command, "show weight"))
		return r && r->weights;
	return key->panel != PANEL_WEIGHTS || r;
}

/* Who is lost looks for these: they have room before all others. */
static bool is_way_out(const struct key *key)
{
	return key->panel == PANEL_ANY &&
	       (!strcmp(key->name, "?") || !strcmp(key->name, "q"));
}

/* The hints of one panel's keys, in the order of the table. */
static int draw_hints_of(const struct session *s, const struct canvas *line,
			 int x, int end, int panel, bool ways_out)
{
	const struct key *key;

	for (size_t n = 0; (key = key_nth(n)); n++)
		if (key->hint && key->panel == panel &&
		    is_way_out(key) == ways_out && applies(s, key))
			x = draw_hint(line, x, end, key);
	return x;
}

/* This panel's keys first, then those of all. */
static void draw_hints(const struct ui *ui, const struct canvas *line, int end)
{
	const struct session *s = ui->session;
	const struct key *key;
	int room = end, x = 1;

	for (size_t n = 0; (key = key_nth(n)); n++)
		if (key->hint && is_way_out(key) && end > 60)
			room -= hint_width(key) + 3;
	x = draw_hints_of(s, line, x, room, (int)panel_focused(&ui->view),
			  false);
	x = draw_hints_of(s, line, x, room, PANEL_ANY, false);
	draw_hints_of(s, line, x, end, PANEL_ANY, true);
}

/* At the right: what goes on without being asked.  Returns where it begins. */
static int draw_state(const struct ui *ui, const struct canvas *line)
{
	char text[80];
	bool on = ui->session->train_by_itself;
	int width;

	if (ui->view.frozen)
		snprintf(text, sizeof(text), "Z: the picture stands still");
	else
		snprintf(text, sizeof(text), "A: trains by itself %s",
			 on ? draw_glyph(GLYPH_ON) : "off");
	width = (int)text_width(text);
	if (COLS < 100 && !ui->view.frozen)
		return COLS;
	draw_right(line, 0, COLS - 1 - width, width,
		   ui->view.frozen ? TONE_WARN : TONE_DIM, text);
	return COLS - 1 - width - 2;
}

/* A message may be longer than a line: then it takes some of those above. */
static int message_lines(const char *text)
{
	int n = 0, width = COLS - 4, most = LINES > 8 ? MESSAGE_LINES : 1;

	while (*text && n < most && width > 0) {
		text += text_line(text, (size_t)width);
		text += strspn(text, " ");
		n++;
	}
	return n ? n : 1;
}

static void draw_message(const struct session *s)
{
	enum tone tone = s->message_is_error ? TONE_BAD : TONE_STRONG;
	char *safe = text_safe_dup(s->message), *text = safe;
	int n = message_lines(safe), x = s->message_is_error ? 3 : 1;
	struct canvas line;

	for (int i = 0; i < n && line_begin(LINES - n + i, &line); i++) {
		size_t len = i < n - 1 ? text_line(text, (size_t)COLS - 4)
				       : strlen(text);
		char *part = mem_strndup(text, len);

		if (i == 0 && s->message_is_error)
			draw_text(&line, 0, 1, 1, tone,
				  draw_glyph(GLYPH_ALERT));
		draw_text(&line, 0, x, COLS - x, tone, part);
		line_end(&line);
		free(part);
		text += len;
		text += strspn(text, " ");
	}
	free(safe);
}

/* The last line: a question, a message until the next key, or hints. */
static void draw_bottom(const struct ui *ui)
{
	struct canvas line;

	if (*ui->session->message && !ui->asking) {
		draw_message(ui->session);
		return;
	}
	if (!line_begin(LINES - 1, &line))
		return;
	if (ui->asking)
		draw_text(&line, 0, 1, COLS - 2, TONE_WARN, "a training is "
			  "going on and would be lost: quit?  y n");
	else
		draw_hints(ui, &line, draw_state(ui, &line));
	line_end(&line);
}

/* ---- what lies over the panels ---- */

static void draw_candidates(void)
{
	struct canvas line;

	if (!*prompt_candidates() || !line_begin(LINES - 2, &line))
		return;
	draw_text(&line, 0, 1, COLS - 2, TONE_ACCENT, prompt_candidates());
	line_end(&line);
}

/* Where word number n of a line begins, or byte at of it, in columns. */
static int word_column(const char *text, int n, size_t at)
{
	struct words words;
	int column = 0;

	words_split(&words, text, NULL);
	if (n >= 0 && (size_t)n < words.n) {
		char *before = mem_strndup(text, words.start[n] + at);
		char *safe = text_safe_dup(before);

		column = (int)text_width(safe);
		free(safe);
		free(before);
	}
	words_clear(&words);
	return column;
}

/* The line that was typed, and a caret under the word that is wrong. */
static void draw_fault(const struct ui *ui)
{
	struct canvas line;
	int column, y;

	if (!ui->typed || !ui->session->message_is_error || LINES < 12)
		return;
	column = 2 + word_column(ui->typed, ui->fault, ui->fault_at);
	y = LINES - 2 - message_lines(ui->session->message);
	if (column >= COLS)
		return;
	if (line_begin(y, &line)) {
		draw_text(&line, 0, 1, 1, TONE_DIM, ":");
		draw_text(&line, 0, 2, COLS - 3, TONE_PLAIN, ui->typed);
		line_end(&line);
	}
	if (line_begin(y + 1, &line)) {
		draw_text(&line, 0, column, 1, TONE_BAD, "^");
		line_end(&line);
	}
}

/* ---- the picture ---- */

/* All that there is room for on a very small screen. */
static void draw_one_line(const struct ui *ui)
{
	const struct session *s = ui->session;
	const struct result *r = session_newest(s);
	char work[MEASURE_TEXT], rank[HEADLINE_TEXT];
	struct canvas line;

	werase(stdscr);
	wnoutrefresh(stdscr);
	if (!line_begin(LINES - 1, &line))
		return;
	if (ui->asking)
		draw_text(&line, 0, 0, COLS, TONE_WARN, "quit? y n");
	else if (*s->message)
		draw_text(&line, 0, 0, COLS, s->message_is_error ? TONE_BAD :
			  TONE_PLAIN, s->message);
	else if (*panel_work(work, s))
		draw_text(&line, 0, 0, COLS, TONE_PLAIN, work);
	else if (r)
		draw_text(&line, 0, 0, COLS, TONE_PLAIN, r->task ==
			  TASK_REGRESSION ? panel_rank(rank, r) :
			  panel_headline(rank, r));
	else
		draw_text(&line, 0, 0, COLS, TONE_PLAIN, "gemba");
	line_end(&line);
}

static void draw_panels(struct ui *ui)
{
	struct slot slot[PANELS];
	size_t n = places(ui, slot);

	if (n == 0) {
		draw_one_line(ui);
		return;
	}
	draw_top(ui);
	for (size_t i = 0; i < n; i++)
		draw_slot(ui, &slot[i]);
	if (n == 3 && !ui->view.sheet)
		draw_ledger(ui);
}

/* Rows come and go, and cursors stay on them. */
static void keep_cursors(struct ui *ui)
{
	struct view *v = &ui->view;

	for (size_t p = 0; p < PANELS_AND_SHEETS; p++) {
		size_t rows = panels[p] ? panels[p]->rows(ui->session) : 0;

		if (v->at[p] >= rows && v->at[p] != VIEW_LAST)
			v->at[p] = rows ? rows - 1 : 0;
		if (p == PANEL_COLUMNS && v->column >= rows)
			v->column = rows ? rows - 1 : 0;
	}
}

void layout_draw(struct ui *ui)
{
	bool small = LINES < LINE_ROWS || COLS < LINE_COLUMNS;

	keep_cursors(ui);
	if (ui->help && !small)
		help_draw(ui->help);
	else if (!ui->view.frozen || ui->thaw || small)
		draw_panels(ui);
	ui->thaw = false;
	if (!small && !ui->help) {
		draw_bottom(ui);
		draw_fault(ui);
	}
	if (prompt_is_open()) {
		draft_box_draw(ui->session, LINES - 2);
		draw_candidates();
		prompt_draw();
	}
	doupdate();
}
