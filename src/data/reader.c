#include "data/reader.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

/* libcsv grows a cell by so many bytes at a time. */
enum { CELL_BLOCK = 4096 };

/* What libcsv said of the bytes that it was given last. */
enum said { SAID_NOTHING, SAID_ROW, SAID_NO_MEMORY };

/* Where in a row of cells with blanks between them a byte is. */
enum place { BEFORE_CELL, IN_CELL, IN_QUOTES, BEHIND_QUOTE };

struct reader {
	int fd;
	struct csv_parser csv;
	char quote;		/* 0: none */
	bool plain;
	uint64_t limit, last;	/* see reader_limit(), reader_end() */

	/* The bytes of the file up to file_at; those from next on are new. */
	char *buffer;		/* owned */
	size_t room;
	const char *next, *end;
	const char *lf, *cr;	/* the first of each from next on, or end */
	uint64_t file_at;
	bool file_ended;

	/* Runs of blanks between cells: what is given to libcsv instead. */
	bool blanks;
	enum place place;
	bool wide;		/* there were blanks behind the last cell */
	char *narrow;		/* owned: room bytes */

	/* The row that libcsv is in. */
	bool open;
	bool unterminated;
	enum said said;
	uint64_t begin;
	char *text;		/* owned: its cells, each with a NUL */
	size_t used, text_room;
	size_t *start;		/* owned: where each begins in text */
	struct cell *cell;	/* owned */
	size_t cells, cells_room;
};

/* libcsv would cut blanks around a cell, and nothing may be lost. */
static int no_blank(unsigned char c)
{
	(void)c;
	return 0;
}

struct reader *reader_new(int fd, const struct dialect *dialect, uint64_t at,
			  size_t room, struct err *err)
{
	struct reader *r = mem_new(sizeof(*r));

	r->fd = fd;
	r->room = room;
	r->limit = r->last = UINT64_MAX;
	r->quote = dialect->quote;
	r->blanks = dialect->delimiter == ' ';
	r->buffer = malloc(room);
	/* One more: the blank that was held back, before the next piece. */
	r->narrow = r->blanks ? malloc(room + 1) : NULL;
	if (!r->buffer || (r->blanks && !r->narrow) ||
	    csv_init(&r->csv, 0) != 0) {
		free(r->narrow);
		free(r->buffer);
		free(r);
		err_set(err, ERR_NOMEM, "no memory to read");
		return NULL;
	}
	csv_set_delim(&r->csv, (unsigned char)dialect->delimiter);
	if (r->quote)
		csv_set_quote(&r->csv, (unsigned char)r->quote);
	csv_set_space_func(&r->csv, no_blank);
	csv_set_blk_size(&r->csv, CELL_BLOCK);
	reader_seek(r, at);
	return r;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	csv_free(&r->csv);
	free(r->cell);
	free(r->start);
	free(r->text);
	free(r->narrow);
	free(r->buffer);
	free(r);
}

void reader_plain(struct reader *r, bool plain)
{
	r->plain = plain && !r->blanks;
}

void reader_end(struct reader *r, uint64_t at)
{
	r->last = at;
}

void reader_limit(struct reader *r, uint64_t at)
{
	r->limit = at;
}

uint64_t reader_at(const struct reader *r)
{
	return r->file_at - (uint64_t)(r->end - r->next);
}

bool reader_unterminated(const struct reader *r)
{
	return r->unterminated;
}

/*
 * The cells of a row
 */

static bool more_text(struct reader *r, size_t len)
{
	size_t room = r->text_room;
	char *text;

	while (room - r->used < len)
		room = room ? room * 2 : CELL_BLOCK;
	if (room == r->text_room)
		return true;
	text = realloc(r->text, room);
	if (!text)
		return false;
	r->text = text;
	r->text_room = room;
	return true;
}

static bool more_cells(struct reader *r)
{
	size_t room = r->cells_room ? r->cells_room * 2 : 64;
	size_t *start;
	struct cell *cell;

	if (r->cells < r->cells_room)
		return true;
	start = realloc(r->start, room * sizeof(*start));
	if (start)
		r->start = start;
	cell = realloc(r->cell, room * sizeof(*cell));
	if (cell)
		r->cell = cell;
	if (!start || !cell)
		return false;
	r->cells_room = room;
	return true;
}

