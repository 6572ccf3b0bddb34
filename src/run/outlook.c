#include "run/outlook.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "eval/split.h"

/* What an outlook is made from. */
struct survey {
	const struct table *table;
	const struct settings *settings;
	struct split_rows rows;
	const struct column *target, *time, *group;	/* NULL: none */
	uint8_t *piece_of;	/* owned: of each row of the table */
	struct outlook *outlook;
};

static const struct column *column_of(const struct survey *f,
				      const char *option)
{
	const char *name = options_text(&f->settings->split, option);
	int c = name ? table_find(f->table, name) : -1;

	return c < 0 ? NULL : &f->table->column[c];
}

static const struct rows *side_of(const struct fold *fold, enum side side)
{
	const struct rows *const sides[SIDES] = {
		&fold->train, &fold->test, &fold->gap, &fold->later
	};

	return sides[side];
}

/* ---- where rows stand ---- */

/* In order of time the sides of a fold follow each other. */
static void place_in_time(struct survey *f, size_t pieces)
{
	static const enum side order[] = { SIDE_TRAIN, SIDE_GAP, SIDE_TEST,
					   SIDE_LATER };
	size_t at = 0, n = f->rows.used->n;

	for (size_t k = 0; k < ARRAY_LEN(order); k++) {
		const struct rows *rows = side_of(f->rows.fold, order[k]);

		for (size_t i = 0; i < rows->n; i++)
			f->piece_of[rows->row[i]] =
				(uint8_t)(at++ * pieces / n);
	}
}

static bool place(struct survey *f, struct err *err)
{
	const struct rows *used = f->rows.used;
	size_t pieces = used->n < OUTLOOK_PIECES ? used->n : OUTLOOK_PIECES;

	f->outlook->pieces = pieces;
	f->outlook->in_time = f->time;
	f->piece_of = mem_try(f->table->rows, sizeof(*f->piece_of));
	if (!f->piece_of)
		return err_set(err, ERR_NOMEM, "no memory to look at %zu rows",
			       used->n);
	if (f->time)
		place_in_time(f, pieces);
	for (size_t i = 0; !f->time && i < used->n; i++)
		f->piece_of[used->row[i]] = (uint8_t)(i * pieces / used->n);
	return true;
}

/* ---- a side ---- */

static double mean_of(const struct column *target, const struct rows *rows)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < rows->n; i++)
		sum_add(&sum, target->number[rows->row[i]]);
	return sum_of(&sum) / (double)rows->n;
}

static void count_classes(const struct classes *classes,
			  const struct rows *rows, struct outlook_side *side)
{
	for (size_t i = 0; i < rows->n; i++)
		if (classes->of[rows->row[i]] < CLASSES_COUNTED)
			side->class[classes->of[rows->row[i]]]++;
}

static void find_side(const struct survey *f, const struct rows *rows,
		      struct outlook_side *side)
{
	*side = (struct outlook_side){ .rows = rows->n, .mean = NAN,
				       .from = NAN, .to = NAN };
	if (f->rows.classes->n)
		count_classes(f->rows.classes, rows, side);
	else if (f->target && f->target->number)
		side->mean = mean_of(f->target, rows);
	for (size_t i = 0; f->time && i < rows->n; i++) {
		double t = f->time->number[rows->row[i]];

		side->from = fmin(side->from, t);
		side->to = fmax(side->to, t);
	}
}

static bool find_fold(const struct survey *f, const struct fold *fold,
		      struct outlook_fold *found, struct job *job,
		      struct err *err)
{
	for (int s = 0; s < SIDES; s++) {
		const struct rows *rows = side_of(fold, (enum side)s);

		if (job_cancelled(job))
			return err_cancelled(err);
		find_side(f, rows, &found->side[s]);
		for (size_t i = 0; i < rows->n; i++)
			found->piece[f->piece_of[rows->row[i]]][s]++;
	}
	return true;
}

/* ---- the whole ---- */

static bool find_groups(const struct survey *f, struct job *job,
			struct err *err)
{
	struct outlook *o = f->outlook;
	struct outlook_side *side = o->fold[0].side;

	if (!f->group)
		return true;
	o->groups = split_values(f->group, f->rows.used, job, err);
	for (int s = 0; s < SIDES && o->groups && !f->rows.plan; s++) {
		const struct rows *rows = side_of(f->rows.fold, (enum side)s);

		side[s].groups = rows->n ? split_values(f->group, rows, job,
							err) : 0;
		if (rows->n && !side[s].groups)
			return false;
	}
	return o->groups;
}

static bool find_folds(const struct survey *f, struct job *job,
		       struct err *err)
{
	struct outlook *o = f->outlook;
	bool ok = find_fold(f, f->rows.fold, &o->fold[0], job, err);

	o->shown = 1;
	o->tested = o->fold[0].side[SIDE_TEST].rows;
	if (!f->rows.plan)
		return ok && find_groups(f, job, err);
	o->folds = split_plan_folds(f->rows.plan);
	o->tested = split_plan_tested(f->rows.plan);
	for (; ok && o->shown < o->folds && o->shown < OUTLOOK_FOLDS;
	     o->shown++) {
		struct fold fold;

		if (!split_plan_fold(f->rows.plan, o->shown, &fold, job, err))
			return false;
		ok = find_fold(f, &fold, &o->fold[o->shown], job, err);
		fold_clear(&fold);
	}
	return ok && find_groups(f, job, err);
}

static void name_classes(const struct survey *f)
{
	const struct classes *classes = f->rows.classes;
	struct outlook *o = f->outlook;

	o->classes = classes->n;
	if (f->target)
		snprintf(o->target, sizeof(o->target), "%s", f->target->name);
	for (size_t k = 0; k < classes->n; k++)
		snprintf(o->class_name[k], CLASS_NAME, "%s",
			 classes->name[k]);
}

bool outlook_find(struct outlook *o, struct stages *stages,
		  const struct table *table, const struct settings *s,
		  struct job *job, struct err *err)
{
	struct survey f = { .table = table, .settings = s, .outlook = o };
	bool ok;

	*o = (struct outlook){ 0 };
	if (!work_split(stages, table, s, &f.rows, job, err))
		return false;
	o->rows = f.rows.used->n;
	f.target = s->target < 0 ? NULL : &table->column[s->target];
	f.time = column_of(&f, "time");
	f.group = column_of(&f, "group");
	name_classes(&f);
	ok = place(&f, err) && find_folds(&f, job, err);
	free(f.piece_of);
	return ok;
}
