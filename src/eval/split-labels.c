/*
 * split-labels.c - the values of a column: as groups, as classes, in order
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/number.h"
#include "data/sort.h"
#include "eval/split-plan.h"

static bool none_missing(const struct column *c, const struct rows *rows,
			 const char *what, struct err *err)
{
	size_t missing = 0;

	for (size_t i = 0; i < rows->n; i++)
		missing += table_is_missing(c, rows->row[i]);
	if (missing == 0)
		return true;
	return err_set(err, ERR_DATA, "%s: %.80s is missing in %zu of %zu "
		       "rows: clean drop-missing columns=%.80s", what, c->name,
		       missing, rows->n, c->name);
}

static bool no_memory(size_t n, struct err *err)
{
	return err_set(err, ERR_NOMEM, "no memory to split %zu rows", n);
}

/* ---- in order ---- */

/* Places with their keys, and room to sort them. */
struct sorting {
	size_t n;
	uint64_t *key, *key_spare;	/* owned */
	uint32_t *place, *place_spare;	/* owned */
};

static void swap_halves(uint64_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key[i] = key[i] << 32 | key[i] >> 32;
}

/* By the upper halves of the keys, and then the halves change places. */
static bool sort_half(struct sorting *s, struct job *job, struct err *err)
{
	uint64_t *key = sort_upper_with(s->key, s->key_spare, s->place,
					s->place_spare, s->n, job);

	if (!key)
		return err_cancelled(err);
	if (key != s->key)
		*s = (struct sorting){ s->n, s->key_spare, s->key,
				       s->place_spare, s->place };
	swap_halves(s->key, s->n);
	return true;
}

/* The numbers of a column that are whole, and where they lie. */
struct range {
	bool whole;		/* all of them, and not too far apart */
	double low;
	size_t width;		/* the largest is low + width */
};

static struct range range_of(const struct column *c, const struct rows *rows,
			     size_t widest)
{
	double low = INFINITY, high = -INFINITY;
	bool whole = rows->n > 0;

	for (size_t i = 0; whole && i < rows->n; i++) {
		double x = c->number[rows->row[i]];

		low = x < low ? x : low;
		high = x > high ? x : high;
		whole = x == floor(x);
	}
	whole &= high - low <= (double)widest;
	return (struct range){ whole, low, whole ? (size_t)(high - low) : 0 };
}

/* Logs are written in order of time: then there is nothing to do. */
static bool in_order(const uint64_t *key, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (key[i - 1] > key[i])
			return false;
	return true;
}

/* The number that sort_key() has put down so. */
static double of_key(uint64_t key)
{
	const uint64_t sign = UINT64_C(1) << 63;
	double x;

	key = key & sign ? key & ~sign : ~key;
	memcpy(&x, &key, sizeof(x));
	return x;
}

/* Whole numbers are half the work: see sort_half(). */
static bool sort_places(struct sorting *s, const struct column *c,
			const struct rows *rows, struct job *job,
			struct err *err)
{
	struct range range = range_of(c, rows, UINT32_MAX);

	for (size_t i = 0; i < s->n; i++) {
		double x = c->number[rows->row[i]];

		s->key[i] = range.whole ? (uint64_t)(x - range.low) << 32
					: sort_key(x);
		s->place[i] = (uint32_t)i;
	}
	if (!in_order(s->key, s->n)) {
		if (!range.whole) {
			swap_halves(s->key, s->n);
			if (!sort_half(s, job, err))
				return false;
		}
		if (!sort_half(s, job, err))
			return false;
		swap_halves(s->key, s->n);
	}
	/* The numbers take the place of their keys. */
	for (size_t i = 0; i < s->n; i++) {
		double x = range.whole ? range.low + (double)(s->key[i] >> 32)
				       : of_key(s->key[i]);

		memcpy(&s->key[i], &x, sizeof(x));
	}
	return true;
}

bool sorted_init(struct sorted *sorted, const struct column *c,
		 const struct rows *rows, const char *what, struct job *job,
		 struct err *err)
{
	size_t n = rows->n;
	struct sorting s = { .n = n };
	bool ok;

