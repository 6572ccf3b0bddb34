/*
 * test-table.c - files to typed columns
 *
 * Two readers must agree: table_read() cuts plain lines itself, in chunks and
 * on many threads; source_walk() gives every byte to libcsv.
 */
#include "data/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/rng.h"
#include "data/duplicates.h"
#include "data/number.h"

static struct err err;
static struct source *source;	/* of the table that was read last */

static struct table *read_bytes(const char *bytes, size_t len,
				const struct option_values *options)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);
	struct table *table;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	source = source_open(path, options, &err);
	unlink(path);
	if (!source)
		fail_msg("%s", err.text);
	table = table_read(source, NULL, &err);
	if (!table)
		fail_msg("%s", err.text);
	return table;
}

static struct table *read_text(const char *text)
{
	return read_bytes(text, strlen(text), NULL);
}

static void done(struct table *table)
{
	table_free(table);
	source_close(source);
}

static void assert_shape(const struct table *t, size_t rows, size_t columns)
{
	assert_int_equal(t->rows, rows);
	assert_int_equal(t->columns, columns);
}

static const char *level_of(const struct column *c, size_t row)
{
	return c->code[row] == LEVEL_MISSING ? NULL : c->level[c->code[row]];
}

static void numbers_and_words_get_their_types(void **state)
{
	struct table *t = read_text("speed [rpm],line,ok\n"
				    "1.5,M,1\n2,L,0\n,M,1\n-4e2,M,1\n");

	(void)state;
	assert_shape(t, 4, 3);
	assert_int_equal(t->column[0].type, COLUMN_NUMBER);
	assert_int_equal(t->column[1].type, COLUMN_CATEGORY);
	assert_int_equal(t->column[2].type, COLUMN_NUMBER);
	assert_true(t->column[0].number[3] == -400);
	assert_true(table_is_missing(t->column, 2));
	assert_int_equal(t->column[0].missing, 1);
	assert_string_equal(t->column[1].level[0], "L");
	assert_string_equal(level_of(t->column + 1, 3), "M");
	assert_int_equal(table_find(t, "line"), 1);
	assert_int_equal(table_find(t, "nothing"), -1);
	done(t);
}

static void units_stand_behind_names(void **state)
{
	struct table *t = read_text("a [K],b (mm),c_[rpm],d,[K],e []\n"
				    "1,2,3,4,5,6\n");

	(void)state;
	assert_string_equal(t->column[0].unit, "K");
	assert_string_equal(t->column[1].unit, "mm");
	assert_string_equal(t->column[2].unit, "rpm");
	assert_null(t->column[3].unit);
	assert_null(t->column[4].unit);
	assert_null(t->column[5].unit);
	done(t);
}

static void no_rows_are_a_table_too(void **state)
{
	struct table *t = read_text("a,b\n");

	(void)state;
	assert_shape(t, 0, 2);
	assert_int_equal(t->column[0].type, COLUMN_NUMBER);
	done(t);
}

static void one_row_of_one_column_is_a_table_too(void **state)
{
	struct table *t = read_text("a\nx");

	(void)state;
	assert_shape(t, 1, 1);
	assert_int_equal(t->column[0].type, COLUMN_CATEGORY);
	assert_string_equal(level_of(t->column, 0), "x");
	done(t);
}

static void a_column_may_be_all_missing(void **state)
{
	struct table *t = read_text("a,b\n1,\n2,NA\n3,?\n");

	(void)state;
	assert_int_equal(t->column[1].type, COLUMN_NUMBER);
	assert_int_equal(t->column[1].missing, 3);
	assert_int_equal(t->column[1].odd_cells, 0);
	done(t);
}

static void a_ragged_row_is_counted(void **state)
{
	struct table *t = read_text("a,b\n1,2\n3\n4,5,6\n7,\n8,9,\n");

	(void)state;
	assert_shape(t, 5, 2);
	assert_int_equal(t->ragged, 3);
	assert_int_equal(t->ragged_line, 1);
	assert_int_equal(t->column[1].missing, 2);
	assert_true(t->column[1].number[2] == 5);
	assert_true(t->column[1].number[4] == 9);
	done(t);
}

static void an_unterminated_quote_is_told(void **state)
{
	struct table *t = read_text("a,b\n1,x\n2,\"y\n3,z\n");

	(void)state;
	assert_shape(t, 2, 2);
	assert_true(t->unterminated);
	assert_string_equal(level_of(t->column + 1, 1), "y\n3,z\n");
	done(t);
	t = read_text("a,b\n1,x\n2,\"y\"");
	assert_false(t->unterminated);
	done(t);
}

