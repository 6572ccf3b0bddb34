/*
 * linear-sparse.c - lasso and elastic net from a triangle
 *
 *	minimise over w, b:
 *	    1/2 sum_i (y_i - b - w . x_i)^2 + l2/2 |w|^2 + l1 |w|_1
 *
 * The squares are those of the triangle, |y - R u|^2, and coordinate descent
 * (descent.h) works on H = R' R.  That squares the condition; but what it
 * starts from is always the gradient R' (y - R u), from R itself, and it is
 * started again until that says the optimum is there: the corrected seminormal
 * equations, Bjorck, Numerical Methods for Least Squares Problems (1996),
 * section 2.4.5.
 */
#include "learn/linear.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/descent.h"

/* Of the root of the squares of y. */
#define ACCURACY 1e-13
#define ENOUGH 1e-9

enum { ROUNDS = 20 };

struct sparse {
	struct descent descent;
	double *h;		/* owned: q by q */
	double *g, *k, *left;	/* owned, one block with h: q each */
};

static bool sparse_init(struct sparse *t, size_t q)
{
	t->h = mem_try(q * (q + 3), sizeof(*t->h));
	if (!descent_init(&t->descent, q) || !t->h)
		return false;
	t->g = t->h + q * q;
	t->k = t->g + q;
	t->left = t->k + q;
	return true;
}

static void sparse_clear(struct sparse *t)
{
	descent_clear(&t->descent);
	free(t->h);
}

/* l2 on u_j of vectors with the intercept first. */
static double square_of(const struct linear *s, size_t j)
{
	double ratio = j ? s->scaled.ratio[j - 1] : 0;

	return s->l2 * ratio * ratio;
}

static void square(const struct linear *s, struct sparse *t)
{
	size_t q = s->q;

	for (size_t k = 0; k < q; k++)
		for (size_t i = 0; i <= k; i++)
			t->h[k * q + i] = t->h[i * q + k] =
				cblas_ddot((int)i + 1, s->r + i * s->m, 1,
					   s->r + k * s->m, 1);
	for (size_t j = 0; j < q; j++) {
		t->h[j * q + j] += square_of(s, j);
		t->k[j] = j ? s->l1 * fabs(s->scaled.ratio[j - 1]) : 0;
	}
	t->descent.h = t->h;
	t->descent.g = t->g;
	t->descent.k = t->k;
	t->descent.u = s->u;
}

/* left = y - R u, and the gradient there. */
static void look(const struct linear *s, struct sparse *t)
{
	int q = (int)s->q, m = (int)s->m;

	memcpy(t->left, s->u, s->q * sizeof(*t->left));
	cblas_dtrmv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, q,
		    s->r, m, t->left, 1);
	for (size_t i = 0; i < s->q; i++)
		t->left[i] = s->r[s->q * s->m + i] - t->left[i];
	memcpy(t->g, t->left, s->q * sizeof(*t->g));
	cblas_dtrmv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, q,
		    s->r, m, t->g, 1);
	for (size_t j = 0; j < s->q; j++)
		t->g[j] = square_of(s, j) * s->u[j] - t->g[j];
}

/* False when told to stop. */
static bool descend(struct linear *s, struct sparse *t, double size,
		    struct job *job)
{
	double before = INFINITY, now, lower;

	look(s, t);
	for (int i = 0; i < ROUNDS; i++) {
		if (!descent_solve(&t->descent, ACCURACY * size, &lower, job))
			return false;
		memcpy(s->u, t->descent.next, s->q * sizeof(*s->u));
		look(s, t);
		now = descent_violation(&t->descent);
		if (now <= ACCURACY * size || now > 0.5 * before)
			break;
		before = now;
	}
	s->converged = descent_violation(&t->descent) <= ENOUGH * size;
	return true;
}

static void finish(struct linear *s, const struct sparse *t)
{
	const double *y = s->r + s->q * s->m;
	double all = cblas_dnrm2((int)s->m - 1, y + 1, 1), left;

	left = cblas_ddot((int)s->q, t->left, 1, t->left, 1) +
	       y[s->q] * y[s->q];
	s->mse = left / (double)s->n;
	s->r2 = all > 0 ? 1 - left / (all * all) : NAN;
	s->done = true;
	s->note = s->converged
		? "no standard errors for weights that a penalty selects"
		: "not at the optimum: leave one of the columns out that go "
		  "together, or set l2=";
}

enum method_status linear_sparse(struct linear *s, struct job *job,
				 struct err *err)
{
	double size = cblas_dnrm2((int)s->m, s->r + s->q * s->m, 1);
	struct sparse t = { 0 };
	bool room = sparse_init(&t, s->q), ok = false;

	if (room) {
		square(s, &t);
		ok = descend(s, &t, size, job);
	}
	if (ok)
		finish(s, &t);
	sparse_clear(&t);
	if (!room)
		return linear_no_room(s, err);
	return !ok ? METHOD_MORE : s->converged ? METHOD_DONE : METHOD_STUCK;
}
