/*
 * metrics.h - how good predictions are, in scikit-learn's definitions
 *
 * A ratio with nothing to divide by is 0 for precision, recall and F1, as
 * scikit-learn has it; what cannot be told at all (AUC with one class) is NaN.
 */
#ifndef GEMBA_METRICS_H
#define GEMBA_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct class_metrics {
	double precision, recall, f1;
	size_t support;		/* rows that truly are of this class */
};

struct metrics {
	size_t n, classes;
	size_t *confusion;	/* owned: classes by classes, [true][told] */
	struct class_metrics *class_of;	/* owned: one each */
	struct class_metrics macro, weighted;	/* support: n */
	double accuracy, balanced_accuracy, mcc;
	/* From probabilities; NaN where not known.  Of more than two classes
	 * the first two are means over the classes, each against the rest, and
	 * NaN when a class has no row. */
	double auc, average_precision, log_loss, brier;
};

/*
 * Measure n predictions of two classes: y[i] is the true class, 0 or 1, and
 * p[i] the probability of class 1; class 1 is told where p > cut (liblinear and
 * scikit-learn tell class 1 only for a positive score).  NaN in p is an error.
 */
bool metrics_binary(struct metrics *m, const uint32_t *y, const double *p,
		    size_t n, double cut, struct err *err);

/*
 * The same of more than two classes: p, n by classes, is the probability of
 * each, and the most probable one is told, of equals the first.
 */
bool metrics_many(struct metrics *m, const uint32_t *y, const double *p,
		  size_t n, size_t classes, struct err *err);

/* Measure from told classes alone; the probability measures are NaN. */
bool metrics_classes(struct metrics *m, const uint32_t *y,
		     const uint32_t *told, size_t n, size_t classes,
		     struct err *err);
void metrics_copy(struct metrics *to, const struct metrics *from);
void metrics_clear(struct metrics *m);

/* Wilson's 95 % interval for a share of hits in n. */
void metrics_wilson(size_t hits, size_t n, double *low, double *high);

#endif
