/*
 * test-sgd.c - stochastic gradient descent, against Newton's method and
 * against the loop as one would write it on paper
 */
#include "learn/method.h"

#include "base/mem.h"
#include "learn/loss.h"
#include "tables.h"

enum { N = 1200, P = 3 };

static double x[P][N];
static uint32_t y[N];
static struct column column[P];

/* Standardised already, up to chance. */
static int make_data(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 7);
	for (int i = 0; i < N; i++) {
		double z = 0.5;

		for (int j = 0; j < P; j++) {
			x[j][i] = noise(&rng);
			z += (j - 0.7) * x[j][i];
		}
		y[i] = rng_double(&rng) < logistic_probability(z);
	}
	for (int j = 0; j < P; j++)
		column[j] = numbers("x", x[j]);
	return 0;
}

/* The definition at the head of sgd.c, row by row. */
static void naive_sgd(size_t epochs, size_t batch, double rate,
		      double momentum, double l2, double *w)
{
	double v[P + 1] = { 0 };
	uint32_t order[N];
	struct rng rng;

	rng_init(&rng, 42);
	for (uint32_t i = 0; i < N; i++)
		order[i] = i;
	for (size_t epoch = 0; epoch < epochs; epoch++) {
		rng_shuffle(&rng, order, N);
		for (size_t i = 0; i < N; i += batch) {
			size_t end = i + batch < N ? i + batch : N;
			double g[P + 1] = { 0 };

			for (size_t k = i; k < end; k++) {
				uint32_t row = order[k];
				double z = w[P], r;

				for (int j = 0; j < P; j++)
					z += w[j] * x[j][row];
				r = 1 / (1 + exp(-z)) - y[row];
				for (int j = 0; j < P; j++)
					g[j] += r * x[j][row];
				g[P] += r;
			}
			for (int j = 0; j <= P; j++) {
				g[j] /= (double)(end - i);
				g[j] += j < P ? l2 / N * w[j] : 0;
				v[j] = momentum * v[j] - rate * g[j];
				w[j] += v[j];
			}
		}
	}
}

static void batches_do_what_the_plain_loop_does(void **state)
{
	static const struct {
		const char *words;
		size_t epochs, batch;
		double rate, momentum, l2;
	} cases[] = {
		{ "epochs=1", 1, 32, 0.01, 0.9, 0 },
		{ "epochs=3 batch=1 rate=0.001", 3, 1, 0.001, 0.9, 0 },
		{ "epochs=4 batch=700 rate=0.5", 4, 700, 0.5, 0.9, 0 },
		{ "epochs=4 batch=1100 l2=30", 4, 1100, 0.01, 0.9, 30 },
		{ "epochs=2 batch=5000 momentum=0", 2, N, 0.01, 0, 0 },
	};
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double w[P + 1] = { 0 };

		fit(&f, "sgd", cases[i].words);
		naive_sgd(cases[i].epochs, cases[i].batch, cases[i].rate,
			  cases[i].momentum, cases[i].l2, w);
		for (int j = 0; j < P; j++)
			near(f.model.weight[j], w[j], 1e-11);
		near(f.model.intercept, w[P], 1e-11);
		assert_int_equal(f.model.iteration, cases[i].epochs);
	}
	fixture_clear(&f);
}

/* The probabilities of the last fit. */
static double *predict(struct fixture *f)
{
	double *p = mem_array(N, sizeof(*p));

	assert_true(model_predict(&f->model, f->problem.design, &f->all, p,
				  NULL, &f->err));
	return p;
}

static void enough_epochs_come_to_newtons_answer(void **state)
{
	static const char *const pairs[][2] = {
		{ "epochs=1500 rate=0.004 batch=600", "l2=0" },
		{ "epochs=1500 rate=0.004 batch=600 l2=100", "l2=100" },
	};
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		double *sgd, *newton, most = 0;

		assert_int_equal(fit(&f, "sgd", pairs[i][0]), METHOD_DONE);
		assert_true(f.model.converged);
		sgd = predict(&f);
		assert_int_equal(fit(&f, "logistic", pairs[i][1]),
				 METHOD_DONE);
		newton = predict(&f);
		for (int k = 0; k < N; k++)
			most = fmax(most, fabs(sgd[k] - newton[k]));
		if (most > 1e-4)
			fail_msg("predictions differ by %g", most);
		free(sgd);
		free(newton);
	}
	fixture_clear(&f);
}

