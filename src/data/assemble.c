/*
 * assemble.c - table_read(): batches of rows put together to a table
 *
 * The file is cut into chunks.  Threads turn chunks into batches, each on the
 * guess that the first line of its chunk is the beginning of a row; then, in
 * the order of the file, each batch is appended to the columns.  Who appends
 * knows where the last row has ended: a batch that began elsewhere was guessed
 * wrong, and its rows are read again from the right place.  So the table does
 * not depend on the number of threads.
 *
 * A sample decides which columns are first taken as numbers or times.  A column
 * that turns out to be something else is read in a second pass; see typing.h.
 */
#include "data/table.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "data/batch.h"
#include "data/dict.h"
#include "data/odd.h"
#include "data/rows.h"
#include "data/typing.h"

enum { CHUNK = 1 << 19 };

/* The sample: so many rows at so many places of the file. */
enum { SAMPLE_ROWS = 250, SAMPLE_PLACES = 4 };

struct assembly {
	const struct source *source;
	struct job *job;
	struct table *table;	/* owned until it is done */
	enum take *take;	/* owned: for each column; so the next two */
	struct when_form *form;	/* owned: of those that are times */
	struct dict *texts;	/* owned: levels or odd texts */
	struct typing typing;
	size_t rows, room;	/* appended; allocated */
	uint64_t at;		/* the next row begins here */
	bool again;		/* this is the second pass */
	atomic_bool failed;	/* why is in err */
	struct err err;
};

/*
 * Appending a batch
 */

static bool resize_column(struct column *c, enum take take, size_t room)
{
	size_t n = room ? room : 1;
	double *number;
	uint32_t *code;

	if (take != TAKE_TEXTS) {
		number = realloc(c->number, n * sizeof(*number));
		if (!number)
			return false;
		c->number = number;
	} else {
		code = realloc(c->code, n * sizeof(*code));
		if (!code)
			return false;
		c->code = code;
	}
	return true;
}

static bool resize(struct assembly *a, size_t room, struct err *err)
{
	for (size_t j = 0; j < a->table->columns; j++)
		if (a->take[j] != TAKE_NOTHING &&
		    !resize_column(a->table->column + j, a->take[j], room))
			return err_set(err, ERR_NOMEM,
				       "no memory for %zu rows of %zu columns",
				       room, a->table->columns);
	a->room = room;
	return true;
}

/* How many rows there will be if they go on as they have begun: memory that is
 * not touched costs nothing, moving columns to a larger place does. */
static size_t rows_expected(const struct assembly *a, size_t rows,
			    uint64_t stop)
{
	uint64_t start = source_start(a->source);
	uint64_t bytes = source_bytes(a->source);
	double per_byte;

	if (stop >= bytes)
		return rows;
	per_byte = (double)rows / (double)(stop - start);
	return rows + rows / 16 + 1024 +
	       (size_t)(per_byte * 1.02 * (double)(bytes - stop));
}

static bool make_room(struct assembly *a, const struct batch *b,
		      struct err *err)
{
	size_t rows = a->rows + b->rows;

	if (rows >= UINT32_MAX)
		return err_set(err, ERR_DATA, "%s has more than %lu rows",
			       source_path(a->source),
			       (unsigned long)UINT32_MAX - 1);
	if (a->again && rows > a->table->rows)
		return err_set(err, ERR_DATA, "%s changed while it was read",
			       source_path(a->source));
	if (rows <= a->room)
		return true;
	return resize(a, rows_expected(a, rows, b->stop), err);
}

static void note_faults(struct assembly *a, const struct batch *b)
{
	struct table *t = a->table;

	t->ragged += b->ragged;
	t->unterminated |= b->unterminated;
	faults_append(&t->faults, &b->faults, a->rows);
}

/* What the texts of a part are called in the table; the caller frees it. */
static uint32_t *translate(struct assembly *a, size_t j,
			   const struct part *part)
{
	uint32_t *name = mem_array(part->texts.n, sizeof(*name));

	for (uint32_t i = 0; i < part->texts.n; i++) {
		const char *text = part->texts.text[i];

		if (dict_add(a->texts + j, a->table->arena, text, strlen(text),
			     name + i))
			continue;
		free(name);
		return NULL;
	}
	return name;
}

static void append_numbers(double *to, const struct part *part, size_t n,
			   const uint32_t *name)
{
	memcpy(to, part->value, n * sizeof(*to));
	for (size_t i = 0; part->odd_cells && i < n; i++) {
		uint32_t text = odd_text(to[i]);

		if (text)
			to[i] = odd_make(name[text - 1]);
	}
}

