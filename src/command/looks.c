#include "command/looks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/hunt.h"
#include "command/session.h"
#include "data/arrange.h"
#include "data/expression.h"
#include "data/number.h"

/*
 * When there are more rows than this to sort, the first of them are shown
 * before the rest is ready.
 */
enum { MANY_ROWS = 65536, FIRST_ROWS = 500 };

/* One errand: what is wanted, and what it makes of that. */
struct task {
	const struct table *table;	/* borrowed */
	struct look look;		/* owned: filters and sorts only */
	bool in_parts;			/* the first rows are worth an errand */

	struct rows rows;		/* owned: those that are left */
	bool filtered;			/* they are known, */
	bool sorted;			/* and in order */
	struct rows first;		/* owned: how their order begins */
};

/* ---- what is wanted ---- */

static void copy_rows_part(struct look *to, const struct look *from)
{
	*to = (struct look){ .filters = from->filters, .sorts = from->sorts };
	for (size_t i = 0; i < from->filters; i++)
		to->filter[i] = mem_strdup(from->filter[i]);
	for (size_t i = 0; i < from->sorts; i++)
		to->sort[i] = from->sort[i];
}

/* The filters and sorts of the settings, and the filter on trial. */
static void find_wanted(const struct session *s, struct look *wanted)
{
	const char *trial = s->looks.trial;

	copy_rows_part(wanted, &s->settings.look);
	if (trial && wanted->filters < LOOK_FILTERS)
		wanted->filter[wanted->filters++] = mem_strdup(trial);
}

static bool wants_all(const struct look *look)
{
	return look->filters == 0 && look->sorts == 0;
}

/* ---- on the other thread ---- */

static bool filter_by(const struct task *task, const char *text, bool *keep,
		      struct job *job, struct err *err)
{
	struct expression *e = expression_parse(text, task->table, NULL, err);
	size_t kept;
	bool done = e && expression_filter(e, task->table->rows, keep, &kept,
					   job, err);

	expression_free(e);
	return done;
}

/* Which rows do all filters keep?  also is room for the answer of one. */
static bool filter_all(const struct task *task, bool *keep, bool *also,
		       struct job *job, struct err *err)
{
	size_t n = task->table->rows;

	memset(keep, true, n * sizeof(*keep));
	for (size_t i = 0; i < task->look.filters; i++) {
		if (!filter_by(task, task->look.filter[i], also, job, err))
			return false;
		for (size_t row = 0; row < n; row++)
			keep[row] &= also[row];
	}
	return true;
}

static bool list_kept(struct task *task, const bool *keep, struct err *err)
{
	size_t n = task->table->rows, kept = 0;

	for (size_t row = 0; row < n; row++)
		kept += keep[row];
	if (!rows_room(&task->rows, kept, err))
		return false;
	kept = 0;
	for (size_t row = 0; row < n; row++)
		if (keep[row])
			task->rows.row[kept++] = (uint32_t)row;
	return true;
}

static bool filter(struct task *task, struct job *job, struct err *err)
{
	size_t n = task->table->rows;
	bool *keep, *also, done;

	if (task->look.filters == 0)
		return rows_all(&task->rows, n, err);
	keep = mem_try(n + 1, sizeof(*keep));
	also = mem_try(n + 1, sizeof(*also));
	if (keep && also)
		done = filter_all(task, keep, also, job, err) &&
		       list_kept(task, keep, err);
	else
		done = err_set(err, ERR_NOMEM, "no memory to filter %zu rows",
			       n);
	free(keep);
	free(also);
	return done;
}

/* The keys of the order; returns how many. */
static size_t keys_of(const struct look *look,
		      struct arrange_key key[LOOK_SORTS])
{
	for (size_t i = 0; i < look->sorts; i++)
		key[i] = (struct arrange_key){ look->sort[i].column,
					       look->sort[i].down };
	return look->sorts;
}

static bool sort_first(struct task *task, struct job *job, struct err *err)
{
	struct arrange_key key[LOOK_SORTS];
	size_t keys = keys_of(&task->look, key);

	return rows_room(&task->first, FIRST_ROWS, err) &&
	       arrange_first(task->table, key, keys, &task->rows, FIRST_ROWS,
			     task->first.row, &task->first.n, job, err);
}

static bool sort_all(struct task *task, struct job *job, struct err *err)
{
	struct arrange_key key[LOOK_SORTS];
	size_t keys = keys_of(&task->look, key);

	task->sorted = true;
	return keys == 0 ||
	       arrange_rows(task->table, key, keys, &task->rows, job, err);
}

static bool run_task(struct job *job, void *what, struct err *err)
{
	struct task *task = what;

	if (!task->filtered && !filter(task, job, err))
		return false;
	if (!task->filtered && task->in_parts && task->look.sorts > 0 &&
	    task->rows.n > MANY_ROWS) {
		task->filtered = true;
		return sort_first(task, job, err);
	}
	task->filtered = true;
	return sort_all(task, job, err);
}

/* ---- and back ---- */

static void free_task(struct task *task)
{
	look_clear(&task->look);
	rows_clear(&task->rows);
	rows_clear(&task->first);
	free(task);
}

static void take_rows(struct looks *looks, struct rows *rows, bool some)
{
	rows_clear(&looks->rows);
	rows_clear(&looks->first);
	if (rows) {
		looks->rows = *rows;
		*rows = (struct rows){ 0 };
	}
	looks->some = some;
	looks->late = false;
	looks->made++;
}

