/*
 * test-mlp.c - networks: their slopes are right, and what they learn is there
 */
#include "learn/mlp.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "tables.h"

enum { N = 2000, P = 4 };

static double x[P][N], number[N];
static uint32_t y[N], many[N];
static struct column column[P];

/* What is asked for is nowhere but in the first two columns together. */
static int make_data(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < P; j++)
			x[j][i] = noise(&rng);
		y[i] = x[0][i] * x[1][i] > 0;
		/* Of classes 0, 2, 3 and 4; 1 has no row. */
		many[i] = (x[0][i] > 0 ? 2 : 0) + (x[1][i] > 0 ? 1 : 0);
		many[i] += many[i] > 0;
		number[i] = 1e6 + 1e3 * x[0][i] * x[1][i];
	}
	for (int j = 0; j < P; j++)
		column[j] = numbers("x", x[j]);
	return 0;
}

static void of_many(struct fixture *f)
{
	fixture_init(f, column, P, N, many, NULL);
	f->problem.classes = 5;
}

static void of_numbers(struct fixture *f)
{
	fixture_init(f, column, P, N, NULL, NULL);
	f->problem.task = f->model.task = TASK_REGRESSION;
	f->problem.classes = 0;
	f->problem.number = number;
}

static double *predict(struct fixture *f)
{
	double *told = mem_array(f->all.n * f->model.outputs, sizeof(*told));

	assert_true(model_predict(&f->model, f->problem.design, &f->all, told,
				  NULL, &f->err));
	return told;
}

/* ---- the net ---- */

enum { ROWS = 7, OUTPUTS = 3 };

/* A sum over all z, each with a factor of its own. */
static double total(const struct net *net, const double *w, const double *a,
		    const double *factor, double *room)
{
	const double *z = net_forward(net, w, a, ROWS, room);
	double sum = 0;

	for (int i = 0; i < ROWS * OUTPUTS; i++)
		sum += factor[i] * z[i];
	return sum;
}

/* How total() changes with *at, by going there. */
static double measured(const struct net *net, const double *w, const double *a,
		       const double *factor, double *room, double *at)
{
	double kept = *at, step = 1e-6, up, down;

	*at = kept + step;
	up = total(net, w, a, factor, room);
	*at = kept - step;
	down = total(net, w, a, factor, room);
	*at = kept;
	return (up - down) / (2 * step);
}

static void check_slopes(struct net *net)
{
	double *room = mem_array(net_room(net, ROWS), sizeof(*room));
	double *w = mem_array(net->size, sizeof(*w));
	double *g = mem_array(net->size, sizeof(*g));
	double a[ROWS * P], down[ROWS * P], factor[ROWS * OUTPUTS], *z;
	struct rng rng;

	rng_init(&rng, 5);
	for (size_t i = 0; i < net->size; i++)
		w[i] = 0.5 * noise(&rng);
	for (int i = 0; i < ROWS * P; i++)
		a[i] = noise(&rng);
	for (int i = 0; i < ROWS * OUTPUTS; i++)
		factor[i] = noise(&rng);
	z = net_forward(net, w, a, ROWS, room);
	memcpy(z, factor, sizeof(factor));
	net_back(net, w, a, ROWS, room, g, down);
	for (size_t i = 0; i < net->size; i++)
		assert_true(fabs(g[i] - measured(net, w, a, factor, room,
						 &w[i])) < 1e-6);
	for (int i = 0; i < ROWS * P; i++)
		assert_true(fabs(down[i] - measured(net, w, a, factor, room,
						    &a[i])) < 1e-6);
	free(room);
	free(w);
	free(g);
}

static void slopes_are_what_differences_say(void **state)
{
	static const char *const layers[] = {
		"none", "1", "5", "6,3", "4,5,6,2"
	};
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	for (size_t i = 0; i < 2 * ARRAY_LEN(layers); i++) {
		struct net net;

		assert_true(net_init(&net, layers[i / 2], i % 2, OUTPUTS,
				     f.problem.design, &f.err));
		check_slopes(&net);
		net_clear(&net);
	}
	fixture_clear(&f);
}

