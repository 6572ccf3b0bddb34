/*
 * training-notes.c - what the guards say of the result, in one line
 *
 *	! G02 the answer among the features: mcc 0.983, without 0.416   +2: W
 */
#include "training.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "notes.h"

enum { CODE_X = 3, TEXT_X = 7 };

void training_calm(const struct story *t, int y)
{
	const struct session *s = t->session;
	const struct canvas *c = &t->old;
	int width = c->columns - CODE_X - 1;

	switch (notes_state(s)) {
	case NOTES_TRUE:
		draw_printf(c, y, CODE_X, width, TONE_DIM,
			    "%zu guards find nothing: W", notes_guards(s));
		return;
	case NOTES_LOOKING:
		draw_text(c, y, CODE_X, width, TONE_DIM,
			  "the guards are looking");
		return;
	case NOTES_STOPPED:
		draw_text(c, y, CODE_X, width, TONE_DIM,
			  "the guards were stopped");
		return;
	case NOTES_NONE:
	case NOTES_STALE:
		return;
	}
}

/* The key that shows all, and how many there are besides. */
static int draw_more(const struct canvas *c, int y, size_t more)
{
	char text[COUNT_TEXT + 8] = "W";
	int width;

	if (more > 0)
		snprintf(text, sizeof(text), "+%zu%s: W", more,
			 c->columns >= 70 ? " more" : "");
	width = (int)text_width(text);
	draw_right(c, y, c->columns - 1 - width, width, TONE_DIM, text);
	return width;
}

void training_notes(const struct story *t, int y)
{
	const struct session *s = t->session;
	struct canvas c = panel_canvas(&t->old, notes_state(s) != NOTES_TRUE);
	const struct warning *f;
	struct notes notes;
	int width;
	char *text;

	notes_init(&notes, s);
	if (!notes.findings) {
		notes_clear(&notes);
		return;
	}
	f = notes.finding[0];
	width = c.columns - TEXT_X - 3 - draw_more(&c, y, notes.findings - 1);
	draw_text(&c, y, 1, 1, f->proposal ? TONE_ACCENT : TONE_WARN,
		  f->proposal ? "?" : draw_glyph(GLYPH_ALERT));
	draw_text(&c, y, CODE_X, 3, TONE_STRONG, f->guard->code);
	text = notes_brief(f, width);
	draw_text(&c, y, TEXT_X, width, TONE_PLAIN, text);
	free(text);
	notes_clear(&notes);
}
