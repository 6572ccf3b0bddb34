/*
 * guard-answer.c - G02: the answer among the features
 *
 * Measured after the fact, made from the target, or the target by another name:
 * with such a feature every method is nearly always right, and of no use when
 * the answer is not known yet.  Three ways to hold it are looked for: one
 * feature that ranks the classes alone; one that goes with a number; and 0/1
 * columns each of which tells a part of a class (modes of failure beside
 * failure).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/expression.h"
#include "run/guard-check.h"

/* ---- 0/1 columns that restate the target together ---- */

/* A column is right in 95 of 100 rows, ten of them at least: a rare class
 * would be hit as often by chance once in 10^13. */
#define PRECISION 0.95
/* Together they tell half of the class; with those beside them they may be
 * wrong in one of ten rows. */
#define COVERS 0.5
#define TOGETHER 0.9
enum { ROWS_LEAST = 10, SOME_ROWS = 65536 };

struct flags {
	const struct ground *g;
	size_t n;
	size_t *column;		/* owned: those that are in */
	bool *can;		/* owned: of each column: 0/1, rather rare */
	bool *in;		/* owned: of each column */
	uint8_t *any;		/* owned: of each kept row */
	double rare;		/* the class that they tell, 0 or 1 */
	size_t ones;		/* rows of it */
};

/* 1 or 0, or -1: neither.  Of two levels the last is taken for yes. */
static int state(const struct column *c, size_t row)
{
	if (c->number)
		return c->number[row] == 1 ? 1 : c->number[row] == 0 ? 0 : -1;
	return c->code[row] == LEVEL_MISSING ? -1 : c->code[row] == 1;
}

/* Is it 0/1, and how often is it on, and right? */
static bool count_flag(const struct flags *f, const struct rows *kept,
		       const struct column *c, size_t *on, size_t *right)
{
	*on = *right = 0;
	if (c->code && c->levels != 2)
		return false;
	for (size_t i = 0; i < kept->n; i++) {
		int one = state(c, kept->row[i]);

		if (one < 0)
			return false;
		*on += one == 1;
		*right += one == 1 && ground_y(f->g, kept->row[i]) == f->rare;
	}
	return *on > 0;
}

static void flags_init(struct flags *f, const struct ground *g)
{
	const struct rows *kept = g->rows.used;
	size_t columns = g->table->columns, ones = 0;

	*f = (struct flags){ .g = g };
	f->column = mem_array(columns, sizeof(*f->column));
	f->can = mem_array(columns, sizeof(*f->can));
	f->in = mem_array(columns, sizeof(*f->in));
	for (size_t i = 0; i < kept->n; i++)
		ones += ground_y(g, kept->row[i]) > 0;
	f->rare = ones * 2 <= kept->n;
	f->ones = f->rare > 0 ? ones : kept->n - ones;
}

static void flags_clear(struct flags *f)
{
	free(f->column);
	free(f->can);
	free(f->in);
	free(f->any);
}

/* How right "any of those that are in, and one more" is; more is -1: none. */
static void measure_any(const struct flags *f, int more, double *precision,
			double *covers)
{
	const struct ground *g = f->g;
	size_t on = 0, right = 0;

	for (size_t i = 0; i < g->rows.used->n; i++) {
		size_t row = g->rows.used->row[i];

		if (!f->any[i] &&
		    (more < 0 || state(&g->table->column[more], row) != 1))
			continue;
		on++;
		right += ground_y(g, row) == f->rare;
	}
	*precision = on ? (double)right / (double)on : 0;
	*covers = f->ones ? (double)right / (double)f->ones : 0;
}

static void take_flag(struct flags *f, size_t c)
{
	const struct ground *g = f->g;

	f->in[c] = true;
	f->n++;
	for (size_t i = 0; i < g->rows.used->n; i++)
		f->any[i] |= state(&g->table->column[c],
				   g->rows.used->row[i]) == 1;
}

/* Those that stand beside one that is in belong to it, as long as all of them
 * are right together: a random failure among the modes of failure. */
static void take_neighbours(struct flags *f)
{
	size_t columns = f->g->table->columns;
	bool more;

	do {
		more = false;
		for (size_t c = 0; c < columns; c++) {
			bool beside = (c > 0 && f->in[c - 1]) ||
				      (c + 1 < columns && f->in[c + 1]);
			double precision, covers;

			if (!f->can[c] || f->in[c] || !beside)
				continue;
			measure_any(f, (int)c, &precision, &covers);
			if (precision < TOGETHER || covers < TOGETHER)
				continue;
			take_flag(f, c);
			more = true;
		}
	} while (more);
}

/* Is it a part of the answer, as far as some rows tell? */
static bool restates(const struct flags *f, const struct rows *some,
		     const struct column *c, bool *can)
{
	size_t on, right, most = f->ones * some->n / f->g->rows.used->n;

	*can = count_flag(f, some, c, &on, &right) && on <= most + ROWS_LEAST;
	return *can && on >= ROWS_LEAST &&
	       (double)right >= PRECISION * (double)on;
}

/* Those that are right by themselves go in. */
static bool take_parts(struct flags *f, const bool *alone,
		       const struct rows *some, struct err *err)
{
	const struct ground *g = f->g;

	for (size_t k = 0; k < g->features.n; k++) {
		size_t c = g->features.column[k];

		if (job_cancelled(g->job))
			return err_cancelled(err);
		if (!alone[k] && restates(f, some, &g->table->column[c],
					  &f->can[c]))
			take_flag(f, c);
	}
	return true;
}

