/*
 * sheet-record.c - one row, a field a line
 *
 *	 ✓ torque          42.8  Nm                    ┈┈┈┈┈┈┈●┈┈┈┈┈
 *	 ✓ process_temp    I/O Timeout  ! odd
 *	 · remark          changed the seal␤and th…
 *	 ─────────────────────────────────────────────────────────────
 *	 changed the seal␤and the bearing of the left wheel
 *
 * The cells are read from the file as they stand; a field that is too long for
 * its line stands below in full when the cursor is on it.
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "grid.h"
#include "page.h"

/* A cell, made harmless. */
struct field {
	const char *text;	/* owned by the arena */
	bool missing, odd;
	double number;		/* where the column is one; NaN: none */
};

/* The row in sight.  The first fields say which it is. */
static struct record {
	const struct source *source;
	unsigned opened;	/* source_opened() */
	const struct table *table;
	unsigned made;		/* session.made */
	size_t row;

	bool there, about;
	size_t fields;		/* in this row; at most as many are shown */
	struct field *field;	/* owned */
	struct arena *arena;	/* owned */
} record;

enum { FIELD_BYTES = 1 << 16 };

static struct field field_of(size_t column, const struct cell *cell)
{
	const struct column *c = record.table && column < record.table->columns
		? &record.table->column[column] : NULL;
	bool in_table = c && record.row < record.table->rows;
	size_t len = cell->len < FIELD_BYTES ? cell->len : FIELD_BYTES;
	size_t room = 3 * len + 4;
	char *text = mem_array(room, 1);
	struct field f = { .text = "" };

	text_safe(text, room, cell->text, len);
	f.text = arena_strndup(record.arena, text, strlen(text));
	free(text);
	f.odd = in_table && c->number && table_odd(c, record.row);
	f.missing = dialect_missing(source_dialect(record.source), cell->text,
				    cell->len, c && c->number);
	if (in_table)
		f.missing = table_is_missing(c, record.row) && !f.odd;
	f.number = in_table && c->number ? c->number[record.row] : 0;
	return f;
}

static bool take(void *arg, size_t row, const struct cell *cell, size_t cells)
{
	(void)arg;
	if (row != record.row && !record.about)
		return true;
	record.there = true;
	record.fields = cells;
	record.field = mem_array(cells + 1, sizeof(*record.field));
	for (size_t i = 0; i < cells; i++)
		record.field[i] = field_of(i, &cell[i]);
	return false;
}

/* What is derived comes behind the columns of the file, however many cells the
 * row has there. */
static void take_derived(void)
{
	size_t n = record.table->columns, from = n - record.table->derived;
	struct field *field = mem_array(n + 1, sizeof(*field));

	for (size_t i = 0; i < n; i++) {
		char buf[TABLE_TEXT];
		struct cell cell = { .text = "" };

		if (i >= from)
			cell.text = table_text(&record.table->column[i],
					       record.row, buf);
		cell.len = strlen(cell.text);
		field[i] = i < from && i < record.fields
			? record.field[i] : field_of(i, &cell);
	}
	free(record.field);
	record.field = field;
	record.fields = n;
}

static void see(const struct session *s, size_t row)
{
	const struct source *source = session_source(s);
	const struct table *table = panel_table(s);
	struct err err = { 0 };

	if (record.source == source && record.row == row && !record.about &&
	    record.opened == source_opened(source) && record.table == table &&
	    record.made == s->made)
		return;
	free(record.field);
	arena_free(record.arena);
	record = (struct record){
		.source = source, .opened = source_opened(source),
		.table = table, .made = s->made, .row = row,
		.arena = arena_new(),
	};
	source_peek(source, row, 1, &record.about, take, NULL, &err);
	if (record.there && table && table->derived && row < table->rows)
		take_derived();
}

/* ---- what the sheet says of itself ---- */

static size_t columns_of(const struct session *s)
{
	return session_columns(s);
}

