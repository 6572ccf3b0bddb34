/*
 * table.h - typed columns in memory
 *
 * A table is what a file says, column by column: numbers as an array of
 * double, categories and texts as an array of level numbers.  It is read once,
 * and not changed after that: many threads may look at it.
 *
 * A missing number is NaN.  A cell that is not what its column says ("I/O
 * Timeout" among temperatures) is odd: it is a NaN too, one that remembers its
 * text, see table_odd().
 */
#ifndef GEMBA_TABLE_H
#define GEMBA_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "base/mem.h"
#include "data/dates.h"
#include "data/faults.h"
#include "data/source.h"
#include "data/when.h"

/*
 * TEXT is what is neither a number nor a time nor few enough levels to be a
 * category (two at most, or 1,000 at most and half as many as there are
 * values).  A TIME is a number too, of seconds: see when.h.
 */
enum column_type {
	COLUMN_NUMBER, COLUMN_CATEGORY, COLUMN_TEXT, COLUMN_TIME, COLUMN_TYPES
};

/* "number", "category", "text", "time". */
extern const char *const column_type_name[COLUMN_TYPES];

/* CATEGORY or TEXT, for so many levels among so many values. */
enum column_type column_type_of_levels(size_t levels, size_t values);

#define LEVEL_MISSING UINT32_MAX

struct column {
	const char *name;
	const char *unit;	/* "K" for "temp [K]" or "temp (K)", or NULL */
	enum column_type type;
	double *number;		/* NUMBER, TIME: one for each row, else NULL */
	uint32_t *code;		/* CATEGORY, TEXT: one for each row, else NULL:
				 * an index into level[], or LEVEL_MISSING */
	const char **level;	/* in sorted order; as numbers when all are */
	size_t levels;
	const char **odd;	/* with numbers: the distinct texts of odd
				 * cells */
	size_t odds;
	size_t odd_cells;	/* with numbers: how many cells are odd */
	size_t missing;		/* cells that hold nothing; odd ones are not
				 * among them */
	struct when_form form;	/* TIME: how the cells were written */
};

struct table {
	size_t rows, columns;
	struct column *column;	/* owned, with their arrays */
	size_t derived;		/* the last so many columns stand in no file */
	struct arena *arena;	/* owned: the names, levels and odd texts */
	const struct table *base;	/* borrowed, see table_retyped() */
	size_t ragged;		/* rows with too many or too few cells */
	bool unterminated;	/* the file ends within quotes */
	struct faults faults;	/* of rows and cells; owned, unless there is
				 * a base */
	char decimal, thousands;	/* the marks in the numbers of the file,
				 * see number_read() */
	struct date_order dates;	/* in its times */
};

/*
 * Read all the rows of a source.  Every column is a number column unless more
 * than one in twenty of its cells that are not missing is not a number; and
 * else a time column by the same measure.  A row that is too short has missing
 * cells at its end; what a row has too many is counted as ragged and stays in
 * the file.  A NUL in a level or an odd text stands there as U+2400.
 */
struct table *table_read(const struct source *source, struct job *job,
			 struct err *err);

/*
 * The same table with other types: type[i] for each column.  What is not
 * changed is borrowed from base, which must outlive the result.  Numbers as
 * categories are named by number_format(), times by when_format(); what cannot
 * be read as a number or a time is odd.  Numbers as times are seconds since
 * 1970, or milliseconds when all of them are that large.  type may be NULL:
 * all as in base.
 */
struct table *table_retyped(const struct table *base,
			    const enum column_type *type, struct err *err);
void table_free(struct table *table);

/*
 * For a retyped table that nobody else sees yet.  What is changed there must
 * not be borrowed from its base: own says that the numbers, or codes, of a
 * column are to be written to.  Levels and odd texts are not: see relevel.
 */
bool table_own(struct table *table, size_t column, struct err *err);
/* The same for numbers that are all written anew: what was borrowed is not
 * copied. */
bool table_own_numbers(struct table *table, size_t column, struct err *err);
/* One more column at the end, a derived one, all of zeros; its name and levels
 * are to be in the arena.  The pointer is valid until the next. */
struct column *table_add(struct table *table);
/* A derived column taken for something else, as table_retyped() does it. */
bool table_retype(struct table *table, size_t column, enum column_type type,
		  struct err *err);
/*
 * A category or text whose level l is text[l] from now on, NULL for missing,
 * and equal ones become one; texts are copied.  *cells have changed.
 */
bool table_relevel(struct table *table, size_t column,
		   const char *const *text, size_t *cells, struct err *err);

/* What a cell says: a level, an odd text, a number as number_format() has it;
 * "" for missing.  In buf or in the table. */
enum { TABLE_TEXT = 64 };
const char *table_text(const struct column *column, size_t row,
		       char buf[TABLE_TEXT]);

/* The column of that name, or -1. */
int table_find(const struct table *table, const char *name);

/* The text of an odd cell of a number or time column; NULL: it is not odd. */
const char *table_odd(const struct column *column, size_t row);

static inline bool table_is_missing(const struct column *c, size_t row)
{
	return c->number ? c->number[row] != c->number[row]
			 : c->code[row] == LEVEL_MISSING;
}

#endif
