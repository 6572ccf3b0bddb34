#include "run/measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sum.h"

/* Above this probability the positive class is told. */
#define CUT 0.5

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

/* The class that most training rows are of is told. */
static double baseline_of_classes(const struct truth *train,
				  const struct truth *test)
{
	size_t ones = 0, right = 0;
	uint32_t told;

	for (size_t i = 0; i < train->n; i++)
		ones += train->class_of[i];
	told = ones * 2 > train->n;
	for (size_t i = 0; i < test->n; i++)
		right += test->class_of[i] == told;
	return (double)right / (double)test->n;
}

/* The mean of the training rows is told. */
static bool baseline_of_numbers(struct number_metrics *m,
				const struct truth *train,
				const struct truth *test, struct err *err)
{
	double *told = mem_try(test->n, sizeof(*told));
	struct sum sum = { 0 };
	bool ok;

	if (!told)
		return err_set(err, ERR_NOMEM, "no memory to measure %zu rows",
			       test->n);
	for (size_t i = 0; i < train->n; i++)
		sum_add(&sum, train->number[i]);
	for (size_t i = 0; i < test->n; i++)
		told[i] = sum_of(&sum) / (double)train->n;
	ok = metrics_number(m, test->number, told, test->n, err);
	free(told);
	return ok;
}

bool measure_baseline(struct result *r, const struct truth *train,
		      const struct truth *test, struct err *err)
{
	if (r->task == TASK_REGRESSION)
		return baseline_of_numbers(&r->regression.baseline, train, test,
					   err);
	r->baseline_accuracy = baseline_of_classes(train, test);
	return true;
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

bool measure_test(struct result *r, const struct truth *test,
		  const double *told, struct err *err)
{
	if (r->task == TASK_REGRESSION)
		return metrics_number(&r->regression.test, test->number, told,
				      test->n, err);
	return metrics_binary(&r->test, test->class_of, told, test->n, CUT,
			      err);
}

bool measure_keep(struct result *r, const struct rows *test,
		  const double *told, struct err *err)
{
	if (!rows_copy(&r->test_rows, test, err))
		return false;
	r->told = mem_array(test->n, sizeof(*r->told));
	memcpy(r->told, told, test->n * sizeof(*told));
	if (r->task == TASK_REGRESSION)
		return true;
	r->predicted = mem_array(test->n, sizeof(*r->predicted));
	for (size_t i = 0; i < test->n; i++)
		r->predicted[i] = told[i] > CUT;
	return true;
}
