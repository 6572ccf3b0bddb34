/*
 * tree-cells.c - rows counted by bins
 *
 * Siblings' histograms add up to their parent's, so only the smaller one's
 * rows are walked over.  A node of few rows has none: its rows are counted
 * column by column, in the bins that they have.
 */
#include "learn/tree-grow.h"

#include <string.h>

#include "base/mem.h"

enum {
	SORTED_ROWS = 32,	/* bins of so few rows are sorted one by one */
	DIRECT_ROWS = 4		/* for each bin: then none is looked for */
};

void *cells_new(const struct tree_grower *g)
{
	return mem_try(g->offset[g->codes->p], g->cell);
}

static inline void count_rows(const struct tree_grower *g, size_t group,
			      const uint32_t *row, size_t n, uint32_t *cells,
			      size_t classes)
{
	size_t first = g->codes->first[group];
	size_t width = g->codes->first[group + 1] - first;
	const uint16_t *codes = g->codes->code[first];
	const size_t *offset = g->offset + first;

	for (size_t i = 0; i < n; i++) {
		const uint16_t *code = codes + row[i] * width;
		uint32_t *to = cells + g->y[row[i]];

		for (size_t j = 0; j < width; j++)
			to[(offset[j] + code[j]) * classes]++;
	}
}

static void sum_rows(const struct tree_grower *g, size_t group,
		     const uint32_t *row, size_t n, struct moment *cells)
{
	size_t first = g->codes->first[group];
	size_t width = g->codes->first[group + 1] - first;
	const uint16_t *codes = g->codes->code[first];
	const size_t *offset = g->offset + first;

	for (size_t i = 0; i < n; i++) {
		const uint16_t *code = codes + row[i] * width;
		int64_t part = g->part[row[i]];

		for (size_t j = 0; j < width; j++) {
			struct moment *to = cells + offset[j] + code[j];

			to->rows++;
			to->sum += part;
		}
	}
}

bool cells_fill(const struct tree_grower *g, size_t group, size_t node,
		void *cells, const struct job *job)
{
	const uint32_t *row = g->row + g->span[node].first;
	size_t rows = g->tree->node[node].rows, classes = g->tree->classes;

	for (size_t i = 0; i < rows; i += CHECK_ROWS) {
		size_t n = rows - i < CHECK_ROWS ? rows - i : CHECK_ROWS;

		if (job_stopped(job))
			return false;
		if (!g->y)
			sum_rows(g, group, row + i, n, cells);
		else if (classes == 2)
			count_rows(g, group, row + i, n, cells, 2);
		else
			count_rows(g, group, row + i, n, cells, classes);
	}
	return true;
}

void cells_subtract(const struct tree_grower *g, size_t group, void *from,
		    const void *child)
{
	size_t first = g->offset[g->codes->first[group]];
	size_t end = g->offset[g->codes->first[group + 1]];
	struct moment *moment = from;
	const struct moment *less = child;
	uint32_t *count = from;
	const uint32_t *fewer = child;

	if (g->y) {
		size_t classes = g->tree->classes;

		for (size_t i = first * classes; i < end * classes; i++)
			count[i] -= fewer[i];
		return;
	}
	for (size_t i = first; i < end; i++) {
		moment[i].rows -= less[i].rows;
		moment[i].sum -= less[i].sum;
	}
}

static bool any_rows(const struct cells *c, size_t classes, size_t at)
{
	uint32_t any = 0;

	if (c->moment)
		return c->moment[at].rows > 0;
	for (size_t k = 0; k < classes; k++)
		any |= c->count[at * classes + k];
	return any > 0;
}

/* Those of bins + 1 cells that any row is in. */
static void collect(struct cells *to, size_t bins, size_t classes)
{
	to->n = 0;
	for (size_t b = 0; b <= bins; b++) {
		if (!any_rows(to, classes, b))
			continue;
		to->bin[to->n] = (uint16_t)b;
		to->at[to->n++] = (uint32_t)b;
	}
	to->missing = to->n > 0 && to->bin[to->n - 1] == bins;
}

