/*
 * split-time.c - time=: train on what was before, test on what came after
 *
 * Rows of one time make a unit, and with group= all rows of a group, together
 * with those of groups that begin at the same time.  Units stand in the order
 * of their first times, and a test begins and ends between two of them.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "eval/split-plan.h"

/* After so many rows the job is asked whether it goes on. */
enum { BLOCK = 1 << 18 };

/* ---- the line ---- */

static void units_of_times(struct timeline *line, size_t n)
{
	const double *time = line->by.number;

	for (size_t i = 0; i < n; i++)
		line->before[i] = i > 0 && time[i] == time[i - 1]
				  ? line->before[i - 1] : (uint32_t)i;
}

static void units_of_groups(struct timeline *line, size_t n,
			    const struct labels *l, uint32_t *before)
{
	bool *met = mem_array(l->labels, sizeof(*met));
	size_t sum = 0;
	uint32_t newest = 0;
	double began = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t g = l->of[line->by.place[i]];

		if (!met[g]) {
			if (sum == 0 || line->by.number[i] != began)
				newest = (uint32_t)sum;
			began = line->by.number[i];
			before[g] = newest;
			sum += l->count[g];
			met[g] = true;
		}
		line->before[i] = before[g];
	}
	free(met);
}

static bool find_units(struct split_plan *plan, struct job *job,
		       struct err *err)
{
	struct labels l;
	uint32_t *before;

	if (!plan->split.group) {
		units_of_times(&plan->line, plan->rows->n);
		return true;
	}
	if (!labels_init(&l, plan->split.group, plan->rows, "group=", job,
			 err))
		return false;
	before = mem_try(l.labels, sizeof(*before));
	if (before)
		units_of_groups(&plan->line, plan->rows->n, &l, before);
	else
		err_set(err, ERR_NOMEM, "no memory for %zu groups", l.labels);
	free(before);
	labels_clear(&l);
	return before;
}

/* ---- where tests begin ---- */

/* The first numbers of the units, in order; the caller frees it. */
static uint32_t *unit_starts(const struct split_plan *plan, size_t *units)
{
	const uint32_t *before = plan->line.before;
	size_t n = plan->rows->n;
	uint32_t *start = mem_try(n, sizeof(*start)), last = 0;

	*units = 0;
	for (size_t i = 0; start && i < n; i++)
		/* Units begin in order: a greater number is a new unit. */
		if (i == 0 || before[i] > last) {
			last = before[i];
			start[(*units)++] = last;
		}
	return start;
}

static bool enough_units(const struct split_plan *plan, size_t units,
			 struct err *err)
{
	const struct split *s = &plan->split;
	size_t wanted = plan->folds + 1;

	if (units >= wanted)
		return true;
	if (s->group)
		return err_set(err, ERR_DATA, "time=%.80s group=%.80s: the "
			       "groups begin at %zu different time%s, and %zu "
			       "are wanted: %s", s->time->name, s->group->name,
			       units, units == 1 ? "" : "s", wanted,
			       s->folds && units > 2 ? "fewer folds=" :
			       "leave one of the two out");
	return err_set(err, ERR_DATA, "time=%.80s has %zu different time%s, "
		       "and %zu are wanted: %s", s->time->name, units,
		       units == 1 ? "" : "s", wanted,
		       s->folds && units > 2 ? "fewer folds=" :
		       "name another column");
}

