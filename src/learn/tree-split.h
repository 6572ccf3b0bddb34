/*
 * tree-split.h - the best question about one column, for the rows of one node
 *
 * What the rows of a node are in one column is counted by bins, in cells: of
 * each bin the rows of each class, or their number and the sum of their
 * targets.  Only tree-grow.c uses this.
 */
#ifndef GEMBA_TREE_SPLIT_H
#define GEMBA_TREE_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/tree.h"

/* Rows of a bin and the sum of their targets, in whole parts of the range. */
struct moment {
	int64_t rows, sum;
};

/* Of a category. */
enum { CELLS_MAX = BINS_MAX + 1 };

#define NO_BIN UINT32_MAX

/* The bins that hold any of a node's rows. */
struct cells {
	size_t n;
	bool missing;		/* the last one is of missing cells */
	uint16_t *bin;		/* ascending */
	uint32_t *at;		/* where in the next: */
	const uint32_t *count;	/* classes: classes of them for each cell */
	const struct moment *moment;	/* numbers: one for each cell */
};

struct split {
	bool found, missing_left, missing_seen;
	uint32_t column;
	double gain;		/* in rows times impurity */
	uint32_t low, high;	/* of a number: the bins on both sides of the
				 * cut; high is NO_BIN when only missing
				 * cells are to the right */
	struct tree_set set;	/* of a category */
};

/* What is needed to look at one node's cells; one for each thread. */
struct seeker {
	size_t classes;		/* 0: numbers */
	enum tree_criterion criterion;
	double leaf;		/* rows in a leaf at least */
	double parts;		/* of numbers: of the unit */
	/* The node. */
	double rows, sum, information;
	double *total;		/* owned, as all below: rows of each class */
	double *left;
	double *axis, *share;	/* of a category with many classes, or NULL */
};

void seeker_init(struct seeker *s, const struct tree_options *options,
		 size_t classes, double parts, bool categories);
void seeker_clear(struct seeker *s);

/* The node to look at: the rows of each class, or their moment. */
void seeker_node(struct seeker *s, const uint32_t *count,
		 const struct moment *moment);

/*
 * The best split by one column; what is in *best is replaced when this one is
 * better, or when none was found yet.
 */
void seek_number(struct seeker *s, const struct cells *cells, uint32_t column,
		 struct split *best);
void seek_category(struct seeker *s, const struct cells *cells,
		   uint32_t column, struct split *best);

/* True when a is better than b for so many rows, beyond rounding. */
bool split_better(enum tree_criterion criterion, double rows,
		  const struct split *a, const struct split *b);

static inline bool set_has(const struct tree_set *set, size_t bin)
{
	return set->bits[bin / 64] >> bin % 64 & 1;
}

static inline void set_add(struct tree_set *set, size_t bin)
{
	set->bits[bin / 64] |= (uint64_t)1 << bin % 64;
}

#endif
