/*
 * sum.h - a sum that keeps what rounding would lose
 *
 * Neumaier, ZAMM 54 (1974): as good as a sum in twice the precision.  Here and
 * not in a .c, as it stands in the innermost loops.
 */
#ifndef GEMBA_SUM_H
#define GEMBA_SUM_H

#include <math.h>

/* Zeroed: 0. */
struct sum {
	double total, rest;
};

static inline void sum_add(struct sum *sum, double x)
{
	double total = sum->total + x;

	if (fabs(sum->total) >= fabs(x))
		sum->rest += sum->total - total + x;
	else
		sum->rest += x - total + sum->total;
	sum->total = total;
}

static inline double sum_of(const struct sum *sum)
{
	return sum->total + sum->rest;
}

#endif
