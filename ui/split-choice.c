#include "split-choice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"
#include "eval/split.h"
#include "workbench.h"

/* Of a file with a great many columns no more are offered. */
enum { OFFERED = 64 };

const struct split_kind_about split_kind_about[SPLIT_KINDS] = {
	[SPLIT_CHANCE] = { "chance", "by chance",
		"more rows such as these, in any order" },
	[SPLIT_STRATIFIED] = { "stratified", "stratified",
		"the same, where one class is rare" },
	[SPLIT_TIME] = { "time", "by time", "what comes next" },
	[SPLIT_GROUP] = { "group", "by group",
		"a machine, lot or field not yet seen" },
	[SPLIT_TIME_GROUP] = { "time-group", "by time and group",
		"the next lots, never seen" },
	[SPLIT_FILE] = { "file", "in the order of the file",
		"what comes next, where the file is in order" },
};

static const char *const items[SPLIT_ITEMS] = {
	"kind", "time", "group", "test", "gap", "folds", "seed", "shuffle"
};

const char *split_item(size_t item)
{
	return items[item];
}

static bool is(const struct option_values *v, const char *name,
	       const char *value)
{
	const char *text = options_text(v, name);

	return text && !strcmp(text, value);
}

enum split_kind split_kind_of(const struct option_values *v)
{
	bool time = options_text(v, "time"), group = options_text(v, "group");

	return time && group ? SPLIT_TIME_GROUP : time ? SPLIT_TIME :
	       group ? SPLIT_GROUP :
	       is(v, "stratify", "yes") ? SPLIT_STRATIFIED :
	       is(v, "shuffle", "no") ? SPLIT_FILE : SPLIT_CHANCE;
}

const char *split_item_value(const struct session *s, size_t item)
{
	const struct option_values *v = &s->settings.split;
	const char *text;

	if (item == 0)
		return split_kind_about[split_kind_of(v)].name;
	text = options_text(v, items[item]);
	return text ? text : "";
}

bool split_item_counts(const struct session *s, size_t item)
{
	const struct option_values *v = &s->settings.split;
	enum split_kind kind = split_kind_of(v);
	bool time = kind == SPLIT_TIME || kind == SPLIT_TIME_GROUP;
	bool folds = options_text(v, "folds"), chance = true;

	if (!strcmp(items[item], "gap"))
		return time;
	if (!strcmp(items[item], "test"))
		return !folds;
	/* Groups are dealt out to folds without chance, if not by class. */
	if (!strcmp(items[item], "seed") || !strcmp(items[item], "shuffle"))
		chance = !time && !(kind == SPLIT_GROUP && folds &&
				    is(v, "stratify", "no"));
	if (!strcmp(items[item], "seed"))
		return chance && !is(v, "shuffle", "no");
	return chance;
}

const struct column *split_column(const struct session *s, const char *option)
{
	const char *name = options_text(&s->settings.split, option);
	int c = name && s->table ? table_find(s->table, name) : -1;

	return c < 0 ? NULL : &s->table->column[c];
}

/* ---- columns to choose from ---- */

/* How well a column serves as a time: 0 not at all. */
static int time_rank(const struct session *s, size_t c)
{
	const struct column *column = &s->table->column[c];

	if (column->type == COLUMN_TIME)
		return 2;
	return column->type == COLUMN_NUMBER && s->data.facts &&
	       c < s->data.found->columns &&
	       s->data.facts[c].trend == TREND_RISES;
}

/* Names that repeat; else whole numbers that do. */
static int group_rank(const struct session *s, size_t c)
{
	const struct column *column = &s->table->column[c];
	const struct summary *of = s->data.summary &&
		c < s->data.found->columns ? &s->data.summary[c] : NULL;

	if ((int)c == s->settings.target || column->type == COLUMN_TIME)
		return 0;
	if (column->code)
		return column->levels > 1 && (!of || column->levels * 2 <=
					      of->values) ? 2 : 0;
	return of && of->whole && of->distinct > 2 &&
	       of->distinct * 2 <= of->values;
}

size_t split_columns_for(const struct session *s, bool time, size_t *column,
			 size_t most)
{
	size_t n = 0;

	for (int rank = 2; s->table && rank > 0; rank--)
		for (size_t c = 0; c < s->table->columns && n < most; c++)
			if ((time ? time_rank(s, c) : group_rank(s, c)) == rank)
				column[n++] = c;
	return n;
}

/* ---- one choice changed ---- */

/* The values that the options are to have; NULL: as by default. */
struct choice {
	const char *value[OPTIONS_MAX];
};

static size_t option_named(const char *name)
{
	size_t i = 0;

	while (split_options[i].name && strcmp(split_options[i].name, name))
		i++;
	return i;
}

static void choose(struct choice *c, const char *option, const char *value)
{
	c->value[option_named(option)] = value;
}

