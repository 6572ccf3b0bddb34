/*
 * cmd-look.c - how the file is looked at: rows in sight, columns in sight
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/hunt.h"
#include "data/expression.h"

enum { WIDTH_MAX = 500 };

/* The n-th word of a list that ends with NULL. */
static const char *nth_word(const char *const *list, size_t n)
{
	while (n > 0 && *list) {
		list++;
		n--;
	}
	return *list;
}

/* ---- sort ---- */

static const char *const sort_words[] = {
	"up", "down", "add", "toggle", NULL
};

/* The key of the column, or look->sorts. */
static size_t sort_of(const struct look *look, size_t column)
{
	size_t i = 0;

	while (i < look->sorts && look->sort[i].column != column)
		i++;
	return i;
}

static void remove_sort(struct look *look, size_t i)
{
	look->sorts--;
	for (; i < look->sorts; i++)
		look->sort[i] = look->sort[i + 1];
}

static bool add_sort(struct look *look, struct look_sort sort, bool add,
		     bool toggle, struct err *err)
{
	size_t i = sort_of(look, sort.column);
	bool there = i < look->sorts && look->sort[i].down == sort.down;

	if (there && toggle && (add || look->sorts == 1)) {
		remove_sort(look, i);
		return true;
	}
	if (!add)
		i = look->sorts = 0;
	if (i == LOOK_SORTS)
		return err_set(err, ERR_USAGE, "rows are sorted by %d columns "
			       "at most", LOOK_SORTS);
	look->sort[i] = sort;
	if (i == look->sorts)
		look->sorts++;
	return true;
}

static bool sort(struct session *s, int argc, char **argv, struct err *err)
{
	bool given[4] = { false };
	int column;

	if (argc == 2 && !strcmp(argv[1], "off")) {
		s->settings.look.sorts = 0;
		return true;
	}
	column = find_column(s, argv, 1, 0, err);
	if (column < 0)
		return false;
	for (int i = 2; i < argc; i++) {
		size_t word = 0;

		while (sort_words[word] && strcmp(sort_words[word], argv[i]))
			word++;
		s->fault = i;
		if (!sort_words[word])
			return err_set(err, ERR_USAGE, "sort does not know "
				       "'%.60s'; it takes up, down, add, "
				       "toggle", argv[i]);
		given[word] = true;
	}
	s->fault = 1;
	return add_sort(&s->settings.look,
			(struct look_sort){ (size_t)column, given[1] },
			given[2], given[3], err);
}

static const char *complete_sort(const struct session *s, int argc,
				 char **argv, size_t n)
{
	size_t columns = s->table ? s->table->columns : 0;

	(void)argv;
	if (argc > 2)
		return nth_word(sort_words, n);
	return n < columns ? complete_column(s, n)
			   : n == columns ? "off" : NULL;
}

/* ---- filter ---- */

/* What follows "off": nothing, "all", or which of them. */
static bool filter_off(struct session *s, const char *which, struct err *err)
{
	struct look *look = &s->settings.look;
	char *end;
	unsigned long n = strtoul(which, &end, 10);

	if (look->filters == 0)
		return err_set(err, ERR_USAGE, "there is no filter");
	if (!strcmp(which, "all")) {
		while (look->filters > 0)
			look_remove_filter(look, look->filters - 1);
		return true;
	}
	n = *which ? n : look->filters;
	if (*end || n < 1 || n > look->filters)
		return err_set(err, ERR_USAGE, "there is no filter %.40s: "
			       "they are 1 to %zu", which, look->filters);
	look_remove_filter(look, n - 1);
	return true;
}

/* "off", "off 2", "off all"; what may be an expression is none of them. */
static const char *after_off(const char *text)
{
	if (strncmp(text, "off", 3) || (text[3] && text[3] != ' '))
		return NULL;
	text += 3;
	text += strspn(text, " ");
	return !*text || !strcmp(text, "all") ||
	       isdigit((unsigned char)*text) ? text : NULL;
}

