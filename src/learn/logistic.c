#include "learn/logistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct option logistic_options[] = {
	{ .name = "solver", .type = OPTION_CHOICE, .dflt = "newton",
	  .choices = "newton liblinear",
	  .help = "newton: our own, free intercept; liblinear: the library, "
		  "penalised intercept" },
	{ .name = "l2", .type = OPTION_NUMBER, .dflt = "1",
	  .min = 0, .max = 1e100,
	  .help = "penalty l2/2 * |w|^2 beside the sum of the losses" },
	{ .name = "tolerance", .type = OPTION_NUMBER, .dflt = NULL,
	  .min = 1e-15, .max = 1,
	  .help = "when to stop; newton 1e-6, liblinear 1e-4 if not given" },
	{ .name = "iterations", .type = OPTION_WHOLE, .dflt = "100",
	  .min = 1, .max = 1e6,
	  .help = "the most that newton makes; liblinear has its own 1000" },
	{ .name = "l1", .type = OPTION_NUMBER, .dflt = NULL,
	  .min = 0, .max = 1e100,
	  .help = "penalty l1 * |w|_1 beside them: weights of 0" },
	METHOD_CLASS_WEIGHT,
	{ .name = "type", .type = OPTION_CHOICE, .dflt = NULL,
	  .choices = "l2r-lr l2r-l2loss-svc-dual l2r-l2loss-svc "
		     "l2r-l1loss-svc-dual mcsvm-cs l1r-l2loss-svc l1r-lr "
		     "l2r-lr-dual 0 1 2 3 4 5 6 7",
	  .help = "what solver=liblinear minimises, by its name or number" },
	{ .name = "intercept", .type = OPTION_CHOICE, .dflt = NULL,
	  .choices = "yes no",
	  .help = "no: solver=liblinear does without, as with -B -1" },
	{ .name = NULL }
};

/* A Hessian of more weights than these takes too long, and too much room. */
enum { HESSIAN_WEIGHTS = 1500 };

double logistic_l1(const struct option_values *options)
{
	double l1 = options_number(options, "l1");

	return isnan(l1) ? 0 : l1;
}

bool logistic_intercept(const struct option_values *options)
{
	const char *word = options_text(options, "intercept");

	return !word || !strcmp(word, "yes");
}

struct logistic {
	const struct method *solver;
	void *state;		/* owned: the solver's */
};

/* What only solver=liblinear has an ear for. */
static bool for_newton(const struct option_values *options, struct err *err)
{
	if (options_text(options, "type"))
		return err_set(err, ERR_USAGE, "type= is for "
			       "solver=liblinear");
	return logistic_intercept(options) ||
	       err_set(err, ERR_USAGE, "intercept=no is for "
		       "solver=liblinear");
}

/* Before there is any work, or room, for it. */
static bool enough_rows(const struct problem *problem,
			const struct option_values *options, struct err *err)
{
	size_t n = problem->train->n, weights = problem->design->p + 1;

	return n >= weights || options_number(options, "l2") > 0 ||
	       err_set(err, ERR_DATA, "%zu training rows do not determine %zu "
		       "weights: fewer features, or l2=1", n, weights);
}

/* The solver of a problem, or NULL. */
static const struct method *choose(const struct problem *problem,
				   const struct option_values *options,
				   struct err *err)
{
	bool newton = !strcmp(options_text(options, "solver"), "newton");
	size_t sets = problem->classes > 2 ? problem->classes : 1;
	bool small = sets * (problem->design->p + 1) <= HESSIAN_WEIGHTS;

	if (!newton && sets == 1)
		return &logistic_liblinear;
	if (!newton) {
		err_set(err, ERR_USAGE, "solver=liblinear tells two classes, "
			"and the target has %zu: solver=newton",
			problem->classes);
		return NULL;
	}
	if (!for_newton(options, err))
		return NULL;
	if (logistic_l1(options) > 0)
		return small ? &logistic_sparse : &logistic_wide;
	if (!enough_rows(problem, options, err))
		return NULL;
	if (sets == 1 && (small || options_number(options, "l2") == 0))
		return &logistic_newton;
	return &logistic_softmax;
}

static void *logistic_start(const struct problem *problem,
			    const struct option_values *options,
			    struct err *err)
{
	const struct method *solver = choose(problem, options, err);
	struct logistic *s;

	if (!solver)
		return NULL;
	s = mem_new(sizeof(*s));
	s->solver = solver;
	s->state = solver->start(problem, options, err);
	if (s->state)
		return s;
	free(s);
	return NULL;
}

static enum method_status logistic_step(void *state, struct job *job,
					struct err *err)
{
	struct logistic *s = state;

	return s->solver->step(s->state, job, err);
}

static void logistic_look(const void *state, struct model *model)
{
	const struct logistic *s = state;

	s->solver->look(s->state, model);
}

static void logistic_end(void *state)
{
	struct logistic *s = state;

	s->solver->end(s->state);
	free(s);
}

const struct method method_logistic = {
	.name = "logistic",
	.help = "logistic regression: a weight for each feature",
	.step_name = "iteration",
	.does = { [TASK_CLASSIFICATION] = true },
	.options = logistic_options,
	.start = logistic_start,
	.step = logistic_step,
	.look = logistic_look,
	.end = logistic_end
};
