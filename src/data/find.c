#include "data/find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/reader.h"

/*
 * The file is read some megabytes at a time, cut into pieces at the ends of
 * lines.  In a piece without a quote every line is a row, a pattern is looked
 * for in the bytes as they are, and threads share the pieces.  A piece with a
 * quote is read row by row, with libcsv; it tells where the next row begins.
 */
enum { PIECES = 16, PIECE_BYTES = 524288, READER_BYTES = 262144 };

/* Rows between two questions whether the job goes on. */
enum { ASK_ROWS = 256 };

/* Room for so many found rows of a piece at first; it doubles. */
enum { FIRST_ROOM = 64 };

struct piece {
	const char *begin, *end;
	bool by_row;			/* there is a quote in it */
	bool has_lf, has_cr;
	struct matcher *matcher;	/* owned */
	uint32_t *row;			/* owned: found, counted from its first
					 * one */
	size_t room;
	struct found_count count;
	bool no_memory;
};

struct search {
	const struct source *source;
	const struct finder *finder;
	enum finder_reach reach;
	char delimiter;
	const bool *columns;		/* borrowed, or NULL */
	size_t width;			/* columns of the source */
	char *buffer;			/* owned: room for all the pieces */
	size_t room;			/* how much of it is used: at first
					 * little, so that the screen soon has
					 * something to show */
	struct reader *reader;		/* owned */
	uint64_t at;			/* the byte at which buffer begins */
	bool open;			/* all in it is a part of one line */
	size_t rows;			/* before the piece that is next */
	struct piece piece[PIECES];
	struct found *found;
	struct job *job;
};

/*
 * Cells
 */

static bool wanted(const struct search *s, size_t column)
{
	return !s->columns || (column < s->width && s->columns[column]);
}

static bool matches(struct piece *p, const char *text, size_t len)
{
	size_t at, size;

	return matcher_find(p->matcher, text, len, &at, &size);
}

static const char *cell_end(const struct search *s, const char *at,
			    const char *end)
{
	const char *stop = memchr(at, s->delimiter, (size_t)(end - at));

	return stop ? stop : end;
}

/* How many cells of a line match. */
static size_t line_cells(const struct search *s, struct piece *p,
			 const char *at, const char *end)
{
	size_t n = 0;

	for (size_t j = 0;; j++) {
		const char *stop = cell_end(s, at, end);

		n += wanted(s, j) && matches(p, at, (size_t)(stop - at));
		if (stop == end)
			return n;
		at = stop + 1;
	}
}

/* The same where any match is in a cell, from the first one in the line on:
 * cells are not looked at one by one. */
static size_t plain_cells(const struct search *s, struct piece *p,
			  const char *line, const char *hit, const char *end)
{
	size_t n = 0, column = 0, at, size;

	for (;;) {
		for (; s->columns && line < hit; line++)
			column += *line == s->delimiter;
		n += wanted(s, column);
		hit = cell_end(s, hit, end);
		if (!matcher_find(p->matcher, hit, (size_t)(end - hit), &at,
				  &size))
			return n;
		hit += at;
	}
}

/*
 * Lines of a piece without quotes
 */

static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

/* Rows that begin from at, where a line does, up to end.  Lines with nothing
 * on them are none: what begins a row is the byte after the end of a line, if
 * it is not an end itself.  So many bytes at a time are compared at once. */
enum { AT_ONCE = 128 };

static size_t count_begins(const char *at, const char *end)
{
	size_t n = at < end && !ends_line(*at);

	if (at == end)
		return 0;
	for (at++; end - at >= AT_ONCE; at += AT_ONCE) {
		unsigned char begins = 0;

		for (int i = 0; i < AT_ONCE; i++) {
			char a = at[i - 1], b = at[i];

			begins += ((a == '\n') | (a == '\r')) &
				  (b != '\n') & (b != '\r');
		}
		n += begins;
	}
	for (; at < end; at++)
		n += ends_line(at[-1]) && !ends_line(*at);
	return n;
}

static const char *line_end(const struct piece *p, const char *at,
			    const char *end)
{
	const char *lf = p->has_lf ? memchr(at, '\n', (size_t)(end - at))
				   : NULL;
	const char *cr;

	end = lf ? lf : end;
	cr = p->has_cr ? memchr(at, '\r', (size_t)(end - at)) : NULL;
	return cr ? cr : end;
}

/* Where the line of a hit begins: at, or later. */
static const char *line_begin(const char *at, const char *hit)
{
	while (hit > at && !ends_line(hit[-1]))
		hit--;
	return hit;
}

