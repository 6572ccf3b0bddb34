#include "data/when-scan.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "data/calendar.h"
#include "data/cell.h"
#include "data/when.h"

static bool at_digit(const struct when_reading *r)
{
	return r->s < r->end && ascii_digit(*r->s);
}

static bool eat_char(struct when_reading *r, char c)
{
	if (r->s == r->end || *r->s != c)
		return false;
	r->s++;
	return true;
}

static bool eat(struct when_reading *r, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(r->end - r->s) < len || memcmp(r->s, text, len) != 0)
		return false;
	r->s += len;
	return true;
}

/* Browsers put a narrow blank, which does not break, before AM and PM. */
static bool eat_blanks(struct when_reading *r)
{
	const char *begin = r->s;

	while (r->s < r->end && cell_is_blank(*r->s))
		r->s++;
	while (r->s < r->end && ascii_beyond(*r->s) &&
	       (eat(r, "\u00a0") || eat(r, "\u202f")))
		eat_char(r, ' ');
	return r->s > begin;
}

/* All the digits that stand here; how many, and their value if at most 9. */
static int eat_number(struct when_reading *r, int *value)
{
	const char *begin = r->s;
	unsigned n = 0;

	for (; at_digit(r); r->s++)
		n = n * 10 + (unsigned)(*r->s - '0');
	if (r->s - begin > 9)
		return 10;
	*value = (int)n;
	return (int)(r->s - begin);
}

/* 4 digits are a year, 2 perhaps; 1 and 2 may be a month or a day. */
static bool eat_field(struct when_reading *r, int i)
{
	r->width[i] = eat_number(r, &r->field[i]);
	return r->width[i] == 1 || r->width[i] == 2 || r->width[i] == 4;
}

/* Letters, and what "\u00e4" and "\u00c4" are made of, made small. */
static char small_letter(char c)
{
	unsigned char u = (unsigned char)c;
	char small = (char)(u | 0x20);

	if ((small >= 'a' && small <= 'z') || u == 0xc3 || u == 0x84 ||
	    u == 0xa4)
		return small;
	return '\0';
}

/* A word of the same letters as the name, whatever their size. */
static bool same_word(const char *s, size_t len, const char *name)
{
	for (size_t i = 0; i < len; i++)
		if (small_letter(s[i]) != small_letter(name[i]))
			return false;
	return name[len] == '\0';
}

/* English and German. */
static bool eat_month(struct when_reading *r, int *month)
{
	static const struct {
		const char *name;
		int month;
	} months[] = {
		{ "jan", 1 }, { "january", 1 }, { "januar", 1 },
		{ "feb", 2 }, { "february", 2 }, { "februar", 2 },
		{ "mar", 3 }, { "march", 3 }, { "m\u00e4rz", 3 },
		{ "mrz", 3 }, { "m\u00e4r", 3 }, { "maerz", 3 },
		{ "apr", 4 }, { "april", 4 }, { "may", 5 }, { "mai", 5 },
		{ "jun", 6 }, { "june", 6 }, { "juni", 6 },
		{ "jul", 7 }, { "july", 7 }, { "juli", 7 },
		{ "aug", 8 }, { "august", 8 },
		{ "sep", 9 }, { "sept", 9 }, { "september", 9 },
		{ "oct", 10 }, { "october", 10 }, { "okt", 10 },
		{ "oktober", 10 }, { "nov", 11 }, { "november", 11 },
		{ "dec", 12 }, { "december", 12 }, { "dez", 12 },
		{ "dezember", 12 }
	};
	const char *begin = r->s;
	char initial;

	while (r->s < r->end && small_letter(*r->s))
		r->s++;
	initial = r->s > begin ? small_letter(*begin) : '\0';
	for (size_t i = 0; i < ARRAY_LEN(months); i++)
		if (months[i].name[0] == initial &&
		    same_word(begin, (size_t)(r->s - begin), months[i].name)) {
			*month = months[i].month;
			r->width[1] = 2;
			return true;
		}
	return false;
}

/* Between a month's name and its neighbours: "-" "/" "." ", " or blanks. */
static bool eat_mark(struct when_reading *r)
{
	if (eat_char(r, '-') || eat_char(r, '/'))
		return true;
	if (eat_char(r, '.') || eat_char(r, ','))
		return eat_blanks(r), true;
	return eat_blanks(r);
}

