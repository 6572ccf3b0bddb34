/*
 * test-boost.c - boosted trees: told as XGBoost tells, stopped where they are
 * best, and explained by parts that add up
 */
#include "learn/boost.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "learn/loss.h"
#include "learn/ubjson.h"
#include "tables.h"

enum { N = 20000, P = 4, FEW = 2000, CLASSES = 3 };

/* Numbers, two classes, more. */
static const size_t kinds[] = { 0, 2, CLASSES };

static double x[P][N], number[N];
static uint32_t y[N], many[N], code[N];
static const char *level[] = { "a", "b", "c", "d" };
static struct column column[P];

/* What is asked for is in the first two columns together; the last has some
 * missing cells. */
static int make_data(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < P; j++)
			x[j][i] = noise(&rng);
		y[i] = x[0][i] * x[1][i] + 0.3 * noise(&rng) > 0;
		many[i] = x[0][i] > 0.5 ? 0 : x[1][i] > 0 ? 1 : 2;
		number[i] = x[0][i] * x[1][i];
		code[i] = rng_upto(&rng, 2);
		if (i % 7 == 0)
			x[3][i] = NAN;
	}
	for (int j = 0; j < P; j++)
		column[j] = numbers(j == 0 ? "first" : "x", x[j]);
	return 0;
}

/* classes: 0 for numbers. */
static void fixture_of(struct fixture *f, struct column *columns, size_t p,
		       size_t rows, size_t classes)
{
	size_t at[P] = { 0, 1, 2, 3 };

	memset(f, 0, sizeof(*f));
	f->table = table_of(columns, p, rows);
	assert_true(rows_all(&f->all, rows, &f->err));
	f->problem = (struct problem){
		.design = design_whole(&f->table, at, p, NULL, &f->err),
		.train = &f->all,
		.task = classes ? TASK_CLASSIFICATION : TASK_REGRESSION,
		.y = classes == 0 ? NULL : classes == 2 ? y : many,
		.classes = classes, .seed = 42,
		.number = classes ? NULL : number
	};
	assert_non_null(f->problem.design);
	model_init(&f->model, f->problem.task, p);
}

static double *predict(struct fixture *f)
{
	double *told = mem_array(f->all.n * CLASSES, sizeof(*told));

	assert_true(model_predict(&f->model, f->problem.design, &f->all, told,
				  NULL, &f->err));
	return told;
}

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
	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(kinds); t++) {
		size_t classes = kinds[t];
		const char *words = "rounds=5 sample=0.7 held=0.2";
		struct fixture f;
		double *one, *two, held;

		fixture_of(&f, column, P, N, classes);
		set_threads(1);
		assert_int_equal(fit(&f, "boost", words), METHOD_DONE);
		one = predict(&f);
		held = f.model.held_loss;
		set_threads(2);
		assert_int_equal(fit(&f, "boost", words), METHOD_DONE);
		two = predict(&f);
		assert_memory_equal(one, two, N * f.model.outputs *
				    sizeof(*one));
		assert_memory_equal(&held, &f.model.held_loss, sizeof(held));
		free(one);
		free(two);
		fixture_clear(&f);
	}
}

/* XGBoost's own scores of the training rows make the loss; the trees taken out
 * of it make what is told. */
static void the_loss_is_that_of_what_is_told(void **state)
{
	const double weight[] = { 1, 4, 0.5 };

	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(kinds); t++) {
		double *told, loss = 0, all = 0;
		size_t k = kinds[t];
		struct fixture f;

		fixture_of(&f, column, P, FEW, k);
		if (k > 0)
			f.problem.class_weight = weight;
		assert_int_equal(fit(&f, "boost", "rounds=20"), METHOD_DONE);
		told = predict(&f);
		for (size_t i = 0; i < FEW; i++) {
			uint32_t c = k == 2 ? y[i] : many[i];
			double w = k == 0 ? 1 : weight[c], off;

			off = told[i] - number[i];
			loss += k == 0 ? off * off : k == 2 ?
				-w * log(c == 1 ? told[i] : 1 - told[i]) :
				-w * log(told[i * k + c]);
			all += w;
		}
		near(f.model.loss, loss / all, 1e-5);
		assert_true(f.model.score > 0.8);
		free(told);
		fixture_clear(&f);
	}
}