/* The row after those that were counted is one of those found. */
static void add_row(struct piece *p, size_t cells)
{
	size_t n = p->count.rows;

	if (n == p->room) {
		size_t room = n ? n * 2 : FIRST_ROOM;
		uint32_t *row = realloc(p->row, room * sizeof(*row));

		p->no_memory |= !row;
		if (!row)
			return;
		p->row = row;
		p->room = room;
	}
	p->row[p->count.rows++] = (uint32_t)p->count.searched;
	p->count.cells += cells;
}

static void end_row(struct piece *p, size_t cells)
{
	if (cells > 0)
		add_row(p, cells);
	p->count.searched++;
}

/* From hit to hit; the rows between them are only counted. */
static void scan_bytes(const struct search *s, struct piece *p)
{
	const char *at = p->begin;
	size_t offset, size;
	int asked = 0;

	while (matcher_find(p->matcher, at, (size_t)(p->end - at), &offset,
			    &size)) {
		const char *hit = at + offset, *line = line_begin(at, hit);
		const char *end = line_end(p, hit, p->end);

		if (++asked % ASK_ROWS == 0 && job_cancelled(s->job))
			return;
		p->count.searched += count_begins(at, line);
		if (end > line)
			end_row(p, s->reach == FINDER_PLAIN
				   ? plain_cells(s, p, line, hit, end)
				   : line_cells(s, p, line, end));
		at = end < p->end ? end + 1 : end;
		if (at == p->end)
			return;
	}
	p->count.searched += count_begins(at, p->end);
}

/* A line in which the pattern is not need not be cut into cells. */
static bool may_match(const struct search *s, struct piece *p,
		      const char *line, const char *end)
{
	size_t given_up = matcher_given_up(p->matcher);

	return s->reach != FINDER_LINE ||
	       matches(p, line, (size_t)(end - line)) ||
	       matcher_given_up(p->matcher) > given_up;
}

static void scan_lines(const struct search *s, struct piece *p)
{
	const char *end;

	for (const char *at = p->begin; at < p->end; at = end + 1) {
		end = line_end(p, at, p->end);
		if (job_cancelled(s->job))
			return;
		if (end > at)
			end_row(p, may_match(s, p, at, end)
				   ? line_cells(s, p, at, end) : 0);
	}
}

static bool has(const struct piece *p, char c)
{
	return memchr(p->begin, c, (size_t)(p->end - p->begin)) != NULL;
}

static void scan(const struct search *s, struct piece *p)
{
	char never[] = { s->delimiter, '"', '\r', '\n', '\0' };

	p->count = (struct found_count){ 0 };
	p->by_row = s->open || has(p, '"');
	if (p->by_row)
		return;
	p->has_lf = has(p, '\n');
	p->has_cr = has(p, '\r');
	/* Without quotes no cell has any of these in it. */
	if (finder_has_any(s->finder, never))
		p->count.searched = count_begins(p->begin, p->end);
	else if (s->reach < FINDER_LINE)
		scan_bytes(s, p);
	else
		scan_lines(s, p);
}

/*
 * Rows of a piece with quotes
 */

static size_t row_cells(const struct search *s, struct piece *p,
			const struct row *row)
{
	size_t n = 0;

	for (size_t j = 0; j < row->cells; j++)
		n += wanted(s, j) &&
		     matches(p, row->cell[j].text, row->cell[j].len);
	return n;
}

/* Read the rows that begin in the piece; *next is where the next one does. */
static bool scan_rows(struct search *s, struct piece *p, uint64_t begin,
		      uint64_t *next, struct err *err)
{
	uint64_t end = begin + (uint64_t)(p->end - p->begin);
	struct row row;

	p->has_cr = p->has_lf = true;
	reader_seek(s->reader, begin);
	for (size_t i = 1; reader_at(s->reader) < end; i++) {
		enum reading said = reader_next(s->reader, &row, err);

		if (said == READ_FAILED)
			return false;
		if (said == READ_END || row.begin >= end)
			break;
		if (i % ASK_ROWS == 0 && job_cancelled(s->job))
			return err_cancelled(err);
		end_row(p, said == READ_ROW ? row_cells(s, p, &row)
			   : line_cells(s, p, row.line, row.line + row.len));
		*next = reader_at(s->reader);
	}
	/* Behind it there are empty lines at most. */
	*next = *next < end ? end : *next;
	return true;
}

/*
 * The file
 */

/* As many bytes as there is room for, or as the file has. */
static bool fill(struct search *s, size_t *n, struct err *err)
{
	for (*n = 0; *n < s->room;) {
		ssize_t got = pread(source_fd(s->source), s->buffer + *n,
				    s->room - *n, (off_t)(s->at + *n));

		if (got < 0 && errno != EINTR)
			return err_set(err, ERR_IO, "cannot read %s: %s",
				       source_path(s->source),
				       strerror(errno));
		if (got == 0)
			return true;
		*n += got > 0 ? (size_t)got : 0;
	}
	return true;
}