void cells_of(const struct tree_grower *g, const void *histogram,
	      size_t column, struct cells *to)
{
	size_t classes = g->tree->classes, first = g->offset[column];

	to->count = g->y ? (const uint32_t *)histogram + first * classes
			 : NULL;
	to->moment = g->y ? NULL : (const struct moment *)histogram + first;
	collect(to, g->tree->bins->column[column].bins, classes);
}

/* Ascending, each once: of few rows. */
static void sort_bins(const uint16_t *code, size_t stride, const uint32_t *row,
		      size_t n, struct cells *to)
{
	to->n = 0;
	for (size_t i = 0; i < n; i++) {
		uint16_t b = code[row[i] * stride];
		size_t at = to->n;

		while (at > 0 && to->bin[at - 1] > b)
			at--;
		if (at > 0 && to->bin[at - 1] == b)
			continue;
		memmove(to->bin + at + 1, to->bin + at,
			(to->n++ - at) * sizeof(*to->bin));
		to->bin[at] = b;
	}
}

static void mark_bins(const uint16_t *code, size_t stride, const uint32_t *row,
		      size_t n, size_t bins, uint64_t *seen, struct cells *to)
{
	memset(seen, 0, (bins / 64 + 1) * sizeof(*seen));
	for (size_t i = 0; i < n; i++) {
		size_t b = code[row[i] * stride];

		seen[b / 64] |= (uint64_t)1 << b % 64;
	}
	to->n = 0;
	for (size_t w = 0; w <= bins / 64; w++)
		for (uint64_t word = seen[w]; word; word &= word - 1)
			to->bin[to->n++] = (uint16_t)(64 * w - 1 + (size_t)
					   ffsll((long long)word));
}

/* Which bins there are, ascending, and the place of each. */
static void find_bins(const uint16_t *code, size_t stride, const uint32_t *row,
		      size_t n, size_t bins, struct scratch *s)
{
	struct cells *to = &s->cells;

	if (n <= SORTED_ROWS)
		sort_bins(code, stride, row, n, to);
	else
		mark_bins(code, stride, row, n, bins, s->seen, to);
	for (size_t i = 0; i < to->n; i++) {
		s->place[to->bin[i]] = (uint16_t)i;
		to->at[i] = (uint32_t)i;
	}
	to->missing = to->n > 0 && to->bin[to->n - 1] == bins;
}

static void count_cells(const struct tree_grower *g, size_t node,
			size_t column, struct scratch *s, size_t cells)
{
	const uint32_t *row = g->row + g->span[node].first;
	size_t n = g->tree->node[node].rows, classes = g->tree->classes;
	size_t stride = g->codes->stride[column];
	const uint16_t *code = g->codes->code[column], *place = s->place;

	if (g->y) {
		memset(s->count, 0, cells * classes * sizeof(*s->count));
		for (size_t i = 0; i < n; i++)
			s->count[place[code[row[i] * stride]] * classes +
				 g->y[row[i]]]++;
		return;
	}
	memset(s->moment, 0, cells * sizeof(*s->moment));
	for (size_t i = 0; i < n; i++) {
		struct moment *m = &s->moment[place[code[row[i] * stride]]];

		m->rows++;
		m->sum += g->part[row[i]];
	}
}

void cells_count(const struct tree_grower *g, size_t node, size_t column,
		 struct scratch *s)
{
	size_t n = g->tree->node[node].rows;
	size_t bins = g->tree->bins->column[column].bins;
	struct cells *to = &s->cells;

	to->count = s->count;
	to->moment = s->moment;
	if (n >= DIRECT_ROWS * bins) {
		for (size_t b = 0; b <= bins; b++)
			s->place[b] = (uint16_t)b;
		count_cells(g, node, column, s, bins + 1);
		collect(to, bins, g->tree->classes);
		return;
	}
	find_bins(g->codes->code[column], g->codes->stride[column],
		  g->row + g->span[node].first, n, bins, s);
	count_cells(g, node, column, s, to->n);
}