static void on_cell(void *text, size_t len, void *arg)
{
	struct reader *r = arg;

	if (!more_text(r, len + 1) || !more_cells(r)) {
		r->said = SAID_NO_MEMORY;
		return;
	}
	r->start[r->cells] = r->used;
	r->cell[r->cells++].len = len;
	if (len)
		memcpy(r->text + r->used, text, len);
	r->text[r->used + len] = '\0';
	r->used += len + 1;
}

static void on_row(int c, void *arg)
{
	struct reader *r = arg;

	(void)c;
	if (r->said == SAID_NOTHING)
		r->said = SAID_ROW;
}

static void forget_cells(struct reader *r)
{
	r->cells = 0;
	r->used = 0;
	r->said = SAID_NOTHING;
}

static enum reading give_cells(struct reader *r, struct row *row)
{
	for (size_t i = 0; i < r->cells; i++)
		r->cell[i].text = r->text + r->start[i];
	*row = (struct row){
		.begin = r->begin, .cell = r->cell, .cells = r->cells
	};
	r->open = false;
	return READ_ROW;
}

/*
 * Lines
 */

void reader_seek(struct reader *r, uint64_t at)
{
	r->next = r->end = r->lf = r->cr = r->buffer;
	r->file_at = at;
	r->file_ended = false;
	r->unterminated = false;
	if (r->open)
		csv_fini(&r->csv, NULL, NULL, NULL);
	r->open = false;
}

/* Move what is left to the front and read as much as there is room for. */
static bool fill(struct reader *r, struct err *err)
{
	size_t left = (size_t)(r->end - r->next), room = r->room - left;
	uint64_t rest = r->last > r->file_at ? r->last - r->file_at : 0;
	ssize_t n;

	if (room > rest)
		room = (size_t)rest;
	memmove(r->buffer, r->next, left);
	n = bytes_read(r->fd, r->file_at, r->buffer + left, room);
	if (n < 0)
		return err_set(err, ERR_IO, "cannot read: %s",
			       strerror(errno));
	r->file_ended = n == 0;
	r->file_at += (uint64_t)n;
	r->next = r->buffer;
	r->end = r->buffer + left + n;
	/* What is left holds no end of a line: the search goes on behind. */
	r->lf = r->cr = r->buffer + (left ? left - 1 : 0);
	return true;
}

static const char *find(const char *from, char c, const char *end)
{
	const char *at = memchr(from, c, (size_t)(end - from));

	return at ? at : end;
}

/* The end of the line that begins at next, behind its LF or CR; NULL when it
 * is not in the buffer.  Each byte is looked at once for either. */
static const char *line_end(struct reader *r)
{
	const char *first;

	if (r->lf < r->end && (r->lf < r->next || *r->lf != '\n'))
		r->lf = find(r->lf < r->next ? r->next : r->lf, '\n', r->end);
	if (r->cr < r->end && (r->cr < r->next || *r->cr != '\r'))
		r->cr = find(r->cr < r->next ? r->next : r->cr, '\r', r->end);
	first = r->lf < r->cr ? r->lf : r->cr;
	return first < r->end ? first + 1 : NULL;
}

/*
 * The next line with its end (*whole); or as much of it as fits the buffer, or
 * as the file has.
 */
static bool next_piece(struct reader *r, struct cell *piece, bool *whole,
		       struct err *err)
{
	const char *stop;

	while (!(stop = line_end(r)) && !r->file_ended &&
	       (size_t)(r->end - r->next) < r->room)
		if (!fill(r, err))
			return false;
	*whole = stop != NULL;
	if (!stop)
		stop = r->end;
	piece->text = r->next;
	piece->len = (size_t)(stop - r->next);
	r->next = stop;
	return true;
}

bool reader_seek_line(struct reader *r, uint64_t at, uint64_t *found,
		      struct err *err)
{
	struct cell piece;
	bool whole = at == 0;

	reader_seek(r, at ? at - 1 : 0);
	while (!whole) {
		if (!next_piece(r, &piece, &whole, err))
			return false;
		if (piece.len == 0 && r->file_ended)
			break;
	}
	*found = reader_at(r);
	return true;
}

/*
 * Rows
 */

/* The last row when its line does not end.  In strict mode libcsv refuses to
 * end it within quotes, and is asked again in its usual mode. */
static enum reading last_row(struct reader *r, struct row *row)
{
	if (!r->open)
		return READ_END;
	csv_set_opts(&r->csv, CSV_STRICT | CSV_STRICT_FINI);
	r->unterminated = csv_fini(&r->csv, on_cell, on_row, r) != 0;
	csv_set_opts(&r->csv, 0);
	if (r->unterminated)
		csv_fini(&r->csv, on_cell, on_row, r);
	return give_cells(r, row);
}

