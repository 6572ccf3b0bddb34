/*
 * cmd-clean.c - the cleaning rules
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"

/* "impute.99" is far enough for anybody. */
enum { NUMBER_MAX = 99 };

/* ---- which rule ---- */

static bool no_rule(const char *name, struct err *err)
{
	char names[200] = "";

	for (size_t i = 0; rules[i]; i++)
		text_append(names, sizeof(names), "%s%s", i ? ", " : "",
			    rules[i]->name);
	return err_set(err, ERR_USAGE, "there is no rule '%.40s': %s", name,
		       names);
}

/* "impute" or "impute.2": NULL when there is no such rule. */
static const struct rule *read_name(const char *name, unsigned *number)
{
	const char *dot = strchr(name, '.');
	const struct rule *rule;
	char *end, *alone;
	unsigned long n;

	*number = 1;
	if (!dot)
		return rule_find(name);
	n = strtoul(dot + 1, &end, 10);
	if (dot[1] < '1' || dot[1] > '9' || *end || n > NUMBER_MAX)
		return NULL;
	*number = (unsigned)n;
	alone = mem_strndup(name, (size_t)(dot - name));
	rule = rule_find(alone);
	free(alone);
	return rule;
}

/* Where it is in use, or s->rules. */
static size_t use_of(const struct settings *s, const struct rule *rule,
		     unsigned number)
{
	size_t i = 0;

	while (i < s->rules &&
	       (s->rule[i].rule != rule || s->rule[i].number != number))
		i++;
	return i;
}

/* ---- the order ---- */

static enum rule_kind kind_of(const struct rule_use *use)
{
	return rule_kind(use->rule, &use->options);
}

static void move_use(struct settings *s, size_t from, size_t to)
{
	struct rule_use use = s->rule[from];

	if (from < to)
		memmove(&s->rule[from], &s->rule[from + 1],
			(to - from) * sizeof(use));
	else
		memmove(&s->rule[to + 1], &s->rule[to],
			(from - to) * sizeof(use));
	s->rule[to] = use;
}

/*
 * Rules stand by kind, and within a kind they work in the order in which they
 * were written: one that is written for the first time takes its place behind
 * those that were, or that are on.  One whose options have made it another
 * kind goes over to that.
 */
static size_t place(struct settings *s, size_t at, bool first_time)
{
	enum rule_kind kind = kind_of(&s->rule[at]);
	size_t to = at;

	while (to > 0 && kind_of(&s->rule[to - 1]) > kind)
		to--;
	while (to + 1 < s->rules && kind_of(&s->rule[to + 1]) < kind)
		to++;
	move_use(s, at, to);
	while (first_time && to > 0 && kind_of(&s->rule[to - 1]) == kind &&
	       !s->rule[to - 1].written && !s->rule[to - 1].on) {
		move_use(s, to, to - 1);
		to--;
	}
	s->rule[to].written |= first_time;
	return to;
}

static bool move_by(struct settings *s, size_t at, bool up, struct err *err)
{
	static const char *const works_on[] = { "cells", "rows", "columns" };
	size_t to = up ? at - 1 : at + 1;
	char name[RULE_NAME], other[RULE_NAME];

	rule_use_name(&s->rule[at], name);
	if (up ? at == 0 : to == s->rules)
		return err_set(err, ERR_USAGE, "%s is the %s rule already",
			       name, up ? "first" : "last");
	rule_use_name(&s->rule[to], other);
	if (kind_of(&s->rule[at]) != kind_of(&s->rule[to]))
		return err_set(err, ERR_USAGE, "%s works on %s and %s on %s: "
			       "rules of cells come first, then those of rows, "
			       "then the split and those of columns", name,
			       works_on[kind_of(&s->rule[at])], other,
			       works_on[kind_of(&s->rule[to])]);
	move_use(s, at, to);
	s->rule[at].written = s->rule[to].written = true;
	return true;
}

/* The last use of a rule that is offered stays, as it was at first. */
static void delete_use(struct settings *s, size_t at)
{
	const struct rule *rule = s->rule[at].rule;
	size_t uses = 0;

	for (size_t i = 0; i < s->rules; i++)
		uses += s->rule[i].rule == rule;
	options_clear(&s->rule[at].options);
	if (rule->offered && uses == 1) {
		s->rule[at] = settings_offer(rule, 1);
		place(s, at, false);
		return;
	}
	s->rules--;
	memmove(&s->rule[at], &s->rule[at + 1],
		(s->rules - at) * sizeof(s->rule[0]));
}

/* ---- the command ---- */

static const char *const words[] = {
	"on", "off", "toggle", "delete", "up", "down"
};

/* A word that is no option: what to do with a rule that is there. */
static bool is_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

static bool obey(struct settings *s, size_t at, const char *word,
		 struct err *err)
{
	if (!strcmp(word, "up") || !strcmp(word, "down"))
		return move_by(s, at, !strcmp(word, "up"), err);
	if (!strcmp(word, "delete"))
		delete_use(s, at);
	else if (!strcmp(word, "off"))
		s->rule[at].on = false;
	else if (!strcmp(word, "toggle"))
		s->rule[at].on = !s->rule[at].on;	/* where it stands */
	if (!strcmp(word, "on")) {
		s->rule[at].on = true;
		if (!s->rule[at].written)
			place(s, at, true);
	}
	return true;
}

/* Names in columns= are checked here, where the fault can be pointed at. */
static bool columns_exist(struct session *s, const struct rule_use *use,
			  char **argv, struct err *err)
{
	struct columns columns;
	bool ok = rule_columns(s->table, use->rule, &use->options, &columns,
			       err);

	for (int i = 2; !ok && argv[i]; i++)
		if (!strncmp(argv[i], "columns=", 8))
			s->fault = i;
	free(columns.column);
	return ok;
}

