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
#include "run/classes.h"
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
	struct memory *memory;	/* owned: what rules have learned */
	/* The classes of the target, which is column class_target. */
	struct classes classes;
	int class_target;	/* or NOT_MADE */
	uint8_t *class_of;	/* owned */
	/* Rows after the row rules, and the text of those rules. */
	char *clean_key;	/* owned; NULL: not made yet */
	bool costs;		/* the ledger has the costs of rules off */
	struct rows kept;
	struct ledger ledger;
	/* The split, and the text of the rules and the split. */
	char *split_key;	/* owned; NULL: not made yet */
	struct fold fold;
};

enum { NOT_MADE = -2 };

struct stages *stages_new(void)
{
	struct stages *st = mem_new(sizeof(*st));

	st->memory = memory_new();
	st->class_target = NOT_MADE;
	return st;
}

static void forget_split(struct stages *st)
{
	free(st->split_key);
	st->split_key = NULL;
	fold_clear(&st->fold);
}

static void forget_rows(struct stages *st)
{
	forget_split(st);
	free(st->clean_key);
	st->clean_key = NULL;
	rows_clear(&st->kept);
}

void stages_reset(struct stages *st)
{
	forget_rows(st);
	memory_forget(st->memory);
	free(st->class_of);
	st->class_of = NULL;
	st->class_target = NOT_MADE;
}

void stages_free(struct stages *st)
{
	if (!st)
		return;
	stages_reset(st);
	memory_free(st->memory);
	free(st);
}

/* ---- rows ---- */

static bool class_stage(struct stages *st, const struct table *table,
			const struct settings *s, struct err *err)
{
	if (st->class_target == s->target)
		return true;
	if (!st->class_of)
		st->class_of = mem_try(table->rows + 1, sizeof(uint8_t));
	if (!st->class_of)
		return err_set(err, ERR_NOMEM, "no memory for the classes of "
			       "%zu rows", table->rows);
	classes_init(&st->classes, table, s, st->class_of);
	st->class_target = s->target;
	return true;
}

static bool works_on_features(const struct rule_use *use)
{
	return use->rule->learn &&
	       rule_kind(use->rule, &use->options) == RULE_ROWS;
}

/*
 * What the rows that are left depend on, and the account of them.  Of a column
 * rule that is only its place, and whether it drops: the ledger's lines stand
 * in the order of the rules.
 */
static char *clean_key(const struct settings *s)
{
	char *key = NULL;
	size_t size;
	FILE *out = open_memstream(&key, &size);

	fprintf(out, "target %d\n", s->target);
	for (size_t i = 0; i < s->rules; i++) {
		const struct rule_use *use = &s->rule[i];
		enum rule_kind kind = rule_kind(use->rule, &use->options);
		char *options = options_format(&use->options, true);

		fprintf(out, "%s.%u", use->rule->name, use->number);
		if (kind == RULE_ROWS)
			fprintf(out, " %s %s", use->on ? "on" : "off", options);
		else if (use->rule->drops && use->rule->drops(&use->options))
			fputs(" drops", out);
		for (size_t c = 0; works_on_features(use) && c < s->columns;
		     c++)
			fputc(settings_uses(s, c) ? '1' : '0', out);
		fputc('\n', out);
		free(options);
	}
	fclose(out);
	return key;
}

static bool clean_stage(struct stages *st, const struct cleaning *in,
			const struct settings *s, struct job *job,
			struct err *err)
{
	char *key = clean_key(s);

