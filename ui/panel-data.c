/*
 * panel-data.c - the file as it is: rows in sight, drawn
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/hunt.h"
#include "data/faults.h"
#include "data/number.h"
#include "draft-box.h"
#include "grid.h"

/* ---- what the panel says of itself ---- */

/* "finding 34 %  1,234 hits". */
static void say_hunt(const struct session *s, char *text, size_t size)
{
	struct hunt_count count = hunt_count(s);
	char hits[COUNT_TEXT];

	if (!hunt_pattern(s))
		return;
	if (count.going_on)
		text_append(text, size, "finding %d %%  ",
			    panel_percent(errands_part(s->errands)));
	text_append(text, size, "%s%s hit%s%s  ",
		    text_count(hits, count.cells), count.whole ? "" : "+",
		    count.cells == 1 ? "" : "s",
		    grid_look(s)->filters ? " in all" : "");
}

/* What takes no time is not worth a word that would flicker. */
static void say_late(const struct session *s, char *text, size_t size)
{
	double part = errands_part(s->errands);

	if (s->looks.late && errands_waiting(s->errands, ERRAND_ROWS) &&
	    part > 0)
		text_append(text, size, "%s %d %%  ",
			    s->looks.wanted.sorts ? "sorting" : "filtering",
			    panel_percent(part));
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	char row[COUNT_TEXT], rows[COUNT_TEXT], all[COUNT_TEXT];
	size_t n = grid_rows(s), in_file;
	bool exact = true;

	*text = '\0';
	if (!session_source(s))
		return;
	in_file = source_rows(session_source(s), &exact);
	say_hunt(s, text, size);
	say_late(s, text, size);
	text_append(text, size, n == 0 ? "no rows" : "row %s%s of %s%s",
		    grid_now()->about ? "~" : "",
		    text_count(row, grid_place(s, v) + 1),
		    exact ? "" : "~", text_count(rows, n));
	if (n != in_file)
		text_append(text, size, " of %s", text_count(all, in_file));
}

static const char *name_of(const struct session *s, size_t column)
{
	return session_name(s, column);
}

static size_t columns_of(const struct session *s)
{
	return session_columns(s);
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	return v->column < columns_of(s) ? name_of(s, v->column) : NULL;
}

/* ---- the filters ---- */

static bool has_chips(const struct session *s)
{
	return panel_table(s) && (grid_look(s)->filters || s->looks.trial);
}

/* The filters, and last the one that is still being typed. */
static size_t chips_of(const struct session *s,
		       const char *chip[LOOK_FILTERS + 1])
{
	const struct look *look = grid_look(s);
	size_t n = look->filters;

	for (size_t i = 0; i < n; i++)
		chip[i] = look->filter[i];
	if (s->looks.trial)
		chip[n++] = s->looks.trial;
	return n;
}

/* How much of each can be seen when all are to be, "1 torque > 40  2 ...". */
static int chip_width(const char *const *chip, size_t n, int room)
{
	int most = room, all;

	do {
		all = 0;
		for (size_t i = 0; i < n; i++) {
			int width = (int)text_width(chip[i]);

			all += 4 + (width < most ? width : most);
		}
	} while (all > room && --most > 3);
	return most;
}

/* "412 rows". */
static void say_left(const struct session *s, char *text, size_t size)
{
	char rows[COUNT_TEXT];

	snprintf(text, size, "%s ", draw_glyph(GLYPH_TO));
	if (s->looks.trial && s->looks.senseless)
		text_append(text, size, "no condition yet");
	else
		text_append(text, size, "%s row%s", s->looks.late
			    ? draw_glyph(GLYPH_MORE)
			    : text_count(rows, grid_rows(s)),
			    grid_rows(s) == 1 ? "" : "s");
}

