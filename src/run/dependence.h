/*
 * dependence.h - how what a model tells goes with one column
 *
 * The column is set to one value in all of some rows, and the model tells them;
 * and so for value after value, while all the other cells stay as they are:
 * partial dependence (Friedman, 2001).  Where hardly any training row has such
 * a value the model tells what it has never seen: such points are rare.
 */
#ifndef GEMBA_DEPENDENCE_H
#define GEMBA_DEPENDENCE_H

#include "base/option.h"
#include "run/asked.h"
#include "run/explained.h"

/* points=, rows=. */
extern const struct option dependence_options[];

/* The model has learned from the column. */
bool dependence_fits(const struct fitted *fitted, size_t column,
		     struct err *err);
struct dependence *dependence_find(const struct asked *q, size_t column,
				   const struct option_values *options,
				   struct job *job, struct err *err);

#endif
