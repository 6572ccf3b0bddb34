#include "run/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"

/* Above this probability the positive class is told. */
#define CUT 0.5

bool answers_init(struct answers *answers, size_t most, struct err *err)
{
	*answers = (struct answers){ 0 };
	if (!rows_room(&answers->rows, most, err))
		return false;
	answers->rows.n = 0;
	answers->told = mem_try(most, sizeof(*answers->told));
	answers->always = mem_try(most, sizeof(*answers->always));
	if (answers->told && answers->always)
		return true;
	answers_clear(answers);
	return err_set(err, ERR_NOMEM, "no memory for %zu predictions", most);
}

void answers_clear(struct answers *answers)
{
	rows_clear(&answers->rows);
	free(answers->told);
	free(answers->always);
	*answers = (struct answers){ 0 };
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
			 const struct answers *answers, struct err *err)
{
	return metrics_number(&r->regression.test, truth->number, answers->told,
			      truth->n, err) &&
	       interval_numbers(&r->regression.test, truth->number,
				answers->told, r->regression.interval, err) &&
	       metrics_number(&r->regression.baseline, truth->number,
			      answers->always, truth->n, err);
}

bool measure_test(struct result *r, const struct target *target,
		  const struct answers *answers, struct err *err)
{
	struct truth truth;
	bool ok;

	if (!truth_init(&truth, target, &answers->rows, err))
		return false;
	if (r->task == TASK_REGRESSION) {
		ok = test_numbers(r, &truth, answers, err);
	} else {
		r->baseline_accuracy = share_right(&truth, answers->always);
		ok = metrics_binary(&r->test, truth.class_of, answers->told,
				    truth.n, CUT, err);
		if (ok)
			interval_classes(&r->test, r->interval);
	}
	truth_clear(&truth);
	return ok;
}

bool measure_fold(struct fold_score *score, const struct result *r,
		  const struct target *target, const struct answers *answers,
		  size_t first, struct err *err)
{
	const struct rows rows = { answers->rows.n - first,
				   answers->rows.row + first };
	const double *told = answers->told + first;
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
	score->baseline = measure_score(&truth, answers->always + first);
	score->in_training = truth.number ? r->regression.train.of[NUMBER_R2]
					  : r->train_accuracy;
	score->converged = r->converged;
	truth_clear(&truth);
	return ok;
}

bool measure_keep(struct result *r, const struct answers *answers,
		  struct err *err)
{
	size_t n = answers->rows.n;

	if (!rows_copy(&r->test_rows, &answers->rows, err))
		return false;
	r->told = mem_array(n, sizeof(*r->told));
	memcpy(r->told, answers->told, n * sizeof(*answers->told));
	if (r->task == TASK_REGRESSION)
		return true;
	r->predicted = mem_array(n, sizeof(*r->predicted));
	for (size_t i = 0; i < n; i++)
		r->predicted[i] = r->told[i] > CUT;
	return true;
}