static bool check_filter(struct session *s, const char *text, struct err *err)
{
	struct expression *e;
	bool is_text;

	s->fault = 1;
	e = expression_parse(text, s->table, &s->fault_at, err);
	if (!e)
		return false;
	is_text = expression_is_text(e);
	expression_free(e);
	return !is_text || err_set(err, ERR_USAGE, "a filter is a condition, "
				   "such as line = \"L\", and no text");
}

static bool filter(struct session *s, int argc, char **argv, struct err *err)
{
	struct look *look = &s->settings.look;
	const char *off = after_off(argv[1]);

	(void)argc;
	s->fault = 1;
	if (off)
		return filter_off(s, off, err);
	if (!check_filter(s, argv[1], err))
		return false;
	for (size_t i = 0; i < look->filters; i++)
		if (!strcmp(look->filter[i], argv[1]))
			return true;
	if (look->filters == LOOK_FILTERS)
		return err_set(err, ERR_USAGE, "there are %d filters: join "
			       "two with and", LOOK_FILTERS);
	look->filter[look->filters++] = mem_strdup(argv[1]);
	return true;
}

static const char *complete_filter(const struct session *s, int argc,
				   char **argv, size_t n)
{
	size_t columns = s->table ? s->table->columns : 0;
	const struct expression_function *f;
	static char *name;	/* owned */

	(void)argv;
	if (n < columns) {
		free(name);
		name = expression_name(complete_column(s, n));
		return name;
	}
	n -= columns;
	if (argc == 2 && n == 0)
		return "off";
	f = expression_function_nth(n - (argc == 2));
	return f ? f->name : NULL;
}

/* ---- find ---- */

static bool find(struct session *s, int argc, char **argv, struct err *err)
{
	s->fault = 1;
	if (argc > 1)
		return hunt_begin(s, argv[1], err);
	hunt_end(s);
	return true;
}

/* ---- columns ---- */

/* What is looked at has columns once it is open, with or without a table. */
static bool has_columns(struct session *s, const char *command,
			struct err *err)
{
	if (!s->data.source)
		return err_set(err, ERR_USAGE, "%s needs a file: open FILE "
			       "first", command);
	return session_source(s) == s->data.source ||
	       err_set(err, ERR_USAGE, "%s must wait: the file is still being "
		       "read", command);
}

static int column_of(struct session *s, char **argv, int i, struct err *err)
{
	const struct source *source = s->data.source;

	if (!has_columns(s, argv[0], err))
		return -1;
	if (s->table)
		return find_column(s, argv, i, 0, err);
	for (size_t c = 0; c < source_columns(source); c++)
		if (!strcmp(source_name(source, c), argv[i]))
			return (int)c;
	s->fault = i;
	err_set(err, ERR_USAGE, "there is no column '%.80s'", argv[i]);
	return -1;
}

static const char *complete_columns(const struct session *s, int argc,
				    char **argv, size_t n)
{
	(void)argc;
	(void)argv;
	return n < session_columns(s) ? session_name(s, n) : NULL;
}

static const char *complete_one(const struct session *s, int argc,
				char **argv, size_t n)
{
	return argc == 2 ? complete_columns(s, argc, argv, n) : NULL;
}

/* The columns that are named, or all, are hidden, or not hidden any more; the
 * edge of those that stay stays where it is. */
static bool set_hidden(struct session *s, int argc, char **argv, bool hide,
		       struct err *err)
{
	struct look *look = &s->settings.look;
	size_t edge = look_edge(look);

	for (int i = 1; i < argc; i++)
		if (column_of(s, argv, i, err) < 0)
			return false;
	for (int i = 1; i < argc; i++)
		look->hidden[column_of(s, argv, i, err)] = hide;
	for (size_t c = 0; argc == 1 && c < look->columns; c++)
		look->hidden[c] = hide;
	look_set_edge(look, edge);
	return true;
}

static bool hide(struct session *s, int argc, char **argv, struct err *err)
{
	struct look *look = &s->settings.look;
	struct look before;
	bool hidden;

	if (!has_columns(s, argv[0], err))
		return false;
	look_copy(&before, look);
	hidden = set_hidden(s, argc, argv, true, err);
	if (hidden && look_shown_before(look, look->columns) == 0)
		hidden = err_set(err, ERR_USAGE, "one column must be seen");
	if (!hidden) {
		look_clear(look);
		*look = before;
		return false;
	}
	look_clear(&before);
	return true;
}

