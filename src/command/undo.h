/*
 * undo.h - the choices before these, and those taken back
 */
#ifndef GEMBA_UNDO_H
#define GEMBA_UNDO_H

#include <stdbool.h>

#include "run/settings.h"

/* Two stacks of whole settings; zeroed is empty. */
struct undo {
	struct settings *past, *future;		/* owned */
	size_t past_n, future_n;
};

/* Remember before, the settings that a command has just changed. */
void undo_remember(struct undo *undo, const struct settings *before);
/* Change now into the settings before or after it; false: there are none. */
bool undo_back(struct undo *undo, struct settings *now);
bool undo_forth(struct undo *undo, struct settings *now);
/* Forget all: another file. */
void undo_clear(struct undo *undo);

#endif
