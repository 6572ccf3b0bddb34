#include "data/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/nameless.h"

/*
 * What has come from standard input.  Its owner is who reads it; it has none
 * when it has ended, and then it does not change any more.
 */
static struct spool {
	int from;		/* a duplicate: fd 0 may be put to other use */
	int fd;			/* nameless */
	uint64_t bytes;
	bool lost;		/* some of it could not be kept */
	atomic_bool ended;
	atomic_bool owned;
} spool = { .from = -1, .fd = -1 };

struct raw {
	char *path;
	int fd;			/* owned, but for standard input */
	bool regular;
	bool pipe;		/* and not standard input */
	bool spools;		/* standard input, and not regular */
	bool owner;		/* of the spool */
	atomic_bool ended;
	uint64_t first;
	uint64_t size;		/* of what is regular: the end */
	atomic_uint_least64_t at;
};

const char *raw_name(const struct raw *raw)
{
	return strcmp(raw->path, "-") ? raw->path : "standard input";
}

bool raw_is_pipe(const struct raw *raw)
{
	return raw->pipe;
}

uint64_t raw_at(const struct raw *raw)
{
	return atomic_load(&raw->at);
}

int raw_fd(const struct raw *raw)
{
	if (raw->spools)
		return spool.fd;
	return raw->regular ? raw->fd : -1;
}

uint64_t raw_first(const struct raw *raw)
{
	return raw->first;
}

uint64_t raw_end(const struct raw *raw)
{
	return raw->spools ? spool.bytes : raw->size;
}

bool raw_growing(const struct raw *raw)
{
	if (raw->spools)
		return !atomic_load(&spool.ended);
	return !raw->regular && !atomic_load(&raw->ended);
}

double raw_part(const struct raw *raw)
{
	uint64_t size;

	if (raw_growing(raw))
		return -1;
	size = raw_end(raw) - raw->first;
	if (size == 0 || (!raw->regular && !raw->spools))
		return 1;
	return (double)raw_at(raw) / (double)size;
}

/*
 * Opening
 */

static void disown(struct raw *raw)
{
	if (raw->owner)
		atomic_store(&spool.owned, false);
	raw->owner = false;
}

/* A file of no bytes may be one of /proc, which has some all the same: it is
 * read like a pipe. */
static void use_file(struct raw *raw, const struct stat *st)
{
	off_t at = lseek(raw->fd, 0, SEEK_CUR);

	raw->regular = S_ISREG(st->st_mode) && st->st_size > 0;
	if (raw->regular && at > 0)
		raw->first = (uint64_t)at;
	raw->size = (uint64_t)st->st_size;
	if (raw->first > raw->size)
		raw->first = raw->size;
}

static bool look_at(struct raw *raw, bool is_stdin, struct err *err)
{
	struct stat st;

	if (raw->fd < 0 || fstat(raw->fd, &st) < 0)
		return err_set(err, ERR_IO, "cannot open %s: %s",
			       raw_name(raw), strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_IO, "%s is a directory",
			       raw_name(raw));
	if (is_stdin && isatty(raw->fd))
		return err_set(err, ERR_USAGE, "standard input is the "
			       "keyboard: name a file, or pipe one in");
	if (!is_stdin && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)))
		return err_set(err, ERR_IO, "%s is a device, not a file",
			       raw->path);
	raw->pipe = !is_stdin && S_ISFIFO(st.st_mode);
	use_file(raw, &st);
	return true;
}

