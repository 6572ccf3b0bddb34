#include "data/source.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/dict.h"
#include "data/number.h"
#include "data/reader.h"

/* The dialect is found in so many rows that begin in so many bytes. */
enum { SNIFF_ROWS = 100, SNIFF_BYTES = 65536 };

/* Rows for the screen are few: they are read in small pieces. */
enum { WALK_ROOM = 65536, COPY_ROOM = 262144 };

struct source {
	char *path;
	int fd;
	uint64_t bytes;
	uint64_t start;		/* of the first row */
	struct dialect dialect;
	size_t longest_missing;
	bool begins_missing[256];	/* a text that stands for missing may
					 * begin with this byte */
	struct dict names;	/* columns */
	struct arena *arena;	/* owned: the names */
};

const struct option source_options[] = {
	{ "delimiter", OPTION_CHOICE, "auto", 0, 0, "auto , ; tab |",
	  "what stands between two cells" },
	{ "header", OPTION_CHOICE, "auto", 0, 0, "auto yes no",
	  "whether the first row holds the names of the columns" },
	{ "decimal", OPTION_CHOICE, "auto", 0, 0, "auto . ,",
	  "the decimal mark of numbers" },
	{ "missing", OPTION_TEXT, NULL, 0, 0, NULL,
	  "texts that stand for a missing cell, with commas between them" },
	{ 0 }
};

static const char default_missing[] = "NA,N/A,#N/A,NaN,NULL,None,?,-";

const char *source_path(const struct source *source)
{
	return source->path;
}

const struct dialect *source_dialect(const struct source *source)
{
	return &source->dialect;
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

/*
 * Missing cells
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct cell trimmed(const char *text, size_t len)
{
	while (len && is_blank(*text))
		text++, len--;
	while (len && is_blank(text[len - 1]))
		len--;
	return (struct cell){ text, len };
}

bool source_missing(const struct source *source, const char *text, size_t len)
{
	const struct dialect *d = &source->dialect;
	struct cell cell = trimmed(text, len);

	if (cell.len == 0)
		return true;
	if (cell.len > source->longest_missing ||
	    !source->begins_missing[(unsigned char)*cell.text])
		return false;
	for (size_t i = 0; i < d->missing; i++)
		if (!strncasecmp(d->missing_text[i], cell.text, cell.len) &&
		    strlen(d->missing_text[i]) == cell.len)
			return true;
	return false;
}

static void add_missing(struct source *source, const char *text, size_t len)
{
	struct dialect *d = &source->dialect;
	struct cell cell = trimmed(text, len);
	unsigned char first;

	if (cell.len == 0)
		return;
	d->missing_text = mem_grow(d->missing_text, d->missing,
				   sizeof(*d->missing_text));
	d->missing_text[d->missing++] = mem_strndup(cell.text, cell.len);
	if (cell.len > source->longest_missing)
		source->longest_missing = cell.len;
	first = (unsigned char)*cell.text;
	source->begins_missing[first] = true;
	if (first >= 'A' && first <= 'Z')
		source->begins_missing[first - 'A' + 'a'] = true;
	if (first >= 'a' && first <= 'z')
		source->begins_missing[first - 'a' + 'A'] = true;
}

static void set_missing(struct source *source, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		add_missing(source, list, len);
		if (!list[len])
			return;
		list += len + 1;
	}
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
 * The dialect
 */

/* Call fn for each of the first rows as this delimiter cuts them. */
static bool sniff(const struct source *source, char delimiter,
		  void (*fn)(void *arg, size_t i, const struct row *row),
		  void *arg, struct err *err)
{
	struct reader *r = reader_new(source->fd, delimiter, source->start,
				      SNIFF_BYTES, err);
	enum reading said = READ_ROW;
	struct row row;

	if (!r)
		return false;
	reader_limit(r, source->start + SNIFF_BYTES);
	for (size_t i = 0; i < SNIFF_ROWS; i++) {
		if (i > 0 && reader_at(r) >= source->start + SNIFF_BYTES)
			break;
		said = reader_next(r, &row, err);
		if (said != READ_ROW)
			break;
		fn(arg, i, &row);
	}
	reader_free(r);
	return said != READ_FAILED;
}

struct widths {
	size_t rows;
	size_t cells[SNIFF_ROWS];
};

static void note_width(void *arg, size_t i, const struct row *row)
{
	struct widths *w = arg;

	w->cells[i] = row->cells;
	w->rows = i + 1;
}

/* The part of the rows that have the most frequent number of cells; 0 when
 * that number is one. */
static double consistency(const struct widths *w)
{
	size_t most = 0, cells = 0;

	for (size_t i = 0; i < w->rows; i++) {
		size_t alike = 0;

		for (size_t j = 0; j < w->rows; j++)
			alike += w->cells[j] == w->cells[i];
		if (alike > most || (alike == most && w->cells[i] > cells)) {
			most = alike;
			cells = w->cells[i];
		}
	}
	return cells > 1 ? (double)most / (double)w->rows : 0;
}

/*
 * The delimiter which cuts the most rows into the same number of cells.  Where
 * two do so equally well it is the first of them: a comma between tabs or
 * semicolons is a decimal mark.
 */
static bool find_delimiter(struct source *source, struct err *err)
{
	double best = 0;

	source->dialect.delimiter = ',';
	for (const char *d = "\t;,|"; *d; d++) {
		struct widths w = { 0 };
		double now;

		if (!sniff(source, *d, note_width, &w, err))
			return false;
		now = consistency(&w);
		if (now > best) {
			best = now;
			source->dialect.delimiter = *d;
		}
	}
	return true;
}

/* How many cells are numbers only if the mark is a point, or a comma. */
struct marks {
	size_t points, commas;
};

static void note_marks(void *arg, size_t i, const struct row *row)
{
	struct marks *m = arg;
	double x;

	(void)i;
	for (size_t j = 0; j < row->cells; j++) {
		const struct cell *c = row->cell + j;
		bool point = number_parse(c->text, c->len, '.', &x);
		bool comma = number_parse(c->text, c->len, ',', &x);

		m->points += point && !comma;
		m->commas += comma && !point;
	}
}

/* Where numbers have a decimal comma, programs write ; between cells. */
static bool find_decimal(struct source *source, struct err *err)
{
	struct marks m = { 0 };

	source->dialect.decimal = '.';
	if (source->dialect.delimiter != ';')
		return true;
	if (!sniff(source, ';', note_marks, &m, err))
		return false;
	if (m.commas > m.points)
		source->dialect.decimal = ',';
	return true;
}

/* Names are not numbers: without a header all the cells of the first row are
 * numbers or missing, and at least one is a number. */
static bool looks_like_header(const struct source *source,
			      const struct row *row)
{
	size_t numbers = 0;
	double x;

	for (size_t i = 0; i < row->cells; i++) {
		const struct cell *c = row->cell + i;

		if (source_missing(source, c->text, c->len))
			continue;
		if (!number_parse(c->text, c->len, source->dialect.decimal,
				  &x))
			return true;
		numbers++;
	}
	return numbers == 0;
}

static bool find_dialect(struct source *source,
			 const struct option_values *options, struct err *err)
{
	const char *delimiter = options_text(options, "delimiter");
	const char *decimal = options_text(options, "decimal");
	const char *missing = options_text(options, "missing");

	set_missing(source, missing ? missing : default_missing);
	if (!strcmp(delimiter, "tab"))
		source->dialect.delimiter = '\t';
	else if (strcmp(delimiter, "auto") != 0)
		source->dialect.delimiter = *delimiter;
	else if (!find_delimiter(source, err))
		return false;
	if (!strcmp(decimal, "auto"))
		return find_decimal(source, err);
	source->dialect.decimal = *decimal;
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
		struct cell c = trimmed(row->cell[j].text, row->cell[j].len);
		/* A name is a C string: it ends at a NUL. */
		bool given = source->dialect.header && c.len > 0 && *c.text;
		char *name = given ? mem_strndup(c.text, c.len)
				   : mem_printf("c%zu", j + 1);
		char *unique = unique_name(&source->names, name, tried);
		uint32_t i;

		added = dict_add(&source->names, source->arena, unique,
				 strlen(unique), &i);
		free(unique);
		free(name);
	}
	free(tried);
	return added || err_set(err, ERR_NOMEM, "no memory for %zu columns",
				row->cells);
}

