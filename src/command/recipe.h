/*
 * recipe.h - a file of commands, on its way through
 */
#ifndef GEMBA_RECIPE_H
#define GEMBA_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Commands from outside the recipe (gemba run --set). */
struct preset {
	char **line;		/* borrowed */
	size_t n;
};

/* Zeroed: none is under way. */
struct recipe {
	char *name;		/* owned: as it was given */
	char *folder;		/* owned: "" or with a / at its end */
	char *data;		/* owned: in place of what it opens; or NULL */
	struct recipe_line {
		char *text;	/* owned */
		size_t number;	/* in the file; 0: a preset */
	} *line;		/* owned */
	size_t lines, next;
};

/*
 * Read a recipe.  Presets hold for all of it: they come again before each line
 * that trains; a preset that trains itself comes at the end, and so do all when
 * no line trains.  data, or NULL, takes the place of the file that is opened; a
 * recipe that opens none begins with it.
 */
bool recipe_read(struct recipe *recipe, const char *path, const char *data,
		 const struct preset *preset, struct err *err);
void recipe_clear(struct recipe *recipe);

bool recipe_under_way(const struct recipe *recipe);
/* The next line, or NULL after the last. */
const char *recipe_next(struct recipe *recipe);

/* Where a path in the recipe's open leads; the caller frees it. */
char *recipe_resolve(const struct recipe *recipe, const char *path);

/*
 * Make of the error of the line that recipe_next() gave last:
 * "NAME:LINE: what", and below it the line with a caret under word fault, from
 * byte at of it on.
 */
void recipe_point_at(const struct recipe *recipe, int fault, size_t at,
		     struct err *err);

#endif
