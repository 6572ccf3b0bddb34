/*
 * boost-trees.h - the trees that XGBoost grew, to tell rows with
 *
 * XGBoost tells rows quickly, but one caller at a time.  So trees are taken out
 * of it, into 12 bytes a node.  Numbers are compared
 * and added up in 32 bits, in the order of the rounds, as XGBoost does it:
 * what is told is the same.
 */
#ifndef GEMBA_BOOST_TREES_H
#define GEMBA_BOOST_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct boost_node {
	union {
		float x;	/* what goes left is less than this; of a
				 * leaf: the value */
		uint32_t set;	/* of a category: where its levels are, that
				 * go right; of so many words: the first */
	};
	uint32_t left;		/* 0: a leaf; the right one is the next */
	uint32_t column : 30, category : 1, missing_left : 1;
};

struct boost_tree {
	size_t nodes;		/* node 0 is the root */
	struct boost_node *node;	/* owned */
	float *gain;		/* owned: of each node that is split */
	uint32_t *set;		/* owned: the number of words, then they; or
				 * NULL */
};

/* Tree t belongs to round t / outputs, and to output t % outputs. */
struct boost_trees {
	size_t outputs;
	size_t trees;
	struct boost_tree *tree;	/* owned */
};

/* The trees of so many more rounds, from what library->Save() gave as UBJSON.
 * False, and there are none more: no memory, or one is not finite. */
bool boost_trees_add(struct boost_trees *trees, size_t rounds,
		     const char *model, size_t size, struct err *err);
void boost_trees_clear(struct boost_trees *trees);

/* Add what trees first ... end - 1 tell of n rows of p to score, n by
 * outputs. */
void boost_trees_tell(const struct boost_trees *trees, size_t first,
		      size_t end, const float *x, size_t n, size_t p,
		      float *score);

/* How many leaves they have, and questions to the deepest of them. */
struct boost_sizes {
	size_t leaves, depth;
};
struct boost_sizes boost_trees_sizes(const struct boost_trees *trees,
				     size_t end);

#endif
