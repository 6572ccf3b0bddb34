#include "clean/clean.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/order.h"

/* Take out of rows what is marked; the order stays. */
static void take_out(struct rows *rows, const bool *gone)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (!gone[i])
			rows->row[n++] = rows->row[i];
	rows->n = n;
}

static size_t count(const bool *marked, size_t n)
{
	size_t marks = 0;

	for (size_t i = 0; i < n; i++)
		marks += marked[i];
	return marks;
}

static void ledger_begin(struct ledger *ledger, const struct rule_use *use,
			 size_t rules_n, size_t read)
{
	*ledger = (struct ledger){ .read = read, .rules = rules_n };
	for (size_t i = 0; i < rules_n; i++) {
		ledger->of[i].rule = use[i].rule;
		ledger->of[i].on = use[i].on;
	}
}

bool clean_rows(const struct table *table, const struct rule_use *use,
		size_t rules_n, bool costs, struct rows *kept,
		struct ledger *ledger, struct job *job, struct err *err)
{
	bool *gone = mem_try(table->rows, sizeof(*gone));
	bool ok = gone && rows_all(kept, table->rows, err);

	if (!gone)
		err_set(err, ERR_NOMEM, "no memory to clean %zu rows",
			table->rows);
	ledger_begin(ledger, use, rules_n, table->rows);
	for (size_t i = 0; ok && i < rules_n; i++) {
		const struct rule *rule = use[i].rule;

		if (!rule->rows || (!use[i].on && !costs))
			continue;
		ok = rule->rows(table, &use[i].options, kept, gone, job, err);
		if (!ok)
			break;
		ledger->of[i].rows = count(gone, kept->n);
		if (use[i].on)
			take_out(kept, gone);
	}
	ledger->used = kept->n;
	free(gone);
	if (!ok)
		rows_clear(kept);
	return ok;
}

/* The number columns among the given ones that the rule is to change. */
static bool columns_for(const struct table *table, const struct rule_use *use,
			const struct columns *given, struct columns *chosen,
			struct err *err)
{
	bool *wanted = mem_array(table->columns, sizeof(*wanted));
	struct columns named;
	bool ok = rule_columns(table, &use->options, &named, err);

	for (size_t k = 0; ok && k < named.n; k++) {
		const struct column *c = &table->column[named.column[k]];

		wanted[named.column[k]] = true;
		if (options_text(&use->options, "columns") &&
		    !c->number)
			ok = err_set(err, ERR_USAGE, "%s columns=: %.80s is "
				     "no number", use->rule->name, c->name);
	}
	chosen->n = 0;
	chosen->column = mem_array(given->n, sizeof(*chosen->column));
	for (size_t k = 0; ok && k < given->n; k++) {
		size_t c = given->column[k];

		if (wanted[c] && table->column[c].number)
			chosen->column[chosen->n++] = c;
	}
	free(named.column);
	free(wanted);
	return ok;
}

bool clean_columns(const struct table *table, const struct rule_use *use,
		   size_t rules_n, const struct columns *columns,
		   const struct rows *used, const struct rows *train,
		   struct transform *transform, struct ledger *ledger,
		   struct job *job, struct err *err)
{
	struct order order = { 0 };
	bool ok = !train || order_init(&order, train, err);
	struct rows in_order = { train ? train->n : 0, order.row };

	for (size_t c = 0; c < table->columns; c++)
		transform[c] = (struct transform){ 0, 1 };
	for (size_t i = 0; ok && i < rules_n; i++) {
		const char *fit;
		struct columns chosen;

		if (!use[i].rule->columns)
			continue;
		fit = options_text(&use[i].options, "fit");
		ok = columns_for(table, &use[i], columns, &chosen, err);
		ledger->of[i].on = use[i].on;
		ledger->of[i].columns = chosen.n;
		if (ok && use[i].on && train)
			ok = use[i].rule->columns(table, &chosen,
						  strcmp(fit, "all")
						  ? &in_order : used,
						  transform, job, err);
		free(chosen.column);
	}
	order_clear(&order);
	return ok;
}
