#include "data/sample.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

/* A quoted cell with so many lines in it that does not end is none. */
enum { LINES_IN_CELL = 5 };

/* What is cut, and how. */
struct knife {
	const char *bytes;
	size_t n;
	char delimiter, quote;
	struct cut *cut;
	bool open;		/* the last cell does not end in the sample */
};

bool sample_read(struct sample *sample, int fd, uint64_t start, uint64_t end,
		 struct err *err)
{
	size_t want = end - start < SAMPLE_BYTES ? (size_t)(end - start)
						 : SAMPLE_BYTES;
	ssize_t n;

	sample->bytes = mem_new(want + 1);
	n = bytes_read(fd, start, sample->bytes, want);
	if (n < 0)
		return err_set(err, ERR_IO, "cannot read: %s",
			       strerror(errno));
	sample->n = (size_t)n;
	sample->whole = sample->n < want || start + want >= end;
	return true;
}

void sample_clear(struct sample *sample)
{
	free(sample->bytes);
	*sample = (struct sample){ 0 };
}

void cut_clear(struct cut *cut)
{
	free(cut->row);
	free(cut->cell);
	*cut = (struct cut){ 0 };
}

struct cell cut_cell(const struct cut *cut, size_t row, size_t column)
{
	const struct cut_row *r = cut->row + row;
	const struct cell *c;

	if (column >= r->cells)
		return (struct cell){ "", 0 };
	c = cut->cell + r->first + column;
	return cell_trimmed(c->text, c->len);
}

static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

/* Behind the end of a line at i, which may have two bytes. */
static size_t behind_line(const char *bytes, size_t n, size_t i)
{
	return i + 1 + (bytes[i] == '\r' && i + 1 < n && bytes[i + 1] == '\n');
}

size_t sample_pass(const struct sample *sample, size_t *lines)
{
	size_t i = 0, n = sample->n;

	/* An LF may follow behind the sample. */
	if (!sample->whole && n > 1 && sample->bytes[n - 1] == '\r')
		n--;
	while (*lines > 0 && i < n) {
		while (i < n && !ends_line(sample->bytes[i]))
			i++;
		if (i == n)
			break;
		i = behind_line(sample->bytes, n, i);
		--*lines;
	}
	return i;
}

size_t sample_lines(const struct sample *sample, size_t at)
{
	struct sample before = { sample->bytes, at, true };
	size_t left = at + 1;

	sample_pass(&before, &left);
	return at + 1 - left;
}

/*
 * Cells
 */

static bool delimits(const struct knife *k, char c)
{
	return c == k->delimiter || (c == '\t' && k->delimiter == ' ');
}

static bool ends_cell(const struct knife *k, size_t i)
{
	return i == k->n || ends_line(k->bytes[i]) ||
	       delimits(k, k->bytes[i]);
}

static void add_cell(struct knife *k, size_t from, size_t to)
{
	struct cut *cut = k->cut;

	cut->cell = mem_grow(cut->cell, cut->cells, sizeof(*cut->cell));
	cut->cell[cut->cells++] = (struct cell){ k->bytes + from, to - from };
}

static bool has_lines(const char *bytes, size_t n, size_t wanted)
{
	for (size_t i = 0; i < n && wanted > 0; i++)
		wanted -= bytes[i] == '\n' ||
			  (bytes[i] == '\r' && (i + 1 == n ||
						bytes[i + 1] != '\n'));
	return wanted == 0;
}

/* The cell that begins with a quote at i; behind it. */
static size_t cut_quoted(struct knife *k, size_t i)
{
	size_t from = i + 1;
	bool goes_on = false;
	const char *quote;

	for (i = from; i < k->n; ) {
		quote = memchr(k->bytes + i, k->quote, k->n - i);
		if (!quote)
			break;
		i = (size_t)(quote - k->bytes) + 1;
		if (ends_cell(k, i)) {
			add_cell(k, from, i - 1);
			k->cut->closed += !goes_on;
			k->cut->broken += goes_on;
			return i;
		}
		goes_on = goes_on || k->bytes[i] != k->quote;
		i++;
	}
	add_cell(k, from, k->n);
	k->open = true;
	k->cut->broken += goes_on || has_lines(k->bytes + from, k->n - from,
					       LINES_IN_CELL);
	return k->n;
}

static size_t cut_one(struct knife *k, size_t i)
{
	size_t from = i;

	if (k->quote && i < k->n && k->bytes[i] == k->quote)
		return cut_quoted(k, i);
	while (!ends_cell(k, i))
		i++;
	add_cell(k, from, i);
	return i;
}

/*
 * Rows
 */

static size_t pass_blanks(const struct knife *k, size_t i)
{
	while (k->delimiter == ' ' && i < k->n && delimits(k, k->bytes[i]))
		i++;
	return i;
}

/* The begin of the next row; *lines that end before it. */
static size_t pass_lines(const struct knife *k, size_t i, size_t *lines)
{
	*lines = 0;
	for (;;) {
		size_t at = pass_blanks(k, i);

		if (at == k->n || !ends_line(k->bytes[at]))
			return at;
		i = behind_line(k->bytes, k->n, at);
		++*lines;
	}
}

/* The row that begins at i; its end. */
static size_t cut_line(struct knife *k, size_t i)
{
	for (;;) {
		i = cut_one(k, i);
		if (k->delimiter == ' ')
			i = pass_blanks(k, i);
		else if (i < k->n && delimits(k, k->bytes[i])) {
			i++;
			continue;
		}
		if (i == k->n || ends_line(k->bytes[i]))
			return i;
	}
}

static void count_filled(struct cut *cut, struct cut_row *row)
{
	row->cells = cut->cells - row->first;
	for (size_t j = 0; j < row->cells; j++)
		row->filled += cut_cell(cut, (size_t)(row - cut->row), j).len
			       > 0;
}

void sample_cut(const struct sample *sample, char delimiter, char quote,
		struct cut *cut)
{
	struct knife k = { sample->bytes, sample->n, delimiter, quote, cut,
			   false };
	size_t lines, i = pass_lines(&k, 0, &lines);

	*cut = (struct cut){ 0 };
	while (i < k.n && cut->rows < SAMPLE_ROWS) {
		struct cut_row *row;

		cut->row = mem_grow(cut->row, cut->rows, sizeof(*cut->row));
		row = cut->row + cut->rows++;
		*row = (struct cut_row){
			.begin = i, .first = cut->cells,
			.gap = cut->rows > 1 && lines > 1
		};
		i = cut_line(&k, i);
		count_filled(cut, row);
		if (i == k.n && !sample->whole && cut->rows > 1)
			cut->rows--;
		i = pass_lines(&k, i, &lines);
	}
}
