/*
 * numbers.h - what rules learn from many numbers: quantiles, mean, deviation
 *
 * Quantiles are found by selection, without putting the numbers in order: a
 * few of them, sorted, say between which two values the wanted one lies, and
 * one pass collects those.  They are Hyndman and Fan's type 7, as numpy,
 * pandas and R have them.  None of the numbers may be NaN; n > 0.
 */
#ifndef GEMBA_NUMBERS_H
#define GEMBA_NUMBERS_H

#include <stddef.h>

/* value may end in another order; room is as large. */
double measure_quantile(double *value, double *room, size_t n, double p);

/* Deviation over n; exactly 0 when all are the same, or when what there is of
 * it is rounding alone. */
void measure_moments(const double *value, size_t n, double *mean, double *sd);

void measure_range(const double *value, size_t n, double *min, double *max);

/* The most frequent one, the smallest of those; value ends in order. */
double measure_mode(double *value, double *room, size_t n);

#endif
