/*
 * expression-lex.c - an expression, word by word
 */
#include "data/expression-program.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/number.h"

/* A longer sign before the shorter one that it begins with. */
static const struct sign {
	const char *text;
	enum token_kind kind;
	enum op op;
} signs[] = {
	{ "||", TOKEN_OPERATOR, OP_OR },
	{ "&&", TOKEN_OPERATOR, OP_AND },
	{ "==", TOKEN_OPERATOR, OP_EQUAL },
	{ "=", TOKEN_OPERATOR, OP_EQUAL },
	{ "!=", TOKEN_OPERATOR, OP_UNEQUAL },
	{ "<>", TOKEN_OPERATOR, OP_UNEQUAL },
	{ "<=", TOKEN_OPERATOR, OP_LESS_EQUAL },
	{ "<", TOKEN_OPERATOR, OP_LESS },
	{ ">=", TOKEN_OPERATOR, OP_GREATER_EQUAL },
	{ ">", TOKEN_OPERATOR, OP_GREATER },
	{ "~", TOKEN_OPERATOR, OP_MATCH },
	{ "!~", TOKEN_OPERATOR, OP_NO_MATCH },
	{ "!", TOKEN_NOT, OP_NOT },
	{ "+", TOKEN_OPERATOR, OP_ADD },
	{ "-", TOKEN_OPERATOR, OP_SUBTRACT },
	{ "*", TOKEN_OPERATOR, OP_MULTIPLY },
	{ "/", TOKEN_OPERATOR, OP_DIVIDE },
	{ "%", TOKEN_OPERATOR, OP_REMAINDER },
	{ "^", TOKEN_OPERATOR, OP_POWER },
	{ "(", TOKEN_OPEN, OP_COPY },
	{ ")", TOKEN_CLOSE, OP_COPY },
	{ ",", TOKEN_COMMA, OP_COPY },
};

static const struct sign words[] = {
	{ "or", TOKEN_OPERATOR, OP_OR },
	{ "and", TOKEN_OPERATOR, OP_AND },
	{ "not", TOKEN_NOT, OP_NOT },
};

