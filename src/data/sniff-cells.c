/*
 * What the cells are tells which marks are in the numbers, and whether the
 * first row holds names.
 */
#include "data/sniff.h"

#include <string.h>

#include "base/ascii.h"
#include "data/number.h"
#include "data/when-scan.h"

/* The marks that are looked for. */
static const char decimals[] = ".,";
static const char thousand_marks[] = ",.' ";
enum { DECIMALS = 2, THOUSANDS = 4 };

/*
 * Kinds
 */

static bool looks_like_time(struct cell cell)
{
	struct when_reading r;

	return when_scan(cell.text, cell.len, &r);
}

static bool is_number(struct cell c)
{
	double x;

	if (number_parse(c.text, c.len, '.', &x) ||
	    number_parse(c.text, c.len, ',', &x))
		return true;
	for (int i = 0; i < DECIMALS; i++)
		for (int k = 0; k < THOUSANDS; k++)
			if (number_parse_grouped(c.text, c.len, decimals[i],
						 thousand_marks[k], &x))
				return true;
	return false;
}

enum kind sniff_kind(const struct dialect *d, struct cell cell)
{
	if (dialect_missing(d, cell.text, cell.len, true))
		return KIND_NOTHING;
	if (!ascii_digit(*cell.text) && !strchr("+-.,", *cell.text))
		return KIND_TEXT;
	if (is_number(cell))
		return KIND_NUMBER;
	return looks_like_time(cell) ? KIND_TIME : KIND_TEXT;
}

/*
 * Marks in numbers
 */

/* How many numbers there are that only one mark explains, and that two do:
 * 1.234 is one number with a decimal point, another with marks. */
struct tally {
	size_t cells, numbers;
	size_t only[DECIMALS];
	size_t either[DECIMALS];
	size_t grouped[DECIMALS][THOUSANDS];	/* with marks in thousands */
	size_t doubtful[DECIMALS][THOUSANDS];	/* of these the either ones */
};

static void add_tally(struct tally *to, const struct tally *t)
{
	to->cells += t->cells;
	to->numbers += t->numbers;
	for (int i = 0; i < DECIMALS; i++) {
		to->only[i] += t->only[i];
		to->either[i] += t->either[i];
		for (int k = 0; k < THOUSANDS; k++) {
			to->grouped[i][k] += t->grouped[i][k];
			to->doubtful[i][k] += t->doubtful[i][k];
		}
	}
}

/* The ways to read the text with marks between its thousands. */
static void note_groups(struct tally *t, struct cell c, bool plain,
			bool fits[DECIMALS])
{
	double x;

	for (int i = 0; i < DECIMALS; i++)
		for (int k = 0; k < THOUSANDS; k++)
			if (number_parse_grouped(c.text, c.len, decimals[i],
						 thousand_marks[k], &x)) {
				fits[i] = true;
				t->grouped[i][k]++;
				t->doubtful[i][k] += plain;
			}
}

static void note_cell(struct tally *t, const struct sniff *s, struct cell c)
{
	double x;
	bool fits[DECIMALS] = { false }, plain[DECIMALS];

	if (dialect_missing(s->dialect, c.text, c.len, true))
		return;
	t->cells++;
	if (!ascii_digit(*c.text) && !strchr("+-.,", *c.text))
		return;
	for (int i = 0; i < DECIMALS; i++)
		plain[i] = number_parse(c.text, c.len, decimals[i], &x);
	if (plain[0] && plain[1]) {
		t->numbers++;
		return;
	}
	note_groups(t, c, plain[0] || plain[1], fits);
	for (int i = 0; i < DECIMALS; i++) {
		bool here = plain[i] || fits[i];
		bool there = plain[!i] || fits[!i];

		t->only[i] += here && !there;
		t->either[i] += plain[i] && there;
	}
	t->numbers += plain[0] || plain[1] || fits[0] || fits[1];
}

/* Only columns of numbers have a say: an address has points too.  The first
 * row may hold names. */
static void take_tally(struct tally *all, const struct sniff *s)
{
	size_t from = s->top + (s->cut.rows > s->top + 1);

	for (size_t j = 0; j < s->width; j++) {
		struct tally t = { 0 };

		for (size_t i = from; i < s->cut.rows; i++)
			note_cell(&t, s, cut_cell(&s->cut, i, j));
		if (t.numbers * 10 >= t.cells * 6)
			add_tally(all, &t);
	}
}