static bool open_path(struct raw *raw, struct err *err)
{
	/* A FIFO that nobody writes to would wait for ever without NONBLOCK;
	 * it stays, since poll() does the waiting. */
	raw->fd = open(raw->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return look_at(raw, false, err);
}

static bool open_spool(struct raw *raw, struct err *err)
{
	raw->spools = true;
	if (spool.lost)
		return err_set(err, ERR_IO, "standard input is lost: the "
			       "temporary folder was full");
	if (spool.fd < 0)
		spool.fd = nameless_open(err);
	return spool.fd >= 0;
}

/* What the owner writes, spool.from among it, is looked at by the owner
 * only.  A regular file needs none. */
static bool open_standard_input(struct raw *raw, struct err *err)
{
	raw->spools = atomic_load(&spool.ended);
	if (raw->spools)
		return true;
	if (atomic_exchange(&spool.owned, true))
		return err_set(err, ERR_IO, "standard input is still arriving: "
			       "it can be opened again when all of it is "
			       "there");
	raw->owner = true;
	raw->spools = atomic_load(&spool.ended);
	if (raw->spools)
		return true;
	if (spool.from < 0)
		spool.from = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	raw->fd = spool.from;
	if (!look_at(raw, true, err)) {
		if (spool.from >= 0)
			close(spool.from);
		spool.from = raw->fd = -1;
		return false;
	}
	if (!raw->regular)
		return open_spool(raw, err);
	disown(raw);
	return true;
}

struct raw *raw_open(const char *path, struct err *err)
{
	struct raw *raw = mem_new(sizeof(*raw));

	raw->path = mem_strdup(path);
	raw->fd = -1;
	if (!strcmp(path, "-") ? open_standard_input(raw, err)
			       : open_path(raw, err))
		return raw;
	raw_close(raw);
	return NULL;
}

void raw_close(struct raw *raw)
{
	if (!raw)
		return;
	disown(raw);
	if (raw->fd >= 0 && strcmp(raw->path, "-") != 0)
		close(raw->fd);
	free(raw->path);
	free(raw);
}

/*
 * Reading
 */

static enum raw_said cannot_read(const struct raw *raw, struct err *err)
{
	err_set(err, ERR_IO, "cannot read %s: %s", raw_name(raw),
		strerror(errno));
	return RAW_FAILED;
}

/* A read or pread that said n, with errno. */
static enum raw_said said(const struct raw *raw, ssize_t n, struct err *err)
{
	if (n > 0)
		return RAW_BYTES;
	if (n == 0)
		return RAW_END;
	if (errno == EAGAIN || errno == EINTR)
		return RAW_WAIT;
	return cannot_read(raw, err);
}

static enum raw_said read_file(struct raw *raw, int fd, uint64_t end, char *to,
			       size_t room, size_t *n, struct err *err)
{
	uint64_t at = raw->first + raw_at(raw);
	enum raw_said done;
	ssize_t got;

	if (at >= end)
		return RAW_END;
	if (room > end - at)
		room = (size_t)(end - at);
	got = pread(fd, to, room, (off_t)at);
	done = said(raw, got, err);
	*n = done == RAW_BYTES ? (size_t)got : 0;
	return done;
}

/*
 * Without a writer a FIFO has ended, but poll() would wait for the first one:
 * so what does not block is asked first.  Standard input may block, and to
 * change that would change it for the program that shares it.
 */
static enum raw_said read_pipe(struct raw *raw, int fd, char *to, size_t room,
			       int ms, size_t *n, struct err *err)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	enum raw_said done = RAW_WAIT;
	ssize_t got = 0;

	if (!raw->spools) {
		got = read(fd, to, room);
		done = said(raw, got, err);
	}
	if (done == RAW_WAIT && poll(&p, 1, ms) > 0) {
		got = read(fd, to, room);
		done = said(raw, got, err);
	}
	*n = done == RAW_BYTES ? (size_t)got : 0;
	return done;
}

/* First what has been spooled, then what comes: that is spooled, too. */
static enum raw_said read_spool(struct raw *raw, char *to, size_t room,
				int ms, size_t *n, struct err *err)
{
	enum raw_said done;

	if (raw_at(raw) < spool.bytes || atomic_load(&spool.ended))
		return read_file(raw, spool.fd, spool.bytes, to, room, n, err);
	done = read_pipe(raw, spool.from, to, room, ms, n, err);
	if (done == RAW_BYTES &&
	    !nameless_write(spool.fd, to, *n, &spool.bytes, err)) {
		spool.lost = true;
		return RAW_FAILED;
	}
	if (done == RAW_END) {
		close(spool.from);
		spool.from = -1;
		atomic_store(&spool.ended, true);
	}
	return done;
}

enum raw_said raw_read(struct raw *raw, char *to, size_t room, int ms,
		       size_t *n, struct err *err)
{
	enum raw_said done;

	*n = 0;
	if (raw->spools)
		done = read_spool(raw, to, room, ms, n, err);
	else if (raw->regular)
		done = read_file(raw, raw->fd, raw->size, to, room, n, err);
	else if (atomic_load(&raw->ended))
		return RAW_END;
	else
		done = read_pipe(raw, raw->fd, to, room, ms, n, err);
	if (done == RAW_BYTES)
		atomic_fetch_add(&raw->at, *n);
	if (done == RAW_END)
		atomic_store(&raw->ended, true);
	return done;
}
