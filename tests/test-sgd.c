/*
 * test-sgd.c - stochastic gradient descent, against Newton's method and
 * against the loop as one would write it on paper
 */
#include "learn/method.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "learn/holdout.h"
#include "learn/loss.h"
#include "tables.h"

enum { N = 1200, P = 3 };

/* Enough to come within 1e-4 of the optimum. */
#define SETTLE "epochs=500 rate=0.003 schedule=cosine "

static double x[P][N], number[N];
static uint32_t y[N], three[N];
static struct column column[P];

/* Standardised already, up to chance. */
static int make_data(void **state)
{
	struct rng rng, other;

	(void)state;
	rng_init(&rng, 7);
	rng_init(&other, 8);
	for (int i = 0; i < N; i++) {
		double z = 0.5;

		for (int j = 0; j < P; j++) {
			x[j][i] = noise(&rng);
			z += (j - 0.7) * x[j][i];
		}
		y[i] = rng_double(&rng) < logistic_probability(z);
		/* Of classes 0, 2 and 3; 1 has no row. */
		three[i] = y[i] == 0 ? 0 : x[0][i] + noise(&other) > 0 ? 2 : 3;
		number[i] = 1e6 + 1e4 * (z + noise(&other));
	}
	for (int j = 0; j < P; j++)
		column[j] = numbers("x", x[j]);
	return 0;
}

static void of_three(struct fixture *f)
{
	fixture_init(f, column, P, N, three, NULL);
	f->problem.classes = 4;
}

static void of_numbers(struct fixture *f, const double *what)
{
	fixture_init(f, column, P, N, NULL, NULL);
	f->problem.task = f->model.task = TASK_REGRESSION;
	f->problem.classes = 0;
	f->problem.number = what;
}

struct plain {
	const char *words;
	size_t epochs, batch;
	double rate, momentum, l2;
	bool nesterov;
	double factor[4];	/* of the rate in each epoch */
};

/* The definition at the head of sgd.c, row by row. */
static void naive_sgd(const struct plain *plain, double *w)
{
	size_t epochs = plain->epochs, batch = plain->batch;
	double momentum = plain->momentum, l2 = plain->l2;
	double v[P + 1] = { 0 };
	uint32_t order[N];
	struct rng rng;

	rng_init(&rng, 42);
	for (uint32_t i = 0; i < N; i++)
		order[i] = i;
	for (size_t epoch = 0; epoch < epochs; epoch++) {
		bool scheduled = plain->factor[0] > 0;

		rng_shuffle(&rng, order, N);
		for (size_t i = 0; i < N; i += batch) {
			size_t end = i + batch < N ? i + batch : N;
			double g[P + 1] = { 0 }, rate = plain->rate;

			if (scheduled)
				rate *= plain->factor[epoch] *
					(double)(end - i) / (double)batch;
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
				w[j] += plain->nesterov ?
					momentum * v[j] - rate * g[j] : v[j];
			}
		}
	}
}

static void batches_do_what_the_plain_loop_does(void **state)
{
	static const struct plain cases[] = {
		{ "epochs=1", 1, 32, 0.01, 0.9, 0, false, { 0 } },
		{ "epochs=3 batch=1 rate=0.001", 3, 1, 0.001, 0.9, 0, false,
		  { 0 } },
		{ "epochs=4 batch=700 rate=0.5", 4, 700, 0.5, 0.9, 0, false,
		  { 0 } },
		{ "epochs=4 batch=1100 l2=30", 4, 1100, 0.01, 0.9, 30, false,
		  { 0 } },
		{ "epochs=2 batch=5000 momentum=0", 2, N, 0.01, 0, 0, false,
		  { 0 } },
		{ "epochs=2 nesterov=yes", 2, 32, 0.01, 0.9, 0, true, { 0 } },
		{ "epochs=3 schedule=invscaling", 3, 32, 0.01, 0.9, 0, false,
		  { 1, 0.70710678118654752, 0.57735026918962576 } },
		{ "epochs=3 schedule=cosine", 3, 32, 0.01, 0.9, 0, false,
		  { 1, 0.75, 0.25 } },
		{ "epochs=4 schedule=step", 4, 32, 0.01, 0.9, 0, false,
		  { 1, 1, 0.1, 0.01 } },
	};
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double w[P + 1] = { 0 };

		fit(&f, "sgd", cases[i].words);
		naive_sgd(&cases[i], w);
		for (int j = 0; j < P; j++)
			near(f.model.weight[j], w[j], 1e-11);
		near(f.model.intercept, w[P], 1e-11);
		assert_int_equal(f.model.iteration, cases[i].epochs);
	}
	fixture_clear(&f);
}

/* What the last fit tells of all rows, outputs of each. */
static double *predict(struct fixture *f)
{
	double *told = mem_array(f->all.n * f->model.outputs, sizeof(*told));

	assert_true(model_predict(&f->model, f->problem.design, &f->all, told,
				  NULL, &f->err));
	return told;
}

