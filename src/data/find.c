#include "data/find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "data/reader.h"

/*
 * The file is cut into pieces of about so many bytes, at the ends of lines;
 * threads take one after the other.  In a piece without a quote every line is
 * a row, and a pattern is looked for in the bytes as they are.  What was found
 * is published piece after piece, in file order.  That is also when a piece
 * with a quote is read row by row, with libcsv, which tells where the next row
 * begins; when that is not where the next piece does, this is read so too.
 *
 * The line at the end of a piece is followed for so many bytes more.
 */
enum { PIECE_BYTES = 524288, MORE_BYTES = 65536, READER_BYTES = 262144 };

/* Rows between two questions whether the job goes on. */
enum { ASK_ROWS = 256 };

/* Room for so many found rows of a piece at first; it doubles. */
enum { FIRST_ROOM = 64 };

/* A piece, and the room that a thread has for one after the other. */
struct piece {
	char *buffer;			/* owned */
	struct matcher *matcher;	/* owned */
	uint32_t *row;			/* owned: found, counted from its first
					 * one */
	size_t room;
	uint64_t at, stop;		/* in the file: from the begin of a line
					 * to that of another, or to a byte in
					 * a line that is too long */
	const char *begin, *end;	/* the same in the buffer */
	bool by_row;
	bool has_lf, has_cr;
	struct found_count count;
	int io_error;			/* errno, or 0 */
	bool no_memory;
};

struct search {
	const struct source *source;
	const struct finder *finder;
	enum finder_reach reach;
	char delimiter;
	const bool *columns;		/* borrowed, or NULL */
	size_t width;			/* columns of the source */
	uint64_t start, bytes;		/* where rows begin, and end */
	struct job *job;
	/* By one thread at a time, in the order of the pieces: */
	struct reader *reader;		/* owned */
	uint64_t at;			/* the byte that is searched next */
	size_t rows;			/* before it */
	struct found *found;
	struct err *err;
	bool failed;
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
	const struct dialect *d = source_dialect(s->source);
	char never[] = { d->delimiter, '\r', '\n', d->quote, '\0' };

