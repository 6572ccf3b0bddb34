/*
 * test-logistic.c - logistic regression and the baseline, against other
 * programs (ORACLES.md, sections 3 to 5) and against plain loops
 */
#include "learn/method.h"

#include <stdio.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "eval/metrics.h"
#include "eval/split.h"
#include "learn/loss.h"
#include "shared.h"
#include "tables.h"

/* MADlib's documented example, apache/madlib regress/logistic.sql_in. */
static const uint32_t madlib_y[20] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
static double treatment[20] = { 1, 1, 1, 0, 0, 0, 0, 0, 0, 0,
				1, 1, 1, 1, 1, 1, 0, 0, 0, 0 };
static double anxiety[20] = { 70, 80, 50, 60, 40, 65, 75, 80, 70, 60,
			      65, 50, 45, 35, 40, 50, 55, 45, 50, 60 };

static void madlib(struct fixture *f)
{
	static struct column column[2];

	column[0] = numbers("treatment", treatment);
	column[1] = numbers("anxiety", anxiety);
	fixture_init(f, column, 2, 20, madlib_y, NULL);
}

static void madlibs_example_has_its_weights_and_errors(void **state)
{
	double p[20];
	struct fixture f;

	(void)state;
	madlib(&f);
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_DONE);
	assert_true(f.model.converged);
	near(f.model.intercept, -6.36346994184587, 1e-9);
	near(f.model.weight[0], -1.02410605240807, 1e-9);
	near(f.model.weight[1], 0.119044916669784, 1e-9);
	assert_non_null(f.model.std_error);
	/*
	 * By mpmath with 40 digits.  R's glm, also when converged to 1e-14,
	 * prints 3.21390449, 1.17108014 and 0.05497917496: its Hessian is that
	 * of the step before the last.
	 */
	near(f.model.std_error[2], 3.2139045247337015, 1e-10);
	near(f.model.std_error[0], 1.1710801464951677, 1e-10);
	near(f.model.std_error[1], 0.05497917557507885, 1e-10);
	near(f.model.std_error[2], 3.21390449217987, 2e-8);
	near(-20 * f.model.loss, -9.41018298385089, 1e-9);
	assert_true(model_predict(&f.model, f.problem.design, &f.all, p, NULL,
				  &f.err));
	near(p[0], 0.72022302894226, 1e-9);
	near(p[2], 0.19226954175208, 1e-9);
	near(p[19], 0.685513072240785, 1e-9);
	/* 2 (1 - Phi(2.16527...)), by scipy.stats.norm. */
	near(model_p(&f.model, 1), 0.03036679374394598, 1e-7);
	fixture_clear(&f);
}

/* Columns of 1e9 give or take 1e-3 have the same fit in other units. */
static void bad_units_change_nothing_but_the_units(void **state)
{
	double huge[20], tiny[20];
	struct column column[2];
	struct fixture f;

	(void)state;
	for (int i = 0; i < 20; i++) {
		huge[i] = 1e9 * treatment[i] - 3e11;
		tiny[i] = 1e6 + anxiety[i] * 0x1p-10;
	}
	column[0] = numbers("treatment", huge);
	column[1] = numbers("anxiety", tiny);
	fixture_init(&f, column, 2, 20, madlib_y, NULL);
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_DONE);
	near(f.model.weight[0] * 1e9, -1.02410605240807, 1e-9);
	near(f.model.weight[1] * 0x1p-10, 0.119044916669784, 1e-9);
	near(f.model.std_error[1] * 0x1p-10, 0.05497917557507885, 1e-9);
	near(f.model.loss, 9.41018298385089 / 20, 1e-9);
	fixture_clear(&f);
}