static void a_seed_gives_one_model_and_another_another(void **state)
{
	struct model first;
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	fit(&f, "sgd", "epochs=2");
	model_copy(&first, &f.model);
	fit(&f, "sgd", "epochs=2");
	assert_memory_equal(f.model.weight, first.weight, P * sizeof(double));
	f.problem.seed = 43;
	fit(&f, "sgd", "epochs=2");
	assert_memory_not_equal(f.model.weight, first.weight,
				P * sizeof(double));
	model_clear(&first);
	fixture_clear(&f);
}

static void the_loss_falls_from_epoch_to_epoch(void **state)
{
	struct fixture f;
	double before = log(2);

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	for (int epochs = 1; epochs < 4; epochs++) {
		char *words = mem_printf("epochs=%d", epochs);

		assert_int_equal(fit(&f, "sgd", words), METHOD_DONE);
		assert_true(f.model.loss < before);
		assert_false(f.model.converged && epochs == 1);
		before = f.model.loss;
		free(words);
	}
	assert_true(f.model.score > 0.6);
	fixture_clear(&f);
}

static void columns_that_are_not_standardised_are_told(void **state)
{
	const struct transform large[] = { { 0, 1e-4 }, { 1e4, 1 }, { 0, 1 } };
	const struct transform huge[] = { { 0, 1e-308 }, { 0, 1e-308 },
					  { 0, 1 } };
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, large);
	assert_int_equal(fit(&f, "sgd", "epochs=3 batch=4"), METHOD_STUCK);
	assert_non_null(strstr(f.model.note, "clean standardize"));
	assert_false(f.model.converged);
	fixture_clear(&f);
	fixture_init(&f, column, P, N, y, huge);
	assert_int_equal(fit(&f, "sgd", "epochs=3"), METHOD_FAILED);
	assert_string_equal(f.err.text, "the weights overflow: clean "
			    "standardize, or a smaller rate=");
	fixture_clear(&f);
}

/* Asked to stop in the middle of an epoch, and then to go on. */
static bool interrupt(struct job *job, void *arg, struct err *err)
{
	struct fixture *f = arg;
	const struct method *method = method_find("sgd");
	struct option_values options;
	void *state;

	while (!job_stopped(job))
		continue;
	options_init(&options, method->options);
	assert_true(options_set(&options, "sgd", "epochs=3", err));
	state = method->start(&f->problem, &options, err);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(method->step(state, job, err), METHOD_MORE);
		method->look(state, &f->model);
		assert_int_equal(f->model.iteration, i);
		method->step(state, NULL, err);
	}
	method->look(state, &f->model);
	method->end(state);
	options_clear(&options);
	return true;
}

static void an_interrupted_epoch_goes_on_where_it_was(void **state)
{
	struct model whole;
	struct fixture f;
	struct job *job;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	fit(&f, "sgd", "epochs=3");
	model_copy(&whole, &f.model);
	job = job_start(interrupt, &f, 0, -1, &f.err);
	job_stop(job);
	assert_true(job_end(job, &f.err));
	assert_memory_equal(f.model.weight, whole.weight, P * sizeof(double));
	model_clear(&whole);
	fixture_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches_do_what_the_plain_loop_does),
		cmocka_unit_test(enough_epochs_come_to_newtons_answer),
		cmocka_unit_test(a_seed_gives_one_model_and_another_another),
		cmocka_unit_test(the_loss_falls_from_epoch_to_epoch),
		cmocka_unit_test(columns_that_are_not_standardised_are_told),
		cmocka_unit_test(an_interrupted_epoch_goes_on_where_it_was),
	};

	return cmocka_run_group_tests(tests, make_data, NULL);
}
