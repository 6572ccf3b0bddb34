/*
 * sample.h - the beginning of a file, cut into rows and cells in memory
 *
 * To find a dialect, many are tried on the same bytes.  This cuts them as a
 * reader would (a test compares them), but copies nothing: doubled quotes stay
 * as they are, and cells do not end with a NUL.
 */
#ifndef GEMBA_SAMPLE_H
#define GEMBA_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/cell.h"

enum { SAMPLE_BYTES = 65536, SAMPLE_ROWS = 200 };

struct sample {
	char *bytes;		/* owned */
	size_t n;
	bool whole;		/* the file ends with them */
};

/* At most SAMPLE_BYTES from start on, and none from end on. */
bool sample_read(struct sample *sample, int fd, uint64_t start, uint64_t end,
		 struct err *err);
void sample_clear(struct sample *sample);

struct cut_row {
	size_t begin;		/* a byte of the sample */
	size_t first, cells;	/* cell[first] ... cell[first + cells - 1] */
	size_t filled;		/* cells with anything but blanks in them */
	bool gap;		/* an empty line stands before it */
};

/* The first SAMPLE_ROWS rows; the last one is left out if the sample ends
 * within it, unless there is no other. */
struct cut {
	struct cell *cell;	/* owned; the texts are bytes of the sample */
	struct cut_row *row;	/* owned */
	size_t rows, cells;
	size_t closed;		/* quoted cells that end behind their quotes */
	size_t broken;		/* that go on there, or do not end for lines */
};

void sample_cut(const struct sample *sample, char delimiter, char quote,
		struct cut *cut);
void cut_clear(struct cut *cut);

/* The cell without the blanks around it; an empty one where there is none. */
struct cell cut_cell(const struct cut *cut, size_t row, size_t column);

/* Pass over so many lines, or as many as there are: the byte behind them, and
 * *lines is what is left of them. */
size_t sample_pass(const struct sample *sample, size_t *lines);

/* How many lines end before the byte at. */
size_t sample_lines(const struct sample *sample, size_t at);

#endif
