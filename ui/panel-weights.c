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
#include "command/inquiry.h"
#include "weight-views.h"

/* A line of the panel; what it points to belongs to the result or the note. */
struct bar {
	const char *feature;
	const char *reference;		/* or NULL */
	const struct weight *weight;	/* NULL: of a note */
	double value;			/* its length: standardised */
	double low, high;		/* of what was shuffled */
};

struct bars {
	size_t n;
	struct bar *bar;		/* owned */
	char **name;			/* owned: of groups that were shuffled,
					 * or NULL */
	bool live;
	enum weights_view view;
	const struct result *result;
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

static void bars_clear(struct bars *bars)
{
	for (size_t i = 0; bars->name && i < bars->n; i++)
		free(bars->name[i]);
	free(bars->name);
	free(bars->bar);
}

/* What was shuffled; they are in order. */
static void take_groups(struct bars *bars, const struct importance *im)
{
	bars->n = im ? im->groups : 0;
	bars->bar = mem_array(bars->n + 1, sizeof(*bars->bar));
	bars->name = mem_array(bars->n + 1, sizeof(*bars->name));
	for (size_t g = 0; g < bars->n; g++) {
		const struct importance_group *of = &im->group[g];
		char *name = mem_strdup(of->column[0]);

		for (size_t i = 1; i < of->columns; i++) {
			char *longer = mem_printf("%s + %s", name,
						  of->column[i]);

			free(name);
			name = longer;
		}
		bars->name[g] = name;
		bars->bar[g] = (struct bar){ .feature = name,
					     .value = of->drop,
					     .low = of->low,
					     .high = of->high };
	}
}

static struct bars bars_new(const struct session *s, const struct view *v)
{
	const struct result *r = session_newest(s);
	struct bars bars = { .live = is_live(s), .result = r };

	if (!bars.live)
		bars.view = weight_view(v, r);
	if (bars.view == WEIGHTS_SHUFFLED) {
		take_groups(&bars, inquiry_importance(s));
		bars.task = TASK_CLASSIFICATION;
		return bars;
	}
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
		bar->value = weight_view_bar(bars.view, bar->weight);
	}
	if (!bars.live && bars.n)
		qsort(bars.bar, bars.n, sizeof(*bars.bar), larger_first);
	return bars;
}

static size_t shuffled_groups(const struct session *s)
{
	const struct importance *im = inquiry_importance(s);

	return im ? im->groups : 0;
}

/* The intercept is one line more; importances have none.  What a method has
 * without weights is what was shuffled. */
static size_t panel_rows(const struct session *s)
{
	const struct result *r = session_newest(s);

	if (is_live(s))
		return s->note.weights;
	return !r ? 0 : r->weights ? r->weights + !r->importance :
	       shuffled_groups(s);
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
	const struct importance *im = inquiry_importance(s);
	size_t at = v->at[PANEL_WEIGHTS];
	const char *name = NULL;

	if (at < bars.n)
		name = bars.view == WEIGHTS_SHUFFLED ?
		       im->group[at].column[0] :
		       column_of(panel_table(s), bars.bar[at].feature);
	bars_clear(&bars);
	return name;
}

const char *panel_weights_feature(const struct session *s,
				  const struct view *v)
{
	static char name[512];
	struct bars bars = bars_new(s, v);
	const struct importance *im = inquiry_importance(s);
	size_t at = v->at[PANEL_WEIGHTS];
	bool there = at < bars.n;

	if (there)
		snprintf(name, sizeof(name), "%s",
			 bars.view == WEIGHTS_SHUFFLED ?
			 im->group[at].column[0] : bars.bar[at].feature);
	bars_clear(&bars);
	return there ? name : NULL;
}

