#include "run/report.h"

#include <jansson.h>
#include <math.h>

#include "base/json.h"
#include "run/profile.h"
#include "run/report-explain.h"
#include "run/report-judge.h"
#include "run/tune.h"
#include "run/versus.h"

/* ---- what the data are ---- */

/* "impute", "impute.2" */
static json_t *name_json(const struct ledger *l, size_t i)
{
	struct rule_use use = { .rule = l->of[i].rule,
				.number = l->of[i].number };
	char name[RULE_NAME];

	return json_of_text(rule_use_name(&use, name));
}

static json_t *dropped_json(const struct ledger *l)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->rules; i++) {
		json_t *o;

		if (!l->of[i].on || !l->of[i].drops)
			continue;
		o = json_object();
		json_put(o, "rule", name_json(l, i));
		json_put(o, "rows", json_of_count(l->of[i].effect.rows));
		json_array_append_new(all, o);
	}
	return all;
}

/* Rows that a rule takes or changes, by class of the target. */
static json_t *by_class_json(const struct ledger *l, const struct effect *e)
{
	json_t *o = json_object();

	for (size_t k = 0; k < l->classes; k++)
		json_put(o, l->class_name[k], json_of_count(e->class[k]));
	return o;
}

/* What each rule does, or would do: rules whose effect was counted. */
static json_t *rules_json(const struct ledger *l)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->rules; i++) {
		const struct effect *e = &l->of[i].effect;
		char text[UNEVEN_TEXT];
		json_t *o;

		if (!e->known)
			continue;
		o = json_object();
		json_put(o, "rule", name_json(l, i));
		json_put(o, "on", json_boolean(l->of[i].on));
		json_put(o, "rows", json_of_count(e->rows));
		json_put(o, "cells", json_of_count(e->cells));
		json_put(o, "columns", json_of_count(e->columns));
		if (l->classes)
			json_put(o, "classes", by_class_json(l, e));
		if (l->of[i].rule->repeats && l->classes)
			json_put(o, "contrary", json_of_count(e->contrary));
		if (effect_uneven(l, i, text))
			json_put(o, "uneven", json_of_text(text));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *rows_json(const struct ledger *l)
{
	json_t *o = json_object();

	json_put(o, "read", json_of_count(l->read));
	json_put(o, "used", json_of_count(l->used));
	/* With folds each of these has its own; see the runs. */
	json_put(o, "train", l->folds ? json_null() : json_of_count(l->train));
	json_put(o, "test", l->folds ? json_null() : json_of_count(l->test));
	json_put(o, "gap", l->folds ? json_null() : json_of_count(l->gap));
	if (l->folds) {
		json_put(o, "folds", json_of_count(l->folds));
		json_put(o, "tested", json_of_count(l->tested));
		json_put(o, "never_tested", json_of_count(l->untested));
	}
	json_put(o, "dropped", dropped_json(l));
	json_put(o, "rules", rules_json(l));
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
			json_put(o, v->table[i].name, json_null());
		else if (type == OPTION_WHOLE)
			json_put(o, v->table[i].name,
			    json_integer((json_int_t)v->number[i]));
		else if (type == OPTION_NUMBER)
			json_put(o, v->table[i].name,
				 json_of_number(v->number[i]));
		else
			json_put(o, v->table[i].name, json_of_text(v->text[i]));
	}
	return o;
}

static json_t *seconds_json(const struct result *r)
{
	json_t *o = json_object();

	json_put(o, "read", json_of_number(r->seconds_read));
	json_put(o, "clean", json_of_number(r->seconds_clean));
	json_put(o, "fit", json_of_number(r->seconds_fit));
	json_put(o, "evaluate", json_of_number(r->seconds_evaluate));
	return o;
}

static void put_average(json_t *o, const struct class_metrics *c)
{
	json_put(o, "precision", json_of_number(c->precision));
	json_put(o, "recall", json_of_number(c->recall));
	json_put(o, "f1", json_of_number(c->f1));
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

		json_put(o, "class", json_of_text(r->class_name[k]));
		put_average(o, &r->test.class_of[k]);
		json_put(o, "support",
			 json_of_count(r->test.class_of[k].support));
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
			json_array_append_new(row, json_of_count(
				m->confusion[i * m->classes + k]));
		json_array_append_new(all, row);
	}
	return all;
}

