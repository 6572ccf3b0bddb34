/*
 * tree-bins.h - columns as a tree sees them: numbers of bins, a byte or two
 *
 * A tree asks of a number only where it stands among the others.  So each
 * column is cut into bins once, and growing reads whole numbers.  Up to 65,535
 * rows each distinct value has a bin of its own, and nothing is lost.  Of more
 * rows that holds for columns with no more than 255 distinct values; others
 * have as many bins, of about the same number of rows each, and a value that
 * many rows share has one by itself.  A level of a category is a bin; where
 * there are more than 255 of them the rarest share the last one.  Missing cells
 * have a bin of their own behind the others.
 */
#ifndef GEMBA_TREE_BINS_H
#define GEMBA_TREE_BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/rows.h"
#include "data/table.h"
#include "data/treatment.h"

enum {
	BINS_MAX = 255,		/* of a category, or of many rows */
	BINS_ROWS = 65535,	/* with more rows values may share a bin */
	BINS_UNSEEN = 255	/* of a level that no training row has */
};

struct bin_column {
	char *name;		/* owned */
	size_t column;		/* of the table */
	const struct treatment *treatment;	/* borrowed; NULL: as it is */
	bool category;
	bool indicator;		/* 1 where the cell was missing, else 0 */
	bool shared;		/* the last bin is of several rare levels */
	size_t bins;		/* the one of missing cells, number bins, is
				 * not among them */
	bool missing;		/* training rows have missing cells there */
	/* Numbers; owned: the smallest and largest value in each bin. */
	double *low, *high;
	/* Categories; owned: the bin of each of so many levels, and what each
	 * bin is called. */
	uint8_t *bin_of;
	size_t levels;
	char **name_of;
};

struct bins {
	const struct table *table;	/* borrowed */
	size_t p;
	struct bin_column *column;	/* owned: p */
};

/*
 * The training rows: see codes_bin().  Columns stand side by side in groups, so
 * that what one row has in all of a group lies together, and each group is the
 * work of one thread.
 */
struct codes {
	size_t n, p;
	bool narrow;		/* a cell is a byte, else two */
	void *cell;		/* owned: n by p */
	size_t *at;		/* owned: p; of the first row of a column */
	size_t *stride;		/* owned: p; from there to the next row */
	size_t groups;
	size_t *first;		/* owned: groups + 1; group g has the columns
				 * first[g] ... first[g + 1] - 1 */
};

/* Cell at.  Where narrow is a constant, nothing is asked. */
static inline size_t codes_cell(const void *cell, bool narrow, size_t at)
{
	return narrow ? ((const uint8_t *)cell)[at]
		      : ((const uint16_t *)cell)[at];
}

/* The bin of row i in column j. */
static inline size_t codes_bin(const struct codes *codes, size_t j, size_t i)
{
	return codes_cell(codes->cell, codes->narrow,
			  codes->at[j] + i * codes->stride[j]);
}

enum { BINS_EXACT = 1, BINS_APART = 2 };

/*
 * Bins of the given columns (numbers of the table's columns, none of them
 * free text; where indicator[] is true, of its indicator), learned from n rows;
 * they are read fastest when row[] goes up.  treatment[c] belongs to column c
 * of the table; NULL: nothing is done to any.  how is a sum of BINS_EXACT,
 * without which no column has more than BINS_MAX bins, however few the rows;
 * and BINS_APART for forests, whose nodes look at few of the columns: then each
 * column is a group.  False: no memory, or job_stopped(), and nothing is to be
 * cleared.
 */
bool bins_init(struct bins *bins, struct codes *codes,
	       const struct table *table, const size_t *column,
	       const bool *indicator, size_t columns,
	       const struct treatment *treatment,
	       const uint32_t *row, size_t n, unsigned how, struct job *job,
	       struct err *err);
void bins_clear(struct bins *bins);
void codes_clear(struct codes *codes);

/*
 * Some of the rows, by number (NULL: all n), as rows 0, 1 ... of *to, and all
 * columns of them in few groups: where nodes look at few of the rows, those of
 * a row share a line of the cache.  False: no memory, or job_stopped().
 */
bool codes_gather(const struct codes *codes, const uint32_t *row, size_t n,
		  struct codes *to, const struct job *job);

/* Fill x, n by p: numbers, numbers of bins for categories; missing is NaN. */
void bins_block(const struct bins *bins, const uint32_t *row, size_t n,
		double *x);

/* A value of a number column in the unit that it has in the file. */
double bins_in_file(const struct bins *bins, size_t j, double x);

#endif