bool parser_fail(struct parser *p, size_t at, const char *fmt, ...)
{
	char text[sizeof(p->err->text)], safe[sizeof(text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	p->fault = at;
	return err_set(p->err, ERR_USAGE, "%s",
		       text_safe(safe, sizeof(safe), text, strlen(text)));
}

int parser_shown(size_t len)
{
	return len < SHOWN ? (int)len : SHOWN;
}

void *parser_keep(struct parser *p, void *memory)
{
	struct expression *e = p->e;

	if (!memory) {
		err_set(p->err, ERR_NOMEM,
			"no memory for the levels of a text");
		return NULL;
	}
	e->owned = mem_grow(e->owned, e->owned_n, sizeof(*e->owned));
	e->owned[e->owned_n++] = memory;
	return memory;
}

/* All of UTF-8 above ASCII is taken for letters. */
static bool is_name(char c)
{
	return ascii_letter(c) || ascii_digit(c) || c == '_' || c == '.' ||
	       ascii_beyond(c);
}

static size_t name_len(const char *s)
{
	size_t len = 0;

	while (is_name(s[len]))
		len++;
	return len;
}

static size_t digits_len(const char *s)
{
	size_t len = 0;

	while (ascii_digit(s[len]))
		len++;
	return len;
}

/* 2024-03-02, which without quotes would be 2019. */
static bool is_date(const char *s)
{
	return digits_len(s) == 4 && s[4] == '-' && digits_len(s + 5) == 2 &&
	       s[7] == '-' && digits_len(s + 8) == 2;
}

/* Digits, a mark, an exponent; what follows must not be a name. */
static bool scan_number(struct parser *p, struct token *t, const char *s)
{
	size_t len = digits_len(s), exponent;

	if (s[len] == '.')
		len += 1 + digits_len(s + len + 1);
	if (s[len] == 'e' || s[len] == 'E') {
		exponent = len + 1;
		exponent += s[exponent] == '+' || s[exponent] == '-';
		if (ascii_digit(s[exponent]))
			len = exponent + digits_len(s + exponent);
	}
	if (is_date(s))
		return parser_fail(p, t->start, "a time stands in quotes: "
				   "\"%.10s\"", s);
	t->kind = TOKEN_NUMBER;
	t->len = len + name_len(s + len);
	if (t->len > len)
		return parser_fail(p, t->start, "'%.*s' is no number; as a "
				   "name it stands in `backquotes`",
				   parser_shown(t->len), s);
	if (!number_parse(s, len, '.', &t->number))
		return parser_fail(p, t->start, "'%.*s' is too large for a "
				   "number", parser_shown(len), s);
	return true;
}

/* A doubled quote is a quote within. */
static bool scan_quoted(struct parser *p, struct token *t, const char *s)
{
	size_t i = 1;

	t->quote = s[0];
	t->kind = t->quote == '`' ? TOKEN_NAME : TOKEN_TEXT;
	while (s[i] && (s[i] != t->quote || s[i + 1] == t->quote))
		i += s[i] == t->quote ? 2 : 1;
	t->len = i + 1;
	return s[i] || parser_fail(p, t->start, "the quote %c is not closed",
				   t->quote);
}

const char *parser_unquoted(struct parser *p, const struct token *t)
{
	const char *from = p->text + t->start, *end = from + t->len;
	char *to = parser_keep(p, mem_new(t->len + 1)), *text = to;

	if (!t->quote)
		return memcpy(to, from, t->len);
	for (from++, end--; from < end; from++) {
		*to++ = *from;
		from += *from == t->quote;
	}
	return text;
}

static void scan_name(struct token *t, const char *s)
{
	t->kind = TOKEN_NAME;
	t->len = name_len(s);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (t->len == strlen(words[i].text) &&
		    !strncasecmp(s, words[i].text, t->len)) {
			t->kind = words[i].kind;
			t->op = words[i].op;
		}
}

/* Signs that other languages have; what is meant is said instead. */
static const char *other_sign(char c)
{
	switch (c) {
	case '&': return "is written and";
	case '|': return "is written or";
	case ';': return "has no meaning here; a comma parts arguments";
	case '[': case ']': case '{': case '}': case '$': case '#':
		return "has no meaning here; a name with it stands in "
		       "`backquotes`";
	case '?': case ':':
		return "has no meaning here; there is if(condition, a, b)";
	default: return "has no meaning here";
	}
}

static bool scan_sign(struct parser *p, struct token *t, const char *s)
{
	char c = s[0];

	if (!strncmp(s, "**", 2))
		return parser_fail(p, t->start, "'**' is written ^");
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		t->len = strlen(signs[i].text);
		if (strncmp(s, signs[i].text, t->len))
			continue;
		t->kind = signs[i].kind;
		t->op = signs[i].op;
		return true;
	}
	if (c < ' ' || c == 0x7f)
		return parser_fail(p, t->start, "a control character (%d)", c);
	return parser_fail(p, t->start, "'%c' %s", c, other_sign(c));
}

bool parser_next(struct parser *p)
{
	struct token t = { .kind = TOKEN_END };
	const char *s;

	p->last = p->token;
	t.start = p->last.start + p->last.len;
	t.start += strspn(p->text + t.start, " \t\r\n");
	s = p->text + t.start;
	if (!*s) {
		p->token = t;
		return true;
	}
	if (ascii_digit(s[0]) || (s[0] == '.' && ascii_digit(s[1]))) {
		if (!scan_number(p, &t, s))
			return false;
	} else if (*s == '"' || *s == '\'' || *s == '`') {
		if (!scan_quoted(p, &t, s))
			return false;
	} else if (is_name(*s)) {
		scan_name(&t, s);
	} else if (!scan_sign(p, &t, s)) {
		return false;
	}
	p->token = t;
	return true;
}

/* A whole name within quotes cannot go on; and, or, not may. */
static bool is_open_name(const struct parser *p, size_t at)
{
	const struct token *t = &p->last;

	return t->len && t->start + t->len == at && !t->quote &&
	       t->kind != TOKEN_NUMBER && is_name(p->text[t->start]);
}

bool expression_name_at(const char *text, size_t at, size_t *start)
{
	char *head = mem_strndup(text, at);
	struct err err;
	struct parser p = { .text = head, .err = &err };
	bool read, found;

	do
		read = parser_next(&p);
	while (read && p.token.kind != TOKEN_END);
	*start = read ? p.last.start : p.fault;
	found = read ? is_open_name(&p, strlen(head)) : head[p.fault] == '`';
	free(head);
	return found;
}

/*
 * The other way round
 */

/* A mark within the text is doubled. */
static char *in_marks(const char *text, char mark)
{
	char *marked = mem_new(2 * strlen(text) + 3), *to = marked;

	*to++ = mark;
	for (; *text; text++) {
		if (*text == mark)
			*to++ = mark;
		*to++ = *text;
	}
	*to = mark;
	return marked;
}

char *expression_name(const char *name)
{
	bool plain = *name && !name[name_len(name)] && !ascii_digit(*name) &&
		     *name != '.';

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		plain = plain && strcasecmp(name, words[i].text);
	return plain ? mem_strdup(name) : in_marks(name, '`');
}

char *expression_quote(const char *text)
{
	return in_marks(text, '"');
}