/* The first row: names, or numbers already. */
static bool read_header(struct source *source, const char *header,
			struct err *err)
{
	struct reader *r = reader_new(source->fd, source->dialect.delimiter,
				      source->start, SNIFF_BYTES, err);
	enum reading said;
	struct row row;

	if (!r)
		return false;
	said = reader_next(r, &row, err);
	if (said == READ_ROW) {
		source->dialect.header = !strcmp(header, "auto")
				       ? looks_like_header(source, &row)
				       : !strcmp(header, "yes");
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

struct source *source_open(const char *path,
			   const struct option_values *options,
			   struct err *err)
{
	struct source *source = mem_new(sizeof(*source));
	struct option_values defaults;
	bool opened;

	options_init(&defaults, source_options);
	if (!options)
		options = &defaults;
	source->path = mem_strdup(path);
	source->arena = arena_new();
	source->fd = -1;
	opened = open_file(source, err) && check_mark(source, err) &&
		 find_dialect(source, options, err) &&
		 read_header(source, options_text(options, "header"), err);
	options_clear(&defaults);
	if (opened)
		return source;
	source_close(source);
	return NULL;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	if (source->fd >= 0)
		close(source->fd);
	for (size_t i = 0; i < source->dialect.missing; i++)
		free(source->dialect.missing_text[i]);
	free(source->dialect.missing_text);
	dict_clear(&source->names);
	arena_free(source->arena);
	free(source->path);
	free(source);
}

/*
 * Walking
 */

static bool walk_rows(struct reader *r, size_t at, size_t first, size_t end,
		      source_row_fn *fn, void *arg, struct job *job,
		      struct err *err)
{
	struct row row;

	for (; at < end; at++) {
		if (at % SOURCE_STRIDE == 0 && job_cancelled(job))
			return err_cancelled(err);
		switch (reader_next(r, &row, err)) {
		case READ_ROW:
			break;
		case READ_END:
			return true;
		default:
			return false;
		}
		if (at >= first && !fn(arg, at, row.cell, row.cells))
			return false;
	}
	return true;
}

bool source_walk(const struct source *source, const struct source_index *index,
		 size_t first, size_t count, source_row_fn *fn, void *arg,
		 struct job *job, struct err *err)
{
	size_t end = count > SIZE_MAX - first ? SIZE_MAX : first + count;
	uint64_t byte = source->start;
	struct reader *r;
	size_t at = 0;
	bool walked;

	if (index && index->marks > 0) {
		size_t mark = first / SOURCE_STRIDE;

		if (mark >= index->marks)
			mark = index->marks - 1;
		at = mark * SOURCE_STRIDE;
		byte = index->mark[mark];
	}
	r = reader_new(source->fd, source->dialect.delimiter, byte, WALK_ROOM,
		       err);
	if (!r)
		return false;
	walked = walk_rows(r, at, first, end, fn, arg, job, err);
	reader_free(r);
	return walked;
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
