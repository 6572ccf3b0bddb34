/*
 * measure.h - what was told held against what is true, for both tasks
 *
 * told is what model_predict() gives: a probability of the positive class for
 * each row, or a number.
 */
#ifndef GEMBA_MEASURE_H
#define GEMBA_MEASURE_H

#include "run/result.h"
#include "run/target.h"

/*
 * What was told of the rows that test, by a model that had not seen them: of
 * one split or, fold after fold, of as many as were finished.
 */
struct held {
	struct rows rows;	/* owned; so many until now */
	double *told;		/* owned */
	double *always;		/* owned: what always the same would tell */
};
/* Room for the rows of all the folds. */
bool held_init(struct held *held, size_t most, struct err *err);
void held_clear(struct held *held);

/* For those who watch: accuracy, or r2. */
double measure_score(const struct truth *truth, const double *told);
/* What is told of every row when nothing is known but these. */
double measure_always(const struct truth *train);

bool measure_train(struct result *r, const struct truth *train,
		   const double *told, struct err *err);
/* All measures of the test rows, and those of always telling the same. */
bool measure_test(struct result *r, const struct target *target,
		  const struct held *held, struct err *err);
/* One fold: the rows from first on; result is that of its model. */
bool measure_fold(struct fold_score *score, const struct result *r,
		  const struct target *target, const struct held *held,
		  size_t first, struct err *err);
/* Keep what was told of each test row. */
bool measure_keep(struct result *r, const struct held *held, struct err *err);

#endif
