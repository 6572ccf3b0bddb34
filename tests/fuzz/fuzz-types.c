/*
 * fuzz-types.c - any bytes read as a table
 *
 * A cell of a number column is what strtod() makes of its text; what is not a
 * number is missing, or odd and remembers its text.  The level of a category is
 * the text of its cell.  The summaries count all the cells.
 */
#include "fuzz.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/summary.h"
#include "data/table.h"

/* ---- a table and the text it is made of ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t count_digits(const char **s)
{
	size_t n = 0;

	for (; is_digit(**s); n++)
		++*s;
	return n;
}

/* The number in a text without blanks around it, its mark a point. */
static bool wanted_number(const char *text, double *x)
{
	const char *s = text + (*text == '-' || *text == '+');
	size_t digits = count_digits(&s);

	if (*s == '.') {
		s++;
		digits += count_digits(&s);
	}
	if (digits == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		if (count_digits(&s) == 0)
			return false;
	}
	*x = strtod(text, NULL);
	return *s == '\0' && !isinf(*x);
}

/* The text of a cell ready for that; false when it is no number anyway. */
static bool with_point(const struct cell *cell, char decimal, char *text)
{
	const char *s = cell->text, *end = s + cell->len;

	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	while (s < end && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	for (; s < end; s++) {
		if (*s == '\0' || (*s == '.' && decimal != '.'))
			return false;
		*text++ = *s == decimal ? '.' : *s;
	}
	*text = '\0';
	return true;
}

/* A NUL in a cell stands in a table as U+2400. */
static bool is_text(const char *text, const struct cell *cell)
{
	static const char nul[] = "\xe2\x90\x80";

	for (size_t i = 0; i < cell->len; i++) {
		size_t n = cell->text[i] ? 1 : strlen(nul);
		const char *c = cell->text[i] ? cell->text + i : nul;

		if (strncmp(text, c, n) != 0)
			return false;
		text += n;
	}
	return *text == '\0';
}

struct walk {
	const struct source *source;
	const struct table *table;
	size_t rows;
};

static void check_number(const struct walk *w, const struct column *c,
			 size_t row, const struct cell *cell)
{
	const struct dialect *d = source_dialect(w->source);
	double x = 0, is = c->number[row];
	const char *odd = table_odd(c, row);
	char *text = mem_new(cell->len + 1);

	if (dialect_missing(d, cell->text, cell->len, true)) {
		must(isnan(is) && !odd, "a missing cell is missing");
	} else if (d->thousands && dialect_number(d, cell->text, cell->len,
						  &x)) {
		must(!memcmp(&x, &is, sizeof(x)), "marks are left out");
	} else if (with_point(cell, w->table->decimal, text) &&
		   wanted_number(text, &x)) {
		must(!memcmp(&x, &is, sizeof(x)),
		     "a number is what strtod() says");
	} else {
		must(isnan(is) && odd, "what is no number is odd");
		must(is_text(odd, cell), "what is odd has its text");
	}
	free(text);
}

static void check_text(const struct walk *w, const struct column *c,
		       size_t row, const struct cell *cell)
{
	uint32_t code = c->code[row];

	if (dialect_missing(source_dialect(w->source), cell->text, cell->len,
			    false)) {
		must(code == LEVEL_MISSING, "a missing text is missing");
		return;
	}
	must(code < c->levels, "a level is one of the levels");
	must(is_text(c->level[code], cell), "a level is its text");
}

static bool check_row(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	static const struct cell nothing = { "", 0 };
	struct walk *w = arg;

	w->rows++;
	must(row < w->table->rows, "the table has each row");
	for (size_t j = 0; j < w->table->columns; j++) {
		const struct column *c = w->table->column + j;
		const struct cell *at = j < cells ? cell + j : &nothing;

		if (c->type == COLUMN_NUMBER)
			check_number(w, c, row, at);
		else if (c->type == COLUMN_CATEGORY || c->type == COLUMN_TEXT)
			check_text(w, c, row, at);
	}
	return true;
}

static void check_cells(const struct source *source,
			const struct table *table)
{
	struct walk w = { source, table, 0 };
	struct err err = { 0 };

	must(source_walk(source, 0, SIZE_MAX, check_row, &w, NULL,
			 &err), "the source can be walked");
	must(w.rows == table->rows, "the table has no other rows");
}

/* ---- summaries ---- */

static void check_summary(const struct table *table)
{
	struct err err = { 0 };
	struct summary *summary = summary_of(table, NULL, &err);

	must(summary != NULL, "there is a summary");
	for (size_t j = 0; j < table->columns; j++) {
		const struct column *c = table->column + j;
		const struct summary *s = summary + j;

		must(s->values + c->missing + c->odd_cells == table->rows,
		     "each cell is a value, missing or odd");
		must(s->distinct <= s->values, "as many values differ");
		must(c->type != COLUMN_NUMBER || s->values == 0 ||
		     (s->min <= s->p25 && s->p25 <= s->median &&
		      s->median <= s->p75 && s->p75 <= s->max),
		     "quantiles are in their order");
	}
	free(summary);
}

/* ---- the target ---- */

static struct source *open_file(struct input *in, int *fd)
{
	static const char *const word[] = {
		"header=auto", "header=no", "delimiter=;", "decimal=,",
		"delimiter=,", "missing=-999,0"
	};
	const char *said = word[input_choice(in, ARRAY_LEN(word))];
	struct option_values options;
	struct source *source;
	struct err err = { 0 };
	char path[FILE_PATH];

	*fd = file_of(in->at, in->left, 1, path);
	options_init(&options, source_options);
	must(options_set(&options, "open", said, &err), "an option is taken");
	source = source_open(path, &options, &err);
	options_clear(&options);
	return source;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	int fd;
	struct source *source = open_file(&in, &fd);
	struct err err = { 0 };
	struct table *table;

	if (source) {
		table = table_read(source, NULL, &err);
		must(table != NULL, "the table can be read");
		check_cells(source, table);
		check_summary(table);
		table_free(table);
	}
	source_close(source);
	close(fd);
	return 0;
}
