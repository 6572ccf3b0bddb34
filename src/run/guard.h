/*
 * guard.h - what is wrong with a result that looks right
 *
 * A guard looks for one way in which a score says more than is true: the test
 * rows had a say in the training, a feature holds the answer, neighbours were
 * torn apart.  Each is a row of one table, with a code that stays the same for
 * ever, a check in a file of its own, and a help topic.  Guards are quiet: they
 * change nothing, and say in one line what they found, what it is worth as
 * measured by a trial (trial.h), and which command would mend it.
 *
 * They look at a training that is done: at its settings, its rows and its
 * ledger.  Without trials all of them take 60 ms at most on 1,000,000 x 21;
 * where counting would take longer they look at some rows, and say of how many
 * it is.  The same data and settings find the same, with any number of threads.
 *
 * Limits, and where they are from; each stands with its reason in the file of
 * its check:
 *
 *	G01	any rule with fit=all
 *	G02	AUC > 0.98 or < 0.02, |r| > 0.99; 0/1 columns that are right in
 *		95 of 100 rows each and tell half of the rarer class together
 *	G03	lag-1 autocorrelation of the residuals of least squares >= 0.5
 *		(R^2 above Durbin and Watson's d = 2 - 2 r is Granger and
 *		Newbold's sign of a spurious regression, J. Econometrics 2,
 *		1974), and by time the score is 0.02 worse
 *	G04	a column with the role of a group; or 10 groups or more, an
 *		intraclass correlation of the target >= 0.05 (in groups of 20
 *		that halves what rows are worth: Kish, Survey Sampling, 1965),
 *		and by group the score is 0.02 worse
 *	G05	one test row in 1,000 is a copy, and five times as many as
 *		would be by chance
 *	G06	effect_uneven() of clean.h: twice the share of one class than of
 *		the others, z > 3
 *	G07	one row in 1,000 contradicts another, and not by chance; or one
 *		row in 100 must be told wrong
 *	G08	more than 80 of 100 test rows are of one class, and of another
 *		less than half are found
 *	G09	solver=liblinear, and what is told of the training rows is on
 *		the mean 0.01 off the share of the class: with a free intercept
 *		both are equal
 *	G10	logistic without a penalty, and a column, a level of five rows
 *		or all features together part the two classes (Albert and
 *		Anderson, Biometrika 71, 1984)
 *	G11	the method has not met its own rule, and nobody stopped it
 *	G12	|r| > 0.8 of two features whose weights work against each other
 *	G13	the best of ten runs or more; by how much, if they were all
 *		equally good and independent, which makes it the most it can be
 */
#ifndef GEMBA_GUARD_H
#define GEMBA_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "run/result.h"
#include "run/settings.h"
#include "run/work.h"

struct ground;
struct trials;

struct guard {
	const char *code;	/* "G02" */
	const char *name;	/* "the answer among the features" */
	const char *topic;	/* of the help */
	/* Adds what it finds; false: cancelled, or no memory. */
	bool (*check)(struct ground *g, struct err *err);
};

/* All guards, in the order of their codes; ends with an empty row. */
extern const struct guard guards[];
/* By code, in small letters too; or NULL. */
const struct guard *guard_find(const char *code);
/* Its bit in settings.guards_off. */
unsigned guard_bit(const struct guard *guard);

struct warning {
	const struct guard *guard;
	/* Nothing is wrong, but there is a better way that can be had. */
	bool proposal;
	char *text;		/* owned: what was found, one line */
	/* What was counted, as said in text; of is 0: nothing. */
	size_t count, of;
	/* What a trial has measured; score is NULL: it could not be. */
	const char *score;	/* "mcc" */
	double now, then;	/* the score now, and ... */
	char *instead;		/* owned: "without them", "by stamp" */
	size_t rows;		/* of which both were measured; 0: of all */
	const char *with;	/* the method that both were measured with, if
				 * it is not that of the result; or NULL */
	char *remedy;		/* owned: a command, or NULL */
	char *see;		/* owned: a command that shows the rows, or
				 * NULL */
};

struct findings {
	size_t n;
	struct warning *of;	/* owned; in the order of their codes */
};

/* What guards look at.  All borrowed. */
struct guard_about {
	const struct table *table;
	const struct settings *settings;
	const struct result *result;	/* of these settings */
	const struct fitted *fitted;	/* its model, or NULL; not that of the
					 * result, which may go meanwhile */
	size_t runs;	/* on the same test rows and target, this one too */
	bool best;	/* it ranks highest of them */
	struct stages *stages;		/* which made it */
	struct trials *trials;
};

/* What all guards that are on find; NULL when cancelled or without memory. */
struct findings *guards_find(const struct guard_about *about, struct job *job,
			     struct err *err);
void findings_free(struct findings *findings);

/* Text and effect in one line: "TWF and HDF restate failure: mcc 0.94, without
 * them 0.21 (100,000 sampled rows)".  The caller frees it. */
char *warning_line(const struct warning *finding);

#endif
