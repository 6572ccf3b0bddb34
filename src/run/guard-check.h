/*
 * guard-check.h - between guard.c and the checks of guard-*.c
 *
 * The ground is what all checks stand on: the rows of the training and its
 * target, made once.  Checks add findings to it and ask it for trials.
 */
#ifndef GEMBA_GUARD_CHECK_H
#define GEMBA_GUARD_CHECK_H

#include <stdint.h>

#include "base/mem.h"
#include "run/guard.h"
#include "run/target.h"
#include "run/trial.h"

enum side { SIDE_NONE, SIDE_TRAIN, SIDE_TEST };

struct ground {
	const struct guard_about *about;
	const struct table *table;
	const struct settings *settings;
	struct split_rows rows;		/* borrowed from the stages */
	struct columns features;
	struct target target;
	bool classes;			/* two or more; else a number */
	uint8_t *side;			/* of each row of the table */
	struct job *job;
	const struct guard *guard;	/* whose check it is */
	struct findings *found;
	struct copies *copies;		/* of guard-copies.c; NULL: not yet */
};

/* The target in a row: the number of the class, or the number. */
static inline double ground_y(const struct ground *g, size_t row)
{
	const struct column *c = g->target.column;

	if (!g->classes)
		return c->number[row];
	return c->code ? g->target.of_level[c->code[row]]
		       : c->number[row] == g->target.of_value[1];
}

/* True when the rows are split by chance, groups or not; and when groups are
 * kept together. */
bool ground_by_chance(const struct ground *g);
bool ground_grouped(const struct ground *g);

/*
 * About n of the rows that are used, one at random from each of n stretches of
 * the file that are equally long: all of them when there are no more.
 */
bool ground_sample(const struct ground *g, size_t n, struct rows *rows,
		   struct err *err);

/* n rows from the middle that follow each other, or all. */
bool ground_some(const struct ground *g, size_t n, struct rows *rows,
		 struct err *err);

/* A new finding of this guard; the text is owned by it. */
struct warning *ground_find(struct ground *g, char *text);
/* The last one was none. */
void ground_drop(struct ground *g);

/*
 * What f is worth: the score now, and with other settings.  What cannot be
 * trained so, or does not change the score, is left without; false only when
 * cancelled.
 */
bool ground_try(struct ground *g, struct warning *f,
		const struct settings *other, enum trial_pick pick,
		size_t column, struct err *err);

/* The same for the same training, measured without the test rows that are
 * marked, by row of the table. */
bool ground_spare(struct ground *g, struct warning *f, const bool *marked,
		  struct err *err);

/* The settings with another split, of the same share and seed: word is
 * "group=machine".  False: there is no such option. */
bool ground_split(const struct ground *g, const char *word,
		  struct settings *other);
/* The command that makes the split of these settings. */
char *ground_split_command(const struct settings *s);

/* The same method with an option changed, as "l2=1", and the command for it,
 * which the caller frees.  False: it has no such option, and both are unset. */
bool ground_option(const struct ground *g, const char *word,
		   struct settings *other, char **command);

/* "a", "a and b", "a, b, c and 4 more". */
char *ground_names(const struct ground *g, const size_t *column, size_t n);
/* "features -a -b"; only those that the command can name. */
char *ground_without(const struct ground *g, const size_t *column, size_t n);

/* The number in a text: 12,345 as people read it. */
struct count_text { char text[32]; };
struct count_text counted(size_t n);

/*
 * Of real measurements the best of 30 in breast cancer's ranks with 0.976; a
 * feature beyond 0.98 is rather a copy.  With 10 rows of either class chance
 * gets as far once in 10^5.
 */
#define AUC_ALONE 0.98
#define R_ALONE 0.99
/* Of more than two classes: of so many test rows, unless one class is so common
 * that this is no wonder. */
#define RIGHT_ALONE 0.98
#define COMMON 0.9
/* alone[k]: the k-th feature tells the target by itself. */
bool answer_alone(const struct ground *g, bool *alone, struct err *err);

/* The checks. */
bool guard_fit_all(struct ground *g, struct err *err);
bool guard_answer(struct ground *g, struct err *err);
bool guard_order(struct ground *g, struct err *err);
bool guard_groups(struct ground *g, struct err *err);
bool guard_copies(struct ground *g, struct err *err);
bool guard_uneven(struct ground *g, struct err *err);
bool guard_labels(struct ground *g, struct err *err);
bool guard_accuracy(struct ground *g, struct err *err);
bool guard_intercept(struct ground *g, struct err *err);
bool guard_separation(struct ground *g, struct err *err);
bool guard_converged(struct ground *g, struct err *err);
bool guard_pair(struct ground *g, struct err *err);
bool guard_best(struct ground *g, struct err *err);

void copies_free(struct copies *copies);

#endif
