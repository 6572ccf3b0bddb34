/*
 * expression-parse.c - from a text to a program
 *
 * Precedence climbing: a value, then operators as long as they bind tight
 * enough, each with what binds tighter on its right.
 */
#include "data/expression-program.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"

enum level {
	LEVEL_OR = 1, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARISON, LEVEL_SUM,
	LEVEL_PRODUCT, LEVEL_SIGN, LEVEL_POWER
};

static enum level level_of(enum op op)
{
	switch (op) {
	case OP_OR: return LEVEL_OR;
	case OP_AND: return LEVEL_AND;
	case OP_ADD: case OP_SUBTRACT: return LEVEL_SUM;
	case OP_MULTIPLY: case OP_DIVIDE: case OP_REMAINDER:
		return LEVEL_PRODUCT;
	case OP_POWER: return LEVEL_POWER;
	default: return LEVEL_COMPARISON;
	}
}

/* ---- names ---- */

static const char *nearest_column(const struct table *table, const char *name)
{
	const char **names = mem_array(table->columns, sizeof(*names));
	const char *near;

	for (size_t c = 0; c < table->columns; c++)
		names[c] = table->column[c].name;
	near = text_nearest(name, names, table->columns);
	free(names);
	return near;
}

static bool no_name(struct parser *p, size_t at, const char *what,
		    const char *name, const char *near)
{
	return parser_fail(p, at, "there is no %s '%.80s'%s%.80s%s", what,
			   name, near ? "; did you mean '" : "",
			   near ? near : "", near ? "'?" : "");
}

/* What others call it, in part or as a whole. */
static const char *other_name(const char *name)
{
	static const char *const other[][2] = {
		{ "avg", "mean" }, { "average", "mean" }, { "std", "sd" },
		{ "stdev", "sd" }, { "stddev", "sd" }, { "shift", "lag" },
		{ "dayofweek", "weekday" }, { "ln", "log" }, { "null", "na" },
		{ "nan", "na" }, { "none", "na" }, { "isnull", "missing" },
		{ "isna", "missing" }, { "ceiling", "ceil" },
		{ "row_number", "row" }, { "case", "if" }, { "iff", "if" },
		{ "dt", "date" }, { "pow", "^" }, { "power", "^" },
		{ "ifelse", "if" }, { "where", "if" }, { "delta", "diff" },
		{ "rolling", "mean" },
	};

	for (size_t i = 0; i < ARRAY_LEN(other); i++)
		if (!strcasecmp(name, other[i][0]))
			return other[i][1];
	return NULL;
}

static const char *nearest_function(const char *name)
{
	const struct expression_function *f;
	const char *names[64], *other = other_name(name);
	const char *dot = strrchr(name, '.');
	size_t n = 0, roll = strncasecmp(name, "rolling_", 8) ? 0 : 8;

	while (n < ARRAY_LEN(names) && (f = expression_function_nth(n)))
		names[n++] = f->name;
	if (!other && roll)
		other = nearest_function(name + roll);
	if (!other && dot)	/* torque.shift(1), np.sqrt(x) */
		other = nearest_function(dot + 1);
	return other ? other : text_nearest(name, names, n);
}

bool parser_no_function(struct parser *p, const struct token *t,
			const char *name)
{
	return no_name(p, t->start, "function", name, nearest_function(name));
}

/* A name that wants `backquotes` is shown in them. */
static bool no_near_column(struct parser *p, const struct token *t,
			   const char *name, const char *near)
{
	char *written = expression_name(near);

	if (*written == '`')
		parser_fail(p, t->start, "there is no column '%.80s'; did you "
			    "mean %.80s?", name, written);
	else
		no_name(p, t->start, "column", name, near);
	free(written);
	return false;
}

/* line = L is the usual mistake. */
static bool no_column(struct parser *p, const struct token *t,
		      const char *name)
{
	const char *near = nearest_column(p->table, name);

	if (near)
		return no_near_column(p, t, name, near);
	if (t->quote)
		return no_name(p, t->start, "column", name, NULL);
	return parser_fail(p, t->start, "there is no column '%.80s'; a text "
			   "stands in \"quotes\"", name);
}