/* Transforms are folded into the weights; raw ones are those without. */
static void raw_weights_do_not_depend_on_the_rules(void **state)
{
	const struct transform by_hand[] = { { 0.45, 0.5 }, { 57, 12.5 } };
	struct column column[2];
	struct fixture f;

	(void)state;
	column[0] = numbers("treatment", treatment);
	column[1] = numbers("anxiety", anxiety);
	fixture_init(&f, column, 2, 20, madlib_y, by_hand);
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_DONE);
	near(f.model.weight[1], 0.119044916669784 * 12.5, 1e-9);
	near(f.model.std_error[1], 0.05497917557507885 * 12.5, 1e-10);
	near(model_raw(&f.model, f.problem.design, 0), -1.02410605240807,
	     1e-9);
	near(model_raw_intercept(&f.model, f.problem.design),
	     -6.36346994184587, 1e-9);
	near(model_standardized(&f.model, f.problem.design, 1),
	     0.119044916669784 * 13.083864108129525, 1e-9);
	fixture_clear(&f);
}

/* With a free intercept the mean probability is the base rate. */
static void the_mean_probability_is_the_base_rate(void **state)
{
	double p[20], sum = 0;
	struct fixture f;

	(void)state;
	madlib(&f);
	fit(&f, "logistic", "l2=3");
	assert_true(model_predict(&f.model, f.problem.design, &f.all, p, NULL,
				  &f.err));
	for (int i = 0; i < 20; i++)
		sum += p[i];
	near(sum / 20, 0.5, 1e-12);
	assert_null(f.model.std_error);
	assert_non_null(f.model.note);
	fixture_clear(&f);
}

/* Breast cancer: 569 rows of 30 features; benign is positive, as it is in
 * sklearn.datasets. */
struct cancer {
	double x[30][569];
	uint32_t y[569];
	struct column column[30];
};

static bool cancer_read(struct cancer *cancer)
{
	FILE *file = shared_open("breast_cancer_wdbc.csv");
	char line[2048], *rest;

	if (!file)
		return false;
	assert_non_null(fgets(line, sizeof(line), file));
	for (int i = 0; i < 569 && fgets(line, sizeof(line), file); i++) {
		strtok_r(line, ",", &rest);
		cancer->y[i] = strtok_r(rest, ",\"", &rest)[0] == 'B';
		for (int j = 0; j < 30; j++)
			cancer->x[j][i] = strtod(strtok_r(rest, ",", &rest),
						 NULL);
	}
	fclose(file);
	for (int j = 0; j < 30; j++)
		cancer->column[j] = numbers("x", cancer->x[j]);
	return true;
}

/* The columns standardised on some rows. */
static void standardise(struct fixture *f, const struct rows *rows,
			struct transform *transform)
{
	const size_t p = f->table.columns;
	size_t *column = mem_array(p, sizeof(*column));
	struct design *d;

	for (size_t j = 0; j < p; j++)
		column[j] = j;
	d = design_new(&f->table, column, p, NULL, rows, NULL, &f->err);
	for (size_t j = 0; j < p; j++)
		transform[j] = (struct transform){ d->feature[j].mean,
						   d->feature[j].sd };
	design_free(d);
	design_free((struct design *)f->problem.design);
	f->problem.design = design_new(&f->table, column, p,
				       treatments_of(transform, p,
						     f->treatment),
				       rows, NULL, &f->err);
	free(column);
}

/* The split of section 5, and its classes; not yet standardised. */
struct parted {
	struct fixture f;
	struct rows train, test;
	uint32_t y[569], y_test[569];
};

static void part(struct parted *s, struct cancer *cancer)
{
	fixture_init(&s->f, cancer->column, 30, 569, cancer->y, NULL);
	assert_true(split_random(&s->f.all, 0.2, 42, &s->train, &s->test,
				 &s->f.err));
	for (size_t i = 0; i < s->train.n; i++)
		s->y[i] = cancer->y[s->train.row[i]];
	for (size_t i = 0; i < s->test.n; i++)
		s->y_test[i] = cancer->y[s->test.row[i]];
	s->f.problem.train = &s->train;
	s->f.problem.y = s->y;
}

static void parted_clear(struct parted *s)
{
	rows_clear(&s->train);
	rows_clear(&s->test);
	fixture_clear(&s->f);
}

