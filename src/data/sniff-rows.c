/*
 * Every delimiter is tried with every quote that is there.  What cuts the rows
 * into the same number of cells, from the first row of that number on, and has
 * numbers and times in them, is best.
 */
#include "data/sniff.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* So many cells are looked at to see whether a cut makes sense. */
enum { TYPED_CELLS = 2000 };

/* Where two do equally well it is the first of them: a comma between tabs or
 * semicolons is a decimal mark. */
static const char delimiters[] = "\t;,|";

/* What came of a delimiter and a quote. */
struct trial {
	char delimiter, quote;
	size_t rows;
	size_t width;	/* the most frequent number of cells over 1; or 0 */
	size_t first;	/* the first row of that width */
	size_t alike;	/* rows of that width */
	size_t several;	/* rows from first on with more than one cell */
	double typed;	/* the part of the cells that are numbers or times */
	double score;
	size_t closed, broken;	/* see struct cut */
	bool fractions;		/* 1,5 below a name: no delimiter */
	bool commas;		/* there are, and each is in a number */
};

void sniff_say(struct dialect *d, enum dialect_item item, const char *value,
	       double sure, const char *why, ...)
{
	static const char *const name[DIALECT_ITEMS] = {
		"encoding", "delimiter", "quote", "header", "skip", "decimal",
		"thousands", "lines"
	};
	struct finding *f = d->finding + item;
	va_list args;

	f->name = name[item];
	snprintf(f->value, sizeof(f->value), "%s", value);
	f->sure = sure;
	va_start(args, why);
	vsnprintf(f->why, sizeof(f->why), why, args);
	va_end(args);
}

double sniff_faith(size_t n)
{
	return (double)n / (double)(n + 1);
}

/*
 * Lines
 */

void sniff_lines(struct sniff *s)
{
	static const char *const name[] = { "lf", "crlf", "cr" };
	const struct sample *sample = s->sample;
	size_t count[3] = { 0 }, most = LINE_LF, all;
	struct dialect *d = s->dialect;

	for (size_t i = 0; i < sample->n; i++)
		if (sample->bytes[i] == '\n') {
			count[LINE_LF]++;
		} else if (sample->bytes[i] == '\r') {
			bool both = i + 1 < sample->n &&
				    sample->bytes[i + 1] == '\n';

			count[both ? LINE_CRLF : LINE_CR]++;
			i += both;
		}
	for (size_t i = 1; i < ARRAY_LEN(count); i++)
		if (count[i] > count[most])
			most = i;
	d->lines = (enum line_end)most;
	all = count[0] + count[1] + count[2];
	if (all)
		sniff_say(d, DIALECT_LINES, name[most],
			  (double)count[most] / (double)all * sniff_faith(all),
			  "%zu of %zu lines end with it", count[most], all);
	else
		sniff_say(d, DIALECT_LINES, name[most], 0.5, "no line ends");
}

/*
 * One trial
 */

static void find_width(struct trial *t, const struct cut *cut)
{
	for (size_t i = 0; i < cut->rows; i++) {
		size_t width = cut->row[i].cells, alike = 0;

		if (width < 2 || width == t->width)
			continue;
		for (size_t k = i; k < cut->rows; k++)
			alike += cut->row[k].cells == width;
		if (alike > t->alike ||
		    (alike == t->alike && width > t->width)) {
			t->width = width;
			t->alike = alike;
			t->first = i;
		}
	}
	for (size_t i = t->first; i < cut->rows; i++)
		t->several += cut->row[i].cells > 1;
}

static bool is_value(const struct dialect *d, struct cell cell)
{
	enum kind kind = sniff_kind(d, cell);

	return kind == KIND_NUMBER || kind == KIND_TIME;
}

/* The first row of the width may be a header: it is not looked at. */
static void find_typed(struct trial *t, const struct sniff *s,
		       const struct cut *cut)
{
	size_t typed = 0, all = 0;

	for (size_t i = t->first + (t->alike > 1); i < cut->rows; i++) {
		if (cut->row[i].cells != t->width)
			continue;
		for (size_t j = 0; j < t->width && all < TYPED_CELLS; j++) {
			enum kind kind = sniff_kind(s->dialect,
						    cut_cell(cut, i, j));

			all += kind != KIND_NOTHING;
			typed += kind == KIND_NUMBER || kind == KIND_TIME;
		}
	}
	t->typed = all ? (double)typed / (double)all : 0;
}

static bool all_digits(struct cell cell)
{
	size_t i = 0;

	while (i < cell.len && cell.text[i] >= '0' && cell.text[i] <= '9')
		i++;
	return cell.len > 0 && i == cell.len;
}

/* One column of numbers with a decimal comma, and a name above it. */
static bool are_fractions(const struct trial *t, const struct sniff *s,
			  const struct cut *cut)
{
	if (t->delimiter != ',' || t->width != 2 || t->first == 0 ||
	    sniff_kind(s->dialect, cut_cell(cut, 0, 0)) != KIND_TEXT)
		return false;
	for (size_t i = t->first; i < cut->rows; i++)
		if (cut->row[i].cells > 2 ||
		    !is_value(s->dialect, cut_cell(cut, i, 0)) ||
		    (cut->row[i].cells == 2 &&
		     !all_digits(cut_cell(cut, i, 1))))
			return false;
	return true;
}

