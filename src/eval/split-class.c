/*
 * split-class.c - stratify=yes: every class has its share on both sides
 *
 * One split is scikit-learn's StratifiedShuffleSplit, which train_test_split()
 * uses; folds are its StratifiedKFold.  k classes, class i has count[i] rows.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "eval/split-plan.h"

/* Rows by class, and in a class as they stand: class i has its places from
 * first[i] on. */
struct classes {
	struct labels labels;
	size_t *first;		/* owned: one more than there are classes */
	uint32_t *place;	/* owned */
};

static void classes_clear(struct classes *c)
{
	labels_clear(&c->labels);
	free(c->first);
	free(c->place);
}

/* A target of more than two numbers is measured, not told apart; and a class
 * with fewer rows than folds is not in all of them, which one may have. */
static bool are_classes(const struct split_plan *plan,
			const struct labels *l, struct err *err)
{
	const struct column *c = plan->split.stratify;
	size_t most = 0;

	if (c->type == COLUMN_NUMBER && l->labels > 2)
		return err_set(err, ERR_DATA, "stratify=yes wants classes, and "
			       "the target %.80s is a number with %zu values: "
			       "type it as a category, or leave stratify= out",
			       c->name, l->labels);
	for (size_t i = 0; i < l->labels; i++)
		if (l->count[i] > most)
			most = l->count[i];
	if (plan->split.folds <= most)
		return true;
	return err_set(err, ERR_DATA, "folds=%zu: no class of %.80s has more "
		       "than %zu row%s: fewer folds=", plan->folds, c->name,
		       most, most == 1 ? "" : "s");
}

bool classes_of(struct labels *l, const struct split_plan *plan,
		struct job *job, struct err *err)
{
	if (!labels_init(l, plan->split.stratify, plan->rows, "stratify=yes",
			 job, err))
		return false;
	if (are_classes(plan, l, err))
		return true;
	labels_clear(l);
	return false;
}

static bool classes_init(struct classes *c, const struct split_plan *plan,
			 struct job *job, struct err *err)
{
	size_t n = plan->rows->n, *next;

	*c = (struct classes){ 0 };
	if (!classes_of(&c->labels, plan, job, err))
		return false;
	c->first = mem_array(c->labels.labels + 1, sizeof(*c->first));
	c->place = mem_try(n, sizeof(*c->place));
	if (!c->place) {
		classes_clear(c);
		return err_set(err, ERR_NOMEM, "no memory to split %zu rows",
			       n);
	}
	for (size_t i = 0; i < c->labels.labels; i++)
		c->first[i + 1] = c->first[i] + c->labels.count[i];
	next = mem_array(c->labels.labels + 1, sizeof(*next));
	memcpy(next, c->first, c->labels.labels * sizeof(*next));
	for (size_t i = 0; i < n; i++)
		c->place[next[c->labels.of[i]]++] = (uint32_t)i;
	free(next);
	return true;
}

/* ---- one split ---- */

