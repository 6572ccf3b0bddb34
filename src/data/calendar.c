#include "data/calendar.h"

enum {
	DAYS_TO_1970 = 719468,		/* from 1 March of year 0 */
	DAYS_IN_400_YEARS = 146097,
	DAYS_IN_100_YEARS = 36524,	/* and one more in each fourth */
	DAYS_IN_4_YEARS = 1461
};

/* Up to here every whole number is a double. */
#define EXACT (INT64_C(1) << 53)

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool calendar_exists(int year, int month, int day)
{
	static const char days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* Years begin in March here: the odd day of a leap year is then their last. */
static int days_before_month(int months_since_march)
{
	return (153 * months_since_march + 2) / 5;
}

int calendar_day(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int m = month <= 2 ? month + 9 : month - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 + days_before_month(m) +
	       day - 1 - DAYS_TO_1970;
}

/* How often a span fits in the days; they are left with the rest. */
static int take_spans(int *days, int span, int most)
{
	int n = *days / span;

	if (n > most)
		n = most;
	*days -= n * span;
	return n;
}

void calendar_date(int days, int *year, int *month, int *day)
{
	int rest = days + DAYS_TO_1970, m;

	*year = 400 * take_spans(&rest, DAYS_IN_400_YEARS, 25);
	*year += 100 * take_spans(&rest, DAYS_IN_100_YEARS, 3);
	*year += 4 * take_spans(&rest, DAYS_IN_4_YEARS, 24);
	*year += take_spans(&rest, 365, 3);

	m = (5 * rest + 2) / 153;
	*day = rest - days_before_month(m) + 1;
	*month = m < 10 ? m + 3 : m - 9;
	if (m >= 10)
		++*year;
}

double calendar_second(int64_t whole, int fraction, int digits)
{
	static const int power_of_ten[CALENDAR_DIGITS + 1] = {
		1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
		1000000000
	};
	int64_t power = power_of_ten[digits];

	if (fraction == 0)
		return (double)whole;
	/* Both numbers are exact: the division is the only rounding. */
	if (whole < EXACT / power - 1 && whole > 1 - EXACT / power)
		return (double)(whole * power + fraction) / (double)power;
	/*
	 * Here doubles lie at least 2^-29 apart, so that a number of nine
	 * digits is in the middle of two of them, or 4e-16 away from it.  The
	 * quotient is nearer than that, and is exact if it is the middle.
	 */
	return (double)whole + (double)fraction / (double)power;
}
