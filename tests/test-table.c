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

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/rng.h"
#include "data/duplicates.h"
#include "data/lines.h"
#include "data/number.h"
#include "data/rows.h"

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
	assert_int_equal(t->faults.fault[0].row, 1);
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
	/* It does not make a missing cell of what begins as one. */
	t = read_bytes("a,b\n?\0y\0z,1\nx,2\n?,3\n", 20, NULL);
	assert_int_equal(t->column[0].missing, 1);
	assert_int_equal(t->column[0].levels, 2);
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
 * Times
 */

/* Seconds since 1970, from the output of GNU date -u +%s. */
enum { MAY_1_2024 = 1714521600, DAY = 86400 };

/* One column of these cells, each on its line. */
static const struct column *read_cells(const char *cells, struct table **t)
{
	char text[2000];

	snprintf(text, sizeof(text), "when;x\n%s\n", cells);
	for (char *c = strchr(text, '\n') + 1; *c; c++)
		if (*c == '|')
			memmove(c + 2, c, strlen(c) + 1), memcpy(c, ";1\n", 3);
	*t = read_text(text);
	return (*t)->column;
}

static void times_of_every_form_are_read(void **state)
{
	static const struct {
		const char *cells;
		enum when_order order;	/* YMD: it makes no difference */
		bool has_time;
		double first;
	} form[] = {
		{ "2024-05-01|2024-05-02|2024-05-31|", WHEN_YMD, false,
		  MAY_1_2024 },
		{ "2024-05-01T13:45:07Z|2024-05-01T13:46:07.5Z|", WHEN_YMD,
		  true, MAY_1_2024 + 13 * 3600 + 45 * 60 + 7 },
		{ "2024-05-01 13:45|2024-05-01 13:46|", WHEN_YMD, true,
		  MAY_1_2024 + 13 * 3600 + 45 * 60 },
		{ "01.05.2024 06:00|02.05.2024 06:00|", WHEN_DMY, true,
		  MAY_1_2024 + 6 * 3600 },
		{ "01/05/2024|13/05/2024|", WHEN_DMY, false, MAY_1_2024 },
		{ "05/01/2024|05/13/2024|", WHEN_MDY, false, MAY_1_2024 },
		{ "5/1/2024 1:45:07 PM|5/14/2024 1:45:07 AM|", WHEN_MDY, true,
		  MAY_1_2024 + 13 * 3600 + 45 * 60 + 7 },
		{ "01-MAY-24 13:45|02-JUN-24 13:45|", WHEN_YMD, true,
		  MAY_1_2024 + 13 * 3600 + 45 * 60 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(form); i++) {
		struct table *t;
		const struct column *c = read_cells(form[i].cells, &t);

		if (c->type != COLUMN_TIME)
			fail_msg("%s is no time", form[i].cells);
		if (c->number[0] != form[i].first)
			fail_msg("%s is %.3f", form[i].cells, c->number[0]);
		assert_int_equal(c->odd_cells, 0);
		assert_true(c->form.has_date);
		assert_int_equal(c->form.has_time, form[i].has_time);
		if (form[i].order != WHEN_YMD)
			assert_int_equal(c->form.order, form[i].order);
		done(t);
	}
}

static void a_time_of_day_is_a_time(void **state)
{
	struct table *t;
	const struct column *c = read_cells("06:00|14:30|22:00:30|", &t);

	(void)state;
	assert_int_equal(c->type, COLUMN_TIME);
	assert_false(c->form.has_date);
	assert_true(c->number[1] == 14.5 * 3600);
	done(t);
}

static void what_is_no_time_stays_text(void **state)
{
	struct table *t;
	const struct column *c = read_cells("2024-05-01|x|y|2024-05-02|", &t);

	(void)state;
	assert_int_equal(c->type, COLUMN_TEXT);
	assert_null(c->number);
	done(t);
	c = read_cells("1.2.3|1.2.4|1.2.5|", &t);
	assert_int_equal(c->type, COLUMN_TEXT);
	done(t);
	c = read_cells("20240501|20240502|", &t);
	assert_int_equal(c->type, COLUMN_NUMBER);
	done(t);
}

/* n days from 1 January 2024 on; those from row "from" on as format says. */
static struct table *read_days(size_t n, const char *format, size_t from,
			       const char *other)
{
	struct table *table;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("when,x\n", out);
	for (size_t i = 0; i < n; i++) {
		struct when_parts p;

		/* The first twelve days of each month. */
		assert_true(when_parts(1704067200.0 + DAY * 31.0 *
				       (double)(i / 12 % 12), &p));
		fprintf(out, i < from ? format : other, (int)(i % 12) + 1,
			p.month);
		fprintf(out, ",%zu\n", i);
	}
	fclose(out);
	table = read_text(text);
	free(text);
	return table;
}

static void a_late_day_tells_the_order_of_all(void **state)
{
	/* %1$d is the day, or the month: only "29/%2$d" tells. */
	struct table *t = read_days(60000, "%1$d/%2$d/2024", 59990,
				    "29/%2$d/2024");
	const struct column *c = t->column;

	(void)state;
	assert_int_equal(c->type, COLUMN_TIME);
	assert_int_equal(c->form.order, WHEN_DMY);
	assert_false(c->form.guessed);
	assert_int_equal(c->odd_cells, 0);
	assert_true(c->number[1] == 1704067200 + DAY);
	done(t);
	t = read_days(60000, "%1$d/%2$d/2024", 59990, "1/29/2024");
	c = t->column;
	assert_int_equal(c->type, COLUMN_TIME);
	assert_int_equal(c->form.order, WHEN_MDY);
	assert_false(c->form.guessed);
	assert_int_equal(c->odd_cells, 0);
	done(t);
}

static void where_no_date_tells_the_file_does(void **state)
{
	struct table *t = read_text("a,b\n03/04/2024,1\n03/04/2024,2\n");

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_TIME);
	assert_int_equal(t->column[0].form.order, WHEN_MDY);
	assert_true(t->column[0].form.guessed);
	done(t);
	t = read_text("a;b\n03/04/2024;1\n03/04/2024;2\n");
	assert_int_equal(t->column[0].form.order, WHEN_DMY);
	assert_true(t->column[0].form.guessed);
	done(t);
	t = read_text("a,b\n03.04.2024,1\n03.04.2024,2\n");
	assert_int_equal(t->column[0].form.order, WHEN_DMY);
	assert_false(t->column[0].form.guessed);
	done(t);
}

