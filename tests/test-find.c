/*
 * test-find.c - a pattern in texts, and in the rows of a file
 */
#include "data/find.h"

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
#include "base/rng.h"

static struct err err;

/*
 * Texts
 */

static bool is_in(const char *pattern, const char *text)
{
	struct finder *f = finder_new(pattern, &err);
	bool found;

	if (!f)
		fail_msg("%s: %s", pattern, err.text);
	found = finder_cell(f, text, strlen(text));
	finder_free(f);
	return found;
}

static void a_text_is_found_in_a_cell(void **state)
{
	(void)state;
	assert_true(is_in("out", "I/O Timeout"));
	assert_false(is_in("outs", "I/O Timeout"));
	assert_true(is_in("^12$", "12"));
	assert_false(is_in("^12$", "12.5"));
	assert_true(is_in("^$", ""));
	assert_false(is_in("x", ""));
	assert_true(is_in("a.c", "abc"));
	assert_true(is_in("3\\.14", "3.14"));
	assert_false(is_in("3\\.14", "3514"));
	assert_true(is_in("(press|saw) [0-9]+", "the saw 12"));
	assert_true(is_in("(a)(b)(c)(d)", "abcd"));
}

static void only_a_capital_makes_case_matter(void **state)
{
	(void)state;
	assert_true(is_in("press", "PRESS"));
	assert_true(is_in("prüf", "PRÜFSTAND"));
	assert_true(is_in("日本", "日本"));
	assert_false(is_in("Press", "PRESS"));
	assert_false(is_in("Ü", "ü"));
	/* \D and \S are no capitals; \\D is one. */
	assert_true(is_in("a\\Db", "AxB"));
	assert_false(is_in("\\\\D", "\\d"));
	assert_true(is_in("\\\\d", "\\D"));
}

static void bytes_that_are_not_utf8_do_no_harm(void **state)
{
	(void)state;
	assert_true(is_in("grad", "20 \xb0 Grad"));
	assert_true(is_in("d.*", "\xff\xfe d"));
	assert_false(is_in("°", "20 \xb0"));
	assert_false(is_in("0 .g", "20 \xb0g"));
}

static void assert_wrong(const char *pattern, const char *said)
{
	assert_null(finder_new(pattern, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.text, said));
}

static void a_wrong_pattern_is_refused(void **state)
{
	(void)state;
	assert_wrong("", "nothing to find");
	assert_wrong("a(b", "byte 4");
	assert_wrong("[z-a]", "range");
	assert_wrong("*", "byte");
	assert_wrong("\xff", "byte");
}

static void no_pattern_hangs(void **state)
{
	static char text[30000];
	const char *evil[] = { "(a+)+$", "(a|aa)+$", "(a*)*[bc]" };

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '!';
	for (size_t i = 0; i < ARRAY_LEN(evil); i++) {
		struct finder *f = finder_new(evil[i], &err);
		struct matcher *m = matcher_new(f);
		size_t at, size;

		assert_false(matcher_find(m, text, sizeof(text), &at, &size));
		assert_int_equal(matcher_given_up(m), 1);
		matcher_free(m);
		finder_free(f);
	}
}

static void a_match_has_a_place(void **state)
{
	struct finder *f = finder_new("b+", &err);
	struct matcher *m = matcher_new(f);
	size_t at, size;

	(void)state;
	assert_true(matcher_find(m, "aBbba", 5, &at, &size));
	assert_int_equal(at, 1);
	assert_int_equal(size, 3);
	matcher_free(m);
	finder_free(f);
}

/*
 * Files
 */

static struct source *source_of(const char *bytes, size_t len)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);
	struct source *source;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	source = source_open(path, NULL, &err);
	unlink(path);
	if (!source)
		fail_msg("%s", err.text);
	return source;
}

