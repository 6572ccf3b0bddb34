#include "data/when.h"

#include <math.h>
#include <stdint.h>

#include "data/calendar.h"
#include "data/number.h"
#include "data/when-scan.h"

/* ---- reading ---- */

static bool resolve(const struct when_reading *r, enum when_order order,
		    double *seconds)
{
	/* Where year, month and day stand. */
	static const char place[WHEN_ORDERS][3] = {
		{ 0, 1, 2 }, { 2, 1, 0 }, { 2, 0, 1 }
	};
	const char *at = place[r->ordered ? WHEN_YMD : order];
	int year, month, day;
	int64_t whole;

	if (!r->has_date) {
		*seconds = calendar_second(r->clock, r->fraction, r->digits);
		return true;
	}
	if (!r->ordered && !(r->orders & 1u << order))
		return false;
	year = r->field[(int)at[0]];
	month = r->field[(int)at[1]];
	day = r->field[(int)at[2]];
	if (r->width[(int)at[0]] == 2)
		year += year < 70 ? 2000 : 1900;
	if (!calendar_exists(year, month, day))
		return false;
	whole = (int64_t)calendar_day(year, month, day) * DAY + r->clock;
	if (whole < CALENDAR_BEGIN || whole >= CALENDAR_END)
		return false;
	*seconds = calendar_second(whole, r->fraction, r->digits);
	return true;
}

/* ---- the shapes of most files ---- */

/* 0 to 99; or 100, which is too much for any field. */
static int pair(const char *s)
{
	unsigned tens = (unsigned)(s[0] - '0'), ones = (unsigned)(s[1] - '0');

	return tens < 10 && ones < 10 ? (int)(tens * 10 + ones) : 100;
}

/* 2024-05-01 and 01.05.2024. */
static bool common_date(const char *s, enum when_order order, int *day)
{
	int year, century, month, date;

	if (s[4] == '-' && s[7] == '-') {
		century = pair(s);
		year = pair(s + 2);
		month = pair(s + 5);
		date = pair(s + 8);
	} else if (s[2] == '.' && s[5] == '.' && order == WHEN_DMY) {
		date = pair(s);
		month = pair(s + 3);
		century = pair(s + 6);
		year = pair(s + 8);
	} else {
		return false;
	}
	if (year == 100 || !calendar_exists(century * 100 + year, month, date))
		return false;
	*day = calendar_day(century * 100 + year, month, date);
	return true;
}

/*
 * These dates alone, or with 13:45, 13:45:07 or 13:45:07.123 behind them, and
 * a Z: the same as when_scan() and resolve() make of them, in a third of the
 * time.  False says nothing.
 */
static bool parse_common(const char *s, size_t len, enum when_order order,
			 double *seconds)
{
	int day, hour = 0, minute = 0, second = 0, tenths = 0, rest = 0;

	if (len > 16 && s[len - 1] == 'Z')
		len--;
	if ((len != 10 && len != 16 && len != 19 && len != 23) ||
	    !common_date(s, order, &day))
		return false;
	if (len >= 16) {
		if ((s[10] != ' ' && s[10] != 'T') || s[13] != ':')
			return false;
		hour = pair(s + 11);
		minute = pair(s + 14);
	}
	if (len >= 19) {
		if (s[16] != ':')
			return false;
		second = pair(s + 17);
	}
	if (len == 23) {
		if (s[19] != '.')
			return false;
		tenths = pair(s + 20) / 10;
		rest = pair(s + 21);
	}
	if (hour > 23 || minute > 59 || second > 59 || tenths > 9 ||
	    rest > 99)
		return false;
	*seconds = calendar_second((int64_t)day * DAY + hour * HOUR +
				   minute * MINUTE + second,
				   tenths * 100 + rest, 3);
	return true;
}

bool when_parse(const char *text, size_t len, const struct when_form *form,
		double *seconds)
{
	struct when_reading r;

	if (form->has_date && parse_common(text, len, form->order, seconds))
		return true;
	return when_scan(text, len, &r) && r.has_date == form->has_date &&
	       resolve(&r, form->order, seconds);
}

unsigned when_orders(const char *text, size_t len)
{
	struct when_reading r;
	double seconds;
	unsigned found = 0;

	if (!when_scan(text, len, &r))
		return 0;
	for (unsigned order = 0; order < WHEN_ORDERS; order++)
		if (resolve(&r, order, &seconds))
			found |= 1u << order;
	if (found && r.has_date)
		found |= WHEN_HAS_DATE;
	if (found && r.has_time)
		found |= WHEN_HAS_TIME;
	return found;
}

/* ---- how the cells of a column are written ---- */

static void add_reading(struct when_tally *t, enum when_order order,
			double seconds, bool has_time)
{
	if (t->read[order] == 0 || seconds < t->first[order])
		t->first[order] = seconds;
	if (t->read[order] == 0 || seconds > t->last[order])
		t->last[order] = seconds;
	t->read[order]++;
	if (!has_time) {
		int year, month, day;

		calendar_date((int)(seconds / DAY), &year, &month, &day);
		t->months[order] += day == 1;
	}
}

void when_tally_add(struct when_tally *t, const char *text, size_t len)
{
	struct when_reading r;
	double seconds;
	bool found = false;

	t->cells++;
	if (!when_scan(text, len, &r))
		return;
	if (!r.has_date) {
		t->clocks++;
		t->times++;
		return;
	}
	for (unsigned order = 0; order < WHEN_ORDERS; order++)
		if (resolve(&r, order, &seconds)) {
			add_reading(t, order, seconds, r.has_time);
			found = true;
		}
	t->dates += found;
	t->times += found && r.has_time;
}