static struct table *read_said(const char *text, const char *option)
{
	struct option_values v;
	struct table *t;

	options_init(&v, source_options);
	assert_true(options_set(&v, "open", option, &err));
	t = read_bytes(text, strlen(text), &v);
	options_clear(&v);
	return t;
}

static void what_the_user_says_of_dates_is_done(void **state)
{
	static const char guessed[] = "a,b\n1/2/2024,1\n1/3/2024,2\n"
				      "1/4/2024,2\n";
	static const char sure[] = "a,b\n13/2/2024,1\n14/3/2024,2\n";
	struct table *t = read_said(guessed, "dates=day-first");

	(void)state;
	assert_int_equal(t->column[0].form.order, WHEN_DMY);
	assert_false(t->column[0].form.guessed);
	done(t);
	t = read_said(guessed, "dates=month-first");
	assert_int_equal(t->column[0].form.order, WHEN_MDY);
	assert_false(t->column[0].form.guessed);
	done(t);
	t = read_said(sure, "dates=month-first");
	assert_int_equal(t->column[0].type, COLUMN_TIME);
	assert_int_equal(t->column[0].form.order, WHEN_DMY);
	done(t);
}

static void an_odd_time_remembers_its_text(void **state)
{
	struct table *t = read_days(100, "2024-%2$02d-%1$02d", 98,
				    "31.02.2024");
	const struct column *c = t->column;

	(void)state;
	assert_int_equal(c->type, COLUMN_TIME);
	assert_int_equal(c->odd_cells, 2);
	assert_string_equal(table_odd(c, 98), "31.02.2024");
	assert_null(table_odd(c, 97));
	done(t);
}

