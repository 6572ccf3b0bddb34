/*
 * tables.h - for tests: small tables in memory, and training on them
 */
#ifndef GEMBA_TEST_TABLES_H
#define GEMBA_TEST_TABLES_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "learn/method.h"

/* Columns and tables around arrays that the caller keeps. */
static inline struct column numbers(const char *name, double *number)
{
	return (struct column){ .name = name, .type = COLUMN_NUMBER,
				.number = number };
}

static inline struct column levels(const char *name, uint32_t *code,
				   const char **level, size_t n)
{
	return (struct column){ .name = name, .type = COLUMN_CATEGORY,
				.code = code, .level = level, .levels = n };
}

static inline struct table table_of(struct column *column, size_t columns,
				    size_t rows)
{
	return (struct table){ .rows = rows, .columns = columns,
			       .column = column };
}

/* A problem with all the rows of a table, and all its columns. */
struct fixture {
	struct table table;
	struct rows all;
	struct problem problem;
	struct model model;
	struct err err;
};

static inline void fixture_clear(struct fixture *f)
{
	design_free((struct design *)f->problem.design);
	rows_clear(&f->all);
	model_clear(&f->model);
}

static inline void fixture_init(struct fixture *f, struct column *column,
				size_t columns, size_t rows, const uint32_t *y,
				const struct transform *transform)
{
	size_t *number = calloc(columns, sizeof(*number));

	*f = (struct fixture){ .table = table_of(column, columns, rows) };
	for (size_t i = 0; i < columns; i++)
		number[i] = i;
	assert_true(rows_all(&f->all, rows, &f->err));
	f->problem.design = design_new(&f->table, number, columns, transform,
				       &f->all, NULL, &f->err);
	free(number);
	if (!f->problem.design)
		fail_msg("%s", f->err.text);
	f->problem.train = &f->all;
	f->problem.y = y;
	f->problem.classes = 2;
	f->problem.seed = 42;
	model_init(&f->model, f->problem.task, f->problem.design->p);
}

/*
 * Train to the end with options as one would type them, blanks between them.
 * What comes back is the last status; the model is in the fixture.
 */
static inline enum method_status fit(struct fixture *f, const char *name,
				     const char *words)
{
	const struct method *method = method_find(name);
	enum method_status status = METHOD_FAILED;
	struct option_values options;
	char *copy = strdup(words), *rest = copy, *word;
	void *state;

	options_init(&options, method->options);
	while ((word = strtok_r(rest, " ", &rest)))
		if (!options_set(&options, name, word, &f->err))
			fail_msg("%s", f->err.text);
	free(copy);
	model_clear(&f->model);
	model_init(&f->model, f->problem.task, f->problem.design->p);
	state = method->start(&f->problem, &options, &f->err);
	if (state) {
		while ((status = method->step(state, NULL, &f->err)) ==
		       METHOD_MORE)
			method->look(state, &f->model);
		method->look(state, &f->model);
		method->end(state);
	}
	options_clear(&options);
	return status;
}

/* |a - b| at most tolerance times |b|, or times 1 for a small b. */
static inline void near(double a, double b, double tolerance)
{
	double size = fabs(b) > 1e-3 ? fabs(b) : 1e-3;

	if (!(fabs(a - b) <= tolerance * size))
		fail_msg("%.15g is not %.15g (within %g)", a, b, tolerance);
}

/* Roughly normal, with mean 0 and deviation 1. */
static inline double noise(struct rng *rng)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += rng_double(rng);
	return sum;
}

#endif
