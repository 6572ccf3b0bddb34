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
 * The lines are made first, and then those that are in sight are drawn; at
 * the bottom stands what became of the last command that was taken.
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "notes.h"

enum line_kind { LINE_TEXT, LINE_HEAD, LINE_SCORE, LINE_STOP };
enum { NO_STOP = -1, BAR_MOST = 48, NARROW = 60,
       SCORE_WIDTH = 6 };

struct line {
	enum line_kind kind;
	enum tone tone;
	char *text;			/* owned */
	const char *command;		/* borrowed, behind the text, or NULL */
	const struct warning *finding;	/* of a head or a score */
	bool then;			/* the other score */
	int indent;
	int stop;			/* its number, or NO_STOP */
};

struct lines {
	const struct session *session;
	struct notes notes;
	int columns;
	int deeds;		/* columns that the longest deed takes */
	int labels;		/* and the longest name of a score */
	size_t n;
	struct line *line;	/* owned */
};

static int indent_of(const struct lines *l)
{
	return l->columns < NARROW ? 3 : 8;
}

/* ---- making the lines ---- */

/* The text is handed over. */
static struct line *add(struct lines *l, enum line_kind kind, enum tone tone,
			int indent, char *text)
{
	l->line = mem_grow(l->line, l->n, sizeof(*l->line));
	l->line[l->n] = (struct line){ .kind = kind, .tone = tone,
				       .text = text, .indent = indent,
				       .stop = NO_STOP };
	return &l->line[l->n++];
}

static void add_gap(struct lines *l)
{
	if (l->n > 0)
		add(l, LINE_TEXT, TONE_PLAIN, 0, mem_strdup(""));
}

/* So much of a text goes into a line: up to a blank, if there is one. */
static size_t part_of(const char *text, int width)
{
	size_t fits = text_fit(text, width > 1 ? (size_t)width : 1, NULL);
	size_t blank = fits;

	if (!text[fits])
		return fits;
	while (blank > 0 && text[blank] != ' ')
		blank--;
	if (!fits)		/* wider than the line: one byte at least */
		fits = strlen(text);
	return blank ? blank : fits;
}

static void add_wrapped(struct lines *l, enum tone tone, int indent,
			const char *text)
{
	char *safe = text_safe_dup(text);
	const char *rest = safe;

	while (*rest) {
		size_t n = part_of(rest, l->columns - 1 - indent);

		add(l, LINE_TEXT, tone, indent, mem_strndup(rest, n));
		rest += n;
		rest += strspn(rest, " ");
	}
	free(safe);
}

static void add_score(struct lines *l, const struct warning *f, bool then)
{
	int indent = indent_of(l) + (l->columns < NARROW ? 0 : 2);
	char *name = then ? mem_strdup(f->instead) : notes_now(f);
	struct line *line = add(l, LINE_SCORE, f->proposal || then ?
				TONE_VALUES : TONE_WARN, indent, name);

	line->finding = f;
	line->then = then;
}

static void add_scores(struct lines *l, const struct warning *f)
{
	int indent = indent_of(l) + (l->columns < NARROW ? 0 : 2);
	char count[COUNT_TEXT], *text = notes_verdict(f);

	if (!f->score)
		return;
	add_score(l, f, false);
	add_score(l, f, true);
	if (text)
		add_wrapped(l, TONE_DIM, indent, text);
	free(text);
	if (!f->rows)
		return;
	text = mem_printf("both tried on %s rows", text_count(count, f->rows));
	add_wrapped(l, TONE_DIM, indent, text);
	free(text);
}

/* A finding begins at its first place of the cursor. */
static void add_finding(struct lines *l, const struct warning *f)
{
	struct line *head = add(l, LINE_HEAD, TONE_STRONG, 3,
				mem_strdup(f->guard->code));

	head->finding = f;
	add_wrapped(l, TONE_PLAIN, indent_of(l), f->text);
	add_scores(l, f);
}

static void add_stop(struct lines *l, size_t i)
{
	const struct stop *stop = &l->notes.stop[i];
	bool off = stop->kind == NOTE_OFF;
	char *deed = notes_deed(stop);
	struct line *line;

	if (off) {
		char *text = mem_printf("%s  %s", stop->guard->code, deed);

		free(deed);
		deed = text;
	}
	line = add(l, LINE_STOP, off ? TONE_DIM : TONE_PLAIN, indent_of(l),
		   deed);
	line->command = notes_command(stop);
	line->stop = (int)i;
	if (stop->kind == NOTE_SUGGESTION)
		add_wrapped(l, TONE_DIM, indent_of(l) + 2,
			    stop->suggestion->why);
}

