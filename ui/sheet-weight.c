/*
 * sheet-weight.c - one weight in all its units, and how sure it is
 *
 * Where a number is not there, it says why.
 */
#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/inquiry.h"
#include "page.h"
#include "run/weights.h"
#include "weight-views.h"

/* The column of a feature: "line" of "line=M". */
static bool is_of(const char *feature, const char *column)
{
	size_t n = strlen(column);

	return !strncmp(feature, column, n) &&
	       (!feature[n] || feature[n] == '=' ||
		!strcmp(feature + n, " missing"));
}

/* The one under the cursor of Weights, as that orders them; NULL: none, the
 * intercept. */
static const struct weight *weight_here(const struct session *s,
					const struct view *v)
{
	const struct result *r = session_newest(s);
	const char *feature = panel_weights_feature(s, v);
	size_t set = 0;

	if (!r || !feature)
		return NULL;
	if (r->sets > 1)
		set = v->weights_of < r->sets ? v->weights_of : r->sets - 1;
	for (size_t j = 0; j < r->weights; j++)
		if (!strcmp(r->weight[set * r->weights + j].feature, feature))
			return &r->weight[set * r->weights + j];
	/* What was shuffled has the name of a column. */
	for (size_t j = 0; j < r->weights; j++)
		if (is_of(r->weight[set * r->weights + j].feature, feature))
			return &r->weight[set * r->weights + j];
	return NULL;
}

static size_t sheet_rows(const struct session *s)
{
	const struct result *r = session_newest(s);

	return r && r->weights ? panels[PANEL_WEIGHTS]->rows(s) : 0;
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	return panels[PANEL_WEIGHTS]->item(s, v);
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	const struct weight *w = weight_here(s, v);

	return w ? w->feature : "weight";
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	panels[SHEET_MODEL]->note(s, v, text, size);
}

/* ---- lines ---- */

static void say(struct page *p, const char *label, double x, const char *what)
{
	char text[WEIGHT_TEXT];

	page_label(p, label);
	page_item(p, TONE_STRONG, weight_figure(text, x), what, true);
}

/* A dim sentence that may be long. */
static void say_why(struct page *p, const char *label, const char *why)
{
	page_label(p, label);
	page_printf(p, TONE_DIM, "%s: %s", draw_glyph(GLYPH_DASH), why);
	page_line(p);
}

static void say_between(struct page *p, const char *name, double low,
			double high)
{
	char from[WEIGHT_TEXT], to[WEIGHT_TEXT];

	page_printf(p, TONE_PLAIN, "   %s %s %s %s", name,
		    weight_figure(from, low), draw_glyph(GLYPH_TO),
		    weight_figure(to, high));
}

static void page_units(struct page *p, const struct result *r,
		       const struct weight *w)
{
	char range[WEIGHT_TEXT], what[120];

	say(p, "per unit", w->raw, r->task == TASK_REGRESSION
	    ? "of the target, for one of the column as in the file"
	    : "of the log odds, for one of the column as in the file");
	page_line(p);
	say(p, "per std", w->standardized, "for one standard deviation of the "
	    "training rows");
	page_line(p);
	if (isnan(w->range)) {
		say(p, "per iqr", w->per_range, "a level is there or not: as "
		    "per unit");
	} else {
		weight_figure(range, w->range);
		snprintf(what, sizeof(what), "from the first quartile to the "
			 "third, %s apart", range + (*range == '+'));
		say(p, "per iqr", w->per_range, what);
	}
	page_line(p);
}

static void page_sure(struct page *p, const struct result *r,
		      const struct weight *w)
{
	const char *why = weights_no_error(r);

	if (why) {
		say_why(p, "95 %", why);
		return;
	}
	page_label(p, "95 %");
	page_printf(p, TONE_DIM, "of the weight per unit");
	say_between(p, "", w->low, w->high);
	page_line(p);
	page_label(p, "error");
	page_printf(p, TONE_STRONG, "%.4g", w->std_error);
	page_printf(p, TONE_DIM, w->p < 0.001 ? "   p < 0.001, " :
		    "   p %.3f, ", w->p);
	page_printf(p, TONE_DIM, "how often chance alone gives as much");
	page_line(p);
}

