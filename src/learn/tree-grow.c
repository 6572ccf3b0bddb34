/*
 * tree-grow.c - level by level
 *
 * Two siblings are a piece of work, as they share their parent's histogram.
 * Large ones are done by all threads together, each in some of the columns;
 * the others are done side by side.
 */
#include "learn/tree-grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
};

static void seek_column(const struct tree_grower *g, const struct pair *pair,
			int which, size_t column, struct scratch *s)
{
	struct split *best = &pair->split[(size_t)which * g->codes->p + column];

	if (pair->cells[which])
		cells_of(g, pair->cells[which], column, &s->cells);
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
	double rows = g->tree->node[pair->node[which]].rows;

	for (size_t j = 0; j < g->codes->p; j++)
		if (split_better(g->options.criterion, rows, &each[j], to))
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

/* The splits of the siblings from node first on; they are to[0] and to[1]. */
static bool seek_pair(struct tree_grower *g, size_t first, size_t nodes,
		      bool large, struct split *to, const struct job *job)
{
	struct pair pair = { .node = { first, first + 1 }, .nodes = nodes };
	bool ok = true;

	plan(g, &pair, first ? take_parents(g, g->span[first].parent) : NULL);
	if (pair.wanted[0] || pair.wanted[1]) {
		pair.split = mem_array(2 * g->codes->p, sizeof(*pair.split));
		ok = seek_columns(g, &pair, large, job);
		for (size_t i = 0; i < nodes && ok; i++)
			choose(g, &pair, i, &to[i]);
		free(pair.split);
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

/* Find a split of each node of the deepest level.  False: stopped. */
static bool seek_level(struct tree_grower *g, struct split *split,
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

/* ---- nodes parted in two ---- */

static inline bool goes_left(const struct bin_column *c,
			     const struct split *split, uint16_t bin)
{
	if (bin == c->bins)
		return split->missing_left;
	return c->category ? set_has(&split->set, bin) : bin <= split->low;
}

/* Rows keep their order on both sides.  How many go left. */
static size_t part_rows(struct tree_grower *g, size_t node,
			const struct split *split, const struct job *job)
{
	size_t first = g->span[node].first, n = g->tree->node[node].rows;
	uint32_t *row = g->row + first, *spare = g->spare + first;
	const uint16_t *code = g->codes->code[split->column];
	size_t stride = g->codes->stride[split->column];
	size_t lefts = 0, rights = 0;
	const struct bin_column *c = &g->tree->bins->column[split->column];

	for (size_t i = 0; i < n; i++) {
		uint32_t r = row[i];
		bool left = goes_left(c, split, code[r * stride]);

		if (i % CHECK_ROWS == 0 && job_stopped(job))
			return 0;
		row[lefts] = r;
		spare[rights] = r;
		lefts += left;
		rights += !left;
	}
	memcpy(row + lefts, spare, rights * sizeof(*row));
	return lefts;
}

/* Midway between the values on both sides, or the lower one of them where
 * nothing is between them. */
static double threshold_of(const struct bin_column *c,
			   const struct split *split)
{
	double low, high, middle;

	if (split->high == NO_BIN)
		return INFINITY;
	low = c->high[split->low];
	high = c->low[split->high];
	middle = low / 2 + high / 2;
	return middle >= low && middle < high ? middle : low;
}

static void write_split(struct tree_grower *g, size_t node, size_t left,
			const struct split *split, size_t set)
{
	const struct bin_column *c = &g->tree->bins->column[split->column];
	struct tree_node *n = &g->tree->node[node];

	n->column = split->column;
	n->left = (uint32_t)left;
	n->missing_left = split->missing_left;
	n->missing_seen = split->missing_seen;
	n->gain = split->gain / (double)g->codes->n;
	if (c->category) {
		n->set = (uint32_t)set;
		g->tree->set[set] = split->set;
	} else {
		n->threshold = threshold_of(c, split);
	}
}

static void write_child(struct tree_grower *g, size_t node, size_t parent,
			size_t first, size_t rows, const struct job *job)
{
	g->tree->node[node] = (struct tree_node){
		.column = TREE_LEAF, .rows = (uint32_t)rows,
		.depth = g->tree->node[parent].depth + 1
	};
	g->span[node] = (struct span){ .first = first, .parent = parent };
	tree_look(g, node, job);
}

/* The children go to nodes left and left + 1, which are there already. */
static void divide(struct tree_grower *g, size_t node, size_t left,
		   const struct split *split, const struct job *job)
{
	size_t first = g->span[node].first, n = g->tree->node[node].rows;
	size_t lefts = part_rows(g, node, split, job);

	if (job_stopped(job))
		return;
	write_child(g, left, node, first, lefts, job);
	write_child(g, left + 1, node, first + lefts, n - lefts, job);
}

/* ---- a level ---- */

static void divide_level(struct tree_grower *g, const struct split *split,
			 const size_t *left, const size_t *set,
			 const struct job *job)
{
	size_t first = g->level, n = g->tree->nodes - first;

	#pragma omp parallel for schedule(dynamic) \
		if (g->codes->n >= ROWS_PARALLEL)
	for (size_t i = 0; i < n; i++) {
		if (!split[i].found || job_stopped(job))
			continue;
		divide(g, first + i, left[i], &split[i], job);
		write_split(g, first + i, left[i], &split[i], set[i]);
	}
}

/* The splits that were found are made.  STOPPED: none was. */
static enum tree_status make_splits(struct tree_grower *g,
				    const struct split *split, size_t *left,
				    size_t *set, const struct job *job)
{
	struct tree *t = g->tree;
	size_t first = g->level, n = t->nodes - first;
	size_t nodes = t->nodes, sets = t->sets;
	struct tree_set *more;

	for (size_t i = 0; i < n; i++) {
		if (!split[i].found)
			continue;
		left[i] = nodes;
		nodes += 2;
		set[i] = sets;
		sets += t->bins->column[split[i].column].category;
	}
	if (nodes == t->nodes)
		return TREE_DONE;
	if (!tree_room(g, nodes))
		return TREE_FAILED;
	more = realloc(t->set, (sets ? sets : 1) * sizeof(*more));
	if (!more)
		return TREE_FAILED;
	t->set = more;
	divide_level(g, split, left, set, job);
	if (job_stopped(job)) {
		for (size_t i = first; i < first + n; i++)
			t->node[i].column = TREE_LEAF;
		return TREE_STOPPED;
	}
	g->level = t->nodes;
	t->nodes = nodes;
	t->sets = sets;
	return TREE_MORE;
}

enum tree_status tree_level(struct tree_grower *grower, struct job *job,
			    struct err *err)
{
	size_t n = grower->tree->nodes - grower->level;
	struct split *split = mem_try(n, sizeof(*split));
	size_t *left = mem_try(2 * n, sizeof(*left));
	enum tree_status status = TREE_FAILED;

	if (split && left)
		status = seek_level(grower, split, job)
			 ? make_splits(grower, split, left, left + n, job)
			 : TREE_STOPPED;
	free(split);
	free(left);
	if (status == TREE_FAILED)
		err_set(err, ERR_NOMEM, "no memory for a tree of %zu nodes",
			grower->tree->nodes);
	return status;
}