/* All guards that are on and say nothing, by name. */
static char *looked_for(const struct session *s)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool first = true;

	for (const struct guard *g = guards; g->code; g++) {
		if (s->settings.guards_off & guard_bit(g))
			continue;
		fprintf(out, "%s%s", first ? "" : ", ", g->name);
		first = false;
	}
	fclose(out);
	return text;
}

static void add_calm(struct lines *l)
{
	static const char *const said[] = {
		[NOTES_NONE] = "after a training (r) the guards look for",
		[NOTES_STALE] = "after the next training (r) the guards look "
				"for",
		[NOTES_LOOKING] = "the guards are looking for",
		[NOTES_STOPPED] = "the guards were stopped; they look for",
		[NOTES_TRUE] = "the guards find nothing; they looked for",
	};
	enum notes_state state = notes_state(l->session);
	char *all = looked_for(l->session);
	char *text = *all ? mem_printf("%s: %s", said[state], all)
			  : mem_strdup("all guards are off");

	add_wrapped(l, state == NOTES_TRUE && *all ? TONE_GOOD : TONE_DIM, 1,
		    text);
	free(text);
	free(all);
}

static void add_title(struct lines *l, const char *title)
{
	add_gap(l);
	add(l, LINE_TEXT, TONE_DIM, 1, mem_strdup(title));
}

static void add_all(struct lines *l)
{
	const struct warning *f = NULL;
	enum note_kind kind = NOTE_REMEDY;

	if (!l->notes.findings)
		add_calm(l);
	for (size_t i = 0; i < l->notes.stops; i++) {
		const struct stop *stop = &l->notes.stop[i];

		if (stop->finding && stop->finding != f)
			add_gap(l);
		if (stop->finding && stop->finding != f)
			add_finding(l, stop->finding);
		f = stop->finding;
		if (stop->kind != kind && stop->kind == NOTE_SUGGESTION)
			add_title(l, "suggested");
		if (stop->kind != kind && stop->kind == NOTE_OFF)
			add_title(l, "guards that are off");
		kind = stop->kind;
		add_stop(l, i);
	}
}

/* "mcc", where there is room for it. */
static int score_name_width(const struct lines *l)
{
	return l->columns < 30 ? 0 : 4;
}

static void measure(struct lines *l)
{
	int most = l->columns / 2 - indent_of(l);

	for (size_t i = 0; i < l->n; i++) {
		const struct line *line = &l->line[i];
		char *safe = text_safe_dup(line->text);
		int width = (int)text_width(safe);

		if (line->kind == LINE_SCORE && width > l->labels)
			l->labels = width;
		if (line->command && width > l->deeds)
			l->deeds = width;
		free(safe);
	}
	if (l->deeds > most)
		l->deeds = most;
	if (l->columns < NARROW)
		most = l->columns - 1 - indent_of(l) - SCORE_WIDTH -
		       score_name_width(l) - 2;
	if (l->labels > most)
		l->labels = most;
}

static void lines_init(struct lines *l, const struct session *s, int columns)
{
	*l = (struct lines){ .session = s, .columns = columns };
	notes_init(&l->notes, s);
	add_all(l);
	measure(l);
}

static void lines_clear(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->line[i].text);
	free(l->line);
	notes_clear(&l->notes);
}

/* ---- drawing ---- */

static void draw_head(const struct lines *l, const struct canvas *c, int y,
		      const struct line *line)
{
	const struct warning *f = line->finding;
	int x = 3 + 5;

	(void)l;
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
	int x = line->indent, name = score_name_width(l), width;
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

	/* The command says it all where there is room for one of them. */
	if (l->columns < NARROW) {
		draw_text(c, y, x, end - x, line->tone, line->command ?
			  line->command : line->text);
		return;
	}
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
		draw_head(l, c, y, line);
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
	panel_top(v, SHEET_NOTES, first, l->n, rows);
	return panel_top(v, SHEET_NOTES, at, l->n, rows);
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
	lines_init(&lines, s, c->columns);
	draw_lines(&lines, v, &list, focused);
	lines_clear(&lines);
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
		text_append(text, size, "%s%zu %s%s", *text ? "  " : "", n,
			    what, n == 1 ? "" : "s");
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	enum notes_state state = notes_state(s);
	size_t warnings = 0;
	struct notes notes;

	(void)v;
	*text = '\0';
	if (!panel_table(s))
		return;
	notes_init(&notes, s);
	for (size_t i = 0; i < notes.findings; i++)
		warnings += !notes.finding[i]->proposal;
	say_count(text, size, s->suggestions.n, "suggestion");
	say_count(text, size, notes.findings - warnings, "proposal");
	say_count(text, size, warnings, "warning");
	if (state == NOTES_LOOKING)
		text_append(text, size, "  looking");
	else if (state == NOTES_STALE)
		text_append(text, size, "  before the change");
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
