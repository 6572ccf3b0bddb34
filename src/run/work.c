#include "run/work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "data/duplicates.h"
#include "data/faults.h"
#include "data/lines.h"
#include "eval/split.h"
#include "run/fit.h"
#include "run/target.h"

/* ---- reading ---- */

static bool count_duplicates(struct dataset *data, struct job *job,
			     struct err *err)
{
	const struct table *table = data->found;
	size_t *column = mem_array(table->columns, sizeof(*column));
	bool *repeated = mem_try(table->rows, sizeof(*repeated));
	struct rows all = { 0 };
	bool ok = repeated && rows_all(&all, table->rows, err);

	if (!repeated)
		err_set(err, ERR_NOMEM, "no memory to look for duplicates");
	for (size_t c = 0; c < table->columns; c++)
		column[c] = c;
	ok = ok && duplicates_mark(table, column, table->columns, &all,
				   repeated, job, err);
	data->duplicates = 0;
	for (size_t i = 0; ok && i < table->rows; i++)
		data->duplicates += repeated[i];
	rows_clear(&all);
	free(repeated);
	free(column);
	return ok;
}

/* The number behind a name in one of the lists of /proc, in KB; or -1. */
static double listed_kb(const char *path, const char *name)
{
	FILE *in = fopen(path, "r");
	size_t len = strlen(name);
	double kb = -1;
	char line[128];

	while (in && kb < 0 && fgets(line, sizeof(line), in))
		if (!strncmp(line, name, len) && line[len] == ':')
			kb = strtod(line + len + 1, NULL);
	if (in)
		fclose(in);
	return kb;
}

/* Memory that can be had without hurting others, in bytes: what the machine
 * has, and what "ulimit -v" leaves. */
