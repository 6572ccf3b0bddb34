/*
 * curves-classes.c - the curves of two classes, with the threshold on them
 */
#include "sheet-curves.h"

#include <math.h>

#include "base/mem.h"
#include "base/text.h"
#include "eval/curve.h"
#include "run/judge.h"

static size_t step_now(const struct curves *curves)
{
	const struct result *r = curves->result;

	return cuts_step(r->cuts, r->judged.cut);
}

/* ---- the words ---- */

static void say_share(struct curves *curves, const char *name, double x,
		      const struct interval *i)
{
	char share[MEASURE_TEXT], low[MEASURE_TEXT], high[MEASURE_TEXT];

	if (i && i->by != BY_NOTHING)
		curves_say(curves, name, TONE_STRONG, "%s  %s%s%s",
			   panel_measure(share, x), panel_measure(low, i->low),
			   draw_glyph(GLYPH_DASH),
			   panel_measure(high, i->high));
	else
		curves_say(curves, name, TONE_STRONG, "%s",
			   panel_measure(share, x));
}

static void say_measure(struct curves *curves, enum class_measure which)
{
	const struct result *r = curves->result;

	say_share(curves, class_measure[which].name,
		  metrics_measure(&r->test, which), &r->interval[which]);
}

static void say_counts(struct curves *curves)
{
	const size_t *cell = curves->result->test.confusion;
	char text[COUNT_TEXT];

	curves_say(curves, "found", TONE_GOOD, "%s", text_count(text, cell[3]));
	curves_say(curves, "missed", cell[2] ? TONE_BAD : TONE_DIM, "%s",
		   text_count(text, cell[2]));
	curves_say(curves, "false alarm", cell[1] ? TONE_BAD : TONE_DIM, "%s",
		   text_count(text, cell[1]));
	curves_say(curves, "true calm", TONE_PLAIN, "%s",
		   text_count(text, cell[0]));
}

static void say_costs(struct curves *curves)
{
	const struct cut_costs *costs = &curves->result->judged.wish.costs;
	const struct bill bill = judge_bill(curves->result, costs);

	if (!curves->result->judged.wish.priced)
		return;
	curves_gap(curves);
	curves_say(curves, "cost", TONE_STRONG, "%.6g", bill.now);
	curves_say(curves, "never told", TONE_DIM, "%.6g", bill.never);
	curves_say(curves, "always told", TONE_DIM, "%.6g", bill.always);
}

/* What it is the best by, and what such a choice is worth on other rows. */
static void say_choice(struct curves *curves)
{
	const struct judged *j = &curves->result->judged;
	double sign = j->wish.by == CUT_COST ? -1 : 1;
	char here[MEASURE_TEXT], other[MEASURE_TEXT];

	curves_say(curves, "", TONE_DIM, "best by %s: %s here",
		   cut_by_name[j->wish.by],
		   panel_figure(here, sign * j->best));
	if (!isnan(j->honest))
		curves_say(curves, "", TONE_DIM, "chosen on other rows %s",
			   panel_figure(other, sign * j->honest));
}

/* What the threshold comes to: the same beside every curve. */
static void say_threshold(struct curves *curves)
{
	const struct judged *j = &curves->result->judged;
	char cut[MEASURE_TEXT];

	curves_say(curves, "threshold", TONE_ACCENT, "%s",
		   panel_figure(cut, j->cut));
	if (j->wish.best)
		say_choice(curves);
	curves_gap(curves);
	say_measure(curves, CLASS_RECALL);
	say_measure(curves, CLASS_PRECISION);
	say_measure(curves, CLASS_F1);
	say_measure(curves, CLASS_MCC);
	say_measure(curves, CLASS_ACCURACY);
	say_share(curves, "kappa", curves->result->test.kappa, NULL);
	curves_gap(curves);
	say_counts(curves);
	say_costs(curves);
}

/* ---- curves through points ---- */

typedef double part_fn(const struct curve_point *p);

static double of_alarms(const struct curve_point *p)
{
	return p->alarms;
}

static double of_recall(const struct curve_point *p)
{
	return p->recall;
}

static double of_precision(const struct curve_point *p)
{
	return p->precision;
}

static double of_told(const struct curve_point *p)
{
	return p->told;
}