static void a_historians_word_is_missing_among_times(void **state)
{
	struct table *t;
	const struct column *c = read_cells("2024-05-01|Bad|2024-05-03|?|",
					    &t);

	(void)state;
	assert_int_equal(c->type, COLUMN_TIME);
	assert_int_equal(c->missing, 2);
	assert_int_equal(c->odd_cells, 0);
	done(t);
}

static void times_may_begin_late_in_the_file(void **state)
{
	struct table *t = read_days(60000, "word", 2900,
				    "2024-%2$02d-%1$02d 10:00");
	const struct column *c = t->column;

	(void)state;
	assert_int_equal(c->type, COLUMN_TIME);
	assert_int_equal(c->odd_cells, 2900);
	assert_string_equal(table_odd(c, 2899), "word");
	assert_true(c->form.has_time);
	done(t);
	t = read_days(60000, "2024-%2$02d-%1$02d", 50000, "word");
	assert_int_equal(t->column[0].type, COLUMN_CATEGORY);
	done(t);
}

static void a_late_hour_is_shown(void **state)
{
	struct table *t = read_days(20000, "2024-%2$02d-%1$02d", 19000,
				    "2024-%2$02d-%1$02d 06:30");

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_TIME);
	assert_true(t->column[0].form.has_time);
	done(t);
}

static void times_become_texts_and_come_back(void **state)
{
	struct table *t = read_text("a,b\n1.5.2024 6:30,x\n,x\n2.5.2024,x\n"
				    "1.5.2024 6:30,x\n");
	enum column_type type[2] = { COLUMN_CATEGORY, COLUMN_CATEGORY };
	struct table *r = table_retyped(t, type, &err);
	const struct column *c = r->column;

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_TIME);
	assert_int_equal(c->levels, 2);
	assert_string_equal(level_of(c, 0), "2024-05-01 06:30:00");
	assert_string_equal(level_of(c, 2), "2024-05-02 00:00:00");
	assert_null(level_of(c, 1));
	assert_int_equal(c->code[3], 0);
	table_free(r);
	type[0] = COLUMN_NUMBER;
	r = table_retyped(t, type, &err);
	assert_ptr_equal(r->column[0].number, t->column[0].number);
	table_free(r);
	done(t);
}

static void texts_and_numbers_become_times(void **state)
{
	struct table *t = read_text("a,b,c\nx,1714521600,1714521600500\n"
				    "y,,\n1/5/2024,0,1714521600000\n"
				    "31/5/2024,60,1714521600000\n");
	enum column_type type[3] = { COLUMN_TIME, COLUMN_TIME, COLUMN_TIME };
	struct table *r = table_retyped(t, type, &err);

	(void)state;
	assert_int_equal(t->column[0].type, COLUMN_TEXT);
	assert_int_equal(r->column[0].odd_cells, 2);
	assert_string_equal(table_odd(r->column, 1), "y");
	assert_true(r->column[0].number[2] == MAY_1_2024);
	assert_true(r->column[1].number[0] == MAY_1_2024);
	assert_true(r->column[1].form.has_time);
	assert_true(r->column[2].number[0] == MAY_1_2024 + 0.5);
	assert_true(table_is_missing(r->column + 2, 1));
	assert_null(table_odd(r->column + 2, 1));
	table_free(r);
	done(t);
}

/*
 * Faults
 */

static void assert_fault(const struct table *t, size_t i, uint64_t line,
			 size_t row, enum fault_kind kind, const char *text)
{
	const struct fault *f = t->faults.fault + i;
	char said[FAULT_TEXT];
	uint64_t found;

	assert_true(i < t->faults.n);
	assert_int_equal(f->kind, kind);
	assert_int_equal(f->row, row);
	assert_string_equal(fault_text(t, f, said), text);
	assert_true(source_lines(source, &f->row, 1, &found, NULL, &err));
	assert_int_equal(found, line);
}

