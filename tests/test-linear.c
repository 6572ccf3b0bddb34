/*
 * test-linear.c - linear regression against NIST's certified values (StRD,
 * Linear Least Squares), against R, and what it does where there is no answer
 *
 * Certified values have 15 digits, by 500 digits of arithmetic.  Digits that
 * are asked for here are those that a sound factorisation can give: the
 * condition of Filip's table is 1e10 even when it is centred and scaled.
 */
#include "learn/method.h"

#include <math.h>
#include <stdio.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "eval/metrics-number.h"
#include "learn/student.h"
#include "tables.h"

/* ---- Longley ---- */

static double employed[16] = {
	60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857,
	68169, 66513, 68655, 69564, 69331, 70551
};

static double deflator[16] = {
	83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4,
	110.8, 112.6, 114.2, 115.7, 116.9
};
static double gnp[16] = {
	234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112,
	397469, 419180, 442769, 444546, 482704, 502601, 518173, 554894
};
static double unemployed[16] = {
	2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936,
	4681, 3813, 3931, 4806, 4007
};
static double armed[16] = {
	1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798,
	2637, 2552, 2514, 2572, 2827
};
static double population[16] = {
	107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219,
	117388, 118734, 120445, 121950, 123366, 125368, 127852, 130081
};
static double year[16] = {
	1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957,
	1958, 1959, 1960, 1961, 1962
};

/* ---- Filip ---- */

static double filip_y[82] = {
	0.8116, 0.9072, 0.9052, 0.9039, 0.8053, 0.8377, 0.8667, 0.8809,
	0.7975, 0.8162, 0.8515, 0.8766, 0.8885, 0.8859, 0.8959, 0.8913,
	0.8959, 0.8971, 0.9021, 0.909, 0.9139, 0.9199, 0.8692, 0.8872, 0.89,
	0.891, 0.8977, 0.9035, 0.9078, 0.7675, 0.7705, 0.7713, 0.7736, 0.7775,
	0.7841, 0.7971, 0.8329, 0.8641, 0.8804, 0.7668, 0.7633, 0.7678,
	0.7697, 0.77, 0.7749, 0.7796, 0.7897, 0.8131, 0.8498, 0.8741, 0.8061,
	0.846, 0.8751, 0.8856, 0.8919, 0.8934, 0.894, 0.8957, 0.9047, 0.9129,
	0.9209, 0.9219, 0.7739, 0.7681, 0.7665, 0.7703, 0.7702, 0.7761,
	0.7809, 0.7961, 0.8253, 0.8602, 0.8809, 0.8301, 0.8664, 0.8834,
	0.8898, 0.8964, 0.8963, 0.9074, 0.9119, 0.9228
};

static double filip_x[82] = {
	-6.860120914, -4.324130045, -4.358625055, -4.358426747, -6.955852379,
	-6.661145254, -6.355462942, -6.118102026, -7.115148017, -6.815308569,
	-6.519993057, -6.204119983, -5.853871964, -6.109523091, -5.79832982,
	-5.482672118, -5.171791386, -4.851705903, -4.517126416, -4.143573228,
	-3.709075441, -3.499489089, -6.300769497, -5.953504836, -5.642065153,
	-5.031376979, -4.680685696, -4.329846955, -3.928486195, -8.56735134,
	-8.363211311, -8.107682739, -7.823908741, -7.522878745, -7.218819279,
	-6.920818754, -6.628932138, -6.323946875, -5.991399828, -8.781464495,
	-8.663140179, -8.473531488, -8.247337057, -7.971428747, -7.676129393,
	-7.352812702, -7.072065318, -6.774174009, -6.478861916, -6.159517513,
	-6.835647144, -6.53165267, -6.224098421, -5.910094889, -5.598599459,
	-5.290645224, -4.974284616, -4.64454848, -4.290560426, -3.885055584,
	-3.408378962, -3.13200249, -8.726767166, -8.66695597, -8.511026475,
	-8.165388579, -7.886056648, -7.588043762, -7.283412422, -6.995678626,
	-6.691862621, -6.392544977, -6.067374056, -6.684029655, -6.378719832,
	-6.065855188, -5.752272167, -5.132414673, -4.811352704, -4.098269308,
	-3.66174277, -3.2644011
};