/* stairs: between two points the curve goes down first, then across. */
static void draw_points(const struct curves *curves, struct chart *chart,
			part_fn *x, part_fn *y, bool stairs)
{
	const struct cuts *cuts = curves->result->cuts;
	size_t step[CURVE_POINTS], n = curve_steps(cuts, step);
	struct curve_point now = curve_point(cuts, step_now(curves));

	for (size_t i = 1; i < n; i++) {
		struct curve_point a = curve_point(cuts, step[i - 1]);
		struct curve_point b = curve_point(cuts, step[i]);

		if (stairs) {
			chart_line(chart, x(&a), y(&a), x(&a), y(&b),
				   TONE_VALUES);
			chart_line(chart, x(&a), y(&b), x(&b), y(&b),
				   TONE_VALUES);
		} else {
			chart_line(chart, x(&a), y(&a), x(&b), y(&b),
				   TONE_VALUES);
		}
	}
	chart_mark(chart, x(&now), y(&now), TONE_ACCENT, GLYPH_ON);
}

static struct chart *begin(const struct curves *curves)
{
	return chart_new(curves->rows, curves->columns);
}

static void end(struct curves *curves, struct chart *chart)
{
	chart_draw(chart, curves->c, curves->y, curves->x);
	chart_free(chart);
	say_threshold(curves);
}

static void head(const struct curves *curves, const char *text)
{
	draw_text(curves->c, 0, curves->x, curves->c->columns - curves->x - 1,
		  TONE_PLAIN, text);
}

static bool ready(const struct curves *curves)
{
	const struct cuts *cuts = curves->result->cuts;

	if (cuts && cuts->positives && cuts->negatives)
		return true;
	head(curves, cuts ? "the test rows are all of one class" :
	     "there is no memory for the curves");
	return false;
}

static void draw_roc(struct curves *curves)
{
	struct chart *chart;
	char text[120], auc[MEASURE_TEXT];

	if (!ready(curves))
		return;
	chart = begin(curves);
	chart_dotted(chart, 0, 0, 1, 1, TONE_DIM);
	draw_points(curves, chart, of_alarms, of_recall, false);
	snprintf(text, sizeof(text), "recall, as false alarms are allowed: "
		 "auc %s", panel_measure(auc, curves->result->test.auc));
	head(curves, text);
	curves_axes(curves, "0", "1", "false alarms of all others", "0", "1");
	end(curves, chart);
}

static void draw_precision(struct curves *curves)
{
	const struct cuts *cuts = curves->result->cuts;
	struct chart *chart;
	char text[120], ap[MEASURE_TEXT];
	double share;

	if (!ready(curves))
		return;
	chart = begin(curves);
	share = (double)cuts->positives /
		(double)(cuts->positives + cuts->negatives);
	chart_dotted(chart, 0, share, 1, share, TONE_DIM);
	draw_points(curves, chart, of_recall, of_precision, true);
	snprintf(text, sizeof(text), "precision, as more are found: average "
		 "%s", panel_measure(ap,
				     curves->result->test.average_precision));
	head(curves, text);
	curves_axes(curves, "0", "1", "recall", "0", "1");
	end(curves, chart);
}

/* The ideal finds all positives first. */
static void draw_gain(struct curves *curves)
{
	const struct cuts *cuts = curves->result->cuts;
	struct chart *chart;
	double share;

	if (!ready(curves))
		return;
	chart = begin(curves);
	share = (double)cuts->positives /
		(double)(cuts->positives + cuts->negatives);
	chart_dotted(chart, 0, 0, 1, 1, TONE_DIM);
	chart_dotted(chart, 0, 0, share, 1, TONE_DIM);
	draw_points(curves, chart, of_told, of_recall, false);
	head(curves, "recall, when the most suspect rows are looked at first");
	curves_axes(curves, "0", "1", "share of rows looked at", "0", "1");
	end(curves, chart);
}

/* ---- calibration ---- */

static void draw_bins(const struct calibration *c, struct chart *chart,
		      double most)
{
	for (size_t k = 0; k < c->bins; k++) {
		const struct calibration_bin *bin = &c->bin[k];
		double x = bin->told / most;

		chart_line(chart, x, bin->interval.low / most, x,
			   fmin(1, bin->interval.high / most), TONE_DIM);
	}
	for (size_t k = 0; k < c->bins; k++)
		chart_mark(chart, c->bin[k].told / most,
			   (double)c->bin[k].positives /
			   (double)c->bin[k].n / most, TONE_VALUES, GLYPH_ON);
}

static void say_bins(struct curves *curves, const struct calibration *c)
{
	char told[MEASURE_TEXT], is[MEASURE_TEXT], n[COUNT_TEXT];
	char error[MEASURE_TEXT];

	curves_say(curves, "error", TONE_STRONG, "%s",
		   panel_measure(error, c->error));
	curves_say(curves, "brier", TONE_PLAIN, "%s",
		   panel_measure(error, curves->result->test.brier));
	curves_gap(curves);
	curves_say(curves, "told", TONE_DIM, "true       rows");
	for (size_t k = 0; k < c->bins; k++)
		curves_say(curves, panel_measure(told, c->bin[k].told),
			   TONE_PLAIN, "%s %8s",
			   panel_measure(is, (double)c->bin[k].positives /
					 (double)c->bin[k].n),
			   text_count(n, c->bin[k].n));
}

