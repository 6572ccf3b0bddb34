/*
 * softmax.c - logistic regression of more than two classes, by Newton's method
 *
 *	minimise over w_k, b_k:
 *	    sum_i (log(sum_k exp(z_ik)) - z_iy) + l2/2 sum_k |w_k|^2
 *	    z_ik = b_k + w_k . x_i,  y the class of row i
 *
 * Every class has weights of its own, all penalised, and a free intercept, as
 * in scikit-learn's multinomial LogisticRegression.  What is added to all the
 * classes alike changes no probability; with a penalty the best weights add up
 * to 0 over the classes, and so are the intercepts here, and without one the
 * weights too.
 *
 * Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4.  The
 * Hessian of all classes would be large: it is only multiplied with vectors,
 * in blocks of rows,
 *
 *	(H v)_k = sum_i P_ik (X_i v_k - sum_m P_im X_i v_m) X_i + penalty v_k
 *
 * and the Newton step is found by conjugate gradients, preconditioned by the
 * blocks of the Hessian that belong to one class each (by its diagonal where
 * they would be large): Nocedal and Wright, Numerical Optimization, 2nd ed.
 * (2006), algorithms 5.3 and 7.1.  Steps that do not lower the objective are
 * halved.
 *
 * Two classes are told this way where a Hessian of all features would be too
 * large: w is w_1 - w_0 then, and as these are w/2 and -w/2, l2 counts twice.
 *
 * Inside, features are scaled (scaled.h).
 *
 * Stops when the decrement -g.d is at most tolerance^2 times the objective, or
 * when rounding keeps it from falling; that step is still taken.
 *
 *	n rows, p features, q = p + 1, c classes that are present, size = c q;
 *	u is c by q, class after class, the intercept last in each
 */
#include "learn/logistic.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/learners.h"
#include "learn/loss.h"
#include "learn/scaled.h"

/* As in newton.c: sums of parts, added in the order of the parts, so that the
 * number of threads changes no digit. */
enum { PARTS_MAX = 32, PARTS_MIN = 2, PART_ROWS = 1024,
       PART_NUMBERS = 1 << 22 };
enum { PARALLEL_WORK = 1 << 20 };

/* Numbers in a block of rows with all their classes, about. */
enum { BLOCK_NUMBERS = 1 << 15, BLOCK_MIN = 16 };

/* Blocks of the preconditioner take more numbers than this: its diagonal. */
enum { BLOCKS_MOST = 1 << 21 };

enum { HALVINGS = 40, PRODUCTS_MOST = 2000 };
#define TOLERANCE 1e-6
#define TOLERANCE_FREE 1e-8	/* without a penalty */
#define EXACT 1e-7		/* of conjugate gradients, near the optimum */

/* What a walk over a part of the rows finds. */
struct part {
	double loss;
	size_t hits;
	double *sum;		/* owned: size; the gradient or a product */
	double *block;		/* owned: c by q by q, or c by q */
};

struct softmax {
	struct scaled scaled;
	struct learners learners;
	size_t n, p, q, c, size;
	bool two;		/* classes: told by one set of weights */
	double l2, tolerance;
	size_t rows;		/* in a block */
	bool blocks;		/* the preconditioner has them */

	double *u;		/* owned, one block with the next seven */
	double *next, *gradient, *step, *r, *z, *d, *product;
	double *factor;		/* owned: the preconditioner, factorised */
	struct part part[PARTS_MAX];
	size_t parts;

	bool looked;		/* gradient and objective are those of u */
	double objective, decrement;
	double loss, accuracy;
	size_t iteration, limit;
	bool converged;
	const char *note;
};

enum walk { WALKED, STOPPED, NO_ROOM };

/* What a walk is for: the gradient at at, or the product of the Hessian at u
 * with at. */
struct errand {
	const double *u;
	const double *v;	/* NULL: the gradient */
	bool blocks;		/* and the preconditioner */
};

/* ---- one block of rows ---- */

/* Room for a block: x, n by q with ones in the end, z and t, n by c. */
static double *room_new(const struct softmax *s)
{
	return mem_try(s->rows * (2 * s->q + 2 * s->c), sizeof(double));
}

static void fill(const struct softmax *s, size_t start, size_t n, double *x,
		 double *spare)
{
	design_block(&s->scaled.design, s->learners.row + start, n, spare);
	for (size_t i = 0; i < n; i++) {
		memcpy(x + i * s->q, spare + i * s->p, s->p * sizeof(*x));
		x[i * s->q + s->p] = 1;
	}
}

