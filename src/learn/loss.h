/*
 * loss.h - the logistic function and softmax, without overflow
 *
 * z is the log odds of class 1.  Everything is computed from exp(-|z|), which
 * is at most 1.
 */
#ifndef GEMBA_LOSS_H
#define GEMBA_LOSS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* 1 / (1 + exp(-z)) */
static inline double logistic_probability(double z)
{
	double e = exp(-fabs(z));

	return (z > 0 ? 1 : e) / (1 + e);
}

/* log(1 + exp(-z)) where class 1 is true, log(1 + exp(z)) where class 0 is. */
static inline double logistic_loss(double z, uint32_t y)
{
	double e = log1p(exp(-fabs(z)));

	return (z > 0) == (y == 1) ? e : e + fabs(z);
}

/*
 * z[k] of each of n classes becomes exp(z[k]) / sum of exp(z), from differences
 * to the largest.  Returns the logarithm of that sum, less the largest.
 */
static inline double softmax(double *z, size_t n)
{
	double most = z[0], sum = 0;

	for (size_t k = 1; k < n; k++)
		most = z[k] > most ? z[k] : most;
	for (size_t k = 0; k < n; k++) {
		z[k] = exp(z[k] - most);
		sum += z[k];
	}
	for (size_t k = 0; k < n; k++)
		z[k] /= sum;
	return log(sum);
}

/* The same, and -log of the probability of class y; told: the first one of
 * those that have the largest. */
static inline double softmax_loss(double *z, size_t n, uint32_t y,
				  size_t *told)
{
	double right = z[y], most;

	*told = 0;
	for (size_t k = 1; k < n; k++)
		if (z[k] > z[*told])
			*told = k;
	most = z[*told];
	return softmax(z, n) + (most - right);
}

#endif
