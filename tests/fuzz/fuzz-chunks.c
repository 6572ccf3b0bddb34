/*
 * fuzz-chunks.c - a long file read by one thread and by two
 *
 * The input comes so often, one behind the other, that the file is read in
 * chunks: however quotes lie across them, the table is the same with one
 * thread and with two, and by its index any row is found.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "data/table.h"

/* A chunk is 512 KB.  A short input would be too many rows for a test. */
enum { LONG_FILE = 700000, SHORTEST = 8 };

/* ---- two tables ---- */

static bool same_texts(const char **a, const char **b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

static void check_same_column(const struct column *a, const struct column *b,
			      size_t rows)
{
	must(!strcmp(a->name, b->name), "columns have the same name");
	must(a->type == b->type, "columns have the same type");
	must(!a->number == !b->number && !a->code == !b->code,
	     "columns have the same kind of cells");
	must(a->missing == b->missing, "as many cells are missing");
	must(a->odd_cells == b->odd_cells, "as many cells are odd");
	must(a->levels == b->levels &&
	     same_texts(a->level, b->level, a->levels), "levels are the same");
	must(a->odds == b->odds && same_texts(a->odd, b->odd, a->odds),
	     "odd texts are the same");
	must(!a->number || !memcmp(a->number, b->number,
				   rows * sizeof(*a->number)),
	     "numbers are the same");
	must(!a->code || !memcmp(a->code, b->code, rows * sizeof(*a->code)),
	     "codes are the same");
}

static void check_same(const struct table *a, const struct table *b)
{
	must(a->rows == b->rows, "there are as many rows");
	must(a->columns == b->columns, "there are as many columns");
	must(a->ragged == b->ragged, "as many rows are ragged");
	must(a->unterminated == b->unterminated, "quotes end in both");
	must(a->faults.n == b->faults.n &&
	     faults_total(&a->faults) == faults_total(&b->faults),
	     "as many faults are found");
	for (size_t j = 0; j < a->columns; j++)
		check_same_column(a->column + j, b->column + j, a->rows);
}

/* ---- any row, by the index ---- */

static bool note_bytes(void *arg, size_t row, const struct cell *cell,
		       size_t cells)
{
	uint64_t *sum = arg;

	*sum = *sum * 31 + row + cells;
	for (size_t i = 0; i < cells; i++)
		for (size_t k = 0; k < cell[i].len; k++)
			*sum = *sum * 31 + (unsigned char)cell[i].text[k];
	return true;
}

/* Before the file is scanned a row is reached over all those before it. */
static void check_index(struct source *source, const struct table *table,
			size_t row)
{
	uint64_t by_index = 0, without = 0;
	struct err err = { 0 };
	bool exact;

	must(source_walk(source, row, 1, note_bytes, &without, NULL, &err),
	     "a row can be reached");
	must(source_scan(source, NULL, &err), "the file can be scanned");
	must(source_rows(source, &exact) == table->rows && exact,
	     "the index has as many rows");
	must(source_walk(source, row, 1, note_bytes, &by_index, NULL, &err),
	     "a row can be reached by the index");
	must(by_index == without, "it is the same row");
}

/* ---- the target ---- */

static struct table *read_with(const struct source *source, int threads)
{
	struct err err = { 0 };
	struct table *table;

#ifdef _OPENMP
	omp_set_num_threads(threads);
#else
	(void)threads;
#endif
	table = table_read(source, NULL, &err);
	must(table != NULL, "the table can be read");
	return table;
}

/* What has to be recoded would have to be copied first. */
static struct source *open_utf8(const char *path)
{
	struct option_values options;
	struct err err = { 0 };
	struct source *source;

	options_init(&options, source_options);
	must(options_set(&options, "open", "encoding=utf-8", &err),
	     "an option is taken");
	source = source_open(path, &options, &err);
	options_clear(&options);
	return source;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	size_t part = input_choice(&in, 256);
	struct table *one, *two;
	struct source *source;
	char path[FILE_PATH];
	int fd;

	if (in.left < SHORTEST)
		return 0;
	fd = file_of(in.at, in.left, LONG_FILE / in.left, path);
	source = open_utf8(path);
	if (source) {
		one = read_with(source, 1);
		two = read_with(source, 2);
		check_same(one, two);
		check_index(source, two, two->rows * part / 255);
		table_free(one);
		table_free(two);
	}
	source_close(source);
	close(fd);
	return 0;
}
