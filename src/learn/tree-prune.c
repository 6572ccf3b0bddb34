/*
 * tree-prune.c - splits taken back where they are not worth their leaves
 *
 * Breiman et al., chapter 3.  A split whose subtree T has the leaves |T| is
 * worth
 *
 *	(R(node) - R(T)) / (|T| - 1),  R = rows / all rows * impurity
 *
 * (of classes that weigh more or less, their weights in place of rows)
 * a leaf; as alpha grows, those that are worth least go first.
 */
#include "learn/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static double risk_of(const struct tree *t, size_t i)
{
	return tree_mass(t, i) / tree_mass(t, 0) * t->node[i].impurity;
}

/* What is to go is marked as a leaf; the nodes that are left move together.
 * Levels still lie one behind the other, and siblings side by side. */
static void close_up(struct tree *t)
{
	size_t *to = mem_array(t->nodes, sizeof(*to)), n = 1;
	bool *stays = mem_array(t->nodes, sizeof(*stays));

	stays[0] = true;
	for (size_t i = 0; i < t->nodes; i++) {
		struct tree_node *node = &t->node[i];

		if (!stays[i])
			continue;
		if (i > 0 && to[i] != i) {
			t->node[to[i]] = *node;
			memmove(t->count + to[i] * t->counts,
				t->count + i * t->counts,
				t->counts * sizeof(*t->count));
		}
		if (node->column == TREE_LEAF)
			continue;
		stays[node->left] = stays[node->left + 1] = true;
		to[node->left] = n;
		to[node->left + 1] = n + 1;
		t->node[to[i]].left = (uint32_t)n;
		n += 2;
	}
	t->nodes = n;
	free(stays);
	free(to);
}

void tree_prune(struct tree *tree, double alpha)
{
	double *cost = mem_array(tree->nodes, sizeof(*cost));

	alpha /= tree->unit;
	for (size_t i = tree->nodes; alpha > 0 && i-- > 0;) {
		struct tree_node *n = &tree->node[i];
		double alone = risk_of(tree, i) + alpha;

		cost[i] = alone;
		if (n->column == TREE_LEAF)
			continue;
		cost[i] = cost[n->left] + cost[n->left + 1];
		if (alone > cost[i])
			continue;
		cost[i] = alone;
		n->column = TREE_LEAF;
	}
	free(cost);
	close_up(tree);
}

/* What the splits that are left are worth, from the leaves up. */
struct worth {
	double risk;		/* of the leaves below, or of itself */
	size_t leaves;
};

static double find_worth(const struct tree *t, struct worth *w,
			 const bool *leaf, size_t *weakest)
{
	double least = INFINITY;

	for (size_t i = t->nodes; i-- > 0;) {
		const struct tree_node *n = &t->node[i];
		double worth;

		w[i] = (struct worth){ risk_of(t, i), 1 };
		if (leaf[i])
			continue;
		worth = w[i].risk;
		w[i].risk = w[n->left].risk + w[n->left + 1].risk;
		w[i].leaves = w[n->left].leaves + w[n->left + 1].leaves;
		worth = (worth - w[i].risk) / (double)(w[i].leaves - 1);
		/* Of equals the one that is nearest to the root. */
		if (worth <= least) {
			least = worth;
			*weakest = i;
		}
	}
	return least;
}

/* A node taken back takes all below it along. */
static void take_back(const struct tree *t, bool *leaf, size_t node)
{
	leaf[node] = true;
	for (size_t i = node; i < t->nodes; i++)
		if (leaf[i] && t->node[i].column != TREE_LEAF)
			leaf[t->node[i].left] = leaf[t->node[i].left + 1] =
				true;
}

struct prune_step *tree_prune_path(const struct tree *tree, size_t *steps)
{
	struct worth *w = mem_array(tree->nodes, sizeof(*w));
	bool *leaf = mem_array(tree->nodes, sizeof(*leaf));
	struct prune_step *path = NULL;
	double least, alpha = 0;
	size_t n = 0, weakest = 0;

	for (size_t i = 0; i < tree->nodes; i++)
		leaf[i] = tree->node[i].column == TREE_LEAF;
	for (;;) {
		least = find_worth(tree, w, leaf, &weakest);
		path = mem_grow(path, n, sizeof(*path));
		path[n++] = (struct prune_step){ alpha * tree->unit,
						 w[0].risk * tree->unit,
						 w[0].leaves };
		if (leaf[0])
			break;
		take_back(tree, leaf, weakest);
		alpha = fmax(least, alpha);
	}
	free(leaf);
	free(w);
	*steps = n;
	return path;
}