/* to, n by c, is x times u'. */
static void multiply(const struct softmax *s, const double *x, size_t n,
		     const double *u, double *to)
{
	int q = (int)s->q, c = (int)s->c;

	cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, c, q, 1,
		    x, q, u, q, 0, to, c);
}

static void add_loss(const struct softmax *s, size_t start, size_t n,
		     double *z, struct part *part)
{
	for (size_t i = 0; i < n; i++) {
		double *of = z + i * s->c, most = of[0];
		uint32_t y = s->learners.y[start + i];
		double true_z = of[y];
		size_t told = 0;

		for (size_t k = 1; k < s->c; k++)
			if (of[k] > most) {
				most = of[k];
				told = k;
			}
		part->hits += told == y;
		part->loss += s->learners.weight[y] *
			      (softmax(of, s->c) + (most - true_z));
	}
}

/* Add x' diag(P (1 - P)) x of each class. */
static void add_blocks(const struct softmax *s, const double *x,
		       const uint32_t *y, size_t n, const double *z,
		       double *spare, struct part *part)
{
	const double *weight = s->learners.weight;
	size_t q = s->q;

	for (size_t k = 0; k < s->c; k++) {
		for (size_t i = 0; i < n; i++) {
			double chance = z[i * s->c + k];
			double w = weight[y[i]] * chance * (1 - chance);
			const double *from = x + i * q;
			double root = sqrt(w);

			for (size_t j = 0; s->blocks && j < q; j++)
				spare[i * q + j] = from[j] * root;
			for (size_t j = 0; !s->blocks && j < q; j++)
				part->block[k * q + j] += w * from[j] *
							  from[j];
		}
		if (s->blocks)
			cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans,
				    (int)q, (int)n, 1, spare, (int)q, 1,
				    part->block + k * q * q, (int)q);
	}
}

/* t, X v of each row, becomes P (t - sum_m P_m t_m), weighed. */
static void spread(const struct softmax *s, const uint32_t *y, size_t n,
		   const double *z, double *t)
{
	for (size_t i = 0; i < n; i++) {
		const double *chance = z + i * s->c;
		double *of = t + i * s->c, mean = 0;
		double weight = s->learners.weight[y[i]];

		for (size_t k = 0; k < s->c; k++)
			mean += chance[k] * of[k];
		for (size_t k = 0; k < s->c; k++)
			of[k] = weight * chance[k] * (of[k] - mean);
	}
}

/* P becomes P - Y, weighed. */
static void subtract_truth(const struct softmax *s, const uint32_t *y,
			   size_t n, double *z)
{
	for (size_t i = 0; i < n; i++) {
		double *of = z + i * s->c;

		of[y[i]] -= 1;
		for (size_t k = 0; k < s->c; k++)
			of[k] *= s->learners.weight[y[i]];
	}
}

static void add_block(const struct softmax *s, const struct errand *e,
		      size_t start, size_t n, double *room, struct part *part)
{
	double *x = room, *spare = x + s->rows * s->q;
	double *z = spare + s->rows * s->q, *t = z + s->rows * s->c;
	int q = (int)s->q, c = (int)s->c;

	fill(s, start, n, x, spare);
	multiply(s, x, n, e->u, z);
	add_loss(s, start, n, z, part);
	if (e->blocks)
		add_blocks(s, x, s->learners.y + start, n, z, spare, part);
	if (e->v) {
		multiply(s, x, n, e->v, t);
		spread(s, s->learners.y + start, n, z, t);
		z = t;
	} else {
		subtract_truth(s, s->learners.y + start, n, z);
	}
	cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, q, (int)n, 1,
		    z, c, x, q, 1, part->sum, q);
}

/* ---- all rows ---- */

static size_t block_numbers(const struct softmax *s)
{
	return s->size * (s->blocks ? s->q : 1);
}

static bool add_part(const struct softmax *s, const struct errand *e,
		     size_t start, size_t end, double *room, struct part *part,
		     const struct job *job)
{
	part->loss = 0;
	part->hits = 0;
	memset(part->sum, 0, s->size * sizeof(*part->sum));
	if (e->blocks)
		memset(part->block, 0,
		       block_numbers(s) * sizeof(*part->block));
	for (size_t i = start; i < end; i += s->rows) {
		size_t n = end - i < s->rows ? end - i : s->rows;

		if (job_stopped(job))
			return false;
		add_block(s, e, i, n, room, part);
	}
	return true;
}

