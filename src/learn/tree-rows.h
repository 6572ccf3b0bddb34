/*
 * tree-rows.h - the training rows as trees take them: in the order in which
 * they lie in memory, and cut into bins
 */
#ifndef GEMBA_TREE_ROWS_H
#define GEMBA_TREE_ROWS_H

#include "learn/method.h"
#include "learn/tree-bins.h"

/* Targets are those of row[]; one of the two is NULL. */
struct tree_rows {
	size_t n;
	uint32_t *row, *y;	/* owned */
	double *number;		/* owned */
};

bool tree_rows_init(struct tree_rows *rows, const struct problem *problem,
		    struct err *err);
void tree_rows_clear(struct tree_rows *rows);

/* how: BINS_APART or 0; few rows have exact bins. */
bool tree_rows_bins(const struct tree_rows *rows,
		    const struct problem *problem, unsigned how,
		    struct bins *bins, struct codes *codes, struct job *job,
		    struct err *err);

#endif
