#include "data/summary.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/rows.h"
#include "data/sort.h"

/* Sums of so few terms are made one after the other. */
enum { PAIR_BLOCK = 128 };

/*
 * sum((x - center)^power), pairwise: the error grows with log n, not with n.
 * Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14
 * (1993).
 */
static double sum_powers(const double *x, size_t n, double center, int power)
{
	size_t half = n / 2;
	double sum = 0;

	if (n > PAIR_BLOCK)
		return sum_powers(x, half, center, power) +
		       sum_powers(x + half, n - half, center, power);
	for (size_t i = 0; i < n; i++) {
		double d = x[i] - center;

		sum += power == 1 ? d : power == 2 ? d * d : d * d * d;
	}
	return sum;
}

/*
 * Mean, standard deviation over n - 1, and the skewness adjusted for n (G1 in
 * Joanes and Gill, The Statistician 47 (1998)), as pandas, SAS and Excel give
 * it.  The mean is corrected once by the mean of what it leaves.
 */
static void set_moments(struct summary *s, const double *x, size_t n)
{
	double count = (double)n, m2, m3;

	s->mean = sum_powers(x, n, 0, 1) / count;
	s->mean += sum_powers(x, n, s->mean, 1) / count;
	if (n < 2)
		return;
	m2 = sum_powers(x, n, s->mean, 2) / count;
	s->sd = sqrt(m2 * count / (count - 1));
	if (n < 3 || m2 <= 0)
		return;
	m3 = sum_powers(x, n, s->mean, 3) / count;
	s->skew = m3 / (m2 * sqrt(m2)) * sqrt(count * (count - 1)) /
		  (count - 2);
}

/* In parts, as the whole width may be more than a double holds. */
double summary_bin_end(double min, double max, int b)
{
	double part = (double)b / SUMMARY_BINS;

	return min * (1 - part) + max * part;
}

/* How many of the sorted numbers are less than x. */
static size_t count_below(const double *sorted, size_t n, double x)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (sorted[middle] < x)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

static void set_bins(struct summary *s, const double *sorted, size_t n)
{
	size_t first = 0;

	for (int b = 0; b < SUMMARY_BINS; b++) {
		size_t end = b == SUMMARY_BINS - 1 ? n
			   : count_below(sorted, n,
					 summary_bin_end(s->min, s->max,
							 b + 1));

		s->bin[b] = end - first;
		first = end;
	}
}

static void set_order(struct summary *s, const double *sorted, size_t n)
{
	size_t i = 0;

	s->min = sorted[0];
	s->p25 = sort_quantile(sorted, n, 0.25);
	s->median = sort_quantile(sorted, n, 0.5);
	s->p75 = sort_quantile(sorted, n, 0.75);
	s->max = sorted[n - 1];
	while (i < n && floor(sorted[i]) == sorted[i])
		i++;
	s->whole = i == n;
	s->distinct = 1;
	for (i = 1; i < n; i++)
		s->distinct += sorted[i] != sorted[i - 1];
}

/* Copies the values of a number column; their number. */
static size_t gather(const struct column *c, size_t rows, double *to)
{
	size_t n = 0;

	for (size_t i = 0; i < rows; i++)
		if (c->number[i] == c->number[i])
			to[n++] = c->number[i];
	return n;
}

/* Room for the values of one column, twice; each thread has its own. */
struct room {
	double *value, *spare;
};

static void sum_up_numbers(struct summary *s, const struct column *c,
			   size_t rows, struct room *room)
{
	double *sorted;

	s->values = gather(c, rows, room->value);
	if (s->values == 0)
		return;
	sorted = sort_doubles(room->value, room->spare, s->values);
	set_order(s, sorted, s->values);
	set_bins(s, sorted, s->values);
	set_moments(s, sorted, s->values);
}

/* Put level i among the most frequent ones; the lower number comes first where
 * two are equally frequent. */
static void rank(struct summary *s, size_t level, size_t count)
{
	size_t at = s->top;

	while (at > 0 && s->top_count[at - 1] < count)
		at--;
	if (at == SUMMARY_TOP)
		return;
	if (s->top < SUMMARY_TOP)
		s->top++;
	for (size_t i = s->top - 1; i > at; i--) {
		s->top_level[i] = s->top_level[i - 1];
		s->top_count[i] = s->top_count[i - 1];
	}
	s->top_level[at] = level;
	s->top_count[at] = count;
}

