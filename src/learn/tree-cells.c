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
	DIRECT_ROWS = 4		/* where a row has fewer bins than this, none
				 * is looked for */
};

static inline uint32_t draws_of(const struct tree_grower *g, uint32_t row)
{
	return g->draws ? g->draws[row] : 1;
}

void *cells_new(const struct tree_grower *g)
{
	return mem_try(g->offset[g->codes->p], g->cell);
}

static inline void count_rows(const struct tree_grower *g, size_t group,
			      const uint32_t *row, size_t n, uint32_t *cells,
			      size_t classes, bool narrow)
{
	const struct codes *codes = g->codes;
	size_t first = codes->first[group];
	size_t width = codes->first[group + 1] - first;
	size_t at = codes->at[first];
	const size_t *offset = g->offset + first;
	const void *cell = codes->cell;

	for (size_t i = 0; i < n; i++) {
		size_t start = at + row[i] * width;
		uint32_t *to = cells + g->y[row[i]];
		uint32_t draws = draws_of(g, row[i]);

		for (size_t j = 0; j < width; j++)
			to[(offset[j] + codes_cell(cell, narrow, start + j)) *
			   classes] += draws;
	}
}

static inline void sum_rows(const struct tree_grower *g, size_t group,
			    const uint32_t *row, size_t n,
			    struct moment *cells, bool narrow)
{
	const struct codes *codes = g->codes;
	size_t first = codes->first[group];
	size_t width = codes->first[group + 1] - first;
	size_t at = codes->at[first];
	const size_t *offset = g->offset + first;
	const void *cell = codes->cell;

	for (size_t i = 0; i < n; i++) {
		size_t start = at + row[i] * width;
		uint32_t draws = draws_of(g, row[i]);
		int64_t part = g->part[row[i]] * draws;

		for (size_t j = 0; j < width; j++) {
			struct moment *to = cells + offset[j] +
				codes_cell(cell, narrow, start + j);

			to->rows += draws;
			to->sum += part;
		}
	}
}

static void fill_some(const struct tree_grower *g, size_t group,
		      const uint32_t *row, size_t n, void *cells)
{
	size_t classes = g->tree->classes;

	if (!g->y && g->codes->narrow)
		sum_rows(g, group, row, n, cells, true);
	else if (!g->y)
		sum_rows(g, group, row, n, cells, false);
	else if (classes == 2 && g->codes->narrow)
		count_rows(g, group, row, n, cells, 2, true);
	else if (g->codes->narrow)
		count_rows(g, group, row, n, cells, classes, true);
	else
		count_rows(g, group, row, n, cells, classes, false);
}

bool cells_fill(const struct tree_grower *g, size_t group, size_t node,
		void *cells, const struct job *job)
{
	const uint32_t *row = g->row + g->span[node].first;
	size_t rows = g->span[node].rows;

	for (size_t i = 0; i < rows; i += CHECK_ROWS) {
		if (job_stopped(job))
			return false;
		fill_some(g, group, row + i,
			  rows - i < CHECK_ROWS ? rows - i : CHECK_ROWS,
			  cells);
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

/* Numbers of two classes, and numbers told, need no list of what there is. */
static bool needs_list(const struct tree_grower *g, size_t column)
{
	return g->tree->bins->column[column].category ||
	       (g->y && (g->tree->classes > 2 ||
			 g->options.criterion == TREE_ENTROPY));
}

/* Those of n cells that any row is in; where there is no bin[] yet, they are
 * those of bins 0, 1 ... */
static void collect(struct scratch *s, size_t n, size_t classes)
{
	struct cells *c = &s->cells;
	size_t found = 0;

	for (size_t b = 0; b < n; b++) {
		if (!any_rows(c, classes, b))
			continue;
		s->bin[found] = c->bin ? c->bin[b] : (uint16_t)b;
		s->at[found++] = (uint32_t)b;
	}
	c->n = found;
	c->bin = s->bin;
	c->at = s->at;
}

/* All bins of a column, and the cell of missing ones. */
static void take_all(const struct tree_grower *g, size_t column,
		     struct scratch *s)
{
	size_t bins = g->tree->bins->column[column].bins;
	struct cells *c = &s->cells;

	c->bin = NULL;
	c->at = NULL;
	c->missing = any_rows(c, g->tree->classes, bins);
	c->n = bins + c->missing;
	if (needs_list(g, column))
		collect(s, c->n, g->tree->classes);
}

void cells_of(const struct tree_grower *g, const void *histogram,
	      size_t column, struct scratch *s)
{
	size_t classes = g->tree->classes, first = g->offset[column];

	s->cells.count = g->y ? (const uint32_t *)histogram + first * classes
			      : NULL;
	s->cells.moment = g->y ? NULL
			       : (const struct moment *)histogram + first;
	take_all(g, column, s);
}

/* Ascending, each once: of few rows. */
static void sort_bins(const struct tree_grower *g, size_t column,
		      const uint32_t *row, size_t n, struct scratch *s)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		size_t b = codes_bin(g->codes, column, row[i]), at = found;

		while (at > 0 && s->bin[at - 1] > b)
			at--;
		if (at > 0 && s->bin[at - 1] == b)
			continue;
		memmove(s->bin + at + 1, s->bin + at,
			(found++ - at) * sizeof(*s->bin));
		s->bin[at] = (uint16_t)b;
	}
	s->cells.n = found;
}

