#include "run/versus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"
#include "learn/student.h"
#include "run/result.h"

/* ---- what can be compared ---- */

static bool same_rows(const struct result *a, const struct result *b)
{
	size_t n = a->test_rows.n;

	return n == b->test_rows.n && n > 0 &&
	       !memcmp(a->test_rows.row, b->test_rows.row,
		       n * sizeof(*a->test_rows.row));
}

static bool same_classes(const struct result *a, const struct result *b)
{
	bool same = a->classes == b->classes;

	for (size_t k = 0; same && k < a->classes; k++)
		same = !strcmp(a->class_name[k], b->class_name[k]);
	return same;
}

/* They tell the same thing: their measures can be read side by side. */
static const char *why_not_beside(const struct result *a,
				  const struct result *b)
{
	return a->task != b->task || strcmp(a->target, b->target) ?
	       "other targets: nothing to compare" :
	       !same_classes(a, b) ? "other classes: nothing to compare" :
	       NULL;
}

static const char *why_not_rows(const struct result *a,
				const struct result *b)
{
	return strcmp(a->path, b->path) || !a->key != !b->key ?
	       "not the same file: chance cannot be told" :
	       !a->told || !b->told ?
	       "the rows of an old run are forgotten: chance cannot be told" :
	       !same_rows(a, b) ?
	       "not the same test rows: chance cannot be told" : NULL;
}

/* ---- row by row ---- */

static uint32_t *told_of(const struct result *r)
{
	uint32_t *told = mem_try(r->test_rows.n, sizeof(*told));

	for (size_t i = 0; told && i < r->test_rows.n; i++)
		told[i] = result_told(r, i);
	return told;
}

static struct difference auc_beside(const struct result *a,
				    const struct result *b)
{
	return (struct difference){ a->test.auc, b->test.auc,
				    interval_none(NULL) };
}

/* auc is compared where it is not known: NULL. */
static bool compare_told(struct versus *v, const struct result *a,
			 const struct result *b,
			 const struct difference *auc, struct err *err)
{
	bool two = a->classes == 2 && !auc, ok;
	struct told_pair pair = {
		.n = v->n, .classes = a->classes, .y = a->class_of,
		.p_a = two ? a->told : NULL, .p_b = two ? b->told : NULL,
	};
	uint32_t *told_a = told_of(a), *told_b = told_of(b);

	pair.a = told_a;
	pair.b = told_b;
	ok = told_a && told_b ?
	     compare_classes(&pair, &v->mcnemar, v->of_class, err) :
	     err_set(err, ERR_NOMEM, "no memory");
	free(told_a);
	free(told_b);
	if (auc)
		v->of_class[CLASS_AUC] = *auc;
	else if (!two)
		v->of_class[CLASS_AUC] = auc_beside(a, b);
	return ok;
}

static void beside(struct versus *v, const struct result *a,
		   const struct result *b)
{
	for (int k = 0; k < CLASS_MEASURES && !v->numbers; k++)
		v->of_class[k] = (struct difference){
			metrics_measure(&a->test, (enum class_measure)k),
			metrics_measure(&b->test, (enum class_measure)k),
			interval_none(NULL)
		};
	for (int k = 0; k < NUMBER_MEASURES && v->numbers; k++)
		v->of_number[k] = (struct difference){
			a->regression.test.of[k], b->regression.test.of[k],
			interval_none(NULL)
		};
}

/* ---- fold by fold ---- */

static bool same_folds(const struct result *a, const struct result *b)
{
	bool same = a->folds == b->folds && a->folds > 1;

	for (size_t i = 0; same && i < a->folds; i++)
		same = a->fold[i].test == b->fold[i].test &&
		       a->fold[i].train == b->fold[i].train;
	return same;
}

static void compare_folds(struct versus *v, const struct result *a,
			  const struct result *b)
{
	double *d = mem_array(a->folds, sizeof(*d)), train = 0, test = 0;
	struct sum sum = { 0 };

	v->folds = a->folds;
	for (size_t i = 0; i < v->folds; i++) {
		d[i] = b->fold[i].score - a->fold[i].score;
		sum_add(&sum, d[i]);
		train += (double)a->fold[i].train;
		test += (double)a->fold[i].test;
	}
	v->mean = sum_of(&sum) / (double)v->folds;
	v->t = compare_corrected_t(d, v->folds, test / train);
	v->p = student_p(v->t, (double)v->folds - 1);
	if (!isnan(v->t) && v->t != 0) {
		double half = fabs(v->mean / v->t) *
			      student_t(0.05, (double)v->folds - 1);

		v->low = v->mean - half;
		v->high = v->mean + half;
	}
	free(d);
}