	/* Runs of blanks and what is within quotes are the reader's. */
	p->by_row = d->delimiter == ' ' || (d->quote && has(p, d->quote));
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

/* Read the rows that begin before the end of the piece, from where the search
 * is; it is then where the next one begins. */
static bool scan_rows(struct search *s, struct piece *p)
{
	uint64_t next = s->at;
	struct row row;

	p->count = (struct found_count){ 0 };
	p->has_cr = p->has_lf = true;
	reader_seek(s->reader, s->at);
	for (size_t i = 1; reader_at(s->reader) < p->stop; i++) {
		enum reading said = reader_next(s->reader, &row, s->err);

		if (said == READ_FAILED)
			return false;
		if (said == READ_END || row.begin >= p->stop)
			break;
		if (i % ASK_ROWS == 0 && job_cancelled(s->job))
			return err_cancelled(s->err);
		end_row(p, said == READ_ROW ? row_cells(s, p, &row)
			   : line_cells(s, p, row.line, row.line + row.len));
		next = reader_at(s->reader);
	}
	/* Behind it there are empty lines at most. */
	s->at = next < p->stop ? p->stop : next;
	return true;
}

/*
 * Pieces
 */

/* As many bytes as there are from at on, up to n; the rest of them when the
 * file was cut short. */
static size_t read_bytes(const struct search *s, struct piece *p, uint64_t at,
			 size_t n)
{
	ssize_t got = bytes_read(source_fd(s->source), at, p->buffer, n);

	if (got < 0)
		p->io_error = errno;
	return got < 0 ? 0 : (size_t)got;
}

/* The first begin of a line from the byte behind at on; NULL when there is
 * none before end. */
static const char *next_line(const char *at, const char *end)
{
	while (at < end && !ends_line(*at))
		at++;
	return at < end ? at + 1 : NULL;
}

/*
 * Read piece k: the lines that begin in its bytes.  All but the first piece
 * look at the byte before theirs, which may end a line.
 */
static void take_piece(const struct search *s, struct piece *p, size_t k)
{
	uint64_t first = s->start + (uint64_t)k * PIECE_BYTES;
	uint64_t from = k > 0 ? first - 1 : first;
	size_t most = PIECE_BYTES + MORE_BYTES, n, own;
	const char *begin, *end;

	n = read_bytes(s, p, from, s->bytes - from < most
				   ? (size_t)(s->bytes - from) : most);
	own = (size_t)(first - from) + PIECE_BYTES - 1;
	begin = k > 0 ? next_line(p->buffer, p->buffer + n) : p->buffer;
	end = from + n >= s->bytes && n <= own + 1 ? p->buffer + n
	    : n > own ? next_line(p->buffer + own, p->buffer + n) : NULL;
	p->count = (struct found_count){ 0 };
	p->by_row = !begin || !end;
	p->begin = begin;
	p->end = end;
	p->at = begin ? from + (uint64_t)(begin - p->buffer) : s->bytes;
	p->stop = end ? from + (uint64_t)(end - p->buffer)
		      : first + PIECE_BYTES;
	/* The last line of the file needs no end. */
	if (!end && from + n >= s->bytes)
		p->stop = s->bytes;
	if (!p->by_row && begin < end)
		scan(s, p);
}

static bool publish(struct search *s, struct piece *p)
{
	if (p->no_memory)
		return err_set(s->err, ERR_NOMEM, "no memory for rows that "
			       "were found");
	p->count.gave_up = matcher_given_up(p->matcher) > 0;
	if (!found_add(s->found, p->row, s->rows, &p->count, s->err))
		return false;
	s->rows += p->count.searched;
	job_progress(s->job, (double)s->at / (double)s->bytes);
	return true;
}

/* A row of an earlier piece may reach into this one, or beyond it. */
static bool give_piece(struct search *s, struct piece *p)
{
	if (job_cancelled(s->job))
		return err_cancelled(s->err);
	if (p->io_error)
		return err_set(s->err, ERR_IO, "cannot read %s: %s",
			       source_path(s->source), strerror(p->io_error));
	if (s->at >= p->stop)
		return true;
	if (p->by_row || p->at != s->at) {
		if (!scan_rows(s, p))
			return false;
	} else {
		s->at = p->stop;
	}
	return publish(s, p);
}

static bool piece_init(const struct search *s, struct piece *p)
{
	*p = (struct piece){ .matcher = matcher_new(s->finder),
			     .buffer = malloc(PIECE_BYTES + MORE_BYTES) };
	return p->matcher && p->buffer;
}

static void piece_clear(struct piece *p)
{
	matcher_free(p->matcher);
	free(p->buffer);
	free(p->row);
}

/* One thread's part: pieces, as long as there are any. */
static void work(struct search *s, size_t pieces)
{
	struct piece p;
	bool room = piece_init(s, &p);

#ifdef _OPENMP
#pragma omp for ordered schedule(dynamic, 1)
#endif
	for (size_t k = 0; k < pieces; k++) {
		if (room && !job_cancelled(s->job))
			take_piece(s, &p, k);
#ifdef _OPENMP
#pragma omp ordered
#endif
		if (!s->failed && !room)
			s->failed = !err_set(s->err, ERR_NOMEM,
					     "no memory to search");
		else if (!s->failed)
			s->failed = !give_piece(s, &p);
	}
	piece_clear(&p);
}

static bool search_all(struct search *s)
{
	size_t pieces = (size_t)((s->bytes - s->start + PIECE_BYTES - 1) /
				 PIECE_BYTES);

	s->reader = source_reader(s->source, s->start, READER_BYTES, s->err);
	if (!s->reader)
		return false;
	reader_plain(s->reader, true);
#ifdef _OPENMP
#pragma omp parallel if (pieces > 1)
#endif
	work(s, pieces);
	reader_free(s->reader);
	return !s->failed;
}

bool find_rows(const struct source *source, const struct finder *finder,
	       const bool *columns, struct found *found, struct job *job,
	       struct err *err)
{
	struct search s = {
		.source = source, .finder = finder, .columns = columns,
		.found = found, .job = job, .err = err,
		.reach = finder_reach(finder),
		.delimiter = source_dialect(source)->delimiter,
		.width = source_columns(source), .bytes = source_bytes(source),
		.start = source_start(source), .at = source_start(source)
	};

	return s.start >= s.bytes || search_all(&s);
}
