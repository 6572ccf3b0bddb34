/*
 * cut.h - two classes told at any threshold
 *
 * The rows that test are put in order once; then the counts at any threshold
 * are looked up, whatever the number of rows: O(log n) for a probability, O(1)
 * for a step.  Class 1, the positive one, is told where its probability is
 * above the cut.
 */
#ifndef GEMBA_CUT_H
#define GEMBA_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "eval/metrics.h"

/*
 * Step i tells class 1 of the i largest distinct probabilities: none of the
 * rows at step 0, all at the last.
 */
struct cuts {
	size_t positives, negatives;	/* rows that truly are of the class */
	size_t steps;			/* distinct probabilities; the last
					 * step */
	double *at;	/* owned: the i-th largest probability, from 0 on */
	uint32_t *hits, *alarms;	/* owned, steps + 1: rows of class 1,
					 * and of class 0, told class 1 */
};

/* NaN in p is our own mistake. */
bool cuts_init(struct cuts *cuts, const uint32_t *y, const double *p, size_t n,
	       struct err *err);
void cuts_clear(struct cuts *cuts);

/* The step of a threshold, and a threshold of a step: half way between the two
 * probabilities that it parts, so that it does not hang on either. */
size_t cuts_step(const struct cuts *cuts, double cut);
double cuts_at(const struct cuts *cuts, size_t step);
/* Confusion and all that it tells, in m, which was measured on the same rows;
 * what comes from probabilities stays. */
void cuts_measure(const struct cuts *cuts, size_t step, struct metrics *m);

/* By what the best threshold is found. */
enum cut_by { CUT_COST, CUT_MCC, CUT_F1, CUT_BALANCED, CUT_BYS };
extern const char *const cut_by_name[CUT_BYS];	/* "cost", "mcc" ... */

/* What a mistake costs: a row of class 1 that is missed, a row of class 0
 * that is taken for it. */
struct cut_costs {
	double miss, alarm;
};
double costs_of(const struct cut_costs *costs, double misses, double alarms);

/* Which threshold is wished for. */
struct cut_wish {
	bool best;			/* found for each result; else: */
	double cut;
	enum cut_by by;
	bool priced;			/* costs are known */
	struct cut_costs costs;
};

/*
 * The best step; of equals the one nearest to a threshold of 0.5.  A step at
 * which MCC or F1 has nothing to divide by counts as 0.
 */
size_t cuts_best(const struct cuts *cuts, enum cut_by by,
		 const struct cut_costs *costs);

/*
 * How good the rule "the best threshold" is on rows that had no say in it: the
 * rows are dealt into CUT_FOLDS parts, the i-th row into part i mod CUT_FOLDS;
 * for each part the best threshold is that of the others.  What is told of all
 * of them comes back as counts, [true][told].
 */
enum { CUT_FOLDS = 10 };
bool cuts_honest(const uint32_t *y, const double *p, size_t n, enum cut_by by,
		 const struct cut_costs *costs, size_t confusion[4],
		 struct err *err);
/* What such a choice goes by: cost is negative, so that the more the better. */
double cut_value(enum cut_by by, const struct cut_costs *costs,
		 const size_t confusion[4]);

#endif
