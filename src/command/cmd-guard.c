/*
 * cmd-guard.c - the guards: which of them speak
 */
#include <string.h>

#include "base/text.h"
#include "command/commands.h"
#include "run/guard.h"

static bool no_guard(const char *code, struct err *err)
{
	char codes[200] = "";

	for (const struct guard *g = guards; g->code; g++)
		text_append(codes, sizeof(codes), "%s, ", g->code);
	return err_set(err, ERR_USAGE, "there is no guard '%.40s': %sor all",
		       code, codes);
}

static bool guard(struct session *s, int argc, char **argv, struct err *err)
{
	const struct guard *g = guard_find(argv[1]);
	unsigned *off = &s->settings.guards_off, bits = 0;

	(void)argc;
	s->fault = 1;
	if (!g && strcmp(argv[1], "all"))
		return no_guard(argv[1], err);
	for (const struct guard *any = guards; any->code; any++)
		bits |= !g || any == g ? guard_bit(any) : 0;
	s->fault = 2;
	if (!strcmp(argv[2], "on"))
		*off &= ~bits;
	else if (!strcmp(argv[2], "off"))
		*off |= bits;
	else if (!strcmp(argv[2], "toggle"))
		*off ^= bits;
	else
		return err_set(err, ERR_USAGE, "guard %.40s on, or guard %.40s "
			       "off", argv[1], argv[1]);
	session_guards_changed(s);
	return true;
}

static const char *complete_guard(const struct session *s, int argc,
				  char **argv, size_t n)
{
	static const char *const switches[] = { "on", "off" };
	size_t i = 0;

	(void)s;
	(void)argv;
	if (argc == 3)
		return n < ARRAY_LEN(switches) ? switches[n] : NULL;
	if (argc > 3)
		return NULL;
	while (i < n && guards[i].code)
		i++;
	return guards[i].code ? guards[i].code : i == n ? "all" : NULL;
}

const struct command commands_guard[] = {
	{ .name = "guard", .args = "CODE|all on|off|toggle",
	  .help = "Let a guard speak, or be silent",
	  .min = 2, .max = 2,
	  .complete = complete_guard, .run = guard },
	{ 0 }
};
