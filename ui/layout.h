/*
 * layout.h - where the panels stand, and the lines around them
 *
 * 110 columns and 28 rows hold all six panels.  On less some share a place: the
 * one that had the focus last is seen, the title names the others.  Below 60x16
 * one panel is seen, below 20x4 one line of text; 1x1 is a size like any other.
 */
#ifndef GEMBA_LAYOUT_H
#define GEMBA_LAYOUT_H

#include <stdbool.h>

#include "workbench.h"

/* Put the whole picture on the screen; only what differs is sent. */
void layout_draw(struct ui *ui);

/* The panel seen at that place of the screen, or -1. */
int layout_panel_at(const struct ui *ui, int y, int x);

#endif