static void faults_are_kept_with_their_lines(void **state)
{
	static const char text[] =
		"a,b,c\n1,2,3\n\n\n4,5\r\n\"two\nlines\",6,7\n8,9,10,11\n"
		"1,\0,3\n1,2,\xe4\r1,2,3\n1,2,\"open\n1,2,3\n";
	struct option_values v;
	struct table *t;

	(void)state;
	options_init(&v, source_options);	/* or it were Latin-1 */
	assert_true(options_set(&v, "open", "encoding=utf-8", &err));
	t = read_bytes(text, sizeof(text) - 1, &v);
	options_clear(&v);
	assert_shape(t, 8, 3);
	assert_fault(t, 0, 5, 1, FAULT_RAGGED, "2 cells, not 3");
	assert_fault(t, 1, 8, 3, FAULT_RAGGED, "4 cells, not 3");
	assert_fault(t, 2, 9, 4, FAULT_NUL, "b: has a NUL in it");
	assert_fault(t, 3, 10, 5, FAULT_BYTES, "c: is not UTF-8");
	assert_fault(t, 4, 12, 7, FAULT_QUOTE, "c: a quote is not closed");
	assert_int_equal(t->faults.n, 5);
	assert_int_equal(faults_total(&t->faults), 5);
	done(t);
}

static void a_clean_file_has_no_faults(void **state)
{
	struct table *t = read_text("Länge,b\nZürich,1\n\"ö\",2\n現場,\n");

	(void)state;
	assert_int_equal(faults_total(&t->faults), 0);
	assert_int_equal(t->faults.n, 0);
	done(t);
}

static void a_long_cell_is_read_and_noted(void **state)
{
	struct table *t;
	char *text;
	size_t len, first;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fputs("a,b\n1,x\n2,", out);
	for (int i = 0; i < 300000; i++)
		fputc('y', out);
	fputs("\n3,x\n4,\"", out);
	for (int i = 0; i < 65537; i++)
		fputc('z', out);
	fputs("\"\n", out);
	fclose(out);
	t = read_bytes(text, len, NULL);
	free(text);
	assert_shape(t, 4, 2);
	assert_fault(t, 0, 3, 1, FAULT_LONG, "b: 300,000 bytes");
	assert_fault(t, 1, 5, 3, FAULT_LONG, "b: 65,537 bytes");
	assert_int_equal(t->faults.n, 2);
	assert_int_equal(strlen(level_of(t->column + 1, 1)), 300000);
	assert_int_equal(faults_of_row(&t->faults, 3, &first), 1);
	assert_int_equal(first, 1);
	assert_int_equal(faults_of_row(&t->faults, 2, &first), 0);
	done(t);
}

static void odd_cells_are_faults_of_their_rows(void **state)
{
	struct table *t = read_odd(100, 25, "I/O Error");

	(void)state;
	assert_int_equal(t->faults.count[FAULT_ODD], 4);
	assert_fault(t, 0, 26, 24, FAULT_ODD, "temp: I/O Error");
	assert_fault(t, 3, 101, 99, FAULT_ODD, "temp: I/O Error");
	done(t);
}

/* Every third row is ragged and every 30th has odd cells in two columns. */
static struct table *read_faulty(void)
{
	struct table *table;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("a,b,c\n", out);
	for (int i = 0; i < 100000; i++) {
		fprintf(out, i % 30 == 7 ? "%d,x,y" : "%d,1,2", i);
		fputs(i % 3 == 0 ? ",3\n" : "\n", out);
	}
	fclose(out);
	table = read_bytes(text, len, NULL);
	free(text);
	return table;
}

static void the_first_faults_are_kept_and_all_are_counted(void **state)
{
	struct table *t = read_faulty();
	const struct fault *last = t->faults.fault + FAULTS_KEPT - 1;

	(void)state;
	assert_int_equal(t->faults.count[FAULT_RAGGED], 33334);
	assert_int_equal(t->faults.count[FAULT_ODD], 6668);
	assert_int_equal(t->faults.n, FAULTS_KEPT);
	/* 30 rows have 12 faults: 833 times, and then the first four. */
	assert_int_equal(last->row, 833 * 30 + 7);
	for (size_t i = 1; i < t->faults.n; i++)
		assert_true(t->faults.fault[i - 1].row <=
			    t->faults.fault[i].row);
	done(t);
}