static void regression(struct fixture *f, struct column *column,
		       size_t columns, size_t rows, const double *y,
		       const struct transform *transform)
{
	fixture_init(f, column, columns, rows, NULL, transform);
	f->problem.task = TASK_REGRESSION;
	f->problem.number = y;
}

/* So many digits of a are those of b. */
static void digits(double a, double b, double wanted)
{
	double found = a == b ? 16 : -log10(fabs(a - b) / fabs(b));

	if (!(found >= wanted))
		fail_msg("%.15g is not %.15g: %.1f digits, not %g", a, b,
			 found, wanted);
}

static double sigma(const struct fixture *f)
{
	return sqrt(f->model.loss * (double)f->all.n / f->model.df);
}

static void longley_of(struct fixture *f, const struct transform *transform)
{
	static struct column column[6];
	static double *const number[6] = { deflator, gnp, unemployed, armed,
					   population, year };
	static const char *const name[6] = { "deflator", "gnp", "unemployed",
					     "armed", "population", "year" };

	for (int j = 0; j < 6; j++)
		column[j] = numbers(name[j], number[j]);
	regression(f, column, 6, 16, employed, transform);
}

static const double longley_weight[7] = {
	15.0618722713733, -0.0358191792925910, -2.02022980381683,
	-1.03322686717359, -0.0511041056535807, 1829.15146461355,
	-3482258.63459582
};
static const double longley_error[7] = {
	84.9149257747669, 0.0334910077722432, 0.488399681651699,
	0.214274163161675, 0.226073200069370, 455.478499142212,
	890420.383607373
};

static void longleys_table_has_eleven_digits(void **state)
{
	struct fixture f;

	(void)state;
	longley_of(&f, NULL);
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	assert_true(f.model.converged);
	for (int j = 0; j < 6; j++)
		digits(f.model.weight[j], longley_weight[j], 11);
	digits(f.model.intercept, longley_weight[6], 11);
	for (int j = 0; j < 7; j++)
		digits(f.model.std_error[j], longley_error[j], 11);
	digits(f.model.score, 0.995479004577296, 13);
	digits(sigma(&f), 304.854073561965, 11);
	/* Of t = 4.0159 with 9 degrees of freedom, by mpmath 1.2.1. */
	near(model_p(&f.model, 5), 0.00303680334163, 1e-9);
	fixture_clear(&f);
}

/* With rules the weights are in other units, and the raw ones the same. */
static void rules_change_nothing_but_the_units(void **state)
{
	const struct transform by_hand[] = {
		{ 100, 10 }, { 4e5, 1e5 }, { 3000, 900 }, { 2600, 700 },
		{ 117000, 7000 }, { 1954, 5 }
	};
	struct fixture f;

	(void)state;
	longley_of(&f, by_hand);
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	for (size_t j = 0; j < 6; j++) {
		digits(model_raw(&f.model, f.problem.design, j),
		       longley_weight[j], 11);
		digits(f.model.std_error[j] / by_hand[j].scale,
		       longley_error[j], 11);
	}
	digits(model_raw_intercept(&f.model, f.problem.design),
	       longley_weight[6], 10);
	digits(f.model.raw_error, longley_error[6], 11);
	assert_true(f.model.std_error[6] < 1e-3 * longley_error[6]);
	/* Of t = -3.9108 with 9 degrees of freedom, by mpmath 1.2.1. */
	near(model_raw_intercept_p(&f.model, f.problem.design),
	     0.003560403663726, 1e-9);
	fixture_clear(&f);
}

/* A rule that clips stands between the scales and the weights, and clips
 * nothing. */
static void errors_of_the_file_are_behind_all_scales(void **state)
{
	const struct transform by_hand[] = {
		{ 100, 10 }, { 4e5, 1e5 }, { 3000, 900 }, { 2600, 700 },
		{ 117000, 7000 }, { 1954, 5 }
	};
	const size_t column[] = { 0, 1, 2, 3, 4, 5 };
	struct fixture f;

	(void)state;
	longley_of(&f, by_hand);
	for (size_t j = 0; j < 6; j++) {
		assert_true(treatment_add(&f.treatment[j], STEP_CLIP, -1e9,
					  1e9));
		assert_true(j % 2 || treatment_add(&f.treatment[j], STEP_SCALE,
						   3, 7));
	}
	design_free((struct design *)f.problem.design);
	f.problem.design = design_new(&f.table, column, 6, f.treatment, &f.all,
				      NULL, &f.err);
	assert_non_null(f.problem.design);
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	digits(model_raw_intercept(&f.model, f.problem.design),
	       longley_weight[6], 10);
	digits(f.model.raw_error, longley_error[6], 11);
	fixture_clear(&f);
}

