/*
 * split-group.c - group=: the rows of a group are never on both sides
 */
#include <stdlib.h>

#include "base/mem.h"
#include "eval/split-plan.h"

/* After so many groups the job is asked whether it goes on. */
enum { BLOCK = 4096 };

/* ---- numpy's order ---- */

/* So few are sorted by insertion. */
enum { FEW = 16 };

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t kept = *a;

	*a = *b;
	*b = kept;
}

static void insertion(const size_t *count, uint32_t *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t moved = a[i];
		size_t to = i;

		for (; to > 0 && count[moved] < count[a[to - 1]]; to--)
			a[to] = a[to - 1];
		a[to] = moved;
	}
}

/* The median of the first, the middle and the last parts the others; returns
 * where it then stands. */
static size_t part(const size_t *count, uint32_t *a, size_t n)
{
	size_t middle = (n - 1) / 2, last = n - 1, i = 0, j = n - 2, pivot;

	if (count[a[middle]] < count[a[0]])
		swap(&a[middle], &a[0]);
	if (count[a[last]] < count[a[middle]])
		swap(&a[last], &a[middle]);
	if (count[a[middle]] < count[a[0]])
		swap(&a[middle], &a[0]);
	pivot = count[a[middle]];
	swap(&a[middle], &a[j]);
	for (;;) {
		do
			i++;
		while (count[a[i]] < pivot);
		do
			j--;
		while (pivot < count[a[j]]);
		if (i >= j)
			break;
		swap(&a[i], &a[j]);
	}
	swap(&a[i], &a[last - 1]);
	return i;
}

/* Let the top of a heap of n sink to where nothing below it is larger. */
static void sink(const size_t *count, uint32_t *a, size_t top, size_t n)
{
	for (size_t below; (below = 2 * top + 1) < n; top = below) {
		if (below + 1 < n && count[a[below]] < count[a[below + 1]])
			below++;
		if (count[a[top]] >= count[a[below]])
			return;
		swap(&a[top], &a[below]);
	}
}

static void heap(const size_t *count, uint32_t *a, size_t n)
{
	for (size_t top = n / 2; top-- > 0; )
		sink(count, a, top, n);
	while (n-- > 1) {
		swap(&a[0], &a[n]);
		sink(count, a, 0, n);
	}
}

/*
 * Groups by their number of rows, as numpy's argsort() leaves those of equal
 * number: GroupKFold deals them out in that order.  It is Musser's introsort;
 * a numpy that sorts by vectors, from 1.25 on, can leave them otherwise, and so
 * does the heap here, which only counts made for it lead to.
 */
static void argsort(const size_t *count, uint32_t *a, size_t n, int depth)
{
	while (n > FEW && depth-- > 0) {
		size_t at = part(count, a, n);

		if (at < n - 1 - at) {
			argsort(count, a, at, depth);
			a += at + 1;
			n -= at + 1;
		} else {
			argsort(count, a + at + 1, n - at - 1, depth);
			n = at;
		}
	}
	if (n > FEW)
		heap(count, a, n);
	else
		insertion(count, a, n);
}

/* ---- the groups ---- */

/* scikit-learn's GroupKFold: the largest groups first, each to the fold that
 * has the fewest rows, of these to the first. */
static bool deal(const struct labels *l, size_t folds, uint32_t *fold_of,
		 struct job *job, struct err *err)
{
	uint32_t *order = mem_array(l->labels, sizeof(*order));
	size_t *rows = mem_array(folds, sizeof(*rows));
	int depth = 0;
	bool ok = true;

	for (size_t g = 0; g < l->labels; g++)
		order[g] = (uint32_t)g;
	for (size_t n = l->labels; n > 1; n /= 2)
		depth += 2;
	argsort(l->count, order, l->labels, depth + 1);
	for (size_t g = l->labels; ok && g-- > 0; ) {
		size_t lightest = 0;

		if (g % BLOCK == 0 && job_cancelled(job))
			ok = err_cancelled(err);

		for (size_t f = 1; f < folds; f++)
			if (rows[f] < rows[lightest])
				lightest = f;
		rows[lightest] += l->count[order[g]];
		fold_of[order[g]] = (uint32_t)lightest;
	}
	free(order);
	free(rows);
	return ok;
}

/* scikit-learn's GroupShuffleSplit: of the groups, mixed, the first test. */
static bool draw(const struct split_plan *plan, size_t groups,
		 uint32_t *fold_of, struct job *job, struct err *err)
{
	struct rows mixed;
	struct rng rng;
	size_t tests;
	bool ok;

	if (!split_share(groups, "group", plan->split.test, &tests, err) ||
	    !rows_all(&mixed, groups, err))
		return false;
	rng_init(&rng, plan->split.seed);
	ok = split_shuffle(&rng, mixed.row, groups, job, err);
	for (size_t g = 0; g < groups; g++)
		fold_of[mixed.row[g]] = g >= tests;
	rows_clear(&mixed);
	return ok;
}

bool split_by_group(struct split_plan *plan, struct job *job, struct err *err)
{
	const struct column *c = plan->split.group;
	size_t folds = plan->split.folds;
	struct labels l;
	uint32_t *fold_of;
	bool ok = false;

	if (!labels_init(&l, c, plan->rows, "group=", job, err))
		return false;
	fold_of = mem_try(l.labels, sizeof(*fold_of));
	if (!fold_of)
		err_set(err, ERR_NOMEM, "no memory for %zu groups", l.labels);
	else if (l.labels < 2)
		err_set(err, ERR_DATA, "group=%.80s: all rows are of one "
			"group, and a group is never on both sides: name "
			"another column", c->name);
	else if (folds > l.labels)
		err_set(err, ERR_DATA, "folds=%zu: %.80s has %zu groups, and "
			"each fold wants one: fewer folds=", folds, c->name,
			l.labels);
	else if (plan->split.stratify)
		ok = split_strata(plan, &l, fold_of, job, err);
	else if (folds)
		ok = deal(&l, folds, fold_of, job, err);
	else
		ok = draw(plan, l.labels, fold_of, job, err);
	for (size_t i = 0; ok && i < plan->rows->n; i++)
		plan->fold_of[i] = fold_of[l.of[i]];
	free(fold_of);
	labels_clear(&l);
	return ok;
}
