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

/* For those who watch: accuracy, or r2. */
double measure_score(const struct truth *truth, const double *told);

/* What always telling the same makes of the test rows. */
bool measure_baseline(struct result *r, const struct truth *train,
		      const struct truth *test, struct err *err);
bool measure_train(struct result *r, const struct truth *train,
		   const double *told, struct err *err);
bool measure_test(struct result *r, const struct truth *test,
		  const double *told, struct err *err);
/* Keep what was told of each test row. */
bool measure_keep(struct result *r, const struct rows *test,
		  const double *told, struct err *err);

#endif
