/*
 * fuzz-expression.c - any bytes as an expression over a small table
 *
 * What is taken gives the same values whether rows come at once or one by
 * one, and none that is infinite; what is not taken says where, within the
 * text, and why, in one line.
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

static void check_values(const struct expression *e)
{
	struct expression_scratch *scratch = expression_scratch_new(e, NULL);
	double all[ROWS], one;
	size_t levels;

	demand(scratch != NULL, "there is memory");
	demand(expression_values(e, ROWS, all, NULL, NULL), "it has values");
	expression_levels(e, &levels);
	for (size_t i = 0; i < ROWS; i++) {
		expression_block(e, scratch, i, 1, &one);
		demand(memcmp(&one, all + i, sizeof(one)) == 0,
		       "a row does not depend on those beside it");
		demand(!isinf(one), "no value is infinite");
		demand(one == one || odd_text(one) == 0, "none is odd");
		demand(!expression_is_text(e) || one != one || one < levels,
		       "a text is one of its levels");
	}
	expression_scratch_free(scratch);
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
