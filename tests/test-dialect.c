/*
 * test-dialect.c - what is found in files as plants write them
 */
#include "data/dialect.h"

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
#include "base/rng.h"
#include "base/text.h"
#include "data/reader.h"
#include "data/sample.h"
#include "data/source.h"
#include "data/table.h"

static struct err err;

static int file_of(const char *bytes, size_t n)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	return fd;
}

/* What is found in the bytes; options with blanks between them, or NULL.  The
 * first row begins at *first. */
static bool find(struct dialect *d, const char *bytes, size_t n,
		 const char *options, uint64_t *first)
{
	int fd = file_of(bytes, n);
	struct option_values v;
	struct words words = { 0 };
	bool found;

	options_init(&v, source_options);
	if (options)
		assert_true(words_split(&words, options, &err));
	for (size_t i = 0; i < words.n; i++)
		if (!options_set(&v, "open", words.word[i], &err))
			fail_msg("%s", err.text);
	*d = (struct dialect){ 0 };
	err = (struct err){ 0 };
	found = dialect_find(d, fd, 0, n, options ? &v : NULL, first, &err);
	for (size_t i = 0; found && i < DIALECT_ITEMS; i++) {
		const struct finding *f = d->finding + i;

		assert_true(f->name && *f->value && *f->why);
		assert_true(f->sure >= 0 && f->sure <= 1);
	}
	words_clear(&words);
	options_clear(&v);
	close(fd);
	return found;
}

/* "delimiter quote header skip decimal thousands", as options take them. */
static void describe(const struct dialect *d, char *to, size_t size)
{
	static const enum dialect_item item[] = {
		DIALECT_DELIMITER, DIALECT_QUOTE, DIALECT_HEADER, DIALECT_SKIP,
		DIALECT_DECIMAL, DIALECT_THOUSANDS
	};

	*to = '\0';
	for (size_t i = 0; i < ARRAY_LEN(item); i++)
		text_append(to, size, "%s%s", i ? " " : "",
			    d->finding[item[i]].value);
}

/* begins: what the first row begins with. */
static void assert_with(const char *text, const char *options,
			const char *expected, const char *begins)
{
	struct dialect d;
	uint64_t first = 0;
	char found[100];

	if (!find(&d, text, strlen(text), options, &first))
		fail_msg("%s", err.text);
	describe(&d, found, sizeof(found));
	if (strcmp(found, expected) != 0)
		fail_msg("found \"%s\", not \"%s\", in:\n%s", found, expected,
			 text);
	if (strncmp(text + first, begins, strlen(begins)) != 0)
		fail_msg("the first row begins with \"%.20s\", not \"%s\"",
			 text + first, begins);
	dialect_clear(&d);
}

static void assert_found(const char *text, const char *expected,
			 const char *begins)
{
	assert_with(text, NULL, expected, begins);
}

/*
 * Files of plants
 */

static void a_german_scada_export_is_read(void **state)
{
	(void)state;
	assert_found("Bericht: Presse 7\n"
		     "Exportdatum;2024-05-01\n"
		     "\n"
		     "Zeit;Temp;Druck;Status\n"
		     "s;\302\260C;bar;\n"
		     "01.05.2024 10:00:00;23,5;1.013,25;OK\n"
		     "01.05.2024 10:00:01;23,7;1.013,5;OK\n"
		     "01.05.2024 10:00:02;23,9;998,75;OK\n",
		     "; double yes 3 , .", "Zeit;");
}

static void titles_filled_up_by_a_spreadsheet_are_skipped(void **state)
{
	(void)state;
	assert_found("Press 7;;;;\r\n"
		     "Exported;2024-05-01;;;\r\n"
		     ";;;;\r\n"
		     "time;t1;t2;t3;t4\r\n"
		     "10:00;1,5;2,5;3,5;4,5\r\n"
		     "10:01;1,6;2,6;3,6;4,6\r\n",
		     "; double yes 3 , none", "time;");
}

static void a_historian_export_with_tabs_is_read(void **state)
{
	(void)state;
	assert_found("Tag\tTimestamp\tValue\tStatus\n"
		     "FIC101.PV\t01-May-24 10:00:00\t12.5\tGood\n"
		     "FIC101.PV\t01-May-24 10:00:10\tBad\tBad\n"
		     "FIC101.PV\t01-May-24 10:00:20\t12.75\tGood\n",
		     "tab double yes 0 . none", "Tag");
}

