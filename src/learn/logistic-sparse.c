/*
 * logistic-sparse.c - logistic regression with l1: lasso and elastic net
 *
 *	minimise over w_k, b_k:
 *	    sum_i c_i loss(z_i, y_i) + sum_k l2/2 |w_k|^2 + l1 |w_k|_1
 *	    z_ik = b_k + w_k . x_i
 *
 * Of two classes there is one set of weights, and the loss is log(1 + exp(-t
 * z)), as in newton.c; of more each class has a set, and the loss is that of
 * softmax.c.  c_i is the weight of the class of row i.  Intercepts are free.
 *
 * Every step looks at all the rows, in blocks, for the gradient and the whole
 * Hessian; the quadratic that they make, with l1 beside it, is minimised by
 * coordinate descent (descent.h), and steps that do not lower the objective are
 * halved: Lee, Sun and Saunders, SIAM J. Optimization 24 (2014), "proximal
 * Newton-type methods".  Inside, features are scaled (scaled.h).
 *
 * Stops when the quadratic promises to lower the objective by at most
 * tolerance^2 of it, or when rounding keeps that from falling; the step is
 * still taken, so that weights that are 0 are exactly 0.
 *
 *	n rows, p features, q = p + 1, c sets, size = c q; u is c by q, set
 *	after set, the intercept last in each; H is size by size
 */
#include "learn/logistic.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/descent.h"
#include "learn/headway.h"
#include "learn/learners.h"
#include "learn/loss.h"
#include "learn/scaled.h"
#include "learn/walk.h"

/* As in newton.c: sums of parts, added in the order of the parts, so that the
 * number of threads changes no digit. */
enum { PARTS_MAX = 64, PARTS_MIN = 2, PART_ROWS = 2048,
       PART_NUMBERS = 1 << 22 };
enum { PARALLEL_WORK = 1 << 22 };

/* Numbers in a block of rows with all their classes, about. */
enum { BLOCK_NUMBERS = 1 << 15, BLOCK_MIN = 16 };

enum { HALVINGS = 40 };
#define ACCURACY 1e-4		/* of the quadratic, in units of tolerance */

/* What a walk over a part of the rows finds. */
struct part {
	double loss;
	size_t hits;
	double *h, *g;		/* h owned, the block of both */
};

struct sparse {
	struct learners rows;
	struct scaled scaled;
	size_t p, q, c, size;
	double l1, l2;
	size_t block;		/* rows */

	double *u, *next, *k;	/* size each; u is the block of them */
	struct descent descent;
	struct part part[PARTS_MAX];	/* the first: the sum of all */
	size_t parts;

	bool looked;		/* the sums and the objective are those of u */
	double objective, lower;
	struct headway way;
};

/* ---- one block of rows ---- */

/* Room for a block: x, n by q with ones in the end, and as much to spare; z, n
 * by c. */
static double *room_new(const struct sparse *s)
{
	return mem_try(s->block * (2 * s->q + s->c), sizeof(double));
}

/* z of each set becomes a probability. */
static void look_at_rows(const struct sparse *s, const uint32_t *y, size_t n,
			 double *z, struct part *part)
{
	for (size_t i = 0; i < n; i++) {
		double *of = z + i * s->c, weight = s->rows.weight[y[i]];
		size_t told;

		if (s->c == 1) {
			part->hits += (of[0] > 0) == (y[i] == 1);
			part->loss += weight * logistic_loss(of[0], y[i]);
			of[0] = logistic_probability(of[0]);
			continue;
		}
		part->loss += weight * softmax_loss(of, s->c, y[i], &told);
		part->hits += told == y[i];
	}
}

/* H of sets k and m <= k: X' diag(c P_k (1 - P_k)) X, or less X' diag(c P_k
 * P_m) X; the upper triangle of that. */
static void add_pair(const struct sparse *s, const uint32_t *y, size_t n,
		     const double *x, const double *z, size_t k, size_t m,
		     double *spare, struct part *part)
{
	size_t q = s->q;

	for (size_t i = 0; i < n; i++) {
		double chance = z[i * s->c + k];
		double other = k == m ? 1 - chance : z[i * s->c + m];
		double root = sqrt(s->rows.weight[y[i]] * chance * other);

		for (size_t j = 0; j < q; j++)
			spare[i * q + j] = root * x[i * q + j];
	}
	cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)q, (int)n,
		    k == m ? 1 : -1, spare, (int)q, 1,
		    part->h + m * q * s->size + k * q, (int)s->size);
}

/* P becomes P - Y, weighed. */
static void subtract_truth(const struct sparse *s, const uint32_t *y, size_t n,
			   double *z)
{
	for (size_t i = 0; i < n; i++) {
		double *of = z + i * s->c;

		if (s->c > 1)
			of[y[i]] -= 1;
		else
			of[0] -= y[i];
		for (size_t k = 0; k < s->c; k++)
			of[k] *= s->rows.weight[y[i]];
	}
}