static void add_parts(struct softmax *s, const struct errand *e, size_t parts)
{
	struct part *to = &s->part[0];

	for (size_t i = 1; i < parts; i++) {
		const struct part *from = &s->part[i];

		to->loss += from->loss;
		to->hits += from->hits;
		for (size_t j = 0; j < s->size; j++)
			to->sum[j] += from->sum[j];
		for (size_t j = 0; e->blocks && j < block_numbers(s); j++)
			to->block[j] += from->block[j];
	}
}

/* The sums come to stand in the first part. */
static enum walk walk(struct softmax *s, const struct errand *e,
		      const struct job *job)
{
	size_t wanted = (s->n + PART_ROWS - 1) / PART_ROWS;
	size_t parts = wanted < s->parts ? wanted : s->parts;
	size_t stopped = 0, no_room = 0;

	#pragma omp parallel if (s->n * s->size >= PARALLEL_WORK) \
		reduction(+: stopped, no_room)
	{
		double *room = room_new(s);

		no_room += !room;
		#pragma omp for schedule(dynamic)
		for (size_t i = 0; i < parts; i++)
			stopped += room && !add_part(s, e, s->n * i / parts,
						     s->n * (i + 1) / parts,
						     room, &s->part[i], job);
		free(room);
	}
	if (no_room || stopped)
		return no_room ? NO_ROOM : STOPPED;
	add_parts(s, e, parts);
	return WALKED;
}

/* Of feature j; the intercept has none. */
static double penalty_of(const struct softmax *s, size_t j)
{
	double ratio = j < s->p ? s->scaled.ratio[j] : 0;

	return s->l2 * ratio * ratio;
}

/* Add l2 times what the penalty makes of v. */
static void add_penalty(const struct softmax *s, const double *v, double *to)
{
	for (size_t i = 0; i < s->size; i++)
		to[i] += penalty_of(s, i % s->q) * v[i];
}

/* The gradient and the objective at at, and the preconditioner's blocks. */
static enum walk look(struct softmax *s, const double *at, double *objective,
		      const struct job *job)
{
	struct errand e = { .u = at, .blocks = true };
	enum walk end = walk(s, &e, job);
	double penalty = 0;

	if (end != WALKED)
		return end;
	for (size_t i = 0; i < s->size; i++)
		penalty += penalty_of(s, i % s->q) * at[i] * at[i];
	*objective = s->part[0].loss + penalty / 2;
	add_penalty(s, at, s->part[0].sum);
	return WALKED;
}

/* ---- the step ---- */

/* What is added to all the classes alike changes nothing: none of it. */
static void level(const struct softmax *s, double *v)
{
	for (size_t j = 0; j < s->q; j++) {
		double mean = 0;

		for (size_t k = 0; k < s->c; k++)
			mean += v[k * s->q + j];
		mean /= (double)s->c;
		for (size_t k = 0; k < s->c; k++)
			v[k * s->q + j] -= mean;
	}
}

/* A little on the diagonal, lest rounding makes a block of a certain class
 * singular; the preconditioner may be as rough as it likes. */
static void factorise(struct softmax *s)
{
	size_t q = s->q;

	memcpy(s->factor, s->part[0].block,
	       block_numbers(s) * sizeof(*s->factor));
	for (size_t k = 0; k < s->c; k++) {
		double *block = s->factor + k * q * (s->blocks ? q : 1);
		double most = 0;

		for (size_t j = 0; j < q; j++) {
			double *at = block + j * (s->blocks ? q + 1 : 1);

			*at += penalty_of(s, j);
			most = *at > most ? *at : most;
		}
		for (size_t j = 0; j < q; j++)
			block[j * (s->blocks ? q + 1 : 1)] +=
				1e-9 * most + 1e-300;
		if (s->blocks)
			LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', (int)q, block,
				       (int)q);
	}
}

static void precondition(const struct softmax *s, const double *r, double *z)
{
	size_t q = s->q;

	memcpy(z, r, s->size * sizeof(*z));
	for (size_t i = 0; !s->blocks && i < s->size; i++)
		z[i] /= s->factor[i];
	for (size_t k = 0; s->blocks && k < s->c; k++)
		LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'L', (int)q, 1,
			       s->factor + k * q * q, (int)q, z + k * q,
			       (int)q);
	level(s, z);
}

static double dot(const struct softmax *s, const double *a, const double *b)
{
	return cblas_ddot((int)s->size, a, 1, b, 1);
}