static void blanks_in_cells_with_tabs_do_not_delimit(void **state)
{
	(void)state;
	assert_found("t0 [bar]\tt1 [bar]\tt2 [bar]\tt3 [bar]\r\n"
		     "2024-02-19 07:52:29\t2024-04-09 21:46:35\tok\toff\r\n"
		     "2024-01-24 03:17:03\t2024-02-14 23:05:33\trunning well"
		     "\tidle\r\n"
		     "2024-11-01 16:22:56\t2024-04-12 22:54:46\tlathe\toff"
		     "\r\n",
		     "tab double yes 0 . none", "t0");
}

static void a_log_of_an_instrument_is_cut_at_blanks(void **state)
{
	(void)state;
	assert_found("# logger 4711, firmware 2.1\n"
		     "# calibrated 2024-01-01\n"
		     "  Date       Time      T1     T2\n"
		     "  2024-05-01 10:00:00  23.51   1.2\n"
		     "  2024-05-01 10:00:01  23.52  11.2\n"
		     "  2024-05-01 10:00:02  23.53 111.2\n",
		     "blanks double yes 2 . none", "Date");
	assert_found("10:00   1,5   2,5\n10:01   1,6  12,5\n"
		     "10:02  11,7   2,5\n",
		     "blanks double no 0 , none", "10:00");
	assert_found("c0  c1  c2\nidle north 195,53\n"
		     "idle  'lathe 3'  877,76\nNOK '5\" pipe' 345,36\n",
		     "blanks single yes 0 , none", "c0");
	assert_found("Report: press 7\n\nc0 c1 c2\n10:00 1 2\n10:01 1 2\n",
		     "blanks double yes 2 . none", "c0");
	assert_found("1.5 2.5\n3.5  4.5\n5.5\t6.5\n",
		     "blanks double no 0 . none", "1.5");
}

static void texts_are_not_cut_at_blanks(void **state)
{
	(void)state;
	assert_found("machine\npress unit A\npress unit B\nlathe unit C\n",
		     ", double yes 0 . none", "machine");
	assert_found("when\n2024-05-01 10:00:00\n2024-05-01 10:00:01\n",
		     ", double yes 0 . none", "when");
	assert_found("5/1/2024 10:00 AM\n5/1/2024 10:05 AM\n"
		     "5/1/2024 10:10 AM\n",
		     ", double no 0 . none", "5/1");
	assert_found("a remark\nfoo, bar\nbaz; qux\nnothing\n",
		     "tab double yes 0 . none", "a remark");
}

static void a_comma_after_a_time_may_delimit(void **state)
{
	(void)state;
	assert_found("2024-05-01 10:00:00,1\n2024-05-01 10:00:01,2\n",
		     ", double no 0 . none", "2024");
	assert_found("2024-05-01 10:00:00,1,2\n2024-05-01 10:00:01,2,2\n",
		     ", double no 0 . none", "2024");
	assert_found("machine,count\npress unit 1,234\npress unit 2,345\n",
		     ", double yes 0 . none", "machine");
}

static void a_file_with_bars_is_read(void **state)
{
	(void)state;
	assert_found("2937811,27|late; why|NOK|115|idle\n"
		     "2111685,30|press|idle|176|idle\n"
		     "3549656,55|don't|NOK|15|idle\n",
		     "| double no 0 , none", "293");
	assert_found("311,3|idle\n170,06|OK\n100,5|off\n",
		     "| double no 0 , none", "311");
	assert_found("id|name|kg\n1|bolt, short|1.5\n2|nut; M8|0.25\n",
		     "| double yes 0 . none", "id");
}

/*
 * Marks
 */

static void quoted_numbers_may_have_thousands(void **state)
{
	(void)state;
	assert_found("item,price\nbolt,\"1,234.50\"\nnut,\"12.25\"\n",
		     ", double yes 0 . ,", "item");
	assert_found("item,price\nbolt,\"1,234\"\nnut,12.25\n",
		     ", double yes 0 . ,", "item");
	assert_found("item,price\nbolt,\"1,234,567\"\nnut,12\n",
		     ", double yes 0 . ,", "item");
	assert_found("item,price\nbolt,\"1,5\"\nnut,\"12,25\"\n",
		     ", double yes 0 , none", "item");
	assert_found("item;price\nbolt;1'234.5\nnut;12\n",
		     "; double yes 0 . apostrophe", "item");
	assert_found("item;price\nbolt;1 234,5\nnut;12\n",
		     "; double yes 0 , blank", "item");
	assert_found("item;price\nbolt;1\302\240234\nnut;12\n",
		     "; double yes 0 . blank", "item");
}

