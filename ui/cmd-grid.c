/*
 * cmd-grid.c - the commands of Data that need a screen
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "command/hunt.h"
#include "grid.h"
#include "seek.h"
#include "terminal.h"
#include "workbench.h"

/* ---- next, previous ---- */

static bool go(struct session *s, char **argv, bool forth, struct err *err)
{
	struct ui *ui = s->screen;

	s->fault = 1;
	if (!strcmp(argv[1], "odd"))
		return panel_table(s) ? seek_odd(ui, forth, err)
			: err_set(err, ERR_USAGE, "odd cells are known when "
				  "the columns are read");
	if (strcmp(argv[1], "hit"))
		return err_set(err, ERR_USAGE, "%s hit, or odd; not '%.40s'",
			       argv[0], argv[1]);
	if (!hunt_pattern(s))
		return err_set(err, ERR_USAGE, "nothing is looked for: / finds "
			       "a pattern");
	seek_begin(ui, forth ? SEEK_NEXT : SEEK_PREVIOUS, false);
	return true;
}

static bool next(struct session *s, int argc, char **argv, struct err *err)
{
	(void)argc;
	return go(s, argv, true, err);
}

static bool previous(struct session *s, int argc, char **argv,
		     struct err *err)
{
	(void)argc;
	return go(s, argv, false, err);
}

static const char *complete_next(const struct session *s, int argc,
				 char **argv, size_t n)
{
	static const char *const what[] = { "hit", "odd" };

	(void)s;
	(void)argv;
	return argc == 2 && n < 2 ? what[n] : NULL;
}

/* ---- copy ---- */

/* What goes to the clipboard: cells with tabs between them, so that a
 * spreadsheet takes them apart. */
struct copy {
	const struct session *s;
	size_t column;		/* SIZE_MAX: all that are shown */
	FILE *out;
	size_t cells;
};

static bool copy_cells(void *arg, size_t row, const struct cell *cell,
		       size_t cells)
{
	struct copy *copy = arg;

	(void)row;
	for (size_t i = 0; i < cells; i++) {
		if (copy->column == SIZE_MAX ? !grid_shows(copy->s, i)
					     : i != copy->column)
			continue;
		if (copy->cells++ > 0)
			fputc('\t', copy->out);
		for (size_t k = 0; k < cell[i].len; k++)
			fputc(copy->column == SIZE_MAX &&
			      strchr("\t\r\n", cell[i].text[k])
			      ? ' ' : cell[i].text[k], copy->out);
	}
	return false;
}

static bool copy(struct session *s, int argc, char **argv, struct err *err)
{
	const struct view *v = &((struct ui *)s->screen)->view;
	bool one = !strcmp(argv[1], "cell"), done;
	struct copy copy = { .s = s, .column = one ? v->column : SIZE_MAX };
	char *text = NULL;
	size_t size;

	(void)argc;
	s->fault = 1;
	if (!one && strcmp(argv[1], "row"))
		return err_set(err, ERR_USAGE, "copy cell, or row; not "
			       "'%.40s'", argv[1]);
	copy.out = open_memstream(&text, &size);
	grid_cells(s, grid_place(s, v), copy_cells, &copy);
	fclose(copy.out);
	done = terminal_copy(text, size, err);
	if (done && one)
		session_say(s, "copied: %.200s", text);
	else if (done)
		session_say(s, "copied: %zu cells", copy.cells);
	free(text);
	return done;
}

static const char *complete_copy(const struct session *s, int argc,
				 char **argv, size_t n)
{
	static const char *const what[] = { "cell", "row" };

	(void)s;
	(void)argv;
	return argc == 2 && n < 2 ? what[n] : NULL;
}

const struct command commands_grid[] = {
	{ .name = "next", .args = "hit|odd",
	  .help = "Go to the next hit, or odd cell of the column",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_next, .run = next },
	{ .name = "previous", .args = "hit|odd",
	  .help = "Go to the hit, or odd cell, before",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_next, .run = previous },
	{ .name = "copy", .args = "cell|row",
	  .help = "Copy what is under the cursor to the clipboard",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_copy, .run = copy },
	{ 0 }
};
