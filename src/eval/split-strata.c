/*
 * split-strata.c - folds that keep groups together and shares of classes alike
 *
 * scikit-learn's StratifiedGroupKFold (after Wasikowski).  G groups, c classes,
 * k folds; the largest and most one-sided groups are dealt out first, each to
 * the fold where
 *
 *	mean over classes of the deviation over folds of (rows / rows of class)
 *
 * becomes least; of those that are as good to the one with the fewest rows.
 * Sums are made in numpy's order: a last bit decides between folds.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "eval/split-plan.h"

struct dealing {
	size_t groups, classes, folds;
	double *of_group;	/* owned: groups by classes, rows */
	double *of_fold;	/* owned: folds by classes, rows so far */
	double *total;		/* owned: rows of each class */
	double *room;		/* owned: classes of them */
	double *spread;		/* owned: the deviation of each group */
};

static void dealing_clear(struct dealing *d)
{
	free(d->of_group);
	free(d->of_fold);
	free(d->total);
	free(d->room);
	free(d->spread);
}

static bool dealing_init(struct dealing *d, const struct labels *group,
			 const struct labels *class, size_t folds, size_t n,
			 struct err *err)
{
	*d = (struct dealing){ group->labels, class->labels, folds, NULL, NULL,
			       NULL, NULL, NULL };
	d->of_group = mem_try(d->groups * d->classes, sizeof(double));
	d->of_fold = mem_try(d->folds * d->classes, sizeof(double));
	d->spread = mem_try(d->groups, sizeof(double));
	d->total = mem_array(d->classes, sizeof(double));
	d->room = mem_array(d->classes, sizeof(double));
	if (!d->of_group || !d->of_fold || !d->spread) {
		dealing_clear(d);
		return err_set(err, ERR_NOMEM, "no memory for %zu groups by "
			       "%zu classes", d->groups, d->classes);
	}
	for (size_t i = 0; i < n; i++)
		d->of_group[group->of[i] * d->classes + class->of[i]]++;
	for (size_t c = 0; c < d->classes; c++)
		d->total[c] = (double)class->count[c];
	return true;
}

/* numpy's sum of numbers that lie in a row: by eights, and by halves. */
static double sum(const double *a, size_t n)
{
	double r[8], all = 0;
	size_t i;

	if (n > 128) {
		size_t half = n / 2 - n / 2 % 8;

		return sum(a, half) + sum(a + half, n - half);
	}
	if (n < 8) {
		for (i = 0; i < n; i++)
			all += a[i];
		return all;
	}
	for (i = 0; i < 8; i++)
		r[i] = a[i];
	for (; i + 8 <= n; i += 8)
		for (size_t j = 0; j < 8; j++)
			r[j] += a[i + j];
	all = ((r[0] + r[1]) + (r[2] + r[3])) +
	      ((r[4] + r[5]) + (r[6] + r[7]));
	for (; i < n; i++)
		all += a[i];
	return all;
}

/* The deviation between the classes of a group. */
static double group_spread(const struct dealing *d, size_t group)
{
	const double *rows = d->of_group + group * d->classes;
	double mean = sum(rows, d->classes) / (double)d->classes;

	for (size_t c = 0; c < d->classes; c++)
		d->room[c] = (rows[c] - mean) * (rows[c] - mean);
	return sqrt(sum(d->room, d->classes) / (double)d->classes);
}

/* The measure at the head of this file, for the folds as they are. */
static double unevenness(const struct dealing *d)
{
	double k = (double)d->folds;

	for (size_t c = 0; c < d->classes; c++) {
		const double *rows = d->of_fold + c;
		double mean = 0, squares = 0;

		for (size_t f = 0; f < d->folds; f++)
			mean += rows[f * d->classes] / d->total[c];
		mean /= k;
		for (size_t f = 0; f < d->folds; f++) {
			double x = rows[f * d->classes] / d->total[c] - mean;

			squares += x * x;
		}
		d->room[c] = sqrt(squares / k);
	}
	return sum(d->room, d->classes) / (double)d->classes;
}

static void add(struct dealing *d, size_t fold, size_t group, double sign)
{
	for (size_t c = 0; c < d->classes; c++)
		d->of_fold[fold * d->classes + c] +=
			sign * d->of_group[group * d->classes + c];
}

static uint32_t best_fold(struct dealing *d, size_t group)
{
	double least = INFINITY, fewest = INFINITY;
	size_t best = 0;

	for (size_t f = 0; f < d->folds; f++) {
		double rows, uneven;

		add(d, f, group, 1);
		uneven = unevenness(d);
		add(d, f, group, -1);
		rows = sum(d->of_fold + f * d->classes, d->classes);
		/* As good means numpy's isclose(). */
		if (uneven < least ||
		    (fabs(uneven - least) <= 1e-8 + 1e-5 * least &&
		     rows < fewest)) {
			least = uneven;
			fewest = rows;
			best = f;
		}
	}
	return (uint32_t)best;
}

static bool deal(struct dealing *d, uint32_t *fold_of, struct job *job,
		 struct err *err)
{
	struct column spread = { .number = d->spread };
	struct rows all;
	struct sorted by;
	bool ok;

	for (size_t g = 0; g < d->groups; g++)
		d->spread[g] = -group_spread(d, g);
	if (!rows_all(&all, d->groups, err))
		return false;
	ok = sorted_init(&by, &spread, &all, "group=", job, err);
	rows_clear(&all);
	for (size_t i = 0; ok && i < d->groups; i++) {
		if (job_cancelled(job)) {
			ok = err_cancelled(err);
			break;
		}
		fold_of[by.place[i]] = best_fold(d, by.place[i]);
		add(d, fold_of[by.place[i]], by.place[i], 1);
	}
	sorted_clear(&by);
	return ok;
}

bool split_strata(const struct split_plan *plan, const struct labels *group,
		  uint32_t *fold_of, struct job *job, struct err *err)
{
	struct labels class;
	struct dealing d;
	bool ok;

	if (!classes_of(&class, plan, job, err))
		return false;
	ok = dealing_init(&d, group, &class, plan->folds, plan->rows->n, err);
	if (ok) {
		ok = deal(&d, fold_of, job, err);
		dealing_clear(&d);
	}
	labels_clear(&class);
	return ok;
}
