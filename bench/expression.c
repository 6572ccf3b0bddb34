/*
 * expression.c - times the expressions given, over columns in memory
 *
 *	bench/expression ROWS ROUNDS EXPRESSION...
 *
 * The columns are a and b (numbers), m (a category of eight machines) and t (a
 * time each second).  Prints for each expression the best time of the rounds
 * in seconds, and the sum of its values.  bench/expression.py asks it.
 */
#include "data/expression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

enum { MACHINES = 8, COLUMNS = 4 };

static const char *machine[MACHINES] = {
	"M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8"
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The same numbers as expression.py makes, up to their last digits. */
static void fill(struct column *c, size_t rows)
{
	for (size_t i = 0; i < rows; i++) {
		c[0].number[i] = 1.5 + sin((double)(i % 100003));
		c[1].number[i] = 1.5 + cos((double)(i % 99991));
		c[2].code[i] = (uint32_t)(i * 7919 % 10007 % MACHINES);
		c[3].number[i] = 1.7e9 + (double)i;
	}
}

static bool make_table(struct table *t, struct column *c, size_t rows)
{
	static const char *const name[COLUMNS] = { "a", "b", "m", "t" };

	*t = (struct table){ .rows = rows, .columns = COLUMNS, .column = c };
	for (size_t k = 0; k < COLUMNS; k++) {
		c[k] = (struct column){ .name = name[k] };
		if (k != 2)
			c[k].number = mem_try(rows, sizeof(double));
		else
			c[k].code = mem_try(rows, sizeof(uint32_t));
		if (!c[k].number && !c[k].code)
			return false;
	}
	c[2].type = COLUMN_CATEGORY;
	c[2].level = machine;
	c[2].levels = MACHINES;
	c[3].type = COLUMN_TIME;
	c[3].form.has_date = c[3].form.has_time = true;
	fill(c, rows);
	return true;
}

static bool time_one(const char *text, const struct table *t, double *out,
		     int rounds, struct err *err)
{
	struct expression *e = expression_parse(text, t, NULL, err);
	double best = INFINITY, sum = 0;
	bool good = e != NULL;

	for (int i = 0; i < rounds && good; i++) {
		double start = seconds(), took;

		good = expression_values(e, t->rows, out, NULL, err);
		took = seconds() - start;
		best = took < best ? took : best;
	}
	expression_free(e);
	for (size_t i = 0; i < t->rows && good; i++)
		sum += out[i] == out[i] ? out[i] : 0;
	if (good)
		printf("%.9f %.12g %s\n", best, sum, text);
	return good;
}

int main(int argc, char **argv)
{
	size_t rows = argc > 3 ? (size_t)atol(argv[1]) : 0;
	double *out = mem_try(rows, sizeof(*out));
	struct column column[COLUMNS];
	struct err err = { 0 };
	struct table table;

	if (argc < 4) {
		fprintf(stderr, "expression ROWS ROUNDS EXPRESSION...\n");
		return 1;
	}
	if (!out || !make_table(&table, column, rows)) {
		fprintf(stderr, "no memory\n");
		return 1;
	}
	for (int i = 3; i < argc; i++)
		if (!time_one(argv[i], &table, out, atol(argv[2]) > 0 ?
			      (int)atol(argv[2]) : 1, &err)) {
			fprintf(stderr, "%s: %s\n", argv[i], err.text);
			return 1;
		}
	return 0;
}
