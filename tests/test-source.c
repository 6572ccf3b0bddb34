/*
 * test-source.c - files of rows: dialects, cells, any row by its number
 */
#include "data/source.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "data/table.h"

static struct err err;

/* A source that holds the bytes; what does not open gives NULL and err. */
static struct source *bytes_source(const char *bytes, size_t len,
				   const struct option_values *options)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);
	struct source *source;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	err = (struct err){ 0 };
	source = source_open(path, options, &err);
	unlink(path);
	return source;
}

static struct source *text_source(const char *text)
{
	struct source *source = bytes_source(text, strlen(text), NULL);

	if (!source)
		fail_msg("%s", err.text);
	return source;
}

static struct source *source_with(const char *text, const char *option)
{
	struct option_values v;
	struct source *source;

	options_init(&v, source_options);
	assert_true(options_set(&v, "open", option, &err));
	source = bytes_source(text, strlen(text), &v);
	options_clear(&v);
	assert_non_null(source);
	return source;
}

/* All rows in one text: cells between <>, rows in lines. */
static bool write_cells(void *arg, size_t row, const struct cell *cell,
			size_t cells)
{
	FILE *out = arg;

	fprintf(out, "%zu", row);
	for (size_t i = 0; i < cells; i++) {
		putc('<', out);
		fwrite(cell[i].text, 1, cell[i].len, out);
		assert_int_equal(cell[i].text[cell[i].len], '\0');
		putc('>', out);
	}
	putc('\n', out);
	return true;
}

static void assert_rows(const struct source *source, const char *expected)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_true(source_walk(source, 0, SIZE_MAX, write_cells, out,
				NULL, &err));
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void assert_text(const char *text, const char *expected)
{
	struct source *source = text_source(text);

	assert_rows(source, expected);
	source_close(source);
}

static void rows_end_with_lf_cr_or_both(void **state)
{
	(void)state;
	assert_text("a,b\n1,2\n3,4\n", "0<1><2>\n1<3><4>\n");
	assert_text("a,b\r\n1,2\r\n3,4\r\n", "0<1><2>\n1<3><4>\n");
	assert_text("a,b\r1,2\r3,4\r", "0<1><2>\n1<3><4>\n");
	assert_text("a,b\n1,2\r\n3,4", "0<1><2>\n1<3><4>\n");
}

static void empty_lines_are_no_rows(void **state)
{
	(void)state;
	assert_text("\n\na,b\n\n1,2\n\n\n3,4\n\n", "0<1><2>\n1<3><4>\n");
}

static void quotes_keep_delimiters_lines_and_quotes(void **state)
{
	(void)state;
	assert_text("a,b\n\"1,2\",\"x\ny\"\n\"say \"\"yes\"\"\",\"\"\n",
		    "0<1,2><x\ny>\n1<say \"yes\"><>\n");
}

static void blanks_are_kept(void **state)
{
	(void)state;
	assert_text("a,b\n 1 ,\t2\n\" x \",  \n", "0< 1 ><\t2>\n1< x ><  >\n");
}

static void an_unterminated_quote_keeps_its_text(void **state)
{
	(void)state;
	assert_text("a,b\n1,\"x\n2,y\n", "0<1><x\n2,y\n>\n");
}

static void a_ragged_row_shows_its_own_cells(void **state)
{
	(void)state;
	assert_text("a,b\n1\n1,2,3\n,\n", "0<1>\n1<1><2><3>\n2<><>\n");
}

static void a_nul_is_a_byte_of_its_cell(void **state)
{
	struct source *source = bytes_source("a,b\n1\0002,3\n", 10, NULL);
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_true(source_walk(source, 0, 9, write_cells, out, NULL,
				&err));
	fclose(out);
	assert_memory_equal(text, "0<1\0002><3>\n", len);
	free(text);
	source_close(source);
}

static bool note_len(void *arg, size_t row, const struct cell *cell,
		     size_t cells)
{
	size_t *len = arg;

	(void)row;
	assert_int_equal(cells, 2);
	*len = cell[0].len;
	return true;
}

