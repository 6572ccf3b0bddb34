#include "data/input.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "data/encoding.h"
#include "data/nameless.h"
#include "data/raw.h"
#include "data/recode.h"
#include "data/unpack.h"

/* Bytes at once, and of the sample that tells the encoding. */
enum { ROOM = 65536 };

/* Milliseconds: of one fill, of one wait for a pipe, and of a slow pipe behind
 * its first line. */
enum { FILL_MS = 50, WAIT_MS = 20, SAMPLE_MS = 100 };

/* What a packing is known by. */
enum { MAGIC = 4 };

/*
 * Bytes go raw -> (unpack) -> text -> (recode) -> fd.  Where neither is wanted
 * and the raw bytes can be read again they are read in place.
 */
struct input {
	struct raw *raw;	/* owned */
	const char *packing;
	struct unpack *unpack;	/* owned; NULL when not packed */
	struct encoding encoding;
	struct recode *recode;	/* owned; NULL for UTF-8 */
	bool in_place;
	int fd;			/* owned, but in place */
	uint64_t start;
	uint64_t written;

	/* What has been read, and not unpacked. */
	char *packed;		/* owned */
	const char *packed_next, *packed_end;
	/* What has been unpacked, and not recoded. */
	char *text;		/* owned */
	size_t len;
	char *out;		/* owned */

	bool raw_ended;
	bool failed;		/* to be told by the next fill */
	struct err err;

	atomic_uint_least64_t bytes, replaced;
	atomic_bool complete;
};

int input_fd(const struct input *in)
{
	return in->fd;
}

uint64_t input_start(const struct input *in)
{
	return in->start;
}

uint64_t input_bytes(const struct input *in)
{
	return atomic_load(&in->bytes);
}

bool input_complete(const struct input *in)
{
	return atomic_load(&in->complete);
}

double input_part(const struct input *in)
{
	return input_complete(in) ? 1 : raw_part(in->raw);
}

const char *input_encoding(const struct input *in)
{
	return in->encoding.name;
}

double input_sure(const struct input *in)
{
	return in->encoding.sure;
}

const char *input_why(const struct input *in)
{
	return in->encoding.why;
}

const char *input_packing(const struct input *in)
{
	return in->packing;
}

uint64_t input_replaced(const struct input *in)
{
	return atomic_load(&in->replaced);
}

/*
 * Raw bytes to text
 */

static enum raw_said cut_off(struct input *in)
{
	err_set(&in->err, ERR_DATA, "%s is cut off: its %s breaks off at byte "
		"%llu; what comes before is kept", raw_name(in->raw),
		in->packing, (unsigned long long)raw_at(in->raw));
	return RAW_FAILED;
}

static enum raw_said damaged(struct input *in, const struct err *why)
{
	uint64_t at = raw_at(in->raw) -
		      (uint64_t)(in->packed_end - in->packed_next);

	err_set(&in->err, why->code, "%s is damaged: its %s cannot be unpacked "
		"at byte %llu (%s); what comes before is kept",
		raw_name(in->raw), in->packing, (unsigned long long)at,
		why->text);
	return RAW_FAILED;
}

static enum raw_said more_packed(struct input *in, int ms)
{
	enum raw_said said;
	size_t n;

	if (in->raw_ended)
		return RAW_END;
	said = raw_read(in->raw, in->packed, ROOM, ms, &n, &in->err);
	in->packed_next = in->packed;
	in->packed_end = in->packed + n;
	in->raw_ended = said == RAW_END;
	return said;
}

static enum raw_said unpack_more(struct input *in, int ms)
{
	for (;;) {
		enum raw_said said;
		struct err why;
		size_t made;
		bool good = unpack_some(in->unpack, &in->packed_next,
					in->packed_end, in->text + in->len,
					ROOM - in->len, &made, &why);

		in->len += made;
		if (!good)
			return damaged(in, &why);
		if (made)
			return RAW_BYTES;
		if (in->packed_next < in->packed_end)
			continue;
		said = more_packed(in, ms);
		if (said == RAW_END && !unpack_whole(in->unpack))
			return cut_off(in);
		if (said != RAW_BYTES)
			return said;
	}
}

/* More text behind what is there.  What fails is noted. */
static enum raw_said more_text(struct input *in, int ms)
{
	enum raw_said said;
	size_t n;

	if (in->unpack) {
		said = unpack_more(in, ms);
	} else {
		said = raw_read(in->raw, in->text + in->len, ROOM - in->len,
				ms, &n, &in->err);
		in->len += n;
	}
	in->raw_ended |= said == RAW_END;
	in->failed |= said == RAW_FAILED;
	return said;
}

/*
 * Text to UTF-8
 */

static bool recode_text(struct input *in, bool last)
{
	const char *next = in->text, *end = in->text + in->len;
	bool written = true;
	size_t n;

	while (written && (n = recode_some(in->recode, &next, end, last,
					   in->out, ROOM)) > 0)
		written = nameless_write(in->fd, in->out, n, &in->written,
					 &in->err);
	in->len = (size_t)(end - next);
	memmove(in->text, next, in->len);
	atomic_store(&in->replaced, recode_replaced(in->recode));
	return written;
}

/* Put the text where it is read; last: no more will come. */
static bool put_text(struct input *in, bool last)
{
	bool written = true;

	if (in->in_place) {
		in->written = raw_end(in->raw);
		in->len = 0;
	} else if (in->recode) {
		written = recode_text(in, last);
	} else {
		written = nameless_write(in->fd, in->text, in->len,
					 &in->written, &in->err);
		in->len = 0;
	}
	in->failed |= !written;
	atomic_store(&in->bytes, in->written);
	return written;
}

