/*
 * expression.c - the functions, and the program that the parser writes
 *
 * Instructions are written as soon as their inputs are known; what has only
 * constants is carried out at once.
 */
#include "data/expression-program.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

static const struct expression_function functions[] = {
	{ "abs", "x", "its size without its sign", 1, 1, OP_ABS },
	{ "ceil", "x", "the next whole number above", 1, 1, OP_CEIL },
	{ "exp", "x", "e to the power of x", 1, 1, OP_EXP },
	{ "floor", "x", "the next whole number below", 1, 1, OP_FLOOR },
	{ "if", "cond, a, b", "a where cond holds, else b; both may be texts",
	  3, 3, OP_IF },
	{ "log", "x", "the natural logarithm", 1, 1, OP_LOG },
	{ "log10", "x", "the logarithm to base 10", 1, 1, OP_LOG10 },
	{ "max", "a, b, ...", "the largest of two or more", 2, SIZE_MAX,
	  OP_MAX },
	{ "min", "a, b, ...", "the smallest of two or more", 2, SIZE_MAX,
	  OP_MIN },
	{ "missing", "x", "1 where x is missing or odd, else 0", 1, 1,
	  OP_MISSING },
	{ "odd", "column", "1 where the cell is odd, else 0", 1, 1, OP_ODD },
	{ "round", "x", "the nearest whole number, a half away from 0", 1, 1,
	  OP_ROUND },
	{ "sqrt", "x", "the square root", 1, 1, OP_SQRT },
};

const struct expression_function *expression_function_nth(size_t n)
{
	return n < ARRAY_LEN(functions) ? functions + n : NULL;
}

/* ---- the program ---- */

void parser_emit(struct parser *p, struct instruction step, size_t inputs,
		 struct value *to)
{
	struct expression *e = p->e;
	size_t constants = 0, registers = 0, out = p->registers;
	const struct operand *in = step.in;

	for (size_t k = 0; k < inputs; k++) {
		constants += in[k].kind == OPERAND_CONSTANT;
		if (in[k].kind != OPERAND_REGISTER)
			continue;
		registers++;
		if (in[k].reg < out)
			out = in[k].reg;
	}
	to->is_text = to->literal = false;
	to->level = NULL;
	to->levels = 0;
	to->times = NULL;
	if (constants == inputs) {
		double x;

		step.out = REGISTER_OUT;
		expression_step(&step, NULL, 0, 1, &x);
		to->in = (struct operand){ OPERAND_CONSTANT, { x } };
		return;
	}
	step.out = out;
	p->registers += 1 - registers;
	if (p->registers > e->registers)
		e->registers = p->registers;
	e->code = mem_grow(e->code, e->instructions, sizeof(*e->code));
	e->code[e->instructions++] = step;
	to->in = (struct operand){ OPERAND_REGISTER, { .reg = out } };
}

static void emit_one(struct parser *p, enum op op, struct value *v)
{
	struct instruction step = { .op = op, .in = { v->in } };

	parser_emit(p, step, 1, v);
}

static bool emit_two(struct parser *p, enum op op, struct value *left,
		     struct value *right)
{
	struct instruction step = { .op = op };

	if (!value_to_number(p, left) || !value_to_number(p, right))
		return false;
	step.in[0] = left->in;
	step.in[1] = right->in;
	parser_emit(p, step, 2, left);
	return true;
}

static bool emit_if(struct parser *p, struct value *arg)
{
	struct value *yes = arg + 1, *no = arg + 2;
	bool is_text = yes->is_text && no->is_text;
	struct instruction step = { .op = OP_IF };
	struct value text;

	if (!value_to_number(p, arg))
		return false;
	if (is_text ? !values_to_same_levels(p, yes, no)
		    : !value_to_number(p, yes) || !value_to_number(p, no))
		return false;
	text = *yes;
	for (size_t k = 0; k < 3; k++)
		step.in[k] = arg[k].in;
	parser_emit(p, step, 3, arg);
	arg->is_text = is_text;
	arg->level = text.level;
	arg->levels = text.levels;
	return true;
}

static bool emit_odd(struct parser *p, struct value *v)
{
	if (v->in.kind == OPERAND_CODES) {
		*v = (struct value){ .in.kind = OPERAND_CONSTANT };
		return true;
	}
	if (v->in.kind != OPERAND_COLUMN)
		return parser_fail(p, v->start, "odd() wants a column");
	emit_one(p, OP_ODD, v);
	return true;
}

bool parser_call(struct parser *p, const struct expression_function *f,
		 struct value *arg)
{
	switch (f->op) {
	case OP_IF:
		return emit_if(p, arg);
	case OP_ODD:
		return emit_odd(p, arg);
	case OP_MISSING:
		if (arg->is_text)
			return value_to_missing(p, arg);
		break;
	case OP_MIN:
	case OP_MAX:
		return true;	/* they were joined one by one */
	default:
		if (!value_to_number(p, arg))
			return false;
	}
	emit_one(p, (enum op)f->op, arg);
	return true;
}

bool parser_combine(struct parser *p, enum op op, struct value *left,
		    struct value *right)
{
	if (op == OP_MATCH || op == OP_NO_MATCH)
		return value_match(p, op, left, right);
	if (op >= OP_EQUAL && op <= OP_GREATER_EQUAL &&
	    (left->is_text || right->is_text))
		return values_compare(p, op, left, right);
	return emit_two(p, op, left, right);
}

/* The last instruction writes to the caller's block. */
void parser_finish(struct parser *p, struct value *v)
{
	struct expression *e = p->e;
	const struct value text = *v;

	if (v->in.kind == OPERAND_CODES || v->in.kind == OPERAND_COLUMN) {
		struct instruction step = {
			.op = v->is_text ? OP_LOOKUP : OP_COPY,
			.in = { v->in }, .missing = NAN
		};

		parser_emit(p, step, 1, v);
	}
	if (v->in.kind == OPERAND_CONSTANT) {
		e->code = mem_grow(e->code, e->instructions, sizeof(*e->code));
		e->code[e->instructions++] = (struct instruction){
			.op = OP_COPY, .in = { v->in }
		};
	}
	e->code[e->instructions - 1].out = REGISTER_OUT;
	e->is_text = text.is_text;
	e->level = text.level;
	e->levels = text.levels;
}

void expression_free(struct expression *e)
{
	if (!e)
		return;
	for (size_t k = 0; k < e->owned_n; k++)
		free(e->owned[k]);
	free(e->owned);
	free(e->code);
	free(e);
}

bool expression_is_text(const struct expression *e)
{
	return e->is_text;
}

const char *const *expression_levels(const struct expression *e, size_t *n)
{
	*n = e->levels;
	return e->level;
}
