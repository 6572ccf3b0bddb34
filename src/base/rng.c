#include "base/rng.h"

#define N 624
#define M 397

void rng_init(struct rng *rng, uint32_t seed)
{
	rng->state[0] = seed;
	for (uint32_t i = 1; i < N; i++) {
		uint32_t before = rng->state[i - 1];

		rng->state[i] = 1812433253u * (before ^ (before >> 30)) + i;
	}
	rng->next = N;
}

/* One new state from two old neighbours and one M places on. */
static uint32_t twist(uint32_t upper, uint32_t lower, uint32_t far)
{
	uint32_t y = (upper & 0x80000000u) | (lower & 0x7fffffffu);

	return far ^ (y >> 1) ^ ((0 - (y & 1)) & 0x9908b0dfu);
}

static uint32_t temper(uint32_t y)
{
	y ^= y >> 11;
	y ^= (y << 7) & 0x9d2c5680u;
	y ^= (y << 15) & 0xefc60000u;
	return y ^ (y >> 18);
}

/* All at once, so that the compiler can do several at a time. */
static void refill(struct rng *rng)
{
	uint32_t *s = rng->state;

	for (size_t i = 0; i < N - M; i++)
		s[i] = twist(s[i], s[i + 1], s[i + M]);
	for (size_t i = N - M; i < N - 1; i++)
		s[i] = twist(s[i], s[i + 1], s[i + M - N]);
	s[N - 1] = twist(s[N - 1], s[0], s[M - 1]);
	for (size_t i = 0; i < N; i++)
		rng->number[i] = temper(s[i]);
	rng->next = 0;
}

uint32_t rng_next(struct rng *rng)
{
	if (rng->next == N)
		refill(rng);
	return rng->number[rng->next++];
}

/* Places that are drawn before anything is changed. */
enum { DRAWN = 512 };

uint32_t rng_upto(struct rng *rng, uint32_t max)
{
	uint32_t mask = max, draw;

	for (int shift = 1; shift < 32; shift *= 2)
		mask |= mask >> shift;
	if (max == 0)
		return 0;
	do
		draw = rng_next(rng) & mask;
	while (draw > max);
	return draw;
}

double rng_double(struct rng *rng)
{
	uint32_t high = rng_next(rng) >> 5, low = rng_next(rng) >> 6;

	return (high * 67108864.0 + low) / 9007199254740992.0;
}

/* Where the places from i down to last change with; one draw each.  A draw that
 * is beyond its place is written over by the next: which ones are cannot be
 * guessed, and there is no wrong guess without a branch. */
static size_t draw_places(struct rng *rng, size_t i, size_t last,
			  uint32_t place[DRAWN])
{
	size_t most = i - last + 1 < DRAWN ? i - last + 1 : DRAWN, n = 0;
	uint32_t mask = UINT32_MAX;

	while (n < most) {
		while (mask >> 1 >= i - n)
			mask >>= 1;
		place[n] = rng_next(rng) & mask;
		n += place[n] <= i - n;
	}
	return n;
}

/* Drawn first and changed then, so that many changes wait for memory at a
 * time. */
void rng_shuffle_down(struct rng *rng, uint32_t *a, size_t n, size_t to)
{
	size_t last = to > 1 ? to : 1;	/* place 0 changes with itself */
	uint32_t place[DRAWN];

	for (size_t i = n; i > last; ) {
		size_t drawn = draw_places(rng, i - 1, last, place);

		for (size_t k = 0; k < drawn; k++) {
			uint32_t *at = &a[--i], kept = *at;

			*at = a[place[k]];
			a[place[k]] = kept;
		}
	}
}

void rng_shuffle(struct rng *rng, uint32_t *a, size_t n)
{
	rng_shuffle_down(rng, a, n, 1);
}
