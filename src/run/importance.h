/*
 * importance.h - how much worse a model is without knowing a column
 *
 * The cells of a column are shuffled among the rows it is tested with, and the
 * model, which stays as it is, tells them again: permutation importance
 * (Breiman, 2001).  Columns that move together are shuffled together, as one of
 * them alone would be missed by nobody.
 */
#ifndef GEMBA_IMPORTANCE_H
#define GEMBA_IMPORTANCE_H

#include "base/option.h"
#include "run/asked.h"
#include "run/explained.h"

/* repeats=, score=, rows=. */
extern const struct option importance_options[];

/* Whether these can be asked of such a result. */
bool importance_fits(const struct option_values *options,
		     const struct result *r, struct err *err);
/* NULL: cancelled, or err says why. */
struct importance *importance_find(const struct asked *q,
				   const struct option_values *options,
				   struct job *job, struct err *err);

#endif