static void append_codes(uint32_t *to, const struct part *part, size_t n,
			 const uint32_t *name)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t code = part->value[i].code;

		to[i] = code == LEVEL_MISSING ? code : name[code];
	}
}

static bool append_part(struct assembly *a, size_t j, const struct part *part,
			size_t n, struct err *err)
{
	struct column *c = a->table->column + j;
	uint32_t *name = translate(a, j, part);

	if (!name)
		return err_set(err, ERR_NOMEM, "no memory for the texts of %s",
			       c->name);
	if (part->take == TAKE_TEXTS)
		append_codes(c->code + a->rows, part, n, name);
	else
		append_numbers(c->number + a->rows, part, n, name);
	c->missing += part->missing;
	c->odd_cells += part->odd_cells;
	free(name);
	return true;
}

static bool append(struct assembly *a, const struct batch *b, struct err *err)
{
	if (b->rows == 0)
		return true;
	if (!make_room(a, b, err))
		return false;
	if (!a->again)
		note_faults(a, b);
	for (size_t j = 0; j < b->columns; j++)
		if (a->take[j] != TAKE_NOTHING &&
		    !append_part(a, j, b->part + j, b->rows, err))
			return false;
	a->rows += b->rows;
	return true;
}

/*
 * A pass over the file
 */

static uint64_t chunk_start(const struct assembly *a, size_t chunk)
{
	return source_start(a->source) + (uint64_t)chunk * CHUNK;
}

/* Read a chunk before it is known where its first row begins.  Looking for the
 * end of a quote is given up after a second chunk. */
static bool guess_chunk(const struct assembly *a, struct batch *b,
			size_t chunk, struct err *err)
{
	uint64_t start = chunk_start(a, chunk);

	if (chunk == 0)
		return batch_read(b, start, start + CHUNK, start + 2 * CHUNK,
				  err);
	return batch_guess(b, start, start + CHUNK, start + 2 * CHUNK, err);
}

/* Append the rows of a chunk, after those of the chunk before it. */
static bool settle_chunk(struct assembly *a, struct batch *b, size_t chunk,
			 struct err *err)
{
	uint64_t end = chunk_start(a, chunk + 1);

	if (job_cancelled(a->job))
		return err_cancelled(err);
	while (a->at < end) {
		if (b->start != a->at &&
		    !batch_read(b, a->at, end, UINT64_MAX, err))
			return false;
		if (!append(a, b, err))
			return false;
		if (b->rows == 0 && b->stop < end)
			b->start = UINT64_MAX;	/* read on without a limit */
		a->at = b->stop;
	}
	if (a->at != UINT64_MAX && source_bytes(a->source))
		job_progress(a->job, (double)a->at /
				     (double)source_bytes(a->source));
	return true;
}

/* One thread's part in a pass: all the threads run this at the same time. */
static void work(struct assembly *a, size_t chunks)
{
	struct err err = { 0 };
	struct batch *b = batch_new(a->source, a->take, a->form, &err);
	bool good = b != NULL;

#ifdef _OPENMP
#pragma omp for ordered schedule(dynamic, 1)
#endif
	for (size_t chunk = 0; chunk < chunks; chunk++) {
		good = good && !atomic_load(&a->failed) &&
		       guess_chunk(a, b, chunk, &err);
#ifdef _OPENMP
#pragma omp ordered
#endif
		if (!atomic_load(&a->failed) &&
		    (!good || !settle_chunk(a, b, chunk, &err))) {
			a->err = err;
			atomic_store(&a->failed, true);
		}
	}
	batch_free(b);
}

static bool pass(struct assembly *a, struct err *err)
{
	uint64_t bytes = source_bytes(a->source) - source_start(a->source);
	size_t chunks = (size_t)((bytes + CHUNK - 1) / CHUNK);

	a->rows = a->room = 0;
	a->at = source_start(a->source);
	if (a->again && !resize(a, a->table->rows, err))
		return false;
#ifdef _OPENMP
#pragma omp parallel if (chunks > 1)
#endif
	work(a, chunks);
	if (atomic_load(&a->failed)) {
		*err = a->err;
		return false;
	}
	if (a->again && a->rows != a->table->rows)
		return err_set(err, ERR_DATA, "%s changed while it was read",
			       source_path(a->source));
	return resize(a, a->rows, err);
}

/*
 * The sample
 */

static void guess_columns(struct assembly *a,
			  const struct typing_sample *sample)
{
	for (size_t j = 0; j < a->table->columns; j++)
		a->take[j] = typing_guess(&a->typing, sample + j,
					  a->form + j);
}