static void say_decimal(struct dialect *d, const struct tally *t, int i,
			bool given)
{
	const char value[2] = { decimals[i], '\0' };
	const char *name = i ? "comma" : "point";
	size_t sure = t->only[0] + t->only[1];

	if (given)
		sniff_say(d, DIALECT_DECIMAL, value, 1, "the user said so");
	else if (sure)
		sniff_say(d, DIALECT_DECIMAL, value, (double)t->only[i] /
			  (double)sure * sniff_faith(sure),
			  "%zu of %zu numbers have a decimal %s", t->only[i],
			  sure, name);
	else if (t->either[0] + t->either[1])
		sniff_say(d, DIALECT_DECIMAL, value, 0.5,
			  "1%c234 may be read in two ways",
			  t->either[0] ? '.' : ',');
	else
		sniff_say(d, DIALECT_DECIMAL, value, 0.6,
			  "no number has a decimal mark");
}

/* Programs write ; between cells where numbers have a decimal comma. */
static int decide_decimal(const struct dialect *d, const struct tally *t,
			  int thousands)
{
	if (thousands == '.' || thousands == ',')
		return thousands == '.';
	if (t->only[0] + t->only[1])
		return t->only[1] > t->only[0];
	return d->delimiter == ';' && t->either[1] > t->either[0];
}

static const char *thousands_word(char c, char room[2])
{
	room[0] = c;
	room[1] = '\0';
	return c == 0 ? "none" : c == ' ' ? "blank"
	     : c == '\'' ? "apostrophe" : room;
}

static void say_thousands(struct dialect *d, size_t numbers, size_t grouped,
			  size_t doubtful, bool given)
{
	char room[2];
	const char *word = thousands_word(d->thousands, room);

	if (given)
		sniff_say(d, DIALECT_THOUSANDS, word, 1, "the user said so");
	else if (d->thousands)
		sniff_say(d, DIALECT_THOUSANDS, word, sniff_faith(grouped),
			  "%zu of %zu numbers have them", grouped, numbers);
	else if (doubtful)
		sniff_say(d, DIALECT_THOUSANDS, word, 0.5,
			  "%zu of %zu numbers might have them", doubtful,
			  numbers);
	else
		sniff_say(d, DIALECT_THOUSANDS, word,
			  0.5 + 0.4 * sniff_faith(numbers),
			  "none of %zu numbers has such marks", numbers);
}

/*
 * Where the decimal mark is beyond doubt, a mark that only thousands explain
 * is one.  ' and a blank are never decimal marks.
 */
static void decide_thousands(struct dialect *d, const struct tally *t, int i,
			     bool decimal_given)
{
	bool known = decimal_given || t->only[i] > 0;
	size_t most = 0, doubtful = 0;

	d->thousands = 0;
	for (int k = 0; k < THOUSANDS; k++) {
		char mark = thousand_marks[k];
		bool other = mark == '.' || mark == ',';

		if (!known)
			doubtful += t->doubtful[i][k] + t->doubtful[!i][k];
		if ((other && !known) || (mark == ' ' && d->delimiter == ' ') ||
		    t->grouped[i][k] <= most)
			continue;
		most = t->grouped[i][k];
		d->thousands = mark;
	}
	say_thousands(d, t->numbers, most, doubtful, false);
}

void sniff_marks(struct sniff *s, int decimal, int thousands)
{
	struct dialect *d = s->dialect;
	bool given = decimal != SNIFF_AUTO;
	struct tally t = { 0 };
	int i;

	take_tally(&t, s);
	i = given ? decimal == ',' : decide_decimal(d, &t, thousands);
	d->decimal = decimals[i];
	say_decimal(d, &t, i, given);
	if (thousands == SNIFF_AUTO) {
		decide_thousands(d, &t, i, given);
		return;
	}
	d->thousands = (char)thousands;
	say_thousands(d, 0, 0, 0, true);
}

/*
 * The header
 */

/* One column below a row. */
struct below {
	size_t cells, typed;
	bool repeats, echoes;
};