static void measure(struct parted *s, struct metrics *m)
{
	double p[569];

	assert_true(model_predict(&s->f.model, s->f.problem.design, &s->test,
				  p, NULL, &s->f.err));
	assert_true(metrics_binary(m, s->y_test, p, s->test.n, 0.5,
				   &s->f.err));
}

/* scikit-learn 1.2.1, LogisticRegression(solver="liblinear", tol=1e-10). */
static void breast_cancer_is_scikit_learns_to_the_last_metric(void **state)
{
	static struct cancer cancer;
	static struct parted s;
	struct transform transform[30];
	struct metrics m;

	(void)state;
	if (!cancer_read(&cancer))
		skip();
	part(&s, &cancer);
	standardise(&s.f, &s.train, transform);
	fit(&s.f, "logistic", "solver=liblinear tolerance=1e-10");
	near(s.f.model.intercept, 0.364363515576, 1e-6);
	near(s.f.model.weight[0], -0.408544184591, 1e-6);
	near(s.f.model.weight[1], -0.388012262011, 1e-6);
	near(s.f.model.weight[2], -0.372072242273, 1e-6);
	measure(&s, &m);
	near(m.accuracy, 0.9736842105, 1e-10);
	near(m.auc, 0.9973796266, 1e-10);
	near(m.log_loss, 0.0597730652, 1e-6);
	near(m.brier, 0.0166486499, 1e-6);
	near(m.mcc, 0.9438975339, 1e-10);
	assert_int_equal(m.confusion[0], 41);
	assert_int_equal(m.confusion[1], 2);
	assert_int_equal(m.confusion[2], 1);
	assert_int_equal(m.confusion[3], 70);
	metrics_clear(&m);
	parted_clear(&s);
}

/*
 * The optimum by scikit-learn's newton-cholesky with tol=1e-14.  lbfgs stops
 * on the way to it, whatever its tol: at intercept 0.443596952544, weight
 * -0.427896153865, log loss 0.0601410957.
 */
static void breast_cancer_with_a_free_intercept_is_lbfgs_aim(void **state)
{
	static struct cancer cancer;
	static struct parted s;
	struct transform transform[30];
	struct metrics m;

	(void)state;
	if (!cancer_read(&cancer))
		skip();
	part(&s, &cancer);
	standardise(&s.f, &s.train, transform);
	assert_int_equal(fit(&s.f, "logistic", ""), METHOD_DONE);
	near(s.f.model.intercept, 0.443534002502, 1e-9);
	near(s.f.model.weight[0], -0.427808844556, 1e-9);
	near(s.f.model.intercept, 0.443596952544, 2e-4);
	near(s.f.model.weight[0], -0.427896153865, 3e-4);
	measure(&s, &m);
	near(m.log_loss, 0.0601410957, 1e-5);
	assert_int_equal(m.confusion[0], 41);
	assert_int_equal(m.confusion[3], 70);
	metrics_clear(&m);
	parted_clear(&s);
}

/*
 * Standardised on all the rows before the split, as many scripts do.  At tol
 * 1e-10; at its default scikit-learn stops at 0.267037150973.
 */
static void breast_cancer_scaled_before_the_split_agrees_too(void **state)
{
	static struct cancer cancer;
	static struct parted s;
	struct transform transform[30];

	(void)state;
	if (!cancer_read(&cancer))
		skip();
	part(&s, &cancer);
	standardise(&s.f, &s.f.all, transform);
	fit(&s.f, "logistic", "solver=liblinear tolerance=1e-10");
	near(s.f.model.intercept, 0.266529243703, 1e-6);
	fit(&s.f, "logistic", "solver=liblinear");
	near(s.f.model.intercept, 0.267037150973, 1e-2);
	parted_clear(&s);
}

/* Rows enough for many blocks and for the approach on some of them. */
enum { MANY = 70001, WIDE = 5 };

struct many {
	double x[WIDE][MANY];
	uint32_t y[MANY];
	struct column column[WIDE];
};

