/*
 * test-when.c - points in time, against Python's datetime
 */
#include "data/when.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "data/calendar.h"

enum {
	RANDOM_TIMES = 300000,
	ANY = 1 << WHEN_YMD | 1 << WHEN_DMY | 1 << WHEN_MDY,
	DMY = 1 << WHEN_DMY, MDY = 1 << WHEN_MDY, YMD = 1 << WHEN_YMD
};

/* datetime(2024, 5, 1, 13, 45, 7, tzinfo=timezone.utc).timestamp(), and
 * without the time, and 5 January; Python 3.11.2. */
#define MAY_TIME 1714571107
#define MAY_MINUTE 1714571100
#define MAY 1714521600
#define JAN 1704412800

static const struct when_form whole = { WHEN_DMY, true, true, false };

/* The form that a cell on its own would give its column. */
static bool read_in(const char *text, enum when_order order, double *seconds)
{
	struct when_form form = { .order = order };

	form.has_date = when_orders(text, strlen(text)) & WHEN_HAS_DATE;
	return when_parse(text, strlen(text), &form, seconds);
}

static void is_read_as(const char *text, unsigned orders, double expected)
{
	unsigned found = when_orders(text, strlen(text));
	double x = NAN;

	if ((found & ANY) != orders)
		fail_msg("\"%s\" is read in orders %u", text, found & ANY);
	for (unsigned order = 0; order < WHEN_ORDERS; order++) {
		if (read_in(text, order, &x) != !!(orders & 1u << order))
			fail_msg("\"%s\" in order %u", text, order);
		if ((orders & 1u << order) && x != expected)
			fail_msg("\"%s\" is read as %.17g", text, x);
	}
}

static void is_no_time(const char *text)
{
	double x;

	if (when_orders(text, strlen(text)) != 0)
		fail_msg("\"%s\" is taken for a time", text);
	for (unsigned order = 0; order < WHEN_ORDERS; order++)
		for (int date = 0; date < 2; date++) {
			struct when_form form = { order, date, true, false };

			if (when_parse(text, strlen(text), &form, &x))
				fail_msg("\"%s\" is read", text);
		}
}

/* (t - datetime(1970, 1, 1)).total_seconds(), t.isoweekday() and
 * t.timetuple().tm_yday of Python 3.11.2. */
static const struct {
	const char *text;
	int64_t seconds;
	int weekday, yearday;
} python[] = {
	{ "0001-01-01 00:00:00", -62135596800, 1, 1 },
	{ "0001-12-31 23:59:59", -62104060801, 1, 365 },
	{ "0004-02-29 23:59:59", -62035804801, 7, 60 },
	{ "0100-02-28 23:59:59", -59006361601, 7, 59 },
	{ "0100-03-01 23:59:59", -59006275201, 1, 60 },
	{ "0400-02-29 00:00:00", -49539340800, 2, 60 },
	{ "0400-03-01 23:59:59", -49539168001, 3, 61 },
	{ "1582-10-15 03:47:21", -12219279159, 5, 288 },
	{ "1600-02-29 23:59:59", -11670912001, 2, 60 },
	{ "1752-09-14 16:53:58", -6857161562, 4, 258 },
	{ "1899-12-30 06:19:18", -2209138842, 6, 364 },
	{ "1900-02-28 23:59:59", -2203891201, 3, 59 },
	{ "1900-03-01 23:59:59", -2203804801, 4, 60 },
	{ "1969-12-31 23:59:59", -1, 3, 365 },
	{ "1970-01-01 23:59:59", 86399, 4, 1 },
	{ "1972-02-29 17:56:44", 68234204, 2, 60 },
	{ "1999-12-31 23:59:59", 946684799, 5, 365 },
	{ "2000-02-29 00:00:00", 951782400, 2, 60 },
	{ "2000-03-01 23:59:59", 951955199, 3, 61 },
	{ "2001-01-01 23:59:59", 978393599, 1, 1 },
	{ "2024-02-29 01:19:45", 1709169585, 4, 60 },
	{ "2024-12-31 18:37:25", 1735670245, 2, 366 },
	{ "2038-01-19 00:00:00", 2147472000, 2, 19 },
	{ "2100-02-28 00:49:12", 4107458952, 7, 59 },
	{ "2100-03-01 17:14:25", 4107604465, 1, 60 },
	{ "2400-02-29 23:59:59", 13574649599, 2, 60 },
	{ "9999-01-01 14:58:17", 253370818697, 5, 1 },
	{ "9999-12-31 00:00:00", 253402214400, 5, 365 },
	{ "2202-10-28 12:50:54", 7347156654, 4, 301 },
	{ "1034-05-04 16:51:08", -29526620932, 7, 124 },
	{ "8118-08-16 00:00:00", 194031763200, 2, 228 },
	{ "6220-04-04 15:55:23", 134125170923, 2, 95 },
	{ "7994-01-27 23:59:59", 190101427199, 4, 27 },
	{ "6387-07-20 23:59:59", 139404412799, 1, 201 },
	{ "0035-12-15 11:00:34", -61032574766, 6, 349 },
	{ "4364-12-26 23:59:59", 75578486399, 6, 361 },
	{ "3749-10-04 00:00:00", 56163715200, 6, 277 },
	{ "5201-01-01 20:11:35", 101960626295, 1, 1 },
	{ "0417-11-18 05:55:05", -48980138695, 6, 322 },
	{ "0151-07-22 08:02:53", -57384604627, 4, 203 }
};

