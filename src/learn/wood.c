#include "learn/wood.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/tree-split.h"

static void add_leaf(struct wood *w, const struct tree *t, size_t at)
{
	const uint32_t *count = t->count + at * t->counts;
	double rows = t->node[at].rows;
	struct wood_node *to = &w->node[at];

	if (t->classes == 0)
		to->x = t->node[at].value;
	else if (t->classes <= 2)
		to->x = count[1] / rows;
	else
		to->x = (double)(w->leaves * t->classes);
	for (size_t k = 0; k < t->classes && w->share; k++)
		w->share[w->leaves * t->classes + k] = (float)(count[k] / rows);
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
	w->set = mem_array(t->sets, sizeof(*w->set));
	if (t->sets > 0)
		memcpy(w->set, t->set, t->sets * sizeof(*w->set));
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

void wood_add(const struct wood *w, size_t outputs, const double *x,
	      double *told)
{
	const struct wood_node *n = w->node;

	while (n->left > 0) {
		double value = x[n->column];
		bool left = value <= n->x;

		if (isnan(value))
			left = n->missing_left;
		else if (n->category)
			left = set_has(&w->set[(size_t)n->x], (size_t)value);
		n = w->node + n->left + !left;
	}
	add_told(w, outputs, n, told);
}

/* All values of a bin are on the same side of each threshold. */
void wood_add_code(const struct wood *w, size_t outputs,
		   const struct bins *bins, const struct codes *codes,
		   size_t i, double *told)
{
	const struct wood_node *n = w->node;

	while (n->left > 0) {
		const struct bin_column *c = &bins->column[n->column];
		size_t bin = codes->code[n->column]
			     [i * codes->stride[n->column]];
		bool left;

		if (bin == c->bins)
			left = n->missing_left;
		else if (n->category)
			left = set_has(&w->set[(size_t)n->x], bin);
		else
			left = c->high[bin] <= n->x;
		n = w->node + n->left + !left;
	}
	add_told(w, outputs, n, told);
}