/* A filter that is being typed has the sign + in place of a number. */
static void draw_chips(const struct session *s, const struct canvas *c)
{
	const char *chip[LOOK_FILTERS + 1];
	size_t n = chips_of(s, chip);
	char left[COUNT_TEXT + 32];
	int x = 1, end, most;

	say_left(s, left, sizeof(left));
	end = c->columns - 2 - (int)text_width(left);
	most = chip_width(chip, n, end - x);
	for (size_t i = 0; i < n && x + 4 < end; i++) {
		bool trial = s->looks.trial && i == n - 1;
		int width = most < end - x - 2 ? most : end - x - 2;

		draw_printf(c, 0, x, 1, TONE_DIM, trial ? "+" : "%zu", i + 1);
		x += 2;
		x += draw_text(c, 0, x, width, trial ? TONE_WARN : TONE_ACCENT,
			       chip[i]) + 2;
	}
	draw_text(c, 0, x < end ? x : end + 1, c->columns, TONE_STRONG, left);
}

/* ---- the names ---- */

static bool left_out(const struct session *s, size_t column)
{
	return panel_table(s) && (int)column != s->settings.target &&
	       !settings_uses(&s->settings, column);
}

static void draw_name(const struct session *s, const struct canvas *c, int y,
		      const struct grid_slot *at, bool here)
{
	enum tone tone = here ? TONE_ACCENT :
			 left_out(s, at->column) ? TONE_DIM : TONE_STRONG;
	char mark[GRID_MARK];
	int marked = (int)text_width(grid_sort_mark(mark, s, at->column));
	int width = at->width - (marked ? marked + 1 : 0);

	if (at->after_hidden)
		draw_text(c, y, at->x - 1, 1, TONE_DIM,
			  draw_glyph(GLYPH_HIDDEN));
	if (width > 0) {
		int used = (at->right ? draw_right : draw_text)(c, y, at->x,
			width, tone, name_of(s, at->column));

		if (panel_derived(s, at->column))
			draw_text(c, y, at->x - 1 + (at->right ? width - used
							       : 0), 1,
				  TONE_DIM, "=");
		width = at->right ? width : used;
	}
	if (marked)
		draw_text(c, y, at->x + (width > 0 ? width + 1 : 0), marked,
			  TONE_ACCENT, mark);
}

static void draw_names(const struct session *s, const struct view *v,
		       const struct canvas *c, const struct grid *g)
{
	const struct grid_slot *last = g->n ? &g->slot[g->n - 1] : NULL;

	draw_right(c, g->head, 3, g->gutter, TONE_DIM, "row");
	for (size_t i = 0; i < g->n; i++)
		draw_name(s, c, g->head, &g->slot[i],
			  g->slot[i].column == v->column);
	if (last && g->hidden_behind)
		draw_text(c, g->head, last->x + last->width, 1, TONE_DIM,
			  draw_glyph(GLYPH_HIDDEN));
	if (last && g->more && !last->cut)
		draw_text(c, g->head, c->columns - 1, 1, TONE_DIM,
			  draw_glyph(GLYPH_MORE));
}

/* Between the columns that stay at the left and the others. */
static void draw_edge(const struct canvas *c, const struct grid *g, int y)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->slot[i].edge)
			draw_text(c, y, g->slot[i].x + g->slot[i].width + 1,
				  1, TONE_DIM, draw_glyph(GLYPH_AXIS));
}

/* ---- the cells ---- */

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

static bool is_odd(const struct session *s, size_t column, size_t place)
{
	const struct table *table = panel_table(s);
	size_t row = grid_row_at(s, place);

	return table && row < table->rows &&
	       table_odd(&table->column[column], row);
}

/* A cell rule may have said so. */
static bool is_missing(const struct session *s, size_t column, size_t place)
{
	const struct table *table = panel_table(s);
	size_t row = grid_row_at(s, place);

	return table && row < table->rows &&
	       table_is_missing(&table->column[column], row);
}

static enum tone tone_of(const struct session *s, size_t place,
			 const struct grid_slot *at, const struct seen *seen,
			 bool under_cursor)
{
	if (under_cursor)
		return TONE_CELL;
	if (is_odd(s, at->column, place))
		return TONE_WARN;
	if (seen->kind == CELL_EMPTY || seen->kind == CELL_MISSING ||
	    is_missing(s, at->column, place) || left_out(s, at->column))
		return TONE_DIM;
	return is_positive(s, at->column, seen) ? TONE_STRONG : TONE_PLAIN;
}

/* Columns that the first n bytes of a cell take on the screen. */
static int safe_width(const struct seen *seen, size_t n)
{
	char text[4 * SLOTS_MAX];

	text_safe(text, sizeof(text), seen->raw, n);
	return (int)text_width(text);
}

