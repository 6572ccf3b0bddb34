/*
 * sheet-dependence.c - what the model tells as one column changes
 *
 * A picture of points beside each other, as high as what is told there; those
 * where there is hardly any data are of dots.  Below it a line for each point.
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/inquiry.h"
#include "weight-views.h"

enum { SCALE = 10, PLOT_LEAST = 5, PLOT_MOST = 14, COLUMN = 11 };

static const struct dependence *here(const struct session *s,
				     const struct view *v)
{
	return v->column < session_columns(s) ?
	       inquiry_dependence(s, session_name(s, v->column)) : NULL;
}

static size_t output_of(const struct dependence *d, const struct view *v)
{
	return d->outputs == 1 ? 0 : v->weights_of < d->outputs ?
	       v->weights_of : d->outputs - 1;
}

static size_t sheet_rows(const struct session *s)
{
	return panel_table(s) ? 200 : 0;
}

static void sheet_want(struct session *s, struct view *v)
{
	const struct result *r = session_newest(s);

	if (!r || !panel_table(s) || v->column >= session_columns(s) ||
	    here(s, v))
		return;
	inquiry_want(s, INQUIRY_DEPENDENCE, v->column);
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	return v->column < session_columns(s) ? session_name(s, v->column)
					      : NULL;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	static char title[200];

	snprintf(title, sizeof(title), "dependence on %.150s",
		 sheet_item(s, v) ? sheet_item(s, v) : "");
	return title;
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	panels[SHEET_MODEL]->note(s, v, text, size);
}

/* ---- the picture ---- */

struct scale {
	double low, high;
	char low_text[MEASURE_TEXT], high_text[MEASURE_TEXT];
};

/* A probability, or a number of any size. */
static char *figure(char to[MEASURE_TEXT], const struct dependence *d,
		    double x)
{
	return d->probability ? panel_measure(to, x) : panel_figure(to, x);
}

/* Of the points with data; the others have as much room again, and what is
 * beyond it is cut off. */
static struct scale scale_of(const struct dependence *d, size_t k)
{
	struct scale s = { INFINITY, -INFINITY, "", "" };
	double low, high, span;

	for (size_t i = 0; i < d->points; i++) {
		if (d->point[i].rare)
			continue;
		s.low = fmin(s.low, d->point[i].mean[k]);
		s.high = fmax(s.high, d->point[i].mean[k]);
	}
	span = s.high > s.low ? s.high - s.low : INFINITY;
	low = s.low - span;
	high = s.high + span;
	for (size_t i = 0; i < d->points; i++) {
		double x = fmin(fmax(d->point[i].mean[k], low), high);

		s.low = fmin(s.low, x);
		s.high = fmax(s.high, x);
	}
	figure(s.low_text, d, s.low);
	figure(s.high_text, d, s.high);
	return s;
}

static int width_of(const struct canvas *c, const struct dependence *d)
{
	int room = c->columns - SCALE - 3, width = room / (int)d->points;

	return width > 6 ? 6 : width;
}

/* The lowest point is a little above the ground, to be seen. */
static void draw_plot(const struct canvas *c, int y, int rows,
		      const struct dependence *d, size_t k)
{
	struct scale s = scale_of(d, k);
	double *part = mem_array(d->points, sizeof(*part));
	bool *weak = mem_array(d->points, sizeof(*weak));
	int width = width_of(c, d);

	for (size_t i = 0; i < d->points; i++) {
		double span = s.high - s.low;

		double x = fmin(fmax(d->point[i].mean[k], s.low), s.high);

		part[i] = span > 0 ? 0.08 + 0.92 * (x - s.low) / span : 0.5;
		weak[i] = d->point[i].rare;
		/* Dots fill whole cells: none that is not full. */
		if (weak[i])
			part[i] = fmax(floor(part[i] * rows), 1) / rows;
	}
	draw_right(c, y, 1, SCALE - 1, TONE_DIM, s.high_text);
	if (s.high > s.low)
		draw_right(c, y + rows - 1, 1, SCALE - 1, TONE_DIM,
			   s.low_text);
	draw_columns(c, y, SCALE + 2, rows, width, TONE_VALUES, part, weak,
		     d->points);
	free(weak);
	free(part);
}

/* The first and the last value below it, and how the data lie. */
static void draw_ground(const struct canvas *c, int y,
			const struct dependence *d)
{
	int width = width_of(c, d) * (int)d->points, x = SCALE + 2;
	const char *first = d->point[0].text;
	const char *last = d->point[d->points - 1].text;

	draw_text(c, y, x, width, TONE_DIM, first);
	if ((int)(text_width(first) + text_width(last)) < width)
		draw_right(c, y, x, width, TONE_DIM, last);
	draw_right(c, y, 1, SCALE - 1, TONE_DIM, d->unit ? d->unit : "");
}

/* ---- lines ---- */