/* Is a the better reading of the dates, rather than b? */
static bool better(const struct when_tally *t, enum when_order a,
		   enum when_order b)
{
	bool a_months = t->months[a] == t->read[a];
	bool b_months = t->months[b] == t->read[b];

	if (t->read[a] != t->read[b])
		return t->read[a] > t->read[b];
	if (a_months != b_months)
		return a_months;
	return t->last[a] - t->first[a] < t->last[b] - t->first[b];
}

static bool differ(const struct when_tally *t, enum when_order a,
		   enum when_order b)
{
	return t->first[a] != t->first[b] || t->last[a] != t->last[b];
}

size_t when_decide(const struct when_tally *t, struct when_form *form)
{
	enum when_order best = WHEN_DMY;

	if (t->dates + t->clocks == 0)
		return 0;
	*form = (struct when_form){ .has_time = true };
	if (t->clocks > t->dates)
		return t->clocks;
	if (better(t, WHEN_MDY, best))
		best = WHEN_MDY;
	if (better(t, WHEN_YMD, best) ||
	    (t->read[WHEN_YMD] == t->read[best] && !differ(t, WHEN_YMD, best)))
		best = WHEN_YMD;
	*form = (struct when_form){ best, true, t->times > t->clocks, false };
	for (unsigned order = 0; order < WHEN_ORDERS; order++)
		if (t->read[order] == t->read[best] && differ(t, order, best))
			form->guessed = true;
	return t->read[best];
}

/* ---- writing ---- */

_Static_assert((int)WHEN_TEXT >= (int)NUMBER_TEXT, "what is no time fits too");

/* A second, and what is behind it: fraction / 10^digits. */
struct split {
	int64_t whole;
	int fraction, digits;
};

/* The fewest digits that are read as the same double. */
static struct split split_second(double seconds)
{
	struct split part = { .whole = (int64_t)floor(seconds) };
	double rest = seconds - (double)part.whole, power = 1;

	while (calendar_second(part.whole, part.fraction, part.digits) !=
	       seconds && part.digits < CALENDAR_DIGITS) {
		power *= 10;
		part.digits++;
		part.fraction = (int)(rest * power + 0.5);
	}
	if (part.fraction >= power) {
		part.whole++;
		part.fraction = part.digits = 0;
	}
	while (part.digits > 0 && part.fraction % 10 == 0) {
		part.fraction /= 10;
		part.digits--;
	}
	return part;
}

/* A number with so many digits, behind a mark if there is one. */
static char *put(char *to, char mark, int value, int digits)
{
	if (mark)
		*to++ = mark;
	for (int i = digits; i-- > 0; value /= 10)
		to[i] = (char)('0' + value % 10);
	return to + digits;
}

static char *put_date(char *to, int days)
{
	int year, month, day;

	calendar_date(days, &year, &month, &day);
	to = put(to, '\0', year, 4);
	to = put(to, '-', month, 2);
	return put(to, '-', day, 2);
}

static char *put_clock(char *to, int clock, const struct split *part)
{
	to = put(to, '\0', clock / HOUR, 2);
	to = put(to, ':', clock % HOUR / MINUTE, 2);
	to = put(to, ':', clock % MINUTE, 2);
	return part->digits ? put(to, '.', part->fraction, part->digits) : to;
}

static int64_t whole_days(int64_t seconds)
{
	return (seconds - CALENDAR_BEGIN) / DAY + CALENDAR_BEGIN / DAY;
}

static bool in_calendar(double seconds)
{
	return seconds >= (double)CALENDAR_BEGIN &&
	       seconds < (double)CALENDAR_END;
}

size_t when_format(double seconds, const struct when_form *form,
		   char text[WHEN_TEXT])
{
	struct split part;
	int64_t days = 0;
	char *to = text;

	if (!in_calendar(seconds))
		return number_format(seconds, text);
	part = split_second(seconds);
	if (part.whole >= CALENDAR_END ||
	    (!form->has_date && (seconds < 0 || seconds > DAY)))
		return number_format(seconds, text);
	if (form->has_date) {
		days = whole_days(part.whole);
		to = put_date(to, (int)days);
	}
	if (form->has_date && form->has_time)
		*to++ = ' ';
	if (form->has_time || !form->has_date)
		to = put_clock(to, (int)(part.whole - days * DAY), &part);
	*to = '\0';
	return (size_t)(to - text);
}

bool when_parts(double seconds, struct when_parts *parts)
{
	double whole = floor(seconds);
	int days, clock;

	if (!in_calendar(seconds))
		return false;
	days = (int)whole_days((int64_t)whole);
	clock = (int)((int64_t)whole - (int64_t)days * DAY);
	calendar_date(days, &parts->year, &parts->month, &parts->day);
	parts->hour = clock / HOUR;
	parts->minute = clock % HOUR / MINUTE;
	parts->second = clock % MINUTE + (seconds - whole);
	/* 1970-01-01 was a Thursday; the days before it are below zero. */
	parts->weekday = ((days + 3) % 7 + 7) % 7 + 1;
	parts->yearday = days - calendar_day(parts->year, 1, 1) + 1;
	return true;
}
