/*
 * expression-eval.c - the instructions of an expression, block by block
 *
 * One loop for each instruction, over values that lie side by side: the
 * compiler makes vectors of them.  A constant is folded by the same loop, with
 * one row.
 */
#include "data/expression-program.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/odd.h"
#include "data/rows.h"

/*
 * The output may be an input, value by value, of which the compiler must be
 * told; clang makes vectors without, and warns of loops where it cannot.
 */
#if defined(_OPENMP) && !defined(__clang__)
#define SIMD _Pragma("omp simd")
#else
#define SIMD
#endif

/* out[i] for each x = a[i]. */
#define EACH(result) do {					\
	SIMD							\
	for (size_t i = 0; i < n; i++) {			\
		const double x = a[i];				\
								\
		out[i] = (result);				\
	}							\
} while (0)

/* The same for x = a[i], y = b[i]; one of them may be a constant. */
#define EACH_PAIR(result) do {					\
	if (b_constant) {					\
		const double y = *b;				\
								\
		EACH(result);					\
	} else if (a_constant) {				\
		const double x = *a;				\
								\
		SIMD						\
		for (size_t i = 0; i < n; i++) {		\
			const double y = b[i];			\
								\
			out[i] = (result);			\
		}						\
	} else {						\
		SIMD						\
		for (size_t i = 0; i < n; i++) {		\
			const double x = a[i], y = b[i];	\
								\
			out[i] = (result);			\
		}						\
	}							\
} while (0)

/* No infinity, no NaN that remembers an odd text, and no -0. */
static inline double sound(double x)
{
	return x - x == 0 ? x + 0.0 : NAN;
}

/* With the sign of y, so that an hour before midnight % 24 is 23. */
static double remainder_of(double x, double y)
{
	double r = fmod(x, y);

	return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

static void one(enum op op, const double *a, size_t n, double *out)
{
	switch (op) {
	case OP_COPY: EACH(sound(x)); break;
	case OP_NEGATE: EACH(sound(-x)); break;
	case OP_NOT: EACH(x != x ? NAN : x == 0 ? 1.0 : 0.0); break;
	case OP_ABS: EACH(sound(fabs(x))); break;
	case OP_SQRT: EACH(sound(sqrt(x))); break;
	case OP_LOG: EACH(sound(log(x))); break;
	case OP_LOG10: EACH(sound(log10(x))); break;
	case OP_EXP: EACH(sound(exp(x))); break;
	case OP_ROUND: EACH(sound(round(x))); break;
	case OP_FLOOR: EACH(sound(floor(x))); break;
	case OP_CEIL: EACH(sound(ceil(x))); break;
	case OP_MISSING: EACH(x != x ? 1.0 : 0.0); break;
	default: EACH(odd_text(x) ? 1.0 : 0.0); break;
	}
}

static void two(enum op op, const double *a, bool a_constant, const double *b,
		bool b_constant, size_t n, double *out)
{
	switch (op) {
	case OP_OR:
		EACH_PAIR((islessgreater(x, 0) | islessgreater(y, 0)) ? 1.0 :
			  isunordered(x, y) ? NAN : 0.0);
		break;
	case OP_AND:
		EACH_PAIR(((x == 0) | (y == 0)) ? 0.0 :
			  isunordered(x, y) ? NAN : 1.0);
		break;
	case OP_EQUAL:
		EACH_PAIR(isunordered(x, y) ? NAN : x == y ? 1.0 : 0.0);
		break;
	case OP_UNEQUAL:
		EACH_PAIR(isunordered(x, y) ? NAN : x == y ? 0.0 : 1.0);
		break;
	case OP_LESS:
		EACH_PAIR(isunordered(x, y) ? NAN : isless(x, y) ? 1.0 : 0.0);
		break;
	case OP_LESS_EQUAL:
		EACH_PAIR(isunordered(x, y) ? NAN :
			  islessequal(x, y) ? 1.0 : 0.0);
		break;
	case OP_GREATER:
		EACH_PAIR(isunordered(x, y) ? NAN :
			  isgreater(x, y) ? 1.0 : 0.0);
		break;
	case OP_GREATER_EQUAL:
		EACH_PAIR(isunordered(x, y) ? NAN :
			  isgreaterequal(x, y) ? 1.0 : 0.0);
		break;
	case OP_ADD: EACH_PAIR(sound(x + y)); break;
	case OP_SUBTRACT: EACH_PAIR(sound(x - y)); break;
	case OP_MULTIPLY: EACH_PAIR(sound(x * y)); break;
	case OP_DIVIDE: EACH_PAIR(sound(x / y)); break;
	case OP_REMAINDER: EACH_PAIR(sound(remainder_of(x, y))); break;
	/* pow() has 1 ^ missing and missing ^ 0 as 1. */
	case OP_POWER:
		if (b_constant && *b == 2)
			EACH(sound(x * x));
		else
			EACH_PAIR(sound(pow(x, y) + (x - x) + (y - y)));
		break;
	case OP_MIN:
		EACH_PAIR(isunordered(x, y) ? NAN : isless(x, y) ? x : y);
		break;
	default:
		EACH_PAIR(isunordered(x, y) ? NAN : isless(x, y) ? y : x);
		break;
	}
}

/* Where the values of an operand lie. */
static const double *values(const struct operand *in, double *registers,
			    size_t first)
{
	switch (in->kind) {
	case OPERAND_CONSTANT:
		return &in->constant;
	case OPERAND_COLUMN:
		return in->number + first;
	default:
		return registers + in->reg * EXPRESSION_BLOCK;
	}
}

/* if(x, a, b): few enough to be spared loops of their own for constants. */
static void choose(const struct instruction *step, double *registers,
		   size_t first, size_t n, double *out)
{
	const double *v[3];
	size_t stride[3];

	for (size_t k = 0; k < 3; k++) {
		v[k] = values(step->in + k, registers, first);
		stride[k] = step->in[k].kind != OPERAND_CONSTANT;
	}
	for (size_t i = 0; i < n; i++) {
		const double x = v[0][i * stride[0]];
		const double yes = v[1][i * stride[1]];
		const double no = v[2][i * stride[2]];

		out[i] = x != x ? NAN : sound(x != 0 ? yes : no);
	}
}

/* Levels are read from a text column, or from numbers that if() has made. */
static void look_up(const struct instruction *step, double *registers,
		    size_t first, size_t n, double *out)
{
	const double *table = step->lookup, missing = step->missing;
	const double *a;

	if (step->in->kind == OPERAND_CODES) {
		const uint32_t *code = step->in->code + first;

		for (size_t i = 0; i < n; i++)
			out[i] = code[i] == LEVEL_MISSING ? missing :
				 table ? table[code[i]] : code[i];
		return;
	}
	a = values(step->in, registers, first);
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] != a[i] ? missing :
			 table ? table[(size_t)a[i]] : a[i];
}

