/*
 * sniff.h - finding a dialect in the first rows of a file
 *
 * dialect.c calls these in the order in which they stand here; each sets its
 * part of the dialect, and says how sure it is and why.  What the user has
 * said is not looked for, but it changes what is found of the rest.
 */
#ifndef GEMBA_SNIFF_H
#define GEMBA_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "data/dialect.h"
#include "data/sample.h"

/* In place of a mark: it is to be found. */
enum { SNIFF_AUTO = -1 };

struct sniff {
	struct dialect *dialect;	/* borrowed */
	const struct sample *sample;	/* borrowed */
	struct cut cut;		/* owned: by the delimiter and quote found */
	size_t width;		/* cells of the rows of the table */
	size_t top;		/* its first row */
};

/* A finding; why is a printf format. */
void sniff_say(struct dialect *d, enum dialect_item item, const char *value,
	       double sure, const char *why, ...)
	__attribute__((format(printf, 5, 6)));

/* So sure can one be of what n rows (cells ...) say with one voice. */
double sniff_faith(size_t n);

void sniff_lines(struct sniff *s);
void sniff_delimiter(struct sniff *s, int delimiter, int quote);
void sniff_skip(struct sniff *s);
void sniff_marks(struct sniff *s, int decimal, int thousands);
void sniff_header(struct sniff *s);

/*
 * What a cell is, in any dialect; blanks around it are gone already.  A time
 * begins with a digit and passes when_scan(), in whatever order its date is.
 */
enum kind { KIND_NOTHING, KIND_NUMBER, KIND_TIME, KIND_TEXT };
enum kind sniff_kind(const struct dialect *d, struct cell cell);

/* How the cells of a row stand to those below them. */
struct votes {
	size_t texts;		/* in the row */
	size_t typed;		/* numbers and times in the row */
	size_t names;		/* texts above columns of numbers or times */
	size_t values;		/* numbers and times above such columns */
	size_t repeats;		/* texts that occur again below */
	size_t echoes;		/* the same of the row below it */
};
struct votes sniff_votes(const struct sniff *s, size_t row);

/* The row looks like the names of the columns below it, beyond doubt. */
bool sniff_is_header(const struct sniff *s, size_t row);

#endif
