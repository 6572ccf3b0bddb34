/*
 * cmd-rule.c - the command for the sheets of rules
 *
 * What it changes it changes by "clean", so that a recipe can say the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/commands.h"
#include "option-lines.h"
#include "rule-text.h"
#include "sheet-rule.h"
#include "workbench.h"

static const struct rule_use *use_of(const struct session *s)
{
	const struct ui *ui = s->screen;
	size_t at = ui->view.at[PANEL_CLEANING];

	return at < s->settings.rules ? &s->settings.rule[at] : NULL;
}

/* The option under the cursor; NULL: the line that says whether it is used. */
static const struct option *option_of(const struct session *s, size_t *i)
{
	const struct ui *ui = s->screen;
	size_t at = ui->view.at[SHEET_RULE];

	*i = at - 1;
	return at > 0 ? &use_of(s)->options.table[at - 1] : NULL;
}

static bool do_line(struct session *s, char *line, struct err *err)
{
	bool ok = session_do(s, line, err);

	free(line);
	return ok;
}

/* A rule that is off stays off: one looks at what it would do. */
static char *clean_line(const struct rule_use *use, const char *options)
{
	char name[RULE_NAME];

	return mem_printf("clean %s%s%s%s", rule_use_name(use, name),
			  use->on ? "" : " off", *options ? " " : "",
			  options);
}

/* Set all options at once: a command gives each its default that it does not
 * name.  Off alone would leave them as they are. */
static bool set_all(struct session *s, const struct option_values *values,
		    struct err *err)
{
	struct rule_use use = *use_of(s);
	char *options = options_format(values, false);
	bool off = !use.on && !*options, ok;

	use.on |= off;
	ok = do_line(s, clean_line(&use, options), err);
	use.on = false;
	if (ok && off)
		ok = do_line(s, clean_line(&use, ""), err);
	free(options);
	return ok;
}

static bool set_option(struct session *s, const char *word, struct err *err)
{
	const struct rule_use *use = use_of(s);
	struct option_values values;
	bool ok;

	options_copy(&values, &use->options);
	ok = options_set(&values, use->rule->name, word, err) &&
	     set_all(s, &values, err);
	options_clear(&values);
	return ok;
}

static bool toggle(struct session *s, struct err *err)
{
	char name[RULE_NAME];

	return do_line(s, mem_printf("clean %s toggle",
				     rule_use_name(use_of(s), name)), err);
}

static bool step(struct session *s, bool forth, struct err *err)
{
	size_t i;
	char *word;
	bool ok;

	if (!option_of(s, &i))
		return toggle(s, err);
	word = option_other(&use_of(s)->options, i,
			    forth ? OPTION_NEXT : OPTION_PREVIOUS, err);
	ok = word && set_option(s, word, err);
	free(word);
	return ok;
}

static bool edit(struct session *s, struct err *err)
{
	size_t i;
	char *words, *line;

	if (!option_of(s, &i))
		return toggle(s, err);
	words = options_typing(&use_of(s)->options, i);
	line = clean_line(use_of(s), words);
	ui_prompt(s->screen, line);
	free(line);
	free(words);
	return true;
}

/* Back to what it is when nobody says. */
static bool set_default(struct session *s, struct err *err)
{
	const struct rule_use *use = use_of(s);
	struct option_values values;
	size_t i;
	bool ok;

	if (!option_of(s, &i) || !options_given(&use->options, i))
		return true;
	options_without(&values, &use->options, i);
	ok = set_all(s, &values, err);
	options_clear(&values);
	return ok;
}

/* ---- one more rule ---- */

/* The name of a use that is free: "impute.2" where impute is in use. */
static void free_name(const struct session *s, const struct rule *rule,
		      char name[RULE_NAME])
{
	struct rule_use use = { .rule = rule, .number = 1 };

	for (size_t i = 0; i < s->settings.rules; i++) {
		const struct rule_use *other = &s->settings.rule[i];

		if (other->rule == rule && (other->on || other->written) &&
		    other->number >= use.number)
			use.number = other->number + 1;
	}
	rule_use_name(&use, name);
}

static void go_to(const struct session *s, const char *name)
{
	struct ui *ui = s->screen;
	char other[RULE_NAME];

	for (size_t i = 0; i < s->settings.rules; i++)
		if (!strcmp(rule_use_name(&s->settings.rule[i], other), name))
			cleaning_go(s, &ui->view, i);
}

/* typed: its options are typed first. */
static bool add(struct session *s, bool typed, struct err *err)
{
	struct ui *ui = s->screen;
	const struct rule *rule = rules_chosen(&ui->view);
	char name[RULE_NAME], *line;

	if (!rule)
		return err_set(err, ERR_USAGE, "there is no such rule");
	free_name(s, rule, name);
	panel_back(&ui->view);
	/* What does nothing without options is typed. */
	if (!typed && !rule->asks) {
		bool ok = do_line(s, mem_printf("clean %s", name), err);

		if (ok)
			go_to(s, name);
		return ok;
	}
	line = mem_printf("clean %s ", name);
	ui_prompt(ui, line);
	free(line);
	return true;
}

static bool about(struct session *s, struct err *err)
{
	struct ui *ui = s->screen;
	const struct rule *rule = ui->view.sheet == SHEET_RULES
		? rules_chosen(&ui->view) : use_of(s) ? use_of(s)->rule : NULL;

	if (!rule)
		return err_set(err, ERR_USAGE, "nothing is under the cursor");
	return do_line(s, mem_printf("help %s", rule->name), err);
}

/* ---- the command ---- */

static bool rule(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;
	const char *word = argc > 1 ? argv[1] : "";

	s->fault = argc > 1;
	if (!strcmp(word, "add"))
		return add(s, false, err);
	if (!strcmp(word, "edit") && ui->view.sheet == SHEET_RULES)
		return add(s, true, err);
	if (!strcmp(word, "help"))
		return about(s, err);
	if (!use_of(s))
		return err_set(err, ERR_USAGE, "there is no rule yet: a in "
			       "Cleaning adds one");
	if (ui->view.sheet != SHEET_RULE) {
		panel_open(&ui->view, SHEET_RULE);
		ui_focus(ui, PANEL_CLEANING);
	}
	if (!*word)
		return true;
	if (!strcmp(word, "next") || !strcmp(word, "previous"))
		return step(s, !strcmp(word, "next"), err);
	if (!strcmp(word, "edit"))
		return edit(s, err);
	if (!strcmp(word, "default"))
		return set_default(s, err);
	return set_option(s, word, err);
}

static const char *complete_rule(const struct session *s, int argc,
				 char **argv, size_t n)
{
	static const char *const words[] = {
		"next", "previous", "edit", "default", "add", "help"
	};

	if (argc != 2)
		return NULL;
	if (n < ARRAY_LEN(words))
		return words[n];
	return use_of(s) ? complete_option(use_of(s)->rule->options, argv[1],
					   n - ARRAY_LEN(words)) : NULL;
}

const struct command commands_rule[] = {
	{ .name = "rule",
	  .args = "[OPTION=VALUE|next|previous|edit|default|add|help]",
	  .help = "Open a cleaning rule, and change its options",
	  .max = 1, .flags = COMMAND_SCREEN | COMMAND_TABLE,
	  .complete = complete_rule, .run = rule },
	{ 0 }
};