/* sgd with some words and another method tell the same within 1e-4. */
static void same_answer(struct fixture *f, const char *words,
			const char *other, const char *other_words,
			double unit)
{
	double *sgd, *exact, most = 0;

	assert_int_equal(fit(f, "sgd", words), METHOD_DONE);
	assert_true(f->model.converged);
	sgd = predict(f);
	assert_int_equal(fit(f, other, other_words), METHOD_DONE);
	exact = predict(f);
	for (size_t k = 0; k < N * f->model.outputs; k++)
		most = fmax(most, fabs(sgd[k] - exact[k]) / unit);
	if (!(most <= 1e-4))
		fail_msg("%s: predictions differ by %g", words, most);
	free(sgd);
	free(exact);
}

static void enough_epochs_come_to_newtons_answer(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	same_answer(&f, "epochs=1500 rate=0.004 batch=600", "logistic", "l2=0",
		    1);
	same_answer(&f, "epochs=1500 rate=0.004 batch=600 l2=100", "logistic",
		    "l2=100", 1);
	same_answer(&f, SETTLE "l2=1", "logistic", "l2=1", 1);
	same_answer(&f, SETTLE "nesterov=yes", "logistic", "l2=0", 1);
	fixture_clear(&f);
}

static void so_they_do_with_many_classes(void **state)
{
	struct fixture f;
	double *told;

	(void)state;
	of_three(&f);
	same_answer(&f, SETTLE "l2=1", "logistic", "l2=1", 1);
	assert_int_equal(fit(&f, "sgd", "epochs=2"), METHOD_DONE);
	told = predict(&f);
	for (size_t i = 0; i < N; i++)
		assert_true(told[4 * i + 1] == 0);	/* no row has it */
	assert_int_equal(f.model.sets, 4);
	free(told);
	fixture_clear(&f);
}

static void so_they_do_with_a_number_of_any_size(void **state)
{
	static double tiny[N];
	struct fixture f;

	(void)state;
	for (int i = 0; i < N; i++)
		tiny[i] = number[i] * 1e-12;
	of_numbers(&f, number);
	same_answer(&f, SETTLE, "linear", "l2=0", 2e4);
	same_answer(&f, SETTLE "l2=50", "linear", "l2=50", 2e4);
	fixture_clear(&f);
	of_numbers(&f, tiny);
	same_answer(&f, SETTLE "l2=50", "linear", "l2=50", 2e-8);
	fixture_clear(&f);
}

/* The slope of the sum of the losses by each weight, by its definition; the
 * number's in its own unit. */
static void slope(const struct fixture *f, double *g)
{
	const struct model *m = &f->model;

	memset(g, 0, (P + 1) * sizeof(*g));
	for (int i = 0; i < N; i++) {
		double z = m->intercept, r;

		for (int j = 0; j < P; j++)
			z += m->weight[j] * x[j][i];
		r = f->problem.number ? z - f->problem.number[i] :
		    logistic_probability(z) - y[i];
		for (int j = 0; j < P; j++)
			g[j] += r * x[j][i];
		g[P] += r;
	}
}

/* At the optimum the slope is l1 where a weight is not 0, and less where it is;
 * that is all there is to say of it. */
static void optimal(const struct fixture *f, double l1, double unit)
{
	double g[P + 1];
	int zeros = 0;

	slope(f, g);
	for (int j = 0; j < P; j++) {
		double w = f->model.weight[j];

		zeros += w == 0;
		if (w == 0 ? fabs(g[j]) > l1 :
		    fabs(g[j] + copysign(l1, w)) > 1e-4 * N * unit)
			fail_msg("weight %d is %g and its slope %g", j, w,
				 g[j]);
	}
	assert_in_range(zeros, 1, P - 1);
	assert_true(fabs(g[P]) < 1e-4 * N * unit);
}

static void l1_makes_zeros_that_are_exact(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	assert_int_equal(fit(&f, "sgd", SETTLE "l1=100"), METHOD_DONE);
	optimal(&f, 100, 1);
	fixture_clear(&f);
	of_numbers(&f, number);
	assert_int_equal(fit(&f, "sgd", SETTLE "l1=5000000"),
			 METHOD_DONE);
	optimal(&f, 5e6, 1e4);
	fixture_clear(&f);
}

/* Three times the weight is three times the row. */
static void a_weight_of_a_class_counts_its_rows_again(void **state)
{
	static const double weight[] = { 1, 3 };
	static double more[P][3 * N];
	static uint32_t again[3 * N];
	struct column columns[P];
	struct fixture f, repeated;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < N; i++)
		for (int k = 0; k < (y[i] ? 3 : 1); k++, n++) {
			for (int j = 0; j < P; j++)
				more[j][n] = x[j][i];
			again[n] = y[i];
		}
	for (int j = 0; j < P; j++)
		columns[j] = numbers("x", more[j]);
	fixture_init(&repeated, columns, P, n, again, NULL);
	assert_int_equal(fit(&repeated, "logistic", "l2=1"), METHOD_DONE);
	fixture_init(&f, column, P, N, y, NULL);
	f.problem.class_weight = weight;
	assert_int_equal(fit(&f, "sgd", SETTLE "l2=1"), METHOD_DONE);
	for (int j = 0; j < P; j++)
		near(f.model.weight[j], repeated.model.weight[j], 1e-3);
	near(f.model.intercept, repeated.model.intercept, 1e-3);
	near(f.model.loss, repeated.model.loss, 1e-3);
	fixture_clear(&f);
	fixture_clear(&repeated);
}

