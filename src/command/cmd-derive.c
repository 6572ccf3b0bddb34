/*
 * cmd-derive.c - columns that are calculated from others
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/formula.h"
#include "data/expression.h"

enum { NAME_LONGEST = 100 };

/* ---- names ---- */

static bool good_name(struct session *s, const char *name, struct err *err)
{
	int column = table_find(s->table, name);

	s->fault_at = 0;
	if (!*name)
		return err_set(err, ERR_USAGE, "derive NAME = EXPRESSION: the "
			       "name is missing");
	if (strlen(name) > NAME_LONGEST)
		return err_set(err, ERR_USAGE, "the name is longer than %d "
			       "bytes", NAME_LONGEST);
	if (strpbrk(name, "\r\n"))
		return err_set(err, ERR_USAGE, "the name has a line break");
	return column < 0 ||
	       (size_t)column >= settings_in_file(&s->settings) ||
	       err_set(err, ERR_USAGE, "%.80s is a column of the file: choose "
		       "another name", name);
}

/* ---- what reads what ---- */

/* The column of derived i: it may read what stands before it. */
static size_t column_of(const struct session *s, size_t i)
{
	return settings_in_file(&s->settings) + i;
}

static bool check_expression(struct session *s, const struct formula *f,
			     size_t columns, struct err *err)
{
	struct table view = prepare_view(s->table, columns);
	struct expression *e = expression_parse(f->expression, &view,
						&s->fault_at, err);
	bool good = e;

	s->fault_at += f->at;
	expression_free(e);
	if (good || columns == s->table->columns)
		return good;
	/* One of those that stand behind it? */
	e = expression_parse(f->expression, s->table, NULL,
			     &(struct err){ 0 });
	if (e)
		err_set(err, ERR_USAGE, "%.80s reads columns that stand "
			"before it: not itself, nor a later one", f->name);
	expression_free(e);
	return false;
}

/* ---- derive ---- */

/* Says what has become of the column. */
static void choose_use(struct session *s, const char *name, size_t column,
		       bool is_new)
{
	bool tells = prepare_use(&s->settings, s->table, column, is_new);
	enum column_type type = s->settings.type[column];

	if (tells)
		session_say(s, "%.80s is calculated from the target: it is "
			    "left out of the features", name);
	else if (type == COLUMN_TEXT)
		session_say(s, "%.80s is free text: it is left out until you "
			    "name it", name);
	else
		session_say(s, "%.80s is there, a %s%s", name,
			    column_type_name[type],
			    s->settings.feature[column] ? " and a feature"
							: "");
}

static bool take_formula(struct session *s, const struct formula *f,
			 struct err *err)
{
	size_t i = settings_derived(&s->settings, f->name), column;
	bool is_new = i == s->settings.derived_n;

	if (!good_name(s, f->name, err) ||
	    !check_expression(s, f, column_of(s, i), err))
		return false;
	s->fault_at = f->at;
	column = settings_derive(&s->settings, f->name, f->expression);
	if (!session_prepare(s, err))
		return false;
	choose_use(s, f->name, column, is_new);
	return true;
}

static bool show_formula(struct session *s, const struct formula *f,
			 struct err *err)
{
	size_t i = settings_derived(&s->settings, f->name);

	s->fault_at = f->at;
	if (i == s->settings.derived_n)
		return err_set(err, ERR_USAGE, "derive %.80s = EXPRESSION: "
			       "what is it calculated from?", f->name);
	session_say(s, "%.80s = %.200s", f->name,
		    s->settings.derived[i].expression);
	return true;
}

/* How much of it is a formula: # outside of quotes begins a comment. */
static size_t uncommented(const char *text)
{
	size_t n = 0;
	char quote = 0;

	for (; text[n] && (quote || text[n] != '#'); n++)
		if (text[n] == quote)
			quote = 0;
		else if (!quote && strchr("`'\"", text[n]))
			quote = text[n];
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return n;
}

static bool derive(struct session *s, int argc, char **argv, struct err *err)
{
	char *text = mem_strndup(argv[1], uncommented(argv[1]));
	struct formula f = { 0 };
	bool ok;

	(void)argc;
	s->fault = 1;
	ok = formula_read(&f, text, err);
	if (!ok)
		s->fault_at = f.at;
	else
		ok = f.expression ? take_formula(s, &f, err)
				  : show_formula(s, &f, err);
	free(f.name);
	free(text);
	return ok;
}