static bool unhide(struct session *s, int argc, char **argv, struct err *err)
{
	return has_columns(s, argv[0], err) &&
	       set_hidden(s, argc, argv, false, err);
}

static bool freeze(struct session *s, int argc, char **argv, struct err *err)
{
	struct look *look = &s->settings.look;
	int column;
	size_t edge;

	if (argc == 2 && !strcmp(argv[1], "off")) {
		look->frozen = 0;
		return true;
	}
	column = column_of(s, argv, 1, err);
	if (column < 0)
		return false;
	s->fault = 2;
	if (argc > 2 && strcmp(argv[2], "toggle"))
		return err_set(err, ERR_USAGE, "freeze does not know '%.60s'; "
			       "it takes toggle", argv[2]);
	edge = (size_t)column + 1;
	if (argc > 2 && look->frozen == look_shown_before(look, edge))
		edge = 0;
	look_set_edge(look, edge);
	return true;
}

static const char *complete_freeze(const struct session *s, int argc,
				   char **argv, size_t n)
{
	size_t columns = session_columns(s);

	if (argc == 3)
		return n == 0 ? "toggle" : NULL;
	if (argc == 2 && n == columns)
		return "off";
	return complete_one(s, argc, argv, n);
}

static bool set_width(struct session *s, int argc, char **argv,
		      struct err *err)
{
	int column = column_of(s, argv, 1, err);
	char *end;
	unsigned long width = strtoul(argv[2], &end, 10);

	(void)argc;
	if (column < 0)
		return false;
	s->fault = 2;
	if (!strcmp(argv[2], "auto"))
		width = 0;
	else if (*end || width < 1 || width > WIDTH_MAX)
		return err_set(err, ERR_USAGE, "a width is 1 to %d, or auto; "
			       "not '%.40s'", WIDTH_MAX, argv[2]);
	s->settings.look.width[column] = (int)width;
	return true;
}

static const char *complete_width(const struct session *s, int argc,
				  char **argv, size_t n)
{
	if (argc == 3)
		return n == 0 ? "auto" : NULL;
	return complete_one(s, argc, argv, n);
}

const struct command commands_look[] = {
	{ .name = "sort", .args = "COLUMN [up|down] [add] [toggle] | off",
	  .help = "Show the rows in the order of a column",
	  .min = 1, .max = 4, .flags = COMMAND_TABLE | COMMAND_LOOK,
	  .complete = complete_sort, .run = sort },
	{ .name = "filter", .args = "EXPRESSION | off [N|all]",
	  .help = "Show the rows for which a condition holds",
	  .min = 1, .max = 1,
	  .flags = COMMAND_TABLE | COMMAND_LOOK | COMMAND_RAW,
	  .complete = complete_filter, .run = filter },
	{ .name = "find", .args = "[PATTERN]",
	  .help = "Look for a pattern in all cells; without one for nothing",
	  .max = 1, .flags = COMMAND_LOOK | COMMAND_RAW, .run = find },
	{ .name = "hide", .args = "COLUMN...",
	  .help = "Do not show these columns",
	  .min = 1, .max = -1, .flags = COMMAND_LOOK,
	  .complete = complete_columns, .run = hide },
	{ .name = "unhide", .args = "[COLUMN...]",
	  .help = "Show these columns again, or all",
	  .max = -1, .flags = COMMAND_LOOK,
	  .complete = complete_columns, .run = unhide },
	{ .name = "freeze", .args = "COLUMN [toggle] | off",
	  .help = "Let the columns up to this one stay at the left",
	  .min = 1, .max = 2, .flags = COMMAND_LOOK,
	  .complete = complete_freeze, .run = freeze },
	{ .name = "width", .args = "COLUMN N|auto",
	  .help = "Make a column so many characters wide",
	  .min = 2, .max = 2, .flags = COMMAND_LOOK,
	  .complete = complete_width, .run = set_width },
	{ 0 }
};
