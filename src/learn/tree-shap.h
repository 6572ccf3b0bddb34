/*
 * tree-shap.h - what each column of a row had its share in, in a tree
 *
 * Shapley's value of a column is how much what is told of the row changes when
 * the column becomes known, as a mean over all orders in which columns may
 * become known.  While a column is not known, a question about it is answered
 * both ways, each as often as training rows went there: "path-dependent" in
 * Lundberg, Erion and Lee, "Consistent individualized feature attribution for
 * tree ensembles" (2018), whose second algorithm this is.  It takes leaves
 * times depth squared, not two to the power of the columns.
 */
#ifndef GEMBA_TREE_SHAP_H
#define GEMBA_TREE_SHAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A tree as one row sees it; node 0 is the root. */
struct shap_node {
	uint32_t left;		/* 0: a leaf; the right one is the next */
	uint32_t column;	/* that it asks about */
	bool goes_left;		/* the row does */
	double cover;		/* training rows that came here, above 0 */
	const double *value;	/* of a leaf: what it tells */
};

/*
 * Add to base, one for each output, what the tree tells of all that it has
 * learned from, and to part, outputs by p, how far each column moves the row
 * from there.  depth: questions from the root to a leaf, at most.
 */
void tree_shap(const struct shap_node *node, size_t depth, size_t p,
	       size_t outputs, double *base, double *part);

#endif