static void one_group_of_three_digits_is_no_evidence(void **state)
{
	(void)state;
	assert_found("a,b\n\"1,234\",2\n\"5,678\",3\n",
		     ", double yes 0 . none", "a");
	assert_found("a;b\n1,234;2\n5,678;3\n", "; double yes 0 , none", "a");
	assert_found("a;b\n1.234;2\n5.678;3\n", "; double yes 0 . none", "a");
	/* No number with such marks begins with a zero. */
	assert_found("a\tb\n1,234\t2\n0,678\t3\n", "tab double yes 0 , none",
		     "a");
}

static void addresses_have_no_thousands(void **state)
{
	(void)state;
	assert_found("plc;x\n192.168.100.200;1\n192.168.1.20;2\n"
		     "192.168.1.21;3\n",
		     "; double yes 0 . none", "plc");
}

static void one_column_may_have_decimal_commas(void **state)
{
	(void)state;
	assert_found("temp\n1,5\n2,5\n3,25\n", "; double yes 0 , none",
		     "temp");
	assert_found("1,5\n2,5\n3,25\n", ", double no 0 . none", "1,5");
}

/*
 * Quotes
 */

static void inches_and_apostrophes_are_letters(void **state)
{
	(void)state;
	assert_found("pipe,note\n5\" pipe,don't\n6\" pipe,rock 'n' roll\n"
		     "7\",the dogs'\n'tis,8\"\n",
		     ", double yes 0 . none", "pipe");
	assert_found("a,b,c\nmm,\",kg\n1,2,3\n4,5,6\n7,8,9\n1,2,3\n"
		     "4,5,6\n7,8,9\n",
		     ", none yes 0 . none", "a,b");
}

static void apostrophes_may_be_quotes(void **state)
{
	(void)state;
	assert_found("'a','b'\n'x, y','1'\n'z','2'\n",
		     ", single yes 0 . none", "'a'");
	assert_found("id,name\n1,'x, y'\n2,'it''s'\n3,'z'\n",
		     ", single yes 0 . none", "id");
}

static void quotes_keep_other_delimiters(void **state)
{
	(void)state;
	assert_found("a,b\n\"1;2;3\",2\n\"4;5;6\",3\n",
		     ", double yes 0 . none", "a");
	assert_found("\"a b\" c d\n\"x y\"  1 2\n\"z\" 3  4\n",
		     "blanks double yes 0 . none", "\"a b\"");
}

/*
 * Header and skip
 */

static void a_first_row_of_values_is_no_header(void **state)
{
	(void)state;
	assert_found("1,2\n3,4\n", ", double no 0 . none", "1");
	assert_found("2024-05-01 10:00,1.5\n2024-05-01 10:01,2.5\n",
		     ", double no 0 . none", "2024");
	assert_found("A,1,2\nB,3,4\nC,5,6\n", ", double no 0 . none", "A");
	assert_found("east,ok\nwest,bad\neast,ok\nwest,ok\n",
		     ", double no 0 . none", "east");
}

static void names_are_a_header(void **state)
{
	(void)state;
	assert_found("2019,2020,line\n3,4,5\n", ", double yes 0 . none", "2");
	assert_found("line,2019,2020,2021\nA,3,7,5\nB,4,5,9\n",
		     ", double yes 0 . none", "line");
	assert_found("x,x,,y\n1,2,3,4\n5,6,7,8\n", ", double yes 0 . none",
		     "x");
	assert_found("town,hall\neast,ok\nwest,ok\neast,bad\n",
		     ", double yes 0 . none", "town");
	assert_found("name,surname\nAda,L\nGrace,H\n", ", double yes 0 . none",
		     "name");
}

static void a_ragged_table_keeps_its_header(void **state)
{
	(void)state;
	assert_found("a,b,c,d\n1,2,3\n4,5,6\n7,8,9\n",
		     ", double yes 0 . none", "a,b");
	assert_found("a,b\n1,2,3\n4,5,6\n7,8,9\n", ", double yes 0 . none",
		     "a,b");
	assert_found("name,remark\nA\nB,x,y\nC,x,y\nD,x,y\n",
		     ", double yes 0 . none", "name");
	assert_found("1,2\n1,2,3\n4,5,6\n7,8,9\n", ", double no 0 . none",
		     "1,2\n");
	assert_found("a,b,c\n1\n2,3\n4,5,6\n7\n", ", double yes 0 . none",
		     "a");
}

