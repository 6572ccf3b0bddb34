/*
 * curve.h - the curves of a result: what a threshold trades, whether
 * probabilities are what they say, and how errors lie
 */
#ifndef GEMBA_CURVE_H
#define GEMBA_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "eval/cut.h"
#include "eval/interval.h"

/*
 * A point of the ROC curve (alarms, recall) and of the precision-recall curve
 * (recall, precision), as scikit-learn has them; told is the share of rows
 * that are told positive, for the gain.  Where nothing is told precision is 1.
 */
struct curve_point {
	double cut;			/* told where >= this; infinite: none */
	double recall, alarms, precision, told;
};
struct curve_point curve_point(const struct cuts *cuts, size_t step);

/* So many points are enough: the steps to show, first and last among them, so
 * that no part of the ROC curve goes without; room for most.  How many. */
enum { CURVE_POINTS = 400 };
size_t curve_steps(const struct cuts *cuts, size_t step[CURVE_POINTS]);

/* Rows of about the same probability: what is told of them, and what is true,
 * with Wilson's interval. */
struct calibration_bin {
	size_t n, positives;
	double told;			/* mean probability */
	struct interval interval;	/* of the share of positives */
};

/*
 * Up to ten bins of equal counts, by probability; rows of the same probability
 * stay together.  error is the expected calibration error: the mean over rows
 * of |told - true share| of their bin.
 */
enum { CALIBRATION_BINS = 10 };
struct calibration {
	size_t bins;
	struct calibration_bin bin[CALIBRATION_BINS];
	double error;
};
bool calibration_init(struct calibration *c, const uint32_t *y,
		      const double *p, size_t n, struct err *err);
bool calibration_of(struct calibration *c, const struct cuts *cuts);

/*
 * How errors (told - true) lie: quantiles of their size, of type 7, and a
 * histogram of them between the 0.5 and 99.5 % quantiles, the ends with all
 * that is beyond.
 */
enum { ERROR_QUANTILES = 6, ERROR_BARS = 40 };
extern const double error_quantile[ERROR_QUANTILES];	/* 0.5, 0.75 ... 1 */
struct error_shape {
	double size[ERROR_QUANTILES];
	double mean, sd;		/* of the errors; over n */
	double low, high;		/* of the histogram */
	size_t bar[ERROR_BARS];
};
bool error_shape_init(struct error_shape *s, const double *y,
		      const double *told, size_t n, struct err *err);

#endif