static void a_nul_in_a_level_is_shown(void **state)
{
	struct table *t = read_bytes("a,b\nx\0y,1\nx,2\nx\0y,3\n", 20, NULL);

	(void)state;
	assert_int_equal(t->column[0].levels, 2);
	assert_string_equal(level_of(t->column, 0), "x\xe2\x90\x80y");
	assert_string_equal(level_of(t->column, 1), "x");
	done(t);
}

static void utf_8_is_kept(void **state)
{
	struct table *t = read_text("\xef\xbb\xbf" "現場,b\nライン,1\n"
				    "Zürich,2\n\xff,3\nZürich,4\n");

	(void)state;
	assert_string_equal(t->column[0].name, "現場");
	assert_string_equal(level_of(t->column, 0), "ライン");
	assert_string_equal(level_of(t->column, 2), "\xff");
	done(t);
}

/* n numbers in a column, but every step-th cell is the odd text. */
static struct table *read_odd(size_t n, size_t step, const char *odd)
{
	struct table *table;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("i,temp\n", out);
	for (size_t i = 0; i < n; i++)
		if (i % step == step - 1)
			fprintf(out, "%zu,%s\n", i, odd);
		else
			fprintf(out, "%zu,%zu.5\n", i, i % 50);
	fclose(out);
	table = read_text(text);
	free(text);
	return table;
}

static void an_odd_cell_remembers_its_text(void **state)
{
	struct table *t = read_odd(100, 25, "I/O Error");
	const struct column *c = t->column + 1;

	(void)state;
	assert_int_equal(c->type, COLUMN_NUMBER);
	assert_int_equal(c->odd_cells, 4);
	assert_int_equal(c->odds, 1);
	assert_int_equal(c->missing, 0);
	assert_string_equal(table_odd(c, 24), "I/O Error");
	assert_true(table_is_missing(c, 24));
	assert_null(table_odd(c, 0));
	done(t);
}

static void one_odd_cell_in_twenty_is_the_limit(void **state)
{
	struct table *t = read_odd(100, 20, "x");

	(void)state;
	assert_int_equal(t->column[1].type, COLUMN_NUMBER);
	assert_int_equal(t->column[1].odd_cells, 5);
	done(t);
	t = read_odd(95, 19, "x");
	assert_int_equal(t->column[1].type, COLUMN_TEXT);
	assert_int_equal(t->column[1].missing, 0);
	done(t);
}

/* 100,000 rows: column v is a number until row from, then a word. */
static struct table *read_changing(int from, bool words_first)
{
	struct table *table;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("i,v,\"quoted, name\"\n", out);
	for (int i = 0; i < 100000; i++)
		if ((i < from) == words_first)
			fprintf(out, "%d,word %d,\"a,%d\"\n", i, i % 7, i % 3);
		else
			fprintf(out, "%d,%d,\"a,%d\"\n", i, i % 5, i % 3);
	fclose(out);
	table = read_text(text);
	free(text);
	return table;
}

static void a_column_may_turn_to_text_late_in_the_file(void **state)
{
	struct table *t = read_changing(50001, false);
	const struct column *c = t->column + 1;

	(void)state;
	assert_shape(t, 100000, 3);
	assert_int_equal(c->type, COLUMN_CATEGORY);
	assert_int_equal(c->levels, 12);
	assert_string_equal(level_of(c, 3), "3");
	assert_string_equal(level_of(c, 50001), "word 0");
	assert_int_equal(c->odd_cells, 0);
	assert_null(c->number);
	assert_true(t->column[0].number[99999] == 99999);
	assert_string_equal(level_of(t->column + 2, 99998), "a,2");
	done(t);
}

static void a_column_may_turn_to_numbers_late_in_the_file(void **state)
{
	struct table *t = read_changing(1000, true);
	const struct column *c = t->column + 1;

	(void)state;
	assert_int_equal(c->type, COLUMN_NUMBER);
	assert_int_equal(c->odd_cells, 1000);
	assert_int_equal(c->odds, 7);
	assert_string_equal(table_odd(c, 999), "word 5");
	assert_true(c->number[1001] == 1);
	done(t);
}