/* False when told to stop: of many classes the pairs take long. */
static bool add_block(const struct sparse *s, const double *u, size_t start,
		      size_t n, double *room, struct part *part,
		      const struct job *job)
{
	double *x = room, *spare = x + s->block * s->q;
	double *z = spare + s->block * s->q;
	const uint32_t *y = s->rows.y + start;
	int q = (int)s->q, c = (int)s->c;

	scaled_block(&s->scaled, s->rows.row + start, n, x, spare);
	cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, c, q, 1,
		    x, q, u, q, 0, z, c);
	look_at_rows(s, y, n, z, part);
	for (size_t k = 0; k < s->c; k++) {
		if (job_stopped(job))
			return false;
		for (size_t m = 0; m <= k; m++)
			add_pair(s, y, n, x, z, k, m, spare, part);
	}
	subtract_truth(s, y, n, z);
	cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, q, (int)n, 1,
		    z, c, x, q, 1, part->g, q);
	return true;
}

/* ---- all rows ---- */

static size_t part_numbers(const struct sparse *s)
{
	return s->size * (s->size + 1);
}

static bool add_part(const struct sparse *s, const double *u, size_t start,
		     size_t end, double *room, struct part *part,
		     const struct job *job)
{
	part->loss = 0;
	part->hits = 0;
	memset(part->h, 0, part_numbers(s) * sizeof(*part->h));
	for (size_t i = start; i < end; i += s->block) {
		size_t n = end - i < s->block ? end - i : s->block;

		if (!add_block(s, u, i, n, room, part, job))
			return false;
	}
	return true;
}

static void add_parts(struct sparse *s, size_t parts)
{
	struct part *to = &s->part[0];

	for (size_t i = 1; i < parts; i++) {
		const struct part *from = &s->part[i];

		to->loss += from->loss;
		to->hits += from->hits;
		for (size_t j = 0; j < part_numbers(s); j++)
			to->h[j] += from->h[j];
	}
}

/* The other triangle of each pair, and of all. */
static void mirror(struct sparse *s)
{
	size_t q = s->q, size = s->size;
	double *h = s->part[0].h;

	for (size_t m = 0; m < s->c; m++)
		for (size_t k = m; k < s->c; k++)
			for (size_t i = 0; i < q; i++)
				for (size_t j = i; j < q; j++) {
					double at = h[(m * q + i) * size +
						      k * q + j];

					h[(m * q + j) * size + k * q + i] = at;
					h[(k * q + i) * size + m * q + j] = at;
					h[(k * q + j) * size + m * q + i] = at;
				}
}

/* The sums come to stand in the first part. */
static enum walk walk(struct sparse *s, const double *u, const struct job *job)
{
	size_t n = s->rows.n, wanted = (n + PART_ROWS - 1) / PART_ROWS;
	size_t parts = wanted < s->parts ? wanted : s->parts;
	size_t stopped = 0, no_room = 0;

	#pragma omp parallel if (n * s->size * s->size >= PARALLEL_WORK) \
		reduction(+: stopped, no_room)
	{
		double *room = room_new(s);

		no_room += !room;
		#pragma omp for schedule(dynamic)
		for (size_t i = 0; i < parts; i++)
			stopped += room && !add_part(s, u, n * i / parts,
						     n * (i + 1) / parts,
						     room, &s->part[i], job);
		free(room);
	}
	if (no_room || stopped)
		return no_room ? NO_ROOM : STOPPED;
	add_parts(s, parts);
	mirror(s);
	return WALKED;
}

/* l2 of u_i; the intercept has none. */
static double square_of(const struct sparse *s, size_t i)
{
	size_t j = i % s->q;
	double ratio = j < s->p ? s->scaled.ratio[j] : 0;

	return s->l2 * ratio * ratio;
}

/* The objective at u, and the gradient and Hessian, but for l1. */
static enum walk look(struct sparse *s, const double *u, double *objective,
		      const struct job *job)
{
	enum walk end = walk(s, u, job);
	double penalty = 0;

	if (end != WALKED)
		return end;
	for (size_t i = 0; i < s->size; i++) {
		double square = square_of(s, i);

		penalty += square / 2 * u[i] * u[i] + s->k[i] * fabs(u[i]);
		s->part[0].g[i] += square * u[i];
		s->part[0].h[i * s->size + i] += square;
	}
	*objective = s->part[0].loss + penalty;
	return WALKED;
}

/* ---- the steps of the method ---- */

static void take(struct sparse *s, const double *u, double objective)
{
	if (u != s->u)
		memcpy(s->u, u, s->size * sizeof(*s->u));
	s->objective = objective;
	s->way.loss = s->part[0].loss / s->rows.size;
	s->way.accuracy = (double)s->part[0].hits / (double)s->rows.n;
	s->looked = true;
}

/* Go to next, or back towards u until the objective is not higher. */
static enum walk go(struct sparse *s, const struct job *job)
{
	double limit = s->objective + 1e-12 * fabs(s->objective);