/* H d. */
static enum walk multiply_hessian(struct softmax *s, const struct job *job)
{
	struct errand e = { .u = s->u, .v = s->d };
	enum walk end = walk(s, &e, job);

	if (end != WALKED)
		return end;
	memcpy(s->product, s->part[0].sum, s->size * sizeof(*s->product));
	add_penalty(s, s->d, s->product);
	return WALKED;
}

/* How far the linear system has to be solved: well when near the optimum. */
static double forcing(const struct softmax *s)
{
	double relative = s->decrement / s->objective;

	return isfinite(relative) ? fmax(fmin(0.1, relative), EXACT) : 0.1;
}

/* s->step: H step = -gradient, by conjugate gradients. */
static enum walk find_step(struct softmax *s, const struct job *job)
{
	double rz, first, enough = forcing(s);

	factorise(s);
	memset(s->step, 0, s->size * sizeof(*s->step));
	for (size_t i = 0; i < s->size; i++)
		s->r[i] = -s->gradient[i];
	level(s, s->r);
	precondition(s, s->r, s->z);
	memcpy(s->d, s->z, s->size * sizeof(*s->d));
	first = rz = dot(s, s->r, s->z);
	for (int i = 0; i < PRODUCTS_MOST && rz > enough * enough * first;
	     i++) {
		enum walk end = multiply_hessian(s, job);
		double curve = dot(s, s->d, s->product), next;

		if (end != WALKED)
			return end;
		if (!(curve > 0))
			break;
		cblas_daxpy((int)s->size, rz / curve, s->d, 1, s->step, 1);
		cblas_daxpy((int)s->size, -rz / curve, s->product, 1, s->r, 1);
		level(s, s->r);
		precondition(s, s->r, s->z);
		next = dot(s, s->r, s->z);
		for (size_t j = 0; j < s->size; j++)
			s->d[j] = s->z[j] + next / rz * s->d[j];
		rz = next;
	}
	s->decrement = -dot(s, s->step, s->gradient);
	return WALKED;
}

/* ---- the steps of the method ---- */

static void take(struct softmax *s, const double *at, double objective)
{
	if (at != s->u)
		memcpy(s->u, at, s->size * sizeof(*s->u));
	memcpy(s->gradient, s->part[0].sum, s->size * sizeof(*s->gradient));
	s->objective = objective;
	s->loss = s->part[0].loss / s->learners.size;
	s->accuracy = (double)s->part[0].hits / (double)s->n;
	s->looked = true;
}

/* Go to next, or back towards u until the objective is not higher. */
static enum walk descend(struct softmax *s, const struct job *job)
{
	double limit = s->objective + 1e-12 * fabs(s->objective);

	for (size_t i = 0; i < s->size; i++)
		s->next[i] = s->u[i] + s->step[i];
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
	s->looked = false;	/* what was found is not that of u */
	return WALKED;
}

static enum method_status ended(const struct softmax *s, enum walk end,
				struct err *err)
{
	if (end != NO_ROOM)
		return METHOD_MORE;
	err_set(err, ERR_NOMEM, "no memory for %zu features of %zu classes",
		s->p, s->c);
	return METHOD_FAILED;
}

static enum method_status stuck(struct softmax *s, const char *note)
{
	s->note = note;
	return METHOD_STUCK;
}

static enum method_status judge(struct softmax *s, double before)
{
	double relative = s->decrement / s->objective;

	if (!isfinite(s->objective))
		return stuck(s, "the objective is not a number: clean "
				"standardize, or leave large columns out");
	if (s->l2 == 0 && s->accuracy == 1)
		return stuck(s, "the classes are separated perfectly: the "
				"weights would grow without limit: set l2=");
	if (relative <= s->tolerance * s->tolerance ||
	    (relative <= 1e-12 && s->decrement > 0.9 * before)) {
		s->converged = true;
		s->note = s->two ? "no standard errors with a penalty"
				 : "no standard errors with more than two "
				   "classes";
		return METHOD_DONE;
	}
	if (s->l2 == 0 && relative <= 1e-8 && s->decrement > 0.2 * before)
		return stuck(s, "some weights grow without limit, as a feature "
				"tells a class for certain: set l2=");
	if (s->iteration >= s->limit)
		return stuck(s, "not at the optimum: iterations= allows more");
	return METHOD_MORE;
}

static enum method_status softmax_step(void *state, struct job *job,
				       struct err *err)
{
	struct softmax *s = state;
	double before = s->decrement, objective;
	enum walk end;

