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
 * A sample decides which columns are first taken as numbers.  A column that
 * turns out to be text, contrary to its sample, is read in a second pass.
 */
#include "data/table.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "data/batch.h"
#include "data/dict.h"
#include "data/number.h"
#include "data/odd.h"
#include "data/rows.h"

enum { CHUNK = 1 << 19 };

/* The sample: so many rows at so many places of the file. */
enum { SAMPLE_ROWS = 250, SAMPLE_PLACES = 4 };

/* One odd cell in twenty may be a fault of the plant; more are a text. */
enum { ODD_SHARE = 20 };

/* A category has at most so many levels; see enum column_type. */
enum { FEW_LEVELS = 2, MOST_LEVELS = 1000 };

struct assembly {
	const struct source *source;
	struct job *job;
	struct table *table;	/* owned until it is done */
	enum take *take;	/* owned: for each column */
	struct dict *texts;	/* owned: levels or odd texts of each column */
	size_t rows, room;	/* appended; allocated */
	uint64_t at;		/* the next row begins here */
	bool again;		/* this is the second pass */
	atomic_bool failed;	/* why is in err */
	struct err err;
};

static bool too_odd(size_t odd, size_t present)
{
	return odd * ODD_SHARE > present;
}

/*
 * Appending a batch
 */