static void parts_add_up_to_the_score(void **state)
{
	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(kinds); t++) {
		size_t classes = kinds[t];
		double base[CLASSES], part[CLASSES * P], *told;
		struct fixture f;

		fixture_of(&f, column, P, FEW, classes);
		assert_int_equal(fit(&f, "boost", "stop=5 held=0.3"),
				 METHOD_DONE);
		assert_true(f.model.kind->in_odds == (classes > 0));
		told = predict(&f);
		for (uint32_t i = 0; i < 20; i++) {
			size_t outputs = f.model.outputs;

			f.model.kind->explain(&f.model, f.problem.design, i,
					      NULL, base, part);
			for (size_t k = 0; k < outputs; k++)
				for (size_t j = 0; j < P; j++)
					base[k] += part[k * P + j];
			if (classes == 2)
				*base = logistic_probability(*base);
			if (classes > 2)
				softmax(base, outputs);
			for (size_t k = 0; k < outputs; k++)
				assert_true(fabs(base[k] - told[i * outputs +
								k]) < 1e-5);
		}
		free(told);
		fixture_clear(&f);
	}
}

/* With the same rows held out, so many rounds and no more are the same: also
 * in what is said of them. */
static void the_best_round_is_kept(void **state)
{
	struct fixture f;
	struct model kept;
	double *best, *told;
	char words[60];

	(void)state;
	fixture_of(&f, column, P, FEW, 2);
	assert_int_equal(fit(&f, "boost", "rounds=500 stop=8"), METHOD_DONE);
	assert_true(f.model.iteration > 0 && f.model.iteration < 492);
	assert_true(f.model.converged);
	kept = f.model;
	best = predict(&f);
	snprintf(words, sizeof(words), "rounds=%zu held=0.1", kept.iteration);
	assert_int_equal(fit(&f, "boost", words), METHOD_DONE);
	told = predict(&f);
	assert_memory_equal(best, told, FEW * sizeof(*told));
	assert_true(f.model.iteration == kept.iteration);
	assert_true(f.model.loss == kept.loss);
	assert_true(f.model.score == kept.score);
	assert_true(f.model.held_loss == kept.held_loss);
	free(best);
	free(told);
	fixture_clear(&f);
}

/* What is looked at never, often and once is the same. */
static void looking_changes_nothing(void **state)
{
	const struct method *method = method_find("boost");
	struct option_values options;
	struct fixture f;
	struct model glanced;
	double *often, *seldom;
	void *going;

	(void)state;
	fixture_of(&f, column, P, FEW, CLASSES);
	assert_int_equal(fit(&f, "boost", "rounds=9"), METHOD_DONE);
	often = predict(&f);
	options_init(&options, method->options);
	going = method->start(&f.problem, &options, &f.err);
	model_init(&glanced, f.problem.task, P);
	for (int i = 0; i < 9; i++) {
		assert_int_equal(method->step(going, NULL, &f.err),
				 METHOD_MORE);
		method->glance(going, &glanced);
		assert_int_equal(glanced.iteration, i + 1);
	}
	near(glanced.loss, f.model.loss, 0);
	method->look(going, &f.model);
	method->end(going);
	seldom = predict(&f);
	assert_memory_equal(often, seldom, FEW * CLASSES * sizeof(*often));
	model_clear(&glanced);
	options_clear(&options);
	free(often);
	free(seldom);
	fixture_clear(&f);
}

