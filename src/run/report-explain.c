#include "run/report-explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/print.h"
#include "run/weights.h"
#include "run/worst.h"

/* A number in its column; what is not known is a dash. */
static void put(FILE *out, int width, const char *form, double x)
{
	char text[40];

	if (isnan(x))
		snprintf(text, sizeof(text), "-");
	else if (isinf(x))
		snprintf(text, sizeof(text), "infinite");
	else
		snprintf(text, sizeof(text), form, x);
	fprintf(out, " %*s", width, text);
}

/* ---- weights ---- */

static void unit_line(const struct result *r, const struct weight *w,
		      size_t columns, FILE *out)
{
	struct odds odds = weights_odds(r, w, false);

	fputs("  ", out);
	print_left(out, w->feature, columns);
	put(out, 12, "%.6g", w->per_range);
	if (!weights_no_error(r)) {
		put(out, 12, "%.6g", w->low);
		put(out, 12, "%.6g", w->high);
	}
	if (!weights_no_odds(r))
		put(out, 10, "%.4g", odds.ratio);
	if (!weights_no_odds(r) && !weights_no_error(r)) {
		put(out, 10, "%.4g", odds.low);
		put(out, 10, "%.4g", odds.high);
	}
	put(out, 9, w->vif < 1e5 ? "%.2f" : "%.3g", w->vif);
	fputc('\n', out);
}

/* Columns of what nobody knows are left out. */
static void unit_head(const struct result *r, FILE *out)
{
	fprintf(out, " %12s", "per iqr");
	if (!weights_no_error(r))
		fprintf(out, " %12s %12s", "95 %: from", "to");
	if (!weights_no_odds(r))
		fprintf(out, " %10s", "odds");
	if (!weights_no_odds(r) && !weights_no_error(r))
		fprintf(out, " %10s %10s", "95 %: from", "to");
	fprintf(out, " %9s\n", "vif");
}

static void say_why_not(const char *what, const char *why, FILE *out)
{
	if (why)
		fprintf(out, "  no %s: %s\n", what, why);
}

static size_t name_columns(const struct result *r)
{
	char **name = mem_array(r->weights + 1, sizeof(*name));
	size_t columns;

	for (size_t j = 0; j < r->weights; j++)
		name[j] = r->weight[j].feature;
	columns = print_widest(name, r->weights, 24);
	free(name);
	return columns;
}

static void weights_text(const struct result *r, FILE *out)
{
	size_t columns = name_columns(r);

	for (size_t k = 0; k < r->sets && !r->importance; k++) {
		fputs("\n  ", out);
		print_left(out, r->sets > 1 ? r->class_name[k]
					    : "in other units", columns);
		unit_head(r, out);
		for (size_t j = 0; j < r->weights; j++)
			unit_line(r, &r->weight[k * r->weights + j], columns,
				  out);
	}
	if (r->importance)
		fputc('\n', out);
	say_why_not("interval", weights_no_error(r), out);
	say_why_not("odds", weights_no_odds(r), out);
	for (size_t j = 0; j < r->weights; j++) {
		const char *why = weights_no_inflation(r, &r->weight[j]);

		if (!why)
			continue;
		say_why_not("vif", why, out);
		break;
	}
}

/* ---- importance ---- */

static char *group_name(const struct importance_group *g)
{
	char *name = mem_strdup(g->column[0]);

	for (size_t i = 1; i < g->columns; i++) {
		char *longer = mem_printf("%s + %s", name, g->column[i]);

		free(name);
		name = longer;
	}
	return name;
}

/* "1000 of 2000 test rows" */
static void rows_text(size_t rows, size_t of, bool training, FILE *out)
{
	fprintf(out, "%zu", rows);
	if (rows < of)
		fprintf(out, " of %zu", of);
	fprintf(out, " %s row%s", training ? "training" : "test",
		print_plural(of));
	if (training)
		fputs(" (with folds= the last model has seen all)", out);
}

static void importance_text(const struct importance *im, FILE *out)
{
	char **name = mem_array(im->groups + 1, sizeof(*name));
	size_t columns;

	for (size_t g = 0; g < im->groups; g++)
		name[g] = group_name(&im->group[g]);
	columns = print_widest(name, im->groups, 24);
	fprintf(out, "\n  what shuffling a column does to %s, which is %.4f\n"
		"  ", im->score, im->now);
	rows_text(im->rows, im->of, im->training, out);
	fprintf(out, ", shuffled %zu time%s\n\n  ", im->repeats,
		print_plural(im->repeats));
	print_left(out, "shuffled", columns);
	fprintf(out, " %12s %12s %12s\n", "worse by", "95 %: from", "to");
	for (size_t g = 0; g < im->groups; g++) {
		fputs("  ", out);
		print_left(out, name[g], columns);
		put(out, 12, "%.4g", im->group[g].drop);
		put(out, 12, "%.4g", im->group[g].low);
		put(out, 12, "%.4g", im->group[g].high);
		fputc('\n', out);
		free(name[g]);
	}
	free(name);
}

/* ---- dependence ---- */

enum { OUTPUTS_SHOWN = 6 };