static void few_levels_are_a_category_and_many_a_text(void **state)
{
	struct table *t = read_text("a,b,c\nx,p,p\ny,q,q\nx,r,r\ny,p,s\n"
				    "x,q,t\nx,r,u\n");

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_CATEGORY);
	assert_int_equal(t->column[1].type, COLUMN_CATEGORY);
	assert_int_equal(t->column[2].type, COLUMN_TEXT);
	done(t);
}

static void a_missing_word_may_be_a_number(void **state)
{
	struct option_values v;
	struct table *t;

	(void)state;
	options_init(&v, source_options);
	assert_true(options_set(&v, "open", "missing=-999,bad", &err));
	t = read_bytes("a,b\n1,-999\n-999,2\nbad,3\n", 24, &v);
	options_clear(&v);
	assert_int_equal(t->column[0].missing, 2);
	assert_int_equal(t->column[1].missing, 1);
	assert_int_equal(t->column[1].type, COLUMN_NUMBER);
	done(t);
}

static void decimal_commas_are_read(void **state)
{
	struct table *t = read_text("a;b\n1,5;x\n-2,25;y\n1.00;z\n");
	enum column_type type[2] = { COLUMN_NUMBER, COLUMN_TEXT };
	struct table *numbers = table_retyped(t, type, &err);

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_TEXT);
	assert_true(numbers->column[0].number[1] == -2.25);
	assert_string_equal(table_odd(numbers->column, 2), "1.00");
	table_free(numbers);
	done(t);
}

/*
 * The two readers
 */

static void assert_cell(const struct column *c, size_t row,
			const struct cell *cell)
{
	double x;

	if (!cell || dialect_missing(source_dialect(source), cell->text,
				     cell->len, c->number != NULL)) {
		assert_true(table_is_missing(c, row));
		assert_null(table_odd(c, row));
	} else if (c->code) {
		assert_string_equal(level_of(c, row), cell->text);
	} else if (number_parse(cell->text, cell->len, '.', &x)) {
		assert_true(c->number[row] == x);
	} else {
		assert_string_equal(table_odd(c, row), cell->text);
	}
}

/* A table and how many rows of its file were compared with it. */
struct comparison {
	const struct table *table;
	size_t rows, ragged;
};

static bool compare_row(void *arg, size_t row, const struct cell *cell,
			size_t cells)
{
	struct comparison *seen = arg;
	const struct table *t = seen->table;

	for (size_t j = 0; j < t->columns; j++)
		assert_cell(t->column + j, row, j < cells ? cell + j : NULL);
	seen->ragged += cells != t->columns;
	seen->rows++;
	return true;
}

static void assert_same_as_walk(const struct table *t)
{
	struct comparison seen = { .table = t };

	assert_true(source_walk(source, 0, SIZE_MAX, compare_row, &seen,
				NULL, &err));
	assert_int_equal(seen.rows, t->rows);
	assert_int_equal(seen.ragged, t->ragged);
}

static const char *random_cell(struct rng *rng, char text[32], uint32_t faults)
{
	static const char *const fault[] = {
		"", " ", "NA", "x", "I/O Error", "\"q\"", "\"a,b\"",
		"\"two\nlines\"", "\"say \"\"x\"\"\"", "a\"b", "1,2", "\r",
		"\n", "\r\n", "\n\n", "\"\r\n\"", "1e5", "0x10", " 7 ", "\""
	};

	if (faults && rng_upto(rng, faults) == 0)
		return fault[rng_upto(rng, 19)];
	snprintf(text, 32, "%.*g", 1 + (int)rng_upto(rng, 16),
		 rng_double(rng) * 2000 - 1000);
	return text;
}

/* So many bytes of random cells; the fewer the faults, the larger faults. */
static struct table *read_random(uint32_t seed, size_t bytes, uint32_t faults)
{
	static const char *const end[] = { "\n", "\r\n", "\r" };
	struct table *table;
	char *text, cell[32];
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct rng rng;

	rng_init(&rng, seed);
	fputs("a,b,c,d\n", out);
	while ((size_t)ftell(out) < bytes) {
		for (int j = 0; j < 4; j++)
			fprintf(out, "%s%s", j ? "," : "",
				random_cell(&rng, cell, faults));
		fputs(end[seed % 3], out);
	}
	fclose(out);
	table = read_bytes(text, len, NULL);
	free(text);
	return table;
}

static void small_random_files_are_read_as_by_libcsv(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 500; seed++) {
		struct table *t = read_random(seed, 400, 1 + seed % 20);

		assert_same_as_walk(t);
		done(t);
	}
}