/* The columns that restate the target in parts go into f->column. */
static bool find_flags(struct flags *f, const bool *alone, struct err *err)
{
	const struct ground *g = f->g;
	struct rows some = { 0 };
	double precision, covers;
	bool ok = ground_sample(g, SOME_ROWS, &some, err);

	f->any = mem_try(g->rows.used->n, sizeof(*f->any));
	if (ok && !f->any)
		ok = err_set(err, ERR_NOMEM, "no memory to look for flags");
	ok = ok && take_parts(f, alone, &some, err);
	rows_clear(&some);
	if (!ok || f->n == 0)
		return ok;
	measure_any(f, -1, &precision, &covers);
	f->n = 0;
	if (covers < COVERS || precision < PRECISION)
		return true;
	take_neighbours(f);
	f->n = 0;
	for (size_t c = 0; c < g->table->columns; c++)
		if (f->in[c])
			f->column[f->n++] = c;
	return true;
}

/* ---- what is said of it ---- */

/* A column of 0 and 1, or one that says a level, as a condition. */
static char *condition(const struct column *c, const char *level)
{
	char *name = expression_name(c->name), *text, *quoted;

	if (!c->code)
		return name;
	quoted = expression_quote(level);
	text = mem_printf("(%s = %s)", name, quoted);
	free(quoted);
	free(name);
	return text;
}

static char *show_others(const struct flags *f)
{
	const struct ground *g = f->g;
	const struct column *t = g->target.column;
	char *text = NULL, *part;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	part = expression_name(t->name);
	if (t->code) {
		char *quoted = expression_quote(g->target.name[f->rare > 0]);

		fprintf(out, "filter (%s = %s) != (", part, quoted);
		free(quoted);
	} else {
		fprintf(out, "filter (%s = %.17g) != (", part,
			g->target.of_value[f->rare > 0]);
	}
	free(part);
	for (size_t i = 0; i < f->n; i++) {
		const struct column *c = &g->table->column[f->column[i]];

		part = condition(c, c->code ? c->level[1] : NULL);
		fprintf(out, "%s%s", i ? " or " : "", part);
		free(part);
	}
	fputc(')', out);
	fclose(out);
	return text;
}

/* Train without these columns, and say so. */
static bool without(struct ground *g, struct warning *f, const size_t *column,
		    size_t n, struct err *err)
{
	struct settings other;
	bool ok;

	f->remedy = ground_without(g, column, n);
	f->instead = mem_strdup(n == 1 ? "without it" : "without them");
	settings_copy(&other, g->settings);
	for (size_t i = 0; i < n; i++)
		other.feature[column[i]] = false;
	ok = ground_try(g, f, &other, TRIAL_SPREAD, 0, err);
	settings_clear(&other);
	return ok;
}

static bool tell_flags(struct ground *g, const struct flags *flags,
		       struct err *err)
{
	const struct rows *kept = g->rows.used;
	char *names = ground_names(g, flags->column, flags->n);
	const char *target = g->target.column->name;
	size_t others = 0;
	struct warning *f;

	for (size_t i = 0; i < kept->n; i++)
		others += (ground_y(g, kept->row[i]) == flags->rare) !=
			  flags->any[i];
	f = ground_find(g, mem_printf("%s restate%s %s: it is '%s' where %s, "
		"%s%s%s%s rows", names, flags->n == 1 ? "s" : "",
		target, g->target.name[flags->rare > 0],
		flags->n == 1 ? "that is so" : "any of them is",
		others ? "but for " : "in all ",
		others ? counted(others).text : "", others ? " of " : "",
		counted(kept->n).text));
	f->count = others;
	f->of = kept->n;
	f->see = others ? show_others(flags) : NULL;
	free(names);
	return without(g, f, flags->column, flags->n, err);
}

static bool tell_alone(struct ground *g, const bool *alone, struct err *err)
{
	size_t *column = mem_array(g->features.n, sizeof(*column)), n = 0;
	bool ok = true;

	for (size_t k = 0; k < g->features.n; k++)
		if (alone[k])
			column[n++] = g->features.column[k];
	if (n > 0) {
		char *names = ground_names(g, column, n);
		struct warning *f = ground_find(g, mem_printf(
			"%s alone tell%s %s (%s > %g)", names,
			n == 1 ? "s" : "", g->target.column->name,
			!g->classes ? "|r|" :
			g->target.classes > 2 ? "accuracy" : "auc",
			!g->classes ? R_ALONE :
			g->target.classes > 2 ? RIGHT_ALONE : AUC_ALONE));

		free(names);
		ok = without(g, f, column, n, err);
	}
	free(column);
	return ok;
}

bool guard_answer(struct ground *g, struct err *err)
{
	bool *alone = mem_array(g->features.n, sizeof(*alone));
	bool ok = answer_alone(g, alone, err) && tell_alone(g, alone, err);
	struct flags flags = { 0 };

	if (ok && g->target.classes == 2) {
		flags_init(&flags, g);
		ok = find_flags(&flags, alone, err);
		if (ok && flags.n > 0)
			ok = tell_flags(g, &flags, err);
		flags_clear(&flags);
	}
	free(alone);
	return ok;
}
