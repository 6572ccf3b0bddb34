/*
 * ascii.h - what a byte is, whatever the locale
 *
 * isdigit() and its friends ask the locale; a file does not change with it.
 */
#ifndef GEMBA_ASCII_H
#define GEMBA_ASCII_H

#include <stdbool.h>

static inline bool ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A byte of UTF-8 that is no ASCII. */
static inline bool ascii_beyond(char c)
{
	return (unsigned char)c >= 0x80;
}

#endif
