/*
 * members.h - the methods that a vote or a stack is made of
 *
 * of="logistic; tree depth=5; forest trees=50" names them: methods with their
 * options as train takes them, parted by semicolons.  A member is fitted in
 * steps like any method, on all the training rows or on some of them, with a
 * design of its own kind.
 */
#ifndef GEMBA_MEMBERS_H
#define GEMBA_MEMBERS_H

#include "learn/method.h"

enum { MEMBERS_MAX = 32 };

struct member {
	char *text;			/* owned: "forest trees=50" */
	const struct method *method;
	struct option_values options;	/* owned */
};

struct members {
	size_t n;
	struct member member[MEMBERS_MAX];
};

/* The option that names them. */
#define METHOD_MEMBERS \
	{ .name = "of", .type = OPTION_TEXT, .dflt = NULL, \
	  .help = "methods with their options, parted by semicolons" }

/* Two members at least; none of them made of others, nor the baseline. */
bool members_init(struct members *members, const char *of, struct err *err);
/* Those of a problem, by default for its task; each has to do it. */
bool members_for(struct members *members, const struct problem *problem,
		 const char *of, struct err *err);
void members_clear(struct members *members);

/* Whether a method is made of members, and so none itself. */
bool members_has(const struct method *method);

/* One fit of one member. */
struct fitting {
	const struct member *member;	/* borrowed; NULL: none */
	struct problem problem;
	double *class_weight;		/* owned; or NULL */
	struct design *design;		/* owned, until it is taken */
	struct model model;		/* owned, until it is taken */
	void *state;			/* owned */
};

/*
 * Fit to the rows of a problem, whose design is a whole one of the columns that
 * the member is to see.  All that problem points to must outlive the fitting.
 */
bool fitting_start(struct fitting *fitting, const struct member *member,
		   const struct problem *problem, struct err *err);
enum method_status fitting_step(struct fitting *fitting, struct job *job,
				struct err *err);
void fitting_end(struct fitting *fitting);	/* also of a zeroed one */

#endif
