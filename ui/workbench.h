/*
 * workbench.h - the state of the interface, for the files of this folder
 *
 * A session knows what is done, this knows what is seen: where the cursors
 * stand, which keys were begun, what lies over the panels.  Only the main
 * thread touches it.
 */
#ifndef GEMBA_WORKBENCH_H
#define GEMBA_WORKBENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "command/command.h"
#include "command/session.h"
#include "keys.h"
#include "panel.h"

struct help_view;

struct ui {
	struct session *session;	/* owned */
	int wake[2];			/* the pipe: to read, to write */
	struct view view;
	unsigned turn[PANELS];		/* when each had the focus: of those
					 * that share a place the last shows */
	int page;			/* rows in sight of the focused one */

	bool stale;			/* the picture is not of this moment */
	bool urgent;			/* a key was pressed: draw at once */
	bool thaw;			/* draw even what stands still (Z) */

	bool asking;			/* q, while work would be lost */
	char begun[KEY_NAME];		/* the first of two keys: "g" of "gg" */
	size_t count;			/* digits typed before G */
	long counted_ms;		/* when the last of them came */
	struct view count_from;		/* as it was before them */

	char *typed;			/* owned: the line at fault, or NULL; */
	int fault;			/* its word that is wrong, and from */
	size_t fault_at;		/* which byte of that on */
	struct help_view *help;		/* owned; NULL: not shown */
};

/* Carry a line out; what is wrong with it becomes the message. */
bool ui_do(struct ui *ui, const char *line);
/* The same for a line that a person typed: the fault is pointed at. */
void ui_typed(struct ui *ui, const char *line);
/* Open the ':' prompt with the beginning of a line. */
void ui_prompt(struct ui *ui, const char *text);
void ui_focus(struct ui *ui, enum panel_id panel);
/* Draw now, what stands still as well. */
void ui_redraw(struct ui *ui);

extern const struct command commands_ui[];	/* cursors, panels, sheets */
extern const struct command commands_screen[];	/* the screen itself */
extern const struct command commands_grid[];	/* Data */

#endif