	memcpy(s->next, s->descent.next, s->size * sizeof(*s->next));
	s->looked = false;	/* what is found is no longer that of u */
	for (int i = 0; i < HALVINGS; i++) {
		double objective;
		enum walk end = look(s, s->next, &objective, job);

		if (end != WALKED)
			return end;
		if (objective <= limit) {
			take(s, s->next, objective);
			return WALKED;
		}
		for (size_t j = 0; j < s->size; j++)
			s->next[j] = (s->next[j] + s->u[j]) / 2;
	}
	return WALKED;
}

static enum method_status ended(const struct sparse *s, enum walk end,
				struct err *err)
{
	if (end != NO_ROOM)
		return METHOD_MORE;
	err_set(err, ERR_NOMEM, "no memory for %zu features of %zu classes",
		s->p, s->c == 1 ? 2 : s->c);
	return METHOD_FAILED;
}

/* The last step: what it lowers is too little to be seen. */
static enum method_status finish(struct sparse *s)
{
	memcpy(s->u, s->descent.next, s->size * sizeof(*s->u));
	return headway_done(&s->way, HEADWAY_SELECTED);
}

static enum method_status sparse_step(void *state, struct job *job,
				      struct err *err)
{
	struct sparse *s = state;
	double before = s->lower, objective;
	enum walk end = WALKED;

	if (!s->looked) {
		end = look(s, s->u, &objective, job);
		if (end != WALKED)
			return ended(s, end, err);
		take(s, s->u, objective);
	}
	if (!isfinite(s->objective))
		return headway_overflow(&s->way);
	if (!descent_solve(&s->descent, ACCURACY * s->way.tolerance *
			   sqrt(s->objective), &s->lower, job)) {
		s->lower = before;
		return METHOD_MORE;
	}
	s->way.iteration++;
	if (headway_there(&s->way, s->objective, s->lower, before))
		return finish(s);
	if (headway_more(&s->way) != METHOD_MORE)
		return METHOD_STUCK;
	return ended(s, go(s, job), err);
}

static void sparse_look(const void *state, struct model *model)
{
	const struct sparse *s = state;

	learners_model(&s->rows, &s->scaled, s->u, s->c == 1, model);
	headway_look(&s->way, model);
}

static void sparse_end(void *state)
{
	struct sparse *s = state;

	learners_clear(&s->rows);
	scaled_clear(&s->scaled);
	descent_clear(&s->descent);
	free(s->u);
	for (size_t i = 0; i < s->parts; i++)
		free(s->part[i].h);
	free(s);
}

/* ---- the start ---- */

static bool make_room(struct sparse *s)
{
	size_t all, parts;

	s->size = s->c * s->q;
	all = part_numbers(s);
	s->block = walk_within(BLOCK_NUMBERS / (s->q + s->c), BLOCK_MIN,
			  DESIGN_BLOCK);
	parts = walk_within(PART_NUMBERS / all, PARTS_MIN, PARTS_MAX);
	s->u = mem_try(3 * s->size, sizeof(*s->u));
	if (!s->u || !descent_init(&s->descent, s->size))
		return false;
	s->next = s->u + s->size;
	s->k = s->next + s->size;
	while (s->parts < parts) {
		struct part *part = &s->part[s->parts];

		part->h = mem_try(all, sizeof(*part->h));
		if (!part->h)
			return false;
		part->g = part->h + s->size * s->size;
		s->parts++;
	}
	return true;
}

/* No weights, and the intercepts that are best then. */
static void begin(struct sparse *s)
{
	learners_intercepts(&s->rows, s->u + s->p, s->q, s->c == 1);
	for (size_t i = 0; i < s->size; i++)
		s->k[i] = i % s->q < s->p ?
			  s->l1 * fabs(s->scaled.ratio[i % s->q]) : 0;
	s->descent.h = s->part[0].h;
	s->descent.g = s->part[0].g;
	s->descent.k = s->k;
	s->descent.u = s->u;
	s->lower = INFINITY;
}

static void *sparse_start(const struct problem *problem,
			  const struct option_values *options, struct err *err)
{
	struct sparse *s = mem_new(sizeof(*s));

	openblas_set_num_threads(1);
	s->p = problem->design->p;
	s->q = s->p + 1;
	s->l1 = logistic_l1(options);
	s->l2 = options_number(options, "l2");
	headway_init(&s->way, options);
	scaled_init(&s->scaled, problem->design, true);
	if (!learners_take(&s->rows, problem, err)) {
		sparse_end(s);
		return NULL;
	}
	s->c = problem->classes > 2 ? s->rows.c : 1;
	if (!make_room(s)) {
		ended(s, NO_ROOM, err);
		sparse_end(s);
		return NULL;
	}
	begin(s);
	return s;
}

const struct method logistic_sparse = {
	.name = "sparse",
	.help = "coordinate descent on Newton's quadratic, for l1",
	.options = logistic_options,
	.start = sparse_start,
	.step = sparse_step,
	.look = sparse_look,
	.end = sparse_end
};