static void lines_before_the_table_are_skipped(void **state)
{
	(void)state;
	assert_found("Report: press 7\n\na,b,c\n1,2,3\n4,5,6\n",
		     ", double yes 2 . none", "a,b,c");
	assert_found("# one, two\n# three\na,b\n1,2\n3,4\n",
		     ", double yes 2 . none", "a,b");
	assert_found("# made by X\n1,2,3\n4,5,6\n", ", double no 1 . none",
		     "1,2,3");
	assert_found("#time;a\n10:00;2\n10:01;4\n", "; double yes 0 . none",
		     "#time");
	assert_found("#1\n#2\n#3\n#4\n", ", double yes 0 . none", "#1");
	assert_found("Report, press 7, hall 3, shift 2\nMade, by, X\n\n"
		     "a,b\n1,2\n3,4\n5,6\n7,8\n", ", double yes 3 . none",
		     "a,b");
	assert_found("Title\nname,town\nAda,Rome\nBob,Paris\n",
		     ", double yes 1 . none", "name");
	assert_found("sep=;\na;b\n1;2\n", "; double yes 1 . none", "a;b");
	assert_found("Time [s]  Temp [C]\n0.1   23.5\n0.2   24.5\n"
		     "0.3   25.5\n", "blanks double no 1 . none", "0.1");
	assert_found("\"TOA5\",\"CR1000\",\"4711\",\"Std.32\",\"CPU:x\"\r\n"
		     "\"TIMESTAMP\",\"RECORD\",\"BattV\"\r\n"
		     "\"TS\",\"RN\",\"Volts\"\r\n"
		     "\"\",\"\",\"Min\"\r\n"
		     "\"2024-05-01 10:00:00\",0,12.5\r\n"
		     "\"2024-05-01 10:01:00\",1,12.5\r\n"
		     "\"2024-05-01 10:02:00\",2,12.25\r\n",
		     ", double yes 1 . none", "\"TIME");
	assert_found("LabVIEW Measurement\t\nSeparator\tTab\nDate\t2024/05/01\n"
		     "***End_of_Header***\t\n\t\n"
		     "X_Value\tForce\tComment\n0.0\t1.5\t\n0.1\t1.6\t\n"
		     "0.2\t1.7\t\n0.3\t1.8\t\n0.4\t1.8\t\n0.5\t1.8\t\n",
		     "tab double yes 5 . none", "X_Value");
	assert_found("\n\r\n\na,b\n1,2\n", ", double yes 0 . none", "\n\r\n");
}

/*
 * Lines
 */

static void assert_lines(const char *text, enum line_end lines,
			 const char *value)
{
	struct dialect d;
	uint64_t first;

	assert_true(find(&d, text, strlen(text), NULL, &first));
	assert_int_equal(d.lines, lines);
	assert_string_equal(d.finding[DIALECT_LINES].value, value);
	dialect_clear(&d);
}

static void lines_end_as_most_of_them_do(void **state)
{
	(void)state;
	assert_lines("a\nb\nc\r\n", LINE_LF, "lf");
	assert_lines("a\r\nb\r\nc\n", LINE_CRLF, "crlf");
	assert_lines("a\rb\rc\r\n", LINE_CR, "cr");
	assert_lines("a", LINE_LF, "lf");
	assert_found("Title\r\ra;b;c\r1,5;2;x\r2,5;3;y\r",
		     "; double yes 2 , none", "a;b;c");
	assert_found("Title\r\r\na;b;c\n1,5;2;x\r2,5;3;y\r\n",
		     "; double yes 2 , none", "a;b;c");
}

/*
 * What the user says
 */

static void the_user_has_the_last_word(void **state)
{
	const char *text = "a;b\n1,5;2\n2,5;3\n";

	(void)state;
	assert_with("a,b;c\n1,2;3\n", "delimiter=;", "; double yes 0 , none",
		    "a,b");
	assert_with(text, "decimal=.", "; double yes 0 . none", "a;b");
	assert_with(text, "header=no", "; double no 0 , none", "a;b");
	assert_with(text, "quote=single", "; single yes 0 , none", "a;b");
	assert_with(text, "quote=none", "; none yes 0 , none", "a;b");
	assert_with(text, "skip=1", "; double no 1 , none", "1,5");
	assert_with(text, "thousands=,", "; double yes 0 . ,", "a;b");
	assert_with(text, "thousands=apostrophe",
		    "; double yes 0 , apostrophe", "a;b");
	assert_with("a b\nc d\n", "delimiter=blanks",
		    "blanks double yes 0 . none", "a");
	assert_with("Title\n\na,b\n1,2\n", "skip=0",
		    ", double yes 0 . none", "Title");
	assert_with("a;b\n1,234;2\n", "decimal=.", "; double yes 0 . ,",
		    "a");
}

