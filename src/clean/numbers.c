#include "clean/numbers.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "data/sort.h"

enum {
	SAMPLE = 1024,	/* numbers that are looked at first */
	MARGIN = 64,	/* places in the sample: four deviations of one */
	FEW = 2 * SAMPLE,	/* these are simply sorted */
	TERMS = 1024	/* that are summed before they join the sum of all */
};

/* ---- quantiles ---- */

/* The k-th smallest of all, and the one after it (of the last: itself). */
struct pair {
	double at, next;
};

static struct pair pair_of(const double *sorted, size_t n, size_t k)
{
	return (struct pair){ sorted[k], sorted[k + 1 < n ? k + 1 : k] };
}

/* All of them in order, in value. */
static void sort_all(double *value, double *room, size_t n)
{
	double *sorted = sort_doubles(value, room, n);

	if (sorted != value)
		memcpy(value, sorted, n * sizeof(*value));
}

/* Between which two values the k-th of n lies, most likely. */
static void bracket(const double *value, size_t n, size_t k, double *low,
		    double *high)
{
	double some[SAMPLE], spare[SAMPLE], *sorted;
	size_t at = (size_t)((double)k / (double)n * SAMPLE);

	for (size_t i = 0; i < SAMPLE; i++)
		some[i] = value[i * (n / SAMPLE)];
	sorted = sort_doubles(some, spare, SAMPLE);
	*low = at < MARGIN ? -INFINITY : sorted[at - MARGIN];
	*high = at + MARGIN >= SAMPLE ? INFINITY : sorted[at + MARGIN];
}

/* Those in the bracket go to inside; how many there are, and how many below. */
static size_t narrow(const double *value, size_t n, double low, double high,
		     double *inside, size_t *below)
{
	size_t m = 0, less = n;

	for (size_t i = 0; i < n; i++) {
		double x = value[i];
		size_t reaches = x >= low, stays = x <= high;

		inside[m] = x;
		m += reaches & stays;
		less -= reaches;
	}
	*below = less;
	return m;
}

/* The last number is written one place behind the last that counts: never
 * beyond room[n - 1], as at most n are counted. */
static struct pair select_pair(double *value, double *room, size_t n, size_t k)
{
	size_t below, inside;
	double low, high;

	if (n > FEW) {
		bracket(value, n, k, &low, &high);
		inside = narrow(value, n, low, high, room, &below);
		if (low == high && k >= below && k + 1 < below + inside)
			return (struct pair){ low, low };
		if (k >= below && inside <= n / 2 &&
		    (k + 1 < below + inside ||
		     (k + 1 == n && k < below + inside)))
			return select_pair(room, room + inside, inside,
					   k - below);
	}
	sort_all(value, room, n);
	return pair_of(value, n, k);
}

double measure_quantile(double *value, double *room, size_t n, double p)
{
	double h = (double)(n - 1) * p, part;
	size_t k = (size_t)h;
	struct pair two = select_pair(value, room, n, k);

	/* As numpy does it: from the nearer side. */
	part = h - (double)k;
	if (two.at == two.next || part == 0)
		return two.at;
	return part < 0.5 ? two.at + (two.next - two.at) * part
			  : two.next - (two.next - two.at) * (1 - part);
}

/* ---- moments ---- */

void measure_range(const double *value, size_t n, double *min, double *max)
{
	double low = value[0], high = value[0];

	for (size_t i = 1; i < n; i++) {
		low = value[i] < low ? value[i] : low;
		high = value[i] > high ? value[i] : high;
	}
	*min = low;
	*max = high;
}

/*
 * Four sums side by side, as one addition waits for the one before it; each has
 * a name of its own, as an array of them would be kept in memory.
 */
static double sum_terms(const double *x, size_t n, double around)
{
	double a = 0, b = 0, c = 0, d = 0;
	size_t i = 0;

	for (; i + 4 <= n; i += 4) {
		a += x[i] - around;
		b += x[i + 1] - around;
		c += x[i + 2] - around;
		d += x[i + 3] - around;
	}
	for (; i < n; i++)
		a += x[i] - around;
	return a + b + (c + d);
}

static double sum_squares(const double *x, size_t n, double around)
{
	double a = 0, b = 0, c = 0, d = 0;
	size_t i = 0;

	for (; i + 4 <= n; i += 4) {
		double p = x[i] - around, q = x[i + 1] - around;
		double r = x[i + 2] - around, s = x[i + 3] - around;

		a += p * p;
		b += q * q;
		c += r * r;
		d += s * s;
	}
	for (; i < n; i++)
		a += (x[i] - around) * (x[i] - around);
	return a + b + (c + d);
}

/* The second time the block comes from the cache.  squares may be NULL. */
static double sums_around(const double *x, size_t n, double around,
			  double *squares)
{
	double sum = 0, all = 0;

	for (size_t start = 0; start < n; start += TERMS) {
		size_t here = n - start < TERMS ? n - start : TERMS;

		sum += sum_terms(x + start, here, around);
		if (squares)
			all += sum_squares(x + start, here, around);
	}
	if (squares)
		*squares = all;
	return sum;
}

/* The first pass measures from the first value, so that a large offset costs
 * no digits; the second mends what rounding did to the mean. */
void measure_moments(const double *value, size_t n, double *mean, double *sd)
{
	double size = (double)n, squares;
	double sum = sums_around(value, n, value[0], NULL), around;

	if (sum == 0)
		sums_around(value, n, value[0], &squares);
	if (sum == 0 && squares == 0) {
		*mean = value[0];
		*sd = 0;
		return;
	}
	around = value[0] + sum / size;
	sum = sums_around(value, n, around, &squares);
	*mean = around + sum / size;
	*sd = sqrt(fmax(squares / size - sum / size * (sum / size), 0));
	if (*sd <= 1e-14 * fabs(*mean))
		*sd = 0;
}

double measure_mode(double *value, double *room, size_t n)
{
	size_t most = 0, begin = 0;
	double mode = value[0];

	sort_all(value, room, n);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && value[i] == value[begin])
			continue;
		if (i - begin > most) {
			most = i - begin;
			mode = value[begin];
		}
		begin = i;
	}
	return mode;
}
