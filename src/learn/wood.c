#include "learn/wood.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/tree-split.h"

/* Rows that go down a tree together. */
enum { WOOD_GROUP = 16 };

static void add_leaf(struct wood *w, const struct tree *t, size_t at)
{
	double mass = tree_mass(t, at);
	struct wood_node *to = &w->node[at];

	if (t->classes == 0)
		to->x = t->node[at].value;
	else if (t->classes <= 2)
		to->x = tree_mass_of(t, at, 1) / mass;
	else
		to->x = (double)(w->leaves * t->classes);
	for (size_t k = 0; k < t->classes && w->share; k++)
		w->share[w->leaves * t->classes + k] =
			(float)(tree_mass_of(t, at, k) / mass);
	w->leaves++;
}

static void add_question(struct wood *w, const struct tree *t, size_t at)
{
	const struct tree_node *from = &t->node[at];
	bool category = t->bins->column[from->column].category;

	w->node[at] = (struct wood_node){
		.x = category ? from->set : from->threshold,
		.left = from->left,
		.column = from->column & 0x3fffffffu,
		.category = category,
		.missing_left = from->missing_left
	};
}

struct wood *wood_new(const struct tree *t)
{
	struct wood *w = mem_new(sizeof(*w));

	w->nodes = t->nodes;
	w->depth = tree_depth(t);
	w->node = mem_array(t->nodes, sizeof(*w->node));
	w->cover = mem_array(t->nodes, sizeof(*w->cover));
	for (size_t i = 0; i < t->nodes; i++)
		w->cover[i] = t->node[i].rows;
	if (t->sets > 0) {
		w->set = mem_array(t->sets, sizeof(*w->set));
		memcpy(w->set, t->set, t->sets * sizeof(*w->set));
	}
	if (wood_outputs(t->classes) > 1)
		w->share = mem_array(tree_leaves(t) * t->classes,
				     sizeof(*w->share));
	for (size_t i = 0; i < t->nodes; i++)
		if (t->node[i].column == TREE_LEAF)
			add_leaf(w, t, i);
		else
			add_question(w, t, i);
	return w;
}

void wood_free(struct wood *wood)
{
	if (!wood)
		return;
	free(wood->node);
	free(wood->set);
	free(wood->share);
	free(wood->cover);
	free(wood);
}

static inline void add_told(const struct wood *w, size_t outputs,
			    const struct wood_node *leaf, double *told)
{
	if (!w->share) {
		*told += leaf->x;
		return;
	}
	for (size_t k = 0; k < outputs; k++)
		told[k] += w->share[(size_t)leaf->x + k];
}

static bool goes_left(const struct wood *w, const struct wood_node *n,
		      double x)
{
	if (isnan(x))
		return n->missing_left;
	return n->category ? set_has(&w->set[(size_t)n->x], (size_t)x)
			   : x <= n->x;
}

static void add_one(const struct wood *w, size_t outputs, const double *x,
		    double *told)
{
	const struct wood_node *n = w->node;

	while (n->left > 0)
		n = w->node + n->left + !goes_left(w, n, x[n->column]);
	add_told(w, outputs, n, told);
}

/*
 * Which way a row goes can't be foreseen, so a processor that waits for each
 * question does nothing else most of the time: a group of rows goes down
 * together, and there is no branch on the way.
 */
static void add_group(const struct wood *w, size_t outputs, const double *x,
		      size_t p, double *told)
{
	uint32_t at[WOOD_GROUP] = { 0 }, going = 1;

	while (going) {
		going = 0;
		for (size_t i = 0; i < WOOD_GROUP; i++) {
			const struct wood_node *n = &w->node[at[i]];
			double value = x[i * p + n->column];
			unsigned left = (value <= n->x) |
				((value != value) & n->missing_left);

			at[i] = n->left ? n->left + !left : at[i];
			going |= n->left;
		}
	}
	for (size_t i = 0; i < WOOD_GROUP; i++)
		add_told(w, outputs, &w->node[at[i]], told + i * outputs);
}