static double free_memory(void)
{
	double machine = listed_kb("/proc/meminfo", "MemAvailable");
	double used = listed_kb("/proc/self/status", "VmSize");
	struct rlimit limit;
	double left = machine < 0 ? INFINITY : machine * 1024;

	if (used < 0 || getrlimit(RLIMIT_AS, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return left;
	return fmin(left, fmax((double)limit.rlim_cur - used * 1024, 0));
}

/* The columns, and what the summary sorts on each of two cores. */
static bool fits(struct dataset *data)
{
	bool exact;
	size_t rows = source_rows(data->source, &exact);

	data->needs = 8.0 * (double)rows *
		      (double)(source_columns(data->source) + 4);
	data->free = free_memory();
	return data->insist || data->needs < data->free;
}

static bool find_lines(struct dataset *data, struct job *job,
		       struct err *err)
{
	const struct faults *faults = &data->found->faults;
	size_t *row = mem_array(faults->n, sizeof(*row));
	bool found;

	for (size_t i = 0; i < faults->n; i++)
		row[i] = faults->fault[i].row;
	data->fault_line = mem_array(faults->n, sizeof(*data->fault_line));
	found = source_lines(data->source, row, faults->n, data->fault_line,
			     job, err);
	free(row);
	return found;
}

bool work_read(struct dataset *data, bool with_summary, struct job *job,
	       struct err *err)
{
	double start = fit_clock();
	bool exact;

	if (!source_scan(data->source, job, err)) {
		source_rows(data->source, &exact);
		if (!with_summary || !exact)
			return false;
		data->damage = *err;
	}
	if (!fits(data)) {
		if (with_summary)
			return true;
		return err_set(err, ERR_NOMEM, "%.120s takes %.1f GB of "
			       "memory and %.1f GB are free",
			       source_path(data->source), data->needs / 1e9,
			       data->free / 1e9);
	}
	data->found = table_read(data->source, job, err);
	if (!data->found || !source_whole(data->source, err))
		return false;
	data->seconds = fit_clock() - start;
	if (!with_summary)
		return true;
	data->summary = summary_of(data->found, job, err);
	if (data->summary)
		data->facts = facts_of(data->found, data->summary, job, err);
	return data->facts && find_lines(data, job, err) &&
	       count_duplicates(data, job, err);
}

void dataset_forget(struct dataset *data)
{
	free(data->fault_line);
	free(data->facts);
	free(data->summary);
	table_free(data->found);
	data->fault_line = NULL;
	data->facts = NULL;
	data->summary = NULL;
	data->found = NULL;
}

void dataset_clear(struct dataset *data)
{
	dataset_forget(data);
	source_close(data->source);
	*data = (struct dataset){ 0 };
}

/* ---- stages ---- */

struct stages {
	/* Rows after the row rules, and the text of those rules. */
	char *clean_key;	/* owned; NULL: not made yet */
	bool costs;		/* the ledger has the costs of rules off */
	struct rows kept;
	struct ledger ledger;
	/* The split, and the text of the rules and the split. */
	char *split_key;	/* owned; NULL: not made yet */
	struct fold fold;
};

struct stages *stages_new(void)
{
	return mem_new(sizeof(struct stages));
}

static void forget_split(struct stages *st)
{
	free(st->split_key);
	st->split_key = NULL;
	fold_clear(&st->fold);
}

void stages_reset(struct stages *st)
{
	forget_split(st);
	free(st->clean_key);
	st->clean_key = NULL;
	rows_clear(&st->kept);
}

void stages_free(struct stages *st)
{
	if (!st)
		return;
	stages_reset(st);
	free(st);
}

/*
 * What the rows that are left depend on.  Of a column rule that is only its
 * place: the ledger's lines stand in the order of the rules.
 */
static char *clean_key(const struct settings *s)
{
	char *key = NULL;
	size_t size;
	FILE *out = open_memstream(&key, &size);

	for (size_t i = 0; i < s->rules; i++) {
		const struct rule_use *use = &s->rule[i];
		char *options = options_format(&use->options, true);

		fprintf(out, "%s.%u", use->rule->name, use->number);
		if (rule_kind(use->rule, &use->options) == RULE_ROWS)
			fprintf(out, " %s %s", use->on ? "on" : "off", options);
		fputc('\n', out);
		free(options);
	}
	fclose(out);
	return key;
}

static bool clean_stage(struct stages *st, const struct table *table,
			const struct settings *s, bool costs, struct job *job,
			struct err *err)
{
	char *key = clean_key(s);

	if (st->clean_key && !strcmp(key, st->clean_key) &&
	    (st->costs || !costs)) {
		free(key);
		return true;
	}
	stages_reset(st);
	if (!clean_rows(table, s->rule, s->rules, costs, NULL, &st->kept,
			&st->ledger, job, err)) {
		free(key);
		return false;
	}
	st->clean_key = key;
	st->costs = costs;
	return true;
}

/* The target counts only where its classes do. */
static char *split_key(const struct stages *st, const struct split *split,
		       const struct settings *s)
{
	char *options = options_format(&s->split, true);
	char *key = mem_printf("%s%s %s", st->clean_key, options,
			       split->stratify ? split->stratify->name : "");

	free(options);
	return key;
}

static bool split_stage(struct stages *st, const struct table *table,
			const struct settings *s, struct job *job,
			struct err *err)
{
	struct split_plan *plan;
	struct split split;
	char *key;
	bool ok;

	if (!split_init(&split, &s->split, table, s->target, err))
		return false;
	key = split_key(st, &split, s);
	if (st->split_key && !strcmp(key, st->split_key)) {
		free(key);
		return true;
	}
	forget_split(st);
	plan = split_plan_new(&split, &st->kept, job, err);
	ok = plan && split_plan_fold(plan, 0, &st->fold, job, err);
	split_plan_free(plan);
	if (ok)
		st->split_key = key;
	else
		free(key);
	return ok;
}

static void count_split(const struct stages *st, struct ledger *ledger)
{
	ledger->train = st->fold.train.n;
	ledger->test = st->fold.test.n;
	ledger->gap = st->fold.gap.n;
}

/*
 * How many rows test is known before there is a training only when the split
 * is made, but for those that take a share of the rows.  A split that cannot be
 * made is no fault of the rules: the training will say why.
 */
static bool foresee_split(struct stages *st, const struct table *table,
			  const struct settings *s, struct ledger *ledger,
			  struct job *job, struct err *err)
{
	size_t train, test;
	struct err why;
	struct split split;

	if (split_init(&split, &s->split, table, s->target, &why) &&
	    !split.folds &&
	    !split_foresee(&split, ledger->used, &train, &test) &&
	    split_stage(st, table, s, job, &why))
		count_split(st, ledger);
	return !job_cancelled(job) || err_cancelled(err);
}

/* The columns that are features; the caller frees .column. */
static struct columns features_of(const struct settings *s)
{
	struct columns f = {
		.column = mem_array(s->columns, sizeof(*f.column))
	};

	for (size_t c = 0; c < s->columns; c++)
		if (settings_uses(s, c))
			f.column[f.n++] = c;
	return f;
}

bool work_clean(struct stages *st, const struct table *table,
		const struct settings *s, struct ledger *ledger,
		struct job *job, struct err *err)
{
	struct columns features = features_of(s);
	bool ok = clean_stage(st, table, s, true, job, err);

	if (ok) {
		struct treatment *unused = mem_array(table->columns,
						     sizeof(*unused));

		*ledger = st->ledger;
		ok = foresee_split(st, table, s, ledger, job, err) &&
		     clean_columns(table, s->rule, s->rules, &features, true,
				   NULL, &st->kept, NULL, unused, ledger, job,
				   err);
		free(unused);
	}
	free(features.column);
	return ok;
}

/* A file or rules that leave nothing: say which rule took the most rows. */
static bool rows_left(const struct ledger *ledger, struct err *err)
{
	size_t worst = ledger->rules, most = 0;

	if (ledger->used > 0)
		return true;
	for (size_t i = 0; i < ledger->rules; i++)
		if (ledger->of[i].on && ledger->of[i].drops &&
		    ledger->of[i].effect.rows > most) {
			worst = i;
			most = ledger->of[i].effect.rows;
		}
	if (worst == ledger->rules)
		return err_set(err, ERR_DATA, "the file has no rows");
	return err_set(err, ERR_DATA, "no rows are left: %s took %zu of %zu; "
		       "give it columns=, or turn it off",
		       ledger->of[worst].rule->name, most, ledger->read);
}

/* What affine steps there are, as one. */
static void to_transforms(const struct treatment *treatment, size_t n,
			  struct transform *transform)
{
	for (size_t c = 0; c < n; c++) {
		struct transform t = { 0, 1 };

		for (size_t i = 0; i < treatment[c].steps; i++) {
			const struct step *step = &treatment[c].step[i];

			if (step->kind != STEP_SCALE)
				continue;
			t.shift += t.scale * step->a;
			t.scale *= step->b;
		}
		transform[c] = t;
	}
}

static bool one_fold(const struct settings *s, struct err *err)
{
	if (!options_text(&s->split, "folds"))
		return true;
	return err_set(err, ERR_USAGE, "folds= is not yet trained: split "
		       "without it");
}

struct result *work_train(struct stages *st, const struct table *table,
			  const struct settings *s, struct job *job,
			  struct err *err)
{
	double start = fit_clock();
	struct target target = { 0 };
	struct columns features = features_of(s);
	struct transform *transform = mem_array(table->columns,
						sizeof(*transform));
	struct treatment *treatment = mem_array(table->columns,
						sizeof(*treatment));
	struct result *result = NULL;
	struct ledger ledger;

	if (!clean_stage(st, table, s, false, job, err) ||
	    !rows_left(&st->ledger, err) ||
	    !target_init(&target, table, s, &st->kept, err) ||
	    !one_fold(s, err) || !split_stage(st, table, s, job, err))
		goto out;
	ledger = st->ledger;
	count_split(st, &ledger);
	if (!clean_columns(table, s->rule, s->rules, &features, false, NULL,
			   &st->kept, &st->fold.train, treatment, &ledger, job,
			   err))
		goto out;
	to_transforms(treatment, table->columns, transform);
	result = fit(&(struct fit){
		.table = table, .settings = s, .features = &features,
		.target = &target, .transform = transform,
		.train = &st->fold.train, .test = &st->fold.test,
		.ledger = &ledger,
		.seconds_clean = fit_clock() - start }, job, err);
out:
	for (size_t c = 0; c < table->columns; c++)
		treatment_clear(&treatment[c]);
	free(treatment);
	free(transform);
	free(features.column);
	target_clear(&target);
	return result;
}

bool work_rows(struct stages *st, const struct table *table,
	       const struct settings *s, struct stage_rows *rows,
	       struct job *job, struct err *err)
{
	if (!clean_stage(st, table, s, false, job, err) ||
	    !rows_left(&st->ledger, err) ||
	    !split_stage(st, table, s, job, err))
		return false;
	*rows = (struct stage_rows){ &st->kept, &st->fold.train,
				     &st->fold.test };
	return true;
}
