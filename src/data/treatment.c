#include "data/treatment.h"

#include <math.h>
#include <stdlib.h>

void treatment_init(struct treatment *t)
{
	*t = (struct treatment){ .missing_as = LEVEL_MISSING };
}

void treatment_clear(struct treatment *t)
{
	free(t->level);
	free(t->number);
	free(t->code);
	treatment_init(t);
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