static void iso_times_are_as_in_python(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(python); i++)
		is_read_as(python[i].text, ANY, (double)python[i].seconds);
}

static void times_are_written_as_in_python(void **state)
{
	char text[WHEN_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(python); i++) {
		double seconds = (double)python[i].seconds;

		assert_int_equal(when_format(seconds, &whole, text), 19);
		assert_string_equal(text, python[i].text);
	}
}

static void parts_are_as_in_python(void **state)
{
	struct when_parts p;
	char text[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(python); i++) {
		assert_true(when_parts((double)python[i].seconds, &p));
		snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02.0f",
			 p.year, p.month, p.day, p.hour, p.minute, p.second);
		assert_string_equal(text, python[i].text);
		assert_int_equal(p.weekday, python[i].weekday);
		assert_int_equal(p.yearday, python[i].yearday);
	}
	assert_true(when_parts(-0.25, &p));
	assert_int_equal(p.year, 1969);
	assert_true(p.second == 59.75);
	assert_false(when_parts(NAN, &p));
	assert_false(when_parts(INFINITY, &p));
	assert_false(when_parts(253402300800.0, &p));
}

static void each_day_of_the_calendar_follows_the_one_before(void **state)
{
	int y = 1, m = 1, d = 1, year, month, day;

	(void)state;
	for (int days = -719162; days < 2932897; days++) {
		calendar_date(days, &year, &month, &day);
		if (year != y || month != m || day != d ||
		    calendar_day(y, m, d) != days)
			fail_msg("day %d is %d-%d-%d", days, year, month, day);
		if (!calendar_exists(y, m, ++d)) {
			d = 1;
			m++;
		}
		if (m > 12) {
			m = 1;
			y++;
		}
	}
	assert_int_equal(y, 10000);
}

