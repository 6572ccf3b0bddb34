/*
 * curves-numbers.c - told against true, and the errors of numbers
 */
#include "sheet-curves.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/text.h"
#include "eval/curve.h"

/* More dots than these say nothing more: every so many rows are drawn. */
enum { DOTS_MOST = 20000 };

struct range {
	double low, high;
};

static void widen(struct range *r, double x)
{
	r->low = fmin(r->low, x);
	r->high = fmax(r->high, x);
}

static double part(const struct range *r, double x)
{
	return r->high > r->low ? (x - r->low) / (r->high - r->low) : 0.5;
}

static size_t stride(const struct result *r)
{
	return r->test_rows.n / DOTS_MOST + 1;
}

static void axes(const struct curves *curves, const struct range *x,
		 const char *name, const struct range *y)
{
	char text[4][MEASURE_TEXT];

	curves_axes(curves, panel_figure(text[0], x->low),
		    panel_figure(text[1], x->high), name,
		    panel_figure(text[2], y->low),
		    panel_figure(text[3], y->high));
}

static void head(const struct curves *curves, const char *text)
{
	draw_text(curves->c, 0, curves->x, curves->c->columns - curves->x - 1,
		  TONE_PLAIN, text);
}

/* ---- the words ---- */

static void say_measures(struct curves *curves)
{
	const struct result *r = curves->result;
	char text[MEASURE_TEXT];

	for (int k = 0; k < NUMBER_MSE; k++)
		curves_say(curves, number_measure[k].label,
			   k <= NUMBER_RMSE ? TONE_STRONG : TONE_PLAIN, "%s",
			   panel_figure(text, r->regression.test.of[k]));
	curves_gap(curves);
}

static void say_errors(struct curves *curves, const struct error_shape *s)
{
	char text[MEASURE_TEXT], name[24];

	say_measures(curves);
	curves_say(curves, "mean error", TONE_PLAIN, "%s",
		   panel_figure(text, s->mean));
	curves_say(curves, "sd", TONE_PLAIN, "%s", panel_figure(text, s->sd));
	curves_gap(curves);
	curves_say(curves, "", TONE_DIM, "errors are no larger than");
	for (size_t k = 0; k < ERROR_QUANTILES; k++) {
		snprintf(name, sizeof(name), "%g %%", 100 * error_quantile[k]);
		curves_say(curves, name, TONE_PLAIN, "%s",
			   panel_figure(text, s->size[k]));
	}
}

static bool shape_of(struct curves *curves, struct error_shape *s)
{
	const struct result *r = curves->result;
	struct err err = { 0 };

	if (error_shape_init(s, r->actual, r->told, r->test_rows.n, &err))
		return true;
	head(curves, err.text);
	return false;
}

/* ---- the pictures ---- */

static void end(struct curves *curves, struct chart *chart,
		const struct error_shape *s)
{
	chart_draw(chart, curves->c, curves->y, curves->x);
	chart_free(chart);
	say_errors(curves, s);
}

static void draw_told(struct curves *curves)
{
	const struct result *r = curves->result;
	struct range both = { INFINITY, -INFINITY };
	struct error_shape s;
	struct chart *chart;

	if (!shape_of(curves, &s))
		return;
	for (size_t i = 0; i < r->test_rows.n; i++) {
		widen(&both, r->actual[i]);
		widen(&both, r->told[i]);
	}
	chart = chart_new(curves->rows, curves->columns);
	chart_dotted(chart, 0, 0, 1, 1, TONE_DIM);
	for (size_t i = 0; i < r->test_rows.n; i += stride(r))
		chart_point(chart, part(&both, r->told[i]),
			    part(&both, r->actual[i]), TONE_VALUES);
	head(curves, "what is true, by what is told");
	axes(curves, &both, "told", &both);
	end(curves, chart, &s);
}

static void draw_residuals(struct curves *curves)
{
	const struct result *r = curves->result;
	struct range told = { INFINITY, -INFINITY }, error = { 0, 0 };
	struct error_shape s;
	struct chart *chart;

	if (!shape_of(curves, &s))
		return;
	for (size_t i = 0; i < r->test_rows.n; i++) {
		widen(&told, r->told[i]);
		widen(&error, r->told[i] - r->actual[i]);
	}
	chart = chart_new(curves->rows, curves->columns);
	chart_dotted(chart, 0, part(&error, 0), 1, part(&error, 0), TONE_DIM);
	for (size_t i = 0; i < r->test_rows.n; i += stride(r))
		chart_point(chart, part(&told, r->told[i]),
			    part(&error, r->told[i] - r->actual[i]),
			    TONE_VALUES);
	head(curves, "error (told less true), by what is told: no pattern is "
	     "best");
	axes(curves, &told, "told", &error);
	end(curves, chart, &s);
}

/* How many bars of the shape make one here: few rows fill few bars, and a
 * narrow screen has no room for all. */
static size_t bars_in_one(const struct curves *curves)
{
	size_t n = curves->result->test_rows.n;
	size_t group = n < 100 ? 4 : n < 400 ? 2 : 1;

	while (curves->columns < ERROR_BARS / (int)group && group < 8)
		group *= 2;
	return group;
}

static void draw_histogram(struct curves *curves)
{
	size_t group = bars_in_one(curves), bars = ERROR_BARS / group;
	double height[ERROR_BARS] = { 0 }, most = 0;
	int width = curves->columns / (int)bars;
	struct error_shape s;
	struct range x, y = { 0, 0 };
	struct chart *frame;

	if (!shape_of(curves, &s) || width < 1)
		return;
	for (size_t k = 0; k < ERROR_BARS; k++)
		height[k / group] += (double)s.bar[k];
	for (size_t k = 0; k < bars; k++)
		most = fmax(most, height[k]);
	for (size_t k = 0; k < bars; k++)
		height[k] /= most;
	curves->columns = width * (int)bars;
	frame = chart_new(curves->rows, curves->columns);
	chart_draw(frame, curves->c, curves->y, curves->x);
	chart_free(frame);
	draw_columns(curves->c, curves->y, curves->x, curves->rows, width,
		     TONE_VALUES, height, NULL, bars);
	x = (struct range){ s.low, s.high };
	y.high = most;
	head(curves, "how many rows have which error (told less true)");
	axes(curves, &x, "error", &y);
	say_errors(curves, &s);
}

const struct curve_view curves_numbers[] = {
	{ "told and true", draw_told },
	{ "residuals", draw_residuals },
	{ "errors", draw_histogram },
	{ NULL, NULL }
};
