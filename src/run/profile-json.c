#include "run/profile.h"

#include <jansson.h>
#include <math.h>

#include "base/json.h"
#include "base/mem.h"
#include "run/suggest.h"

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
		json_put(o, "name", json_of_text(f->name));
		json_put(o, "value", json_of_text(f->value));
		json_put(o, "sure", json_of_number(f->sure));
		json_put(o, "why", json_of_text(f->why));
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
		json_put(o, part[i].name, c->type == COLUMN_TIME
		    ? moment(c, part[i].x) : json_of_number(part[i].x));
	json_put(o, "sd", json_of_number(s->sd));
	json_put(o, "skew", json_of_number(s->skew));
}

static void put_top(json_t *o, const struct column *c,
		    const struct summary *s)
{
	json_t *top = json_array();

	for (size_t i = 0; i < s->top; i++) {
		json_t *level = json_with("value",
				    json_of_text(c->level[s->top_level[i]]));

		json_put(level, "rows", json_of_count(s->top_count[i]));
		json_array_append_new(top, level);
	}
	json_put(o, "top", top);
}

static json_t *stuck_json(const struct facts *f)
{
	json_t *o = json_with("value", json_of_number(f->stuck.value));

	json_put(o, "row", json_of_count(f->stuck.row));
	json_put(o, "rows", json_of_count(f->stuck.rows));
	return o;
}

static json_t *codes_json(const struct facts *f)
{
	json_t *all = json_array();

	for (size_t i = 0; i < f->codes; i++) {
		json_t *o = json_with("value",
				      json_of_number(f->code[i].value));

		json_put(o, "rows", json_of_count(f->code[i].rows));
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
		json_put(o, "constant", json_true());
	if (f->id)
		json_put(o, "id", json_true());
	if (f->same_as != i)
		json_put(o, "same_as",
		    json_of_text(data->found->column[f->same_as].name));
	if (f->trend != TREND_NONE)
		json_put(o, "trend", json_of_text(trend[f->strict][f->trend]));
	if (f->stuck.rows > 0)
		json_put(o, "stuck", stuck_json(f));
	if (f->codes > 0)
		json_put(o, "codes", codes_json(f));
	if (c->form.guessed)
		json_put(o, "order_guessed",
		    json_of_text(c->form.order == WHEN_MDY ? "month-first"
						     : "day-first"));
	return o;
}

static json_t *column_json(const struct dataset *data, size_t i)
{
	const struct column *c = data->found->column + i;
	const struct summary *s = data->summary + i;
	json_t *o = json_object();

	json_put(o, "name", json_of_text(c->name));
	json_put(o, "type", json_of_text(column_type_name[c->type]));
	json_put(o, "kind", json_of_text(summary_kind(c, s)));
	json_put(o, "unit", json_of_text(c->unit));
	json_put(o, "values", json_of_count(s->values));
	json_put(o, "missing", json_of_count(c->missing));
	json_put(o, "odd", json_of_count(c->odd_cells));
	json_put(o, "distinct", json_of_count(s->distinct));
	if (c->number)
		put_quantiles(o, c, s);
	else
		put_top(o, c, s);
	json_put(o, "facts", facts_json(data, i));
	return o;
}

static json_t *fault_json(const struct table *t, const struct fault *f,
			  uint64_t line)
{
	json_t *o = json_with("line", json_of_count((size_t)line));
	char text[FAULT_TEXT];

	json_put(o, "row", json_of_count(f->row));
	json_put(o, "kind", json_of_text(fault_name[f->kind]));
	if (f->kind == FAULT_RAGGED)
		json_put(o, "cells", json_of_count(f->size));
	else if (f->column < t->columns)
		json_put(o, "column", json_of_text(t->column[f->column].name));
	json_put(o, "text", json_of_text(fault_text(t, f, text)));
	return o;
}

static void put_faults(json_t *o, const struct dataset *data)
{
	const struct faults *f = &data->found->faults;
	json_t *counts = json_object(), *all = json_array();

	for (int k = 0; k < FAULT_KINDS; k++)
		json_put(counts, fault_name[k], json_of_count(f->count[k]));
	for (size_t i = 0; i < f->n; i++)
		json_array_append_new(all, fault_json(data->found,
						      f->fault + i,
						      data->fault_line[i]));
	json_put(o, "faults", counts);
	json_put(o, "fault_list", all);
}

static json_t *suggestions_json(const struct dataset *data)
{
	struct suggestions list;
	json_t *all = json_array();

	suggest(&list, data->found, data->summary, data->facts, NULL);
	for (size_t i = 0; i < list.n; i++) {
		json_t *o = json_with("command",
				      json_of_text(list.of[i].command));

		json_put(o, "text", json_of_text(list.of[i].text));
		json_put(o, "why", json_of_text(list.of[i].why));
		json_array_append_new(all, o);
	}
	suggestions_clear(&list);
	return all;
}

json_t *profile_data_json(const struct dataset *data)
{
	json_t *o = json_object();

	json_put(o, "path", json_of_text(source_path(data->source)));
	json_put(o, "rows", json_of_count(data->found->rows));
	json_put(o, "columns", json_of_count(data->found->columns));
	json_put(o, "bytes", json_of_count(source_bytes(data->source)));
	return o;
}

bool profile_json(const struct dataset *data, FILE *out, struct err *err)
{
	struct header_faults names = source_header_faults(data->source);
	json_t *o = json_object(), *columns = json_array();

	json_put(o, "gemba", json_of_text(PACKAGE_VERSION));
	json_put(o, "data", profile_data_json(data));
	json_put(o, "found", findings_json(data->source));
	json_put(o, "empty_names", json_of_count(names.empty));
	json_put(o, "repeated_names", json_of_count(names.repeated));
	json_put(o, "duplicates", json_of_count(data->duplicates));
	json_put(o, "ragged", json_of_count(data->found->ragged));
	for (size_t i = 0; i < data->found->columns; i++)
		json_array_append_new(columns, column_json(data, i));
	json_put(o, "columns", columns);
	json_put(o, "suggestions", suggestions_json(data));
	put_faults(o, data);
	return json_write(o, out, err);
}
