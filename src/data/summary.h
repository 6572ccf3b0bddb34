/*
 * summary.h - what is in each column, in a few numbers
 */
#ifndef GEMBA_SUMMARY_H
#define GEMBA_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "data/table.h"

enum { SUMMARY_BINS = 16, SUMMARY_TOP = 8 };

struct summary {
	size_t values;		/* cells that are neither missing nor odd */
	size_t distinct;	/* different values among them; exact */
	/* NUMBER, TIME; NaN with no values.  Quantiles are of type 7 (R). */
	bool whole;		/* all are whole numbers */
	double min, p25, median, p75, max;
	double mean, sd, skew;	/* sd over n - 1 */
	size_t bin[SUMMARY_BINS];	/* equal widths from min to max; the
					 * last one is closed */
	/* CATEGORY, TEXT: the most frequent levels, the first one first. */
	size_t top;
	size_t top_level[SUMMARY_TOP];	/* index into level[] */
	size_t top_count[SUMMARY_TOP];
};

/* Where bin b of the bins from min to max ends, b = 1 ... SUMMARY_BINS - 1: a
 * value there is in the next one. */
double summary_bin_end(double min, double max, int b);

/*
 * One summary for each column; the caller frees it.  Columns are spread over
 * the cores; any number of threads gives the same bytes.
 */
struct summary *summary_of(const struct table *table, struct job *job,
			   struct err *err);

/*
 * What a column is for people, a little more exact than its type: "number",
 * "whole number", "category", "yes/no" (two levels that say just that, in one
 * of many ways), "text", "time".
 */
const char *summary_kind(const struct column *column,
			 const struct summary *summary);

#endif