static bool is_quoted(const struct cell *cell, const struct trial *t,
		      const struct sample *sample)
{
	return cell->text > sample->bytes && t->quote &&
	       cell->text[-1] == t->quote;
}

/* Commas in numbers and times, and nowhere else. */
static bool has_decimal_commas(const struct trial *t, const struct sniff *s,
			       const struct cut *cut)
{
	bool any = false;

	for (size_t i = t->first; i < cut->rows; i++)
		for (size_t j = 0; j < cut->row[i].cells; j++) {
			struct cell c = cut_cell(cut, i, j);

			if (!memchr(c.text, ',', c.len) ||
			    is_quoted(&c, t, s->sample))
				continue;
			if (!is_value(s->dialect, c))
				return false;
			any = true;
		}
	return any;
}

/* The part of the rows, from the first of the width on, that have it. */
static double share(const struct trial *t)
{
	return t->rows > t->first
	     ? (double)t->alike / (double)(t->rows - t->first) : 0;
}

/* How even the rows are, and how many of all of them. */
static double evenness(const struct trial *t)
{
	if (t->width == 0)
		return 0;
	return share(t) * (0.5 + 0.5 * (double)t->alike / (double)t->rows);
}

/*
 * Evenness first.  Where that is equal, a mark within numbers cuts into fewer
 * cells than the delimiter, or into cells that are no numbers any more.
 */
static double score(const struct trial *t)
{
	if (t->width == 0 || t->fractions)
		return 0;
	return evenness(t) * (0.8 + 0.08 * t->typed +
			      0.12 * (1 - 1 / (double)t->width));
}

static struct trial try_one(const struct sniff *s, char delimiter, char quote)
{
	struct trial t = { .delimiter = delimiter, .quote = quote };
	struct cut cut;

	sample_cut(s->sample, delimiter, quote, &cut);
	t.rows = cut.rows;
	t.closed = cut.closed;
	t.broken = cut.broken;
	find_width(&t, &cut);
	if (t.width)
		find_typed(&t, s, &cut);
	t.fractions = are_fractions(&t, s, &cut);
	t.commas = delimiter != ',' && has_decimal_commas(&t, s, &cut);
	t.score = score(&t);
	cut_clear(&cut);
	return t;
}

static bool occurs(const struct sniff *s, char c)
{
	return memchr(s->sample->bytes, c, s->sample->n) != NULL;
}

/*
 * A quote stands at the beginning of a cell and has its partner at the end of
 * it.  One that does not, such as an inch or an apostrophe, is a letter.
 */
static struct trial best_quote(const struct sniff *s, char delimiter,
			       int quote)
{
	struct trial twice, other;

	if (quote != SNIFF_AUTO)
		return try_one(s, delimiter, (char)quote);
	twice = try_one(s, delimiter, '"');
	if (twice.closed == 0 && occurs(s, '\'')) {
		other = try_one(s, delimiter, '\'');
		if (other.broken == 0 && other.closed > 0 &&
		    ((other.closed > 1 && other.closed * 2 >= other.rows) ||
		     evenness(&other) > evenness(&twice) + 0.05))
			return other;
	}
	if (twice.broken > twice.closed) {
		other = try_one(s, delimiter, 0);
		if (evenness(&other) > evenness(&twice) + 0.1 ||
		    (other.alike + other.first == other.rows &&
		     other.rows >= twice.rows + 5))
			return other;
	}
	return twice;
}

/*
 * The delimiter
 */

/* A text with a comma in it here and there is no table; that the first row has
 * cells, and no other, is better than nothing. */
static bool is_table(const struct trial *t)
{
	size_t rows = t->rows - t->first;
	bool even = share(t) >= 0.8 || t->several * 10 >= rows * 9 ||
		    (t->first == 0 && t->several * 2 >= rows);

	if (t->alike == 1 && t->first > 0 && t->rows > 2)
		return false;
	return t->score > 0 && even &&
	       (t->alike * 4 >= t->rows || (t->width > 2 && t->alike > 2));
}

/* All the commas are in what are numbers when this one cuts. */
static bool explains(const struct trial *t, const struct trial *commas)
{
	return commas->delimiter == ',' && t->commas &&
	       evenness(t) >= evenness(commas);
}

static bool is_better(const struct trial *a, const struct trial *b)
{
	if (explains(a, b) || explains(b, a))
		return explains(a, b);
	return a->score > b->score ||
	       (a->score == b->score && a->width > b->width);
}

/* Every row, but perhaps the first, is one time: "5/1/2024 10:00 AM". */
static bool rows_are_times(const struct sniff *s)
{
	struct cut cut;
	size_t times = 0, rows;

	sample_cut(s->sample, '\0', 0, &cut);	/* lines */
	rows = cut.rows;
	for (size_t i = 1; i < rows; i++)
		times += sniff_kind(s->dialect, cut_cell(&cut, i, 0)) ==
			 KIND_TIME;
	cut_clear(&cut);
	return times > 0 && times * 10 >= (rows - 1) * 8;
}

