/*
 * dialect.h - how the rows of a file are written
 *
 * What stands between two cells, around a cell and in a number; whether the
 * first row holds names; which texts stand for nothing.  All of it is found
 * from the beginning of the file, with a word on how sure that is, and the
 * user's options have the last word.  A dialect does not change after that.
 */
#ifndef GEMBA_DIALECT_H
#define GEMBA_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/option.h"

/* What the user may say of a file: encoding= delimiter= quote= header= ... */
extern const struct option source_options[];

/* The things that are found; each but the ends of lines is an option of the
 * same name. */
enum dialect_item {
	DIALECT_ENCODING, DIALECT_DELIMITER, DIALECT_QUOTE, DIALECT_HEADER,
	DIALECT_SKIP, DIALECT_DECIMAL, DIALECT_THOUSANDS, DIALECT_LINES,
	DIALECT_ITEMS
};

/* "delimiter", ";", 0.98, "98 of 100 rows have 9 cells". */
struct finding {
	const char *name;	/* of the item, and of the option */
	char value[24];		/* as the option takes it */
	double sure;		/* 0 to 1; 1 also when the user has said it */
	char why[100];
};

/* What 1/2/2024 means, where the user says it. */
enum dates { DATES_AUTO, DATES_DAY_FIRST, DATES_MONTH_FIRST };

enum line_end { LINE_LF, LINE_CRLF, LINE_CR };

/* Which texts mean that there is no value; see dialect_missing(). */
struct missing {
	size_t n;
	char **text;		/* owned */
	size_t longest;
	bool begins[256];	/* one of them may begin with this byte */
};

struct dialect {
	char delimiter;		/* , ; tab |, or a blank: a run of blanks and
				 * tabs, those around a row not counted */
	char quote;		/* " or ', or 0: quotes are letters */
	char decimal;		/* . or , */
	char thousands;		/* , . ' or a blank, or 0: none */
	bool header;		/* the first row holds the names */
	size_t skip;		/* lines before the first row */
	enum line_end lines;	/* of most; any ends a line */
	enum dates dates;
	struct missing missing;		/* in every column */
	struct missing in_numbers;	/* in columns of numbers and times */
	struct finding finding[DIALECT_ITEMS];	/* the encoding's is set by
						 * source_open() */
};

/*
 * Find the dialect of the bytes from start to end (64 KB of them at most are
 * looked at, and 200 rows); options may be NULL.  *first is where the first
 * row begins, behind the lines that are skipped.  d is all zeros before, and
 * is cleared by the caller also when this fails.
 */
bool dialect_find(struct dialect *d, int fd, uint64_t start, uint64_t end,
		  const struct option_values *options, uint64_t *first,
		  struct err *err);
void dialect_clear(struct dialect *d);

/*
 * True when the text stands for a missing cell; blanks around it, and whether
 * its letters are small, make no difference.  What a historian writes where it
 * has no value ("Bad", "I/O Timeout") is missing among numbers; in a column of
 * texts it is a text like others.
 */
bool dialect_missing(const struct dialect *d, const char *text, size_t len,
		     bool among_numbers);

/* A number as this dialect writes them; see number_read(). */
bool dialect_number(const struct dialect *d, const char *text, size_t len,
		    double *x);

#endif