/* ---- polynomials ---- */

enum { DEGREE = 10, ROWS = 82 };

static double power[DEGREE][ROWS];

/* Columns x, x^2 ... x^degree. */
static void polynomial(struct fixture *f, const double *x, const double *y,
		       size_t rows, size_t degree)
{
	static const char *const name[DEGREE] = {
		"x", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10"
	};
	static struct column column[DEGREE];

	for (size_t k = 0; k < degree; k++) {
		for (size_t i = 0; i < rows; i++)
			power[k][i] = (k ? power[k - 1][i] : 1) * x[i];
		column[k] = numbers(name[k], power[k]);
	}
	regression(f, column, degree, rows, y, NULL);
}

/* R's lm leaves x^10 out of this one and gives -174.28 as the intercept. */
static void filips_polynomial_has_seven_digits(void **state)
{
	static const double weight[11] = {
		-1467.48961422980, -2772.17959193342, -2316.37108160893,
		-1127.97394098372, -354.478233703349, -75.1242017393757,
		-10.8753180355343, -1.06221498588947, -0.0670191154593408,
		-0.00246781078275479, -4.02962525080404e-5
	};
	static const double error[11] = {
		298.084530995537, 559.779865474950, 466.477572127796,
		227.204274477751, 71.6478660875927, 15.2897178747400,
		2.23691159816033, 0.221624321934227, 0.0142363763154724,
		5.35617408889821e-4, 8.96632837373868e-6
	};
	struct fixture f;

	(void)state;
	polynomial(&f, filip_x, filip_y, 82, 10);
	if (fit(&f, "linear", "") != METHOD_DONE)
		fail_msg("%s", f.err.text);
	digits(f.model.intercept, weight[0], 7);
	digits(f.model.std_error[10], error[0], 7);
	for (int k = 1; k <= 10; k++) {
		digits(f.model.weight[k - 1], weight[k], 7);
		digits(f.model.std_error[k - 1], error[k], 7);
	}
	digits(f.model.score, 0.996727416185620, 10);
	digits(sigma(&f), 0.00334801051324544, 8);
	fixture_clear(&f);
}

/* Wampler's: 1 + x + ... + x^5, and what is added to it, times a factor. */
static void wampler(struct fixture *f, double factor, double *y)
{
	static const double added[21] = { 759, -2048, 2048, -2048, 2523, -2048,
		2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048, 2048,
		-2048, 2523, -2048, 2048, -2048, 759 };
	static double x[21];

	for (int i = 0; i < 21; i++) {
		double sum = 1;

		x[i] = i;
		for (int k = 0; k < 5; k++)
			sum = sum * i + 1;
		y[i] = sum + factor * added[i];
	}
	polynomial(f, x, y, 21, 5);
}

static void wamplers_polynomials_have_their_digits(void **state)
{
	static const double error[6] = { 2152.32624678170, 2363.55173469681,
		779.343524331583, 101.475507550350, 5.64566512170752,
		0.112324854679312 };
	static const double r2[3] = { 0.999995559025820, 0.957478440825662,
				      0.00224668921574900 };
	double y[21];

	(void)state;
	for (int i = 0; i < 3; i++) {
		double factor = i == 0 ? 1 : i == 1 ? 100 : 10000;
		struct fixture f;

		wampler(&f, factor, y);
		assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
		digits(f.model.intercept, 1, i == 2 ? 7 : 8);
		digits(f.model.std_error[5], error[0] * factor, 11);
		for (int k = 1; k < 6; k++) {
			digits(f.model.weight[k - 1], 1, i == 2 ? 7 : 8);
			digits(f.model.std_error[k - 1], error[k] * factor,
			       11);
		}
		digits(f.model.score, r2[i], i == 2 ? 10 : 12);
		digits(sigma(&f), 2360.14502379268 * factor, 11);
		fixture_clear(&f);
	}
}

