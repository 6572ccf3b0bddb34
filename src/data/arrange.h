/*
 * arrange.h - rows in the order of their columns
 *
 * For looking at a table: the largest first, the latest of each press.  Values
 * are compared, not texts: numbers as numbers (-0 is 0), categories and texts
 * by the order of their levels.  A cell without a value comes last, whichever
 * the direction: odd cells, those of one text together, and then missing ones.
 * Rows that are equal in all keys stay in the order in which they stand, also
 * downwards.
 */
#ifndef GEMBA_ARRANGE_H
#define GEMBA_ARRANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "data/rows.h"
#include "data/table.h"

/* So many keys at most. */
enum { ARRANGE_KEYS = 4 };

struct arrange_key {
	size_t column;		/* number of a column of the table */
	bool down;		/* the largest first */
};

/*
 * Put rows into the order of the keys, the first of them the most important
 * one.  A radix sort from the least important key to the first.  When it
 * fails or is cancelled, rows are as they were.
 */
bool arrange_rows(const struct table *table, const struct arrange_key *key,
		  size_t keys, struct rows *rows, struct job *job,
		  struct err *err);

/*
 * Only the first n of that order, as row numbers into first (room for n), for
 * what a screen shows before the rest is ready; rows stay as they are.  *found
 * is n, or rows->n if that is less.  One pass, as long as n is small.
 */
bool arrange_first(const struct table *table, const struct arrange_key *key,
		   size_t keys, const struct rows *rows, size_t n,
		   uint32_t *first, size_t *found, struct job *job,
		   struct err *err);

#endif
