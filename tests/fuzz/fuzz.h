/*
 * fuzz.h - what the fuzz targets share
 *
 * A target is a file with one LLVMFuzzerTestOneInput(): it does something with
 * any bytes, and says must() of what has to hold.  It is run by driver.c, with
 * any compiler, or by clang's libFuzzer (configure --with-fuzzer).
 *
 * The first bytes of an input are choices, the others are a file.  A digit is
 * the choice of that number, so that the corpus can be read and written.
 */
#ifndef GEMBA_FUZZ_H
#define GEMBA_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *at;	/* what is left of it; borrowed */
	size_t left;
};

/* The next byte as a choice from 0 to n - 1; 0 when there is none left. */
unsigned input_choice(struct input *in, unsigned n);

/* A file in memory that holds so many bytes, so many times.  Its path lasts
 * as long as it is open. */
enum { FILE_PATH = 40 };
int file_of(const void *bytes, size_t n, size_t times, char path[FILE_PATH]);

/* Ends the program with a message when this does not hold. */
void must(bool holds, const char *what);

#endif
