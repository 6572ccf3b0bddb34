/*
 * The bytes are cut into chunks.  A chunk is scanned before it is known what
 * its first byte belongs to, on the guess that its first line does not end
 * within quotes.  Then, in the order of the file, each chunk is settled: the
 * state in which the one before it ended is led up to the first row that was
 * guessed; if that is no row, the chunk is scanned again from the true state.
 */
#include "data/index.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

enum { CHUNK = 1 << 17, WAVE = 16, STRIDE = 256 };

/* Blocks without a quote are counted in steps: rows of a step can be looked at
 * again for the one that wants a mark. */
enum { STEP = 512 };

/* Where in a row a byte is; as libcsv has it, see csv(3). */
enum state {
	ROW_START,	/* behind the end of a line */
	CELL_START,	/* behind a delimiter */
	PLAIN,		/* in a cell without quotes */
	QUOTED,
	QUOTE_SEEN	/* a quote within quotes: the end, or half of two */
};

struct row_index {
	int fd;
	const struct dialect *dialect;
	enum state state;	/* at byte extent.byte */

	pthread_mutex_t lock;	/* guards what follows */
	struct index_extent extent;
	struct index_mark *mark;	/* owned */
	size_t marks;
};

/* What a chunk holds; rows are numbered within it. */
struct piece {
	char *bytes;		/* owned: CHUNK of them */
	uint64_t at;		/* of the first byte */
	size_t n;
	bool has_quotes;
	enum state end;		/* behind the last byte */
	size_t rows;
	size_t guess;		/* the byte of the first row that was guessed */
	struct index_mark *mark;	/* owned: CHUNK / STRIDE / 2 + 1 */
	size_t marks;
};

static void add_mark(struct row_index *index, size_t row, uint64_t byte)
{
	index->mark = mem_grow(index->mark, index->marks,
			       sizeof(*index->mark));
	index->mark[index->marks++] = (struct index_mark){ row, byte };
}

struct row_index *index_new(int fd, const struct dialect *dialect,
			    uint64_t start)
{
	struct row_index *index = mem_new(sizeof(*index));

	index->fd = fd;
	index->dialect = dialect;
	index->state = ROW_START;
	index->extent.byte = start;
	add_mark(index, 0, start);
	pthread_mutex_init(&index->lock, NULL);
	return index;
}

void index_free(struct row_index *index)
{
	if (!index)
		return;
	pthread_mutex_destroy(&index->lock);
	free(index->mark);
	free(index);
}

/* ---- for any thread ---- */

struct index_extent index_extent(struct row_index *index)
{
	struct index_extent extent;

	pthread_mutex_lock(&index->lock);
	extent = index->extent;
	pthread_mutex_unlock(&index->lock);
	return extent;
}

struct index_mark index_before(struct row_index *index, size_t row)
{
	size_t low = 0, high;
	struct index_mark mark;

	pthread_mutex_lock(&index->lock);
	high = index->marks;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (index->mark[middle].row <= row)
			low = middle;
		else
			high = middle;
	}
	mark = index->mark[low];
	pthread_mutex_unlock(&index->lock);
	return mark;
}

/* ---- rows in bytes ---- */

static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

static void begin_row(struct piece *p, size_t i)
{
	if (p->rows % STRIDE == 0)
		p->mark[p->marks++] =
			(struct index_mark){ p->rows, p->at + i };
	p->rows++;
}

/* In a file with runs of blanks between cells, tabs are blanks too. */
static bool delimits(const struct dialect *d, char c)
{
	return c == d->delimiter || (c == '\t' && d->delimiter == ' ');
}

/* The state behind a byte that does not stand within quotes. */
static enum state after(const struct dialect *d, char c)
{
	return ends_line(c) ? ROW_START : delimits(d, c) ? CELL_START : PLAIN;
}

