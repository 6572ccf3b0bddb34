#include "command/carry.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* What did not fit, for one line. */
struct lost {
	char text[200];
	size_t n;
};

static void lose(struct lost *lost, const char *what, const char *name)
{
	text_append(lost->text, sizeof(lost->text), "%s%s%.60s",
		    lost->n++ ? ", " : "", what, name);
}

void carry_take(struct carried *carried, const struct session *s)
{
	settings_copy(&carried->settings, &s->settings);
	carried->names = settings_in_file(&s->settings);
	carried->name = mem_array(carried->names + 1, sizeof(*carried->name));
	for (size_t c = 0; c < carried->names; c++)
		carried->name[c] = mem_strdup(s->table->column[c].name);
}

static void carried_clear(struct carried *carried)
{
	for (size_t c = 0; c < carried->names; c++)
		free(carried->name[c]);
	free(carried->name);
	settings_clear(&carried->settings);
	*carried = (struct carried){ 0 };
}

/* ---- one column ---- */

static void give_column(struct session *s, const struct settings *old,
			size_t from, size_t to)
{
	struct settings *now = &s->settings;

	if (old->typed[from] && old->type[from] != now->type[to]) {
		now->typed[to] = true;
		now->type[to] = old->type[from];
	}
	now->role[to] = old->role[from];
	now->look.hidden[to] = old->look.hidden[from];
	now->look.width[to] = old->look.width[from];
}

/* When all types are settled: whether it is used does not go by the type it
 * had when that was another one. */
static void give_use(struct session *s, const struct settings *old,
		     size_t from, size_t to)
{
	struct settings *now = &s->settings;
	bool text = old->type[from] == COLUMN_TEXT;

	now->feature[to] = text == (now->type[to] == COLUMN_TEXT)
		? old->feature[from] : settings_by_all(now, to);
	if (old->target == (int)from) {
		now->target = (int)to;
		free(now->positive);
		now->positive = mem_strdup(old->positive);
	}
}

static bool was_chosen(const struct settings *old, size_t c)
{
	return old->target == (int)c || old->typed[c] ||
	       old->role[c] != ROLE_NONE ||
	       old->feature[c] != settings_by_all(old, c);
}

static void give_file(struct session *s, const struct carried *carried,
		      struct lost *lost)
{
	for (size_t c = 0; c < carried->names; c++) {
		int to = table_find(s->table, carried->name[c]);

		if (to >= 0)
			give_column(s, &carried->settings, c, (size_t)to);
		else if (was_chosen(&carried->settings, c))
			lose(lost, "", carried->name[c]);
	}
	for (size_t c = 0; c < carried->names; c++) {
		int to = table_find(s->table, carried->name[c]);

		if (to >= 0)
			give_use(s, &carried->settings, c, (size_t)to);
	}
}

/* ---- rules, and what is derived ---- */

/* A rule that names a column which is not there any more is switched off. */
static void check_rules(struct session *s, bool cells, struct lost *lost)
{
	for (size_t i = 0; i < s->settings.rules; i++) {
		struct rule_use *use = &s->settings.rule[i];
		struct columns columns;
		char name[RULE_NAME];
		struct err err;

		if (!use->on || cells != (rule_kind(use->rule, &use->options)
					  == RULE_CELLS))
			continue;
		if (!rule_columns(s->table, use->rule, &use->options,
				  &columns, &err)) {
			use->on = false;
			lose(lost, "rule ", rule_use_name(use, name));
		}
		free(columns.column);
	}
}

static void give_derived(struct session *s, const struct settings *old,
			 struct lost *lost)
{
	size_t n = settings_in_file(old);
	struct err err;

	for (size_t i = 0; i < old->derived_n; i++) {
		const struct derived *d = &old->derived[i];
		size_t to;

		if (table_find(s->table, d->name) >= 0) {
			lose(lost, "", d->name);
			continue;
		}
		to = settings_derive(&s->settings, d->name, d->expression);
		give_column(s, old, n + i, to);
		if (session_prepare(s, &err)) {
			give_use(s, old, n + i, to);
			continue;
		}
		settings_remove(&s->settings,
				settings_derived(&s->settings, d->name));
		lose(lost, "", d->name);
	}
}

/* ---- what is seen ---- */

static const char *old_name(const struct carried *carried, size_t c)
{
	return c < carried->names ? carried->name[c]
		: carried->settings.derived[c - carried->names].name;
}

/* Filters that make no sense any more are dropped by who shows them. */
static void give_look(struct session *s, const struct carried *carried)
{
	const struct look *old = &carried->settings.look;
	struct look *now = &s->settings.look;

	for (size_t i = 0; i < old->filters; i++)
		now->filter[now->filters++] = mem_strdup(old->filter[i]);
	for (size_t i = 0; i < old->sorts; i++) {
		int c = table_find(s->table,
				   old_name(carried, old->sort[i].column));

		if (c < 0)
			continue;
		now->sort[now->sorts] = old->sort[i];
		now->sort[now->sorts++].column = (size_t)c;
	}
}

/* The cell rules that are on work on the new table; where they cannot, none
 * of them does. */
static void give_cells(struct session *s, struct lost *lost)
{
	struct err err;

	check_rules(s, true, lost);
	if (session_prepare(s, &err))
		return;
	for (size_t i = 0; i < s->settings.rules; i++) {
		struct rule_use *use = &s->settings.rule[i];
		char name[RULE_NAME];

		if (!use->on || rule_kind(use->rule, &use->options) !=
				RULE_CELLS)
			continue;
		use->on = false;
		lose(lost, "rule ", rule_use_name(use, name));
	}
	session_prepare(s, &err);
}

void carry_give(struct session *s, struct carried *carried)
{
	bool same = carried->name;
	struct lost lost = { .n = 0 };
	struct err err;

	if (s->table && same)
		give_file(s, carried, &lost);
	if (s->table)
		give_cells(s, &lost);
	if (s->table && same) {
		give_derived(s, &carried->settings, &lost);
		check_rules(s, false, &lost);
		session_prepare(s, &err);
		give_look(s, carried);
	}
	if (lost.n > 0)
		session_say(s, "%s, this is not carried over: %s",
			    same ? "as it is read now" : "in this file",
			    lost.text);
	carried_clear(carried);
}