static void many_fill(struct many *many)
{
	struct rng rng;

	rng_init(&rng, 11);
	for (size_t i = 0; i < MANY; i++) {
		double z = -1;

		for (int j = 0; j < WIDE; j++) {
			many->x[j][i] = noise(&rng);
			z += (j - 1.5) * many->x[j][i];
		}
		many->y[i] = rng_double(&rng) < logistic_probability(z);
	}
	for (int j = 0; j < WIDE; j++)
		many->column[j] = numbers("x", many->x[j]);
}

/*
 * The naive way, as it stands in the textbook: gradient and Hessian row by
 * row, elimination without any care, full steps.
 */
static void naive_newton(const struct many *many, double l2, double *w)
{
	enum { Q = WIDE + 1 };

	for (int step = 0; step < 12; step++) {
		double a[Q][Q + 1] = { { 0 } };

		for (size_t i = 0; i < MANY; i++) {
			double x[Q], z = 0, p;

			for (int j = 0; j < WIDE; j++)
				x[j] = many->x[j][i];
			x[WIDE] = 1;
			for (int j = 0; j < Q; j++)
				z += w[j] * x[j];
			p = 1 / (1 + exp(-z));
			for (int j = 0; j < Q; j++) {
				for (int k = 0; k < Q; k++)
					a[j][k] += p * (1 - p) * x[j] * x[k];
				a[j][Q] += (p - many->y[i]) * x[j];
			}
		}
		for (int j = 0; j < WIDE; j++) {
			a[j][j] += l2;
			a[j][Q] += l2 * w[j];
		}
		for (int j = 0; j < Q; j++)
			for (int i = 0; i < Q; i++) {
				double by = a[i][j] / a[j][j];

				for (int k = j; i != j && k <= Q; k++)
					a[i][k] -= by * a[j][k];
			}
		for (int j = 0; j < Q; j++)
			w[j] -= a[j][Q] / a[j][j];
	}
}

static void blocks_find_what_plain_loops_find(void **state)
{
	struct many *many = mem_new(sizeof(*many));
	double w[WIDE + 1] = { 0 };
	struct fixture f;

	(void)state;
	many_fill(many);
	fixture_init(&f, many->column, WIDE, MANY, many->y, NULL);
	assert_int_equal(fit(&f, "logistic", "l2=50"), METHOD_DONE);
	naive_newton(many, 50, w);
	for (int j = 0; j < WIDE; j++)
		near(f.model.weight[j], w[j], 1e-11);
	near(f.model.intercept, w[WIDE], 1e-11);
	fixture_clear(&f);
	free(many);
}

static void the_order_of_the_rows_changes_nothing(void **state)
{
	struct many *many = mem_new(sizeof(*many));
	uint32_t *y = mem_array(MANY, sizeof(*y));
	struct fixture f;
	struct model first;
	struct rng rng;

	(void)state;
	many_fill(many);
	fixture_init(&f, many->column, WIDE, MANY, many->y, NULL);
	fit(&f, "logistic", "l2=0");
	model_copy(&first, &f.model);
	rng_init(&rng, 5);
	rng_shuffle(&rng, f.all.row, MANY);
	for (size_t i = 0; i < MANY; i++)
		y[i] = many->y[f.all.row[i]];
	f.problem.y = y;
	fit(&f, "logistic", "l2=0");
	assert_memory_equal(f.model.weight, first.weight,
			    WIDE * sizeof(double));
	assert_memory_equal(f.model.std_error, first.std_error,
			    (WIDE + 1) * sizeof(double));
	model_clear(&first);
	fixture_clear(&f);
	free(many);
	free(y);
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
#ifdef _OPENMP
	struct many *many = mem_new(sizeof(*many));
	double *p[2];
	struct model model[2];
	struct fixture f;

	(void)state;
	many_fill(many);
	for (int i = 0; i < 2; i++) {
		omp_set_num_threads(1 + 2 * i);
		p[i] = mem_array(MANY, sizeof(*p[i]));
		fixture_init(&f, many->column, WIDE, MANY, many->y, NULL);
		assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_DONE);
		assert_true(model_predict(&f.model, f.problem.design, &f.all,
					  p[i], NULL, &f.err));
		model_copy(&model[i], &f.model);
		fixture_clear(&f);
	}
	assert_memory_equal(model[0].weight, model[1].weight,
			    WIDE * sizeof(double));
	assert_memory_equal(model[0].std_error, model[1].std_error,
			    (WIDE + 1) * sizeof(double));
	assert_true(model[0].intercept == model[1].intercept);
	assert_true(model[0].loss == model[1].loss);
	assert_memory_equal(p[0], p[1], MANY * sizeof(double));
	for (int i = 0; i < 2; i++) {
		model_clear(&model[i]);
		free(p[i]);
	}
	free(many);
