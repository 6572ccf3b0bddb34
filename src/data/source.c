#include "data/source.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/dict.h"
#include "data/index.h"
#include "data/reader.h"

/* Rows for the screen are few: they are read in small pieces. */
enum { WALK_ROOM = 65536, COPY_ROOM = 262144 };

/* A row that is looked for by guess is given up after so many bytes. */
enum { LOOK_BYTES = 1 << 22, LOOK_LEAST = 4096 };

/* Cancelling is asked for after so many rows. */
enum { WALK_STRIDE = 256 };

struct source {
	char *path;
	unsigned opened;
	int fd;
	uint64_t bytes;
	uint64_t start;		/* of the first row */
	struct dialect dialect;
	struct dict names;	/* columns */
	struct header_faults faults;	/* of the names */
	struct arena *arena;	/* owned: the names */
	struct row_index *index;	/* owned */
};

const char *source_path(const struct source *source)
{
	return source->path;
}

const struct dialect *source_dialect(const struct source *source)
{
	return &source->dialect;
}

unsigned source_opened(const struct source *source)
{
	return source->opened;
}

uint64_t source_bytes(const struct source *source)
{
	return source->bytes;
}

int source_fd(const struct source *source)
{
	return source->fd;
}

uint64_t source_start(const struct source *source)
{
	return source->start;
}

size_t source_columns(const struct source *source)
{
	return source->names.n;
}

const char *source_name(const struct source *source, size_t column)
{
	return source->names.text[column];
}

struct header_faults source_header_faults(const struct source *source)
{
	return source->faults;
}

struct index_mark source_mark(const struct source *source, size_t row)
{
	return index_before(source->index, row);
}

/*
 * The file
 */

/* A file that has no name: gone when it is closed, whatever happens. */
static int open_nameless(struct err *err)
{
	const char *dir = getenv("TMPDIR");
	char *path = mem_printf("%s/gemba-XXXXXX", dir && *dir ? dir : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		err_set(err, ERR_IO, "cannot make a temporary file %s: %s",
			path, strerror(errno));
	else
		unlink(path);
	free(path);
	return fd;
}

static bool write_all(int fd, const char *buffer, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, buffer, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		buffer += written;
		n -= (size_t)written;
	}
	return true;
}

static bool copy_all(int from, int to, const char *path, struct err *err)
{
	char *buffer = mem_new(COPY_ROOM);
	ssize_t n;

	while ((n = read(from, buffer, COPY_ROOM)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !write_all(to, buffer, (size_t)n))
			break;
	}
	free(buffer);
	if (n == 0)
		return true;
	return err_set(err, ERR_IO, "cannot copy %s: %s", path,
		       strerror(errno));
}

/* What cannot be read twice, such as a pipe, is copied first. */
static int open_copy(int from, const char *path, struct err *err)
{
	int fd = open_nameless(err);

	if (fd < 0)
		return -1;
	if (copy_all(from, fd, path, err))
		return fd;
	close(fd);
	return -1;
}

