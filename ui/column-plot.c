#include "column-plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "panel.h"

/* ---- bars ---- */

enum { WEAK_ROWS = 10, BARS_LEAST = 8, BARS_MOST = 40 };

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
void column_plots(struct page *p, const struct about *a, int room)
{
	const struct insight *in = a->insight;
	int all = p->c->columns - 2, rows = room - 3;
	bool two = in->bars && beside_target(in) && all >= 34;
	int width = two ? (all - 3) / 2 : all;
	struct plot plot;

	/* Of one value there is no picture. */
	if (in->bars < 2 || room < 1)
		return;
	if (rows < 2) {
		draw_low(p, a, room < 3 ? room : 3);
		return;
	}
	if (rows > PLOT_MOST)
		rows = PLOT_MOST;
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

void column_levels(struct page *p, const struct about *a, int room)
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