#else
	(void)state;
	skip();
#endif
}

static void the_baseline_is_the_base_rate(void **state)
{
	uint32_t y[20] = { 1, 1, 1, 1, 1 };
	struct column column = numbers("anxiety", anxiety);
	struct fixture f;

	(void)state;
	fixture_init(&f, &column, 1, 20, y, NULL);
	assert_int_equal(fit(&f, "baseline", ""), METHOD_DONE);
	near(f.model.intercept, log(5.0 / 15), 1e-15);
	near(f.model.weight[0], 0, 0);
	near(f.model.score, 0.75, 0);
	near(f.model.loss, -0.25 * log(0.25) - 0.75 * log(0.75), 1e-15);
	fixture_clear(&f);
}

static void collinear_features_are_named(void **state)
{
	double twice[20];
	struct column column[3];
	struct fixture f;

	(void)state;
	for (int i = 0; i < 20; i++)
		twice[i] = 2 * anxiety[i] - 7 * treatment[i] + 3;
	column[0] = numbers("treatment", treatment);
	column[1] = numbers("anxiety", anxiety);
	column[2] = numbers("twice", twice);
	fixture_init(&f, column, 3, 20, madlib_y, NULL);
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_FAILED);
	assert_string_equal(f.err.text, "twice and features before it are "
			    "collinear: set l2= or leave one out with "
			    "features -twice");
	assert_int_equal(fit(&f, "logistic", "l2=1"), METHOD_DONE);
	assert_true(isfinite(f.model.weight[2]));
	fixture_clear(&f);
}

static void a_constant_feature_is_named(void **state)
{
	double same[20];
	struct column column[2];
	struct fixture f;

	(void)state;
	for (int i = 0; i < 20; i++)
		same[i] = 0.1;
	column[0] = numbers("same", same);
	column[1] = numbers("anxiety", anxiety);
	fixture_init(&f, column, 2, 20, madlib_y, NULL);
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_FAILED);
	assert_string_equal(f.err.text, "same has the same value in every "
			    "training row: set l2= or features -same");
	assert_int_equal(fit(&f, "logistic", "l2=1"), METHOD_DONE);
	near(f.model.weight[0], 0, 0);
	fixture_clear(&f);
}

static void separated_classes_are_told(void **state)
{
	double x[20];
	struct column column = numbers("x", x);
	struct fixture f;

	(void)state;
	for (int i = 0; i < 20; i++)
		x[i] = madlib_y[i] * 5 + i % 4;
	fixture_init(&f, &column, 1, 20, madlib_y, NULL);
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_STUCK);
	assert_non_null(strstr(f.model.note, "separated perfectly"));
	assert_false(f.model.converged);
	assert_true(isfinite(f.model.weight[0]));
	assert_null(f.model.std_error);
	near(f.model.score, 1, 0);
	assert_int_equal(fit(&f, "logistic", "l2=0.001"), METHOD_DONE);
	assert_true(f.model.converged);
	fixture_clear(&f);
}

