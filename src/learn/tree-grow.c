/*
 * tree-grow.c - level by level
 */
#include "learn/tree-grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SETTLE_LEVELS = 4, SETTLE_ROWS = 4096 };

/* ---- nodes parted in two ---- */

static inline bool goes_left(const struct bin_column *c,
			     const struct split *split, size_t bin)
{
	if (bin == c->bins)
		return split->missing_left;
	return c->category ? set_has(&split->set, bin) : bin <= split->low;
}

/* Rows keep their order on both sides.  How many go left. */
static size_t part_rows(struct tree_grower *g, size_t node,
			const struct split *split, const struct job *job)
{
	size_t first = g->span[node].first, n = g->span[node].rows;
	uint32_t *row = g->row + first, *spare = g->spare + first;
	size_t lefts = 0, rights = 0;
	const struct bin_column *c = &g->tree->bins->column[split->column];

	for (size_t i = 0; i < n; i++) {
		uint32_t r = row[i];
		bool left = goes_left(c, split, codes_bin(g->codes,
							   split->column, r));

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
	n->gain = split->gain / g->mass;
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
		.column = TREE_LEAF,
		.depth = g->tree->node[parent].depth + 1
	};
	g->span[node] = (struct span){ .first = first, .rows = rows,
				       .parent = parent };
	tree_look(g, node, job);
}

/* The children go to nodes left and left + 1, which are there already. */
static void divide(struct tree_grower *g, size_t node, size_t left,
		   const struct split *split, const struct job *job)
{
	size_t first = g->span[node].first, n = g->span[node].rows;
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
		if (g->rows >= ROWS_PARALLEL)
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

/*
 * Every few levels; then the rows of each node are in the nearer caches while
 * the levels below look at a column of it here and a column there.  Without
 * memory for it all goes on as it is.
 */
static void settle(struct tree_grower *g, const struct job *job)
{
	uint32_t depth = g->tree->node[g->level].depth;

	if (g->options.columns == 0 || g->drawn < SETTLE_ROWS)
		return;
	if (depth % SETTLE_LEVELS == (g->draws ? 0 : SETTLE_LEVELS - 1))
		tree_settle(g, job);
}

enum tree_status tree_level(struct tree_grower *grower, struct job *job,
			    struct err *err)
{
	size_t n = grower->tree->nodes - grower->level;
	struct split *split = mem_try(n, sizeof(*split));
	size_t *left = mem_try(2 * n, sizeof(*left));
	enum tree_status status = TREE_FAILED;

	settle(grower, job);
	if (split && left)
		status = tree_seek(grower, split, job)
			 ? make_splits(grower, split, left, left + n, job)
			 : TREE_STOPPED;
	free(split);
	free(left);
	if (status == TREE_FAILED)
		err_set(err, ERR_NOMEM, "no memory for a tree of %zu nodes",
			grower->tree->nodes);
	return status;
}