static void a_cell_of_three_hundred_kilobytes_is_whole(void **state)
{
	size_t size = 300 * 1024, len = 0;
	char *text = mem_new(size + 32);
	struct source *source;

	(void)state;
	memcpy(text, "a,b\n", 4);
	memset(text + 4, 'x', size);
	memcpy(text + 4 + size, ",1\n", 3);
	source = text_source(text);
	assert_true(source_walk(source, 0, 9, note_len, &len, NULL,
				&err));
	assert_int_equal(len, size);
	source_close(source);
	free(text);
}

static void a_byte_order_mark_is_no_part_of_a_name(void **state)
{
	struct source *source = text_source("\xef\xbb\xbf" "a,b\n1,2\n");

	(void)state;
	assert_string_equal(source_name(source, 0), "a");
	assert_rows(source, "0<1><2>\n");
	source_close(source);
}

static void assert_delimiter(const char *text, char delimiter)
{
	struct source *source = text_source(text);

	assert_int_equal(source_dialect(source)->delimiter, delimiter);
	source_close(source);
}

static void the_delimiter_is_the_most_consistent_one(void **state)
{
	(void)state;
	assert_delimiter("a,b\n1,2\n", ',');
	assert_delimiter("a;b\n1,5;2,5\n3,5;4\n", ';');
	assert_delimiter("a\tb\n1,5\t2,5\n", '\t');
	assert_delimiter("a|b|c\nx, y|1|2\nz|3|4\n", '|');
	assert_delimiter("a,b\n\"1;2;3\",2\n\"4;5;6\",3\n", ',');
	assert_delimiter("name\nx\ny\n", ',');
	assert_delimiter("1,5;2,5\n3,5;4,5\n", ';');
}

static void a_decimal_comma_is_found_between_semicolons(void **state)
{
	struct source *source = text_source("a;b\n1,5;x\n2;y\n");

	(void)state;
	assert_int_equal(source_dialect(source)->decimal, ',');
	source_close(source);
	source = text_source("a;b\n1.5;x\n2;y\n");
	assert_int_equal(source_dialect(source)->decimal, '.');
	source_close(source);
}

static void a_first_row_of_numbers_is_no_header(void **state)
{
	struct source *source = text_source("1,2,\n3,4,5\n");

	(void)state;
	assert_false(source_dialect(source)->header);
	assert_int_equal(source_columns(source), 3);
	assert_string_equal(source_name(source, 2), "c3");
	assert_rows(source, "0<1><2><>\n1<3><4><5>\n");
	source_close(source);
	source = text_source("2019,2020,line\n3,4,5\n");
	assert_true(source_dialect(source)->header);
	source_close(source);
}

static void options_have_the_last_word(void **state)
{
	struct source *source = source_with("a,b\n1,2\n", "header=no");

	(void)state;
	assert_rows(source, "0<a><b>\n1<1><2>\n");
	source_close(source);
	source = source_with("1,2\n3,4\n", "header=yes");
	assert_string_equal(source_name(source, 0), "1");
	source_close(source);
	source = source_with("a,b;c\n1,2;3\n", "delimiter=;");
	assert_rows(source, "0<1,2><3>\n");
	source_close(source);
	source = source_with("a\tb\n1\t2\n", "delimiter=tab");
	assert_rows(source, "0<1><2>\n");
	source_close(source);
}

static void names_are_made_unique(void **state)
{
	struct source *source = text_source("x,, x ,x_2,x,c2\na,b,c,d,e,f\n");
	static const char *const name[] = { "x", "c2", "x_2", "x_2_2", "x_3",
					    "c2_2" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(name); i++)
		assert_string_equal(source_name(source, i), name[i]);
	source_close(source);
}

static bool missing(const struct source *source, const char *text)
{
	return dialect_missing(source_dialect(source), text, strlen(text),
			       false);
}

