#include "run/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/faults.h"
#include "data/lines.h"

/* Before the cells of a row that is rejected: its line, and why. */
enum { REJECT_CELLS = 2, WHY_TEXT = 1024 };

struct writing {
	const struct export *export;
	FILE *out;
	size_t written;
	struct cell *cell;	/* owned: room for one row */
	size_t room;
	/* REJECTS: the rows to write, and their lines. */
	size_t *row;		/* owned */
	uint64_t *line;		/* owned */
	size_t rows;
};

static struct cell cell_of(const char *text)
{
	return (struct cell){ text, strlen(text) };
}

static void want_room(struct writing *w, size_t cells)
{
	if (cells <= w->room)
		return;
	free(w->cell);
	w->cell = mem_array(cells, sizeof(*w->cell));
	w->room = cells;
}

/* Derived columns, which are seen behind those of the file. */
static size_t derived_of(const struct export *export)
{
	return export->hidden && export->table ? export->table->derived : 0;
}

/* The names of the columns as a row; of those that are seen. */
static void write_header(const struct source *source,
			 const struct export *seen, FILE *out)
{
	size_t columns = source_columns(source), n = 0;
	size_t all = columns + (seen ? derived_of(seen) : 0);
	struct cell *cell = mem_array(all, sizeof(*cell));

	for (size_t i = 0; i < all; i++)
		if (!seen || !seen->hidden[i])
			cell[n++] = cell_of(i < columns
					    ? source_name(source, i)
					    : seen->table->column[i].name);
	source_write_row(cell, n, out);
	free(cell);
}

/* ---- all rows, or those in sight ---- */

/* With derived columns every row has as many cells as there are names. */
static bool write_derived(struct writing *w, size_t row,
			  const struct cell *cell, size_t cells)
{
	const struct table *t = w->export->table;
	const bool *hidden = w->export->hidden;
	size_t file = t->columns - t->derived, n = 0;
	char (*buf)[TABLE_TEXT] = mem_array(t->derived, sizeof(*buf));
	bool good;

	want_room(w, t->columns);
	for (size_t i = 0; i < file; i++)
		if (!hidden[i])
			w->cell[n++] = i < cells ? cell[i] : cell_of("");
	for (size_t i = file; i < t->columns && row < t->rows; i++)
		if (!hidden[i])
			w->cell[n++] = cell_of(table_text(&t->column[i], row,
							  buf[i - file]));
	good = source_write_row(w->cell, n, w->out);
	free(buf);
	return good;
}

static bool write_row(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	struct writing *w = arg;
	const bool *hidden = w->export->hidden;
	size_t columns = source_columns(w->export->source), n = 0;

	w->written++;
	if (!hidden)
		return source_write_row(cell, cells, w->out);
	if (derived_of(w->export))
		return write_derived(w, row, cell, cells);
	want_room(w, cells);
	for (size_t i = 0; i < cells; i++)
		if (i >= columns || !hidden[i])
			w->cell[n++] = cell[i];
	return source_write_row(w->cell, n, w->out);
}

static bool ascending(const struct rows *rows)
{
	for (size_t i = 1; i < rows->n; i++)
		if (rows->row[i - 1] >= rows->row[i])
			return false;
	return true;
}

/* Some rows in the order of the file: passed over by the way. */
static bool write_wanted(void *arg, size_t row, const struct cell *cell,
			 size_t cells)
{
	struct writing *w = arg;
	const struct rows *rows = w->export->rows;

	if (w->written == rows->n)
		return false;
	return row != rows->row[w->written] ||
	       write_row(arg, row, cell, cells);
}

static bool write_some(struct writing *w, struct job *job, struct err *err)
{
	const struct rows *rows = w->export->rows;

	if (rows->n == 0)
		return true;
	if (ascending(rows))
		return source_walk(w->export->source, rows->row[0], SIZE_MAX,
				   write_wanted, w, job, err);
	for (size_t i = 0; i < rows->n; i++) {
		if (i % 256 == 0 && job_cancelled(job))
			return err_cancelled(err);
		if (!source_walk(w->export->source, rows->row[i], 1, write_row,
				 w, NULL, err))
			return false;
	}
	return true;
}

static bool write_all(struct writing *w, struct job *job, struct err *err)
{
	if (w->export->rows)
		return write_some(w, job, err);
	return source_walk(w->export->source, 0, SIZE_MAX, write_row, w, job,
			   err);
}

