/*
 * goodness.h - how closely a model without a penalty follows the rows it was
 * trained on: what summary() of R's lm and glm says of the whole model
 *
 * Only such a model has it; it is one with standard errors.  With n rows, k
 * features, q weights with the intercept, e the errors and y the target:
 *
 *	residual SD	sqrt(sum e^2 / (n - q))
 *	adjusted r2	1 - (1 - r2) (n - 1) / (n - q)
 *	F		(sum (y - mean y)^2 - sum e^2) / k over residual SD^2
 *	deviance	of two classes -2 log likelihood; null: of a model with
 *			an intercept alone
 *	AIC, BIC	-2 log likelihood + 2 m, + m log n; m is q, and of a
 *			number one more, for the deviation
 *
 * Without an intercept r2 and F are measured from 0 and not from the mean, as
 * is the deviance of no model at all.
 */
#ifndef GEMBA_GOODNESS_H
#define GEMBA_GOODNESS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "learn/model.h"
#include "run/target.h"

struct goodness {
	bool known;
	enum task_kind task;
	size_t features;	/* k, the first degrees of freedom of F */
	double df;		/* n - q */
	double residual_sd, r2, adjusted_r2, f, f_p;	/* of a number */
	double deviance, null_deviance;			/* of two classes */
	double aic, bic;
};

/* told is what the model tells of the rows that it was trained on. */
void goodness_measure(struct goodness *g, const struct model *model,
		      const struct truth *train, const double *told);

/* Lines of a report; nothing where it is not known. */
void goodness_report(const struct goodness *g, FILE *out);
/* It is known. */
json_t *goodness_json(const struct goodness *g);

#endif
