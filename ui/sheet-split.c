/*
 * sheet-split.c - the split, chosen with the eyes on what it means
 *
 *	 ▸ kind      by time             what comes next
 *	   time      timestamp
 *	   ...
 *	                rows   yes               time
 *	   train       8,000   3.4 % ▍           2024-01-01 – 2024-03-01
 *	   test        2,000   3.5 % ▍           2024-03-02 – 2024-03-30
 *
 *	   1  ░░░░░░██········   train 1,667   test 1,667   3.4 % yes
 *
 * Every change is a line of the command "split" and is answered at once.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "command/forecast.h"
#include "eval/split.h"
#include "split-choice.h"

static size_t sheet_rows(const struct session *s)
{
	return panel_table(s) ? SPLIT_ITEMS : 0;
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	(void)s;
	return v->at[SHEET_SPLIT] < SPLIT_ITEMS
		? split_item(v->at[SHEET_SPLIT]) : NULL;
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	bool stale;
	const char *why;
	const struct outlook *o = forecast_of(s, &stale, &why);
	char a[COUNT_TEXT], b[COUNT_TEXT];

	(void)v;
	*text = '\0';
	if (!o || stale || why)
		return;
	if (o->folds)
		snprintf(text, size, "%zu folds, %s rows each tested once",
			 o->folds, text_count(a, o->tested));
	else
		snprintf(text, size, "train %s, test %s",
			 text_count(a, o->fold[0].side[SIDE_TRAIN].rows),
			 text_count(b, o->tested));
}

static void sheet_want(struct session *s, struct view *v)
{
	(void)v;
	forecast_want(s);
}

/* ---- the choices ---- */

static const char *explain(const struct session *s, size_t item)
{
	const char *name = split_item(item);

	if (item == 0)
		return split_kind_about[split_kind_of(&s->settings.split)]
			.question;
	if (!split_item_counts(s, item))
		return "plays no part";
	for (size_t i = 0; split_options[i].name; i++)
		if (!strcmp(split_options[i].name, name))
			return split_options[i].help;
	return "";
}

static void draw_item(const struct session *s, const struct canvas *c, int y,
		      size_t item)
{
	const char *value = split_item_value(s, item);
	bool counts = split_item_counts(s, item);
	int x = 3, width = c->columns > 70 ? 24 : 20;

	draw_text(c, y, x, 8, counts ? TONE_PLAIN : TONE_DIM,
		  split_item(item));
	x += 9;
	draw_text(c, y, x, width < c->columns - x ? width : c->columns - x,
		  !counts || !*value ? TONE_DIM : TONE_STRONG,
		  *value ? value : draw_glyph(GLYPH_DASH));
	x += width + 1;
	if (x + 8 < c->columns)
		draw_text(c, y, x, c->columns - 1 - x, TONE_DIM,
			  explain(s, item));
}

/* ---- both sides ---- */

static const char *const side_name[SIDES] = { "train", "test", "gap",
					      "later" };

/* What a line of a side has, and where. */
struct grid_of_sides {
	const struct outlook *o;
	const struct column *time;
	size_t first, classes;	/* of the classes those that there is room
				 * for: the last are the positive ones */
	bool days;		/* times without their hours */
	int class_x, mean_x, time_x, group_x;	/* -1: no room, or none */
};

enum { ROWS_X = 10, ROWS_WIDTH = 9, NEXT_X = 22, CLASS_WIDTH = 18,
       CLASS_BAR = 9, MEAN_WIDTH = 14, GROUP_WIDTH = 12, SPACE = 3 };

static int time_width(const struct grid_of_sides *g)
{
	char a[SPLIT_WHEN], b[SPLIT_WHEN];
	const struct outlook_side *side = g->o->fold[0].side;
	size_t widest = 0;

	for (int k = 0; k < SIDES; k++) {
		size_t width;

		if (!side[k].rows)
			continue;
		width = text_width(split_when(g->time, side[k].from, g->days,
					      a)) +
			text_width(split_when(g->time, side[k].to, g->days,
					      b)) + 3;
		widest = width > widest ? width : widest;
	}
	return (int)widest;
}

/* Times are left without their hours before they are left out. */
static bool place_times(struct grid_of_sides *g, int *room)
{
	for (g->days = false; ; g->days = true) {
		int width = time_width(g) + SPACE;

		if (width <= *room) {
			*room -= width;
			return true;
		}
		if (g->days)
			return false;
	}
}

