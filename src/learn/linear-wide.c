/*
 * linear-wide.c - ridge, lasso and elastic net with more features than rows
 *
 * A triangle of all the features would be larger than the rows, which are held
 * in memory instead (wide.h).  With l1 coordinate descent is done on them.
 * With l2 alone there is a weight for each row to find, not for each feature:
 *
 *	w = A' v,  (A A' + 1) v = y,  A = X / sqrt(l2)
 *
 * which is Hastie, Tibshirani and Friedman, The Elements of Statistical
 * Learning, 2nd ed. (2009), section 18.3.5.  As features and y are centred, the
 * intercept has no part in either.
 */
#include "learn/linear.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/wide.h"

/* Of the root of the squares of y. */
#define ACCURACY 1e-11

/* Columns of A whose products are added before asking whether to stop. */
enum { WORK = 1 << 23 };

/* left = y - X u; its squares. */
static double look(const struct linear *s, struct wide *w, const double *u)
{
	wide_scores(w, u, w->e);
	for (size_t i = 0; i < s->n; i++)
		w->e[i] -= s->y[i];
	return cblas_ddot((int)s->n, w->e, 1, w->e, 1);
}

static void finish(struct linear *s, struct wide *w, bool selects)
{
	double all = cblas_ddot((int)s->n, s->y, 1, s->y, 1);
	double left = look(s, w, w->next);

	memcpy(s->u + 1, w->next, s->p * sizeof(*s->u));
	s->mse = left / (double)s->n;
	s->r2 = all > 0 ? 1 - left / all : NAN;
	s->done = s->converged = true;
	s->note = selects
		? "no standard errors for weights that a penalty selects"
		: "no standard errors with a penalty: l2=0 gives them";
}

/* The quadratic is the objective itself: one descent is all. */
static bool descend(struct linear *s, struct wide *w, const struct job *job)
{
	double size = sqrt(look(s, w, w->u)), lower;

	return wide_solve(w, ACCURACY * size, &lower, job);
}

/* A A' + 1, n by n, in its lower triangle by columns.  False: told to stop. */
static bool square(const struct linear *s, struct wide *w, double *k,
		   const struct job *job)
{
	size_t n = s->n, step = WORK / (n * n) + 1;

	for (size_t j = 0; j < s->p; j++) {
		double root = sqrt(w->square[j]);

		cblas_dscal((int)n, root > 0 ? 1 / root : 0, w->x + j * n, 1);
	}
	for (size_t j = 0; j < s->p; j += step) {
		size_t columns = s->p - j < step ? s->p - j : step;

		if (job_stopped(job))
			return false;
		cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, (int)n,
			    (int)columns, 1, w->x + j * n, (int)n, 1, k,
			    (int)n);
	}
	for (size_t i = 0; i < n; i++)
		k[i * n + i] += 1;
	return true;
}

/* By rows.  X is A meanwhile. */
static enum method_status by_rows(struct linear *s, struct wide *w,
				  struct job *job, struct err *err)
{
	size_t n = s->n;
	double *k = mem_try(n * n, sizeof(*k));
	bool ok = k && square(s, w, k, job), sound = true;

	if (ok) {
		memcpy(w->left, s->y, n * sizeof(*w->left));
		sound = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', (int)n, k,
				       (int)n) == 0;
	}
	if (ok && sound)
		LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'L', (int)n, 1, k, (int)n,
			       w->left, (int)n);
	for (size_t j = 0; ok && j < s->p; j++) {
		double root = sqrt(w->square[j]);
		double *x = w->x + j * n;

		w->next[j] = root > 0 ? cblas_ddot((int)n, x, 1, w->left, 1) /
					root : 0;
		cblas_dscal((int)n, root, x, 1);
	}
	free(k);
	if (!k)
		return linear_no_room(s, err);
	if (!ok)
		return METHOD_MORE;
	finish(s, w, false);
	if (sound && isfinite(s->mse))
		return METHOD_DONE;
	err_set(err, ERR_MATH, "l2=%g is too little for %zu features of %zu "
		"rows: a larger one", s->l2, s->p, s->n);
	return METHOD_FAILED;
}

enum method_status linear_wide(struct linear *s, struct job *job,
			       struct err *err)
{
	enum method_status status = METHOD_MORE;
	struct wide w;

	if (!wide_init(&w, &s->scaled, s->n, 1, s->l1, s->l2)) {
		err_set(err, ERR_NOMEM, "no memory for %zu features of %zu "
			"rows: fewer features", s->p, s->n);
		return METHOD_FAILED;
	}
	if (wide_fill(&w, &s->scaled, s->row, 0, job)) {
		if (s->l1 == 0)
			status = by_rows(s, &w, job, err);
		else if (descend(s, &w, job)) {
			finish(s, &w, true);
			status = METHOD_DONE;
		}
	}
	wide_clear(&w);
	return status;
}
