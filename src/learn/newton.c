/*
 * newton.c - logistic regression by Newton's method, in blocks of rows
 *
 *	minimise over w, b:
 *	    sum_i log(1 + exp(-t_i z_i)) + l2/2 |w|^2
 *	    z_i = b + w . x_i,  t_i = -1 or 1
 *
 * x is as the design gives it, with the column rules folded in, and the
 * penalty acts on these w.  The intercept b is free.  Solved by iteratively
 * reweighted least squares: McCullagh and Nelder, Generalized Linear Models,
 * 2nd ed. (1989), section 2.5; halved steps: Boyd and Vandenberghe, Convex
 * Optimization (2004), section 9.5.
 *
 * Inside, features are scaled (scaled.h), so that the Hessian is well
 * conditioned also for columns of 1e6 give or take 1.
 *
 * Stops when the Newton decrement d' H d is at most tolerance^2 times the
 * objective, d being the next step, or when rounding keeps it from falling;
 * that step is still taken, so that the error left is about tolerance squared
 * (of the spread of the data).  Without a penalty the limit is 1e-10 at most,
 * for the sake of the standard errors, which come from the last Hessian.
 *
 * With many rows it first goes a few steps on every 16th row: a start so near
 * that few steps over all the rows remain.
 *
 *	n rows, p features, q = p + 1, X is n by p, row after row;
 *	vectors of q have the intercept last; matrices are q by q, and only
 *	their upper triangle counts
 */
#include "learn/newton.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* When and how a first approach on a share of the rows is worth while. */
enum { APPROACH_ROWS = 65536, APPROACH_STEPS = 10 };
#define APPROACH_TOLERANCE 1e-2

enum { HALVINGS = 40 };
#define TOLERANCE_FOR_ERRORS 1e-10

/* Of 1 - R^2 of a feature on those before it; rounding leaves about 1e-15. */
#define COLLINEAR 1e-12

/* What l2/2 |w|^2 comes to, for the rows in use. */
static double penalty_at(const struct newton *s, const double *u)
{
	double sum = 0;

	for (size_t j = 0; j < s->p; j++) {
		double w = s->scaled.ratio[j] * u[j];

		sum += w * w;
	}
	return s->l2 * s->now->share * sum / 2;
}

/* Add to the sums at u what the penalty does; the objective there. */
static double penalised(struct newton *s, const double *u)
{
	double l2 = s->l2 * s->now->share;

	for (size_t j = 0; j < s->p; j++) {
		double ratio = s->scaled.ratio[j];
		double penalty = l2 * ratio * ratio;

		s->sums.gradient[j] += penalty * u[j];
		s->sums.hessian[j * s->q + j] += penalty;
	}
	return s->sums.loss + penalty_at(s, u);
}

/*
 * Walk at s->next, and back towards where it came from until the objective is
 * not higher than there; rounding may raise it a little.  Then next is u.
 */
static enum walk descend(struct newton *s, const struct job *job)
{
	double limit = s->objective + 1e-12 * fabs(s->objective);

	for (int i = 0; i < HALVINGS; i++) {
		enum walk end = newton_walk(s, s->next, job);
		double objective;

		if (end != WALKED)
			return end;
		objective = penalised(s, s->next);
		if (objective <= limit) {
			s->objective = objective;
			break;
		}
		for (size_t j = 0; j < s->q; j++)
			s->next[j] = (s->next[j] + s->from[j]) / 2;
	}
	memcpy(s->u, s->next, s->q * sizeof(*s->u));
	s->from = s->u;
	s->way.loss = s->sums.loss / s->now->size;
	s->way.accuracy = (double)s->sums.hits / (double)s->now->n;
	return WALKED;
}

/*
 * Factorise the Hessian of the sums, scaled to a diagonal of ones: then the
 * squared pivot j is 1 - R^2 of feature j on those before it.  The feature
 * that spoils it, or q when there is none.
 */
static size_t factorise(struct newton *s)
{
	size_t q = s->q;
	lapack_int info;

	for (size_t i = 0; i < q; i++) {
		double diagonal = s->sums.hessian[i * q + i];

		if (!(diagonal > 0))
			return i;
		s->unit[i] = 1 / sqrt(diagonal);
	}
	for (size_t i = 0; i < q; i++)
		for (size_t j = i; j < q; j++)
			s->factor[i * q + j] = s->sums.hessian[i * q + j] *
					       s->unit[i] * s->unit[j];
	/* The upper triangle by rows is the lower one by columns. */
	info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', (int)q, s->factor,
			      (int)q);
	if (info != 0)
		return info > 0 ? (size_t)info - 1 : 0;
	for (size_t i = 0; i < q; i++) {
		double pivot = s->factor[i * q + i];

		if (!(pivot * pivot > COLLINEAR))
			return i;
	}
	return q;
}

