/*
 * newton-rows.c - what Newton's method sums over the rows, in blocks
 */
#include "learn/newton.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/order.h"
#include "learn/loss.h"

/*
 * The rows are cut into parts; each has sums of its own, which are added in the
 * order of the parts.  How many there are depends on the problem and not on the
 * number of threads: so neither do the results.  No thread waits for another
 * before all is done, which counts when something else wants a core too.
 */
enum { PARTS_MIN = 2, PART_ROWS = 2048, PART_NUMBERS = 1 << 22 };

/* Products in a walk that are done sooner than a second thread is woken. */
enum { PARALLEL_WORK = 1 << 22 };

/* Numbers in a block, about: it stays in the second-level cache. */
enum { BLOCK_NUMBERS = 1 << 15, BLOCK_MIN = 64 };

static bool sums_init(struct sums *sums, size_t q)
{
	*sums = (struct sums){ 0 };
	sums->hessian = mem_try((q + 1) * q, sizeof(*sums->hessian));
	if (sums->hessian)
		sums->gradient = sums->hessian + q * q;
	return sums->hessian;
}

static void sums_zero(struct sums *sums, size_t q)
{
	sums->loss = 0;
	sums->hits = 0;
	memset(sums->hessian, 0, (q + 1) * q * sizeof(*sums->hessian));
}

static void sums_add(struct sums *to, const struct sums *from, size_t q)
{
	to->loss += from->loss;
	to->hits += from->hits;
	for (size_t i = 0; i < (q + 1) * q; i++)
		to->hessian[i] += from->hessian[i];
}

/*
 * From z to what the sums are made of: residual p - y and the square root of
 * the weight p (1 - p), which is exp(-|z|/2) / (1 + exp(-|z|)).
 */
static void look_at_rows(struct sums *sums, const double *z, const uint32_t *y,
			 size_t n, double *residual, double *root)
{
	double loss = 0;

	for (size_t i = 0; i < n; i++) {
		double half = exp(-fabs(z[i]) / 2), e = half * half;
		bool told = z[i] > 0, truly = y[i] == 1;

		residual[i] = (told ? 1 : e) / (1 + e) - (truly ? 1 : 0);
		root[i] = half / (1 + e);
		loss += log1p(e) + (told == truly ? 0 : fabs(z[i]));
		sums->hits += told == truly;
	}
	sums->loss += loss;
}

/* The same where classes count differently; loss is what there was before. */
static void weigh_rows(const struct newton *s, double before,
		       struct sums *sums, const double *z, const uint32_t *y,
		       size_t n, double *residual, double *root)
{
	sums->loss = before;
	for (size_t i = 0; i < n; i++) {
		double weight = s->weight[y[i] == 1];

		sums->loss += weight * logistic_loss(z[i], y[i]);
		residual[i] *= weight;
		root[i] *= sqrt(weight);
	}
}

/*
 * Add a block of rows to the sums:
 *
 *	gradient += X' (p - y),  hessian += X' W X,  X with a column of ones
 */
static void add_block(const struct newton *s, const double *u,
		      const uint32_t *row, const uint32_t *y, size_t n,
		      struct sums *sums, double *x)
{
	double z[DESIGN_BLOCK], residual[DESIGN_BLOCK], root[DESIGN_BLOCK];
	int rows = (int)n, p = (int)s->p, q = (int)s->q;
	double *g = sums->gradient, *h = sums->hessian, loss = sums->loss;

	design_block(&s->scaled.design, row, n, x);
	for (size_t i = 0; i < n; i++)
		z[i] = u[p];
	cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, p, 1, x, p, u, 1, 1, z,
		    1);
	look_at_rows(sums, z, y, n, residual, root);
	if (s->weighted)
		weigh_rows(s, loss, sums, z, y, n, residual, root);
	cblas_dgemv(CblasRowMajor, CblasTrans, rows, p, 1, x, p, residual, 1,
		    1, g, 1);
	for (size_t i = 0; i < n; i++) {
		g[p] += residual[i];
		h[s->q * s->q - 1] += root[i] * root[i];
		for (size_t j = 0; j < s->p; j++)
			x[i * s->p + j] *= root[i];
	}
	cblas_dgemv(CblasRowMajor, CblasTrans, rows, p, 1, x, p, root, 1, 1,
		    h + p, q);
	cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, p, rows, 1, x, p, 1,
		    h, q);
}

