/*
 * notes.h - what guards and suggestions have to say, in the order of the screen
 *
 * The sheet of notes is a list of places where the cursor can stand, each with
 * a command: the remedies of what the guards found, what is suggested, the
 * guards that are off.  All is borrowed from the session and true until its
 * next turn.
 */
#ifndef GEMBA_NOTES_H
#define GEMBA_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "command/session.h"

enum note_kind {
	NOTE_REMEDY, NOTE_SEE,		/* the commands of a finding */
	NOTE_ALONE,			/* a finding that has none */
	NOTE_SUGGESTION, NOTE_OFF
};

/* One place of the cursor. */
struct stop {
	enum note_kind kind;
	const struct guard *guard;		/* NULL: a suggestion */
	const struct warning *finding;		/* or NULL */
	const struct suggestion *suggestion;	/* or NULL */
};

struct notes {
	size_t findings;		/* of guards that are on */
	const struct warning **finding;	/* owned; the most telling first */
	size_t stops;
	struct stop *stop;		/* owned; from top to bottom */
};

/* How far the guards are. */
enum notes_state {
	NOTES_NONE,		/* nothing was trained in this file */
	NOTES_STALE,		/* they are of the choices before these */
	NOTES_LOOKING,		/* the guards are looking, or will */
	NOTES_STOPPED,		/* they were, before they found anything */
	NOTES_TRUE
};

void notes_init(struct notes *notes, const struct session *s);
void notes_clear(struct notes *notes);
enum notes_state notes_state(const struct session *s);
/* Is there a finding? */
bool notes_found(const struct session *s);
/* How many guards are on. */
size_t notes_guards(const struct session *s);

/* The guard of a place by its number, or NULL: it is of none. */
const struct guard *notes_guard(const struct session *s, size_t at);
/* The command of a place by its number; the caller frees it.  NULL: none. */
char *notes_line(const struct session *s, size_t at);

/* The command of a place, "filter ..." for rows that it shows; or NULL. */
const char *notes_command(const struct stop *stop);
/* What it does, in words: "leave them out"; the caller frees it. */
char *notes_deed(const struct stop *stop);

/* What stands beside the score now, and beside the other: "now, split by
 * chance" and "split by date".  Only where there is a score; the caller frees
 * them. */
char *notes_now(const struct warning *finding);
char *notes_then(const struct warning *finding);
/* What the other score means, or NULL.  The caller frees it. */
char *notes_verdict(const struct warning *finding);
/* A finding in so many columns: its text, then what it is worth, each cut as
 * little as can be.  The caller frees it. */
char *notes_brief(const struct warning *finding, int columns);

/* A command was taken from the notes: what the score was before it. */
void notes_took(const struct session *s, const char *command);
/* While what it chose is chosen: the command, and what became of it in *said
 * (the caller frees it); NULL: nothing was taken. */
const char *notes_taken(const struct session *s, char **said);

#endif
