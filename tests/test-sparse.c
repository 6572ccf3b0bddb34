/*
 * test-sparse.c - logistic regression with l1, and with classes that count
 * differently
 *
 * Where the optimum is, the derivative of the losses says: l1 where there is a
 * weight, no more than that where it is 0.  It is computed here by plain loops.
 */
#include "learn/method.h"

#include <math.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "learn/loss.h"
#include "tables.h"

enum { N = 3000, P = 6, CLASSES = 3 };

/* Six columns that go together, in units of their own; the last two tell
 * nothing. */
struct data {
	double x[P][N];
	uint32_t two[N], three[N];
	struct column column[P];
};

static void data_fill(struct data *d)
{
	struct rng rng;

	rng_init(&rng, 5);
	for (int i = 0; i < N; i++) {
		double shared = noise(&rng), z = noise(&rng);

		for (int j = 0; j < P; j++)
			d->x[j][i] = 3 * j + (j + 1) * (noise(&rng) + shared);
		z += 1.5 * (d->x[0][i] - d->x[1][i] / 2);
		d->two[i] = z > 0.5;
		d->three[i] = z > 1 ? 2 : z > -1;
	}
	for (int j = 0; j < P; j++)
		d->column[j] = numbers("x", d->x[j]);
}

static void two_classes(struct fixture *f, struct data *d, size_t n)
{
	data_fill(d);
	fixture_init(f, d->column, P, n, d->two, NULL);
}

static void three_classes(struct fixture *f, struct data *d, size_t n)
{
	data_fill(d);
	fixture_init(f, d->column, P, n, d->three, NULL);
	f->problem.classes = CLASSES;
}

static double weight_of(const struct fixture *f, uint32_t class)
{
	return f->problem.class_weight ? f->problem.class_weight[class] : 1;
}

/* The worst of all derivatives, intercepts among them. */
static double off_optimum(const struct fixture *f, const struct data *d,
			  double l1, double l2)
{
	const struct model *m = &f->model;
	size_t sets = m->sets;
	double slope[CLASSES][P + 1] = { { 0 } }, most = 0;

	for (size_t i = 0; i < f->all.n; i++) {
		uint32_t y = f->problem.y[i];
		double z[CLASSES];

		for (size_t k = 0; k < sets; k++) {
			z[k] = m->intercepts ? m->intercepts[k] : m->intercept;
			for (int j = 0; j < P; j++)
				z[k] += m->weight[k * P + j] * d->x[j][i];
		}
		if (sets > 1)
			softmax(z, sets);
		else
			z[0] = logistic_probability(z[0]);
		for (size_t k = 0; k < sets; k++) {
			bool truly = sets > 1 ? y == k : y == 1;
			double off = weight_of(f, y) * (z[k] - truly);

			for (int j = 0; j < P; j++)
				slope[k][j] += off * d->x[j][i];
			slope[k][P] += off;
		}
	}
	for (size_t k = 0; k < sets; k++)
		for (int j = 0; j <= P; j++) {
			double w = j < P ? m->weight[k * P + j] : 0;
			double s = slope[k][j] + l2 * w;

			s = j == P ? s : w != 0 ? s + copysign(l1, w)
				   : fmax(0, fabs(s) - l1);
			most = fmax(most, fabs(s));
		}
	return most;
}

static size_t zeros(const struct fixture *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->model.sets * P; i++)
		n += f->model.weight[i] == 0;
	return n;
}

static void l1_ends_at_its_optimum(void **state)
{
	static struct data d;
	struct fixture f;

	(void)state;
	two_classes(&f, &d, N);
	assert_int_equal(fit(&f, "logistic", "l1=30 l2=0"), METHOD_DONE);
	assert_true(f.model.converged && f.model.iteration < 20);
	assert_true(off_optimum(&f, &d, 30, 0) < 1e-6);
	assert_true(zeros(&f) > 0 && zeros(&f) < P);
	assert_null(f.model.std_error);
	assert_int_equal(fit(&f, "logistic", "l1=10 l2=50"), METHOD_DONE);
	assert_true(off_optimum(&f, &d, 10, 50) < 1e-6);
	/* Nothing but the base rate. */
	assert_int_equal(fit(&f, "logistic", "l1=1e9"), METHOD_DONE);
	assert_true(zeros(&f) == P && off_optimum(&f, &d, 1e9, 1) < 1e-6);
	fixture_clear(&f);
}

