/*
 * place.h - where things lie on this machine
 */
#ifndef GEMBA_PLACE_H
#define GEMBA_PLACE_H

#include <stdbool.h>

#include "base/err.h"

/* The caller frees each. */
char *place_help(void);		/* $GEMBA_HELP; beside the program; installed */
char *place_samples(void);	/* $GEMBA_SAMPLES, and so on */
char *place_state(void);	/* $XDG_STATE_HOME/gemba; it may not exist */
bool place_make(const char *folder, struct err *err);	/* mode 0700 */

#endif
