/*
 * draft-box.h - a derived column while it is typed, as it would be
 *
 * Its values stand beside those of Data, and a box over the prompt has its
 * histogram, what is wrong with it, and what it would do to the score.
 */
#ifndef GEMBA_DRAFT_BOX_H
#define GEMBA_DRAFT_BOX_H

#include "command/session.h"
#include "draw.h"
#include "grid.h"

/* Over the panels, its last line at y; nothing when there is nothing to say. */
void draft_box_draw(const struct session *s, int y);

/* How many columns the draft takes at the right of Data, 0: none; and draw it
 * there, beside the rows of the grid. */
int draft_width(const struct session *s, int columns);
void draft_draw_values(const struct session *s, const struct canvas *c,
		       const struct grid *g, int width);

#endif
