/*
 * seek.h - going to what is looked for
 *
 * The next hit may not be found yet.  Then the cursor waits where it is and
 * goes there when it is; any key that moves it puts an end to that.
 */
#ifndef GEMBA_SEEK_H
#define GEMBA_SEEK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "workbench.h"

enum seek_way {
	SEEK_HERE,		/* a hit under the cursor is one, too */
	SEEK_NEXT, SEEK_PREVIOUS
};

/* From the cursor on, row by row in the order in sight, and round the end.
 * Quietly: no word on what is found, or is not. */
void seek_begin(struct ui *ui, enum seek_way way, bool quietly);
void seek_end(void);
/* After every turn of the session: more may have been found. */
void seek_turn(struct ui *ui);

/* The next odd cell of the column under the cursor. */
bool seek_odd(struct ui *ui, bool forth, struct err *err);

#endif