/* NAN: the orders read different times. */
static const struct {
	const char *text;
	unsigned orders;
	double seconds;
} forms[] = {
	/* ISO 8601 and its like. */
	{ "2024-05-01T13:45:07", ANY, MAY_TIME },
	{ "2024-05-01t13:45:07", ANY, MAY_TIME },
	{ "2024-05-01 13:45:07", ANY, MAY_TIME },
	{ "2024-05-01   13:45:07", ANY, MAY_TIME },
	{ "  2024-05-01 13:45:07\t", ANY, MAY_TIME },
	{ "2024-05-01 13:45", ANY, MAY_MINUTE },
	{ "2024-05-01", ANY, MAY },
	{ "2024/05/01", ANY, MAY },
	{ "2024.05.01", ANY, MAY },
	{ "2024/05/01 13:45:07", ANY, MAY_TIME },
	{ "2024-5-1 13:45:07", ANY, MAY_TIME },
	{ "2024-05", ANY, MAY },
	{ "20240501T134507", ANY, MAY_TIME },
	{ "20240501 134507", ANY, MAY_TIME },
	{ "20240501T1345", ANY, MAY_MINUTE },
	{ "20240501T134507.25Z", ANY, MAY_TIME + 0.25 },
	{ "20240501 13:45:07", ANY, MAY_TIME },
	/* Offsets. */
	{ "2024-05-01T13:45:07Z", ANY, MAY_TIME },
	{ "2024-05-01T13:45Z", ANY, MAY_MINUTE },
	{ "2024-05-01 13:45:07 UTC", ANY, MAY_TIME },
	{ "2024-05-01T14:45:07+01:00", ANY, MAY_TIME },
	{ "2024-05-01T14:45:07+0100", ANY, MAY_TIME },
	{ "2024-05-01 14:45:07 +01", ANY, MAY_TIME },
	{ "2024-05-01T08:15:07-05:30", ANY, MAY_TIME },
	{ "2024-05-02T03:45:07+14:00", ANY, MAY_TIME },
	{ "2024-05-01T01:45:07-12:00", ANY, MAY_TIME },
	{ "20240501T144507+0100", ANY, MAY_TIME },
	/* Points: the day comes first. */
	{ "01.05.2024", DMY, MAY },
	{ "01.05.2024 13:45", DMY, MAY_MINUTE },
	{ "01.05.2024 13:45:07", DMY, MAY_TIME },
	{ "01.05.2024 13:45:07.5", DMY, MAY_TIME + 0.5 },
	{ "1.5.2024, 13:45:07", DMY, MAY_TIME },
	{ "1.5.24", DMY, MAY },
	{ "1.5.24 13:45:07", DMY, MAY_TIME },
	/* Slashes and dashes: it depends. */
	{ "13/05/2024", DMY, MAY + 12 * 86400 },
	{ "05/13/2024", MDY, MAY + 12 * 86400 },
	{ "5/13/2024 1:45:07 PM", MDY, MAY_TIME + 12 * 86400 },
	{ "13-05-2024 13:45:07", DMY, MAY_TIME + 12 * 86400 },
	{ "24/05/32", DMY, 1968969600 },
	{ "32/05/01", YMD, 1966982400 },
	{ "24-05-01 13:45", YMD | DMY, NAN },
	/* AM and PM. */
	{ "2024-05-01 1:45:07 PM", ANY, MAY_TIME },
	{ "2024-05-01 01:45:07pm", ANY, MAY_TIME },
	{ "2024-05-01 1:45:07 p.m.", ANY, MAY_TIME },
	{ "2024-05-01 1:45:07\u202fPM", ANY, MAY_TIME },
	{ "2024-05-01 1:45 Pm", ANY, MAY_MINUTE },
	{ "2024-05-01 12:00 AM", ANY, MAY },
	{ "2024-05-01 12:00 pm", ANY, MAY + 43200 },
	{ "2024-05-01 12:00:00.5 a.m.", ANY, MAY + 0.5 },
	/* Names of months. */
	{ "01-May-2024 13:45:07", ANY, MAY_TIME },
	{ "01-MAY-24 13:45:07", ANY, MAY_TIME },
	{ "1-may-24", ANY, MAY },
	{ "1 May 2024", ANY, MAY },
	{ "01/May/2024 13:45", ANY, MAY_MINUTE },
	{ "May 1, 2024", ANY, MAY },
	{ "May 01 2024 13:45:07", ANY, MAY_TIME },
	{ "May 1, 2024, 1:45:07 PM", ANY, MAY_TIME },
	{ "May 2024", ANY, MAY },
	{ "2024-May-01", ANY, MAY },
	{ "1. Mai 2024", ANY, MAY },
	{ "01.Mai.2024 13:45", ANY, MAY_MINUTE },
	{ "Jan 5, 2024", ANY, JAN },
	{ "5. Januar 2024", ANY, JAN },
	{ "5 January 2024", ANY, JAN },
	/* Chinese. */
	{ "2024年5月1日", ANY, MAY },
	{ "2024年05月01日", ANY, MAY },
	{ "2024年5月1日 13时45分07秒", ANY, MAY_TIME },
	{ "2024年5月1日13时45分7秒", ANY, MAY_TIME },
	{ "2024年5月1日 13时45分", ANY, MAY_MINUTE },
	{ "2024年5月1日 13:45", ANY, MAY_MINUTE },
	{ "2024年5月", ANY, MAY },
	/* The time of day alone. */
	{ "13:45", ANY, 49500 },
	{ "13:45:07", ANY, 49507 },
	{ "9:05", ANY, 32700 },
	{ "1:45 PM", ANY, 49500 },
	{ "13:45:07.25", ANY, 49507.25 },
	{ "00:00", ANY, 0 },
	{ "24:00", ANY, 86400 }
};