static struct choice choice_now(const struct session *s)
{
	const struct option_values *v = &s->settings.split;
	struct choice c = { { NULL } };

	for (size_t i = 0; split_options[i].name; i++)
		if (options_given(v, i))
			c.value[i] = v->text[i];
	return c;
}

static bool carry_out(struct session *s, const struct choice *c,
		      struct err *err)
{
	char *line = mem_strdup("split");
	bool ok;

	for (size_t i = 0; split_options[i].name; i++) {
		char *value, *longer;

		if (!c->value[i] || !*c->value[i])
			continue;
		value = text_quote(c->value[i]);
		longer = mem_printf("%s %s=%s", line, split_options[i].name,
				    value);
		free(value);
		free(line);
		line = longer;
	}
	ok = session_do(s, line, err);
	free(line);
	s->fault = ok ? 0 : 1;
	return ok;
}

/* The column that is chosen, or the likeliest. */
static const char *some_column(const struct session *s, const char *option)
{
	const char *now = options_text(&s->settings.split, option);
	size_t column;

	if (now)
		return now;
	return split_columns_for(s, !strcmp(option, "time"), &column, 1)
		? s->table->column[column].name : NULL;
}

static bool set_kind(struct session *s, enum split_kind kind,
		     struct err *err)
{
	bool time = kind == SPLIT_TIME || kind == SPLIT_TIME_GROUP;
	bool group = kind == SPLIT_GROUP || kind == SPLIT_TIME_GROUP;
	struct choice c = choice_now(s);

	choose(&c, "stratify", kind == SPLIT_STRATIFIED ? "yes" : NULL);
	choose(&c, "shuffle", kind == SPLIT_FILE ? "no" : NULL);
	choose(&c, "time", time ? some_column(s, "time") : NULL);
	choose(&c, "group", group ? some_column(s, "group") : NULL);
	if (!time)
		choose(&c, "gap", NULL);
	if (time && !c.value[option_named("time")])
		return err_set(err, ERR_USAGE, "no column is a time, or rises "
			       "all the way: type COLUMN time makes it one");
	if (group && !c.value[option_named("group")])
		return err_set(err, ERR_USAGE, "no column has names that "
			       "repeat, which a group could be");
	return carry_out(s, &c, err);
}

static bool kind_named(const char *word, enum split_kind *kind)
{
	int k = 0;

	while (k < SPLIT_KINDS && strcmp(split_kind_about[k].word, word))
		k++;
	*kind = (enum split_kind)k;
	return k < SPLIT_KINDS;
}

/* "folds=5"; an empty value takes the option away. */
static bool set_word(struct session *s, const char *word, struct err *err)
{
	const char *value = strchr(word, '=');
	size_t len = value ? (size_t)(value - word) : strlen(word);
	struct choice c = choice_now(s);
	enum split_kind kind;

	s->fault = 1;
	if (len == 4 && value && !strncmp(word, "kind", len)) {
		if (kind_named(value + 1, &kind))
			return set_kind(s, kind, err);
		return err_set(err, ERR_USAGE, "kind= is chance, stratified, "
			       "time, group, time-group or file");
	}
	for (size_t i = 0; value && split_options[i].name; i++)
		if (strlen(split_options[i].name) == len &&
		    !strncmp(split_options[i].name, word, len)) {
			c.value[i] = value + 1;
			return carry_out(s, &c, err);
		}
	return err_set(err, ERR_USAGE, "resplit OPTION=VALUE, with an option "
		       "of split, or kind=; not '%.60s'", word);
}

/* ---- steps ---- */

/* The place in a list before or after that of what is set, round about; a value
 * that is not in it stands before its first. */
static size_t beside(size_t at, size_t n, bool forth)
{
	if (at >= n)
		return forth ? 0 : n - 1;
	return (at + (forth ? 1 : n - 1)) % n;
}

static bool step_kind(struct session *s, bool forth, struct err *err)
{
	size_t k = split_kind_of(&s->settings.split), column;
	bool time = split_columns_for(s, true, &column, 1);
	bool group = split_columns_for(s, false, &column, 1);
	bool can;

	do {
		k = beside(k, SPLIT_KINDS, forth);
		can = (k != SPLIT_TIME && k != SPLIT_TIME_GROUP) || time;
		can &= (k != SPLIT_GROUP && k != SPLIT_TIME_GROUP) || group;
	} while (!can);
	return set_kind(s, (enum split_kind)k, err);
}

static bool set_option(struct session *s, const char *option,
		       const char *value, struct err *err)
{
	struct choice c = choice_now(s);

	choose(&c, option, value);
	/* A gap is between before and after. */
	if (!strcmp(option, "time") && !value)
		choose(&c, "gap", NULL);
	if (!strcmp(option, "time") && value)
		choose(&c, "stratify", NULL);
	return carry_out(s, &c, err);
}

