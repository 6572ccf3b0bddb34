#include "grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "page.h"

enum {
	WIDTH_MAX = 32,		/* of a column, unless the user says more */
	WIDTH_LIMIT = 250,
	RAW_BYTES = 4 * WIDTH_LIMIT,
	DERIVED_DIGITS = 6,
};

/* ---- the rows in sight ---- */

/* The first fields say what they are. */
static struct sight {
	const struct source *source;
	unsigned opened;	/* source_opened() */
	bool typed;		/* the types of the columns were known */
	unsigned table;		/* session.made */
	const struct rows *order;	/* grid_order(), and */
	unsigned made;		/* looks.made */
	bool about;		/* the numbers of the rows are not exact */
	bool growing;		/* the last row may be half a row yet */
	size_t first, wanted;

	size_t rows, columns;
	struct seen *cell;	/* owned: rows by columns */
	struct arena *arena;	/* owned: their texts */
} sight;

/* The cells of a row, as they stand: they are looked at when they are drawn. */
static void take_row(size_t i, const struct cell *cell, size_t cells)
{
	size_t columns = source_columns(sight.source);

	for (size_t k = 0; k < columns && k < cells; k++) {
		struct seen *seen = &sight.cell[i * sight.columns + k];

		seen->len = cell[k].len < RAW_BYTES ? cell[k].len : RAW_BYTES;
		seen->raw = arena_strndup(sight.arena, cell[k].text,
					  seen->len);
	}
	sight.rows = i + 1;
}

static bool take_next(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	(void)arg;
	if (row >= sight.first && row - sight.first < sight.wanted)
		take_row(row - sight.first, cell, cells);
	return true;
}

static bool take_one(void *arg, size_t row, const struct cell *cell,
		     size_t cells)
{
	const size_t *i = arg;

	(void)row;
	take_row(*i, cell, cells);
	return true;
}

static void read_rows(void)
{
	const struct rows *rows = sight.order;
	struct err err;

	/* A file that has changed under us shows fewer rows, and no more. */
	if (!rows)
		source_peek(sight.source, sight.first, sight.wanted,
			    &sight.about, take_next, NULL, &err);
	for (size_t i = 0; rows && i < sight.wanted; i++) {
		if (sight.first + i >= rows->n)
			break;
		source_walk(sight.source, rows->row[sight.first + i], 1,
			    take_one, &i, NULL, &err);
		sight.rows = i + 1;
	}
}

/* Have the given rows in sight; fewer are when the file ends before. */
static void see(const struct session *s, size_t first, size_t wanted)
{
	const struct source *source = session_source(s);
	bool typed = panel_table(s);

	if (sight.source == source && !sight.about && !sight.growing &&
	    sight.opened == source_opened(source) && sight.typed == typed &&
	    sight.table == s->made && sight.made == s->looks.made &&
	    sight.order == grid_order(s) &&
	    sight.first == first && sight.wanted == wanted)
		return;
	free(sight.cell);
	arena_free(sight.arena);
	sight = (struct sight){
		.source = source, .opened = source_opened(source),
		.typed = typed, .made = s->looks.made, .order = grid_order(s),
		.first = first, .wanted = wanted,
		.columns = session_columns(s), .table = s->made,
		.growing = !source_complete(source),
	};
	sight.arena = arena_new();
	sight.cell = mem_array(wanted * sight.columns + 1,
			       sizeof(*sight.cell));
	read_rows();
}

static bool is_number_column(const struct session *s, size_t column)
{
	return panel_table(s) && panel_table(s)->column[column].number;
}

static enum cell_kind kind_of(const struct session *s, size_t column,
			      const struct seen *seen)
{
	const struct dialect *dialect = source_dialect(sight.source);
	struct cell trimmed = cell_trimmed(seen->raw, seen->len);
	double x;

	if (trimmed.len == 0)
		return CELL_EMPTY;
	if (column >= source_columns(sight.source))
		return is_number_column(s, column) ? CELL_NUMBER : CELL_TEXT;
	if (dialect_missing(dialect, seen->raw, seen->len,
			    is_number_column(s, column)))
		return CELL_MISSING;
	return dialect_number(dialect, seen->raw, seen->len, &x) ? CELL_NUMBER
								 : CELL_TEXT;
}

/* A cell that stands in no file: the table has it. */
static void see_derived(const struct session *s, size_t i, size_t column,
			struct seen *seen)
{
	const struct table *table = panel_table(s);
	size_t row = grid_row_at(s, sight.first + i);
	char buf[TABLE_TEXT], number[PAGE_NUMBER];

