/*
 * sheet-column.c - all that is known of one column
 *
 *	 10,000 values    0 missing    577 distinct    0 odd
 *	 min 3.8    p25 33.2    median 40.1    p75 46.8    max 76.6
 *	 how many          up to 823     share of failure = yes   up to 39 %
 *	       ▂▅▇█▆▂                                            ▃▄▆
 *	 ▁▂▄▇██████████████▇▄▂▁          ▃▂▂▁           ▁▂▃▅█████████
 *	 3.8                    76.6     3.8                    76.6
 *	 alone    auc 0.73: large values say yes
 *	 with     speed r −0.88 ! they move together
 *
 * The numbers are there at once; what takes a look at all rows comes from
 * insight.h, and until then there are dots.
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/insight.h"
#include "data/number.h"
#include "page.h"

/* The column that is shown, and what is known of it. */
struct about {
	const struct session *s;
	const struct table *table;
	size_t i;
	const struct column *column;
	const struct summary *summary;	/* NULL: not known yet */
	const struct insight *insight;	/* NULL: not known yet */
	const char *why;		/* it will not be known */
	bool is_number;
};

static bool about_of(const struct session *s, const struct view *v,
		     struct about *a)
{
	*a = (struct about){ .s = s, .table = panel_table(s),
			     .i = v->column };
	if (!a->table || a->i >= a->table->columns)
		return false;
	a->column = &a->table->column[a->i];
	a->is_number = a->column->number;
	a->insight = insight_of(s, a->i, &a->why);
	if (s->data.summary &&
	    s->data.found->column[a->i].type == a->column->type)
		a->summary = &s->data.summary[a->i];
	else if (a->insight)
		a->summary = &a->insight->summary;
	return true;
}

/* ---- what the sheet says of itself ---- */

static size_t sheet_rows(const struct session *s)
{
	return panel_table(s) ? panel_table(s)->columns : 0;
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	return v->column < sheet_rows(s)
		? panel_table(s)->column[v->column].name : NULL;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	const char *name = sheet_item(s, v);

	return name ? name : "Column";
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	char at[COUNT_TEXT], of[COUNT_TEXT];
	struct about a;

	if (!about_of(s, v, &a))
		return;
	snprintf(text, size, "%s %s, ", draw_glyph(page_role(s, a.i)),
		 a.s->settings.target == (int)a.i ? "target" :
		 settings_uses(&s->settings, a.i) ? "used" : "left out");
	text_append(text, size, "%s%s%s, %s of %s",
		    a.summary ? summary_kind(a.column, a.summary)
			      : column_type_name[a.column->type],
		    a.column->unit ? " in " : "",
		    a.column->unit ? a.column->unit : "",
		    text_count(at, a.i + 1),
		    text_count(of, a.table->columns));
}

static void sheet_want(struct session *s, struct view *v)
{
	if (v->column < sheet_rows(s))
		insight_want(s, v->column);
}

/* ---- the numbers ---- */

static void say_counts(struct page *p, const struct about *a)
{
	char text[COUNT_TEXT];
	size_t rows = a->table->rows, missing = a->column->missing;
	size_t odd = a->column->odd_cells;

	page_item(p, TONE_PLAIN, text_count(text, rows - missing - odd),
		  "values", true);
	page_item(p, missing ? TONE_WARN : TONE_DIM, text_count(text, missing),
		  "missing", true);
	if (a->is_number)
		page_item(p, odd ? TONE_WARN : TONE_DIM,
			  text_count(text, odd), "odd", true);
	if (a->summary)
		page_item(p, TONE_PLAIN,
			  text_count(text, a->summary->distinct), "distinct",
			  true);
	page_line(p);
}

enum { LOW = 14 };

static void say_number(struct page *p, const struct about *a,
		       const char *label, double x, int digits)
{
	char text[PAGE_NUMBER];

	page_item(p, TONE_PLAIN, page_value(text, a->column, x, digits), label,
		  false);
}

