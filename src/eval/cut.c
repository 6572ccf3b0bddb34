#include "eval/cut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sort.h"

const char *const cut_by_name[CUT_BYS] = {
	[CUT_COST] = "cost", [CUT_MCC] = "mcc", [CUT_F1] = "f1",
	[CUT_BALANCED] = "balanced",
};

/* ---- the rows in order ---- */

static bool room(struct cuts *cuts, size_t n, struct err *err)
{
	cuts->at = mem_try(n ? n : 1, sizeof(*cuts->at));
	cuts->hits = mem_try(n + 1, sizeof(*cuts->hits));
	cuts->alarms = mem_try(n + 1, sizeof(*cuts->alarms));
	if (cuts->at && cuts->hits && cuts->alarms)
		return true;
	cuts_clear(cuts);
	return err_set(err, ERR_NOMEM, "no memory for the thresholds of %zu "
		       "rows", n);
}

/* high and low: the probabilities of the rows of class 1 and 0, upwards. */
static void walk(struct cuts *cuts, const double *high, const double *low)
{
	size_t i = cuts->positives, j = cuts->negatives, step = 0;

	cuts->hits[0] = cuts->alarms[0] = 0;
	while (i > 0 || j > 0) {
		double top = i > 0 && (j == 0 || high[i - 1] > low[j - 1])
			     ? high[i - 1] : low[j - 1];

		while (i > 0 && high[i - 1] == top)
			i--;
		while (j > 0 && low[j - 1] == top)
			j--;
		cuts->at[step++] = top;
		cuts->hits[step] = (uint32_t)(cuts->positives - i);
		cuts->alarms[step] = (uint32_t)(cuts->negatives - j);
	}
	cuts->steps = step;
}

bool cuts_init(struct cuts *cuts, const uint32_t *y, const double *p, size_t n,
	       struct err *err)
{
	double *kept = mem_try(n ? n : 1, sizeof(*kept));
	double *spare = mem_try(n ? n : 1, sizeof(*spare));
	size_t pos = 0, neg = 0;

	*cuts = (struct cuts){ 0 };
	if (!kept || !spare || !room(cuts, n, err)) {
		free(kept);
		free(spare);
		return err_set(err, ERR_NOMEM, "no memory for the thresholds "
			       "of %zu rows", n);
	}
	for (size_t i = 0; i < n; i++) {
		if (y[i])
			kept[pos++] = p[i];
		else
			kept[n - ++neg] = p[i];
	}
	cuts->positives = pos;
	cuts->negatives = neg;
	walk(cuts, sort_doubles(kept, spare, pos),
	     sort_doubles(kept + pos, spare + pos, neg));
	free(kept);
	free(spare);
	return true;
}

void cuts_clear(struct cuts *cuts)
{
	free(cuts->at);
	free(cuts->hits);
	free(cuts->alarms);
	*cuts = (struct cuts){ 0 };
}

size_t cuts_step(const struct cuts *cuts, double cut)
{
	size_t low = 0, high = cuts->steps;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cuts->at[middle] > cut)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

double cuts_at(const struct cuts *cuts, size_t step)
{
	double above = step > 0 ? cuts->at[step - 1] : 1;
	double below = step < cuts->steps ? cuts->at[step] : 0;
	double between = below + (above - below) / 2;

	return between < above ? between : below;
}

static void count_at(const struct cuts *cuts, size_t step, size_t cell[4])
{
	cell[1] = cuts->alarms[step];
	cell[0] = cuts->negatives - cell[1];
	cell[3] = cuts->hits[step];
	cell[2] = cuts->positives - cell[3];
}

void cuts_measure(const struct cuts *cuts, size_t step, struct metrics *m)
{
	count_at(cuts, step, m->confusion);
	metrics_of_confusion(m);
}

/* ---- the best ---- */

double costs_of(const struct cut_costs *costs, double misses, double alarms)
{
	return costs->miss * misses + costs->alarm * alarms;
}

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

double cut_value(enum cut_by by, const struct cut_costs *costs,
		 const size_t cell[4])
{
	double tn = (double)cell[0], fp = (double)cell[1];
	double fn = (double)cell[2], tp = (double)cell[3];

	switch (by) {
	case CUT_COST:
		return -costs_of(costs, fn, fp);
	case CUT_MCC:
		/* Four square roots, as the product may be beyond 2^53. */
		return ratio(tp * tn - fp * fn, sqrt(tp + fp) * sqrt(tp + fn) *
			     sqrt(tn + fp) * sqrt(tn + fn));
	case CUT_F1:
		return ratio(2 * tp, 2 * tp + fp + fn);
	case CUT_BALANCED:
		return (ratio(tp, tp + fn) + ratio(tn, tn + fp)) / 2;
	case CUT_BYS:
		break;
	}
	return NAN;
}

/* The last step wants a threshold below the least probability: there is none
 * when that is 0. */
static size_t last_step(const struct cuts *cuts)
{
	return cuts->steps && cuts->at[cuts->steps - 1] <= 0 ? cuts->steps - 1
							     : cuts->steps;
}

size_t cuts_best(const struct cuts *cuts, enum cut_by by,
		 const struct cut_costs *costs)
{
	double most = -INFINITY;
	size_t best = 0;

	for (size_t step = 0; step <= last_step(cuts); step++) {
		size_t cell[4];
		double value;

		count_at(cuts, step, cell);
		value = cut_value(by, costs, cell);
		if (value < most ||
		    (value == most && fabs(cuts_at(cuts, step) - 0.5) >=
		     fabs(cuts_at(cuts, best) - 0.5)))
			continue;
		most = value;
		best = step;
	}
	return best;
}

/* ---- on rows that had no say ---- */

/* The rows of all parts but one, and the count at their threshold of those
 * that are in it. */
static bool judge_part(const uint32_t *y, const double *p, size_t n,
		       size_t part, enum cut_by by,
		       const struct cut_costs *costs,
		       uint32_t *others_y, double *others_p,
		       size_t confusion[4], struct err *err)
{
	struct cuts cuts;
	size_t others = 0;
	double cut;

	for (size_t i = 0; i < n; i++) {
		if (i % CUT_FOLDS == part)
			continue;
		others_y[others] = y[i];
		others_p[others++] = p[i];
	}
	if (!cuts_init(&cuts, others_y, others_p, others, err))
		return false;
	cut = cuts_at(&cuts, cuts_best(&cuts, by, costs));
	cuts_clear(&cuts);
	for (size_t i = part; i < n; i += CUT_FOLDS)
		confusion[(y[i] ? 2 : 0) + (p[i] > cut)]++;
	return true;
}

bool cuts_honest(const uint32_t *y, const double *p, size_t n, enum cut_by by,
		 const struct cut_costs *costs, size_t confusion[4],
		 struct err *err)
{
	uint32_t *others_y = mem_try(n + 1, sizeof(*others_y));
	double *others_p = mem_try(n + 1, sizeof(*others_p));
	bool ok = others_y && others_p;

	memset(confusion, 0, 4 * sizeof(*confusion));
	if (!ok)
		err_set(err, ERR_NOMEM, "no memory to judge a threshold");
	for (size_t part = 0; ok && part < CUT_FOLDS; part++)
		ok = judge_part(y, p, n, part, by, costs, others_y, others_p,
				confusion, err);
	free(others_y);
	free(others_p);
	return ok;
}
