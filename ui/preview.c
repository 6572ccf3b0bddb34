#include "preview.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/draft.h"
#include "command/hunt.h"
#include "seek.h"

static struct {
	/* The line has been of this kind. */
	bool finding, trying, drafting;
	size_t formula;		/* the byte of the line where it begins */
	size_t at, top, column, left;	/* of the view */
	char *pattern;		/* owned: what was looked for, or NULL */
} before;

/* What follows the name of a command, or NULL for another command. */
static const char *after_name(const char *line, const char *name)
{
	size_t len = strlen(name);

	line += strspn(line, " ");
	if (strncmp(line, name, len) || line[len] != ' ')
		return NULL;
	line += len;
	line += strspn(line, " ");
	return *line ? line : NULL;
}

void preview_begin(struct ui *ui)
{
	const struct view *v = &ui->view;

	free(before.pattern);
	before.finding = before.trying = before.drafting = false;
	before.pattern = mem_strdup(hunt_pattern(ui->session));
	before.at = v->at[PANEL_DATA];
	before.top = v->top[PANEL_DATA];
	before.column = v->column;
	before.left = v->left;
}

static void go_back(struct ui *ui)
{
	struct view *v = &ui->view;

	if (!before.finding)
		return;
	seek_end();
	v->at[PANEL_DATA] = before.at;
	v->top[PANEL_DATA] = before.top;
	v->column = before.column;
	v->left = before.left;
}

/* Look for what was looked for before the line. */
static void find_again(struct ui *ui)
{
	struct err err;

	if (!before.finding)
		return;
	hunt_end(ui->session);
	if (before.pattern)
		hunt_begin(ui->session, before.pattern, &err);
	before.finding = false;
}

/* A pattern that is not a good one yet changes nothing. */
static void try_pattern(struct ui *ui, const char *pattern)
{
	struct err err;

	if (!hunt_begin(ui->session, pattern, &err))
		return;
	go_back(ui);
	before.finding = true;
	seek_begin(ui, SEEK_HERE, true);
}

static void try_filter(struct ui *ui, const char *expression)
{
	if (!expression && !before.trying)
		return;
	if (expression && (!ui->session->table ||
			   !strncmp(expression, "off", 3)))
		return;
	before.trying = true;
	looks_try(ui->session, expression);
}

static void try_column(struct ui *ui, const char *line)
{
	const char *formula = line ? after_name(line, "derive") : NULL;

	if (formula || before.drafting)
		draft_try(ui->session, formula);
	before.drafting = formula;
	before.formula = formula ? (size_t)(formula - line) : 0;
}

size_t preview_formula(void)
{
	return before.formula;
}

void preview_line(struct ui *ui, const char *line)
{
	const char *pattern = line ? after_name(line, "find") : NULL;

	if (pattern) {
		try_pattern(ui, pattern);
	} else {
		go_back(ui);
		find_again(ui);
	}
	try_filter(ui, line ? after_name(line, "filter") : NULL);
	try_column(ui, line);
	ui->stale = true;
}

void preview_accept(struct ui *ui)
{
	go_back(ui);
	try_column(ui, NULL);
	if (before.trying)
		looks_tried(ui->session);
}

void preview_end(struct ui *ui, const char *line, bool done)
{
	bool found = done && after_name(line, "find");

	if (found)
		seek_begin(ui, SEEK_HERE, false);
	else
		find_again(ui);
	/* The rows of the trial are those that are wanted, or are not. */
	if (before.trying)
		looks_changed(ui->session);
	before.finding = before.trying = false;
}
