#include "data/source.h"

#include <csv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "data/dict.h"
#include "data/index.h"
#include "data/input.h"
#include "data/reader.h"

/* Rows for the screen are few: they are read in small pieces. */
enum { WALK_ROOM = 65536 };

/* The index is scanned in steps, for those who wait for it. */
enum { SCAN_BYTES = 1 << 26 };

/* A row that is looked for by guess is given up after so many bytes. */
enum { LOOK_BYTES = 1 << 22, LOOK_LEAST = 4096 };

/* Cancelling is asked for after so many rows. */
enum { WALK_STRIDE = 256 };

struct source {
	char *path;
	unsigned opened;
	struct input *input;	/* owned */
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

bool source_complete(const struct source *source)
{
	return input_complete(source->input);
}

unsigned source_opened(const struct source *source)
{
	return source ? source->opened : 0;
}

uint64_t source_bytes(const struct source *source)
{
	return input_bytes(source->input);
}

int source_fd(const struct source *source)
{
	return input_fd(source->input);
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

struct reader *source_reader(const struct source *source, uint64_t at,
			     size_t room, struct err *err)
{
	struct reader *r = reader_new(source_fd(source), &source->dialect, at,
				      room, err);

	/* The index does not know what is written to it from now on. */
	if (r && source_complete(source))
		reader_end(r, source_bytes(source));
	return r;
}

static struct reader *reader_at_byte(const struct source *source,
				     uint64_t byte, struct err *err)
{
	return source_reader(source, byte, WALK_ROOM, err);
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
		/* A name is a C string: it ends at a NUL. */
		bool given = source->dialect.header && c.len > 0 && *c.text;
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

/*
 * The end of the last line that ends between two bytes, or the first of them:
 * what comes behind it may be half a row.
 */
static uint64_t last_line(const struct source *source, uint64_t from,
			  uint64_t to)
{
	uint64_t at = to - from > WALK_ROOM ? to - WALK_ROOM : from;
	char *bytes = mem_new(WALK_ROOM);
	ssize_t n = bytes_read(source_fd(source), at, bytes,
			       (size_t)(to - at));

	while (n > 0 && bytes[n - 1] != '\n' && bytes[n - 1] != '\r')
		n--;
	free(bytes);
	return n > 0 ? at + (uint64_t)n : from;
}

/* The first row: names, or values already. */
static bool read_header(struct source *source, struct err *err)
{
	struct reader *r = reader_at_byte(source, source->start, err);
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
	uint64_t end = source->start + WALK_ROOM, bytes = source_bytes(source);

	source->index = index_new(source_fd(source), &source->dialect,
				  source->start);
	if (end > bytes)
		end = bytes;
	if (!source_complete(source))
		end = last_line(source, source->start, end);
	return index_scan(source->index, end, NULL, err);
}

static void tell_encoding(struct source *source)
{
	struct finding *finding = &source->dialect.finding[DIALECT_ENCODING];
	const char *packing = input_packing(source->input);

	finding->name = "encoding";
	finding->sure = input_sure(source->input);
	snprintf(finding->value, sizeof(finding->value), "%s",
		 input_encoding(source->input));
	snprintf(finding->why, sizeof(finding->why), "%s%s%s",
		 input_why(source->input), packing ? "; packed by " : "",
		 packing ? packing : "");
}

/* The first row must be there whole, even when it is a long one. */
static bool first_line(struct source *source, struct err *err)
{
	while (!source_complete(source) &&
	       last_line(source, source->start, source_bytes(source)) ==
	       source->start)
		if (!input_fill(source->input, NULL, err))
			return source_complete(source);
	return true;
}

static bool open_input(struct source *source,
		       const struct option_values *options, struct err *err)
{
	const char *encoding = options ? options_text(options, "encoding")
				       : NULL;

	source->input = input_open(source->path, encoding ? encoding : "auto",
				   err);
	if (source->input)
		source->start = input_start(source->input);
	return source->input;
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
	if (open_input(source, options, err) && first_line(source, err) &&
	    dialect_find(&source->dialect, source_fd(source), source->start,
			 source_bytes(source), options, &source->start, err) &&
	    read_header(source, err) && first_scan(source, err)) {
		tell_encoding(source);
		return source;
	}
	source_close(source);
	return NULL;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	index_free(source->index);
	dialect_clear(&source->dialect);
	dict_clear(&source->names);
	arena_free(source->arena);
	input_close(source->input);
	free(source->path);
	free(source);
}

/*
 * Walking
 */

/* On to the end of what is there, or a good part of it. */
static bool scan_on(struct source *source, bool complete, struct job *job,
		    struct err *err)
{
	uint64_t from = index_extent(source->index).byte;
	uint64_t bytes = source_bytes(source);
	uint64_t end = bytes - from > SCAN_BYTES ? from + SCAN_BYTES : bytes;

	if (!complete)
		end = last_line(source, from, bytes);
	if (!index_scan(source->index, end, job, err))
		return false;
	job_progress(job, complete ? (double)end / (double)(bytes + 1)
				   : fmax(input_part(source->input), 0));
	if (!complete)
		job_wake(job);
	return true;
}

bool source_scan(struct source *source, struct job *job, struct err *err)
{
	bool broken = false, complete;
	struct err scanning;

	do {
		complete = source_complete(source);
		if (!scan_on(source, complete, job, &scanning)) {
			*err = scanning;
			return false;
		}
		if (complete || input_fill(source->input, job, err))
			continue;
		if (err->code == ERR_CANCELLED)
			return false;
		broken = true;	/* what there is can be looked at */
	} while (!complete || index_extent(source->index).byte <
			      source_bytes(source));
	return !broken;
}

bool source_whole(const struct source *source, struct err *err)
{
	struct stat now;

	if (fstat(source_fd(source), &now) < 0 ||
	    (uint64_t)now.st_size >= source_bytes(source))
		return true;
	return err_set(err, ERR_IO, "%s has become shorter: open it again",
		       source_path(source));
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

	bool complete = source_complete(source);
	uint64_t bytes = source_bytes(source);

	*exact = complete && extent.byte >= bytes;
	/* Of what is still to come nothing is known. */
	if (!complete || *exact)
		return extent.rows;
	return extent.rows + (size_t)(rows_per_byte(source, &extent) *
				      (double)(bytes - extent.byte));
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
	struct reader *r = reader_at_byte(source, mark.byte, err);
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
	struct reader *r = reader_at_byte(source, spot->byte, err);
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
	uint64_t left = source_bytes(source) - source->start;
	size_t found = 0;

	for (; ; span *= 2) {
		if (span > left)
			span = left;
		spot->byte = source_bytes(source) - span;
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
		/* The guess of rows may be far too small. */
		spot.row = rows > count + spot.skip
			? rows - count - spot.skip : 0;
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
