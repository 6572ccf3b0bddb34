#include "data/arrange.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/odd.h"
#include "data/sort.h"

/*
 * Every cell has a rank, a number of 64 bits; the rank alone decides where the
 * cell goes.  Values have ranks below ODD_RANK, which is more than that of any
 * double; above are the odd texts, and the missing cell is the last.
 */
#define MISSING_RANK UINT64_MAX
#define ODD_RANK (UINT64_C(0xfffffffe) << 32)

/* So many rows are looked at before the job is asked whether it goes on. */
enum { BLOCK = 1 << 14 };

/* So few are sorted by insertion. */
enum { FEW = 64 };

static uint64_t number_rank(const struct column *c, bool down, double x)
{
	uint32_t text;

	if (x == x)
		return down ? ~sort_key(x) : sort_key(x);
	text = odd_text(x);
	return text && text <= c->odds ? ODD_RANK + text : MISSING_RANK;
}

static uint64_t rank_of(const struct column *c, bool down, size_t row)
{
	if (c->number)
		return number_rank(c, down, c->number[row]);
	if (c->code[row] == LEVEL_MISSING)
		return MISSING_RANK;
	return down ? c->levels - 1 - c->code[row] : c->code[row];
}

/*
 * One key at a time.  What is sorted are numbers of 64 bits: above, as much of
 * the rank as 32 bits hold; below, the place of the row.  Two ranks that are
 * not told apart so are sorted by the bits that were left out.
 */
struct sorting {
	const struct column *column;
	bool down;
	const uint32_t *row;	/* borrowed: n rows as they stand now */
	size_t n;
	size_t blocks;		/* of BLOCK rows, the last one shorter */
	uint64_t *a, *spare;	/* owned: n of each */
	uint32_t *lower, *lower_spare;	/* owned: n of each */
	uint64_t least;		/* the least rank of a value ... */
	int shift;		/* ... and how many bits are left out */
	uint64_t left_out;	/* those of them that are ever set */
	struct job *job;
};

/* Above the values, of which UINT32_MAX - 2 is the last. */
enum { PLACES_ABOVE = 2 };

static uint64_t rank_at(const struct sorting *s, size_t i)
{
	return rank_of(s->column, s->down, s->row[i]);
}

/* What a rank has above: the bits of the value from the highest on that
 * differs, or one of the last two places. */
static uint32_t upper_of(const struct sorting *s, uint64_t rank)
{
	if (rank == MISSING_RANK)
		return UINT32_MAX;
	if (rank >= ODD_RANK)
		return UINT32_MAX - 1;
	return (uint32_t)((rank - s->least) >> s->shift);
}

static uint32_t lower_of(const struct sorting *s, uint64_t rank)
{
	if (rank >= ODD_RANK)
		return (uint32_t)rank;
	return (uint32_t)((rank - s->least) &
			  ((UINT64_C(1) << s->shift) - 1));
}

/* Where block b ends. */
static size_t block_end(const struct sorting *s, size_t b)
{
	return s->n - b * BLOCK < BLOCK ? s->n : (b + 1) * BLOCK;
}

/* The ranks, into spare, and how far they reach.  The loops over blocks of
 * this file write to places of their own; threads share them. */
static bool gather(struct sorting *s)
{
	uint64_t least = MISSING_RANK, most = 0;

#ifdef _OPENMP
#pragma omp parallel for reduction(min:least) reduction(max:most) \
	if (s->n >= ROWS_PARALLEL)
#endif
	for (size_t b = 0; b < s->blocks; b++) {
		size_t end = job_cancelled(s->job) ? 0 : block_end(s, b);

		for (size_t i = b * BLOCK; i < end; i++) {
			uint64_t rank = rank_at(s, i);

			s->spare[i] = rank;
			if (rank >= ODD_RANK)
				continue;
			least = rank < least ? rank : least;
			most = rank > most ? rank : most;
		}
	}
	s->least = least;
	s->shift = 0;
	while (least <= most &&
	       (most - least) >> s->shift > UINT32_MAX - PLACES_ABOVE)
		s->shift++;
	return !job_cancelled(s->job);
}

static bool pack(struct sorting *s)
{
	uint64_t left_out = 0;

#ifdef _OPENMP
#pragma omp parallel for reduction(|:left_out) if (s->n >= ROWS_PARALLEL)
#endif
	for (size_t b = 0; b < s->blocks; b++) {
		size_t end = job_cancelled(s->job) ? 0 : block_end(s, b);

		for (size_t i = b * BLOCK; i < end; i++) {
			uint64_t rank = s->spare[i];

			s->a[i] = (uint64_t)upper_of(s, rank) << 32 | i;
			if (rank != MISSING_RANK)
				left_out |= lower_of(s, rank);
		}
	}
	s->left_out = left_out;
	return !job_cancelled(s->job);
}

