/*
 * panel-data.c - the file as it is
 *
 * The cells are read from the file whenever other rows come into sight; a
 * table in memory has forgotten how they were written.  What is in sight is
 * kept until then, because a screen is drawn up to 30 times a second.
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/number.h"

enum {
	WIDTH_MAX = 32,		/* of a column, in columns of the screen */
	CELL_BYTES = 4 * WIDTH_MAX + 8,
};

enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_MISSING };

/* A cell in sight, harmless and cut to what can be seen of it. */
struct seen {
	const char *text;	/* owned by the arena */
	int width;
	enum cell_kind kind;
};

/* The rows in sight.  The first fields say what they are. */
static struct sight {
	const struct source *source;
	unsigned opened;	/* source_opened() */
	bool typed;		/* the types of the columns were known */
	bool about;		/* the numbers of the rows are not exact */
	size_t first, wanted;

	size_t rows, columns;
	struct seen *cell;	/* owned: rows by columns */
	struct arena *arena;	/* owned: their texts */
} sight;

static bool is_number_column(const struct session *s, size_t column)
{
	return panel_table(s) && panel_table(s)->column[column].number;
}

static void look_at_row(const struct session *s, size_t i,
			const struct cell *cell, size_t cells)
{
	const struct dialect *dialect = source_dialect(sight.source);
	char text[CELL_BYTES];
	double x;

	for (size_t k = 0; k < sight.columns; k++) {
		struct seen *seen = &sight.cell[i * sight.columns + k];
		bool there = k < cells;

		*seen = (struct seen){ "", 0, CELL_MISSING };
		if (!there || dialect_missing(dialect, cell[k].text,
					      cell[k].len,
					      is_number_column(s, k)))
			continue;
		seen->kind = dialect_number(dialect, cell[k].text,
					    cell[k].len, &x) ?
			     CELL_NUMBER : CELL_TEXT;
		text_safe(text, sizeof(text), cell[k].text, cell[k].len);
		seen->text = arena_strndup(sight.arena, text, strlen(text));
		seen->width = (int)text_width(text);
	}
}

static bool look_at(void *arg, size_t row, const struct cell *cell,
		    size_t cells)
{
	if (row < sight.first || row - sight.first >= sight.wanted)
		return true;
	look_at_row(arg, row - sight.first, cell, cells);
	sight.rows = row - sight.first + 1;
	return true;
}

/* Have the given rows in sight; fewer are when the file ends before. */
static void see(const struct session *s, size_t first, size_t wanted)
{
	const struct source *source = session_source(s);
	bool typed = panel_table(s);
	struct err err;

	if (sight.source == source && !sight.about &&
	    sight.opened == source_opened(source) && sight.typed == typed &&
	    sight.first == first && sight.wanted == wanted)
		return;
	free(sight.cell);
	arena_free(sight.arena);
	sight = (struct sight){
		.source = source, .opened = source_opened(source),
		.typed = typed, .first = first, .wanted = wanted,
		.columns = source_columns(source),
	};
	sight.arena = arena_new();
	sight.cell = mem_array(wanted * sight.columns + 1,
			       sizeof(*sight.cell));
	/* A file that has changed under us shows fewer rows, and no more. */
	source_peek(source, first, wanted, &sight.about, look_at, (void *)s,
		    &err);
}

static const struct seen *cell_at(size_t row, size_t column)
{
	return &sight.cell[(row - sight.first) * sight.columns + column];
}

/* ---- what the panel says of itself ---- */

static size_t panel_rows(const struct session *s)
{
	bool exact;

	return session_source(s) ? source_rows(session_source(s), &exact) : 0;
}

static size_t row_of(const struct session *s, const struct view *v)
{
	size_t n = panel_rows(s), at = v->at[PANEL_DATA];

	return at < n ? at : n ? n - 1 : 0;
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	char row[COUNT_TEXT], rows[COUNT_TEXT];
	size_t n = panel_rows(s);
	bool exact = true;

	*text = '\0';
	if (!session_source(s))
		return;
	source_rows(session_source(s), &exact);
	if (n == 0)
		snprintf(text, size, "no rows");
	else
		snprintf(text, size, "row %s%s of %s%s",
			 sight.about ? "~" : "",
			 text_count(row, row_of(s, v) + 1),
			 exact ? "" : "~", text_count(rows, n));
}

static size_t columns_of(const struct session *s)
{
	const struct source *source = session_source(s);

	return source ? source_columns(source) : 0;
}

static const char *name_of(const struct session *s, size_t column)
{
	return panel_table(s) ? panel_table(s)->column[column].name :
			  source_name(session_source(s), column);
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	return v->column < columns_of(s) ? name_of(s, v->column) : NULL;
}

/* ---- where things stand ---- */

/* A column of the file that is on the screen. */
struct slot {
	size_t column;
	int x, width;
	bool right;		/* numbers stand against the right */
	bool cut;
};

static bool is_number(const struct session *s, size_t column)
{
	bool some = false;

	if (panel_table(s))
		return panel_table(s)->column[column].number != NULL;
	for (size_t i = 0; i < sight.rows; i++) {
		enum cell_kind kind = cell_at(sight.first + i, column)->kind;

		if (kind == CELL_TEXT)
			return false;
		some = some || kind == CELL_NUMBER;
	}
	return some;
}

static int width_of(const struct session *s, size_t column)
{
	int width = (int)text_width(name_of(s, column));

	for (size_t i = 0; i < sight.rows; i++) {
		int cell = cell_at(sight.first + i, column)->width;

		width = cell > width ? cell : width;
	}
	return width < 1 ? 1 : width > WIDTH_MAX ? WIDTH_MAX : width;
}

