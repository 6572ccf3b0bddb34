/*
 * cmd-clean.c - the cleaning rules
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"

static size_t use_of(const struct settings *s, const struct rule *rule)
{
	size_t i = 0;

	while (s->rule[i].rule != rule)
		i++;
	return i;
}

static bool no_rule(const char *name, struct err *err)
{
	char names[200] = "";

	for (size_t i = 0; rules[i]; i++)
		text_append(names, sizeof(names), "%s%s", i ? ", " : "",
			    rules[i]->name);
	return err_set(err, ERR_USAGE, "there is no rule '%.40s': %s", name,
		       names);
}

/*
 * Rules work in the order in which they are written: one that is written for
 * the first time takes its place behind those that were, or that are on.
 */
static size_t write_rule(struct settings *s, size_t at)
{
	struct rule_use use = s->rule[at];
	size_t to = at;

	if (use.written)
		return at;
	while (to > 0 && !s->rule[to - 1].written && !s->rule[to - 1].on)
		to--;
	memmove(&s->rule[to + 1], &s->rule[to],
		(at - to) * sizeof(s->rule[0]));
	use.written = true;
	s->rule[to] = use;
	return to;
}

/* on, off, toggle, or options; true when the word was one of the first. */
static bool take_switch(struct rule_use *use, const char *word)
{
	if (!strcmp(word, "on"))
		use->on = true;
	else if (!strcmp(word, "off"))
		use->on = false;
	else if (!strcmp(word, "toggle"))
		use->on = !use->on;
	else
		return false;
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

static bool clean(struct session *s, int argc, char **argv, struct err *err)
{
	struct settings *settings = &s->settings;
	const struct rule *rule = rule_find(argv[1]);
	struct option_values options;
	struct rule_use use;
	size_t at;

	s->fault = 1;
	if (!rule)
		return no_rule(argv[1], err);
	at = use_of(settings, rule);
	use = settings->rule[at];
	if (argc == 3 && take_switch(&use, argv[2])) {
		settings->rule[at].on = use.on;	/* where it stands */
		if (!strcmp(argv[2], "on"))
			write_rule(settings, at);
		return true;
	}
	options_init(&options, rule->options);
	use.options = options;
	if (!take_options(s, &use.options, argv[1], 2, argv, err) ||
	    !columns_exist(s, &use, argv, err)) {
		options_clear(&use.options);
		return false;
	}
	at = write_rule(settings, at);
	options_clear(&settings->rule[at].options);
	settings->rule[at].options = use.options;
	settings->rule[at].on = true;
	return true;
}

static const char *complete_clean(const struct session *s, int argc,
				  char **argv, size_t n)
{
	static const char *const switches[] = { "on", "off" };
	const struct rule *rule;

	(void)s;
	if (argc == 2) {
		for (size_t i = 0; i < n; i++)
			if (!rules[i])
				return NULL;
		return rules[n] ? rules[n]->name : NULL;
	}
	rule = rule_find(argv[1]);
	if (!rule)
		return NULL;
	if (argc == 3 && n < ARRAY_LEN(switches))
		return switches[n];
	return complete_option(rule->options, argv[argc - 1],
			       argc == 3 ? n - ARRAY_LEN(switches) : n);
}

const struct command commands_clean[] = {
	{ .name = "clean", .args = "RULE [on|off|toggle | OPTION=VALUE...]",
	  .help = "Use a cleaning rule, or turn it off",
	  .min = 1, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_clean, .run = clean },
	{ 0 }
};