static void well_known_words_are_missing(void **state)
{
	struct source *source = text_source("a,b\n1,2\n");

	(void)state;
	assert_true(missing(source, ""));
	assert_true(missing(source, "  "));
	assert_true(missing(source, "NA"));
	assert_true(missing(source, " n/a "));
	assert_true(missing(source, "NaN"));
	assert_true(missing(source, "null"));
	assert_true(missing(source, "none"));
	assert_true(missing(source, "#N/A"));
	assert_true(missing(source, "?"));
	assert_true(missing(source, "-"));
	assert_false(missing(source, "0"));
	assert_false(missing(source, "-1"));
	assert_false(missing(source, "N"));
	assert_false(missing(source, "NAN1"));
	assert_false(missing(source, "no"));
	/* A historian's word is one only where a number is wanted. */
	assert_false(missing(source, "Bad"));
	assert_true(dialect_missing(source_dialect(source), " bad ", 5, true));
	source_close(source);
}

static void missing_words_can_be_given(void **state)
{
	struct source *source = source_with("a\n1\n",
					    "missing=-999,I/O Timeout");

	(void)state;
	assert_true(missing(source, ""));
	assert_true(missing(source, "-999"));
	assert_true(missing(source, "I/O Timeout"));
	assert_false(missing(source, "NA"));
	source_close(source);
}

static void what_cannot_be_opened_says_why(void **state)
{
	(void)state;
	assert_null(source_open("/no/such/file", NULL, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "/no/such/file"));
	assert_null(source_open("/", NULL, &err));
	assert_non_null(strstr(err.text, "is a directory"));
	assert_null(bytes_source("", 0, NULL));
	assert_int_equal(err.code, ERR_DATA);
	assert_non_null(strstr(err.text, "is empty"));
	assert_null(bytes_source("\n\n", 2, NULL));
	assert_non_null(strstr(err.text, "is empty"));
}

static void other_encodings_become_utf8(void **state)
{
	struct source *source = bytes_source("\xff\xfe" "a\0,\0b\0\n\0"
					     "1\0,\0\xe9\0\n\0", 18, NULL);

	(void)state;
	assert_non_null(source);
	assert_true(source_scan(source, NULL, &err));
	assert_rows(source, "0<1><\xc3\xa9>\n");
	assert_string_equal(source_dialect(source)->
			    finding[DIALECT_ENCODING].value, "UTF-16LE");
	source_close(source);
}

static void a_file_may_hold_only_a_header(void **state)
{
	(void)state;
	assert_text("a,b\n", "");
	assert_text("a,b", "");
}

static bool stop_at_three(void *arg, size_t row, const struct cell *cell,
			  size_t cells)
{
	(void)cell;
	(void)cells;
	*(size_t *)arg = row;
	return row < 3;
}

static void a_walk_can_be_ended(void **state)
{
	struct source *source = text_source("a\n1\n2\n3\n4\n5\n6\n");
	size_t last = 0;

	(void)state;
	err = (struct err){ 0 };
	assert_false(source_walk(source, 0, 99, stop_at_three, &last,
				 NULL, &err));
	assert_int_equal(err.code, ERR_NONE);
	assert_int_equal(last, 3);
	source_close(source);
}

static bool check_row(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "%zu", row);
	assert_int_equal(cells, 2);
	assert_string_equal(cell[0].text, expected);
	++*(size_t *)arg;
	return true;
}

/* 2,000 rows, every third with a newline in quotes, some empty lines. */
static struct source *rows_with_newlines(void)
{
	struct source *source;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("i,note\n", out);
	for (int i = 0; i < 2000; i++)
		fprintf(out, i % 3 ? "%d,plain\n" : "%d,\"two\nlines\"\r\n%s",
			i, i % 7 ? "" : "\n\n");
	fclose(out);
	source = text_source(text);
	free(text);
	return source;
}

static void the_index_reaches_any_row(void **state)
{
	struct source *source = rows_with_newlines();
	bool exact;

	(void)state;
	assert_true(source_scan(source, NULL, &err));
	assert_int_equal(source_rows(source, &exact), 2000);
	assert_true(exact);
	for (size_t first = 0; first < 2000; first += 37) {
		size_t seen = 0;

		assert_true(source_walk(source, first, 5,
					check_row, &seen, NULL, &err));
		assert_int_equal(seen, first + 5 > 2000 ? 2000 - first : 5);
	}
	source_close(source);
}

