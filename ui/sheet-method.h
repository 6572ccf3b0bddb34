/*
 * sheet-method.h - the sheet on which a method and its options are chosen
 */
#ifndef GEMBA_SHEET_METHOD_H
#define GEMBA_SHEET_METHOD_H

#include "command/command.h"
#include "panel.h"

extern const struct panel sheet_method;
extern const struct command commands_method[];

/* The method on the line under the cursor; its options stand beside it. */
const struct method *method_under(const struct view *v);
/* The one that is chosen; NULL: the first that can do it would be trained. */
bool method_chosen(const struct session *s, const struct method *method);
/* Why it can't tell this target, or NULL. */
const char *method_refuses(const struct session *s,
			   const struct method *method);
/*
 * Its options: as they are chosen, else as they were in its newest result, else
 * as nobody has said them.  The caller clears them.
 */
void method_options(const struct session *s, const struct method *method,
		    struct option_values *values);
/* Let the cursor stand on the method that is chosen. */
void method_go(const struct session *s, struct view *v);
/* What j and k move; over *n places. */
size_t *method_cursor(struct view *v, size_t *n);

#endif