static void draw_head(const struct canvas *c, int y, int name,
		      const struct dependence *d, const char *told)
{
	draw_text(c, y, 1, name, TONE_DIM, d->category ? "level" : "value");
	draw_right(c, y, name + 1, COLUMN, TONE_DIM, "share");
	draw_right(c, y, name + 1 + COLUMN, COLUMN, TONE_DIM, told);
	if (d->outputs == 1)
		draw_right(c, y, name + 1 + 2 * COLUMN, 2 * COLUMN, TONE_DIM,
			   "80 % of rows");
}

static void draw_point(const struct canvas *c, int y, int name,
		       const struct dependence *d, size_t i, size_t k,
		       const struct scale *s)
{
	const struct dependence_point *p = &d->point[i];
	enum tone tone = p->rare ? TONE_DIM : TONE_PLAIN;
	char text[3 * MEASURE_TEXT], low[MEASURE_TEXT], high[MEASURE_TEXT];
	int x = name + 1;

	draw_text(c, y, 1, name, tone, p->text);
	snprintf(text, sizeof(text), "%.1f %%", 100 * p->share);
	draw_right(c, y, x, COLUMN, TONE_DIM, text);
	draw_right(c, y, x + COLUMN, COLUMN, tone,
		   figure(text, d, p->mean[k]));
	x += 2 * COLUMN;
	if (d->outputs == 1) {
		snprintf(text, sizeof(text), "%s %s %s",
			 figure(low, d, p->low), draw_glyph(GLYPH_TO),
			 figure(high, d, p->high));
		draw_right(c, y, x, 2 * COLUMN, TONE_DIM, text);
		x += 2 * COLUMN;
	}
	if (p->rare)
		draw_text(c, y, x + 2, c->columns - x - 3, TONE_DIM,
			  "hardly any data");
	else if (d->category && s->high > s->low && c->columns > x + 14)
		draw_bar(c, y, x + 2, c->columns - x - 3, TONE_VALUES,
			 0.02 + 0.98 * (p->mean[k] - s->low) /
			 (s->high - s->low));
}

static void draw_lines(struct view *v, const struct canvas *c, int y,
		       const struct dependence *d, size_t k,
		       const char *told, bool focused)
{
	size_t *at = &v->at[SHEET_DEPENDENCE], top;
	struct scale s = scale_of(d, k);
	int name = 12;

	for (size_t i = 0; i < d->points; i++) {
		int width = (int)text_width(d->point[i].text);

		name = width > name ? width : name;
	}
	if (name > c->columns / 3)
		name = c->columns / 3;
	if (*at >= d->points)
		*at = d->points - 1;
	draw_head(c, y++, name, d, told);
	top = panel_top(v, SHEET_DEPENDENCE, *at, d->points, c->rows - y);
	for (; y < c->rows && top < d->points; y++, top++) {
		draw_point(c, y, name, d, top, k, &s);
		if (top == *at)
			draw_cursor(c, y, focused);
	}
}

/* ---- all of it ---- */

static void draw_nothing(const struct session *s, const struct view *v,
			 const struct canvas *c)
{
	const char *why = inquiry_failed(s, INQUIRY_DEPENDENCE, v->column);
	struct err err;

	if (!why && !inquiry_ready(s, "dependence", &err))
		why = err.text;
	if (why)
		draw_text(c, 0, 1, c->columns - 2, TONE_WARN, why);
	else
		draw_printf(c, 0, 1, c->columns - 2, TONE_DIM,
			    "telling the test rows anew %d %%",
			    panel_percent(errands_part(s->errands)));
}

static void say_told(char *to, size_t size, const struct result *r,
		     size_t k, bool many)
{
	if (r->task == TASK_REGRESSION)
		snprintf(to, size, "%s", r->target);
	else
		snprintf(to, size, "p(%s)", r->class_name[many ? k : 1]);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = session_newest(s);
	const struct dependence *d = here(s, v);
	struct canvas old;
	char told[80], rows_text[COUNT_TEXT];
	int y = 2, rows;
	size_t k;

	if (!d) {
		draw_nothing(s, v, c);
		return;
	}
	old = panel_canvas(c, session_result_stale(s, r));
	k = output_of(d, v);
	say_told(told, sizeof(told), r, k, d->outputs > 1);
	draw_printf(&old, 0, 1, c->columns - 2, TONE_DIM, "%s as the column "
		    "changes and all else stays: mean of %s %s rows", told,
		    text_count(rows_text, d->rows),
		    d->training ? "training" : "test");
	rows = c->rows / 2 - 2;
	rows = rows > PLOT_MOST ? PLOT_MOST : rows;
	if (!d->category && rows >= PLOT_LEAST && width_of(c, d) > 0 &&
	    d->points > 1) {
		draw_plot(&old, y, rows, d, k);
		draw_ground(&old, y + rows, d);
		y += rows + 2;
	}
	draw_lines(v, &old, y, d, k, told, focused);
}

const struct panel sheet_dependence = {
	.name = "Dependence", .home = PANEL_DATA,
	.across = CURSOR_COLUMN,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