static void what_the_user_said_is_sure(void **state)
{
	struct dialect d;
	uint64_t first;

	(void)state;
	assert_true(find(&d, "a,b\n1,2\n", 8, "delimiter=; quote=none "
			 "header=no skip=0 decimal=, thousands=.", &first));
	for (size_t i = DIALECT_DELIMITER; i <= DIALECT_THOUSANDS; i++) {
		assert_true(d.finding[i].sure == 1);
		assert_string_equal(d.finding[i].why, "the user said so");
	}
	assert_int_equal(d.dates, DATES_AUTO);
	dialect_clear(&d);
	assert_true(find(&d, "a\n", 2, "dates=day-first", &first));
	assert_int_equal(d.dates, DATES_DAY_FIRST);
	dialect_clear(&d);
}

static void assert_refused(const char *text, const char *options,
			   const char *why)
{
	struct dialect d;
	uint64_t first;

	assert_false(find(&d, text, strlen(text), options, &first));
	assert_int_equal(err.code, ERR_USAGE);
	if (!strstr(err.text, why))
		fail_msg("%s", err.text);
	dialect_clear(&d);
}

static void what_the_user_said_may_be_wrong(void **state)
{
	(void)state;
	assert_refused("a\n1\n", "skip=x", "a number of lines is wanted");
	assert_refused("a\n1\n", "skip=-1", "a number of lines is wanted");
	assert_refused("a\n1\n", "skip=1x", "a number of lines is wanted");
	assert_refused("a\n1\n", "skip=1000001", "it goes to 1000000");
	assert_refused("a\n1\n", "skip=3", "the file has 2 lines");
	assert_refused("a\n1\n", "decimal=, thousands=,", "the same");
}

static void many_lines_can_be_skipped(void **state)
{
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	char *text;
	size_t len;
	uint64_t first = 0;
	struct dialect d;

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(ends); k++) {
		FILE *out = open_memstream(&text, &len);

		for (int i = 0; i < 50000; i++)
			fprintf(out, "%d%s", i, ends[k]);
		fclose(out);
		assert_true(find(&d, text, len, "skip=40000", &first));
		assert_memory_equal(text + first, "40000", 5);
		dialect_clear(&d);
		free(text);
	}
}

/*
 * How sure
 */

static double sure(const char *text, enum dialect_item item)
{
	struct dialect d;
	uint64_t first;
	double x;

	assert_true(find(&d, text, strlen(text), NULL, &first));
	x = d.finding[item].sure;
	dialect_clear(&d);
	return x;
}

static void more_rows_make_surer(void **state)
{
	(void)state;
	assert_true(sure("a,b\n", DIALECT_DELIMITER) <
		    sure("a,b\n1,2\n", DIALECT_DELIMITER));
	assert_true(sure("a,b\n1,2\n", DIALECT_DELIMITER) <
		    sure("a,b\n1,2\n1,2\n1,2\n1,2\n", DIALECT_DELIMITER));
	assert_true(sure("a,b\n1,2\n1\n1\n", DIALECT_DELIMITER) <
		    sure("a,b\n1,2\n1,2\n1,2\n", DIALECT_DELIMITER));
	assert_true(sure("a,b\n", DIALECT_HEADER) <
		    sure("a,b\n1,2\n", DIALECT_HEADER));
	assert_true(sure("a,b\nx,y\n", DIALECT_HEADER) <
		    sure("a,b\n1,2\n", DIALECT_HEADER));
	assert_true(sure("a;b\n1,234;x\n", DIALECT_DECIMAL) <
		    sure("a;b\n1,5;x\n2,5;x\n", DIALECT_DECIMAL));
}

static void a_finding_says_why(void **state)
{
	struct dialect d;
	uint64_t first;

	(void)state;
	assert_true(find(&d, "a,b\n1,2\n3\n", 10, NULL, &first));
	assert_string_equal(d.finding[DIALECT_DELIMITER].name, "delimiter");
	assert_string_equal(d.finding[DIALECT_DELIMITER].why,
			    "2 of 3 rows have 2 cells");
	assert_string_equal(d.finding[DIALECT_QUOTE].why,
			    "no cell has a quote");
	assert_string_equal(d.finding[DIALECT_ENCODING].name, "encoding");
	dialect_clear(&d);
}

/*
 * Anything
 */

static void small_files_are_files(void **state)
{
	(void)state;
	assert_found("", ", double yes 0 . none", "");
	assert_found("\n\n", ", double yes 0 . none", "");
	assert_found("a", ", double yes 0 . none", "a");
	assert_found("a,b,c", ", double yes 0 . none", "a");
	assert_found("1", ", double no 0 . none", "1");
	assert_found("\"", ", double yes 0 . none", "\"");
	assert_found("a\n1\n2\n", ", double yes 0 . none", "a");
	assert_found("1\n2\n", ", double no 0 . none", "1");
}

