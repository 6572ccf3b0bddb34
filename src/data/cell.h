/*
 * cell.h - the text of one cell, as it stands in the file
 */
#ifndef GEMBA_CELL_H
#define GEMBA_CELL_H

#include <stdbool.h>
#include <stddef.h>

/* NUL-terminated, but possibly with NULs inside, which len tells. */
struct cell {
	const char *text;
	size_t len;
};

static inline bool cell_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The text without the blanks around it; it may not end with a NUL. */
static inline struct cell cell_trimmed(const char *text, size_t len)
{
	while (len && cell_is_blank(*text))
		text++, len--;
	while (len && cell_is_blank(text[len - 1]))
		len--;
	return (struct cell){ text, len };
}

#endif
