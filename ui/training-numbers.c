/*
 * training-numbers.c - the measures of a regression in the panel Training
 *
 *	             test               baseline
 *	r2          0.963                  0.000
 *	rmse        2.019 MW               10.51
 */
#include "training.h"

#include <string.h>

#include "base/mem.h"

/* Wide, as they may be of any size; the unit stands behind. */
enum { FIGURE_WIDTH = 9, FIGURE_X = 8, UNIT_X = 18, UNIT_WIDTH = 12,
       FIGURE_BASELINE_X = 31, FIGURE_TRAIN_X = 41 };

static bool shows(const struct canvas *c, int x)
{
	return x + FIGURE_WIDTH < c->columns;
}

void training_figure_head(const struct story *t, int y)
{
	static const struct { int x; const char *head; } heads[] = {
		{ FIGURE_X, "test" }, { FIGURE_BASELINE_X, "baseline" },
		{ FIGURE_TRAIN_X, "train" }
	};

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
	if (about->in_unit && r->unit && UNIT_X + UNIT_WIDTH < t->old.columns)
		draw_text(&t->old, y, UNIT_X, UNIT_WIDTH, TONE_DIM, r->unit);
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