/* Rows "0,pad" to "n - 1,pad": more bytes than the first scan takes. */
static struct source *many_rows(size_t n)
{
	struct source *source;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("i,pad\n", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%zu,....................\n", i);
	fclose(out);
	source = text_source(text);
	free(text);
	return source;
}

/* What a screen was given: labels of the rows, and what stands in them. */
struct screen {
	size_t rows, first, last;	/* labels */
	size_t first_cell, last_cell;
};

static bool show_row(void *arg, size_t row, const struct cell *cell,
		     size_t cells)
{
	struct screen *screen = arg;
	size_t i = strtoul(cell[0].text, NULL, 10);

	assert_int_equal(cells, 2);
	if (screen->rows++ == 0) {
		screen->first = row;
		screen->first_cell = i;
	} else {
		assert_int_equal(row, screen->last + 1);
		assert_int_equal(i, screen->last_cell + 1);
	}
	screen->last = row;
	screen->last_cell = i;
	return true;
}

static struct screen look(const struct source *source, size_t first,
			  bool *about)
{
	struct screen screen = { 0 };

	assert_true(source_peek(source, first, 20, about, show_row, &screen,
				&err));
	return screen;
}

static void the_last_rows_are_seen_before_the_index_is_there(void **state)
{
	struct source *source = many_rows(20000);
	bool exact, about;
	size_t expected = source_rows(source, &exact);
	struct screen screen;

	(void)state;
	assert_false(exact);
	assert_in_range(expected, 19000, 21000);
	screen = look(source, 100, &about);
	assert_false(about);
	assert_int_equal(screen.first_cell, 100);
	screen = look(source, expected - 20, &about);
	assert_true(about);
	assert_int_equal(screen.rows, 20);
	assert_int_equal(screen.last_cell, 19999);
	assert_int_equal(screen.last, expected - 1);
	screen = look(source, expected / 2, &about);
	assert_true(about);
	assert_int_equal(screen.rows, 20);
	assert_in_range(screen.first_cell, 9000, 11000);
	assert_true(source_scan(source, NULL, &err));
	assert_int_equal(source_rows(source, &exact), 20000);
	assert_true(exact);
	screen = look(source, 19980, &about);
	assert_false(about);
	assert_int_equal(screen.first_cell, 19980);
	assert_int_equal(screen.last, 19999);
	source_close(source);
}

/* A thread that scans, as the worker does; the other end of its pipe. */
static bool scan(struct job *job, void *arg, struct err *e)
{
	return source_scan(arg, job, e);
}

static void wait_for_rows(const struct source *source, size_t rows)
{
	bool exact;

	for (int i = 0; i < 2000 && source_rows(source, &exact) < rows; i++)
		usleep(5000);
	assert_int_equal(source_rows(source, &exact), rows);
}

static void rows_of_a_pipe_are_seen_as_they_come(void **state)
{
	int fd[2], wake[2];
	struct source *source;
	struct job *job;
	char path[32];
	bool exact;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(pipe2(wake, O_NONBLOCK), 0);
	assert_int_equal(write(fd[1], "a,b\n1,2\n", 8), 8);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd[0]);
	source = source_open(path, NULL, &err);
	assert_non_null(source);
	assert_false(source_complete(source));
	job = job_start(scan, source, 1, wake[1], &err);
	assert_non_null(job);
	wait_for_rows(source, 1);
	assert_int_equal(write(fd[1], "3,4\n5,", 6), 6);
	wait_for_rows(source, 2);	/* not the half of a row */
	source_rows(source, &exact);
	assert_false(exact);
	close(fd[1]);
	assert_true(job_end(job, &err));
	assert_int_equal(source_rows(source, &exact), 3);
	assert_true(exact);
	assert_rows(source, "0<1><2>\n1<3><4>\n2<5><>\n");
	source_close(source);
	close(fd[0]);
	close(wake[0]);
	close(wake[1]);
}

/* A file that has 4,000 bytes when it is opened, and size behind that. */
static struct source *source_resized(off_t size)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);
	struct source *source;

	assert_true(fd >= 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write(fd, "1,2\n", 4), 4);
	source = source_open(path, NULL, &err);
	if (!source)
		fail_msg("%s", err.text);
	assert_int_equal(ftruncate(fd, size), 0);
	unlink(path);
	close(fd);
	return source;
}

