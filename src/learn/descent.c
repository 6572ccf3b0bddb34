/*
 * descent.c - coordinate descent on a quadratic, as glmnet has it
 *
 * One coordinate after the other goes to its optimum,
 *
 *	u_i = shrink(H_ii u_i - rest_i, k_i) / H_ii
 *
 * first all of them, then again and again those that are not 0, until they
 * stand; and then all of them, to see whether another one should leave 0.
 * Friedman, Hastie and Tibshirani, J. Statistical Software 33 (2010).
 *
 * Columns that go together make that slow.  So every few sweeps the equations
 * of those that are not 0 are solved at once, with their signs as they are; a
 * weight that would change its sign on the way stops at 0: Lee, Battle, Raina
 * and Ng, NIPS 19 (2007), the feature-sign search.  Each of the two only ever
 * lowers the objective.
 */
#include "learn/descent.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SWEEPS_MOST = 20000, SWEEPS_BETWEEN = 8 };

/* Of its diagonal, lest rounding makes a corner of H singular: the step is a
 * little short then, and the next one mends it. */
#define DAMPING 1e-12

bool descent_init(struct descent *s, size_t n)
{
	*s = (struct descent){ .n = n };
	s->next = mem_try(n, sizeof(*s->next));
	s->rest = mem_try(n, sizeof(*s->rest));
	s->step = mem_try(n, sizeof(*s->step));
	s->corner = mem_try(n * n, sizeof(*s->corner));
	s->active = mem_try(n, sizeof(*s->active));
	return s->next && s->rest && s->step && s->corner && s->active;
}

void descent_clear(struct descent *s)
{
	free(s->next);
	free(s->rest);
	free(s->step);
	free(s->corner);
	free(s->active);
	*s = (struct descent){ 0 };
}

double descent_shrink(double x, double k)
{
	return x > k ? x - k : x < -k ? x + k : 0;
}

static double sign_of(double x)
{
	return x > 0 ? 1 : x < 0 ? -1 : 0;
}

double descent_violation(const struct descent *s)
{
	double most = 0;

	for (size_t i = 0; i < s->n; i++) {
		double h = s->h[i * s->n + i];
		double off = s->u[i] != 0 ? s->g[i] + s->k[i] * sign_of(s->u[i])
					  : descent_shrink(s->g[i], s->k[i]);

		if (h > 0)
			most = fmax(most, fabs(off) / sqrt(h));
	}
	return most;
}

/* Coordinate i to its optimum; how far that was, in units of the root of the
 * objective.  One of no curvature, a constant feature, is 0. */
static double improve(struct descent *s, size_t i)
{
	double h = s->h[i * s->n + i], was = s->next[i], now = 0;

	if (h > 0)
		now = descent_shrink(h * was - s->rest[i], s->k[i]) / h;
	if (now == was)
		return 0;
	s->next[i] = now;
	cblas_daxpy((int)s->n, now - was, s->h + i * s->n, 1, s->rest, 1);
	return fabs(now - was) * sqrt(h);
}

static double sweep(struct descent *s, bool all)
{
	double most = 0;

	for (size_t i = 0; i < s->n; i++)
		if (all || s->next[i] != 0 || s->k[i] == 0)
			most = fmax(most, improve(s, i));
	return most;
}

/* The corner of H that belongs to weights that are not 0, and in step what is
 * to be solved with it; how many they are. */
static size_t cut_corner(struct descent *s)
{
	size_t m = 0;

	for (size_t i = 0; i < s->n; i++)
		if ((s->next[i] != 0 || s->k[i] == 0) &&
		    s->h[i * s->n + i] > 0)
			s->active[m++] = i;
	for (size_t a = 0; a < m; a++) {
		size_t i = s->active[a];
		const double *row = s->h + i * s->n;

		for (size_t b = 0; b <= a; b++)
			s->corner[a * m + b] = row[s->active[b]];
		s->corner[a * m + a] *= 1 + DAMPING;
		s->step[a] = -(s->rest[i] + s->k[i] * sign_of(s->next[i]));
	}
	return m;
}

/* How much of the step can be taken before a sign changes; at most 1. */
static double way(const struct descent *s, size_t m)
{
	double most = 1;

	for (size_t a = 0; a < m; a++) {
		size_t i = s->active[a];
		double now = s->next[i];

		if (s->k[i] > 0 && (now + s->step[a]) * now < 0)
			most = fmin(most, -now / s->step[a]);
	}
	return most;
}

/* All that are not 0 at once. */
static void solve_corner(struct descent *s)
{
	size_t m = cut_corner(s);
	double part;

	/* The lower triangle by rows is the upper one by columns. */
	if (m == 0 || LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', (int)m, s->corner,
				     (int)m) != 0)
		return;
	LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'U', (int)m, 1, s->corner, (int)m,
		       s->step, (int)m);
	part = way(s, m);
	for (size_t a = 0; a < m; a++) {
		size_t i = s->active[a];
		double was = s->next[i], now = was + part * s->step[a];

		if (s->k[i] > 0 && (now * was < 0 ||
				    fabs(now) < 1e-14 * fabs(was)))
			now = 0;
		s->next[i] = now;
		cblas_daxpy((int)s->n, now - was, s->h + i * s->n, 1, s->rest,
			    1);
	}
}

/* What g, H and k say that next is lower than u. */
static double promised(const struct descent *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->n; i++) {
		double d = s->next[i] - s->u[i];

		sum -= d * (s->g[i] + s->rest[i]) / 2 +
		       s->k[i] * (fabs(s->next[i]) - fabs(s->u[i]));
	}
	return sum;
}

bool descent_solve(struct descent *s, double accuracy, double *lower,
		   const struct job *job)
{
	bool all = true;

	memcpy(s->next, s->u, s->n * sizeof(*s->next));
	memcpy(s->rest, s->g, s->n * sizeof(*s->rest));
	for (size_t i = 1; i <= SWEEPS_MOST; i++) {
		double most;

		if (job_stopped(job))
			return false;
		most = sweep(s, all);
		if (all && most <= accuracy)
			break;
		all = most <= accuracy;
		if (i % SWEEPS_BETWEEN == 0) {
			solve_corner(s);
			all = true;
		}
	}
	*lower = promised(s);
	return true;
}