static void an_exact_fit_is_exact(void **state)
{
	struct fixture f;
	double y[21];

	(void)state;
	wampler(&f, 0, y);
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	digits(f.model.intercept, 1, 7);
	for (int k = 0; k < 5; k++)
		digits(f.model.weight[k], 1, 9);
	near(f.model.score, 1, 1e-15);
	assert_true(sigma(&f) < 1e-8);
	fixture_clear(&f);
}

/* ---- R and scikit-learn ---- */

/* lm(stack.loss ~ ., stackloss) of R 4.2.2: a plant. */
static double air[21] = { 80, 80, 75, 62, 62, 62, 62, 62, 58, 58, 58, 58, 58,
			  58, 50, 50, 50, 50, 50, 56, 70 };
static double water[21] = { 27, 27, 25, 24, 22, 23, 24, 24, 23, 18, 18, 17, 18,
			    19, 18, 18, 19, 19, 20, 20, 20 };
static double acid[21] = { 89, 88, 90, 87, 87, 87, 93, 93, 87, 80, 89, 88, 82,
			   93, 89, 86, 72, 79, 80, 82, 91 };
static const double loss[21] = { 42, 37, 37, 28, 18, 18, 19, 20, 15, 14, 14,
				 13, 11, 12, 8, 7, 8, 8, 9, 15, 15 };

static void stackloss(struct fixture *f)
{
	static struct column column[3];

	column[0] = numbers("air", air);
	column[1] = numbers("water", water);
	column[2] = numbers("acid", acid);
	regression(f, column, 3, 21, loss, NULL);
}

static void stackloss_is_as_in_r(void **state)
{
	static const double weight[4] = { 0.715640200485, 1.295286124389,
					  -0.152122519149, -39.919674420124 };
	static const double error[4] = { 0.134858185355, 0.368024265273,
					 0.156294043249, 11.895996850644 };
	struct number_metrics m;
	struct fixture f;
	double told[21];

	(void)state;
	stackloss(&f);
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	for (int j = 0; j < 3; j++)
		near(f.model.weight[j], weight[j], 1e-10);
	near(f.model.intercept, weight[3], 1e-12);
	for (int j = 0; j < 4; j++)
		near(f.model.std_error[j], error[j], 1e-10);
	near(sigma(&f), 3.24336391819, 1e-11);
	near(f.model.score, 0.913576904461, 1e-11);
	assert_true(model_predict(&f.model, f.problem.design, &f.all, told,
				  NULL, &f.err));
	assert_true(metrics_number(&m, loss, told, 21, &f.err));
	near(m.of[NUMBER_R2], 0.913576904461, 1e-11);
	near(m.of[NUMBER_MSE], f.model.loss, 1e-12);
	fixture_clear(&f);
}

/* Ridge(alpha=10) of scikit-learn 1.2.1. */
static void a_penalty_is_that_of_ridge(void **state)
{
	struct fixture f;

	(void)state;
	stackloss(&f);
	assert_int_equal(fit(&f, "linear", "l2=10"), METHOD_DONE);
	near(f.model.weight[0], 0.7424489761270074, 1e-11);
	near(f.model.weight[1], 1.1703667291647346, 1e-11);
	near(f.model.weight[2], -0.14375414078548035, 1e-11);
	near(f.model.intercept, -39.62655755342188, 1e-11);
	near(f.model.score, 0.9129607339711393, 1e-11);
	assert_null(f.model.std_error);
	assert_non_null(strstr(f.model.note, "penalty"));
	fixture_clear(&f);
}

/* ---- no intercept ---- */

