/*
 * replace.h - a file that appears whole or not at all
 *
 * What is written goes to a temporary file beside the one that is meant, and
 * takes its place at the end: a full disk or a kill leaves what was there.
 * Where the system can, that file has no name until then: a kill leaves no
 * trace.
 */
#ifndef GEMBA_REPLACE_H
#define GEMBA_REPLACE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct replacement {
	FILE *out;		/* to write to */
	char *path;		/* owned */
	char *temporary;	/* owned; NULL: it has no name yet */
};

/* Begin; the path may not name a folder or a device. */
bool replace_begin(struct replacement *r, const char *path, struct err *err);
/* With good, put it into place; without, or when that fails, leave no trace. */
bool replace_end(struct replacement *r, bool good, struct err *err);

#endif