static struct found *find_in(const struct source *source, const char *pattern,
			     const bool *columns)
{
	struct finder *f = finder_new(pattern, &err);
	struct found *found = found_new();

	assert_non_null(f);
	assert_true(find_rows(source, f, columns, found, NULL, &err));
	finder_free(f);
	return found;
}

/* The rows that are found, as text, and the number of cells. */
static void assert_found(const char *text, const char *pattern,
			 const bool *columns, const char *expected)
{
	struct source *source = source_of(text, strlen(text));
	struct found *found = find_in(source, pattern, columns);
	struct found_count count = found_count(found);
	char *said;
	size_t len;
	FILE *out = open_memstream(&said, &len);
	size_t row = 0;

	for (; found_after(found, row, &row); row++)
		fprintf(out, "%zu ", row);
	fprintf(out, "of %zu: %zu", count.searched, count.cells);
	fclose(out);
	assert_string_equal(said, expected);
	free(said);
	found_free(found);
	source_close(source);
}

static void rows_are_numbered_as_they_are_read(void **state)
{
	const char *text = "a,b\n\nx,1\n\r\ny,x\r\n\"x\",\"\nq\"\nx x,xx\n";

	(void)state;
	assert_found(text, "x", NULL, "0 1 2 3 of 4: 5");
	assert_found(text, "q", NULL, "2 of 4: 1");
	assert_found(text, "^x$", NULL, "0 1 2 of 4: 3");
	assert_found("a,b\n1,x\n2,y\n\n3,x", "x", NULL, "0 2 of 3: 2");
	assert_found("a,b\r1,x\r2,y\r\r3,x", "x", NULL, "0 2 of 3: 2");
	assert_found("a,b\n", "x", NULL, "of 0: 0");
	assert_found("1,2\n3,4\n", "3", NULL, "1 of 2: 1");
}

static void no_match_goes_from_cell_to_cell(void **state)
{
	(void)state;
	assert_found("a,b\n1,2\n", "1,2", NULL, "of 1: 0");
	assert_found("a,b\n1,2\n", "1.2", NULL, "of 1: 0");
	assert_found("a,b\n1,2\n\"1,2\",\"1\n2\"\n", "1,2", NULL,
		     "1 of 2: 1");
	assert_found("a,b\n1\n2,3\n", "1\\s2", NULL, "of 2: 0");
	assert_found("a,b\nxa,ab\n", "a.*b", NULL, "0 of 1: 1");
	assert_found("a,b\nxa,b\n", "a[^z]*b", NULL, "of 1: 0");
	/* A doubled quote is one. */
	assert_found("a,b\n\"say \"\"hi\"\"\",2\n", "y \"hi\"", NULL,
		     "0 of 1: 1");
}

static void only_some_columns_are_searched(void **state)
{
	const bool second[] = { false, true, false };
	const char *text = "a,b,c\nx,y,x\ny,x,y\nx,\"x\",x\nx,xx,x,x\n";

	(void)state;
	assert_found(text, "x", second, "1 2 3 of 4: 3");
	assert_found(text, "^x", second, "1 2 3 of 4: 3");
	assert_found("a,b,c\nx,y,x\ny,x,y\nx,xx,x,x\n", "x", second,
		     "1 2 of 3: 2");
	assert_found("a,b,c\nx,y,x\ny,x,y\nx,y,z,z\n", "z", NULL,
		     "2 of 3: 2");
}

static void found_rows_can_be_walked_both_ways(void **state)
{
	const char *text = "a,b\n1,x\n2,y\n3,x\n4,y\n5,x\n";
	struct source *source = source_of(text, strlen(text));
	struct found *found = find_in(source, "x", NULL);
	struct rows rows;
	size_t at = 99;

	(void)state;
	assert_true(found_after(found, 1, &at) && at == 2);
	assert_true(found_after(found, 2, &at) && at == 2);
	assert_false(found_after(found, 5, &at));
	assert_true(found_before(found, 3, &at) && at == 2);
	assert_true(found_before(found, SIZE_MAX, &at) && at == 4);
	assert_true(found_before(found, 0, &at) && at == 0);
	assert_true(found_rows(found, &rows, &err));
	assert_int_equal(rows.n, 3);
	assert_int_equal(rows.row[1], 2);
	rows_clear(&rows);
	found_free(found);
	source_close(source);
}

