/*
 * formula.h - "NAME = EXPRESSION" as it is typed
 */
#ifndef GEMBA_FORMULA_H
#define GEMBA_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct formula {
	char *name;		/* owned */
	const char *expression;	/* in the text; NULL: there is no "=" */
	size_t at;		/* the byte where it begins, or the end of the
				 * name */
};

/* The name may stand in quotes.  False: f->at is where it is wrong; the caller
 * frees f->name in either case. */
bool formula_read(struct formula *f, const char *text, struct err *err);

#endif