static bool open_file(struct source *source, struct err *err)
{
	bool is_stdin = !strcmp(source->path, "-");
	/* A FIFO that nobody writes to would wait for ever without this; for
	 * the reading that follows it is taken back. */
	int fd = is_stdin ? STDIN_FILENO
			  : open(source->path, O_RDONLY | O_CLOEXEC |
					       O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		err_set(err, ERR_IO, "cannot open %s: %s", source->path,
			strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		err_set(err, ERR_IO, "%s is a directory", source->path);
	} else if (is_stdin && isatty(fd)) {
		err_set(err, ERR_USAGE, "standard input is the keyboard: "
			"name a file, or pipe one in");
	} else if (!is_stdin && (S_ISCHR(st.st_mode) ||
				 S_ISBLK(st.st_mode))) {
		err_set(err, ERR_IO, "%s is a device, not a file",
			source->path);
	} else if (!is_stdin && S_ISREG(st.st_mode)) {
		source->fd = fd;
		source->bytes = (uint64_t)st.st_size;
		return true;
	} else {
		if (!is_stdin)
			fcntl(fd, F_SETFL, O_RDONLY);
		source->fd = open_copy(fd, source->path, err);
		if (source->fd >= 0 && fstat(source->fd, &st) == 0)
			source->bytes = (uint64_t)st.st_size;
	}
	if (fd >= 0 && !is_stdin)
		close(fd);
	return source->fd >= 0;
}

/* Step over a byte order mark; other encodings have one too. */
static bool check_mark(struct source *source, struct err *err)
{
	unsigned char mark[3] = { 0 };
	ssize_t n = pread(source->fd, mark, sizeof(mark), 0);

	if (n < 0)
		return err_set(err, ERR_IO, "cannot read %s: %s", source->path,
			       strerror(errno));
	if (n == 3 && !memcmp(mark, "\xef\xbb\xbf", 3))
		source->start = 3;
	if (n >= 2 && (!memcmp(mark, "\xff\xfe", 2) ||
		       !memcmp(mark, "\xfe\xff", 2)))
		return err_set(err, ERR_DATA,
			       "%s is UTF-16: convert it to UTF-8 first",
			       source->path);
	return true;
}

/*
 * Names
 */

/* A name that is not yet there: name, name_2, name_3 ...  tried[i] is the last
 * number that was put behind name i, so that a million equal names take a
 * million steps.  The caller frees it. */
static char *unique_name(const struct dict *names, const char *name,
			 size_t *tried)
{
	char *unique = mem_strdup(name);
	uint32_t i = 0;

	while (dict_find(names, unique, strlen(unique), &i)) {
		dict_find(names, name, strlen(name), &i);
		tried[i] += tried[i] ? 1 : 2;
		free(unique);
		unique = mem_printf("%s_%zu", name, tried[i]);
	}
	return unique;
}

/* One name for each cell of the first row. */
static bool set_names(struct source *source, const struct row *row,
		      struct err *err)
{
	size_t *tried = mem_array(row->cells, sizeof(*tried));
	bool added = true;

	for (size_t j = 0; j < row->cells && added; j++) {
		struct cell c = cell_trimmed(row->cell[j].text,
						 row->cell[j].len);
		bool given = source->dialect.header && c.len > 0;
		char *name = given ? mem_strndup(c.text, c.len)
				   : mem_printf("c%zu", j + 1);
		char *unique = unique_name(&source->names, name, tried);
		uint32_t i;

		added = dict_add(&source->names, source->arena, unique,
				 strlen(unique), &i);
		source->faults.empty += source->dialect.header && !given;
		source->faults.repeated += strcmp(unique, name) != 0;
		free(unique);
		free(name);
	}
	free(tried);
	return added || err_set(err, ERR_NOMEM, "no memory for %zu columns",
				row->cells);
}

/* The first row: names, or values already. */
static bool read_header(struct source *source, struct err *err)
{
	struct reader *r = reader_new(source->fd, &source->dialect,
				      source->start, WALK_ROOM, err);
	enum reading said;
	struct row row;

	if (!r)
		return false;
	said = reader_next(r, &row, err);
	if (said == READ_ROW) {
		if (!set_names(source, &row, err))
			said = READ_FAILED;
		source->start = source->dialect.header ? reader_at(r)
						       : row.begin;
	}
	reader_free(r);
	if (said == READ_END)
		return err_set(err, ERR_DATA, "%s is empty",
			       strcmp(source->path, "-") ? source->path
							 : "standard input");
	return said == READ_ROW;
}

/* Enough to guess how many rows there are. */
static bool first_scan(struct source *source, struct err *err)
{
	uint64_t end = source->start + WALK_ROOM;

	return index_scan(source->index, end < source->bytes ? end :
			  source->bytes, NULL, err);
}

struct source *source_open(const char *path,
			   const struct option_values *options,
			   struct err *err)
{
	struct source *source = mem_new(sizeof(*source));
	static unsigned opened;

	source->opened = ++opened;
	source->path = mem_strdup(path);
	source->arena = arena_new();
	source->fd = -1;
	if (open_file(source, err) && check_mark(source, err) &&
	    dialect_find(&source->dialect, source->fd, source->start,
			 source->bytes, options, &source->start, err) &&
	    read_header(source, err)) {
		source->index = index_new(source->fd, &source->dialect,
					  source->start);
		if (first_scan(source, err))
			return source;
	}
	source_close(source);
	return NULL;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	if (source->fd >= 0)
		close(source->fd);
	index_free(source->index);
	dialect_clear(&source->dialect);
	dict_clear(&source->names);
	arena_free(source->arena);
	free(source->path);
	free(source);
}

/*
 * Walking
 */

bool source_scan(struct source *source, struct job *job, struct err *err)
{
	return index_scan(source->index, source->bytes, job, err);
}

/* What is not scanned yet is likely to be like what is. */
static double rows_per_byte(const struct source *source,
			    const struct index_extent *extent)
{
	return (double)(extent->rows + 1) /
	       (double)(extent->byte - source->start + 1);
}

size_t source_rows(const struct source *source, bool *exact)
{
	struct index_extent extent = index_extent(source->index);

	*exact = extent.byte >= source->bytes;
	if (*exact)
		return extent.rows;
	return extent.rows + (size_t)(rows_per_byte(source, &extent) *
				      (double)(source->bytes - extent.byte));
}

/* Rows at .. end - 1 from a reader that stands before row at; those before
 * first are passed over. */
static bool walk_rows(struct reader *r, size_t at, size_t first, size_t end,
		      source_row_fn *fn, void *arg, struct job *job,
		      struct err *err)
{
	struct row row;

	for (; at < end; at++) {
		if (at % WALK_STRIDE == 0 && job_cancelled(job))
			return err_cancelled(err);
		switch (reader_next(r, &row, err)) {
		case READ_ROW:
			break;
		case READ_END:
		case READ_OPEN:
			return true;
		default:
			return false;
		}
		if (at >= first && !fn(arg, at, row.cell, row.cells))
			return false;
	}
	return true;
}

bool source_walk(const struct source *source, size_t first, size_t count,
		 source_row_fn *fn, void *arg, struct job *job,
		 struct err *err)
{
	size_t end = count > SIZE_MAX - first ? SIZE_MAX : first + count;
	struct index_mark mark = index_before(source->index, first);
	struct reader *r = reader_new(source->fd, &source->dialect, mark.byte,
				      WALK_ROOM, err);
	bool walked;

	if (!r)
		return false;
	walked = walk_rows(r, mark.row, first, end, fn, arg, job, err);
	reader_free(r);
	return walked;
}

/*
 * Looking at what is not scanned yet
 */

/* Rows from the first line on that begins at or behind a byte. */
struct spot {
	uint64_t byte;
	size_t row;		/* its number, as far as one can tell */
	size_t skip;		/* so many are passed over */
};

static bool look_at(const struct source *source, const struct spot *spot,
		    size_t count, source_row_fn *fn, void *arg,
		    struct err *err)
{
	struct reader *r = reader_new(source->fd, &source->dialect, spot->byte,
				      WALK_ROOM, err);
	size_t first = spot->row + spot->skip;
	uint64_t found;
	bool walked;

	if (!r)
		return false;
	reader_limit(r, spot->byte + LOOK_BYTES);
	walked = reader_seek_line(r, spot->byte, &found, err) &&
		 walk_rows(r, spot->row, first, first + count, fn, arg, NULL,
			   err);
	reader_free(r);
	return walked;
}

static bool count_row(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	size_t *rows = arg;

	(void)row;
	(void)cell;
	(void)cells;
	++*rows;
	return true;
}

/* The real last rows: as far back as it takes to have so many of them. */
static bool find_last(const struct source *source, size_t count,
		      double per_byte, struct spot *spot, struct err *err)
{
	uint64_t span = LOOK_LEAST + (uint64_t)((double)count / per_byte);
	uint64_t left = source->bytes - source->start;
	size_t found = 0;

	for (; ; span *= 2) {
		if (span > left)
			span = left;
		spot->byte = source->bytes - span;
		spot->row = found = 0;
		if (!look_at(source, spot, SIZE_MAX, count_row, &found, err))
			return false;
		if (found >= count || span == left || span >= LOOK_BYTES)
			break;
	}
	spot->skip = found > count ? found - count : 0;
	return true;
}

bool source_peek(const struct source *source, size_t first, size_t count,
		 bool *about, source_row_fn *fn, void *arg, struct err *err)
{
	struct index_extent extent = index_extent(source->index);
	size_t rows = source_rows(source, about);
	double per_byte = rows_per_byte(source, &extent);
	struct spot spot = { .row = first };

	*about = !*about && first + count > extent.rows;
	if (!*about)
		return source_walk(source, first, count, fn, arg, NULL, err);
	if (first + count >= rows) {
		if (!find_last(source, count, per_byte, &spot, err))
			return false;
		spot.row = rows - count - spot.skip;
	} else {
		spot.byte = extent.byte + (uint64_t)((double)(first -
			extent.rows) / per_byte);
	}
	return look_at(source, &spot, count, fn, arg, err);
}

/*
 * Writing
 */

static bool wants_quotes(const struct cell *cell)
{
	for (size_t i = 0; i < cell->len; i++)
		if (memchr(",\"\r\n", cell->text[i], 4))
			return true;
	return false;
}

bool source_write_row(const struct cell *cell, size_t cells, FILE *out)
{
	for (size_t i = 0; i < cells; i++) {
		/* One empty cell would be an empty line, which is no row. */
		bool quotes = wants_quotes(cell + i) ||
			      (cells == 1 && cell->len == 0);

		if (i > 0 && putc(',', out) == EOF)
			return false;
		if (quotes ? csv_fwrite(out, cell[i].text, cell[i].len) != 0
			   : fwrite(cell[i].text, 1, cell[i].len, out) !=
			     cell[i].len)
			return false;
	}
	return putc('\n', out) != EOF;
}