/*
 * The same as asking every cell
 */

struct asking {
	struct matcher *matcher;
	const bool *columns;
	size_t width;
	struct rows rows;
	size_t cells, searched;
};

static bool ask_row(void *arg, size_t row, const struct cell *cell,
		    size_t cells)
{
	struct asking *a = arg;
	size_t n = 0, at, size;

	for (size_t j = 0; j < cells; j++)
		n += (!a->columns || (j < a->width && a->columns[j])) &&
		     matcher_find(a->matcher, cell[j].text, cell[j].len, &at,
				  &size);
	if (n > 0) {
		a->rows.row = mem_grow(a->rows.row, a->rows.n,
				       sizeof(*a->rows.row));
		a->rows.row[a->rows.n++] = (uint32_t)row;
	}
	a->cells += n;
	a->searched++;
	return true;
}

static void check(const struct source *source, const char *pattern,
		  const bool *columns)
{
	struct finder *f = finder_new(pattern, &err);
	struct asking a = { .matcher = matcher_new(f), .columns = columns,
			    .width = source_columns(source) };
	struct found *found = find_in(source, pattern, columns);
	struct found_count count = found_count(found);
	struct rows rows;

	assert_true(source_walk(source, NULL, 0, SIZE_MAX, ask_row, &a, NULL,
				&err));
	assert_true(found_rows(found, &rows, &err));
	if (rows.n != a.rows.n || count.cells != a.cells ||
	    count.searched != a.searched)
		fail_msg("%s: %zu rows, %zu cells of %zu; not %zu, %zu of %zu",
			 pattern, rows.n, count.cells, count.searched,
			 a.rows.n, a.cells, a.searched);
	if (rows.n > 0)
		assert_memory_equal(rows.row, a.rows.row,
				    rows.n * sizeof(*rows.row));
	rows_clear(&rows);
	free(a.rows.row);
	matcher_free(a.matcher);
	found_free(found);
	finder_free(f);
}

static const char *const patterns[] = {
	"7", "42", "zz", "Z", "a,b", "q\"", "4.2", "1|9x", "^1", "9$", "^$",
	"[0-9]z", "1.*2", "\\d\\d\\d", "\\s", "[^0-9]", "ä", "x?", "\\b1"
};

/* Some cells of each kind; of quotes and long cells there are few. */
static void write_cell(FILE *out, struct rng *rng, double quotes)
{
	const char *words[] = { "", "zz top", "Z", "äöü", "\xb0", "1", "-" };
	double dice = rng_double(rng);

	if (dice < quotes)
		fputs(rng_upto(rng, 1) ? "\"a,b\"" : "\"q\"\" 1\n42\"", out);
	else if (dice < quotes * 1.1)
		fputs("5\"", out);
	else if (dice < 0.2)
		fputs(words[rng_upto(rng, ARRAY_LEN(words) - 1)], out);
	else
		fprintf(out, "%u", rng_next(rng) >> rng_upto(rng, 28));
}

static struct source *random_source(size_t bytes, double quotes,
				    const char *end, uint32_t seed)
{
	struct source *source;
	struct rng rng;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	rng_init(&rng, seed);
	fprintf(out, "a,b,c,d%s", end);
	while ((size_t)ftell(out) < bytes) {
		uint32_t cells = rng_upto(&rng, 200) ? 4 : rng_upto(&rng, 6);

		for (uint32_t j = 0; j < cells; j++) {
			if (j > 0)
				putc(',', out);
			write_cell(out, &rng, quotes);
		}
		fputs(end, out);
	}
	fclose(out);
	source = source_of(text, len - rng_upto(&rng, 5));
	free(text);
	return source;
}

