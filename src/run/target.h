/*
 * target.h - the classes that a target column makes
 */
#ifndef GEMBA_TARGET_H
#define GEMBA_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/rows.h"
#include "data/table.h"
#include "run/settings.h"

/* Classes in sorted order, but for the positive one, which is the last. */
struct target {
	const struct column *column;	/* borrowed */
	size_t classes;
	char **name;			/* owned: classes of them */
	uint32_t *of_level;		/* owned; category: level to class */
	double of_value[2];		/* number: value of class 0 and 1 */
};

/*
 * The classes that occur in the used rows.  Errors, each with what to do: no
 * target, missing cells, one class, more than two, a number with more than two
 * values, a positive= that is none of them.
 */
bool target_init(struct target *target, const struct table *table,
		 const struct settings *settings, const struct rows *used,
		 struct err *err);
void target_clear(struct target *target);

/* The class of each of some rows; the caller frees it.  NULL: no memory. */
uint32_t *target_classes(const struct target *target, const struct rows *rows,
			 struct err *err);

#endif
