/*
 * tree-cut.h - where a column of numbers is cut into bins
 *
 * Only tree-bins.c uses this.
 */
#ifndef GEMBA_TREE_CUT_H
#define GEMBA_TREE_CUT_H

#include "learn/tree-bins.h"

/* Rows that are read at a time. */
enum { CUT_BLOCK = 1024 };

/* What one column is read through. */
struct reading {
	const struct column *column;
	const struct treatment *treatment;	/* NULL: cells as they are */
	bool indicator;		/* not the cells: whether they were missing */
	const uint32_t *row;
	size_t n;
	bool exact;
	const struct job *job;
};

/*
 * The largest value of each bin but the last, which is for all above; padded
 * with infinities to a number one less than a power of two.
 */
struct limits {
	double *limit;		/* owned */
	size_t bins, half;	/* half of that power */
};

/* n cells of it, from row[start] on; -0 becomes 0, so that the two are one
 * value. */
void cut_read(const struct reading *from, size_t start, size_t n, double *x,
	      size_t stride);

/* False: no memory, or stopped. */
bool cut_find(const struct reading *from, struct limits *to);

#endif