static void say_quantiles(struct page *p, const struct about *a)
{
	const struct summary *m = a->summary;
	bool time = a->column->type == COLUMN_TIME;
	bool low = p->c->rows < LOW;	/* a picture says more */

	if (!a->is_number || !m || !m->values)
		return;
	say_number(p, a, time ? "first" : "min", m->min, 6);
	if (!time && !low)
		say_number(p, a, "p25", m->p25, 6);
	say_number(p, a, "median", m->median, 6);
	if (!time && !low)
		say_number(p, a, "p75", m->p75, 6);
	say_number(p, a, time ? "last" : "max", m->max, 6);
	page_line(p);
	if (time || low)
		return;
	say_number(p, a, "mean", m->mean, 5);
	say_number(p, a, "sd", m->sd, 4);
	say_number(p, a, "skew", round(m->skew * 100) / 100, 3);
	page_line(p);
}

/* ---- what is remarkable ---- */

static void say_facts(struct page *p, const struct about *a)
{
	const struct dataset *data = &a->s->data;
	const struct facts *f = data->facts ? &data->facts[a->i] : NULL;
	char text[FACTS_TEXT];
	bool alarming;

	if (!f || data->found->column[a->i].type != a->column->type)
		return;
	alarming = f->constant || f->same_as != a->i || f->stuck.rows ||
		   f->codes;
	for (size_t i = 0; facts_remark(data->found, data->facts, a->i, i,
					text); i++) {
		if (i == 0)
			page_label(p, "note");
		page_item(p, alarming ? TONE_WARN : TONE_PLAIN, text,
			  draw_glyph(alarming ? GLYPH_ALERT : GLYPH_DOT),
			  false);
	}
	page_line(p);
}

/* ---- what it goes together with ---- */

/* From here on two columns say nearly the same. */
#define TOGETHER 0.8
/* A column that ranks the classes as well as this may be the answer itself. */
#define GIVES_AWAY 0.98
/* Less than this is said only if there is nothing else. */
#define WITH_LEAST 0.1

static void say_alone(struct page *p, const struct about *a)
{
	const struct insight *in = a->insight;
	bool time = a->column->type == COLUMN_TIME;
	char text[PAGE_NUMBER];
	double auc = in->auc;

	if (in->auc == in->auc) {
		page_label(p, "alone");
		if (a->is_number)
			auc = fmax(auc, 1 - auc);
		page_printf(p, TONE_PLAIN, "auc %.3f", auc);
		if (auc < 0.55)
			page_printf(p, TONE_DIM, ": next to nothing");
		else if (a->is_number)
			page_printf(p, TONE_DIM, ": %s values say %s",
				    in->auc < 0.5 ? (time ? "early" : "small")
						  : (time ? "late" : "large"),
				    in->positive);
		if (auc >= GIVES_AWAY)
			page_printf(p, TONE_WARN, "  %s does it give the "
				    "answer away?", draw_glyph(GLYPH_ALERT));
		page_line(p);
	}
	if (in->r == in->r) {
		page_label(p, "alone");
		page_printf(p, TONE_PLAIN, "r %s with %s",
			    page_signed(text, in->r, 2),
			    a->table->column[a->s->settings.target].name);
		page_line(p);
	}
}

/* The columns with the largest r, at most n of them; how many there are. */
static size_t strongest(const struct about *a, size_t *best, size_t n)
{
	const double *r = a->insight->with;
	size_t found = 0;

	for (size_t j = 0; j < a->table->columns; j++) {
		size_t at = found;

		/* What it tells of the target stands above. */
		if (r[j] != r[j] || (int)j == a->s->settings.target ||
		    (at == n && fabs(r[best[n - 1]]) >= fabs(r[j])))
			continue;
		if (at == n)
			at--;
		else
			found++;
		for (; at > 0 && fabs(r[best[at - 1]]) < fabs(r[j]); at--)
			best[at] = best[at - 1];
		best[at] = j;
	}
	return found;
}

enum { WITH_SHOWN = 4 };