	if (st->clean_key && !strcmp(key, st->clean_key) &&
	    (st->costs || !in->costs)) {
		/* Of column rules the key says less than that. */
		for (size_t i = 0; i < in->rules; i++)
			st->ledger.of[i].on = in->use[i].on;
		free(key);
		return true;
	}
	/* The same rows, and only their account is not complete: the split
	 * may stay. */
	if (st->clean_key && !strcmp(key, st->clean_key))
		rows_clear(&st->kept);
	else
		forget_rows(st);
	if (!clean_rows(in, &st->kept, &st->ledger, job, err)) {
		forget_rows(st);
		free(key);
		return false;
	}
	free(st->clean_key);
	st->clean_key = key;
	st->costs = in->costs;
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

static struct cleaning cleaning_of(const struct stages *st,
				   const struct table *table,
				   const struct settings *s,
				   const struct columns *features, bool costs)
{
	return (struct cleaning){ .table = table, .use = s->rule,
				  .rules = s->rules, .features = features,
				  .classes = &st->classes, .costs = costs,
				  .memory = st->memory };
}

/* The column rules at work on the split; *train is the caller's to clear. */
static bool column_stage(struct stages *st, const struct cleaning *in,
			 struct rows *train, struct treatment *treatment,
			 struct lessons *lessons, struct ledger *ledger,
			 struct job *job, struct err *err)
{
	*ledger = st->ledger;
	if (!rows_copy(train, &st->fold.train, err) ||
	    !clean_columns(in, &st->kept, train, treatment, lessons, ledger,
			   job, err))
		return false;
	ledger->train = train->n;
	ledger->test = st->fold.test.n;
	ledger->gap = st->fold.gap.n;
	return true;
}

bool work_ledger(struct stages *st, const struct table *table,
		 const struct settings *s, bool costs, struct ledger *ledger,
		 struct job *job, struct err *err)
{
	struct columns features = features_of(s);
	struct treatment *treatment = mem_array(table->columns,
						sizeof(*treatment));
	struct rows train = { 0 };
	struct cleaning in;
	struct err why;
	bool ok = class_stage(st, table, s, err);

	memory_begin(st->memory);
	in = cleaning_of(st, table, s, &features, costs);
	ok = ok && clean_stage(st, &in, s, job, err);
	/* What cannot be split has an account of its rows all the same. */
	if (ok && split_stage(st, table, s, job, &why)) {
		ok = column_stage(st, &in, &train, treatment, NULL, ledger,
				  job, err);
		if (options_text(&s->split, "folds"))
			ledger->train = ledger->test = ledger->gap = 0;
	} else if (ok) {
		*ledger = st->ledger;
		ok = !job_cancelled(job) || err_cancelled(err);
	}
	rows_clear(&train);
	free(treatment);
	free(features.column);
	return ok;
}

bool work_clean(struct stages *st, const struct table *table,
		const struct settings *s, struct ledger *ledger,
		struct job *job, struct err *err)
{
	struct note note = { .phase = PHASE_CLEAN };

	if (job) {
		if (!work_ledger(st, table, s, false, &note.ledger, job, err))
			return false;
		job_post(job, &note);
	}
	return work_ledger(st, table, s, true, ledger, job, err);
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
	struct treatment *treatment = mem_array(table->columns,
						sizeof(*treatment));
	struct result *result = NULL;
	struct lessons lessons = { 0 };
	struct rows train = { 0 };
	struct ledger ledger;
	struct cleaning in;

	memory_begin(st->memory);
	if (!class_stage(st, table, s, err))
		goto out;
	in = cleaning_of(st, table, s, &features, false);
	if (!clean_stage(st, &in, s, job, err) ||
	    !rows_left(&st->ledger, err) ||
	    !target_init(&target, table, s, &st->kept, err) ||
	    !one_fold(s, err) || !split_stage(st, table, s, job, err) ||
	    !column_stage(st, &in, &train, treatment, &lessons, &ledger, job,
			  err))
		goto out;
	result = fit(&(struct fit){
		.table = table, .settings = s, .features = &features,
		.target = &target, .treatment = treatment,
		.train = &train, .test = &st->fold.test, .ledger = &ledger,
		.seconds_clean = fit_clock() - start }, job, err);
	if (result) {
		result->lessons = lessons;
		lessons = (struct lessons){ 0 };
	}
out:
	lessons_clear(&lessons);
	rows_clear(&train);
	free(treatment);
	free(features.column);
	target_clear(&target);
	return result;
}

bool work_rows(struct stages *st, const struct table *table,
	       const struct settings *s, struct stage_rows *rows,
	       struct job *job, struct err *err)
{
	struct columns features = features_of(s);
	struct cleaning in = cleaning_of(st, table, s, &features, false);
	bool ok = class_stage(st, table, s, err) &&
		  clean_stage(st, &in, s, job, err) &&
		  rows_left(&st->ledger, err) &&
		  split_stage(st, table, s, job, err);

	free(features.column);
	*rows = (struct stage_rows){ &st->kept, &st->fold.train,
				     &st->fold.test };
	return ok;
}