/* What was left out, place by place; it is carried along when it matters. */
static void set_lower(struct sorting *s)
{
#ifdef _OPENMP
#pragma omp parallel for if (s->n >= ROWS_PARALLEL)
#endif
	for (size_t b = 0; b < s->blocks; b++)
		for (size_t i = b * BLOCK; i < block_end(s, b); i++)
			s->lower[i] = lower_of(s, s->spare[i]);
}

/* Places differ, so that no two of these are equal. */
static void insertion(uint64_t *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t x = a[i];
		size_t to = i;

		for (; to > 0 && a[to - 1] > x; to--)
			a[to] = a[to - 1];
		a[to] = x;
	}
}

/* Sort the things from first to end, which are equal above, by the bits that
 * were left out. */
static bool sort_run(struct sorting *s, size_t first, size_t end)
{
	uint64_t *a = s->a + first, *spare = s->spare + first, *sorted = spare;
	const uint32_t *lower = s->lower + first;
	size_t n = end - first, same = 1;

	while (same < n && lower[same] == lower[0])
		same++;
	if (same == n)
		return true;
	for (size_t i = 0; i < n; i++)
		spare[i] = (uint64_t)lower[i] << 32 | (uint32_t)a[i];
	if (n <= FEW)
		insertion(spare, n);
	else
		sorted = sort_upper(spare, a, n, s->job);
	if (sorted == spare)
		memcpy(a, spare, n * sizeof(*a));
	return sorted != NULL;
}

/* What is above is not needed behind a run that is done. */
static bool sort_runs(struct sorting *s)
{
	size_t end;

	for (size_t first = 0; first < s->n; first = end) {
		uint64_t upper = s->a[first] >> 32;

		for (end = first + 1; end < s->n; end++)
			if (s->a[end] >> 32 != upper)
				break;
		if (first / BLOCK != end / BLOCK && job_cancelled(s->job))
			return false;
		if (end - first > 1 && upper != UINT32_MAX &&
		    !sort_run(s, first, end))
			return false;
	}
	return true;
}

/* By as much as 32 bits hold, and then by the rest. */
static bool sort_packed(struct sorting *s)
{
	uint64_t *a = s->a;
	uint32_t *lower = s->lower;
	bool carry = s->left_out != 0;

	if (carry)
		set_lower(s);
	s->a = sort_upper_with(a, s->spare, carry ? lower : NULL,
			       carry ? s->lower_spare : NULL, s->n, s->job);
	if (s->a == s->spare) {
		s->spare = a;
		s->lower = s->lower_spare;
		s->lower_spare = lower;
	} else if (!s->a) {
		s->a = a;
		return false;
	}
	return !carry || sort_runs(s);
}

/* The rows in their new order. */
static bool give(const struct sorting *s, uint32_t *to)
{
#ifdef _OPENMP
#pragma omp parallel for if (s->n >= ROWS_PARALLEL)
#endif
	for (size_t b = 0; b < s->blocks; b++) {
		size_t end = job_cancelled(s->job) ? 0 : block_end(s, b);

		for (size_t i = b * BLOCK; i < end; i++)
			to[i] = s->row[(uint32_t)s->a[i]];
	}
	return !job_cancelled(s->job);
}

/* By one key; the result is in to. */
static bool sort_by(struct sorting *s, uint32_t *to)
{
	return gather(s) && pack(s) && sort_packed(s) && give(s, to);
}

/* The rows of the last key are those that the key before it begins with. */
static bool sort_keys(struct sorting *s, const struct table *table,
		      const struct arrange_key *key, size_t keys,
		      uint32_t *now, uint32_t *next, uint32_t **result)
{
	while (keys-- > 0) {
		uint32_t *kept = now;

		assert(key[keys].column < table->columns);
		s->column = table->column + key[keys].column;
		s->down = key[keys].down;
		s->row = now;
		if (!sort_by(s, next))
			return false;
		now = next;
		next = kept;
	}
	*result = now;
	return true;
}

