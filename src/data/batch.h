/*
 * batch.h - some rows of a file, as values
 *
 * A table is read in pieces, by as many threads as there are cores.  A batch
 * is what one of them made of one piece: the values of its rows, column by
 * column, with texts numbered within the batch.  assemble.c puts the batches
 * one behind the other.
 */
#ifndef GEMBA_BATCH_H
#define GEMBA_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/dict.h"
#include "data/faults.h"
#include "data/source.h"
#include "data/when.h"

/* What is to be done with the cells of a column. */
enum take { TAKE_NUMBERS, TAKE_TIMES, TAKE_TEXTS, TAKE_NOTHING };

union value {
	double number;		/* NUMBERS, TIMES; odd cells: see odd.h */
	uint32_t code;		/* TAKE_TEXTS; or LEVEL_MISSING */
};

/* One column of a batch. */
struct part {
	enum take take;
	struct when_form form;	/* TAKE_TIMES */
	union value *value;	/* of each row; borrowed from the batch */
	struct dict texts;	/* the levels, or the odd texts; owned */
	size_t odd_cells, missing;
};

struct reader;

struct batch {
	const struct source *source;	/* borrowed */
	struct reader *reader;	/* owned */
	size_t columns;
	struct part *part;	/* owned: one for each column */
	union value *values;	/* owned: columns by room */
	struct arena *arena;	/* owned: the texts of all parts */
	bool no_memory;
	bool scan;		/* number_scan() may be used */

	/* The rows that begin in the bytes from start on, before stop, which is
	 * UINT64_MAX behind the last row of the file. */
	uint64_t start, stop;
	uint64_t *begin;	/* owned: of each row */
	size_t rows, room;
	size_t ragged;
	bool unterminated;
	struct faults faults;	/* owned; by rows of the batch */
};

/* A batch for take[] and, of times, form[] of each column; NULL: no memory. */
struct batch *batch_new(const struct source *source, const enum take *take,
			const struct when_form *form, struct err *err);
void batch_free(struct batch *batch);

/*
 * Read the rows that begin from start on and before end; fewer, when the batch
 * is full, or when one of them is still open at limit: stop tells.
 */
bool batch_read(struct batch *batch, uint64_t start, uint64_t end,
		uint64_t limit, struct err *err);

/*
 * The same from the first line on that begins at or after at.  This is a
 * guess: if that line begins within quotes the batch is nonsense, and only who
 * knows where the rows before it stop can tell.
 */
bool batch_guess(struct batch *batch, uint64_t at, uint64_t end,
		 uint64_t limit, struct err *err);

#endif
