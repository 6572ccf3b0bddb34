/*
 * result.h - what one training gave: it stands by itself
 *
 * A result borrows nothing from the table or the settings that it was made
 * from, so it lives as long as one likes.
 */
#ifndef GEMBA_RESULT_H
#define GEMBA_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/option.h"
#include "clean/clean.h"
#include "eval/cut.h"
#include "eval/interval.h"
#include "eval/metrics.h"
#include "eval/metrics-number.h"
#include "learn/method.h"
#include "run/explained.h"
#include "run/fitted.h"
#include "run/goodness.h"

struct tuned;

struct weight {
	char *feature;		/* owned: "torque", "line=M" */
	char *reference;	/* owned: the level it is against, or NULL */
	double raw;		/* per unit of the column in the file */
	double standardized;	/* per standard deviation, training rows */
	double std_error, p;	/* of raw; NaN: not valid, see note */
	double low, high;	/* 95 % interval of raw; NaN like these */
	double range;		/* from quartile to quartile, in the unit of the
				 * file, training rows; NaN: a level */
	double per_range;	/* raw times that; of a level raw */
	double vif;		/* inflation by the other features; infinite:
				 * they say the same; NaN: not known */
};

/* One of the folds of a split with folds=. */
struct fold_score {
	size_t train, test, gap, later;	/* rows */
	double score;		/* on those that test: accuracy, or r2 */
	double rmse;		/* of numbers, else NaN */
	double rank;		/* mcc, or r2: see result_rank() */
	double in_training;	/* the score on those that train */
	double baseline;	/* the score of always the same answer */
	bool converged;
};

enum { CURVE_MAX = 512 };

struct result {
	int number;		/* 1, 2 ... in the session */
	time_t when;
	char *key;		/* owned: settings_format() of its settings;
				 * NULL: its file is open no more */

	char *path;			/* owned: of the file */
	const struct method *method;
	struct option_values options;
	struct ledger ledger;
	struct lessons lessons;		/* what column rules learned */
	char *target;			/* owned */
	char *unit;			/* owned: of the target, or NULL */
	enum task_kind task;
	size_t classes;			/* 0: regression */
	char **class_name;		/* owned; of two the last is
					 * positive */
	size_t features;
	char **feature;			/* owned: names of the columns used */

	bool converged, stopped;	/* stopped: by the user */
	bool stuck;			/* METHOD_STUCK: short of its aim */
	size_t iterations, limit;	/* epochs for sgd; limit 0: none */
	double seconds_read, seconds_clean, seconds_fit, seconds_evaluate;
	size_t curve_n;
	double curve[CURVE_MAX];	/* loss after each iteration, thinned */
	double held_curve[CURVE_MAX];	/* held_loss of the model beside it */

	/*
	 * With folds=; else 0.  Every measure on test rows is then of all rows
	 * that were tested, each told by the model of its fold; the weights,
	 * the curve and the measures on training rows are of a last model, of
	 * all rows.  Stopped before that, it is that of the last fold.
	 */
	size_t folds_wanted;
	size_t folds;			/* as many were finished */
	struct fold_score *fold;	/* owned */
	double fold_mean, fold_sd;	/* of the scores; sd over n, as
					 * numpy's std() has it */
	bool of_a_fold;			/* the model is, see above */

	/* Classification; else 0. */
	double baseline_accuracy;	/* on the test rows */
	double train_accuracy;
	struct metrics test;
	struct interval interval[CLASS_MEASURES];
	/* Two classes: test and its intervals are those at this threshold,
	 * which may move; see judge.h.  What else is of classes told, such as
	 * train_accuracy, predicted and the scores of folds, is at 0.5. */
	struct judged {
		bool known;
		struct cut_wish wish;	/* what was wished for */
		double cut;
		/* The measure that it is the best by, and the same of rows
		 * that had no say in it; NaN: not known. */
		double best, honest;
	} judged;
	double plain_mcc;		/* at 0.5 */
	struct cuts *cuts;		/* owned; NULL: not needed so far */
	struct versus *before;		/* owned: beside the one before, or the
					 * pinned one; NULL: not compared */
	/* Regression; else 0.  The baseline tells the mean of the training
	 * rows; it is measured on the test rows. */
	struct {
		struct number_metrics test, train, baseline;
		struct interval interval[NUMBER_MEASURES];
	} regression;
	struct goodness goodness;	/* of the training rows */
	double intercept;		/* as the method sees the columns */
	double intercept_raw;		/* for columns as in the file */
	double intercept_error;		/* of that; NaN: not known; so is p */
	double intercept_p;
	/* Of more than two classes a linear model has a set of weights for
	 * each, and the four above are NaN. */
	size_t sets;			/* else 1 */
	double *intercepts;		/* owned: two for each set, the second
					 * as intercept_raw; or NULL */
	size_t weights;			/* in a set */
	struct weight *weight;		/* owned; set after set, each in the
					 * order of the design */
	bool importance;		/* the weights are: as standardized,
					 * and nothing else is known of them */
	char *drawing;			/* owned: the model as text, or NULL */
	char *model_name, *model_json;	/* owned: the member that the model is
					 * in JSON, and its value; or NULL */
	const char *note;		/* a constant, or NULL */

	/* What was told of each test row, and what is true; see
	 * result_forget_rows(). */
	struct rows test_rows;
	double *told;			/* owned: probability of the positive
					 * class, or the number; of more than
					 * two classes that of each, row after
					 * row */
	uint32_t *predicted;		/* owned: class of each test row, of
					 * two at 0.5; see result_told() */
	uint32_t *class_of;		/* owned: the class that it is of */
	double *actual;			/* owned: or the number that it has */
	bool emit;			/* they are put into the JSON */

	struct tuned *tuned;		/* owned: how its options were found,
					 * see tune.h; or NULL */
	struct fitted *fitted;		/* an owner of it; NULL: its table is
					 * gone, or a newer result has one */
	struct explained *explained;	/* owned: what it was asked; NULL:
					 * nothing yet */
};

/*
 * What tells the better of two results with the same target: mcc, or r2; the
 * more the better.  Minus infinity: not known.
 */
double result_rank(const struct result *result);
/* The same at a threshold of 0.5, which never changes: for guards. */
double result_plain_rank(const struct result *result);
/* What it is called: "mcc", "r2". */
const char *result_rank_name(const struct result *result);

/*
 * More than four of five test rows are of one class: accuracy is then easy to
 * have, and hides the other.  Which it is, and its share, where they are not
 * NULL.
 */
bool result_uneven(const struct result *result, size_t *common, double *share);
/* What is told first of two classes: accuracy, or recall where uneven.  The
 * second is always mcc, and of numbers they are rmse and r2. */
enum class_measure result_headline(const struct result *result);
/* What always the same answer comes to on the test rows; NaN: not known. */
double result_baseline(const struct result *result, enum class_measure which);

/* The class that is told of test row i, at the threshold. */
uint32_t result_told(const struct result *result, size_t i);
/* What the rows kept take, in bytes; and forget them. */
size_t result_rows_size(const struct result *result);
void result_forget_rows(struct result *result);

void result_free(struct result *result);

#endif
