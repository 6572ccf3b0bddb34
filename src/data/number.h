/*
 * number.h - text to number, and back
 */
#ifndef GEMBA_NUMBER_H
#define GEMBA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Room for any number that number_format() writes. */
enum { NUMBER_TEXT = 32 };

/*
 * Read a whole cell as a decimal number: blanks around it are allowed, a sign,
 * digits with at most one decimal mark ('.' or ','), an exponent.  The result
 * is the double nearest to the text, as strtod() gives it.  False, and *x is
 * not set, when the cell is anything else: hexadecimal, "inf", "12 rpm", or
 * more than a double can hold.
 */
bool number_parse(const char *text, size_t len, char decimal, double *x);

/*
 * The same with marks between thousands: digits in groups of exactly three
 * before the decimal mark, the first of one to three and without a leading
 * zero, one mark at least: 1.234.567,8.  As thousands a blank stands for a
 * no-break one too (U+00A0, U+202F), and ' for U+2019.
 */
bool number_parse_grouped(const char *text, size_t len, char decimal,
			  char thousands, double *x);

/* Either of them; thousands is 0 where there are no such marks. */
bool number_read(const char *text, size_t len, char decimal, char thousands,
		 double *x);

/*
 * The quick half of number_parse(), for a reader that does not yet know where
 * the cell ends: the number that stands at s, and the byte after it.  NULL
 * when there is none, or when it has too many digits to be quick.
 */
const char *number_scan(const char *s, const char *end, char decimal,
			double *x);

/* The shortest text that reads back as the same double; "" for missing. */
size_t number_format(double x, char text[NUMBER_TEXT]);

#endif
