/*
 * cmd-train.c - the split and the methods
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"
#include "eval/split.h"
#include "learn/members.h"

/* The word that gives that option, or the command itself. */
static int word_of(char **argv, const char *option)
{
	size_t n = strlen(option);

	for (int i = 1; argv[i]; i++)
		if (!strncmp(argv[i], option, n) && argv[i][n] == '=')
			return i;
	return 0;
}

/* Columns are looked up here, where the fault can be pointed at. */
static bool split_columns(struct session *s, char **argv, struct err *err)
{
	static const char *const options[] = { "time", "group" };

	for (size_t k = 0; s->table && k < ARRAY_LEN(options); k++) {
		int i = word_of(argv, options[k]);

		if (i > 0 && find_column(s, argv, i, strlen(options[k]) + 1,
					 err) < 0)
			return false;
	}
	return true;
}

static bool split_fits(struct session *s, struct option_values *options,
		       char **argv, struct err *err)
{
	size_t index;

	if (!take_options(s, options, argv[0], 1, argv, err))
		return false;
	if (split_check(options, &index, err))
		return split_columns(s, argv, err);
	s->fault = word_of(argv, split_options[index].name);
	return false;
}

static bool set_split(struct session *s, int argc, char **argv,
		      struct err *err)
{
	struct option_values options;

	(void)argc;
	options_init(&options, split_options);
	if (!split_fits(s, &options, argv, err)) {
		options_clear(&options);
		return false;
	}
	options_clear(&s->settings.split);
	s->settings.split = options;
	return true;
}

/* The n-th "time=COLUMN"; the text lasts until the next call. */
static const char *with_column(const struct session *s, const char *option,
			       size_t n)
{
	static char text[200];
	const char *name = complete_column(s, n);

	if (!name)
		return NULL;
	snprintf(text, sizeof(text), "%s=%s", option, name);
	return text;
}

static const char *complete_split(const struct session *s, int argc,
				  char **argv, size_t n)
{
	const char *typed = argv[argc - 1];

	if (!strncmp(typed, "time=", 5))
		return with_column(s, "time", n);
	if (!strncmp(typed, "group=", 6))
		return with_column(s, "group", n);
	return complete_option(split_options, typed, n);
}

static bool run_joins(const struct session *s, const struct result *r,
		      struct err *err)
{
	int target = s->settings.target;

	if (members_has(r->method) || !strcmp(r->method->name, "baseline"))
		return err_set(err, ERR_USAGE, "run %d is a %s: name runs of "
			       "single methods, and not the baseline",
			       r->number, r->method->name);
	return (target >= 0 && !strcmp(s->table->column[target].name,
				       r->target)) ||
	       err_set(err, ERR_USAGE, "run %d tells %.80s, which is not the "
		       "target: name runs on one target", r->number,
		       r->target);
}

/* runs=1,3 in the place of of=: their methods, so that the line stands for
 * itself.  The caller frees it. */
static char *of_runs(const struct session *s, const char *list,
		     struct err *err)
{
	char *of = mem_strdup("of="), *longer, *options, *end;

	for (bool first = true;; first = false) {
		unsigned long n = strtoul(list, &end, 10);
		const struct result *r = n > 0 && n <= s->results ?
					 s->result[n - 1] : NULL;

		if (end == list || (*end && *end != ',') || !r)
			err_set(err, ERR_USAGE, "runs=%.40s: numbers of runs, "
				"from 1 to %zu, with commas between them",
				list, s->results);
		if (end == list || (*end && *end != ',') || !r ||
		    !run_joins(s, r, err)) {
			free(of);
			return NULL;
		}
		options = options_format(&r->options, false);
		longer = mem_printf("%s%s%s%s%s", of, first ? "" : "; ",
				    r->method->name, *options ? " " : "",
				    options);
		free(options);
		free(of);
		of = longer;
		if (!*end)
			return of;
		list = end + 1;
	}
}

static bool no_method(const char *name, struct err *err)
{
	char names[200] = "";

	for (size_t i = 0; methods[i]; i++)
		text_append(names, sizeof(names), "%s%s", i ? ", " : "",
			    methods[i]->name);
	return err_set(err, ERR_USAGE, "there is no method '%.40s': %s", name,
		       names);
}

/* The options, and members that can be: the fault is in their word. */
static bool take_method(struct session *s, const struct method *method,
			struct option_values *options, char **argv,
			struct err *err)
{
	const char *of;
	struct members members;

	if (!take_options(s, options, argv[1], 2, argv, err))
		return false;
	of = members_has(method) ? options_text(options, "of") : NULL;
	if (!of)
		return true;
	s->fault = word_of(argv, "of");
	if (!members_init(&members, of, err))
		return false;
	members_clear(&members);
	return true;
}