static bool same_cell(struct cell a, struct cell b)
{
	return a.len > 0 && a.len == b.len && !memcmp(a.text, b.text, a.len);
}

static struct below look_below(const struct sniff *s, size_t row, size_t j)
{
	struct below b = { 0 };
	struct cell cell = cut_cell(&s->cut, row, j), next = { "", 0 };

	for (size_t i = row + 1; i < s->cut.rows; i++) {
		struct cell c = cut_cell(&s->cut, i, j);
		enum kind kind = sniff_kind(s->dialect, c);

		b.cells += kind != KIND_NOTHING;
		b.typed += kind == KIND_NUMBER || kind == KIND_TIME;
		b.repeats = b.repeats || same_cell(cell, c);
		if (i == row + 1)
			next = c;
		else
			b.echoes = b.echoes || same_cell(next, c);
	}
	return b;
}

struct votes sniff_votes(const struct sniff *s, size_t row)
{
	struct votes v = { 0 };

	for (size_t j = 0; j < s->cut.row[row].cells; j++) {
		enum kind kind = sniff_kind(s->dialect,
					    cut_cell(&s->cut, row, j));
		struct below b;
		bool typed;

		if (kind == KIND_NOTHING)
			continue;
		b = look_below(s, row, j);
		typed = b.cells > 0 && b.typed * 10 >= b.cells * 6;
		if (kind == KIND_TEXT) {
			v.texts++;
			v.names += typed;
			v.repeats += !typed && b.repeats;
			v.echoes += !typed && b.echoes;
		} else {
			v.typed++;
			v.values += typed;
		}
	}
	return v;
}

static bool names_win(const struct votes *v)
{
	return v->names > 0 && v->names * 2 >= v->values &&
	       !(v->repeats > 0 && v->values >= v->names);
}

bool sniff_is_header(const struct sniff *s, size_t row)
{
	struct votes v = sniff_votes(s, row);

	return names_win(&v);
}

/* 2019, 2020, 2021 above numbers that do not count on. */
static bool counts_on(const struct sniff *s, size_t row)
{
	double last = 0, x;
	size_t steps = 0, numbers = 0;

	for (size_t j = 0; j < s->cut.row[row].cells; j++) {
		struct cell c = cut_cell(&s->cut, row, j);

		if (!number_parse(c.text, c.len, '.', &x))
			continue;
		steps += numbers > 0 && x == last + 1;
		numbers++;
		last = x;
	}
	return numbers > 2 && steps + 1 == numbers;
}

static bool says(struct sniff *s, bool header, double sure, const char *why)
{
	sniff_say(s->dialect, DIALECT_HEADER, header ? "yes" : "no", sure,
		  "%s", why);
	return header;
}

static bool decide_header(struct sniff *s)
{
	size_t below = s->cut.rows - s->top - 1;
	struct votes v = sniff_votes(s, s->top);
	double faith = sniff_faith(below);

	if (v.texts == 0 && v.typed > 0)
		return says(s, false, 0.5 + 0.5 * sniff_faith(v.typed),
			    "the first row has no texts");
	if (below == 0)
		return says(s, true, 0.5, "there is one row");
	if (names_win(&v))
		return says(s, true, 0.5 + 0.5 * faith *
			    (double)v.names / (double)(v.names + v.values),
			    "the first row has texts above numbers or times");
	if (v.names + v.values > 0 && counts_on(s, s->top) &&
	    !counts_on(s, s->top + 1))
		return says(s, true, 0.7, "the first row counts on");
	if (v.names + v.values > 0)
		return says(s, false, 0.5 + 0.4 * faith,
			    "the first row has values as the others do");
	if (v.repeats > 0)
		return says(s, false, 0.5 + 0.3 * faith,
			    "texts of the first row occur again");
	if (v.echoes > 0)
		return says(s, true, 0.5 + 0.4 * faith, "texts occur again, "
			    "but not those of the first row");
	return says(s, true, 0.6, "the first row could be like the others");
}

void sniff_header(struct sniff *s)
{
	s->dialect->header = s->top < s->cut.rows
			   ? decide_header(s)
			   : says(s, true, 0.5, "there is no row");
}