/* The buffers are of no use any more. */
static void finish(struct input *in)
{
	free(in->packed);
	free(in->text);
	free(in->out);
	in->packed = in->text = in->out = NULL;
	atomic_store(&in->complete, true);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* What failed at opening is told only here, for then text was there. */
static void step(struct input *in)
{
	enum raw_said said;

	if (in->failed)
		return;
	said = more_text(in, WAIT_MS);
	if (said != RAW_WAIT)
		put_text(in, said != RAW_BYTES);
	if (said == RAW_END && !in->failed)
		finish(in);
}

bool input_fill(struct input *in, struct job *job, struct err *err)
{
	uint64_t begin = now_ms();

	while (!input_complete(in) && !in->failed) {
		if (job_cancelled(job))
			return err_cancelled(err);
		step(in);
		if (now_ms() - begin >= FILL_MS)
			break;
	}
	if (!in->failed)
		return true;
	if (!input_complete(in))
		finish(in);
	return err_set(err, in->err.code, "%s", in->err.text);
}

/*
 * Opening
 */

static bool has_line(const char *text, size_t len)
{
	return memchr(text, '\n', len) || memchr(text, '\r', len);
}

/* The first bytes, as many as tell the packing. */
static bool find_packing(struct input *in, struct err *err)
{
	enum raw_said said = RAW_BYTES;

	while (in->len < MAGIC && !has_line(in->text, in->len) &&
	       (said == RAW_BYTES || said == RAW_WAIT))
		said = more_text(in, WAIT_MS);
	in->packing = unpack_kind(in->text, in->len);
	if (!in->packing)
		return true;
	in->unpack = unpack_new(in->packing, err);
	in->packed = in->text;
	in->packed_next = in->packed;
	in->packed_end = in->packed + in->len;
	in->text = mem_new(ROOM);
	in->len = 0;
	return in->unpack != NULL;
}

/* A line, and what comes with it. */
static void read_sample(struct input *in)
{
	uint64_t since = 0;

	while (in->len < ROOM && !in->failed) {
		enum raw_said said;

		if (!since && has_line(in->text, in->len))
			since = now_ms();
		if (since && now_ms() - since >= SAMPLE_MS)
			return;
		said = more_text(in, WAIT_MS);
		if (said == RAW_END)
			return;
	}
}

static bool is_empty(const struct input *in, struct err *err)
{
	if (in->failed)
		return err_set(err, in->err.code, "%s", in->err.text);
	if (raw_is_pipe(in->raw))
		return err_set(err, ERR_DATA, "%s is empty, or was read "
			       "before: a pipe gives its bytes once",
			       raw_name(in->raw));
	return err_set(err, ERR_DATA, "%s is empty", raw_name(in->raw));
}

static bool find_encoding(struct input *in, const char *named,
			  struct err *err)
{
	if (!encoding_find(&in->encoding, named, in->text, in->len,
			   in->raw_ended, raw_name(in->raw), err))
		return false;
	if (encoding_is_utf8(&in->encoding))
		return true;
	in->recode = recode_new(in->encoding.name);
	if (!in->recode)
		return err_set(err, ERR_IO, "%s is %s, which iconv does not "
			       "know here", raw_name(in->raw),
			       in->encoding.name);
	in->out = mem_new(ROOM);
	return true;
}

static bool choose_place(struct input *in, struct err *err)
{
	in->in_place = !in->unpack && !in->recode && raw_fd(in->raw) >= 0;
	in->fd = in->in_place ? raw_fd(in->raw) : nameless_open(err);
	if (in->in_place)
		in->start = raw_first(in->raw);
	return in->fd >= 0;
}

/* A mark of any encoding is one of UTF-8 by now. */
static void skip_mark(struct input *in)
{
	char mark[3];

	if (input_bytes(in) >= in->start + 3 &&
	    bytes_read(in->fd, in->start, mark, 3) == 3 &&
	    !memcmp(mark, "\xef\xbb\xbf", 3))
		in->start += 3;
}

static bool open_text(struct input *in, const char *named, struct err *err)
{
	if (!find_packing(in, err))
		return false;
	read_sample(in);
	if (in->len == 0)
		return is_empty(in, err);
	if (!find_encoding(in, named, err) || !choose_place(in, err))
		return false;
	if (!put_text(in, in->raw_ended || in->failed))
		return err_set(err, in->err.code, "%s", in->err.text);
	skip_mark(in);
	if (!in->failed && (in->raw_ended ||
			    (in->in_place && !raw_growing(in->raw))))
		finish(in);
	return true;
}

struct input *input_open(const char *path, const char *encoding,
			 struct err *err)
{
	struct input *in = mem_new(sizeof(*in));

	in->fd = -1;
	in->text = mem_new(ROOM);
	in->raw = raw_open(path, err);
	if (in->raw && open_text(in, encoding ? encoding : "auto", err))
		return in;
	input_close(in);
	return NULL;
}

void input_close(struct input *in)
{
	if (!in)
		return;
	if (in->fd >= 0 && !in->in_place)
		close(in->fd);
	raw_close(in->raw);
	unpack_free(in->unpack);
	recode_free(in->recode);
	free(in->packed);
	free(in->text);
	free(in->out);
	free(in);
}
