/*
 * training-folds.c - the split and its folds in the panel Training
 *
 *	5 folds by time: 8,000 rows tested once each, 2,000 never
 *	folds       0.968 ± 0.002    0.966 ·  · :   · 0.971
 */
#include "training.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/text.h"
#include "split-choice.h"

void training_split(const struct story *t, int y)
{
	const struct canvas *c = &t->now;
	char words[SPLIT_WORDS];

	draw_text(c, y, 1, c->columns - 2, TONE_DIM,
		  split_words(t->session, c->columns - 2, words));
}

bool training_has_split(const struct story *t)
{
	const struct option_values *v = &t->session->settings.split;

	for (size_t i = 0; v->table && v->table[i].name; i++)
		if (options_given(v, i))
			return true;
	return false;
}

/* ---- the folds ---- */

/* Of one training, under way or done. */
struct folds {
	size_t n, wanted;
	double score[NOTE_FOLDS];
	double mean, sd;
	const struct canvas *canvas;
};

static void take_note(struct folds *f, const struct note *note)
{
	double sum = 0, squares = 0;

	f->wanted = note->folds;
	f->n = note->scores;
	for (size_t i = 0; i < f->n; i++) {
		f->score[i] = note->score[i];
		sum += f->score[i];
	}
	f->mean = sum / (double)f->n;
	for (size_t i = 0; i < f->n; i++)
		squares += (f->score[i] - f->mean) * (f->score[i] - f->mean);
	f->sd = sqrt(squares / (double)f->n);
}

static void take_result(struct folds *f, const struct result *r)
{
	f->wanted = r->folds_wanted;
	f->mean = r->fold_mean;
	f->sd = r->fold_sd;
	for (size_t i = 0; i < r->folds && f->n < NOTE_FOLDS; i++)
		f->score[f->n++] = r->fold[i].score;
}

static struct folds folds_of(const struct story *t)
{
	struct folds f = { .canvas = t->note ? &t->now : &t->old };

	if (t->note)
		take_note(&f, t->note);
	else if (t->result)
		take_result(&f, t->result);
	return f;
}

bool training_has_folds(const struct story *t)
{
	return t->note ? t->note->folds > 0 && t->note->scores > 0 :
	       t->result && t->result->folds_wanted > 0;
}

/* Where several are in one column there is a larger dot. */
static void draw_dots(const struct folds *f, int y, int x, int width)
{
	double low = INFINITY, high = -INFINITY;
	size_t many[256] = { 0 };

	if (width > (int)ARRAY_LEN(many))
		width = (int)ARRAY_LEN(many);
	for (size_t i = 0; i < f->n; i++) {
		low = fmin(low, f->score[i]);
		high = fmax(high, f->score[i]);
	}
	for (size_t i = 0; i < f->n && width > 1; i++)
		if (!isnan(f->score[i]))
			many[high > low ? (int)round((f->score[i] - low) /
				(high - low) * (width - 1)) : width / 2]++;
	for (int k = 0; k < width; k++)
		if (many[k])
			draw_text(f->canvas, y, x + k, 1, TONE_VALUES,
				  draw_glyph(many[k] > 1 ? GLYPH_ON
							 : GLYPH_DOT));
}

/* The worst at the left, the best at the right, the others between. */
static void draw_strip(const struct folds *f, int y, int x)
{
	char low[MEASURE_TEXT], high[MEASURE_TEXT];
	double least = INFINITY, most = -INFINITY;
	int room = f->canvas->columns - 1 - x, width;

	for (size_t i = 0; i < f->n; i++) {
		least = fmin(least, f->score[i]);
		most = fmax(most, f->score[i]);
	}
	if (!isfinite(least) || f->n < 2)
		return;
	panel_measure(low, least);
	panel_measure(high, most);
	width = room - (int)text_width(low) - (int)text_width(high) - 2;
	if (width > 30)
		width = 30;
	if (width < 10) {
		draw_dots(f, y, x, room);
		return;
	}
	x += draw_text(f->canvas, y, x, room, TONE_DIM, low) + 1;
	draw_dots(f, y, x, width);
	draw_text(f->canvas, y, x + width + 1, room, TONE_DIM, high);
}

void training_folds(const struct story *t, int y)
{
	struct folds f = folds_of(t);
	char mean[MEASURE_TEXT], sd[MEASURE_TEXT];
	char text[2 * MEASURE_TEXT + 40];
	int width = f.canvas->columns - 13;

	draw_printf(f.canvas, y, 1, 10, TONE_PLAIN, "%zu folds", f.wanted);
	snprintf(text, sizeof(text), "%s %s %s", panel_measure(mean, f.mean),
		 draw_glyph(GLYPH_PLUS_MINUS), panel_measure(sd, f.sd));
	draw_text(f.canvas, y, 12, width, TONE_STRONG, text);
	draw_strip(&f, y, 12 + (int)text_width(text) + 3);
}
