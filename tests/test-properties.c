/*
 * test-properties.c - what has to hold whatever the data are
 *
 * Identities that need no other program to compare with: sums that add up, the
 * same answer for the same rows in another order or unit, nothing found where
 * nothing is, and the same bytes with one thread and with two.
 */
#include "learn/method.h"

#include <stdio.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "command/session.h"
#include "learn/explain.h"
#include "run/report.h"
#include "tables.h"

enum { N = 500, P = 4, TWICE = 2 * N, MANY = ROWS_PARALLEL + 1900 };

static double x[P][N], number[N];
static uint32_t y[N], three[N];

static int make_data(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 5);
	for (size_t i = 0; i < N; i++) {
		for (size_t j = 0; j < P; j++)
			x[j][i] = 10 * (double)j + noise(&rng);
		number[i] = 2 * x[0][i] - x[1][i] + noise(&rng);
		y[i] = number[i] + 10 + 2 * noise(&rng) > 1;
		three[i] = number[i] < -11 ? 0 : number[i] < -9 ? 1 : 2;
	}
	return 0;
}

/* ---- trained in memory ---- */

struct aim {
	const uint32_t *y;	/* NULL: number */
	size_t classes;
	const double *number;
};

static const struct aim two = { y, 2, NULL }, many = { three, 3, NULL },
			   amount = { NULL, 0, number };

static void set_aim(struct fixture *f, const struct aim *t)
{
	f->problem.y = t->y;
	f->problem.classes = t->classes;
	f->problem.number = t->number;
	f->problem.task = t->y ? TASK_CLASSIFICATION : TASK_REGRESSION;
}

/* What is told of all rows; the caller's to free. */
static double *told_of(struct fixture *f)
{
	double *told = mem_array(f->all.n * f->model.outputs, sizeof(*told));

	assert_true(model_predict(&f->model, f->problem.design, &f->all, told,
				  NULL, &f->err));
	return told;
}

static void train_on(struct fixture *f, const struct aim *t,
		     const char *method, const char *words)
{
	set_aim(f, t);
	if (fit(f, method, words) == METHOD_FAILED)
		fail_msg("%s %s: %s", method, words, f->err.text);
	assert_true(f->model.converged);
}

static void init(struct fixture *f, double (*of)[N], size_t rows)
{
	static struct column column[P];

	for (size_t j = 0; j < P; j++)
		column[j] = numbers("x", of[j]);
	fixture_init(f, column, P, rows, y, NULL);
}

/* ---- the mean of what is told ---- */

static void mean_is_base_rate(const struct aim *t, const char *words)
{
	double told_mean[3] = { 0 }, share[3] = { 0 }, *told;
	struct fixture f;

	init(&f, x, N);
	train_on(&f, t, "logistic", words);
	told = told_of(&f);
	for (size_t i = 0; i < N; i++) {
		share[t->y[i]] += 1.0 / N;
		if (t->classes == 2)
			told_mean[1] += told[i] / N;
		for (size_t k = 0; t->classes > 2 && k < t->classes; k++)
			told_mean[k] += told[i * t->classes + k] / N;
	}
	for (size_t k = t->classes == 2; k < t->classes; k++)
		near(told_mean[k], share[k], 1e-9);
	free(told);
	fixture_clear(&f);
}

static void a_free_intercept_makes_the_mean_the_base_rate(void **state)
{
	(void)state;
	mean_is_base_rate(&two, "l2=0 tolerance=1e-12");
	mean_is_base_rate(&two, "l2=3 tolerance=1e-12");
	mean_is_base_rate(&many, "l2=0 tolerance=1e-12");
	mean_is_base_rate(&many, "l2=3 tolerance=1e-12");
}

/* ---- the same rows in another way ---- */

