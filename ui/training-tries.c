/*
 * training-tries.c - how a tune goes in the panel Training, and what came of it
 *
 *	best        0.881  depth=4 leaf=5
 *	tries       ▂▅▁▇▇█▃        4 of 30 s
 */
#include "training.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "run/fit.h"
#include "run/tune.h"

enum { NAME_WIDTH = 10, FIRST_X = 12 };

static const struct tuned *tuned_of(const struct story *t)
{
	return !t->training && t->result ? t->result->tuned : NULL;
}

bool training_has_best(const struct story *t)
{
	return t->note ? t->note->tries.of > 0 : tuned_of(t) != NULL;
}

bool training_has_tries(const struct story *t)
{
	return t->note && t->note->tries.of > 0;
}

static void draw_words(const struct canvas *c, int y, enum tone tone,
		       double score, const char *words)
{
	char text[MEASURE_TEXT];
	int x = FIRST_X;

	x += draw_text(c, y, x, c->columns - 1 - x, tone,
		       panel_measure(text, score)) + 2;
	if (x < c->columns - 1)
		draw_text(c, y, x, c->columns - 1 - x, TONE_PLAIN, words);
}

/* The best so far; afterwards its score: the method has its options. */
void training_best(const struct story *t, int y)
{
	const struct tuned *tuned = tuned_of(t);
	char words[160];

	draw_text(&t->now, y, 1, NAME_WIDTH, TONE_PLAIN,
		  tuned ? "tuned" : "best");
	if (tuned) {
		snprintf(words, sizeof(words), "%s, best of %zu: t",
			 tuned->measure, tuned->tries);
		draw_words(&t->old, y, TONE_PLAIN, tuned->tried[0].mean,
			   words);
	} else if (isnan(t->note->tries.best)) {
		draw_text(&t->now, y, FIRST_X, t->now.columns - 1 - FIRST_X,
			  TONE_DIM, "no try is done yet");
	} else {
		draw_words(&t->now, y, TONE_STRONG, t->note->tries.best,
			   t->note->tries.best_options);
	}
}

/* From a little below the lowest: what is between them is what matters. */
static void draw_scores(const struct canvas *c, int y, int width,
			const struct note_tries *tries)
{
	double height[NOTE_TRIES], low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < tries->scores; i++) {
		low = fmin(low, tries->score[i]);
		high = fmax(high, tries->score[i]);
	}
	for (size_t i = 0; i < tries->scores; i++)
		height[i] = isnan(tries->score[i]) ? 0 : high <= low ? 1 :
			    tries->score[i] - low + (high - low) / 8;
	draw_spark(c, y, FIRST_X, width, TONE_VALUES, height, tries->scores);
}

void training_tries(const struct story *t, int y)
{
	const struct note_tries *tries = &t->note->tries;
	const struct canvas *c = &t->now;
	char clock[60];
	int width;

	snprintf(clock, sizeof(clock), "%.0f of %.3g s",
		 fmin(fit_clock() - tries->began, tries->budget),
		 tries->budget);
	draw_text(c, y, 1, NAME_WIDTH, TONE_PLAIN, "tries");
	draw_right(c, y, FIRST_X, c->columns - 1 - FIRST_X, TONE_DIM, clock);
	width = c->columns - 3 - FIRST_X - (int)text_width(clock);
	if (width > 0 && tries->scores)
		draw_scores(c, y, width, tries);
}