/* May 1, 2024; May 2024. */
static bool month_first(struct when_reading *r)
{
	r->ordered = true;
	if (!eat_month(r, &r->field[1]) || !eat_mark(r) || !eat_field(r, 2))
		return false;
	if (r->width[2] < 4)
		return eat_mark(r) && eat_field(r, 0) && r->width[0] == 4;
	r->field[0] = r->field[2];
	r->width[0] = r->width[2];
	r->field[2] = 1;
	return true;
}

/* 1 May 2024 and 2024-May-01, behind the first mark. */
static bool month_second(struct when_reading *r)
{
	int number = r->field[0], width = r->width[0];

	r->ordered = true;
	if (!eat_month(r, &r->field[1]) || !eat_mark(r))
		return false;
	if (width == 4)
		return eat_field(r, 2) && r->width[2] < 4;
	r->field[2] = number;
	return eat_field(r, 0) && r->width[0] > 1;
}

/* 2024年5月1日 and 2024年5月, behind the first sign. */
static bool chinese_date(struct when_reading *r)
{
	r->ordered = true;
	if (r->width[0] != 4 || !eat_field(r, 1) || r->width[1] == 4 ||
	    !eat(r, "月"))
		return false;
	if (eat_field(r, 2))
		return r->width[2] < 4 && eat(r, "日");
	r->field[2] = 1;
	return r->width[2] == 0;
}

/* 20240501, which is a number unless a time follows. */
static bool compact_date(struct when_reading *r)
{
	int n = r->field[0];

	r->ordered = r->doubtful = true;
	r->field[0] = n / 10000;
	r->field[1] = n / 100 % 100;
	r->field[2] = n % 100;
	return true;
}

/* 2024-05.  Parts have such names too (4711-05): it is a year of our time. */
static bool year_and_month(struct when_reading *r, char mark)
{
	r->ordered = true;
	r->field[2] = 1;
	return mark == '-' && r->width[0] == 4 && r->width[1] == 2 &&
	       r->field[0] >= 1900 && r->field[0] < 2100 && r->s == r->end;
}

/* The orders of 05/01/2024, 5.1.24 and 24-05-01. */
static bool find_orders(struct when_reading *r, char mark)
{
	const int *width = r->width;
	unsigned dmy = 1u << WHEN_DMY, mdy = 1u << WHEN_MDY;
	unsigned ymd = 1u << WHEN_YMD;

	if (width[0] == 4 || width[1] == 4 || width[2] == 1)
		return false;
	r->orders = mark == '.' ? dmy : dmy | mdy;
	if (width[2] == 4)
		return true;
	if (mark != '.' && width[0] == 2)
		r->orders |= ymd;
	/* Shelves and places have names such as 03-01-12. */
	r->doubtful = mark == '-';
	return true;
}

static bool number_first(struct when_reading *r)
{
	char mark;

	r->width[0] = eat_number(r, &r->field[0]);
	if (r->s == r->end)
		return false;
	if (r->width[0] == 8)
		return compact_date(r);
	if (r->width[0] > 4 || r->width[0] == 3)
		return false;
	if (eat(r, "年"))
		return chinese_date(r);
	mark = *r->s++;
	if (mark != '-' && mark != '/' && mark != '.' && mark != ' ')
		return false;
	if (mark == ' ' || mark == '.')
		eat_blanks(r);
	if (!at_digit(r))
		return month_second(r);
	if (mark == ' ' || r->s[-1] != mark || !eat_field(r, 1) ||
	    r->width[1] == 4)
		return false;
	if (!eat_char(r, mark))
		return year_and_month(r, mark);
	if (!eat_field(r, 2))
		return false;
	r->ordered = r->width[0] == 4 && r->width[2] < 4;
	return r->ordered || find_orders(r, mark);
}

/* ---- the time of day ---- */

static bool two_digits(struct when_reading *r, int *value)
{
	if (r->end - r->s < 2 || !ascii_digit(r->s[0]) || !ascii_digit(r->s[1]))
		return false;
	*value = (r->s[0] - '0') * 10 + (r->s[1] - '0');
	r->s += 2;
	return true;
}

/* What a double cannot hold behind the ninth digit is passed over. */
static bool eat_fraction(struct when_reading *r)
{
	if (r->end - r->s < 2 || (*r->s != '.' && *r->s != ',') ||
	    !ascii_digit(r->s[1]))
		return true;
	for (r->s++; at_digit(r); r->s++)
		if (r->digits < CALENDAR_DIGITS) {
			r->fraction = r->fraction * 10 + (*r->s - '0');
			r->digits++;
		}
	return true;
}

