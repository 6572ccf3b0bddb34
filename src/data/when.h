/*
 * when.h - points in time as plants write them
 *
 * A time is a double: seconds since 1970-01-01 00:00, with milli- and
 * microseconds as its fraction.  A time without an offset is taken as it
 * stands; one with an offset ("+02:00", "Z") is put to UTC.  A time of day
 * alone is seconds since midnight, and a column holds either those or dates.
 *
 * What is read: ISO 8601 in its usual forms (2024-05-01T13:45:07.123Z, also
 * with blanks, slashes or points, and 20240501T134507), 01.05.2024 13:45:07,
 * 5/1/2024 1:45:07 PM, 01-MAY-24 13:45, 1. Mai 2024, May 1, 2024, May 2024,
 * 2024-05, 2024年5月1日 13时45分07秒, 13:45.  Every field is checked: there is
 * no 30 February.  24:00 is the end of a day and second 60 the next minute.
 * Years are 1 to 9999; of two digits, 70 to 99 are 19xx and the others 20xx.
 *
 * What could as well be a number, a version, an address or the name of a part
 * is no time: 20240501, 13.45, 1.2.3, 1-2, 192.168.1.10, 03-01-12.
 */
#ifndef GEMBA_WHEN_H
#define GEMBA_WHEN_H

#include <stdbool.h>
#include <stddef.h>

/* How a date of three numbers is read.  Points say DMY, a year of four digits
 * in front and a month's name say all; 03/04/2024 can be told only from the
 * other cells of its column. */
enum when_order { WHEN_YMD, WHEN_DMY, WHEN_MDY, WHEN_ORDERS };

/* How the cells of a column are written. */
struct when_form {
	enum when_order order;
	bool has_date;		/* else each is a time of day alone */
	bool has_time;		/* else each is a day's midnight */
	bool guessed;		/* the cells can be read in another order too */
};

/*
 * Read a whole cell; blanks around it are allowed.  False, and *seconds is not
 * set, when it is no time in this order, or has a date where the column has
 * none, or none where the column has one.  Of the form only the order and
 * has_date count.  Numbers and most words are refused at their first bytes.
 */
bool when_parse(const char *text, size_t len, const struct when_form *form,
		double *seconds);

/*
 * What the cell is evidence for: bit 1 << order for each order in which it is
 * a time, all of them if the order makes no difference; and whether it has a
 * date, and a time of day.  0 when it is no time in any order.
 */
enum { WHEN_HAS_DATE = 1 << WHEN_ORDERS, WHEN_HAS_TIME = 2 << WHEN_ORDERS };
unsigned when_orders(const char *text, size_t len);

/*
 * The cells of a column, looked at one by one: start with zeros, add each cell
 * that is not missing, then decide.  The order is the one in which most cells
 * are times.  If several are as good, it is a guess: that in which all cells
 * are months (dates of a first day), or else that in which they lie closest
 * together, as a log does; or else DMY.
 */
struct when_tally {
	size_t cells;		/* that were added */
	size_t dates, times;	/* that have a date; a time of day */
	size_t clocks;		/* that are a time of day alone */
	size_t read[WHEN_ORDERS];	/* of the dates: times in this order */
	size_t months[WHEN_ORDERS];	/* of these: a first day, no time */
	double first[WHEN_ORDERS], last[WHEN_ORDERS];	/* of these */
};
void when_tally_add(struct when_tally *tally, const char *text, size_t len);
/* How many of the cells are times in that form; 0, and no form, for none. */
size_t when_decide(const struct when_tally *tally, struct when_form *form);

/* Room for any text that when_format() writes. */
enum { WHEN_TEXT = 32 };

/*
 * A time in the form of ISO 8601 with a blank, "2024-05-01 13:45:07", of which
 * the form may take the date or the time away.  It has a fraction only if the
 * second has one: as many digits as tell it apart, at most nine.  "" for
 * missing; what is no time (beyond the years, or the day) as a number.
 */
size_t when_format(double seconds, const struct when_form *form,
		   char text[WHEN_TEXT]);

/* A time taken to pieces. */
struct when_parts {
	int year, month, day;	/* month and day from 1 */
	int hour, minute;
	double second;		/* with its fraction */
	int weekday;		/* 1 Monday ... 7 Sunday */
	int yearday;		/* 1 for 1 January */
};
/* False for a missing time, and for one beyond the years 1 to 9999. */
bool when_parts(double seconds, struct when_parts *parts);

#endif