static json_t *numbers_json(const struct number_metrics *m, size_t measures)
{
	json_t *o = json_object();

	for (size_t k = 0; k < measures; k++)
		json_put(o, number_measure[k].key, json_of_number(m->of[k]));
	return o;
}

/* Of a measure that has none: null, and why. */
static json_t *interval_json(const struct interval *i)
{
	json_t *o = json_object();

	json_put(o, "low", json_of_number(i->low));
	json_put(o, "high", json_of_number(i->high));
	json_put(o, "by", json_of_text(interval_name[i->by]));
	if (i->why)
		json_put(o, "why", json_of_text(i->why));
	return o;
}

static json_t *class_intervals_json(const struct result *r)
{
	json_t *o = json_object();

	for (int k = 0; k < CLASS_MEASURES; k++)
		json_put(o, class_measure[k].key,
			 interval_json(&r->interval[k]));
	return o;
}

static json_t *number_intervals_json(const struct result *r)
{
	json_t *o = json_object();

	for (int k = 0; k <= NUMBER_MAE; k++)
		json_put(o, number_measure[k].key,
			 interval_json(&r->regression.interval[k]));
	return o;
}

static json_t *class_baseline_json(const struct result *r)
{
	json_t *o = json_object();

	for (int k = 0; k < CLASS_MEASURES; k++)
		json_put(o, class_measure[k].key, json_of_number(
			 result_baseline(r, (enum class_measure)k)));
	return o;
}

static json_t *classes_test_json(const struct result *r)
{
	const struct metrics *m = &r->test;
	json_t *o = json_object();

	json_put(o, "accuracy", json_of_number(m->accuracy));
	json_put(o, "balanced_accuracy", json_of_number(m->balanced_accuracy));
	json_put(o, "mcc", json_of_number(m->mcc));
	json_put(o, "kappa", json_of_number(m->kappa));
	json_put(o, "auc", json_of_number(m->auc));
	json_put(o, "average_precision", json_of_number(m->average_precision));
	json_put(o, "log_loss", json_of_number(m->log_loss));
	json_put(o, "brier", json_of_number(m->brier));
	json_put(o, "macro", average_json(&m->macro));
	json_put(o, "weighted", average_json(&m->weighted));
	json_put(o, "classes", classes_json(r));
	json_put(o, "confusion", confusion_json(m));
	json_put(o, "intervals", class_intervals_json(r));
	return o;
}

static void put_measures(json_t *o, const struct result *r)
{
	json_t *test;

	if (r->task == TASK_REGRESSION) {
		json_put(o, "baseline", numbers_json(&r->regression.baseline,
						     NUMBER_MAE + 1));
		json_put(o, "train", numbers_json(&r->regression.train,
						  NUMBER_MEASURES));
		test = numbers_json(&r->regression.test, NUMBER_MEASURES);
		json_put(test, "intervals", number_intervals_json(r));
		json_put(o, "test", test);
		return;
	}
	json_put(o, "baseline", class_baseline_json(r));
	json_put(o, "train",
		 json_with("accuracy", json_of_number(r->train_accuracy)));
	json_put(o, "test", classes_test_json(r));
	put_judged(o, r);
}

static json_t *fold_json(const struct result *r, const struct fold_score *f)
{
	bool numbers = r->task == TASK_REGRESSION;
	const char *score = numbers ? "r2" : "accuracy";
	json_t *o = json_object();

	json_put(o, "train", json_of_count(f->train));
	json_put(o, "test", json_of_count(f->test));
	json_put(o, "gap", json_of_count(f->gap));
	json_put(o, "later", json_of_count(f->later));
	json_put(o, score, json_of_number(f->score));
	if (numbers)
		json_put(o, "rmse", json_of_number(f->rmse));
	json_put(o, numbers ? "train_r2" : "train_accuracy",
		 json_of_number(f->in_training));
	json_put(o, numbers ? "baseline_r2" : "baseline_accuracy",
		 json_of_number(f->baseline));
	json_put(o, "converged", json_boolean(f->converged));
	return o;
}

static void put_folds(json_t *o, const struct result *r)
{
	json_t *all = json_array(), *sum = json_object();

	for (size_t i = 0; i < r->folds; i++)
		json_array_append_new(all, fold_json(r, &r->fold[i]));
	json_put(o, "folds", all);
	json_put(sum, "of", json_of_text(r->task == TASK_REGRESSION ? "r2"
						: "accuracy"));
	json_put(sum, "mean", json_of_number(r->fold_mean));
	json_put(sum, "sd", json_of_number(r->fold_sd));
	json_put(sum, "folds", json_of_count(r->folds));
	json_put(o, "cross_validation", sum);
}

