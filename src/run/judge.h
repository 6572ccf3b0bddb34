/*
 * judge.h - a result at the threshold that is wished for
 *
 * A threshold is no part of what is trained: it says at which probability the
 * positive of two classes is told.  So a result is judged again whenever the
 * wish changes, without training, and what hangs on it follows: confusion,
 * accuracy, recall, precision, f1, mcc, kappa and their intervals.  What is of
 * probabilities stays: auc, average precision, log loss, Brier.
 *
 * A best threshold is found on the test rows themselves, so what it gives there
 * is a little better than what it will give: judged.honest says how good such a
 * choice was on rows that had no say in it (cuts_honest()).
 */
#ifndef GEMBA_JUDGE_H
#define GEMBA_JUDGE_H

#include "run/result.h"

/* Beyond so many rows the choice flatters by next to nothing: honest is not
 * looked for. */
enum { HONEST_ROWS = 20000 };

/* Other results than those of two classes, and those whose rows are forgotten,
 * stay as they are.  Fails only for memory. */
bool judge_result(struct result *r, const struct cut_wish *wish,
		  struct err *err);
/* The thresholds of its rows, found when first asked for; NULL: it has none. */
const struct cuts *judge_cuts(struct result *r, struct err *err);
/* Does a threshold move it? */
bool judge_moves(const struct result *r);

/* What the mistakes on the test rows cost at the threshold, and what it would
 * cost never to tell the positive class, and always to. */
struct bill {
	double now, never, always;
};
struct bill judge_bill(const struct result *r, const struct cut_costs *costs);

#endif
