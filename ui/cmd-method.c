/*
 * cmd-method.c - the command for the sheet on which a method is chosen
 *
 * What it changes it changes by "method", so that a recipe can say the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/commands.h"
#include "option-lines.h"
#include "run/tune.h"
#include "sheet-method.h"
#include "workbench.h"

static struct view *view_of(const struct session *s)
{
	struct ui *ui = s->screen;

	return &ui->view;
}

static bool do_line(struct session *s, char *line, struct err *err)
{
	bool ok = session_do(s, line, err);

	free(line);
	return ok;
}

/* "method tree depth=4"; or with another verb. */
static char *method_line(const char *verb, const struct method *method,
			 const struct option_values *values)
{
	char *options = options_format(values, false);
	char *line = mem_printf("%s %s%s%s", verb, method->name,
				*options ? " " : "", options);

	free(options);
	return line;
}

/* The cursor must not promise what training would refuse. */
static bool can(const struct session *s, struct err *err)
{
	const struct method *method = method_under(view_of(s));
	const char *why = method_refuses(s, method);

	return !why || err_set(err, ERR_USAGE, "%s can't tell this target: %s; "
			       "choose another method, or another target",
			       method->name, why);
}

/* Choose the method under the cursor with these options.  Who sees nothing
 * follow from it is told what would. */
static bool choose(struct session *s, const struct option_values *values,
		   struct err *err)
{
	const struct method *method = method_under(view_of(s));

	if (!can(s, err) ||
	    !do_line(s, method_line("method", method, values), err))
		return false;
	if (!s->train_wanted && s->working != WORK_TRAIN &&
	    (!session_newest(s) ||
	     session_result_stale(s, session_newest(s))))
		session_say(s, "%s is chosen: r trains it", method->name);
	return true;
}

static bool choose_as_it_is(struct session *s, struct err *err)
{
	struct option_values values;
	bool ok;

	method_options(s, method_under(view_of(s)), &values);
	ok = choose(s, &values, err);
	options_clear(&values);
	return ok;
}

static bool set_option(struct session *s, const char *word, struct err *err)
{
	const struct method *method = method_under(view_of(s));
	struct option_values values;
	bool ok;

	method_options(s, method, &values);
	ok = options_set(&values, method->name, word, err) &&
	     choose(s, &values, err);
	options_clear(&values);
	return ok;
}

/* ---- keys ---- */

static bool enter_options(struct session *s, struct err *err)
{
	struct view *v = view_of(s);
	const struct method *method = method_under(v);

	if (!method->options || !method->options->name)
		return err_set(err, ERR_USAGE, "%s has no options",
			       method->name);
	v->method.options = true;
	if (v->method.option >= options_count(method->options))
		v->method.option = 0;
	return true;
}

static bool step(struct session *s, enum option_key key, struct err *err)
{
	const struct view *v = view_of(s);
	struct option_values values;
	char *word;
	bool ok;

	method_options(s, method_under(v), &values);
	word = option_other(&values, v->method.option, key, err);
	options_clear(&values);
	ok = word && set_option(s, word, err);
	free(word);
	return ok;
}

/* Of the option under the cursor the value is typed, of a method all. */
static bool edit(struct session *s)
{
	const struct view *v = view_of(s);
	const struct method *method = method_under(v);
	struct option_values values;
	char *words, *line;

	method_options(s, method, &values);
	words = v->method.options ? options_typing(&values, v->method.option)
				  : options_format(&values, false);
	line = mem_printf("method %s %s%s", method->name, words,
			  v->method.options || !*words ? "" : " ");
	ui_prompt(s->screen, line);
	free(line);
	free(words);
	options_clear(&values);
	return true;
}

/* One option as nobody had said it; in the list all of them. */
static bool set_default(struct session *s, struct err *err)
{
	const struct view *v = view_of(s);
	struct option_values now, values;
	bool ok;

	method_options(s, method_under(v), &now);
	if (v->method.options)
		options_without(&values, &now, v->method.option);
	else
		options_init(&values, method_under(v)->options);
	ok = choose(s, &values, err);
	options_clear(&values);
	options_clear(&now);
	return ok;
}

static bool train(struct session *s, struct err *err)
{
	const struct method *method = method_under(view_of(s));
	struct option_values values;
	char *line;

	if (!can(s, err))
		return false;
	method_options(s, method, &values);
	line = method_line("train", method, &values);
	options_clear(&values);
	return do_line(s, line, err);
}

