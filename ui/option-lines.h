/*
 * option-lines.h - options, one a line, and what keys make of them
 *
 * The sheets of rules and of methods are lists of options.  What such a line
 * shows, and which words a key types for it, is the same in all of them.
 */
#ifndef GEMBA_OPTION_LINES_H
#define GEMBA_OPTION_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/option.h"
#include "draw.h"

/* What is narrower says nothing of what an option can be. */
enum { OPTION_HINT = 10 };

/* Where a line stands: its first column, and the width of its name and of its
 * value; what else it can be has the rest. */
struct option_columns {
	int x, name, value;
};

size_t options_count(const struct option *table);
/* Name, value, and what it can be: given ones stand out. */
void option_line(const struct canvas *c, int y,
		 const struct option_columns *at,
		 const struct option_values *v, size_t i);

/* What a key does to the i-th option. */
enum option_key { OPTION_NEXT, OPTION_PREVIOUS, OPTION_MORE, OPTION_LESS };

/* "name=value" with another value; the caller frees it.  NULL: it is one that
 * is typed. */
char *option_other(const struct option_values *v, size_t i,
		   enum option_key key, struct err *err);
/* A copy in which the i-th is as nobody had said it. */
void options_without(struct option_values *to, const struct option_values *from,
		     size_t i);
/*
 * The words of a prompt in which the i-th is typed: all others that are given,
 * then "name=" and what it is now, but anew where one chooses from words.  The
 * caller frees them.
 */
char *options_typing(const struct option_values *v, size_t i);

#endif
