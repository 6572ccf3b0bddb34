/*
 * carry.h - choices carried over to a file that takes the place of another
 *
 * Rules stay as they are for any file; those that say what a cell means are at
 * work on it at once.  Where the same file is read in another way, another
 * delimiter or encoding makes other columns: what was chosen for columns whose
 * names are there again goes on.  The rest is named and lost.
 */
#ifndef GEMBA_CARRY_H
#define GEMBA_CARRY_H

#include "command/session.h"

/* Zeroed: nothing. */
struct carried {
	struct settings settings;	/* owned */
	size_t names;
	char **name;			/* owned: of the file's columns */
};

/* Before the new file: what is chosen now. */
void carry_take(struct carried *carried, const struct session *s);
/* After it, with its default choices: those of before; of another file, when
 * carried is zeroed, the rules alone.  Clears carried. */
void carry_give(struct session *s, struct carried *carried);

#endif