static void layers_that_are_none_are_told(void **state)
{
	static const char *const wrong[] = {
		"", "0", "16,", ",16", "16 16", "2.5", "-3", "x", "10001",
		"nan", "1,1,1,1,1,1,1,1,1",
	};
	struct fixture f;
	struct net net;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_false(net_init(&net, wrong[i], false, 1,
				      f.problem.design, &f.err));
		assert_int_equal(f.err.code, ERR_USAGE);
	}
	assert_true(net_init(&net, "3,2", false, 1, f.problem.design, &f.err));
	assert_int_equal(net.size, (P + 1) * 3 + 4 * 2 + 3);
	net_clear(&net);
	fixture_clear(&f);
}

/* ---- what it learns ---- */

/* No weighted sum of these columns tells more than chance does. */
static void it_learns_what_no_weighted_sum_can(void **state)
{
	static const char *const words[] = {
		"", "activation=tanh epochs=300", "solver=momentum",
		"solver=momentum nesterov=yes schedule=step", "held=0",
		"schedule=cosine rate=0.01",
	};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		fixture_init(&f, column, P, N, y, NULL);
		assert_int_equal(fit(&f, "mlp", words[i]), METHOD_DONE);
		if (!(f.model.score > 0.95))
			fail_msg("%s: %g", words[i], f.model.score);
		assert_true(f.model.weight[0] > 0.3 &&
			    f.model.weight[1] > 0.3);
		fixture_clear(&f);
	}
	of_many(&f);
	assert_int_equal(fit(&f, "mlp", ""), METHOD_DONE);
	assert_true(f.model.score > 0.95);
	assert_int_equal(f.model.outputs, 5);
	fixture_clear(&f);
	of_numbers(&f);
	assert_int_equal(fit(&f, "mlp", ""), METHOD_DONE);
	assert_true(f.model.score > 0.95);
	fixture_clear(&f);
}

static void probabilities_add_up_and_a_class_without_rows_has_none(void **state)
{
	struct fixture f;
	double *told;

	(void)state;
	of_many(&f);
	assert_int_equal(fit(&f, "mlp", "epochs=5"), METHOD_DONE);
	told = predict(&f);
	for (int i = 0; i < N; i++) {
		double sum = 0;

		for (int k = 0; k < 5; k++)
			sum += told[5 * i + k];
		near(sum, 1, 1e-12);
		assert_true(told[5 * i + 1] == 0);
	}
	free(told);
	fixture_clear(&f);
}

/* Without hidden layers it is logistic regression of standardised columns. */
static void without_layers_it_is_logistic(void **state)
{
	static double odd[P][N];
	const char *words = "layers=none solver=momentum rate=0.003 "
			    "epochs=500 schedule=cosine l2=0 held=0 stop=500";
	struct column columns[P];
	double *told, *exact;
	struct fixture f;

	(void)state;
	for (int j = 0; j < P; j++) {
		for (int i = 0; i < N; i++)
			odd[j][i] = 1e5 * j + pow(10, 3 * j) * x[j][i];
		columns[j] = numbers("x", odd[j]);
	}
	fixture_init(&f, columns, P, N, y, NULL);
	fit(&f, "mlp", words);
	told = predict(&f);
	assert_int_equal(fit(&f, "logistic", "l2=0"), METHOD_DONE);
	exact = predict(&f);
	for (int i = 0; i < N; i++)
		assert_true(fabs(told[i] - exact[i]) < 1e-4);
	free(told);
	free(exact);
	fixture_clear(&f);
}

static void a_heavy_class_is_told_more_often(void **state)
{
	static const double weight[] = { 1, 50 };
	struct fixture f;
	double *told;
	int often[2] = { 0 };

	(void)state;
	for (int heavy = 0; heavy < 2; heavy++) {
		fixture_init(&f, column, P, N, y, NULL);
		f.problem.class_weight = heavy ? weight : NULL;
		assert_true(fit(&f, "mlp", "epochs=20 layers=none") !=
			    METHOD_FAILED);
		told = predict(&f);
		for (int i = 0; i < N; i++)
			often[heavy] += told[i] > 0.5;
		free(told);
		fixture_clear(&f);
	}
	assert_true(often[1] > often[0] + N / 4);
}