/* One level of a category is all of one class: only its weight grows. */
static void a_level_that_tells_a_class_is_noticed(void **state)
{
	struct many *many = mem_new(sizeof(*many));
	const char *level[] = { "day", "night" };
	uint32_t *code = mem_array(MANY, sizeof(*code));
	struct column column[2];
	struct fixture f;

	(void)state;
	many_fill(many);
	for (size_t i = 0; i < MANY; i++) {
		code[i] = i % 700 == 0;
		if (code[i])
			many->y[i] = 1;
	}
	column[0] = many->column[0];
	column[1] = levels("shift", code, level, 2);
	for (size_t n = 1400; n <= MANY; n += MANY - 1400) {
		fixture_init(&f, column, 2, n, many->y, NULL);
		assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_STUCK);
		assert_non_null(strstr(f.model.note, "grow without limit"));
		assert_true(isfinite(f.model.weight[1]));
		assert_true(f.model.weight[1] > 5);
		assert_int_equal(fit(&f, "logistic", "l2=1e-6"), METHOD_DONE);
		fixture_clear(&f);
	}
	free(code);
	free(many);
}

static void too_few_iterations_are_told(void **state)
{
	struct fixture f;

	(void)state;
	madlib(&f);
	assert_int_equal(fit(&f, "logistic", "iterations=2"), METHOD_STUCK);
	assert_non_null(strstr(f.model.note, "iterations="));
	assert_int_equal(f.model.iteration, 2);
	assert_false(f.model.converged);
	fixture_clear(&f);
}

static void liblinear_asks_for_a_penalty(void **state)
{
	struct fixture f;

	(void)state;
	madlib(&f);
	assert_int_equal(fit(&f, "logistic", "solver=liblinear l2=0"),
			 METHOD_FAILED);
	assert_non_null(strstr(f.err.text, "solver=newton l2=0"));
	fixture_clear(&f);
}

/* Work that was asked to stop before it began. */
static bool step_when_stopped(struct job *job, void *arg, struct err *err)
{
	struct fixture *f = arg;
	const struct method *method = method_find("logistic");
	struct option_values options;
	void *state;

	while (!job_stopped(job))
		continue;
	options_init(&options, method->options);
	state = method->start(&f->problem, &options, err);
	assert_int_equal(method->step(state, job, err), METHOD_MORE);
	method->look(state, &f->model);
	assert_int_equal(method->step(state, NULL, err), METHOD_MORE);
	method->end(state);
	options_clear(&options);
	return true;
}

static void a_stopped_step_leaves_a_whole_model(void **state)
{
	struct fixture f;
	struct job *job;

	(void)state;
	madlib(&f);
	job = job_start(step_when_stopped, &f, 0, -1, &f.err);
	job_stop(job);
	assert_true(job_end(job, &f.err));
	assert_int_equal(f.model.iteration, 0);
	near(f.model.weight[0], 0, 0);
	fixture_clear(&f);
}

/* ---- more than two classes ---- */

/* The softmax objective, in plain loops; w is classes by (p + 1). */
static double plain_objective(const double *x, const uint32_t *y, size_t n,
			      size_t p, size_t classes, double l2,
			      const double *w)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double all = 0, mine = 0;

		for (size_t k = 0; k < classes; k++) {
			const double *of = w + k * (p + 1);
			double z = of[p];

			for (size_t j = 0; j < p; j++)
				z += of[j] * x[j * n + i];
			all += exp(z);
			mine = k == y[i] ? z : mine;
		}
		sum += log(all) - mine;
	}
	for (size_t k = 0; k < classes; k++)
		for (size_t j = 0; j < p; j++)
			sum += l2 / 2 * w[k * (p + 1) + j] * w[k * (p + 1) + j];
	return sum;
}

enum { MANY_N = 60, MANY_P = 2, MANY_CLASSES = 4 };

struct classy {
	double x[MANY_P * MANY_N];
	uint32_t y[MANY_N];
	struct column column[MANY_P];
	struct fixture f;
	double w[MANY_CLASSES * (MANY_P + 1)];
};

