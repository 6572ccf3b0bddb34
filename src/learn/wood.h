/*
 * wood.h - many trees, each of them small: what a forest keeps of them
 *
 * A tree that has been grown knows the counts and gains of each of its nodes.
 * To tell a row it needs 16 bytes of a node, and of a leaf what it tells: the
 * mean of a number, the share of the second of two classes, or, of more
 * classes, all the shares.
 */
#ifndef GEMBA_WOOD_H
#define GEMBA_WOOD_H

#include "learn/tree.h"

struct wood_node {
	double x;		/* what goes left is at most this; number of a
				 * set; of a leaf: the value, or where its
				 * shares are */
	uint32_t left;		/* 0: a leaf; the right one is the next */
	uint32_t column : 30, category : 1, missing_left : 1;
};

struct wood {
	size_t nodes, leaves, depth;
	struct wood_node *node;		/* owned */
	struct tree_set *set;		/* owned; NULL: there is none */
	float *share;			/* owned: outputs for each leaf, of
					 * more than two classes, else NULL */
	uint32_t *cover;		/* owned: rows that came to each node */
};

/* Numbers told of a row by a tree of so many classes; 0: numbers. */
static inline size_t wood_outputs(size_t classes)
{
	return classes > 2 ? classes : 1;
}

struct wood *wood_new(const struct tree *tree);
void wood_free(struct wood *wood);

/* Add what it tells of n rows x of p, as bins_block() fills it, to what others
 * told. */
void wood_add(const struct wood *wood, size_t outputs, const double *x,
	      size_t p, size_t n, double *told);

/* The same of training rows, by their bins; what is told of row r is added to
 * told[r * outputs] and behind. */
struct wood_by_bins *wood_by_bins(const struct wood *wood,
				  const struct bins *bins);
void wood_by_bins_free(struct wood_by_bins *by_bins);
void wood_add_rows(const struct wood_by_bins *by_bins, size_t outputs,
		   const struct codes *codes, const uint32_t *row, size_t n,
		   double *told);

#endif