static void say_with(struct page *p, const struct about *a)
{
	size_t best[WITH_SHOWN], n;
	bool together;

	if (!a->is_number)
		return;
	n = a->insight->with ? strongest(a, best, WITH_SHOWN) : 0;
	if (a->insight->with && !n)
		return;
	page_label(p, "with");
	if (!a->insight->with)
		page_printf(p, TONE_DIM, "%s", draw_glyph(GLYPH_MORE));
	for (size_t k = 0; k < n; k++) {
		double r = a->insight->with[best[k]];
		char text[PAGE_NUMBER];

		if (k > 0 && fabs(r) < WITH_LEAST)
			break;
		page_item(p, fabs(r) >= TOGETHER ? TONE_WARN :
			  fabs(r) < WITH_LEAST ? TONE_DIM : TONE_PLAIN,
			  page_signed(text, r, 2),
			  a->table->column[best[k]].name, false);
	}
	together = n && fabs(a->insight->with[best[0]]) >= TOGETHER;
	if (together)
		page_printf(p, TONE_WARN, "%s they move together",
			    draw_glyph(GLYPH_ALERT));
	page_line(p);
}

/* ---- odd texts ---- */

static void say_odd(struct page *p, const struct about *a)
{
	const struct column *c = a->column;
	const size_t *count = a->insight ? a->insight->odd : NULL;
	char text[COUNT_TEXT];

	if (!c->odd_cells)
		return;
	page_label(p, "odd");
	for (size_t i = 0; i < c->odds && !page_full(p); i++) {
		if (count && !count[i])
			continue;
		page_item(p, TONE_WARN, c->odd[i],
			  count ? text_count(text, count[i]) : "", true);
	}
	page_printf(p, TONE_DIM, "} in Data goes there");
	page_line(p);
}

/* ---- bars ---- */

enum { WEAK_ROWS = 10, BARS_LEAST = 8, BARS_MOST = 40, PLOT_LEAST = 4 };

/* Bars of the insight put together, so that there are not too many for their
 * width or their rows. */
struct plot {
	size_t n, group;
	int width;		/* of a bar */
	double count[INSIGHT_BARS], mean[INSIGHT_BARS], n_known[INSIGHT_BARS];
	double most, least_mean, most_mean;
};

/* Many bars are good, and so are bars that fill the width. */
static double how_good(size_t bars, int width)
{
	int used = (int)bars * (width / (int)bars);

	return sqrt((double)bars) * used;
}

static size_t groups(const struct insight *in, int width)
{
	double enough = ceil(2 * cbrt((double)in->summary.values));
	size_t most = (size_t)fmin(fmax(enough, BARS_LEAST), BARS_MOST);
	size_t best = in->bars;

	for (size_t group = 1; group < in->bars; group++) {
		size_t n = (in->bars + group - 1) / group;

		/* Each group has as many bars, but where whole numbers end. */
		if (n > most || n > (size_t)width ||
		    (!in->whole && in->bars % group))
			continue;
		if (how_good(n, width) > how_good((in->bars + best - 1) / best,
						  width))
			best = group;
	}
	return best;
}

static void plot_init(struct plot *plot, const struct insight *in, int width)
{
	*plot = (struct plot){ .group = groups(in, width) };
	plot->n = (in->bars + plot->group - 1) / plot->group;
	plot->width = plot->n ? width / (int)plot->n : 0;
	plot->least_mean = INFINITY;
	plot->most_mean = -INFINITY;
	for (size_t i = 0; i < in->bars; i++) {
		const struct insight_bar *bar = &in->bar[i];
		size_t k = i / plot->group;

		plot->count[k] += (double)bar->count;
		plot->n_known[k] += (double)bar->n;
		if (bar->n)
			plot->mean[k] += bar->mean * (double)bar->n;
	}
	for (size_t k = 0; k < plot->n; k++) {
		plot->mean[k] /= plot->n_known[k];
		plot->most = fmax(plot->most, plot->count[k]);
		if (plot->n_known[k] < WEAK_ROWS)
			continue;
		plot->most_mean = fmax(plot->most_mean, plot->mean[k]);
		plot->least_mean = fmin(plot->least_mean, plot->mean[k]);
	}
}

