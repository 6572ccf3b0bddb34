/*
 * when-scan.h - the grammar of times
 *
 * The first half of when.c: what stands in a cell, field by field, before one
 * knows the order of its date.
 */
#ifndef GEMBA_WHEN_SCAN_H
#define GEMBA_WHEN_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct when_reading {
	const char *s, *end;	/* what is still to be read */
	bool has_date, has_time;
	int field[3], width[3];	/* of the date, and how many digits they had */
	bool ordered;		/* field[] is year, month, day; else: */
	unsigned orders;	/* in which field[] may be read: 1 << order */
	bool doubtful;		/* no date unless a time stands beside it */
	int clock;		/* seconds since midnight, less the offset */
	int fraction, digits;	/* fraction / 10^digits of a second */
};

/*
 * False when the cell is no time whatever the order.  The time of day is
 * checked; the fields of the date only have as many digits as such fields may
 * have.
 */
bool when_scan(const char *text, size_t len, struct when_reading *reading);

#endif