/* A target that nothing tells: the longer it learns the worse it gets on rows
 * that it has not seen. */
static void it_stops_when_rows_held_out_say_so(void **state)
{
	uint32_t chance[N], order[N];
	double *told, loss = 0;
	struct fixture f;
	struct rng rng;
	size_t learn;

	(void)state;
	rng_init(&rng, 1);
	for (int i = 0; i < N; i++)
		chance[i] = rng_double(&rng) < 0.5;
	fixture_init(&f, column, P, N, chance, NULL);
	assert_int_equal(fit(&f, "sgd", "epochs=1000 stop=5 held=0.25"),
			 METHOD_DONE);
	assert_in_range(f.model.iteration, 6, 200);
	assert_true(f.model.converged);
	assert_non_null(strstr(f.model.note, "held out"));
	/* What is kept is no worse there than the last. */
	learn = holdout(&f.problem, 0.25, order);
	assert_in_range(N - learn, N / 4 - 1, N / 4 + 1);
	told = predict(&f);
	for (size_t i = learn; i < N; i++)
		loss -= log(chance[order[i]] ? told[order[i]]
					     : 1 - told[order[i]]);
	assert_true(loss / (double)(N - learn) <= f.model.held_loss + 1e-12);
	free(told);
	fixture_clear(&f);
}

static void without_rows_held_out_the_training_loss_stops_it(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, column, P, N, y, NULL);
	assert_int_equal(fit(&f, "sgd", "epochs=1000 stop=3 held=0"),
			 METHOD_DONE);
	assert_in_range(f.model.iteration, 4, 200);
	assert_true(isnan(f.model.held_loss));
	fixture_clear(&f);
}

static void set_threads(int n)
{
#ifdef _OPENMP
	omp_set_num_threads(n);
#else
	(void)n;
#endif
}

enum { LARGE = 20000 };		/* rows: more than one thread is for */

static void threads_do_not_change_a_bit(void **state)
{
	static double wide[P][LARGE];
	static uint32_t class[LARGE];
	struct column columns[P];
	struct model one;
	struct fixture f;

	(void)state;
	for (int i = 0; i < LARGE; i++) {
		for (int j = 0; j < P; j++)
			wide[j][i] = x[j][i % N] + i / N;
		class[i] = three[i % N];
	}
	for (int j = 0; j < P; j++)
		columns[j] = numbers("x", wide[j]);
	fixture_init(&f, columns, P, LARGE, class, NULL);
	f.problem.classes = 4;
	set_threads(1);
	fit(&f, "sgd", "epochs=2 rate=0.001 stop=5");
	model_copy(&one, &f.model);
	set_threads(4);
	fit(&f, "sgd", "epochs=2 rate=0.001 stop=5");
	assert_memory_equal(f.model.weight, one.weight,
			    4 * P * sizeof(double));
	assert_memory_equal(&f.model.held_loss, &one.held_loss,
			    sizeof(double));
	model_clear(&one);
	fixture_clear(&f);
}

static void a_number_that_never_changes_is_told(void **state)
{
	static double same[N];
	struct fixture f;

	(void)state;
	for (int i = 0; i < N; i++)
		same[i] = 7;
	of_numbers(&f, same);
	assert_int_equal(fit(&f, "sgd", "epochs=3"), METHOD_DONE);
	assert_true(f.model.intercept == 7 && f.model.loss == 0);
	assert_true(isnan(f.model.score));
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
		cmocka_unit_test(so_they_do_with_many_classes),
		cmocka_unit_test(so_they_do_with_a_number_of_any_size),
		cmocka_unit_test(l1_makes_zeros_that_are_exact),
		cmocka_unit_test(a_weight_of_a_class_counts_its_rows_again),
		cmocka_unit_test(it_stops_when_rows_held_out_say_so),
		cmocka_unit_test(
			without_rows_held_out_the_training_loss_stops_it),
		cmocka_unit_test(threads_do_not_change_a_bit),
		cmocka_unit_test(a_number_that_never_changes_is_told),
		cmocka_unit_test(a_seed_gives_one_model_and_another_another),
		cmocka_unit_test(the_loss_falls_from_epoch_to_epoch),
		cmocka_unit_test(columns_that_are_not_standardised_are_told),
		cmocka_unit_test(an_interrupted_epoch_goes_on_where_it_was),
	};

	return cmocka_run_group_tests(tests, make_data, NULL);
}
