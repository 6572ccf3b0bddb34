/*
 * training-curve.c - the loss, iteration by iteration, in the panel Training
 */
#include "training.h"

#include <math.h>

enum { NAME_WIDTH = 10, LOSS_X = 12, LOSS_WIDTH = 5, CURVE_X = 20 };

/* The curve of the training under way, else that of the result. */
struct curve {
	const double *loss, *held;
	size_t n;
};

static struct curve curve_of(const struct story *t)
{
	if (t->note)
		return (struct curve){ t->note->curve, t->note->held_curve,
				       t->note->curve_n };
	if (t->result)
		return (struct curve){ t->result->curve, t->result->held_curve,
				       t->result->curve_n };
	return (struct curve){ 0 };
}

/* From a little below its lowest, not from 0: that it still falls, or rises
 * again, is what matters. */
static void draw_curve(const struct canvas *c, int y, const double *curve,
		       size_t n)
{
	double height[CURVE_MAX], low = INFINITY, high = -INFINITY;

	if (n > CURVE_MAX)
		n = CURVE_MAX;
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(curve[i]))
			continue;
		low = fmin(low, curve[i]);
		high = fmax(high, curve[i]);
	}
	for (size_t i = 0; i < n; i++)
		height[i] = high <= low ? 1 :
			    (isfinite(curve[i]) ? curve[i] : high) - low +
			    (high - low) / 8;
	draw_spark(c, y, CURVE_X, c->columns - CURVE_X - 1, TONE_VALUES,
		   height, n);
}

static void draw_loss(const struct story *t, int y, const char *name,
		      const double *curve, size_t n, double last)
{
	const struct canvas *c = t->note ? &t->now : &t->old;
	char text[MEASURE_TEXT];

	draw_text(&t->now, y, 1, NAME_WIDTH, TONE_PLAIN, name);
	if (LOSS_X + LOSS_WIDTH < c->columns)
		draw_right(c, y, LOSS_X, LOSS_WIDTH, TONE_PLAIN,
			   panel_measure(text, last));
	if (n && !isnan(last))
		draw_curve(c, y, curve, n);
}

void training_loss(const struct story *t, int y)
{
	struct curve c = curve_of(t);

	draw_loss(t, y, "loss", c.loss, c.n, t->note ? t->note->loss :
		  c.n ? c.loss[c.n - 1] : NAN);
}

bool training_has_held(const struct story *t)
{
	struct curve c = curve_of(t);

	return c.n && !isnan(c.held[c.n - 1]);
}

void training_held(const struct story *t, int y)
{
	struct curve c = curve_of(t);

	draw_loss(t, y, "held out", c.held, c.n, c.held[c.n - 1]);
}
