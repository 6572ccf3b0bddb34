/*
 * option.h - options of the form name=value
 *
 * A command, rule or method describes its options once, in a table that ends
 * with an empty row.  Parsing, limits, defaults, completion, help and the JSON
 * all come from that table.
 */
#ifndef GEMBA_OPTION_H
#define GEMBA_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum option_type {
	OPTION_NUMBER,		/* min <= value <= max */
	OPTION_WHOLE,		/* the same, without a fraction */
	OPTION_CHOICE,		/* one of the words in choices */
	OPTION_TEXT,		/* anything */
	OPTION_COLUMNS		/* column names with commas between them */
};

struct option {
	const char *name;
	enum option_type type;
	const char *dflt;	/* as the user would write it; NULL: none */
	double min, max;
	const char *choices;	/* "newton liblinear": words with blanks */
	const char *help;	/* one line, no full stop */
};

enum { OPTIONS_MAX = 24 };

/* The options of one command as given, with defaults for the others. */
struct option_values {
	const struct option *table;	/* borrowed: a constant */
	char *text[OPTIONS_MAX];	/* owned; NULL: not given, no default */
	double number[OPTIONS_MAX];	/* of NUMBER and WHOLE */
};

void options_init(struct option_values *v, const struct option *table);
void options_copy(struct option_values *to, const struct option_values *from);
void options_clear(struct option_values *v);

/* Take one word "name=value".  owner names the command in messages. */
bool options_set(struct option_values *v, const char *owner, const char *word,
		 struct err *err);

/* The value of an option; it is our own mistake to ask for one not there. */
double options_number(const struct option_values *v, const char *name);
const char *options_text(const struct option_values *v, const char *name);

/* The same where there may be no such option: then it is NULL. */
const char *options_maybe(const struct option_values *v, const char *name);

/* True when the i-th option differs from its default. */
bool options_given(const struct option_values *v, size_t i);

/* "solver=newton l2=1": those that differ from their default, quoted where
 * needed; all of them with everything.  The caller frees it. */
char *options_format(const struct option_values *v, bool everything);

#endif
