/*
 * fuzz-dialect.c - any bytes opened as a file of rows
 *
 * However the file is written and whatever is said of it: it opens or is
 * refused with a reason; its names are there and differ; any row is reached by
 * its number; and what source_write_row() makes of its rows, opened again, has
 * the same cells.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/source.h"

/* Names are compared each with each. */
enum { NAMES_MAX = 200 };

/* ---- the cells of a file, one behind the other ---- */

struct cells {
	FILE *out;
	char *text;		/* owned, by open_memstream() */
	size_t len;
	size_t rows;
	size_t only;		/* the one row that is wanted, or SIZE_MAX */
};

static bool keep_row(void *arg, size_t row, const struct cell *cell,
		     size_t cells)
{
	struct cells *c = arg;

	must(row == (c->only == SIZE_MAX ? c->rows : c->only),
	     "rows come in their order");
	c->rows++;
	fwrite(&cells, sizeof(cells), 1, c->out);
	for (size_t i = 0; i < cells; i++) {
		must(cell[i].text[cell[i].len] == '\0',
		     "a cell ends with a NUL");
		fwrite(&cell[i].len, sizeof(cell[i].len), 1, c->out);
		fwrite(cell[i].text, 1, cell[i].len, c->out);
	}
	return true;
}

static void walk(const struct source *source, size_t first, size_t count,
		 struct cells *c)
{
	struct err err = { 0 };

	*c = (struct cells){ .only = count == 1 ? first : SIZE_MAX };
	c->out = open_memstream(&c->text, &c->len);
	must(source_walk(source, first, count, keep_row, c, NULL, &err),
	     "a walk comes to its end");
	fclose(c->out);
}

/* ---- what has to hold ---- */

static void check_names(const struct source *source)
{
	size_t n = source_columns(source);

	must(n > 0, "there are columns");
	for (size_t i = 0; i < n && n < NAMES_MAX; i++) {
		must(source_name(source, i)[0] != '\0', "a column has a name");
		for (size_t j = 0; j < i; j++)
			must(strcmp(source_name(source, i),
				    source_name(source, j)) != 0,
			     "no two columns have the same name");
	}
}

static void check_one_row(const struct source *source,
			  const struct cells *all, size_t row)
{
	struct cells one;

	walk(source, row, 1, &one);
	must(one.rows == (row < all->rows), "a row is where it is");
	must(one.rows == 0 || memmem(all->text, all->len, one.text, one.len),
	     "alone it has the same cells");
	free(one.text);
}

static bool write_row(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	(void)row;
	return source_write_row(cell, cells, arg);
}

static struct source *open_with(const char *path, const char *const *word,
				size_t words, struct err *err)
{
	struct option_values options;
	struct source *source;

	options_init(&options, source_options);
	for (size_t i = 0; i < words; i++)
		must(options_set(&options, "open", word[i], err),
		     "an option is taken");
	source = source_open(path, &options, err);
	options_clear(&options);
	if (source)	/* what is recoded is not all there before that */
		must(source_scan(source, NULL, err) ||
		     source_complete(source), "a file can be scanned");
	return source;
}

/* A line of names before the rows: a byte order mark in the first cell is not
 * taken for that of the file. */
static void check_round_trip(const struct source *source,
			     const struct cells *all)
{
	static const char *const word[] = { "delimiter=,", "header=yes",
					    "quote=double", "skip=0",
					    "encoding=utf-8" };
	char path[FILE_PATH], *text;
	struct source *again;
	struct err err = { 0 };
	struct cells cells;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int fd;

	fputs("name\n", out);
	must(source_walk(source, 0, SIZE_MAX, write_row, out, NULL,
			 &err), "the rows can be written");
	fclose(out);
	fd = file_of(text, len, 1, path);
	again = open_with(path, word, ARRAY_LEN(word), &err);
	must(again != NULL, "what was written opens");
	walk(again, 0, SIZE_MAX, &cells);
	must(cells.rows == all->rows, "it has as many rows");
	must(cells.len == all->len &&
	     !memcmp(cells.text, all->text, all->len), "and the same cells");
	source_close(again);
	free(cells.text);
	free(text);
	close(fd);
}

/* ---- the target ---- */

/* What is said of the file; the first of each is the default. */
static size_t take_options(struct input *in, const char **word)
{
	static const char *const delimiter[] = {
		"delimiter=auto", "delimiter=,", "delimiter=;",
		"delimiter=tab", "delimiter=|"
	};
	static const char *const header[] = { "header=auto", "header=yes",
					      "header=no" };
	static const char *const other[] = {
		"decimal=auto", "decimal=,", "decimal=.",
		"missing=-999,,x", "missing=\xe6\x97\xa5, a"
	};

	word[0] = delimiter[input_choice(in, ARRAY_LEN(delimiter))];
	word[1] = header[input_choice(in, ARRAY_LEN(header))];
	word[2] = other[input_choice(in, ARRAY_LEN(other))];
	return 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const char *word[3];
	size_t words = take_options(&in, word);
	size_t row = input_choice(&in, 64);
	char path[FILE_PATH];
	int fd = file_of(in.at, in.left, 1, path);
	struct err err = { 0 };
	struct source *source = open_with(path, word, words, &err);
	struct cells cells;

	must(source || err.text[0], "who refuses says why");
	if (source) {
		check_names(source);
		walk(source, 0, SIZE_MAX, &cells);
		check_one_row(source, &cells, row);
		check_round_trip(source, &cells);
		free(cells.text);
	}
	source_close(source);
	close(fd);
	return 0;
}
