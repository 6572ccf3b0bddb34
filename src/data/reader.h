/*
 * reader.h - from bytes to rows
 *
 * A reader walks over a file from any byte on and finds the rows in it, with
 * libcsv.  A row in which there is no quote needs no parser to know where it
 * ends: who asks for it gets such a row as a plain line.  A reader belongs to
 * one thread; the file is only read with pread(), so many may share it.
 */
#ifndef GEMBA_READER_H
#define GEMBA_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/cell.h"
#include "data/dialect.h"

struct reader;

enum reading {
	READ_ROW,	/* cells */
	READ_LINE,	/* a row, not yet cut into cells at the delimiter */
	READ_END,
	READ_OPEN,	/* a row is open at the limit: see reader_limit() */
	READ_FAILED
};

/* What was read last; it is gone with the next reader_next(). */
struct row {
	uint64_t begin;			/* the byte at which it begins */
	const struct cell *cell;	/* READ_ROW */
	size_t cells;
	const char *line;		/* READ_LINE, without its terminator */
	size_t len;
};

/* Bytes from at on; room is how many are read at once. */
struct reader *reader_new(int fd, const struct dialect *dialect, uint64_t at,
			  size_t room, struct err *err);
void reader_free(struct reader *reader);

void reader_seek(struct reader *reader, uint64_t at);

/* Go to the first byte from at on that follows the end of a line. */
bool reader_seek_line(struct reader *reader, uint64_t at, uint64_t *found,
		      struct err *err);

/* Rows without a quote are wanted as plain lines; never given where a run of
 * blanks stands between two cells. */
void reader_plain(struct reader *reader, bool plain);

/* The file ends there, even if there is more in it. */
void reader_end(struct reader *reader, uint64_t at);

/* Do not follow an open row beyond this byte. */
void reader_limit(struct reader *reader, uint64_t at);

enum reading reader_next(struct reader *reader, struct row *row,
			 struct err *err);

/* The byte at which the next row or an empty line begins. */
uint64_t reader_at(const struct reader *reader);

/* After READ_ROW: the file ended within its quotes. */
bool reader_unterminated(const struct reader *reader);

#endif
