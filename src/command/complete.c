/*
 * complete.c - what commands share: names of columns, options
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"

static bool no_column(const struct session *s, const char *name,
		      struct err *err)
{
	size_t n = s->table->columns;
	const char **names = mem_array(n, sizeof(*names));
	const char *near;

	for (size_t c = 0; c < n; c++)
		names[c] = s->table->column[c].name;
	near = text_nearest(name, names, n);
	free(names);
	return err_set(err, ERR_USAGE, "there is no column '%.80s'%s%.80s%s",
		       name, near ? "; did you mean '" : "",
		       near ? near : "", near ? "'?" : "");
}

int find_column(struct session *s, char **argv, int i, size_t skip,
		struct err *err)
{
	int column = table_find(s->table, argv[i] + skip);

	if (column >= 0)
		return column;
	s->fault = i;
	no_column(s, argv[i] + skip, err);
	return -1;
}

bool take_options(struct session *s, struct option_values *values,
		  const char *owner, int from, char **argv, struct err *err)
{
	for (int i = from; argv[i]; i++)
		if (!options_set(values, owner, argv[i], err)) {
			s->fault = i;
			return false;
		}
	return true;
}

const char *complete_column(const struct session *s, size_t n)
{
	return s->table && n < s->table->columns ? s->table->column[n].name
						 : NULL;
}

/* The n-th "name=choice" of one option, or NULL. */
static const char *nth_choice(const struct option *o, size_t n)
{
	static char text[80];
	const char *word = o->choices;

	for (; word && n > 0; n--) {
		word = strchr(word, ' ');
		word = word ? word + 1 : NULL;
	}
	if (!word || !*word)
		return NULL;
	snprintf(text, sizeof(text), "%s=%.*s", o->name,
		 (int)strcspn(word, " "), word);
	return text;
}

const char *complete_option(const struct option *table, const char *typed,
			    size_t n)
{
	static char text[80];

	for (; table && table->name; table++) {
		size_t len = strlen(table->name);
		bool begun = !strncmp(typed, table->name, len) &&
			     typed[len] == '=';

		if (begun)
			return table->choices ? nth_choice(table, n) : NULL;
		if (n-- == 0) {
			snprintf(text, sizeof(text), "%s=", table->name);
			return text;
		}
	}
	return NULL;
}
