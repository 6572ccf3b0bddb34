/*
 * cmd-features.c - the columns to learn from, and what else a column can be
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"

/* ---- which columns a word means ---- */

/* * stands for any letters, ? for one byte. */
static bool like(const char *pattern, const char *name)
{
	const char *star = NULL, *again = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			again = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++again;
		} else {
			return false;
		}
	}
	return !pattern[strspn(pattern, "*")];
}

static bool mark_type(struct session *s, const char *type, bool *marked,
		      struct err *err)
{
	int t = 0;

	while (t < COLUMN_TYPES && strcmp(column_type_name[t], type))
		t++;
	if (t == COLUMN_TYPES)
		return err_set(err, ERR_USAGE, "there is no type '%.40s': "
			       "number, category, text or time", type);
	for (size_t c = 0; c < s->table->columns; c++)
		marked[c] = (int)s->table->column[c].type == t;
	return true;
}

static bool mark_like(struct session *s, const char *pattern, bool *marked,
		      struct err *err)
{
	bool some = false;

	for (size_t c = 0; c < s->table->columns; c++) {
		marked[c] = like(pattern, s->table->column[c].name);
		some |= marked[c];
	}
	return some || err_set(err, ERR_USAGE, "no column's name is like "
			       "'%.80s'", pattern);
}

/* Names as they stand come first: a column may be named "+a", "b*" or
 * "type=number". */
static bool mark_word(struct session *s, char **argv, int i, char *sign,
		      bool *marked, struct err *err)
{
	const char *word = argv[i];
	int c = table_find(s->table, word);

	memset(marked, 0, s->table->columns * sizeof(*marked));
	*sign = c < 0 && (*word == '+' || *word == '-') ? *word : 0;
	word += *sign != 0;
	s->fault = i;
	if (c < 0)
		c = table_find(s->table, word);
	if (c < 0 && !strncmp(word, "type=", 5))
		return mark_type(s, word + 5, marked, err);
	if (c < 0 && strpbrk(word, "*?"))
		return mark_like(s, word, marked, err);
	if (c < 0)
		c = find_column(s, argv, i, *sign ? 1 : 0, err);
	if (c >= 0)
		marked[c] = true;
	return c >= 0;
}

/* ---- features ---- */

static void set_all(struct session *s, bool all)
{
	for (size_t c = 0; c < s->settings.columns; c++)
		s->settings.feature[c] = all &&
					 settings_by_all(&s->settings, c);
}

/* Do all words mean a column?  And is one without a sign, so that they are a
 * list? */
static bool check_words(struct session *s, int from, int argc, char **argv,
			bool *marked, bool *list, struct err *err)
{
	char sign;

	*list = false;
	for (int i = from; i < argc; i++) {
		if (!mark_word(s, argv, i, &sign, marked, err))
			return false;
		*list |= !sign;
	}
	return true;
}

/*
 * "all", "none" or nothing first; then words, "+word", "-word".  A list begins
 * from none, signs alone change what there is.
 */
static bool set_features(struct session *s, int argc, char **argv,
			 struct err *err)
{
	bool all = !strcmp(argv[1], "all") && table_find(s->table, "all") < 0;
	bool none = !strcmp(argv[1], "none") &&
		    table_find(s->table, "none") < 0;
	int from = all || none ? 2 : 1;
	bool *marked = mem_array(s->table->columns + 1, sizeof(*marked));
	bool list, ok = check_words(s, from, argc, argv, marked, &list, err);
	char sign;

	if (ok && (all || none || list))
		set_all(s, all);
	for (int i = from; ok && i < argc; i++) {
		mark_word(s, argv, i, &sign, marked, err);
		for (size_t c = 0; c < s->table->columns; c++)
			if (marked[c])
				s->settings.feature[c] = sign != '-';
	}
	free(marked);
	return ok;
}

/* "type=number" and so on, behind the columns. */
static const char *complete_kind(size_t n)
{
	static char text[40];

	if (n >= COLUMN_TYPES)
		return NULL;
	snprintf(text, sizeof(text), "type=%s", column_type_name[n]);
	return text;
}

static const char *complete_features(const struct session *s, int argc,
				     char **argv, size_t n)
{
	static char text[200];
	const char *typed = argv[argc - 1], *name;
	bool sign = *typed == '+' || *typed == '-';
	size_t words = argc == 2 && !sign ? 2 : 0;
	size_t columns = s->table ? s->table->columns : 0;

	if (n < words)
		return n == 0 ? "all" : "none";
	n -= words;
	name = n < columns ? complete_column(s, n)
			   : complete_kind(n - columns);
	if (!name || !sign)
		return name;
	snprintf(text, sizeof(text), "%c%s", *typed, name);
	return text;
}

/* ---- role ---- */

static int role_number(const char *name)
{
	for (int r = 0; r < ROLES; r++)
		if (!strcmp(role_name[r], name))
			return r;
	return -1;
}

/* With a role a column leaves the features, without one it may come back. */
static bool set_role(struct session *s, int argc, char **argv,
		     struct err *err)
{
	int c = find_column(s, argv, 1, 0, err), role;

	if (c < 0)
		return false;
	role = role_number(argv[2]);
	s->fault = 2;
	if (role < 0)
		return err_set(err, ERR_USAGE, "there is no role '%.40s': id, "
			       "time, group or none", argv[2]);
	s->fault = 3;
	if (argc > 3 && strcmp(argv[3], "toggle"))
		return err_set(err, ERR_USAGE, "role does not know '%.60s'; "
			       "it takes toggle", argv[3]);
	if (argc > 3 && s->settings.role[c] == (enum role)role)
		role = ROLE_NONE;
	if (s->settings.role[c] == (enum role)role)
		return true;
	s->settings.role[c] = (enum role)role;
	s->settings.feature[c] = settings_by_all(&s->settings, (size_t)c);
	return true;
}

static const char *complete_role(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)argv;
	if (argc == 2)
		return complete_column(s, n);
	if (argc == 3 && n < ROLES)
		return role_name[n];
	return argc == 4 && n == 0 ? "toggle" : NULL;
}

const struct command commands_features[] = {
	{ .name = "features",
	  .args = "all | none | [+|-]COLUMN|GLOB|type=TYPE...",
	  .help = "Choose the columns to learn from; -NAME takes one away",
	  .min = 1, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_features, .run = set_features },
	{ .name = "role", .args = "COLUMN id|time|group|none [toggle]",
	  .help = "Say what a column is for, when it is not to be learned from",
	  .min = 2, .max = 3, .flags = COMMAND_TABLE,
	  .complete = complete_role, .run = set_role },
	{ 0 }
};
