/*
 * cmd-tune.c - which options of a method are best
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"
#include "run/tune.h"

static bool take_words(struct session *s, struct tune *tune, char **argv,
		       struct err *err)
{
	for (int i = 2; argv[i]; i++) {
		s->fault = i;
		if (!tune_take(tune, argv[i], err))
			return false;
	}
	s->fault = 1;
	return tune_complete(tune, err);
}

/* The method is chosen at once, and its best options when they are known. */
static void choose(struct session *s, const struct tune *tune)
{
	options_clear(&s->settings.method_options);
	s->settings.method = tune->method;
	options_copy(&s->settings.method_options, &tune->base);
}

static bool tune_method(struct session *s, int argc, char **argv,
			struct err *err)
{
	const struct method *method = method_find(argv[1]);
	struct tune *tune;

	(void)argc;
	s->fault = 1;
	if (!method)
		return err_set(err, ERR_USAGE, "there is no method '%.40s' to "
			       "tune: see help train", argv[1]);
	tune = mem_new(sizeof(*tune));
	tune_init(tune, method);
	if (!take_words(s, tune, argv, err)) {
		tune_free(tune);
		return false;
	}
	s->fault = 0;
	choose(s, tune);
	return session_tune(s, tune, err);
}

static const char *complete_tune(const struct session *s, int argc,
				 char **argv, size_t n)
{
	const struct method *method = argc > 2 ? method_find(argv[1]) : NULL;
	const char *word;
	size_t own = 0;

	(void)s;
	if (argc == 2) {
		for (size_t i = 0; i < n; i++)
			if (!methods[i])
				return NULL;
		return methods[n] ? methods[n]->name : NULL;
	}
	if (!method)
		return NULL;
	while ((word = complete_option(tune_options, argv[argc - 1], own)))
		if (own++ == n)
			return word;
	return complete_option(method->options, argv[argc - 1], n - own);
}

const struct command commands_tune[] = {
	{ .name = "tune", .args = "METHOD [OPTION=VALUES]... [by=HOW] "
	  "[seconds=N] [tries=N]",
	  .help = "Find the best options of a method, and train with them",
	  .min = 1, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_tune, .run = tune_method },
	{ 0 }
};