static size_t sheet_rows(const struct session *s)
{
	return grid_rows(s) ? columns_of(s) : 0;
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	return v->column < columns_of(s)
		? session_name(s, v->column) : NULL;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	static char title[COUNT_TEXT + 8];
	char text[COUNT_TEXT];
	size_t row = grid_row(s, v);

	snprintf(title, sizeof(title), "row %s%s", record.about ? "~" : "",
		 row == SIZE_MAX ? draw_glyph(GLYPH_MORE)
				 : text_count(text, row + 1));
	return title;
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	panels[PANEL_DATA]->note(s, v, text, size);
}

/* ---- the field under the cursor, in full ---- */

/* How much of the text goes into a line. */
static size_t line_bytes(const char *text, int width)
{
	size_t n = text_fit(text, (size_t)width, NULL), blank = n;

	if (!text[n])
		return n;
	while (blank > 0 && text[blank] != ' ')
		blank--;
	return blank ? blank : n ? n : strlen(text);
}

static int full_lines(const char *text, int width, int most)
{
	int n = 0;

	while (*text && n < most) {
		text += line_bytes(text, width);
		text += *text == ' ';
		n++;
	}
	return n;
}

static void draw_full(const struct canvas *c, int y, const char *text)
{
	int width = c->columns - 2;

	draw_repeat(c, y++, 1, width, TONE_DIM, GLYPH_LINE);
	for (; *text && y < c->rows; y++) {
		size_t n = line_bytes(text, width);
		char *line = mem_strndup(text, n);

		/* What does not fit any more is not lost without a sign. */
		draw_text(c, y, 1, width, TONE_PLAIN,
			  y == c->rows - 1 ? text : line);
		free(line);
		text += n;
		text += *text == ' ';
	}
}

/* ---- lines ---- */

/* Only numbers have a place, and they are short: what is longer goes on over
 * the place. */
struct places {
	int name, name_width, value, value_width, place, kind;
};

enum { NUMBER = 24, PLACE = 24, KIND = 12 };

static struct places places_of(const struct session *s, const struct canvas *c)
{
	int longest = 4, most = (c->columns - 4) * 2 / 5;
	struct places p = { .name = 3 };

	for (size_t i = 0; i < columns_of(s); i++) {
		int width = (int)text_width(session_name(s, i));

		longest = width > longest ? width : longest;
	}
	p.name_width = longest < most ? longest : most < 6 ? 6 : most;
	p.value = p.name + p.name_width + 2;
	p.value_width = c->columns - 1 - p.value;
	if (p.value_width >= NUMBER + PLACE && s->data.summary &&
	    panel_table(s))
		p.place = p.value + NUMBER;
	if (p.place && p.value_width >= NUMBER + PLACE + 2 + KIND)
		p.kind = c->columns - 1 - KIND;
	if (p.kind)
		p.value_width -= KIND + 2;
	return p;
}

/* Where the number stands between the smallest and the largest. */
static void draw_place(const struct session *s, const struct canvas *c, int y,
		       const struct places *p, size_t i, double x)
{
	static const struct summary none;
	const struct summary *m = digest_summary(s, i) ? digest_summary(s, i)
							: &none;
	double part = m->max > m->min ? (x - m->min) / (m->max - m->min) : 0.5;
	bool coded = digest_facts(s, i) && digest_facts(s, i)->codes;

	/* A code such as -999 would press all the others into one place. */
	if (!p->place || x != x || !m->values || coded)
		return;
	draw_repeat(c, y, p->place, PLACE, TONE_DIM, GLYPH_LEVEL);
	if (part >= 0 && part <= 1)
		draw_text(c, y, p->place + (int)(part * (PLACE - 1) +
						 0.5), 1,
			  x < m->p25 || x > m->p75 ? TONE_VALUES : TONE_PLAIN,
			  draw_glyph(GLYPH_ON));
}

