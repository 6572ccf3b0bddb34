/*
 * sheet-curves.c - the curves of the newest result, one at a time
 *
 * Left and right go from one to the next; the keys of the threshold move the
 * mark on the curves, and the words beside them follow.
 */
#include "sheet-curves.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "run/judge.h"

/* A chart is no wider than this, and the words beside it need so much. */
enum { LABEL_WIDTH = 8, WORDS_WIDTH = 30, CHART_MOST = 100, CHART_LEAST = 24,
       AXIS_ROWS = 3 };

static const struct curve_view *views_of(const struct result *r)
{
	return !r || !r->told ? NULL :
	       r->task == TASK_REGRESSION ? curves_numbers :
	       r->classes == 2 ? curves_two : curves_many;
}

size_t curves_views(const struct session *s)
{
	const struct curve_view *views = views_of(session_newest(s));
	size_t n = 0;

	while (views && views[n].name)
		n++;
	return n;
}

static size_t view_at(const struct session *s, const struct view *v)
{
	size_t n = curves_views(s);

	return v->curve < n ? v->curve : n ? n - 1 : 0;
}

static size_t sheet_rows(const struct session *s)
{
	const struct result *r = session_newest(s);

	return r && views_of(r) && views_of(r) != curves_numbers ?
	       curves_lines(r) : 1;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	const struct curve_view *views = views_of(session_newest(s));

	return views ? views[view_at(s, v)].name : "curves";
}

/* "#3 logistic, 1 of 5". */
static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct result *r = session_newest(s);

	*text = '\0';
	if (r && curves_views(s))
		snprintf(text, size, "#%d %s, %zu of %zu", r->number,
			 r->method->name, view_at(s, v) + 1, curves_views(s));
}

/* The thresholds are found when they are first looked at. */
static void sheet_want(struct session *s, struct view *v)
{
	(void)v;
	if (s->results)
		judge_cuts(s->result[s->results - 1], NULL);
}

void curves_say(struct curves *curves, const char *name, enum tone tone,
		const char *fmt, ...)
{
	char text[200];
	int x = curves->words_x, width = curves->c->columns - x - 1;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (*name) {
		draw_text(curves->c, curves->words_y, x, 11, TONE_DIM, name);
		x += 12;
		width -= 12;
	}
	draw_text(curves->c, curves->words_y++, x, width, tone, text);
}

void curves_gap(struct curves *curves)
{
	curves->words_y++;
}

void curves_axes(const struct curves *curves, const char *low_x,
		 const char *high_x, const char *name_x, const char *low_y,
		 const char *high_y)
{
	const struct canvas *c = curves->c;
	int y = curves->y + curves->rows + 1, width = curves->columns;
	int x = curves->x + (width - (int)text_width(name_x)) / 2;

	draw_right(c, curves->y, 0, LABEL_WIDTH - 1, TONE_DIM, high_y);
	draw_right(c, curves->y + curves->rows - 1, 0, LABEL_WIDTH - 1,
		   TONE_DIM, low_y);
	draw_text(c, y, curves->x, width, TONE_DIM, low_x);
	draw_right(c, y, curves->x, width, TONE_DIM, high_x);
	/* Where it would touch the ends they say enough. */
	if (x > curves->x + (int)text_width(low_x) &&
	    x > curves->x + (int)text_width(high_x))
		draw_text(c, y, x, width, TONE_DIM, name_x);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = session_newest(s);
	const struct curve_view *views = views_of(r);
	struct canvas old = panel_canvas(c, r && session_result_stale(s, r));
	size_t last = sheet_rows(s) - 1;
	size_t at = v->at[SHEET_CURVES] < last ? v->at[SHEET_CURVES] : last;
	struct curves curves = { .session = s, .result = r, .c = &old,
				 .at = at, .view = v,
				 .focused = focused, .y = 1,
				 .x = LABEL_WIDTH + 1 };
	int width = c->columns - curves.x - 1;

	if (!views) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM, r ?
			  "the rows of this run are forgotten: train again" :
			  "train to see its curves here");
		return;
	}
	curves.rows = c->rows - AXIS_ROWS;
	curves.words_y = 1;
	if (width >= CHART_LEAST + WORDS_WIDTH + 3) {
		width -= WORDS_WIDTH + 3;
		width = width > CHART_MOST ? CHART_MOST : width;
		curves.words_x = curves.x + width + 3;
	} else {
		curves.words_x = c->columns;
	}
	curves.columns = width;
	views[view_at(s, v)].draw(&curves);
}

const struct panel sheet_curves = {
	.name = "Curves", .home = PANEL_TRAINING,
	.across = CURSOR_CURVE,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
};