/* Blanks before a row are no part of it where they delimit. */
static bool before_row(const struct dialect *d, char c)
{
	return ends_line(c) || (d->delimiter == ' ' && delimits(d, c));
}

/*
 * Byte by byte from i to end, with the state before the first of them; rows
 * that begin there are noted if noted is set.  Returns the state behind.
 */
static enum state walk(struct piece *p, const struct dialect *d, size_t i,
		       size_t end, enum state state, bool noted)
{
	const char *bytes = p->bytes, *quote;

	for (; i < end; i++) {
		char c = bytes[i];

		if (state == QUOTED) {
			quote = memchr(bytes + i, d->quote, end - i);
			if (!quote)
				return QUOTED;
			i = (size_t)(quote - bytes);
			state = QUOTE_SEEN;
			continue;
		}
		if (state == QUOTE_SEEN) {
			state = ends_line(c) || delimits(d, c) ? after(d, c)
							       : QUOTED;
			continue;
		}
		if (state == ROW_START && before_row(d, c))
			continue;
		if (state == ROW_START && noted)
			begin_row(p, i);
		state = state != PLAIN && d->quote && c == d->quote
		      ? QUOTED : after(d, c);
	}
	return state;
}

/* Where there are no quotes a row begins wherever a line does. */
static size_t count_rows(const char *bytes, size_t n, char before)
{
	size_t rows = 0;
	unsigned char was = ends_line(before);

	for (size_t i = 0; i < n; ) {
		size_t stop = n - i < 255 ? n : i + 255;
		unsigned char count = 0;

		/* The first is told by what was before it, each other by its
		 * neighbour: so that there is nothing to wait for. */
		count = was & !ends_line(bytes[i]);
#ifdef _OPENMP
#pragma omp simd reduction(+ : count)
#endif
		for (size_t k = i + 1; k < stop; k++)
			count = (unsigned char)(count +
				(((bytes[k - 1] == '\n') |
				  (bytes[k - 1] == '\r')) &
				 (bytes[k] != '\n') & (bytes[k] != '\r')));
		rows += count;
		was = ends_line(bytes[stop - 1]);
		i = stop;
	}
	return rows;
}

/* The same as walk(), where there is no quote from i to end. */
static enum state walk_plain(struct piece *p, const struct dialect *d,
			     size_t i, size_t end, enum state state)
{
	char before = state == ROW_START ? '\n' : 'x';

	while (i < end) {
		size_t stop = end - i < STEP ? end : i + STEP;
		size_t rows = count_rows(p->bytes + i, stop - i, before);
		size_t left = (STRIDE - p->rows % STRIDE) % STRIDE;

		if (rows > left)	/* one of them wants a mark */
			walk(p, d, i, stop, before == '\n' ? ROW_START : PLAIN,
			     true);
		else
			p->rows += rows;
		before = ends_line(p->bytes[stop - 1]) ? '\n' : 'x';
		i = stop;
	}
	return after(d, p->bytes[end - 1]);
}

static void scan_from(struct piece *p, const struct dialect *d, size_t i,
		      enum state state)
{
	p->rows = p->marks = 0;
	if (i == p->n)
		p->end = state;
	else if (p->has_quotes || d->delimiter == ' ' || state == QUOTED ||
		 state == QUOTE_SEEN)
		p->end = walk(p, d, i, p->n, state, true);
	else
		p->end = walk_plain(p, d, i, p->n, state);
}

/* ---- chunks ---- */

static bool read_piece(const struct row_index *index, struct piece *p,
		       uint64_t at, uint64_t end, struct err *err)
{
	size_t want = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
	ssize_t n = bytes_read(index->fd, at, p->bytes, want);

	if (n < 0 || (size_t)n < want)
		return err_set(err, ERR_IO, "cannot read: %s", n < 0
			       ? strerror(errno)
			       : "the file has become shorter");
	p->at = at;
	p->n = want;
	p->has_quotes = index->dialect->quote &&
			memchr(p->bytes, index->dialect->quote, p->n);
	return true;
}