static void all_forms_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (isnan(forms[i].seconds))
			assert_int_equal(when_orders(forms[i].text,
						     strlen(forms[i].text)) &
					 ANY, forms[i].orders);
		else
			is_read_as(forms[i].text, forms[i].orders,
				   forms[i].seconds);
}

static void all_months_have_their_names(void **state)
{
	static const char *const names[] = {
		"Jan January Januar", "Feb February Februar",
		"Mar March M\u00e4r M\u00e4rz M\u00c4RZ Mrz Maerz",
		"Apr April", "May Mai", "Jun June Juni", "Jul July Juli",
		"Aug August", "Sep Sept September", "Oct October Okt Oktober",
		"Nov November", "Dec December Dez Dezember"
	};

	(void)state;
	for (int m = 1; m <= 12; m++)
		for (const char *name = names[m - 1]; *name;) {
			size_t n = strcspn(name, " ");
			char text[64];

			snprintf(text, sizeof(text), "7-%.*s-2024", (int)n,
				 name);
			is_read_as(text, ANY,
				   calendar_day(2024, m, 7) * 86400.0);
			name += n + (name[n] == ' ');
		}
}

static void the_order_decides_between_day_and_month(void **state)
{
	double x;

	(void)state;
	assert_int_equal(when_orders("05/01/2024", 10),
			 DMY | MDY | WHEN_HAS_DATE);
	assert_true(read_in("05/01/2024", WHEN_MDY, &x) && x == MAY);
	assert_true(read_in("05/01/2024", WHEN_DMY, &x) && x == JAN);
	assert_false(read_in("05/01/2024", WHEN_YMD, &x));
	assert_true(read_in("5-1-2024 13:45", WHEN_MDY, &x));
	assert_true(x == MAY_MINUTE);
	assert_true(read_in("24/05/01", WHEN_YMD, &x) && x == MAY);
	assert_true(read_in("24-05-01 13:45:07", WHEN_YMD, &x));
	assert_true(x == MAY_TIME);
}

static void two_digits_are_a_year_from_1970_to_2069(void **state)
{
	(void)state;
	is_read_as("1.1.70", DMY, 0);
	is_read_as("31.12.69", DMY, 3155673600);
	is_read_as("01-Jan-00", ANY, 946684800);
	is_read_as("01-Jan-99", ANY, 915148800);
}

static void the_end_of_a_day_is_the_next_one(void **state)
{
	(void)state;
	is_read_as("2024-04-30 24:00", ANY, MAY);
	is_read_as("2024-04-30 24:00:00.000", ANY, MAY);
	is_read_as("2016-12-31 23:59:60", ANY, 1483228800);
	is_read_as("2016-12-31T23:59:60.5Z", ANY, 1483228800.5);
	is_no_time("2024-04-30 24:00:01");
	is_no_time("2024-04-30 24:01");
	is_read_as("23:59:60", ANY, 86400);
	is_no_time("24:00:00.5");
	is_no_time("23:59:60.5");
	is_no_time("2016-12-31 23:59:61");
}