/* Opening has scanned the first 64 KB; here the first 4 KB are all. */
static void a_file_that_shrinks_is_not_whole(void **state)
{
	struct source *source = source_resized(4000);

	(void)state;
	assert_int_equal(source_opened(NULL), 0);
	assert_true(source_whole(source, &err));
	source_close(source);
	source = source_resized(3998);
	assert_false(source_whole(source, &err));
	assert_non_null(strstr(err.text, "shorter"));
	source_close(source);
}

static bool count_row(void *arg, size_t row, const struct cell *cell,
		      size_t cells)
{
	size_t *rows = arg;

	assert_int_equal(row, *rows);
	assert_int_equal(cells, 2);
	assert_non_null(cell);
	++*rows;
	return true;
}

static void what_a_file_grows_by_is_no_row(void **state)
{
	struct source *source = source_resized(9000);
	size_t rows = 0;

	(void)state;
	assert_true(source_whole(source, &err));
	assert_true(source_walk(source, 0, SIZE_MAX, count_row, &rows, NULL,
				&err));
	assert_int_equal(rows, 1000);
	source_close(source);
}

static void a_row_is_written_as_rfc_4180(void **state)
{
	const struct cell cell[] = {
		{ "a b", 3 }, { "1,2", 3 }, { "say \"x\"", 7 }, { "", 0 },
		{ "x\ny", 3 }
	};
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_true(source_write_row(cell, 5, out));
	assert_true(source_write_row(cell + 3, 1, out));
	fclose(out);
	assert_string_equal(text, "a b,\"1,2\",\"say \"\"x\"\"\",,\"x\ny\"\n"
				  "\"\"\n");
	free(text);
}

static void a_pipe_can_be_read_twice(void **state)
{
	struct source *source;
	int fd[2];
	char path[32];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "a,b\n1,2\n", 8), 8);
	close(fd[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd[0]);
	source = source_open(path, NULL, &err);
	if (!source)
		fail_msg("%s", err.text);
	assert_rows(source, "0<1><2>\n");
	assert_rows(source, "0<1><2>\n");
	source_close(source);
	close(fd[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_end_with_lf_cr_or_both),
		cmocka_unit_test(empty_lines_are_no_rows),
		cmocka_unit_test(quotes_keep_delimiters_lines_and_quotes),
		cmocka_unit_test(blanks_are_kept),
		cmocka_unit_test(an_unterminated_quote_keeps_its_text),
		cmocka_unit_test(a_ragged_row_shows_its_own_cells),
		cmocka_unit_test(a_nul_is_a_byte_of_its_cell),
		cmocka_unit_test(a_cell_of_three_hundred_kilobytes_is_whole),
		cmocka_unit_test(a_byte_order_mark_is_no_part_of_a_name),
		cmocka_unit_test(the_delimiter_is_the_most_consistent_one),
		cmocka_unit_test(a_decimal_comma_is_found_between_semicolons),
		cmocka_unit_test(a_first_row_of_numbers_is_no_header),
		cmocka_unit_test(options_have_the_last_word),
		cmocka_unit_test(names_are_made_unique),
		cmocka_unit_test(well_known_words_are_missing),
		cmocka_unit_test(missing_words_can_be_given),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(other_encodings_become_utf8),
		cmocka_unit_test(a_file_may_hold_only_a_header),
		cmocka_unit_test(a_walk_can_be_ended),
		cmocka_unit_test(the_index_reaches_any_row),
		cmocka_unit_test(a_file_that_shrinks_is_not_whole),
		cmocka_unit_test(what_a_file_grows_by_is_no_row),
		cmocka_unit_test(a_row_is_written_as_rfc_4180),
		cmocka_unit_test(a_pipe_can_be_read_twice),
		cmocka_unit_test(
			the_last_rows_are_seen_before_the_index_is_there),
		cmocka_unit_test(rows_of_a_pipe_are_seen_as_they_come)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
