/*
 * expression-time.c - times in an expression
 *
 * A time is a number of seconds that remembers how it is written.  What stays
 * one: a time and a number of seconds more or less, the smaller of two, one
 * from another row.
 */
#include "data/expression-program.h"

#include <math.h>
#include <string.h>

#include "data/calendar.h"
#include "data/number.h"
#include "data/when.h"

/* ---- the parts of a time ---- */

struct moment {
	int days;		/* since 0001-01-01, a Monday */
	int clock;		/* seconds of the day */
};

static inline bool moment_of(double t, struct moment *m)
{
	int64_t whole;

	if (!(t >= (double)CALENDAR_BEGIN && t < (double)CALENDAR_END))
		return false;
	whole = (int64_t)t;
	whole -= (double)whole > t;
	whole -= CALENDAR_BEGIN;
	m->days = (int)(whole / DAY);
	m->clock = (int)(whole % DAY);
	return true;
}

static inline double clock_part(enum op op, double t)
{
	struct moment m;

	if (!moment_of(t, &m))
		return NAN;
	switch (op) {
	case OP_HOUR: return m.clock / HOUR;
	case OP_MINUTE: return m.clock % HOUR / MINUTE;
	case OP_SECOND: return m.clock % MINUTE + (t - floor(t));
	case OP_WEEKDAY: return m.days % 7 + 1;
	default:
		return (double)((int64_t)m.days * DAY + CALENDAR_BEGIN);
	}
}

/* Rows one below the other are of the same day more often than not. */
static void date_part(enum op op, const double *a, size_t n, double *out)
{
	int year = 0, month = 0, day = 0, last = -1;

	for (size_t i = 0; i < n; i++) {
		struct moment m;

		if (!moment_of(a[i], &m)) {
			out[i] = NAN;
			continue;
		}
		if (m.days != last)
			calendar_date(m.days + (int)(CALENDAR_BEGIN / DAY),
				      &year, &month, &day);
		last = m.days;
		out[i] = op == OP_YEAR ? year : op == OP_MONTH ? month : day;
	}
}

void expression_time(enum op op, const double *a, size_t n, double *out)
{
	switch (op) {
	case OP_HOUR:
		for (size_t i = 0; i < n; i++)
			out[i] = clock_part(OP_HOUR, a[i]);
		break;
	case OP_MINUTE:
		for (size_t i = 0; i < n; i++)
			out[i] = clock_part(OP_MINUTE, a[i]);
		break;
	case OP_SECOND:
		for (size_t i = 0; i < n; i++)
			out[i] = clock_part(OP_SECOND, a[i]);
		break;
	case OP_WEEKDAY:
		for (size_t i = 0; i < n; i++)
			out[i] = clock_part(OP_WEEKDAY, a[i]);
		break;
	case OP_DATE:
		for (size_t i = 0; i < n; i++)
			out[i] = clock_part(OP_DATE, a[i]);
		break;
	default:
		date_part(op, a, n, out);
	}
}

/* ---- what is a time ---- */

bool value_is_na(const struct value *v)
{
	return !v->is_text && v->in.kind == OPERAND_CONSTANT &&
	       isnan(v->in.constant);
}

/* Whole days more leave a date a date. */
static bool is_whole_days(const struct value *v)
{
	return v->in.kind == OPERAND_CONSTANT &&
	       fmod(v->in.constant, DAY) == 0;
}

static void moved_time(const struct value *time, const struct value *by,
		       struct value *result)
{
	result->is_time = true;
	result->form = time->form;
	result->form.has_time |= !is_whole_days(by);
}

/* Both are times of one kind, or one has no value at all. */
static void either_time(const struct value *left, const struct value *right,
			struct value *result)
{
	const struct value *time = left->is_time ? left : right;
	const struct value *other = left->is_time ? right : left;

	if (!time->is_time || (!other->is_time && !value_is_na(other)) ||
	    (other->is_time && other->form.has_date != time->form.has_date))
		return;
	result->is_time = true;
	result->form = time->form;
	if (other->is_time)
		result->form.has_time |= other->form.has_time;
}

void value_time(enum op op, const struct value *left,
		const struct value *right, struct value *result)
{
	switch (op) {
	case OP_SUBTRACT:
		if (left->is_time && !right->is_time)
			moved_time(left, right, result);
		break;
	case OP_ADD:
		if (left->is_time && !right->is_time)
			moved_time(left, right, result);
		else if (right->is_time && !left->is_time)
			moved_time(right, left, result);
		break;
	case OP_MIN:
	case OP_MAX:
	case OP_IF:
		either_time(left, right, result);
		break;
	default:
		break;
	}
}

static bool literal_number(const struct value *v)
{
	double x;

	return number_parse(v->level[0], strlen(v->level[0]), '.', &x);
}

static bool literal_to_time(struct parser *p, struct value *v,
			    const struct when_form *form)
{
	const char *text = v->level[0];
	double seconds;

	if (literal_number(v))
		return true;	/* in seconds */
	if (!when_parse(text, strlen(text), form, &seconds))
		return parser_fail(p, v->start, "'%.60s' is no time beside "
				   "%s: write %s", text,
				   form->has_date ? "dates" : "times of day",
				   form->has_date ? "2024-05-01 13:45"
						  : "13:45");
	*v = (struct value){
		.in = { OPERAND_CONSTANT, { seconds } },
		.start = v->start, .end = v->end,
		.is_time = true, .form = *form
	};
	v->form.has_time |= fmod(seconds, DAY) != 0;
	return true;
}

bool values_to_times(struct parser *p, struct value *left,
		     struct value *right)
{
	if (left->is_time && right->literal)
		return literal_to_time(p, right, &left->form);
	if (right->is_time && left->literal)
		return literal_to_time(p, left, &right->form);
	return true;
}