/* Those that have one best answer, or count. */
static const struct exact {
	const struct aim *target;
	const char *method, *words;
	const char *doubled;	/* for rows that are there twice; or NULL */
	bool free;		/* no penalty */
	double tolerance;
} exact[] = {
	{ &two, "logistic", "l2=0 tolerance=1e-12", "l2=0 tolerance=1e-12",
	  true, 1e-9 },
	{ &two, "logistic", "l2=2 tolerance=1e-12", "l2=4 tolerance=1e-12",
	  false, 1e-9 },
	{ &two, "logistic", "l1=1 l2=2 tolerance=1e-12",
	  "l1=2 l2=4 tolerance=1e-12", false, 1e-9 },
	{ &many, "logistic", "l2=2 tolerance=1e-12", "l2=4 tolerance=1e-12",
	  false, 1e-9 },
	{ &amount, "linear", "", "", true, 1e-9 },
	{ &amount, "ridge", "l2=2", "l2=4", false, 1e-9 },
	{ &amount, "lasso", "l1=5", "l1=10",
	  false, 1e-9 },
	{ &amount, "elastic-net", "l1=5 l2=1", "l1=10 l2=2", false, 1e-9 },
	{ &two, "bayes", "", NULL, false, 1e-9 },
	{ &many, "bayes", "", NULL, false, 1e-9 },
};

static void same_told(const struct exact *e, const double *a, const double *b,
		      const uint32_t *at)
{
	size_t width = e->target->classes > 2 ? e->target->classes : 1;

	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < width; k++) {
			double one = a[at[i] * width + k];
			double other = b[i * width + k];

			if (fabs(one - other) > e->tolerance * fmax(1,
							fabs(one)))
				fail_msg("%s %s: row %zu: %.15g is not %.15g",
					 e->method, e->words, i, one, other);
		}
}

static double other[P][N], other_number[N];
static uint32_t other_y[N], at[N];

/* Rows in the order of at, columns turned by shift, times unit. */
static void rearrange(size_t shift, double unit)
{
	for (size_t i = 0; i < N; i++) {
		for (size_t j = 0; j < P; j++)
			other[j][i] = x[(j + shift) % P][at[i]] *
				      (j == 1 ? unit : 1);
		other_number[i] = number[at[i]];
	}
}

static void check_arranged(const struct exact *e)
{
	struct aim moved = *e->target;
	double *before, *after;
	struct fixture f, g;

	init(&f, x, N);
	train_on(&f, e->target, e->method, e->words);
	before = told_of(&f);
	init(&g, other, N);
	for (size_t i = 0; moved.y && i < N; i++)
		other_y[i] = moved.y[at[i]];
	if (moved.y)
		moved.y = other_y;
	else
		moved.number = other_number;
	train_on(&g, &moved, e->method, e->words);
	after = told_of(&g);
	same_told(e, before, after, at);
	free(before);
	free(after);
	fixture_clear(&f);
	fixture_clear(&g);
}

static void the_order_of_rows_and_columns_does_not_matter(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < N; i++)
		at[i] = i * 7 % N;
	rearrange(1, 1);
	for (size_t i = 0; i < ARRAY_LEN(exact); i++)
		check_arranged(&exact[i]);
}

static void a_unit_does_not_matter_without_a_penalty(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < N; i++)
		at[i] = i;
	rearrange(0, 1000);
	for (size_t i = 0; i < ARRAY_LEN(exact); i++)
		if (exact[i].free)
			check_arranged(&exact[i]);
}

static void check_doubled(const struct exact *e)
{
	static double wide[P][TWICE], all[TWICE];
	static uint32_t class_of[TWICE];
	struct aim t = { e->target->y ? class_of : NULL,
			    e->target->classes,
			    e->target->y ? NULL : all };
	struct column column[P];
	struct fixture f, g;

	for (size_t i = 0; i < TWICE; i++) {
		for (size_t j = 0; j < P; j++)
			wide[j][i] = x[j][i % N];
		all[i] = number[i % N];
		class_of[i] = e->target->y ? e->target->y[i % N] : 0;
	}
	for (size_t j = 0; j < P; j++)
		column[j] = numbers("x", wide[j]);
	init(&f, x, N);
	train_on(&f, e->target, e->method, e->words);
	fixture_init(&g, column, P, TWICE, class_of, NULL);
	train_on(&g, &t, e->method, e->doubled);
	for (size_t j = 0; j < f.model.sets * P; j++)
		near(g.model.weight[j], f.model.weight[j], e->tolerance);
	fixture_clear(&f);
	fixture_clear(&g);
}

static void rows_twice_and_penalty_twice_are_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(exact); i++)
		if (exact[i].doubled)
			check_doubled(&exact[i]);
}

/* ---- trained on a file ---- */

static char path[] = "/tmp/gemba-properties-XXXXXX";
static struct session *s;
static struct err err;

static void say(const char *line)
{
	if (!session_do(s, line, &err))
		fail_msg("%s: %s", line, err.text);
}