static void fields_out_of_range_are_refused(void **state)
{
	static const char *const wrong[] = {
		"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30",
		"2024-04-31", "2024-00-01", "2024-13-01", "2024-01-00",
		"2024-01-32", "0000-01-01", "2024-05-01 25:00",
		"2024-05-01 13:60", "2024-05-01 13:45:61",
		"2024-05-01 13:45:07+15:00", "2024-05-01 13:45:07-13:00",
		"2024-05-01 13:45:07+01:60", "2024-05-01 13:45 PM",
		"2024-05-01 0:45 PM", "2024-05-01 13:45:07+1:00",
		"9999-12-31 24:00", "0001-01-01T00:00+01:00", "32.01.2024",
		"01.13.2024", "29.02.2023", "31-Jun-2024", "20240231T134507",
		"2024年13月1日", "2024年2月30日", "2024年5月1日 24时01分",
		"13:60", "25:00", "13:45:61"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		is_no_time(wrong[i]);
}

static void what_may_be_something_else_is_no_time(void **state)
{
	static const char *const wrong[] = {
		"", " ", "20240501", "20240501134507", "13.45", "1.5", "1,5",
		"-5", "1e5", "2024", "2024.05", "1-2", "1/2", "10-12",
		"192.168.1.10", "10.12.20.5", "12-34-5678", "1.2.3", "1.10.2",
		"1.2.345", "03-01-12", "4711-05", "2024-5", "16:9", "1:2:3",
		"12:34:56:78", "00:1A:2B:3C", "may", "May", "march 3", "sun",
		"Mai-24", "1 may", "maybe 1, 2024", "2024-05-01x",
		"2024-05-01T", "2024-05-01 ,", "2024-05-01Z", "2024-05-01 13",
		"2024-05-01T13:4", "2024-05-01 13:45:7", "2024-05/01",
		"01.05-2024", "01.05.2024.", "01. 05. 2024", "1.5.024",
		"2024-05-01 13:45:07.", "2024-05-01 13:45:07 Uhr", "13:45Z",
		"13:45+01:00", "2024-05-01 13:45:07[UTC]", "20240501T13",
		"20240501T13450", "12345678 1234", "2024-05-011",
		"12024-05-01", "2024-005-01", "2024-0005-01",
		"05-2024-01", "2024-05-01 13:45:07.12x", "2024年0005月1日",
		"2024年",
		"99999999999999999999", "2024-05-01 13:45:07.5.5"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		is_no_time(wrong[i]);
	assert_int_equal(when_orders("2024-05-01\0", 11), 0);
}

static void dates_and_times_of_day_are_kept_apart(void **state)
{
	struct when_form clock = { .has_time = true };
	double x = -1;

	(void)state;
	assert_true(when_parse("13:45", 5, &clock, &x) && x == 49500);
	assert_false(when_parse("13:45", 5, &whole, &x));
	assert_false(when_parse("2024-05-01", 10, &clock, &x));
	assert_false(when_parse("2024-05-01 13:45", 16, &clock, &x));
	assert_true(x == 49500);
	assert_int_equal(when_orders("13:45", 5), ANY | WHEN_HAS_TIME);
	assert_int_equal(when_orders("2024-05-01 13:45", 16),
			 ANY | WHEN_HAS_DATE | WHEN_HAS_TIME);
}

/* strtod() of the seconds as a decimal says which double is the nearest. */
static void fractions_are_rounded_once(void **state)
{
	static const int64_t power[] = { 1, 10, 100, 1000, 10000, 100000,
					 1000000, 10000000, 100000000,
					 1000000000 };
	struct rng rng;

	(void)state;
	rng_init(&rng, 1);
	for (int i = 0; i < RANDOM_TIMES; i++) {
		int digits = 1 + (int)rng_upto(&rng, 8);
		int part = (int)(rng_upto(&rng, 1000000000) % power[digits]);
		int64_t seconds = (int64_t)rng_upto(&rng, UINT32_MAX) >>
				  rng_upto(&rng, 32);
		char text[64], decimal[64], begin[WHEN_TEXT];
		double x = -1;

		when_format((double)seconds, &whole, begin);
		snprintf(text, sizeof(text), "%s%c%0*d", begin,
			 rng_upto(&rng, 1) ? '.' : ',', digits, part);
		snprintf(decimal, sizeof(decimal), "%lld.%0*d",
			 (long long)seconds, digits, part);
		if (!when_parse(text, strlen(text), &whole, &x) ||
		    x != strtod(decimal, NULL))
			fail_msg("%s is read as %.17g", text, x);
	}
	is_read_as("1969-12-31 23:59:59.9", ANY, -0.1);
	is_read_as("1969-12-31 23:59:58.877", ANY, -1.123);
	is_read_as("2024-05-01 13:45:07.123456789999", ANY, 1714571107.1234568);
}

static void what_was_written_is_read_as_the_same(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 2);
	for (int i = 0; i < RANDOM_TIMES; i++) {
		char text[WHEN_TEXT], again[WHEN_TEXT];
		double x = -62135596800.0 + rng_double(&rng) * 315537897600.0;
		double y = NAN;
		size_t len;

		if (i % 2)
			x = floor(x);
		if (fabs(x) < 1 << 23)
			continue;
		len = when_format(x, &whole, text);
		assert_int_equal(len, strlen(text));
		if (!when_parse(text, len, &whole, &y) || x != y)
			fail_msg("%.17g: %s: %.17g", x, text, y);
		when_format(y, &whole, again);
		assert_string_equal(text, again);
	}
}

static void the_quick_way_is_the_same_as_the_long_one(void **state)
{
	/* A blank in front is not on the quick way. */
	static const char *const texts[] = {
		" 2024-05-01", " 2024-02-30", " 2024-05-01 13:45",
		" 2024-05-01T13:45", " 2024-05-01 13:45:07",
		" 2024-05-01 23:59:60", " 2024-05-01 24:00:00",
		" 2024-05-01 13:45:07.123", " 2024-05-01T13:45:07.123Z",
		" 2024-05-01 13:45Z", " 2024-05-01Z", " 01.05.2024",
		" 01.05.2024 13:45:07", " 01.05.2024 13:45:07.123",
		" 31.04.2024", " 2024-05-01 13:45:07,123",
		" 2024-05-01 1:45:07 PM", " 2024-05-01 13:45:07+02",
		" 0000-05-01", " 9999-12-31 23:59:59.999"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t len = strlen(texts[i]);
		double x = -1, y = -1;

		assert_int_equal(when_parse(texts[i], len, &whole, &x),
				 when_parse(texts[i] + 1, len - 1, &whole,
					    &y));
		assert_true(x == y);
	}
}

static void is_written(double seconds, bool date, bool time,
		       const char *expected)
{
	struct when_form form = { WHEN_DMY, date, time, false };
	char text[WHEN_TEXT];

	assert_int_equal(when_format(seconds, &form, text), strlen(expected));
	assert_string_equal(text, expected);
}

static void times_are_written_as_their_column_is(void **state)
{
	(void)state;
	is_written(MAY_TIME, true, true, "2024-05-01 13:45:07");
	is_written(MAY_TIME + 0.5, true, true, "2024-05-01 13:45:07.5");
	is_written(1714571107.123, true, true, "2024-05-01 13:45:07.123");
	is_written(1714571107.000001, true, true,
		   "2024-05-01 13:45:07.000001");
	is_written(MAY, true, true, "2024-05-01 00:00:00");
	is_written(MAY, true, false, "2024-05-01");
	is_written(MAY_TIME, true, false, "2024-05-01");
	is_written(49507, false, true, "13:45:07");
	is_written(49507.25, false, true, "13:45:07.25");
	is_written(86400, false, true, "24:00:00");
	is_written(0, false, true, "00:00:00");
	is_written(-0.5, true, true, "1969-12-31 23:59:59.5");
	is_written(-1e-300, true, true, "1970-01-01 00:00:00");
	is_written(59.9999999999, false, true, "00:01:00");
	is_written(NAN, true, true, "");
	is_written(1e12, true, true, "1000000000000");
	is_written(-1, false, true, "-1");
	is_written(86400.5, false, true, "86400.5");
	is_written(-DBL_MAX, true, true, "-1.7976931348623157e+308");
}

static size_t decide(const char *const *cells, size_t n,
		     struct when_form *form)
{
	struct when_tally tally = { 0 };

	for (size_t i = 0; i < n; i++)
		when_tally_add(&tally, cells[i], strlen(cells[i]));
	assert_int_equal(tally.cells, n);
	return when_decide(&tally, form);
}

static void one_cell_tells_the_order_of_a_column(void **state)
{
	static const char *const day[] = {
		"01/05/2024", "02/05/2024", "13/05/2024"
	};
	static const char *const month[] = {
		"05/01/2024 13:45", "05/02/2024", "05/13/2024", "n/a"
	};
	struct when_form form;

	(void)state;
	assert_int_equal(decide(day, 3, &form), 3);
	assert_true(form.order == WHEN_DMY && form.has_date);
	assert_false(form.has_time || form.guessed);
	assert_int_equal(decide(month, 4, &form), 3);
	assert_true(form.order == WHEN_MDY && form.has_date && form.has_time);
	assert_false(form.guessed);
}

static void a_guessed_order_is_that_of_a_log(void **state)
{
	static const char *const log[] = {
		"05/01/2024 08:00", "05/01/2024 20:00", "05/02/2024 08:00",
		"05/03/2024 08:00"
	};
	static const char *const months[] = {
		"01/01/2024", "01/02/2024", "01/03/2024"
	};
	static const char *const years[] = { "24/05/01", "24/05/02" };
	static const char *const lone[] = { "03/04/2024" };
	struct when_form form;

	(void)state;
	assert_int_equal(decide(log, 4, &form), 4);
	assert_true(form.order == WHEN_MDY && form.guessed);
	assert_int_equal(decide(months, 3, &form), 3);
	assert_true(form.order == WHEN_DMY && form.guessed);
	assert_int_equal(decide(years, 2, &form), 2);
	assert_true(form.order == WHEN_YMD && form.guessed);
	assert_int_equal(decide(lone, 1, &form), 1);
	assert_true(form.order == WHEN_DMY && form.guessed);
}

static void a_column_has_dates_or_times_of_day(void **state)
{
	static const char *const clocks[] = { "13:45", "9:05", "2024-05-01" };
	static const char *const dates[] = { "13:45", "2024-05-01", "2024-05" };
	static const char *const words[] = { "on", "1.5", "" };
	struct when_form form = { .guessed = true };

	(void)state;
	assert_int_equal(decide(words, 3, &form), 0);
	assert_int_equal(decide(words, 0, &form), 0);
	assert_true(form.guessed);
	assert_int_equal(decide(clocks, 3, &form), 2);
	assert_true(form.has_time && !form.has_date && !form.guessed);
	assert_int_equal(decide(dates, 3, &form), 2);
	assert_true(form.has_date && !form.has_time && !form.guessed);
	assert_int_equal(form.order, WHEN_YMD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso_times_are_as_in_python),
		cmocka_unit_test(times_are_written_as_in_python),
		cmocka_unit_test(parts_are_as_in_python),
		cmocka_unit_test(
			each_day_of_the_calendar_follows_the_one_before),
		cmocka_unit_test(all_forms_are_read),
		cmocka_unit_test(all_months_have_their_names),
		cmocka_unit_test(the_order_decides_between_day_and_month),
		cmocka_unit_test(two_digits_are_a_year_from_1970_to_2069),
		cmocka_unit_test(the_end_of_a_day_is_the_next_one),
		cmocka_unit_test(fields_out_of_range_are_refused),
		cmocka_unit_test(what_may_be_something_else_is_no_time),
		cmocka_unit_test(dates_and_times_of_day_are_kept_apart),
		cmocka_unit_test(fractions_are_rounded_once),
		cmocka_unit_test(what_was_written_is_read_as_the_same),
		cmocka_unit_test(the_quick_way_is_the_same_as_the_long_one),
		cmocka_unit_test(times_are_written_as_their_column_is),
		cmocka_unit_test(one_cell_tells_the_order_of_a_column),
		cmocka_unit_test(a_guessed_order_is_that_of_a_log),
		cmocka_unit_test(a_column_has_dates_or_times_of_day)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