/* The next step and its decrement; what factorise() says. */
static size_t find_step(struct newton *s)
{
	size_t bad = factorise(s), q = s->q;

	if (bad < q)
		return bad;
	for (size_t i = 0; i < q; i++)
		s->step[i] = -s->unit[i] * s->sums.gradient[i];
	LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'L', (int)q, 1, s->factor, (int)q,
		       s->step, (int)q);
	s->decrement = 0;
	for (size_t i = 0; i < q; i++) {
		s->step[i] *= s->unit[i];
		s->decrement -= s->step[i] * s->sums.gradient[i];
	}
	return q;
}

static void propose(struct newton *s)
{
	for (size_t i = 0; i < s->q; i++)
		s->next[i] = s->u[i] + s->step[i];
}

/*
 * Standard errors of w and b: the roots of the diagonal of A V A', where V is
 * the inverse V of the Hessian at u, w = ratio u, and
 *
 *	b = u_p + sum_j u_j (shift_j - mean_j) / sd_j
 *
 * or with 0 in the file in place of shift_j.  Uses up the factor.
 */
static double error_of_intercept(const struct newton *s, const double *v,
				 bool raw)
{
	double *a = mem_array(s->q, sizeof(*a)), sum = 0;

	a[s->p] = 1;
	for (size_t j = 0; j < s->p; j++)
		a[j] = raw ? scaled_zero(&s->scaled, j)
			   : scaled_offset(&s->scaled, j);
	for (size_t i = 0; i < s->q; i++)
		for (size_t j = i; j < s->q; j++)
			sum += (i == j ? 1 : 2) * a[i] * a[j] * s->unit[i] *
			       s->unit[j] * v[i * s->q + j];
	free(a);
	return sqrt(sum);
}

static void find_errors(struct newton *s)
{
	size_t p = s->p, q = s->q;
	double *v = s->factor;

	LAPACKE_dpotri(LAPACK_COL_MAJOR, 'L', (int)q, v, (int)q);
	s->std_error = mem_array(q, sizeof(*s->std_error));
	for (size_t j = 0; j < p; j++)
		s->std_error[j] = fabs(s->scaled.ratio[j]) * s->unit[j] *
				  sqrt(v[j * q + j]);
	s->std_error[p] = error_of_intercept(s, v, false);
	s->raw_error = error_of_intercept(s, v, true);
}

static enum method_status no_room(const struct newton *s, struct err *err)
{
	err_set(err, ERR_NOMEM, "no memory for %zu features", s->p);
	return METHOD_FAILED;
}

/*
 * The Hessian has no inverse at u.  If it has none without any weights
 * either, features are collinear; else the weights of the rows have vanished,
 * because some w grow without limit.
 */
static enum method_status singular(struct newton *s, const struct job *job,
				   struct err *err)
{
	enum walk end = newton_walk(s, s->start, job);
	const struct feature *f;
	const char *column;
	size_t bad;

	if (end != WALKED)
		return end == NO_ROOM ? no_room(s, err) : METHOD_MORE;
	penalised(s, s->start);
	bad = factorise(s);
	if (bad >= s->p)
		return headway_stuck(&s->way, "some weights grow without "
				     "limit: set l2=");
	f = &s->scaled.of->feature[bad];
	column = s->scaled.of->table->column[f->column].name;
	if (f->sd > 0)
		err_set(err, ERR_MATH, "%.60s and features before it are "
			"collinear: set l2= or leave one out with features "
			"-%.60s", f->name, column);
	else
		err_set(err, ERR_MATH, "%.60s has the same value in every "
			"training row: set l2= or features -%.60s", f->name,
			column);
	return METHOD_FAILED;
}

/* On a share of the rows.  Whatever goes wrong there does not matter. */
static enum method_status approach(struct newton *s, bool regular)
{
	double enough = APPROACH_TOLERANCE * APPROACH_TOLERANCE;
	double pos = 1 / (1 + exp(-s->start[s->p])), neg = 1 - pos;
	double n = s->all.size;

	if (regular)
		propose(s);
	else
		memcpy(s->next, s->start, s->q * sizeof(*s->next));
	if (regular && s->decrement > enough * s->objective &&
	    s->way.iteration < APPROACH_STEPS)
		return METHOD_MORE;
	s->now = &s->all;
	s->from = s->start;
	s->objective = -n * (pos * log(pos) + neg * log(neg));
	s->decrement = INFINITY;
	return METHOD_MORE;
}