static void mark_bins(const struct tree_grower *g, size_t column,
		      const uint32_t *row, size_t n, struct scratch *s)
{
	size_t bins = g->tree->bins->column[column].bins, found = 0;
	uint64_t *seen = s->seen;

	memset(seen, 0, (bins / 64 + 1) * sizeof(*seen));
	for (size_t i = 0; i < n; i++) {
		size_t b = codes_bin(g->codes, column, row[i]);

		seen[b / 64] |= (uint64_t)1 << b % 64;
	}
	for (size_t w = 0; w <= bins / 64; w++)
		for (uint64_t word = seen[w]; word; word &= word - 1)
			s->bin[found++] = (uint16_t)(64 * w - 1 + (size_t)
					  ffsll((long long)word));
	s->cells.n = found;
}

/* Which bins there are, ascending, and the place of each. */
static void find_bins(const struct tree_grower *g, size_t column,
		      const uint32_t *row, size_t n, struct scratch *s)
{
	struct cells *to = &s->cells;

	if (n <= SORTED_ROWS)
		sort_bins(g, column, row, n, s);
	else
		mark_bins(g, column, row, n, s);
	for (size_t i = 0; i < to->n; i++) {
		s->place[s->bin[i]] = (uint16_t)i;
		s->at[i] = (uint32_t)i;
	}
	to->bin = s->bin;
	to->at = needs_list(g, column) ? s->at : NULL;
	to->missing = to->n > 0 && s->bin[to->n - 1] ==
		      g->tree->bins->column[column].bins;
}

/* place: NULL where each bin has its own. */
static inline void count_cells(const struct tree_grower *g,
			       const uint32_t *row, size_t n, size_t column,
			       const uint16_t *place, struct scratch *s,
			       bool narrow)
{
	const struct codes *codes = g->codes;
	size_t stride = codes->stride[column], start = codes->at[column];
	size_t classes = g->tree->classes;

	for (size_t i = 0; i < n; i++) {
		size_t at = codes_cell(codes->cell, narrow,
				       start + row[i] * stride);
		uint32_t draws = draws_of(g, row[i]);

		at = place ? place[at] : at;
		if (g->y) {
			s->count[at * classes + g->y[row[i]]] += draws;
			continue;
		}
		s->moment[at].rows += draws;
		s->moment[at].sum += g->part[row[i]] * draws;
	}
}

static void clear_cells(const struct tree_grower *g, struct scratch *s,
			size_t cells)
{
	if (g->y)
		memset(s->count, 0,
		       cells * g->tree->classes * sizeof(*s->count));
	else
		memset(s->moment, 0, cells * sizeof(*s->moment));
	s->cells.count = g->y ? s->count : NULL;
	s->cells.moment = g->y ? NULL : s->moment;
}

void cells_count(const struct tree_grower *g, size_t node, size_t column,
		 struct scratch *s)
{
	const uint32_t *row = g->row + g->span[node].first;
	size_t n = g->span[node].rows;
	size_t bins = g->tree->bins->column[column].bins;
	bool all = n * DIRECT_ROWS >= bins;

	if (!all)
		find_bins(g, column, row, n, s);
	clear_cells(g, s, all ? bins + 1 : s->cells.n);
	if (all && g->codes->narrow)
		count_cells(g, row, n, column, NULL, s, true);
	else if (g->codes->narrow)
		count_cells(g, row, n, column, s->place, s, true);
	else
		count_cells(g, row, n, column, all ? NULL : s->place, s,
			    false);
	if (all)
		take_all(g, column, s);
}
