#include "data/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/number.h"
#include "data/odd.h"
#include "data/reader.h"
#include "data/table.h"

/* As many cells fit into the cache beside the bytes they are made from. */
enum { BATCH_CELLS = 1 << 18, READ_ROOM = 1 << 18 };

/* Numbers can be scanned before the end of their cell is known if no missing
 * text (-999) looks like one, and if the decimal mark does not end a cell. */
static bool may_scan(const struct source *source)
{
	const struct dialect *d = source_dialect(source);
	double x;

	for (size_t i = 0; i < d->missing.n; i++)
		if (number_parse(d->missing.text[i],
				 strlen(d->missing.text[i]), d->decimal, &x))
			return false;
	return d->decimal != d->delimiter;
}

static size_t rows_that_fit(size_t columns)
{
	size_t rows = columns ? BATCH_CELLS / columns : BATCH_CELLS;

	return rows ? rows : 1;
}

struct batch *batch_new(const struct source *source, const enum take *take,
			const struct when_form *form, struct err *err)
{
	struct batch *b = mem_new(sizeof(*b));

	b->source = source;
	b->columns = source_columns(source);
	b->room = rows_that_fit(b->columns);
	b->scan = may_scan(source);
	b->part = mem_array(b->columns, sizeof(*b->part));
	b->values = malloc((b->columns * b->room + 1) * sizeof(*b->values));
	b->begin = malloc(b->room * sizeof(*b->begin));
	b->arena = arena_new();
	b->reader = source_reader(source, source_start(source), READ_ROOM,
				  err);
	if (!b->values || !b->begin)
		err_set(err, ERR_NOMEM, "no memory to read");
	if (!b->values || !b->begin || !b->reader) {
		batch_free(b);
		return NULL;
	}
	reader_plain(b->reader, true);
	for (size_t j = 0; j < b->columns; j++) {
		b->part[j].take = take[j];
		b->part[j].form = form[j];
		b->part[j].value = b->values + j * b->room;
	}
	return b;
}

void batch_free(struct batch *b)
{
	if (!b)
		return;
	for (size_t j = 0; j < b->columns; j++)
		dict_clear(&b->part[j].texts);
	reader_free(b->reader);
	arena_free(b->arena);
	faults_clear(&b->faults);
	free(b->begin);
	free(b->values);
	free(b->part);
	free(b);
}

static void forget_rows(struct batch *b)
{
	for (size_t j = 0; j < b->columns; j++) {
		struct part *part = b->part + j;

		dict_empty(&part->texts);
		part->odd_cells = 0;
		part->missing = 0;
	}
	arena_free(b->arena);
	b->arena = arena_new();
	b->rows = 0;
	b->ragged = 0;
	b->unterminated = false;
	faults_clear(&b->faults);
}

/*
 * Cells
 */

static uint32_t text_number(struct batch *b, struct part *part,
			    const char *text, size_t len)
{
	uint32_t number = 0;

	if (!dict_add(&part->texts, b->arena, text, len, &number))
		b->no_memory = true;
	return number;
}

static void take_missing(struct batch *b, struct part *part)
{
	union value *value = part->value + b->rows;

	part->missing++;
	if (part->take == TAKE_TEXTS)
		value->code = LEVEL_MISSING;
	else
		value->number = odd_missing();
}

static void take_number(struct batch *b, struct part *part, const char *text,
			size_t len)
{
	double *x = &part->value[b->rows].number;

	if (part->take == TAKE_TIMES
	    ? when_parse(text, len, &part->form, x)
	    : dialect_number(source_dialect(b->source), text, len, x))
		return;
	part->odd_cells++;
	*x = odd_make(text_number(b, part, text, len));
}

static void take_cell(struct batch *b, struct part *part, const char *text,
		      size_t len)
{
	if (part->take == TAKE_NOTHING)
		return;
	if (dialect_missing(source_dialect(b->source), text, len,
			    part->take != TAKE_TEXTS))
		take_missing(b, part);
	else if (part->take == TAKE_TEXTS)
		part->value[b->rows].code = text_number(b, part, text, len);
	else
		take_number(b, part, text, len);
}

/* A cell of a plain line; returns its end. */
static const char *take_plain(struct batch *b, struct part *part,
			      const char *text, const char *end,
			      char delimiter, char decimal)
{
	const char *stop;

	if (b->scan && part->take == TAKE_NUMBERS) {
		stop = number_scan(text, end, decimal,
				   &part->value[b->rows].number);
		if (stop && (stop == end || *stop == delimiter))
			return stop;
	}
	stop = text < end ? memchr(text, delimiter, (size_t)(end - text))
			  : NULL;
	if (!stop)
		stop = end;
	take_cell(b, part, text, (size_t)(stop - text));
	return stop;
}

/*
 * Faults
 */

/*
 * This is asked of every row, so eight bytes at a time: none of them is a NUL
 * or above 127 if neither they nor they less one have the highest bit.  What
 * is borrowed from the next byte is borrowed by a NUL.
 */
static uint64_t strange_bits(const char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	return word | (word - UINT64_C(0x0101010101010101));
}

