/*
 * rng.h - random numbers: the Mersenne Twister MT19937, as numpy draws from it
 *
 * Matsumoto and Nishimura, ACM TOMACS 8 (1998).  Seeded by init_genrand(), and
 * whole numbers by masked rejection of 32-bit draws: so a seed gives the same
 * permutation as numpy.random.RandomState(seed).permutation(n).
 */
#ifndef GEMBA_RNG_H
#define GEMBA_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint32_t state[624];
	uint32_t number[624];	/* what is drawn from that state */
	size_t next;
};

void rng_init(struct rng *rng, uint32_t seed);
uint32_t rng_next(struct rng *rng);			/* 0 ... 2^32 - 1 */
uint32_t rng_upto(struct rng *rng, uint32_t max);	/* 0 ... max */
double rng_double(struct rng *rng);	/* [0, 1) with 53 bits, as numpy's */

/* Put the n numbers in random order: Fisher-Yates from the last down. */
void rng_shuffle(struct rng *rng, uint32_t *a, size_t n);
/* A part of that, so that many numbers can be done in parts: the places from
 * n - 1 down to the one given, which is 1 in the last part. */
void rng_shuffle_down(struct rng *rng, uint32_t *a, size_t n, size_t to);

#endif
