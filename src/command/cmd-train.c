/*
 * cmd-train.c - the split and the methods
 */
#include <string.h>

#include "base/text.h"
#include "command/commands.h"
#include "eval/split.h"

static bool set_split(struct session *s, int argc, char **argv,
		      struct err *err)
{
	struct option_values options;

	(void)argc;
	options_init(&options, split_options);
	if (!take_options(s, &options, argv[0], 1, argv, err)) {
		options_clear(&options);
		return false;
	}
	options_clear(&s->settings.split);
	s->settings.split = options;
	return true;
}

static const char *complete_split(const struct session *s, int argc,
				  char **argv, size_t n)
{
	(void)s;
	return complete_option(split_options, argv[argc - 1], n);
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

static bool set_method(struct session *s, int argc, char **argv,
		       struct err *err)
{
	const struct method *method = method_find(argv[1]);
	struct option_values options;

	(void)argc;
	s->fault = 1;
	if (!method)
		return no_method(argv[1], err);
	options_init(&options, method->options);
	if (!take_options(s, &options, argv[1], 2, argv, err)) {
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
	{ .name = "split", .args = "[test=SHARE] [seed=NUMBER]",
	  .help = "Choose which share of the rows tests, and which rows",
	  .min = 0, .max = -1,
	  .complete = complete_split, .run = set_split },
	{ .name = "train", .args = "[METHOD [OPTION=VALUE]...]",
	  .help = "Train, and measure the result on the test rows",
	  .min = 0, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_train, .run = train },
	{ .name = "stop", .args = "[keep|abort]",
	  .help = "End the training: keep the model so far, or drop it",
	  .min = 0, .max = 1,
	  .complete = complete_stop, .run = stop },
	{ .name = "autotrain", .args = "on|off|toggle",
	  .help = "Train by itself after every change",
	  .min = 1, .max = 1,
	  .complete = complete_autotrain, .run = autotrain },
	{ 0 }
};
