#include "learn/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/tree-split.h"

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	free(tree->node);
	free(tree->count);
	free(tree->set);
	free(tree->class_weight);
	free(tree);
}

static bool goes_left(const struct tree *tree, const struct tree_node *n,
		      double x)
{
	if (isnan(x))
		return n->missing_left;
	if (tree->bins->column[n->column].category)
		return set_has(&tree->set[n->set], (size_t)x);
	return x <= n->threshold;
}

size_t tree_leaf(const struct tree *tree, const double *x)
{
	size_t at = 0;

	while (tree->node[at].column != TREE_LEAF) {
		const struct tree_node *n = &tree->node[at];

		at = n->left + !goes_left(tree, n, x[n->column]);
	}
	return at;
}

double tree_mass_of(const struct tree *t, size_t node, size_t k)
{
	double rows = t->count[node * t->counts + k];

	return t->class_weight ? t->class_weight[k] * rows : rows;
}

double tree_mass(const struct tree *t, size_t node)
{
	double mass = 0;

	if (!t->class_weight)
		return t->node[node].rows;
	for (size_t k = 0; k < t->classes; k++)
		mass += tree_mass_of(t, node, k);
	return mass;
}

size_t tree_leaves(const struct tree *tree)
{
	return tree->nodes / 2 + 1;	/* each split makes one leaf more */
}

size_t tree_depth(const struct tree *tree)
{
	/* Levels lie one behind the other. */
	return tree->node[tree->nodes - 1].depth;
}

void tree_importance(const struct tree *tree, double *importance)
{
	double sum = 0;

	for (size_t j = 0; j < tree->bins->p; j++)
		importance[j] = 0;
	for (size_t i = 0; i < tree->nodes; i++) {
		if (tree->node[i].column == TREE_LEAF)
			continue;
		importance[tree->node[i].column] += tree->node[i].gain;
		sum += tree->node[i].gain;
	}
	for (size_t j = 0; j < tree->bins->p && sum > 0; j++)
		importance[j] /= sum;
}