static void what_is_stopped_is_a_shorter_one(void **state)
{
	const struct method *method = method_find("boost");
	struct option_values options;
	struct fixture f;
	double *told, *three;
	void *going;

	(void)state;
	fixture_of(&f, column, P, FEW, 2);
	options_init(&options, method->options);
	going = method->start(&f.problem, &options, &f.err);
	for (int i = 0; i < 3; i++)
		assert_int_equal(method->step(going, NULL, &f.err),
				 METHOD_MORE);
	method->look(going, &f.model);
	method->end(going);
	options_clear(&options);
	assert_false(f.model.converged);
	told = predict(&f);
	assert_int_equal(fit(&f, "boost", "rounds=3"), METHOD_DONE);
	three = predict(&f);
	assert_memory_equal(told, three, FEW * sizeof(*told));
	free(told);
	free(three);
	fixture_clear(&f);
}

static void an_increasing_column_never_lowers(void **state)
{
	static double up[FEW], other[FEW];
	struct column c[] = { numbers("up", up), numbers("other", other) };
	struct fixture f;
	double *told;
	bool falls = false;

	(void)state;
	for (int i = 0; i < FEW; i++) {
		up[i] = x[0][i];
		other[i] = 0;
	}
	fixture_of(&f, c, 2, FEW, 0);
	f.problem.number = x[1];
	for (int pass = 0; pass < 2; pass++) {
		assert_int_equal(fit(&f, "boost", pass ? "increasing=up" :
				     "rounds=100"), METHOD_DONE);
		told = predict(&f);
		falls = false;
		for (int i = 0; i < FEW; i++)
			for (int k = 0; k < 50; k++)
				falls |= up[i] > up[k] && told[i] < told[k];
		assert_true(falls == (pass == 0));
		free(told);
	}
	fixture_clear(&f);
}

static void wrong_constraints_are_told(void **state)
{
	struct column c[] = { numbers("a", x[0]),
			      levels("line", code, level, 4) };
	static const char *const wrong[] = {
		"increasing=b", "decreasing=line",
		"increasing=a decreasing=a"
	};
	struct fixture f;

	(void)state;
	fixture_of(&f, c, 2, 200, 2);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(fit(&f, "boost", wrong[i]), METHOD_FAILED);
	fixture_clear(&f);
	fixture_of(&f, c, 2, 200, CLASSES);
	assert_int_equal(fit(&f, "boost", "increasing=a"), METHOD_FAILED);
	fixture_clear(&f);
}

/* The last rows have level d, or none, and did not train. */
static void a_level_of_no_training_row_is_missing(void **state)
{
	struct column c[] = { levels("line", code, level, 4),
			      numbers("x", x[0]) };
	static uint32_t kept[2];
	struct rows train;
	struct fixture f;
	double *told;

	(void)state;
	fixture_of(&f, c, 2, FEW, 0);
	for (int i = 0; i < FEW; i++)
		number[i] = code[i] == 1 ? 5 : code[i] == 2 ? x[0][i] : 0;
	memcpy(kept, code + FEW - 2, sizeof(kept));
	code[FEW - 2] = 3;
	code[FEW - 1] = LEVEL_MISSING;
	x[0][FEW - 1] = x[0][FEW - 2];
	train = (struct rows){ FEW - 2, f.all.row };
	f.problem.train = &train;
	assert_int_equal(fit(&f, "boost", "rounds=60"), METHOD_DONE);
	told = predict(&f);
	for (int i = 0; i < 100; i++)
		assert_true(fabs(told[i] - number[i]) < 0.3);
	assert_true(told[FEW - 2] == told[FEW - 1]);
	free(told);
	memcpy(code + FEW - 2, kept, sizeof(kept));
	for (int i = 0; i < FEW; i++)
		number[i] = x[0][i] * x[1][i];
	fixture_clear(&f);
}

/* Seconds since 1970 are more than 32 bits can tell apart, and so is what lies
 * beyond them; a target of tiny or large numbers is one like any other. */
