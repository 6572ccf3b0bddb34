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

#include "base/text.h"
#include "column-plot.h"
#include "command/insight.h"
#include "page.h"

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
	a->summary = digest_summary(s, a->i);
	if (!a->summary && a->insight)
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
	snprintf(text, size, "%s %s, ", page_mark(s, a.i), page_use(s, a.i));
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
	size_t missing = a->column->missing, odd = a->column->odd_cells;
	size_t values = a->table->rows - missing - odd;

	page_item(p, TONE_PLAIN, text_count(text, values),
		  values == 1 ? "value" : "values", true);
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
	const struct facts *f = digest_facts(a->s, a->i);
	char text[FACTS_TEXT];
	bool alarming;

	if (!f)
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

/* The bars from one end on that hold a tenth of the rows, and their share. */
static double end_share(const struct insight *in, bool high, double all,
			double *n)
{
	double sum = 0;

	*n = 0;
	for (size_t i = 0; i < in->bars && *n < all / 10; i++) {
		const struct insight_bar *bar =
			&in->bar[high ? in->bars - 1 - i : i];

		if (bar->n)
			sum += (double)bar->n * bar->mean;
		*n += (double)bar->n;
	}
	return sum / *n;
}

/* Is a share of n rows above (sign 1) or below (-1) by more than chance? */
static bool differs(double share, double other, double n, int sign)
{
	return sign * (share - other) > 2.5 * sqrt(other * (1 - other) / n) &&
	       sign * (share - other) > other / 4;
}

/* Both ends differ from the middle to the same side: no ranking tells that. */
static int bent(const struct insight *in)
{
	double all = 0, low, high, n_low, n_high, middle;

	for (size_t i = 0; i < in->bars; i++)
		all += (double)in->bar[i].n;
	low = end_share(in, false, all, &n_low);
	high = end_share(in, true, all, &n_high);
	middle = (in->all * all - low * n_low - high * n_high) /
		 (all - n_low - n_high);
	for (int sign = -1; sign < 2; sign += 2)
		if (differs(low, middle, n_low, sign) &&
		    differs(high, middle, n_high, sign))
			return sign;
	return 0;
}

/* Which values go with the positive class. */
static const char *who_says(const struct about *a, double auc)
{
	const struct insight *in = a->insight;
	bool time = a->column->type == COLUMN_TIME;
	int bend = bent(in);

	if (bend)
		return bend > 0 ? "both ends say" : "the middle says";
	if (auc < 0.55)
		return NULL;
	if (in->auc < 0.5)
		return time ? "early values say" : "small values say";
	return time ? "late values say" : "large values say";
}

static void say_alone(struct page *p, const struct about *a)
{
	const struct insight *in = a->insight;
	char text[PAGE_NUMBER];
	double auc = in->auc;
	const char *says;

	if (in->auc == in->auc) {
		page_label(p, "alone");
		if (a->is_number)
			auc = fmax(auc, 1 - auc);
		page_printf(p, TONE_PLAIN, "auc %.3f", auc);
		says = a->is_number ? who_says(a, auc) : NULL;
		if (says)
			page_printf(p, TONE_DIM, ": %s %s", says,
				    in->positive);
		else if (auc < 0.55)
			page_printf(p, TONE_DIM, ": next to nothing");
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

enum { WITH_SHOWN = 8, WITH_FEW = 4, WITH_ROWS = 30 };

static void say_with(struct page *p, const struct about *a)
{
	size_t best[WITH_SHOWN], n;
	bool together;

	if (!a->is_number)
		return;
	n = p->c->rows < WITH_ROWS ? WITH_FEW : WITH_SHOWN;
	n = a->insight->with ? strongest(a, best, n) : 0;
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

/* ---- text ---- */

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
		column_plots(&p, &a, room);
	else if (a.insight)
		column_levels(&p, &a, room);
	else if (a.is_number && room > 4)	/* it will be there soon */
		p.y += room < PLOT_MOST + 3 ? room : PLOT_MOST + 3;
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
