/*
 * nameless.h - a temporary file that has no name
 *
 * It lies in $TMPDIR, or /tmp, and is gone when it is closed, whatever
 * happens.  It is only ever appended to, and read by pread().
 */
#ifndef GEMBA_NAMELESS_H
#define GEMBA_NAMELESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The file descriptor, or -1. */
int nameless_open(struct err *err);

/* Write n bytes from the byte *at on; *at is moved behind those that could be
 * written.  When the folder is full the error says so. */
bool nameless_write(int fd, const char *bytes, size_t n, uint64_t *at,
		    struct err *err);

#endif
