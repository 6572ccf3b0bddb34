/*
 * metrics-number.h - how good predicted numbers are, in scikit-learn's
 * definitions
 *
 * With e[i] the difference of the i-th prediction from the truth y[i]:
 *
 *	r2		1 - sum e^2 / sum (y - mean y)^2
 *	rmse		sqrt(mean e^2)
 *	mae		mean |e|
 *	median error	median |e|
 *	mse		mean e^2
 *
 * Where all y are the same there is nothing to explain: r2 is NaN.
 */
#ifndef GEMBA_METRICS_NUMBER_H
#define GEMBA_METRICS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The first two are the headline. */
enum number_measure {
	NUMBER_R2, NUMBER_RMSE, NUMBER_MAE, NUMBER_MEDIAN, NUMBER_MSE,
	NUMBER_MEASURES
};

struct number_measure_about {
	const char *name;	/* "median error" */
	const char *label;	/* "median": where there is little room */
	const char *key;	/* "median_error": for programs */
	bool in_unit;		/* of the target; else a bare number */
};

extern const struct number_measure_about number_measure[NUMBER_MEASURES];

struct number_metrics {
	size_t n;
	double of[NUMBER_MEASURES];
};

/* Measure n predictions.  NaN or infinity in told is an error,
 * and so is an error whose square is infinite. */
bool metrics_number(struct number_metrics *m, const double *y,
		    const double *told, size_t n, struct err *err);

/* r2 alone, for those who watch; needs no memory. */
double metrics_r2(const double *y, const double *told, size_t n);

#endif