static bool sorting_init(struct sorting *s, size_t n, struct job *job)
{
	size_t room = n ? n : 1;

	*s = (struct sorting){
		.n = n, .blocks = (n + BLOCK - 1) / BLOCK, .job = job,
		.a = malloc(room * sizeof(*s->a)),
		.spare = malloc(room * sizeof(*s->spare)),
		.lower = malloc(room * sizeof(*s->lower)),
		.lower_spare = malloc(room * sizeof(*s->lower_spare))
	};
	return s->a && s->spare && s->lower && s->lower_spare;
}

static void sorting_clear(struct sorting *s)
{
	free(s->a);
	free(s->spare);
	free(s->lower);
	free(s->lower_spare);
}

bool arrange_rows(const struct table *table, const struct arrange_key *key,
		  size_t keys, struct rows *rows, struct job *job,
		  struct err *err)
{
	size_t n = rows->n, bytes = (n ? n : 1) * sizeof(*rows->row);
	uint32_t *now = malloc(bytes), *next = malloc(bytes), *result = NULL;
	struct sorting s;
	bool room = sorting_init(&s, n, job) && now && next;

	if (room && n > 0) {
		memcpy(now, rows->row, bytes);
		if (sort_keys(&s, table, key, keys, now, next, &result))
			memcpy(rows->row, result, bytes);
	}
	sorting_clear(&s);
	free(now);
	free(next);
	if (!room)
		return err_set(err, ERR_NOMEM, "no memory to arrange %zu rows",
			       n);
	return result || n == 0 || err_cancelled(err);
}

/*
 * The first of them
 */

/* A row among the first; the place makes equal ranks differ. */
struct leader {
	uint64_t rank[ARRANGE_KEYS];
	size_t place;
};

struct heap {
	struct leader *leader;	/* owned; the last of all on the top */
	size_t n, room;
	size_t keys;
};

static bool comes_after(const struct heap *h, const struct leader *a,
			const struct leader *b)
{
	for (size_t k = 0; k < h->keys; k++)
		if (a->rank[k] != b->rank[k])
			return a->rank[k] > b->rank[k];
	return a->place > b->place;
}

/* Where x goes when it moves up from i. */
static void push(struct heap *h, const struct leader *x)
{
	size_t i = h->n++;

	while (i > 0 && comes_after(h, x, h->leader + (i - 1) / 2)) {
		h->leader[i] = h->leader[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	h->leader[i] = *x;
}

/* Put x in the place of the top, and what is then the last on the top. */
static void replace_top(struct heap *h, const struct leader *x)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n &&
		    comes_after(h, h->leader + child + 1, h->leader + child))
			child++;
		if (!comes_after(h, h->leader + child, x))
			break;
		h->leader[i] = h->leader[child];
		i = child;
	}
	h->leader[i] = *x;
}

/* Most rows are told from the top by their first key. */
static void offer(struct heap *h, const struct table *table,
		  const struct arrange_key *key, uint32_t row, size_t place)
{
	bool full = h->n == h->room;
	struct leader x = { .place = place };

	for (size_t k = 0; k < h->keys; k++) {
		x.rank[k] = rank_of(table->column + key[k].column,
				    key[k].down, row);
		if (k == 0 && full && x.rank[0] > h->leader[0].rank[0])
			return;
	}
	if (!full)
		push(h, &x);
	else if (comes_after(h, h->leader, &x))
		replace_top(h, &x);
}

/* Take the last one off until none is left. */
static void empty_heap(struct heap *h, const struct rows *rows,
		       uint32_t *first)
{
	while (h->n > 0) {
		struct leader moved = h->leader[--h->n];

		first[h->n] = h->n ? rows->row[h->leader[0].place]
				   : rows->row[moved.place];
		if (h->n > 0)
			replace_top(h, &moved);
	}
}

bool arrange_first(const struct table *table, const struct arrange_key *key,
		   size_t keys, const struct rows *rows, size_t n,
		   uint32_t *first, size_t *found, struct job *job,
		   struct err *err)
{
	struct heap h = { .room = n < rows->n ? n : rows->n, .keys = keys };

	assert(keys <= ARRANGE_KEYS);
	*found = 0;
	h.leader = mem_try(h.room, sizeof(*h.leader));
	if (!h.leader)
		return err_set(err, ERR_NOMEM, "no memory to arrange %zu rows",
			       h.room);
	for (size_t i = 0; h.room > 0 && i < rows->n; i++) {
		if (i % BLOCK == 0 && job_cancelled(job)) {
			free(h.leader);
			return err_cancelled(err);
		}
		offer(&h, table, key, rows->row[i], i);
	}
	*found = h.n;
	empty_heap(&h, rows, first);
	free(h.leader);
	return true;
}
