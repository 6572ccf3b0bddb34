#include "data/duplicates.h"

#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/mem.h"
#include "data/odd.h"

/* Rows whose values are gathered at a time: they should fit into the cache. */
enum { TILE_ROWS = 256, TILE_VALUES = 1 << 14 };

/* A slot has the upper half of the hash above, and the place in rows plus one
 * below; 0 is a free slot. */
#define SLOT_HASH (~(uint64_t)UINT32_MAX)

/* What is looked for: n rows and p columns of a table. */
struct search {
	const struct table *table;
	const size_t *column;
	size_t columns;
	const struct rows *rows;
	uint64_t *hash;		/* of each row of rows; owned */
	uint64_t *slot;		/* owned */
	size_t slots;		/* a power of two */
};

uint64_t duplicates_cell(const struct column *c, size_t row)
{
	uint64_t bits;
	double x;

	if (!c->number)
		return c->code[row];
	x = c->number[row];
	if (x != x)
		return ODD_NAN | odd_text(x);
	x += 0.0;	/* -0 + 0 is 0 */
	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

/* Values of n rows from first on, row after row, into tile. */
static void gather(const struct search *s, size_t first, size_t n,
		   uint64_t *tile)
{
	const uint32_t *row = s->rows->row + first;

	for (size_t j = 0; j < s->columns; j++) {
		const struct column *c = s->table->column + s->column[j];

		for (size_t i = 0; i < n; i++)
			tile[i * s->columns + j] = duplicates_cell(c, row[i]);
	}
}

static size_t tile_rows(const struct search *s)
{
	size_t rows = s->columns ? TILE_VALUES / s->columns : TILE_ROWS;

	return rows == 0 ? 1 : rows > TILE_ROWS ? TILE_ROWS : rows;
}

/* Hashes do not depend on each other: threads share the tiles. */
static bool hash_rows(struct search *s, struct job *job)
{
	size_t height = tile_rows(s), n = s->rows->n;
	size_t tiles = (n + height - 1) / height;
	size_t width = s->columns * sizeof(uint64_t);

#ifdef _OPENMP
#pragma omp parallel if (n >= ROWS_PARALLEL)
#endif
	{
		uint64_t *tile = mem_array(height, width ? width : 1);

#ifdef _OPENMP
#pragma omp for
#endif
		for (size_t t = 0; t < tiles; t++) {
			size_t first = t * height;
			size_t here = n - first < height ? n - first : height;

			if (job_cancelled(job))
				continue;
			gather(s, first, here, tile);
			for (size_t i = 0; i < here; i++)
				s->hash[first + i] = XXH3_64bits(
					tile + i * s->columns, width);
		}
		free(tile);
	}
	return !job_cancelled(job);
}

static bool same(const struct search *s, size_t a, size_t b)
{
	for (size_t j = 0; j < s->columns; j++) {
		const struct column *c = s->table->column + s->column[j];

		if (duplicates_cell(c, s->rows->row[a]) !=
		    duplicates_cell(c, s->rows->row[b]))
			return false;
	}
	return true;
}

/* The first row that is the same as the i-th: that one itself, if it was not
 * there before; then it is there now. */
static uint32_t first_of(struct search *s, size_t i)
{
	uint64_t hash = s->hash[i];
	size_t at = (size_t)(hash & (s->slots - 1));

	while (s->slot[at]) {
		uint64_t slot = s->slot[at];

		if (((slot ^ hash) & SLOT_HASH) == 0 &&
		    same(s, (uint32_t)slot - 1, i))
			return (uint32_t)slot - 1;
		at = (at + 1) & (s->slots - 1);
	}
	s->slot[at] = (hash & SLOT_HASH) | (i + 1);
	return (uint32_t)i;
}

static bool find_first(struct search *s, uint32_t *first, struct job *job,
		       struct err *err)
{
	if (!hash_rows(s, job))
		return err_cancelled(err);
	for (size_t i = 0; i < s->rows->n; i++) {
		if (i % TILE_VALUES == 0 && job_cancelled(job))
			return err_cancelled(err);
		first[i] = first_of(s, i);
	}
	return true;
}

bool duplicates_first(const struct table *table, const size_t *column,
		      size_t columns, const struct rows *rows,
		      uint32_t *first, struct job *job, struct err *err)
{
	struct search s = {
		.table = table, .column = column, .columns = columns,
		.rows = rows, .slots = 64
	};
	bool done;

	while (s.slots / 2 < rows->n)
		s.slots *= 2;
	s.hash = malloc((rows->n + 1) * sizeof(*s.hash));
	s.slot = mem_try(s.slots, sizeof(*s.slot));
	if (s.hash && s.slot)
		done = find_first(&s, first, job, err);
	else
		done = err_set(err, ERR_NOMEM,
			       "no memory to look for duplicates in %zu rows",
			       rows->n);
	free(s.slot);
	free(s.hash);
	return done;
}

/* The same into room of its own; the caller frees it.  NULL on failure. */
static uint32_t *first_new(const struct table *table, const size_t *column,
			   size_t columns, const struct rows *rows,
			   struct job *job, struct err *err)
{
	uint32_t *first = mem_try(rows->n + 1, sizeof(*first));

	if (!first) {
		err_set(err, ERR_NOMEM,
			"no memory to look for duplicates in %zu rows",
			rows->n);
		return NULL;
	}
	if (duplicates_first(table, column, columns, rows, first, job, err))
		return first;
	free(first);
	return NULL;
}

bool duplicates_mark(const struct table *table, const size_t *column,
		     size_t columns, const struct rows *rows, bool *repeated,
		     struct job *job, struct err *err)
{
	uint32_t *first = first_new(table, column, columns, rows, job, err);

	if (!first)
		return false;
	for (size_t i = 0; i < rows->n; i++)
		repeated[i] = first[i] != i;
	free(first);
	return true;
}

/* First the first of each group learns that there is another answer, and then
 * all of the group learn it from the first. */
bool duplicates_contradicting(const struct table *table, const size_t *column,
			      size_t columns, size_t target,
			      const struct rows *rows, bool *contradicting,
			      struct job *job, struct err *err)
{
	const struct column *answer = &table->column[target];
	uint32_t *first = first_new(table, column, columns, rows, job, err);

	if (!first)
		return false;
	memset(contradicting, 0, rows->n);
	for (size_t i = 0; i < rows->n; i++)
		contradicting[first[i]] |=
			duplicates_cell(answer, rows->row[i]) !=
			duplicates_cell(answer, rows->row[first[i]]);
	for (size_t i = 0; i < rows->n; i++)
		contradicting[i] = contradicting[first[i]];
	free(first);
	return true;
}
