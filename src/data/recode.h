/*
 * recode.h - text of any encoding to UTF-8, piece by piece, with iconv
 *
 * What the encoding does not have becomes U+FFFD and is counted.  Pieces may
 * end within a character.
 */
#ifndef GEMBA_RECODE_H
#define GEMBA_RECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recode;

/* NULL when iconv does not know the encoding. */
struct recode *recode_new(const char *encoding);
void recode_free(struct recode *recode);

/*
 * Recode the bytes from *next to end, which moves *next, into room bytes (at
 * least RECODE_ROOM); returns how many of them.  When it returns 0, what is
 * left is the beginning of a character.  last: nothing comes behind end; then
 * call it until it returns 0 and nothing is left.
 */
enum { RECODE_ROOM = 64 };
size_t recode_some(struct recode *recode, const char **next, const char *end,
		   bool last, char *to, size_t room);

/* Sequences that became U+FFFD so far. */
uint64_t recode_replaced(const struct recode *recode);

#endif