void expression_step(const struct instruction *step, double *registers,
		     size_t first, size_t n, double *out)
{
	if (step->out != REGISTER_OUT)
		out = registers + step->out * EXPRESSION_BLOCK;
	if (step->op == OP_IF)
		choose(step, registers, first, n, out);
	else if (step->op == OP_LOOKUP)
		look_up(step, registers, first, n, out);
	else if (step->op < OP_LOOKUP && step->in->kind != OPERAND_CONSTANT)
		one(step->op, values(step->in, registers, first), n, out);
	else if (step->op < OP_LOOKUP)
		for (size_t i = 0; i < n; i++)
			one(step->op, &step->in->constant, 1, out + i);
	else
		two(step->op, values(step->in, registers, first),
		    step->in[0].kind == OPERAND_CONSTANT,
		    values(step->in + 1, registers, first),
		    step->in[1].kind == OPERAND_CONSTANT, n, out);
}

/* ---- whole columns ---- */

struct expression_scratch {
	double *registers;	/* owned */
};

struct expression_scratch *expression_scratch_new(const struct expression *e,
						  struct err *err)
{
	struct expression_scratch *scratch = mem_new(sizeof(*scratch));
	size_t n = e->registers * EXPRESSION_BLOCK;

	scratch->registers = mem_try(n, sizeof(double));
	if (scratch->registers)
		return scratch;
	free(scratch);
	err_set(err, ERR_NOMEM, "no memory for an expression of %zu steps",
		e->instructions);
	return NULL;
}

void expression_scratch_free(struct expression_scratch *scratch)
{
	if (!scratch)
		return;
	free(scratch->registers);
	free(scratch);
}

void expression_block(const struct expression *e,
		      struct expression_scratch *scratch, size_t first,
		      size_t n, double *out)
{
	for (size_t k = 0; k < e->instructions; k++)
		expression_step(e->code + k, scratch->registers, first, n,
				out);
}

static size_t keep_block(const double *value, size_t n, bool *keep)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		keep[i] = islessgreater(value[i], 0);
		kept += keep[i];
	}
	return kept;
}

/* Into out, or where it holds into keep. */
static bool all_blocks(const struct expression *e, size_t rows, double *out,
		       bool *keep, size_t *kept, struct job *job,
		       struct err *err)
{
	size_t blocks = (rows + EXPRESSION_BLOCK - 1) / EXPRESSION_BLOCK;
	size_t count = 0, poor = 0;

#ifdef _OPENMP
#pragma omp parallel if (rows >= ROWS_PARALLEL) reduction(+:count, poor)
#endif
	{
		struct expression_scratch *scratch =
			expression_scratch_new(e, NULL);
		double block[EXPRESSION_BLOCK];

		poor += !scratch;
#ifdef _OPENMP
#pragma omp for
#endif
		for (size_t k = 0; k < blocks; k++) {
			size_t first = k * EXPRESSION_BLOCK, n = rows - first;

			if (!scratch || job_cancelled(job))
				continue;
			if (n > EXPRESSION_BLOCK)
				n = EXPRESSION_BLOCK;
			expression_block(e, scratch, first, n,
					 out ? out + first : block);
			if (keep)
				count += keep_block(block, n, keep + first);
		}
		expression_scratch_free(scratch);
	}
	*kept = count;
	if (poor)
		return err_set(err, ERR_NOMEM, "no memory for an expression "
			       "of %zu steps", e->instructions);
	return !job_cancelled(job) || err_cancelled(err);
}

bool expression_values(const struct expression *e, size_t rows, double *out,
		       struct job *job, struct err *err)
{
	size_t kept;

	return all_blocks(e, rows, out, NULL, &kept, job, err);
}

bool expression_filter(const struct expression *e, size_t rows, bool *keep,
		       size_t *kept, struct job *job, struct err *err)
{
	if (e->is_text)
		return err_set(err, ERR_USAGE, "a text is no condition: "
			       "compare it with something");
	return all_blocks(e, rows, NULL, keep, kept, job, err);
}
