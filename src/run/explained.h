/*
 * explained.h - what a model was asked, and its answers; a result owns them
 *
 * Each answer stands by itself: it borrows nothing from the table.
 */
#ifndef GEMBA_EXPLAINED_H
#define GEMBA_EXPLAINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- which columns matter: importance.h ---- */

struct importance_group {
	size_t columns;		/* those that move together are one */
	char **column;		/* owned */
	/* How much worse the score is when they are shuffled; mean over the
	 * repeats, and its 95 % interval. */
	double drop, low, high;
};

struct importance {
	const char *score;	/* "mcc": a constant */
	double now;		/* the score of the rows as they are */
	size_t rows, of;	/* told, of so many */
	bool training;		/* they are training rows: with folds= the last
				 * model has seen all */
	size_t repeats;
	size_t groups;
	struct importance_group *group;	/* owned; the largest drop first */
};

/* ---- how what is told goes with one column: dependence.h ---- */

struct dependence_point {
	double x;		/* of a number, in the unit of the file */
	char *text;		/* owned: as a cell says it */
	double share;		/* of the training rows, that are nearest */
	bool rare;		/* hardly any data: not to be relied on */
	double *mean;		/* owned: what is told, one for each output */
	double low, high;	/* of one output: 80 % of the rows are told
				 * between */
};

struct dependence {
	char *column, *unit;	/* owned; unit or NULL */
	bool category;
	size_t rows, of;
	bool training;		/* as above */
	size_t outputs;
	bool probability;	/* what is told; else it is a number */
	size_t points;
	struct dependence_point *point;	/* owned; numbers go up */
};

/* ---- why one row: why.h ---- */

enum { WHY_NEAR = 5 };

struct why_part {
	char *column, *value;	/* owned; the cell as the file has it */
	double *moved;		/* owned: one for each output */
};

/* A training row that is like it. */
struct why_near {
	size_t row;
	double distance;	/* in standard deviations */
	char *truth;		/* owned: what its target says */
	char *differs;		/* owned: in which column the most, "torque
				 * 42.8"; NULL: in none */
};

struct why {
	size_t row;
	bool trained, tested;	/* the model has learned from it, or was tested
				 * with it */
	char *truth;		/* owned: what its target says; NULL: missing */
	size_t outputs;
	double *told;		/* owned: probabilities, or the number */
	size_t told_class;	/* of classes, the one that is told */
	/* base + all parts = score, which is what is told or its log odds. */
	const char *silent;	/* a constant: why there are no parts */
	bool odds;
	double *base, *score;	/* owned */
	size_t parts;
	struct why_part *part;	/* owned; the largest first */
	size_t nears;
	struct why_near near[WHY_NEAR];
};

/* ---- which rows are told worst: worst.h ---- */

struct worst_row {
	size_t row;		/* of the table, from 0 */
	size_t place;		/* among the test rows */
	double loss;		/* the log loss of the row; of a number how far
				 * off it is */
};

struct worst {
	size_t of;		/* test rows in all */
	double share;		/* of the whole loss that these have */
	size_t n;
	struct worst_row *at;	/* owned; the worst first */
};

/* ---- all of them ---- */

struct explained {
	bool weights;			/* the report has them in all units */
	struct importance *importance;	/* owned; NULL: not asked */
	size_t dependences;
	struct dependence **dependence;	/* owned, each; the newest last */
	size_t whys;
	struct why **why;		/* owned, each; the newest last */
	struct worst *worst;		/* owned; NULL: not asked */
};

void importance_free(struct importance *importance);
void dependence_free(struct dependence *dependence);
void why_free(struct why *why);
void worst_free(struct worst *worst);
void explained_free(struct explained *explained);

/* Take one in, in the place of the one that was asked the same before. */
void explained_importance(struct explained *e, struct importance *importance);
void explained_dependence(struct explained *e, struct dependence *dependence);
void explained_why(struct explained *e, struct why *why);
void explained_worst(struct explained *e, struct worst *worst);

#endif
