/*
 * weights.h - the weights of a model in units that people think in
 */
#ifndef GEMBA_WEIGHTS_H
#define GEMBA_WEIGHTS_H

#include "data/rows.h"
#include "learn/model.h"
#include "run/result.h"

/*
 * Fill all that struct weight knows, for all the sets of a model, into
 * model->sets * model->p of them.  Quartiles and what is needed for inflation
 * are measured on the training rows: all of them up to WEIGHTS_ROWS, else as
 * many, evenly drawn.
 */
enum { WEIGHTS_ROWS = 20000,
       WEIGHTS_INFLATED = 200 };	/* features, at most, for inflation */
void weights_fill(struct weight *weight, const struct model *model,
		  const struct design *design, const struct rows *train);

/*
 * Why the weights of a result have no standard error, odds ratio or inflation;
 * NULL: they have.  Constants.
 */
const char *weights_no_error(const struct result *r);
const char *weights_no_odds(const struct result *r);
const char *weights_no_inflation(const struct result *r,
				 const struct weight *w);

/* exp() of the weight, of one unit or of one quartile range; with the ends of
 * the 95 % interval where these are known, else NaN. */
struct odds {
	double ratio, low, high;
};
struct odds weights_odds(const struct result *r, const struct weight *w,
			 bool per_range);

#endif
