/*
 * keys.h - the one table of keys
 *
 * A key is a short way to type a command.  Bindings, hints and the help of the
 * keys all come from this table; "bind" puts rows before it.
 */
#ifndef GEMBA_KEYS_H
#define GEMBA_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "panel.h"

enum { PANEL_ANY = PANELS_AND_SHEETS, KEY_NAME = 24 };

/*
 * In a command %row stands for what is under the cursor, in quotes if it needs
 * them, and %expression for the same without; %column for the column under it,
 * %options and %method for what is set now, %all for "all" or "none", whichever
 * would change something, %narrower, %wider and %fit for widths of the column,
 * %same for the condition that a cell is what it is, %guard for the guard under
 * the cursor of the notes and %topic for the help on it.  A command that ends
 * in a blank is typed into the prompt, to be gone on with.
 */
struct key {
	int panel;		/* enum panel_id, or PANEL_ANY */
	const char *name;	/* "x", "gg", "Ctrl-d", "PgUp" */
	const char *command;
	const char *hint;	/* for the last line; NULL: not shown there */
	const char *help;	/* NULL: told by a row beside it */
};

/* "Ctrl-d" for 4, "Up" for KEY_UP; "" for what is not a key. */
const char *key_name(int code);
/* The code of a name, and the bytes a terminal would send; ERR: no such key. */
int key_code(const char *name, const char **bytes);

/* The n-th row, what was bound by the user first; NULL after the last. */
const struct key *key_nth(size_t n);
/* What a key does in a panel, or NULL. */
const struct key *key_find(enum panel_id panel, const char *name);
/* True when a longer key begins so: "g" of "gg". */
bool key_begins(enum panel_id panel, const char *name);
/* panel: a name, "any" or a number. */
bool key_bind(const char *panel, const char *name, const char *command,
	      struct err *err);

/* The command with what %row and the others stand for; the caller frees it.
 * NULL: err says what is not there. */
char *key_expand(const struct session *s, const struct view *v,
		 const char *command, struct err *err);

/* "columns", "3": the panel, or -1. */
int panel_named(const char *name);
/* "columns": a panel's or sheet's name as one types it, until the next call. */
const char *panel_word(size_t panel);

#endif
