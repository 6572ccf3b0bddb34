/*
 * bayes-print.c - a naive Bayes model as text and as JSON
 */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "learn/bayes.h"

/* Columns of classes, features and levels of one that a report shows. */
enum { CLASSES_SHOWN = 6, FEATURES_SHOWN = 40, LEVELS_SHOWN = 8 };
enum { NAME_WIDTH = 28, CELL_WIDTH = 12 };

static void put_name(FILE *out, const char *name, char between,
		     const char *what)
{
	char text[256], safe[120], also[96];
	size_t used, bytes;

	text_safe(safe, sizeof(safe), name, strlen(name));
	text_safe(also, sizeof(also), what, strlen(what));
	snprintf(text, sizeof(text), "%s%c%s", safe, between, also);
	bytes = text_fit(text, NAME_WIDTH, &used);
	fprintf(out, "  %.*s%*s", (int)bytes, text, (int)(NAME_WIDTH - used),
		"");
}

static size_t shown(const struct bayes *b)
{
	return b->classes < CLASSES_SHOWN ? b->classes : CLASSES_SHOWN;
}

static void put_head(const struct bayes *b, char *const *class_name, FILE *out)
{
	put_name(out, "", ' ', "");
	for (size_t k = 0; k < shown(b); k++) {
		char safe[96];
		size_t used, bytes;

		text_safe(safe, sizeof(safe), class_name[k],
			  strlen(class_name[k]));
		bytes = text_fit(safe, CELL_WIDTH - 1, &used);
		fprintf(out, "%*s%.*s", (int)(CELL_WIDTH - used), "",
			(int)bytes, safe);
	}
	fputs(b->classes > CLASSES_SHOWN ? "  ...\n" : "\n", out);
}

static double mean_of(const struct bayes_feature *f, size_t k)
{
	return f->shift + f->scale * (f->centre + f->half * f->mean[k]);
}

static double sd_of(const struct bayes_feature *f, size_t k)
{
	return fabs(f->scale) * f->half * sqrt(0.5 / f->slope[k]);
}

static void put_number(const struct bayes *b, const struct bayes_feature *f,
		       FILE *out)
{
	put_name(out, f->name, ' ', "mean");
	for (size_t k = 0; k < shown(b); k++)
		fprintf(out, "%*.6g", CELL_WIDTH, mean_of(f, k));
	fputc('\n', out);
	put_name(out, "", ' ', " sd");
	for (size_t k = 0; k < shown(b); k++)
		fprintf(out, "%*.4g", CELL_WIDTH, sd_of(f, k));
	fputc('\n', out);
}

static void put_levels(const struct bayes *b, const struct bayes_feature *f,
		       FILE *out)
{
	size_t lines = 0;

	for (size_t v = 0; v < f->levels; v++) {
		if (!f->seen[v])
			continue;
		if (lines++ == LEVELS_SHOWN) {
			fputs("    ...\n", out);
			return;
		}
		put_name(out, f->name, '=', f->level[v]);
		for (size_t k = 0; k < shown(b); k++)
			fprintf(out, "%*.4f", CELL_WIDTH,
				exp(f->share[v * b->classes + k]));
		fputc('\n', out);
	}
}

void bayes_draw(const struct model *model, char *const *class_name, FILE *out)
{
	const struct bayes *b = model->state;

	fprintf(out, "  naive Bayes: numbers by mean and deviation in each "
		"class, levels by their share\n");
	put_head(b, class_name, out);
	put_name(out, "share beforehand", ' ', "");
	for (size_t k = 0; k < shown(b); k++)
		fprintf(out, "%*.4f", CELL_WIDTH, exp(b->prior[k]));
	fputc('\n', out);
	for (size_t j = 0; j < b->p && j < FEATURES_SHOWN; j++) {
		const struct bayes_feature *f = &b->feature[j];

		if (!f->learned || !f->told) {
			put_name(out, f->name, ' ', "says nothing");
			fputc('\n', out);
		} else if (f->share) {
			put_levels(b, f, out);
		} else {
			put_number(b, f, out);
		}
	}
	if (b->p > FEATURES_SHOWN)
		fprintf(out, "  and %zu features more\n",
			b->p - FEATURES_SHOWN);
}

/* ---- JSON ---- */

static void put_value(json_t *array, double x)
{
	json_array_append_new(array, json_of_number(x));
}

static json_t *number_json(const struct bayes *b, const struct bayes_feature *f,
			   bool sd)
{
	json_t *array = json_array();

	for (size_t k = 0; k < b->classes; k++)
		put_value(array, sd ? sd_of(f, k) : mean_of(f, k));
	return array;
}

static json_t *levels_json(const struct bayes *b, const struct bayes_feature *f)
{
	json_t *levels = json_array();

	for (size_t v = 0; v < f->levels; v++) {
		json_t *o = json_object(), *shares = json_array();

		for (size_t k = 0; k < b->classes; k++)
			put_value(shares, exp(f->share[v * b->classes + k]));
		json_object_set_new(o, "level", json_of_text(f->level[v]));
		json_object_set_new(o, "shares", shares);
		if (f->seen[v])
			json_array_append_new(levels, o);
		else
			json_decref(o);
	}
	return levels;
}

/* Shares and moments are in the order of the classes. */
json_t *bayes_json(const struct model *model, char *const *class_name)
{
	const struct bayes *b = model->state;
	json_t *prior = json_array(), *features = json_array();

	(void)class_name;
	for (size_t k = 0; k < b->classes; k++)
		put_value(prior, exp(b->prior[k]));
	for (size_t j = 0; j < b->p; j++) {
		const struct bayes_feature *f = &b->feature[j];
		json_t *o = json_object();

		json_object_set_new(o, "feature", json_of_text(f->name));
		if (f->learned && f->told && f->share)
			json_object_set_new(o, "levels", levels_json(b, f));
		if (f->learned && f->told && !f->share) {
			json_object_set_new(o, "mean",
					    number_json(b, f, false));
			json_object_set_new(o, "sd", number_json(b, f, true));
		}
		json_array_append_new(features, o);
	}
	return json_pack("{s:o, s:o}", "prior", prior, "features", features);
}