static void large_random_files_are_read_as_by_libcsv(void **state)
{
	static const uint32_t faults[] = { 0, 3, 50, 10000, 500000 };

	(void)state;
	for (uint32_t seed = 0; seed < 15; seed++) {
		struct table *t = read_random(seed, 1700000,
					      faults[seed % 5]);

		assert_same_as_walk(t);
		done(t);
	}
}

/* Every chunk begins within quotes or in a line that looks like a row. */
static void a_quote_may_be_longer_than_a_chunk(void **state)
{
	struct table *t;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fputs("a,b,c\n", out);
	for (int i = 0; i < 3; i++) {
		fprintf(out, "%d,\"", i);
		for (int j = 0; j < 200000; j++)
			fputs("7,8,9\n", out);
		fprintf(out, "\",%d\n", i);
	}
	fclose(out);
	t = read_bytes(text, len, NULL);
	free(text);
	assert_shape(t, 3, 3);
	assert_int_equal(t->column[1].levels, 1);
	assert_same_as_walk(t);
	done(t);
}

static void short_rows_of_many_columns_fill_a_batch(void **state)
{
	struct table *t;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	for (int j = 0; j < 1000; j++)
		fprintf(out, "%sc%d", j ? "," : "", j);
	for (int i = 0; i < 3000; i++)
		fprintf(out, "\n%d", i);
	fclose(out);
	t = read_bytes(text, len, NULL);
	free(text);
	assert_shape(t, 3000, 1000);
	assert_int_equal(t->ragged, 3000);
	assert_true(t->column[0].number[2999] == 2999);
	assert_int_equal(t->column[999].missing, 3000);
	done(t);
}

static bool read_when_cancelled(struct job *job, void *arg, struct err *why)
{
	struct table *t;

	while (!job_cancelled(job))
		usleep(1000);
	t = table_read(source, job, why);
	*(bool *)arg = t != NULL;
	table_free(t);
	return t != NULL;
}

static void a_cancelled_job_reads_no_table(void **state)
{
	struct table *t = read_text("a,b\n1,2\n");
	struct err why = { 0 };
	bool was_read = true;
	struct job *job;
	int wake[2];

	(void)state;
	assert_int_equal(pipe(wake), 0);
	job = job_start(read_when_cancelled, &was_read, 1, wake[1], &err);
	job_cancel(job);
	assert_false(job_end(job, &why));
	assert_false(was_read);
	assert_int_equal(why.code, ERR_CANCELLED);
	close(wake[0]);
	close(wake[1]);
	done(t);
}

/*
 * Other types
 */

static void numbers_become_levels_in_their_order(void **state)
{
	struct table *t = read_text("a,b\n10,1\n9,1\n-0,1\n,1\n0,1\n9,1\n"
				    "10,1\n9.5,1\n");
	enum column_type type[2] = { COLUMN_CATEGORY, COLUMN_NUMBER };
	struct table *r = table_retyped(t, type, &err);
	const struct column *c = r->column;

	(void)state;
	assert_int_equal(c->levels, 4);
	assert_string_equal(c->level[0], "0");
	assert_string_equal(c->level[1], "9");
	assert_string_equal(c->level[2], "9.5");
	assert_string_equal(c->level[3], "10");
	assert_int_equal(c->code[0], 3);
	assert_int_equal(c->code[2], c->code[4]);
	assert_true(table_is_missing(c, 3));
	assert_ptr_equal(r->column[1].number, t->column[1].number);
	assert_string_equal(r->column[0].name, "a");
	table_free(r);
	done(t);
}

static void odd_texts_become_the_last_levels(void **state)
{
	struct table *t = read_odd(100, 25, "I/O Error");
	enum column_type type[2] = { COLUMN_NUMBER, COLUMN_TEXT };
	struct table *r = table_retyped(t, type, &err);
	const struct column *c = r->column + 1;

	(void)state;
	assert_int_equal(c->type, COLUMN_TEXT);
	assert_string_equal(level_of(c, 24), "I/O Error");
	assert_int_equal(c->code[24], c->levels - 1);
	assert_int_equal(c->odd_cells, 0);
	assert_int_equal(c->missing, 0);
	table_free(r);
	done(t);
}

