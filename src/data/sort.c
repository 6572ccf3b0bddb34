#include "data/sort.h"

#include <string.h>

/*
 * A radix sort of the upper half of the keys, from its least digit up; what is
 * still equal there is then sorted by the lower half.  Numbers measured in a
 * plant are told apart by the upper half (19 bits behind the first), so that
 * this is half the work of a sort by all digits, and an eighth of qsort()'s.
 */
enum { DIGIT_BITS = 11, BUCKETS = 1 << DIGIT_BITS, HALF = 3 };

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

static uint64_t key_at(const double *a, size_t i)
{
	uint64_t key;

	memcpy(&key, a + i, sizeof(key));
	return key;
}

static size_t digit_of(uint64_t key, int d)
{
	return (size_t)(key >> (d * DIGIT_BITS)) & (BUCKETS - 1);
}

/* Keys lie in the arrays of double, as bits, while they are being sorted. */
static void pass(const double *from, double *to, size_t n, int d,
		 size_t *count)
{
	size_t sum = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		size_t here = count[i];

		count[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t key = key_at(from, i);

		memcpy(to + count[digit_of(key, d)]++, &key, sizeof(key));
	}
}

/* Sort by the digits from first on; the result is in a or in spare. */
static double *radix(double *a, double *spare, size_t n, int first)
{
	size_t count[HALF][BUCKETS] = { { 0 } };

	for (size_t i = 0; i < n; i++)
		for (int d = 0; d < HALF; d++)
			count[d][digit_of(key_at(a, i), first + d)]++;
	for (int d = 0; d < HALF; d++) {
		double *to = spare;

		/* A digit that is the same in all numbers sorts nothing. */
		if (count[d][digit_of(key_at(a, 0), first + d)] == n)
			continue;
		pass(a, spare, n, first + d, count[d]);
		spare = a;
		a = to;
	}
	return a;
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
	else if (radix(a + first, spare, end - first, 0) == spare)
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
	sorted = radix(a, spare, n, HALF);
	spare = sorted == a ? spare : a;
	for (size_t i = 1; i < n; i++)
		if (key_at(sorted, i - 1) > key_at(sorted, i))
			i = sort_run(sorted, spare, n, i);
	for (size_t i = 0; i < n; i++)
		sorted[i] = from_key(key_at(sorted, i));
	return sorted;
}
