/*
 * finder.h - a pattern, and where it is in a text
 *
 * The pattern is a regular expression as Perl has it (PCRE2), most often just
 * a word.  Case is smart: a pattern without a capital letter finds capitals
 * too.  A text may be any bytes: what is not UTF-8 in it matches nothing.  No
 * pattern can hang: a text that takes too many tries is given up, and counts
 * as one in which there is nothing.
 */
#ifndef GEMBA_FINDER_H
#define GEMBA_FINDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct finder;

/* ERR_USAGE, with the place in the pattern, when it is empty or wrong. */
struct finder *finder_new(const char *pattern, struct err *err);
/* The same with capitals and small letters apart; empty, it is in any text. */
struct finder *finder_new_exact(const char *pattern, struct err *err);
void finder_free(struct finder *finder);

/* True when the pattern is in the text; any thread may ask. */
bool finder_cell(const struct finder *finder, const char *text, size_t len);

/* For many texts, and for where it is: room that one thread needs. */
struct matcher;

struct matcher *matcher_new(const struct finder *finder);
void matcher_free(struct matcher *matcher);

/* The first match, from byte *at on, of *size bytes (which may be 0). */
bool matcher_find(struct matcher *matcher, const char *text, size_t len,
		  size_t *at, size_t *size);

/* How many texts were given up so far. */
size_t matcher_given_up(const struct matcher *matcher);

/*
 * What a reader of whole lines may do.  PLAIN: the pattern is a mere text,
 * quick to find in a megabyte; a match is in a cell or has a delimiter in it.
 * SHORT, LINE: where it matches a cell, it matches no later in the text around
 * it, a megabyte or only a line.  CELL: it must be asked of each cell, as ^$
 * must.
 */
enum finder_reach { FINDER_PLAIN, FINDER_SHORT, FINDER_LINE, FINDER_CELL };
enum finder_reach finder_reach(const struct finder *finder);

/* PLAIN, and one of these bytes is in the text to find. */
bool finder_has_any(const struct finder *finder, const char *bytes);

#endif