/* ---- rejects ---- */

static void add(char why[WHY_TEXT], const struct table *table,
		const struct fault *fault)
{
	char text[FAULT_TEXT];

	text_append(why, WHY_TEXT, "%s%s", *why ? "; " : "",
		    fault_text(table, fault, text));
}

static bool is_odd(const struct table *t, size_t column, size_t row)
{
	return column < t->columns && table_odd(&t->column[column], row);
}

/* What is wrong with a row, in words; "" when nothing is. */
static void find_faults(const struct table *t, size_t row,
			const struct cell *cell, size_t cells,
			char why[WHY_TEXT])
{
	struct fault fault = { .row = row };

	*why = '\0';
	if (cells != t->columns) {
		fault.kind = FAULT_RAGGED;
		fault.size = cells;
		add(why, t, &fault);
	}
	for (size_t i = 0; i < cells; i++) {
		const char *text = cell[i].text;
		size_t len = cell[i].len;

		fault.column = (uint32_t)i;
		fault.size = len;
		fault.kind = memchr(text, '\0', len) ? FAULT_NUL :
			     !text_valid(text, len) ? FAULT_BYTES :
			     len > FAULT_LENGTH ? FAULT_LONG :
			     is_odd(t, i, row) ? FAULT_ODD : FAULT_KINDS;
		if (fault.kind != FAULT_KINDS)
			add(why, t, &fault);
	}
	if (t->unterminated && row + 1 == t->rows) {
		fault.kind = FAULT_QUOTE;
		fault.column = (uint32_t)(cells ? cells - 1 : 0);
		add(why, t, &fault);
	}
}

static bool note_reject(void *arg, size_t row, const struct cell *cell,
			size_t cells)
{
	struct writing *w = arg;
	char why[WHY_TEXT];

	find_faults(w->export->table, row, cell, cells, why);
	if (*why) {
		w->row = mem_grow(w->row, w->rows, sizeof(*w->row));
		w->row[w->rows++] = row;
	}
	return true;
}

static bool write_reject(void *arg, size_t row, const struct cell *cell,
			 size_t cells)
{
	struct writing *w = arg;
	char why[WHY_TEXT], line[COUNT_TEXT];

	if (w->written == w->rows)
		return false;	/* that was the last one */
	if (row != w->row[w->written])
		return true;
	find_faults(w->export->table, row, cell, cells, why);
	snprintf(line, sizeof(line), "%llu",
		 (unsigned long long)w->line[w->written]);
	want_room(w, cells + REJECT_CELLS);
	w->cell[0] = cell_of(line);
	w->cell[1] = cell_of(why);
	if (cells)
		memcpy(w->cell + REJECT_CELLS, cell, cells * sizeof(*cell));
	w->written++;
	return source_write_row(w->cell, cells + REJECT_CELLS, w->out);
}

static bool write_rejects(struct writing *w, struct job *job, struct err *err)
{
	const struct source *source = w->export->source;

	fputs("line,why,", w->out);
	write_header(source, NULL, w->out);
	if (!source_walk(source, 0, SIZE_MAX, note_reject, w, job, err))
		return false;
	if (w->rows == 0)
		return true;
	w->line = mem_array(w->rows, sizeof(*w->line));
	if (!source_lines(source, w->row, w->rows, w->line, job, err))
		return false;
	*err = (struct err){ 0 };
	return source_walk(source, w->row[0], SIZE_MAX, write_reject, w, job,
			   err) || err->code == ERR_NONE;
}

bool export_write(const struct export *export, FILE *out, size_t *written,
		  struct job *job, struct err *err)
{
	struct writing w = { .export = export, .out = out };
	bool good;

	*err = (struct err){ 0 };
	if (export->what == EXPORT_REJECTS) {
		good = write_rejects(&w, job, err);
	} else {
		if (source_dialect(export->source)->header)
			write_header(export->source, export->hidden
				     ? export : NULL, out);
		/* Ended by a full disk, which whoever closes out will tell. */
		good = write_all(&w, job, err) || err->code == ERR_NONE;
	}
	good = good && source_whole(export->source, err);
	*written = w.written;
	free(w.line);
	free(w.row);
	free(w.cell);
	return good;
}
