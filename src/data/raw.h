/*
 * raw.h - the bytes of a file as they come, once or again
 *
 * A file on the disk is read where it lies.  A pipe gives its bytes once.
 * Those of standard input are kept in a nameless file for the life of the
 * process, so that it can be opened again, and read in another way.
 *
 * One thread reads; any thread may ask for raw_part().
 */
#ifndef GEMBA_RAW_H
#define GEMBA_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct raw;

/*
 * "-" is standard input.  Refused are folders, devices, the keyboard, and
 * standard input that another struct raw is still reading.
 */
struct raw *raw_open(const char *path, struct err *err);
void raw_close(struct raw *raw);

const char *raw_name(const struct raw *raw);	/* for messages */
bool raw_is_pipe(const struct raw *raw);	/* but not standard input */

enum raw_said {
	RAW_BYTES,
	RAW_END,
	RAW_WAIT,	/* nothing has come for so long */
	RAW_FAILED
};
/* The next bytes, up to room of them; waits for a pipe at most so long. */
enum raw_said raw_read(struct raw *raw, char *to, size_t room, int ms,
		       size_t *n, struct err *err);

uint64_t raw_at(const struct raw *raw);		/* bytes read */
double raw_part(const struct raw *raw);		/* 0 to 1; -1: not known */

/*
 * Where all the bytes that are there by now can be read by pread(): a file
 * descriptor, or -1 when they are gone once they are read.  The raw owns it.
 * The bytes of interest begin at raw_first() and end at raw_end().  While
 * raw_growing(), only raw_read() makes them more.
 */
int raw_fd(const struct raw *raw);
uint64_t raw_first(const struct raw *raw);
uint64_t raw_end(const struct raw *raw);
bool raw_growing(const struct raw *raw);

#endif
