/*
 * sheet-why.c - why the model tells of a row what it tells
 *
 *	told no 0.9996   it is no   a test row
 *
 *	log odds of yes        at large  −4.90
 *	Rotational_speed  1408            ███████│          −1.51
 *	Process_temp      308.7                  │███▌      +0.91
 *	                                 this row  −7.91
 *
 *	like row     away   is     differs most
 *	      24    0.165   no     torque 41.2
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "command/inquiry.h"
#include "grid.h"
#include "run/report-explain.h"
#include "weight-views.h"

enum { NUMBER = 10, NEAR_LINES = WHY_NEAR + 2 };

static const struct why *why_here(const struct session *s,
				  const struct view *v)
{
	return inquiry_why(s, grid_row(s, v));
}

/* One place for what there is to say where there is no answer. */
static size_t sheet_rows(const struct session *s)
{
	const struct result *r = session_newest(s);

	return grid_rows(s) == 0 ? 0 : r && r->features ? r->features : 1;
}

static void sheet_want(struct session *s, struct view *v)
{
	size_t row = grid_row(s, v);

	if (row != SIZE_MAX && !inquiry_why(s, row))
		inquiry_want(s, INQUIRY_WHY, row);
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	static char title[COUNT_TEXT + 12];
	char text[COUNT_TEXT];
	size_t row = grid_row(s, v);

	snprintf(title, sizeof(title), "why row %s", row == SIZE_MAX ?
		 draw_glyph(GLYPH_MORE) : text_count(text, row + 1));
	return title;
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	panels[SHEET_MODEL]->note(s, v, text, size);
}

/* The column whose part is under the cursor. */
static const char *sheet_item(const struct session *s, const struct view *v)
{
	const struct why *w = why_here(s, v);
	size_t at = v->at[SHEET_WHY];

	if (!w || w->parts == 0)
		return NULL;
	return w->part[at < w->parts ? at : w->parts - 1].column;
}

/* ---- what is told ---- */

static void draw_told(const struct canvas *c, const struct result *r,
		      const struct why *w)
{
	double p = w->told[why_output(w)];
	int x = 1;

	x += draw_text(c, 0, x, c->columns - 1, TONE_DIM, "told ");
	if (r->task == TASK_REGRESSION)
		x += draw_printf(c, 0, x, c->columns - x - 1, TONE_STRONG,
				 "%.6g%s%s", p, r->unit ? " " : "",
				 r->unit ? r->unit : "");
	else
		x += draw_printf(c, 0, x, c->columns - x - 1, TONE_STRONG,
				 "%s %.4f", r->class_name[w->told_class],
				 w->outputs > 1 || w->told_class == 1 ? p
				 : 1 - p);
	if (w->truth) {
		bool wrong = r->task == TASK_CLASSIFICATION &&
			     strcmp(w->truth, r->class_name[w->told_class]);

		x += draw_text(c, 0, x + 3, c->columns - x - 4, TONE_DIM,
			       "it is ") + 3;
		x += draw_text(c, 0, x, c->columns - x - 1, wrong ? TONE_WARN
			       : TONE_STRONG, w->truth);
	}
	draw_text(c, 0, x + 3, c->columns - x - 4, TONE_DIM, w->trained ?
		  "the model has learned from it" : w->tested ?
		  "a test row" : "");
}

/* ---- parts ---- */

struct places {
	int name, value, bars, zero, end;
	double unit;		/* columns for 1 */
};

static int widest(const struct why *w, bool values, int most)
{
	int width = 8;

	for (size_t i = 0; i < w->parts; i++) {
		int mine = (int)text_width(values ? w->part[i].value
						  : w->part[i].column);

		width = mine > width ? mine : width;
	}
	return width < most ? width : most;
}

static struct places places_of(const struct canvas *c, const struct why *w)
{
	int most = (c->columns - NUMBER - 4) * 2 / 5, room;
	struct places p = { .name = widest(w, false, most),
			    .value = widest(w, true, most / 2) };
	double up = 0, down = 0;

	p.bars = p.name + p.value + 4;
	p.end = c->columns - 1 - NUMBER;
	p.zero = p.bars;
	for (size_t i = 0; i < w->parts; i++) {
		up = fmax(up, w->part[i].moved[why_output(w)]);
		down = fmax(down, -w->part[i].moved[why_output(w)]);
	}
	room = p.end - p.bars - 1;
	if (room <= 0 || !(up + down > 0))
		return p;
	p.zero = p.bars + (int)round(room * down / (up + down));
	p.unit = room / (up + down);
	return p;
}

