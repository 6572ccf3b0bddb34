/*
 * model.h - what training finds: a linear model and how sure it is
 *
 * z = intercept + sum_j weight[j] x[j].  Of two classes z is the log odds of
 * the positive one, the last; of a number it is what is told.  x is what the
 * design gives, transforms folded in; model_raw() and model_standardized() tell
 * the weights in other units.
 */
#ifndef GEMBA_MODEL_H
#define GEMBA_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/job.h"
#include "learn/design.h"

/* What is to be told of a row: its class, or a number. */
enum task_kind { TASK_CLASSIFICATION, TASK_REGRESSION, TASKS };

/* "classification", "regression". */
extern const char *const task_name[TASKS];

struct model {
	enum task_kind task;
	size_t p;
	double intercept;
	double *weight;		/* owned: p */
	double *std_error;	/* owned: p + 1, the intercept's last; NULL:
				 * not valid, and the note says why */
	double raw_error;	/* of model_raw_intercept(); NaN: not known */
	double df;		/* of Student's t, for p; infinite: Wald's z */
	const char *note;	/* a constant; NULL: nothing to say */
	/* How the training went up to here. */
	size_t iteration, limit;	/* epochs for sgd */
	bool converged;
	double loss;		/* on the training rows: mean log loss; of a
				 * number the mean squared error */
	double score;		/* on the training rows: accuracy; of a number
				 * R^2.  NaN: not known */
};

void model_init(struct model *model, enum task_kind task, size_t p);
void model_copy(struct model *to, const struct model *from);
void model_clear(struct model *model);

/* Weight j per unit of the column as it stands in the file, its intercept, and
 * weight j per standard deviation on the training rows. */
double model_raw(const struct model *m, const struct design *d, size_t j);
double model_raw_intercept(const struct model *m, const struct design *d);
double model_standardized(const struct model *m, const struct design *d,
			  size_t j);
/* Two-sided p-value of weight j, by Wald's z or Student's t; NaN without a
 * standard error. */
double model_p(const struct model *m, size_t j);
double model_raw_intercept_p(const struct model *m, const struct design *d);

/*
 * What the model tells of each of n rows, in blocks over the cores: the
 * probability of the positive class, or a number.  False when cancelled.
 */
bool model_predict(const struct model *m, const struct design *d,
		   const struct rows *rows, double *told,
		   struct job *job, struct err *err);

#endif
