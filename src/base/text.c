#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/ascii.h"
#include "base/mem.h"

/* ---- words of a command line ---- */

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Copy one word to out, without its quotes; returns where it ends. */
static const char *word_end(const char *s, char *out, char *open_quote)
{
	char quote = 0;

	for (; *s && (quote || !blank(*s)); s++) {
		if (quote && *s == quote)
			quote = 0;
		else if (!quote && (*s == '\'' || *s == '"'))
			quote = *s;
		else
			*out++ = *s;
	}
	*out = '\0';
	*open_quote = quote;
	return s;
}

static void add_word(struct words *words, char *word, size_t start)
{
	size_t n = words->n + 1;	/* there is always room for the NULL */

	words->word = mem_grow(words->word, n, sizeof(*words->word));
	words->start = mem_grow(words->start, n, sizeof(*words->start));
	words->word[words->n] = word;
	words->start[words->n] = start;
	words->word[++words->n] = NULL;
}

bool words_split(struct words *words, const char *line, struct err *err)
{
	const char *s = line;
	char quote;

	words->n = 0;
	words->word = mem_array(1, sizeof(*words->word));
	words->start = mem_array(1, sizeof(*words->start));
	for (;;) {
		const char *start;
		char *word;

		while (blank(*s))
			s++;
		if (!*s || *s == '#')
			return true;
		if (words->n == WORDS_MAX)
			return err_set(err, ERR_USAGE, "more than %d words",
				       WORDS_MAX);
		start = s;
		word = mem_new(strlen(s) + 1);
		s = word_end(s, word, &quote);
		add_word(words, word, (size_t)(start - line));
		if (quote)
			return err_set(err, ERR_USAGE,
				       "the quote %c is not closed", quote);
	}
}

void words_rest(struct words *words, const char *line)
{
	size_t name = strspn(line, " \t\r\n");
	size_t len = strcspn(line + name, " \t\r\n");
	size_t rest = name + len + strspn(line + name + len, " \t\r\n");

	words->n = 0;
	words->word = mem_array(1, sizeof(*words->word));
	words->start = mem_array(1, sizeof(*words->start));
	if (len > 0)
		add_word(words, mem_strndup(line + name, len), name);
	if (line[rest])
		add_word(words, mem_strdup(line + rest), rest);
}

void words_clear(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->word[i]);
	free(words->word);
	free(words->start);
	*words = (struct words){ 0 };
}

char *text_quote(const char *text)
{
	bool plain = *text && !strpbrk(text, " \t\r\n'\"#");
	const char *mark = strchr(text, '"') ? "'" : "\"";

	/* A text with both quotes: each stretch in the quote it lacks. */
	if (!plain && *mark == '\'' && strchr(text, '\'')) {
		char *all = mem_new(3 * strlen(text) + 1), *to = all;

		for (; *text; text++) {
			char q = *text == '"' ? '\'' : '"';

			*to++ = q;
			*to++ = *text;
			*to++ = q;
		}
		return all;
	}
	if (plain)
		return mem_strdup(text);
	return mem_printf("%s%s%s", mark, text, mark);
}

bool text_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t n = strcspn(list, " ");

		if (n == len && n > 0 && !strncmp(list, word, n))
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

void text_append(char *buf, size_t size, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, size - len, fmt, ap);
	va_end(ap);
}

/* ---- harmless text ---- */

size_t text_character(const char *text, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 :
		   s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	size_t there = n < len ? n : len;
	uint32_t low, high;

	if (n == 0)
		return 0;
	low = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < there; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		low = low << 6 | (s[i] & 0x3f);
	}
	/* What is cut off may be anything: low and high are its bounds. */
	low <<= 6 * (n - there);
	high = low | ((UINT32_C(1) << 6 * (n - there)) - 1);
	if (high < least[n] || low > 0x10ffff ||
	    (low >= 0xd800 && high < 0xe000))
		return 0;
	if (n <= len)
		*c = low;
	return n;
}

/* A whole character, or 0. */
static size_t decode(const char *s, size_t len, uint32_t *c)
{
	size_t n = text_character(s, len, c);

	return n > len ? 0 : n;
}

bool text_valid(const char *text, size_t len)
{
	uint32_t c;

	for (size_t i = 0, n; i < len; i += n) {
		n = decode(text + i, len - i, &c);
		if (n == 0)
			return false;
	}
	return true;
}

