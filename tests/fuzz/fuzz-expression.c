/*
 * fuzz-expression.c - any bytes as an expression over a small table
 *
 * What is taken gives the same values whatever rows come behind, and none that
 * is infinite, and makes a sound column; what is not taken says where, within
 * the text, and why, in one line.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/expression.h"
#include "data/odd.h"

enum { ROWS = 6 };

static double torque[ROWS] = { 10, 50.5, -3, 0, 1e300, NAN };
static double temp[ROWS] = { 1, 4, NAN, 16, -0.0, NAN };
static double when[ROWS] = { 1.7e9, 1.7e9 + 60.5, NAN, 0, -1, 1e300 };
static double clock_time[ROWS] = { 0, 86399.999, 3600, NAN, 86400, -5 };
static uint32_t line[ROWS] = { 0, 1, 2, 1, 0, LEVEL_MISSING };
static uint32_t failure[ROWS] = { 0, 1, 0, 2, 1, LEVEL_MISSING };
static uint32_t empty[ROWS] = {
	LEVEL_MISSING, LEVEL_MISSING, LEVEL_MISSING, LEVEL_MISSING,
	LEVEL_MISSING, LEVEL_MISSING
};
static const char *line_levels[] = { "H", "L", "M\xc3\xa4\xff" };
static const char *failure_levels[] = { "0", "1", "10" };
static const char *temp_odd[] = { "I/O Timeout" };

static struct column column[] = {
	{ .name = "t", .number = torque },
	{ .name = "temp [K]", .number = temp, .odd = temp_odd, .odds = 1 },
	{ .name = "line", .type = COLUMN_CATEGORY, .code = line,
	  .level = line_levels, .levels = 3 },
	{ .name = "f", .type = COLUMN_CATEGORY, .code = failure,
	  .level = failure_levels, .levels = 3 },
	{ .name = "e", .type = COLUMN_TEXT, .code = empty },
	{ .name = "w", .type = COLUMN_TIME, .number = when,
	  .form = { .has_date = true, .has_time = true } },
	{ .name = "c", .type = COLUMN_TIME, .number = clock_time,
	  .form = { .has_time = true } },
};

/* Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "# not so: %s\n", what);
	abort();
}

static void check_error(const char *text, size_t fault, const struct err *err)
{
	demand(fault <= strlen(text), "the fault is in the text");
	demand(err->code == ERR_USAGE, "it is the text's fault");
	demand(*err->text && !strchr(err->text, '\n'),
	       "an error says why, in one line");
}

static void check_column(const struct expression *e, const double *all)
{
	struct arena *arena = arena_new();
	struct column c;
	size_t missing = 0;

	demand(expression_column(e, ROWS, "new", arena, &c, NULL, NULL),
	       "it is a column");
	for (size_t i = 0; i < ROWS; i++) {
		missing += all[i] != all[i];
		demand(table_is_missing(&c, i) == (all[i] != all[i]),
		       "what is missing is so in a column");
		demand(!c.code || table_is_missing(&c, i) ||
		       c.code[i] < c.levels, "a text is one of its levels");
	}
	demand(c.missing == missing, "a column knows how many are missing");
	for (size_t i = 1; i < c.levels; i++)
		demand(strcmp(c.level[i], c.level[i - 1]) != 0,
		       "no level is there twice");
	free(c.number);
	free(c.code);
	free(c.level);
	arena_free(arena);
}

/* Whatever looks back looks at no row behind. */
static void check_values(const struct expression *e)
{
	double all[ROWS], some[ROWS];
	size_t levels;

	demand(expression_values(e, ROWS, all, NULL, NULL), "it has values");
	expression_levels(e, &levels);
	for (size_t n = 0; n < ROWS; n++) {
		demand(expression_values(e, n, some, NULL, NULL),
		       "it has fewer values");
		demand(memcmp(some, all, n * sizeof(*all)) == 0,
		       "a row does not depend on those behind it");
	}
	for (size_t i = 0; i < ROWS; i++) {
		demand(!isinf(all[i]), "no value is infinite");
		demand(all[i] == all[i] || odd_text(all[i]) == 0,
		       "none is odd");
		demand(!expression_is_text(e) || all[i] != all[i] ||
		       all[i] < levels, "a text is one of its levels");
	}
	check_column(e, all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct table table = {
		.rows = ROWS, .columns = ARRAY_LEN(column), .column = column
	};
	char *text = mem_strndup((const char *)data, size);
	struct err err = { 0 };
	struct expression *e;
	size_t fault = SIZE_MAX, start;

	temp[2] = odd_make(0);
	e = expression_parse(text, &table, &fault, &err);
	if (e)
		check_values(e);
	else
		check_error(text, fault, &err);
	if (expression_name_at(text, strlen(text) / 2, &start))
		demand(start < strlen(text) / 2 + 1, "a name begins before");
	expression_free(e);
	free(text);
	return 0;
}
