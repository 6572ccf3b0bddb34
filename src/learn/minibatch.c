#include "learn/minibatch.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "learn/holdout.h"

#define CHANGE 1e-3	/* of the loss, relative: less is convergence */
#define BETTER 1e-4	/* of the least loss: less is in vain */
#define WORSE 0.01	/* than the base rate: more is no chance */

/* Rows that a thread fills at a time; and fewer cells than that, which a cache
 * may hold, one thread fills: there is more waiting for the other than work. */
enum { SLICE = 256, THREADS_FROM = 1 << 20 };

/* Places that are shuffled, and multiplications that are done, before the job
 * is asked whether it was stopped. */
enum { SHUFFLED = 1 << 18, BLOCK_LEAST = 16 };
#define BLOCK_WORK 3e7

/* ---- one block of rows ---- */

static void fill(struct minibatch *m, const uint32_t *place, size_t n,
		 struct truths *truths)
{
	size_t p = m->problem.design->p;
	uint32_t row[DESIGN_BLOCK];

	for (size_t i = 0; i < n; i++)
		row[i] = m->problem.train->row[place[i]];
	goal_truths(&m->goal, place, n, truths);
	/* They lie at random places: most of the time is spent waiting for
	 * memory, and two threads wait for two things at once. */
	#pragma omp parallel for if (m->n * p >= THREADS_FROM)
	for (size_t i = 0; i < n; i += SLICE)
		design_block(m->problem.design, row + i,
			     n - i < SLICE ? n - i : SLICE, m->x + i * p);
}

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void update(struct minibatch *m)
{
	for (size_t j = 0; m->whole && j < m->learner.size; j++)
		m->whole[j] += m->g[j];
	optimiser_step(&m->optimiser, m->w, m->g, m->filled,
		       least_of(m->batch, m->n));
	m->filled = 0;
}

/* Go over a block of rows, batch after batch; a batch may go on in the next
 * block.  The last one of an epoch may be smaller. */
static void go_over(struct minibatch *m)
{
	size_t n = least_of(m->n - m->at, m->block);
	struct truths truths;

	fill(m, m->order + m->at, n, &truths);
	for (size_t i = 0, rows; i < n; i += rows) {
		struct batch batch = {
			.x = m->x + i * m->problem.design->p,
			.truths = &truths, .first = i,
		};

		rows = batch.n = least_of(m->batch - m->filled, n - i);
		m->learner.add(m->learner.state, m->w, &batch, m->g,
			       &m->seen);
		m->filled += rows;
		m->at += rows;
		if (m->filled == m->batch || m->at == m->n)
			update(m);
	}
}

/* A block of the rows that were held out, with the weights of the epoch. */
static void judge(struct minibatch *m)
{
	size_t n = least_of(m->held - m->looked, m->block);
	struct truths truths;
	struct batch batch = { .x = m->x, .truths = &truths, .n = n };

	fill(m, m->order + m->n + m->looked, n, &truths);
	m->learner.add(m->learner.state, m->w, &batch, NULL, &m->judged);
	m->looked += n;
}

/* ---- one epoch ---- */

static bool all_finite(const struct minibatch *m)
{
	for (size_t j = 0; j < m->learner.size; j++)
		if (!isfinite(m->w[j]))
			return false;
	return isfinite(m->seen.loss);
}

/*
 * One step more from w to what is kept, by the slope over all the epoch.  The
 * batches let a weight that should be 0 jump to and fro around it; against the
 * noise of a whole epoch the pull of l1 stands out.
 */
static void settle(struct minibatch *m)
{
	const struct optimiser *o = &m->optimiser;
	double step = 1 / m->learner.steep;

	for (size_t j = 0; m->whole && j < m->learner.size; j++) {
		double g = m->whole[j] / (double)m->n + o->l2[j] * m->w[j];

		m->kept[j] = optimiser_pull(m->w[j] - step * g,
					    step * o->l1[j]);
		m->whole[j] = 0;
	}
}

static void keep(struct minibatch *m)
{
	if (m->held > 0 && m->best > 0 && !(m->held_loss < m->least))
		return;
	m->least = m->held_loss;
	m->best = m->epoch;
	memcpy(m->kept, m->w, m->learner.size * sizeof(*m->kept));
	settle(m);
}

/* Whether enough epochs were in vain. */
static bool enough(struct minibatch *m)
{
	double loss = m->held > 0 ? m->held_loss : m->mean;

	if (m->stop == 0)
		return false;
	m->vain++;
	if (loss < m->mark * (1 - BETTER) || isnan(m->mark)) {
		m->mark = loss;
		m->vain = 0;
	}
	return m->vain >= m->stop;
}

