/*
 * explain.h - why a model tells what it tells of one row
 */
#ifndef GEMBA_EXPLAIN_H
#define GEMBA_EXPLAIN_H

#include "learn/model.h"

/* Whether it can be said; and whether it is said in log odds (of many classes
 * the z of each), not in what is told. */
bool model_explains(const struct model *m);
bool model_explains_odds(const struct model *m);

/*
 * base, one for each output, and part, outputs by p: see explain() in model.h.
 * Of a linear model the base is what it tells at the means of the training
 * rows, and a feature moves the row by its weight times its distance from its
 * mean; both are exact.  Once the job is cancelled they are of no worth.
 */
void model_explain(const struct model *m, const struct design *d,
		   uint32_t row, const struct job *job, double *base,
		   double *part);

#endif