static void numbers_of_any_size_are_told(void **state)
{
	static const double unit[] = { 1e-30, 1, 1e12 };
	static double when[FEW], huge[FEW], target[FEW];
	struct column c[] = { numbers("when", when), numbers("huge", huge) };
	struct fixture f;

	(void)state;
	fixture_of(&f, c, 2, FEW, 0);
	f.problem.number = target;
	for (size_t u = 0; u < ARRAY_LEN(unit); u++) {
		for (int i = 0; i < FEW; i++) {
			when[i] = 1.7e9 + i % 50;
			huge[i] = x[0][i] > 0 ? 1e300 : -1e300;
			target[i] = unit[u] * (i % 50 + 7 * (x[0][i] > 0));
		}
		assert_int_equal(fit(&f, "boost", "rounds=60"), METHOD_DONE);
		assert_true(f.model.score > 0.999);
	}
	target[3] = 1e300;
	target[4] = -1e300;
	assert_int_equal(fit(&f, "boost", "rounds=2"), METHOD_FAILED);
	assert_int_equal(f.err.code, ERR_MATH);
	fixture_clear(&f);
}

static void what_gains_nothing_says_so(void **state)
{
	static double same[FEW];
	struct column c[] = { numbers("same", same) };
	struct fixture f;

	(void)state;
	fixture_of(&f, c, 1, FEW, 2);
	assert_int_equal(fit(&f, "boost", "rounds=3"), METHOD_DONE);
	assert_non_null(f.model.note);
	fixture_clear(&f);
}

/* {"a":[$l#U2 1 -2],"b":[[],"x",7]} */
static const char text[] = "{U\1aS" "U\1z" "U\1b[$l#U\2\0\0\0\1\377\377\377\376"
			   "U\1c[[]SU\1xi\7]}";

static void ubjson_is_read(void **state)
{
	struct ubj all = ubj_text(text, sizeof(text) - 1);
	struct ubj_numbers two = ubj_numbers(ubj_member(all, "b"));
	struct ubj_list list = ubj_list(ubj_member(all, "c"));
	size_t n = 0;

	(void)state;
	assert_int_equal(two.n, 2);
	assert_true(ubj_number(&two, 0) == 1 && ubj_number(&two, 1) == -2);
	while (ubj_take(&list).at)
		n++;
	assert_int_equal(n, 3);
	assert_null(ubj_member(all, "d").at);
	assert_int_equal(ubj_numbers(ubj_member(all, "c")).n, 0);
}

/* In a copy of just that size, so that sanitizers see what is read beyond. */
static void ubjson_cut_short_is_nothing(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(text) - 1; size++) {
		char *copy = malloc(size + !size);
		struct ubj all;

		memcpy(copy, text, size);
		all = ubj_text(copy, size);
		assert_null(ubj_member(all, "d").at);
		assert_true(ubj_numbers(ubj_member(all, "b")).n == 0 ||
			    size > 22);
		free(copy);
	}
}

static void without_the_library_it_says_so(void **state)
{
	struct fixture f;

	(void)state;
	fixture_of(&f, column, P, FEW, 2);
	assert_int_equal(fit(&f, "boost", ""), METHOD_FAILED);
	assert_true(!strncmp(f.err.text, "boost ", 6));
	fixture_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_do_not_change_a_bit),
		cmocka_unit_test(the_loss_is_that_of_what_is_told),
		cmocka_unit_test(parts_add_up_to_the_score),
		cmocka_unit_test(the_best_round_is_kept),
		cmocka_unit_test(looking_changes_nothing),
		cmocka_unit_test(what_is_stopped_is_a_shorter_one),
		cmocka_unit_test(an_increasing_column_never_lowers),
		cmocka_unit_test(wrong_constraints_are_told),
		cmocka_unit_test(a_level_of_no_training_row_is_missing),
		cmocka_unit_test(numbers_of_any_size_are_told),
		cmocka_unit_test(what_gains_nothing_says_so),
		cmocka_unit_test(ubjson_is_read),
		cmocka_unit_test(ubjson_cut_short_is_nothing),
	};
	const struct CMUnitTest absent[] = {
		cmocka_unit_test(without_the_library_it_says_so),
		cmocka_unit_test(ubjson_is_read),
		cmocka_unit_test(ubjson_cut_short_is_nothing),
	};

	if (boost_library(NULL))
		return cmocka_run_group_tests(tests, make_data, NULL);
	return cmocka_run_group_tests(absent, make_data, NULL);
}