/* NoInt1 and NoInt2 of NIST; R^2 is about 0 there. */
static void nists_lines_through_nothing_have_their_digits(void **state)
{
	static double x1[11], x2[3] = { 4, 5, 6 };
	static double y1[11], y2[3] = { 3, 4, 4 };
	struct column column;
	struct fixture f;

	(void)state;
	for (int i = 0; i < 11; i++) {
		x1[i] = 60 + i;
		y1[i] = 130 + i;
	}
	column = numbers("x", x1);
	regression(&f, &column, 1, 11, y1, NULL);
	assert_int_equal(fit(&f, "linear", "intercept=no"), METHOD_DONE);
	digits(f.model.weight[0], 2.07438016528926, 13);
	digits(f.model.std_error[0], 0.0165289256198347, 13);
	digits(sigma(&f), 3.56753034006338, 13);
	digits(f.model.score, 0.999365492298663, 13);
	assert_true(f.model.intercept == 0 && isnan(f.model.std_error[1]));
	assert_true(f.model.df == 10);
	fixture_clear(&f);
	column = numbers("x", x2);
	regression(&f, &column, 1, 3, y2, NULL);
	assert_int_equal(fit(&f, "linear", "intercept=no"), METHOD_DONE);
	digits(f.model.weight[0], 0.727272727272727, 13);
	digits(f.model.std_error[0], 0.0420827318078432, 13);
	digits(sigma(&f), 0.369274472937998, 13);
	digits(f.model.score, 0.993348115299335, 13);
	fixture_clear(&f);
}

/* A column of ones is what an intercept is made of. */
static void a_constant_stands_for_the_intercept(void **state)
{
	static double ones[21];
	struct column column[4];
	struct fixture f, plain;

	(void)state;
	for (int i = 0; i < 21; i++)
		ones[i] = 1;
	column[0] = numbers("air", air);
	column[1] = numbers("water", water);
	column[2] = numbers("acid", acid);
	column[3] = numbers("ones", ones);
	stackloss(&plain);
	regression(&f, column, 4, 21, loss, NULL);
	fit(&plain, "linear", "");
	assert_int_equal(fit(&f, "linear", "intercept=no"), METHOD_DONE);
	for (int j = 0; j < 4; j++)
		digits(f.model.std_error[j], plain.model.std_error[j], 12);
	digits(f.model.weight[3], plain.model.intercept, 12);
	assert_true(f.model.df == plain.model.df);
	fixture_clear(&plain);
	fixture_clear(&f);
}

/* ---- lasso ---- */

/* How far the sums over the rows are from where they should be, with a penalty
 * of l1: equal to it where there is a weight, and no larger elsewhere. */
static double off_optimum(const struct fixture *f, double *const x[],
			  size_t p, const double *y, size_t n, double l1,
			  double l2)
{
	double most = 0;

	for (size_t j = 0; j < p; j++) {
		double w = f->model.weight[j], sum = -l2 * w;

		for (size_t i = 0; i < n; i++) {
			double left = y[i] - f->model.intercept;

			for (size_t k = 0; k < p; k++)
				left -= f->model.weight[k] * x[k][i];
			sum += left * x[j][i];
		}
		most = fmax(most, w != 0 ? fabs(sum - copysign(l1, w))
					 : fmax(0, fabs(sum) - l1));
	}
	return most;
}

static void lasso_ends_where_the_sums_say_so(void **state)
{
	double *const x[3] = { air, water, acid };
	struct fixture f;

	(void)state;
	stackloss(&f);
	assert_int_equal(fit(&f, "lasso", "l1=100"), METHOD_DONE);
	assert_true(f.model.converged);
	assert_true(f.model.weight[2] == 0 && f.model.weight[0] != 0);
	assert_true(off_optimum(&f, x, 3, loss, 21, 100, 0) < 1e-9);
	assert_null(f.model.std_error);
	assert_int_equal(fit(&f, "elastic-net", "l1=20 l2=10"), METHOD_DONE);
	assert_true(off_optimum(&f, x, 3, loss, 21, 20, 10) < 1e-9);
	/* So large that nothing is left but the mean. */
	assert_int_equal(fit(&f, "lasso", "l1=1e6"), METHOD_DONE);
	for (int j = 0; j < 3; j++)
		assert_true(f.model.weight[j] == 0);
	near(f.model.intercept, 368.0 / 21, 1e-14);
	near(f.model.score, 0, 1e-12);
	/* And so small that it is least squares. */
	fit(&f, "lasso", "l1=1e-9");
	near(f.model.weight[2], -0.152122519149, 1e-9);
	fixture_clear(&f);
}

/* Lasso and ridge in place of a method of their own are what linear is. */
static void ridge_is_linear_with_a_penalty(void **state)
{
	struct fixture f;
	double first;

	(void)state;
	stackloss(&f);
	fit(&f, "linear", "l2=3");
	first = f.model.weight[1];
	fit(&f, "ridge", "l2=3");
	assert_true(f.model.weight[1] == first);
	fit(&f, "elastic-net", "l1=0 l2=3");
	assert_true(f.model.weight[1] == first);
	fixture_clear(&f);
}