static void any_number_of_threads_finds_the_same_faults(void **state)
{
	struct table *one, *many;
	struct source *first;

	(void)state;
#ifdef _OPENMP
	omp_set_num_threads(1);
#endif
	one = read_faulty();
	first = source;
#ifdef _OPENMP
	omp_set_num_threads(4);
#endif
	many = read_faulty();
	assert_int_equal(one->faults.n, many->faults.n);
	assert_memory_equal(one->faults.count, many->faults.count,
			    sizeof(one->faults.count));
	for (size_t i = 0; i < one->faults.n; i++) {
		const struct fault *a = one->faults.fault + i;
		const struct fault *b = many->faults.fault + i;

		assert_true(a->row == b->row && a->kind == b->kind &&
			    a->column == b->column && a->size == b->size);
	}
	done(many);
	table_free(one);
	source_close(first);
}

/* Rows of one to three lines, with empty lines between them. */
static void lines_are_counted_as_an_editor_does(void **state)
{
	static const char *const end[] = { "\n", "\r\n", "\r" };
	enum { ROWS = 60000 };
	size_t *row = calloc(ROWS, sizeof(*row));
	uint64_t *line = calloc(ROWS, sizeof(*line));
	uint64_t *expected = calloc(ROWS, sizeof(*expected));

	(void)state;
	for (int e = 0; e < 3; e++) {
		struct table *t;
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);
		uint64_t at = 2;

		fprintf(out, "a,b%s", end[e]);
		for (size_t i = 0; i < ROWS; i++) {
			for (size_t k = 0; k < i % 7 / 5; k++, at++)
				fputs(end[e], out);
			expected[i] = at;
			row[i] = i;
			fprintf(out, "%zu,\"", i);
			for (size_t k = 0; k < i % 5 / 3; k++, at++)
				fprintf(out, "x%s", end[e]);
			fprintf(out, "\"%s", end[e]);
			at++;
		}
		fclose(out);
		t = read_bytes(text, len, NULL);
		free(text);
		assert_shape(t, ROWS, 2);
		assert_true(source_scan(source, NULL, &err));
		assert_true(source_lines(source, row, ROWS, line, NULL,
					 &err));
		assert_memory_equal(line, expected, ROWS * sizeof(*line));
		for (size_t i = 0; i < 3; i++)
			row[i] = ROWS - 3 + i / 2;
		assert_true(source_lines(source, row, 3, line, NULL, &err));
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(line[i], expected[row[i]]);
		done(t);
	}
	free(expected);
	free(line);
	free(row);
}

static void names_that_had_to_be_mended_are_counted(void **state)
{
	struct table *t = read_text("a,,b,a,,a\n1,2,3,4,5,6\n");
	struct header_faults f = source_header_faults(source);

	(void)state;
	assert_int_equal(f.empty, 2);
	assert_int_equal(f.repeated, 2);
	done(t);
	t = read_text("1,2\n3,4\n");
	f = source_header_faults(source);
	assert_int_equal(f.empty + f.repeated, 0);
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
		cmocka_unit_test(times_of_every_form_are_read),
		cmocka_unit_test(a_time_of_day_is_a_time),
		cmocka_unit_test(what_is_no_time_stays_text),
		cmocka_unit_test(a_late_day_tells_the_order_of_all),
		cmocka_unit_test(where_no_date_tells_the_file_does),
		cmocka_unit_test(what_the_user_says_of_dates_is_done),
		cmocka_unit_test(an_odd_time_remembers_its_text),
		cmocka_unit_test(a_historians_word_is_missing_among_times),
		cmocka_unit_test(times_may_begin_late_in_the_file),
		cmocka_unit_test(a_late_hour_is_shown),
		cmocka_unit_test(times_become_texts_and_come_back),
		cmocka_unit_test(texts_and_numbers_become_times),
		cmocka_unit_test(faults_are_kept_with_their_lines),
		cmocka_unit_test(a_clean_file_has_no_faults),
		cmocka_unit_test(a_long_cell_is_read_and_noted),
		cmocka_unit_test(odd_cells_are_faults_of_their_rows),
		cmocka_unit_test(the_first_faults_are_kept_and_all_are_counted),
		cmocka_unit_test(any_number_of_threads_finds_the_same_faults),
		cmocka_unit_test(lines_are_counted_as_an_editor_does),
		cmocka_unit_test(names_that_had_to_be_mended_are_counted),
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
