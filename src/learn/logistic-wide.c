/*
 * logistic-wide.c - logistic regression with l1 of very many weights
 *
 * The objective, the steps and the stopping rule of logistic-sparse.c; but the
 * rows are held in memory and the quadratic is descended on with them (wide.h),
 * as its Hessian would be too large.
 *
 *	n rows, q = p + 1 features with that of the intercept last, c sets
 */
#include "learn/logistic.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/headway.h"
#include "learn/learners.h"
#include "learn/loss.h"
#include "learn/wide.h"

enum { HALVINGS = 40 };
#define ACCURACY 1e-2		/* of the quadratic, in units of tolerance */

struct broad {
	struct learners rows;
	struct scaled scaled;
	struct wide wide;
	double *trial;		/* owned: c by q */
	bool looked;		/* the residuals are those of u */
	double objective, lower;
	struct headway way;
};

/* The scores of row i become probabilities; its loss. */
static double look_at_row(struct broad *s, size_t i, double *z, size_t *hits)
{
	size_t n = s->wide.n, c = s->wide.c, told;
	uint32_t y = s->rows.y[i];
	double loss;

	for (size_t k = 0; k < c; k++)
		z[k] = s->wide.chance[k * n + i];
	if (c == 1) {
		loss = logistic_loss(z[0], y);
		*hits += (z[0] > 0) == (y == 1);
		s->wide.chance[i] = logistic_probability(z[0]);
		return loss;
	}
	loss = softmax_loss(z, c, y, &told);
	*hits += told == y;
	for (size_t k = 0; k < c; k++)
		s->wide.chance[k * n + i] = z[k];
	return loss;
}

/* The objective at u, and what is left of the rows there. */
static double look(struct broad *s, const double *u)
{
	struct wide *w = &s->wide;
	double *z = mem_array(w->c, sizeof(*z)), loss = 0;
	size_t hits = 0;

	wide_scores(w, u, w->chance);
	for (size_t i = 0; i < w->n; i++) {
		uint32_t y = s->rows.y[i];

		loss += w->weight[i] * look_at_row(s, i, z, &hits);
		for (size_t k = 0; k < w->c; k++) {
			bool truly = w->c == 1 ? y == 1 : y == k;

			w->e[k * w->n + i] = w->weight[i] *
				(w->chance[k * w->n + i] - truly);
		}
	}
	free(z);
	s->way.loss = loss / s->rows.size;
	s->way.accuracy = (double)hits / (double)w->n;
	return loss + wide_penalty(w, u);
}

static void go(struct broad *s)
{
	struct wide *w = &s->wide;
	double limit = s->objective + 1e-12 * fabs(s->objective);
	size_t size = w->c * w->q;

	memcpy(s->trial, w->next, size * sizeof(*s->trial));
	for (int i = 0; i < HALVINGS; i++) {
		double objective = look(s, s->trial);

		if (objective <= limit) {
			memcpy(w->u, s->trial, size * sizeof(*w->u));
			s->objective = objective;
			return;
		}
		for (size_t j = 0; j < size; j++)
			s->trial[j] = (s->trial[j] + w->u[j]) / 2;
	}
	s->looked = false;
}

static enum method_status finish(struct broad *s)
{
	struct wide *w = &s->wide;

	memcpy(w->u, w->next, w->c * w->q * sizeof(*w->u));
	return headway_done(&s->way, HEADWAY_SELECTED);
}

static enum method_status wide_step(void *state, struct job *job,
				    struct err *err)
{
	struct broad *s = state;
	double before = s->lower;

	(void)err;
	if (!wide_fill(&s->wide, &s->scaled, s->rows.row, 1, job))
		return METHOD_MORE;
	if (!s->looked)
		s->objective = look(s, s->wide.u);
	s->looked = true;
	if (!isfinite(s->objective))
		return headway_overflow(&s->way);
	if (!wide_solve(&s->wide, ACCURACY * s->way.tolerance *
			sqrt(s->objective), &s->lower, job)) {
		s->lower = before;
		return METHOD_MORE;
	}
	s->way.iteration++;
	if (headway_there(&s->way, s->objective, s->lower, before))
		return finish(s);
	if (headway_more(&s->way) != METHOD_MORE)
		return METHOD_STUCK;
	go(s);
	return METHOD_MORE;
}

static void wide_look(const void *state, struct model *model)
{
	const struct broad *s = state;

	learners_model(&s->rows, &s->scaled, s->wide.u, s->wide.c == 1, model);
	headway_look(&s->way, model);
}

static void wide_end(void *state)
{
	struct broad *s = state;

	learners_clear(&s->rows);
	scaled_clear(&s->scaled);
	wide_clear(&s->wide);
	free(s->trial);
	free(s);
}

static void begin(struct broad *s)
{
	struct wide *w = &s->wide;

	s->trial = mem_array(w->c * w->q, sizeof(*s->trial));
	w->classes = true;
	for (size_t i = 0; i < w->n; i++)
		w->weight[i] = s->rows.weight[s->rows.y[i]];
	learners_intercepts(&s->rows, w->u + w->p, w->q, w->c == 1);
	s->lower = INFINITY;
}

static void *wide_start(const struct problem *problem,
			const struct option_values *options, struct err *err)
{
	struct broad *s = mem_new(sizeof(*s));
	double l1 = logistic_l1(options);
	double l2 = options_number(options, "l2");

	openblas_set_num_threads(1);
	headway_init(&s->way, options);
	scaled_init(&s->scaled, problem->design, true);
	if (!learners_take(&s->rows, problem, err)) {
		wide_end(s);
		return NULL;
	}
	if (!wide_init(&s->wide, &s->scaled, s->rows.n,
		       problem->classes > 2 ? s->rows.c : 1, l1, l2)) {
		err_set(err, ERR_NOMEM, "no memory for l1 with %zu features of "
			"%zu rows: fewer features, or l1=0",
			problem->design->p, s->rows.n);
		wide_end(s);
		return NULL;
	}
	begin(s);
	return s;
}

const struct method logistic_wide = {
	.name = "wide",
	.help = "coordinate descent on the rows, for l1 of many weights",
	.options = logistic_options,
	.start = wide_start,
	.step = wide_step,
	.look = wide_look,
	.end = wide_end
};