static void a_first_row_may_be_longer_than_the_sample(void **state)
{
	char *text;
	size_t len;
	uint64_t first;
	struct dialect d;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	for (int i = 0; i < 20000; i++)
		fprintf(out, "%scolumn %d", i ? ";" : "", i);
	fprintf(out, "\n1;2\n");
	fclose(out);
	assert_true(find(&d, text, len, NULL, &first));
	assert_int_equal(d.delimiter, ';');
	assert_true(d.header);
	assert_int_equal(first, 0);
	dialect_clear(&d);
	free(text);
}

static void any_bytes_have_a_dialect(void **state)
{
	static const char some[] = "a1,;\t|\"' .\n\r#-:\0\xff";
	char *bytes = mem_new(70000);
	struct rng rng;

	(void)state;
	rng_init(&rng, 5);
	for (int i = 0; i < 300; i++) {
		size_t n = i % 10 ? rng_upto(&rng, 300) : 70000;
		struct dialect d;
		uint64_t first = 0;

		for (size_t k = 0; k < n; k++)
			bytes[k] = i % 2 ? (char)rng_upto(&rng, 255)
				 : some[rng_upto(&rng, sizeof(some) - 2)];
		assert_true(find(&d, bytes, n, NULL, &first));
		assert_true(first <= n);
		dialect_clear(&d);
	}
	free(bytes);
}

static void a_nul_does_not_end_a_missing_word(void **state)
{
	struct dialect d;
	uint64_t first;

	(void)state;
	assert_true(find(&d, "a\n1\n", 4, NULL, &first));
	assert_true(dialect_missing(&d, "NA", 2, false));
	assert_false(dialect_missing(&d, "NA\0xxxxxxx", 10, true));
	assert_false(dialect_missing(&d, "NA\0", 3, true));
	dialect_clear(&d);
}

/* The sample is cut as the reader cuts, of which libcsv is the judge. */
static void assert_cut_alike(const char *bytes, size_t n,
			     const struct dialect *d)
{
	int fd = file_of(bytes, n);
	struct reader *r = reader_new(fd, d, 0, 4096, &err);
	struct sample sample = { 0 };
	struct cut cut;
	struct row row;
	size_t i = 0;

	assert_true(sample_read(&sample, fd, 0, n, &err));
	sample_cut(&sample, d->delimiter, d->quote, &cut);
	for (; i < cut.rows; i++) {
		assert_int_equal(reader_next(r, &row, &err), READ_ROW);
		assert_int_equal(row.begin, cut.row[i].begin);
		assert_int_equal(row.cells, cut.row[i].cells);
	}
	if (i < SAMPLE_ROWS)
		assert_int_equal(reader_next(r, &row, &err), READ_END);
	cut_clear(&cut);
	sample_clear(&sample);
	reader_free(r);
	close(fd);
}

static void a_sample_is_cut_as_by_the_reader(void **state)
{
	static const char some[] = "a1,,;\t\t\"\"'' \n\n\r\xff";
	char bytes[200];
	struct rng rng;

	(void)state;
	rng_init(&rng, 6);
	for (int i = 0; i < 20000; i++) {
		struct dialect d = {
			.delimiter = ",\t "[i % 3], .quote = "\"'\0"[i / 3 % 3]
		};
		size_t n = rng_upto(&rng, sizeof(bytes));

		for (size_t k = 0; k < n; k++)
			bytes[k] = some[rng_upto(&rng, sizeof(some) - 2)];
		assert_cut_alike(bytes, n, &d);
	}
}

/* What a random table is written with. */
struct pen {
	char delimiter, decimal;
	bool header, title;
	size_t columns;
	int kind[6];
};

static void take_pen(struct pen *pen, struct rng *rng)
{
	*pen = (struct pen){
		.delimiter = ",;\t| "[rng_upto(rng, 4)],
		.decimal = ".,"[rng_upto(rng, 1)],
		.header = rng_upto(rng, 1), .title = rng_upto(rng, 3) == 0,
		.columns = 3 + rng_upto(rng, 3)
	};
	for (size_t j = 0; j < pen->columns; j++)
		pen->kind[j] = j < 2 ? 0 : (int)rng_upto(rng, 3);
}

static void write_cell(const struct pen *pen, struct rng *rng, int kind,
		       FILE *out)
{
	static const char *const level[] = { "ok", "off", "\"lathe 3\"",
					     "don't" };
	const char *q = pen->decimal == pen->delimiter ? "\"" : "";

	if (kind == 0)
		fprintf(out, "%s%u%c%02u%s", q, rng_upto(rng, 900),
			pen->decimal, rng_upto(rng, 99), q);
	else if (kind == 1)
		fprintf(out, "%u", rng_upto(rng, 5000));
	else if (kind == 2)
		fputs(level[rng_upto(rng, ARRAY_LEN(level) - 1)], out);
	else
		fprintf(out, "%02u:%02u:%02u", rng_upto(rng, 23),
			rng_upto(rng, 59), rng_upto(rng, 59));
}

