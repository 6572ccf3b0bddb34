/*
 * tree-grow.h - a tree while it grows, and the counting of its rows
 *
 * Only tree-begin.c, tree-grow.c, tree-seek.c and tree-cells.c use this.
 *
 * n rows, p columns.  The rows of a node lie side by side in row[]; a split
 * parts them in place.  A histogram is, for each bin of each column, what
 * struct cells says of it: column j has the cells from offset[j] on, the one
 * of missing cells behind those of its bins.
 */
#ifndef GEMBA_TREE_GROW_H
#define GEMBA_TREE_GROW_H

#include "learn/tree-split.h"

enum { CHECK_ROWS = 16384 };	/* between two looks at the job */

/* Where the rows of a node lie; of those that were drawn several times one. */
struct span {
	size_t first, rows;
	int64_t sum;		/* of their numbers, in whole parts */
	size_t parent;		/* a node; of the root: itself */
	void *cells;		/* owned: its histogram, or NULL */
};

/* For each thread. */
struct scratch {
	struct seeker seeker;
	struct cells cells;	/* in these: */
	uint16_t *bin;		/* owned */
	uint32_t *at;		/* owned */
	uint64_t *seen;		/* owned: a bit for each bin */
	uint16_t *place;	/* owned: where in the cells a bin is */
	uint32_t *count;	/* owned: of compact cells */
	struct moment *moment;	/* owned: the same */
};

struct tree_grower {
	struct tree *tree;	/* owned */
	const struct codes *codes;
	struct tree_options options;
	const uint32_t *y;	/* of classes, else NULL */
	const double *number;
	const uint16_t *draws;	/* NULL: each row counts once */
	struct settled *settled;	/* owned, or NULL: in place of those */
	int64_t *part;		/* owned: (number - centre) in whole parts */
	uint8_t *bar;		/* owned: of the small histogram */
	double half;		/* of the range; the unit is its square */
	double parts;		/* of half */
	size_t *offset;		/* owned: p + 1; the first cell of a column */
	size_t cell;		/* bytes */
	size_t dense;		/* rows of a node that has a histogram */
	size_t rows;		/* of the root, as the next */
	double mass;		/* what they weigh */
	size_t drawn;		/* rows that are different: */
	uint32_t *row, *spare;	/* owned */
	struct span *span;	/* owned: one for each node */
	size_t room;		/* nodes that there is room for */
	size_t level;		/* the first node of the deepest level */
	size_t kept;		/* bytes of histograms */
	struct scratch *scratch;	/* owned: threads of them */
	size_t threads;
};

/*
 * What the rows of a node are: counts, value and impurity.  It and its span
 * are there already.  When job_stopped(), only a part of it.
 */
void tree_look(struct tree_grower *g, size_t node, const struct job *job);
/* Room for so many nodes.  False: no memory. */
bool tree_room(struct tree_grower *g, size_t nodes);

/*
 * Put all that is known of the rows into the order in which the nodes have
 * them, and number them so: then those of a node lie side by side.  False: no
 * memory, or stopped; then all is as it was.
 */
bool tree_settle(struct tree_grower *g, const struct job *job);

/* Find a split of each node of the deepest level, where there is one.  False:
 * stopped. */
bool tree_seek(struct tree_grower *g, struct split *split,
	       const struct job *job);

/* Zeros, or NULL: no memory. */
void *cells_new(const struct tree_grower *g);

/* Count a node's rows in the columns of a group.  False: stopped. */
bool cells_fill(const struct tree_grower *g, size_t group, size_t node,
		void *cells, const struct job *job);

/* Take what a child has away from what its parent has: the other child's. */
void cells_subtract(const struct tree_grower *g, size_t group, void *from,
		    const void *child);

/* The cells of one column: from a histogram, or counted from the rows, into
 * the scratch. */
void cells_of(const struct tree_grower *g, const void *histogram,
	      size_t column, struct scratch *s);
void cells_count(const struct tree_grower *g, size_t node, size_t column,
		 struct scratch *s);

#endif
