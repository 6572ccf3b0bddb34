/*
 * measure.h - what was told answers against what is true, for both tasks
 *
 * told is what model_predict() gives: a probability of the positive class for
 * each row, or a number; of more than two classes a probability of each, row
 * after row.  So many numbers as there are for a row are its width.
 */
#ifndef GEMBA_MEASURE_H
#define GEMBA_MEASURE_H

#include "run/result.h"
#include "run/target.h"

/*
 * What was told of the rows that test, by a model that had not seen them: of
 * one split or, fold after fold, of as many as were finished.
 */
struct answers {
	struct rows rows;	/* owned; so many until now */
	size_t width;
	double *told;		/* owned: width for each */
	double *always;		/* owned: what always the same would tell: a
				 * class, or a number */
};
/* Room for the rows of all the folds. */
bool answers_init(struct answers *answers, size_t most, size_t width,
		  struct err *err);
void answers_clear(struct answers *answers);

/* What is told of a row. */
size_t measure_width(const struct target *target);
/* For those who watch: accuracy, or r2. */
double measure_score(const struct truth *truth, const double *told,
		     size_t width);
/* What is told of every row when nothing is known but these. */
double measure_always(const struct truth *train);

bool measure_train(struct result *r, const struct truth *train,
		   const double *told, struct err *err);
/* All measures of the test rows, and those of always telling the same. */
bool measure_test(struct result *r, const struct target *target,
		  const struct answers *answers, struct err *err);
/* One fold: the rows from first on; result is that of its model. */
bool measure_fold(struct fold_score *score, const struct result *r,
		  const struct target *target, const struct answers *answers,
		  size_t first, struct err *err);
/* Keep what was told of each test row, and what is true. */
bool measure_keep(struct result *r, const struct target *target,
		  const struct answers *answers, struct err *err);

#endif
