#include "run/print.h"

#include <stdlib.h>

#include "base/text.h"

void print_left(FILE *out, const char *text, size_t columns)
{
	char *safe = text_safe_dup(text);
	size_t width = text_width(safe);

	fputs(safe, out);
	for (; width < columns; width++)
		fputc(' ', out);
	free(safe);
}

void print_right(FILE *out, const char *text, size_t columns)
{
	char *safe = text_safe_dup(text);

	for (size_t width = text_width(safe); width < columns; width++)
		fputc(' ', out);
	fputs(safe, out);
	free(safe);
}

size_t print_widest(char *const *text, size_t n, size_t least)
{
	for (size_t i = 0; i < n; i++) {
		char *safe = text_safe_dup(text[i]);
		size_t width = text_width(safe);

		least = width > least ? width : least;
		free(safe);
	}
	return least;
}

const char *print_plural(size_t n)
{
	return n == 1 ? "" : "s";
}
