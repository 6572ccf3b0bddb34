/*
 * fuzz-when.c - any bytes as a column of times
 *
 * clang -g -O1 -std=c11 -D_GNU_SOURCE -Isrc \
 *	-fsanitize=fuzzer,address,undefined tests/fuzz/fuzz-when.c \
 *	src/data/when.c src/data/when-scan.c src/data/calendar.c \
 *	src/data/number.c src/base/mem.c src/base/err.c -lm -o fuzz-when
 */
#include "data/when.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fact)
{
	if (!fact)
		abort();
}

/* A copy of its very size shows a byte read behind the end; with a blank in
 * front, the cell is read the long way. */
static char *cell_copy(const char *text, size_t len, size_t blanks)
{
	char *copy = malloc(len + blanks + (len + blanks == 0));

	must(copy);
	memset(copy, ' ', blanks);
	if (len > 0)
		memcpy(copy + blanks, text, len);
	return copy;
}

/* Small numbers have more digits than are written. */
static void reads_back(double x, const struct when_form *form)
{
	char text[WHEN_TEXT];
	size_t len = when_format(x, form, text);
	double y = NAN;

	must(len == strlen(text) && len < WHEN_TEXT);
	must(when_parse(text, len, form, &y));
	must(x == y || (fabs(x) < 1 << 23 && fabs(x - y) <= 1e-9));
}

static void try_cell(const char *text, size_t len)
{
	char *exact = cell_copy(text, len, 0);
	char *blank = cell_copy(text, len, 1);
	unsigned found = when_orders(exact, len);

	must(found == when_orders(blank, len + 1));
	for (unsigned i = 0; i < 2 * WHEN_ORDERS; i++) {
		struct when_form form = { i / 2, i % 2 == 1, true, false };
		bool has_date = found & WHEN_HAS_DATE;
		bool read = (found & 1u << form.order) != 0 &&
			    has_date == form.has_date;
		double x = NAN, y = NAN;

		must(when_parse(exact, len, &form, &x) == read);
		must(when_parse(blank, len + 1, &form, &y) == read);
		must(x == y || !read);
		if (read)
			reads_back(x, &form);
	}
	free(exact);
	free(blank);
}

static void try_number(const uint8_t *data)
{
	struct when_parts parts;
	struct when_form form = { .has_date = data[0] & 1,
				  .has_time = data[0] & 2 };
	char text[WHEN_TEXT];
	double x;

	memcpy(&x, data, sizeof(x));
	must(when_format(x, &form, text) == strlen(text));
	if (when_parts(x, &parts))
		must(parts.month >= 1 && parts.month <= 12 &&
		     parts.day >= 1 && parts.day <= 31 &&
		     parts.weekday >= 1 && parts.weekday <= 7 &&
		     parts.yearday >= 1 && parts.yearday <= 366 &&
		     parts.second >= 0 && parts.second <= 60);
}

/* Each line is a cell. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;
	struct when_tally tally = { 0 };
	struct when_form form;

	if (size >= sizeof(double))
		try_number(data);
	while (text < end) {
		const char *line = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((line ? line : end) - text);

		try_cell(text, len);
		when_tally_add(&tally, text, len);
		text += len + 1;
	}
	must(when_decide(&tally, &form) <= tally.cells);
	return 0;
}
