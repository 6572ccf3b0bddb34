/*
 * panel-weights.c - how much each feature weighs, as bars from a common zero
 *
 *	torque               │███████ +2.80
 *	process_temp     ███│         −1.10
 *	line=M  against L    │▏       +0.06
 *
 * The largest come first.  While training they are those of the last note.
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* A line of the panel; what it points to belongs to the result or the note. */
struct bar {
	const char *feature;
	const char *reference;		/* or NULL */
	const struct weight *weight;	/* NULL: of a note */
	double value;			/* standardised */
};

struct bars {
	size_t n;
	struct bar *bar;		/* owned */
	bool live;
	bool importance;		/* no sign, and no intercept */
	enum task_kind task;
};

static bool is_live(const struct session *s)
{
	return s->working == WORK_TRAIN && s->note_fresh && s->note.weights;
}

/* NaN, of a training that ran away, stands last. */
static double size_of(double x)
{
	return isnan(x) ? -1 : fabs(x);
}

/* By size; equals keep the order of the design. */
static int larger_first(const void *a, const void *b)
{
	const struct bar *x = a, *y = b;

	if (size_of(x->value) != size_of(y->value))
		return size_of(x->value) < size_of(y->value) ? 1 : -1;
	return x->weight < y->weight ? -1 : x->weight > y->weight;
}

/* The class whose weights are in sight. */
static size_t set_of(const struct result *r, const struct view *v)
{
	return r->sets <= 1 ? 0 :
	       v->weights_of < r->sets ? v->weights_of : r->sets - 1;
}

static struct bars bars_new(const struct session *s, const struct view *v)
{
	const struct result *r = session_newest(s);
	struct bars bars = { .live = is_live(s) };

	bars.importance = bars.live ? s->note.importance : r && r->importance;
	bars.task = bars.live ? s->note.task : r ? r->task :
		    TASK_CLASSIFICATION;
	bars.n = bars.live ? s->note.weights : r ? r->weights : 0;
	bars.bar = mem_array(bars.n + 1, sizeof(*bars.bar));
	for (size_t i = 0; i < bars.n; i++) {
		struct bar *bar = &bars.bar[i];

		if (bars.live) {
			bar->feature = s->note.weight[i].feature;
			bar->value = s->note.weight[i].standardized;
			continue;
		}
		bar->weight = &r->weight[set_of(r, v) * r->weights + i];
		bar->feature = bar->weight->feature;
		bar->reference = bar->weight->reference;
		bar->value = bar->weight->standardized;
	}
	if (!bars.live && bars.n)
		qsort(bars.bar, bars.n, sizeof(*bars.bar), larger_first);
	return bars;
}

/* The intercept is one line more; importances have none. */
static size_t panel_rows(const struct session *s)
{
	const struct result *r = session_newest(s);

	return is_live(s) ? s->note.weights :
	       r ? r->weights + (r->weights > 0 && !r->importance) : 0;
}

/* The column that a feature stands for: "line" of "line=M". */
static const char *column_of(const struct table *table, const char *feature)
{
	const char *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; table && i < table->columns; i++) {
		const char *name = table->column[i].name;
		size_t len = strlen(name);

		if (strncmp(name, feature, len))
			continue;
		if (!feature[len])
			return name;
		if (feature[len] == '=' && len >= longest) {
			best = name;
			longest = len;
		}
	}
	return best;
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	struct bars bars = bars_new(s, v);
	size_t at = v->at[PANEL_WEIGHTS];
	const char *name = at < bars.n ?
		column_of(panel_table(s), bars.bar[at].feature) : NULL;

	free(bars.bar);
	return name;
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct result *r = session_newest(s);

	(void)v;
	*text = '\0';
	if (!panel_rows(s))
		return;
	if (is_live(s) && s->note.over_classes) {
		snprintf(text, size, "over all classes");
		return;
	}
	if (!is_live(s) && r && r->sets > 1) {
		snprintf(text, size, "towards %.24s",
			 r->class_name[set_of(r, v)]);
		return;
	}
	if (is_live(s) ? s->note.importance : r && r->importance) {
		snprintf(text, size, "importance");
		return;
	}
	/* The target of a live one may be another than that of the last. */
	if (!is_live(s) && r && r->classes == 2 &&
	    text_width(r->class_name[1]) <= 8)
		snprintf(text, size, "towards %s, ", r->class_name[1]);
	if (!is_live(s) && r && r->unit && text_width(r->unit) <= 8)
		snprintf(text, size, "%s ", r->unit);
	text_append(text, size, "per std dev");
}

