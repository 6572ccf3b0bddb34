/*
 * sort.h - many numbers in order
 */
#ifndef GEMBA_SORT_H
#define GEMBA_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/job.h"

/* A number of 64 bits that sorts as x does; x is not NaN. */
uint64_t sort_key(double x);

/*
 * Put n numbers, none of them NaN, in ascending order; -0 becomes 0.  spare is
 * room for n more; the result is a or spare, whichever it ended in.
 */
double *sort_doubles(double *a, double *spare, size_t n);

/* The value that a share of n > 0 sorted numbers lie below, between two of them
 * where need be: type 7 in Hyndman and Fan, The American Statistician 50
 * (1996). */
double sort_quantile(const double *sorted, size_t n, double share);

/*
 * Sort n things by their upper 32 bits; where these are equal they stay in the
 * order in which they stand.  spare and the result are as above; NULL when the
 * job, which may be NULL, is cancelled.
 */
uint64_t *sort_upper(uint64_t *a, uint64_t *spare, size_t n,
		     const struct job *job);

/* The same, and with[i] goes where a[i] goes: it ends in with when the result
 * is a, else in with_spare. */
uint64_t *sort_upper_with(uint64_t *a, uint64_t *spare, uint32_t *with,
			  uint32_t *with_spare, size_t n,
			  const struct job *job);

#endif