/* Where all probabilities are small both axes end earlier. */
static void draw_calibration(struct curves *curves)
{
	const struct result *r = curves->result;
	struct calibration c;
	struct chart *chart;
	char end_text[MEASURE_TEXT];
	double most = 0;

	if (!ready(curves) || !calibration_of(&c, r->cuts))
		return;
	for (size_t k = 0; k < c.bins; k++)
		most = fmax(most, fmax(c.bin[k].told, (double)
				       c.bin[k].positives /
				       (double)c.bin[k].n));
	most = fmin(1, ceil(most * 10) / 10);
	chart = begin(curves);
	chart_dotted(chart, 0, 0, 1, 1, TONE_DIM);
	draw_bins(&c, chart, most);
	head(curves, "share that is truly positive, by the probability that is "
	     "told");
	panel_figure(end_text, most);
	curves_axes(curves, "0", end_text, "told", "0", end_text);
	chart_draw(chart, curves->c, curves->y, curves->x);
	chart_free(chart);
	say_bins(curves, &c);
}

/* ---- the threshold ---- */

/* What a threshold gives, each as a part of the height; NaN: nothing. */
struct heights {
	double recall, precision, cost;
};

static struct heights heights_at(const struct result *r, double cut,
				 double most)
{
	size_t step = cuts_step(r->cuts, cut);
	struct curve_point p = curve_point(r->cuts, step);
	double misses = (double)(r->cuts->positives - r->cuts->hits[step]);

	return (struct heights){
		.recall = p.recall, .precision = step ? p.precision : NAN,
		.cost = r->judged.wish.priced ?
			costs_of(&r->judged.wish.costs, misses,
				 (double)r->cuts->alarms[step]) / most : NAN,
	};
}

static void draw_heights(const struct curves *curves, struct chart *chart,
			 double most)
{
	size_t n = 2 * (size_t)curves->columns;
	struct heights before = heights_at(curves->result, 0, most);
	double x0 = 0;

	for (size_t i = 1; i < n; i++) {
		double x = (double)i / (double)(n - 1);
		struct heights h = heights_at(curves->result, x, most);

		chart_line(chart, x0, before.cost, x, h.cost, TONE_BAD);
		chart_line(chart, x0, before.recall, x, h.recall, TONE_GOOD);
		chart_line(chart, x0, before.precision, x, h.precision,
			   TONE_VALUES);
		before = h;
		x0 = x;
	}
}

static void draw_threshold(struct curves *curves)
{
	const struct result *r = curves->result;
	struct bill bill;
	struct chart *chart;
	double most, x = r->judged.cut;
	char legend[80];

	if (!ready(curves) || curves->columns < 2)
		return;
	bill = judge_bill(r, &r->judged.wish.costs);
	most = fmax(fmax(bill.never, bill.always), 1e-300);
	chart = begin(curves);
	chart_dotted(chart, x, 0, x, 1, TONE_ACCENT);
	draw_heights(curves, chart, most);
	chart_mark(chart, x, metrics_measure(&r->test, CLASS_RECALL),
		   TONE_GOOD, GLYPH_RISING);
	chart_mark(chart, x, metrics_measure(&r->test, CLASS_PRECISION),
		   TONE_VALUES, GLYPH_ON);
	if (r->judged.wish.priced)
		chart_mark(chart, x, bill.now / most, TONE_BAD, GLYPH_FALLING);
	head(curves, r->judged.wish.priced ?
	     "by threshold: recall and precision; cost, of never or always" :
	     "recall and precision, by threshold");
	snprintf(legend, sizeof(legend), "%s recall  %s precision",
		 draw_glyph(GLYPH_RISING), draw_glyph(GLYPH_ON));
	if (r->judged.wish.priced)
		text_append(legend, sizeof(legend), "  %s cost",
			    draw_glyph(GLYPH_FALLING));
	curves_axes(curves, "0", "1", legend, "0", "1");
	end(curves, chart);
}

const struct curve_view curves_two[] = {
	{ "ROC", draw_roc },
	{ "precision-recall", draw_precision },
	{ "threshold", draw_threshold },
	{ "calibration", draw_calibration },
	{ "gain", draw_gain },
	{ NULL, NULL }
};