static const char *kind_of(const struct session *s, size_t i)
{
	const struct column *now = &panel_table(s)->column[i];

	const struct summary *summary = digest_summary(s, i);

	return summary ? summary_kind(now, summary)
		       : column_type_name[now->type];
}

static void draw_field(const struct session *s, const struct canvas *c, int y,
		       const struct places *p, size_t i)
{
	const struct field *f = i < record.fields ? &record.field[i] : NULL;
	const struct table *table = panel_table(s);
	const struct column *column = table ? &table->column[i] : NULL;
	const char *unit = column ? column->unit : NULL;
	bool used = !table || page_role(s, i) != GLYPH_LEFT_OUT;
	int x = p->value, end = p->value + p->value_width;

	if (p->kind)
		draw_right(c, y, p->kind, KIND, TONE_DIM,
			   kind_of(s, i));
	if (table)
		draw_text(c, y, 1, 1, page_role_tone(s, i),
			  page_mark(s, i));
	draw_text(c, y, p->name, p->name_width, used ? TONE_PLAIN : TONE_DIM,
		  session_name(s, i));
	if (!f) {
		draw_text(c, y, x, p->value_width, TONE_WARN,
			  "the row has no such cell");
		return;
	}
	x += draw_text(c, y, x, p->value_width, f->odd ? TONE_WARN :
		       f->missing ? TONE_DIM : TONE_STRONG, f->text);
	x += *f->text ? 2 : 0;
	if (f->odd)
		draw_printf(c, y, x, end - x, TONE_WARN, "%s odd",
			    draw_glyph(GLYPH_ALERT));
	else if (f->missing)
		draw_text(c, y, x, end - x, TONE_DIM, "missing");
	else if (unit && column->number)
		draw_text(c, y, x, end - x, TONE_DIM, unit);
	if (column && column->number && !f->odd && !f->missing)
		draw_place(s, c, y, p, i, f->number);
}

/* The text of the field under the cursor, if its line is too short for it. */
static const char *too_long(const struct view *v, const struct places *p)
{
	const struct field *f = v->column < record.fields
		? &record.field[v->column] : NULL;

	return f && (int)text_width(f->text) > p->value_width ? f->text : NULL;
}

/* Cells for which there is no column. */
static bool draw_surplus(const struct canvas *c, size_t columns)
{
	if (record.fields <= columns)
		return false;
	draw_printf(c, c->rows - 1, 1, c->columns - 2, TONE_WARN,
		    "%s %zu cells more than columns: %s ...",
		    draw_glyph(GLYPH_ALERT), record.fields - columns,
		    record.field[columns].text);
	return true;
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	size_t n = columns_of(s), top, row = grid_row(s, v);
	int rows = c->rows;
	struct places p;
	const char *full;

	if (!sheet_rows(s)) {
		panel_waiting(s, c);
		return;
	}
	if (row == SIZE_MAX) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  draw_glyph(GLYPH_MORE));
		return;
	}
	see(s, row);
	if (!record.there) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  "the row is not there");
		return;
	}
	p = places_of(s, c);
	full = too_long(v, &p);
	if (full && rows > 4)
		rows -= 1 + full_lines(full, c->columns - 2, rows / 2);
	else if (rows > 4)
		rows -= draw_surplus(c, n);
	top = panel_top(v, SHEET_RECORD, v->column, n, rows);
	for (int y = 0; y < rows && top + (size_t)y < n; y++) {
		draw_field(s, c, y, &p, top + (size_t)y);
		if (top + (size_t)y == v->column)
			draw_cursor(c, y, focused);
	}
	if (full && rows < c->rows)
		draw_full(c, rows, full);
}

const struct panel sheet_record = {
	.name = "Record",
	.home = PANEL_DATA,
	.down = CURSOR_COLUMN,
	.across = CURSOR_ROW,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
	.item = sheet_item,
};