/* The middle half of the values, and their median, under the bars. */
static void draw_middle(struct page *p, const struct plot *plot,
			const struct insight *in, int x)
{
	const struct canvas *c = p->c;
	int width = (int)plot->n * plot->width;
	double span = in->high - in->low;
	double half = in->whole ? 0.5 : 0;	/* in the middle of a number */
	double at[3] = { in->summary.p25, in->summary.median,
			 in->summary.p75 };
	int column[3];

	/* The last group may reach beyond the last bar. */
	span *= (double)(plot->n * plot->group) / (double)in->bars;
	for (int k = 0; k < 3; k++) {
		double part = span > 0 ? (at[k] + half - in->low) / span : 0;

		column[k] = (int)fmin(fmax(part, 0) * width, width - 1);
	}
	draw_repeat(c, p->y, x, width, TONE_DIM, GLYPH_LINE);
	draw_repeat(c, p->y, x + column[0], column[2] - column[0] + 1,
		  TONE_PLAIN, GLYPH_MIDDLE);
	draw_text(c, p->y, x + column[1], 1, TONE_STRONG,
		  draw_glyph(GLYPH_MEDIAN));
}

static void draw_ends(struct page *p, const struct about *a,
		      const struct plot *plot, int y, int x, int room)
{
	const struct insight *in = a->insight;
	double range = in->most - in->least;
	char least[PAGE_NUMBER], most[PAGE_NUMBER];
	int width = (int)plot->n * plot->width, both;

	page_end(least, a->column, in->least, range);
	page_end(most, a->column, in->most, range);
	both = (int)(text_width(least) + text_width(most)) + 1;
	draw_text(p->c, y, x, room, TONE_DIM, least);
	if (range > 0 && both <= room)
		draw_right(p->c, y, x, width > both ? width : both, TONE_DIM,
			   most);
}

static void draw_counts(struct page *p, const struct about *a,
			const struct plot *plot, int x, int room, int rows)
{
	double part[INSIGHT_BARS];
	char text[120], count[COUNT_TEXT];

	for (size_t k = 0; k < plot->n; k++)
		part[k] = plot->count[k] / plot->most;
	snprintf(text, sizeof(text), "how many  up to %s",
		 text_count(count, (size_t)plot->most));
	if (a->insight->codes)
		text_append(text, sizeof(text), ", without %s codes",
			    text_count(count, a->insight->codes));
	draw_text(p->c, p->y, x, room, TONE_DIM, text);
	draw_columns(p->c, p->y + 1, x, rows, plot->width, TONE_VALUES, part,
		     NULL, plot->n);
	p->y += 1 + rows;
	draw_middle(p, plot, a->insight, x);
	p->y -= 1 + rows;
	draw_ends(p, a, plot, p->y + rows + 2, x, room);
}

/* What the bars of the target say: their name, and how high they are. */
static void target_head(const struct about *a, const struct plot *plot,
			char *text, size_t size)
{
	const struct insight *in = a->insight;
	const struct column *target =
		&a->table->column[a->s->settings.target];
	char low[PAGE_NUMBER], high[PAGE_NUMBER];

	if (in->target == INSIGHT_CLASSES)
		snprintf(text, size, "share of %s  up to %d %%  %s all %d %%",
			 in->positive, panel_percent(plot->most_mean),
			 draw_glyph(GLYPH_LEVEL), panel_percent(in->all));
	else
		snprintf(text, size, "mean %s  %s to %s", target->name,
			 page_value(low, target, plot->least_mean, 4),
			 page_value(high, target, plot->most_mean, 4));
}

/* A share stands on 0; means stand a little below the smallest of them. */
static double target_part(const struct insight *in, const struct plot *plot,
			  double mean)
{
	double low = in->target == INSIGHT_CLASSES ? 0 : plot->least_mean -
		(plot->most_mean - plot->least_mean) / 10;

	return plot->most_mean > low
		? (mean - low) / (plot->most_mean - low) : 0;
}

