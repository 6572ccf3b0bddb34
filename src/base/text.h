/*
 * text.h - words, widths and harmless text
 *
 * Cells, file names and recipes come from anywhere.  text_safe() makes text
 * harmless before it is measured, drawn or printed to a terminal; all widths
 * are in columns of the terminal, not in bytes.
 */
#ifndef GEMBA_TEXT_H
#define GEMBA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Split a command line into words at blanks; 'single' and "double" quotes keep
 * blanks, also within a word (missing="I/O Timeout"), # begins a comment.
 * Words are owned by the result; start[i] is the byte where word i begins in
 * line, for the caret.  An unclosed quote is an error.
 */
enum { WORDS_MAX = 4096 };
struct words {
	size_t n;
	char **word;		/* owned; word[n] is NULL */
	size_t *start;		/* owned */
};
bool words_split(struct words *words, const char *line, struct err *err);
/* The first word, and all that follows it as it stands, as the second. */
void words_rest(struct words *words, const char *line);
void words_clear(struct words *words);

/* The text as one word of a command line, in quotes if it needs them. */
char *text_quote(const char *text);

/* True when the word is one of those in a list with blanks between them. */
bool text_has_word(const char *list, const char *word);

/* printf onto the end of what is in buf; cut when it is full. */
void text_append(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * A harmless copy of len bytes: control characters (C0, DEL, C1), marks that
 * change the direction of writing and bytes that are not UTF-8 become visible
 * signs: U+2400 and up for C0, U+FFFD for the rest.  Cut at the first len
 * bytes that fill size.  Returns to.
 */
char *text_safe(char *to, size_t size, const char *from, size_t len);
char *text_safe_dup(const char *from);	/* the caller frees it */

/*
 * Decode the character of UTF-8 that text, of at least one byte, begins with.
 * Returns how many bytes it has: more than len when it is cut off; 0 when it
 * is none: too long, a surrogate, past U+10FFFF.  *c is set to a whole one.
 */
size_t text_character(const char *text, size_t len, uint32_t *c);
/* True for UTF-8; NULs may be in it. */
bool text_valid(const char *text, size_t len);

/* Columns that harmless UTF-8 takes on a terminal. */
size_t text_width(const char *text);
/* How many bytes of text fit into so many columns; *used columns of it. */
size_t text_fit(const char *text, size_t columns, size_t *used);
/* How many bytes of it go into a line of so many columns: up to a blank, if
 * there is one. */
size_t text_line(const char *text, size_t columns);

/* 1234567 as "1,234,567". */
enum { COUNT_TEXT = 32 };
char *text_count(char to[COUNT_TEXT], size_t n);

/*
 * The candidate nearest to a mistyped name, for "did you mean"; NULL when none
 * is near.  One wrong letter is a slip; else "speed" is taken for the beginning
 * of a word, as in "Rotational speed [rpm]"; else a third of the letters may be
 * wrong, and one more in a name of five.  Large and small letters are the same.
 */
const char *text_nearest(const char *name, const char *const *candidate,
			 size_t n);

#endif
