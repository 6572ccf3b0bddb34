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
enum { BLOCK = 1 << 17 };

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
	uint64_t *a, *spare;	/* owned: n of each */
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

/* The ranks, into spare, and how far they reach. */
static bool gather(struct sorting *s)
{
	uint64_t least = MISSING_RANK, most = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint64_t rank = rank_at(s, i);

		if (i % BLOCK == 0 && job_cancelled(s->job))
			return false;
		s->spare[i] = rank;
		if (rank >= ODD_RANK)
			continue;
		least = rank < least ? rank : least;
		most = rank > most ? rank : most;
	}
	s->least = least;
	s->shift = 0;
	if (least > most)	/* no values at all */
		return true;
	while ((most - least) >> s->shift > UINT32_MAX - PLACES_ABOVE)
		s->shift++;
	return true;
}

static bool pack(struct sorting *s)
{
	s->left_out = 0;
	for (size_t i = 0; i < s->n; i++) {
		uint64_t rank = s->spare[i];

		if (i % BLOCK == 0 && job_cancelled(s->job))
			return false;
		s->a[i] = (uint64_t)upper_of(s, rank) << 32 | i;
		s->left_out |= rank == MISSING_RANK ? 0 : lower_of(s, rank);
	}
	return true;
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

/* Sort n things that are equal above by the bits that were left out. */
static bool sort_run(struct sorting *s, uint64_t *a, size_t n)
{
	uint32_t varied = 0, lower0 = 0;
	uint64_t *sorted;

	for (size_t i = 0; i < n; i++) {
		uint32_t place = (uint32_t)a[i];
		uint32_t lower = lower_of(s, rank_at(s, place));

		if (i % BLOCK == 0 && job_cancelled(s->job))
			return false;
		if (i == 0)
			lower0 = lower;
		varied |= lower ^ lower0;
		a[i] = (uint64_t)lower << 32 | place;
	}
	if (varied && n <= FEW) {
		insertion(a, n);
	} else if (varied) {
		sorted = sort_upper(a, s->spare, n, s->job);
		if (!sorted)
			return false;
		if (sorted != a)
			memcpy(a, sorted, n * sizeof(*a));
	}
	return true;
}

static bool sort_runs(struct sorting *s)
{
	size_t end;

	for (size_t first = 0; first < s->n; first = end) {
		uint32_t upper = (uint32_t)(s->a[first] >> 32);

		for (end = first + 1; end < s->n; end++)
			if (s->a[end] >> 32 != upper)
				break;
		if (first / BLOCK != end / BLOCK && job_cancelled(s->job))
			return false;
		if (end - first > 1 && upper != UINT32_MAX &&
		    !sort_run(s, s->a + first, end - first))
			return false;
	}
	return true;
}

/* By one key; the result is in to. */
static bool sort_by(struct sorting *s, uint32_t *to)
{
	uint64_t *sorted;

	if (!gather(s) || !pack(s))
		return false;
	sorted = sort_upper(s->a, s->spare, s->n, s->job);
	if (!sorted)
		return false;
	if (sorted != s->a) {
		s->spare = s->a;
		s->a = sorted;
	}
	if (s->left_out && !sort_runs(s))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		if (i % BLOCK == 0 && job_cancelled(s->job))
			return false;
		to[i] = s->row[(uint32_t)s->a[i]];
	}
	return true;
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

bool arrange_rows(const struct table *table, const struct arrange_key *key,
		  size_t keys, struct rows *rows, struct job *job,
		  struct err *err)
{
	size_t n = rows->n, room = n ? n : 1;
	struct sorting s = { .n = n, .job = job };
	uint32_t *now = malloc(room * sizeof(*now));
	uint32_t *next = malloc(room * sizeof(*next)), *result = NULL;
	bool space;

	s.a = malloc(room * sizeof(*s.a));
	s.spare = malloc(room * sizeof(*s.spare));
	space = now && next && s.a && s.spare;
	if (space && n > 0) {
		memcpy(now, rows->row, n * sizeof(*now));
		if (sort_keys(&s, table, key, keys, now, next, &result))
			memcpy(rows->row, result, n * sizeof(*now));
	}
	free(s.spare);
	free(s.a);
	free(next);
	free(now);
	if (!space)
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
