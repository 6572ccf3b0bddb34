/*
 * cmd-data.c - the file, its columns and their roles
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/synonym.h"

/* ---- open ---- */

static bool open_file(struct session *s, int argc, char **argv,
		      struct err *err)
{
	struct option_values options;
	bool ok;

	options_init(&options, source_options);
	(void)argc;
	ok = take_options(s, &options, argv[0], 2, argv, err);
	if (ok) {
		s->fault = 1;
		ok = session_open(s, argv[1], &options, err);
	}
	options_clear(&options);
	return ok;
}

static const char *complete_open(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)s;
	/* The first word is a file's name, which the prompt completes. */
	return argc > 2 ? complete_option(source_options, argv[argc - 1], n)
			: NULL;
}

static bool read_columns(struct session *s, int argc, char **argv,
			 struct err *err)
{
	(void)argc;
	(void)argv;
	return session_read(s, err);
}

/* ---- target ---- */

/* positive= must be a value of the column, where those are known. */
static bool level_exists(const struct column *column, const char *level,
			 struct err *err)
{
	if (!column->code)
		return true;
	for (size_t l = 0; l < column->levels; l++)
		if (!strcmp(column->level[l], level))
			return true;
	return err_set(err, ERR_USAGE, "%.80s has no value '%.80s'",
		       column->name, level);
}

/* What was calculated from the target before it was one leaves the features,
 * as it would if it were written now. */
static void leave_out_answers(struct session *s)
{
	struct settings *settings = &s->settings;
	char names[200] = "";

	for (size_t c = settings_in_file(settings); c < settings->columns; c++)
		if (settings_uses(settings, c) &&
		    prepare_use(settings, s->table, c, false))
			text_append(names, sizeof(names), "%s%.60s",
				    *names ? ", " : "",
				    s->table->column[c].name);
	if (*names)
		session_say(s, "calculated from the target, and left out of "
			    "the features: %s", names);
}

static bool set_target(struct session *s, int argc, char **argv,
		       struct err *err)
{
	struct settings *settings = &s->settings;
	const char *positive = NULL;
	int column, before = settings->target;

	column = find_column(s, argv, 1, 0, err);
	if (column < 0)
		return false;
	if (argc > 2) {
		s->fault = 2;
		if (strncmp(argv[2], "positive=", 9))
			return err_set(err, ERR_USAGE, "target does not know "
				       "'%.60s'; it takes positive=LEVEL",
				       argv[2]);
		positive = argv[2] + 9;
		if (!level_exists(&s->table->column[column], positive, err))
			return false;
	}
	settings->target = column;
	free(settings->positive);
	settings->positive = mem_strdup(positive);
	if (settings->method)
		settings_fit_method(settings, s->table);
	if (column != before)
		leave_out_answers(s);
	return true;
}

/* "positive=yes" for each level of the column that was named. */
static const char *complete_positive(const struct session *s, const char *name,
				     size_t n)
{
	static char text[200];
	int c = s->table ? table_find(s->table, name) : -1;

	if (c < 0 || s->table->column[c].type != COLUMN_CATEGORY ||
	    n >= s->table->column[c].levels)
		return NULL;
	snprintf(text, sizeof(text), "positive=%s",
		 s->table->column[c].level[n]);
	return text;
}

static const char *complete_target(const struct session *s, int argc,
				   char **argv, size_t n)
{
	return argc == 2 ? complete_column(s, n)
			 : complete_positive(s, argv[1], n);
}

/* ---- toggle ---- */

static bool toggle(struct session *s, int argc, char **argv, struct err *err)
{
	int c = find_column(s, argv, 1, 0, err);

	(void)argc;
	if (c < 0)
		return false;
	if (c == s->settings.target)
		return err_set(err, ERR_USAGE, "%.80s is the target",
			       argv[1]);
	s->settings.feature[c] = !s->settings.feature[c];
	return true;
}

static const char *complete_toggle(const struct session *s, int argc,
				   char **argv, size_t n)
{
	(void)argv;
	return argc == 2 ? complete_column(s, n) : NULL;
}

/* ---- type ---- */

static bool no_type(const char *name, struct err *err)
{
	const char *near = synonym_type(name);

	return err_set(err, ERR_USAGE, "there is no type '%.40s'%s%s%s"
		       "number, category, text or time", name,
		       near ? "; did you mean '" : ": ", near ? near : "",
		       near ? "'? There are " : "");
}

static int type_number(const char *name)
{
	for (int t = 0; t < COLUMN_TYPES; t++)
		if (!strcmp(column_type_name[t], name))
			return t;
	return -1;
}

static bool set_type(struct session *s, int argc, char **argv,
		     struct err *err)
{
	int c = find_column(s, argv, 1, 0, err), type;
	enum column_type before;

	(void)argc;
	if (c < 0)
		return false;
	s->fault = 2;
	type = type_number(argv[2]);
	if (type < 0)
		return no_type(argv[2], err);
	before = s->settings.type[c];
	s->settings.type[c] = (enum column_type)type;
	s->settings.typed[c] = type != (int)session_found_type(s, (size_t)c);
	/* Free text is left out, and what is not is not. */
	if ((before == COLUMN_TEXT) != (type == COLUMN_TEXT))
		s->settings.feature[c] = type != COLUMN_TEXT;
	if (!session_prepare(s, err))
		return false;
	if (s->settings.method)
		settings_fit_method(&s->settings, s->table);
	return true;
}

static const char *complete_type(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)argv;
	if (argc == 2)
		return complete_column(s, n);
	return argc == 3 && n < COLUMN_TYPES ? column_type_name[n] : NULL;
}

const struct command commands_data[] = {
	{ .name = "open", .args = "FILE [OPTION=VALUE]...",
	  .help = "Read a file: CSV, or - for standard input",
	  .min = 1, .max = -1, .flags = COMMAND_UNDO,
	  .complete = complete_open, .run = open_file },
	{ .name = "read", .args = "",
	  .help = "Read the columns of a file of which only the rows are "
	  "known",
	  .flags = COMMAND_UNDO, .run = read_columns },
	{ .name = "target", .args = "COLUMN [positive=LEVEL]",
	  .help = "Choose the column to predict, and its positive class",
	  .min = 1, .max = 2, .flags = COMMAND_TABLE,
	  .complete = complete_target, .run = set_target },
	{ .name = "toggle", .args = "COLUMN",
	  .help = "Use a column as a feature, or leave it out",
	  .min = 1, .max = 1, .flags = COMMAND_TABLE,
	  .complete = complete_toggle, .run = toggle },
	{ .name = "type", .args = "COLUMN number|category|text|time",
	  .help = "Say what a column is, when it was not found rightly",
	  .min = 2, .max = 2, .flags = COMMAND_TABLE,
	  .complete = complete_type, .run = set_type },
	{ 0 }
};
