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
#include "learn/softmax.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Blocks of the preconditioner take more numbers than this: its diagonal. */
enum { BLOCKS_MOST = 1 << 21 };

enum { HALVINGS = 40, PRODUCTS_MOST = 2000 };
#define TOLERANCE_FREE 1e-8	/* without a penalty */
#define EXACT 1e-7		/* of conjugate gradients, near the optimum */

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
	struct softmax_errand e = { .u = at, .blocks = true };
	enum walk end = softmax_walk(s, &e, job);
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
	       softmax_block_numbers(s) * sizeof(*s->factor));
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
	struct softmax_errand e = { .u = s->u, .v = s->d };
	enum walk end = softmax_walk(s, &e, job);

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
	s->way.loss = s->part[0].loss / s->learners.size;
	s->way.accuracy = (double)s->part[0].hits / (double)s->n;
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

static enum method_status judge(struct softmax *s, double before)
{
	if (!isfinite(s->objective))
		return headway_overflow(&s->way);
	if (s->l2 == 0 && s->way.accuracy == 1)
		return headway_stuck(&s->way, HEADWAY_APART);
	if (headway_there(&s->way, s->objective, s->decrement, before))
		return headway_done(&s->way, s->two ?
				    "no standard errors with a penalty" :
				    "no standard errors with more than two "
				    "classes");
	if (s->l2 == 0 && headway_endless(s->objective, s->decrement, before))
		return headway_stuck(&s->way, HEADWAY_ENDLESS);
	return headway_more(&s->way);
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
	s->way.iteration++;
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
	headway_look(&s->way, model);
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

static bool make_room(struct softmax *s)
{
	size_t all;

	s->size = s->c * s->q;
	s->blocks = s->size * s->q <= BLOCKS_MOST;
	all = softmax_block_numbers(s);
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
	return softmax_make_parts(s);
}

/* No weights, and the intercepts that are best then. */
static void begin(struct softmax *s)
{
	learners_intercepts(&s->learners, s->u + s->p, s->q, false);
	level(s, s->u);
	s->decrement = INFINITY;
}

static void *softmax_start(const struct problem *problem,
			   const struct option_values *options,
			   struct err *err)
{
	struct softmax *s = mem_new(sizeof(*s));

	openblas_set_num_threads(1);
	s->n = problem->train->n;
	s->p = problem->design->p;
	s->q = s->p + 1;
	s->two = problem->classes == 2;
	s->l2 = options_number(options, "l2") * (s->two ? 2 : 1);
	headway_init(&s->way, options);
	if (s->l2 == 0)
		s->way.tolerance = fmin(s->way.tolerance, TOLERANCE_FREE);
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
