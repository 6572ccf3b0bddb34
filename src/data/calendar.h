/*
 * calendar.h - days and dates
 *
 * The Gregorian calendar, also before there was one, for the years 1 to 9999;
 * days and seconds are counted from 1970-01-01.  when.h builds on it.
 */
#ifndef GEMBA_CALENDAR_H
#define GEMBA_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* The first second of year 1, and of the first year that is not allowed. */
#define CALENDAR_BEGIN INT64_C(-62135596800)
#define CALENDAR_END INT64_C(253402300800)

/* Is there such a day in the years 1 to 9999? */
bool calendar_exists(int year, int month, int day);

/* The day of a date that exists, and the date of a day. */
int calendar_day(int year, int month, int day);
void calendar_date(int days, int *year, int *month, int *day);

/*
 * The double nearest to whole + fraction / 10^digits, fraction being less than
 * 10^digits, and whole a second of the calendar.
 */
enum { CALENDAR_DIGITS = 9 };
double calendar_second(int64_t whole, int fraction, int digits);

#endif
