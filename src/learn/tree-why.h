/*
 * tree-why.h - trees and forests asked about other cells, and why they tell
 * what they tell
 */
#ifndef GEMBA_TREE_WHY_H
#define GEMBA_TREE_WHY_H

#include "learn/design.h"
#include "learn/tree.h"
#include "learn/wood.h"

/* bins_block() of the cells that the design reads, which may be others than
 * those that the bins were learned from. */
void tree_read(const struct bins *bins, const struct design *design,
	       const uint32_t *row, size_t n, double *x);

/* Add to base and part, as tree_shap() does, for x of bins_block(). */
void tree_why(const struct tree *tree, const double *x, double *base,
	      double *part);
void wood_why(const struct wood *wood, size_t p, size_t outputs,
	      const double *x, double *base, double *part);

#endif