/* A column twice, and one of the same value: no weights of a split kind. */
static void lasso_stands_columns_that_are_the_same(void **state)
{
	static double again[21], same[21];
	struct column column[5];
	struct fixture f, plain;

	(void)state;
	memcpy(again, air, sizeof(again));
	for (int i = 0; i < 21; i++)
		same[i] = 7;
	column[0] = numbers("air", air);
	column[1] = numbers("water", water);
	column[2] = numbers("acid", acid);
	column[3] = numbers("again", again);
	column[4] = numbers("same", same);
	stackloss(&plain);
	fit(&plain, "lasso", "l1=10");
	regression(&f, column, 5, 21, loss, NULL);
	assert_int_equal(fit(&f, "lasso", "l1=10"), METHOD_DONE);
	assert_true(f.model.weight[4] == 0);
	near(f.model.weight[0] + f.model.weight[3], plain.model.weight[0],
	     1e-10);
	near(f.model.score, plain.model.score, 1e-12);
	fixture_clear(&plain);
	fixture_clear(&f);
}

/* More features than rows: the rows are descended on, to the same end. */
static void more_features_than_rows_have_an_answer(void **state)
{
	enum { N = 20, P = 50 };
	static double value[P][N], y[N];
	static double *x[P];
	struct column column[P];
	struct fixture f;
	struct rng rng;

	(void)state;
	rng_init(&rng, 11);
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < P; j++)
			value[j][i] = 10 + noise(&rng);
		y[i] = 3 * value[0][i] - value[1][i] + noise(&rng) / 4;
	}
	for (int j = 0; j < P; j++) {
		x[j] = value[j];
		column[j] = numbers("x", value[j]);
	}
	regression(&f, column, P, N, y, NULL);
	assert_int_equal(fit(&f, "linear", ""), METHOD_FAILED);
	assert_non_null(strstr(f.err.text, "20 training rows do not"));
	assert_int_equal(fit(&f, "lasso", "l1=2"), METHOD_DONE);
	assert_true(off_optimum(&f, x, P, y, N, 2, 0) < 1e-8);
	assert_int_equal(fit(&f, "ridge", "l2=2"), METHOD_DONE);
	assert_true(off_optimum(&f, x, P, y, N, 0, 2) < 1e-9);
	assert_int_equal(fit(&f, "elastic-net", "l1=1 l2=2"), METHOD_DONE);
	assert_true(off_optimum(&f, x, P, y, N, 1, 2) < 1e-8);
	fixture_clear(&f);
}

/* Powers up to the tenth, where the condition is 1e10. */
static void lasso_is_at_its_optimum_on_filips_powers(void **state)
{
	struct fixture f;
	enum method_status status;

	(void)state;
	polynomial(&f, filip_x, filip_y, 82, 10);
	status = fit(&f, "lasso", "l1=1e-3");
	assert_true(status == METHOD_DONE || status == METHOD_STUCK);
	assert_int_equal(status == METHOD_DONE, f.model.converged);
	assert_true(f.model.score > 0.9 && f.model.score < 0.9968);
	fixture_clear(&f);
}

/* By mpmath 1.2.1 with 40 digits. */
static void students_t_has_its_tails(void **state)
{
	(void)state;
	near(student_p(1, 1), 0.5, 1e-15);
	near(student_p(-2, 2), 0.18350341907227396727, 1e-14);
	near(student_p(3.5, 9), 0.0067235157630589563, 1e-14);
	near(student_p(50, 29) * 1e29, 1.0748623985572458, 1e-12);
	near(student_p(2, 1000), 0.04577034649325164, 1e-13);
	near(student_p(0.01, 3), 0.99264911141285198, 1e-14);
	near(student_p(2, INFINITY), 0.045500263896358414, 1e-14);
	assert_true(student_p(0, 5) == 1);
	assert_true(student_p(INFINITY, 5) == 0);
	assert_true(isnan(student_p(NAN, 5)) && isnan(student_p(1, 0)));
}