/* ---- what it comes to ---- */

const struct difference *versus_rank(const struct versus *v)
{
	return v->numbers ? &v->of_number[NUMBER_R2] : &v->of_class[CLASS_MCC];
}

const char *versus_rank_name(const struct versus *v)
{
	return v->numbers ? number_measure[NUMBER_R2].name :
	       class_measure[CLASS_MCC].name;
}

static enum verdict by_rows(const struct versus *v)
{
	const struct difference *d = versus_rank(v);
	const struct mcnemar *m = &v->mcnemar;

	if (d->of.by != BY_NOTHING)
		return d->of.low > 0 ? VERDICT_BETTER :
		       d->of.high < 0 ? VERDICT_WORSE : VERDICT_NOISE;
	if (v->numbers)
		return d->a == d->b ? VERDICT_NOISE : VERDICT_NONE;
	return m->p >= 0.05 ? VERDICT_NOISE :
	       m->only_b > m->only_a ? VERDICT_BETTER : VERDICT_WORSE;
}

static enum verdict verdict_of(const struct versus *v)
{
	enum verdict verdict;

	if (v->why)
		return VERDICT_NONE;
	verdict = by_rows(v);
	if (v->folds && !isnan(v->p) && v->p >= 0.05)
		return VERDICT_NOISE;
	return verdict;
}

static char *name_of(const struct result *r)
{
	char *given = options_format(&r->options, false);
	char *name = mem_printf("%s%s%s, %zu feature%s", r->method->name,
				*given ? " " : "", given, r->features,
				r->features == 1 ? "" : "s");

	free(given);
	return name;
}

static struct versus *held(const struct result *a, const struct result *b,
			   const struct difference *auc)
{
	struct versus *v = mem_new(sizeof(*v));
	struct err err = { 0 };
	bool ok;

	*v = (struct versus){
		.a = a->number, .b = b->number, .name_a = name_of(a),
		.name_b = name_of(b), .classes = a->classes,
		.numbers = a->task == TASK_REGRESSION, .mean = NAN, .t = NAN,
		.p = NAN, .low = NAN, .high = NAN,
	};
	v->why = why_not_beside(a, b);
	if (v->why)
		return v;
	v->told = true;
	v->why = why_not_rows(a, b);
	v->n = a->test_rows.n;
	if (!v->why) {
		ok = v->numbers ?
		     compare_numbers(a->actual, a->told, b->told, v->n,
				     v->of_number, &err) :
		     compare_told(v, a, b, auc, &err);
		v->why = ok ? NULL : "there is no memory to compare them";
	}
	if (v->why)
		beside(v, a, b);
	else if (same_folds(a, b))
		compare_folds(v, a, b);
	v->verdict = verdict_of(v);
	return v;
}

struct versus *versus_new(const struct result *a, const struct result *b)
{
	return held(a, b, NULL);
}

struct versus *versus_brief(const struct result *a, const struct result *b)
{
	const struct difference auc = auc_beside(a, b);

	return held(a, b, &auc);
}

struct versus *versus_again(const struct versus *old, const struct result *a,
			    const struct result *b)
{
	return held(a, b, old->why ? NULL : &old->of_class[CLASS_AUC]);
}

void versus_free(struct versus *v)
{
	if (!v)
		return;
	free(v->name_a);
	free(v->name_b);
	free(v);
}

char *versus_words(const struct versus *v)
{
	switch (v->verdict) {
	case VERDICT_BETTER:
		return mem_printf("run %d is better than run %d", v->b, v->a);
	case VERDICT_WORSE:
		return mem_printf("run %d is worse than run %d", v->b, v->a);
	case VERDICT_NOISE:
		return mem_printf("no difference beyond noise");
	case VERDICT_NONE:
		break;
	}
	return mem_strdup(v->why ? v->why :
			  "too few rows to tell chance from a difference");
}

const struct difference *versus_nth(const struct versus *v, size_t n,
				    const char **name, const char **key)
{
	size_t all = !v->told ? 0 : v->numbers ? NUMBER_MEASURES - 1 :
		     v->classes > INTERVAL_CLASSES && !v->why ? 1 :
		     CLASS_MEASURES;

	if (n >= all)
		return NULL;
	*name = v->numbers ? number_measure[n].name : class_measure[n].name;
	*key = v->numbers ? number_measure[n].key : class_measure[n].key;
	return v->numbers ? &v->of_number[n] : &v->of_class[n];
}
