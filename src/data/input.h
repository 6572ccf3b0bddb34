/*
 * input.h - the bytes of a file as UTF-8, wherever they come from
 *
 * A file of UTF-8 is used where it lies.  What comes through a pipe, is packed
 * (gzip, zstd) or is in another encoding is copied, unpacked and recoded into
 * a nameless temporary file, which grows while one thread fills it and others
 * read from it already.  Either way who reads sees a file descriptor that
 * holds UTF-8 from input_start() on, as far as input_bytes() says.
 *
 * UTF-8 itself is not checked behind the first 64 KB: bytes that are none stay
 * as they are, for the reader to count.
 *
 * One thread at a time opens, fills and closes; any thread may call all that
 * takes a const struct input, while the input is open.
 */
#ifndef GEMBA_INPUT_H
#define GEMBA_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/job.h"

struct input;

/*
 * encoding: "auto", or a name that iconv knows, which then has the last word;
 * see encoding.h for names that stand for more than they say.  "-" is standard
 * input.  Reads as much as it takes to know what the file is: 64 KB of text,
 * or of a slow pipe what has come 100 ms after its first line.  It waits for
 * that line, or the end, as long as it takes.
 *
 * The errors: no such file, a directory, a device, the keyboard; nothing in
 * it; no text; an unknown encoding; no room in $TMPDIR.  Standard input may be
 * opened again, in another encoding, when it is complete or has been closed;
 * another pipe cannot.
 */
struct input *input_open(const char *path, const char *encoding,
			 struct err *err);
void input_close(struct input *input);

/*
 * Copy on for about 50 ms; true when all went well, whether or not it is
 * complete now.  False when cancelled (ERR_CANCELLED), and it can be gone on
 * with; otherwise, when something broke: then the input is complete, what
 * came before can be read, and calling it again gives the same error.
 */
bool input_fill(struct input *input, struct job *job, struct err *err);

int input_fd(const struct input *input);	/* for pread() only */
uint64_t input_start(const struct input *input); /* behind a byte order mark */
uint64_t input_bytes(const struct input *input); /* there by now */
bool input_complete(const struct input *input);	/* no more will come */
/* How much of the file as it lies on the disk is done, 0 to 1; -1 when its
 * size is not known. */
double input_part(const struct input *input);

const char *input_encoding(const struct input *input);	/* "GB18030" */
double input_sure(const struct input *input);	/* 1: no guess */
const char *input_why(const struct input *input);	/* "byte order mark" */
const char *input_packing(const struct input *input);	/* "gzip", NULL */
/* Sequences that the encoding does not have, and that became U+FFFD. */
uint64_t input_replaced(const struct input *input);

#endif
