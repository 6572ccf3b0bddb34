/*
 * facts.h - what is remarkable about a column
 *
 * Columns that carry nothing, that give each row away, or whose instrument was
 * broken for a while are told by name, before someone learns from them.
 */
#ifndef GEMBA_FACTS_H
#define GEMBA_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "data/summary.h"
#include "data/table.h"

enum trend { TREND_NONE, TREND_RISES, TREND_FALLS };

enum { FACTS_CODES = 2 };

struct facts {
	/* Two values or more, and all are the same. */
	bool constant;
	/* 20 values or more, whole numbers or texts, no two the same. */
	bool id;
	/* Numbers or times, 10 at least and of 3 different values: from row to
	 * row none is less (or greater) than the one before it. */
	enum trend trend;
	bool strict;		/* and none is the same */
	/* An earlier column of which it is a copy; its own number for none. */
	size_t same_as;
	/*
	 * A number stays the same for 20 rows or more, although elsewhere more
	 * than half of them differ from the one before, and nowhere else the
	 * same number stays for a tenth as long.
	 */
	struct {
		size_t rows;	/* 0: it is not so */
		size_t row;	/* the first */
		double value;
	} stuck;
	/*
	 * The smallest or the largest value is one that is written where there
	 * is none, such as -999: once in 1,000 values at least or twice, and
	 * further away from the others than three times the range of their
	 * middle half.
	 */
	size_t codes;
	struct {
		double value;
		size_t rows;
	} code[FACTS_CODES];
};

/* Facts for each column, from a summary of all; the caller frees them.  Any
 * number of threads gives the same bytes. */
struct facts *facts_of(const struct table *table,
		       const struct summary *summary, struct job *job,
		       struct err *err);

/* Room for what is said of a column. */
enum { FACTS_TEXT = 512 };

/* The i-th remark on a column: "constant", "same as speed", "stuck at 42.1 for
 * 1,200 rows from row 345".  False when there are no more. */
bool facts_remark(const struct table *table, const struct facts *facts,
		  size_t column, size_t i, char text[FACTS_TEXT]);
/* All of them, with semicolons between them; "" for none. */
const char *facts_text(const struct table *table, const struct facts *facts,
		       size_t column, char text[FACTS_TEXT]);

#endif
