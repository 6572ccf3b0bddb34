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

#define VALUE EXPRESSION_VALUE
#define ROWS EXPRESSION_ROWS
#define TIME EXPRESSION_TIME

static const struct expression_function functions[] = {
	{ "abs", "x", "its size without its sign", 1, 1, VALUE, OP_ABS },
	{ "ceil", "x", "the next whole number above", 1, 1, VALUE, OP_CEIL },
	{ "exp", "x", "e to the power of x", 1, 1, VALUE, OP_EXP },
	{ "floor", "x", "the next whole number below", 1, 1, VALUE, OP_FLOOR },
	{ "if", "cond, a, b", "a where cond holds, else b; both may be texts",
	  3, 3, VALUE, OP_IF },
	{ "log", "x", "the natural logarithm", 1, 1, VALUE, OP_LOG },
	{ "log10", "x", "the logarithm to base 10", 1, 1, VALUE, OP_LOG10 },
	{ "max", "a, b, ...", "the largest of two or more", 2, SIZE_MAX, VALUE,
	  OP_MAX },
	{ "min", "a, b, ...", "the smallest of two or more", 2, SIZE_MAX,
	  VALUE, OP_MIN },
	{ "missing", "x", "1 where x is missing or odd, else 0", 1, 1, VALUE,
	  OP_MISSING },
	{ "na", "", "a missing value", 0, 0, VALUE, OP_NA },
	{ "odd", "column", "1 where the cell is odd, else 0", 1, 1, VALUE,
	  OP_ODD },
	{ "round", "x", "the nearest whole number, a half away from 0", 1, 1,
	  VALUE, OP_ROUND },
	{ "sqrt", "x", "the square root", 1, 1, VALUE, OP_SQRT },

	{ "lag", "x, n", "x of the row n before; without n, of the one before",
	  1, 2, ROWS, OP_LAG },
	{ "diff", "x, n", "x - lag(x, n)", 1, 2, ROWS, OP_DIFF },
	{ "mean", "x, n", "the mean of x in n rows", 2, 2, ROWS, OP_MEAN },
	{ "sum", "x, n", "their sum", 2, 2, ROWS, OP_SUM },
	{ "rolling_min", "x, n", "the smallest of them", 2, 2, ROWS,
	  OP_LOWEST },
	{ "rolling_max", "x, n", "the largest of them", 2, 2, ROWS,
	  OP_HIGHEST },
	{ "sd", "x, n", "their standard deviation, over n - 1", 2, 2, ROWS,
	  OP_SD },
	{ "median", "x, n", "their median; n is 10000 at most", 2, 2, ROWS,
	  OP_MEDIAN },
	{ "count", "x, n", "how many of them are not missing", 2, 2, ROWS,
	  OP_COUNT },
	{ "cumsum", "x", "the sum of x from the first row on", 1, 1, ROWS,
	  OP_CUMSUM },
	{ "row", "", "the number of the row, from 1 on", 0, 0, ROWS, OP_ROW },

	{ "year", "t", "2024", 1, 1, TIME, OP_YEAR },
	{ "month", "t", "1 for January to 12", 1, 1, TIME, OP_MONTH },
	{ "day", "t", "the day of the month, 1 to 31", 1, 1, TIME, OP_DAY },
	{ "weekday", "t", "1 for Monday to 7 for Sunday", 1, 1, TIME,
	  OP_WEEKDAY },
	{ "hour", "t", "0 to 23", 1, 1, TIME, OP_HOUR },
	{ "minute", "t", "0 to 59", 1, 1, TIME, OP_MINUTE },
	{ "second", "t", "0 to 59, with its fraction", 1, 1, TIME, OP_SECOND },
	{ "date", "t", "the time at which the day began", 1, 1, TIME,
	  OP_DATE },
};

#undef VALUE
#undef ROWS
#undef TIME

const struct expression_function *expression_function_nth(size_t n)
{
	return n < ARRAY_LEN(functions) ? functions + n : NULL;
}

/* ---- the program ---- */

static void append(struct expression *e, struct instruction step)
{
	struct program *code = &e->program;

	code->code = mem_grow(code->code, code->n, sizeof(*code->code));
	code->code[code->n++] = step;
}

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
	*to = (struct value){ .start = to->start, .end = to->end };
	if (constants == inputs) {
		const struct frame none = { .registers = NULL };
		double x;

		step.out = REGISTER_OUT;
		expression_step(&step, &none, 0, 1, &x);
		to->in = (struct operand){ OPERAND_CONSTANT, { x } };
		return;
	}
	step.out = out;
	p->registers += 1 - registers;
	if (p->registers > e->registers)
		e->registers = p->registers;
	append(e, step);
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
	bool takes_times = op == OP_SUBTRACT || op == OP_MIN || op == OP_MAX;
	struct value was;

	if (takes_times && !values_to_times(p, left, right))
		return false;
	if (!value_to_number(p, left) || !value_to_number(p, right))
		return false;
	was = *left;
	step.in[0] = left->in;
	step.in[1] = right->in;
	parser_emit(p, step, 2, left);
	value_time(op, &was, right, left);
	return true;
}