static bool resize_column(struct column *c, enum take take, size_t room)
{
	size_t n = room ? room : 1;
	double *number;
	uint32_t *code;

	if (take == TAKE_NUMBERS) {
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

	if (t->ragged == 0 && b->ragged > 0)
		t->ragged_line = a->rows + b->first_ragged;
	t->ragged += b->ragged;
	t->unterminated |= b->unterminated;
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
	if (part->take == TAKE_NUMBERS)
		append_numbers(c->number + a->rows, part, n, name);
	else
		append_codes(c->code + a->rows, part, n, name);
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
	struct batch *b = batch_new(a->source, a->take, &err);
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

static bool sample(struct assembly *a, struct err *err)
{
	uint64_t start = source_start(a->source);
	uint64_t bytes = source_bytes(a->source) - start;
	size_t columns = a->table->columns;
	size_t *odd = mem_array(columns, sizeof(*odd));
	size_t *present = mem_array(columns, sizeof(*present));
	struct batch *b = batch_new(a->source, a->take, err);
	bool good = b != NULL;

	if (b && b->room > SAMPLE_ROWS)
		b->room = SAMPLE_ROWS;
	for (uint64_t i = 0; good && i < SAMPLE_PLACES; i++) {
		uint64_t at = start + bytes / SAMPLE_PLACES * i;

		good = i == 0 ? batch_read(b, at, at + CHUNK, at + CHUNK, err)
			      : batch_guess(b, at, at + CHUNK, at + CHUNK, err);
		for (size_t j = 0; good && j < columns; j++) {
			odd[j] += b->part[j].odd_cells;
			present[j] += b->rows - b->part[j].missing;
		}
	}
	for (size_t j = 0; j < columns; j++)
		if (too_odd(odd[j], present[j]))
			a->take[j] = TAKE_TEXTS;
	batch_free(b);
	free(present);
	free(odd);
	return good;
}

/*
 * Finishing a column
 */

static size_t present_cells(const struct assembly *a, const struct column *c)
{
	return a->rows - c->missing;
}

/* Of each level: is it a number, and which?  How many cells are not? */
static size_t count_odd(const struct assembly *a, const struct column *c,
			const struct dict *texts, double *number)
{
	size_t odd = 0;
	uint32_t text = 0;

	for (uint32_t i = 0; i < texts->n; i++)
		if (!number_read(texts->text[i], strlen(texts->text[i]),
				 a->table->decimal, a->table->thousands,
				 number + i))
			number[i] = odd_make(text++);
	for (size_t i = 0; i < a->rows; i++)
		if (c->code[i] != LEVEL_MISSING)
			odd += odd_text(number[c->code[i]]) > 0;
	return odd;
}

/* The column is made of numbers after all: codes become numbers. */
static bool levels_to_numbers(struct assembly *a, struct column *c,
			      struct dict *texts, const double *number)
{
	c->number = mem_try(a->rows, sizeof(*c->number));
	if (!c->number)
		return false;
	for (size_t i = 0; i < a->rows; i++)
		c->number[i] = c->code[i] == LEVEL_MISSING
			     ? odd_missing() : number[c->code[i]];
	free(c->code);
	c->code = NULL;
	c->odd = texts->text;
	for (uint32_t i = 0; i < texts->n; i++)
		if (odd_text(number[i]))
			c->odd[c->odds++] = texts->text[i];
	texts->text = NULL;
	return true;
}

static bool finish_levels(struct assembly *a, struct column *c,
			  struct dict *texts)
{
	uint32_t *place = mem_try(texts->n, sizeof(*place));

	if (!place || !dict_sort(texts->text, texts->n, a->table->decimal,
				 a->table->thousands, place)) {
		free(place);
		return false;
	}
	for (size_t i = 0; i < a->rows; i++)
		if (c->code[i] != LEVEL_MISSING)
			c->code[i] = place[c->code[i]];
	free(place);
	c->level = texts->text;
	c->levels = texts->n;
	texts->text = NULL;
	c->type = c->levels <= FEW_LEVELS ||
		  (c->levels <= MOST_LEVELS &&
		   c->levels * 2 <= present_cells(a, c))
		? COLUMN_CATEGORY : COLUMN_TEXT;
	return true;
}

static bool finish_texts(struct assembly *a, struct column *c,
			 struct dict *texts)
{
	double *number = mem_try(texts->n, sizeof(*number));
	size_t odd;
	bool good;

	if (!number)
		return false;
	odd = count_odd(a, c, texts, number);
	if (too_odd(odd, present_cells(a, c))) {
		good = finish_levels(a, c, texts);
	} else {
		c->odd_cells = odd;
		good = levels_to_numbers(a, c, texts, number);
	}
	free(number);
	return good;
}

/* The numbers of a column are forgotten: it will be read again as text. */
static void begin_again(struct assembly *a, struct column *c, size_t j)
{
	free(c->number);
	c->number = NULL;
	c->missing = c->odd_cells = 0;
	a->take[j] = TAKE_TEXTS;
}

static bool finish_column(struct assembly *a, size_t j, bool *more)
{
	struct column *c = a->table->column + j;
	struct dict *texts = a->texts + j;
	enum take take = a->take[j];
	bool good = true;

	a->take[j] = TAKE_NOTHING;
	*more = false;
	if (take == TAKE_TEXTS) {
		good = finish_texts(a, c, texts);
	} else if (take == TAKE_NUMBERS &&
		   too_odd(c->odd_cells, present_cells(a, c))) {
		begin_again(a, c, j);
		*more = true;
	} else if (take == TAKE_NUMBERS) {
		c->odd = texts->text;
		c->odds = texts->n;
		texts->text = NULL;
	}
	dict_clear(texts);
	return good;
}

/* All the columns that were read; *again if some have to be read as text. */
static bool finish(struct assembly *a, bool *again, struct err *err)
{
	bool any = false, good = true;

	a->table->rows = a->rows;
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

	a.take = mem_array(t->columns, sizeof(*a.take));
	a.texts = mem_array(t->columns, sizeof(*a.texts));
	good = sample(&a, err) && pass(&a, err) &&
	       finish(&a, &a.again, err);
	if (good && a.again)
		good = pass(&a, err) && finish(&a, &a.again, err);
	for (size_t j = 0; j < t->columns; j++)
		dict_clear(a.texts + j);
	free(a.texts);
	free(a.take);
	if (good)
		return t;
	table_free(t);
	return NULL;
}