/* Between blanks the commas are marks in numbers, and the rows are more even,
 * or have many more cells, or more of them are numbers. */
static bool are_marks(const struct trial *blanks, const struct trial *commas)
{
	double more = evenness(blanks) - evenness(commas);

	return blanks->commas &&
	       (more > 0 || (more == 0 && (blanks->width > commas->width + 1 ||
					   blanks->typed > commas->typed)));
}

/* Blanks stand in many texts: they delimit only what makes sense then. */
static bool blanks_delimit(const struct sniff *s, const struct trial *blanks,
			   const struct trial *best)
{
	double least = blanks->width > 2 ? 0.01 : 0.7;

	if (blanks->alike < 2 || share(blanks) < 0.9 || blanks->typed < least)
		return false;
	if (best->score > 0 && (blanks->typed < best->typed + 0.25 ||
				evenness(blanks) < evenness(best)) &&
	    !(best->delimiter == ',' && are_marks(blanks, best)))
		return false;
	return !rows_are_times(s);
}

/* One column: the delimiter is one that does not occur. */
static struct trial one_column(const struct sniff *s, int quote)
{
	const char *c = ",;\t|";

	while (c[1] && occurs(s, *c))
		c++;
	return best_quote(s, *c, quote);
}

static struct trial best_of_all(const struct sniff *s, int quote,
				double *rival)
{
	struct trial best = { 0 }, header = { 0 }, blanks;

	*rival = 0;
	for (const char *c = delimiters; *c; c++) {
		struct trial t;

		if (!occurs(s, *c))
			continue;
		t = best_quote(s, *c, quote);
		if (t.first == 0 && t.width > 2 && is_better(&t, &header))
			header = t;
		if (!is_table(&t))
			continue;
		*rival = is_better(&t, &best) ? best.score
			 : t.score > *rival ? t.score : *rival;
		if (is_better(&t, &best))
			best = t;
	}
	if (occurs(s, ' ') || occurs(s, '\t')) {
		blanks = best_quote(s, ' ', quote);
		if (blanks_delimit(s, &blanks, &best)) {
			*rival = best.score;
			return blanks;
		}
	}
	return best.score > 0 ? best
	     : header.score > 0 ? header : one_column(s, quote);
}

static const char *delimiter_word(char c, char room[2])
{
	room[0] = c;
	room[1] = '\0';
	return c == '\t' ? "tab" : c == ' ' ? "blanks" : room;
}

static void say_delimiter(struct sniff *s, const struct trial *t, double rival,
			  bool given)
{
	char room[2];
	const char *word = delimiter_word(t->delimiter, room);
	size_t rows = t->rows - t->first;
	double sure = share(t) * sniff_faith(rows);

	if (given)
		sniff_say(s->dialect, DIALECT_DELIMITER, word, 1,
			  "the user said so");
	else if (t->width && t->score > 0)
		sniff_say(s->dialect, DIALECT_DELIMITER, word,
			  rival > 0.9 * t->score ? 0.7 * sure : sure,
			  "%zu of %zu rows have %zu cells", t->alike, rows,
			  t->width);
	else if (t->delimiter == ',')
		sniff_say(s->dialect, DIALECT_DELIMITER, word,
			  sniff_faith(t->rows),
			  "no row can be cut: there is one column");
	else
		sniff_say(s->dialect, DIALECT_DELIMITER, word, 0.5,
			  "nothing cuts the rows evenly: one column");
}

static void say_quote(struct sniff *s, const struct trial *t, bool given)
{
	struct dialect *d = s->dialect;
	const char *word = t->quote == '"' ? "double"
			 : t->quote ? "single" : "none";

	if (given)
		sniff_say(d, DIALECT_QUOTE, word, 1, "the user said so");
	else if (t->quote == 0)
		sniff_say(d, DIALECT_QUOTE, word, 0.8,
			  "quotes stand in cells, not around them");
	else if (t->closed + t->broken == 0)
		sniff_say(d, DIALECT_QUOTE, word, 0.9, "no cell has a quote");
	else
		sniff_say(d, DIALECT_QUOTE, word, (double)t->closed /
			  (double)(t->closed + t->broken) *
			  sniff_faith(t->closed + 1),
			  "%zu of %zu cells end where their quotes do",
			  t->closed, t->closed + t->broken);
}

void sniff_delimiter(struct sniff *s, int delimiter, int quote)
{
	bool given = delimiter != SNIFF_AUTO;
	double rival = 0;
	struct trial t = given ? best_quote(s, (char)delimiter, quote)
			       : best_of_all(s, quote, &rival);

	s->dialect->delimiter = t.delimiter;
	s->dialect->quote = t.quote;
	s->width = t.width && (given || t.score > 0) ? t.width : 1;
	sample_cut(s->sample, t.delimiter, t.quote, &s->cut);
	say_delimiter(s, &t, rival, given);
	say_quote(s, &t, quote != SNIFF_AUTO);
}
