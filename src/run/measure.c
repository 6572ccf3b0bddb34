#include "run/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"

/* Above this probability the positive class is told. */
#define CUT 0.5

bool held_init(struct held *held, size_t most, struct err *err)
{
	*held = (struct held){ 0 };
	if (!rows_room(&held->rows, most, err))
		return false;
	held->rows.n = 0;
	held->told = mem_try(most, sizeof(*held->told));
	held->always = mem_try(most, sizeof(*held->always));
	if (held->told && held->always)
		return true;
	held_clear(held);
	return err_set(err, ERR_NOMEM, "no memory for %zu predictions", most);
}

void held_clear(struct held *held)
{
	rows_clear(&held->rows);
	free(held->told);
	free(held->always);
	*held = (struct held){ 0 };
}

static double share_right(const struct truth *truth, const double *told)
{
	size_t right = 0;

	for (size_t i = 0; i < truth->n; i++)
		right += (told[i] > CUT) == (truth->class_of[i] == 1);
	return (double)right / (double)truth->n;
}

double measure_score(const struct truth *truth, const double *told)
{
	return truth->number ? metrics_r2(truth->number, told, truth->n) :
	       share_right(truth, told);
}

/* The class that most training rows are of, or their mean. */
double measure_always(const struct truth *train)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < train->n; i++)
		sum_add(&sum, train->number ? train->number[i]
					    : train->class_of[i]);
	if (train->number)
		return sum_of(&sum) / (double)train->n;
	return sum_of(&sum) * 2 > (double)train->n;
}

bool measure_train(struct result *r, const struct truth *train,
		   const double *told, struct err *err)
{
	if (r->task == TASK_REGRESSION)
		return metrics_number(&r->regression.train, train->number, told,
				      train->n, err);
	r->train_accuracy = share_right(train, told);
	return true;
}

static bool test_numbers(struct result *r, const struct truth *truth,
			 const struct held *held, struct err *err)
{
	return metrics_number(&r->regression.test, truth->number, held->told,
			      truth->n, err) &&
	       metrics_number(&r->regression.baseline, truth->number,
			      held->always, truth->n, err);
}

bool measure_test(struct result *r, const struct target *target,
		  const struct held *held, struct err *err)
{
	struct truth truth;
	bool ok;

	if (!truth_init(&truth, target, &held->rows, err))
		return false;
	if (r->task == TASK_REGRESSION) {
		ok = test_numbers(r, &truth, held, err);
	} else {
		r->baseline_accuracy = share_right(&truth, held->always);
		ok = metrics_binary(&r->test, truth.class_of, held->told,
				    truth.n, CUT, err);
	}
	truth_clear(&truth);
	return ok;
}

bool measure_fold(struct fold_score *score, const struct result *r,
		  const struct target *target, const struct held *held,
		  size_t first, struct err *err)
{
	const struct rows rows = { held->rows.n - first,
				   held->rows.row + first };
	const double *told = held->told + first;
	struct number_metrics m;
	struct truth truth;
	bool ok = true;

	if (!truth_init(&truth, target, &rows, err))
		return false;
	score->rmse = NAN;
	if (truth.number) {
		ok = metrics_number(&m, truth.number, told, rows.n, err);
		score->rmse = ok ? m.of[NUMBER_RMSE] : NAN;
	}
	score->test = rows.n;
	score->score = measure_score(&truth, told);
	score->baseline = measure_score(&truth, held->always + first);
	score->in_training = truth.number ? r->regression.train.of[NUMBER_R2]
					  : r->train_accuracy;
	score->converged = r->converged;
	truth_clear(&truth);
	return ok;
}

bool measure_keep(struct result *r, const struct held *held, struct err *err)
{
	size_t n = held->rows.n;

	if (!rows_room(&r->test_rows, n, err))
		return false;
	memcpy(r->test_rows.row, held->rows.row,
	       n * sizeof(*held->rows.row));
	r->told = mem_array(n, sizeof(*r->told));
	memcpy(r->told, held->told, n * sizeof(*held->told));
	if (r->task == TASK_REGRESSION)
		return true;
	r->predicted = mem_array(n, sizeof(*r->predicted));
	for (size_t i = 0; i < n; i++)
		r->predicted[i] = r->told[i] > CUT;
	return true;
}
