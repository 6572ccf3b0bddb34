/*
 * test-facts.c - what is remarkable about columns
 */
#include "data/facts.h"

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

static struct err err;
static struct source *source;
static struct table *table;
static struct summary *summary;
static struct facts *facts;
static char text[FACTS_TEXT];

/* A file that is written by printing to this. */
static FILE *out;
static char *written;
static size_t length;

static void begin(const char *head)
{
	out = open_memstream(&written, &length);
	fprintf(out, "%s\n", head);
}

static void look(void)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);

	fclose(out);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, written, length), (ssize_t)length);
	close(fd);
	free(written);
	source = source_open(path, NULL, &err);
	unlink(path);
	assert_non_null(source);
	table = table_read(source, NULL, &err);
	assert_non_null(table);
	summary = summary_of(table, NULL, &err);
	assert_non_null(summary);
	facts = facts_of(table, summary, NULL, &err);
	assert_non_null(facts);
}

static void done(void)
{
	free(facts);
	free(summary);
	table_free(table);
	source_close(source);
}

static void assert_facts(size_t column, const char *expected)
{
	assert_string_equal(facts_text(table, facts, column, text), expected);
}

static void constant_columns_are_named(void **state)
{
	(void)state;
	begin("a,b,c,d,e");
	for (int i = 0; i < 30; i++)
		fprintf(out, "7,x,%s,%s,%d\n", i % 2 ? "" : "3",
			i == 7 ? "only" : "", i % 2);
	look();
	assert_facts(0, "constant");
	assert_facts(1, "constant");
	assert_facts(2, "constant");
	assert_facts(3, "");
	assert_facts(4, "");
	done();
}

static void columns_that_name_each_row_are_like_ids(void **state)
{
	(void)state;
	begin("whole,text,number,repeated,time");
	for (int i = 0; i < 20; i++)
		fprintf(out, "%d,B%d,%d.5,%d,2024-05-%02d\n", i * 7 % 20, i,
			i * 7 % 20, i * 7 % 19, i * 7 % 20 + 1);
	look();
	assert_facts(0, "id-like");
	assert_facts(1, "id-like");
	assert_facts(2, "");
	assert_facts(3, "");
	assert_facts(4, "");
	done();
	begin("whole");
	for (int i = 0; i < 19; i++)
		fprintf(out, "%d\n", i * 7 % 19);
	look();
	assert_facts(0, "");
	done();
}

static void a_trend_goes_all_the_way(void **state)
{
	(void)state;
	begin("up,never down,down,never up,nearly,time");
	for (int i = 0; i < 15; i++)
		fprintf(out, "%d.5,%d.5,%d.5,%d.5,%d.5,2024-05-%02d\n", i,
			i / 3, -i, -i / 3, i == 14 ? 0 : i, i + 1);
	look();
	assert_facts(0, "rises all the way");
	assert_facts(1, "never falls");
	assert_facts(2, "falls all the way");
	assert_facts(3, "never rises");
	assert_facts(4, "");
	assert_facts(5, "rises all the way");
	done();
	begin("short,with gaps");
	for (int i = 0; i < 9; i++)
		fprintf(out, "%d.5,%d.5\nNA,%d.25\n", i, i, i + 1);
	look();
	assert_facts(0, "");
	assert_facts(1, "rises all the way");
	done();
}

static void copies_are_found(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 1);
	begin("speed,line,copy,line 2,again,almost,other words");
	for (int i = 0; i < 1000; i++) {
		double x = rng_double(&rng);
		char line = "LMH"[rng_upto(&rng, 3)];

		fprintf(out, "%.3f,%c,%.4f,%c,%.3f,%.3f,%c\n", x, line, x,
			line, x, i == 789 ? 0.5 : x, line + 1);
	}
	look();
	assert_facts(0, "");
	assert_facts(1, "");
	assert_facts(2, "");	/* has one digit more */
	assert_facts(3, "same as line");
	assert_facts(4, "same as speed");
	assert_facts(5, "");
	assert_facts(6, "");
	done();
}

