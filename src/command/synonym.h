/*
 * synonym.h - what others call it
 *
 * Whoever comes from pandas, SQL or a spreadsheet types the words of those.
 * They are no commands here; the message says what is.
 */
#ifndef GEMBA_SYNONYM_H
#define GEMBA_SYNONYM_H

#include "base/text.h"

/*
 * What to write in place of a line whose first word is no command, as text of
 * the command language, to be freed; NULL when nothing like it is known.
 */
char *synonym_line(const struct words *words);

/* The name of the type in column_type_name[] that "date" or "float" is; else
 * NULL. */
const char *synonym_type(const char *name);

#endif