/* That which weight j speaks for; importances speak for all classes. */
static const char *class_of_weight(const struct result *r, size_t j)
{
	if (r->sets > 1)
		return r->class_name[j / r->weights];
	return r->classes == 2 ? r->class_name[1] : NULL;
}

static json_t *weights_json(const struct result *r)
{
	json_t *all = json_array();

	for (size_t j = 0; j < r->sets * r->weights; j++) {
		const struct weight *w = &r->weight[j];
		json_t *o = json_object();

		json_put(o, "feature", json_of_text(w->feature));
		json_put(o, "class", json_of_text(class_of_weight(r, j)));
		json_put(o, "raw", json_of_number(w->raw));
		json_put(o, "standardized", json_of_number(r->importance ? NAN
						: w->standardized));
		json_put(o, "std_error", json_of_number(w->std_error));
		json_put(o, "p", json_of_number(w->p));
		if (!r->importance)
			report_weight_json(o, r, w);
		if (r->importance)
			json_put(o, "importance",
				 json_of_number(w->standardized));
		if (w->reference)
			json_put(o, "reference", json_of_text(w->reference));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *learned_json(const struct learned *l)
{
	json_t *o = json_object();

	for (size_t i = 0; i < l->numbers; i++)
		json_put(o, l->number[i].name,
			 json_of_number(l->number[i].value));
	if (l->text)
		json_put(o, "text", json_of_text(l->text));
	if (l->levels)
		json_put(o, "levels", json_of_texts(l->level, l->levels));
	return o;
}

static json_t *treatments_json(const struct lessons *lessons)
{
	json_t *all = json_array();

	for (size_t i = 0; i < lessons->n; i++) {
		const struct learned *l = &lessons->of[i];
		json_t *o = json_object();

		json_put(o, "column", json_of_text(l->column));
		json_put(o, "rule", json_of_text(l->rule));
		json_put(o, "learned", learned_json(l));
		json_array_append_new(all, o);
	}
	return all;
}

/* One, or one for each class. */
static void put_intercepts(json_t *o, const struct result *r)
{
	json_t *trained = json_array(), *raw = json_array();

	for (size_t k = 0; k < r->sets && r->intercepts; k++) {
		json_array_append_new(trained,
				      json_of_number(r->intercepts[2 * k]));
		json_array_append_new(raw, json_of_number(
						r->intercepts[2 * k + 1]));
	}
	json_put(o, "intercept", trained);
	if (r->intercepts) {
		json_put(o, "intercept_raw", raw);
		return;
	}
	json_decref(raw);
	json_array_append_new(trained, json_of_number(r->intercept));
	json_put(o, "intercept_raw", json_of_number(r->intercept_raw));
}

static json_t *run_json(const struct result *r)
{
	json_t *o = json_object();

	json_put(o, "path", json_of_text(r->path));
	json_put(o, "method", json_of_text(r->method->name));
	json_put(o, "options", options_json(&r->options));
	json_put(o, "target", json_of_text(r->target));
	json_put(o, "task", json_of_text(task_name[r->task]));
	json_put(o, "features", json_of_texts(r->feature, r->features));
	json_put(o, "rows", rows_json(&r->ledger));
	json_put(o, "treatments", treatments_json(&r->lessons));
	json_put(o, "seconds", seconds_json(r));
	json_put(o, "converged", json_boolean(r->converged));
	json_put(o, "iterations", json_of_count(r->iterations));
	json_put(o, "note", json_of_text(r->note));
	put_measures(o, r);
	if (r->goodness.known)
		json_put(o, "fit", goodness_json(&r->goodness));
	if (r->folds_wanted)
		put_folds(o, r);
	if (r->tuned)
		json_put(o, "tune", tuned_json(r->tuned));
	put_intercepts(o, r);
	json_put(o, "intercept_std_error",
		 json_of_number(r->intercept_error));
	json_put(o, "intercept_p", json_of_number(r->intercept_p));
	json_put(o, "weights", weights_json(r));
	if (r->explained)
		report_explained_json(o, r);
	if (r->model_json)
		json_put(o, r->model_name, json_loads(r->model_json, 0, NULL));
	return o;
}

/* With folds one after the other, and of each row which it was, from 1. */
static json_t *test_folds_json(const struct result *r)
{
	json_t *all = json_array();

	for (size_t i = 0; i < r->folds; i++)
		for (size_t k = 0; k < r->fold[i].test; k++)
			json_array_append_new(all, json_of_count(i + 1));
	return all;
}

/* What was told of test row i: a number, or one for each class. */
static json_t *told_json(const struct result *r, size_t i)
{
	json_t *of;

	if (r->classes <= 2)
		return json_of_number(r->told[i]);
	of = json_array();
	for (size_t k = 0; k < r->classes; k++)
		json_array_append_new(of, json_of_number(
					r->told[i * r->classes + k]));
	return of;
}

/* Test rows and what was told of them: those of the newest run. */
static void rows_emit(json_t *o, const struct result *r)
{
	json_t *rows = json_array(), *told = json_array();
	json_t *probability = json_array();

	for (size_t i = 0; i < r->test_rows.n; i++) {
		json_array_append_new(rows, json_of_count(r->test_rows.row[i]));
		json_array_append_new(r->predicted ? probability : told,
				      told_json(r, i));
		if (r->predicted)
			json_array_append_new(told, json_of_text(
				r->class_name[result_told(r, i)]));
	}
	json_put(o, "test_rows", rows);
	if (r->folds_wanted)
		json_put(o, "test_folds", test_folds_json(r));
	json_put(o, "predictions", told);
	if (r->predicted)
		json_put(o, "probabilities", probability);
	else
		json_decref(probability);
}

/* ---- guards ---- */

/* What was counted, and what a trial has measured. */
static json_t *effect_json(const struct warning *f)
{
	json_t *o = json_object();

	if (f->of) {
		json_put(o, "count", json_of_count(f->count));
		json_put(o, "of", json_of_count(f->of));
	}
	if (f->score) {
		json_put(o, "score", json_of_text(f->score));
		json_put(o, "now", json_of_number(f->now));
		json_put(o, "then", json_of_number(f->then));
		json_put(o, "instead", json_of_text(f->instead));
		json_put(o, "rows", f->rows ? json_of_count(f->rows)
					    : json_null());
		json_put(o, "with", f->with ? json_of_text(f->with)
					    : json_null());
	}
	return o;
}

static json_t *guards_json(const struct findings *found)
{
	json_t *all = json_array();

	for (size_t i = 0; found && i < found->n; i++) {
		const struct warning *f = &found->of[i];
		json_t *o = json_object();

		json_put(o, "code", json_of_text(f->guard->code));
		json_put(o, "proposal", json_boolean(f->proposal));
		json_put(o, "text", json_of_text(f->text));
		json_put(o, "effect", effect_json(f));
		json_put(o, "remedy", json_of_text(f->remedy));
		json_put(o, "see", json_of_text(f->see));
		json_array_append_new(all, o);
	}
	return all;
}

/* ---- the whole ---- */

static json_t *derived_json(const struct settings *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->derived_n; i++) {
		json_t *o = json_with("column",
				      json_of_text(s->derived[i].name));

		json_put(o, "expression",
			 json_of_text(s->derived[i].expression));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *versuses_json(const struct report *report)
{
	json_t *all = json_array();

	for (size_t i = 0; i < report->versuses; i++)
		json_array_append_new(all, versus_json(report->versus[i]));
	return all;
}

bool report_json(const struct report *report, FILE *out, struct err *err)
{
	json_t *o = json_object(), *runs = json_array();
	const struct result *last = report->results
		? report->result[report->results - 1] : NULL;

	json_put(o, "gemba", json_of_text(PACKAGE_VERSION));
	json_put(o, "data", profile_data_json(report->data));
	json_put(o, "derived", derived_json(report->settings));
	json_put(o, "rows", rows_json(last ? &last->ledger : report->ledger));
	if (last) {
		json_put(o, "target", json_of_text(last->target));
		json_put(o, "task", json_of_text(task_name[last->task]));
		json_put(o, "classes",
			 json_of_texts(last->class_name, last->classes));
		json_put(o, "features",
			 json_of_texts(last->feature, last->features));
	}
	for (size_t i = 0; i < report->results; i++)
		json_array_append_new(runs, run_json(report->result[i]));
	json_put(o, "runs", runs);
	json_put(o, "comparisons", versuses_json(report));
	json_put(o, "guards", guards_json(report->guards));
	if (last && last->emit)
		rows_emit(o, last);
	if (last && report->settings->emit_curves)
		json_put(o, "curves", curves_json(last));
	return json_write(o, out, err);
}
