#include "run/report-judge.h"

#include <math.h>

#include "base/json.h"
#include "eval/curve.h"
#include "run/judge.h"

/* ---- text ---- */

/* What it was chosen by, and how that does on rows that had no say. */
static void say_choice(const struct result *r, FILE *out)
{
	const struct judged *j = &r->judged;
	double sign = j->wish.by == CUT_COST ? -1 : 1;

	fprintf(out, "   best by %s, chosen on the test rows: %.6g",
		cut_by_name[j->wish.by], sign * j->best);
	if (!isnan(j->honest))
		fprintf(out, "\n  %-24s %10s   such a choice on rows that had "
			"no say in it: %.6g", "", "", sign * j->honest);
}

static void say_bill(const struct result *r, FILE *out)
{
	const struct bill bill = judge_bill(r, &r->judged.wish.costs);
	double per = 1000 / (double)r->test.n;

	fprintf(out, "  %-24s %10.6g   %.6g per 1,000 rows; never told %.6g, "
		"always %.6g\n", "cost of mistakes", bill.now, bill.now * per,
		bill.never * per, bill.always * per);
}

void report_judged(const struct result *r, FILE *out)
{
	const struct judged *j = &r->judged;

	if (r->classes != 2)
		return;
	if (j->wish.best || j->cut != 0.5) {
		fprintf(out, "  %-24s %10.4g", "threshold", j->cut);
		if (j->wish.best)
			say_choice(r, out);
		fputc('\n', out);
	}
	if (j->wish.priced)
		say_bill(r, out);
}

/* ---- JSON ---- */

static json_t *bill_json(const struct result *r)
{
	const struct cut_costs *costs = &r->judged.wish.costs;
	const struct bill bill = judge_bill(r, costs);
	json_t *o = json_object();

	json_put(o, "miss", json_of_number(costs->miss));
	json_put(o, "alarm", json_of_number(costs->alarm));
	json_put(o, "total", json_of_number(bill.now));
	json_put(o, "never", json_of_number(bill.never));
	json_put(o, "always", json_of_number(bill.always));
	return o;
}

void put_judged(json_t *o, const struct result *r)
{
	const struct judged *j = &r->judged;
	double sign = j->wish.by == CUT_COST ? -1 : 1;

	if (r->classes != 2)
		return;
	json_put(o, "threshold", json_of_number(j->cut));
	if (j->wish.best) {
		json_t *by = json_object();

		json_put(by, "by", json_of_text(cut_by_name[j->wish.by]));
		json_put(by, "value", json_of_number(sign * j->best));
		json_put(by, "on_other_rows",
			 json_of_number(sign * j->honest));
		json_put(o, "threshold_best", by);
	}
	if (j->wish.priced)
		json_put(o, "costs", bill_json(r));
}

/* ---- curves ---- */

static json_t *points_json(const struct result *r)
{
	size_t step[CURVE_POINTS], n;
	json_t *all = json_array();
	struct cuts cuts;

	if (!cuts_init(&cuts, r->class_of, r->told, r->test_rows.n, NULL))
		return all;
	n = curve_steps(&cuts, step);
	for (size_t i = 0; i < n; i++) {
		struct curve_point p = curve_point(&cuts, step[i]);
		json_t *o = json_object();

		json_put(o, "threshold", json_of_number(p.cut));
		json_put(o, "recall", json_of_number(p.recall));
		json_put(o, "false_alarms", json_of_number(p.alarms));
		json_put(o, "precision", json_of_number(p.precision));
		json_put(o, "told", json_of_number(p.told));
		json_array_append_new(all, o);
	}
	cuts_clear(&cuts);
	return all;
}

static void put_calibration(json_t *o, const struct result *r)
{
	json_t *all = json_array();
	struct calibration c;

	if (!calibration_init(&c, r->class_of, r->told, r->test_rows.n, NULL))
		c.bins = 0;
	for (size_t k = 0; k < c.bins; k++) {
		const struct calibration_bin *bin = &c.bin[k];
		json_t *b = json_object();

		json_put(b, "rows", json_of_count(bin->n));
		json_put(b, "told", json_of_number(bin->told));
		json_put(b, "true", json_of_number((double)bin->positives /
						   (double)bin->n));
		json_put(b, "low", json_of_number(bin->interval.low));
		json_put(b, "high", json_of_number(bin->interval.high));
		json_array_append_new(all, b);
	}
	json_put(o, "calibration", all);
	json_put(o, "calibration_error", json_of_number(c.error));
}

static void put_errors(json_t *o, const struct result *r)
{
	json_t *quantiles = json_array(), *bars = json_array();
	struct error_shape s;

	if (!error_shape_init(&s, r->actual, r->told, r->test_rows.n, NULL))
		s = (struct error_shape){ .mean = NAN };
	for (size_t k = 0; k < ERROR_QUANTILES; k++) {
		json_t *q = json_with("quantile",
				      json_of_number(error_quantile[k]));

		json_put(q, "size", json_of_number(s.size[k]));
		json_array_append_new(quantiles, q);
	}
	for (size_t k = 0; k < ERROR_BARS; k++)
		json_array_append_new(bars, json_of_count(s.bar[k]));
	json_put(o, "error_mean", json_of_number(s.mean));
	json_put(o, "error_sd", json_of_number(s.sd));
	json_put(o, "error_sizes", quantiles);
	json_put(o, "histogram_low", json_of_number(s.low));
	json_put(o, "histogram_high", json_of_number(s.high));
	json_put(o, "histogram", bars);
}

json_t *curves_json(const struct result *r)
{
	json_t *o = json_with("run", json_integer(r->number));

	if (r->told && r->classes == 2) {
		json_put(o, "points", points_json(r));
		put_calibration(o, r);
	} else if (r->told && r->task == TASK_REGRESSION) {
		put_errors(o, r);
	}
	return o;
}
