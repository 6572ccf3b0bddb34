/*
 * tune.h - which options of a method are best
 *
 * A tune is a training that looks for its options first.  Each try is a method
 * with some options, scored by inner folds of the training rows: the test rows
 * have no say in which is best, so what they tell of it in the end is honest.
 * The score of the best try itself is not: it is the best of many.
 *
 * What is to be tried is a space: for each option that varies a list of values
 * or a range.
 */
#ifndef GEMBA_TUNE_H
#define GEMBA_TUNE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "run/result.h"
#include "run/settings.h"
#include "run/work.h"

/* by= seconds= folds= tries= of the command, beside those of the method. */
extern const struct option tune_options[];

/* The values of one option. */
struct axis {
	size_t option;		/* of the method's table */
	size_t n;
	char **value;		/* owned: for a grid; a range has some points */
	bool range;		/* low to high, for draws */
	bool numbers, log;	/* log: each ratio alike */
	double low, high;	/* of numbers */
};

struct tune {
	const struct method *method;
	struct option_values base;	/* owned: what does not vary */
	bool fixed[OPTIONS_MAX];	/* the user has said so */
	struct option_values how;	/* owned: of tune_options */
	size_t axes;
	struct axis axis[OPTIONS_MAX];
};

void tune_init(struct tune *tune, const struct method *method);
void tune_clear(struct tune *tune);
void tune_free(struct tune *tune);	/* one made with mem_new() */
/*
 * One word: "by=grid", or an option of the method with one value, several
 * ("l2=0.1,1,10"; texts are parted by '|') or a range ("depth=2..12").  Ranges
 * whose ends are more than a factor of 100 apart go by ratios.
 */
bool tune_take(struct tune *tune, const char *word, struct err *err);
/* What is worth a try for a method, as words with blanks between them; NULL:
 * nobody knows. */
const char *tune_space(const struct method *method);
/* When all words are there: where nothing varies, what is worth it for this
 * method; an error if nothing is known, or the grid is too large. */
bool tune_complete(struct tune *tune, struct err *err);
/* How many points the grid has. */
size_t tune_points(const struct tune *tune);
/* Point i of the grid: which value of each axis. */
void tune_point(const struct tune *tune, size_t i, size_t *value);
/* A larger value of that option makes a simpler model: 1; a more complex one:
 * -1; or nobody can say: 0. */
int tune_simpler(const struct tune *tune, size_t axis);

/* ---- what came of it: part of a result ---- */

struct tried {
	char *options;		/* owned: "l2=1", those that vary */
	size_t point;		/* in which order they were thought of */
	size_t rows;		/* that the folds were made of */
	size_t folds;
	double mean, sd;	/* of the scores; sd over n */
	double seconds;
	char *failed;		/* owned: why there is no score, or NULL */
};

struct tuned {
	const char *measure;	/* "mcc", "r2" */
	char *by;		/* owned */
	size_t folds, rows;	/* inner folds; training rows */
	size_t wanted;		/* tries, if there was time */
	size_t tries;		/* that were made: the best first */
	struct tried *tried;	/* owned */
	double seconds, budget;
	bool over, stopped;	/* the budget, or the user, ended it */
	char *edge;		/* owned: what to do, or NULL */
	char *simpler;		/* owned: one as good and simpler, or NULL */
};

void tuned_free(struct tuned *tuned);
void tuned_text(const struct tuned *tuned, FILE *out);
json_t *tuned_json(const struct tuned *tuned);

/*
 * Search, then train with the best on all the training rows: settings have its
 * method and options from then on, and the result says what was tried.  Stopped
 * by job_stop() the best so far is trained.
 */
struct result *tune_run(struct stages *stages, const struct table *table,
			struct settings *settings, const struct tune *tune,
			struct job *job, struct err *err);

#endif
