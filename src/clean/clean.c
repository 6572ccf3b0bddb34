#include "clean/clean.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/order.h"

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

	for (size_t i = 0; i < rows->n; i++)
		if (!gone[i])
			rows->row[n++] = rows->row[i];
	rows->n = n;
}

static void count_class(const struct classes *classes, size_t row,
			size_t count[CLASSES_COUNTED])
{
	uint8_t k = classes && classes->n ? classes->of[row] : CLASS_NONE;

	if (k != CLASS_NONE)
		count[k]++;
}

/* The rows that are marked, all and by class. */
static void count_rows(const struct rows *rows, const bool *marked,
		       const struct classes *classes, struct effect *effect)
{
	effect->known = true;
	effect->rows = 0;
	memset(effect->class, 0, sizeof(effect->class));
	for (size_t i = 0; i < rows->n; i++) {
		if (!marked[i])
			continue;
		effect->rows++;
		count_class(classes, rows->row[i], effect->class);
	}
}

static void ledger_begin(struct ledger *ledger, const struct rule_use *use,
			 size_t rules_n, const struct classes *classes,
			 size_t read)
{
	*ledger = (struct ledger){ .read = read, .rules = rules_n,
				   .classes = classes ? classes->n : 0 };
	for (size_t i = 0; i < rules_n; i++) {
		ledger->of[i].rule = use[i].rule;
		ledger->of[i].number = use[i].number;
		ledger->of[i].on = use[i].on;
		ledger->of[i].kind = rule_kind(use[i].rule, &use[i].options);
		ledger->of[i].drops = ledger->of[i].kind == RULE_ROWS;
	}
	for (size_t k = 0; k < ledger->classes; k++)
		memcpy(ledger->class_name[k], classes->name[k], CLASS_NAME);
	for (size_t row = 0; ledger->classes && row < read; row++)
		count_class(classes, row, ledger->class_rows);
}

bool clean_rows(const struct table *table, const struct rule_use *use,
		size_t rules_n, bool costs, const struct classes *classes,
		struct rows *kept, struct ledger *ledger, struct job *job,
		struct err *err)
{
	bool *gone = mem_try(table->rows, sizeof(*gone));
	bool ok = gone && rows_all(kept, table->rows, err);

	if (!gone)
		err_set(err, ERR_NOMEM, "no memory to clean %zu rows",
			table->rows);
	ledger_begin(ledger, use, rules_n, classes, table->rows);
	for (size_t i = 0; ok && i < rules_n; i++) {
		if (ledger->of[i].kind != RULE_ROWS || (!use[i].on && !costs))
			continue;
		ok = use[i].rule->rows(table, &use[i].options, kept, gone, job,
				       err);
		if (!ok)
			break;
		count_rows(kept, gone, classes, &ledger->of[i].effect);
		if (use[i].on)
			take_out(kept, gone);
	}
	ledger->used = kept->n;
	free(gone);
	if (!ok)
		rows_clear(kept);
	return ok;
}

/* ---- columns ---- */

/* The columns among the given ones that the rule is to change. */
static bool columns_for(const struct table *table, const struct rule_use *use,
			const struct columns *given, struct columns *chosen,
			struct err *err)
{
	bool *wanted = mem_array(table->columns, sizeof(*wanted));
	struct columns named;
	bool ok = rule_columns(table, use->rule, &use->options, &named, err);

	for (size_t k = 0; ok && k < named.n; k++)
		wanted[named.column[k]] = true;
	chosen->n = 0;
	chosen->column = mem_array(given->n, sizeof(*chosen->column));
	for (size_t k = 0; ok && k < given->n; k++)
		if (wanted[given->column[k]])
			chosen->column[chosen->n++] = given->column[k];
	free(named.column);
	free(wanted);
	return ok;
}

static bool learn_all(const struct table *table, const struct rule_use *use,
		      const struct columns *columns, const struct rows *rows,
		      struct treatment *treatment, struct job *job,
		      struct err *err)
{
	bool ok = true;

	#pragma omp parallel for schedule(dynamic, 1) \
		if (rows->n >= ROWS_PARALLEL)
	for (size_t k = 0; k < columns->n; k++) {
		struct lesson lesson = { table, columns->column[k],
					 &use->options, rows };
		struct err own = { 0 };

		if (job_cancelled(job) ||
		    use->rule->learn(&lesson, &treatment[columns->column[k]],
				     job, &own))
			continue;
		#pragma omp critical
		{
			if (ok && err)
				*err = own;
			ok = false;
		}
	}
	return ok && job_cancelled(job) ? err_cancelled(err) : ok;
}

bool clean_columns(const struct table *table, const struct rule_use *use,
		   size_t rules_n, const struct columns *columns, bool costs,
		   const struct classes *classes, const struct rows *used,
		   struct rows *train, struct treatment *treatment,
		   struct ledger *ledger, struct job *job, struct err *err)
{
	struct order order = { 0 };
	bool ok = !train || order_init(&order, train, err);
	struct rows in_order = { train ? train->n : 0, order.row };

	(void)costs;
	(void)classes;
	for (size_t c = 0; c < table->columns; c++)
		treatment_init(&treatment[c]);
	for (size_t i = 0; ok && i < rules_n; i++) {
		const char *fit;
		struct columns chosen;

		if (ledger->of[i].kind != RULE_COLUMNS)
			continue;
		fit = options_text(&use[i].options, "fit");
		ok = columns_for(table, &use[i], columns, &chosen, err);
		ledger->of[i].on = use[i].on;
		ledger->of[i].effect.columns = chosen.n;
		if (ok && use[i].on && train)
			ok = learn_all(table, &use[i], &chosen,
				       strcmp(fit, "all") ? &in_order : used,
				       treatment, job, err);
		free(chosen.column);
	}
	order_clear(&order);
	return ok;
}