/* n random numbers, but the rows from first on say 42.1 for so long. */
static void write_stuck(size_t n, size_t first, size_t rows, int digits)
{
	struct rng rng;

	rng_init(&rng, 3);
	begin("temp");
	for (size_t i = 0; i < n; i++) {
		double x = 40 + 4 * rng_double(&rng);

		fprintf(out, "%.*f\n", digits,
			i >= first && i < first + rows ? 42.1 : x);
	}
}

static void a_stuck_instrument_is_found(void **state)
{
	static const size_t first[] = { 0, 1, 345, 1979 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		write_stuck(2000, first[i], 21, 3);
		look();
		assert_int_equal(facts->stuck.row, first[i]);
		assert_int_equal(facts->stuck.rows, 21);
		assert_true(facts->stuck.value == 42.1);
		done();
	}
	write_stuck(20000, 4344, 1200, 1);
	look();
	assert_int_equal(facts->stuck.rows / 10, 120);
	done();
	write_stuck(20000, 4344, 1200, 5);
	look();
	assert_facts(0, "stuck at 42.1 for 1,200 rows from row 4,345");
	done();
}

static void what_often_stays_the_same_is_not_stuck(void **state)
{
	(void)state;
	write_stuck(2000, 500, 19, 3);
	look();
	assert_facts(0, "");
	done();
	/* A setpoint, a machine with pauses, an alarm. */
	begin("setpoint,speed,alarm");
	for (int i = 0; i < 4000; i++)
		fprintf(out, "%d,%d.5,%d\n", i / 300 * 7 % 5,
			i % 400 < 120 ? 0 : i * 37 % 101,
			i % 1000 == 999);
	look();
	assert_facts(0, "");
	assert_facts(1, "");
	assert_facts(2, "");
	done();
}

static void codes_for_missing_are_suspected(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 5);
	begin("a,b,c,d,e,f");
	for (int i = 0; i < 1000; i++) {
		double x = 20 + rng_double(&rng);

		/* d has a single -200 beside a range that reaches near it,
		 * most of e are -200, and f is -1, 0 and 1. */
		fprintf(out, "%.3f,%.3f,%.3f,%.3f,%.3f,%d\n",
			i % 27 == 0 ? -9999 : x,
			i % 100 == 0 ? 9999 : i % 100 == 50 ? -999 : x,
			i == 500 ? 9999 : x,
			i == 500 ? -200 : (x - 20.5) * 300,
			i % 10 ? -200 : x, i % 3 - 1);
	}
	look();
	assert_facts(0, "-9999 38 times: a code for missing?");
	assert_facts(1, "-999 10 times: a code for missing?; "
		     "9999 10 times: a code for missing?");
	assert_facts(2, "9999 once: a code for missing?");
	assert_facts(3, "");
	assert_facts(4, "-200 900 times: a code for missing?");
	assert_facts(5, "");
	done();
}

static void an_order_that_was_guessed_is_told(void **state)
{
	(void)state;
	begin("a;b;c;d");
	fputs("03/04/2024;2024-04-03;1;x\n"
	      "03/04/2024;2024-04-03;2;03/04/2024\n", out);
	look();
	assert_facts(0, "constant; day or month first? read as day");
	assert_facts(1, "constant");
	assert_facts(3, "");
	done();
}

static void a_table_without_rows_has_no_facts(void **state)
{
	(void)state;
	begin("a,b");
	look();
	assert_facts(0, "");
	assert_facts(1, "");
	done();
}

static bool look_when_cancelled(struct job *job, void *arg, struct err *why)
{
	while (!job_cancelled(job))
		usleep(1000);
	*(struct facts **)arg = facts_of(table, summary, job, why);
	return *(struct facts **)arg != NULL;
}

