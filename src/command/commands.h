/*
 * commands.h - the command tables by noun, for command.c, and what they share
 */
#ifndef GEMBA_COMMANDS_H
#define GEMBA_COMMANDS_H

#include "base/option.h"
#include "command/command.h"

extern const struct command commands_data[];	/* the file, its columns */
extern const struct command commands_features[];	/* features, roles */
extern const struct command commands_derive[];	/* derived columns */
extern const struct command commands_suggest[];	/* suggestions */
extern const struct command commands_export[];	/* rows to a file */
extern const struct command commands_clean[];	/* the rules */
extern const struct command commands_guard[];	/* the guards */
extern const struct command commands_train[];	/* split, methods */
extern const struct command commands_judge[];	/* threshold, compare */
extern const struct command commands_tune[];	/* the best options */
extern const struct command commands_explain[];	/* what models are asked */
extern const struct command commands_session[];	/* undo, write, quit */
extern const struct command commands_look[];	/* sort, filter, find, hide */

/*
 * The column that argv[i] names, after skip letters of it; -1: err says that
 * there is none, and what is near, and s->fault is i.
 */
int find_column(struct session *s, char **argv, int i, size_t skip,
		struct err *err);

/* Take argv[from] ... as options of owner; on failure s->fault is the word. */
bool take_options(struct session *s, struct option_values *values,
		  const char *owner, int from, char **argv, struct err *err);

/* Completion: the n-th of the table's columns, or of "name=" and
 * "name=choice" of an option table. */
const char *complete_column(const struct session *s, size_t n);
const char *complete_option(const struct option *table, const char *typed,
			    size_t n);

#endif