/* Three numbers and a level that matter, and one column that does not. */
static void write_file(size_t rows, uint32_t seed)
{
	static const char *const name[] = { "low", "middle", "high" };
	FILE *out = fopen(path, "w");
	struct rng rng;

	assert_non_null(out);
	rng_init(&rng, seed);
	fputs("a,b,c,level,chance,class,kind,amount\n", out);
	for (size_t i = 0; i < rows; i++) {
		double a = noise(&rng), b = noise(&rng), c = noise(&rng);
		double chance = noise(&rng);
		uint32_t level = rng_upto(&rng, 2);
		double sum = a + b * c + (level == 1) + 0.5 * noise(&rng);

		fprintf(out, "%.6f,%.6f,%.6f,L%u,%.6f,%s,%s,%.6f\n", a, b, c,
			level, chance, sum > 0.4 ? "yes" : "no",
			name[sum < -0.5 ? 0 : sum < 0.9 ? 1 : 2], sum);
	}
	assert_int_equal(fclose(out), 0);
}

static void begin(const char *target)
{
	char line[80];

	s = session_new(-1);
	snprintf(line, sizeof(line), "open %s", path);
	say(line);
	snprintf(line, sizeof(line), "target %s", target);
	say(line);
	say("features a b c level chance");
	say("clean standardize");
}

