/*
 * insight-find.h - finding out about a column: the work of insight.h's errands
 *
 * These run on the errands' thread.  All that they look at is in the search
 * they are given, or in its table, which does not change.
 */
#ifndef GEMBA_INSIGHT_FIND_H
#define GEMBA_INSIGHT_FIND_H

#include "base/err.h"
#include "base/job.h"
#include "command/insight.h"
#include "data/facts.h"
#include "data/rows.h"

/* What is asked: the same question has the same answer. */
struct question {
	size_t column;
	int target;		/* -1: none */
	char *positive;		/* owned; NULL: the last class */
};

/* What an errand is given and brings back. */
struct search {
	struct question about;	/* owned */
	unsigned serial;	/* of the question */
	const struct table *table;	/* borrowed: the session keeps it */
	struct insight *insight;	/* owned */
	bool summarised;	/* insight->summary is set */
	size_t codes;		/* numbers that look like codes; they are left
				 * out of the bars */
	double code[FACTS_CODES];
	double *with;		/* owned: see insight.h */
	struct rows rows;	/* owned */
	struct values values;	/* owned */
	uint32_t *by_value;	/* owned: values.n of its entries */
};

/* search->insight, all but with[]. */
bool insight_find_out(struct job *job, void *search, struct err *err);
/* search->with. */
bool insight_find_with(struct job *job, void *search, struct err *err);
/* search->values and search->by_value, over search->rows or all rows. */
bool insight_count_values(struct job *job, void *search, struct err *err);

#endif
