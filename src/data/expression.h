/*
 * expression.h - a condition or a formula over the columns of a table
 *
 *	torque > 40 and line = "L"
 *	if(missing(temp), 0, log(temp) ^ 2)
 *	diff(mean(temp, 5, group=machine)) / diff(time, group=machine)
 *
 * The text is parsed once, against one table, into a short program, which then
 * works on blocks of rows.  A row may look back at rows before it in the file,
 * and never at those behind it: the values of the first rows are the same
 * whatever comes after them.  From the loosest to the tightest:
 *
 *	or ||   and &&   not !   = == != <> < <= > >= ~ !~   + -   * / %
 *	unary -   ^ (from the right)   ( )   functions
 *
 * Numbers are written 12, .5, 1e3; texts in "double" or 'single' quotes; a
 * column by its name, or in `backquotes` when the name has other bytes than
 * letters, digits, "_" and ".", begins with a digit or is one of and, or, not.
 * A doubled quote stands for itself.  Letters of and, or, not and functions
 * may be large or small; a column is looked for as it is written first, then
 * with no regard to large and small letters if that leaves only one.
 *
 * There are two types, number and text; truth is the number 1, and 0 is false.
 * A time is a number of seconds, and remembers how it is written.
 * The remainder x % y has the sign of y.
 * A text whose values are all numbers (a category 0, 1) may stand for a
 * number, and is compared as one.  Other texts are compared byte by byte.
 *
 * What is missing or odd is NaN.  Arithmetic and comparisons with it are
 * missing, and so is what is no finite number: 1 / 0, sqrt(-1), 1e308 * 10.
 * Logic has three values: missing and 0 is 0, missing or 1 is 1, any other
 * with missing is missing.  A filter keeps the rows where the value is neither
 * 0 nor missing.
 */
#ifndef GEMBA_EXPRESSION_H
#define GEMBA_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/job.h"
#include "data/table.h"

/* Brackets, signs and powers within each other; rows at a time. */
enum { EXPRESSION_DEPTH = 200, EXPRESSION_BLOCK = 1024 };

struct expression;

/*
 * It keeps pointers into the table, which must outlive it.  On failure *fault
 * is the byte of text where it is wrong (strlen(text) when something is
 * missing at its end); fault may be NULL.  A comparison of a text column costs
 * one look at each of its levels, here and not for each row.
 */
struct expression *expression_parse(const char *text,
				    const struct table *table, size_t *fault,
				    struct err *err);
void expression_free(struct expression *e);

/*
 * A text's values are indices into its levels, which are distinct, owned by
 * the expression or its table, and need not all occur.
 */
bool expression_is_text(const struct expression *e);
const char *const *expression_levels(const struct expression *e, size_t *n);

/* A time, and how it is to be written: times and what is a time before or
 * after one; not the span between two, which is a number of seconds. */
bool expression_is_time(const struct expression *e, struct when_form *form);
/* Does it read that column of its table, also as group=? */
bool expression_reads(const struct expression *e, size_t column);
/* Does a row depend on others than itself? */
bool expression_looks_back(const struct expression *e);

/*
 * The first rows of the table, in blocks spread over the cores: the same bytes
 * for any number of threads.  Besides out it takes 8 bytes a row for each
 * window over what is calculated itself, or over groups, or over many rows,
 * as long as it is needed; without that memory ERR_NOMEM.
 */
bool expression_values(const struct expression *e, size_t rows, double *out,
		       struct job *job, struct err *err);
/* keep[i] is true where it holds, in *kept rows.  A text is an error. */
bool expression_filter(const struct expression *e, size_t rows, bool *keep,
		       size_t *kept, struct job *job, struct err *err);

/*
 * The same as a column: a number, a time, or a category or text by the measure
 * of table.h, with the levels that occur, in order.  The arrays are of malloc()
 * and belong to *column, as table_free() wants them; the texts, and a copy of
 * the name, are in the arena, and nothing points into the table.  There is no
 * unit, and no odd cell.  On failure the column is empty.
 */
bool expression_column(const struct expression *e, size_t rows,
		       const char *name, struct arena *arena,
		       struct column *column, struct job *job,
		       struct err *err);

/* What a function works on: the cells of a row; a time; the rows before. */
enum expression_kind { EXPRESSION_VALUE, EXPRESSION_TIME, EXPRESSION_ROWS };

/* For help and completion: NULL after the last. */
struct expression_function {
	const char *name;
	const char *args;	/* "cond, a, b" */
	const char *help;
	size_t least, most;	/* how many arguments, without named ones */
	enum expression_kind kind;
	int op;			/* enum op, of no use outside */
};
const struct expression_function *expression_function_nth(size_t n);
/*
 * True when the byte at stands behind a name, or part of one, that could go
 * on; *start is its first byte, which is its backquote if it has one.
 */
bool expression_name_at(const char *text, size_t at, size_t *start);

/* A column's name as it stands in an expression, in `backquotes` if it needs
 * them; a text in "quotes".  The caller frees them. */
char *expression_name(const char *name);
char *expression_quote(const char *text);

#endif
