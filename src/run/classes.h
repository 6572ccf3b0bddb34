/*
 * classes.h - the classes of the target, for those who count by them
 *
 * Unlike those of target.h they need no training: rows without an answer have
 * none, and a target that has too many has none at all.
 */
#ifndef GEMBA_CLASSES_H
#define GEMBA_CLASSES_H

#include "clean/clean.h"
#include "run/settings.h"

/*
 * of is for each row of the table, and the classes borrow it.  A category has
 * its levels, a number its two values; more than CLASSES_COUNTED: n is 0.
 */
void classes_init(struct classes *classes, const struct table *table,
		  const struct settings *settings, uint8_t *of);

#endif