static size_t encode(uint32_t c, char *to)
{
	static const unsigned char mark[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)(n == 1 ? c : mark[n] | c);
	return n;
}

/* Marks that turn the direction of the text around them. */
static bool turns_text(uint32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static uint32_t harmless(uint32_t c)
{
	if (c < 0x20)
		return 0x2400 + c;	/* the picture of that control */
	if (c == 0x7f)
		return 0x2421;
	if ((c >= 0x80 && c < 0xa0) || turns_text(c) || c == 0x2028 ||
	    c == 0x2029 || c == 0xfeff)
		return 0xfffd;
	return c;
}

char *text_safe(char *to, size_t size, const char *from, size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len; ) {
		uint32_t c = 0xfffd;
		size_t n = decode(from + i, len - i, &c);
		char utf8[4];
		size_t m = encode(n ? harmless(c) : 0xfffd, utf8);

		if (out + m >= size)
			break;
		memcpy(to + out, utf8, m);
		out += m;
		i += n ? n : 1;
	}
	to[out] = '\0';
	return to;
}

char *text_safe_dup(const char *from)
{
	size_t len = strlen(from);
	char *to = mem_new(3 * len + 1);

	return text_safe(to, 3 * len + 1, from, len);
}

/* ---- widths ---- */

/* A character that the locale does not know still takes its place. */
static size_t columns_of(uint32_t c)
{
	int w = wcwidth((wchar_t)c);

	return w < 0 ? 1 : (size_t)w;
}

size_t text_fit(const char *text, size_t columns, size_t *used)
{
	size_t len = strlen(text), i = 0, width = 0;

	while (i < len) {
		uint32_t c = 0xfffd;
		size_t n = decode(text + i, len - i, &c), w = columns_of(c);

		if (width + w > columns)
			break;
		width += w;
		i += n ? n : 1;
	}
	if (used)
		*used = width;
	return i;
}

size_t text_line(const char *text, size_t columns)
{
	size_t fits = text_fit(text, columns, NULL), blank = fits;

	if (!text[fits])
		return fits;
	while (blank > 0 && text[blank] != ' ')
		blank--;
	return blank ? blank : fits;
}

size_t text_width(const char *text)
{
	size_t width;

	text_fit(text, SIZE_MAX / 2, &width);
	return width;
}

char *text_count(char to[COUNT_TEXT], size_t n)
{
	char plain[COUNT_TEXT];
	size_t len = (size_t)snprintf(plain, sizeof(plain), "%zu", n), out = 0;

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			to[out++] = ',';
		to[out++] = plain[i];
	}
	to[out] = '\0';
	return to;
}

/* ---- did you mean ---- */

enum { NEAR_MAX = 64 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
	return ascii_lower(a) == ascii_lower(b);
}

/* Damerau (1964), Levenshtein (1966): changes that make a of b. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t d[NEAR_MAX + 1][NEAR_MAX + 1];

	for (size_t i = 0; i <= n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			bool other = !same_letter(a[i - 1], b[j - 1]);
			size_t longer = least(d[i - 1][j], d[i][j - 1]) + 1;

			d[i][j] = least(d[i - 1][j - 1] + other, longer);
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[n][m];
}

/* "speed" begins a word of "Rotational speed [rpm]"; _ stands for a blank. */
static bool begins_word(const char *name, const char *candidate)
{
	for (const char *at = candidate; *at; at++) {
		size_t i = 0;

		if (at > candidate && (ascii_letter(at[-1]) ||
				       ascii_beyond(at[-1])))
			continue;
		while (name[i] && (same_letter(name[i], at[i]) ||
				   (name[i] == '_' && at[i] == ' ')))
			i++;
		if (!name[i])
			return true;
	}
	return false;
}

/* In how many letters a name of so many may be wrong. */
static size_t most_wrong(size_t len)
{
	return len < 5 ? 1 : len / 3 + 1;
}

const char *text_nearest(const char *name, const char *const *candidate,
			 size_t n)
{
	size_t len = strlen(name), best = most_wrong(len) + 1;
	const char *nearest = NULL;

	if (len > NEAR_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t m = strlen(candidate[i]), far;

		if (m > NEAR_MAX)
			continue;
		far = distance(name, len, candidate[i], m);
		if (far < best && far < len) {
			best = far;
			nearest = candidate[i];
		}
	}
	for (size_t i = 0; i < n && best > 1 && len >= 3; i++)
		if (begins_word(name, candidate[i]))
			return candidate[i];
	return nearest;
}
