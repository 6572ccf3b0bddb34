#include "data/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "data/reader.h"

enum { COUNT_ROOM = 1 << 18, READ_ROOM = 1 << 16 };

/* How many lines have ended before the byte at. */
struct count {
	int fd;
	uint64_t at;
	uint64_t ended;
	bool cr;		/* the byte before at is a CR, not yet counted:
				 * a LF may belong to it */
	char *buffer;		/* owned */
};

/* LF, CR and CRLF end a line, as they do for the reader. */
static void count_ends(struct count *c, const char *s, size_t n)
{
	const char *end = s + n, *at = s;

	if (c->cr && *s != '\n')
		c->ended++;
	c->cr = s[n - 1] == '\r';
	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		c->ended++;
		at++;
	}
	for (at = s; at < end &&
	     (at = memchr(at, '\r', (size_t)(end - at))); at++)
		if (at + 1 < end && at[1] != '\n')
			c->ended++;
}

static bool count_to(struct count *c, uint64_t stop, struct job *job,
		     struct err *err)
{
	while (c->at < stop) {
		size_t room = stop - c->at < COUNT_ROOM ? stop - c->at
							: COUNT_ROOM;
		ssize_t n;

		if (job_cancelled(job))
			return err_cancelled(err);
		n = bytes_read(c->fd, c->at, c->buffer, room);
		if (n <= 0)
			return err_set(err, ERR_IO, "cannot read: %s",
				       n ? strerror(errno)
					 : "the file has become shorter");
		count_ends(c, c->buffer, (size_t)n);
		c->at += (uint64_t)n;
	}
	c->ended += c->cr;	/* a row begins here, so no LF follows */
	c->cr = false;
	return true;
}

/* The rows before next are behind the reader. */
struct walk {
	const struct source *source;
	struct reader *reader;	/* owned */
	size_t next;
};

/* The byte at which a row begins. */
static bool find_row(struct walk *w, size_t row, uint64_t *begin,
		     struct err *err)
{
	struct index_mark mark = source_mark(w->source, row);
	enum reading said = READ_ROW;
	struct row found;

	if (mark.row > w->next) {
		reader_seek(w->reader, mark.byte);
		w->next = mark.row;
	}
	while (w->next <= row) {
		said = reader_next(w->reader, &found, err);
		if (said == READ_FAILED)
			return false;
		if (said != READ_ROW && said != READ_LINE)
			return err_set(err, ERR_DATA, "there is no row %zu",
				       row + 1);
		*begin = found.begin;
		w->next++;
	}
	return true;
}

bool source_lines(const struct source *source, const size_t *row, size_t n,
		  uint64_t *line, struct job *job, struct err *err)
{
	struct index_mark mark = source_mark(source, n ? row[0] : 0);
	struct count count = { .fd = source_fd(source) };
	struct walk walk = { .source = source, .next = mark.row };
	uint64_t begin = mark.byte;
	bool good = true;

	walk.reader = source_reader(source, mark.byte, READ_ROOM, err);
	if (!walk.reader)
		return false;
	reader_plain(walk.reader, true);
	count.buffer = mem_new(COUNT_ROOM);
	for (size_t i = 0; good && i < n; i++) {
		good = find_row(&walk, row[i], &begin, err) &&
		       count_to(&count, begin, job, err);
		line[i] = count.ended + 1;
	}
	free(count.buffer);
	reader_free(walk.reader);
	return good;
}
