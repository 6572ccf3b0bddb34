#include "learn/tree-cut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "data/sort.h"

/* Where values are many, bins are cut by so many of them: one drawn from each
 * of as many parts of the rows. */
enum { SAMPLE = 65536 };

void cut_read(const struct reading *from, size_t start, size_t n, double *x,
	      size_t stride)
{
	const struct treatment *t = from->treatment;
	const uint32_t *row = from->row + start;

	if (from->indicator)
		for (size_t i = 0; i < n; i++)
			x[i * stride] = treatment_blank(t, from->column,
							row[i]);
	else if (!t || (t->steps == 0 && !t->number))
		for (size_t i = 0; i < n; i++)
			x[i * stride] = from->column->number[row[i]] + 0.0;
	else
		for (size_t i = 0; i < n; i++)
			x[i * stride] = treatment_number(t, from->column,
							 row[i]) + 0.0;
}

/* Distinct values, as long as there are no more than BINS_MAX. */
struct few {
	size_t n;
	double value[BINS_MAX + 1];
	uint16_t slot[1024];	/* 1 + a number of value[], or 0 */
};

static void few_add(struct few *few, double x)
{
	uint64_t hash = sort_key(x) * 0x9e3779b97f4a7c15u;
	size_t at = hash >> 54;

	for (; few->slot[at]; at = (at + 1) % ARRAY_LEN(few->slot))
		if (few->value[few->slot[at] - 1] == x)
			return;
	few->value[few->n++] = x;
	few->slot[at] = (uint16_t)few->n;
}

/* False: there are more, or cancelled. */
static bool few_values(const struct reading *from, struct few *few)
{
	double x[CUT_BLOCK];

	few->n = 0;
	memset(few->slot, 0, sizeof(few->slot));
	for (size_t start = 0; start < from->n; start += CUT_BLOCK) {
		size_t rows = from->n - start < CUT_BLOCK ? from->n - start
						      : CUT_BLOCK;

		if (job_stopped(from->job))
			return false;
		cut_read(from, start, rows, x, 1);
		for (size_t i = 0; i < rows; i++) {
			if (!isnan(x[i]))
				few_add(few, x[i]);
			if (few->n > BINS_MAX)
				return false;
		}
	}
	return true;
}

/* One value from each of SAMPLE parts of the rows, or all; none missing. */
static size_t draw(const struct reading *from, double *x)
{
	size_t parts = from->n < SAMPLE ? from->n : SAMPLE, found = 0;
	struct rng rng;

	rng_init(&rng, 0);
	for (size_t i = 0; i < parts; i++) {
		size_t start = from->n * i / parts;
		size_t end = from->n * (i + 1) / parts;
		size_t at = start + rng_upto(&rng, (uint32_t)(end - start - 1));

		cut_read(from, at, 1, &x[found], 1);
		found += !isnan(x[found]);
	}
	return found;
}

/*
 * Cut n sorted values into at most BINS_MAX bins of about the same number of
 * them; upper[b] is the largest of bin b.  Equal values stay together, and
 * those that would fill a bin have one.
 */
static size_t cut(const double *x, size_t n, double *upper)
{
	size_t bins = 0, filled = 0, left = n;

	for (size_t i = 0, end; i < n; i = end) {
		size_t room = BINS_MAX - bins, share;

		for (end = i + 1; end < n && x[end] == x[i]; end++)
			;
		share = (left + room - 1) / room;
		if (filled > 0 && room > 1 &&
		    (filled >= share || end - i >= share ||
		     filled + (end - i) / 2 > share)) {
			upper[bins++] = x[i - 1];
			left -= filled;
			filled = 0;
		}
		filled += end - i;
	}
	if (filled > 0)
		upper[bins++] = x[n - 1];
	return bins;
}

static void limits_of(const double *upper, size_t bins, struct limits *to)
{
	size_t last = bins > 0 ? bins - 1 : 0;

	to->bins = bins;
	for (to->half = 1; 2 * to->half <= last; to->half *= 2)
		;
	to->limit = mem_array(2 * to->half - 1, sizeof(*to->limit));
	for (size_t b = 0; b < 2 * to->half - 1; b++)
		to->limit[b] = b < last ? upper[b] : INFINITY;
}

/* False: no memory. */
static bool cut_many(const struct reading *from, struct limits *to)
{
	double *a = mem_try(SAMPLE, sizeof(*a));
	double *b = mem_try(SAMPLE, sizeof(*b));
	double upper[BINS_MAX];
	bool room = a && b;

	if (room) {
		size_t n = draw(from, a);

		/* There are values, also where none was drawn. */
		limits_of(upper, n == 0 ? 1 :
			  cut(sort_doubles(a, b, n), n, upper), to);
	}
	free(a);
	free(b);
	return room;
}

/* A bin for each value of no more than BINS_ROWS rows.  False: no memory. */
static bool cut_each(const struct reading *from, struct limits *to)
{
	double *a = mem_try(from->n, sizeof(*a));
	double *b = mem_try(from->n, sizeof(*b));
	bool room = a && b;
	size_t n = 0, bins = 0;

	if (room) {
		double *x;

		cut_read(from, 0, from->n, a, 1);
		for (size_t i = 0; i < from->n; i++)
			if (!isnan(a[i]))
				a[n++] = a[i];
		x = sort_doubles(a, b, n);
		for (size_t i = 0; i < n; i++)
			if (i == 0 || x[i] != x[i - 1])
				x[bins++] = x[i];
		limits_of(x, bins, to);
	}
	free(a);
	free(b);
	return room;
}

bool cut_find(const struct reading *from, struct limits *to)
{
	double spare[BINS_MAX + 1];
	struct few few;

	if (from->exact && from->n <= BINS_ROWS)
		return cut_each(from, to);
	if (!few_values(from, &few))
		return !job_stopped(from->job) && cut_many(from, to);
	limits_of(sort_doubles(few.value, spare, few.n), few.n, to);
	return true;
}