static void write_table(const struct pen *pen, struct rng *rng, FILE *out)
{
	size_t rows = 5 + rng_upto(rng, 30);
	const char *end = rng_upto(rng, 1) ? "\n" : "\r\n";

	if (pen->title)
		fprintf(out, "Report%s%s", end, end);
	for (size_t i = 0; i < rows + pen->header; i++)
		for (size_t j = 0; j < pen->columns; j++) {
			if (i == 0 && pen->header)
				fprintf(out, "name%zu", j);
			else
				write_cell(pen, rng, pen->kind[j], out);
			if (j + 1 == pen->columns)
				fputs(end, out);
			else if (pen->delimiter == ' ')
				fprintf(out, "%*s", 1 + (int)rng_upto(rng, 3),
					"");
			else
				putc(pen->delimiter, out);
		}
}

static void random_tables_are_found_out(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 7);
	for (int i = 0; i < 2000; i++) {
		struct pen pen;
		struct dialect d;
		uint64_t first;
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		take_pen(&pen, &rng);
		write_table(&pen, &rng, out);
		fclose(out);
		assert_true(find(&d, text, len, NULL, &first));
		if (d.delimiter != pen.delimiter || d.quote != '"' ||
		    d.decimal != pen.decimal || d.thousands ||
		    d.header != pen.header || d.skip != (pen.title ? 2 : 0))
			fail_msg("delimiter %c header %d skip %zu in:\n%s",
				 d.delimiter, d.header, d.skip, text);
		dialect_clear(&d);
		free(text);
	}
}

/*
 * From the file to the numbers
 */

/* The table in the bytes, with options as in find(). */
static struct table *read_table(const char *text, const char *options,
				struct source **source)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);
	struct option_values v;
	struct words words;
	struct table *t;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	options_init(&v, source_options);
	assert_true(words_split(&words, options, &err));
	for (size_t i = 0; i < words.n; i++)
		assert_true(options_set(&v, "open", words.word[i], &err));
	words_clear(&words);
	*source = source_open(path, &v, &err);
	options_clear(&v);
	unlink(path);
	if (!*source)
		fail_msg("%s", err.text);
	t = table_read(*source, NULL, &err);
	assert_non_null(t);
	return t;
}

static const char *word_of(char c, char room[2])
{
	room[0] = c;
	room[1] = '\0';
	return c == '\t' ? "tab" : c == '\'' ? "apostrophe"
	     : c == ' ' ? "blank" : room;
}

/* -1T234D5 and 1T234 and 12D5 with any marks T and D, between any
 * delimiters; in quotes where a mark delimits. */
static void assert_marks(char delimiter, char decimal, char thousands)
{
	const char *q = delimiter == decimal || delimiter == thousands
		      ? "\"" : "";
	char text[200], options[100], a[2], b[2];
	struct source *source;
	struct table *t;

	snprintf(text, sizeof(text), "x%cy\n%s-1%c234%c5%s%c1\n"
		 "%s1%c234%s%c2\n%s12%c5%s%c3\n1234%c4\n", delimiter,
		 q, thousands, decimal, q, delimiter, q, thousands, q,
		 delimiter, q, decimal, q, delimiter, delimiter);
	snprintf(options, sizeof(options),
		 "delimiter='%s' decimal=%c thousands=%s",
		 word_of(delimiter, a), decimal, word_of(thousands, b));
	t = read_table(text, options, &source);
	assert_int_equal(t->rows, 4);
	assert_int_equal(t->column[0].odd_cells, 0);
	assert_true(t->column[0].number[0] == -1234.5);
	assert_true(t->column[0].number[1] == 1234);
	assert_true(t->column[0].number[2] == 12.5);
	assert_true(t->column[0].number[3] == 1234);
	assert_true(t->column[1].number[3] == 4);
	table_free(t);
	source_close(source);
}

static void numbers_are_read_with_any_marks(void **state)
{
	(void)state;
	for (const char *d = ",;\t|"; *d; d++)
		for (const char *p = ".,"; *p; p++)
			for (const char *k = ".,' "; *k; k++)
				if (*p != *k)
					assert_marks(*d, *p, *k);
}

