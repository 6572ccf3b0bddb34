/*
 * Where the table begins: titles, comments and what else a program wrote
 * before it are skipped, but only where something speaks for it.
 */
#include "data/sniff.h"

#include <stdio.h>
#include <string.h>

/* Also what is a word for a spreadsheet: "sep=;". */
static bool is_comment(const struct sniff *s, size_t row)
{
	struct cell cell = cut_cell(&s->cut, row, 0);

	return (cell.len > 0 && *cell.text == '#') ||
	       (row == 0 && s->cut.row[row].filled < 2 && cell.len >= 4 &&
		!memcmp(cell.text, "sep=", 4));
}

/* A title in a table that a spreadsheet wrote: delimiters fill it up. */
static bool is_sparse(const struct sniff *s, size_t row)
{
	return s->width > 2 && s->cut.row[row].filled * 2 <= s->width;
}

/* Where the sparse rows from this one on end, if it is at a header. */
static size_t behind_sparse(const struct sniff *s, size_t row)
{
	size_t i = row;

	while (i < s->cut.rows && is_sparse(s, i))
		i++;
	return i > row && i < s->cut.rows &&
	       s->cut.row[i].filled + 1 >= s->width && sniff_is_header(s, i)
	       ? i : row;
}

/* Names, but more of them than the rows have cells, or one fewer. */
static bool is_uneven_header(const struct sniff *s, size_t row)
{
	const struct cut_row *r = s->cut.row + row;

	if (s->dialect->delimiter == ' ' || r->cells < 2 ||
	    r->cells + 1 < s->width || is_comment(s, row) || r[1].gap)
		return false;
	for (size_t j = 0; j < r->cells; j++)
		if (sniff_kind(s->dialect, cut_cell(&s->cut, row, j)) !=
		    KIND_TEXT)
			return false;
	return true;
}

/* Values and nothing else: a row of the table that has not all its cells. */
static bool is_data(const struct sniff *s, size_t row)
{
	const struct cut_row *r = s->cut.row + row;

	for (size_t j = 0; j < r->cells; j++)
		if (sniff_kind(s->dialect, cut_cell(&s->cut, row, j)) ==
		    KIND_TEXT)
			return false;
	return r->filled > 1;
}

/* A title can have as many words as the table has columns: it is one if names
 * stand behind an empty line, and nothing but texts before that. */
static size_t behind_title(const struct sniff *s, size_t row)
{
	for (size_t i = row; i < s->cut.rows; i++) {
		if (i > row && s->cut.row[i].gap)
			return s->cut.row[i].cells == s->width &&
			       sniff_is_header(s, i) ? i : row;
		if (sniff_votes(s, i).typed * 2 > s->cut.row[i].filled)
			break;
	}
	return row;
}

/* The row where the table seems to begin. */
static size_t find_top(const struct sniff *s)
{
	size_t top = 0, rows = s->cut.rows;

	while (top < rows && s->cut.row[top].cells != s->width)
		top++;
	if (top == rows)
		return 0;
	top = behind_sparse(s, top);
	if (s->dialect->delimiter == ' ')
		top = behind_title(s, top);
	while (top + 1 < rows && is_comment(s, top) &&
	       (s->width == 1 || *cut_cell(&s->cut, top, 0).text == 's' ||
		sniff_is_header(s, top + 1)))
		top++;
	if (s->width == 1 && top * 2 > rows)
		return 0;	/* tags: #1, #2, #3 */
	if (top > 0 && !sniff_is_header(s, top) &&
	    is_uneven_header(s, top - 1))
		top--;
	return top;
}

/* The part of the rows from there on that have the width. */
static double even_from(const struct sniff *s, size_t row)
{
	size_t even = 0;

	for (size_t i = row; i < s->cut.rows; i++)
		even += s->cut.row[i].cells == s->width;
	return s->cut.rows > row
	     ? (double)even / (double)(s->cut.rows - row) : 0;
}

/* What speaks for a table that begins there, and not before; NULL: nothing. */
static const char *why_there(const struct sniff *s, size_t top, double *sure)
{
	size_t comments = 0, titles = 0;
	bool gap;

	for (size_t i = 0; i < top; i++) {
		if (is_data(s, i) && !is_comment(s, i))
			return NULL;
		comments += is_comment(s, i);
		titles += is_comment(s, i) || s->cut.row[i].filled < 2;
	}
	gap = s->cut.row[top].gap || s->cut.row[top - 1].filled == 0;
	*sure = 0.95;
	if (comments == top)
		return "comments stand before the table";
	*sure = gap ? 0.95 : 0.9;
	if (sniff_is_header(s, top))
		return "the names of the columns stand behind them";
	*sure = 0.8;
	if (gap)
		return "an empty line stands behind them";
	*sure = 0.7;
	if (titles == top && even_from(s, top) >= 0.9)
		return "they have one cell, the rows behind them more";
	*sure = 0.6;
	return s->dialect->delimiter == ' '
	     ? "they have not as many words as the rows have cells" : NULL;
}

void sniff_skip(struct sniff *s)
{
	size_t top = find_top(s);
	const char *why = NULL;
	double sure = 0;
	char value[24];

	if (top > 0)
		why = why_there(s, top, &sure);
	if (!why) {
		sure = even_from(s, 0) * sniff_faith(s->cut.rows);
		sniff_say(s->dialect, DIALECT_SKIP, "0", sure ? sure : 0.5,
			  "the first row is one of the table");
		return;
	}
	s->top = top;
	s->dialect->skip = sample_lines(s->sample, s->cut.row[top].begin);
	snprintf(value, sizeof(value), "%zu", s->dialect->skip);
	sniff_say(s->dialect, DIALECT_SKIP, value, sure, "%s", why);
}