static void point_text(const struct dependence *d,
		       const struct dependence_point *p, size_t columns,
		       FILE *out)
{
	fputs("  ", out);
	print_left(out, p->text, columns);
	put(out, 10, "%.4f", p->share);
	for (size_t k = 0; k < d->outputs && k < OUTPUTS_SHOWN; k++)
		put(out, 12, "%.6g", p->mean[k]);
	if (d->outputs == 1) {
		put(out, 12, "%.6g", p->low);
		put(out, 12, "%.6g", p->high);
	}
	fputs(p->rare ? "   hardly any data\n" : "\n", out);
}

static void dependence_text(const struct result *r,
			    const struct dependence *d, FILE *out)
{
	char **text = mem_array(d->points + 1, sizeof(*text));
	size_t columns;

	for (size_t i = 0; i < d->points; i++)
		text[i] = d->point[i].text;
	columns = print_widest(text, d->points, 24);
	free(text);
	fputs("\n  what is told as ", out);
	print_left(out, d->column, 0);
	fputs(" changes\n  mean of ", out);
	rows_text(d->rows, d->of, d->training, out);
	fputs("\n\n  ", out);
	print_left(out, d->unit ? d->unit : "value", columns);
	fprintf(out, " %10s", "share");
	for (size_t k = 0; k < d->outputs && k < OUTPUTS_SHOWN; k++) {
		fputc(' ', out);
		print_right(out, d->outputs > 1 ? r->class_name[k] : "told",
			    12);
	}
	if (d->outputs == 1)
		fprintf(out, " %12s %12s", "80 %: from", "to");
	fputc('\n', out);
	for (size_t i = 0; i < d->points; i++)
		point_text(d, &d->point[i], columns, out);
	if (d->outputs > OUTPUTS_SHOWN)
		fprintf(out, "  and %zu more classes: --json has them\n",
			d->outputs - OUTPUTS_SHOWN);
}

/* ---- why ---- */

size_t why_output(const struct why *w)
{
	return w->outputs > 1 ? w->told_class : 0;
}

char *why_unit(char to[WHY_UNIT], const struct result *r, const struct why *w)
{
	if (r->task == TASK_REGRESSION)
		snprintf(to, WHY_UNIT, "%.80s", r->target);
	else
		snprintf(to, WHY_UNIT, "%s of %.80s", !w->odds ? "probability"
			 : w->outputs > 1 ? "score" : "log odds",
			 r->class_name[w->outputs > 1 ? w->told_class : 1]);
	return to;
}

static void told_text(const struct result *r, const struct why *w, FILE *out)
{
	double p = w->told[why_output(w)];

	fprintf(out, "\n  why row %zu: told ", w->row + 1);
	if (r->task == TASK_REGRESSION) {
		fprintf(out, "%.6g", p);
	} else {
		print_left(out, r->class_name[w->told_class], 0);
		fprintf(out, " (%.4f)", w->outputs > 1 || w->told_class == 1
			? p : 1 - p);
	}
	if (w->truth) {
		fputs(", it is ", out);
		print_left(out, w->truth, 0);
	}
	fputs(w->trained ? "; a training row\n" :
	      w->tested ? "; a test row\n" : "\n", out);
}

static void line(const char *name, size_t columns, const char *value,
		 double x, const char *form, FILE *out)
{
	fputs("  ", out);
	print_left(out, name, columns);
	fputc(' ', out);
	print_left(out, value, 16);
	put(out, 12, form, x);
	fputc('\n', out);
}

static void parts_text(const struct result *r, const struct why *w, FILE *out)
{
	char **name = mem_array(w->parts + 1, sizeof(*name));
	size_t columns, k = why_output(w);
	char unit[WHY_UNIT];

	for (size_t i = 0; i < w->parts; i++)
		name[i] = w->part[i].column;
	columns = print_widest(name, w->parts, 24);
	free(name);
	fprintf(out, "\n  ");
	print_left(out, why_unit(unit, r, w), 0);
	fputc('\n', out);
	line("of training rows at large", columns, "", w->base[k], "%.6g",
	     out);
	for (size_t i = 0; i < w->parts; i++)
		line(w->part[i].column, columns, w->part[i].value,
		     w->part[i].moved[k], "%+.6g", out);
	line("of this row", columns, "", w->score[k], "%.6g", out);
}

static void near_text(const struct why *w, FILE *out)
{
	if (w->nears == 0)
		return;
	fprintf(out, "\n  %-10s %10s   %-16s %s\n", "like row", "away",
		"is", "differs most");
	for (size_t i = 0; i < w->nears; i++) {
		const struct why_near *near = &w->near[i];

		fprintf(out, "  %-10zu %10.3f   ", near->row + 1,
			near->distance);
		print_left(out, near->truth, 16);
		fputc(' ', out);
		print_left(out, near->differs ? near->differs : "in nothing",
			   0);
		fputc('\n', out);
	}
}

static void why_text(const struct result *r, const struct why *w, FILE *out)
{
	told_text(r, w, out);
	if (w->silent)
		fprintf(out, "  %s\n", w->silent);
	else
		parts_text(r, w, out);
	near_text(w, out);
}

void report_explained(const struct result *r, FILE *out)
{
	const struct explained *e = r->explained;

	if (e->weights)
		weights_text(r, out);
	if (e->importance)
		importance_text(e->importance, out);
	for (size_t i = 0; i < e->dependences; i++)
		dependence_text(r, e->dependence[i], out);
	for (size_t i = 0; i < e->whys; i++)
		why_text(r, e->why[i], out);
	if (e->worst)
		worst_text(r, e->worst, out);
}