/* Scroll until the column cursor is in the room between x and the edge. */
static void keep_column(const struct session *s, struct view *v, int room)
{
	size_t columns = columns_of(s);
	size_t at = v->column < columns ? v->column : columns - 1;
	int taken = width_of(s, at);
	size_t least = at;

	while (least > 0) {
		taken += 2 + width_of(s, least - 1);
		if (taken > room)
			break;
		least--;
	}
	/* least is the first that may stand at the left with at in sight. */
	if (v->left < least)
		v->left = least;
	if (v->left > at)
		v->left = at;
}

enum { SLOTS_MAX = 512 };

/* The columns from v->left on that fit; the last one may be cut. */
static size_t place(const struct session *s, const struct view *v, int x,
		    int end, struct slot slot[SLOTS_MAX])
{
	size_t columns = columns_of(s), n = 0;

	for (size_t i = v->left; i < columns && n < SLOTS_MAX; i++) {
		struct slot here = { .column = i, .x = x,
				     .width = width_of(s, i),
				     .right = is_number(s, i) };

		/* Half a number would be a wrong one. */
		if (x + here.width > end) {
			if (n && (here.right || end - x < 4))
				break;
			here.width = end - x;
			here.cut = true;
		}
		if (here.width <= 0)
			break;
		slot[n++] = here;
		x += here.width + 2;
	}
	return n;
}

/* ---- drawing ---- */

static bool left_out(const struct session *s, size_t column)
{
	return panel_table(s) && (int)column != s->settings.target &&
	       !settings_uses(&s->settings, column);
}

static void draw_head(const struct session *s, const struct view *v,
		      const struct canvas *c, const struct slot *slot,
		      size_t n, int gutter)
{
	draw_right(c, 0, 3, gutter, TONE_DIM, "row");
	for (size_t i = 0; i < n; i++) {
		const struct slot *at = &slot[i];
		enum tone tone = at->column == v->column ? TONE_ACCENT :
				 left_out(s, at->column) ? TONE_DIM :
				 TONE_STRONG;

		(at->right ? draw_right : draw_text)(c, 0, at->x, at->width,
			tone, name_of(s, at->column));
	}
	if (n && !slot[n - 1].cut && slot[n - 1].column + 1 < columns_of(s))
		draw_text(c, 0, c->columns - 1, 1, TONE_DIM,
			  draw_glyph(GLYPH_MORE));
}

/* True for a cell of the target that says the positive class. */
static bool is_positive(const struct session *s, size_t column,
			const struct seen *seen)
{
	const char *positive = s->settings.positive;
	const struct column *target;

	if (!panel_table(s) || s->settings.target != (int)column)
		return false;
	target = &panel_table(s)->column[column];
	if (!positive && target->type == COLUMN_CATEGORY && target->levels == 2)
		positive = target->level[1];
	return positive && !strcmp(positive, seen->text);
}

static void draw_cell(const struct session *s, const struct canvas *c, int y,
		      const struct slot *at, const struct seen *seen,
		      bool under_cursor)
{
	bool odd = panel_table(s) && seen->kind == CELL_TEXT &&
		   panel_table(s)->column[at->column].number != NULL;
	enum tone tone = odd ? TONE_WARN :
			 left_out(s, at->column) ? TONE_DIM :
			 is_positive(s, at->column, seen) ? TONE_STRONG :
			 TONE_PLAIN;
	const char *text = seen->text;

	if (seen->kind == CELL_MISSING) {
		text = draw_glyph(GLYPH_DOT);
		tone = TONE_DIM;
	}
	if (under_cursor)
		tone = TONE_ACCENT;
	(at->right ? draw_right : draw_text)(c, y, at->x, at->width, tone,
					     text);
}

static void draw_row(const struct session *s, const struct view *v,
		     const struct canvas *c, int y, size_t row,
		     const struct slot *slot, size_t n, int gutter,
		     bool focused)
{
	bool here = row == row_of(s, v);
	char text[COUNT_TEXT + 1];

	text_count(text + 1, row + 1);
	text[0] = '~';
	draw_right(c, y, 2, gutter + 1, TONE_DIM, text + !sight.about);
	for (size_t i = 0; i < n; i++)
		draw_cell(s, c, y, &slot[i], cell_at(row, slot[i].column),
			  here && focused && slot[i].column == v->column);
	if (!here)
		return;
	draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
	draw_cursor(c, y, focused);
}

/* Columns that the largest row number takes: it is not to jump. */
static int gutter_of(const struct session *s)
{
	char text[COUNT_TEXT];
	int width = (int)strlen(text_count(text, panel_rows(s)));

	return width < 3 ? 3 : width;
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	struct slot slot[SLOTS_MAX];
	int gutter, x, end = c->columns - 1;
	size_t n, top, rows = panel_rows(s);

	if (c->rows < 1 || !columns_of(s)) {
		panel_waiting(s, c);
		return;
	}
	top = panel_top(v, PANEL_DATA, row_of(s, v), rows, c->rows - 1);
	see(s, top, c->rows > 1 ? (size_t)c->rows - 1 : 1);
	gutter = gutter_of(s);
	x = 3 + gutter + 2;
	keep_column(s, v, end - x);
	n = place(s, v, x, end, slot);
	draw_head(s, v, c, slot, n, gutter);
	for (size_t i = 0; i < sight.rows && (int)i + 1 < c->rows; i++)
		draw_row(s, v, c, (int)i + 1, top + i, slot, n, gutter,
			 focused);
	if (panel_table(s) && !rows)
		draw_text(c, 1, 1, c->columns - 2, TONE_DIM,
			  "the file has a header and no rows");
}

const struct panel panel_data = {
	.name = "Data",
	.across = CURSOR_COLUMN,
	.rows = panel_rows,
	.note = panel_note,
	.draw = panel_draw,
	.item = panel_item,
};