/* ---- threads, looks, and ends ---- */

static void set_threads(int n)
{
#ifdef _OPENMP
	omp_set_num_threads(n);
#else
	(void)n;
#endif
}

static void threads_do_not_change_a_bit(void **state)
{
	static const char *const words[] = {
		"epochs=3 batch=600 layers=100,50", "epochs=2 batch=5000",
		"epochs=2 batch=200 layers=64 activation=tanh held=0",
		"epochs=1 batch=300 layers=1000,600"
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(words); i++) {
		double *told[2], loss[2];
		struct fixture f;

		if (i % 2)
			of_many(&f);
		else
			of_numbers(&f);
		if (i / 2 == 3)
			f.all.n = 300;
		for (int k = 0; k < 2; k++) {
			set_threads(k ? 4 : 1);
			assert_true(fit(&f, "mlp", words[i / 2]) !=
				    METHOD_FAILED);
			told[k] = predict(&f);
			loss[k] = f.model.loss;
		}
		assert_memory_equal(told[0], told[1],
				    f.all.n * f.model.outputs *
				    sizeof(double));
		assert_memory_equal(&loss[0], &loss[1], sizeof(double));
		free(told[0]);
		free(told[1]);
		fixture_clear(&f);
	}
}

static void a_model_that_was_looked_at_does_not_change(void **state)
{
	const struct method *method = method_find("mlp");
	struct option_values options;
	struct fixture f;
	struct model early;
	double *before, *after;
	void *s;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	options_init(&options, method->options);
	s = method->start(&f.problem, &options, &f.err);
	method->look(s, &f.model);
	assert_int_equal(f.model.iteration, 0);
	method->step(s, NULL, &f.err);
	method->look(s, &f.model);
	model_copy(&early, &f.model);
	before = predict(&f);
	method->step(s, NULL, &f.err);
	method->look(s, &f.model);
	method->end(s);
	model_clear(&f.model);
	f.model = early;
	after = predict(&f);
	assert_memory_equal(before, after, N * sizeof(*after));
	free(before);
	free(after);
	options_clear(&options);
	fixture_clear(&f);
}

static void too_large_a_rate_is_told(void **state)
{
	struct fixture f;

	(void)state;
	of_numbers(&f);
	assert_int_equal(fit(&f, "mlp", "solver=momentum rate=1000"),
			 METHOD_FAILED);
	assert_int_equal(f.err.code, ERR_MATH);
	assert_string_equal(f.err.text,
			    "the weights overflow: a smaller rate=");
	fixture_clear(&f);
}

static void it_runs_on_what_is_hardly_there(void **state)
{
	static double same[N];
	static const uint32_t two[] = { 0, 1 };
	struct column columns[] = { numbers("x", x[0]), numbers("s", same) };
	struct fixture f;
	double *told;

	(void)state;
	fixture_init(&f, columns, 2, 2, two, NULL);
	assert_true(fit(&f, "mlp", "epochs=50") != METHOD_FAILED);
	assert_true(isfinite(f.model.loss));
	assert_true(f.model.weight[0] >= 0 && f.model.weight[1] >= 0);
	told = predict(&f);
	assert_true(isfinite(told[0]) && isfinite(told[1]));
	free(told);
	fixture_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slopes_are_what_differences_say),
		cmocka_unit_test(layers_that_are_none_are_told),
		cmocka_unit_test(it_learns_what_no_weighted_sum_can),
		cmocka_unit_test(
			probabilities_add_up_and_a_class_without_rows_has_none),
		cmocka_unit_test(without_layers_it_is_logistic),
		cmocka_unit_test(a_heavy_class_is_told_more_often),
		cmocka_unit_test(threads_do_not_change_a_bit),
		cmocka_unit_test(a_model_that_was_looked_at_does_not_change),
		cmocka_unit_test(too_large_a_rate_is_told),
		cmocka_unit_test(it_runs_on_what_is_hardly_there),
	};

	return cmocka_run_group_tests(tests, make_data, NULL);
}
