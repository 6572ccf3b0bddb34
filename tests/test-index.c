/*
 * test-index.c - where rows begin: the same as libcsv says, in any steps
 */
#include "data/index.h"

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
#include "data/reader.h"

static struct err err;

/* What the reader and the index have to agree on. */
static const struct dialect dialects[] = {
	{ .delimiter = ',', .quote = '"' },
	{ .delimiter = ',', .quote = '\'' },
	{ .delimiter = ',', .quote = 0 },
	{ .delimiter = ' ', .quote = '"' },
	{ .delimiter = ' ', .quote = '\'' },
	{ .delimiter = ' ', .quote = 0 },
	{ .delimiter = '\t', .quote = '"' },
};
static const struct dialect *dialect = dialects;

static int file_of(const char *bytes, size_t n)
{
	char path[] = "/tmp/gemba-test-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	return fd;
}

/* The bytes at which rows begin, by the reader, which asks libcsv. */
static size_t rows_by_reader(int fd, uint64_t *begin, size_t room)
{
	struct reader *r = reader_new(fd, dialect, 0, 4096, &err);
	struct row row;
	size_t n = 0;

	assert_non_null(r);
	while (reader_next(r, &row, &err) == READ_ROW) {
		if (n < room)
			begin[n] = row.begin;
		n++;
	}
	reader_free(r);
	return n;
}

/* Scan in steps of the given size; each mark must be the begin of its row. */
static void assert_index(int fd, size_t bytes, size_t step,
			 const uint64_t *begin, size_t rows)
{
	struct row_index *index = index_new(fd, dialect, 0);
	struct index_extent extent;

	for (size_t end = step; end < bytes; end += step)
		assert_true(index_scan(index, end, NULL, &err));
	assert_true(index_scan(index, bytes, NULL, &err));
	extent = index_extent(index);
	assert_int_equal(extent.rows, rows);
	assert_int_equal(extent.byte, bytes);
	for (size_t i = 0; i < rows; i += i < 600 ? 1 : 97) {
		struct index_mark mark = index_before(index, i);

		assert_true(mark.row <= i && i - mark.row <= 256);
		if (mark.row > 0)
			assert_int_equal(mark.byte, begin[mark.row]);
	}
	index_free(index);
}

enum { ROWS_ROOM = 1 << 20 };

static void assert_bytes(const char *bytes, size_t n, size_t step)
{
	uint64_t *begin = mem_array(ROWS_ROOM, sizeof(*begin));
	int fd = file_of(bytes, n);
	size_t rows = rows_by_reader(fd, begin, ROWS_ROOM);

	assert_index(fd, n, step, begin, rows);
	close(fd);
	free(begin);
}

static void assert_text(const char *text)
{
	size_t n = strlen(text);

	for (size_t k = 0; k < ARRAY_LEN(dialects); k++) {
		dialect = dialects + k;
		for (size_t step = 1; step <= n + 1; step++)
			assert_bytes(text, n, step);
	}
	dialect = dialects;
}

static void short_files_in_every_step(void **state)
{
	(void)state;
	assert_text("");
	assert_text("a");
	assert_text("\n\n\r\n");
	assert_text("a,b\n1,2\n\n3,4");
	assert_text("a\r\nb\r\n\r\nc\rd\re");
	assert_text("\"a\nb\",\"c\"\"\n\"\nd,e\n");
	assert_text("a\"b\n\"c\"d\ne\"f\n");
	assert_text("x,\"y\n\n\n");
	assert_text("\"\"\n\"\"\"\"\n,\"\n\",\n");
	assert_text(" a  b\n  \n\t\n\tc \t\n 'd\n ' e");
	assert_text("a ' \n ' '\n\"\t\n\"\t\n'x\n\xff,\xff\n\xff\n");
}

/* Pieces that make trouble, put together at random. */
static size_t random_bytes(struct rng *rng, char *to, size_t n, bool quotes)
{
	static const char *const piece[] = {
		"a", "12.5", ",", ",", ",", "\n", "\n", "\r\n", "\r", "\n\n",
		" ", "\"", "\"\"", "\",\"", "\"\n\"", "\"x\ny\"", ",\"",
		"\t", "  ", " ", "\n \n", "'", "''", " '", "'\n'", "'x\ny'",
		"\xff", "\xfe\xff",
	};
	size_t used = 0, len;

	for (;;) {
		const char *p = piece[rng_upto(rng, quotes ?
						ARRAY_LEN(piece) - 1 : 10)];

		len = strlen(p);
		if (used + len > n)
			return used;
		memcpy(to + used, p, len);
		used += len;
	}
}

static void random_bytes_agree_with_libcsv(void **state)
{
	char bytes[400];
	struct rng rng;

	(void)state;
	rng_init(&rng, 1);
	for (int i = 0; i < 7000; i++) {
		size_t n = random_bytes(&rng, bytes, sizeof(bytes), i % 3);

		dialect = dialects + (size_t)i % ARRAY_LEN(dialects);
		assert_bytes(bytes, n, 1 + rng_upto(&rng, 60));
		assert_bytes(bytes, n, sizeof(bytes));
	}
	dialect = dialects;
}

/* Several chunks, so that what is guessed at their beginning is used. */
static void large_files_agree_with_libcsv(void **state)
{
	size_t n = 5 << 20;
	char *bytes = mem_new(n);
	struct rng rng;

	(void)state;
	rng_init(&rng, 2);
	assert_bytes(bytes, random_bytes(&rng, bytes, n, false), n);
	assert_bytes(bytes, random_bytes(&rng, bytes, n, true), n);
	/* One quote that is never closed, after a million good rows. */
	memset(bytes, 'x', n);
	for (size_t i = 9; i < n; i += 10)
		bytes[i] = '\n';
	assert_bytes(bytes, n, n);
	assert_bytes(bytes, n, 3 << 19);
	bytes[n / 2] = '"';
	bytes[n / 2 - 1] = '\n';
	assert_bytes(bytes, n, n);
	free(bytes);
}

static void a_scan_ends_where_the_file_does(void **state)
{
	int fd = file_of("a,b\n1,2\n", 8);
	struct row_index *index = index_new(fd, dialects, 0);

	(void)state;
	assert_false(index_scan(index, 9, NULL, &err));
	assert_true(index_scan(index, 8, NULL, &err));
	assert_int_equal(index_extent(index).rows, 2);
	index_free(index);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_files_in_every_step),
		cmocka_unit_test(random_bytes_agree_with_libcsv),
		cmocka_unit_test(large_files_agree_with_libcsv),
		cmocka_unit_test(a_scan_ends_where_the_file_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
