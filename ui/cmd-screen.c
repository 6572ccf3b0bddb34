/*
 * cmd-screen.c - the commands for the screen itself
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/help.h"
#include "command/inquiry.h"
#include "help-view.h"
#include "layout.h"
#include "prompt.h"
#include "terminal.h"
#include "workbench.h"

static struct ui *ui_of(const struct session *s)
{
	return s->screen;
}

/* ---- the screen itself ---- */

static bool prompt(struct session *s, int argc, char **argv, struct err *err)
{
	(void)err;
	ui_prompt(ui_of(s), argc > 1 ? argv[1] : "");
	return true;
}

static bool show_help(struct session *s, int argc, char **argv,
		      struct err *err)
{
	s->fault = 1;
	return help_open(ui_of(s), argc > 1 ? argv[1] : NULL, err);
}

static const char *complete_help(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)s;
	(void)argv;
	if (argc != 2)
		return NULL;
	return n == 0 ? "commands" : help_topic(n - 1);
}

static bool suspend(struct session *s, int argc, char **argv, struct err *err)
{
	(void)s;
	(void)argc;
	(void)argv;
	(void)err;
	terminal_suspend();
	return true;
}

static bool redraw(struct session *s, int argc, char **argv, struct err *err)
{
	(void)argc;
	(void)argv;
	(void)err;
	clearok(curscr, TRUE);
	ui_redraw(ui_of(s));
	return true;
}

static bool hold(struct session *s, int argc, char **argv, struct err *err)
{
	struct view *v = &ui_of(s)->view;

	(void)argc;
	(void)argv;
	(void)err;
	v->frozen = !v->frozen;
	return true;
}

/* Input is given up by the prompt itself; here it is the work. */
static bool cancel(struct session *s, int argc, char **argv, struct err *err)
{
	(void)argc;
	(void)argv;
	(void)err;
	if (errands_waiting(s->errands, ERRAND_FIND)) {
		errands_cancel(s->errands, s, ERRAND_FIND);
		session_say(s, "the search is given up");
	} else if (inquiry_cancel(s)) {
		session_say(s, "the question to the model is given up");
	} else if (s->working != WORK_NONE) {
		session_stop(s, false);
	} else {
		session_say(s, "nothing is going on; q quits");
	}
	return true;
}

static bool close_all(struct session *s, int argc, char **argv,
		      struct err *err)
{
	(void)argc;
	(void)argv;
	(void)err;
	if (s->working == WORK_TRAIN)
		ui_of(s)->asking = true;
	else
		s->quit = true;
	return true;
}

/* ---- dump ---- */

static void dump_line(FILE *out, int y)
{
	int columns = COLS;
	wchar_t *line = mem_array((size_t)columns + 1, sizeof(*line) * 4);
	/* Combining signs take no column: there may be more than columns. */
	int n = mvwinnwstr(curscr, y, 0, line, columns * 4);

	while (n > 0 && line[n - 1] == L' ')
		n--;
	for (int i = 0; i < n; i++)
		fprintf(out, "%lc", (wint_t)line[i]);
	fputc('\n', out);
	free(line);
}

static bool dump(struct session *s, int argc, char **argv, struct err *err)
{
	FILE *out = fopen(argv[1], "w");
	bool written;

	(void)argc;
	s->fault = 1;
	if (!out)
		return err_set(err, ERR_IO, "cannot write %.120s: %s",
			       argv[1], strerror(errno));
	ui_redraw(ui_of(s));
	for (int y = 0; y < LINES; y++)
		dump_line(out, y);
	written = !ferror(out);
	written = fclose(out) == 0 && written;
	return written || err_set(err, ERR_IO, "cannot write all of %.120s",
				  argv[1]);
}

/* ---- set, bind ---- */

static const char *const tiers[] = {
	[GLYPHS_BRAILLE] = "glyphs=braille", [GLYPHS_BLOCK] = "glyphs=block",
	[GLYPHS_ASCII] = "glyphs=ascii"
};

static bool set(struct session *s, int argc, char **argv, struct err *err)
{
	(void)argc;
	for (size_t i = 0; i < ARRAY_LEN(tiers); i++)
		if (!strcmp(tiers[i], argv[1])) {
			draw_set_glyphs((enum glyphs)i);
			return true;
		}
	s->fault = 1;
	return err_set(err, ERR_USAGE, "set does not know '%.40s'; it takes "
		       "glyphs=braille, block or ascii", argv[1]);
}

static const char *complete_set(const struct session *s, int argc,
				char **argv, size_t n)
{
	(void)s;
	(void)argv;
	return argc == 2 && n < ARRAY_LEN(tiers) ? tiers[n] : NULL;
}

/* The command may be one quoted word, or the rest of the line. */
static bool bind_key(struct session *s, int argc, char **argv,
		     struct err *err)
{
	char *command = mem_strdup(argv[3]);
	bool ok;

	for (int i = 4; i < argc; i++) {
		char *word = *argv[i] ? text_quote(argv[i]) : mem_strdup("");
		char *longer = mem_printf("%s %s", command, word);

		free(word);
		free(command);
		command = longer;
	}
	s->fault = 1;
	ok = key_bind(argv[1], argv[2], command, err);
	free(command);
	return ok;
}

static const char *complete_bind(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)s;
	(void)argv;
	if (argc != 2)
		return NULL;
	return n < PANELS ? panel_word(n) : n == PANELS ? "any" : NULL;
}

const struct command commands_screen[] = {
	{ .name = "prompt", .args = "[TEXT]",
	  .help = "Type a command, beginning with TEXT",
	  .max = 1, .flags = COMMAND_SCREEN, .run = prompt },
	{ .name = "help", .args = "[TOPIC]",
	  .help = "Show the keys and topics, or one topic",
	  .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_help, .run = show_help },
	{ .name = "close", .args = "",
	  .help = "Leave gemba; asks when a training would be lost",
	  .flags = COMMAND_SCREEN, .run = close_all },
	{ .name = "cancel", .args = "",
	  .help = "Give up the work that is going on",
	  .flags = COMMAND_SCREEN, .run = cancel },
	{ .name = "hold", .args = "",
	  .help = "Let the picture stand still, or go on",
	  .flags = COMMAND_SCREEN, .run = hold },
	{ .name = "set", .args = "glyphs=braille|block|ascii",
	  .help = "Choose what pictures are drawn with",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_set, .run = set },
	{ .name = "bind", .args = "PANEL|any KEY COMMAND",
	  .help = "Let a key type a command",
	  .min = 3, .max = -1, .flags = COMMAND_SCREEN,
	  .complete = complete_bind, .run = bind_key },
	{ .name = "dump", .args = "FILE",
	  .help = "Write the screen as text",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN, .run = dump },
	{ .name = "suspend", .args = "",
	  .help = "Stop the program; the shell's fg goes on",
	  .flags = COMMAND_SCREEN, .run = suspend },
	{ .name = "redraw", .args = "",
	  .help = "Draw the screen anew",
	  .flags = COMMAND_SCREEN, .run = redraw },
	{ 0 }
};