/* pf(f, upper, lower, lower.tail = FALSE) of R 4.2.2. */
static void p_of_fishers_f(void **state)
{
	static const double of[][4] = {
		{ 3.5, 2, 29, 4.348952942173510e-02 },
		{ 0.1, 1, 5, 7.646047767887927e-01 },
		{ 69.2112134, 2, 29, 9.109054372248640e-12 },
		{ 2.2, 300, 20, 1.981352681309754e-02 },
		{ 1e-3, 5, 3, 9.999997700752714e-01 },
		{ 50, 17, 1e6, 1.185610893841193e-169 },
		{ 1.3, 40, 1.5, 5.645417742911567e-01 },
		{ 12, 7, 1, 2.188086931845417e-01 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		near(fisher_p(of[i][0], of[i][1], of[i][2]) / of[i][3], 1,
		     1e-9);
	near(fisher_p(6.25, 1, 9), student_p(2.5, 9), 1e-14);
	assert_true(fisher_p(0, 2, 5) == 1 && fisher_p(INFINITY, 2, 5) == 0);
	assert_true(isnan(fisher_p(NAN, 2, 5)) && isnan(fisher_p(1, 0, 5)));
}

/* ---- no answer ---- */

/* total is a + b, and c has nothing to do with them. */
static void a_dependence_is_named(void **state)
{
	static double a[40], b[40], c[40], total[40], y[40];
	struct column column[4];
	struct fixture f;
	struct rng rng;

	(void)state;
	rng_init(&rng, 7);
	for (int i = 0; i < 40; i++) {
		a[i] = 20 + round(100 * noise(&rng)) / 100;
		b[i] = round(100 * noise(&rng)) / 100;
		c[i] = noise(&rng);
		total[i] = a[i] + b[i];
		y[i] = a[i] - c[i] + noise(&rng);
	}
	column[0] = numbers("a", a);
	column[1] = numbers("b", b);
	column[2] = numbers("c", c);
	column[3] = numbers("total", total);
	regression(&f, column, 4, 40, y, NULL);
	assert_int_equal(fit(&f, "linear", ""), METHOD_FAILED);
	assert_non_null(strstr(f.err.text, "follows exactly from"));
	assert_non_null(strstr(f.err.text, "features -total"));
	assert_null(strstr(f.err.text, "c,"));
	assert_int_equal(fit(&f, "linear", "l2=1"), METHOD_DONE);
	/* A hundredth of one cell more, and it is determined. */
	total[17] += 0.01;
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	assert_true(f.model.std_error[0] > 10);
	fixture_clear(&f);
}

static void a_constant_is_named(void **state)
{
	static double a[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 11 }, k[10];
	static const double y[10] = { 1, 3, 2, 5, 4, 6, 8, 7, 9, 10 };
	struct column column[2];
	struct fixture f;

	(void)state;
	for (int i = 0; i < 10; i++)
		k[i] = 0.1;
	column[0] = numbers("a", a);
	column[1] = numbers("k", k);
	regression(&f, column, 2, 10, y, NULL);
	assert_int_equal(fit(&f, "linear", ""), METHOD_FAILED);
	assert_non_null(strstr(f.err.text, "k has the same value"));
	assert_int_equal(fit(&f, "linear", "l2=1"), METHOD_DONE);
	near(f.model.weight[1], 0, 0);
	fixture_clear(&f);
}

static void few_rows_determine_few_weights(void **state)
{
	struct fixture f;

	(void)state;
	stackloss(&f);
	f.all.n = 3;
	assert_int_equal(fit(&f, "linear", ""), METHOD_FAILED);
	assert_non_null(strstr(f.err.text, "3 training rows"));
	/* Four rows that are not in one plane: no error is left to measure. */
	f.all.n = 4;
	f.all.row[0] = 20;
	f.all.row[1] = 3;
	f.all.row[2] = 9;
	f.all.row[3] = 16;
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	assert_null(f.model.std_error);
	assert_true(isnan(model_p(&f.model, 0)));
	fixture_clear(&f);
}

/* ---- size ---- */

/* Rows enough for many parts and blocks, and more than one panel. */
static void one_thread_and_many_give_the_same_bits(void **state)
{
	enum { N = 30000, P = 40 };
	static double x[P][N], y[N];
	struct column column[P];
	struct fixture f;
	struct rng rng;
	struct model one;

	(void)state;
	rng_init(&rng, 3);
	for (int i = 0; i < N; i++) {
		y[i] = 5;
		for (int j = 0; j < P; j++) {
			x[j][i] = 1e3 * j + noise(&rng);
			y[i] += (x[j][i] - 1e3 * j) * (j - 20);
		}
	}
	for (int j = 0; j < P; j++)
		column[j] = numbers("x", x[j]);
	regression(&f, column, P, N, y, NULL);
#ifdef _OPENMP
	omp_set_num_threads(1);
#endif
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	model_copy(&one, &f.model);
#ifdef _OPENMP
	omp_set_num_threads(3);
#endif
	assert_int_equal(fit(&f, "linear", ""), METHOD_DONE);
	assert_memory_equal(one.weight, f.model.weight,
			    P * sizeof(*one.weight));
	assert_memory_equal(one.std_error, f.model.std_error,
			    (P + 1) * sizeof(*one.weight));
	for (int j = 0; j < P; j++)
		near(f.model.weight[j], j - 20, 1e-9);
	model_clear(&one);
	fixture_clear(&f);
}

/* Work that was asked to stop before it began. */
static bool step_when_stopped(struct job *job, void *arg, struct err *err)
{
	const struct method *method = method_find("linear");
	struct fixture *f = arg;
	struct option_values options;
	void *state;

	while (!job_stopped(job))
		continue;
	options_init(&options, method->options);
	state = method->start(&f->problem, &options, err);
	assert_non_null(state);
	assert_int_equal(method->step(state, job, err), METHOD_MORE);
	method->look(state, &f->model);
	method->end(state);
	options_clear(&options);
	return true;
}

static void a_stopped_step_makes_no_model(void **state)
{
	struct fixture f;
	struct job *job;

	(void)state;
	stackloss(&f);
	job = job_start(step_when_stopped, &f, 0, -1, &f.err);
	assert_non_null(job);
	job_stop(job);
	assert_true(job_end(job, &f.err));
	assert_int_equal(f.model.iteration, 0);
	assert_false(f.model.converged);
	fixture_clear(&f);
}

/* ---- the baseline ---- */

static void the_baseline_tells_the_mean(void **state)
{
	struct fixture f;
	double told[21];

	(void)state;
	stackloss(&f);
	assert_int_equal(fit(&f, "baseline", ""), METHOD_DONE);
	near(f.model.intercept, 368.0 / 21, 1e-15);
	assert_true(f.model.score == 0);
	assert_true(model_predict(&f.model, f.problem.design, &f.all, told,
				  NULL, &f.err));
	near(told[13], 368.0 / 21, 1e-15);
	near(f.model.loss, 98.53514739229026, 1e-14);
	fixture_clear(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longleys_table_has_eleven_digits),
		cmocka_unit_test(rules_change_nothing_but_the_units),
		cmocka_unit_test(errors_of_the_file_are_behind_all_scales),
		cmocka_unit_test(filips_polynomial_has_seven_digits),
		cmocka_unit_test(wamplers_polynomials_have_their_digits),
		cmocka_unit_test(an_exact_fit_is_exact),
		cmocka_unit_test(stackloss_is_as_in_r),
		cmocka_unit_test(a_penalty_is_that_of_ridge),
		cmocka_unit_test(nists_lines_through_nothing_have_their_digits),
		cmocka_unit_test(a_constant_stands_for_the_intercept),
		cmocka_unit_test(lasso_ends_where_the_sums_say_so),
		cmocka_unit_test(ridge_is_linear_with_a_penalty),
		cmocka_unit_test(lasso_stands_columns_that_are_the_same),
		cmocka_unit_test(more_features_than_rows_have_an_answer),
		cmocka_unit_test(lasso_is_at_its_optimum_on_filips_powers),
		cmocka_unit_test(students_t_has_its_tails),
		cmocka_unit_test(p_of_fishers_f),
		cmocka_unit_test(a_dependence_is_named),
		cmocka_unit_test(a_constant_is_named),
		cmocka_unit_test(few_rows_determine_few_weights),
		cmocka_unit_test(one_thread_and_many_give_the_same_bits),
		cmocka_unit_test(a_stopped_step_makes_no_model),
		cmocka_unit_test(the_baseline_tells_the_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