	*sorted = (struct sorted){ 0 };
	if (!none_missing(c, rows, what, err))
		return false;
	s.key = mem_try(n, sizeof(*s.key));
	s.key_spare = mem_try(n, sizeof(*s.key_spare));
	s.place = mem_try(n, sizeof(*s.place));
	s.place_spare = mem_try(n, sizeof(*s.place_spare));
	ok = s.key && s.key_spare && s.place && s.place_spare ?
	     sort_places(&s, c, rows, job, err) : no_memory(n, err);
	free(s.key_spare);
	free(s.place_spare);
	/* Both are eight bytes wide, and only read as numbers from now on. */
	*sorted = (struct sorted){ s.place, (double *)(void *)s.key };
	if (!ok)
		sorted_clear(sorted);
	return ok;
}

void sorted_clear(struct sorted *sorted)
{
	free(sorted->place);
	free(sorted->number);
	*sorted = (struct sorted){ 0 };
}

/* ---- labels ---- */

/* Numbers from 0 on for those of the levels, or whole numbers, that occur; of
 * tells which one each place has. */
static bool number_labels(struct labels *l, size_t levels, size_t n,
			  struct job *job, struct err *err)
{
	uint32_t *level = mem_try(levels, sizeof(*level));

	if (!level)
		return no_memory(n, err);
	for (size_t i = 0; i < n; i++)
		level[l->of[i]]++;
	for (size_t k = 0; k < levels; k++)
		if (level[k] > 0) {
			l->count[l->labels] = level[k];
			level[k] = (uint32_t)l->labels++;
		}
	for (size_t i = 0; i < n; i++)
		l->of[i] = level[l->of[i]];
	free(level);
	return !job_cancelled(job) || err_cancelled(err);
}

static bool labels_of_numbers(struct labels *l, const struct column *c,
			      const struct rows *rows, const char *what,
			      struct job *job, struct err *err)
{
	struct sorted sorted;

	if (!sorted_init(&sorted, c, rows, what, job, err))
		return false;
	for (size_t i = 0; i < rows->n; i++) {
		l->labels += i == 0 ||
			     sorted.number[i] != sorted.number[i - 1];
		l->of[sorted.place[i]] = (uint32_t)(l->labels - 1);
		l->count[l->labels - 1]++;
	}
	sorted_clear(&sorted);
	return true;
}

bool labels_init(struct labels *l, const struct column *c,
		 const struct rows *rows, const char *what, struct job *job,
		 struct err *err)
{
	size_t most = !c->number && c->levels < rows->n ? c->levels : rows->n;
	struct range range = { 0 };
	bool dense;

	*l = (struct labels){ 0 };
	if (!none_missing(c, rows, what, err))
		return false;
	if (job_cancelled(job))
		return err_cancelled(err);
	if (c->number)
		range = range_of(c, rows, 4 * rows->n);
	dense = range.whole || !c->number;
	l->of = mem_try(rows->n, sizeof(*l->of));
	l->count = mem_try(most, sizeof(*l->count));
	if (!l->of || !l->count) {
		labels_clear(l);
		return no_memory(rows->n, err);
	}
	for (size_t i = 0; dense && i < rows->n; i++)
		l->of[i] = c->number
			   ? (uint32_t)(c->number[rows->row[i]] - range.low)
			   : c->code[rows->row[i]];
	if (dense ? number_labels(l, c->number ? range.width + 1 : c->levels,
				  rows->n, job, err)
		  : labels_of_numbers(l, c, rows, what, job, err))
		return true;
	labels_clear(l);
	return false;
}

void labels_clear(struct labels *l)
{
	free(l->of);
	free(l->count);
	*l = (struct labels){ 0 };
}

void labels_name(const struct column *c, uint32_t row, char text[64])
{
	char number[NUMBER_TEXT];

	if (c->number)
		number_format(c->number[row], number);
	snprintf(text, 64, "%.60s",
		 c->number ? number : c->level[c->code[row]]);
}

size_t split_values(const struct column *column, const struct rows *rows,
		    struct job *job, struct err *err)
{
	struct labels l;
	size_t n;

	if (!labels_init(&l, column, rows, "", job, err))
		return 0;
	n = l.labels;
	labels_clear(&l);
	return n;
}