static struct grid_of_sides place_grid(const struct session *s,
				       const struct outlook *o, int columns)
{
	struct grid_of_sides g = { .o = o, .time = split_column(s, "time"),
				   .class_x = -1, .mean_x = -1, .time_x = -1,
				   .group_x = -1 };
	int room = columns - 1 - NEXT_X, x = NEXT_X;
	bool mean = !isnan(o->fold[0].side[SIDE_TRAIN].mean), times, groups;

	if (o->classes && room >= CLASS_WIDTH) {
		g.classes = 1;
		room -= CLASS_WIDTH + SPACE;
	}
	mean = mean && room >= MEAN_WIDTH;
	room -= mean ? MEAN_WIDTH + SPACE : 0;
	times = g.time && o->in_time && place_times(&g, &room);
	groups = !o->folds && o->groups && room >= GROUP_WIDTH;
	room -= groups ? GROUP_WIDTH + SPACE : 0;
	while (g.classes && g.classes < o->classes &&
	       room >= CLASS_WIDTH + SPACE) {
		g.classes++;
		room -= CLASS_WIDTH + SPACE;
	}
	g.first = o->classes - g.classes;
	if (g.classes)
		g.class_x = x;
	x += (int)g.classes * (CLASS_WIDTH + SPACE);
	if (mean)
		g.mean_x = x;
	x += mean ? MEAN_WIDTH + SPACE : 0;
	if (times)
		g.time_x = x;
	x += times ? time_width(&g) + SPACE : 0;
	if (groups)
		g.group_x = x;
	return g;
}

static void draw_heads(const struct grid_of_sides *g, const struct session *s,
		       const struct canvas *c, int y)
{
	const struct column *group = split_column(s, "group");

	draw_right(c, y, ROWS_X, ROWS_WIDTH, TONE_DIM, "rows");
	for (size_t k = 0; k < g->classes; k++)
		draw_text(c, y, g->class_x + (int)k * (CLASS_WIDTH + SPACE),
			  CLASS_WIDTH, TONE_DIM,
			  g->o->class_name[g->first + k]);
	if (g->mean_x >= 0)
		draw_printf(c, y, g->mean_x, MEAN_WIDTH, TONE_DIM, "mean %s",
			    g->o->target);
	if (g->time_x >= 0)
		draw_text(c, y, g->time_x, c->columns - g->time_x, TONE_DIM,
			  g->time->name);
	if (g->group_x >= 0 && group)
		draw_text(c, y, g->group_x, c->columns - g->group_x, TONE_DIM,
			  group->name);
}

static void draw_share(const struct canvas *c, int y, int x, double share)
{
	draw_printf(c, y, x, 7, TONE_PLAIN, "%5.1f %%", 100 * share);
	draw_bar(c, y, x + 8, CLASS_BAR, TONE_VALUES, share);
}

static void draw_span(const struct grid_of_sides *g, const struct canvas *c,
		      int y, const struct outlook_side *side)
{
	char a[SPLIT_WHEN], b[SPLIT_WHEN];

	split_when(g->time, side->from, g->days, a);
	split_when(g->time, side->to, g->days, b);
	draw_printf(c, y, g->time_x, c->columns - g->time_x, TONE_PLAIN,
		    "%s %s %s", a, draw_glyph(GLYPH_DASH), b);
}

static void draw_side(const struct grid_of_sides *g, const struct canvas *c,
		      int y, const struct outlook_side *side,
		      const char *name)
{
	char count[COUNT_TEXT], measure[MEASURE_TEXT];
	double n = (double)side->rows;

	draw_text(c, y, 3, 7, TONE_PLAIN, name);
	draw_right(c, y, ROWS_X, ROWS_WIDTH, TONE_STRONG,
		   text_count(count, side->rows));
	for (size_t k = 0; k < g->classes; k++)
		draw_share(c, y, g->class_x + (int)k * (CLASS_WIDTH + SPACE),
			   (double)side->class[g->first + k] / n);
	if (g->mean_x >= 0)
		draw_text(c, y, g->mean_x, MEAN_WIDTH, TONE_PLAIN,
			  panel_figure(measure, side->mean));
	if (g->time_x >= 0)
		draw_span(g, c, y, side);
	if (g->group_x >= 0)
		draw_printf(c, y, g->group_x, c->columns - g->group_x,
			    TONE_PLAIN, "%s values",
			    text_count(count, side->groups));
}