/* Through the columns that suit, and none. */
static bool step_column(struct session *s, const char *option, bool forth,
			struct err *err)
{
	const char *now = options_text(&s->settings.split, option);
	size_t column[OFFERED], n, at;

	n = split_columns_for(s, !strcmp(option, "time"), column, OFFERED);
	if (!n && !now)
		return err_set(err, ERR_USAGE, "no column suits as %s=: e "
			       "types one", option);
	for (at = 0; now && at < n; at++)
		if (!strcmp(s->table->column[column[at]].name, now))
			break;
	at = beside(now ? at + 1 : 0, n + 1, forth);
	return set_option(s, option, at ? s->table->column[column[at - 1]].name
					: NULL, err);
}

static bool step_seed(struct session *s, bool forth, struct err *err)
{
	double seed = options_number(&s->settings.split, "seed");
	char text[32];

	seed += forth ? 1 : -1;
	if (seed < 0 || seed > UINT32_MAX)
		return true;
	snprintf(text, sizeof(text), "%.0f", seed);
	return set_option(s, "seed", text, err);
}

/* "" is none, or the default. */
static const struct {
	const char *option;
	const char *value[10];
} lists[] = {
	{ "test", { "0.1", "0.15", "0.2", "0.25", "0.3", "0.4", "0.5" } },
	{ "folds", { "", "2", "3", "4", "5", "10", "20" } },
	{ "shuffle", { "yes", "no" } },
};

static const char *const gaps_of_time[] = { "0", "10min", "1h", "2h", "8h",
					    "1d", "1w" };
static const char *const gaps_of_rows[] = { "0", "1", "10", "100", "1000" };

static bool step_list(struct session *s, const char *option,
		      const char *const *list, size_t n, bool forth,
		      struct err *err)
{
	const char *now = options_text(&s->settings.split, option);
	size_t at = 0;

	while (at < n && strcmp(list[at], now ? now : ""))
		at++;
	return set_option(s, option, list[beside(at, n, forth)], err);
}

static bool step_gap(struct session *s, bool forth, struct err *err)
{
	const struct column *time = split_column(s, "time");

	if (!time)
		return err_set(err, ERR_USAGE, "a gap is between before and "
			       "after: choose a split by time first");
	if (time->type == COLUMN_TIME)
		return step_list(s, "gap", gaps_of_time,
				 ARRAY_LEN(gaps_of_time), forth, err);
	return step_list(s, "gap", gaps_of_rows, ARRAY_LEN(gaps_of_rows),
			 forth, err);
}

static bool step(struct session *s, bool forth, struct err *err)
{
	const struct ui *ui = s->screen;
	size_t at = ui->view.at[SHEET_SPLIT];
	const char *option = items[at < SPLIT_ITEMS ? at : 0];

	if (at == 0)
		return step_kind(s, forth, err);
	if (!strcmp(option, "time") || !strcmp(option, "group"))
		return step_column(s, option, forth, err);
	if (!strcmp(option, "gap"))
		return step_gap(s, forth, err);
	if (!strcmp(option, "seed"))
		return step_seed(s, forth, err);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		size_t n = 0;

		while (n < ARRAY_LEN(lists[i].value) && lists[i].value[n])
			n++;
		if (!strcmp(lists[i].option, option))
			return step_list(s, option, lists[i].value, n, forth,
					 err);
	}
	return true;
}

/* ---- the command ---- */

static bool resplit(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;

	if (argc == 1) {
		panel_open(&ui->view, SHEET_SPLIT);
		ui_focus(ui, PANEL_TRAINING);
		return true;
	}
	s->fault = 1;
	if (!strcmp(argv[1], "next") || !strcmp(argv[1], "previous"))
		return step(s, !strcmp(argv[1], "next"), err);
	return set_word(s, argv[1], err);
}

static const char *complete_resplit(const struct session *s, int argc,
				    char **argv, size_t n)
{
	static const char *const words[] = { "next", "previous", "kind=" };
	static char kind[40];

	(void)s;
	if (argc != 2)
		return NULL;
	if (!strncmp(argv[1], "kind=", 5)) {
		if (n >= SPLIT_KINDS)
			return NULL;
		snprintf(kind, sizeof(kind), "kind=%s",
			 split_kind_about[n].word);
		return kind;
	}
	if (n < ARRAY_LEN(words))
		return words[n];
	return complete_option(split_options, argv[1], n - ARRAY_LEN(words));
}

const struct command commands_split[] = {
	{ .name = "resplit", .args = "[OPTION=VALUE|next|previous]",
	  .help = "See what the split means, and change a part of it",
	  .max = 1, .flags = COMMAND_SCREEN | COMMAND_TABLE,
	  .complete = complete_resplit, .run = resplit },
	{ 0 }
};