static bool sample(struct assembly *a, struct err *err)
{
	uint64_t start = source_start(a->source);
	uint64_t bytes = source_bytes(a->source) - start;
	size_t columns = a->table->columns;
	struct typing_sample *seen = mem_array(columns, sizeof(*seen));
	struct batch *b = batch_new(a->source, a->take, a->form, err);
	bool good = b != NULL;

	if (b && b->room > SAMPLE_ROWS)
		b->room = SAMPLE_ROWS;
	for (uint64_t i = 0; good && i < SAMPLE_PLACES; i++) {
		uint64_t at = start + bytes / SAMPLE_PLACES * i;

		good = i == 0 ? batch_read(b, at, at + CHUNK, at + CHUNK, err)
			      : batch_guess(b, at, at + CHUNK, at + CHUNK, err);
		for (size_t j = 0; good && j < columns; j++)
			typing_look(seen + j, b->part + j, b->rows);
	}
	if (good)
		guess_columns(a, seen);
	batch_free(b);
	free(seen);
	return good;
}

/*
 * Finishing
 */

static bool finish_column(struct assembly *a, size_t j, bool *more)
{
	struct column *c = a->table->column + j;
	bool good;

	if (a->take[j] == TAKE_TIMES)
		c->form = a->form[j];
	good = typing_finish(&a->typing, c, a->texts + j, a->take + j);
	*more = good && a->take[j] != TAKE_NOTHING;
	dict_clear(a->texts + j);
	return good;
}

/* All the columns that were read; *again if some have to be read as text. */
static bool finish(struct assembly *a, bool *again, struct err *err)
{
	bool any = false, good = true;

	a->table->rows = a->typing.rows = a->rows;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) reduction(||: any) \
	reduction(&&: good) if (a->table->rows >= ROWS_PARALLEL)
#endif
	for (size_t j = 0; j < a->table->columns; j++) {
		bool more = false;

		if (job_cancelled(a->job))
			continue;
		good = finish_column(a, j, &more) && good;
		any = any || more;
	}
	*again = any;
	if (job_cancelled(a->job))
		return err_cancelled(err);
	return good || err_set(err, ERR_NOMEM, "no memory for %zu rows",
			       a->rows);
}

/*
 * The table
 */

/* "K" of "temp [K]", "temp (K)" and "temp_[K]"; NULL when there is none. */
static const char *unit_of(const char *name, struct arena *arena)
{
	size_t len = strlen(name), start;
	char open;

	if (len < 4 || (name[len - 1] != ']' && name[len - 1] != ')'))
		return NULL;
	open = name[len - 1] == ']' ? '[' : '(';
	for (start = len - 1; start > 0 && name[start] != open; start--)
		;
	if (start == 0 || start + 2 == len)
		return NULL;
	return arena_strndup(arena, name + start + 1, len - start - 2);
}

static struct table *table_new(const struct source *source)
{
	struct table *t = mem_new(sizeof(*t));

	t->columns = source_columns(source);
	t->column = mem_array(t->columns, sizeof(*t->column));
	t->arena = arena_new();
	t->decimal = source_dialect(source)->decimal;
	t->thousands = source_dialect(source)->thousands;
	t->dates = date_order_of(source_dialect(source));
	for (size_t j = 0; j < t->columns; j++) {
		const char *name = source_name(source, j);

		t->column[j].name = arena_strndup(t->arena, name,
						  strlen(name));
		t->column[j].unit = unit_of(name, t->arena);
	}
	return t;
}

struct table *table_read(const struct source *source, struct job *job,
			 struct err *err)
{
	struct table *t = table_new(source);
	struct assembly a = { .source = source, .job = job, .table = t };
	bool good;

	a.typing.dialect = source_dialect(source);
	a.typing.dates = t->dates;
	a.take = mem_array(t->columns, sizeof(*a.take));
	a.form = mem_array(t->columns, sizeof(*a.form));
	a.texts = mem_array(t->columns, sizeof(*a.texts));
	good = sample(&a, err) && pass(&a, err) &&
	       finish(&a, &a.again, err);
	if (good && a.again)
		good = pass(&a, err) && finish(&a, &a.again, err);
	if (good)
		faults_finish(&t->faults, t->column, t->columns, t->rows);
	for (size_t j = 0; j < t->columns; j++)
		dict_clear(a.texts + j);
	free(a.texts);
	free(a.form);
	free(a.take);
	if (good)
		return t;
	table_free(t);
	return NULL;
}
