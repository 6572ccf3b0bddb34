/*
 * expression-run.c - the values of an expression for all rows
 *
 * First the hidden columns, one after the other, each as soon as those that it
 * reads are there, and each freed behind its last reader; then the rest.
 */
#include "data/expression-program.h"

#include <stdlib.h>

#include "base/mem.h"
#include "data/rows.h"

struct run {
	const struct expression *e;
	size_t rows;
	double *hidden[EXPRESSION_STAGES];	/* owned, save for out */
	struct groups *groups;			/* owned */
	size_t groups_n;
	double *out;		/* the caller's; NULL: only what holds */
	struct job *job;
	struct err *err;
};

/* ---- blocks ---- */

static size_t keep_block(const double *value, size_t n, bool *keep)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		keep[i] = islessgreater(value[i], 0);
		kept += keep[i];
	}
	return kept;
}

static bool no_memory(const struct run *run)
{
	return err_set(run->err, ERR_NOMEM, "no memory for an expression of "
		       "%zu rows", run->rows);
}

/* Into out, or where it holds into keep. */
static bool run_program(const struct run *run, const struct program *program,
			double *out, bool *keep, size_t *kept)
{
	size_t blocks = (run->rows + EXPRESSION_BLOCK - 1) / EXPRESSION_BLOCK;
	size_t count = 0, poor = 0;

#ifdef _OPENMP
#pragma omp parallel if (run->rows >= ROWS_PARALLEL) reduction(+:count, poor)
#endif
	{
		size_t size = (run->e->registers + 1) * EXPRESSION_BLOCK;
		double *registers = malloc(size * sizeof(double));
		const struct frame frame = { registers, run->hidden };
		double block[EXPRESSION_BLOCK];

		poor += !registers;
#ifdef _OPENMP
#pragma omp for
#endif
		for (size_t k = 0; k < blocks; k++) {
			size_t first = k * EXPRESSION_BLOCK;
			size_t n = run->rows - first;
			double *to = out ? out + first : block;

			if (!registers || job_cancelled(run->job))
				continue;
			if (n > EXPRESSION_BLOCK)
				n = EXPRESSION_BLOCK;
			for (size_t i = 0; i < program->n; i++)
				expression_step(program->code + i, &frame,
						first, n, to);
			if (keep)
				count += keep_block(block, n, keep + first);
		}
		free(registers);
	}
	*kept = count;
	if (poor)
		return no_memory(run);
	return !job_cancelled(run->job) || err_cancelled(run->err);
}

/* ---- hidden columns ---- */

static bool program_reads(const struct program *program, size_t hidden)
{
	for (size_t i = 0; i < program->n; i++)
		for (size_t k = 0; k < 3; k++) {
			const struct operand *in = program->code[i].in + k;

			if (in->kind == OPERAND_HIDDEN && in->hidden == hidden)
				return true;
		}
	return false;
}

static bool stage_reads(const struct stage *stage, size_t hidden)
{
	return stage->is_window ? stage->in.kind == OPERAND_HIDDEN &&
				  stage->in.hidden == hidden
				: program_reads(&stage->program, hidden);
}

/* Nothing behind stage k reads it. */
static bool is_done(const struct expression *e, size_t hidden, size_t k)
{
	for (k++; k < e->stages; k++)
		if (stage_reads(e->stage + k, hidden))
			return false;
	return !program_reads(&e->program, hidden);
}

/* The last stage is all there is: it writes to the caller. */
static bool is_all(const struct expression *e, size_t k)
{
	const struct instruction *step = e->program.code;

	return e->program.n == 1 && k + 1 == e->stages &&
	       (step->op == OP_COPY ||
		(step->op == OP_LOOKUP && !step->lookup)) &&
	       step->in->kind == OPERAND_HIDDEN && step->in->hidden == k;
}

static bool groups_of(struct run *run, const struct column *column,
		      const struct groups **groups)
{
	*groups = NULL;
	if (!column)
		return true;
	for (size_t i = 0; i < run->groups_n; i++)
		if (run->groups[i].column == column) {
			*groups = run->groups + i;
			return true;
		}
	run->groups = mem_grow(run->groups, run->groups_n,
			       sizeof(*run->groups));
	if (!groups_init(run->groups + run->groups_n, column, run->rows,
			 run->job, run->err))
		return false;
	*groups = run->groups + run->groups_n++;
	return true;
}

static bool run_window(struct run *run, const struct stage *stage,
		       double *out)
{
	const struct groups *groups;

	return groups_of(run, stage->window.group, &groups) &&
	       window_apply(&stage->window,
			    stage->in.kind == OPERAND_HIDDEN
				    ? run->hidden[stage->in.hidden]
				    : stage->in.number,
			    groups, run->rows, out, run->job, run->err);
}

static bool run_stage(struct run *run, size_t k)
{
	const struct stage *stage = run->e->stage + k;
	double *out = is_all(run->e, k) ? run->out : NULL;
	size_t kept;

	if (!out)
		out = run->hidden[k] = malloc((run->rows + 1) * sizeof(*out));
	if (!out)
		return no_memory(run);
	if (stage->is_window ? !run_window(run, stage, out)
			     : !run_program(run, &stage->program, out, NULL,
					    &kept))
		return false;
	for (size_t i = 0; i < k; i++)
		if (run->hidden[i] && is_done(run->e, i, k)) {
			free(run->hidden[i]);
			run->hidden[i] = NULL;
		}
	return true;
}

static bool run_all(struct run *run, bool *keep, size_t *kept)
{
	const struct expression *e = run->e;
	bool good = true;

	for (size_t k = 0; k < e->stages && good; k++)
		good = run_stage(run, k);
	if (good && !(run->out && e->stages && is_all(e, e->stages - 1)))
		good = run_program(run, &e->program, run->out, keep, kept);
	for (size_t k = 0; k < e->stages; k++)
		free(run->hidden[k]);
	for (size_t i = 0; i < run->groups_n; i++)
		groups_clear(run->groups + i);
	free(run->groups);
	return good;
}

bool expression_values(const struct expression *e, size_t rows, double *out,
		       struct job *job, struct err *err)
{
	struct run run = { .e = e, .rows = rows, .out = out, .job = job,
			   .err = err };
	size_t kept;

	return run_all(&run, NULL, &kept);
}

bool expression_filter(const struct expression *e, size_t rows, bool *keep,
		       size_t *kept, struct job *job, struct err *err)
{
	struct run run = { .e = e, .rows = rows, .job = job, .err = err };

	if (e->is_text)
		return err_set(err, ERR_USAGE, "a text is no condition: "
			       "compare it with something");
	return run_all(&run, keep, kept);
}