/* Behind the last end of a line in n bytes; 0 when there is none. */
static size_t last_line(const char *bytes, size_t n)
{
	while (n > 0 && !ends_line(bytes[n - 1]))
		n--;
	return n;
}

/* Cut n bytes into pieces of whole lines, some of them empty. */
static void cut(struct search *s, size_t n)
{
	const char *at = s->buffer, *end = s->buffer + n;

	for (int i = 0; i < PIECES; i++) {
		struct piece *p = s->piece + i;
		size_t left = (size_t)(end - at), size = PIECE_BYTES;

		size = i == PIECES - 1 || left < size ? left : size;
		if (size < left)
			size = last_line(at, size);
		p->begin = at;
		at += size;
		p->end = at;
	}
}

static bool publish(struct search *s, struct piece *p, struct err *err)
{
	if (p->no_memory)
		return err_set(err, ERR_NOMEM, "no memory for rows that were "
			       "found");
	p->count.gave_up = matcher_given_up(p->matcher) > 0;
	if (!found_add(s->found, p->row, s->rows, &p->count, err))
		return false;
	s->rows += p->count.searched;
	return true;
}

/* The pieces in their order; a row may go on behind the piece that it begins
 * in, and then what comes after it is read again. */
static bool collect(struct search *s, struct err *err)
{
	uint64_t begin = s->at;

	for (int i = 0; i < PIECES; i++) {
		struct piece *p = s->piece + i;
		uint64_t end = s->at + (uint64_t)(p->end - s->buffer);
		uint64_t next = begin;

		if (p->by_row && !scan_rows(s, p, begin, &next, err))
			return false;
		if (job_cancelled(s->job))
			return err_cancelled(err);
		if (!publish(s, p, err))
			return false;
		begin = p->by_row ? next : end;
		if (begin != end)
			break;
	}
	s->at = begin;
	return true;
}

/* Search n bytes in the buffer.  When they end the file, their last line needs
 * no end.  A line that is longer than all of them is read as a row. */
static bool search_bytes(struct search *s, size_t n, struct err *err)
{
	size_t whole = n < s->room ? n : last_line(s->buffer, n);

	s->open = whole == 0;
	cut(s, s->open ? n : whole);
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) if (whole > PIECE_BYTES)
#endif
	for (int i = 0; i < PIECES; i++)
		scan(s, s->piece + i);
	return collect(s, err);
}

static bool search_all(struct search *s, struct err *err)
{
	uint64_t bytes = source_bytes(s->source);
	size_t n;

	for (;;) {
		if (job_cancelled(s->job))
			return err_cancelled(err);
		if (!fill(s, &n, err))
			return false;
		if (n == 0)
			return true;
		if (!search_bytes(s, n, err))
			return false;
		if (s->room < (size_t)PIECES * PIECE_BYTES)
			s->room *= 2;
		job_progress(s->job, s->at < bytes
				     ? (double)s->at / (double)bytes : 1);
	}
}

static bool search_init(struct search *s, struct err *err)
{
	bool room;

	s->reach = finder_reach(s->finder);
	s->delimiter = source_dialect(s->source)->delimiter;
	s->width = source_columns(s->source);
	s->at = source_start(s->source);
	s->room = PIECE_BYTES;
	s->buffer = malloc((size_t)PIECES * PIECE_BYTES);
	room = s->buffer != NULL;
	for (int i = 0; i < PIECES; i++) {
		s->piece[i].matcher = matcher_new(s->finder);
		room = room && s->piece[i].matcher;
	}
	if (!room)
		return err_set(err, ERR_NOMEM, "no memory to search");
	s->reader = reader_new(source_fd(s->source),
			       source_dialect(s->source), s->at,
			       READER_BYTES, err);
	if (!s->reader)
		return false;
	reader_plain(s->reader, true);
	return true;
}

bool find_rows(const struct source *source, const struct finder *finder,
	       const bool *columns, struct found *found, struct job *job,
	       struct err *err)
{
	struct search s = { .source = source, .finder = finder,
			    .columns = columns, .found = found, .job = job };
	bool searched = search_init(&s, err) && search_all(&s, err);

	reader_free(s.reader);
	for (int i = 0; i < PIECES; i++) {
		matcher_free(s.piece[i].matcher);
		free(s.piece[i].row);
	}
	free(s.buffer);
	return searched;
}
