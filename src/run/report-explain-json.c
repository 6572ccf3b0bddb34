#include "run/report-explain.h"

#include <math.h>

#include "base/json.h"
#include "run/weights.h"
#include "run/worst.h"

/* ---- weights ---- */

static json_t *odds_json(const struct odds *odds)
{
	json_t *o;

	if (isnan(odds->ratio))
		return json_null();
	o = json_with("ratio", json_of_number(odds->ratio));
	json_put(o, "low", json_of_number(odds->low));
	json_put(o, "high", json_of_number(odds->high));
	return o;
}

void report_weight_json(json_t *o, const struct result *r,
			const struct weight *w)
{
	struct odds unit = weights_odds(r, w, false);
	struct odds range = weights_odds(r, w, true);

	json_put(o, "low", json_of_number(w->low));
	json_put(o, "high", json_of_number(w->high));
	json_put(o, "quartile_range", json_of_number(w->range));
	json_put(o, "iqr", json_of_number(w->per_range));
	json_put(o, "odds_ratio", odds_json(&unit));
	json_put(o, "odds_ratio_iqr", odds_json(&range));
	json_put(o, "vif", isinf(w->vif) ? json_string("infinite")
					 : json_of_number(w->vif));
}

/* ---- what was asked ---- */

static void put_rows(json_t *o, size_t rows, size_t of, bool training)
{
	json_put(o, "rows", json_of_count(rows));
	json_put(o, "of", json_of_count(of));
	json_put(o, "on", json_string(training ? "training" : "test"));
}

static void put_importance(json_t *run, const struct importance *im)
{
	json_t *all = json_array(), *about = json_object();

	for (size_t g = 0; g < im->groups; g++) {
		const struct importance_group *of = &im->group[g];
		json_t *o = json_with("features", json_of_texts(of->column,
								of->columns));

		json_put(o, "drop", json_of_number(of->drop));
		json_put(o, "low", json_of_number(of->low));
		json_put(o, "high", json_of_number(of->high));
		json_array_append_new(all, o);
	}
	json_put(run, "importance", all);
	json_put(about, "score", json_of_text(im->score));
	json_put(about, "now", json_of_number(im->now));
	json_put(about, "repeats", json_of_count(im->repeats));
	put_rows(about, im->rows, im->of, im->training);
	json_put(run, "importance_of", about);
}

/* One number, or one for each class. */
static json_t *outputs_json(const double *x, size_t n)
{
	json_t *all;

	if (n == 1)
		return json_of_number(*x);
	all = json_array();
	for (size_t k = 0; k < n; k++)
		json_array_append_new(all, json_of_number(x[k]));
	return all;
}

static json_t *dependence_json(const struct dependence *d)
{
	json_t *o = json_with("column", json_of_text(d->column));
	json_t *all = json_array();

	put_rows(o, d->rows, d->of, d->training);
	for (size_t i = 0; i < d->points; i++) {
		const struct dependence_point *p = &d->point[i];
		json_t *point = json_with("value", d->category ?
					  json_of_text(p->text)
					  : json_of_number(p->x));

		if (!d->category)
			json_put(point, "text", json_of_text(p->text));
		json_put(point, "share", json_of_number(p->share));
		json_put(point, "rare", json_boolean(p->rare));
		json_put(point, "mean", outputs_json(p->mean, d->outputs));
		json_put(point, "low", json_of_number(p->low));
		json_put(point, "high", json_of_number(p->high));
		json_array_append_new(all, point);
	}
	json_put(o, "points", all);
	return o;
}

static json_t *parts_json(const struct why *w)
{
	json_t *all = json_array();

	for (size_t i = 0; i < w->parts; i++) {
		json_t *o = json_with("column",
				      json_of_text(w->part[i].column));

		json_put(o, "value", json_of_text(w->part[i].value));
		json_put(o, "moved", outputs_json(w->part[i].moved,
						  w->outputs));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *nears_json(const struct why *w)
{
	json_t *all = json_array();

	for (size_t i = 0; i < w->nears; i++) {
		json_t *o = json_with("row",
				      json_of_count(w->near[i].row + 1));

		json_put(o, "distance", json_of_number(w->near[i].distance));
		json_put(o, "truth", json_of_text(w->near[i].truth));
		json_put(o, "differs", json_of_text(w->near[i].differs));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *why_json(const struct result *r, const struct why *w)
{
	json_t *o = json_with("row", json_of_count(w->row + 1));

	json_put(o, "truth", json_of_text(w->truth));
	json_put(o, "of", json_string(w->trained ? "training" : w->tested ?
				      "test" : "neither"));
	json_put(o, "told", outputs_json(w->told, w->outputs));
	if (r->task == TASK_CLASSIFICATION)
		json_put(o, "class",
			 json_of_text(r->class_name[w->told_class]));
	json_put(o, "silent", json_of_text(w->silent));
	if (!w->silent) {
		json_put(o, "unit", json_string(
			 r->task == TASK_REGRESSION ? "target" :
			 !w->odds ? "probability" :
			 w->outputs > 1 ? "score" : "log odds"));
		json_put(o, "base", outputs_json(w->base, w->outputs));
		json_put(o, "score", outputs_json(w->score, w->outputs));
		json_put(o, "parts", parts_json(w));
	}
	json_put(o, "nearest", nears_json(w));
	return o;
}

void report_explained_json(json_t *run, const struct result *r)
{
	const struct explained *e = r->explained;
	json_t *dependence = json_array(), *why = json_array();

	if (e->importance)
		put_importance(run, e->importance);
	if (e->worst)
		json_put(run, "worst", worst_json(r, e->worst));
	for (size_t i = 0; i < e->dependences; i++)
		json_array_append_new(dependence,
				      dependence_json(e->dependence[i]));
	for (size_t i = 0; i < e->whys; i++)
		json_array_append_new(why, why_json(r, e->why[i]));
	if (e->dependences)
		json_put(run, "dependence", dependence);
	else
		json_decref(dependence);
	if (e->whys)
		json_put(run, "why", why);
	else
		json_decref(why);
}
