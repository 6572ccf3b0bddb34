#include "data/sort.h"

#include <stdbool.h>
#include <string.h>

/*
 * A radix sort of the upper half of the keys, from its least digit up; what is
 * still equal there is then sorted by the lower half.  Numbers measured in a
 * plant are told apart by the upper half (19 bits behind the first), so that
 * this is half the work of a sort by all digits, and an eighth of qsort()'s.
 */
enum { DIGIT_BITS = 11, BUCKETS = 1 << DIGIT_BITS, HALF = 3 };

/* After so many keys the job is asked whether it goes on. */
enum { BLOCK = 1 << 18 };

/* So few are sorted by insertion. */
enum { FEW = 64 };

#define SIGN (UINT64_C(1) << 63)

/* Flip what makes negative numbers, and larger ones, sort the other way. */
uint64_t sort_key(double x)
{
	uint64_t bits;

	x += 0.0;	/* -0 + 0 is 0 */
	memcpy(&bits, &x, sizeof(bits));
	return bits & SIGN ? ~bits : bits | SIGN;
}

static double from_key(uint64_t key)
{
	uint64_t bits = key & SIGN ? key & ~SIGN : ~key;
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/* Keys lie in the arrays of double, as bits, while they are being sorted. */
static uint64_t key_at(const void *a, size_t i)
{
	uint64_t key;

	memcpy(&key, (const char *)a + i * sizeof(key), sizeof(key));
	return key;
}

/* The digit that begins at bit low. */
static size_t digit_of(uint64_t key, int low)
{
	return (size_t)(key >> low) & (BUCKETS - 1);
}

/* Counts become the places where the next key of each digit goes. */
static void set_places(size_t *count)
{
	size_t sum = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		size_t here = count[i];

		count[i] = sum;
		sum += here;
	}
}

/* What is sorted, and room for as much; with may be NULL. */
struct load {
	void *a, *spare;
	uint32_t *with, *with_spare;
	size_t n;
};

/* The keys from first to end go to their places in spare. */
static void move(const struct load *l, size_t first, size_t end, int low,
		 size_t *place)
{
	for (size_t i = first; i < end; i++) {
		uint64_t key = key_at(l->a, i);
		size_t at = place[digit_of(key, low)]++;

		memcpy((char *)l->spare + at * sizeof(key), &key, sizeof(key));
	}
}

static void move_with(const struct load *l, size_t first, size_t end, int low,
		      size_t *place)
{
	for (size_t i = first; i < end; i++) {
		uint64_t key = key_at(l->a, i);
		size_t at = place[digit_of(key, low)]++;

		memcpy((char *)l->spare + at * sizeof(key), &key, sizeof(key));
		l->with_spare[at] = l->with[i];
	}
}

/* By one digit, and back into a; false when the job was cancelled. */
static bool pass(struct load *l, int low, size_t *place, const struct job *job)
{
	for (size_t first = 0; first < l->n; first += BLOCK) {
		size_t end = l->n - first < BLOCK ? l->n : first + BLOCK;

		if (job_cancelled(job))
			return false;
		if (l->with)
			move_with(l, first, end, low, place);
		else
			move(l, first, end, low, place);
	}
	*l = (struct load){ l->spare, l->a, l->with_spare, l->with, l->n };
	return true;
}

/* Sort by three digits from bit low on; the result is where it is now, or
 * NULL when the job was cancelled. */
static void *radix(struct load l, int low, const struct job *job)
{
	size_t count[HALF][BUCKETS] = { { 0 } };

	for (size_t i = 0; i < l.n; i++)
		for (int d = 0; d < HALF; d++)
			count[d][digit_of(key_at(l.a, i),
					  low + d * DIGIT_BITS)]++;
	for (int d = 0; d < HALF; d++, low += DIGIT_BITS) {
		/* A digit that is the same in all numbers sorts nothing. */
		if (count[d][digit_of(key_at(l.a, 0), low)] == l.n)
			continue;
		set_places(count[d]);
		if (!pass(&l, low, count[d], job))
			return NULL;
	}
	return l.a;
}

static void insertion(double *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t key = key_at(a, i);
		size_t to = i;

		for (; to > 0 && key_at(a, to - 1) > key; to--)
			memcpy(a + to, a + to - 1, sizeof(*a));
		memcpy(a + to, &key, sizeof(key));
	}
}

static uint64_t upper(const double *a, size_t i)
{
	return key_at(a, i) >> (HALF * DIGIT_BITS);
}

/* Sort the keys around i that are equal in the upper half; returns the first
 * one behind them. */
static size_t sort_run(double *a, double *spare, size_t n, size_t i)
{
	uint64_t half = upper(a, i);
	size_t first = i, end = i;

	while (first > 0 && upper(a, first - 1) == half)
		first--;
	while (end < n && upper(a, end) == half)
		end++;
	if (end - first <= FEW)
		insertion(a + first, end - first);
	else if (radix((struct load){ a + first, spare, NULL, NULL,
				       end - first }, 0, NULL) == spare)
		memcpy(a + first, spare, (end - first) * sizeof(*a));
	return end;
}

double *sort_doubles(double *a, double *spare, size_t n)
{
	double *sorted;

	if (n == 0)
		return a;
	for (size_t i = 0; i < n; i++) {
		uint64_t key = sort_key(a[i]);

		memcpy(a + i, &key, sizeof(key));
	}
	sorted = radix((struct load){ a, spare, NULL, NULL, n },
		       HALF * DIGIT_BITS, NULL);
	spare = sorted == a ? spare : a;
	for (size_t i = 1; i < n; i++)
		if (key_at(sorted, i - 1) > key_at(sorted, i))
			i = sort_run(sorted, spare, n, i);
	for (size_t i = 0; i < n; i++)
		sorted[i] = from_key(key_at(sorted, i));
	return sorted;
}

double sort_quantile(const double *sorted, size_t n, double share)
{
	double at = (double)(n - 1) * share;
	size_t i = (size_t)at;
	double low = sorted[i];

	if (i + 1 >= n)
		return low;
	return low + (at - (double)i) * (sorted[i + 1] - low);
}

uint64_t *sort_upper(uint64_t *a, uint64_t *spare, size_t n,
		     const struct job *job)
{
	return sort_upper_with(a, spare, NULL, NULL, n, job);
}

uint64_t *sort_upper_with(uint64_t *a, uint64_t *spare, uint32_t *with,
			  uint32_t *with_spare, size_t n,
			  const struct job *job)
{
	struct load l = { a, spare, with, with_spare, n };

	return n == 0 ? a : radix(l, 32, job);
}