static void draw_target(struct page *p, const struct about *a,
			const struct plot *plot, int x, int room, int rows)
{
	const struct insight *in = a->insight;
	double part[INSIGHT_BARS], all;
	bool weak[INSIGHT_BARS], some_weak = false;
	char text[512];
	int width = (int)plot->n * plot->width;

	if (!(plot->most_mean >= plot->least_mean)) {
		draw_text(p->c, p->y, x, room, TONE_DIM,
			  "too few rows beside the target");
		return;
	}
	for (size_t k = 0; k < plot->n; k++) {
		weak[k] = plot->n_known[k] < WEAK_ROWS;
		some_weak |= weak[k] && plot->n_known[k] > 0;
		part[k] = plot->n_known[k] > 0 ? fmin(fmax(target_part(in,
			plot, plot->mean[k]), 0), 1) : 0;
	}
	target_head(a, plot, text, sizeof(text));
	draw_text(p->c, p->y, x, room, TONE_DIM, text);
	all = target_part(in, plot, in->all);
	if (all > 0 && all < 1)
		draw_repeat(p->c, p->y + rows - (int)(all * rows), x, width,
			    TONE_DIM, GLYPH_LEVEL);
	draw_columns(p->c, p->y + 1, x, rows, plot->width, TONE_DOWN, part,
		     weak, plot->n);
	draw_repeat(p->c, p->y + 1 + rows, x, width, TONE_DIM, GLYPH_LINE);
	draw_ends(p, a, plot, p->y + rows + 2, x, room);
	if (some_weak && width >= 30 && a->column->type != COLUMN_TIME)
		draw_printf(p->c, p->y + rows + 2, x + width / 2 - 7, 15,
			    TONE_DIM, "%s under %d rows",
			    draw_glyph(GLYPH_WEAK), WEAK_ROWS);
}

static bool beside_target(const struct insight *in)
{
	return in->target == INSIGHT_CLASSES || in->target == INSIGHT_NUMBER;
}

/* Where there is no room for words: only how many. */
static void draw_low(struct page *p, const struct about *a, int room)
{
	double part[INSIGHT_BARS];
	struct plot plot;

	plot_init(&plot, a->insight, p->c->columns - 2);
	for (size_t k = 0; k < plot.n; k++)
		part[k] = plot.count[k] / plot.most;
	draw_columns(p->c, p->y, 1, room, plot.width, TONE_VALUES, part, NULL,
		     plot.n);
	p->y += room;
}

/* Two pictures beside each other, in room rows of the page. */
static void draw_plots(struct page *p, const struct about *a, int room)
{
	const struct insight *in = a->insight;
	int all = p->c->columns - 2, rows = room - 3;
	bool two = in->bars && beside_target(in) && all >= 34;
	int width = two ? (all - 3) / 2 : all;
	struct plot plot;

	if (!in->bars || room < 1)
		return;
	if (rows < 2) {
		draw_low(p, a, room < 3 ? room : 3);
		return;
	}
	if (rows > 16)
		rows = 16;
	plot_init(&plot, in, width);
	draw_counts(p, a, &plot, 1, width, rows);
	if (two)
		draw_target(p, a, &plot, 1 + width + 3, width, rows);
	p->y += rows + 3;
}

/* ---- levels ---- */

/* Columns of the canvas of a line of a level. */
struct level_places {
	int name, bar, bar_width, count, percent, share, share_width;
	double least, most;	/* where the bars of the target begin and end */
};