	if (!s->looked) {
		end = look(s, s->u, &objective, job);
		if (end != WALKED)
			return ended(s, end, err);
		take(s, s->u, objective);
	}
	end = find_step(s, job);
	if (end == WALKED)
		end = descend(s, job);
	if (end != WALKED) {
		/* The next one begins anew: the blocks are not those of u. */
		s->looked = false;
		s->decrement = before;
		return ended(s, end, err);
	}
	s->iteration++;
	return judge(s, before);
}

/* Of two classes the log odds are what they differ by. */
static void softmax_look(const void *state, struct model *model)
{
	const struct softmax *s = state;
	double *one = NULL;

	if (s->two) {
		one = mem_array(s->q, sizeof(*one));
		for (size_t j = 0; j < s->q; j++)
			one[j] = s->u[s->q + j] - s->u[j];
	}
	learners_model(&s->learners, &s->scaled, one ? one : s->u, s->two,
		       model);
	free(one);
	model->note = s->note;
	model->iteration = s->iteration;
	model->limit = s->limit;
	model->converged = s->converged;
	model->loss = s->loss;
	model->score = s->accuracy;
}

static void softmax_end(void *state)
{
	struct softmax *s = state;

	scaled_clear(&s->scaled);
	learners_clear(&s->learners);
	free(s->u);
	free(s->factor);
	for (size_t i = 0; i < s->parts; i++) {
		free(s->part[i].sum);
		free(s->part[i].block);
	}
	free(s);
}

/* ---- the start ---- */

static size_t within(size_t x, size_t min, size_t max)
{
	return x < min ? min : x > max ? max : x;
}

static bool make_room(struct softmax *s)
{
	size_t parts, all;

	s->size = s->c * s->q;
	s->blocks = s->size * s->q <= BLOCKS_MOST;
	s->rows = within(BLOCK_NUMBERS / (s->q + s->c), BLOCK_MIN,
			 DESIGN_BLOCK);
	all = block_numbers(s);
	parts = within(PART_NUMBERS / all, PARTS_MIN, PARTS_MAX);
	s->u = mem_try(8 * s->size, sizeof(*s->u));
	s->factor = mem_try(all, sizeof(*s->factor));
	if (!s->u || !s->factor)
		return false;
	s->next = s->u + s->size;
	s->gradient = s->next + s->size;
	s->step = s->gradient + s->size;
	s->r = s->step + s->size;
	s->z = s->r + s->size;
	s->d = s->z + s->size;
	s->product = s->d + s->size;
	while (s->parts < parts) {
		struct part *part = &s->part[s->parts++];

		part->sum = mem_try(s->size, sizeof(*part->sum));
		part->block = mem_try(all, sizeof(*part->block));
		if (!part->sum || !part->block)
			return false;
	}
	return true;
}

/* No weights, and the intercepts that are best then. */
static void begin(struct softmax *s)
{
	learners_intercepts(&s->learners, s->u + s->p, s->q, false);
	level(s, s->u);
	s->decrement = INFINITY;
	s->loss = s->accuracy = NAN;
}

static void *softmax_start(const struct problem *problem,
			   const struct option_values *options,
			   struct err *err)
{
	struct softmax *s = mem_new(sizeof(*s));
	double tolerance = options_number(options, "tolerance");

	openblas_set_num_threads(1);
	s->n = problem->train->n;
	s->p = problem->design->p;
	s->q = s->p + 1;
	s->two = problem->classes == 2;
	s->l2 = options_number(options, "l2") * (s->two ? 2 : 1);
	s->limit = (size_t)options_number(options, "iterations");
	s->tolerance = isnan(tolerance) ? TOLERANCE : tolerance;
	if (s->l2 == 0)
		s->tolerance = fmin(s->tolerance, TOLERANCE_FREE);
	scaled_init(&s->scaled, problem->design, true);
	if (!learners_take(&s->learners, problem, err)) {
		softmax_end(s);
		return NULL;
	}
	s->c = s->learners.c;
	if (!make_room(s)) {
		ended(s, NO_ROOM, err);
		softmax_end(s);
		return NULL;
	}
	begin(s);
	return s;
}

const struct method logistic_softmax = {
	.name = "softmax",
	.help = "Newton's method with conjugate gradients, for many classes",
	.options = logistic_options,
	.start = softmax_start,
	.step = softmax_step,
	.look = softmax_look,
	.end = softmax_end
};
