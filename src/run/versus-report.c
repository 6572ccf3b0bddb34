/*
 * versus-report.c - two results side by side, for people and for programs
 */
#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "run/print.h"
#include "run/versus.h"

/* ---- text ---- */

static void put(FILE *out, const struct versus *v, double x)
{
	if (isnan(x))
		fprintf(out, " %10s", "-");
	else
		fprintf(out, v->numbers ? " %10.5g" : " %10.4f", x);
}

static void line(FILE *out, const struct versus *v, const char *name,
		 const struct difference *d)
{
	fprintf(out, "  %-24s", name);
	put(out, v, d->a);
	put(out, v, d->b);
	put(out, v, d->b - d->a);
	if (d->of.by != BY_NOTHING)
		fprintf(out, v->numbers ? "   95 %%: %.4g to %.4g, %s" :
			"   95 %%: %.4f to %.4f, %s", d->of.low, d->of.high,
			interval_name[d->of.by]);
	else if (d->of.why)
		fprintf(out, "   %s", d->of.why);
	fputc('\n', out);
}

static void of_rows(FILE *out, const struct versus *v)
{
	const struct mcnemar *m = &v->mcnemar;

	if (!v->numbers)
		fprintf(out, "  %-24s %10zu %10zu %10s   p %.3g, McNemar%s\n",
			"right by that one alone", m->only_a, m->only_b, "",
			m->p, m->exact ? ", exact" : "");
	if (v->folds && !isnan(v->t))
		fprintf(out, "  %zu folds: mean difference of %s %.4f   "
			"95 %%: %.4f to %.4f, corrected t %.3g, p %.3g\n",
			v->folds, v->numbers ? "r2" : "accuracy", v->mean,
			v->low, v->high, v->t, v->p);
	else if (v->folds)
		fprintf(out, "  %zu folds: their differences do not vary\n",
			v->folds);
}

void versus_text(const struct versus *v, FILE *out)
{
	const char *name, *key;
	const struct difference *d;
	char *words = versus_words(v), a[24], b[24];

	fprintf(out, "\nrun %d: ", v->b);
	print_left(out, v->name_b, 0);
	fprintf(out, "; against run %d: ", v->a);
	print_left(out, v->name_a, 0);
	if (!v->why)
		fprintf(out, "; on the same %zu test rows", v->n);
	snprintf(a, sizeof(a), "run %d", v->a);
	snprintf(b, sizeof(b), "run %d", v->b);
	fprintf(out, "\n  %-24s %10s %10s %10s\n", "", a, b, "difference");
	for (size_t k = 0; (d = versus_nth(v, k, &name, &key)); k++)
		line(out, v, name, d);
	if (!v->why)
		of_rows(out, v);
	fprintf(out, "  %s", words);
	if (v->verdict != VERDICT_NONE)
		fprintf(out, ", in %s", versus_rank_name(v));
	fputc('\n', out);
	free(words);
}

/* ---- JSON ---- */

static json_t *difference_json(const struct difference *d)
{
	json_t *o = json_object();

	json_put(o, "a", json_of_number(d->a));
	json_put(o, "b", json_of_number(d->b));
	json_put(o, "difference", json_of_number(d->b - d->a));
	json_put(o, "low", json_of_number(d->of.low));
	json_put(o, "high", json_of_number(d->of.high));
	json_put(o, "by", json_of_text(interval_name[d->of.by]));
	return o;
}

static json_t *mcnemar_json(const struct mcnemar *m)
{
	json_t *o = json_object();

	json_put(o, "only_a", json_of_count(m->only_a));
	json_put(o, "only_b", json_of_count(m->only_b));
	json_put(o, "exact", json_boolean(m->exact));
	json_put(o, "p", json_of_number(m->p));
	return o;
}

static json_t *folds_json(const struct versus *v)
{
	json_t *o = json_object();

	json_put(o, "folds", json_of_count(v->folds));
	json_put(o, "of", json_of_text(v->numbers ? "r2" : "accuracy"));
	json_put(o, "mean", json_of_number(v->mean));
	json_put(o, "t", json_of_number(v->t));
	json_put(o, "p", json_of_number(v->p));
	json_put(o, "low", json_of_number(v->low));
	json_put(o, "high", json_of_number(v->high));
	return o;
}

json_t *versus_json(const struct versus *v)
{
	static const char *const verdict[] = { NULL, "noise", "better",
					       "worse" };
	json_t *o = json_object(), *measures = json_object();
	const struct difference *d;
	const char *name, *key;

	json_put(o, "a", json_integer(v->a));
	json_put(o, "b", json_integer(v->b));
	json_put(o, "verdict", json_of_text(verdict[v->verdict]));
	json_put(o, "by", json_of_text(versus_rank_name(v)));
	json_put(o, "why", json_of_text(v->why));
	json_put(o, "rows", v->why ? json_null() : json_of_count(v->n));
	for (size_t k = 0; (d = versus_nth(v, k, &name, &key)); k++)
		json_put(measures, key, difference_json(d));
	json_put(o, "measures", measures);
	json_put(o, "mcnemar", v->why || v->numbers ? json_null() :
		 mcnemar_json(&v->mcnemar));
	json_put(o, "corrected_t", v->folds ? folds_json(v) : json_null());
	return o;
}