static struct level_places level_places(const struct canvas *c,
					const struct about *a, size_t n)
{
	const struct insight *in = a->insight;
	bool two = beside_target(in) && a->column->type == COLUMN_CATEGORY;
	int longest = 4, room = c->columns - 2, most = room * 2 / 5;
	struct level_places p = { .name = 1 };

	for (size_t i = 0; i < n; i++) {
		int width = (int)text_width(
			a->column->level[in->bar[i].level]);

		longest = width > longest ? width : longest;
	}
	if (longest > most)
		longest = most;
	p.bar = 1 + longest + 2;
	room -= longest + 2 + 10 + 6;
	if (room < 4)
		room = 0;
	p.bar_width = !two ? room : room >= 34 ? (room - 8) / 2 : room / 2;
	if (!two && p.bar_width > 60)
		p.bar_width = 60;
	p.count = p.bar + p.bar_width + 1;
	p.percent = p.count + 9;
	if (!two)
		return p;
	p.share = p.percent + 5 + 3;
	p.share_width = c->columns - 1 - 7 - p.share;
	return p;
}

/* "<1 %" is not nothing. */
static char *percent_text(char to[PAGE_NUMBER], double part)
{
	bool few = part > 0 && part < 0.005, most = part < 1 && part > 0.995;

	snprintf(to, PAGE_NUMBER, "%s%d %%", few ? "<" : most ? ">" : "",
		 panel_percent(part));
	return to;
}

/* The bars of shares begin at 0; those of means a little below the least. */
static void set_range(struct level_places *at, const struct insight *in,
		      size_t n)
{
	at->least = INFINITY;
	at->most = -INFINITY;
	for (size_t i = 0; i < n; i++) {
		if (in->bar[i].n < WEAK_ROWS)
			continue;
		at->least = fmin(at->least, in->bar[i].mean);
		at->most = fmax(at->most, in->bar[i].mean);
	}
	if (in->target == INSIGHT_CLASSES)
		at->least = 0;
	else
		at->least -= (at->most - at->least) / 5;
}

static void draw_level(struct page *p, const struct about *a,
		       const struct level_places *at,
		       const struct insight_bar *bar)
{
	const struct insight *in = a->insight;
	bool weak = bar->n < WEAK_ROWS;
	char text[PAGE_NUMBER];

	draw_text(p->c, p->y, at->name, at->bar - at->name - 2, TONE_PLAIN,
		  a->column->level[bar->level]);
	draw_bar(p->c, p->y, at->bar, at->bar_width, TONE_VALUES,
		 (double)bar->count / (double)in->bar[0].count);
	draw_right(p->c, p->y, at->count, 9, TONE_PLAIN,
		   text_count(text, bar->count));
	draw_right(p->c, p->y, at->percent, 6, TONE_DIM,
		   percent_text(text, (double)bar->count /
				      (double)in->summary.values));
	if (!at->share || !bar->n || at->share_width < 1)
		return;
	draw_bar(p->c, p->y, at->share, at->share_width,
		 weak ? TONE_DIM : TONE_DOWN,
		 at->most > at->least
		 ? (bar->mean - at->least) / (at->most - at->least) : 0);
	if (in->target == INSIGHT_CLASSES)
		percent_text(text, bar->mean);
	else
		page_number(text, bar->mean, 4);
	draw_right(p->c, p->y, p->c->columns - 8, 7,
		   weak ? TONE_DIM : TONE_PLAIN, text);
}

/* How many rows are in the levels that are not shown. */
static void draw_others(struct page *p, const struct about *a, size_t shown)
{
	size_t rest = a->insight->summary.values;
	char levels[COUNT_TEXT], rows[COUNT_TEXT];

	for (size_t i = 0; i < shown; i++)
		rest -= a->insight->bar[i].count;
	draw_printf(p->c, p->y++, 1, p->c->columns - 2, TONE_DIM,
		    "%s more, in %s rows",
		    text_count(levels, a->summary->distinct - shown),
		    text_count(rows, rest));
}

