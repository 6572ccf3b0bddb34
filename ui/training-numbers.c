/*
 * training-numbers.c - the measures of a regression in the panel Training
 *
 *	in MW       test  95 %        baseline
 *	r2         0.963  0.941–0.978    0.000
 *	rmse       2.019  1.524–2.463    10.51
 */
#include "training.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Wide, as they may be of any size; the unit stands above their names. */
enum { FIGURE_WIDTH = 9, FIGURE_X = 8, UNIT_WIDTH = 11, RANGE_X = 19,
       RANGE_WIDTH = 12, FIGURE_BASELINE_X = 31, FIGURE_TRAIN_X = 41 };

static bool shows(const struct canvas *c, int x)
{
	return x + FIGURE_WIDTH < c->columns;
}

static bool shows_range(const struct canvas *c)
{
	return RANGE_X + RANGE_WIDTH - 1 < c->columns;
}

void training_figure_head(const struct story *t, int y)
{
	static const struct { int x; const char *head; } heads[] = {
		{ FIGURE_X, "test" }, { FIGURE_BASELINE_X, "baseline" },
		{ FIGURE_TRAIN_X, "train" }
	};

	if (t->result && t->result->unit) {
		char unit[64];

		text_safe(unit, sizeof(unit), t->result->unit,
			  strlen(t->result->unit));
		draw_printf(&t->old, y, 1, UNIT_WIDTH, TONE_DIM, "in %s", unit);
	}
	if (shows_range(&t->now))
		draw_text(&t->now, y, RANGE_X, RANGE_WIDTH, TONE_DIM, "95 %");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (shows(&t->now, heads[i].x))
			draw_right(&t->now, y, heads[i].x, FIGURE_WIDTH,
				   TONE_DIM, heads[i].head);
}

static void draw_figure(const struct canvas *c, int y, int x, enum tone tone,
			enum number_measure which, double value)
{
	char text[MEASURE_TEXT];

	if (shows(c, x))
		draw_right(c, y, x, FIGURE_WIDTH, tone, which == NUMBER_R2 ?
			   panel_measure(text, value) :
			   panel_figure(text, value));
}

static void draw_range(const struct canvas *c, int y,
		       enum number_measure which, const struct interval *i)
{
	char low[MEASURE_TEXT], high[MEASURE_TEXT];
	char *(*say)(char to[MEASURE_TEXT], double x) =
		which == NUMBER_R2 ? panel_measure : panel_figure;

	if (i->by != BY_NOTHING && shows_range(c))
		draw_printf(c, y, RANGE_X, RANGE_WIDTH, TONE_DIM, "%s%s%s",
			    say(low, i->low), draw_glyph(GLYPH_DASH),
			    say(high, i->high));
}

/* A line of the measures of numbers; while training r2 is all that is known. */
static void draw_of_numbers(const struct story *t, int y,
			    enum number_measure which)
{
	const struct number_measure_about *about = &number_measure[which];
	const struct result *r = t->result;
	enum tone tone = which <= NUMBER_RMSE ? TONE_STRONG : TONE_PLAIN;

	draw_text(&t->now, y, 1, FIGURE_X - 2, TONE_PLAIN, about->label);
	if (t->note && which == NUMBER_R2) {
		draw_figure(&t->now, y, FIGURE_X, tone, which,
			    t->note->test_score);
		draw_figure(&t->now, y, FIGURE_TRAIN_X, TONE_PLAIN, which,
			    t->note->train_score);
	}
	if (!r)
		return;
	draw_figure(&t->old, y, FIGURE_BASELINE_X, TONE_DIM, which,
		    r->regression.baseline.of[which]);
	if (t->note && which == NUMBER_R2)
		return;
	draw_figure(&t->old, y, FIGURE_X, tone, which,
		    r->regression.test.of[which]);
	draw_range(&t->old, y, which, &r->regression.interval[which]);
	draw_figure(&t->old, y, FIGURE_TRAIN_X, TONE_DIM, which,
		    r->regression.train.of[which]);
}

void training_r2(const struct story *t, int y)
{
	draw_of_numbers(t, y, NUMBER_R2);
}

void training_rmse(const struct story *t, int y)
{
	draw_of_numbers(t, y, NUMBER_RMSE);
}

void training_mae(const struct story *t, int y)
{
	draw_of_numbers(t, y, NUMBER_MAE);
}

void training_median(const struct story *t, int y)
{
	draw_of_numbers(t, y, NUMBER_MEDIAN);
}

bool training_beats_mean(const struct result *r)
{
	return !strcmp(r->method->name, "baseline") ||
	       !(r->regression.test.of[NUMBER_R2] <=
		 r->regression.baseline.of[NUMBER_R2]);
}