	if (!table || row >= table->rows)
		return;
	seen->raw = table_text(&table->column[column], row, buf);
	/* All the digits of a quotient would only be in the way. */
	if (table->column[column].type == COLUMN_NUMBER && *seen->raw)
		seen->raw = page_number(number, table->column[column]
					.number[row], DERIVED_DIGITS);
	seen->len = strlen(seen->raw);
	if (seen->len >= RAW_BYTES)
		seen->len = RAW_BYTES - 1;
	seen->raw = arena_strndup(sight.arena, seen->raw, seen->len);
}

static struct seen *look_at(const struct session *s, size_t i, size_t column)
{
	struct seen *seen = &sight.cell[i * sight.columns + column];
	char text[RAW_BYTES + 1];

	if (seen->kind != CELL_UNSEEN)
		return seen;
	if (column >= source_columns(sight.source))
		see_derived(s, i, column, seen);
	if (!seen->raw)
		seen->raw = "";
	seen->kind = kind_of(s, column, seen);
	if (seen->kind == CELL_EMPTY) {
		seen->text = "";
		return seen;
	}
	text_safe(text, sizeof(text), seen->raw, seen->len);
	seen->text = arena_strndup(sight.arena, text, strlen(text));
	seen->width = (int)text_width(text);
	return seen;
}

const struct seen *grid_cell(const struct session *s, size_t place,
			     size_t column)
{
	return look_at(s, place - sight.first, column);
}

/* ---- columns ---- */

static size_t columns_of(const struct session *s)
{
	return session_columns(s);
}

const struct look *grid_look(const struct session *s)
{
	static const struct look none;

	return s->data.source && session_source(s) == s->data.source
		? &s->settings.look : &none;
}

bool grid_shows(const struct session *s, size_t column)
{
	return look_shows(grid_look(s), column);
}

size_t grid_beside(const struct session *s, size_t column, bool forth,
		   size_t by)
{
	size_t n = columns_of(s), at = column;

	while (by > 0 && (forth ? at + 1 < n : at > 0)) {
		at = forth ? at + 1 : at - 1;
		if (!grid_shows(s, at))
			continue;
		column = at;
		by--;
	}
	return column;
}

size_t grid_column(const struct session *s, const struct view *v)
{
	size_t n = columns_of(s), at = v->column;

	if (at >= n)
		at = n ? n - 1 : 0;
	if (!grid_shows(s, at))
		at = grid_beside(s, at, true, 1);
	if (!grid_shows(s, at))
		at = grid_beside(s, at, false, 1);
	return at;
}

static const char *name_of(const struct session *s, size_t column)
{
	return session_name(s, column);
}

char *grid_sort_mark(char to[GRID_MARK], const struct session *s,
		     size_t column)
{
	const struct look *look = grid_look(s);

	*to = '\0';
	for (size_t i = 0; i < look->sorts; i++) {
		if (look->sort[i].column != column)
			continue;
		snprintf(to, GRID_MARK, "%s", draw_glyph(look->sort[i].down ?
			 GLYPH_FALLING : GLYPH_RISING));
		if (look->sorts > 1)
			text_append(to, GRID_MARK, "%zu", i + 1);
	}
	return to;
}

/* How many rows one has seen of the file that is open now: a key may come
 * between another file and its picture. */
static size_t rows_seen(const struct session *s)
{
	return sight.opened == source_opened(session_source(s)) ? sight.rows
								: 0;
}

int grid_fitting(const struct session *s, size_t column)
{
	char mark[GRID_MARK];
	int marked = (int)text_width(grid_sort_mark(mark, s, column));
	int width = (int)text_width(name_of(s, column));

	if (marked)
		width += 1 + marked;
	for (size_t i = 0; i < rows_seen(s); i++) {
		int cell = look_at(s, i, column)->width;

		width = cell > width ? cell : width;
	}
	return width < 1 ? 1 : width > WIDTH_LIMIT ? WIDTH_LIMIT : width;
}

int grid_width(const struct session *s, size_t column)
{
	const struct look *look = grid_look(s);
	int width;

	if (column < look->columns && look->width[column])
		return look->width[column];
	width = grid_fitting(s, column);
	return width > WIDTH_MAX ? WIDTH_MAX : width;
}

static bool is_number(const struct session *s, size_t column)
{
	bool some = false;

	if (panel_table(s))
		return panel_table(s)->column[column].number != NULL;
	for (size_t i = 0; i < sight.rows; i++) {
		enum cell_kind kind = look_at(s, i, column)->kind;

		if (kind == CELL_TEXT)
			return false;
		some = some || kind == CELL_NUMBER;
	}
	return some;
}

/* ---- where they stand ---- */

static struct grid grid;

const struct grid *grid_now(void)
{
	return &grid;
}

/*
 * The column before which all stay at the left: those that the user has chosen,
 * as long as they leave room for the column of the cursor, of two thirds of
 * the width at most.  *x moves behind them.
 */
