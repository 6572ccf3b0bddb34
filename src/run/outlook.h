/*
 * outlook.h - what a split means, before anything is trained with it
 *
 * How many rows are on each side of each fold, of which classes, from when to
 * when, of how many groups; and where in the file they stand, as a picture.
 */
#ifndef GEMBA_OUTLOOK_H
#define GEMBA_OUTLOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/work.h"

enum side { SIDE_TRAIN, SIDE_TEST, SIDE_GAP, SIDE_LATER, SIDES };

/* Of so many folds there is a picture, the first ones, in so many pieces. */
enum { OUTLOOK_FOLDS = 32, OUTLOOK_PIECES = 96 };

/* A side of a fold. */
struct outlook_side {
	size_t rows;
	size_t class[CLASSES_COUNTED];	/* of them, by class of the target */
	double mean;		/* of a target that is a number, else NaN */
	double from, to;	/* with time=, else NaN */
	size_t groups;		/* with group= and no folds, else 0 */
};

struct outlook_fold {
	struct outlook_side side[SIDES];
	/* The rows in their order, in equal pieces: how many of each side. */
	uint32_t piece[OUTLOOK_PIECES][SIDES];
};

struct outlook {
	size_t rows;		/* that are split */
	size_t folds;		/* 0: one split */
	size_t tested;		/* rows that test in one of the folds */
	size_t groups;		/* with group= */
	size_t classes;		/* of the target; 0: a number, or too many */
	char target[CLASS_NAME];
	char class_name[CLASSES_COUNTED][CLASS_NAME];
	size_t pieces;		/* as many as rows, at most the number above */
	bool in_time;		/* the pieces are in order of time=, else in
				 * that of the file */
	size_t shown;		/* folds that are here: 1, without folds= */
	struct outlook_fold fold[OUTLOOK_FOLDS];
};

/* The outlook of these settings; false: err says why they cannot be split. */
bool outlook_find(struct outlook *outlook, struct stages *stages,
		  const struct table *table, const struct settings *settings,
		  struct job *job, struct err *err);

#endif
