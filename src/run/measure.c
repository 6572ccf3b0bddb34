#include "run/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"

/* Above this probability the positive class is told. */
#define CUT 0.5

size_t measure_width(const struct target *target)
{
	return target->classes > 2 ? target->classes : 1;
}

bool answers_init(struct answers *answers, size_t most, size_t width,
		  struct err *err)
{
	*answers = (struct answers){ .width = width };
	if (!rows_room(&answers->rows, most, err))
		return false;
	answers->rows.n = 0;
	answers->told = mem_try(most * width, sizeof(*answers->told));
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

/* The class that is told of a row; of equals the first. */
static uint32_t class_told(const double *told, size_t width)
{
	uint32_t most = 0;

	if (width == 1)
		return *told > CUT;
	for (uint32_t k = 1; k < width; k++)
		most = told[k] > told[most] ? k : most;
	return most;
}

static double share_right(const struct truth *truth, const double *told,
			  size_t width)
{
	size_t right = 0;

	for (size_t i = 0; i < truth->n; i++)
		right += class_told(told + i * width, width) ==
			 truth->class_of[i];
	return (double)right / (double)truth->n;
}

/* The share of rows that always the same class tells. */
static double share_always(const struct truth *truth, const double *always)
{
	size_t right = 0;

	for (size_t i = 0; i < truth->n; i++)
		right += always[i] == truth->class_of[i];
	return (double)right / (double)truth->n;
}

double measure_score(const struct truth *truth, const double *told,
		     size_t width)
{
	return truth->number ? metrics_r2(truth->number, told, truth->n) :
	       share_right(truth, told, width);
}

static double most_frequent(const struct truth *train)
{
	size_t *count, most = 0, classes = 0;

	for (size_t i = 0; i < train->n; i++)
		if (train->class_of[i] >= classes)
			classes = train->class_of[i] + 1;
	count = mem_array(classes + 1, sizeof(*count));
	for (size_t i = 0; i < train->n; i++)
		count[train->class_of[i]]++;
	for (size_t k = 1; k < classes; k++)
		most = count[k] > count[most] ? k : most;
	free(count);
	return (double)most;
}

/* The class that most training rows are of, or their mean. */
double measure_always(const struct truth *train)
{
	struct sum sum = { 0 };

	if (!train->number)
		return most_frequent(train);
	for (size_t i = 0; i < train->n; i++)
		sum_add(&sum, train->number[i]);
	return sum_of(&sum) / (double)train->n;
}

bool measure_train(struct result *r, const struct truth *train,
		   const double *told, struct err *err)
{
	if (r->task == TASK_REGRESSION)
		return metrics_number(&r->regression.train, train->number, told,
				      train->n, err);
	r->train_accuracy = share_right(train, told,
					r->classes > 2 ? r->classes : 1);
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
		r->baseline_accuracy = share_always(&truth, answers->always);
		ok = answers->width > 1 ?
			metrics_many(&r->test, truth.class_of, answers->told,
				     truth.n, answers->width, err) :
			metrics_binary(&r->test, truth.class_of, answers->told,
				       truth.n, CUT, err);
		r->plain_mcc = ok ? r->test.mcc : NAN;
		if (ok)
			interval_classes(&r->test, r->interval);
	}
	truth_clear(&truth);
	return ok;
}

/* The measure that ranks results, see result_rank(). */
static bool rank_classes(const struct truth *truth, const double *told,
			 size_t width, double *rank, struct err *err)
{
	struct metrics m;
	uint32_t *class = mem_try(truth->n, sizeof(*class));
	bool ok;

	if (!class)
		return err_set(err, ERR_NOMEM, "no memory for %zu predictions",
			       truth->n);
	for (size_t i = 0; i < truth->n; i++)
		class[i] = class_told(told + i * width, width);
	ok = metrics_classes(&m, truth->class_of, class, truth->n,
			     width > 1 ? width : 2, err);
	free(class);
	*rank = ok ? m.mcc : NAN;
	if (ok)
		metrics_clear(&m);
	return ok;
}

bool measure_fold(struct fold_score *score, const struct result *r,
		  const struct target *target, const struct answers *answers,
		  size_t first, struct err *err)
{
	const struct rows rows = { answers->rows.n - first,
				   answers->rows.row + first };
	const double *told = answers->told + first * answers->width;
	struct number_metrics m;
	struct truth truth;
	bool ok = true;

	if (!truth_init(&truth, target, &rows, err))
		return false;
	score->rmse = NAN;
	if (truth.number) {
		ok = metrics_number(&m, truth.number, told, rows.n, err);
		score->rmse = ok ? m.of[NUMBER_RMSE] : NAN;
		score->rank = ok ? m.of[NUMBER_R2] : NAN;
	} else {
		ok = rank_classes(&truth, told, answers->width, &score->rank,
				  err);
	}
	score->test = rows.n;
	score->score = measure_score(&truth, told, answers->width);
	score->baseline = truth.number ?
		measure_score(&truth, answers->always + first, 1) :
		share_always(&truth, answers->always + first);
	score->in_training = truth.number ? r->regression.train.of[NUMBER_R2]
					  : r->train_accuracy;
	score->converged = r->converged;
	truth_clear(&truth);
	return ok;
}

/* The class that is told of each row. */
static bool keep_classes(struct result *r, size_t width, struct err *err)
{
	size_t n = r->test_rows.n;

	r->predicted = mem_try(n, sizeof(*r->predicted));
	if (!r->predicted)
		return err_set(err, ERR_NOMEM, "no memory to keep %zu "
			       "predictions", n);
	for (size_t i = 0; i < n; i++)
		r->predicted[i] = class_told(r->told + i * width, width);
	return true;
}

bool measure_keep(struct result *r, const struct target *target,
		  const struct answers *answers, struct err *err)
{
	size_t n = answers->rows.n;
	struct truth truth;

	if (!rows_copy(&r->test_rows, &answers->rows, err) ||
	    !truth_init(&truth, target, &answers->rows, err))
		return false;
	r->class_of = truth.class_of;
	r->actual = truth.number;
	r->told = mem_try(n * answers->width, sizeof(*r->told));
	if (!r->told)
		return err_set(err, ERR_NOMEM, "no memory to keep %zu "
			       "predictions", n);
	memcpy(r->told, answers->told,
	       n * answers->width * sizeof(*answers->told));
	return r->task == TASK_REGRESSION ||
	       keep_classes(r, answers->width, err);
}
