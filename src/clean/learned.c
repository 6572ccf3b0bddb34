/*
 * learned.c - what a rule has learned of a column, to be read
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "clean/clean.h"

static void add_number(struct learned *l, const char *name, double value)
{
	if (l->numbers == ARRAY_LEN(l->number))
		return;
	l->number[l->numbers].name = name;
	l->number[l->numbers++].value = value;
}

static void add_step(struct learned *l, const struct step *s)
{
	switch (s->kind) {
	case STEP_SCALE:
		add_number(l, "shift", s->a);
		add_number(l, "scale", s->b);
		break;
	case STEP_CLIP:
	case STEP_BLANK:
		add_number(l, "low", s->a);
		add_number(l, "high", s->b);
		break;
	case STEP_FILL:
		add_number(l, "fill", s->a);
		break;
	case STEP_LOG:
		add_number(l, "offset", s->a);
		break;
	}
}

/* Levels that became another. */
static void add_levels(struct learned *l, const struct column *c,
		       const struct treatment *before,
		       const struct treatment *after)
{
	for (uint32_t k = 0; k < c->levels; k++) {
		uint32_t was = before->level ? before->level[k] : k;

		if (after->level[k] == was)
			continue;
		l->level = mem_grow(l->level, l->levels, sizeof(*l->level));
		l->level[l->levels++] = mem_strdup(c->level[k]);
	}
}

void lessons_add(struct lessons *lessons, const char *rule,
		 const struct column *column, const struct treatment *before,
		 const struct treatment *after)
{
	struct learned l = { 0 };

	for (size_t i = before->steps; i < after->steps; i++)
		add_step(&l, &after->step[i]);
	if (after->level != before->level && after->level)
		add_levels(&l, column, before, after);
	if (after->missing_as != before->missing_as)
		l.text = mem_strdup(treatment_level(after, column,
						    after->missing_as));
	else if (after->number != before->number ||
		 after->code != before->code)
		l.text = mem_strdup("previous");
	else if (after->dropped)
		l.text = mem_strdup("no feature");
	if (l.numbers == 0 && l.levels == 0 && !l.text)
		return;
	snprintf(l.rule, sizeof(l.rule), "%s", rule);
	l.column = mem_strdup(column->name);
	lessons->of = mem_grow(lessons->of, lessons->n, sizeof(*lessons->of));
	lessons->of[lessons->n++] = l;
}

void lessons_clear(struct lessons *lessons)
{
	for (size_t i = 0; i < lessons->n; i++) {
		struct learned *l = &lessons->of[i];

		for (size_t k = 0; k < l->levels; k++)
			free(l->level[k]);
		free(l->level);
		free(l->column);
		free(l->text);
	}
	free(lessons->of);
	*lessons = (struct lessons){ 0 };
}
