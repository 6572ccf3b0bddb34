/*
 * walk.h - walks over all the rows: how they end, and into what they are cut
 */
#ifndef GEMBA_WALK_H
#define GEMBA_WALK_H

#include <stddef.h>

enum walk { WALKED, STOPPED, NO_ROOM };

/* As many parts, or rows of a block, as the limits allow. */
static inline size_t walk_within(size_t n, size_t least, size_t most)
{
	return n < least ? least : n > most ? most : n;
}

#endif
