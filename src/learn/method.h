/*
 * method.h - the ways to train
 *
 * A method is a table row of functions, after GSL's minimisers: the caller
 * owns the loop, so that progress, stopping and tests come for free.
 *
 *	state = method->start(&problem, &options, &err);
 *	while ((status = method->step(state, job, &err)) == METHOD_MORE)
 *		method->look(state, &model);	(whenever there is time)
 *	method->look(state, &model);		(which may be of an earlier
 *						 step, if that was better)
 *	method->end(state);
 */
#ifndef GEMBA_METHOD_H
#define GEMBA_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"
#include "base/option.h"
#include "learn/design.h"
#include "learn/model.h"

/* What a method learns from.  All borrowed. */
struct problem {
	const struct design *design;
	const struct rows *train;
	const struct rows *test;	/* will be told; only for looking
					 * whether their cells are there */
	enum task_kind task;
	const uint32_t *y;	/* y[i]: the class of row train->row[i] */
	size_t classes;		/* two, both present; or more, of which two
				 * are present at least */
	const double *number;	/* of a regression: number[i] in place of
				 * y[i]; finite */
	/* For what tells a row by the one before it: the numbers of all rows of
	 * the table, and the column that puts rows in order of time; NULL: they
	 * are as they stand in the file. */
	const struct column *target;
	const struct column *time;
	/* How much a row of each class counts, more than 0: its loss is
	 * multiplied by that.  NULL: all the same. */
	const double *class_weight;
	uint32_t seed;
};

/*
 * The option of methods that heed problem.class_weight: "balanced" is n over
 * classes times the rows of the class, as scikit-learn has it; "no:1,yes:10" is
 * as it stands.
 */
#define METHOD_CLASS_WEIGHT \
	{ .name = "class_weight", .type = OPTION_TEXT, .dflt = "none", \
	  .help = "none, balanced, or weights of classes: no:1,yes:10" }

enum method_status {
	METHOD_MORE,	/* a step was made, or job_stopped() and none was */
	METHOD_DONE,	/* its own stopping rule is met */
	METHOD_STUCK,	/* it cannot get any further: kept, but not converged */
	METHOD_FAILED	/* err says why */
};

struct method {
	const char *name;
	const char *help;	/* one line, no full stop */
	const char *step_name;	/* "iteration", "epoch" */
	bool does[TASKS];	/* which tasks */
	bool absent;		/* not built in: start() fails, and says why */
	bool whole;		/* it wants a design_whole() */
	bool alone;		/* it looks at no feature: design_none() */
	const struct option *options;
	void *(*start)(const struct problem *problem,
		       const struct option_values *options, struct err *err);
	/*
	 * One iteration or epoch.  It asks job_stopped() every block of rows
	 * and, when told so, returns METHOD_MORE with the model of the last
	 * finished step still whole.
	 */
	enum method_status (*step)(void *state, struct job *job,
				   struct err *err);
	/* Of the model so far only iteration, limit, loss, score and held_loss,
	 * where all of it costs time; NULL: it does not. */
	void (*glance)(const void *state, struct model *model);
	/* The model so far; model is initialised for the design's p. */
	void (*look)(const void *state, struct model *model);
	void (*end)(void *state);
};

/* All methods; ends with NULL. */
extern const struct method *const methods[];
const struct method *method_find(const char *name);
/* The one that is trained when none was named. */
const struct method *method_for(enum task_kind task);
/* Why it can't do a task, in two or three words; NULL: it can. */
const char *method_unfit(const struct method *method, enum task_kind task);
/* "linear, baseline": those that do a task. */
void methods_list(enum task_kind task, char *list, size_t size);

#endif