static const char *complete_derived(const struct session *s, size_t n)
{
	return n < s->settings.derived_n ? s->settings.derived[n].name : NULL;
}

static const char *complete_derive(const struct session *s, int argc,
				   char **argv, size_t n)
{
	size_t columns = s->table ? s->table->columns : 0;
	const struct expression_function *f;
	static char *name;	/* owned */

	(void)argv;
	if (argc == 2)
		return complete_derived(s, n);
	if (n < columns) {
		free(name);
		name = expression_name(complete_column(s, n));
		return name;
	}
	f = expression_function_nth(n - columns);
	return f ? f->name : NULL;
}

/* ---- remove ---- */

/* Is the name one of those of a list with commas? */
static bool in_list(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (!strcmp(list, name))
		return true;
	for (; list; list = strchr(list, ',')) {
		list += *list == ',';
		if (!strncmp(list, name, len) &&
		    (!list[len] || list[len] == ','))
			return true;
	}
	return false;
}

static bool named_in(const struct option_values *v, const char *name)
{
	for (size_t i = 0; v->table && v->table[i].name; i++)
		if (v->table[i].type == OPTION_COLUMNS && v->text[i] &&
		    in_list(v->text[i], name))
			return true;
	return false;
}

static bool splits_by(const struct option_values *split, const char *name)
{
	const char *time = options_text(split, "time");
	const char *group = options_text(split, "group");

	return (time && !strcmp(time, name)) || (group && !strcmp(group, name));
}

/* Who needs the derived column, for a message; NULL: nobody. */
static const char *who_needs(const struct session *s, size_t i)
{
	const struct settings *st = &s->settings;
	const char *name = st->derived[i].name;
	static char text[RULE_NAME + 16];

	for (size_t k = i + 1; k < st->derived_n; k++) {
		struct table view = prepare_view(s->table, column_of(s, k));

		if (prepare_reads(&view, st->derived[k].expression,
				  column_of(s, i)))
			return st->derived[k].name;
	}
	for (size_t k = 0; k < st->rules; k++) {
		char rule[RULE_NAME];

		if (!named_in(&st->rule[k].options, name))
			continue;
		snprintf(text, sizeof(text), "the rule %s",
			 rule_use_name(&st->rule[k], rule));
		return text;
	}
	return splits_by(&st->split, name) ? "the split" : NULL;
}

static bool remove_column(struct session *s, int argc, char **argv,
			  struct err *err)
{
	size_t i = settings_derived(&s->settings, argv[1]);
	const char *who;

	(void)argc;
	s->fault = 1;
	if (i == s->settings.derived_n)
		return find_column(s, argv, 1, 0, err) >= 0 &&
		       err_set(err, ERR_USAGE, "%.80s is a column of the "
			       "file: features -%.80s leaves it out, hide "
			       "does not show it", argv[1], argv[1]);
	if (s->settings.target == (int)column_of(s, i))
		return err_set(err, ERR_USAGE, "%.80s is the target",
			       argv[1]);
	who = who_needs(s, i);
	if (who)
		return err_set(err, ERR_USAGE, "%.80s needs %.80s: remove "
			       "that first, or change it", who, argv[1]);
	settings_remove(&s->settings, i);
	session_say(s, "%.80s is removed", argv[1]);
	return true;
}

static const char *complete_remove(const struct session *s, int argc,
				   char **argv, size_t n)
{
	(void)argv;
	return argc == 2 ? complete_derived(s, n) : NULL;
}

const struct command commands_derive[] = {
	{ .name = "derive", .args = "NAME = EXPRESSION",
	  .help = "Calculate a new column from others",
	  .min = 1, .max = 1, .flags = COMMAND_TABLE | COMMAND_RAW,
	  .complete = complete_derive, .run = derive },
	{ .name = "remove", .args = "COLUMN",
	  .help = "Take a derived column away",
	  .min = 1, .max = 1, .flags = COMMAND_TABLE,
	  .complete = complete_remove, .run = remove_column },
	{ 0 }
};