static bool is_ascii(const char *s, size_t len)
{
	const uint64_t highest = UINT64_C(0x8080808080808080);
	uint64_t seen = 0;
	size_t i = 0;

	if (len < 8) {
		for (; i < len; i++)
			seen |= s[i] == 0 || (unsigned char)s[i] > 127;
		return !seen;
	}
	for (; i + 32 <= len; i += 32)
		seen |= strange_bits(s + i) | strange_bits(s + i + 8) |
			strange_bits(s + i + 16) | strange_bits(s + i + 24);
	for (; i + 8 <= len; i += 8)
		seen |= strange_bits(s + i);
	return !((seen | strange_bits(s + len - 8)) & highest);
}

static void note(struct batch *b, enum fault_kind kind, size_t column,
		 size_t size)
{
	faults_add(&b->faults, &(struct fault){
		.row = b->rows, .kind = kind, .column = (uint32_t)column,
		.size = size });
}

static void note_cell(struct batch *b, size_t column, const char *text,
		      size_t len)
{
	if (len > FAULT_LENGTH)
		note(b, FAULT_LONG, column, len);
	if (is_ascii(text, len))
		return;
	if (memchr(text, '\0', len))
		note(b, FAULT_NUL, column, 0);
	if (!text_valid(text, len))
		note(b, FAULT_BYTES, column, 0);
}

/* The cells of a line of which it is not certain that they are clean. */
static void note_line(struct batch *b, const struct row *row, char delimiter)
{
	const char *text = row->line, *end = row->line + row->len, *stop;

	for (size_t j = 0; ; j++) {
		stop = memchr(text, delimiter, (size_t)(end - text));
		note_cell(b, j, text, (size_t)((stop ? stop : end) - text));
		if (!stop)
			break;
		text = stop + 1;
	}
}

static void note_ragged(struct batch *b, size_t cells)
{
	b->ragged++;
	note(b, FAULT_RAGGED, 0, cells);
}

static size_t count_bytes(const char *text, const char *end, char c)
{
	size_t n = 0;

	while (text < end && (text = memchr(text, c, (size_t)(end - text)))) {
		text++;
		n++;
	}
	return n;
}

/*
 * Rows
 */

static void take_line(struct batch *b, const struct row *row)
{
	const struct dialect *d = source_dialect(b->source);
	const char delimiter = d->delimiter, decimal = d->decimal;
	const char *text = row->line, *end = row->line + row->len;
	bool more = true;
	size_t j = 0;

	for (; more && j < b->columns; j++) {
		text = take_plain(b, b->part + j, text, end, delimiter,
				  decimal);
		more = text < end;
		text += more;
	}
	if (more)
		note_ragged(b, j + 1 + count_bytes(text, end, delimiter));
	else if (j < b->columns)
		note_ragged(b, j);
	for (; j < b->columns; j++)
		take_missing(b, b->part + j);
	if (row->len > FAULT_LENGTH || !is_ascii(row->line, row->len))
		note_line(b, row, delimiter);
}

static void take_cells(struct batch *b, const struct row *row)
{
	if (row->cells != b->columns)
		note_ragged(b, row->cells);
	for (size_t j = 0; j < row->cells; j++)
		note_cell(b, j, row->cell[j].text, row->cell[j].len);
	for (size_t j = 0; j < b->columns; j++)
		if (j < row->cells)
			take_cell(b, b->part + j, row->cell[j].text,
				  row->cell[j].len);
		else
			take_missing(b, b->part + j);
	if (reader_unterminated(b->reader))
		note(b, FAULT_QUOTE, row->cells - 1, 0);
}

/* One row; false when there is none for this batch. */
static bool read_row(struct batch *b, uint64_t end, enum reading *said,
		     struct err *err)
{
	struct row row;

	b->stop = reader_at(b->reader);
	if (b->stop >= end)
		return false;
	*said = reader_next(b->reader, &row, err);
	if (*said != READ_ROW && *said != READ_LINE)
		return false;
	if (row.begin >= end) {		/* there were only empty lines */
		b->stop = row.begin;
		return false;
	}
	b->begin[b->rows] = row.begin;
	if (*said == READ_LINE)
		take_line(b, &row);
	else
		take_cells(b, &row);
	b->rows++;
	b->stop = reader_at(b->reader);
	return true;
}

static bool read_rows(struct batch *b, uint64_t end, struct err *err)
{
	enum reading said = READ_ROW;

	while (b->rows < b->room && read_row(b, end, &said, err))
		if (b->no_memory)
			return err_set(err, ERR_NOMEM,
				       "no memory for the texts of a column");
	if (said == READ_END)
		b->stop = UINT64_MAX;
	return said != READ_FAILED;
}

bool batch_read(struct batch *b, uint64_t start, uint64_t end, uint64_t limit,
		struct err *err)
{
	forget_rows(b);
	b->start = start;
	reader_seek(b->reader, start);
	reader_limit(b->reader, limit);
	if (!read_rows(b, end, err))
		return false;
	b->unterminated = reader_unterminated(b->reader);
	return true;
}

bool batch_guess(struct batch *b, uint64_t at, uint64_t end, uint64_t limit,
		 struct err *err)
{
	uint64_t start;

	return reader_seek_line(b->reader, at, &start, err) &&
	       batch_read(b, start, end, limit, err);
}