/* Class 3 has a row only when asked for. */
static void train_many(struct classy *m, uint32_t classes, const char *options)
{
	struct rng rng;

	rng_init(&rng, 7);
	for (size_t i = 0; i < MANY_N; i++) {
		m->y[i] = (uint32_t)i % classes;
		for (size_t j = 0; j < MANY_P; j++)
			m->x[j * MANY_N + i] = rng_upto(&rng, 1000) / 300.0 +
				(m->y[i] == j ? 1 : 0);
	}
	m->column[0] = numbers("a", m->x);
	m->column[1] = numbers("b", m->x + MANY_N);
	fixture_init(&m->f, m->column, MANY_P, MANY_N, m->y, NULL);
	m->f.problem.classes = MANY_CLASSES;
	assert_int_equal(fit(&m->f, "logistic", options), METHOD_DONE);
	for (size_t k = 0; k < MANY_CLASSES; k++) {
		double *to = m->w + k * (MANY_P + 1);

		memcpy(to, m->f.model.weight + k * MANY_P,
		       MANY_P * sizeof(*to));
		to[MANY_P] = m->f.model.intercepts[k];
	}
}

/* Differences of the plain objective vanish at the weights that are found. */
static void softmax_ends_where_the_gradient_is_nothing(void **state)
{
	struct classy m;

	(void)state;
	train_many(&m, MANY_CLASSES, "l2=0.5");
	assert_true(m.f.model.converged);
	for (size_t i = 0; i < ARRAY_LEN(m.w); i++) {
		double at = m.w[i], up, down;

		m.w[i] = at + 1e-4;
		up = plain_objective(m.x, m.y, MANY_N, MANY_P, MANY_CLASSES,
				     0.5, m.w);
		m.w[i] = at - 1e-4;
		down = plain_objective(m.x, m.y, MANY_N, MANY_P, MANY_CLASSES,
				       0.5, m.w);
		m.w[i] = at;
		assert_true(fabs(up - down) / 2e-4 < 1e-6);
	}
	fixture_clear(&m.f);
}

static void weights_of_classes_add_up_to_nothing(void **state)
{
	struct classy m;

	(void)state;
	train_many(&m, MANY_CLASSES, "l2=0");
	for (size_t j = 0; j <= MANY_P; j++) {
		double sum = 0;

		for (size_t k = 0; k < MANY_CLASSES; k++)
			sum += m.w[k * (MANY_P + 1) + j];
		assert_true(fabs(sum) < 1e-9);
	}
	fixture_clear(&m.f);
}

static void a_class_without_rows_is_never_told(void **state)
{
	double p[MANY_N * MANY_CLASSES];
	struct classy m;

	(void)state;
	train_many(&m, MANY_CLASSES - 1, "l2=1");
	assert_true(model_predict(&m.f.model, m.f.problem.design, &m.f.all, p,
				  NULL, &m.f.err));
	for (size_t i = 0; i < MANY_N; i++) {
		const double *of = p + i * MANY_CLASSES;

		assert_true(of[3] == 0);
		near(of[0] + of[1] + of[2], 1, 1e-12);
	}
	fixture_clear(&m.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(madlibs_example_has_its_weights_and_errors),
		cmocka_unit_test(bad_units_change_nothing_but_the_units),
		cmocka_unit_test(raw_weights_do_not_depend_on_the_rules),
		cmocka_unit_test(the_mean_probability_is_the_base_rate),
		cmocka_unit_test(
			breast_cancer_is_scikit_learns_to_the_last_metric),
		cmocka_unit_test(
			breast_cancer_with_a_free_intercept_is_lbfgs_aim),
		cmocka_unit_test(
			breast_cancer_scaled_before_the_split_agrees_too),
		cmocka_unit_test(blocks_find_what_plain_loops_find),
		cmocka_unit_test(the_order_of_the_rows_changes_nothing),
		cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
		cmocka_unit_test(the_baseline_is_the_base_rate),
		cmocka_unit_test(collinear_features_are_named),
		cmocka_unit_test(a_constant_feature_is_named),
		cmocka_unit_test(separated_classes_are_told),
		cmocka_unit_test(a_level_that_tells_a_class_is_noticed),
		cmocka_unit_test(too_few_iterations_are_told),
		cmocka_unit_test(liblinear_asks_for_a_penalty),
		cmocka_unit_test(a_stopped_step_leaves_a_whole_model),
		cmocka_unit_test(softmax_ends_where_the_gradient_is_nothing),
		cmocka_unit_test(weights_of_classes_add_up_to_nothing),
		cmocka_unit_test(a_class_without_rows_is_never_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
