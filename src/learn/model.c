#include "learn/model.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/order.h"
#include "learn/loss.h"
#include "learn/student.h"

const char *const task_name[TASKS] = {
	[TASK_CLASSIFICATION] = "classification",
	[TASK_REGRESSION] = "regression",
};

void model_init(struct model *model, enum task_kind task, size_t p)
{
	*model = (struct model){ .task = task, .outputs = 1, .p = p,
				 .sets = 1, .raw_error = NAN, .df = INFINITY,
				 .loss = NAN, .score = NAN,
				 .held_loss = NAN };
	model->weight = mem_array(p, sizeof(*model->weight));
}

void model_become(struct model *model, const struct model_kind *kind,
		  void *state)
{
	kind->share(state);
	if (model->kind)
		model->kind->release(model->state);
	model->kind = kind;
	model->state = state;
}

void model_widen(struct model *model, size_t classes)
{
	if (model->sets == classes)
		return;
	free(model->weight);
	free(model->intercepts);
	model->outputs = model->sets = classes;
	model->weight = mem_array(classes * model->p, sizeof(*model->weight));
	model->intercepts = mem_array(classes, sizeof(*model->intercepts));
}

struct model model_set(const struct model *model, size_t k)
{
	struct model set = *model;

	if (!model->intercepts)
		return set;
	set.intercept = model->intercepts[k];
	set.weight = model->weight + k * model->p;
	set.outputs = set.sets = 1;
	set.intercepts = NULL;
	return set;
}

static double *copy_of(const double *from, size_t n)
{
	double *to = mem_array(n, sizeof(*to));

	memcpy(to, from, n * sizeof(*to));
	return to;
}

void model_copy(struct model *to, const struct model *from)
{
	*to = *from;
	if (from->kind)
		from->kind->share(from->state);
	to->weight = copy_of(from->weight, from->sets * from->p);
	if (from->intercepts)
		to->intercepts = copy_of(from->intercepts, from->sets);
	if (!from->std_error)
		return;
	to->std_error = copy_of(from->std_error, from->p + 1);
}

void model_clear(struct model *model)
{
	if (model->kind)
		model->kind->release(model->state);
	free(model->weight);
	free(model->intercepts);
	free(model->std_error);
	*model = (struct model){ 0 };
}

double model_raw(const struct model *m, const struct design *d, size_t j)
{
	return m->kind ? NAN : m->weight[j] / d->feature[j].whole.scale;
}

double model_raw_intercept(const struct model *m, const struct design *d)
{
	double intercept = m->kind ? NAN : m->intercept;

	for (size_t j = 0; j < m->p; j++)
		intercept -= model_raw(m, d, j) *
			     d->feature[j].whole.shift;
	return intercept;
}

double model_standardized(const struct model *m, const struct design *d,
			  size_t j)
{
	if (m->kind)
		return m->weight[j];
	return m->weight[j] / d->feature[j].transform.scale *
	       d->feature[j].sd;
}

double model_p(const struct model *m, size_t j)
{
	if (!m->std_error)
		return NAN;
	return student_p(m->weight[j] / m->std_error[j], m->df);
}

double model_raw_intercept_p(const struct model *m, const struct design *d)
{
	return student_p(model_raw_intercept(m, d) / m->raw_error, m->df);
}

/* z of each class becomes its probability. */
static void predict_classes(const struct model *m, const double *x, size_t n,
			    double *told)
{
	int p = (int)m->p, sets = (int)m->sets;

	for (size_t i = 0; i < n; i++)
		memcpy(told + i * m->sets, m->intercepts,
		       m->sets * sizeof(*told));
	if (m->p > 0)
		cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n,
			    sets, p, 1, x, p, m->weight, p, 1, told, sets);
	for (size_t i = 0; i < n; i++)
		softmax(told + i * m->sets, m->sets);
}

static void predict_linear(const struct model *m, const struct design *d,
			   const uint32_t *row, size_t n, double *x,
			   double *told)
{
	design_block(d, row, n, x);
	if (m->intercepts) {
		predict_classes(m, x, n, told);
		return;
	}
	for (size_t i = 0; i < n; i++)
		told[i] = m->intercept;
	if (m->p > 0)
		cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)n, (int)m->p, 1,
			    x, (int)m->p, m->weight, 1, 1, told, 1);
	for (size_t i = 0; i < n && m->task == TASK_CLASSIFICATION; i++)
		told[i] = logistic_probability(told[i]);
}

size_t model_room(const struct model *m)
{
	return m->kind ? m->kind->room(m) : DESIGN_BLOCK * m->p;
}

void model_tell(const struct model *m, const struct design *d,
		const uint32_t *row, size_t n, double *room, double *told)
{
	if (m->kind)
		m->kind->predict(m, d, row, n, room, told);
	else
		predict_linear(m, d, row, n, room, told);
}

/* room is for what the kind needs, and behind that for what is told. */
static void predict_block(const struct model *m, const struct design *d,
			  const struct order *order, size_t start, size_t n,
			  double *room, double *told)
{
	double *block = room + model_room(m);
	size_t outputs = m->outputs;

	model_tell(m, d, order->row + start, n, room, block);
	for (size_t i = 0; i < n; i++)
		memcpy(told + order->from[start + i] * outputs,
		       block + i * outputs, outputs * sizeof(*told));
}

static size_t block_of(const struct model *m)
{
	size_t block = m->kind && m->kind->block ? m->kind->block(m)
						 : DESIGN_BLOCK;

	return block < DESIGN_BLOCK ? block : DESIGN_BLOCK;
}

/* Blocks do not depend on each other: any thread may take any of them.  False
 * when there is no memory for a block. */
static bool predict_all(const struct model *m, const struct design *d,
			const struct order *order, size_t n,
			double *told, const struct job *job)
{
	size_t block = block_of(m);
	bool room = true;

	#pragma omp parallel if (n >= ROWS_PARALLEL)
	{
		double *x = mem_try(model_room(m) + DESIGN_BLOCK * m->outputs,
				    sizeof(*x));

		if (!x) {
			#pragma omp atomic write
			room = false;
		}
		#pragma omp for schedule(dynamic)
		for (size_t start = 0; start < n; start += block) {
			size_t rows = n - start < block ? n - start : block;

			if (x && !job_cancelled(job))
				predict_block(m, d, order, start, rows, x,
					      told);
		}
		free(x);
	}
	return room;
}

bool model_predict(const struct model *m, const struct design *d,
		   const struct rows *rows, double *told,
		   struct job *job, struct err *err)
{
	struct order order;
	bool room;

	if (!order_init(&order, rows, err))
		return false;
	openblas_set_num_threads(1);
	room = predict_all(m, d, &order, rows->n, told, job);
	order_clear(&order);
	if (!room)
		return err_set(err, ERR_NOMEM, "no memory to predict with "
			       "%zu features", m->p);
	return !job_cancelled(job) || err_cancelled(err);
}
