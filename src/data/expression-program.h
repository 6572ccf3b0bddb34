/*
 * expression-program.h - what the files of expression share
 *
 * A program is a list of instructions over blocks of rows.  What they read is
 * a constant, a column in place, or a register: a block of doubles in the
 * scratch of a thread.  Registers are a stack while the text is parsed, so
 * that there are no more of them than values wait for another.
 *
 * A window looks back over the rows of a whole column.  If that is calculated
 * itself it is so before, by a stage: into a hidden column, which then is read
 * like those of the table.  A short window is an instruction among others; a
 * long one, and one within groups, is a stage of its own.
 */
#ifndef GEMBA_EXPRESSION_PROGRAM_H
#define GEMBA_EXPRESSION_PROGRAM_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/expression.h"

enum op {
	/* of one argument */
	OP_COPY, OP_NEGATE, OP_NOT, OP_ABS, OP_SQRT, OP_LOG, OP_LOG10, OP_EXP,
	OP_ROUND, OP_FLOOR, OP_CEIL, OP_MISSING, OP_ODD,
	/* of one that is a time; from here to SECOND it needs no date */
	OP_HOUR, OP_MINUTE, OP_SECOND, OP_WEEKDAY, OP_DAY, OP_MONTH, OP_YEAR,
	OP_DATE, OP_LOOKUP,
	/* of two */
	OP_OR, OP_AND, OP_EQUAL, OP_UNEQUAL, OP_LESS, OP_LESS_EQUAL,
	OP_GREATER, OP_GREATER_EQUAL, OP_MATCH, OP_NO_MATCH, OP_ADD,
	OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_REMAINDER, OP_POWER, OP_MIN,
	OP_MAX,
	/* of three */
	OP_IF,
	/* of a column and the rows before */
	OP_LAG, OP_DIFF, OP_MEAN, OP_SUM, OP_LOWEST, OP_HIGHEST, OP_SD,
	OP_MEDIAN, OP_COUNT, OP_CUMSUM, OP_ROW,
	/* of none */
	OP_NA
};

enum operand_kind { OPERAND_CONSTANT, OPERAND_COLUMN, OPERAND_CODES,
		    OPERAND_HIDDEN, OPERAND_REGISTER };

struct operand {
	enum operand_kind kind;
	union {
		double constant;
		const double *number;	/* COLUMN; borrowed from the table */
		const uint32_t *code;	/* CODES; borrowed from the table */
		size_t reg;
		size_t hidden;		/* HIDDEN: the stage that makes it */
	};
};

/* LAG and DIFF: the row n before; else the row itself and those n - 1 before,
 * of which least must have a value. */
struct window {
	enum op op;
	size_t n, least;
	const struct column *group;	/* borrowed; NULL: all are one */
};

/* The register that is the result: the caller's own block. */
#define REGISTER_OUT SIZE_MAX

struct instruction {
	enum op op;
	struct operand in[3];
	size_t out;		/* a register; may be one of in[] */
	const double *lookup;	/* LOOKUP: the value of each level */
	double missing;		/* LOOKUP: that of a missing text */
	struct window window;	/* LAG to ROW: a short one without groups */
};

struct program {
	struct instruction *code;	/* owned */
	size_t n;
};

/* What makes a hidden column: a program, or a window over in. */
struct stage {
	struct program program;
	bool is_window;
	struct operand in;	/* COLUMN or HIDDEN; ROW: not used */
	struct window window;
};

/* Stages at most: each may need a whole column of memory. */
enum { EXPRESSION_STAGES = 64 };

struct expression {
	struct program program;
	size_t registers;
	struct stage *stage;	/* owned; each reads only those before it */
	size_t stages;
	bool looks_back;
	bool *reads;		/* owned: for each column of the table */
	size_t columns;		/* of the table */
	bool is_time;
	struct when_form form;	/* of a time */
	bool is_text;
	const char *const *level;	/* of a text; owned below, or the
					 * table's */
	size_t levels;
	void **owned;		/* lookups, lists of levels, literal texts */
	size_t owned_n;
};

