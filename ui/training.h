/*
 * training.h - what the lines of the panel Training are drawn from
 *
 * The panel is panel-training.c; the lines of numbers, of which only a
 * regression has any, are in training-numbers.c, those of the loss in
 * training-curve.c, those of the split and its folds in training-folds.c.
 */
#ifndef GEMBA_TRAINING_H
#define GEMBA_TRAINING_H

#include "panel.h"

enum { ADVICE_MAX = 5, ADVICE_TEXT = 200 };

/* What the lines are drawn from. */
struct story {
	const struct session *session;
	const struct result *result;	/* or NULL: nothing was trained yet */
	const struct note *note;	/* while training; NULL: no word yet */
	bool training;
	struct canvas now, old;		/* live numbers; those of the result */
	size_t advice;
	char advice_text[ADVICE_MAX][ADVICE_TEXT];
};

/* What the guards say of the result, in a line; and that they say nothing,
 * where there is room for that (training-notes.c). */
void training_notes(const struct story *t, int y);
void training_calm(const struct story *t, int y);

/* Lines of the panel: the heads of the columns, and one for each measure. */
void training_figure_head(const struct story *t, int y);
void training_r2(const struct story *t, int y);
void training_rmse(const struct story *t, int y);
void training_mae(const struct story *t, int y);
void training_median(const struct story *t, int y);

/* The loss with its curve, in training and on the rows that are held out to
 * know when to stop, and whether there are any (training-curve.c). */
void training_loss(const struct story *t, int y);
void training_held(const struct story *t, int y);
bool training_has_held(const struct story *t);

/* The best of a tune, and its tries while they go on; and whether there are any
 * (training-tries.c). */
void training_best(const struct story *t, int y);
bool training_has_best(const struct story *t);
void training_tries(const struct story *t, int y);
bool training_has_tries(const struct story *t);

/* The split in words, and whether it was chosen; what its folds came to, and
 * whether there are any (training-folds.c). */
void training_split(const struct story *t, int y);
bool training_has_split(const struct story *t);
void training_folds(const struct story *t, int y);
bool training_has_folds(const struct story *t);

/* The threshold and what mistakes cost there, and whether it is worth a line
 * (training-cut.c). */
void training_cut(const struct story *t, int y);
void training_costs(const struct story *t, int y);
bool training_has_cut(const struct story *t);
bool training_has_costs(const struct story *t);

/* A regression that explains more than its baseline, or is that. */
bool training_beats_mean(const struct result *r);

#endif
