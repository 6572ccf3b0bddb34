/*
 * dict.h - distinct texts, numbered in the order of their first coming
 *
 * The readers of this folder turn the cells of a column into small numbers
 * with it.  The texts lie in an arena that the caller names.
 */
#ifndef GEMBA_DICT_H
#define GEMBA_DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct dict {
	uint32_t n;
	uint32_t texts_room;
	const char **text;	/* owned: n pointers into an arena */
	uint64_t *slot;		/* owned: hash and number of a text, or 0 */
	size_t slots;		/* a power of two, or 0 */
};

void dict_clear(struct dict *dict);	/* zeros are an empty dict */
void dict_empty(struct dict *dict);	/* forgets texts, keeps the room */

/*
 * The number of a text, a new one if it was not there.  A NUL in it, which
 * would hide what follows, stands as U+2400 from here on.  False: no memory.
 */
bool dict_add(struct dict *dict, struct arena *arena, const char *s,
	      size_t len, uint32_t *number);

/* True, and its number, if the text is there. */
bool dict_find(const struct dict *dict, const char *s, size_t len,
	       uint32_t *number);

/*
 * Sort n texts: as numbers if all of them are (see number_read()), otherwise
 * by their bytes.
 * place[i] is where text i has gone.  False: no memory.
 */
bool dict_sort(const char **text, size_t n, char decimal, char thousands,
	       uint32_t *place);

#endif
