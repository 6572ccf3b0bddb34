/*
 * sheet-notes.c - what the guards found and what is suggested, and taking it
 *
 *	! G02  the answer among the features
 *	       TWF, HDF, PWF, OSF and RNF restate Machine failure ...
 *	         now, with them   ██████████████████████▊  mcc  0.983
 *	         without them     █████████▊                    0.416
 *	     ▸ leave out          features -TWF -HDF -PWF -OSF -RNF
 *	       show the 27 rows   filter (`Machine failure` = 1) != ...
 *
 * The lines are made first (note-lines.h), and then those that are in sight are
 * drawn; at the bottom stands what became of the last command that was taken.
 */
#include "note-lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "panel.h"

enum { BAR_MOST = 48 };

/* ---- drawing ---- */

static void draw_head(const struct canvas *c, int y, const struct line *line)
{
	const struct warning *f = line->finding;
	int x = 3 + 5;

	draw_text(c, y, 1, 1, f->proposal ? TONE_ACCENT : TONE_WARN,
		  f->proposal ? "?" : draw_glyph(GLYPH_ALERT));
	draw_text(c, y, 3, 4, TONE_STRONG, f->guard->code);
	draw_text(c, y, x, c->columns - 1 - x, TONE_STRONG, f->guard->name);
}

/*
 * A bar of width columns whose full length is a perfect score; when one of the
 * two is below 0 both stand on a common zero, and no bar is longer than 1.
 */
static void draw_score_bar(const struct canvas *c, int y, int x, int width,
			   enum tone tone, const struct warning *f,
			   double score)
{
	double low = fmin(f->now, f->then);
	int left = low < 0 ? (int)(width * fmin(-low, 1) /
				   (1 + fmin(-low, 1))) : 0;

	if (left < 1 && low < 0)
		left = 1;
	if (score >= 0)
		draw_bar(c, y, x + left, width - left, tone, fmin(score, 1));
	else
		draw_bar_left(c, y, x, left, TONE_BAD,
			      fmin(score / fmax(low, -1), 1));
	if (score < -1)
		draw_text(c, y, x, 1, TONE_BAD, draw_glyph(GLYPH_MORE));
}

static void draw_score(const struct lines *l, const struct canvas *c, int y,
		       const struct line *line)
{
	const struct warning *f = line->finding;
	double score = line->then ? f->then : f->now;
	int x = line->indent, name = l->score_name, width;
	char text[MEASURE_TEXT];

	draw_text(c, y, x, l->labels, TONE_PLAIN, line->text);
	x += l->labels + 2;
	width = c->columns - 1 - x - name - SCORE_WIDTH - 2;
	width = width > BAR_MOST ? BAR_MOST : width;
	if (width >= 6) {
		draw_score_bar(c, y, x, width, line->tone, f, score);
		x += width + 2;
	}
	if (!line->then)
		draw_text(c, y, x, name, TONE_DIM, f->score);
	draw_right(c, y, x + name, SCORE_WIDTH, TONE_STRONG,
		   panel_measure(text, score));
}

static void draw_stop(const struct lines *l, const struct canvas *c, int y,
		      const struct line *line)
{
	int x = line->indent, end = c->columns - 1;

	draw_text(c, y, x, line->command ? l->deeds : end - x, line->tone,
		  line->text);
	x += l->deeds + 2;
	if (line->command)
		draw_text(c, y, x, end - x, TONE_ACCENT, line->command);
}

static void draw_line(const struct lines *l, const struct canvas *c, int y,
		      const struct line *line)
{
	switch (line->kind) {
	case LINE_TEXT:
		draw_text(c, y, line->indent, c->columns - 1 - line->indent,
			  line->tone, line->text);
		return;
	case LINE_HEAD:
		draw_head(c, y, line);
		return;
	case LINE_SCORE:
		draw_score(l, c, y, line);
		return;
	case LINE_STOP:
		draw_stop(l, c, y, line);
		return;
	}
}

/* What became of what was taken, on a line of its own. */
static void draw_taken(const struct canvas *c, const char *command,
		       const char *said)
{
	int y = c->rows - 1, x = 3, width = (int)text_width(said), end;
	const char *back = c->columns >= NARROW ? "   u takes it back" : "  u";

	end = c->columns - 1 - (int)text_width(back);
	draw_right(c, y, end, c->columns - 1 - end, TONE_DIM, back);
	if (end - x - width - 3 >= 8)
		x += draw_text(c, y, x, end - x - width - 3, TONE_PLAIN,
			       command) + 3;
	draw_text(c, y, 1, 1, TONE_GOOD, draw_glyph(GLYPH_USED));
	draw_text(c, y, x, end - x, TONE_STRONG, said);
}