static void a_cancelled_job_finds_nothing(void **state)
{
	struct facts *found = NULL;
	struct err why = { 0 };
	struct job *job;
	int wake[2];

	(void)state;
	begin("a");
	fputs("1\n1\n", out);
	look();
	assert_int_equal(pipe(wake), 0);
	job = job_start(look_when_cancelled, &found, 1, wake[1], &err);
	job_cancel(job);
	assert_false(job_end(job, &why));
	assert_null(found);
	assert_int_equal(why.code, ERR_CANCELLED);
	close(wake[0]);
	close(wake[1]);
	done();
}

static void write_many(void)
{
	struct rng rng;

	rng_init(&rng, 7);
	begin("a,b,c,d,time");
	for (int i = 0; i < 50000; i++) {
		double x = rng_double(&rng);

		fprintf(out, "%d,%.4f,%.4f,%.2f,2024-05-01 %02d:%02d:%02d\n",
			i, x, x, i > 300 && i < 400 ? 1 : x, i / 3600 % 24,
			i / 60 % 60, i % 60);
	}
}

static void any_number_of_threads_finds_the_same(void **state)
{
	struct facts *one;
	struct table *first;
	struct summary *sums;
	struct source *from;

	(void)state;
#ifdef _OPENMP
	omp_set_num_threads(1);
#endif
	write_many();
	look();
	one = facts;
	first = table;
	sums = summary;
	from = source;
#ifdef _OPENMP
	omp_set_num_threads(4);
#endif
	write_many();
	look();
	assert_facts(0, "id-like; rises all the way");
	assert_facts(2, "same as b");
	assert_facts(3, "stuck at 1 for 99 rows from row 302");
	assert_int_equal(table->column[4].type, COLUMN_TIME);
	assert_memory_equal(facts, one, 5 * sizeof(*one));
	assert_memory_equal(summary, sums, 5 * sizeof(*sums));
	assert_memory_equal(table->column[4].number, first->column[4].number,
			    table->rows * sizeof(double));
	done();
	free(one);
	free(sums);
	table_free(first);
	source_close(from);
}

static void kinds_are_for_people(void **state)
{
	(void)state;
	begin("a,b,c,d,e,f,g,h");
	fputs("1,1.5,Yes,\xe6\x98\xaf,N.I.O.,L,2024-05-01,x\n"
	      "2,2,NO,\xe5\x90\xa6,i.o.,M,2024-05-02,y\n"
	      "3,3,yes,\xe6\x98\xaf,i.o.,M,2024-05-02,z\n", out);
	look();
	assert_string_equal(summary_kind(table->column, summary),
			    "whole number");
	assert_string_equal(summary_kind(table->column + 1, summary + 1),
			    "number");
	assert_string_equal(summary_kind(table->column + 2, summary + 2),
			    "text");	/* three ways to write two */
	assert_string_equal(summary_kind(table->column + 3, summary + 3),
			    "yes/no");
	assert_string_equal(summary_kind(table->column + 4, summary + 4),
			    "yes/no");
	assert_string_equal(summary_kind(table->column + 5, summary + 5),
			    "category");
	assert_string_equal(summary_kind(table->column + 6, summary + 6),
			    "time");
	assert_string_equal(summary_kind(table->column + 7, summary + 7),
			    "text");
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constant_columns_are_named),
		cmocka_unit_test(columns_that_name_each_row_are_like_ids),
		cmocka_unit_test(a_trend_goes_all_the_way),
		cmocka_unit_test(copies_are_found),
		cmocka_unit_test(a_stuck_instrument_is_found),
		cmocka_unit_test(what_often_stays_the_same_is_not_stuck),
		cmocka_unit_test(codes_for_missing_are_suspected),
		cmocka_unit_test(an_order_that_was_guessed_is_told),
		cmocka_unit_test(a_table_without_rows_has_no_facts),
		cmocka_unit_test(a_cancelled_job_finds_nothing),
		cmocka_unit_test(any_number_of_threads_finds_the_same),
		cmocka_unit_test(kinds_are_for_people)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
