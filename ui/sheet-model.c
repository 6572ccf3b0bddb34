/*
 * sheet-model.c - the model of the newest result as text, where it has more to
 * say than weights: a tree, a question a line; the members of a vote
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

static const char *drawing_of(const struct session *s)
{
	const struct result *r = session_newest(s);

	return r ? r->drawing : NULL;
}

/* One line says so when there is nothing to draw. */
static size_t sheet_rows(const struct session *s)
{
	const char *text = drawing_of(s);
	size_t n = 1;

	for (; text && (text = strchr(text, '\n')) && text[1]; text++)
		n++;
	return n;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "model";
}

/* "#3 tree". */
static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct result *r = session_newest(s);

	(void)v;
	*text = '\0';
	if (r)
		snprintf(text, size, "#%d %s", r->number, r->method->name);
}

static const char *next_line(const char *text)
{
	const char *end = strchr(text, '\n');

	return end ? end + 1 : text + strlen(text);
}

static void draw_line(const struct canvas *c, int y, const char *line,
		      bool first)
{
	char text[1024];

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(line, "\n"), line);
	draw_text(c, y, 0, c->columns, first ? TONE_DIM : TONE_PLAIN, text);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const char *line = drawing_of(s);
	size_t n = sheet_rows(s), at = v->at[SHEET_MODEL];
	size_t top = panel_top(v, SHEET_MODEL, at, n, c->rows);

	if (!line) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  session_newest(s) ?
			  "the weights are all that there is of this model" :
			  "train, and the model is here: a tree, a vote");
		return;
	}
	for (size_t i = 0; i < top; i++)
		line = next_line(line);
	for (int y = 0; y < c->rows && *line; y++) {
		size_t i = top + (size_t)y;

		/* The summary and the names of the columns. */
		draw_line(c, y, line, i < 2);
		if (i == at)
			draw_cursor(c, y, focused);
		line = next_line(line);
	}
}

const struct panel sheet_model = {
	.name = "Model", .home = PANEL_WEIGHTS,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
};
