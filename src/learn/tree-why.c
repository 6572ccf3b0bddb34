#include "learn/tree-why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/tree-shap.h"
#include "learn/tree-split.h"

void tree_read(const struct bins *bins, const struct design *design,
	       const uint32_t *row, size_t n, double *x)
{
	struct bins other = *bins;

	if (design->table == bins->table) {
		bins_block(bins, row, n, x);
		return;
	}
	other.table = design->table;
	other.column = mem_array(bins->p, sizeof(*other.column));
	for (size_t j = 0; j < bins->p; j++) {
		struct bin_column *c = &other.column[j];

		*c = bins->column[j];
		if (c->treatment)
			c->treatment = &design->treatment[c->column];
	}
	bins_block(&other, row, n, x);
	free(other.column);
}

/* ---- a tree ---- */

static void tell_leaf(const struct tree *t, size_t at, double *value)
{
	double mass = tree_mass(t, at);

	if (t->classes == 0)
		*value = t->node[at].value;
	else if (t->classes <= 2)
		*value = tree_mass_of(t, at, 1) / mass;
	for (size_t k = 0; k < t->classes && t->classes > 2; k++)
		value[k] = tree_mass_of(t, at, k) / mass;
}

static bool tree_goes_left(const struct tree *t, const struct tree_node *n,
			   double x)
{
	if (isnan(x))
		return n->missing_left;
	if (t->bins->column[n->column].category)
		return set_has(&t->set[n->set], (size_t)x);
	return x <= n->threshold;
}

void tree_why(const struct tree *t, const double *x, double *base,
	      double *part)
{
	size_t outputs = wood_outputs(t->classes);
	struct shap_node *node = mem_array(t->nodes, sizeof(*node));
	double *value = mem_array(t->nodes * outputs, sizeof(*value));

	for (size_t i = 0; i < t->nodes; i++) {
		const struct tree_node *n = &t->node[i];

		node[i].cover = n->rows;
		node[i].value = value + i * outputs;
		if (n->column == TREE_LEAF) {
			tell_leaf(t, i, value + i * outputs);
			continue;
		}
		node[i].left = n->left;
		node[i].column = n->column;
		node[i].goes_left = tree_goes_left(t, n, x[n->column]);
	}
	tree_shap(node, tree_depth(t), t->bins->p, outputs, base, part);
	free(value);
	free(node);
}

/* ---- one of many ---- */

static bool wood_goes_left(const struct wood *w, const struct wood_node *n,
			   double x)
{
	if (isnan(x))
		return n->missing_left;
	return n->category ? set_has(&w->set[(size_t)n->x], (size_t)x)
			   : x <= n->x;
}

void wood_why(const struct wood *w, size_t p, size_t outputs,
	      const double *x, double *base, double *part)
{
	struct shap_node *node = mem_array(w->nodes, sizeof(*node));
	double *share = mem_array(w->leaves * outputs, sizeof(*share));

	for (size_t i = 0; w->share && i < w->leaves * outputs; i++)
		share[i] = w->share[i];
	for (size_t i = 0; i < w->nodes; i++) {
		const struct wood_node *n = &w->node[i];

		node[i].cover = w->cover[i];
		node[i].left = n->left;
		if (n->left == 0) {
			node[i].value = w->share ? share + (size_t)n->x
						 : &n->x;
			continue;
		}
		node[i].column = n->column;
		node[i].goes_left = wood_goes_left(w, n, x[n->column]);
	}
	tree_shap(node, w->depth, p, outputs, base, part);
	free(share);
	free(node);
}
