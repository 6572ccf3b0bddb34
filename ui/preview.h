/*
 * preview.h - what a line does while it is still being typed
 *
 * "find ..." goes to the first hit from the cursor on, "filter ..." shows the
 * rows that would be left, "derive ..." the column that would be made.  When
 * the line is given up all is as it was.
 */
#ifndef GEMBA_PREVIEW_H
#define GEMBA_PREVIEW_H

#include <stdbool.h>

#include "workbench.h"

/* The prompt is open. */
void preview_begin(struct ui *ui);
/* Its text has changed; NULL: it was given up. */
void preview_line(struct ui *ui, const char *line);
/* Where in the line the formula of "derive" begins. */
size_t preview_formula(void);
/* Before the line is carried out; and after it. */
void preview_accept(struct ui *ui);
void preview_end(struct ui *ui, const char *line, bool done);

#endif