/* Scan on the guess that the end of the first line is the end of a row. */
static void guess(const struct row_index *index, struct piece *p)
{
	size_t i = 0;

	while (i < p->n && !ends_line(p->bytes[i]))
		i++;
	p->guess = i;
	scan_from(p, index->dialect, i, i < p->n ? ROW_START : PLAIN);
}

/* The guess holds if the true state leads to the end of that line. */
static bool guessed_right(const struct row_index *index, struct piece *p)
{
	const struct dialect *d = index->dialect;

	if (p->guess == p->n)
		return false;
	return walk(p, d, 0, p->guess + 1, index->state, false) == ROW_START;
}

/* Where a row begins in the line before the guess; there, when none does. */
static size_t first_begin(const struct row_index *index, const struct piece *p)
{
	size_t i = index->state == ROW_START ? 0 : p->guess;

	while (i < p->guess && before_row(index->dialect, p->bytes[i]))
		i++;
	return i;
}

/* The chunk is the next one of the file: its rows become rows of the index. */
static void settle(struct row_index *index, struct piece *p)
{
	/* A row may begin with the line that was left to the one before. */
	size_t begin = first_begin(index, p), before;
	bool extra = begin < p->guess;

	if (!guessed_right(index, p)) {
		scan_from(p, index->dialect, 0, index->state);
		extra = false;
	}
	index->state = p->end;
	pthread_mutex_lock(&index->lock);
	if (extra) {
		add_mark(index, index->extent.rows, p->at + begin);
		index->extent.rows++;
	}
	before = index->extent.rows;
	for (size_t i = 0; i < p->marks; i++)
		add_mark(index, before + p->mark[i].row, p->mark[i].byte);
	index->extent.rows += p->rows;
	index->extent.byte += p->n;
	pthread_mutex_unlock(&index->lock);
}

/*
 * A wave of chunks: those are scanned by all threads, and settled by one.  A
 * wave is long, as threads that wait for each other at its end burn time which
 * others could use.
 */
struct wave {
	struct piece piece[WAVE];
	size_t n;
	bool read[WAVE];
	struct err err[WAVE];
};

static struct wave *wave_new(void)
{
	struct wave *w = mem_new(sizeof(*w));

	for (size_t i = 0; i < WAVE; i++) {
		struct piece *p = &w->piece[i];

		p->bytes = mem_new(CHUNK);
		p->mark = mem_array(CHUNK / STRIDE / 2 + 2, sizeof(*p->mark));
	}
	return w;
}

static void wave_free(struct wave *w)
{
	for (size_t i = 0; i < WAVE; i++) {
		free(w->piece[i].mark);
		free(w->piece[i].bytes);
	}
	free(w);
}

static bool run_wave(struct row_index *index, struct wave *w, uint64_t end,
		     struct err *err)
{
	uint64_t start = index->extent.byte;

	w->n = (size_t)((end - start + CHUNK - 1) / CHUNK);
	if (w->n > WAVE)
		w->n = WAVE;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) if (w->n > 1)
#endif
	for (size_t i = 0; i < w->n; i++) {
		w->read[i] = read_piece(index, &w->piece[i], start + i * CHUNK,
					end, &w->err[i]);
		if (w->read[i])
			guess(index, &w->piece[i]);
	}
	for (size_t i = 0; i < w->n; i++) {
		if (!w->read[i]) {
			*err = w->err[i];
			return false;
		}
		settle(index, &w->piece[i]);
	}
	return true;
}

bool index_scan(struct row_index *index, uint64_t end, struct job *job,
		struct err *err)
{
	struct wave *w;
	bool good = true;

	if (end <= index->extent.byte)
		return true;
	w = wave_new();
	while (good && index->extent.byte < end)
		good = job_cancelled(job) ? err_cancelled(err)
					  : run_wave(index, w, end, err);
	wave_free(w);
	return good;
}
