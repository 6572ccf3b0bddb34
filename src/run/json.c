/*
 * json.c - a result and a profile for programs: the object of gemba run --json
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "run/report.h"

/* Numbers that JSON does not know become null. */
static json_t *number(double x)
{
	return isfinite(x) ? json_real(x) : json_null();
}

static json_t *count(size_t n)
{
	return json_integer((json_int_t)n);
}

/* Cells come from anywhere; JSON takes UTF-8 only. */
static json_t *string(const char *text)
{
	json_t *plain = text ? json_string(text) : json_null();
	char *safe;

	if (plain)
		return plain;
	safe = text_safe_dup(text);
	plain = json_string(safe);
	free(safe);
	return plain;
}

static json_t *strings(char *const *text, size_t n)
{
	json_t *all = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(all, string(text[i]));
	return all;
}

static void put(json_t *object, const char *name, json_t *value)
{
	json_object_set_new(object, name, value);
}

/* ---- what the data are ---- */

static json_t *data_json(const struct dataset *data)
{
	json_t *o = json_object();

	put(o, "path", string(source_path(data->source)));
	put(o, "rows", count(data->found->rows));
	put(o, "columns", count(data->found->columns));
	put(o, "bytes", count(source_bytes(data->source)));
	return o;
}

static json_t *dropped_json(const struct ledger *l)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->rules; i++) {
		json_t *o;

		if (!l->of[i].on || !l->of[i].rule->rows)
			continue;
		o = json_object();
		put(o, "rule", string(l->of[i].rule->name));
		put(o, "rows", count(l->of[i].rows));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *rows_json(const struct ledger *l)
{
	json_t *o = json_object();

	put(o, "read", count(l->read));
	put(o, "used", count(l->used));
	put(o, "train", count(l->train));
	put(o, "test", count(l->test));
	put(o, "dropped", dropped_json(l));
	return o;
}

/* ---- a run ---- */

/* A number option as a number, the others as text. */
static json_t *options_json(const struct option_values *v)
{
	json_t *o = json_object();

	for (size_t i = 0; v->table && v->table[i].name; i++) {
		enum option_type type = v->table[i].type;

		if (!v->text[i])
			put(o, v->table[i].name, json_null());
		else if (type == OPTION_WHOLE)
			put(o, v->table[i].name,
			    json_integer((json_int_t)v->number[i]));
		else if (type == OPTION_NUMBER)
			put(o, v->table[i].name, number(v->number[i]));
		else
			put(o, v->table[i].name, string(v->text[i]));
	}
	return o;
}

static json_t *seconds_json(const struct result *r)
{
	json_t *o = json_object();

	put(o, "read", number(r->seconds_read));
	put(o, "clean", number(r->seconds_clean));
	put(o, "fit", number(r->seconds_fit));
	put(o, "evaluate", number(r->seconds_evaluate));
	return o;
}

static void put_average(json_t *o, const struct class_metrics *c)
{
	put(o, "precision", number(c->precision));
	put(o, "recall", number(c->recall));
	put(o, "f1", number(c->f1));
}

static json_t *average_json(const struct class_metrics *c)
{
	json_t *o = json_object();

	put_average(o, c);
	return o;
}

static json_t *classes_json(const struct result *r)
{
	json_t *all = json_array();

	for (size_t k = 0; k < r->classes; k++) {
		json_t *o = json_object();

		put(o, "class", string(r->class_name[k]));
		put_average(o, &r->test.class_of[k]);
		put(o, "support", count(r->test.class_of[k].support));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *confusion_json(const struct metrics *m)
{
	json_t *all = json_array();

	for (size_t i = 0; i < m->classes; i++) {
		json_t *row = json_array();

		for (size_t k = 0; k < m->classes; k++)
			json_array_append_new(row, count(
				m->confusion[i * m->classes + k]));
		json_array_append_new(all, row);
	}
	return all;
}

static json_t *test_json(const struct result *r)
{
	const struct metrics *m = &r->test;
	json_t *o = json_object();

	put(o, "accuracy", number(m->accuracy));
	put(o, "balanced_accuracy", number(m->balanced_accuracy));
	put(o, "mcc", number(m->mcc));
	put(o, "auc", number(m->auc));
	put(o, "average_precision", number(m->average_precision));
	put(o, "log_loss", number(m->log_loss));
	put(o, "brier", number(m->brier));
	put(o, "macro", average_json(&m->macro));
	put(o, "weighted", average_json(&m->weighted));
	put(o, "classes", classes_json(r));
	put(o, "confusion", confusion_json(m));
	return o;
}

static json_t *weights_json(const struct result *r)
{
	json_t *all = json_array();

	for (size_t j = 0; j < r->weights; j++) {
		const struct weight *w = &r->weight[j];
		json_t *o = json_object();

		put(o, "feature", string(w->feature));
		put(o, "class", string(r->class_name[r->classes - 1]));
		put(o, "raw", number(w->raw));
		put(o, "standardized", number(w->standardized));
		put(o, "std_error", number(w->std_error));
		put(o, "p", number(w->p));
		if (w->reference)
			put(o, "reference", string(w->reference));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *one(const char *name, json_t *value)
{
	json_t *o = json_object();

	put(o, name, value);
	return o;
}

static json_t *run_json(const struct result *r)
{
	json_t *o = json_object(), *intercept = json_array();

	put(o, "path", string(r->path));
	put(o, "method", string(r->method->name));
	put(o, "options", options_json(&r->options));
	put(o, "target", string(r->target));
	put(o, "features", strings(r->feature, r->features));
	put(o, "rows", rows_json(&r->ledger));
	put(o, "seconds", seconds_json(r));
	put(o, "converged", json_boolean(r->converged));
	put(o, "iterations", count(r->iterations));
	put(o, "note", string(r->note));
	put(o, "baseline", one("accuracy", number(r->baseline_accuracy)));
	put(o, "train", one("accuracy", number(r->train_accuracy)));
	put(o, "test", test_json(r));
	json_array_append_new(intercept, number(r->intercept));
	put(o, "intercept", intercept);
	put(o, "intercept_raw", number(r->intercept_raw));
	put(o, "weights", weights_json(r));
	return o;
}

/* Test rows and what was told of them: those of the newest run. */
static void rows_emit(json_t *o, const struct result *r)
{
	json_t *rows = json_array(), *told = json_array();
	json_t *probability = json_array();

	for (size_t i = 0; i < r->test_rows.n; i++) {
		json_array_append_new(rows, count(r->test_rows.row[i]));
		json_array_append_new(told,
				      string(r->class_name[r->predicted[i]]));
		json_array_append_new(probability, number(r->probability[i]));
	}
	put(o, "test_rows", rows);
	put(o, "predictions", told);
	put(o, "probabilities", probability);
}

/* ---- the whole ---- */

/*
 * DEL and C1, which a terminal may obey, escaped as C0 is by the library.  It
 * hands over whole characters.
 */
static int write_harmless(const char *s, size_t n, void *out)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		unsigned char next = i + 1 < n ? (unsigned char)s[i + 1] : 0;

		if (c == 0x7f)
			fputs("\\u007f", out);
		else if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			fprintf(out, "\\u%04x", (unsigned)s[++i] & 0xff);
		else
			putc(c, out);
	}
	return ferror(out) ? -1 : 0;
}

static bool dump(json_t *o, FILE *out, struct err *err)
{
	bool ok = json_dump_callback(o, write_harmless, out, JSON_COMPACT |
				     JSON_REAL_PRECISION(15)) == 0 &&
		  fputc('\n', out) != EOF;

	json_decref(o);
	return ok || err_set(err, ERR_IO, "cannot write the results: is the "
			     "disk full?");
}

bool report_json(const struct report *report, FILE *out, struct err *err)
{
	json_t *o = json_object(), *runs = json_array();
	const struct result *last = report->results
		? report->result[report->results - 1] : NULL;

	put(o, "gemba", string(PACKAGE_VERSION));
	put(o, "data", data_json(report->data));
	put(o, "rows", rows_json(last ? &last->ledger : report->ledger));
	if (last) {
		put(o, "target", string(last->target));
		put(o, "task", string("classification"));
		put(o, "classes", strings(last->class_name, last->classes));
		put(o, "features", strings(last->feature, last->features));
	}
	for (size_t i = 0; i < report->results; i++)
		json_array_append_new(runs, run_json(report->result[i]));
	put(o, "runs", runs);
	if (last && last->predicted)
		rows_emit(o, last);
	return dump(o, out, err);
}

/* ---- a profile ---- */

static json_t *findings_json(const struct source *source)
{
	const struct dialect *d = source_dialect(source);
	json_t *all = json_array();

	for (size_t i = 0; i < DIALECT_ITEMS; i++) {
		const struct finding *f = d->finding + i;
		json_t *o;

		if (!f->name)
			continue;
		o = json_object();
		put(o, "name", string(f->name));
		put(o, "value", string(f->value));
		put(o, "sure", number(f->sure));
		put(o, "why", string(f->why));
		json_array_append_new(all, o);
	}
	return all;
}

/* A time as text. */
static json_t *moment(const struct column *c, double x)
{
	char text[WHEN_TEXT];

	if (isnan(x))
		return json_null();
	when_format(x, &c->form, text);
	return json_string(text);
}

static void put_quantiles(json_t *o, const struct column *c,
			  const struct summary *s)
{
	const struct {
		const char *name;
		double x;
	} part[] = { { "min", s->min }, { "p25", s->p25 },
		     { "median", s->median }, { "p75", s->p75 },
		     { "max", s->max }, { "mean", s->mean } };

	for (size_t i = 0; i < ARRAY_LEN(part); i++)
		put(o, part[i].name, c->type == COLUMN_TIME
		    ? moment(c, part[i].x) : number(part[i].x));
	put(o, "sd", number(s->sd));
	put(o, "skew", number(s->skew));
}

static void put_top(json_t *o, const struct column *c,
		    const struct summary *s)
{
	json_t *top = json_array();

	for (size_t i = 0; i < s->top; i++) {
		json_t *level = one("value",
				    string(c->level[s->top_level[i]]));

		put(level, "rows", count(s->top_count[i]));
		json_array_append_new(top, level);
	}
	put(o, "top", top);
}

static json_t *stuck_json(const struct facts *f)
{
	json_t *o = one("value", number(f->stuck.value));

	put(o, "row", count(f->stuck.row));
	put(o, "rows", count(f->stuck.rows));
	return o;
}

static json_t *codes_json(const struct facts *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->codes; i++) {
		json_t *o = one("value", number(f->code[i].value));

		put(o, "rows", count(f->code[i].rows));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *facts_json(const struct dataset *data, size_t i)
{
	static const char *const trend[2][3] = {
		{ "", "never falls", "never rises" },
		{ "", "rises", "falls" }
	};
	const struct facts *f = data->facts + i;
	const struct column *c = data->found->column + i;
	json_t *o = json_object();

	if (f->constant)
		put(o, "constant", json_true());
	if (f->id)
		put(o, "id", json_true());
	if (f->same_as != i)
		put(o, "same_as",
		    string(data->found->column[f->same_as].name));
	if (f->trend != TREND_NONE)
		put(o, "trend", string(trend[f->strict][f->trend]));
	if (f->stuck.rows > 0)
		put(o, "stuck", stuck_json(f));
	if (f->codes > 0)
		put(o, "codes", codes_json(f));
	if (c->form.guessed)
		put(o, "order_guessed",
		    string(c->form.order == WHEN_MDY ? "month-first"
						     : "day-first"));
	return o;
}

static json_t *column_json(const struct dataset *data, size_t i)
{
	const struct column *c = data->found->column + i;
	const struct summary *s = data->summary + i;
	json_t *o = json_object();

	put(o, "name", string(c->name));
	put(o, "type", string(column_type_name[c->type]));
	put(o, "kind", string(summary_kind(c, s)));
	put(o, "unit", string(c->unit));
	put(o, "values", count(s->values));
	put(o, "missing", count(c->missing));
	put(o, "odd", count(c->odd_cells));
	put(o, "distinct", count(s->distinct));
	if (c->number)
		put_quantiles(o, c, s);
	else
		put_top(o, c, s);
	put(o, "facts", facts_json(data, i));
	return o;
}

static json_t *fault_json(const struct table *t, const struct fault *f,
			  uint64_t line)
{
	json_t *o = one("line", count((size_t)line));
	char text[FAULT_TEXT];

	put(o, "row", count(f->row));
	put(o, "kind", string(fault_name[f->kind]));
	if (f->kind == FAULT_RAGGED)
		put(o, "cells", count(f->size));
	else if (f->column < t->columns)
		put(o, "column", string(t->column[f->column].name));
	put(o, "text", string(fault_text(t, f, text)));
	return o;
}

static void put_faults(json_t *o, const struct dataset *data)
{
	const struct faults *f = &data->found->faults;
	json_t *counts = json_object(), *all = json_array();

	for (int k = 0; k < FAULT_KINDS; k++)
		put(counts, fault_name[k], count(f->count[k]));
	for (size_t i = 0; i < f->n; i++)
		json_array_append_new(all, fault_json(data->found,
						      f->fault + i,
						      data->fault_line[i]));
	put(o, "faults", counts);
	put(o, "fault_list", all);
}

bool profile_json(const struct dataset *data, FILE *out, struct err *err)
{
	struct header_faults names = source_header_faults(data->source);
	json_t *o = json_object(), *columns = json_array();

	put(o, "gemba", string(PACKAGE_VERSION));
	put(o, "data", data_json(data));
	put(o, "found", findings_json(data->source));
	put(o, "empty_names", count(names.empty));
	put(o, "repeated_names", count(names.repeated));
	put(o, "duplicates", count(data->duplicates));
	put(o, "ragged", count(data->found->ragged));
	for (size_t i = 0; i < data->found->columns; i++)
		json_array_append_new(columns, column_json(data, i));
	put(o, "columns", columns);
	put_faults(o, data);
	return dump(o, out, err);
}
