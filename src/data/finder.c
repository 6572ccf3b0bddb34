#include "data/finder.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

/* So many tries at one place, of the library's counting, take 0.1 ms; a text
 * that takes more is given up. */
enum { MATCH_LIMIT = 20000, HEAP_LIMIT_KIB = 16384 };

struct finder {
	pcre2_code *code;		/* owned */
	pcre2_match_context *limits;	/* owned; only read by a match */
	char *text;			/* owned: PLAIN: what is to be found */
	size_t len;
	bool exact;			/* PLAIN: its bytes and no others */
	bool jit;
	enum finder_reach reach;
};

struct matcher {
	const struct finder *finder;	/* borrowed */
	pcre2_match_data *found;	/* owned */
	size_t given_up;
};

/*
 * What kind of pattern it is
 */

static bool is_word(char c)
{
	return ascii_letter(c) || ascii_digit(c) || ascii_beyond(c);
}

/* The text itself, when all that is special in the pattern is escaped; NULL
 * otherwise.  The caller frees it. */
static char *plain_text(const char *pattern)
{
	char *text = mem_new(strlen(pattern) + 1), *to = text;

	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1] && !is_word(pattern[1]))
			pattern++;
		else if (strchr("\\^$.[|()?*+{", *pattern))
			break;
		*to++ = *pattern;
	}
	if (!*pattern)
		return text;
	free(text);
	return NULL;
}

/*
 * False when nothing in the pattern looks at what is around a match: then any
 * match in a cell begins a match in the line.  What may look around: anchors,
 * (?...), (*...), \b and other escapes, back references, [[:...:]], and what
 * gives nothing back (x*+).
 */
static bool looks_around(const char *pattern)
{
	for (const char *p = pattern; *p; p++) {
		if (*p == '\\') {
			p++;
			if (!*p || (is_word(*p) && !strchr("dDwWsS", *p)))
				return true;
		} else if (strchr("^$", *p)) {
			return true;
		} else if (*p == '(' && p[1] && strchr("?*", p[1])) {
			return true;
		} else if (strchr("*+?}", *p) && p[1] == '+') {
			return true;
		} else if (!strncmp(p, "[[:", 3)) {
			return true;	/* [[:<:]] is the begin of a word */
		}
	}
	return false;
}

static pcre2_code *compile(const char *pattern, uint32_t options,
			   struct err *err)
{
	int code;
	PCRE2_SIZE at;
	PCRE2_UCHAR text[120];
	pcre2_code *compiled;

	compiled = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
				 options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
				 PCRE2_DOLLAR_ENDONLY |
				 PCRE2_NEVER_BACKSLASH_C,
				 &code, &at, NULL);
	if (compiled)
		return compiled;
	pcre2_get_error_message(code, text, sizeof(text));
	err_set(err, ERR_USAGE, "the pattern is wrong at byte %zu: %s", at + 1,
		(char *)text);
	return NULL;
}

/* A capital that is not part of an escape such as \D. */
static bool has_capital(const char *pattern)
{
	struct err err;
	pcre2_code *capital = compile("^(?:\\\\.|[^\\\\\\p{Lu}])*+\\p{Lu}", 0,
				      &err);
	pcre2_match_data *found;
	bool has;

	if (!capital)
		return true;
	found = pcre2_match_data_create_from_pattern(capital, NULL);
	has = found && pcre2_match(capital, (PCRE2_SPTR)pattern,
				   strlen(pattern), 0, 0, found, NULL) > 0;
	pcre2_match_data_free(found);
	pcre2_code_free(capital);
	return has;
}

static bool has_letters(const char *text)
{
	for (; *text; text++)
		if (ascii_letter(*text) || ascii_beyond(*text))
			return true;
	return false;
}

/* Without the library's compiler each match first looks at all of the text, so
 * that this must be a line.  What repeats could reach over many lines. */
static enum finder_reach reach_of(const struct finder *f, const char *pattern)
{
	bool quick = f->exact || f->jit;

	if (f->text && quick)
		return FINDER_PLAIN;
	if (looks_around(pattern))
		return FINDER_CELL;
	return quick && !strpbrk(pattern, "*+{") ? FINDER_SHORT : FINDER_LINE;
}