/* The options stand from word number from on. */
static bool read_options(struct session *s, struct rule_use *use, int from,
			 char **argv, struct err *err)
{
	if (!take_options(s, &use->options, argv[1], from, argv, err))
		return false;
	s->fault = argv[from] ? from : 1;
	return (!use->rule->check || use->rule->check(&use->options, err)) &&
	       columns_exist(s, use, argv, err);
}

/* Use the rule with these options; after the word off only set them. */
static bool write_rule(struct session *s, struct rule_use use, char **argv,
		       struct err *err)
{
	struct settings *settings = &s->settings;
	size_t at = use_of(settings, use.rule, use.number);
	bool off = argv[2] && !strcmp(argv[2], "off");
	bool on = argv[2] && !strcmp(argv[2], "on");

	if (at == RULES_MAX) {
		options_clear(&use.options);
		return err_set(err, ERR_USAGE, "there are %d rules already: "
			       "delete one", RULES_MAX);
	}
	if (!read_options(s, &use, on || off ? 3 : 2, argv, err)) {
		options_clear(&use.options);
		return false;
	}
	if (at == settings->rules) {
		settings->rules++;
	} else {
		use.written = settings->rule[at].written;
		options_clear(&settings->rule[at].options);
	}
	use.on = !off;
	settings->rule[at] = use;
	place(settings, at, use.on && !use.written);
	return true;
}

/* Who deletes with a key sees what has become of it. */
static void say_deleted(struct session *s, const struct rule *rule,
			unsigned number)
{
	struct rule_use use = { .rule = rule, .number = number };
	char name[RULE_NAME];

	rule_use_name(&use, name);
	if (use_of(&s->settings, rule, number) < s->settings.rules)
		session_say(s, "%s is always offered: it is off, and as it "
			    "was at first", name);
	else
		session_say(s, "%s is deleted; undo brings it back", name);
}

static bool clean(struct session *s, int argc, char **argv, struct err *err)
{
	struct settings *settings = &s->settings;
	unsigned number;
	const struct rule *rule = read_name(argv[1], &number);
	size_t at;

	s->fault = 1;
	if (!rule)
		return no_rule(argv[1], err);
	if (argc != 3 || !is_word(argv[2]))
		return write_rule(s, settings_offer(rule, number), argv, err);
	at = use_of(settings, rule, number);
	if (at < settings->rules) {
		if (!obey(settings, at, argv[2], err))
			return false;
		if (s->screen && !strcmp(argv[2], "delete"))
			say_deleted(s, rule, number);
		return true;
	}
	if (!strcmp(argv[2], "on") || !strcmp(argv[2], "toggle")) {
		char *alone[] = { argv[0], argv[1], NULL };

		return write_rule(s, settings_offer(rule, number), alone, err);
	}
	return err_set(err, ERR_USAGE, "%.60s is not in use", argv[1]);
}

/* ---- completion ---- */

/* The rules, and behind them the uses that have a number. */
static const char *complete_name(const struct session *s, size_t n)
{
	static char name[RULE_NAME];

	for (size_t i = 0; rules[i]; i++)
		if (n-- == 0)
			return rules[i]->name;
	for (size_t i = 0; i < s->settings.rules; i++)
		if (s->settings.rule[i].number > 1 && n-- == 0)
			return rule_use_name(&s->settings.rule[i], name);
	return NULL;
}

/* The n-th column of the types that an option is for. */
static const char *nth_taken(const struct session *s, unsigned takes, size_t n)
{
	for (size_t c = 0; s->table && c < s->table->columns; c++)
		if (takes & 1u << s->table->column[c].type && n-- == 0)
			return s->table->column[c].name;
	return NULL;
}

/* The option of names of columns that is being typed, or NULL. */
static const struct option *names_columns(const struct rule *rule,
					  const char *typed)
{
	const struct option *o = rule->options;

	for (; o && o->name; o++)
		if (o->type == OPTION_COLUMNS &&
		    !strncmp(typed, o->name, strlen(o->name)) &&
		    typed[strlen(o->name)] == '=')
			return o;
	return NULL;
}

/* "columns=a,b": the n-th column for the last of the names. */
static const char *complete_names(const struct session *s,
				  const struct rule *rule,
				  const struct option *option,
				  const char *typed, size_t n)
{
	static char text[512];
	bool rules_own = !strcmp(option->name, "columns");
	const char *column = nth_taken(s, rules_own ? rule->takes : TAKES_ALL,
				       n);
	const char *last = typed + strlen(option->name);

	for (const char *p = last; p; p = strchr(p + 1, ','))
		last = p;
	if (!column)
		return NULL;
	snprintf(text, sizeof(text), "%.*s%s", (int)(last + 1 - typed), typed,
		 column);
	return text;
}

static const char *complete_clean(const struct session *s, int argc,
				  char **argv, size_t n)
{
	const char *typed = argv[argc - 1];
	const struct option *option;
	const struct rule *rule;
	unsigned number;

	if (argc == 2)
		return complete_name(s, n);
	rule = read_name(argv[1], &number);
	if (!rule)
		return NULL;
	option = names_columns(rule, typed);
	if (option)
		return complete_names(s, rule, option, typed, n);
	if (argc == 3 && n < ARRAY_LEN(words))
		return words[n];
	return complete_option(rule->options, typed,
			       argc == 3 ? n - ARRAY_LEN(words) : n);
}

const struct command commands_clean[] = {
	{ .name = "clean",
	  .args = "RULE [on|off|toggle|delete|up|down] [OPTION=VALUE...]",
	  .help = "Use a cleaning rule, or turn it off",
	  .min = 1, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_clean, .run = clean },
	{ 0 }
};