/* The lines that it takes are returned. */
static int draw_sides(const struct session *s, const struct outlook *o,
		      const struct canvas *c, int y)
{
	struct grid_of_sides g = place_grid(s, o, c->columns);
	int at = y;

	draw_heads(&g, s, c, at++);
	for (int k = 0; k < SIDES; k++)
		if (o->fold[0].side[k].rows && at < c->rows)
			draw_side(&g, c, at++, &o->fold[0].side[k],
				  side_name[k]);
	return at - y;
}

/* ---- the folds ---- */

static enum glyph sign_of(const uint32_t count[SIDES], enum tone *tone)
{
	uint32_t train = count[SIDE_TRAIN], test = count[SIDE_TEST];
	uint32_t gap = count[SIDE_GAP];

	*tone = test ? TONE_ACCENT : gap > train ? TONE_WARN : TONE_DIM;
	return test > train + gap ? GLYPH_FULL : test ? GLYPH_MIXED :
	       gap > train ? GLYPH_DOT : GLYPH_WEAK;
}

/* The pieces of the file, as many to a column as there are too many. */
static void draw_pieces(const struct outlook *o, const struct outlook_fold *f,
			const struct canvas *c, int y, int x, int width)
{
	for (int i = 0; i < width; i++) {
		size_t from = (size_t)i * o->pieces / (size_t)width;
		size_t to = (size_t)(i + 1) * o->pieces / (size_t)width;
		uint32_t count[SIDES] = { 0 };
		enum tone tone;
		enum glyph sign;

		for (size_t p = from; p == from || p < to; p++)
			for (int k = 0; k < SIDES; k++)
				count[k] += f->piece[p][k];
		sign = sign_of(count, &tone);
		if (count[SIDE_TRAIN] + count[SIDE_TEST] + count[SIDE_GAP])
			draw_text(c, y, x + i, 1, tone, draw_glyph(sign));
	}
}

enum { BAR_X = 8, BAR_LEAST = 12, BAR_MOST = 96, FOLD_TEXT = 160 };

/* What stands behind the bar of a fold, more or less of it. */
enum said { SAID_NOTHING, SAID_ROWS, SAID_SHARE, SAID_ALL };

static void say_fold(const struct session *s, const struct outlook *o,
		     const struct outlook_fold *f, enum said said,
		     char text[FOLD_TEXT])
{
	const struct outlook_side *test = &f->side[SIDE_TEST];
	const struct column *time = split_column(s, "time");
	char a[COUNT_TEXT], b[COUNT_TEXT], from[SPLIT_WHEN], to[SPLIT_WHEN];
	int width = (int)strlen(text_count(a, o->rows));

	*text = '\0';
	if (said >= SAID_ROWS)
		snprintf(text, FOLD_TEXT, "train %*s  test %*s", width,
			 text_count(a, f->side[SIDE_TRAIN].rows), width,
			 text_count(b, test->rows));
	if (said >= SAID_SHARE && o->classes)
		text_append(text, FOLD_TEXT, "  %5.1f %% %.16s", 100.0 *
			    (double)test->class[o->classes - 1] /
			    (double)test->rows,
			    o->class_name[o->classes - 1]);
	if (said >= SAID_ALL && o->in_time && time)
		text_append(text, FOLD_TEXT, "  %s %s %s",
			    split_when(time, test->from, true, from),
			    draw_glyph(GLYPH_DASH),
			    split_when(time, test->to, true, to));
}

static int widest_fold(const struct session *s, const struct outlook *o,
		       enum said said)
{
	int widest = 0;
	char text[FOLD_TEXT];

