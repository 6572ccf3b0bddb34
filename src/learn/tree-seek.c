/*
 * tree-seek.c - the best split of each node of a level
 *
 * Two siblings are a piece of work, as they share their parent's histogram.
 * Large ones are done by all threads together, each in some of the columns;
 * the others are done side by side.
 */
#include "learn/tree-grow.h"

#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"

/* A pair of siblings with this part of a level's rows is large. */
enum { LARGE_SHARE = 4 };

/* Bytes of the histograms that are kept for the next level. */
#define KEPT_MAX ((size_t)128 << 20)

/* ---- the splits of two siblings ---- */

static bool can_split(const struct tree_grower *g, size_t node)
{
	const struct tree_node *n = &g->tree->node[node];
	const struct tree_options *o = &g->options;

	return n->depth < o->depth && n->rows >= 2 && n->rows >= o->split &&
	       n->rows / 2 >= o->leaf && n->impurity > 0;
}

/* They share their parent's histogram.  The root has no sibling. */
struct pair {
	size_t node[2];
	size_t nodes;
	bool wanted[2];			/* may be split */
	void *cells[2];	/* owned; NULL: compact, or not wanted */
	bool fill[2];			/* cells are to be filled from rows */
	int rest;	/* cells of this one are the parent's less the other's;
			 * -1: of none */
	struct split *split;		/* 2 by p: of each column */
	uint32_t *drawn;	/* 2 by p: columns in the order in which they
				 * were drawn; NULL: all are tried */
};

/* ---- columns by chance ---- */

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
 * (2014): splitmix64. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* By the seed and the number of the node, which no thread has a say in. */
static void draw_columns(const struct tree_grower *g, size_t node,
			 uint32_t *drawn)
{
	uint64_t state = (uint64_t)g->options.seed << 32 | node;
	size_t p = g->codes->p;

	for (size_t j = 0; j < p; j++)
		drawn[j] = (uint32_t)j;
	for (size_t j = 0; j + 1 < p; j++) {
		size_t at = j + next_random(&state) % (p - j);
		uint32_t column = drawn[at];

		drawn[at] = drawn[j];
		drawn[j] = column;
	}
}

static bool was_drawn(const struct tree_grower *g, const struct pair *pair,
		      int which, size_t column)
{
	const uint32_t *drawn;

	if (!pair->drawn)
		return true;
	drawn = pair->drawn + (size_t)which * g->codes->p;
	for (size_t i = 0; i < g->options.columns && i < g->codes->p; i++)
		if (drawn[i] == column)
			return true;
	return false;
}

/* ---- the splits of each column ---- */

static void seek_column(const struct tree_grower *g, const struct pair *pair,
			int which, size_t column, struct scratch *s)
{
	struct split *best = &pair->split[(size_t)which * g->codes->p + column];

	if (pair->cells[which])
		cells_of(g, pair->cells[which], column, s);
	else
		cells_count(g, pair->node[which], column, s);
	if (s->cells.n < 2)
		return;
	if (g->tree->bins->column[column].category)
		seek_category(&s->seeker, &s->cells, (uint32_t)column, best);
	else
		seek_number(&s->seeker, &s->cells, (uint32_t)column, best);
}

static void seeker_at(const struct tree_grower *g, size_t node,
		      struct seeker *seeker)
{
	struct moment m = { .rows = g->tree->node[node].rows,
			    .sum = g->span[node].sum };

	seeker_node(seeker, g->tree->count + node * g->tree->counts,
		    g->y ? NULL : &m);
}

/* All that is to be done in the columns of one group.  False: stopped. */
static bool seek_group(const struct tree_grower *g, const struct pair *pair,
		       size_t group, struct scratch *s, const struct job *job)
{
	for (int i = 0; i < (int)pair->nodes; i++)
		if (pair->fill[i] && !cells_fill(g, group, pair->node[i],
						 pair->cells[i], job))
			return false;
	if (pair->rest >= 0)
		cells_subtract(g, group, pair->cells[pair->rest],
			       pair->cells[!pair->rest]);
	for (int i = 0; i < (int)pair->nodes; i++) {
		if (!pair->wanted[i])
			continue;
		seeker_at(g, pair->node[i], &s->seeker);
		for (size_t j = g->codes->first[group];
		     j < g->codes->first[group + 1]; j++) {
			if (job_stopped(job))
				return false;
			if (was_drawn(g, pair, i, j))
				seek_column(g, pair, i, j, s);
		}
	}
	return true;
}

/*
 * Which histograms are made, and how.  Where there is no memory for one, the
 * node is counted column by column: slower, and the same.
 */
static void plan(struct tree_grower *g, struct pair *pair,
		 void *parent)
{
	const struct tree_node *node = g->tree->node;
	bool dense[2] = { false };
	int small;

	pair->rest = -1;
	for (size_t i = 0; i < pair->nodes; i++) {
		pair->wanted[i] = can_split(g, pair->node[i]);
		dense[i] = pair->wanted[i] &&
			   node[pair->node[i]].rows >= g->dense;
	}
	small = pair->nodes == 2 &&
		node[pair->node[1]].rows < node[pair->node[0]].rows;
	if (parent && pair->nodes == 2 && dense[!small]) {
		pair->cells[small] = cells_new(g);
		pair->fill[small] = pair->cells[small];
		if (pair->cells[small]) {
			pair->rest = !small;
			pair->cells[!small] = parent;
			return;
		}
	}
	free(parent);
	for (size_t i = 0; i < pair->nodes; i++) {
		if (dense[i] && !pair->cells[i])
			pair->cells[i] = cells_new(g);
		pair->fill[i] = pair->cells[i];
	}
}

