/*
 * faults.h - what is wrong with single rows and cells of a file
 *
 * Nothing of a file is thrown away because it looks wrong: it is read, counted
 * and noted here, so that one can walk through it.  All faults are counted;
 * the first FAULTS_KEPT of them, in the order of the rows, are kept.  They are
 * the same for any number of threads.
 */
#ifndef GEMBA_FAULTS_H
#define GEMBA_FAULTS_H

#include <stddef.h>
#include <stdint.h>

struct column;
struct table;

enum fault_kind {
	FAULT_RAGGED,		/* the row has too many or too few cells */
	FAULT_QUOTE,		/* the file ends within quotes in this cell */
	FAULT_NUL,		/* the cell has a NUL in it */
	FAULT_BYTES,		/* the cell is not UTF-8 */
	FAULT_LONG,		/* the cell has more than FAULT_LENGTH bytes */
	FAULT_ODD,		/* the cell is not what its column says */
	FAULT_KINDS
};

/* "ragged", "open quote", "NUL", "not UTF-8", "long", "odd". */
extern const char *const fault_name[FAULT_KINDS];

enum { FAULTS_KEPT = 10000, FAULT_LENGTH = 65536 };

struct fault {
	size_t row;		/* from 0 */
	enum fault_kind kind;
	uint32_t column;	/* of the cell; may be beyond those of the
				 * table in a row with too many.  0 when it is
				 * the row */
	size_t size;		/* RAGGED: how many cells it has; LONG: bytes */
};

struct faults {
	size_t count[FAULT_KINDS];	/* of all */
	size_t n;
	struct fault *fault;	/* owned: by row, then by kind and column */
};

void faults_clear(struct faults *faults);

size_t faults_total(const struct faults *faults);

/* For the reader, whose faults come in the order of the rows. */
void faults_add(struct faults *faults, const struct fault *fault);
/* Those of rows that begin behind the row first. */
void faults_append(struct faults *faults, const struct faults *more,
		   size_t first);

/* Add the odd cells of all columns, and bring all into order. */
void faults_finish(struct faults *faults, const struct column *column,
		   size_t columns, size_t rows);

/* The faults of a row: fault[first] ... fault[first + n - 1]; n is returned. */
size_t faults_of_row(const struct faults *faults, size_t row, size_t *first);

/* What is wrong, in words: "5 cells, not 4", "temp: I/O Timeout". */
enum { FAULT_TEXT = 256 };
const char *fault_text(const struct table *table, const struct fault *fault,
		       char text[FAULT_TEXT]);

#endif