static size_t staying(const struct session *s, size_t cursor, int *x, int end)
{
	size_t edge = look_edge(grid_look(s)), c;
	int most = (end - *x) * 2 / 3, width = grid_width(s, cursor), at = *x;
	int limit = end - 3 - (width < most ? width : most);

	for (c = 0; c < edge; c++) {
		if (!grid_shows(s, c))
			continue;
		if (at + grid_width(s, c) > limit)
			break;
		at += grid_width(s, c) + 3;
	}
	*x = at;
	return c;
}

/* Scroll until the column is in the room beside those that stay. */
static void keep_column(const struct session *s, struct view *v, size_t at,
			size_t edge, int room)
{
	int taken = grid_width(s, at);
	size_t least = at, left = at;

	if (v->left < edge)
		v->left = edge;
	if (at < edge)
		return;
	while (left > edge) {
		left--;
		if (!grid_shows(s, left))
			continue;
		taken += 2 + grid_width(s, left);
		if (taken > room)
			break;
		least = left;
	}
	/* least is the first that may stand at the left with at in sight. */
	if (v->left < least)
		v->left = least;
	if (v->left > at)
		v->left = at;
	/* Hidden ones before it show their mark. */
	while (v->left > edge && !grid_shows(s, v->left - 1))
		v->left--;
}

/* Put a column at x; false: there is no room for it.  The first of all does
 * not ask for more than there is. */
static bool put(const struct session *s, size_t column, int x, int end,
		bool first)
{
	struct grid_slot here = { .column = column, .x = x,
			     .width = grid_width(s, column),
			     .right = is_number(s, column) };

	/* Half a number would be a wrong one. */
	if (x + here.width > end) {
		if (!first && (here.right || end - x < 4))
			return false;
		here.width = end - x;
		here.cut = true;
	}
	if (here.width <= 0 || grid.n == SLOTS_MAX)
		return false;
	grid.slot[grid.n++] = here;
	return true;
}

/* Columns from one to another; returns where the next one would stand. */
static int put_all(const struct session *s, size_t from, size_t to, int x,
		   int end)
{
	bool hidden = grid.hidden_behind, first = true;

	grid.hidden_behind = false;
	for (size_t c = from; c < to; c++) {
		if (!grid_shows(s, c)) {
			hidden = true;
			continue;
		}
		grid.more = !put(s, c, x, end, first);
		if (grid.more)
			return x;
		grid.slot[grid.n - 1].after_hidden = hidden;
		hidden = first = false;
		x += grid.slot[grid.n - 1].width + 2;
	}
	grid.hidden_behind = hidden;
	return x;
}

static void lay_out_columns(const struct session *s, struct view *v, int end)
{
	int begin = 3 + grid.gutter + 2, x = begin;
	size_t at = grid_column(s, v), edge = staying(s, at, &x, end);

	/* Those that stay no more are not to go out of sight. */
	if (edge < grid.edge && v->left == grid.edge)
		v->left = edge;
	grid.edge = edge;
	keep_column(s, v, at, edge, end - x);
	grid.n = 0;
	grid.more = grid.hidden_behind = false;
	if (edge > 0)
		x = put_all(s, 0, edge, begin, end) + 1;
	if (grid.n > 0)
		grid.slot[grid.n - 1].edge = true;
	else
		x = begin;
	if (v->left > edge)
		grid.hidden_behind = false;
	put_all(s, v->left, columns_of(s), x, end);
}

/* Columns that the largest row number takes: it is not to jump. */
static int gutter_of(const struct session *s)
{
	char text[COUNT_TEXT];
	bool exact;
	size_t rows = source_rows(session_source(s), &exact);
	int width = (int)strlen(text_count(text, rows));

	return width < 3 ? 3 : width;
}

const struct grid *grid_lay_out(const struct session *s, struct view *v,
				const struct canvas *c, int head)
{
	int room = c->rows - head - 1;

	getbegyx(c->window, grid.y, grid.x);
	grid.head = head;
	grid.top = panel_top(v, PANEL_DATA, grid_place(s, v), grid_rows(s),
			     room);
	see(s, grid.top, room > 0 ? (size_t)room : 1);
	grid.rows = room > 0 ? sight.rows : 0;
	grid.about = sight.about;
	grid.gutter = gutter_of(s);
	lay_out_columns(s, v, c->columns - 1);
	return &grid;
}

void grid_click(const struct session *s, struct view *v, int y, int x)
{
	int line = y - grid.y - grid.head - 1;

	if (!session_source(s))
		return;
	if (line >= 0 && (size_t)line < grid.rows)
		v->at[PANEL_DATA] = grid.top + (size_t)line;
	for (size_t i = 0; i < grid.n; i++)
		if (x - grid.x >= grid.slot[i].x &&
		    x - grid.x < grid.slot[i].x + grid.slot[i].width + 1)
			v->column = grid.slot[i].column;
}