static bool set_method(struct session *s, int argc, char **argv,
		       struct err *err)
{
	const struct method *method = method_find(argv[1]);
	struct option_values options;
	int runs = word_of(argv, "runs");
	char *given = argv[runs];
	bool ok;

	(void)argc;
	s->fault = 1;
	if (!method)
		return no_method(argv[1], err);
	if (runs > 1 && members_has(method)) {
		s->fault = runs;
		argv[runs] = of_runs(s, given + strlen("runs="), err);
		if (!argv[runs]) {
			argv[runs] = given;
			return false;
		}
	}
	options_init(&options, method->options);
	ok = take_method(s, method, &options, argv, err);
	if (argv[runs] != given)
		free(argv[runs]);
	argv[runs] = given;
	if (!ok) {
		options_clear(&options);
		return false;
	}
	options_clear(&s->settings.method_options);
	s->settings.method = method;
	s->settings.method_options = options;
	return true;
}

/* With no method named, the one of last time, or the first that can do it. */
static bool train(struct session *s, int argc, char **argv, struct err *err)
{
	if (argc == 1)
		settings_fit_method(&s->settings, s->table);
	else if (!set_method(s, argc, argv, err))
		return false;
	s->fault = 0;
	return session_train(s, err);
}

/* Chosen, and trained by whoever says so next. */
static bool choose_method(struct session *s, int argc, char **argv,
			  struct err *err)
{
	if (!set_method(s, argc, argv, err))
		return false;
	s->fault = 0;
	return true;
}

static const char *complete_train(const struct session *s, int argc,
				  char **argv, size_t n)
{
	const struct method *method;

	(void)s;
	if (argc > 2) {
		method = method_find(argv[1]);
		return method ? complete_option(method->options,
						argv[argc - 1], n) : NULL;
	}
	for (size_t i = 0; i < n; i++)
		if (!methods[i])
			return NULL;
	return methods[n] ? methods[n]->name : NULL;
}

static bool stop(struct session *s, int argc, char **argv, struct err *err)
{
	bool keep = argc == 1 || !strcmp(argv[1], "keep");

	s->fault = 1;
	if (!keep && strcmp(argv[1], "abort"))
		return err_set(err, ERR_USAGE, "stop keep, or stop abort");
	session_stop(s, keep);
	return true;
}

static bool on_or_off(struct session *s, char **argv, bool *on,
		      struct err *err)
{
	s->fault = 1;
	if (!strcmp(argv[1], "on"))
		*on = true;
	else if (!strcmp(argv[1], "off"))
		*on = false;
	else if (!strcmp(argv[1], "toggle"))
		*on = !*on;
	else
		return err_set(err, ERR_USAGE, "%s on, or %s off", argv[0],
			       argv[0]);
	return true;
}

static bool pause_training(struct session *s, int argc, char **argv,
			   struct err *err)
{
	bool paused = session_paused(s);

	if (argc == 1)
		paused = !paused;
	else if (!on_or_off(s, argv, &paused, err))
		return false;
	s->fault = 0;
	return session_pause(s, paused, err);
}

static bool autotrain(struct session *s, int argc, char **argv,
		      struct err *err)
{
	bool on = s->train_by_itself;

	(void)argc;
	if (!on_or_off(s, argv, &on, err))
		return false;
	session_autotrain(s, on);
	return true;
}

static const char *complete_autotrain(const struct session *s, int argc,
				      char **argv, size_t n)
{
	(void)s;
	(void)argc;
	(void)argv;
	return n == 0 ? "on" : n == 1 ? "off" : NULL;
}

static const char *complete_stop(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)s;
	(void)argc;
	(void)argv;
	return n == 0 ? "keep" : n == 1 ? "abort" : NULL;
}

const struct command commands_train[] = {
	{ .name = "split", .args = "[test=SHARE] [time=COLUMN] [group=COLUMN] "
	  "[OPTION=VALUE]...",
	  .help = "Choose which share of the rows tests, and which rows",
	  .min = 0, .max = -1,
	  .complete = complete_split, .run = set_split },
	{ .name = "train", .args = "[METHOD [OPTION=VALUE]...]",
	  .help = "Train, and measure the result on the test rows",
	  .min = 0, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_train, .run = train },
	{ .name = "method", .args = "METHOD [OPTION=VALUE]...",
	  .help = "Choose a method and its options, without training",
	  .min = 1, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_train, .run = choose_method },
	{ .name = "stop", .args = "[keep|abort]",
	  .help = "End the training: keep the model so far, or drop it",
	  .min = 0, .max = 1,
	  .complete = complete_stop, .run = stop },
	{ .name = "pause", .args = "[on|off|toggle]",
	  .help = "Let the training wait, or go on",
	  .min = 0, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_autotrain, .run = pause_training },
	{ .name = "autotrain", .args = "on|off|toggle",
	  .help = "Train by itself after every change",
	  .min = 1, .max = 1,
	  .complete = complete_autotrain, .run = autotrain },
	{ 0 }
};