/* Both branches of an if(): two texts, two numbers, or na() and any. */
static bool same_kind(struct parser *p, struct value *yes, struct value *no)
{
	if (yes->is_text && no->is_text)
		return values_to_same_levels(p, yes, no);
	if (yes->is_text && value_is_na(no)) {
		value_keep_levels(p, yes);
		return true;
	}
	if (no->is_text && value_is_na(yes)) {
		value_keep_levels(p, no);
		return true;
	}
	return value_to_number(p, yes) && value_to_number(p, no);
}

static bool emit_if(struct parser *p, struct value *arg)
{
	struct value *yes = arg + 1, *no = arg + 2;
	struct instruction step = { .op = OP_IF };
	const struct value *text;

	if (!value_to_number(p, arg) || !values_to_times(p, yes, no) ||
	    !same_kind(p, yes, no))
		return false;
	for (size_t k = 0; k < 3; k++)
		step.in[k] = arg[k].in;
	parser_emit(p, step, 3, arg);
	value_time(OP_IF, yes, no, arg);
	text = yes->is_text ? yes : no;
	arg->is_text = text->is_text;
	arg->level = text->level;
	arg->levels = text->levels;
	return true;
}

/* Times of day have no date; numbers are no times. */
static bool emit_time(struct parser *p, const struct expression_function *f,
		      struct value *v)
{
	enum op op = (enum op)f->op;
	const char *text = p->text + v->start;
	int len = parser_shown(v->end - v->start);
	struct when_form form = v->form;

	if (!v->is_time && !value_is_na(v))
		return parser_fail(p, v->start, "%.*s is a %s, and %s() wants "
				   "a time", len, text,
				   v->is_text ? "text" : "number", f->name);
	if (op > OP_SECOND && v->is_time && !form.has_date)
		return parser_fail(p, v->start, "%.*s is a time of day, and "
				   "%s() wants a date", len, text, f->name);
	emit_one(p, op, v);
	v->is_time = op == OP_DATE;
	v->form = form;
	v->form.has_time = false;
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
	if (f->kind == EXPRESSION_TIME)
		return emit_time(p, f, arg);
	switch (f->op) {
	case OP_NA:
		*arg = (struct value){ .in = { OPERAND_CONSTANT, { NAN } } };
		return true;
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
void parser_cut(struct parser *p, size_t mark, struct value *v,
		struct program *program)
{
	struct program *all = &p->e->program;

	if (v->in.kind != OPERAND_CONSTANT && v->in.kind != OPERAND_REGISTER) {
		struct instruction step = {
			.op = v->is_text ? OP_LOOKUP : OP_COPY,
			.in = { v->in }, .missing = NAN
		};

		parser_emit(p, step, 1, v);
	}
	if (v->in.kind == OPERAND_CONSTANT)
		append(p->e, (struct instruction){ .op = OP_COPY,
						   .in = { v->in } });
	else
		p->registers--;
	all->code[all->n - 1].out = REGISTER_OUT;
	for (size_t k = mark; k < all->n; k++) {
		program->code = mem_grow(program->code, program->n,
					 sizeof(*program->code));
		program->code[program->n++] = all->code[k];
	}
	all->n = mark;
}

void parser_finish(struct parser *p, struct value *v)
{
	struct expression *e = p->e;
	struct program whole = { .n = 0 };
	const struct value was = *v;

	parser_cut(p, 0, v, &whole);
	free(e->program.code);
	e->program = whole;
	e->is_text = was.is_text;
	e->level = was.level;
	e->levels = was.levels;
	e->is_time = was.is_time;
	e->form = was.form;
}

void expression_free(struct expression *e)
{
	if (!e)
		return;
	for (size_t k = 0; k < e->owned_n; k++)
		free(e->owned[k]);
	for (size_t k = 0; k < e->stages; k++)
		free(e->stage[k].program.code);
	free(e->stage);
	free(e->owned);
	free(e->program.code);
	free(e->reads);
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

bool expression_is_time(const struct expression *e, struct when_form *form)
{
	*form = e->form;
	return e->is_time;
}

bool expression_reads(const struct expression *e, size_t column)
{
	return column < e->columns && e->reads[column];
}

bool expression_looks_back(const struct expression *e)
{
	return e->looks_back;
}
