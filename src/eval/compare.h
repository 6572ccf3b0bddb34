/*
 * compare.h - two models told the same rows: do they differ beyond noise?
 *
 * A difference is always b - a.  Two measures of the same rows share most of
 * their chance, so their difference is far surer than their two intervals
 * would have it: it has an interval of its own.
 *
 *	McNemar		the rows that only one of both gets right: as many by
 *			either, but for chance?  Exact (binomial) up to
 *			MCNEMAR_EXACT of them, beyond with the continuity
 *			correction, (|b - c| - 1)^2 / (b + c), chi^2 with one
 *			degree of freedom.  McNemar, Psychometrika 12 (1947)
 *	bootstrap	the same rows are drawn for both, PAIRED_RESAMPLES times
 *			with a fixed seed; the middle 95 % of the differences
 *	DeLong		auc: the covariance of both areas; see interval.h
 *	delta		of numbers, beyond PAIRED_ROWS rows; see interval.h
 *	corrected t	of folds: the t of their differences, its variance times
 *			1/k + test/train instead of 1/k, as folds share their
 *			training rows.  Nadeau and Bengio, Machine Learning 52
 *			(2003)
 */
#ifndef GEMBA_COMPARE_H
#define GEMBA_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "eval/interval.h"
#include "eval/metrics.h"
#include "eval/metrics-number.h"

enum { MCNEMAR_EXACT = 50, PAIRED_RESAMPLES = 2000, PAIRED_ROWS = 500 };

struct mcnemar {
	size_t only_a, only_b;		/* right by that one alone */
	bool exact;
	double p;			/* 1: none differ */
};
struct mcnemar compare_mcnemar(size_t only_a, size_t only_b);

struct difference {
	double a, b;			/* the measure of each */
	struct interval of;		/* of b - a; why: there is none */
};

/* What two models told: a class each, and of two classes the probability of
 * the positive one, or NULL. */
struct told_pair {
	size_t n, classes;
	const uint32_t *y, *a, *b;
	const double *p_a, *p_b;
};
bool compare_classes(const struct told_pair *pair, struct mcnemar *mcnemar,
		     struct difference of[CLASS_MEASURES], struct err *err);

/* The same of numbers: r2, rmse and mae have intervals. */
bool compare_numbers(const double *y, const double *a, const double *b,
		     size_t n, struct difference of[NUMBER_MEASURES],
		     struct err *err);

/* The error of auc of b - auc of a; NaN: fewer than two rows of a class. */
bool compare_delong(const struct told_pair *pair, double *error,
		    struct err *err);

/* t of k differences of folds; share is test rows over training rows.  NaN:
 * fewer than two, or they do not vary. */
double compare_corrected_t(const double *difference, size_t k, double share);

#endif