/* The sums of rows start ... end - 1.  False when told to stop. */
static bool add_part(const struct newton *s, const double *u, size_t start,
		     size_t end, struct sums *sums, double *x,
		     const struct job *job)
{
	sums_zero(sums, s->q);
	for (size_t i = start; i < end; i += s->block) {
		size_t n = end - i < s->block ? end - i : s->block;

		if (job_stopped(job))
			return false;
		add_block(s, u, s->now->row + i, s->now->y + i, n, sums, x);
	}
	return true;
}

enum walk newton_walk(struct newton *s, const double *u,
		      const struct job *job)
{
	size_t n = s->now->n, wanted = (n + PART_ROWS - 1) / PART_ROWS;
	size_t parts = wanted < s->parts ? wanted : s->parts;
	size_t stopped = 0, no_room = 0;

	#pragma omp parallel if (n * s->q * s->q >= PARALLEL_WORK) \
		reduction(+: stopped, no_room)
	{
		double *x = mem_try(s->block * s->p, sizeof(*x));

		no_room += !x;
		#pragma omp for schedule(dynamic)
		for (size_t i = 0; i < parts; i++)
			stopped += x && !add_part(s, u, n * i / parts,
						  n * (i + 1) / parts,
						  &s->part[i], x, job);
		free(x);
	}
	if (no_room || stopped)
		return no_room ? NO_ROOM : STOPPED;
	sums_zero(&s->sums, s->q);
	for (size_t i = 0; i < parts; i++)
		sums_add(&s->sums, &s->part[i], s->q);
	return WALKED;
}

/* ---- the start ---- */

static bool sample_init(struct sample *sample, size_t n)
{
	sample->n = n;
	sample->row = mem_try(n, sizeof(*sample->row));
	sample->y = mem_try(n, sizeof(*sample->y));
	return sample->row && sample->y;
}

static void sample_weigh(struct sample *sample, const double weight[2])
{
	size_t positives = 0;

	for (size_t i = 0; i < sample->n; i++)
		positives += sample->y[i] == 1;
	sample->positives = (double)positives * weight[1];
	sample->size = sample->positives +
		       (double)(sample->n - positives) * weight[0];
}

bool newton_take_rows(struct newton *s, const struct problem *problem,
		      struct err *err)
{
	size_t n = problem->train->n, few = n / APPROACH_SHARE;
	struct order order;

	if (!order_init(&order, problem->train, err))
		return false;
	if (!sample_init(&s->all, n) || !sample_init(&s->few, few)) {
		order_clear(&order);
		return err_set(err, ERR_NOMEM, "no memory for %zu rows", n);
	}
	s->all.share = 1;
	s->few.share = (double)few / (double)n;
	for (size_t i = 0; i < n; i++) {
		s->all.row[i] = order.row[i];
		s->all.y[i] = problem->y[order.from[i]];
	}
	for (size_t i = 0; i < few; i++) {
		s->few.row[i] = s->all.row[i * APPROACH_SHARE];
		s->few.y[i] = s->all.y[i * APPROACH_SHARE];
	}
	order_clear(&order);
	sample_weigh(&s->all, s->weight);
	sample_weigh(&s->few, s->weight);
	return true;
}

bool newton_make_sums(struct newton *s)
{
	size_t parts = walk_within(PART_NUMBERS / (s->q * s->q), PARTS_MIN,
			      NEWTON_PARTS);

	s->block = walk_within(BLOCK_NUMBERS / s->p, BLOCK_MIN, DESIGN_BLOCK);
	if (!sums_init(&s->sums, s->q))
		return false;
	while (s->parts < parts)
		if (!sums_init(&s->part[s->parts++], s->q))
			return false;
	return true;
}
