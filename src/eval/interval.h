/*
 * interval.h - how far chance in the test rows may have moved a measure
 *
 * The 95 % interval of each headline, and by what it was found:
 *
 *	Wilson		a share of counted rows: accuracy, recall, precision.
 *			Wilson, JASA 22 (1927); good with few rows, too
 *	DeLong		auc.  DeLong, DeLong and Clarke-Pearson, Biometrics 44
 *			(1988); kept within 0 and 1
 *	bootstrap	the rows drawn again with replacement, RESAMPLES times,
 *			and of what they give the middle 95 % (percentiles as
 *			numpy has them).  Measures of counts need no rows: the
 *			counts are drawn, from the multinomial distribution
 *	delta		as the bootstrap, where it has too many rows to be done
 *			at once: the linear term of the measure in each row
 *			gives the standard error
 *
 * All suppose that rows do not depend on each other.  Where nothing honest can
 * be said there is no interval, and why says so: fewer than INTERVAL_ROWS rows
 * or INTERVAL_CLASS of a class (Wilson's needs neither), one class only, or
 * nothing that varies, such as no error at all: the bootstrap would call that
 * certain.
 */
#ifndef GEMBA_INTERVAL_H
#define GEMBA_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/rng.h"
#include "eval/metrics.h"
#include "eval/metrics-number.h"

enum {
	INTERVAL_ROWS = 10,
	INTERVAL_CLASS = 5,	/* rows of each class */
	RESAMPLES = 1000,
	/* Of numbers; beyond so many rows it is delta's.  So it takes about
	 * 10 ms on one core. */
	RESAMPLED_ROWS = 1000
};

enum interval_by {
	BY_NOTHING, BY_WILSON, BY_DELONG, BY_BOOTSTRAP, BY_DELTA
};
extern const char *const interval_name[];	/* "Wilson" */

struct interval {
	double low, high;	/* NaN with BY_NOTHING */
	enum interval_by by;
	const char *why;	/* a constant: why there is none; else NULL */
};

/* For a share of hits in n; of none everything is possible, 0 to 1. */
struct interval interval_wilson(size_t hits, size_t n);

/*
 * The standard error of auc.  pos and neg are the probabilities of the two
 * classes, upwards; ties count half.  NaN with fewer than two of either.  In
 * one walk over both, so O(n) after the sort: what Sun and Xu, IEEE SPL 21
 * (2014), get from midranks.
 */
double interval_delong(const double *pos, size_t positives, const double *neg,
		       size_t negatives, double auc);

/*
 * Of all measures of two classes.  With more, auc has none, recall, precision
 * and f1 are the macro ones, and beyond INTERVAL_CLASSES classes accuracy
 * alone has one: the draws would take too long.
 */
enum { INTERVAL_CLASSES = 50 };
void interval_classes(const struct metrics *m,
		      struct interval of[CLASS_MEASURES]);

/* Of r2, rmse and mae; the others have none. */
bool interval_numbers(const struct number_metrics *m, const double *y,
		      const double *told, struct interval of[NUMBER_MEASURES],
		      struct err *err);

/*
 * For the two above: the middle 95 % of n draws of what is x in the rows that
 * there are, NaN left out; puts them in order.  Nothing where they do not vary,
 * or one in twenty is NaN.  As r2 of a few rows drawn is mostly lower than that
 * of all, the middle may not reach x: then it is made to.
 */
struct interval interval_middle(double *draw, size_t n, double x);
struct interval interval_none(const char *why);
/* Draw the rows of n cells again: as many in all, from the multinomial
 * distribution, one cell after the other. */
void interval_draw_cells(struct rng *rng, const size_t *cell, size_t n,
			 size_t *drawn);
/* 1.96 standard errors to either side. */
struct interval interval_normal(double x, double error, enum interval_by by);

#endif