static void l1_of_three_classes_ends_there_too(void **state)
{
	static struct data d;
	struct fixture f;

	(void)state;
	three_classes(&f, &d, N);
	assert_int_equal(fit(&f, "logistic", "l1=30 l2=0"), METHOD_DONE);
	assert_true(off_optimum(&f, &d, 30, 0) < 1e-6);
	assert_true(zeros(&f) >= 2 * 2);
	near(f.model.intercepts[0] + f.model.intercepts[1] +
	     f.model.intercepts[2], 0, 1e-12);
	assert_int_equal(fit(&f, "logistic", "l1=5 l2=5"), METHOD_DONE);
	assert_true(off_optimum(&f, &d, 5, 5) < 1e-6);
	fixture_clear(&f);
}

static void classes_count_as_much_as_they_weigh(void **state)
{
	static const double weight[] = { 0.3, 7, 2 };
	static const char *const options[] = { "l2=2", "l1=5 l2=2" };
	static struct data d;
	struct fixture f;

	(void)state;
	for (int i = 0; i < 2; i++) {
		two_classes(&f, &d, N);
		f.problem.class_weight = weight;
		assert_int_equal(fit(&f, "logistic", options[i]), METHOD_DONE);
		assert_true(off_optimum(&f, &d, i ? 5 : 0, 2) < 1e-6);
		fixture_clear(&f);
		three_classes(&f, &d, N);
		f.problem.class_weight = weight;
		assert_int_equal(fit(&f, "logistic", options[i]), METHOD_DONE);
		assert_true(off_optimum(&f, &d, i ? 5 : 0, 2) < 1e-5);
		fixture_clear(&f);
	}
}

/* With 1 and 1, nothing changes; without a penalty there are no errors but with
 * that. */
static void weights_of_one_change_nothing(void **state)
{
	static const double ones[] = { 1, 1 }, uneven[] = { 1, 2 };
	static struct data d;
	struct fixture f;
	double before;

	(void)state;
	two_classes(&f, &d, N);
	fit(&f, "logistic", "l2=0");
	before = f.model.weight[0];
	assert_non_null(f.model.std_error);
	f.problem.class_weight = ones;
	fit(&f, "logistic", "l2=0");
	assert_true(f.model.weight[0] == before && f.model.std_error);
	f.problem.class_weight = uneven;
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_DONE);
	assert_null(f.model.std_error);
	assert_non_null(strstr(f.model.note, "class_weight"));
	fixture_clear(&f);
}

/* liblinear's own weights: with those of its copy of the intercept penalised,
 * a column of ones is what that is. */
static void liblinear_weighs_classes_too(void **state)
{
	static const double weight[] = { 0.5, 3 };
	static struct data d;
	struct fixture f;

	(void)state;
	two_classes(&f, &d, 200);
	f.problem.class_weight = weight;
	assert_int_equal(fit(&f, "logistic", "solver=liblinear l2=1e-4 "
			     "tolerance=1e-9"), METHOD_DONE);
	assert_true(off_optimum(&f, &d, 0, 0) < 0.01);
	fixture_clear(&f);
}

/* Enough rows for many parts. */
static void any_number_of_threads_gives_the_same_bytes(void **state)
{
	static const char *const options = "l1=20 l2=1";
	static struct data d;
	struct fixture f;
	struct model one;

	(void)state;
	for (int many = 0; many < 2; many++) {
		(many ? three_classes : two_classes)(&f, &d, N);
#ifdef _OPENMP
		omp_set_num_threads(1);
#endif
		fit(&f, "logistic", options);
		model_copy(&one, &f.model);
#ifdef _OPENMP
		omp_set_num_threads(3);
#endif
		fit(&f, "logistic", options);
		assert_memory_equal(one.weight, f.model.weight, one.sets * P *
				    sizeof(*one.weight));
		model_clear(&one);
		fixture_clear(&f);
	}
}

/* ---- hard cases ---- */

/* Both routes: with few columns by a Hessian, with many by the rows. */
static void more_features_than_rows_have_an_answer(void **state)
{
	enum { ROWS = 30, MANY = 1600 };
	static double x[MANY][ROWS];
	static struct column column[MANY];
	static const size_t p[] = { 60, MANY };
	uint32_t y[ROWS];
	struct fixture f;
	struct rng rng;

	(void)state;
	rng_init(&rng, 8);
	for (int i = 0; i < ROWS; i++) {
		for (int j = 0; j < MANY; j++)
			x[j][i] = noise(&rng);
		y[i] = x[0][i] + noise(&rng) / 2 > 0;
	}
	for (int j = 0; j < MANY; j++)
		column[j] = numbers("x", x[j]);
	for (int i = 0; i < 2; i++) {
		size_t left = 0;

		fixture_init(&f, column, p[i], ROWS, y, NULL);
		assert_int_equal(fit(&f, "logistic", "l1=3 l2=0"),
				 METHOD_DONE);
		for (size_t j = 0; j < p[i]; j++)
			left += f.model.weight[j] != 0;
		assert_true(left > 0 && left < ROWS);
		assert_true(f.model.weight[0] > 0);
		assert_int_equal(fit(&f, "logistic", "l2=1"), METHOD_DONE);
		assert_true(f.model.score == 1);
		assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_FAILED);
		assert_non_null(strstr(f.err.text, "30 training rows do not"));
		fixture_clear(&f);
	}
}