/* How much of a column's name one has to write: not the unit behind it. */
static size_t short_length(const struct column *c)
{
	size_t len = strlen(c->name), unit = c->unit ? strlen(c->unit) + 2 : 0;

	if (unit && len > unit)
		len -= unit;
	while (len > 1 && (c->name[len - 1] == ' ' || c->name[len - 1] == '_'))
		len--;
	return len;
}

/* "air_temperature" for "Air temperature [K]". */
static bool is_short_for(const char *name, const struct column *c)
{
	size_t len = short_length(c);

	if (strlen(name) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char wanted = c->name[i] == ' ' ? '_' : c->name[i];

		if (strncasecmp(name + i, &wanted, 1))
			return false;
	}
	return true;
}

static bool is_but_for_case(const char *name, const struct column *c)
{
	return !strcasecmp(c->name, name);
}

/* The only column of which it is true; NULL: none, or several. */
static const struct column *only_column(const struct table *table,
					const char *name,
					bool (*is)(const char *name,
						   const struct column *c))
{
	const struct column *found = NULL;

	for (size_t k = 0; k < table->columns; k++) {
		if (!is(name, table->column + k))
			continue;
		if (found)
			return NULL;
		found = table->column + k;
	}
	return found;
}

/* As it is written; or but for large and small letters; or in short. */
static const struct column *find_column(const struct table *table,
					const char *name)
{
	const struct column *found;
	int c = table_find(table, name);

	if (c >= 0)
		return table->column + c;
	found = only_column(table, name, is_but_for_case);
	return found ? found : only_column(table, name, is_short_for);
}

bool parser_has_column(const struct parser *p, const char *name)
{
	return find_column(p->table, name) != NULL;
}

const struct column *parser_column(struct parser *p, const struct token *t)
{
	const char *name = parser_unquoted(p, t);
	const struct column *c = find_column(p->table, name);

	if (c)
		p->e->reads[c - p->table->column] = true;
	else
		no_column(p, t, name);
	return c;
}

static bool parse_column(struct parser *p, const struct token *t,
			 struct value *v)
{
	const struct column *c = parser_column(p, t);

	if (!c)
		return false;
	v->in.kind = c->number ? OPERAND_COLUMN : OPERAND_CODES;
	if (c->number)
		v->in.number = c->number;
	else
		v->in.code = c->code;
	v->is_text = !c->number;
	v->level = (const char *const *)c->level;
	v->levels = c->number ? 0 : c->levels;
	v->is_time = c->type == COLUMN_TIME;
	v->form = c->form;
	return true;
}

static bool parse_literal(struct parser *p, const struct token *t,
			  struct value *v)
{
	const char **level = parser_keep(p, mem_new(sizeof(*level)));

	*level = parser_unquoted(p, t);
	v->in = (struct operand){ OPERAND_CONSTANT, { 0 } };
	v->is_text = v->literal = true;
	v->level = level;
	v->levels = 1;
	return true;
}

/* ---- the grammar ---- */

static bool parse_from(struct parser *p, enum level least, struct value *v);

bool parser_expected(struct parser *p, const char *what)
{
	const struct token *after = &p->last;

	return parser_fail(p, p->token.start, "expected %s%s%.*s%s", what,
			   after->len ? " after '" : "",
			   parser_shown(after->len), p->text + after->start,
			   after->len ? "'" : "");
}

static bool expected_value(struct parser *p)
{
	return parser_expected(p, "a number, a text or a column");
}

/* What recurses comes through here. */
static bool parse_within(struct parser *p, enum level least, struct value *v)
{
	bool parsed;

	if (p->depth == EXPRESSION_DEPTH)
		return parser_fail(p, p->token.start, "more than %d brackets "
				   "or signs within each other",
				   EXPRESSION_DEPTH);
	p->depth++;
	parsed = parse_from(p, least, v);
	p->depth--;
	return parsed;
}

bool parser_argument(struct parser *p, struct value *v)
{
	return parse_within(p, LEVEL_OR, v);
}

static bool parse_brackets(struct parser *p, struct value *v)
{
	if (!parser_next(p) || !parse_within(p, LEVEL_OR, v))
		return false;
	if (p->token.kind != TOKEN_CLOSE)
		return parser_expected(p, "an operator or ')'");
	return parser_next(p);
}