static const struct option *option_of(const struct method *m, const char *name)
{
	for (const struct option *o = m->options; o && o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

/* Short ones of what takes long. */
static void train(const struct method *m, const char *more)
{
	static const char *const few[] = { "epochs=4", "rounds=15",
					   "trees=9" };
	char line[160];
	int n = snprintf(line, sizeof(line), "train %s%s", m->name, more);

	for (size_t i = 0; i < ARRAY_LEN(few); i++) {
		char name[16];

		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(few[i], "="), few[i]);
		if (option_of(m, name))
			n += snprintf(line + n, sizeof(line) - (size_t)n,
				      " %s", few[i]);
	}
	say(line);
}

/* ---- what moves a row adds up ---- */

/* The score that parts come to: what is told, or the log odds of it. */
static double score_of(const struct model *m, const double *told, size_t k)
{
	if (!model_explains_odds(m))
		return told[k];
	if (m->outputs == 1)
		return log(told[0] / (1 - told[0]));
	return log(told[k] / told[0]);
}

static void parts_add_up(const struct fitted *f, const char *name,
			 double tolerance)
{
	const struct model *m = &f->model;
	double *told = mem_array(f->test.n * m->outputs, sizeof(*told));
	double *base = mem_array(m->outputs, sizeof(*base));
	double *part = mem_array(m->outputs * m->p, sizeof(*part));
	bool relative = model_explains_odds(m) && m->outputs > 1;

	assert_true(model_predict(m, f->design, &f->test, told, NULL, &err));
	for (size_t i = 0; i < f->test.n; i += 11) {
		const double *row = told + i * m->outputs;

		model_explain(m, f->design, f->test.row[i], NULL, base,
			      part);
		for (size_t k = 0; k < m->outputs; k++)
			for (size_t j = 0; j < m->p; j++)
				base[k] += part[k * m->p + j];
		for (size_t k = 0; k < m->outputs; k++)
			if (fabs(base[k] - (relative ? base[0] : 0) -
				 score_of(m, row, k)) > tolerance)
				fail_msg("%s: row %zu: %.12g is not %.12g",
					 name, i, base[k],
					 score_of(m, row, k));
	}
	free(told);
	free(base);
	free(part);
}

static size_t explained;

static void explain_each(const char *target, enum task_kind task)
{
	begin(target);
	for (size_t i = 0; methods[i]; i++) {
		bool boost = strcmp(methods[i]->name, "boost") == 0;
		bool weighted = task == TASK_CLASSIFICATION &&
				option_of(methods[i], "class_weight");

		if (!methods[i]->does[task] || methods[i]->absent)
			continue;
		for (int k = 0; k <= weighted; k++) {
			const struct fitted *f;

			train(methods[i], k ? " class_weight=balanced" : "");
			f = session_newest(s)->fitted;
			if (!f || !model_explains(&f->model))
				continue;
			/* XGBoost tells floats. */
			parts_add_up(f, methods[i]->name, boost ? 1e-4 : 1e-9);
			explained++;
		}
	}
	session_free(s, false);
}

static void parts_add_up_for_every_method_that_tells_them(void **state)
{
	(void)state;
	write_file(800, 1);
	explain_each("class", TASK_CLASSIFICATION);
	explain_each("kind", TASK_CLASSIFICATION);
	explain_each("amount", TASK_REGRESSION);
	/* Linear ones, trees and forests, twice where classes are weighted. */
	print_message("%zu models\n", explained);
	assert_true(explained >= 16);
}

/* ---- nothing is found where nothing is ---- */

/* Of the column chance; false: its interval has no 0. */
static bool holds_nothing(const struct importance *told)
{
	for (size_t i = 0; i < told->groups; i++)
		if (strcmp(told->group[i].column[0], "chance") == 0)
			return told->group[i].low <= 0 &&
			       told->group[i].high >= 0;
	fail_msg("chance was not shuffled");
	return false;
}

static size_t nothing_by(const char *line, size_t seeds)
{
	size_t held = 0;

	for (uint32_t seed = 0; seed < seeds; seed++) {
		write_file(600, 100 + seed);
		begin("class");
		say("split test=0.3");
		say(line);
		say("importance repeats=10");
		held += holds_nothing(session_newest(s)->explained->importance);
		session_free(s, false);
	}
	return held;
}

/* The interval is that of the shuffling.  A model that took chance for
 * something is truly better or worse with it, on some of the rows. */
static void chance_has_no_importance(void **state)
{
	static const char *const lines[] = { "train logistic",
		"train tree depth=4", "train forest trees=20 depth=5" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		size_t held = nothing_by(lines[i], 12);

		print_message("%s: %zu of 12\n", lines[i], held);
		assert_true(held >= 7);
	}
}

/* ---- threads ---- */

/* The report in JSON without its clocks; the caller's to free. */
static char *report_of_all(void)
{
	struct report report = {
		.data = &s->data, .table = s->table,
		.settings = &s->settings, .ledger = &s->ledger,
		.result = s->result, .results = s->results,
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < s->results; i++) {
		struct result *r = s->result[i];

		r->seconds_read = r->seconds_clean = 0;
		r->seconds_fit = r->seconds_evaluate = 0;
	}
	assert_non_null(out);
	assert_true(report_json(&report, out, &err));
	fclose(out);
	return text;
}

static char *trained_by(int threads, const char *target, enum task_kind task,
			const struct method *m)
{
	char *text;

#ifdef _OPENMP
	omp_set_num_threads(threads);
#endif
	(void)threads;
	begin(target);
	say("emit rows");
	say("split test=0.1");
	/* Of those that are made of others the usual ones take long. */
	if (!option_of(m, "of"))
		train(m, "");
	else if (task == TASK_REGRESSION)
		train(m, " of=\"linear; tree depth=4\"");
	else
		train(m, " of=\"bayes; tree depth=4\"");
	text = report_of_all();
	session_free(s, false);
	return text;
}

static void check_threads(const char *target, enum task_kind task)
{
	for (size_t i = 0; methods[i]; i++) {
		char *one, *two_of_them;

		if (!methods[i]->does[task] || methods[i]->absent)
			continue;
		one = trained_by(1, target, task, methods[i]);
		two_of_them = trained_by(2, target, task, methods[i]);
		if (strcmp(one, two_of_them) != 0)
			fail_msg("%s, target %s: not the same",
				 methods[i]->name, target);
		free(one);
		free(two_of_them);
	}
}

static void one_thread_and_two_report_the_same(void **state)
{
#ifdef _OPENMP
	int threads = omp_get_max_threads();

	(void)state;
	write_file(MANY, 3);
	check_threads("class", TASK_CLASSIFICATION);
	check_threads("amount", TASK_REGRESSION);
	omp_set_num_threads(threads);
#else
	(void)state;
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_free_intercept_makes_the_mean_the_base_rate),
		cmocka_unit_test(the_order_of_rows_and_columns_does_not_matter),
		cmocka_unit_test(a_unit_does_not_matter_without_a_penalty),
		cmocka_unit_test(rows_twice_and_penalty_twice_are_the_same),
		cmocka_unit_test(parts_add_up_for_every_method_that_tells_them),
		cmocka_unit_test(chance_has_no_importance),
		cmocka_unit_test(one_thread_and_two_report_the_same),
	};
	int fd = mkstemp(path), failed;

	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, make_data, NULL);
	unlink(path);
	return failed;
}
