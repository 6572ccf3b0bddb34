/*
 * settings.h - every choice of a session, as plain data
 *
 * Commands change settings; work.h turns them into results.  A copy is all
 * that a worker needs to know, so nobody edits what another thread reads.
 */
#ifndef GEMBA_SETTINGS_H
#define GEMBA_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/option.h"
#include "clean/clean.h"
#include "data/table.h"
#include "learn/method.h"
#include "run/look.h"

struct settings {
	char *path;			/* owned; NULL: nothing is open */
	struct option_values open;	/* of source_options */

	/* By column of the table; there once it is read. */
	size_t columns;
	bool *feature;			/* owned */
	enum column_type *type;		/* owned */
	bool *typed;			/* owned: type was given by the user */
	int target;			/* -1: none yet */
	char *positive;			/* owned; NULL: the last class */

	size_t rules;
	struct rule_use rule[RULES_MAX];
	struct option_values split;
	const struct method *method;	/* NULL: none yet */
	struct option_values method_options;
	bool emit_rows;
	struct look look;
};

/* Nothing open, every rule offered and off, the default split. */
void settings_init(struct settings *s);
/* A file that was just opened, with the default choices; table is NULL when
 * its columns were not read. */
void settings_file(struct settings *s, const struct source *source,
		   const struct table *table);
void settings_copy(struct settings *to, const struct settings *from);
void settings_clear(struct settings *s);

/* What "features all" takes: free text stays out until it is named. */
bool settings_by_all(const struct column *column);

/* True when the column is a feature: chosen, and not the target. */
bool settings_uses(const struct settings *s, size_t column);

/* Where no method is chosen, or one that cannot do what the target asks for,
 * choose one that can. */
void settings_fit_method(struct settings *s, const struct table *table);

/*
 * The settings as a recipe, a command a line; the caller frees it.  What has
 * the same text gives the same result, so the text is the key of results.
 */
char *settings_format(const struct settings *s, const struct table *table);

#endif