static void levels_become_numbers_and_odd_texts(void **state)
{
	struct table *t = read_text("a,b\n10,1\nx,1\n\"\",1\n10,1\ny,1\nx,1\n"
				    "10,1\n");
	enum column_type type[2] = { COLUMN_NUMBER, COLUMN_CATEGORY };
	struct table *r = table_retyped(t, type, &err);

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_CATEGORY);
	assert_true(r->column[0].number[3] == 10);
	assert_string_equal(table_odd(r->column, 1), "x");
	assert_string_equal(table_odd(r->column, 4), "y");
	assert_null(table_odd(r->column, 2));
	assert_int_equal(r->column[0].odd_cells, 3);
	assert_int_equal(r->column[0].missing, 1);
	table_free(r);
	done(t);
}

static void category_and_text_share_their_arrays(void **state)
{
	struct table *t = read_text("a\nx\ny\n");
	enum column_type type[1] = { COLUMN_TEXT };
	struct table *r = table_retyped(t, type, &err);

	(void)state;
	assert_int_equal(r->column[0].type, COLUMN_TEXT);
	assert_ptr_equal(r->column[0].code, t->column[0].code);
	table_free(r);
	done(t);
}

/*
 * Duplicates
 */

static size_t count_repeated(const struct table *t, const size_t *column,
			     size_t columns, bool *repeated)
{
	struct rows rows;
	size_t n = 0;

	assert_true(rows_all(&rows, t->rows, &err));
	assert_true(duplicates_mark(t, column, columns, &rows, repeated, NULL,
				    &err));
	for (size_t i = 0; i < t->rows; i++)
		n += repeated[i];
	rows_clear(&rows);
	return n;
}

static void rows_of_equal_values_are_repeated(void **state)
{
	struct table *t = read_text("a,b,c\n1,x,\n1.0,x,\n-0,y,2\n0,y,2\n"
				    "1,x,3\n1,y,\n,x,1\nNA,x,1\n1,x,\n");
	const size_t all[] = { 0, 1, 2 };
	bool repeated[9];

	(void)state;
	assert_int_equal(count_repeated(t, all, 3, repeated), 4);
	assert_true(repeated[1]);
	assert_true(repeated[3]);
	assert_true(repeated[7]);
	assert_true(repeated[8]);
	assert_int_equal(count_repeated(t, all + 1, 1, repeated), 7);
	done(t);
}

static void odd_cells_are_equal_when_their_texts_are(void **state)
{
	struct table *t = read_odd(1000, 100, "bad");
	const size_t temp[] = { 1 };
	bool repeated[1000];

	(void)state;
	/* 50 numbers less one that always falls on an odd cell, and "bad". */
	assert_int_equal(count_repeated(t, temp, 1, repeated), 949);
	assert_false(repeated[99]);
	assert_true(repeated[199]);
	done(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_words_get_their_types),
		cmocka_unit_test(units_stand_behind_names),
		cmocka_unit_test(no_rows_are_a_table_too),
		cmocka_unit_test(one_row_of_one_column_is_a_table_too),
		cmocka_unit_test(a_column_may_be_all_missing),
		cmocka_unit_test(a_ragged_row_is_counted),
		cmocka_unit_test(an_unterminated_quote_is_told),
		cmocka_unit_test(a_nul_in_a_level_is_shown),
		cmocka_unit_test(utf_8_is_kept),
		cmocka_unit_test(an_odd_cell_remembers_its_text),
		cmocka_unit_test(one_odd_cell_in_twenty_is_the_limit),
		cmocka_unit_test(a_column_may_turn_to_text_late_in_the_file),
		cmocka_unit_test(a_column_may_turn_to_numbers_late_in_the_file),
		cmocka_unit_test(few_levels_are_a_category_and_many_a_text),
		cmocka_unit_test(a_missing_word_may_be_a_number),
		cmocka_unit_test(decimal_commas_are_read),
		cmocka_unit_test(small_random_files_are_read_as_by_libcsv),
		cmocka_unit_test(large_random_files_are_read_as_by_libcsv),
		cmocka_unit_test(a_quote_may_be_longer_than_a_chunk),
		cmocka_unit_test(short_rows_of_many_columns_fill_a_batch),
		cmocka_unit_test(a_cancelled_job_reads_no_table),
		cmocka_unit_test(numbers_become_levels_in_their_order),
		cmocka_unit_test(odd_texts_become_the_last_levels),
		cmocka_unit_test(levels_become_numbers_and_odd_texts),
		cmocka_unit_test(category_and_text_share_their_arrays),
		cmocka_unit_test(rows_of_equal_values_are_repeated),
		cmocka_unit_test(odd_cells_are_equal_when_their_texts_are)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
