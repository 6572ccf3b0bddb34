/*
 * tree-split.h - the best question about one column, for the rows of one node
 *
 * What the rows of a node are in one column is counted by bins, in cells: of
 * each bin the rows of each class, or their number and the sum of their
 * targets.  Rows of a class may weigh more than others.  Only tree-grow.c and
 * its like use this.
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

/*
 * The bins of a node's rows.  Collected, they are those that hold any; else
 * there may be empty ones, and there are two classes or numbers.
 */
struct cells {
	size_t n;
	bool missing;		/* the last one is of missing cells */
	const uint16_t *bin;	/* ascending; NULL: cell i is bin i */
	const uint32_t *at;	/* where in the next; NULL: not collected */
	const uint32_t *count;	/* classes: classes of them for each cell */
	const struct moment *moment;	/* numbers: one for each cell */
};

struct split {
	bool found, missing_left, missing_seen;
	uint32_t column;
	double gain;		/* in rows, or their weight, times impurity */
	double even;		/* rows on the smaller side */
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
	double *weight;		/* owned: of a row of each class */
	/* The node. */
	const uint32_t *count;	/* rows of each class */
	double rows, mass;	/* mass: the sum of their weights */
	int64_t sum;
	double information;
	double *total;		/* owned, as all below: mass of each class */
	double *left;
	double *axis, *share;	/* of a category with many classes, or NULL */
};

void seeker_init(struct seeker *s, const struct tree_options *options,
		 size_t classes, const double *weight, double parts,
		 bool categories);
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

/* True when a is better than b for a node of such a mass, beyond rounding; or
 * as good, and parts the rows more evenly. */
bool split_better(enum tree_criterion criterion, double mass,
		  const struct split *a, const struct split *b);

static inline size_t bin_at(const struct cells *c, size_t i)
{
	return c->bin ? c->bin[i] : i;
}

static inline bool set_has(const struct tree_set *set, size_t bin)
{
	return set->bits[bin / 64] >> bin % 64 & 1;
}

static inline void set_add(struct tree_set *set, size_t bin)
{
	set->bits[bin / 64] |= (uint64_t)1 << bin % 64;
}

#endif