/* The unit that the row of that number is of. */
static size_t unit_at(const uint32_t *start, size_t units, size_t number)
{
	size_t low = 0, high = units;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (start[middle] <= number)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * Tests begin at the units of the rows where scikit-learn begins them, each
 * later than the one before; where units are large this moves some.
 */
static void begin_tests(struct split_plan *plan, const uint32_t *start,
			size_t units, size_t size)
{
	size_t n = plan->rows->n, k = plan->folds;
	size_t *at = mem_array(k + 1, sizeof(*at));

	at[k] = units;
	for (size_t f = k; f-- > 0; ) {
		at[f] = unit_at(start, units, n - (k - f) * size);
		if (at[f] >= at[f + 1])
			at[f] = at[f + 1] > 0 ? at[f + 1] - 1 : 0;
	}
	for (size_t f = 0; f < k; f++)
		if (at[f] < f + 1)
			at[f] = f + 1;
	for (size_t f = 0; f < k; f++)
		plan->line.start[f] = start[at[f]];
	plan->line.start[k] = n;
	free(at);
}

static bool divide(struct split_plan *plan, struct err *err)
{
	size_t n = plan->rows->n, k = plan->folds, units, size;
	uint32_t *start;
	bool ok;

	if (plan->split.folds && k + 1 > n)
		return err_set(err, ERR_DATA, "folds=%zu of %zu rows: forward "
			       "in time there are at least %zu rows", k, n,
			       k + 1);
	if (plan->split.folds)
		size = n / (k + 1);
	else if (!split_share(n, "row", plan->split.test, &size, err))
		return false;
	start = unit_starts(plan, &units);
	if (!start)
		return err_set(err, ERR_NOMEM, "no memory to split %zu rows",
			       n);
	ok = enough_units(plan, units, err);
	if (ok)
		begin_tests(plan, start, units, size);
	free(start);
	return ok;
}

bool split_by_time(struct split_plan *plan, struct job *job, struct err *err)
{
	struct timeline *line = &plan->line;
	const struct rows *rows = plan->rows;

	if (!sorted_init(&line->by, plan->split.time, rows, "time=", job, err))
		return false;
	line->before = mem_try(rows->n, sizeof(*line->before));
	line->start = mem_array(plan->folds + 1, sizeof(*line->start));
	if (!line->before)
		return err_set(err, ERR_NOMEM, "no memory to split %zu rows",
			       rows->n);
	return find_units(plan, job, err) && divide(plan, err);
}

/* ---- a fold ---- */

enum side { TRAIN, TEST, GAP, LATER, SIDES };

/* One fold's view of the line. */
struct window {
	const struct split_plan *plan;
	size_t from, to;	/* what tests has its before in [from, to) */
	double begins;		/* the first test time */
	size_t spare;		/* as many more may train, then comes gap= */
};

static enum side side_of(struct window *w, size_t i)
{
	const struct timeline *line = &w->plan->line;
	double ahead = w->begins - line->by.number[i];

	if (line->before[i] >= w->to)
		return LATER;
	if (line->before[i] >= w->from)
		return TEST;
	if (ahead <= 0 || ahead < w->plan->split.gap_seconds || !w->spare)
		return GAP;
	w->spare--;
	return TRAIN;
}

/* Count the rows of each side, and put them down where there is room. */
static bool walk(struct window w, size_t *count, struct rows **side,
		 struct job *job, struct err *err)
{
	const struct split_plan *plan = w.plan;

	for (int s = 0; s < SIDES; s++)
		count[s] = 0;
	for (size_t i = 0; i < plan->rows->n; i++) {
		enum side s = side_of(&w, i);

		if (i % BLOCK == 0 && job_cancelled(job))
			return err_cancelled(err);
		if (side)
			side[s]->row[count[s]] =
				plan->rows->row[plan->line.by.place[i]];
		count[s]++;
	}
	return true;
}

/*
 * Machines that run side by side begin at about the same time: hardly a row is
 * early enough, and a model of those few is not what anybody asked for.
 */
static bool enough_train(const struct split_plan *plan, size_t number,
			 const size_t count[SIDES], struct err *err)
{
	const struct split *s = &plan->split;
	size_t all = count[TRAIN] + count[GAP];

	if (s->group && count[TRAIN] < all / 10)
		return err_set(err, ERR_DATA, "time=%.80s group=%.80s: the "
			       "groups run side by side, only %zu of %zu rows "
			       "to train on are before the first test row: "
			       "leave one of the two out", s->time->name,
			       s->group->name, count[TRAIN], all);
	if (count[TRAIN] > s->gap_rows)
		return true;
	if (s->folds)
		return err_set(err, ERR_DATA, "gap= leaves none to train on in "
			       "fold %zu of %zu: a smaller gap=, or fewer "
			       "folds=", number + 1, plan->folds);
	return err_set(err, ERR_DATA, "gap= leaves none to train on: a smaller "
		       "gap=, or a smaller test=");
}

bool split_time_fold(const struct split_plan *plan, size_t number,
		     struct fold *fold, struct job *job, struct err *err)
{
	const struct timeline *line = &plan->line;
	struct rows *side[SIDES] = { &fold->train, &fold->test, &fold->gap,
				     &fold->later };
	struct window w = { plan, line->start[number],
			    line->start[number + 1], 0, SIZE_MAX };
	size_t count[SIDES], first = 0, gap = plan->split.gap_rows;

	while (line->before[first] < w.from)
		first++;
	w.begins = line->by.number[first];
	if (!walk(w, count, NULL, job, err))
		return false;
	if (!enough_train(plan, number, count, err))
		return false;
	w.spare = count[TRAIN] - gap;
	count[GAP] += gap;
	count[TRAIN] = w.spare;
	for (int s = 0; s < SIDES; s++)
		if (!rows_room(side[s], count[s], err))
			return false;
	return walk(w, count, side, job, err);
}
