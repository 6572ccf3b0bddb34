/*
 * fuzz-reader.c - the rows that a reader finds, beside those of libcsv
 *
 * Whatever the bytes, the delimiter, the byte to begin at, and how much is
 * read at once, with plain lines and without: the rows are those that libcsv
 * finds when it is given the bytes one by one.
 */
#include "fuzz.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/reader.h"

/* ---- what libcsv finds ---- */

struct wanted_row {
	size_t begin, end;	/* bytes; the end is behind its line's */
	size_t first, cells;
};

struct wanted_cell {
	size_t at, len;		/* in text */
};

struct wanted {
	char *text;		/* owned: the cells one behind the other */
	size_t used;
	struct wanted_cell *cell;	/* owned */
	size_t cells;
	struct wanted_row *row;	/* owned */
	size_t rows;
	size_t byte;		/* the one that libcsv is given */
	bool open, unterminated;
};

static int no_blank(unsigned char c)
{
	(void)c;
	return 0;
}

static void on_cell(void *text, size_t len, void *arg)
{
	struct wanted *w = arg;

	w->cell = mem_grow(w->cell, w->cells, sizeof(*w->cell));
	w->cell[w->cells++] = (struct wanted_cell){ w->used, len };
	if (len)
		memcpy(w->text + w->used, text, len);
	w->used += len;
}

static void on_row(int c, void *arg)
{
	struct wanted *w = arg;
	struct wanted_row *row = w->row + w->rows++;

	(void)c;
	row->end = w->byte + 1;
	row->cells = w->cells - row->first;
	w->open = false;
}

static void begin_row(struct wanted *w)
{
	w->row = mem_grow(w->row, w->rows, sizeof(*w->row));
	w->row[w->rows] = (struct wanted_row){ .begin = w->byte,
					       .first = w->cells };
	w->open = true;
}

/* In strict mode libcsv refuses to end a file within quotes. */
static void end_file(struct wanted *w, struct csv_parser *csv)
{
	if (!w->open)
		return;
	w->byte--;
	csv_set_opts(csv, CSV_STRICT | CSV_STRICT_FINI);
	w->unterminated = csv_fini(csv, on_cell, on_row, w) != 0;
	csv_set_opts(csv, 0);
	if (w->unterminated)
		csv_fini(csv, on_cell, on_row, w);
}

static void find_wanted(struct wanted *w, const struct input *file,
			size_t start, char delimiter)
{
	struct csv_parser csv;

	*w = (struct wanted){ .text = mem_new(file->left + 1) };
	must(csv_init(&csv, 0) == 0, "libcsv begins");
	csv_set_delim(&csv, (unsigned char)delimiter);
	csv_set_space_func(&csv, no_blank);
	for (w->byte = start; w->byte < file->left; w->byte++) {
		const uint8_t *c = file->at + w->byte;

		if (!w->open && *c != '\n' && *c != '\r')
			begin_row(w);
		must(csv_parse(&csv, c, 1, on_cell, on_row, w) == 1,
		     "libcsv takes the byte");
	}
	end_file(w, &csv);
	csv_free(&csv);
}

static void wanted_clear(struct wanted *w)
{
	free(w->row);
	free(w->cell);
	free(w->text);
}

/* ---- what the reader finds ---- */

static void check_cell(const struct wanted *w, const struct wanted_row *row,
		       size_t j, const char *text, size_t len)
{
	const struct wanted_cell *cell = w->cell + row->first + j;

	must(j < row->cells, "no row has too many cells");
	must(cell->len == len, "a cell has its length");
	must(!len || !memcmp(w->text + cell->at, text, len),
	     "a cell has its bytes");
}

static void check_cells(const struct wanted *w, const struct wanted_row *want,
			const struct row *row)
{
	for (size_t j = 0; j < row->cells; j++) {
		check_cell(w, want, j, row->cell[j].text, row->cell[j].len);
		must(row->cell[j].text[row->cell[j].len] == '\0',
		     "a cell ends with a NUL");
	}
	must(row->cells == want->cells, "a row has all its cells");
}

