/*
 * bytes.h - the bytes of a file from a place on
 */
#ifndef GEMBA_BYTES_H
#define GEMBA_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Read n bytes from byte at on.  Returns how many: fewer only where the file
 * ends; or -1, and errno says why.  Any number of threads may read from one
 * file, for the place is not kept in it.
 */
ssize_t bytes_read(int fd, uint64_t at, char *to, size_t n);

#endif