/* What the instructions of one thread read and write. */
struct frame {
	double *registers;
	double *const *hidden;
};

/* Carry one instruction out for n rows from first on. */
void expression_step(const struct instruction *step, const struct frame *frame,
		     size_t first, size_t n, double *out);

/* No infinity, no NaN that remembers an odd text, and no -0. */
static inline double sound(double x)
{
	return x - x == 0 ? x + 0.0 : NAN;
}

/* The parts of a time; missing beyond the years 1 to 9999. */
void expression_time(enum op op, const double *a, size_t n, double *out);

/* ---- windows: expression-window.c ---- */

/* Windows up to so many rows are instructions; the room they work in. */
enum { WINDOW_SHORT = 64, WINDOW_ROOM = (WINDOW_SHORT + 1) * 32 };

bool window_is_short(const struct window *window);
/*
 * The values of the rows from ... to - 1 of a series x, which is that of all
 * the rows or of those of one group.  room is as many bytes as window_room()
 * says, WINDOW_ROOM at most for a short window.
 */
void window_values(const struct window *window, const double *x, size_t from,
		   size_t to, void *room, double *out);
size_t window_room(const struct window *window, size_t rows);
/* Sums and their like; and medians. */
void window_fold(const struct window *window, const double *x, size_t from,
		 size_t to, void *room, double *out);
void window_median(const struct window *window, const double *x, size_t from,
		   size_t to, double *sorted, double *out);

/* ---- groups: expression-group.c ---- */

/* Rows by their group, and in file order within it. */
struct groups {
	const struct column *column;	/* borrowed */
	uint32_t *order;	/* owned; NULL: they stand like this */
	size_t *start;		/* owned: n + 1 of them */
	size_t n, rows;		/* rows that have a group */
};
bool groups_init(struct groups *groups, const struct column *column,
		 size_t rows, struct job *job, struct err *err);
void groups_clear(struct groups *groups);

/* The window over all rows of x; groups is NULL without group=. */
bool window_apply(const struct window *window, const double *x,
		  const struct groups *groups, size_t rows, double *out,
		  struct job *job, struct err *err);

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
	bool is_time;			/* a number of seconds, to be written
					 * in this form */
	struct when_form form;
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
/* The named arguments of a call. */
struct named {
	const struct column *group;
	double least;		/* 0: not given */
	size_t least_at;	/* bytes */
};

/* The name is read; "(" is the present token. */
bool parser_function(struct parser *p, const struct token *name,
		     struct value *v);
/* For a call: a whole argument. */
bool parser_argument(struct parser *p, struct value *v);
bool parser_expected(struct parser *p, const char *what);

/* Columns: as it is written; or but for large and small letters; or in short.
 * It is marked as read.  NULL: the message is set. */
const struct column *parser_column(struct parser *p, const struct token *t);
bool parser_has_column(const struct parser *p, const char *name);
bool parser_no_function(struct parser *p, const struct token *t,
			const char *name);

/* The result is in *arg. */
bool parser_call(struct parser *p, const struct expression_function *f,
		 struct value *arg);
/* The same for windows; the first argument was written from mark on, and there
 * are n of them. */
bool parser_window(struct parser *p, const struct expression_function *f,
		   struct value *arg, size_t n, const struct named *named,
		   size_t mark);
/* The value is what the expression gives. */
void parser_finish(struct parser *p, struct value *v);

/* The code from mark on, which makes v, becomes a program of its own. */
void parser_cut(struct parser *p, size_t mark, struct value *v,
		struct program *program);

/* What is a time after an operation on two that were. */
void value_time(enum op op, const struct value *left,
		const struct value *right, struct value *result);
/* "2024-05-01 06:00" beside a time is one. */
bool values_to_times(struct parser *p, struct value *left,
		     struct value *right);
/* A number without a value, which goes with everything. */
bool value_is_na(const struct value *v);
/* The text itself, as what if() reads. */
void value_keep_levels(struct parser *p, struct value *v);

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