void wood_add(const struct wood *w, size_t outputs, const double *x, size_t p,
	      size_t n, double *told)
{
	size_t i = 0;

	for (; !w->set && i + WOOD_GROUP <= n; i += WOOD_GROUP)
		add_group(w, outputs, x + i * p, p, told + i * outputs);
	for (; i < n; i++)
		add_one(w, outputs, x + i * p, told + i * outputs);
}

/* ---- training rows, by their bins ---- */

struct wood_by_bins {
	const struct wood *wood;	/* borrowed */
	struct question {
		uint32_t left, column;	/* as in wood_node */
		uint16_t bin;		/* what goes left is at most this */
		uint16_t missing;	/* the bin of missing cells */
		bool missing_left, category;
	} *node;			/* owned */
};

/* All values of a bin are on the same side of each threshold: the last bin that
 * goes left; of none, none is asked, as missing cells alone go left then. */
static uint16_t last_left(const struct bin_column *c, double x)
{
	size_t low = 0, high = c->bins;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->high[middle] <= x)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint16_t)(low > 0 ? low - 1 : 0);
}

struct wood_by_bins *wood_by_bins(const struct wood *w,
				  const struct bins *bins)
{
	struct wood_by_bins *b = mem_new(sizeof(*b));

	b->wood = w;
	b->node = mem_array(w->nodes, sizeof(*b->node));
	for (size_t i = 0; i < w->nodes; i++) {
		const struct wood_node *n = &w->node[i];
		const struct bin_column *c = &bins->column[n->column];

		if (n->left == 0)
			continue;
		b->node[i] = (struct question){
			.left = n->left, .column = n->column,
			.bin = n->category ? 0 : last_left(c, n->x),
			.missing = (uint16_t)c->bins,
			.missing_left = n->missing_left,
			.category = n->category
		};
	}
	return b;
}

void wood_by_bins_free(struct wood_by_bins *b)
{
	if (b)
		free(b->node);
	free(b);
}

static bool bin_goes_left(const struct wood *w, const struct question *n,
			  size_t at, size_t bin)
{
	if (bin == n->missing)
		return n->missing_left;
	return n->category ? set_has(&w->set[(size_t)w->node[at].x], bin)
			   : bin <= n->bin;
}

/* As add_group(). */
static inline void find_leaves(const struct wood_by_bins *b,
			       const struct codes *codes, bool narrow,
			       const uint32_t *row, uint32_t *at)
{
	uint32_t going = 1;

	while (going) {
		going = 0;
		for (size_t i = 0; i < WOOD_GROUP; i++) {
			const struct question *n = &b->node[at[i]];
			size_t bin = codes_cell(codes->cell, narrow,
						codes->at[n->column] + row[i] *
						codes->stride[n->column]);
			unsigned left = bin == n->missing ? n->missing_left
							  : bin <= n->bin;

			at[i] = n->left ? n->left + !left : at[i];
			going |= n->left;
		}
	}
}

static uint32_t leaf_of(const struct wood_by_bins *b,
			const struct codes *codes, uint32_t row)
{
	uint32_t at = 0;

	while (b->node[at].left) {
		const struct question *n = &b->node[at];
		bool left = bin_goes_left(b->wood, n, at,
					  codes_bin(codes, n->column, row));

		at = n->left + !left;
	}
	return at;
}

void wood_add_rows(const struct wood_by_bins *b, size_t outputs,
		   const struct codes *codes, const uint32_t *row, size_t n,
		   double *told)
{
	uint32_t at[WOOD_GROUP];

	for (size_t i = 0, rows; i < n; i += rows) {
		rows = b->wood->set || n - i < WOOD_GROUP ? 1 : WOOD_GROUP;
		memset(at, 0, sizeof(at));
		if (rows == 1)
			at[0] = leaf_of(b, codes, row[i]);
		else if (codes->narrow)
			find_leaves(b, codes, true, row + i, at);
		else
			find_leaves(b, codes, false, row + i, at);
		for (size_t k = 0; k < rows; k++)
			add_told(b->wood, outputs, &b->wood->node[at[k]],
				 told + row[i + k] * outputs);
	}
}
