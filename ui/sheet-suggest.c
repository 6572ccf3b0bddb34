/*
 * sheet-suggest.c - what one might want to choose, and why
 *
 *	 ▸ role press_id id         press_id is like an id
 *	                            no two rows have the same: it names rows ...
 *	   features -kind           kind is constant
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

enum { COMMAND_LEAST = 16, LINES_EACH = 2 };

static const struct suggestions *list_of(const struct session *s)
{
	static const struct suggestions none;

	return panel_table(s) ? &s->suggestions : &none;
}

static size_t sheet_rows(const struct session *s)
{
	return list_of(s)->n;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "suggestions";
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	size_t n = list_of(s)->n, at = v->at[SHEET_SUGGEST];

	if (n > 0)
		snprintf(text, size, "%zu of %zu", (at < n ? at : n - 1) + 1,
			 n);
	else
		*text = '\0';
}

/* Its number, which the command takes. */
static const char *sheet_item(const struct session *s, const struct view *v)
{
	static char item[COUNT_TEXT];
	size_t n = list_of(s)->n, at = v->at[SHEET_SUGGEST];

	snprintf(item, sizeof(item), "%zu", (at < n ? at : n - 1) + 1);
	return n > 0 ? item : NULL;
}

/* The commands stand in a column as wide as the longest, or half. */
static int command_width(const struct suggestions *list,
			 const struct canvas *c)
{
	int widest = COMMAND_LEAST, most = c->columns / 2 - 3;

	for (size_t i = 0; i < list->n; i++) {
		char *safe = text_safe_dup(list->of[i].command);
		int width = (int)text_width(safe);

		widest = width > widest ? width : widest;
		free(safe);
	}
	return widest < most ? widest : most;
}

static void draw_one(const struct canvas *c, int y, int width,
		     const struct suggestion *one)
{
	int x = 3 + width + 2, room = c->columns - 1 - x;

	draw_text(c, y, 3, width, TONE_STRONG, one->command);
	if (room < 8)
		return;
	draw_text(c, y, x, room, TONE_PLAIN, one->text);
	if (y + 1 < c->rows)
		draw_text(c, y + 1, x, room, TONE_DIM, one->why);
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	const struct suggestions *list = list_of(s);
	size_t n = list->n, at = v->at[SHEET_SUGGEST], top;
	int width = command_width(list, c);
	int each = c->rows / LINES_EACH;

	if (!n) {
		draw_text(c, 0, 1, c->columns - 2, TONE_GOOD,
			  "nothing is suggested");
		return;
	}
	/* The last one was taken: the cursor stands on the one before. */
	if (at >= n)
		at = v->at[SHEET_SUGGEST] = n - 1;
	top = panel_top(v, SHEET_SUGGEST, at, n, each > 0 ? each : 1);
	for (int k = 0; k * LINES_EACH < c->rows && top + (size_t)k < n; k++) {
		int y = k * LINES_EACH;

		draw_one(c, y, width, &list->of[top + (size_t)k]);
		if (top + (size_t)k != at)
			continue;
		draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
}

const struct panel sheet_suggest = {
	.name = "Suggestions", .home = PANEL_COLUMNS,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
	.item = sheet_item,
};
