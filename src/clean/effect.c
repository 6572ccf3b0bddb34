/*
 * effect.c - what a rule does to the rows of each class
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/clean.h"

/* Above this, chance alone would be at work once in 700 rules; and a share
 * must be so many times the other to be worth a word. */
#define BY_CHANCE 3
#define TIMES 2

void effect_count(struct effect *effect, const struct classes *classes,
		  const struct rows *rows, const bool *of)
{
	const uint8_t *class = classes && classes->n ? classes->of : NULL;

	effect->known = true;
	effect->rows = 0;
	memset(effect->class, 0, sizeof(effect->class));
	for (size_t i = 0; i < rows->n; i++) {
		if (!of[i])
			continue;
		effect->rows++;
		if (class && class[rows->row[i]] != CLASS_NONE)
			effect->class[class[rows->row[i]]]++;
	}
}

bool effect_contrary(struct effect *effect, const struct classes *classes,
		     const uint32_t *mark, const struct rows *rows,
		     const bool *gone, struct err *err)
{
	size_t n = rows->n ? rows->row[rows->n - 1] + 1 : 0;
	uint8_t *stays;

	effect->contrary = 0;
	if (!classes || !classes->n || !effect->rows)
		return true;
	stays = mem_try(n, sizeof(*stays));
	if (!stays)
		return err_set(err, ERR_NOMEM, "no memory to compare %zu rows",
			       rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		size_t row = rows->row[i];

		if (gone[i])
			effect->contrary += classes->of[row] !=
					    stays[mark[row]];
		else
			stays[mark[row]] = classes->of[row];
	}
	free(stays);
	return true;
}

/* Rows of each class that were left when the rule's turn came, and of all. */
static double rows_before(const struct ledger *l, size_t rule,
			  double left[CLASSES_COUNTED])
{
	double all = 0;

	for (size_t k = 0; k < l->classes; k++)
		left[k] = (double)l->class_rows[k];
	for (size_t i = 0; i < l->rules; i++)
		for (size_t k = 0; k < l->classes; k++)
			if (l->of[i].on && l->of[i].drops &&
			    (l->of[i].kind < l->of[rule].kind ||
			     (l->of[i].kind == l->of[rule].kind && i < rule)))
				left[k] -= (double)l->of[i].effect.class[k];
	for (size_t k = 0; k < l->classes; k++)
		all += left[k];
	return all;
}

/* The z of two shares, a of n and b of m: how many deviations they differ. */
static double z_of(double a, double n, double b, double m)
{
	double share = (a + b) / (n + m);
	double spread = share * (1 - share) * (1 / n + 1 / m);

	return spread > 0 ? (a / n - b / m) / sqrt(spread) : 0;
}

bool effect_uneven(const struct ledger *l, size_t rule, char text[UNEVEN_TEXT])
{
	double left[CLASSES_COUNTED], all = rows_before(l, rule, left);
	const struct effect *e = &l->of[rule].effect;
	double worst = BY_CHANCE, taken = 0;
	bool found = false;

	if (e->known && e->contrary) {
		snprintf(text, UNEVEN_TEXT, "takes %zu of %zu although they "
			 "say another %s than the row that stays",
			 e->contrary, e->rows, l->target);
		return true;
	}
	for (size_t k = 0; k < l->classes; k++)
		taken += (double)e->class[k];
	for (size_t k = 0; e->known && k < l->classes; k++) {
		double mine = (double)e->class[k], n = left[k];
		double others = taken - mine, m = all - n;
		double z = n > 0 && m > 0 ? z_of(mine, n, others, m) : 0;

		if (z <= worst || mine / n < TIMES * (others / m))
			continue;
		worst = z;
		found = true;
		snprintf(text, UNEVEN_TEXT, "%s %.3g %% of %s=%s, %.3g %% of "
			 "%s", l->of[rule].drops ? "takes" : "changes",
			 100 * mine / n, l->target, l->class_name[k],
			 100 * others / m,
			 l->classes == 2 ? l->class_name[!k] : "the others");
	}
	return found;
}