/* The classes of a wide table are told by other code: to the same weights. */
static void many_columns_change_no_weight(void **state)
{
	enum { ROWS = 60, MANY = 1600 };
	static double x[MANY][ROWS];
	static struct column column[MANY];
	static const char *const options[] = { "l1=2 l2=1", "l2=1" };
	double first[5];
	uint32_t y[ROWS];
	struct fixture f;
	struct rng rng;

	(void)state;
	rng_init(&rng, 9);
	for (int i = 0; i < ROWS; i++) {
		for (int j = 0; j < MANY; j++)
			x[j][i] = j < 5 ? noise(&rng) : 4;
		y[i] = x[0][i] - x[1][i] + noise(&rng) > 0;
	}
	for (int j = 0; j < MANY; j++)
		column[j] = numbers("x", x[j]);
	for (int i = 0; i < 2; i++) {
		fixture_init(&f, column, 5, ROWS, y, NULL);
		assert_int_equal(fit(&f, "logistic", options[i]), METHOD_DONE);
		memcpy(first, f.model.weight, sizeof(first));
		fixture_clear(&f);
		fixture_init(&f, column, MANY, ROWS, y, NULL);
		assert_int_equal(fit(&f, "logistic", options[i]), METHOD_DONE);
		for (int j = 0; j < 5; j++)
			near(f.model.weight[j], first[j], 1e-7);
		assert_true(f.model.weight[7] == 0);
		fixture_clear(&f);
	}
}

static void separated_classes_are_no_trouble_for_l1(void **state)
{
	static double x[40];
	struct column column = numbers("x", x);
	uint32_t y[40];
	struct fixture f;

	(void)state;
	for (int i = 0; i < 40; i++) {
		x[i] = i;
		y[i] = i >= 20;
	}
	fixture_init(&f, &column, 1, 40, y, NULL);
	assert_int_equal(fit(&f, "logistic", "l1=0.1 l2=0"), METHOD_DONE);
	assert_true(f.model.score == 1 && f.model.weight[0] < 100);
	fixture_clear(&f);
}

static void too_few_iterations_of_l1_are_told(void **state)
{
	static struct data d;
	struct fixture f;

	(void)state;
	two_classes(&f, &d, N);
	assert_int_equal(fit(&f, "logistic", "l1=3 iterations=1"),
			 METHOD_STUCK);
	assert_false(f.model.converged);
	assert_non_null(strstr(f.model.note, "iterations="));
	fixture_clear(&f);
}

/* A row of a class that no other has; and a class without any. */
static void a_class_of_one_row_is_told_of(void **state)
{
	static struct data d;
	struct fixture f;

	(void)state;
	three_classes(&f, &d, 300);
	for (int i = 0; i < 300; i++)
		d.three[i] = i == 17 ? 2 : 0;
	assert_int_equal(fit(&f, "logistic", "l1=1"), METHOD_DONE);
	assert_true(isinf(f.model.intercepts[1]));
	assert_true(isfinite(f.model.intercepts[2]));
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
	options_set(&options, "logistic", "l1=5", err);
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
	static struct data d;
	struct fixture f;
	struct job *job;

	(void)state;
	two_classes(&f, &d, N);
	job = job_start(step_when_stopped, &f, 0, -1, &f.err);
	assert_non_null(job);
	job_stop(job);
	assert_true(job_end(job, &f.err));
	assert_int_equal(f.model.iteration, 0);
	assert_true(isfinite(f.model.intercept) && zeros(&f) == P);
	fixture_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(l1_ends_at_its_optimum),
		cmocka_unit_test(l1_of_three_classes_ends_there_too),
		cmocka_unit_test(classes_count_as_much_as_they_weigh),
		cmocka_unit_test(weights_of_one_change_nothing),
		cmocka_unit_test(liblinear_weighs_classes_too),
		cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
		cmocka_unit_test(more_features_than_rows_have_an_answer),
		cmocka_unit_test(many_columns_change_no_weight),
		cmocka_unit_test(separated_classes_are_no_trouble_for_l1),
		cmocka_unit_test(too_few_iterations_of_l1_are_told),
		cmocka_unit_test(a_class_of_one_row_is_told_of),
		cmocka_unit_test(a_stopped_step_leaves_a_whole_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
