/*
 * correlation.h - how the features of a design go together, as Pearson's r
 *
 * Of the features as a method sees them, in some rows.  r is p by p and the
 * caller's; of its element j * p + i, which is that of features i and j, only
 * those of i >= j are set.  A feature that is the same in all rows goes with no
 * other: 0, and constant[] says so.
 */
#ifndef GEMBA_CORRELATION_H
#define GEMBA_CORRELATION_H

#include "learn/design.h"

/* False: there is no memory for a block of rows. */
bool correlation_of(const struct design *design, const uint32_t *row, size_t n,
		    double *r, bool *constant);

#endif
