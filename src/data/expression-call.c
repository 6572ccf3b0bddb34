/*
 * expression-call.c - functions and their arguments
 *
 * A function of one row becomes an instruction.  One that looks back becomes a
 * window over a whole column, and may have named arguments behind the others:
 * lag(x, 1, group=machine).
 */
#include "data/expression-program.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* So many rows for a window; for a median, each of which moves as many. */
enum { WINDOW_MOST = 1000000000, MEDIAN_MOST = 10000 };

static const struct expression_function *find_function(const char *name)
{
	const struct expression_function *f;
	size_t n = 0;

	while ((f = expression_function_nth(n++)))
		if (!strcasecmp(f->name, name))
			return f;
	return NULL;
}

static bool looks_back(const struct expression_function *f)
{
	return f->op >= OP_LAG && f->op <= OP_ROW;
}

static bool has_least(const struct expression_function *f)
{
	return f->op >= OP_MEAN && f->op <= OP_MEDIAN;
}

static bool wrong_count(struct parser *p, const struct token *name,
			const struct expression_function *f)
{
	char count[64];

	if (f->most == 0)
		snprintf(count, sizeof(count), "no argument");
	else if (f->most == f->least)
		snprintf(count, sizeof(count), "%zu argument%s", f->least,
			 f->least == 1 ? "" : "s");
	else if (f->most == SIZE_MAX)
		snprintf(count, sizeof(count), "%zu arguments or more",
			 f->least);
	else
		snprintf(count, sizeof(count), "%zu or %zu arguments",
			 f->least, f->most);
	return parser_fail(p, name->start, "%s() takes %s: %s(%s%s%s%s)",
			   f->name, count, f->name, f->args,
			   has_least(f) ? ", least=K" : "",
			   looks_back(f) && f->most > 0 ? ", " : "",
			   looks_back(f) ? "group=COLUMN" : "");
}

/* ---- named arguments ---- */

/* "group=", but not "group==". */
static bool at_named(const struct parser *p, const char *name)
{
	const struct token *t = &p->token;
	const char *s = p->text + t->start + t->len;

	s += strspn(s, " \t\r\n");
	return t->kind == TOKEN_NAME && !t->quote && t->len == strlen(name) &&
	       !strncasecmp(p->text + t->start, name, t->len) &&
	       s[0] == '=' && s[1] != '=';
}

static bool parse_group(struct parser *p, struct named *named)
{
	const struct token t = p->token;

	if (named->group)
		return parser_fail(p, t.start, "group= stands here twice");
	if (t.kind != TOKEN_NAME)
		return parser_fail(p, t.start, "group= wants a column");
	if (!parser_next(p))
		return false;
	if (p->token.kind == TOKEN_OPEN && !t.quote)
		return parser_fail(p, t.start, "group= wants a column, and no "
				   "function");
	named->group = parser_column(p, &t);
	return named->group != NULL;
}

/* A whole number that is written there. */
static bool to_count(struct parser *p, const struct value *v, const char *name,
		     double from, double to, double *count)
{
	const char *text = p->text + v->start;
	int len = parser_shown(v->end - v->start);

	if (v->is_text || v->in.kind != OPERAND_CONSTANT ||
	    !(v->in.constant >= from && v->in.constant <= to) ||
	    v->in.constant != floor(v->in.constant))
		return parser_fail(p, v->start, "%s is a whole number from "
				   "%.0f to %.0f, and not %.*s", name, from,
				   to, len, text);
	*count = v->in.constant;
	return true;
}

static bool parse_least(struct parser *p, struct named *named)
{
	struct value v;

	if (named->least > 0)
		return parser_fail(p, p->token.start, "least= stands here "
				   "twice");
	named->least_at = p->token.start;
	return parser_argument(p, &v) &&
	       to_count(p, &v, "least", 1, WINDOW_MOST, &named->least);
}

/* The name is the present token; "=" comes next. */
static bool parse_named(struct parser *p, const struct expression_function *f,
			struct named *named)
{
	bool is_group = at_named(p, "group");

	if (!looks_back(f) || (!is_group && !has_least(f)))
		return parser_fail(p, p->token.start, "%s() has no %s=",
				   f->name, is_group ? "group" : "least");
	return parser_next(p) && parser_next(p) &&
	       (is_group ? parse_group(p, named) : parse_least(p, named));
}

/* A column may be called so, and be compared; but not where a name is due. */
static bool is_named(const struct parser *p,
		     const struct expression_function *f, size_t n)
{
	const char *name = at_named(p, "group") ? "group" :
			   at_named(p, "least") ? "least" : NULL;

	if (!name)
		return false;
	return (looks_back(f) && (n > 0 || f->most == 0)) ||
	       !parser_has_column(p, name);
}

/* ---- calls ---- */

/* After the opening bracket; what min() and max() take is joined at once. */
static bool parse_arguments(struct parser *p, const struct token *name,
			    const struct expression_function *f,
			    struct value *arg, size_t *n,
			    struct named *named)
{
	size_t place = 0, names = 0;