/* ---- where things stand ---- */

enum { VALUE_WIDTH = 7, EXTRA_WIDTH = 12, EXTRAS = 3, WIDE = 96 };

struct places {
	int name_width;
	int bars, zero, end;	/* first column; axis; one past the last */
	double unit;		/* columns for a weight of 1 */
	bool wide;		/* raw weight, its error and p as well */
	bool importance;	/* without signs */
	double least;		/* of numbers: less than this is written 1e-5 */
	int decimals;
};

static int name_width_of_bar(const struct bar *bar)
{
	int width = (int)text_width(bar->feature);

	return bar->reference ?
	       width + (int)text_width(bar->reference) + 9 : width;
}

static int name_width_of(const struct bars *bars, int most)
{
	int longest = 9;	/* "intercept" */

	for (size_t i = 0; i < bars->n; i++) {
		int width = name_width_of_bar(&bars->bar[i]);

		longest = width > longest ? width : longest;
	}
	return longest < most ? longest : most;
}

/* Log odds are of one size; numbers are as large as the target's unit makes
 * them, and the largest shows three digits. */
static void find_decimals(struct places *p, const struct bars *bars,
			  double largest)
{
	p->decimals = bars->importance ? 3 : 2;
	if (bars->importance || bars->task == TASK_CLASSIFICATION ||
	    !(largest > 0) || largest >= 1)
		return;
	p->decimals = largest >= 0.1 ? 3 : 4;
	p->least = largest < 0.001 ? 0.001 : 0;
}

static char *say_value(char text[MEASURE_TEXT], const struct places *p,
		       double x)
{
	if (!p->importance && (!(fabs(x) < p->least) || x == 0))
		return panel_signed(text, x, p->decimals);
	if (p->importance)
		snprintf(text, MEASURE_TEXT, "%.*f", p->decimals, x);
	else
		snprintf(text, MEASURE_TEXT, "%s%.0e", x < 0 ?
			 draw_glyph(GLYPH_MINUS) : "+", fabs(x));
	return text;
}

/*
 * The zero stands where the largest bars of both sides end at the edges, so
 * that one unit is the same length on both.
 */
static struct places places_of(const struct canvas *c,
			       const struct bars *bars)
{
	struct places p = { .wide = c->columns >= WIDE && !bars->live &&
				    !bars->importance,
			    .importance = bars->importance };
	double up = 0, down = 0;
	int room;

	p.name_width = name_width_of(bars, (c->columns - 10) * 55 / 100);
	p.bars = 1 + p.name_width + 1;
	p.end = c->columns - 1 - VALUE_WIDTH -
		(p.wide ? EXTRAS * EXTRA_WIDTH : 0);
	for (size_t i = 0; i < bars->n; i++) {
		double x = bars->bar[i].value;

		if (!isfinite(x))
			continue;
		up = fmax(up, x);
		down = fmax(down, -x);
	}
	find_decimals(&p, bars, fmax(up, down));
	room = p.end - p.bars - 1;
	if (room <= 0 || !(up + down > 0)) {
		p.zero = p.bars;
		return p;
	}
	p.zero = p.bars + (int)round(room * down / (up + down));
	p.unit = room / (up + down);
	return p;
}

static void draw_axis(const struct canvas *c, const struct places *p, int y)
{
	if (p->zero < p->end)
		draw_text(c, y, p->zero, 1, TONE_DIM, draw_glyph(GLYPH_AXIS));
}

static void draw_bar_of(const struct canvas *c, const struct places *p, int y,
			double x)
{
	int up = p->end - p->zero - 1, down = p->zero - p->bars;

	draw_axis(c, p, y);
	if (!isfinite(x))
		return;
	if (x > 0 && up > 0)
		draw_bar(c, y, p->zero + 1, up, TONE_UP, x * p->unit / up);
	else if (x < 0 && down > 0)
		draw_bar_left(c, y, p->bars, down, TONE_DOWN,
			      -x * p->unit / down);
}

/* ---- lines ---- */

