/*
 * expression-eval.c - the instructions of an expression, block by block
 *
 * One loop for each instruction, over values that lie side by side: the
 * compiler makes vectors of them.  A constant is folded by the same loop, with
 * one row.
 */
#include "data/expression-program.h"

#include <math.h>

#include "data/odd.h"

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
	case OP_ODD: EACH(odd_text(x) ? 1.0 : 0.0); break;
	default: expression_time(op, a, n, out); break;
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
static const double *values(const struct operand *in,
			    const struct frame *frame, size_t first)
{
	switch (in->kind) {
	case OPERAND_CONSTANT:
		return &in->constant;
	case OPERAND_COLUMN:
		return in->number + first;
	case OPERAND_HIDDEN:
		return frame->hidden[in->hidden] + first;
	default:
		return frame->registers + in->reg * EXPRESSION_BLOCK;
	}
}

/* if(x, a, b): few enough to be spared loops of their own for constants. */
static void choose(const struct instruction *step, const struct frame *frame,
		   size_t first, size_t n, double *out)
{
	const double *v[3];
	size_t stride[3];

	for (size_t k = 0; k < 3; k++) {
		v[k] = values(step->in + k, frame, first);
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
static void look_up(const struct instruction *step, const struct frame *frame,
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
	a = values(step->in, frame, first);
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] != a[i] ? missing :
			 table ? table[(size_t)a[i]] : a[i];
}

/* A window reads its column from the first row on. */
static void look_back(const struct instruction *step,
		      const struct frame *frame, size_t first, size_t n,
		      double *out)
{
	const double *x = step->op == OP_ROW ? NULL
					     : values(step->in, frame, 0);
	struct {
		double align;
		unsigned char room[WINDOW_ROOM];
	} space;

	window_values(&step->window, x, first, first + n, &space, out);
}

static void one_or_two(const struct instruction *step,
		       const struct frame *frame, size_t first, size_t n,
		       double *out)
{
	const struct operand *in = step->in;

	if (step->op >= OP_LOOKUP)
		two(step->op, values(in, frame, first),
		    in[0].kind == OPERAND_CONSTANT,
		    values(in + 1, frame, first),
		    in[1].kind == OPERAND_CONSTANT, n, out);
	else if (in->kind != OPERAND_CONSTANT)
		one(step->op, values(in, frame, first), n, out);
	else
		for (size_t i = 0; i < n; i++)
			one(step->op, &in->constant, 1, out + i);
}

void expression_step(const struct instruction *step, const struct frame *frame,
		     size_t first, size_t n, double *out)
{
	if (step->out != REGISTER_OUT)
		out = frame->registers + step->out * EXPRESSION_BLOCK;
	if (step->op >= OP_LAG)
		look_back(step, frame, first, n, out);
	else if (step->op == OP_IF)
		choose(step, frame, first, n, out);
	else if (step->op == OP_LOOKUP)
		look_up(step, frame, first, n, out);
	else
		one_or_two(step, frame, first, n, out);
}