	for (*n = 0; p->token.kind != TOKEN_CLOSE || *n + names > 0;) {
		if (is_named(p, f, *n)) {
			if (!parse_named(p, f, named))
				return false;
			names++;
		} else if (names > 0) {
			return parser_fail(p, p->token.start, "what has a name "
					   "comes last");
		} else if (*n == f->most) {
			return wrong_count(p, name, f);
		} else if (!parser_argument(p, arg + place)) {
			return false;
		} else if (++*n, f->most <= 3) {
			place++;
		} else if (place == 0) {
			place = 1;
		} else if (!parser_combine(p, (enum op)f->op, arg, arg + 1)) {
			return false;
		}
		if (p->token.kind != TOKEN_COMMA)
			break;
		if (!parser_next(p))
			return false;
	}
	if (p->token.kind != TOKEN_CLOSE)
		return parser_expected(p, "',' or ')'");
	return *n >= f->least || wrong_count(p, name, f);
}

bool parser_function(struct parser *p, const struct token *token,
		     struct value *v)
{
	const char *name = parser_unquoted(p, token);
	const struct expression_function *f = find_function(name);
	struct named named = { .group = NULL };
	size_t n, mark = p->e->program.n;
	struct value arg[3];

	if (!f)
		return parser_no_function(p, token, name);
	arg[0] = *v;
	if (!parser_next(p) || !parse_arguments(p, token, f, arg, &n, &named))
		return false;
	if (looks_back(f) ? !parser_window(p, f, arg, n, &named, mark)
			  : !parser_call(p, f, arg))
		return false;
	*v = arg[0];
	v->literal = false;
	return parser_next(p);
}

/* ---- windows ---- */

static bool same_operand(const struct operand *a, const struct operand *b)
{
	return a->kind == b->kind &&
	       (a->kind == OPERAND_HIDDEN ? a->hidden == b->hidden
					  : a->number == b->number);
}

/* It goes to a hidden column; the same one if it is there already. */
static bool add_stage(struct parser *p, struct stage stage,
		      struct operand *result)
{
	const struct window *w = &stage.window;
	struct expression *e = p->e;
	size_t k = 0;

	for (; stage.is_window && k < e->stages; k++) {
		const struct stage *s = e->stage + k;

		if (s->is_window && same_operand(&s->in, &stage.in) &&
		    s->window.op == w->op && s->window.n == w->n &&
		    s->window.least == w->least && s->window.group == w->group)
			break;
	}
	k = stage.is_window ? k : e->stages;
	if (k == EXPRESSION_STAGES) {
		free(stage.program.code);
		return parser_fail(p, p->last.start, "more than %d windows "
				   "over long spans, groups or what is "
				   "calculated", EXPRESSION_STAGES);
	}
	if (k == e->stages) {
		e->stage = mem_grow(e->stage, e->stages, sizeof(stage));
		e->stage[e->stages++] = stage;
	}
	*result = (struct operand){ OPERAND_HIDDEN, { .hidden = k } };
	return true;
}

/* The column that a window looks at: one of the table, or a hidden one. */
static bool to_series(struct parser *p, struct value *v, size_t mark)
{
	struct stage stage = { .is_window = false };

	if (v->in.kind == OPERAND_COLUMN || v->in.kind == OPERAND_HIDDEN)
		return true;
	parser_cut(p, mark, v, &stage.program);
	return add_stage(p, stage, &v->in);
}

static bool window_of(struct parser *p, const struct expression_function *f,
		      const struct value *arg, size_t n,
		      const struct named *named, struct window *w)
{
	bool spans = f->most > 1;
	double count = spans ? 1 : 0;

	if (n > 1 && !to_count(p, arg + 1, "n", f->op == OP_SD ? 2 : 1,
			       f->op == OP_MEDIAN ? MEDIAN_MOST : WINDOW_MOST,
			       &count))
		return false;
	if (named->least > count)
		return parser_fail(p, named->least_at, "least= is more than "
				   "the rows of the window");
	*w = (struct window){
		.op = (enum op)f->op, .n = (size_t)count,
		.least = (size_t)(named->least > 0 ? named->least : count),
		.group = named->group
	};
	return true;
}

/* The value of a row is one of those before, or lies between them. */
static void keep_kind(enum op op, const struct value *was, struct value *v)
{
	v->is_text = was->is_text;
	v->level = was->level;
	v->levels = was->levels;
	v->literal = false;
	v->is_time = was->is_time && op != OP_DIFF && op != OP_SUM &&
		     op != OP_SD && op != OP_COUNT && op != OP_CUMSUM;
	v->form = was->form;
	v->form.has_time |= op == OP_MEAN || op == OP_MEDIAN;
}

bool parser_window(struct parser *p, const struct expression_function *f,
		   struct value *arg, size_t n, const struct named *named,
		   size_t mark)
{
	struct instruction step = { .op = (enum op)f->op };
	struct stage stage = { .is_window = true };
	struct value was;

	p->e->looks_back = true;
	if (!window_of(p, f, arg, n, named, &step.window))
		return false;
	if (f->op == OP_ROW)
		arg->in = (struct operand){ OPERAND_COLUMN, { 0 } };
	else if (f->op != OP_LAG && !value_to_number(p, arg))
		return false;
	was = *arg;
	if (!to_series(p, arg, mark))
		return false;
	stage.in = step.in[0] = arg->in;
	stage.window = step.window;
	if (window_is_short(&step.window))
		parser_emit(p, step, 1, arg);
	else if (!add_stage(p, stage, &arg->in))
		return false;
	keep_kind((enum op)f->op, &was, arg);
	return true;
}
