#include "learn/logistic.h"

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
	{ .name = NULL }
};

struct logistic {
	const struct method *solver;
	void *state;		/* owned: the solver's */
};

static void *logistic_start(const struct problem *problem,
			    const struct option_values *options,
			    struct err *err)
{
	bool newton = !strcmp(options_text(options, "solver"), "newton");
	struct logistic *s;

	if (!newton && problem->classes > 2) {
		err_set(err, ERR_USAGE, "solver=liblinear tells two classes, "
			"and the target has %zu: solver=newton",
			problem->classes);
		return NULL;
	}
	s = mem_new(sizeof(*s));
	s->solver = problem->classes > 2 ? &logistic_softmax :
		    newton ? &logistic_newton : &logistic_liblinear;
	s->state = s->solver->start(problem, options, err);
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
