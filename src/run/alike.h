/*
 * alike.h - columns that move together
 */
#ifndef GEMBA_ALIKE_H
#define GEMBA_ALIKE_H

#include "base/job.h"
#include "run/fitted.h"

/* A correlation from which on two columns say the same. */
#define ALIKE_FROM 0.8

/*
 * group[i], 0 to the number that is returned less one, of each of n columns:
 * those that are chained by correlations are in one.  Measured on training
 * rows, of numbers as the model sees them, a missing one being the mean, and of
 * the most frequent levels of a category as 0 and 1; of two columns the
 * strongest counts.  0: no memory, or cancelled.
 */
size_t alike_groups(const struct fitted *fitted, const size_t *column,
		    size_t n, size_t *group, struct job *job,
		    struct err *err);

#endif