static enum reading give_line(struct reader *r, const struct cell *piece,
			      bool whole, struct row *row)
{
	*row = (struct row){
		.begin = r->begin, .line = piece->text,
		.len = piece->len - whole
	};
	return READ_LINE;
}

static bool is_plain(const struct reader *r, const struct cell *piece,
		     bool whole)
{
	return r->plain && !r->open && (whole || r->file_ended) &&
	       !(r->quote && memchr(piece->text, r->quote, piece->len));
}

/*
 * libcsv always has a quote.  Where the file has none, it is given one that is
 * not in the bytes: no UTF-8 has this one, and among 255 bytes that are no
 * UTF-8 one of the 256 is not there.
 */
enum { NO_LETTER = 0xff, FEW = 255 };

static unsigned char absent(const char *bytes, size_t n)
{
	bool there[256] = { false };
	unsigned char c = NO_LETTER;

	for (size_t i = 0; i < n; i++)
		there[(unsigned char)bytes[i]] = true;
	while (there[c])
		c--;
	return c;
}

static bool parse(struct reader *r, const char *bytes, size_t n)
{
	bool letters = r->quote || !memchr(bytes, NO_LETTER, n);

	while (n > 0) {
		size_t len = letters || n < FEW ? n : FEW;

		if (!r->quote)
			csv_set_quote(&r->csv, letters ? NO_LETTER
						       : absent(bytes, len));
		if (csv_parse(&r->csv, bytes, len, on_cell, on_row, r) != len)
			return false;
		bytes += len;
		n -= len;
	}
	return true;
}

/*
 * Runs of blanks
 */

/* The place behind a byte that is no blank. */
static enum place behind(const struct reader *r, char c)
{
	bool quote = r->quote && c == r->quote;

	if (r->place == IN_QUOTES)
		return quote ? BEHIND_QUOTE : IN_QUOTES;
	if (r->place == BEHIND_QUOTE)
		return IN_QUOTES;	/* as libcsv has it */
	return quote && r->place == BEFORE_CELL ? IN_QUOTES : IN_CELL;
}

static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

/* The bytes with one blank for each run of them that stands between two cells,
 * and none for those at the end of a row.  Returns how many are left. */
static size_t narrow(struct reader *r, const char *bytes, size_t n)
{
	char *to = r->narrow;

	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];

		if (cell_is_blank(c) && r->place != IN_QUOTES) {
			r->wide = true;
			r->place = BEFORE_CELL;
			continue;
		}
		if (ends_line(c) && r->place != IN_QUOTES) {
			r->place = BEFORE_CELL;
		} else {
			if (r->wide)
				*to++ = ' ';
			r->place = behind(r, c);
		}
		r->wide = false;
		*to++ = c;
	}
	return (size_t)(to - r->narrow);
}

/* What is left of a piece without the blanks that a row may begin with. */
static void drop_blanks(struct reader *r, struct cell *piece)
{
	while (piece->len > 0 && cell_is_blank(*piece->text)) {
		piece->text++;
		piece->len--;
		r->begin++;
	}
	r->place = BEFORE_CELL;
	r->wide = false;
}

static bool give_to_libcsv(struct reader *r, const struct cell *piece)
{
	if (!r->blanks)
		return parse(r, piece->text, piece->len);
	return parse(r, r->narrow, narrow(r, piece->text, piece->len));
}

enum reading reader_next(struct reader *r, struct row *row, struct err *err)
{
	struct cell piece;
	bool whole;

	forget_cells(r);
	while (r->said == SAID_NOTHING) {
		if (r->open && reader_at(r) >= r->limit)
			return READ_OPEN;
		if (!r->open)
			r->begin = reader_at(r);
		if (!next_piece(r, &piece, &whole, err))
			return READ_FAILED;
		if (piece.len == 0)
			return last_row(r, row);
		if (!r->open && r->blanks)
			drop_blanks(r, &piece);
		if (!r->open && piece.len <= whole)
			continue;	/* an empty line */
		if (is_plain(r, &piece, whole))
			return give_line(r, &piece, whole, row);
		r->open = true;
		if (!give_to_libcsv(r, &piece))
			r->said = SAID_NO_MEMORY;
	}
	if (r->said == SAID_ROW)
		return give_cells(r, row);
	err_set(err, ERR_NOMEM, "no memory for a row");
	return READ_FAILED;
}