static int larger_first(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/*
 * One more for add of the classes whose remainder is the given one, chosen by
 * chance; returns how many were given.
 */
static size_t add_some(const double *remainder, size_t k, double value,
		       size_t add, struct rng *rng, size_t *draw)
{
	uint32_t *tied = mem_array(k, sizeof(*tied));
	size_t n = 0;

	for (size_t i = 0; i < k; i++)
		if (remainder[i] == value)
			tied[n++] = (uint32_t)i;
	rng_shuffle(rng, tied, n);
	if (add > n)
		add = n;
	for (size_t i = 0; i < add; i++)
		draw[tied[i]]++;
	free(tied);
	return add;
}

/*
 * How many rows of each class are drawn when the sum of them is drawn: their
 * share of it, rounded down; what is then wanting goes to the classes that lost
 * most.  In doubles, step by step as scikit-learn's _approximate_mode(), since
 * ties between remainders are drawn for.
 */
static void shares(const size_t *count, size_t k, size_t drawn,
		   struct rng *rng, size_t *draw)
{
	double *remainder = mem_array(k, sizeof(*remainder));
	double *order = mem_array(k, sizeof(*order));
	size_t sum = 0, wanting = drawn;

	for (size_t i = 0; i < k; i++)
		sum += count[i];
	for (size_t i = 0; i < k; i++) {
		double share = (double)count[i] / (double)sum * (double)drawn;

		draw[i] = (size_t)floor(share);
		remainder[i] = order[i] = share - floor(share);
		wanting -= draw[i];
	}
	qsort(order, k, sizeof(*order), larger_first);
	for (size_t i = 0; i < k && wanting > 0; i++)
		if (i == 0 || order[i] != order[i - 1])
			wanting -= add_some(remainder, k, order[i], wanting,
					    rng, draw);
	free(remainder);
	free(order);
}

static bool enough_of_each(const struct split_plan *plan,
			   const struct classes *c, size_t tests,
			   struct err *err)
{
	const struct column *column = plan->split.stratify;
	size_t n = plan->rows->n, k = c->labels.labels;
	size_t least = tests < n - tests ? tests : n - tests;
	char name[64];

	for (size_t i = 0; i < k; i++)
		if (c->labels.count[i] < 2) {
			labels_name(column, plan->rows->row[
				    c->place[c->first[i]]], name);
			return err_set(err, ERR_DATA, "stratify=yes wants two "
				       "rows of each class at least, and only "
				       "one says %.80s '%.60s': leave "
				       "stratify= out, or that row",
				       column->name, name);
		}
	if (least >= k)
		return true;
	return err_set(err, ERR_DATA, "stratify=yes: %.80s has %zu classes, "
		       "and with test=%g only %zu row%s to %s: a %s test=, or "
		       "leave stratify= out", column->name, k,
		       plan->split.test, least, least == 1 ? "" : "s",
		       tests < k ? "test with" : "train on",
		       tests < k ? "larger" : "smaller");
}

/* Of each class, mixed, the first rows train and the next test; then each side
 * is mixed once more. */
static bool draw_classes(struct split_plan *plan, struct classes *c,
			 size_t tests, struct job *job, struct err *err)
{
	size_t n = plan->rows->n, k = c->labels.labels, trained = 0, tested = 0;
	size_t *train = mem_array(k, sizeof(*train));
	size_t *test = mem_array(k, sizeof(*test));
	const uint32_t *row = plan->rows->row;
	struct rng rng;
	bool ok = true;

	rng_init(&rng, plan->split.seed);
	shares(c->labels.count, k, n - tests, &rng, train);
	for (size_t i = 0; i < k; i++)
		c->labels.count[i] -= train[i];
	shares(c->labels.count, k, tests, &rng, test);
	for (size_t i = 0; ok && i < k; i++) {
		uint32_t *place = c->place + c->first[i];
		size_t both = train[i] + test[i];

		ok = split_shuffle(&rng, place, c->first[i + 1] - c->first[i],
				   job, err);
		for (size_t j = 0; j < train[i]; j++)
			plan->train.row[trained++] = row[place[j]];
		for (size_t j = train[i]; j < both; j++)
			plan->test.row[tested++] = row[place[j]];
	}
	free(train);
	free(test);
	return ok && split_shuffle(&rng, plan->train.row, trained, job, err) &&
	       split_shuffle(&rng, plan->test.row, tested, job, err);
}

/* ---- folds ---- */

/* The classes in the order of their first rows; the caller frees it. */
static uint32_t *by_appearance(const struct split_plan *plan,
			       const struct classes *c)
{
	size_t k = c->labels.labels, found = 0;
	uint32_t *order = mem_array(k, sizeof(*order));

	for (size_t i = 0; i < plan->rows->n && found < k; i++) {
		uint32_t label = c->labels.of[i];

		if (c->place[c->first[label]] == i)
			order[found++] = label;
	}
	return order;
}

/*
 * All rows by class are dealt out to the folds in turn: so many of this class,
 * which stands from row from on, does each fold get.  Its rows take the folds
 * as they stand, or mixed.
 */
static bool deal_class(struct split_plan *plan, const struct classes *c,
		       uint32_t label, size_t from, struct rng *rng,
		       uint32_t *fold, struct job *job, struct err *err)
{
	size_t n = c->labels.count[label], k = plan->folds, at = 0;
	const uint32_t *place = c->place + c->first[label];

	for (size_t f = 0; f < k; f++)
		for (size_t i = from + (f + k - from % k) % k; i < from + n;
		     i += k)
			fold[at++] = (uint32_t)f;
	if (plan->split.shuffle && !split_shuffle(rng, fold, n, job, err))
		return false;
	for (size_t i = 0; i < n; i++)
		plan->fold_of[place[i]] = fold[i];
	return true;
}

static bool deal_classes(struct split_plan *plan, const struct classes *c,
			 struct job *job, struct err *err)
{
	size_t n = plan->rows->n, k = c->labels.labels, from = 0;
	uint32_t *order, *fold;
	struct rng rng;
	bool ok = true;

	fold = mem_try(n, sizeof(*fold));
	if (!fold)
		return err_set(err, ERR_NOMEM, "no memory to split %zu rows",
			       n);
	order = by_appearance(plan, c);
	rng_init(&rng, plan->split.seed);
	for (size_t i = 0; ok && i < k; i++) {
		ok = deal_class(plan, c, order[i], from, &rng, fold, job, err);
		from += c->labels.count[order[i]];
	}
	free(order);
	free(fold);
	return ok;
}

bool split_by_class(struct split_plan *plan, struct job *job, struct err *err)
{
	size_t n = plan->rows->n, tests = 0;
	struct classes c;
	bool ok;

	if (!plan->split.folds &&
	    !split_share(n, "row", plan->split.test, &tests, err))
		return false;
	if (!classes_init(&c, plan, job, err))
		return false;
	if (plan->split.folds)
		ok = deal_classes(plan, &c, job, err);
	else
		ok = enough_of_each(plan, &c, tests, err) &&
		     rows_room(&plan->train, n - tests, err) &&
		     rows_room(&plan->test, tests, err) &&
		     draw_classes(plan, &c, tests, job, err);
	classes_clear(&c);
	return ok;
}