/* "mcc worse by": short, so that the title of a narrow panel has it. */
static void say_shuffled(const struct session *s, char *text, size_t size)
{
	const struct importance *im = inquiry_importance(s);

	snprintf(text, size, "%s%s", im ? im->score : "shuffled",
		 im ? " worse by" : "");
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct result *r = session_newest(s);

	*text = '\0';
	if (!panel_rows(s))
		return;
	if (is_live(s) && s->note.over_classes) {
		snprintf(text, size, "over all classes");
		return;
	}
	if (!is_live(s) && r && r->sets > 1 &&
	    weight_view(v, r) != WEIGHTS_SHUFFLED) {
		snprintf(text, size, "towards %.24s",
			 r->class_name[set_of(r, v)]);
		if (weight_view(v, r) != WEIGHTS_DEVIATION)
			text_append(text, size, ", %s",
				    weight_view_title[weight_view(v, r)]);
		return;
	}
	if (!is_live(s) && weight_view(v, r) == WEIGHTS_SHUFFLED) {
		say_shuffled(s, text, size);
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
	text_append(text, size, "%s", weight_view_title[is_live(s) ?
			WEIGHTS_DEVIATION : weight_view(v, r)]);
}

/* ---- where things stand ---- */

enum { VALUE_WIDTH = 7, EXTRA_WIDTH = 12, EXTRAS = 3, WIDE = 96,
       ROOMY = 60, SHUFFLED_WIDTH = 26 };

struct places {
	int name_width;
	int bars, zero, end;	/* first column; axis; one past the last */
	int value;		/* columns of the number behind it */
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
				    !bars->importance &&
				    bars->view != WEIGHTS_SHUFFLED,
			    .importance = bars->importance,
			    .value = weight_view_width(bars->view) };
	double up = 0, down = 0;
	int room;

	if (p.value == 0)
		p.value = VALUE_WIDTH;
	if (bars->view == WEIGHTS_SHUFFLED && c->columns >= ROOMY)
		p.value = SHUFFLED_WIDTH;

	p.name_width = name_width_of(bars, (c->columns - 10) * 55 / 100);
	p.bars = 1 + p.name_width + 1;
	p.end = c->columns - 1 - p.value -
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
		int x = p->end + p->value + i * EXTRA_WIDTH;
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

/* "+0.24  +0.09 to +0.39", or the first alone. */
static void draw_shuffled(const struct canvas *c, const struct places *p,
			  int y, const struct bar *bar)
{
	char low[MEASURE_TEXT], high[MEASURE_TEXT], text[4 * MEASURE_TEXT];

	if (p->value == SHUFFLED_WIDTH && !isnan(bar->low)) {
		snprintf(text, sizeof(text), "%s %s %s",
			 panel_signed(low, bar->low, 3),
			 draw_glyph(GLYPH_TO),
			 panel_signed(high, bar->high, 3));
		draw_right(c, y, p->end, p->value, TONE_DIM, text);
	}
	draw_right(c, y, p->end, VALUE_WIDTH, TONE_PLAIN,
		   panel_signed(low, bar->value, 3));
}

/* On the line under the cursor a long name has the room of the bar. */
static void draw_weight(const struct canvas *c, const struct places *p, int y,
			const struct bars *bars, const struct bar *bar,
			bool here)
{
	bool over = here && name_width_of_bar(bar) > p->name_width;
	bool plain = bars->view == WEIGHTS_DEVIATION || !bar->weight;
	char text[MEASURE_TEXT], other[WEIGHT_TEXT];

	draw_name(c, y, over ? p->end : p->bars - 1, bar);
	if (!over)
		draw_bar_of(c, p, y, bar->value);
	if (bars->view == WEIGHTS_SHUFFLED)
		draw_shuffled(c, p, y, bar);
	else
		draw_right(c, y, p->end, p->value, TONE_PLAIN, plain ?
			   say_value(text, p, bar->value) :
			   weight_view_say(other, bars->view, bars->result,
					   bar->weight));
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
	char text[MEASURE_TEXT], other[WEIGHT_TEXT];

	draw_text(c, y, 1, p->name_width, TONE_DIM, "intercept");
	draw_axis(c, p, y);
	draw_right(c, y, p->end, p->value, TONE_DIM,
		   weight_view(v, r) == WEIGHTS_UNIT ?
		   weight_figure(other, raw.raw) :
		   say_value(text, p, own ? own[0] : r->intercept));
	if (p->wide)
		draw_extras(c, p, y, &raw);
}

static void draw_head(const struct canvas *c, const struct places *p)
{
	static const char *const head[EXTRAS] = { "raw", "std error", "p" };

	draw_right(c, 0, p->end, p->value, TONE_DIM, p->value == VALUE_WIDTH
		   ? "std" : "");
	for (int i = 0; i < EXTRAS; i++)
		draw_right(c, 0, p->end + p->value + i * EXTRA_WIDTH,
			   EXTRA_WIDTH, TONE_DIM, head[i]);
}

static void draw_bars(const struct session *s, struct view *v,
		      const struct canvas *c, const struct bars *bars,
		      bool focused)
{
	const struct result *r = session_newest(s);
	size_t at = v->at[PANEL_WEIGHTS], top, n = panel_rows(s);
	struct places p = places_of(c, bars);
	int first = p.wide && c->rows > 3;

	/* The intercept has none of these numbers. */
	if (bars->view > WEIGHTS_UNIT)
		n = bars->n;
	at = at < n ? at : n ? n - 1 : 0;
	if (first)
		draw_head(c, &p);
	top = panel_top(v, PANEL_WEIGHTS, at, n, c->rows - first);
	for (int y = first; y < c->rows; y++) {
		size_t i = top + (size_t)(y - first);

		if (i >= n)
			break;
		if (i < bars->n)
			draw_weight(c, &p, y, bars, &bars->bar[i],
				    focused && i == at);
		else if (bars->view <= WEIGHTS_UNIT)
			draw_intercept(c, &p, y, r, v);
		if (focused && i == at)
			draw_cursor(c, y, true);
	}
}

/* Why nothing stands there, and what would. */
static void draw_none(const struct result *r, const struct canvas *c)
{
	bool nothing = !strcmp(r->method->name, "baseline");

	draw_printf(c, 0, 1, c->columns - 2, TONE_PLAIN, "%s %s",
		    r->method->name, nothing ? "looks at no feature" :
		    "has no weights of its own");
	draw_text(c, 1, 1, c->columns - 2, TONE_DIM, nothing ?
		  "m chooses a method that learns" :
		  "v: how much worse without a column");
	if (!nothing)
		draw_text(c, 2, 1, c->columns - 2, TONE_DIM,
			  "P in Columns: as one column changes");
}

static void draw_asking(const struct session *s, const struct view *v,
			const struct canvas *c)
{
	const char *why = inquiry_failed(s, INQUIRY_IMPORTANCE, 0);
	const struct result *r = session_newest(s);

	if (!r->weights && v->weights_view != WEIGHTS_SHUFFLED && !why &&
	    !inquiry_waiting(s, INQUIRY_IMPORTANCE, 0))
		draw_none(r, c);
	else if (inquiry_waiting(s, INQUIRY_IMPORTANCE, 0))
		draw_printf(c, 0, 1, c->columns - 2, TONE_DIM,
			    "shuffling columns among the test rows %d %%",
			    panel_percent(errands_part(s->errands)));
	else
		draw_text(c, 0, 1, c->columns - 2, why ? TONE_WARN : TONE_DIM,
			  why ? why : "here v asks how much worse the model "
			  "is without each column");
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = session_newest(s);
	struct bars bars;
	struct canvas old;

	if (panel_waiting(s, c))
		return;
	if (!r && !panel_rows(s)) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  "training shows how much each feature weighs");
		return;
	}
	bars = bars_new(s, v);
	if (!bars.live && r && !r->weights && !r->fitted && bars.n == 0)
		draw_none(r, c);
	else if (bars.view == WEIGHTS_SHUFFLED && bars.n == 0)
		draw_asking(s, v, c);
	old = panel_canvas(c, !bars.live && (s->working == WORK_TRAIN ||
					     session_result_stale(s, r)));
	draw_bars(s, v, &old, &bars, focused);
	bars_clear(&bars);
}

/* Its numbers are asked for when one comes here to see them. */
static void panel_want(struct session *s, struct view *v)
{
	/* Of a method without weights it is shown, but not asked for. */
	if (weight_view(v, session_newest(s)) == WEIGHTS_SHUFFLED &&
	    v->weights_view == WEIGHTS_SHUFFLED &&
	    !inquiry_importance(s))
		inquiry_want(s, INQUIRY_IMPORTANCE, 0);
}

const struct panel panel_weights = {
	.name = "Weights",
	.rows = panel_rows,
	.note = panel_note,
	.want = panel_want,
	.draw = panel_draw,
	.item = panel_item,
	.across = CURSOR_CLASS,
};
