/*
 * target.h - what is to be told: the classes or numbers of the target column
 */
#ifndef GEMBA_TARGET_H
#define GEMBA_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/rows.h"
#include "data/table.h"
#include "learn/model.h"
#include "run/settings.h"

/* More are names, not classes: a matrix of them would be large. */
enum { TARGET_CLASSES = 1000 };

/*
 * A category, or a number with two distinct values, makes a classification; any
 * other number a regression.  Classes stand in sorted order; of two, the
 * positive one is the last, and of more there is none.
 */
struct target {
	const struct column *column;	/* borrowed */
	enum task_kind task;
	size_t classes;			/* 0: regression */
	char **name;			/* owned: classes of them */
	uint32_t *of_level;		/* owned; category: level to class */
	double of_value[2];		/* number: value of class 0 and 1 */
};

/* What the target says in some rows: a class of each, or a number of each. */
struct truth {
	size_t n;
	uint32_t *class_of;		/* owned; NULL: regression */
	double *number;			/* owned; NULL: classification */
};

/*
 * The task and the classes that occur in the used rows.  Errors, each with what
 * to do: no target, missing cells, one value, too many classes, numbers too
 * large to compute with, a positive= that is none of two classes.
 */
bool target_init(struct target *target, const struct table *table,
		 const struct settings *settings, const struct rows *used,
		 struct err *err);
void target_clear(struct target *target);

/* Fails only for memory. */
bool truth_init(struct truth *truth, const struct target *target,
		const struct rows *rows, struct err *err);
void truth_clear(struct truth *truth);

/* The task that a column makes as far as it is known before rows are dropped:
 * looks no further than to the third distinct value. */
enum task_kind target_task(const struct column *column, size_t rows);

#endif
