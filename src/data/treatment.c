#include "data/treatment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void treatment_init(struct treatment *t)
{
	*t = (struct treatment){ .missing_as = LEVEL_MISSING };
}

void treatment_clear(struct treatment *t)
{
	free(t->level);
	free(t->number);
	free(t->code);
	free(t->blank);
	treatment_init(t);
}

/* A copy of n elements into *to; nothing of nothing. */
static bool copy(void *to, const void *from, size_t n, size_t size)
{
	void *made = from ? mem_try(n, size) : NULL;

	if (made)
		memcpy(made, from, n * size);
	memcpy(to, &made, sizeof(made));
	return made || !from;
}

bool treatment_copy(struct treatment *to, const struct treatment *from,
		    const struct column *column, size_t rows,
		    struct err *err)
{
	bool ok;

	*to = *from;
	ok = copy(&to->level, from->level, column->levels,
		  sizeof(*from->level));
	ok &= copy(&to->number, from->number, rows, sizeof(*from->number));
	ok &= copy(&to->code, from->code, rows, sizeof(*from->code));
	ok &= copy(&to->blank, from->blank, rows, sizeof(*from->blank));
	return ok || err_set(err, ERR_NOMEM, "no memory for a copy of what "
			     "was filled in");
}

bool treatment_add(struct treatment *t, enum step_kind kind, double a,
		   double b)
{
	if (t->steps == STEPS_MAX)
		return false;
	t->step[t->steps++] = (struct step){ kind, a, b };
	return true;
}

static double log_of(double x)
{
	double y = log(x);

	return isfinite(y) ? y : NAN;
}

/* Comparisons with what is missing are false: it stays missing. */
static double take_step(const struct step *s, double x)
{
	switch (s->kind) {
	case STEP_SCALE:
		return (x - s->a) / s->b;
	case STEP_CLIP:
		return x < s->a ? s->a : x > s->b ? s->b : x;
	case STEP_BLANK:
		return x < s->a || x > s->b ? NAN : x;
	case STEP_FILL:
		return isnan(x) ? s->a : x;
	case STEP_LOG:
		return log_of(x + s->a);
	}
	return x;
}

double treatment_number(const struct treatment *t, const struct column *column,
			size_t row)
{
	double x = (t->number ? t->number : column->number)[row];

	for (size_t i = 0; i < t->steps; i++)
		x = take_step(&t->step[i], x);
	return x;
}

uint32_t treatment_code(const struct treatment *t, const struct column *column,
			size_t row)
{
	uint32_t code = (t->code ? t->code : column->code)[row];

	if (code == LEVEL_MISSING)
		return t->missing_as;
	return t->level ? t->level[code] : code;
}

bool treatment_blank(const struct treatment *t, const struct column *column,
		     size_t row)
{
	double x;

	if (t->blank)
		return t->blank[row];
	if (column->code)
		return (t->code ? t->code : column->code)[row] == LEVEL_MISSING;
	x = (t->number ? t->number : column->number)[row];
	for (size_t i = 0; i < t->indicator_steps; i++)
		x = take_step(&t->step[i], x);
	return isnan(x);
}

const char *treatment_level(const struct treatment *t,
			    const struct column *column, uint32_t level)
{
	return level < column->levels ? column->level[level] : t->extra;
}

/* One step over all: a loop that the compiler can do several cells at a time
 * of. */
static void step_take(const struct step *s, double *x, size_t n)
{
	const double a = s->a, b = s->b;

	switch (s->kind) {
	case STEP_SCALE:
		#pragma omp simd
		for (size_t i = 0; i < n; i++)
			x[i] = (x[i] - a) / b;
		break;
	case STEP_CLIP:
		#pragma omp simd
		for (size_t i = 0; i < n; i++)
			x[i] = x[i] < a ? a : x[i] > b ? b : x[i];
		break;
	case STEP_BLANK:
		#pragma omp simd
		for (size_t i = 0; i < n; i++)
			x[i] = (x[i] < a) | (x[i] > b) ? NAN : x[i];
		break;
	case STEP_FILL:
		#pragma omp simd
		for (size_t i = 0; i < n; i++)
			x[i] = x[i] != x[i] ? a : x[i];
		break;
	case STEP_LOG:
		for (size_t i = 0; i < n; i++)
			x[i] = log_of(x[i] + a);
		break;
	}
}

void steps_take(const struct step *step, size_t steps, double *x, size_t n)
{
	for (size_t i = 0; i < steps; i++)
		step_take(&step[i], x, n);
}

void treatment_numbers(const struct treatment *t, size_t steps,
		       const struct column *column, const uint32_t *row,
		       size_t n, double *x)
{
	const double *cell = t && t->number ? t->number : column->number;

	for (size_t i = 0; i < n; i++)
		x[i] = cell[row[i]];
	if (t)
		steps_take(t->step, steps, x, n);
}

bool treatment_may_lack(const struct treatment *t, size_t steps,
			const struct column *column)
{
	bool lacks = column->missing + column->odd_cells > 0 ||
		     (t && t->number) || (t && t->code);

	if (column->code)
		return lacks && (!t || t->missing_as == LEVEL_MISSING);
	for (size_t i = 0; t && i < steps; i++) {
		enum step_kind kind = t->step[i].kind;

		if (kind == STEP_FILL)
			lacks = false;
		else
			lacks |= kind == STEP_BLANK || kind == STEP_LOG;
	}
	return lacks;
}