static void check_line(const struct wanted *w, const struct wanted_row *want,
		       const struct row *row, char delimiter)
{
	const char *s = row->line, *end = s + row->len, *stop;
	size_t j = 0;

	for (;; s = stop + 1) {
		stop = memchr(s, delimiter, (size_t)(end - s));
		check_cell(w, want, j++, s, (size_t)((stop ? stop : end) - s));
		if (!stop)
			break;
	}
	must(j == want->cells, "a line has all its cells");
}

/* Rows from the first on, up to the end or the limit. */
static void check_rows(struct reader *r, const struct wanted *w, bool plain,
		       uint64_t limit, char delimiter)
{
	struct err err = { 0 };
	enum reading said;
	struct row row;
	size_t i = 0;

	reader_plain(r, plain);
	reader_limit(r, limit);
	for (;; i++) {
		said = reader_next(r, &row, &err);
		if (said != READ_ROW && said != READ_LINE)
			break;
		must(i < w->rows, "there are not too many rows");
		must(row.begin == w->row[i].begin, "a row begins where it is");
		must(reader_at(r) == w->row[i].end, "and ends there");
		if (said == READ_ROW)
			check_cells(w, w->row + i, &row);
		else
			check_line(w, w->row + i, &row, delimiter);
		must(said != READ_LINE || plain, "lines were wanted");
		must(said != READ_ROW || reader_unterminated(r) ==
		     (w->unterminated && i + 1 == w->rows),
		     "it is known whether the quotes end");
	}
	if (said == READ_OPEN)
		must(i < w->rows && w->row[i].end >= limit,
		     "what is open at the limit reaches it");
	else
		must(said == READ_END && i == w->rows, "no row is missing");
}

static void check_seek_line(struct reader *r, const struct input *file,
			    size_t at)
{
	size_t want = at;
	struct err err = { 0 };
	uint64_t found = 0;

	while (want > 0 && want < file->left &&
	       file->at[want - 1] != '\n' && file->at[want - 1] != '\r')
		want++;
	must(reader_seek_line(r, at, &found, &err), "a line can be looked for");
	must(found == want, "a line begins behind the end of another");
}

/* ---- the target ---- */

static char take_delimiter(struct input *in)
{
	static const char usual[] = ",;\t|";
	unsigned i = input_choice(in, 6);
	char any;

	if (i < 4)
		return usual[i];
	any = (char)input_choice(in, 256);
	/* A blank would stand for a run of them, which libcsv does not know:
	 * tests/test-index.c has those. */
	return memchr("\"\n\r ", any, 4) ? ',' : any;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t rooms[] = { 65536, 1, 2, 3, 4, 7, 16, 33, 100,
					257 };
	struct input in = { data, size };
	char delimiter = take_delimiter(&in), path[FILE_PATH];
	size_t room = rooms[input_choice(&in, ARRAY_LEN(rooms))];
	size_t start = input_choice(&in, 256);
	uint64_t limit = input_choice(&in, 256);
	struct dialect dialect = { .quote = '"' };
	struct err err = { 0 };
	struct wanted wanted;
	struct reader *r;
	int fd;

	start = start < in.left ? start : in.left;
	fd = file_of(in.at, in.left, 1, path);
	find_wanted(&wanted, &in, start, delimiter);
	dialect.delimiter = delimiter;
	r = reader_new(fd, &dialect, start, room, &err);
	must(r != NULL, "there is a reader");
	check_rows(r, &wanted, false, UINT64_MAX, delimiter);
	reader_seek(r, start);
	check_rows(r, &wanted, true, start + limit, delimiter);
	check_seek_line(r, &in, start);
	reader_seek(r, start);
	check_rows(r, &wanted, true, UINT64_MAX, delimiter);
	reader_seek(r, start);
	check_rows(r, &wanted, false, start + limit, delimiter);
	reader_free(r);
	wanted_clear(&wanted);
	close(fd);
	return 0;
}
