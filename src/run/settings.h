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
#include "eval/cut.h"
#include "learn/method.h"
#include "run/look.h"

/* What a column is, beside a feature or the target. */
enum role { ROLE_NONE, ROLE_ID, ROLE_TIME, ROLE_GROUP, ROLES };

/* "none", "id", "time", "group". */
extern const char *const role_name[ROLES];

/* A column that is calculated from others, see data/expression.h. */
struct derived {
	char *name, *expression;	/* owned */
};

struct settings {
	char *path;			/* owned; NULL: nothing is open */
	struct option_values open;	/* of source_options */

	/* By column of the table; there once it is read.  Those of the file
	 * come first, then the derived ones. */
	size_t columns;
	bool *feature;			/* owned */
	enum column_type *type;		/* owned: what it is by now */
	bool *typed;			/* owned: type was given by the user */
	enum role *role;		/* owned */
	size_t derived_n;
	struct derived *derived;	/* owned */
	int target;			/* -1: none yet */
	char *positive;			/* owned; NULL: the last class */

	size_t rules;
	struct rule_use rule[RULES_MAX];
	struct option_values split;
	const struct method *method;	/* NULL: none yet */
	struct option_values method_options;
	bool emit_rows, emit_curves;
	unsigned guards_off;	/* guard_bit() of each; changes no result, so
				 * it is no part of their key */
	struct cut_wish cut;	/* how two classes are told; no training
				 * depends on it, so neither does the key */
	struct look look;
};

/* A use of a rule that is off, with the default options. */
struct rule_use settings_offer(const struct rule *rule, unsigned number);

/* Nothing open, the rules that are offered and off, the default split. */
void settings_init(struct settings *s);
/* A file that was just opened, with the default choices; table is NULL when
 * its columns were not read. */
void settings_file(struct settings *s, const struct source *source,
		   const struct table *table);
void settings_copy(struct settings *to, const struct settings *from);
void settings_clear(struct settings *s);

/* What "features all" takes: free text, and what has a role, stays out until
 * it is named. */
bool settings_by_all(const struct settings *s, size_t column);

/* Columns of the file; the name of any column, of a table of that file. */
size_t settings_in_file(const struct settings *s);
const char *settings_name(const struct settings *s, const struct table *table,
			  size_t column);
/* The derived column of that name, by its place in derived[]; or derived_n. */
size_t settings_derived(const struct settings *s, const char *name);

/*
 * A derived column, new at the end or, when there is one of that name, another
 * in its place.  A new one is no feature yet, and a number until it is made.
 * The number of its column is returned.
 */
size_t settings_derive(struct settings *s, const char *name,
		       const char *expression);
/* Derived column i goes; it must not be the target. */
void settings_remove(struct settings *s, size_t i);

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
/*
 * The same and the rules that are off, which no result depends on but what they
 * would cost: a line for each rule in the order in which they stand.
 */
char *settings_choices(const struct settings *s, const struct table *table);
/* What no result depends on and a recipe holds: costs and threshold, a command
 * a line; "" when they are the default.  The caller frees it. */
char *settings_judging(const struct settings *s);
bool settings_same_rules(const struct settings *a, const struct settings *b);

#endif