static void draw_part(const struct canvas *c, int y, const struct places *p,
		      const struct why_part *part, double x)
{
	int up = p->end - p->zero - 1, down = p->zero - p->bars;
	char text[WEIGHT_TEXT];

	draw_text(c, y, 1, p->name, TONE_PLAIN, part->column);
	draw_text(c, y, p->name + 3, p->value, TONE_DIM, part->value);
	if (p->zero < p->end)
		draw_text(c, y, p->zero, 1, TONE_DIM, draw_glyph(GLYPH_AXIS));
	if (x > 0 && up > 0)
		draw_bar(c, y, p->zero + 1, up, TONE_UP, x * p->unit / up);
	else if (x < 0 && down > 0)
		draw_bar_left(c, y, p->bars, down, TONE_DOWN,
			      -x * p->unit / down);
	draw_right(c, y, p->end, NUMBER, TONE_PLAIN, weight_figure(text, x));
}

/* "at large −4.90" and "this row −7.91", where the sums stand. */
static void draw_sum(const struct canvas *c, int y, const char *left,
		     const char *what, double x)
{
	int end = c->columns - 1 - NUMBER;
	char text[MEASURE_TEXT];

	draw_text(c, y, 1, end - 1, TONE_DIM, left);
	draw_right(c, y, 1, end - 2, TONE_DIM, what);
	draw_right(c, y, end, NUMBER, TONE_STRONG, panel_figure(text, x));
}

/* Between the two sums; *used lines in all. */
static void draw_parts(const struct session *s, struct view *v,
		       const struct canvas *c, int y, int rows,
		       const struct why *w, bool focused)
{
	const struct result *r = session_newest(s);
	size_t k = why_output(w), at = v->at[SHEET_WHY], top;
	struct places p = places_of(c, w);
	char unit[WHY_UNIT];
	int most = rows - 2, lines;

	at = at < w->parts ? at : w->parts - 1;
	draw_sum(c, y++, why_unit(unit, r, w), "training rows at large",
		 w->base[k]);
	lines = most < (int)w->parts ? most : (int)w->parts;
	top = panel_top(v, SHEET_WHY, at, w->parts, lines);
	for (int i = 0; i < lines; i++, y++) {
		const struct why_part *part = &w->part[top + (size_t)i];

		draw_part(c, y, &p, part, part->moved[k]);
		if (top + (size_t)i == at)
			draw_cursor(c, y, focused);
	}
	draw_sum(c, y, "", "this row", w->score[k]);
}

/* ---- what is like it ---- */

static void draw_near(const struct canvas *c, int y, const struct why *w)
{
	draw_right(c, y, 1, 9, TONE_DIM, "like row");
	draw_right(c, y, 10, 9, TONE_DIM, "away");
	draw_text(c, y, 22, 16, TONE_DIM, "is");
	draw_text(c, y, 40, c->columns - 41, TONE_DIM, "differs most");
	for (size_t i = 0; i < w->nears && y + 1 < c->rows; i++) {
		const struct why_near *near = &w->near[i];
		char count[COUNT_TEXT], text[MEASURE_TEXT];
		bool same = w->truth && !strcmp(near->truth, w->truth);

		y++;
		draw_right(c, y, 1, 9, TONE_PLAIN,
			   text_count(count, near->row + 1));
		snprintf(text, sizeof(text), "%.3f", near->distance);
		draw_right(c, y, 10, 9, TONE_DIM, text);
		draw_text(c, y, 22, 16, same ? TONE_PLAIN : TONE_STRONG,
			  near->truth);
		draw_text(c, y, 40, c->columns - 41, TONE_DIM, near->differs ?
			  near->differs : "in nothing");
	}
}

static void draw_nothing(const struct session *s, const struct canvas *c,
			 size_t row)
{
	const char *why = inquiry_failed(s, INQUIRY_WHY, row);
	struct err err;

	if (!why && inquiry_waiting(s, INQUIRY_WHY, row))
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  draw_glyph(GLYPH_MORE));
	else if (!why && inquiry_ready(s, "why", &err))
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  draw_glyph(GLYPH_MORE));
	else
		draw_text(c, 0, 1, c->columns - 2, TONE_WARN,
			  why ? why : err.text);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = session_newest(s);
	const struct why *w = why_here(s, v);
	struct canvas old;
	int rows, y;

	if (!w) {
		draw_nothing(s, c, grid_row(s, v));
		return;
	}
	old = panel_canvas(c, session_result_stale(s, r));
	draw_told(&old, r, w);
	rows = c->rows - 2 - (w->nears && c->rows > 14 ? NEAR_LINES : 0);
	y = 3 + ((int)w->parts + 1 < rows - 1 ? (int)w->parts + 1 : rows - 1);
	if (w->silent) {
		draw_text(&old, 2, 1, c->columns - 2, TONE_DIM, w->silent);
		y = 3;
	} else {
		draw_parts(s, v, &old, 2, rows, w, focused);
	}
	if (w->nears && y + 2 < c->rows)
		draw_near(&old, y + 1, w);
}

const struct panel sheet_why = {
	.name = "Why", .home = PANEL_DATA,
	.across = CURSOR_ROW,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
