/*
 * print.h - text of any origin, harmless, in columns
 */
#ifndef GEMBA_PRINT_H
#define GEMBA_PRINT_H

#include <stddef.h>
#include <stdio.h>

/* In so many columns of the terminal; what is wider is not cut. */
void print_left(FILE *out, const char *text, size_t columns);
void print_right(FILE *out, const char *text, size_t columns);
/* Columns that the widest of the texts takes, but no fewer than least. */
size_t print_widest(char *const *text, size_t n, size_t least);

/* What comes behind a noun that there are n of. */
const char *print_plural(size_t n);

#endif
