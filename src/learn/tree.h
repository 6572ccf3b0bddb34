/*
 * tree.h - decision trees: classes and numbers by questions of one column each
 *
 * Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees"
 * (1984).  A node with n rows is split in two so that
 *
 *	n i(node) - n_left i(left) - n_right i(right)
 *
 * is largest, i being what is left to find out of a node's rows: Gini's index
 * 1 - sum p_k^2, the entropy -sum p_k log2 p_k, or the mean squared error
 * about the mean.  Divided by the number of all rows this is the gain of the
 * split; the sum of the gains of a column is its importance.
 *
 *	g = tree_begin(&bins, &codes, &target, &options, job, err);
 *	while (tree_level(g, job, err) == TREE_MORE)
 *		look at tree_so_far(g);		(it can be used as it is)
 *	struct tree *tree = tree_end(g);
 *
 * This is the engine: it knows nothing of methods, results and screens.  Trees,
 * forests and whatever else grows trees use it.
 *
 * Missing cells: each split tries them on either side and keeps the better one;
 * a split that parts missing cells from all others is tried, too.  Where a
 * node's rows had none, they go where more of its rows went, and so do levels
 * that were not among them.
 *
 * Categories are split into two sets of levels.  With two classes or numbers
 * the best set is found: levels in the order of their mean, cut in two
 * (Breiman et al., theorem 4.5), and missing cells are one more level.  With
 * more classes the order is that of the first principal component of the
 * levels' class shares (Coppersmith, Hong and Hosking, Data Mining and
 * Knowledge Discovery 3, 1999): good, but not always the best.
 *
 * Of splits that are equally good to twelve digits that one counts which parts
 * the rows most evenly.  Of many equal classes each cut between two is as good
 * as any other, and a tree that peels off one after the other would need as
 * many levels.  Of those that do so equally the first counts: columns in the
 * order of the bins, cuts from the lowest value up.
 *
 * Classes may weigh more than others: then shares, impurities and gains are
 * those of the weights; rows in a leaf are still rows.
 *
 * Counts, and sums of targets in 62-bit whole numbers, are exact in any order;
 * so a tree is the same to the last bit however many threads grow it.
 */
#ifndef GEMBA_TREE_H
#define GEMBA_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "learn/tree-bins.h"

enum tree_criterion { TREE_GINI, TREE_ENTROPY, TREE_SQUARES };

struct tree_options {
	enum tree_criterion criterion;
	size_t depth;		/* at most; 0: a lone leaf */
	size_t leaf;		/* rows in a leaf at least */
	size_t split;		/* rows in a node that is split, at least */
	/* For forests: columns drawn by chance for each node, and more of them
	 * while none can split it; 0: all are tried. */
	size_t columns;
	uint32_t seed;
};

/* What is to be told of each training row; one of the two is NULL. */
struct tree_target {
	size_t classes;		/* 0: numbers */
	const uint32_t *y;	/* below classes */
	const double *number;	/* finite */
	/* How much a row of each class counts, above 0.  NULL: all the
	 * same. */
	const double *class_weight;
	/* For forests: so many of the rows, a row maybe more than once; it is
	 * quicker when they go up.  NULL: all. */
	const uint32_t *row;
	size_t rows;
	/* How often each of all rows counts, and the sum of that over row[].
	 * NULL: once. */
	const uint16_t *draws;
	size_t draws_in_all;
};

#define TREE_LEAF UINT32_MAX

/* Bars of the small histogram of numbers in a node. */
enum { TREE_BARS = 8 };

struct tree_node {
	uint32_t column;	/* of the bins; TREE_LEAF: no question */
	uint32_t left;		/* a node, behind this one; the right one is
				 * the next */
	bool missing_left;
	bool missing_seen;	/* the node's rows had missing cells there */
	double threshold;	/* of a number: at most that goes left;
				 * infinite: all that is not missing */
	uint32_t set;		/* of a category: number of a set */
	uint32_t rows;
	uint32_t depth;
	double value;		/* the mean of numbers */
	double impurity;	/* what is left to find out; of numbers in
				 * units of tree->unit */
	double gain;		/* of this split: what it takes away of that,
				 * times the share of all rows here */
};

/* Bit b: bin b goes left; the last bit is for levels of no training row. */
struct tree_set {
	uint64_t bits[4];
};

struct tree {
	const struct bins *bins;	/* borrowed */
	size_t classes;			/* 0: numbers */
	double unit;			/* of impurities and gains */
	double low, high;		/* the range of the numbers */
	size_t nodes;			/* node 0 is the root */
	struct tree_node *node;		/* owned */
	uint32_t *count;		/* owned: for each node the rows of
					 * each class, or, for numbers, of
					 * each bar from low to high */
	size_t counts;			/* of one node */
	double *class_weight;		/* owned, or NULL: all the same */
	size_t sets;
	struct tree_set *set;		/* owned */
};

enum tree_status { TREE_MORE, TREE_DONE, TREE_STOPPED, TREE_FAILED };

/* All borrowed, until tree_end(); options are copied.  NULL: no memory,
 * or job_stopped(). */
struct tree_grower *tree_begin(const struct bins *bins,
			       const struct codes *codes,
			       const struct tree_target *target,
			       const struct tree_options *options,
			       struct job *job, struct err *err);
/*
 * Split all the leaves of the deepest level.  MORE: some were; DONE: none could
 * be; STOPPED: job_stopped() said so, and no leaf was split.
 */
enum tree_status tree_level(struct tree_grower *grower, struct job *job,
			    struct err *err);
const struct tree *tree_so_far(const struct tree_grower *grower);
/* The tree, which the caller owns from now on. */
struct tree *tree_end(struct tree_grower *grower);

/* All of the above; NULL when it failed or was stopped. */
struct tree *tree_grow(const struct bins *bins, const struct codes *codes,
		       const struct tree_target *target,
		       const struct tree_options *options, struct job *job,
		       struct err *err);
void tree_free(struct tree *tree);

/* What the rows of a node weigh: their number, or the sum of the weights of
 * their classes; and what those of class k do. */
double tree_mass(const struct tree *tree, size_t node);
double tree_mass_of(const struct tree *tree, size_t node, size_t k);

/* The leaf that x, as bins_block() fills it, comes to. */
size_t tree_leaf(const struct tree *tree, const double *x);

size_t tree_leaves(const struct tree *tree);
size_t tree_depth(const struct tree *tree);

/* The share of each column in all gains; zeros when there is no split. */
void tree_importance(const struct tree *tree, double *importance);

/*
 * Minimal cost-complexity pruning: of all trees that remain when splits are
 * taken back, the smallest that minimises
 *
 *	sum over its leaves of rows / all rows * impurity + alpha * leaves
 *
 * alpha is in the unit of the impurity; 0 changes nothing.
 */
void tree_prune(struct tree *tree, double alpha);

/*
 * The alphas, ascending from 0, at which pruning takes back a split more; from
 * there on so many leaves are left, and this impurity in all of them.  The
 * first is the tree as it stands, the last a lone leaf.  Takes time with the
 * square of the nodes.  The caller frees it.
 */
struct prune_step {
	double alpha, impurity;
	size_t leaves;
};
struct prune_step *tree_prune_path(const struct tree *tree, size_t *steps);

#endif