/* The line of a place, and the first of what belongs to it. */
static size_t line_of(const struct lines *l, size_t stop, size_t *first)
{
	size_t i = 0;

	while (i < l->n && l->line[i].stop != (int)stop)
		i++;
	*first = i < l->n ? i : 0;
	while (*first > 0 && *l->line[*first].text &&
	       l->line[*first - 1].stop == NO_STOP &&
	       *l->line[*first - 1].text)
		(*first)--;
	return i < l->n ? i : 0;
}

/* The place under the cursor is in sight, with what it belongs to if that
 * is not too long, and with the reasons behind it. */
static size_t top_of(const struct lines *l, struct view *v, int rows)
{
	size_t first, at = line_of(l, v->at[SHEET_NOTES], &first), last = at;

	while (last + 1 < l->n && l->line[last + 1].stop == NO_STOP &&
	       *l->line[last + 1].text &&
	       l->line[last + 1].kind == LINE_TEXT)
		last++;
	panel_top(v, SHEET_NOTES, last, l->n, rows);
	if (last - first < (size_t)rows)
		panel_top(v, SHEET_NOTES, first, l->n, rows);
	return panel_top(v, SHEET_NOTES, at, l->n, rows);
}

/* A finding that is cut off at the top keeps its head there, but not in the
 * place of the cursor. */
static void draw_head_again(const struct lines *l, const struct view *v,
			    const struct canvas *c, size_t top)
{
	size_t i = top;

	while (i > 0 && *l->line[i].text && l->line[i].kind != LINE_HEAD)
		i--;
	if (i == top || l->line[i].kind != LINE_HEAD || c->rows < 3 ||
	    l->line[top].stop == (int)v->at[SHEET_NOTES])
		return;
	draw_printf(c, 0, 0, c->columns, TONE_PLAIN, "%*s", c->columns,
		    "");
	draw_head(c, 0, &l->line[i]);
}

static void draw_lines(const struct lines *l, struct view *v,
		       const struct canvas *c, bool focused)
{
	size_t top = top_of(l, v, c->rows);
	struct canvas old = panel_canvas(c, notes_state(l->session) !=
					    NOTES_TRUE);
	bool found = l->notes.findings > 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct line *line = &l->line[i];
		int y = (int)i - (int)top;

		found = found && (line->stop == NO_STOP ||
			 l->notes.stop[line->stop].finding);
		if (i < top || y >= c->rows)
			continue;
		draw_line(l, found ? &old : c, y, line);
		if (line->stop != (int)v->at[SHEET_NOTES])
			continue;
		draw_text(c, y, line->indent - 2, 1, TONE_ACCENT,
			  draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
	draw_head_again(l, v, l->notes.findings ? &old : c, top);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	struct canvas list = *c;
	const char *command;
	struct lines lines;
	char *said;

	if (panel_waiting(s, c))
		return;
	command = notes_taken(s, &said);
	if (command && c->rows > 3) {
		list.rows--;
		draw_taken(c, command, said);
	}
	note_lines_init(&lines, s, c->columns);
	draw_lines(&lines, v, &list, focused);
	note_lines_clear(&lines);
	free(said);
}

/* ---- the sheet ---- */

/* One place says so when there is nothing. */
static size_t sheet_rows(const struct session *s)
{
	struct notes notes;
	size_t n;

	if (!panel_table(s))
		return 0;
	notes_init(&notes, s);
	n = notes.stops;
	notes_clear(&notes);
	return n ? n : 1;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "notes";
}

static void say_count(char *text, size_t size, size_t n, const char *what)
{
	if (n > 0)
		text_append(text, size, "%zu %s%s  ", n, what,
			    n == 1 ? "" : "s");
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	enum notes_state state = notes_state(s);
	size_t warnings = 0, suggestions = 0;
	struct notes notes;

	(void)v;
	*text = '\0';
	if (!panel_table(s))
		return;
	notes_init(&notes, s);
	for (size_t i = 0; i < notes.findings; i++)
		warnings += !notes.finding[i]->proposal;
	for (size_t i = 0; i < notes.stops; i++)
		suggestions += notes.stop[i].kind == NOTE_SUGGESTION;
	say_count(text, size, suggestions, "suggestion");
	say_count(text, size, notes.findings - warnings, "proposal");
	say_count(text, size, warnings, "warning");
	text_append(text, size, "%s", state == NOTES_LOOKING ? "looking" :
		    state == NOTES_STALE ? "before the change" : "");
	while (*text && text[strlen(text) - 1] == ' ')
		text[strlen(text) - 1] = '\0';
	notes_clear(&notes);
}

static void sheet_want(struct session *s, struct view *v)
{
	v->noted = source_opened(session_source(s));
}

/* Its number, which the command takes. */
static const char *sheet_item(const struct session *s, const struct view *v)
{
	static char item[COUNT_TEXT];

	(void)s;
	snprintf(item, sizeof(item), "%zu", v->at[SHEET_NOTES] + 1);
	return item;
}

const struct panel sheet_notes = {
	.name = "Notes", .home = PANEL_TRAINING,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
