#include "run/report-intervals.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "run/print.h"

void report_interval(FILE *out, const struct interval *i, double baseline,
		     bool share)
{
	const char *fmt[] = { "   95 %%: %.4g to %.4g",
			      "   95 %%: %.4f to %.4f" };

	if (i->by != BY_NOTHING)
		fprintf(out, fmt[share], i->low, i->high);
	else if (i->why)
		fprintf(out, "   95 %%: none, %s", i->why);
	if (!isnan(baseline))
		fprintf(out, share ? ", baseline %.4f" : ", baseline %.4g",
			baseline);
}

/* Once for all of them, "accuracy by Wilson; auc by DeLong", the bootstrap's
 * on a line of their own. */
static void name_methods(FILE *out, const struct interval *of, size_t n,
			 const char *(*name)(size_t k))
{
	bool any = false;

	for (int by = BY_WILSON; by <= BY_DELTA; by++) {
		bool here = false;

		for (size_t k = 0; k < n; k++) {
			if (of[k].by != (enum interval_by)by)
				continue;
			fprintf(out, "%s%s", here ? ", " : !any ? "  95 %: " :
				by == BY_BOOTSTRAP ? ";\n        " : "; ",
				name(k));
			here = any = true;
		}
		if (here)
			fprintf(out, " by %s", interval_name[by]);
	}
	if (any)
		fputc('\n', out);
}

static const char *number_name(size_t k)
{
	return number_measure[k].name;
}

static const char *class_measure_name(size_t k)
{
	return class_measure[k].name;
}

/* Why accuracy is not the first. */
static void say_uneven(const struct result *r, FILE *out)
{
	double share;
	size_t k;

	if (r->classes != 2 || !result_uneven(r, &k, &share))
		return;
	fprintf(out, "  ! %.1f %% say ", 100 * share);
	print_left(out, r->class_name[k], 0);
	fputs(": accuracy hides ", out);
	print_left(out, r->class_name[!k], 0);
	fputs(", so recall and mcc lead\n", out);
}

void report_methods(const struct result *r, FILE *out)
{
	if (r->task == TASK_REGRESSION) {
		name_methods(out, r->regression.interval, NUMBER_MEASURES,
			     number_name);
		return;
	}
	name_methods(out, r->interval, CLASS_MEASURES, class_measure_name);
	say_uneven(r, out);
}

/* A measure of two classes with its interval and its baseline. */
static void class_measure_line(const struct result *r,
			       enum class_measure which, FILE *out)
{
	const struct class_measure_about *about = &class_measure[which];
	double x = metrics_measure(&r->test, which);
	char *name = about->of_class && r->classes > 2 ?
		     mem_printf("macro %s", about->name) : about->of_class ?
		     mem_printf("%s of %s", about->name,
				r->class_name[r->classes - 1]) :
		     mem_strdup(about->name);

	fputs("  ", out);
	print_left(out, name, 24);
	fprintf(out, isnan(x) ? " %10s" : " ", "-");
	if (!isnan(x))
		fprintf(out, "%10.4f", x);
	report_interval(out, &r->interval[which], result_baseline(r, which),
			true);
	fputc('\n', out);
	free(name);
}

/* Where one class is nearly all, accuracy comes last of these and why. */
void report_of_classes(const struct result *r, FILE *out)
{
	static const enum class_measure even[CLASS_MEASURES] = {
		CLASS_ACCURACY, CLASS_BALANCED, CLASS_RECALL, CLASS_PRECISION,
		CLASS_F1, CLASS_MCC, CLASS_AUC
	}, uneven[CLASS_MEASURES] = {
		CLASS_RECALL, CLASS_MCC, CLASS_PRECISION, CLASS_F1, CLASS_AUC,
		CLASS_BALANCED, CLASS_ACCURACY
	};
	bool hides = result_headline(r) != CLASS_ACCURACY;

	fputc('\n', out);
	for (int k = 0; k < CLASS_MEASURES; k++)
		class_measure_line(r, (hides ? uneven : even)[k], out);
}
