#include "data/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "data/cell.h"

/*
 * A decimal m * 10^e with m <= 2^53 and |e| <= 22 is one exact integer times
 * or divided by another, so that a single operation rounds once, to nearest:
 * Clinger, "How to read floating point numbers accurately", PLDI 1990.
 */
#define EXACT_MANTISSA (UINT64_C(1) << 53)
enum { EXACT_POWER = 22, EXACT_DIGITS = 18 };

static const double power_of_ten[EXACT_POWER + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

/* An exponent after its "e", added to *power; NULL when there is none. */
static const char *scan_exponent(const char *s, const char *end, int *power)
{
	bool minus = false;
	int e = 0;

	if (s < end && (*s == '-' || *s == '+'))
		minus = *s++ == '-';
	if (s == end || !ascii_digit(*s))
		return NULL;
	for (; s < end && ascii_digit(*s); s++)
		if (e < 10000)
			e = e * 10 + (*s - '0');
	*power += minus ? -e : e;
	return s;
}

const char *number_scan(const char *s, const char *end, char decimal,
			double *x)
{
	bool minus = false;
	uint64_t m = 0;
	const char *first;
	ptrdiff_t digits;
	int power = 0;
	double value;

	if (s < end && (*s == '-' || *s == '+'))
		minus = *s++ == '-';
	for (first = s; s < end && ascii_digit(*s); s++)
		m = m * 10 + (uint64_t)(*s - '0');
	digits = s - first;
	if (s < end && *s == decimal) {
		for (first = ++s; s < end && ascii_digit(*s); s++)
			m = m * 10 + (uint64_t)(*s - '0');
		if (s - first > EXACT_DIGITS)
			return NULL;
		digits += s - first;
		power = -(int)(s - first);
	}
	if (digits == 0 || digits > EXACT_DIGITS)
		return NULL;
	if (s < end && (*s == 'e' || *s == 'E'))
		s = scan_exponent(s + 1, end, &power);
	if (!s || m > EXACT_MANTISSA ||
	    power < -EXACT_POWER || power > EXACT_POWER)
		return NULL;
	value = power < 0 ? (double)m / power_of_ten[-power]
			  : (double)m * power_of_ten[power];
	*x = minus ? -value : value;
	return s;
}

/* What strtod() may be given: it would read "0x1p3", "inf" and "nan" too. */
static bool is_decimal(const char *s, const char *end, char decimal)
{
	size_t digits = 0, marks = 0;
	int power = 0;

	if (s < end && (*s == '-' || *s == '+'))
		s++;
	for (; s < end && (ascii_digit(*s) || *s == decimal); s++) {
		digits += ascii_digit(*s);
		marks += *s == decimal;
	}
	if (s < end && (*s == 'e' || *s == 'E'))
		s = scan_exponent(s + 1, end, &power);
	return s == end && digits > 0 && marks <= 1;
}

/* The locale of numbers stays "C" all through the program. */
static bool parse_slowly(const char *s, size_t len, char decimal, double *x)
{
	char small[128], *text = small;
	double value;

	if (len >= sizeof(small))
		text = mem_new(len + 1);
	for (size_t i = 0; i < len; i++)
		text[i] = s[i] == decimal ? '.' : s[i];
	text[len] = '\0';
	value = strtod(text, NULL);
	if (text != small)
		free(text);
	if (isinf(value))
		return false;
	*x = value;
	return true;
}

bool number_parse(const char *text, size_t len, char decimal, double *x)
{
	struct cell cell = cell_trimmed(text, len);
	const char *end = cell.text + cell.len;
	double value;

	if (cell.len && number_scan(cell.text, end, decimal, &value) == end) {
		*x = value;
		return true;
	}
	return is_decimal(cell.text, end, decimal) &&
	       parse_slowly(cell.text, cell.len, decimal, x);
}

/* How many bytes the mark at s takes; 0 when there is none. */
static size_t thousands_mark(const char *s, const char *end, char thousands)
{
	static const struct {
		char thousands;
		const char *mark;
	} wide[] = {
		{ ' ', "\xc2\xa0" }, { ' ', "\xe2\x80\xaf" },
		{ '\'', "\xe2\x80\x99" }
	};

	if (s < end && *s == thousands)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
		size_t len = strlen(wide[i].mark);

		if (wide[i].thousands == thousands &&
		    (size_t)(end - s) >= len && !memcmp(s, wide[i].mark, len))
			return len;
	}
	return 0;
}

static size_t count_digits(const char *s, const char *end)
{
	const char *first = s;

	while (s < end && ascii_digit(*s))
		s++;
	return (size_t)(s - first);
}

/* The digits of all the groups, put at to; where they end, or NULL when these
 * are no groups. */
static const char *join_groups(const char *s, const char *end, char thousands,
			       char **to)
{
	size_t digits = count_digits(s, end), mark, groups = 0;

	if (digits < 1 || digits > 3 || *s == '0')
		return NULL;
	for (;; groups++) {
		memcpy(*to, s, digits);
		*to += digits;
		s += digits;
		mark = thousands_mark(s, end, thousands);
		if (!mark)
			return groups ? s : NULL;
		s += mark;
		digits = count_digits(s, end);
		if (digits != 3)
			return NULL;
	}
}

bool number_parse_grouped(const char *text, size_t len, char decimal,
			  char thousands, double *x)
{
	struct cell cell = cell_trimmed(text, len);
	const char *s = cell.text, *end = s + cell.len;
	char plain[128], *to = plain;

	if (thousands == decimal || (size_t)(end - s) >= sizeof(plain))
		return false;
	if (s < end && (*s == '-' || *s == '+'))
		*to++ = *s++;
	s = join_groups(s, end, thousands, &to);
	if (!s || (s < end && cell_is_blank(*s)))
		return false;
	memcpy(to, s, (size_t)(end - s));
	to += end - s;
	return number_parse(plain, (size_t)(to - plain), decimal, x);
}

bool number_read(const char *text, size_t len, char decimal, char thousands,
		 double *x)
{
	return number_parse(text, len, decimal, x) ||
	       (thousands &&
		number_parse_grouped(text, len, decimal, thousands, x));
}

size_t number_format(double x, char text[NUMBER_TEXT])
{
	int len = 0;

	text[0] = '\0';
	if (isnan(x))
		return 0;
	for (int digits = 15; digits <= 17; digits++) {
		len = snprintf(text, NUMBER_TEXT, "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	return (size_t)len;
}
