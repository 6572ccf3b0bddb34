/*
 * model.h - what training finds, and how sure it is
 *
 * A model is of a kind: a linear one, unless a method puts another kind in its
 * place with a state of its own.  A linear one is its weights:
 *
 * z = intercept + sum_j weight[j] x[j].  Of two classes z is the log odds of
 * the positive one, the last; of a number it is what is told.  Of more than two
 * classes each has a z of its own, and the probabilities are exp(z) over their
 * sum: the weights are sets of p, one for each class.  x is what the
 * design gives, transforms folded in; model_raw() and model_standardized() tell
 * the weights in other units.  The weights of another kind are importances: the
 * share that each feature has in what was learned; they have no sign, no unit
 * and no intercept.  Where a kind can't say, they are NaN.
 */
#ifndef GEMBA_MODEL_H
#define GEMBA_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/job.h"
#include "learn/design.h"

/* What is to be told of a row: its class, or a number. */
enum task_kind { TASK_CLASSIFICATION, TASK_REGRESSION, TASKS };

/* "classification", "regression". */
extern const char *const task_name[TASKS];

struct model;

/* What a method adds that finds more than weights.  All but the drawing has to
 * be there. */
struct model_kind {
	const char *name;
	/* Doubles that predict() needs for DESIGN_BLOCK rows. */
	size_t (*room)(const struct model *model);
	/* Rows that predict() does within a few milliseconds, where
	 * DESIGN_BLOCK of them would take longer.  Or NULL. */
	size_t (*block)(const struct model *model);
	/*
	 * What is told of each of n <= DESIGN_BLOCK rows, n by outputs.  Many
	 * threads call it at once.  Cells are read from the table and the
	 * treatments of this design: they may be others than in training, as
	 * somebody asks what if.
	 */
	void (*predict)(const struct model *model,
			const struct design *design, const uint32_t *row,
			size_t n, double *room, double *told);
	/*
	 * Why one row is told what it is told: base, one for each output, is
	 * what the model tells of training rows at large, and part, outputs by
	 * p, how far each feature moves this row from there; they add up to the
	 * score of the row.  That is what is told, or with in_odds the log odds
	 * of it (of many classes the z of each).  NULL: it can't be said.
	 */
	void (*explain)(const struct model *model,
			const struct design *design, uint32_t row,
			const struct job *job, double *base, double *part);
	bool in_odds;
	/* One owner more of a state, and one less. */
	void (*share)(void *state);
	void (*release)(void *state);
	/* The whole model as text, for a report, and as JSON: a member of that
	 * name.  Or NULL. */
	void (*draw)(const struct model *model, char *const *class_name,
		     FILE *out);
	json_t *(*json)(const struct model *model, char *const *class_name);
};

struct model {
	const struct model_kind *kind;	/* NULL: linear */
	void *state;			/* of the kind; shared */
	enum task_kind task;
	size_t outputs;		/* numbers told of a row: 1, but one for each
				 * class when there are more than two */
	size_t p;
	size_t sets;		/* of weights: outputs of a linear one, else
				 * 1; see model_widen() */
	double intercept;	/* of the first set */
	double *intercepts;	/* owned: of each set; NULL: there is one */
	double *weight;		/* owned: sets times p */
	double *std_error;	/* owned: p + 1, the intercept's last; NULL:
				 * not valid, and the note says why */
	double raw_error;	/* of model_raw_intercept(); NaN: not known */
	double df;		/* of Student's t, for p; infinite: Wald's z */
	const char *note;	/* a constant; NULL: nothing to say */
	/* How the training went up to here. */
	size_t iteration, limit;	/* epochs for sgd */
	bool converged;
	double loss;		/* on the training rows: mean log loss; of a
				 * number the mean squared error */
	double score;		/* on the training rows: accuracy; of a number
				 * R^2.  NaN: not known */
	double held_loss;	/* on training rows that were held out to know
				 * when to stop; NaN: there are none */
};

void model_init(struct model *model, enum task_kind task, size_t p);
/* Make it of a kind, with a state that it is an owner of from now on. */
void model_become(struct model *model, const struct model_kind *kind,
		  void *state);
/* Make it tell as many classes, more than two, with a set of weights each. */
void model_widen(struct model *model, size_t classes);
/* Set k as a model of one set, for model_raw() and its like; it borrows from
 * model, and is not to be cleared. */
struct model model_set(const struct model *model, size_t k);
void model_copy(struct model *to, const struct model *from);
void model_clear(struct model *model);

/*
 * Weight j per unit of the column as it stands in the file, its intercept, and
 * weight j per standard deviation on the training rows.  Of importances the
 * first two are NaN, and the third is the importance.
 */
double model_raw(const struct model *m, const struct design *d, size_t j);
double model_raw_intercept(const struct model *m, const struct design *d);
double model_standardized(const struct model *m, const struct design *d,
			  size_t j);
/* Two-sided p-value of weight j, by Wald's z or Student's t; NaN without a
 * standard error. */
double model_p(const struct model *m, size_t j);
double model_raw_intercept_p(const struct model *m, const struct design *d);

/*
 * What the model tells of each of n rows, in blocks over the cores: the
 * probability of the positive class, or a number; or the probabilities of all
 * of more than two classes, row after row.  False when cancelled.
 */
bool model_predict(const struct model *m, const struct design *d,
		   const struct rows *rows, double *told,
		   struct job *job, struct err *err);

/* The same of n <= DESIGN_BLOCK rows at once, for models that are made of
 * others, and the doubles of room that this takes. */
size_t model_room(const struct model *m);
void model_tell(const struct model *m, const struct design *d,
		const uint32_t *row, size_t n, double *room, double *told);

#endif