static void draw_levels(struct page *p, const struct about *a, int room)
{
	const struct insight *in = a->insight;
	size_t fits = room > 1 ? (size_t)room - 1 : 0, n = in->bars;
	bool once = n && in->bar[0].count == 1;
	struct level_places at;

	if (room < 2 || !n)
		return;
	if (a->summary->distinct > fits)
		n = fits - 1 < n ? fits - 1 : n;
	at = level_places(p->c, a, n);
	draw_text(p->c, p->y, once ? 1 : at.bar, p->c->columns - at.bar,
		  TONE_DIM, once ? "each is there once" : "how many");
	if (at.share && in->target == INSIGHT_CLASSES)
		draw_printf(p->c, p->y, at.share, p->c->columns - at.share,
			    TONE_DIM, "share of %s  all %d %%", in->positive,
			    panel_percent(in->all));
	else if (at.share)
		draw_printf(p->c, p->y, at.share, p->c->columns - at.share,
			    TONE_DIM, "mean %s",
			    a->table->column[a->s->settings.target].name);
	p->y++;
	set_range(&at, in, n);
	for (size_t i = 0; i < n; i++, p->y++)
		if (once)
			draw_text(p->c, p->y, 1, p->c->columns - 2, TONE_PLAIN,
				  a->column->level[in->bar[i].level]);
		else
			draw_level(p, a, &at, &in->bar[i]);
	if (n < a->summary->distinct)
		draw_others(p, a, n);
}

static void say_lengths(struct page *p, const struct about *a)
{
	const struct column *c = a->column;

	if (c->type != COLUMN_TEXT || !a->insight->bars)
		return;
	page_label(p, "shortest");
	page_printf(p, TONE_PLAIN, "%s", c->level[a->insight->shortest]);
	page_line(p);
	page_label(p, "longest");
	page_printf(p, TONE_PLAIN, "%s", c->level[a->insight->longest]);
	page_line(p);
}

/* Why there is nothing to hold the column against. */
static void say_no_target(struct page *p, const struct about *a)
{
	const struct column *target = a->s->settings.target < 0 ? NULL :
		&a->table->column[a->s->settings.target];
	char count[COUNT_TEXT];

	if (a->insight->target != INSIGHT_NO_TARGET &&
	    a->insight->target != INSIGHT_MANY)
		return;
	page_label(p, "alone");
	if (!target)
		page_printf(p, TONE_DIM, "no target yet: T on a column "
			    "chooses it");
	else
		page_printf(p, TONE_DIM, "the target %s has %s classes: two, "
			    "or a number, are wanted", target->name,
			    text_count(count, target->levels));
	page_line(p);
}

/* ---- all of it ---- */

static void say_top(struct page *p, const struct about *a)
{
	say_counts(p, a);
	if (a->is_number)
		page_gap(p);
	say_quantiles(p, a);
	page_gap(p);
}

static void say_bottom(struct page *p, const struct about *a)
{
	page_gap(p);
	if (a->why) {
		page_printf(p, TONE_WARN, "%s %s", draw_glyph(GLYPH_ALERT),
			    a->why);
		page_line(p);
	}
	if (a->insight) {
		say_lengths(p, a);
		say_alone(p, a);
		say_no_target(p, a);
		say_with(p, a);
	} else if (!a->why) {
		page_printf(p, TONE_DIM, "%s", draw_glyph(GLYPH_MORE));
		page_line(p);
	}
	say_facts(p, a);
	say_odd(p, a);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	struct about a;
	struct page p, dry;
	int room;

	(void)focused;
	if (!about_of(s, v, &a)) {
		panel_waiting(s, c);
		return;
	}
	page_init(&p, c, false);
	say_top(&p, &a);
	/* What stands below is measured first; the picture gets the rest. */
	page_init(&dry, c, true);
	say_bottom(&dry, &a);
	room = c->rows - p.y - dry.y;
	if (a.insight && a.is_number)
		draw_plots(&p, &a, room);
	else if (a.insight)
		draw_levels(&p, &a, room);
	else if (room > 4)
		p.y += room > 19 ? 19 : room;
	say_bottom(&p, &a);
}

const struct panel sheet_column = {
	.name = "Column",
	.home = PANEL_COLUMNS,
	.down = CURSOR_COLUMN,
	.across = CURSOR_COLUMN,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.want = sheet_want,
	.draw = sheet_draw,
	.item = sheet_item,
};