/* With what is worth a try for it, so that this is seen and can be changed. */
static bool tune(struct session *s, struct err *err)
{
	const struct method *method = method_under(view_of(s));
	const char *space = tune_space(method);
	char *line;

	if (!can(s, err))
		return false;
	if (!method->options || !method->options->name ||
	    method == method_find("baseline"))
		return err_set(err, ERR_USAGE, "%s has nothing to tune",
			       method->name);
	line = space ? mem_printf("tune %s %s seconds=30", method->name, space)
		     : mem_printf("tune %s ", method->name);
	ui_prompt(s->screen, line);
	free(line);
	return true;
}

static bool about(struct session *s, struct err *err)
{
	return do_line(s, mem_printf("help %s",
				     method_under(view_of(s))->name), err);
}

/* A choice steps, the rest is typed. */
static bool take(struct session *s, struct err *err)
{
	const struct view *v = view_of(s);

	if (!v->method.options)
		return choose_as_it_is(s, err);
	if (method_under(v)->options[v->method.option].type == OPTION_CHOICE)
		return step(s, OPTION_NEXT, err);
	return edit(s);
}

static bool go_back(struct session *s, struct err *err)
{
	struct view *v = view_of(s);

	if (!v->method.options)
		return session_do(s, "back", err);
	v->method.options = false;
	return true;
}

/* ---- the command ---- */

enum word { WORD_TAKE, WORD_NEXT, WORD_PREVIOUS, WORD_RIGHT, WORD_MORE,
	    WORD_LESS, WORD_EDIT, WORD_DEFAULT, WORD_SWITCH, WORD_TRAIN,
	    WORD_TUNE, WORD_BACK, WORD_HELP, WORDS };

static const char *const words[WORDS] = {
	[WORD_TAKE] = "take", [WORD_NEXT] = "next",
	[WORD_PREVIOUS] = "previous", [WORD_RIGHT] = "right",
	[WORD_MORE] = "more", [WORD_LESS] = "less", [WORD_EDIT] = "edit",
	[WORD_DEFAULT] = "default", [WORD_SWITCH] = "switch",
	[WORD_TRAIN] = "train", [WORD_TUNE] = "tune",
	[WORD_BACK] = "back", [WORD_HELP] = "help",
};

/* Those that change an option do in the list what comes nearest. */
static bool step_or_list(struct session *s, enum word word, struct err *err)
{
	static const enum option_key key[WORDS] = {
		[WORD_NEXT] = OPTION_NEXT, [WORD_RIGHT] = OPTION_NEXT,
		[WORD_PREVIOUS] = OPTION_PREVIOUS,
		[WORD_MORE] = OPTION_MORE, [WORD_LESS] = OPTION_LESS,
	};

	if (view_of(s)->method.options)
		return step(s, key[word], err);
	if (word == WORD_NEXT)
		return choose_as_it_is(s, err);
	return word != WORD_RIGHT || enter_options(s, err);
}

static bool do_word(struct session *s, enum word word, struct err *err)
{
	switch (word) {
	case WORD_TAKE:
		return take(s, err);
	case WORD_EDIT:
		return edit(s);
	case WORD_DEFAULT:
		return set_default(s, err);
	case WORD_SWITCH:
		if (!view_of(s)->method.options)
			return enter_options(s, err);
		view_of(s)->method.options = false;
		return true;
	case WORD_TRAIN:
		return train(s, err);
	case WORD_TUNE:
		return tune(s, err);
	case WORD_BACK:
		return go_back(s, err);
	case WORD_HELP:
		return about(s, err);
	default:
		return step_or_list(s, word, err);
	}
}

static bool choose_command(struct session *s, int argc, char **argv,
			   struct err *err)
{
	struct ui *ui = s->screen;
	size_t i = 0;

	s->fault = argc > 1;
	if (ui->view.sheet != SHEET_METHOD) {
		panel_open(&ui->view, SHEET_METHOD);
		ui_focus(ui, PANEL_TRAINING);
		method_go(s, &ui->view);
	}
	if (argc == 1)
		return true;
	while (i < WORDS && strcmp(words[i], argv[1]))
		i++;
	return i < WORDS ? do_word(s, (enum word)i, err)
			 : set_option(s, argv[1], err);
}

static const char *complete_choose(const struct session *s, int argc,
				   char **argv, size_t n)
{
	if (argc != 2)
		return NULL;
	return n < WORDS ? words[n] : complete_option(
		method_under(view_of(s))->options, argv[1], n - WORDS);
}

const struct command commands_method[] = {
	{ .name = "choose",
	  .args = "[OPTION=VALUE|WORD]",
	  .help = "Choose the method and its options, seeing what they do",
	  .max = 1, .flags = COMMAND_SCREEN | COMMAND_TABLE,
	  .complete = complete_choose, .run = choose_command },
	{ 0 }
};