static void draw_extras(const struct canvas *c, const struct places *p, int y,
			const struct weight *w)
{
	const double extra[EXTRAS] = { w->raw, w->std_error, w->p };

	for (int i = 0; i < EXTRAS; i++) {
		int x = p->end + VALUE_WIDTH + i * EXTRA_WIDTH;
		char text[MEASURE_TEXT];

		if (isnan(extra[i]))
			snprintf(text, sizeof(text), "%s",
				 draw_glyph(GLYPH_DASH));
		else
			snprintf(text, sizeof(text), "%s%.4g", extra[i] < 0 ?
				 draw_glyph(GLYPH_MINUS) : "", fabs(extra[i]));
		draw_right(c, y, x, EXTRA_WIDTH, TONE_DIM, text);
	}
}

/* The name, and what a level is measured against where there is room. */
static void draw_name(const struct canvas *c, int y, int end,
		      const struct bar *bar)
{
	int x = 1;

	x += draw_text(c, y, x, end - x, TONE_PLAIN, bar->feature) + 1;
	if (bar->reference && x + 8 + (int)text_width(bar->reference) <= end)
		draw_printf(c, y, x, end - x, TONE_DIM, "against %s",
			    bar->reference);
}

/* On the line under the cursor a long name has the room of the bar. */
static void draw_weight(const struct canvas *c, const struct places *p, int y,
			const struct bar *bar, bool here)
{
	bool over = here && name_width_of_bar(bar) > p->name_width;
	char text[MEASURE_TEXT];

	draw_name(c, y, over ? p->end : p->bars - 1, bar);
	if (!over)
		draw_bar_of(c, p, y, bar->value);
	draw_right(c, y, p->end, VALUE_WIDTH, TONE_PLAIN,
		   say_value(text, p, bar->value));
	if (p->wide && bar->weight)
		draw_extras(c, p, y, bar->weight);
}

static void draw_intercept(const struct canvas *c, const struct places *p,
			   int y, const struct result *r,
			   const struct view *v)
{
	const double *own = r->intercepts ?
			    r->intercepts + 2 * set_of(r, v) : NULL;
	const struct weight raw = { .raw = own ? own[1] : r->intercept_raw,
				    .std_error = r->intercept_error,
				    .p = r->intercept_p };
	char text[MEASURE_TEXT];

	draw_text(c, y, 1, p->name_width, TONE_DIM, "intercept");
	draw_axis(c, p, y);
	draw_right(c, y, p->end, VALUE_WIDTH, TONE_DIM,
		   say_value(text, p, own ? own[0] : r->intercept));
	if (p->wide)
		draw_extras(c, p, y, &raw);
}

static void draw_head(const struct canvas *c, const struct places *p)
{
	static const char *const head[EXTRAS] = { "raw", "std error", "p" };

	draw_right(c, 0, p->end, VALUE_WIDTH, TONE_DIM, "std");
	for (int i = 0; i < EXTRAS; i++)
		draw_right(c, 0, p->end + VALUE_WIDTH + i * EXTRA_WIDTH,
			   EXTRA_WIDTH, TONE_DIM, head[i]);
}

static void draw_bars(const struct session *s, struct view *v,
		      const struct canvas *c, const struct bars *bars,
		      bool focused)
{
	const struct result *r = session_newest(s);
	size_t n = panel_rows(s), at = v->at[PANEL_WEIGHTS], top;
	struct places p = places_of(c, bars);
	int first = p.wide && c->rows > 3;

	if (first)
		draw_head(c, &p);
	top = panel_top(v, PANEL_WEIGHTS, at, n, c->rows - first);
	for (int y = first; y < c->rows; y++) {
		size_t i = top + (size_t)(y - first);

		if (i >= n)
			break;
		if (i < bars->n)
			draw_weight(c, &p, y, &bars->bar[i],
				    focused && i == at);
		else
			draw_intercept(c, &p, y, r, v);
		if (focused && i == at)
			draw_cursor(c, y, true);
	}
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = session_newest(s);
	struct bars bars;
	struct canvas old;

	if (panel_waiting(s, c))
		return;
	if (!panel_rows(s)) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM, r ?
			  "this method has no weights" :
			  "training shows how much each feature weighs");
		return;
	}
	bars = bars_new(s, v);
	old = panel_canvas(c, !bars.live && (s->working == WORK_TRAIN ||
					     session_result_stale(s, r)));
	draw_bars(s, v, &old, &bars, focused);
	free(bars.bar);
}

const struct panel panel_weights = {
	.name = "Weights",
	.rows = panel_rows,
	.note = panel_note,
	.draw = panel_draw,
	.item = panel_item,
	.across = CURSOR_CLASS,
};
