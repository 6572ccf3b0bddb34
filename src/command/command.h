/*
 * command.h - the one language of keys, the ':' prompt and recipes
 *
 * A command is a row of a table: its name, its words, its help and its
 * function.  Checking, completion, help and the manual page come from there.
 */
#ifndef GEMBA_COMMAND_H
#define GEMBA_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "command/session.h"

enum command_flags {
	COMMAND_TABLE	= 1 << 0,	/* refused unless a file is read */
	COMMAND_SCREEN	= 1 << 1,	/* refused without a screen */
	COMMAND_UNDO	= 1 << 2,	/* is itself not to be undone */
	COMMAND_RAW	= 1 << 3,	/* all behind the name is one word, as
					 * it stands: blanks, quotes, # */
	COMMAND_LOOK	= 1 << 4,	/* for the eyes only: refused without
					 * a screen, and can be undone */
};

typedef bool command_fn(struct session *s, int argc, char **argv,
			struct err *err);
/* The n-th candidate for word number word, or NULL after the last; it is valid
 * until the next call. */
typedef const char *complete_fn(const struct session *s, int argc, char **argv,
				size_t n);

struct command {
	const char *name;
	const char *args;	/* as the user reads it: "<column> [<type>]" */
	const char *help;	/* one line, no full stop */
	int min, max;		/* words after the name; max -1: any number */
	unsigned flags;		/* enum command_flags */
	complete_fn *complete;	/* or NULL; argv[argc - 1] is being typed */
	command_fn *run;
};

/* The interface adds its own table, which ends with an empty row. */
void command_add(const struct command *table);
/* Walk over all commands, table after table: NULL after the last. */
const struct command *command_nth(size_t n);
const struct command *command_find(const char *name);

/*
 * The candidates for the last word of a line that is being typed up to its end,
 * ("tr" or "train log" or "train logistic sol"): the whole word each.  The
 * n-th, or NULL; the caller frees it.
 */
char *command_complete(const struct session *s, const char *line, size_t n);

#endif