static void odds_line(struct page *p, const char *label,
		      const struct odds *odds, const char *what)
{
	page_label(p, label);
	page_printf(p, TONE_STRONG, "%s %.4g", draw_glyph(GLYPH_TIMES),
		    odds->ratio);
	page_printf(p, TONE_DIM, " the odds, %s", what);
	if (!isnan(odds->low))
		page_printf(p, TONE_PLAIN, "   95 %% %.4g %s %.4g", odds->low,
			    draw_glyph(GLYPH_TO), odds->high);
	page_line(p);
}

static void page_odds(struct page *p, const struct result *r,
		      const struct weight *w)
{
	const char *why = weights_no_odds(r);
	struct odds unit = weights_odds(r, w, false);
	struct odds range = weights_odds(r, w, true);

	if (why) {
		say_why(p, "odds", why);
		return;
	}
	odds_line(p, "odds", &unit, w->reference ? "beside the reference"
						 : "for one unit");
	if (!isnan(w->range))
		odds_line(p, "", &range, "for the quartile range");
}

static void page_inflation(struct page *p, const struct result *r,
			   const struct weight *w)
{
	const char *why = weights_no_inflation(r, w);

	if (why) {
		say_why(p, "vif", why);
		return;
	}
	page_label(p, "vif");
	if (isinf(w->vif)) {
		page_printf(p, TONE_WARN, "infinite: ");
		page_printf(p, TONE_DIM, "the other features say the same; "
			    "leave one of them out");
	} else {
		page_printf(p, w->vif >= 10 ? TONE_WARN : TONE_STRONG, "%.2f",
			    w->vif);
		page_printf(p, TONE_DIM, "   the other features tell %.0f %% "
			    "of it%s", 100 * (1 - 1 / w->vif), w->vif >= 10 ?
			    ": read them together" : "");
	}
	page_line(p);
}

static void page_shuffled(struct page *p, const struct session *s,
			  const struct weight *w)
{
	const struct importance *im = inquiry_importance(s);

	page_label(p, "shuffle");
	if (!im) {
		page_printf(p, TONE_DIM, "v in Weights asks for it");
		page_line(p);
		return;
	}
	for (size_t g = 0; g < im->groups; g++)
		for (size_t i = 0; i < im->group[g].columns; i++) {
			const struct importance_group *of = &im->group[g];

			if (!is_of(w->feature, of->column[i]))
				continue;
			page_printf(p, TONE_STRONG, "%.3g", of->drop);
			page_printf(p, TONE_DIM, " worse %s", im->score);
			if (of->columns > 1)
				page_printf(p, TONE_DIM, ", with %s%s",
					    of->column[i == 0], of->columns > 2
					    ? " and others" : "");
			if (!isnan(of->low))
				say_between(p, "95 %", of->low, of->high);
			page_line(p);
			return;
		}
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct result *r = session_newest(s);
	const struct weight *w = weight_here(s, v);
	struct canvas old = panel_canvas(c, session_result_stale(s, r));
	struct page p;

	(void)focused;
	page_init(&p, &old, false);
	if (!w) {
		page_printf(&p, TONE_DIM, "the intercept: the score when all "
			    "features are 0");
		return;
	}
	page_printf(&p, TONE_STRONG, "%s", w->feature);
	if (w->reference)
		page_printf(&p, TONE_DIM, "  against %s", w->reference);
	if (r->sets > 1 || r->classes == 2)
		page_printf(&p, TONE_DIM, "  towards %s", r->class_name[
			    r->sets > 1 ? (size_t)(w - r->weight) / r->weights
					: 1]);
	page_line(&p);
	page_gap(&p);
	if (r->importance) {
		page_label(&p, "share");
		page_printf(&p, TONE_STRONG, "%.3f", w->standardized);
		page_printf(&p, TONE_DIM, " of all importance");
		page_line(&p);
	} else {
		page_units(&p, r, w);
	}
	page_gap(&p);
	page_sure(&p, r, w);
	page_odds(&p, r, w);
	page_inflation(&p, r, w);
	page_gap(&p);
	page_shuffled(&p, s, w);
}

const struct panel sheet_weight = {
	.name = "Weight", .home = PANEL_WEIGHTS,
	.down = CURSOR_WEIGHT, .across = CURSOR_CLASS,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
	.item = sheet_item,
};
