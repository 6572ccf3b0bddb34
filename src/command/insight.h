/*
 * insight.h - what errands have found out about one column
 *
 * For the sheets of a column: its values in fine bars with the target beside
 * them, what it goes together with, its odd texts, and how often each value is
 * there.  Sheets say which column they show; what is not known of it yet is
 * looked for by an errand.  What comes back is shown only as long as it is of
 * the column, the target and the rows that are asked for.
 */
#ifndef GEMBA_INSIGHT_H
#define GEMBA_INSIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/summary.h"
#include "data/values.h"

struct session;

enum { INSIGHT_BARS = 144, INSIGHT_TOP = 64 };

/* What there is beside a column to hold it against. */
enum insight_target {
	INSIGHT_NO_TARGET,
	INSIGHT_SELF,		/* the column is the target */
	INSIGHT_CLASSES,	/* a share of positives */
	INSIGHT_NUMBER,		/* a mean */
	INSIGHT_MANY		/* more than two classes, none of them said to
				 * be the positive one */
};

/* Some rows of a column: a stretch of its numbers, or a level. */
struct insight_bar {
	size_t level;		/* of a category or text */
	size_t count;
	size_t n;		/* of which the target is known */
	double mean;		/* of the target there; NaN when n is 0 */
};

struct insight {
	size_t column;
	struct summary summary;
	/* Numbers: bars equal stretches from low to high.  Else the most
	 * frequent levels, the first one first. */
	size_t bars;
	struct insight_bar bar[INSIGHT_BARS];
	double low, high;
	double least, most;	/* of the numbers that are in the bars: */
	size_t codes;		/* so many cells are in none, as they say one
				 * of the codes for missing of facts.h */
	bool whole;		/* a bar holds so many whole numbers */
	/* TEXT: the shortest and the longest; levels. */
	size_t shortest, longest;
	size_t *odd;		/* owned: how many cells say odd[i] */

	enum insight_target target;
	char *positive;		/* owned: "yes"; with classes */
	double all;		/* share or mean of the target over all rows */
	double auc, r;		/* see relate.h; NaN: none */

	/* With the other number columns, when that is known: one for each
	 * column of the table, else NULL. */
	double *with;		/* owned */
};

/* Ask for what is not known.  Costs nothing when it is, or is being found. */
void insight_want(struct session *s, size_t column);
void insight_want_values(struct session *s, size_t column);

/* What is known of the column with the choices as they are; NULL: nothing yet.
 * If it could not be found *why says so, else *why is NULL. */
const struct insight *insight_of(const struct session *s, size_t column,
				 const char **why);
/* How often its values are there, in the rows in sight. */
const struct values *insight_values(const struct session *s, size_t column,
				    const char **why);

/* How many entries that are, and in the order of the values: for each line the
 * number of its entry. */
size_t insight_values_n(const struct session *s);
const uint32_t *insight_by_value(const struct session *s);

/* Another file or other types: nothing that is known is so any more. */
void insight_forget(struct session *s);
void insight_free(struct session *s);

#endif
