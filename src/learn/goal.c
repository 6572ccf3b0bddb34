#include "learn/goal.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sum.h"
#include "learn/loss.h"

static double weight_of(const struct goal *g, uint32_t class)
{
	return g->class_weight ? g->class_weight[class] : 1;
}

/* ---- the start ---- */

/* Mean and deviation of the numbers; the second pass from the mean. */
static void measure(struct goal *g, const uint32_t *place, size_t n)
{
	struct sum sum = { 0 }, squares = { 0 };
	double first = g->number[place[0]];
	bool same = true;

	for (size_t i = 0; i < n; i++) {
		same &= g->number[place[i]] == first;
		sum_add(&sum, g->number[place[i]] / (double)n);
	}
	g->mean = same ? first : sum_of(&sum);
	for (size_t i = 0; i < n && !same; i++) {
		double off = g->number[place[i]] - g->mean;

		sum_add(&squares, off * off / (double)n);
	}
	g->sd = sqrt(sum_of(&squares));
	g->base = 0.5;
	if (g->sd > 0 && isfinite(g->sd))
		return;
	g->sd = 1;
	g->base = same ? 0 : g->base;
}

static double entropy(const double *share, size_t n, double total)
{
	double sum = 0;

	for (size_t k = 0; k < n; k++)
		if (share[k] > 0)
			sum -= share[k] / total * log(share[k] / total);
	return sum;
}

/* The classes that are present, and what it costs to know their shares only. */
static void count(struct goal *g, const uint32_t *place, size_t n)
{
	double *share = mem_array(g->classes, sizeof(*share)), total = 0;

	for (size_t i = 0; i < n; i++) {
		double weight = weight_of(g, g->y[place[i]]);

		share[g->y[place[i]]] += weight;
		total += weight;
	}
	g->base = entropy(share, g->classes, total);
	g->class_of = mem_array(g->classes, sizeof(*g->class_of));
	g->z_of = mem_array(g->classes, sizeof(*g->z_of));
	g->outputs = 0;
	for (size_t k = 0; k < g->classes; k++) {
		if (share[k] == 0 && g->kind == GOAL_MANY)
			continue;
		g->z_of[k] = (uint32_t)g->outputs;
		g->class_of[g->outputs++] = (uint32_t)k;
	}
	if (g->kind == GOAL_TWO)
		g->outputs = 1;
	g->same = mem_array(g->outputs, sizeof(*g->same));
	for (size_t k = 0; k < g->outputs; k++)
		g->same[k] = g->kind == GOAL_TWO ? log(share[1] / share[0]) :
			     log(share[g->class_of[k]] / total);
	free(share);
}

void goal_init(struct goal *g, const struct problem *problem,
	       const uint32_t *place, size_t n)
{
	*g = (struct goal){ .outputs = 1, .y = problem->y,
			    .number = problem->number, .sd = 1 };
	if (problem->task == TASK_REGRESSION) {
		g->kind = GOAL_NUMBER;
		g->same = mem_array(1, sizeof(*g->same));
		measure(g, place, n);
		return;
	}
	g->classes = problem->classes;
	g->kind = g->classes > 2 ? GOAL_MANY : GOAL_TWO;
	g->class_weight = problem->class_weight;
	count(g, place, n);
}

void goal_clear(struct goal *g)
{
	free(g->class_of);
	free(g->z_of);
	free(g->same);
}

/* ---- rows ---- */

void goal_truths(const struct goal *g, const uint32_t *place, size_t n,
		 struct truths *truths)
{
	for (size_t i = 0; i < n && g->kind != GOAL_NUMBER; i++)
		truths->y[i] = g->z_of[g->y[place[i]]];
	for (size_t i = 0; i < n && g->kind == GOAL_NUMBER; i++)
		truths->t[i] = (g->number[place[i]] - g->mean) / g->sd;
}

/* As logistic_loss() and logistic_probability(), with one exponential. */
static void slope_two(const struct goal *g, const uint32_t *y, size_t n,
		      double *z, struct tally *tally)
{
	for (size_t i = 0; i < n; i++) {
		bool told = z[i] > 0, is = y[i] == 1;
		double e = exp(-fabs(z[i])), loss = log1p(e);
		double weight = weight_of(g, y[i]);

		if (told != is)
			loss += fabs(z[i]);
		tally->loss += weight * loss;
		tally->hits += told == is;
		tally->weight += weight;
		z[i] = weight * ((told ? 1 : e) / (1 + e) - is);
	}
}

static void slope_many(const struct goal *g, const uint32_t *y, size_t n,
		       double *z, struct tally *tally)
{
	size_t c = g->outputs;

	for (size_t i = 0; i < n; i++, z += c) {
		double weight = weight_of(g, g->class_of[y[i]]);
		double right = z[y[i]], most = z[0], log_sum;
		size_t told = 0;

		for (size_t k = 1; k < c; k++)
			if (z[k] > z[told])
				told = k;
		most = z[told];
		log_sum = softmax(z, c);
		tally->loss += weight * (log_sum + most - right);
		tally->hits += told == y[i];
		tally->weight += weight;
		z[y[i]] -= 1;
		for (size_t k = 0; k < c; k++)
			z[k] *= weight;
	}
}

static void slope_number(const double *t, size_t n, double *z,
			 struct tally *tally)
{
	for (size_t i = 0; i < n; i++) {
		z[i] -= t[i];
		tally->loss += z[i] * z[i] / 2;
		tally->weight += 1;
	}
}

void goal_slope(const struct goal *g, const struct truths *truths,
		size_t first, size_t n, double *z, struct tally *tally)
{
	if (g->kind == GOAL_TWO)
		slope_two(g, truths->y + first, n, z, tally);
	else if (g->kind == GOAL_MANY)
		slope_many(g, truths->y + first, n, z, tally);
	else
		slope_number(truths->t + first, n, z, tally);
	tally->rows += (double)n;
}

/* ---- what came of it ---- */

void tally_add(struct tally *tally, const struct tally *more)
{
	tally->loss += more->loss;
	tally->weight += more->weight;
	tally->hits += more->hits;
	tally->rows += more->rows;
}

double tally_mean(const struct tally *tally)
{
	return tally->loss / tally->weight;
}

double goal_score(const struct goal *g, const struct tally *tally)
{
	if (g->kind != GOAL_NUMBER)
		return tally->hits / tally->rows;
	return g->base > 0 ? 1 - tally_mean(tally) / g->base : NAN;
}
