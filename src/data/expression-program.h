/*
 * expression-program.h - what the files of expression share
 *
 * A program is a list of instructions over blocks of rows.  What they read is
 * a constant, a column in place, or a register: a block of doubles in the
 * scratch of a thread.  Registers are a stack while the text is parsed, so
 * that there are no more of them than values wait for another.
 */
#ifndef GEMBA_EXPRESSION_PROGRAM_H
#define GEMBA_EXPRESSION_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/expression.h"

enum op {
	/* of one argument */
	OP_COPY, OP_NEGATE, OP_NOT, OP_ABS, OP_SQRT, OP_LOG, OP_LOG10, OP_EXP,
	OP_ROUND, OP_FLOOR, OP_CEIL, OP_MISSING, OP_ODD, OP_LOOKUP,
	/* of two */
	OP_OR, OP_AND, OP_EQUAL, OP_UNEQUAL, OP_LESS, OP_LESS_EQUAL,
	OP_GREATER, OP_GREATER_EQUAL, OP_MATCH, OP_NO_MATCH, OP_ADD,
	OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_REMAINDER, OP_POWER, OP_MIN,
	OP_MAX,
	/* of three */
	OP_IF
};

enum operand_kind { OPERAND_CONSTANT, OPERAND_COLUMN, OPERAND_CODES,
		    OPERAND_REGISTER };

struct operand {
	enum operand_kind kind;
	union {
		double constant;
		const double *number;	/* COLUMN; borrowed from the table */
		const uint32_t *code;	/* CODES; borrowed from the table */
		size_t reg;
	};
};

/* The register that is the result: the caller's own block. */
#define REGISTER_OUT SIZE_MAX

struct instruction {
	enum op op;
	struct operand in[3];
	size_t out;		/* a register; may be one of in[] */
	const double *lookup;	/* LOOKUP: the value of each level */
	double missing;		/* LOOKUP: that of a missing text */
};

struct expression {
	struct instruction *code;	/* owned */
	size_t instructions, registers;
	bool is_text;
	const char *const *level;	/* of a text; owned below, or the
					 * table's */
	size_t levels;
	void **owned;		/* lookups, lists of levels, literal texts */
	size_t owned_n;
};

/* Carry one instruction out for n rows from first on. */
void expression_step(const struct instruction *step, double *registers,
		     size_t first, size_t n, double *out);

/* ---- while it is parsed ---- */

enum token_kind {
	TOKEN_END, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_NAME, TOKEN_NOT, TOKEN_OPEN,
	TOKEN_CLOSE, TOKEN_COMMA, TOKEN_OPERATOR
};

struct token {
	enum token_kind kind;
	size_t start, len;	/* bytes, with quotes */
	enum op op;		/* OPERATOR; '-' is SUBTRACT, '+' is ADD */
	double number;		/* NUMBER */
	char quote;		/* TEXT, NAME: what it stands in, or 0 */
};

struct parser {
	const char *text;
	const struct table *table;
	struct expression *e;
	struct token token, last;
	size_t registers;	/* in use */
	size_t depth;
	size_t fault;
	struct err *err;
};

/* A number, or a text with its levels, and where it stands. */
struct value {
	struct operand in;
	bool is_text, literal;
	const char *const *level;	/* text: the expression's or table's */
	size_t levels;
	const struct when_form *times;	/* how a column of times writes them;
					 * NULL for all else */
	size_t start, end;	/* bytes */
};

/* Always false: what is wrong, and where. */
bool parser_fail(struct parser *p, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* For the text of value in a message: at most so many bytes of it. */
enum { SHOWN = 60 };
int parser_shown(size_t len);

/* The token after the present one, which becomes the last. */
bool parser_next(struct parser *p);
/* The text of a token without its quotes; owned by the expression. */
const char *parser_unquoted(struct parser *p, const struct token *token);

/* Memory that lives as long as the expression; NULL sets err. */
void *parser_keep(struct parser *p, void *memory);

/* The instruction with its inputs in place becomes a number in *to. */
void parser_emit(struct parser *p, struct instruction step, size_t inputs,
		 struct value *to);

/* Operators; min and max with two arguments.  The result is in *left. */
bool parser_combine(struct parser *p, enum op op, struct value *left,
		    struct value *right);
/* The result is in *arg. */
bool parser_call(struct parser *p, const struct expression_function *f,
		 struct value *arg);
/* The value is what the expression gives. */
void parser_finish(struct parser *p, struct value *v);

/* Texts; all may fail with a message. */
bool value_to_number(struct parser *p, struct value *v);
bool value_to_missing(struct parser *p, struct value *v);
/* Both get the same levels, as numbers of the registers or constants. */
bool values_to_same_levels(struct parser *p, struct value *a, struct value *b);
/* A comparison of which one side at least is a text. */
bool values_compare(struct parser *p, enum op op, struct value *left,
		    struct value *right);
bool value_match(struct parser *p, enum op op, struct value *left,
		 const struct value *pattern);

#endif
