/*
 * help.h - the topics: one text file each
 *
 * They lie in $GEMBA_HELP, in the source tree, or where they were installed.
 */
#ifndef GEMBA_HELP_H
#define GEMBA_HELP_H

#include <stddef.h>

#include "base/err.h"

/* The text of a topic; "commands" is made from the command table.  NULL and an
 * error that names near topics.  The caller frees it. */
char *help_text(const char *topic, struct err *err);
/* The n-th topic in order, or NULL; valid until the next call. */
const char *help_topic(size_t n);

#endif