static void any_file_is_searched_as_by_asking_each_cell(void **state)
{
	const char *const ends[] = { "\n", "\r\n", "\r" };
	const bool columns[] = { true, false, true, false };

	(void)state;
	for (uint32_t i = 0; i < 60; i++) {
		struct source *s = random_source(20 * i, i % 4 ? 0.05 : 0,
						 ends[i % 3], i);

		for (size_t k = 0; k < ARRAY_LEN(patterns); k++)
			check(s, patterns[k], i % 2 ? columns : NULL);
		source_close(s);
	}
}

/* More than is searched at a time, in pieces with quotes and without. */
static void a_large_file_is_searched_in_pieces(void **state)
{
	const double quotes[] = { 0, 1e-6, 0.01 };
	const bool columns[] = { true, false, true, false };

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct source *s = random_source(5000000, quotes[i],
						 i % 2 ? "\r\n" : "\n", i);

		check(s, "4242", NULL);
		check(s, "zz", columns);
		check(s, "4.42", NULL);
		check(s, "^1.*2$", i % 2 ? columns : NULL);
		source_close(s);
	}
}

/* A line, and a cell in quotes, that no piece and no buffer holds. */
static void a_row_may_be_longer_than_a_piece(void **state)
{
	enum { LONG = 5000000 };
	char *text = malloc(2 * LONG + 100);
	struct source *s;
	size_t n = 0;

	(void)state;
	n += (size_t)snprintf(text, 100, "a,b\nx,1\n");
	memset(text + n, 'y', LONG);
	n += LONG;
	n += (size_t)snprintf(text + n, 100, ",x\nx,2\n\"");
	memset(text + n, '\n', LONG);
	n += LONG;
	n += (size_t)snprintf(text + n, 100, "x\",3\nx,4\nz,5");
	s = source_of(text, n);
	free(text);
	check(s, "x", NULL);
	check(s, "[0-9]$", NULL);
	check(s, "y", NULL);
	source_close(s);
}

struct late {
	struct source *source;
	struct found *found;
	const char *pattern;
};

static bool find_late(struct job *job, void *arg, struct err *e)
{
	struct late *late = arg;
	struct finder *f = finder_new(late->pattern, e);
	bool searched;

	while (!job_cancelled(job))
		;
	searched = find_rows(late->source, f, NULL, late->found, job, e);
	finder_free(f);
	return searched;
}

static void a_search_can_be_cancelled(void **state)
{
	struct late late = { random_source(100000, 0.01, "\n", 5),
			     found_new(), "1" };
	struct job *job;
	int wake[2];

	(void)state;
	assert_int_equal(pipe2(wake, O_NONBLOCK), 0);
	job = job_start(find_late, &late, 1, wake[1], &err);
	assert_non_null(job);
	job_cancel(job);
	assert_false(job_end(job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	found_free(late.found);
	source_close(late.source);
	close(wake[0]);
	close(wake[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_found_in_a_cell),
		cmocka_unit_test(only_a_capital_makes_case_matter),
		cmocka_unit_test(bytes_that_are_not_utf8_do_no_harm),
		cmocka_unit_test(a_wrong_pattern_is_refused),
		cmocka_unit_test(no_pattern_hangs),
		cmocka_unit_test(a_match_has_a_place),
		cmocka_unit_test(rows_are_numbered_as_they_are_read),
		cmocka_unit_test(no_match_goes_from_cell_to_cell),
		cmocka_unit_test(only_some_columns_are_searched),
		cmocka_unit_test(found_rows_can_be_walked_both_ways),
		cmocka_unit_test(any_file_is_searched_as_by_asking_each_cell),
		cmocka_unit_test(a_large_file_is_searched_in_pieces),
		cmocka_unit_test(a_row_may_be_longer_than_a_piece),
		cmocka_unit_test(a_search_can_be_cancelled)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