/* Keep the histogram of a node that is going to be split, if there is room. */
static void keep(struct tree_grower *g, size_t node, void *cells,
		 bool found)
{
	size_t bytes = g->offset[g->codes->p] * g->cell, kept = 0;

	if (!cells)
		return;
	if (found) {
		#pragma omp atomic capture
		kept = g->kept += bytes;
		if (kept <= KEPT_MAX) {
			g->span[node].cells = cells;
			return;
		}
		#pragma omp atomic
		g->kept -= bytes;
	}
	free(cells);
}

static void *take_parents(struct tree_grower *g, size_t parent)
{
	void *cells = g->span[parent].cells;
	size_t bytes = g->offset[g->codes->p] * g->cell;

	if (cells) {
		#pragma omp atomic
		g->kept -= bytes;
	}
	g->span[parent].cells = NULL;
	return cells;
}

static size_t thread_number(void)
{
#ifdef _OPENMP
	return (size_t)omp_get_thread_num();
#else
	return 0;
#endif
}

/* Columns in their order, whoever looked at them first. */
static void choose(const struct tree_grower *g, const struct pair *pair,
		   size_t which, struct split *to)
{
	const struct split *each = pair->split + which * g->codes->p;
	double mass = tree_mass(g->tree, pair->node[which]);

	for (size_t j = 0; j < g->codes->p; j++)
		if (split_better(g->options.criterion, mass, &each[j], to))
			*to = each[j];
}

/* All threads together, or this one alone.  False: stopped. */
static bool seek_columns(const struct tree_grower *g, const struct pair *pair,
			 bool large, const struct job *job)
{
	size_t self = thread_number(), stopped = 0;

	if (!large) {
		for (size_t i = 0; i < g->codes->groups; i++)
			if (!seek_group(g, pair, i, &g->scratch[self], job))
				return false;
		return true;
	}
	#pragma omp parallel for schedule(dynamic) reduction(+: stopped)
	for (size_t i = 0; i < g->codes->groups; i++)
		stopped += !seek_group(g, pair, i,
				       &g->scratch[thread_number()], job);
	return stopped == 0;
}

static bool any_found(const struct tree_grower *g, const struct pair *pair,
		      int which)
{
	const struct split *each = pair->split + (size_t)which * g->codes->p;

	for (size_t j = 0; j < g->codes->p; j++)
		if (each[j].found)
			return true;
	return false;
}

/* None of the columns that were drawn splits the node: one more, and so on. */
static void seek_more(const struct tree_grower *g, const struct pair *pair,
		      int which, struct scratch *s)
{
	const uint32_t *drawn = pair->drawn + (size_t)which * g->codes->p;

	seeker_at(g, pair->node[which], &s->seeker);
	for (size_t i = g->options.columns; i < g->codes->p; i++) {
		if (any_found(g, pair, which))
			return;
		seek_column(g, pair, which, drawn[i], s);
	}
}

static void draw(const struct tree_grower *g, struct pair *pair)
{
	size_t p = g->codes->p;

	if (g->options.columns == 0)
		return;
	pair->drawn = mem_array(2 * p, sizeof(*pair->drawn));
	for (size_t i = 0; i < pair->nodes; i++)
		draw_columns(g, pair->node[i], pair->drawn + i * p);
}

/* The splits of the siblings from node first on; they are to[0] and to[1]. */
static bool seek_pair(struct tree_grower *g, size_t first, size_t nodes,
		      bool large, struct split *to, const struct job *job)
{
	struct pair pair = { .node = { first, first + 1 }, .nodes = nodes };
	bool ok = true;

	plan(g, &pair, first ? take_parents(g, g->span[first].parent) : NULL);
	if (pair.wanted[0] || pair.wanted[1]) {
		pair.split = mem_array(2 * g->codes->p, sizeof(*pair.split));
		draw(g, &pair);
		ok = seek_columns(g, &pair, large, job);
		for (int i = 0; i < (int)nodes && ok && pair.drawn; i++)
			if (pair.wanted[i])
				seek_more(g, &pair, i,
					  &g->scratch[thread_number()]);
		for (size_t i = 0; i < nodes && ok; i++)
			choose(g, &pair, i, &to[i]);
		free(pair.split);
		free(pair.drawn);
	}
	for (size_t i = 0; i < nodes; i++)
		keep(g, pair.node[i], pair.cells[i], to[i].found && ok);
	return ok;
}

static size_t pair_rows(const struct tree_grower *g, size_t i, size_t nodes)
{
	size_t rows = 0;

	for (size_t k = 0; k < nodes; k++)
		rows += g->tree->node[g->level + 2 * i + k].rows;
	return rows;
}

bool tree_seek(struct tree_grower *g, struct split *split,
	       const struct job *job)
{
	size_t n = g->tree->nodes - g->level, rows = 0, stopped = 0;
	size_t nodes = n == 1 ? 1 : 2, pairs = n / nodes;
	size_t large;

	for (size_t i = 0; i < pairs; i++)
		rows += pair_rows(g, i, nodes);
	large = rows / LARGE_SHARE > ROWS_PARALLEL ? rows / LARGE_SHARE
						   : ROWS_PARALLEL;
	for (size_t i = 0; i < pairs && !stopped; i++)
		if (pair_rows(g, i, nodes) >= large)
			stopped += !seek_pair(g, g->level + 2 * i, nodes, true,
					      &split[2 * i], job);
	#pragma omp parallel for schedule(dynamic) reduction(+: stopped) \
		if (rows >= ROWS_PARALLEL)
	for (size_t i = 0; i < pairs; i++)
		if (pair_rows(g, i, nodes) < large && !job_stopped(job))
			stopped += !seek_pair(g, g->level + 2 * i, nodes,
					      false, &split[2 * i], job);
	return stopped == 0 && !job_stopped(job);
}
