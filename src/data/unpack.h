/*
 * unpack.h - gzip and zstd, piece by piece
 *
 * Several packed files one behind the other are one, as for gzip and zstd
 * themselves.
 */
#ifndef GEMBA_UNPACK_H
#define GEMBA_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct unpack;

/* "gzip", "zstd", or NULL: by the first bytes of a file.  Four are enough;
 * of fewer none may be wrong. */
const char *unpack_kind(const char *bytes, size_t n);

struct unpack *unpack_new(const char *kind, struct err *err);
void unpack_free(struct unpack *unpack);

/*
 * Unpack some of the bytes from *next to end, which moves *next, into room
 * bytes; *made of them.  When nothing is made and nothing is left more is
 * wanted.  False when it is damaged: why, as a part of a sentence.
 */
bool unpack_some(struct unpack *unpack, const char **next, const char *end,
		 char *to, size_t room, size_t *made, struct err *err);

/* True when the file may end here. */
bool unpack_whole(const struct unpack *unpack);

#endif