static bool sum_up_levels(struct summary *s, const struct column *c,
			  size_t rows)
{
	size_t *count = mem_try(c->levels, sizeof(*count));

	if (!count)
		return false;
	for (size_t i = 0; i < rows; i++) {
		if (c->code[i] == LEVEL_MISSING)
			continue;
		s->values++;
		count[c->code[i]]++;
	}
	for (size_t i = 0; i < c->levels; i++) {
		if (count[i] == 0)
			continue;
		s->distinct++;
		rank(s, i, count[i]);
	}
	free(count);
	return true;
}

static bool sum_up(struct summary *s, const struct column *c, size_t rows,
		   struct room *room)
{
	s->min = s->p25 = s->median = s->p75 = s->max = NAN;
	s->mean = s->sd = s->skew = NAN;
	if (!c->number)
		return sum_up_levels(s, c, rows);
	if (!room->value)
		room->value = malloc((rows + 1) * sizeof(double));
	if (!room->spare)
		room->spare = malloc((rows + 1) * sizeof(double));
	if (!room->value || !room->spare)
		return false;
	sum_up_numbers(s, c, rows, room);
	return true;
}

/* One thread's part: columns, as long as there are any. */
static void work(const struct table *table, struct summary *s,
		 atomic_bool *no_memory, struct job *job)
{
	struct room room = { NULL, NULL };

#ifdef _OPENMP
#pragma omp for schedule(dynamic, 1)
#endif
	for (size_t j = 0; j < table->columns; j++) {
		if (atomic_load(no_memory) || job_cancelled(job))
			continue;
		if (!sum_up(s + j, table->column + j, table->rows, &room))
			atomic_store(no_memory, true);
	}
	free(room.value);
	free(room.spare);
}

struct summary *summary_of(const struct table *table, struct job *job,
			   struct err *err)
{
	struct summary *s = mem_array(table->columns, sizeof(*s));
	atomic_bool no_memory = false;

#ifdef _OPENMP
#pragma omp parallel if (table->rows >= ROWS_PARALLEL)
#endif
	work(table, s, &no_memory, job);
	if (!atomic_load(&no_memory) && !job_cancelled(job))
		return s;
	if (job_cancelled(job))
		err_cancelled(err);
	else
		err_set(err, ERR_NOMEM, "no memory to sum up %zu rows",
			table->rows);
	free(s);
	return NULL;
}

/*
 * In words
 */

static bool are_pair(const char *a, const char *b)
{
	static const char *const pair[][2] = {
		{ "yes", "no" }, { "y", "n" }, { "true", "false" },
		{ "t", "f" }, { "on", "off" }, { "ok", "nok" },
		{ "ok", "not ok" }, { "ok", "ng" }, { "good", "bad" },
		{ "pass", "fail" }, { "passed", "failed" },
		{ "open", "closed" }, { "ja", "nein" }, { "j", "n" },
		{ "wahr", "falsch" }, { "ein", "aus" }, { "i.o.", "n.i.o." },
		{ "io", "nio" }, { "oui", "non" }, { "vrai", "faux" },
		{ "s\xc3\xad", "no" }, { "si", "no" },
		{ "\xe6\x98\xaf", "\xe5\x90\xa6" },
		{ "\xe6\x9c\x89", "\xe6\x97\xa0" },
		{ "\xe5\x90\x88\xe6\xa0\xbc",
		  "\xe4\xb8\x8d\xe5\x90\x88\xe6\xa0\xbc" },
		{ "\xe3\x81\xaf\xe3\x81\x84",
		  "\xe3\x81\x84\xe3\x81\x84\xe3\x81\x88" }
	};

	for (size_t i = 0; i < ARRAY_LEN(pair); i++)
		if (!strcasecmp(a, pair[i][0]) && !strcasecmp(b, pair[i][1]))
			return true;
	return false;
}

const char *summary_kind(const struct column *c, const struct summary *s)
{
	if (c->type == COLUMN_NUMBER && s->values > 0 && s->whole)
		return "whole number";
	if (c->type == COLUMN_CATEGORY && c->levels == 2 &&
	    (are_pair(c->level[0], c->level[1]) ||
	     are_pair(c->level[1], c->level[0])))
		return "yes/no";
	return column_type_name[c->type];
}