static enum method_status ended(struct minibatch *m)
{
	if (m->mean <= m->goal.base * (1 + WORSE)) {
		if (m->held > 0)
			m->note = "the weights are those of the epoch that "
				  "was best on the rows held out";
		return METHOD_DONE;
	}
	m->converged = false;
	m->note = m->learner.worse;
	return METHOD_STUCK;
}

static enum method_status end_epoch(struct minibatch *m, struct err *err)
{
	double before = m->mean;
	bool stop;

	if (!all_finite(m)) {
		err_set(err, ERR_MATH, "%s", m->learner.overflow);
		return METHOD_FAILED;
	}
	m->mean = tally_mean(&m->seen);
	m->score = goal_score(&m->goal, &m->seen);
	if (m->held > 0)
		m->held_loss = tally_mean(&m->judged);
	m->epoch++;
	keep(m);
	stop = enough(m);
	m->converged = m->stop ? stop :
		       fabs(m->mean - before) < CHANGE * before;
	m->at = m->looked = 0;
	m->unshuffled = m->n;
	m->seen = m->judged = (struct tally){ 0 };
	if (!stop && m->epoch < m->optimiser.epochs)
		return METHOD_MORE;
	return ended(m);
}

static void shuffle(struct minibatch *m)
{
	size_t to = m->unshuffled > SHUFFLED ? m->unshuffled - SHUFFLED : 1;

	rng_shuffle_down(m->rng, m->order, m->unshuffled, to);
	m->unshuffled = to;
}

enum method_status minibatch_step(struct minibatch *m, struct job *job,
				  struct err *err)
{
	while (m->unshuffled > 1) {
		if (job_stopped(job))
			return METHOD_MORE;
		shuffle(m);
	}
	optimiser_epoch(&m->optimiser, m->epoch);
	while (m->at < m->n) {
		if (job_stopped(job))
			return METHOD_MORE;
		go_over(m);
	}
	while (m->looked < m->held) {
		if (job_stopped(job))
			return METHOD_MORE;
		judge(m);
	}
	return end_epoch(m, err);
}

void minibatch_look(const struct minibatch *m, struct model *model)
{
	double unit = m->goal.kind == GOAL_NUMBER ?
		      2 * m->goal.sd * m->goal.sd : 1;

	model->note = m->note;
	model->iteration = m->epoch;
	model->limit = m->optimiser.epochs;
	model->converged = m->converged;
	model->loss = m->mean * unit;
	model->score = m->score;
	model->held_loss = m->held_loss * unit;
}

/* ---- the start ---- */

static bool no_room(const struct minibatch *m, struct err *err)
{
	return err_set(err, ERR_NOMEM, "no memory for %zu rows",
		       m->problem.train->n);
}

static void hold_out(struct minibatch *m, const struct option_values *options)
{
	double stop = options_number(options, "stop");

	m->stop = isnan(stop) ? 0 : (size_t)stop;
	m->n = holdout(&m->problem, m->stop ? options_number(options, "held")
					    : 0, m->order);
	m->held = m->problem.train->n - m->n;
	m->unshuffled = m->n;
}

bool minibatch_init(struct minibatch *m, const struct problem *problem,
		    const struct option_values *options, struct err *err)
{
	openblas_set_num_threads(1);
	*m = (struct minibatch){ .problem = *problem, .mean = NAN,
				 .score = NAN, .held_loss = NAN, .mark = NAN,
				 .least = INFINITY };
	m->batch = (size_t)options_number(options, "batch");
	m->rng = mem_new(sizeof(*m->rng));
	rng_init(m->rng, problem->seed);
	m->rows = m->order = mem_try(problem->train->n, sizeof(*m->order));
	if (!m->order)
		return no_room(m, err);
	hold_out(m, options);
	goal_init(&m->goal, problem, m->order, m->n);
	return true;
}

bool minibatch_learner(struct minibatch *m, const struct learner *learner,
		       bool l1, const struct option_values *options,
		       struct err *err)
{
	double rows = BLOCK_WORK / learner->work;
	size_t size = learner->size;

	m->learner = *learner;
	m->block = rows < BLOCK_LEAST ? BLOCK_LEAST :
		   rows < DESIGN_BLOCK ? (size_t)rows : DESIGN_BLOCK;
	m->x = mem_try(m->block * m->problem.design->p, sizeof(*m->x));
	m->w = mem_try((l1 ? 4 : 3) * size, sizeof(*m->w));
	if (!m->x || !m->w ||
	    !optimiser_init(&m->optimiser, size, l1, options))
		return no_room(m, err);
	m->g = m->w + size;
	m->kept = m->g + size;
	m->whole = l1 ? m->kept + size : NULL;
	return true;
}

void minibatch_clear(struct minibatch *m)
{
	goal_clear(&m->goal);
	optimiser_clear(&m->optimiser);
	free(m->rng);
	free(m->order);
	free(m->x);
	free(m->w);
}
