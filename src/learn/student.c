#include "learn/student.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

/* The fraction is done after about sqrt(df) terms. */
enum { TERMS_MAX = 1000000 };

/* From here on four terms of the series below are exact. */
#define LARGE 40

/*
 * log(gamma(a + 1/2) / gamma(a)), without the digits that the difference of
 * two logarithms would lose: gamma(a + 1) = a gamma(a) leads to a large a,
 * where DLMF 5.11.13 gives
 *
 *	log(a) / 2 - 1/(8 a) + 1/(192 a^3) - 1/(640 a^5) + 17/(14336 a^7)
 */
static double log_gamma_ratio(double a)
{
	double product = 1, b = a, s;

	for (; b < LARGE; b++)
		product *= b / (b + 0.5);
	s = 1 / (b * b);
	return log(product) + log(b) / 2 -
	       (1.0 / 8 - s * (1.0 / 192 - s * (1.0 / 640 -
		s * 17 / 14336))) / b;
}

/* The n-th numerator of the fraction of I_x(a, b), from 1 on. */
static double numerator(size_t n, double a, double b, double x)
{
	double m = (double)(n / 2), at = a + (double)n - 1;

	if (n == 1)
		return 1;
	if (n % 2 == 0) {
		double k = m - 1;

		return -(a + k) * (a + b + k) * x /
		       ((a + 2 * k) * (a + 2 * k + 1));
	}
	return m * (b - m) * x / ((at - 1) * at);
}

/*
 * The continued fraction of the incomplete beta function, DLMF 8.17.22, by
 * Lentz's method (Thompson and Barnett, J. Comput. Phys. 64, 1986).
 */
static double fraction(double a, double b, double x)
{
	double f = DBL_MIN, c = f, d = 0;

	for (size_t n = 1; n < TERMS_MAX; n++) {
		double up = numerator(n, a, b, x), step;

		d = 1 + up * d;
		c = 1 + up / c;
		d = 1 / (d != 0 ? d : DBL_MIN);
		c = c != 0 ? c : DBL_MIN;
		step = c * d;
		f *= step;
		if (n > 1 && fabs(step - 1) < DBL_EPSILON)
			break;
	}
	return f;
}

/*
 * p is I_x(df / 2, 1 / 2) at x = df / (df + t^2): of the two ends it is
 * computed from the one where the fraction converges.
 */
double student_p(double t, double df)
{
	double a = df / 2, x, rest, front;

	if (isnan(t) || !(df > 0))
		return NAN;
	if (isinf(df))
		return erfc(fabs(t) / sqrt(2));
	if (isinf(t))
		return 0;
	x = 1 / (1 + t / df * t);
	rest = t / df * t * x;
	if (t == 0 || x == 0)
		return t == 0;
	/* x^a (1 - x)^(1/2) / B(a, 1/2), where B has gamma(1/2) = pi^(1/2). */
	front = exp(a * -log1p(t / df * t) + log_gamma_ratio(a)) *
		sqrt(rest / acos(-1));
	return x < (a + 1) / (a + 2.5) ? front * fraction(a, 0.5, x) / a :
	       1 - front * fraction(0.5, a, rest) / 0.5;
}

/* log(gamma(a + n/2) / gamma(a)) */
static double log_gamma_steps(double a, double n)
{
	double sum = 0;

	for (double k = 0; k < n; k++)
		sum += log_gamma_ratio(a + k / 2);
	return sum;
}

/* I_x(lower / 2, upper / 2) at x = lower / (lower + upper f); gamma(1/2) is the
 * root of pi. */
double fisher_p(double f, double upper, double lower)
{
	double a = lower / 2, b = upper / 2, odds = upper / lower * f, x, rest;
	double front;

	if (isnan(f) || !(upper >= 1) || !(lower > 0))
		return NAN;
	if (f <= 0 || isinf(f))
		return f <= 0;
	x = 1 / (1 + odds);
	rest = odds * x;
	front = exp(-a * log1p(odds) + b * log(rest) +
		    log_gamma_steps(a, upper) -
		    log_gamma_steps(0.5, upper - 1)) / sqrt(acos(-1));
	return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a :
	       1 - front * fraction(b, a, rest) / b;
}

double student_t(double p, double df)
{
	double low = 0, high = 1;

	if (!(df > 0))
		return NAN;
	while (student_p(high, df) > p)
		high *= 2;
	for (int i = 0; i < 60; i++) {
		double middle = low + (high - low) / 2;

		if (student_p(middle, df) > p)
			low = middle;
		else
			high = middle;
	}
	return high;
}
