#include "clean/clean.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/columns.h"

char *rule_use_name(const struct rule_use *use, char text[RULE_NAME])
{
	if (use->number > 1)
		snprintf(text, RULE_NAME, "%s.%u", use->rule->name,
			 use->number);
	else
		snprintf(text, RULE_NAME, "%s", use->rule->name);
	return text;
}

/* ---- cells ---- */

static bool use_on_cells(struct table *table, const struct rule_use *use,
			 struct effect *effect, struct job *job,
			 struct err *err)
{
	struct columns columns;
	bool ok = rule_columns(table, use->rule, &use->options, &columns, err);

	*effect = (struct effect){ .known = true };
	for (size_t i = 0; ok && i < columns.n; i++) {
		size_t cells = 0;

		ok = use->rule->cells(table, columns.column[i], &use->options,
				      &cells, err);
		effect->cells += cells;
		effect->columns += cells > 0;
		if (ok && job_cancelled(job))
			ok = err_cancelled(err);
	}
	free(columns.column);
	return ok;
}

/* What a rule that is off would change: in a copy that nobody keeps. */
static bool try_on_cells(const struct table *table, const struct rule_use *use,
			 struct effect *effect, struct job *job,
			 struct err *err)
{
	struct table *copy = table_retyped(table, NULL, err);
	bool ok = copy && use_on_cells(copy, use, effect, job, err);

	table_free(copy);
	return ok;
}

/* Of a rule that nobody has spoken of there is nothing to count. */
static bool counts(const struct rule_use *use)
{
	return use->written || use->rule->offered;
}

bool clean_cells(struct table *table, const struct rule_use *use,
		 size_t rules_n, bool costs, struct effect *effect,
		 struct job *job, struct err *err)
{
	for (size_t i = 0; i < rules_n; i++) {
		effect[i] = (struct effect){ 0 };
		if (rule_kind(use[i].rule, &use[i].options) != RULE_CELLS)
			continue;
		if (use[i].on) {
			if (!use_on_cells(table, &use[i], &effect[i], job,
					  err))
				return false;
		} else if (costs && counts(&use[i]) &&
			   !try_on_cells(table, &use[i], &effect[i], job,
					 err)) {
			return false;
		}
	}
	return true;
}

/* ---- rows ---- */

/* Take out of rows what is marked; the order stays. */
static void take_out(struct rows *rows, const bool *gone)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		rows->row[n] = rows->row[i];
		n += !gone[i];
	}
	rows->n = n;
}

static void ledger_begin(struct ledger *ledger, const struct cleaning *in)
{
	const struct classes *classes = in->classes;

	*ledger = (struct ledger){ .read = in->table->rows,
				   .rules = in->rules,
				   .classes = classes ? classes->n : 0 };
	for (size_t i = 0; i < in->rules; i++) {
		const struct rule_use *use = &in->use[i];

		ledger->of[i].rule = use->rule;
		ledger->of[i].number = use->number;
		ledger->of[i].on = use->on;
		ledger->of[i].kind = rule_kind(use->rule, &use->options);
		ledger->of[i].drops = ledger->of[i].kind == RULE_ROWS ||
				      (use->rule->drops &&
				       use->rule->drops(&use->options));
	}
	if (ledger->classes == 0)
		return;
	memcpy(ledger->target, classes->target, CLASS_NAME);
	memcpy(ledger->class_name, classes->name, sizeof(classes->name));
	for (size_t row = 0; row < ledger->read; row++)
		if (classes->of[row] != CLASS_NONE)
			ledger->class_rows[classes->of[row]]++;
}

/* What the rule noted about each row of the table, from memory or anew. */
static const uint32_t *mark_rows(const struct cleaning *in,
				 const struct rule_use *use, struct job *job,
				 struct err *err)
{
	char *options = options_format(&use->options, true);
	struct memo_key key = key_text(key_text((struct memo_key){ 0 },
					   use->rule->name), options);
	struct memo *memo = memory_find(in->memory, key);

	free(options);
	if (memo)
		return memo->mark;
	memo = mem_new(sizeof(*memo));
	memo->key = key;
	memo->bytes = sizeof(*memo) + in->table->rows * sizeof(*memo->mark);
	memo->mark = mem_try(in->table->rows + 1, sizeof(*memo->mark));
	if (!memo->mark)
		err_set(err, ERR_NOMEM, "no memory to clean %zu rows",
			in->table->rows);
	if (!memo->mark || !use->rule->mark(in->table, &use->options,
					    memo->mark, job, err)) {
		memo_free(memo);
		return NULL;
	}
	memory_take(in->memory, memo);
	return memo->mark;
}

static bool use_on_rows(const struct cleaning *in, const struct rule_use *use,
			const struct rows *kept, bool *gone,
			struct effect *effect, struct job *job,
			struct err *err)
{
	const uint32_t *mark = NULL;

	if (use->rule->rows) {
		mark = mark_rows(in, use, job, err);
		if (!mark || !use->rule->rows(mark, kept, gone, err))
			return false;
	} else if (!columns_take(in, use, kept, gone, job, err)) {
		return false;
	}
	effect_count(effect, in->classes, kept, gone);
	return !mark || !use->rule->repeats ||
	       effect_contrary(effect, in->classes, mark, kept, gone, err);
}

bool clean_rows(const struct cleaning *in, struct rows *kept,
		struct ledger *ledger, struct job *job, struct err *err)
{
	bool *gone = mem_try(in->table->rows + 1, sizeof(*gone));
	bool ok = gone && rows_all(kept, in->table->rows, err);

	if (!gone)
		err_set(err, ERR_NOMEM, "no memory to clean %zu rows",
			in->table->rows);
	ledger_begin(ledger, in);
	for (size_t i = 0; ok && i < in->rules; i++) {
		if (ledger->of[i].kind != RULE_ROWS ||
		    (!in->use[i].on && !in->costs))
			continue;
		ok = use_on_rows(in, &in->use[i], kept, gone,
				 &ledger->of[i].effect, job, err);
		if (ok && in->use[i].on)
			take_out(kept, gone);
	}
	ledger->used = kept->n;
	free(gone);
	if (!ok)
		rows_clear(kept);
	return ok;
}