/* A column, a function, a literal, or brackets. */
static bool parse_value(struct parser *p, struct value *v)
{
	struct token t = p->token;

	switch (t.kind) {
	case TOKEN_NUMBER:
		v->in = (struct operand){ OPERAND_CONSTANT, { t.number } };
		return parser_next(p);
	case TOKEN_TEXT:
		return parse_literal(p, &t, v) && parser_next(p);
	case TOKEN_NAME:
		if (!parser_next(p))
			return false;
		if (p->token.kind == TOKEN_OPEN && !t.quote)
			return parser_function(p, &t, v);
		return parse_column(p, &t, v);
	case TOKEN_OPEN:
		return parse_brackets(p, v);
	default:
		return expected_value(p);
	}
}

/* not, a sign, or a value; least is what the operator before it takes. */
static bool parse_first(struct parser *p, enum level least, struct value *v)
{
	const struct token t = p->token;
	bool is_sign = t.kind == TOKEN_OPERATOR &&
		       (t.op == OP_SUBTRACT || t.op == OP_ADD);
	struct instruction step = { .op = OP_NOT };

	*v = (struct value){ .start = t.start };
	if (t.kind == TOKEN_NOT && least > LEVEL_NOT)
		return parser_fail(p, t.start, "put '%.*s' and what it denies "
				   "in brackets here", (int)t.len,
				   p->text + t.start);
	if (t.kind != TOKEN_NOT && !is_sign)
		return parse_value(p, v);
	if (!parser_next(p) ||
	    !parse_within(p, is_sign ? LEVEL_SIGN : LEVEL_NOT, v) ||
	    !value_to_number(p, v))
		return false;
	if (t.op == OP_ADD)
		return true;
	step.op = is_sign ? OP_NEGATE : OP_NOT;
	step.in[0] = v->in;
	parser_emit(p, step, 1, v);
	return true;
}

static bool at_operator(const struct parser *p, enum level least)
{
	return p->token.kind == TOKEN_OPERATOR &&
	       level_of(p->token.op) >= least;
}

/* All that binds at least as tight. */
static bool parse_from(struct parser *p, enum level least, struct value *v)
{
	size_t start = p->token.start;

	if (!parse_first(p, least, v))
		return false;
	v->start = start;
	v->end = p->last.start + p->last.len;
	while (at_operator(p, least)) {
		enum op op = p->token.op;
		enum level level = level_of(op);
		struct value right;

		if (!parser_next(p))
			return false;
		if (level == LEVEL_POWER ? !parse_within(p, LEVEL_SIGN, &right)
					 : !parse_from(p, level + 1, &right))
			return false;
		if (!parser_combine(p, op, v, &right))
			return false;
		v->start = start;
		v->end = p->last.start + p->last.len;
		if (level == LEVEL_COMPARISON && at_operator(p, level))
			return parser_fail(p, p->token.start, "one comparison "
					   "at a time: join two with and");
	}
	return true;
}

/* What is left over when an expression could have ended. */
static bool parse_end(struct parser *p)
{
	const char *s = p->text + p->token.start;

	switch (p->token.kind) {
	case TOKEN_END:
		return true;
	case TOKEN_CLOSE:
		return parser_fail(p, p->token.start,
				   "')' without a '(' before it");
	case TOKEN_COMMA:
		return parser_fail(p, p->token.start, "',' stands between "
				   "arguments only; the decimal mark is '.'");
	default:
		return parser_expected(p, *s == '(' ? "an operator, not '(',"
					     : "an operator");
	}
}

struct expression *expression_parse(const char *text,
				    const struct table *table, size_t *fault,
				    struct err *err)
{
	struct err unwanted;
	struct parser p = { .text = text, .table = table,
			    .err = err ? err : &unwanted };
	struct value v;

	p.e = mem_new(sizeof(*p.e));
	p.e->columns = table->columns;
	p.e->reads = mem_array(table->columns + 1, sizeof(*p.e->reads));
	if (parser_next(&p) && parse_from(&p, LEVEL_OR, &v) && parse_end(&p)) {
		parser_finish(&p, &v);
		return p.e;
	}
	if (fault)
		*fault = p.fault;
	expression_free(p.e);
	return NULL;
}