/* Take the last step unseen: it lowers the objective by half its decrement. */
static enum method_status finish(struct newton *s)
{
	propose(s);
	memcpy(s->u, s->next, s->q * sizeof(*s->u));
	s->objective -= s->decrement / 2;
	s->way.loss = (s->objective - penalty_at(s, s->u)) / s->all.size;
	if (s->l2 > 0)
		return headway_done(&s->way, "no standard errors with a "
				    "penalty: l2=0 gives them");
	if (s->weighted)
		return headway_done(&s->way, "no standard errors with "
				    "class_weight");
	find_errors(s);
	return headway_done(&s->way, NULL);
}

static enum method_status judge(struct newton *s, double before)
{
	if (headway_there(&s->way, s->objective, s->decrement, before))
		return finish(s);
	if (s->l2 == 0 && headway_endless(s->objective, s->decrement, before))
		return headway_stuck(&s->way, HEADWAY_ENDLESS);
	if (headway_more(&s->way) != METHOD_MORE)
		return METHOD_STUCK;
	propose(s);
	return METHOD_MORE;
}

static enum method_status newton_step(void *state, struct job *job,
				      struct err *err)
{
	struct newton *s = state;
	double before = s->decrement;
	enum walk end = descend(s, job);
	bool apart, regular;

	if (end != WALKED)
		return end == NO_ROOM ? no_room(s, err) : METHOD_MORE;
	s->way.iteration++;
	apart = s->l2 == 0 && s->sums.hits == s->now->n;
	regular = find_step(s) == s->q;
	if (s->now == &s->few)
		return approach(s, regular && !apart);
	if (apart)
		return headway_stuck(&s->way, HEADWAY_APART);
	return regular ? judge(s, before) : singular(s, job, err);
}

static void newton_look(const void *state, struct model *model)
{
	const struct newton *s = state;
	size_t bytes = s->q * sizeof(double);

	model->intercept = scaled_weights(&s->scaled, s->u, s->u[s->p],
					  model->weight);
	if (s->std_error && !model->std_error)
		model->std_error = mem_new(bytes);
	if (s->std_error)
		memcpy(model->std_error, s->std_error, bytes);
	model->raw_error = s->std_error ? s->raw_error : NAN;
	headway_look(&s->way, model);
}

static void newton_end(void *state)
{
	struct newton *s = state;

	scaled_clear(&s->scaled);
	free(s->all.row);
	free(s->all.y);
	free(s->few.row);
	free(s->few.y);
	free(s->start);
	free(s->factor);
	free(s->sums.hessian);
	for (size_t i = 0; i < s->parts; i++)
		free(s->part[i].hessian);
	free(s->std_error);
	free(s);
}

static bool make_room(struct newton *s, struct err *err)
{
	size_t p = s->scaled.of->p, q = p + 1;

	s->p = p;
	s->q = q;
	s->start = mem_array(5 * q, sizeof(*s->start));
	s->u = s->start + q;
	s->next = s->u + q;
	s->step = s->next + q;
	s->unit = s->step + q;
	s->factor = mem_try(q * q, sizeof(*s->factor));
	if (s->factor && newton_make_sums(s))
		return true;
	no_room(s, err);
	return false;
}

/* No weights, and the intercept that is best then. */
static void begin(struct newton *s)
{
	s->start[s->p] = log(s->all.positives /
			     (s->all.size - s->all.positives));
	memcpy(s->u, s->start, s->q * sizeof(*s->u));
	memcpy(s->next, s->start, s->q * sizeof(*s->next));
	s->from = s->u;
	s->objective = s->decrement = INFINITY;
	s->now = s->all.n < APPROACH_ROWS ? &s->all : &s->few;
}

static void *newton_start(const struct problem *problem,
			  const struct option_values *options, struct err *err)
{
	struct newton *s = mem_new(sizeof(*s));

	/* Our threads work on blocks; the library's would only be in the way,
	 * and their number would show in the last digits. */
	openblas_set_num_threads(1);
	s->l2 = options_number(options, "l2");
	headway_init(&s->way, options);
	if (s->l2 == 0)
		s->way.tolerance = fmin(s->way.tolerance, TOLERANCE_FOR_ERRORS);
	for (int k = 0; k < 2; k++)
		s->weight[k] = problem->class_weight ? problem->class_weight[k]
						     : 1;
	s->weighted = s->weight[0] != 1 || s->weight[1] != 1;
	scaled_init(&s->scaled, problem->design, true);
	if (make_room(s, err) && newton_take_rows(s, problem, err)) {
		begin(s);
		return s;
	}
	newton_end(s);
	return NULL;
}

const struct method logistic_newton = {
	.name = "newton",
	.help = "Newton's method in blocks of rows",
	.options = logistic_options,
	.start = newton_start,
	.step = newton_step,
	.look = newton_look,
	.end = newton_end
};
