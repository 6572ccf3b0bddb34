/*
 * frame.h - windows to draw on: with a border, or one line
 *
 * They live while they are drawn; what lies under them is covered.
 */
#ifndef GEMBA_FRAME_H
#define GEMBA_FRAME_H

#include <stdbool.h>

#include "draw.h"

struct frame {
	struct canvas border;	/* all of it: titles go on its lines */
	struct canvas inside;	/* .window is NULL: there is no room */
};

/* False: there is no such place, and nothing to end. */
bool frame_begin(struct frame *frame, int y, int x, int rows, int columns,
		 enum tone tone);
void frame_end(const struct frame *frame);

/* A line of the screen, from edge to edge; false: there is none. */
bool line_begin(int y, struct canvas *line);
void line_end(const struct canvas *line);

#endif
