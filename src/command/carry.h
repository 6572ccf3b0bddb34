/*
 * carry.h - choices carried over when the same file is read in another way
 *
 * Another delimiter or encoding makes other columns.  What was chosen for
 * columns whose names are there again goes on; the rest is named and lost.
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
/* After it, with its default choices: those of before.  Clears carried. */
void carry_give(struct session *s, struct carried *carried);

#endif