/* What is looked for, where it stands in the cell; a cell that is cut shows it
 * as a whole. */
static void draw_hit(const struct session *s, const struct canvas *c, int y,
		     const struct grid_slot *at, const struct seen *seen)
{
	size_t from, size;
	int before, width;
	char *hit;

	if (!hunt_in(s, seen->raw, seen->len, &from, &size))
		return;
	if (seen->width > at->width || size == 0) {
		draw_text(c, y, at->x, at->width, TONE_FOUND, seen->text);
		return;
	}
	before = safe_width(seen, from);
	width = safe_width(seen, from + size) - before;
	hit = mem_strndup(seen->raw + from, size);
	draw_text(c, y, (at->right ? at->x + at->width - seen->width : at->x) +
		  before, width, TONE_FOUND, hit);
	free(hit);
}

static void draw_cell(const struct session *s, const struct canvas *c, int y,
		      size_t place, const struct grid_slot *at,
		      bool under_cursor)
{
	const struct seen *seen = grid_cell(s, place, at->column);

	(at->right ? draw_right : draw_text)(c, y, at->x, at->width,
		tone_of(s, place, at, seen, under_cursor),
		seen->kind == CELL_EMPTY ? draw_glyph(GLYPH_DOT) : seen->text);
	if (seen->kind != CELL_EMPTY)
		draw_hit(s, c, y, at, seen);
}

/* More than an odd cell, which is marked itself: see the sheet of faults. */
static bool has_fault(const struct session *s, size_t place)
{
	const struct table *table = panel_table(s);
	size_t row = grid_row_at(s, place), n, first;

	if (!table || row >= table->rows)
		return false;
	n = faults_of_row(&s->data.found->faults, row, &first);
	for (size_t i = first; i < first + n; i++)
		if (s->data.found->faults.fault[i].kind != FAULT_ODD)
			return true;
	return false;
}

static void draw_row(const struct session *s, const struct view *v,
		     const struct canvas *c, const struct grid *g,
		     size_t place, bool focused)
{
	int y = g->head + 1 + (int)(place - g->top);
	bool here = place == grid_place(s, v);
	char text[COUNT_TEXT + 1];

	text_count(text + 1, grid_row_at(s, place) + 1);
	text[0] = '~';
	draw_right(c, y, 2, g->gutter + 1, TONE_DIM, text + !g->about);
	for (size_t i = 0; i < g->n; i++)
		draw_cell(s, c, y, place, &g->slot[i],
			  here && focused && g->slot[i].column == v->column);
	draw_edge(c, g, y);
	if (has_fault(s, place))
		draw_text(c, y, 2, 1, TONE_WARN, draw_glyph(GLYPH_ALERT));
	if (!here)
		return;
	draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
	draw_cursor(c, y, focused);
}

static void draw_nothing(const struct session *s, const struct canvas *c,
			 int y)
{
	bool filtered = has_chips(s);

	if (panel_table(s) && grid_rows(s) == 0)
		draw_text(c, y, 1, c->columns - 2, TONE_DIM, filtered
			  ? "no row is left: g& takes a filter away"
			  : "the file has a header and no rows");
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	struct canvas left = *c;	/* of the draft, if there is one */
	const struct grid *g;
	int head = c->rows >= 4 && has_chips(s);
	int draft = draft_width(s, c->columns);

	if (c->rows < 1 || !columns_of(s)) {
		panel_waiting(s, c);
		return;
	}
	left.columns -= draft;
	g = grid_lay_out(s, v, &left, head);
	if (head)
		draw_chips(s, c);
	draw_names(s, v, &left, g);
	draw_edge(c, g, g->head);
	for (size_t i = 0; i < g->rows; i++)
		draw_row(s, v, &left, g, g->top + i, focused);
	if (draft)
		draft_draw_values(s, c, g, draft);
	draw_nothing(s, c, g->head + 1);
}

const struct panel panel_data = {
	.name = "Data",
	.across = CURSOR_COLUMN,
	.rows = grid_rows,
	.note = panel_note,
	.draw = panel_draw,
	.item = panel_item,
};