/* Any letter is found as it is written, or small ones as capitals, too. */
static struct finder *make(const char *pattern, bool exactly, struct err *err)
{
	struct finder *f = mem_new(sizeof(*f));

	f->code = compile(pattern, exactly ? 0 : PCRE2_CASELESS, err);
	f->limits = pcre2_match_context_create(NULL);
	if (!f->code || !f->limits) {
		if (f->code)
			err_set(err, ERR_NOMEM, "no memory for a pattern");
		finder_free(f);
		return NULL;
	}
	pcre2_set_match_limit(f->limits, MATCH_LIMIT);
	pcre2_set_heap_limit(f->limits, HEAP_LIMIT_KIB);
	f->jit = pcre2_jit_compile(f->code, PCRE2_JIT_COMPLETE) == 0;
	f->text = plain_text(pattern);
	f->len = f->text ? strlen(f->text) : 0;
	f->exact = f->text && (exactly || !has_letters(f->text));
	f->reach = reach_of(f, pattern);
	return f;
}

struct finder *finder_new(const char *pattern, struct err *err)
{
	if (*pattern)
		return make(pattern, has_capital(pattern), err);
	err_set(err, ERR_USAGE, "there is nothing to find: give a text or a "
		"pattern");
	return NULL;
}

struct finder *finder_new_exact(const char *pattern, struct err *err)
{
	return make(pattern, true, err);
}

void finder_free(struct finder *finder)
{
	if (!finder)
		return;
	pcre2_code_free(finder->code);
	pcre2_match_context_free(finder->limits);
	free(finder->text);
	free(finder);
}

enum finder_reach finder_reach(const struct finder *finder)
{
	return finder->reach;
}

bool finder_has_any(const struct finder *finder, const char *bytes)
{
	return finder->reach == FINDER_PLAIN &&
	       strpbrk(finder->text, bytes) != NULL;
}

/*
 * Matching
 */

struct matcher *matcher_new(const struct finder *finder)
{
	struct matcher *m = mem_new(sizeof(*m));

	m->finder = finder;
	m->found = pcre2_match_data_create(1, NULL);
	if (m->found)
		return m;
	free(m);
	return NULL;
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	pcre2_match_data_free(matcher->found);
	free(matcher);
}

size_t matcher_given_up(const struct matcher *matcher)
{
	return matcher->given_up;
}

static bool find_text(const struct finder *f, const char *text, size_t len,
		      size_t *at, size_t *size)
{
	const char *hit = memmem(text, len, f->text, f->len);

	if (!hit)
		return false;
	*at = (size_t)(hit - text);
	*size = f->len;
	return true;
}

/* The number of a match or an error.  The compiled code has little room for
 * what it must remember; with more of it, in the heap, it goes slowly. */
static int match(struct matcher *m, const char *text, size_t len)
{
	const struct finder *f = m->finder;
	PCRE2_SPTR s = (PCRE2_SPTR)text;
	int said = PCRE2_ERROR_JIT_STACKLIMIT;

	if (f->jit)
		said = pcre2_jit_match(f->code, s, len, 0, 0, m->found,
				       f->limits);
	if (said == PCRE2_ERROR_JIT_STACKLIMIT)
		said = pcre2_match(f->code, s, len, 0, PCRE2_NO_JIT, m->found,
				   f->limits);
	return said;
}

bool matcher_find(struct matcher *m, const char *text, size_t len, size_t *at,
		  size_t *size)
{
	const PCRE2_SIZE *where;
	int said;

	if (m->finder->exact)
		return find_text(m->finder, text, len, at, size);
	said = match(m, text ? text : "", len);
	/* 0: a match, with groups that there is no room for. */
	if (said < 0) {
		m->given_up += said != PCRE2_ERROR_NOMATCH;
		return false;
	}
	where = pcre2_get_ovector_pointer(m->found);
	*at = where[0];
	*size = where[1] > where[0] ? where[1] - where[0] : 0;
	return true;
}

bool finder_cell(const struct finder *finder, const char *text, size_t len)
{
	struct matcher *m = matcher_new(finder);
	size_t at, size;
	bool found = m && matcher_find(m, text, len, &at, &size);

	matcher_free(m);
	return found;
}
