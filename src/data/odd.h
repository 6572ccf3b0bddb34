/*
 * odd.h - how a NaN remembers a text
 *
 * An odd cell of a number column is a quiet NaN whose low bits hold the number
 * of its text plus one.  A missing cell is a NaN with zero there.  Arithmetic
 * never looks at these bits; only this folder and the cell
 * rules make and read them.
 */
#ifndef GEMBA_ODD_H
#define GEMBA_ODD_H

#include <stdint.h>
#include <string.h>

#define ODD_NAN UINT64_C(0x7ff8000000000000)

static inline double odd_missing(void)
{
	uint64_t bits = ODD_NAN;
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

static inline double odd_make(uint32_t text)
{
	uint64_t bits = ODD_NAN | ((uint64_t)text + 1);
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/* The number of the text plus one; 0 for a number or a missing cell. */
static inline uint32_t odd_text(double x)
{
	uint64_t bits;

	if (x == x)
		return 0;
	memcpy(&bits, &x, sizeof(bits));
	return (uint32_t)bits;
}

#endif