static void take_first(struct looks *looks, struct task *task)
{
	rows_clear(&looks->first);
	looks->first = task->first;
	looks->first_of = task->rows.n;
	task->first = (struct rows){ 0 };
	looks->made++;
}

static void task_done(struct session *s, void *what, const struct err *err);

static const struct errand arranging = { run_task, task_done };

/* It cannot be had: what there is stays, and is not asked for again. */
static void task_failed(struct session *s, const struct err *err)
{
	s->looks.late = false;
	s->looks.senseless = true;
	/* What is being typed is seldom right before its end. */
	if (s->looks.trial)
		return;
	session_say(s, "%s", err->text);
	s->message_is_error = true;
}

static void task_done(struct session *s, void *what, const struct err *err)
{
	struct task *task = what;

	if (err->code == ERR_NONE && !task->sorted) {
		take_first(&s->looks, task);
		errands_send(s->errands, s, ERRAND_ROWS, &arranging, task);
		return;
	}
	if (err->code == ERR_NONE)
		take_rows(&s->looks, &task->rows, true);
	else if (err->code != ERR_CANCELLED)
		task_failed(s, err);
	free_task(task);
}

/* ---- asking ---- */

static void send_task(struct session *s)
{
	struct task *task = mem_new(sizeof(*task));

	task->table = s->table;
	copy_rows_part(&task->look, &s->looks.wanted);
	task->in_parts = true;
	s->looks.late = true;
	errands_send(s->errands, s, ERRAND_ROWS, &arranging, task);
}

static void ask(struct session *s)
{
	struct looks *looks = &s->looks;

	if (!s->table || wants_all(&looks->wanted)) {
		errands_cancel(s->errands, s, ERRAND_ROWS);
		take_rows(looks, NULL, false);
	} else {
		rows_clear(&looks->first);
		send_task(s);
	}
}

void looks_changed(struct session *s)
{
	struct looks *looks = &s->looks;
	struct look wanted;
	bool same;

	hunt_again(s);
	find_wanted(s, &wanted);
	same = look_same_rows(&wanted, &looks->wanted);
	look_clear(&looks->wanted);
	looks->wanted = wanted;
	if (!same)
		ask(s);
}

/* ---- another table ---- */

static void drop_senseless(struct session *s)
{
	struct look *look = &s->settings.look;
	struct err err;

	for (size_t i = look->filters; s->table && i-- > 0;) {
		struct expression *e = expression_parse(look->filter[i],
							s->table, NULL, &err);

		if (!e) {
			session_say(s, "the filter %.80s is gone: %.160s",
				    look->filter[i], err.text);
			look_remove_filter(look, i);
		}
		expression_free(e);
	}
}

/* With other types the numbers of the rows are the same: they stay in sight
 * until there are new ones. */
void looks_forget(struct session *s)
{
	struct looks *looks = &s->looks;
	unsigned opened = source_opened(s->data.source);

	if (looks->opened != opened) {
		take_rows(looks, NULL, false);
		free(looks->trial);
		looks->trial = NULL;
	}
	looks->opened = opened;
	drop_senseless(s);
	hunt_forget(s);
	look_clear(&looks->wanted);
	find_wanted(s, &looks->wanted);
	ask(s);
}

void looks_clear(struct looks *looks)
{
	rows_clear(&looks->rows);
	rows_clear(&looks->first);
	look_clear(&looks->wanted);
	free(looks->trial);
	hunt_free(looks->hunt);
	*looks = (struct looks){ 0 };
}

/* ---- the text of a filter ---- */

/* A number, or a text in quotes; a time is a text that can be read. */
static char *value_text(const struct column *c, double number,
			const char *text)
{
	char digits[NUMBER_TEXT], time[WHEN_TEXT];

	if (!c->number)
		return expression_quote(text);
	if (c->type == COLUMN_TIME) {
		when_format(number, &c->form, time);
		return expression_quote(time);
	}
	number_format(number, digits);
	return mem_strdup(digits);
}

char *looks_equal(const struct column *c, enum value_kind kind, double number,
		  const char *text)
{
	char *name = expression_name(c->name), *value, *filter;

	if (kind == VALUE_ODD) {
		/* One cannot ask for what an odd cell says: all of them. */
		filter = mem_printf("odd(%s)", name);
	} else if (kind == VALUE_MISSING) {
		filter = mem_printf(c->odds ? "missing(%s) and not odd(%s)"
					    : "missing(%s)", name, name);
	} else {
		value = value_text(c, number, text);
		filter = mem_printf("%s = %s", name, value);
		free(value);
	}
	free(name);
	return filter;
}

char *looks_same(const struct session *s, size_t column, size_t row)
{
	const struct column *c = s->table && column < s->table->columns
		? &s->table->column[column] : NULL;

	if (!c || row >= s->table->rows)
		return NULL;
	if (table_odd(c, row))
		return looks_equal(c, VALUE_ODD, NAN, NULL);
	if (table_is_missing(c, row))
		return looks_equal(c, VALUE_MISSING, NAN, NULL);
	return c->number ? looks_equal(c, VALUE_PRESENT, c->number[row], NULL)
			 : looks_equal(c, VALUE_PRESENT, NAN,
				       c->level[c->code[row]]);
}

/* ---- a trial ---- */

void looks_tried(struct session *s)
{
	free(s->looks.trial);
	s->looks.trial = NULL;
	s->looks.senseless = false;
}

void looks_try(struct session *s, const char *expression)
{
	looks_tried(s);
	s->looks.trial = mem_strdup(expression);
	looks_changed(s);
}

const struct rows *looks_rows(const struct session *s)
{
	return s->looks.some ? &s->looks.rows : NULL;
}