static void texts_with_thousands_can_become_numbers(void **state)
{
	struct source *source;
	struct table *t = read_table("a;b\n10.000;x\nabout 9;y\n1,5;z\n",
				     "decimal=, thousands=.", &source);
	enum column_type type[2] = { COLUMN_NUMBER, COLUMN_TEXT };
	struct table *numbers = table_retyped(t, type, &err);

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_TEXT);
	assert_true(numbers->column[0].number[0] == 10000);
	assert_string_equal(table_odd(numbers->column, 1), "about 9");
	assert_true(numbers->column[0].number[2] == 1.5);
	table_free(numbers);
	table_free(t);
	source_close(source);
}

static void rows_of_blanks_become_a_table(void **state)
{
	struct source *source;
	struct table *t = read_table("  a   b c\n 1 \t 2  'x y' \n   \n"
				     "3 4 z\n\t\n5 6 it's\n",
				     "delimiter=blanks quote=single", &source);

	(void)state;
	assert_int_equal(t->rows, 3);
	assert_int_equal(t->columns, 3);
	assert_int_equal(t->ragged, 0);
	assert_true(t->column[0].number[2] == 5);
	assert_true(t->column[1].number[1] == 4);
	assert_string_equal(t->column[2].level[t->column[2].code[0]], "x y");
	assert_string_equal(t->column[2].level[t->column[2].code[2]], "it's");
	table_free(t);
	source_close(source);
}

static void without_quotes_a_quote_is_a_letter(void **state)
{
	struct source *source;
	struct table *t = read_table("a,b\n\"x,1\n'y\",2\n\"z\",3\n",
				     "quote=none", &source);

	(void)state;
	assert_int_equal(t->rows, 3);
	assert_int_equal(t->ragged, 0);
	assert_string_equal(t->column[0].level[t->column[0].code[0]], "\"x");
	assert_string_equal(t->column[0].level[t->column[0].code[1]], "'y\"");
	assert_string_equal(t->column[0].level[t->column[0].code[2]],
			    "\"z\"");
	table_free(t);
	source_close(source);
}

static void what_is_skipped_is_in_no_row(void **state)
{
	struct source *source;
	struct table *t = read_table("Title\n\na;b\n1;2\n3;4\n", "",
				     &source);

	(void)state;
	assert_int_equal(t->rows, 2);
	assert_string_equal(t->column[0].name, "a");
	table_free(t);
	source_close(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_german_scada_export_is_read),
		cmocka_unit_test(
		    titles_filled_up_by_a_spreadsheet_are_skipped),
		cmocka_unit_test(a_historian_export_with_tabs_is_read),
		cmocka_unit_test(blanks_in_cells_with_tabs_do_not_delimit),
		cmocka_unit_test(a_log_of_an_instrument_is_cut_at_blanks),
		cmocka_unit_test(texts_are_not_cut_at_blanks),
		cmocka_unit_test(a_comma_after_a_time_may_delimit),
		cmocka_unit_test(a_file_with_bars_is_read),
		cmocka_unit_test(quoted_numbers_may_have_thousands),
		cmocka_unit_test(one_group_of_three_digits_is_no_evidence),
		cmocka_unit_test(addresses_have_no_thousands),
		cmocka_unit_test(one_column_may_have_decimal_commas),
		cmocka_unit_test(inches_and_apostrophes_are_letters),
		cmocka_unit_test(apostrophes_may_be_quotes),
		cmocka_unit_test(quotes_keep_other_delimiters),
		cmocka_unit_test(a_first_row_of_values_is_no_header),
		cmocka_unit_test(names_are_a_header),
		cmocka_unit_test(a_ragged_table_keeps_its_header),
		cmocka_unit_test(lines_before_the_table_are_skipped),
		cmocka_unit_test(lines_end_as_most_of_them_do),
		cmocka_unit_test(the_user_has_the_last_word),
		cmocka_unit_test(what_the_user_said_is_sure),
		cmocka_unit_test(what_the_user_said_may_be_wrong),
		cmocka_unit_test(many_lines_can_be_skipped),
		cmocka_unit_test(more_rows_make_surer),
		cmocka_unit_test(a_finding_says_why),
		cmocka_unit_test(small_files_are_files),
		cmocka_unit_test(a_first_row_may_be_longer_than_the_sample),
		cmocka_unit_test(any_bytes_have_a_dialect),
		cmocka_unit_test(a_nul_does_not_end_a_missing_word),
		cmocka_unit_test(a_sample_is_cut_as_by_the_reader),
		cmocka_unit_test(random_tables_are_found_out),
		cmocka_unit_test(numbers_are_read_with_any_marks),
		cmocka_unit_test(texts_with_thousands_can_become_numbers),
		cmocka_unit_test(rows_of_blanks_become_a_table),
		cmocka_unit_test(without_quotes_a_quote_is_a_letter),
		cmocka_unit_test(what_is_skipped_is_in_no_row)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
