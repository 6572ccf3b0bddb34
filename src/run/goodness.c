#include "run/goodness.h"

#include <math.h>

#include "base/sum.h"
#include "learn/student.h"
#include "base/json.h"

/* sum (a - b)^2; b is one number for all where step is 0. */
static double squares(const double *a, const double *b, size_t step, size_t n)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < n; i++) {
		double d = a[i] - b[i * step];

		sum_add(&sum, d * d);
	}
	return sum_of(&sum);
}

static double mean_of(const double *y, size_t n)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < n; i++)
		sum_add(&sum, y[i]);
	return sum_of(&sum) / (double)n;
}

static void measure_numbers(struct goodness *g, const struct truth *train,
			    const double *told)
{
	double n = (double)train->n, k = (double)g->features;
	bool free = n - g->df > k;
	double level = free ? mean_of(train->number, train->n) : 0;
	double all = squares(train->number, &level, 0, train->n);
	double left = squares(train->number, told, 1, train->n);

	g->residual_sd = sqrt(left / g->df);
	g->r2 = 1 - left / all;
	g->adjusted_r2 = 1 - left / all * (n - free) / g->df;
	g->f = (all - left) / k / (left / g->df);
	g->f_p = fisher_p(g->f, k, g->df);
	g->aic = n * (log(2 * acos(-1)) + log(left / n) + 1) +
		 2 * (k + free + 1);
	g->bic = g->aic + (log(n) - 2) * (k + free + 1);
}

static void measure_classes(struct goodness *g, const struct truth *train,
			    const double *told)
{
	double n = (double)train->n, q = n - g->df, positive = 0;
	struct sum sum = { 0 };

	for (size_t i = 0; i < train->n; i++) {
		positive += train->class_of[i];
		sum_add(&sum, train->class_of[i] ? log(told[i])
						 : log1p(-told[i]));
	}
	g->deviance = -2 * sum_of(&sum);
	g->null_deviance = -2 * (positive * log(positive / n) +
				 (n - positive) * log1p(-positive / n));
	g->aic = g->deviance + 2 * q;
	g->bic = g->deviance + q * log(n);
}

void goodness_measure(struct goodness *g, const struct model *model,
		      const struct truth *train, const double *told)
{
	*g = (struct goodness){ .task = model->task, .features = model->p };
	if (model->kind || model->sets != 1 || !model->std_error ||
	    model->p == 0)
		return;
	g->known = true;
	/* Of classes df is that of a z, and there always is an intercept. */
	g->df = isfinite(model->df) ? model->df :
		(double)train->n - (double)model->p - 1;
	if (train->number)
		measure_numbers(g, train, told);
	else
		measure_classes(g, train, told);
}

/* ---- for those who read it ---- */

static void put(FILE *out, const char *name, double x)
{
	if (isfinite(x))
		fprintf(out, "  %-24s %10.6g", name, x);
	else
		fprintf(out, "  %-24s %10s", name, "-");
}

static void report_numbers(const struct goodness *g, FILE *out)
{
	put(out, "residual deviation", g->residual_sd);
	fprintf(out, "   %g degrees of freedom\n", g->df);
	put(out, "adjusted r2", g->adjusted_r2);
	fputc('\n', out);
	put(out, "F", g->f);
	fprintf(out, "   on %zu and %g, p %.4g\n", g->features, g->df,
		g->f_p);
}

void goodness_report(const struct goodness *g, FILE *out)
{
	if (!g->known)
		return;
	if (g->task == TASK_REGRESSION) {
		report_numbers(g, out);
	} else {
		put(out, "deviance", g->deviance);
		fprintf(out, "   %.6g without features\n", g->null_deviance);
	}
	put(out, "aic", g->aic);
	fprintf(out, "   bic %.6g\n", g->bic);
}

json_t *goodness_json(const struct goodness *g)
{
	json_t *o = json_object();

	json_put(o, "df", json_of_number(g->df));
	if (g->task == TASK_REGRESSION) {
		json_put(o, "residual_sd", json_of_number(g->residual_sd));
		json_put(o, "r2", json_of_number(g->r2));
		json_put(o, "adjusted_r2", json_of_number(g->adjusted_r2));
		json_put(o, "f", json_of_number(g->f));
		json_put(o, "f_features", json_of_count(g->features));
		json_put(o, "f_p", json_of_number(g->f_p));
	} else {
		json_put(o, "deviance", json_of_number(g->deviance));
		json_put(o, "null_deviance", json_of_number(g->null_deviance));
	}
	json_put(o, "aic", json_of_number(g->aic));
	json_put(o, "bic", json_of_number(g->bic));
	return o;
}
