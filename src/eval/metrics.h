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

/* The measures that are told first, of two classes. */
enum class_measure {
	CLASS_ACCURACY, CLASS_BALANCED, CLASS_RECALL, CLASS_PRECISION,
	CLASS_F1, CLASS_MCC, CLASS_AUC, CLASS_MEASURES
};

struct class_measure_about {
	const char *name;	/* "balanced accuracy" */
	const char *key;	/* "balanced_accuracy": for programs */
	bool of_class;		/* of the positive class, not of all rows */
};

extern const struct class_measure_about class_measure[CLASS_MEASURES];

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
	double kappa;		/* Cohen's: agreement beyond that of chance;
				 * NaN where there is but one class */
	/* From probabilities; NaN where not known.  Of more than two classes
	 * the first two are means over the classes, each against the rest, and
	 * NaN when a class has no row. */
	double auc, average_precision, log_loss, brier;
	double auc_error;	/* its standard error; NaN: not known */
};

/*
 * One of them; of the positive class, the last, where it is of a class, and of
 * more than two the mean over all, macro.  Recall
 * of a class with no rows and precision of one never told are NaN here.
 */
double metrics_measure(const struct metrics *m, enum class_measure which);

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
/* All that the confusion matrix tells: n, classes and confusion are there, and
 * room for class_of. */
void metrics_of_confusion(struct metrics *m);
void metrics_copy(struct metrics *to, const struct metrics *from);
void metrics_clear(struct metrics *m);

#endif