/* Behind the hour: 13:45:07.123, 13时45分07秒; and 134507 when compact. */
static bool minute_and_second(struct when_reading *r, bool compact, int *minute,
			      int *second)
{
	if (compact) {
		if (!two_digits(r, minute))
			return false;
		return !at_digit(r) ||
		       (two_digits(r, second) && eat_fraction(r));
	}
	if (eat_char(r, ':')) {
		if (!two_digits(r, minute) || at_digit(r))
			return false;
		return !eat_char(r, ':') ||
		       (two_digits(r, second) && eat_fraction(r));
	}
	if (!eat(r, "时") && !eat(r, "時"))
		return false;
	if (!at_digit(r) || eat_number(r, minute) > 2 || !eat(r, "分"))
		return false;
	return !at_digit(r) ||
	       (eat_number(r, second) <= 2 && eat(r, "秒"));
}

/* AM, pm, a.m.; the hour is then one of 12. */
static bool eat_half(struct when_reading *r, int *hour)
{
	const char *begin = r->s;
	char half;

	eat_blanks(r);
	half = r->s < r->end ? small_letter(*r->s) : '\0';
	if (half != 'a' && half != 'p') {
		r->s = begin;
		return true;
	}
	r->s++;
	eat_char(r, '.');
	if (!eat_char(r, 'm') && !eat_char(r, 'M'))
		return false;
	eat_char(r, '.');
	if (*hour < 1 || *hour > 12)
		return false;
	*hour = *hour % 12 + (half == 'p' ? 12 : 0);
	return true;
}

/* Z, UTC, GMT, +01:00, +0100, +01; the clock goes back by it. */
static bool eat_offset(struct when_reading *r)
{
	int hour, minute = 0;
	bool minus;

	eat_blanks(r);
	if (r->s == r->end || !r->has_date)
		return r->s == r->end;
	if (eat_char(r, 'Z') || eat_char(r, 'z') || eat(r, "UTC") ||
	    eat(r, "GMT"))
		return true;
	minus = *r->s == '-';
	if ((!eat_char(r, '-') && !eat_char(r, '+')) || !two_digits(r, &hour))
		return false;
	if (r->s < r->end) {
		eat_char(r, ':');
		if (!two_digits(r, &minute))
			return false;
	}
	if (minute > 59 || hour * 60 + minute > (minus ? 12 : 14) * 60)
		return false;
	r->clock -= (minus ? -1 : 1) * (hour * HOUR + minute * MINUTE);
	return true;
}

static bool eat_clock(struct when_reading *r, bool compact)
{
	const char *begin = r->s;
	int hour, minute = 0, second = 0, width = eat_number(r, &hour);

	compact = compact && (width == 4 || width == 6);
	if (compact) {
		r->s = begin;
		two_digits(r, &hour);
	} else if (width != 1 && width != 2) {
		return false;
	}
	if (!minute_and_second(r, compact, &minute, &second) ||
	    !eat_half(r, &hour))
		return false;
	if (minute > 59 || second > 60 || hour > 24 ||
	    (hour == 24 && (minute > 0 || second > 0 || r->fraction > 0)))
		return false;
	r->has_time = true;
	r->clock = hour * HOUR + minute * MINUTE + second;
	return eat_offset(r);
}

/* Between date and time: T, a comma, blanks; nothing is needed behind 日. */
static bool eat_gap(struct when_reading *r)
{
	bool chinese = !ascii_digit(r->s[-1]);

	if (eat_char(r, 'T') || eat_char(r, 't'))
		return true;
	eat_char(r, ',');
	return eat_blanks(r) || chinese;
}

/* 13:45 begins like 13.05.2024: the first mark tells. */
static bool begins_with_clock(const struct when_reading *r)
{
	const char *s = r->s;

	while (s < r->end && s < r->s + 2 && ascii_digit(*s))
		s++;
	return s > r->s && s < r->end && *s == ':';
}

bool when_scan(const char *text, size_t len, struct when_reading *r)
{
	bool compact;

	*r = (struct when_reading){ .s = text, .end = text + len };
	eat_blanks(r);
	while (r->end > r->s && cell_is_blank(r->end[-1]))
		r->end--;
	if (begins_with_clock(r))
		return eat_clock(r, false) &&
		       r->clock + (r->fraction > 0) <= DAY;
	if (r->s == r->end ||
	    !(ascii_digit(*r->s) ? number_first(r) : month_first(r)))
		return false;
	r->has_date = true;
	if (r->s == r->end)
		return !r->doubtful;
	compact = r->width[0] == 8;
	return eat_gap(r) && eat_clock(r, compact);
}
