/*
 * help-view.h - help on the whole screen
 *
 * A page is a text.  A line of it that begins with the name of a topic leads
 * there with Enter.
 */
#ifndef GEMBA_HELP_VIEW_H
#define GEMBA_HELP_VIEW_H

#include <stdbool.h>

#include "workbench.h"

/* topic NULL: the keys of the focused panel, then the topics. */
bool help_open(struct ui *ui, const char *topic, struct err *err);
void help_close(struct ui *ui);
/* A key by its name, see keys.h. */
void help_key(struct ui *ui, const char *name);
void help_draw(struct help_view *help);

#endif