	for (size_t i = 0; o->folds && i < o->shown; i++) {
		int width;

		say_fold(s, o, &o->fold[i], said, text);
		width = *text ? (int)text_width(text) + 2 : 0;
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* The bar has a part of the width at least, or little is said. */
static int bar_width(const struct session *s, const struct outlook *o,
		     const struct canvas *c, enum said *said)
{
	int room = c->columns - 2 - BAR_X, width = room;

	for (*said = SAID_ALL; *said > SAID_NOTHING; (*said)--) {
		width = room - widest_fold(s, o, *said);
		if (width * (*said == SAID_ALL ? 3 : 2) >= room ||
		    (*said == SAID_ROWS &&
		     width >= BAR_LEAST))
			break;
	}
	if (*said == SAID_NOTHING)
		width = room;
	return width < BAR_MOST ? width : BAR_MOST;
}

static void draw_legend(const struct session *s, const struct outlook *o,
			const struct canvas *c, int y)
{
	const struct column *time = split_column(s, "time");

	draw_printf(c, y, 3, c->columns - 4, TONE_DIM,
		    "%s train  %s test  %s both  %s gap, in the order of %s",
		    draw_glyph(GLYPH_WEAK), draw_glyph(GLYPH_FULL),
		    draw_glyph(GLYPH_MIXED), draw_glyph(GLYPH_DOT),
		    o->in_time && time ? time->name : "the file");
}

static void draw_folds(const struct session *s, const struct outlook *o,
		       const struct canvas *c, int y)
{
	enum said said;
	int width = bar_width(s, o, c, &said), left = c->rows - y;
	bool legend = left > 1;
	size_t n = o->shown;
	char text[FOLD_TEXT];

	if (n > (size_t)(left - legend))
		n = (size_t)(left - legend);
	for (size_t i = 0; i < n; i++, y++) {
		int x = BAR_X + width + 2;

		if (o->folds)
			draw_printf(c, y, 3, 4, TONE_PLAIN, "%zu", i + 1);
		else
			draw_text(c, y, 3, 4, TONE_PLAIN, "rows");
		draw_pieces(o, &o->fold[i], c, y, BAR_X, width);
		say_fold(s, o, &o->fold[i], said, text);
		if (o->folds && x + 8 < c->columns)
			draw_text(c, y, x, c->columns - 1 - x, TONE_PLAIN,
				  text);
	}
	if (legend)
		draw_legend(s, o, c, y);
}

static void draw_tested(const struct outlook *o, const struct canvas *c,
			int y)
{
	char a[COUNT_TEXT], b[COUNT_TEXT], g[COUNT_TEXT];

	draw_printf(c, y, 3, c->columns - 4, TONE_PLAIN,
		    "%s rows are each tested once%s%s%s%s%s",
		    text_count(a, o->tested), o->tested < o->rows ? ", " : "",
		    o->tested < o->rows ? text_count(b, o->rows - o->tested)
					: "",
		    o->tested < o->rows ? " never" : "",
		    o->groups ? ", groups: " : "",
		    o->groups ? text_count(g, o->groups) : "");
}

/* ---- what it means ---- */

/* Words in lines of that width. */
static void draw_wrapped(const struct canvas *c, int y, const char *text)
{
	int width = c->columns - 4;

	while (*text && y < c->rows && width > 0) {
		char line[400];
		size_t used, n = text_fit(text, (size_t)width, &used), to = n;

		while (text[n] && to > 0 && text[to] != ' ')
			to--;
		if (!to)
			to = n ? n : 1;
		snprintf(line, sizeof(line), "%.*s", (int)to, text);
		draw_text(c, y++, 3, width, TONE_WARN, line);
		text += to + (text[to] == ' ');
	}
}

static void draw_outlook(const struct session *s, const struct canvas *c,
			 int y)
{
	const char *why;
	bool stale, roomy = c->rows - y > 5;
	const struct outlook *o = forecast_of(s, &stale, &why);
	struct canvas canvas = panel_canvas(c, stale);

	y += roomy;
	if (y >= c->rows)
		return;
	if (why) {
		draw_wrapped(c, y, why);
		return;
	}
	if (!o)
		return;
	if (o->folds)
		draw_tested(o, &canvas, y++);
	else
		y += draw_sides(s, o, &canvas, y);
	y += roomy && !o->folds;
	if (y < c->rows)
		draw_folds(s, o, &canvas, y);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	size_t n = SPLIT_ITEMS, at = v->at[SHEET_SPLIT];
	int items = c->rows > (int)n + 4 ? (int)n : c->rows / 2;
	size_t top;

	if (panel_waiting(s, c))
		return;
	items = items > 0 ? items : 1;
	top = panel_top(v, SHEET_SPLIT, at, n, items);
	for (int y = 0; y < items && top + (size_t)y < n; y++) {
		draw_item(s, c, y, top + (size_t)y);
		if (top + (size_t)y != at)
			continue;
		draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
	draw_outlook(s, c, items);
}

const struct panel sheet_split = {
	.name = "Split", .home = PANEL_TRAINING,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
