/*
 * cmd-session.c - the sitting itself: undo, save, quit
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/commands.h"
#include "command/save.h"

static bool undo(struct session *s, int argc, char **argv, struct err *err)
{
	(void)argc;
	return session_undo(s, !strcmp(argv[0], "undo"), err);
}

static bool write_recipe(struct session *s, int argc, char **argv,
			 struct err *err)
{
	(void)argc;
	s->fault = 1;
	if (!save_recipe(s, argv[1], err))
		return false;
	session_say(s, "the choices are in %.200s: gemba run %.60s", argv[1],
		    argv[1]);
	return true;
}

static bool emit(struct session *s, int argc, char **argv, struct err *err)
{
	(void)argc;
	s->fault = 1;
	if (!strcmp(argv[1], "rows"))
		s->settings.emit_rows = true;
	else if (!strcmp(argv[1], "curves"))
		s->settings.emit_curves = true;
	else
		return err_set(err, ERR_USAGE, "emit rows, or emit curves");
	return true;
}

static bool quit(struct session *s, int argc, char **argv, struct err *err)
{
	(void)argc;
	(void)argv;
	(void)err;
	s->quit = true;
	return true;
}

const struct command commands_session[] = {
	{ .name = "undo", .args = "",
	  .help = "Take the last choice back",
	  .flags = COMMAND_TABLE | COMMAND_UNDO, .run = undo },
	{ .name = "redo", .args = "",
	  .help = "Make the choice again that was taken back",
	  .flags = COMMAND_TABLE | COMMAND_UNDO, .run = undo },
	{ .name = "write", .args = "FILE.gemba",
	  .help = "Save the choices as a recipe that gemba run carries out",
	  .min = 1, .max = 1, .flags = COMMAND_TABLE, .run = write_recipe },
	{ .name = "emit", .args = "rows|curves",
	  .help = "Put test rows and predictions, or curves, into the JSON",
	  .min = 1, .max = 1, .run = emit },
	{ .name = "quit", .args = "",
	  .help = "Leave gemba",
	  .run = quit },
	{ 0 }
};
