#include "learn/wide.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/descent.h"

enum { SWEEPS_MOST = 20000 };

/* Products between asking whether to stop; numbers in a block of filling. */
enum { WORK = 1 << 22, BLOCK_NUMBERS = 1 << 18 };

bool wide_init(struct wide *s, const struct scaled *scaled, size_t n, size_t c,
	       double l1, double l2)
{
	size_t p = scaled->of->p, q = p + 1;
	double *at;

	*s = (struct wide){ .n = n, .p = p, .q = q, .c = c };
	if (n > WIDE_NUMBERS / q || n * c > WIDE_NUMBERS)
		return false;
	s->x = mem_try(n * q + 2 * q + 3 * c * q + 3 * c * n + n, sizeof(*at));
	if (!s->x)
		return false;
	at = s->x + n * q;
	s->square = at;
	s->l1 = at += q;
	s->u = at += q;
	s->next = at += c * q;
	s->h = at += c * q;
	s->e = at += c * q;
	s->left = at += c * n;
	s->chance = at += c * n;
	s->weight = at + c * n;
	for (size_t j = 0; j < p; j++) {
		s->square[j] = l2 * scaled->ratio[j] * scaled->ratio[j];
		s->l1[j] = l1 * fabs(scaled->ratio[j]);
	}
	return true;
}

void wide_clear(struct wide *s)
{
	free(s->x);
	*s = (struct wide){ 0 };
}

bool wide_fill(struct wide *s, const struct scaled *scaled,
	       const uint32_t *row, double ones, const struct job *job)
{
	size_t rows = BLOCK_NUMBERS / s->p + 1;
	double *block;

	if (s->filled)
		return true;
	rows = rows < DESIGN_BLOCK ? rows : DESIGN_BLOCK;
	block = mem_array(rows * s->p, sizeof(*block));
	for (size_t start = 0; start < s->n && !job_stopped(job);
	     start += rows) {
		size_t n = s->n - start < rows ? s->n - start : rows;

		design_block(&scaled->design, row + start, n, block);
		for (size_t j = 0; j < s->p; j++)
			for (size_t i = 0; i < n; i++)
				s->x[j * s->n + start + i] =
					block[i * s->p + j];
	}
	free(block);
	for (size_t i = 0; i < s->n; i++)
		s->x[s->p * s->n + i] = ones;
	s->filled = !job_stopped(job);
	return s->filled;
}

void wide_scores(const struct wide *s, const double *u, double *z)
{
	memset(z, 0, s->c * s->n * sizeof(*z));
	for (size_t k = 0; k < s->c; k++)
		for (size_t j = 0; j < s->q; j++)
			if (u[k * s->q + j] != 0)
				cblas_daxpy((int)s->n, u[k * s->q + j],
					    s->x + j * s->n, 1, z + k * s->n,
					    1);
}

double wide_penalty(const struct wide *s, const double *u)
{
	double sum = 0;

	for (size_t i = 0; i < s->c * s->q; i++)
		sum += s->square[i % s->q] / 2 * u[i] * u[i] +
		       s->l1[i % s->q] * fabs(u[i]);
	return sum;
}

/* W_i between sets k and m. */
static double weight_of(const struct wide *s, size_t k, size_t m, size_t i)
{
	double chance = s->chance[k * s->n + i];

	if (!s->classes)
		return 1;
	return s->weight[i] * (k == m ? chance * (1 - chance)
				      : -chance * s->chance[m * s->n + i]);
}

static void find_diagonal(struct wide *s)
{
	for (size_t k = 0; k < s->c; k++)
		for (size_t j = 0; j < s->q; j++) {
			const double *x = s->x + j * s->n;
			double sum = 0;

			for (size_t i = 0; i < s->n; i++)
				sum += x[i] * x[i] * weight_of(s, k, k, i);
			s->h[k * s->q + j] = sum + s->square[j];
		}
}

/* The derivative for weight j of set k, with what is left of the rows. */
static double slope(const struct wide *s, size_t k, size_t j, const double *u,
		    const double *left)
{
	return cblas_ddot((int)s->n, s->x + j * s->n, 1, left + k * s->n, 1) +
	       s->square[j] * u[k * s->q + j];
}

/* As in descent.c. */
static double improve(struct wide *s, size_t k, size_t j)
{
	const double *x = s->x + j * s->n;
	double *at = &s->next[k * s->q + j], h = s->h[k * s->q + j];
	double was = *at, now = 0;

	if (h > 0)
		now = descent_shrink(h * was - slope(s, k, j, s->next,
						     s->left), s->l1[j]) / h;
	if (now == was)
		return 0;
	*at = now;
	for (size_t m = 0; m < s->c; m++)
		for (size_t i = 0; i < s->n; i++)
			s->left[m * s->n + i] += (now - was) * x[i] *
						 weight_of(s, k, m, i);
	return fabs(now - was) * sqrt(h);
}

/* False when told to stop. */
static bool sweep(struct wide *s, bool all, double *most,
		  const struct job *job)
{
	size_t work = 0;

	*most = 0;
	for (size_t k = 0; k < s->c; k++)
		for (size_t j = 0; j < s->q; j++) {
			if (!all && s->next[k * s->q + j] == 0 && s->l1[j] > 0)
				continue;
			*most = fmax(*most, improve(s, k, j));
			work += s->n * (s->c + 1);
			if (work > WORK && job_stopped(job))
				return false;
			work = work > WORK ? 0 : work;
		}
	return !job_stopped(job);
}

static double promised(const struct wide *s)
{
	double sum = 0;

	for (size_t k = 0; k < s->c; k++)
		for (size_t j = 0; j < s->q; j++) {
			double u = s->u[k * s->q + j];
			double next = s->next[k * s->q + j];

			if (u == next)
				continue;
			sum -= (next - u) * (slope(s, k, j, s->u, s->e) +
					     slope(s, k, j, s->next, s->left)) /
			       2 + s->l1[j] * (fabs(next) - fabs(u));
		}
	return sum;
}

bool wide_solve(struct wide *s, double accuracy, double *lower,
		const struct job *job)
{
	bool all = true;

	memcpy(s->next, s->u, s->c * s->q * sizeof(*s->next));
	memcpy(s->left, s->e, s->c * s->n * sizeof(*s->left));
	find_diagonal(s);
	for (size_t i = 0; i < SWEEPS_MOST; i++) {
		double most;

		if (!sweep(s, all, &most, job))
			return false;
		if (all && most <= accuracy)
			break;
		all = most <= accuracy;
	}
	*lower = promised(s);
	return true;
}
