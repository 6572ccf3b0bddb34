#include "data/encoding.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/recode.h"

static const char utf8[] = "UTF-8", western[] = "WINDOWS-1252";

/* What a name means where it is used: more than its standard says. */
static const struct {
	const char *name, *meant;
} meanings[] = {
	{ "UTF8", utf8 },
	{ "ASCII", utf8 },
	{ "US-ASCII", utf8 },
	{ "GBK", "GB18030" },
	{ "GB2312", "GB18030" },
	{ "CP936", "GB18030" },
	{ "EUC-CN", "GB18030" },
	{ "LATIN1", western },
	{ "LATIN-1", western },
	{ "ISO-8859-1", western },
	{ "SHIFT_JIS", "CP932" },
	{ "SHIFT-JIS", "CP932" },
	{ "SJIS", "CP932" },
	{ "EUC-KR", "UHC" },
};

/* How some files that are no text begin, and what to do with them. */
static const struct {
	const char *bytes;
	size_t n;
	const char *is;
} no_text[] = {
	{ "PK\3\4", 4, "a zip archive or an Excel workbook: take the CSV out "
		       "of it, or save it as CSV" },
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8,
	  "an old Excel workbook: save it as CSV" },
	{ "\xfd" "7zXZ\0", 6, "packed with xz: unpack it first" },
	{ "BZh91AY&SY", 10, "packed with bzip2: unpack it first" },
	{ "PAR1", 4, "a Parquet file: export it as CSV" },
	{ "SQLite format 3\0", 16, "an SQLite database: export it as CSV" },
	{ "%PDF-", 5, "a PDF: export the table in it as CSV" },
};

static bool begins(const char *sample, size_t n, const char *with, size_t len)
{
	return n >= len && !memcmp(sample, with, len);
}

static void found(struct encoding *e, const char *name, double sure,
		  const char *why)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(meanings); i++)
		if (!strcasecmp(name, meanings[i].name))
			name = meanings[i].meant;
	for (i = 0; name[i] && i + 1 < sizeof(e->name); i++)
		e->name[i] = (char)toupper((unsigned char)name[i]);
	e->name[i] = '\0';
	e->sure = sure;
	e->why = why;
}

bool encoding_is_utf8(const struct encoding *e)
{
	return !strcmp(e->name, utf8);
}

/*
 * Marks, and what shows by itself
 */

static bool find_mark(struct encoding *e, const char *s, size_t n)
{
	static const char why[] = "byte order mark";

	if (begins(s, n, "\xef\xbb\xbf", 3))
		found(e, utf8, 1, why);
	else if (begins(s, n, "\xff\xfe", 2))
		found(e, "UTF-16LE", 1, why);
	else if (begins(s, n, "\xfe\xff", 2))
		found(e, "UTF-16BE", 1, why);
	else if (begins(s, n, "\x84\x31\x95\x33", 4))
		found(e, "GB18030", 1, why);
	else
		return false;
	return true;
}

static bool is_end(char c)
{
	return c == '\n' || c == '\r';
}

/*
 * UTF-16 without a mark: the ASCII in it, of which CSV has much, has its NULs
 * all on the one side, and the ends of lines are among it.  Without lines
 * there may be hardly a NUL on the other side; with them there may, for the
 * Chinese "one" is 4E00.
 */
static bool is_utf16(const char *s, size_t n, size_t high)
{
	size_t units = n / 2, nuls = 0, wrong = 0, ends = 0, others = 0;

	for (size_t i = 0; i < units; i++) {
		char h = s[2 * i + high], l = s[2 * i + 1 - high];

		nuls += h == '\0';
		wrong += l == '\0';
		ends += h == '\0' && is_end(l);
		others += is_end(h) || (h != '\0' && is_end(l));
	}
	return nuls >= 2 && nuls >= units / 20 && others <= ends &&
	       (ends > 0 || wrong <= nuls / 100);
}

static bool find_utf16(struct encoding *e, const char *s, size_t n)
{
	static const char why[] = "NUL bytes as in UTF-16";

	if (is_utf16(s, n, 1))
		found(e, "UTF-16LE", 0.95, why);
	else if (is_utf16(s, n, 0))
		found(e, "UTF-16BE", 0.95, why);
	else
		return false;
	return true;
}

/* Programs that cut texts at so many bytes leave halves of characters behind:
 * a few among many do not make it anything else. */
static bool find_utf8(struct encoding *e, const char *s, size_t n, bool whole)
{
	size_t beyond = 0, wrong = 0;

	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = text_character(s + i, n - i, &c);
		bool good = len > 0 && (len <= n - i || !whole);

		wrong += !good;
		beyond += good && len > 1;
		i += good ? len : 1;
	}
	if (wrong > beyond / 20)
		return false;
	if (wrong > 0)
		found(e, utf8, 0.9, "nearly all that it begins with is valid "
		      "UTF-8");
	else
		found(e, utf8, 1, beyond ? "what it begins with is valid UTF-8"
		      : "it begins with nothing but ASCII");
	return true;
}

/*
 * Guesses
 */

/* Sequences of the sample that the encoding does not have; SIZE_MAX when
 * iconv does not know it. */
static size_t misfits(const char *encoding, const char *s, size_t n,
		      bool whole)
{
	struct recode *r = recode_new(encoding);
	char scratch[4096];
	const char *next = s;
	size_t wrong;

	if (!r)
		return SIZE_MAX;
	while (recode_some(r, &next, s + n, whole, scratch,
			   sizeof(scratch)) > 0)
		;
	wrong = (size_t)recode_replaced(r);
	recode_free(r);
	return wrong;
}

static bool is_multibyte(const char *encoding)
{
	return !strncmp(encoding, "GB", 2) || !strncmp(encoding, "BIG5", 4) ||
	       !strncmp(encoding, "EUC", 3) || !strcmp(encoding, "UHC") ||
	       !strcmp(encoding, "CP932") || !strcmp(encoding, "JOHAB");
}

/* The bytes beyond ASCII, for the two guesses that letter statistics get
 * wrong where there is little but numbers. */
struct high {
	size_t bytes;
	size_t western;		/* letters and signs of Western Europe */
	size_t odd;		/* runs of an odd length */
	size_t pairs, common;	/* of them, common in Chinese GB2312 */
};

static bool is_western(unsigned char c)
{
	static const char letters[] =
		"\xe4\xf6\xfc\xc4\xd6\xdc\xdf"		/* German */
		"\xe9\xe8\xe0\xe1\xe7\xf1\xea\xe2\xee\xf4\xf3\xed\xfa"
		"\xe5\xc5\xe6\xc6\xf8\xd8\xc9"
		"\xb0\xb5\xb2\xb3\xb1\xd7\xa7\x80"	/* degree ... euro */
		"\x84\x93\x94\x91\x92\x96";		/* quotes, dash */

	return memchr(letters, c, sizeof(letters) - 1) != NULL;
}

/* Rows 1 to 3 have signs, rows 16 to 55 the 3,755 most frequent hanzi. */
static bool is_common(unsigned char lead, unsigned char trail)
{
	return trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) ||
				 (lead >= 0xb0 && lead <= 0xd7));
}

static struct high look_at_high(const unsigned char *s, size_t n)
{
	struct high h = { 0 };

	for (size_t i = 0; i < n; i++) {
		size_t run = 0;

		for (; i + run < n && s[i + run] >= 0x80; run++) {
			const unsigned char *c = s + i + run;

			h.bytes++;
			h.western += is_western(*c);
			h.pairs += run % 2;
			h.common += run % 2 && is_common(c[-1], c[0]);
		}
		h.odd += run % 2 && i + run < n;
		i += run;
	}
	return h;
}

static bool looks_chinese(const struct high *h)
{
	return h->pairs > 0 && h->odd == 0 && h->common * 10 >= h->pairs * 9;
}

/* What uchardet takes it for, as iconv knows it, or "". */
static void ask_uchardet(struct encoding *e, const char *s, size_t n)
{
	uchardet_t u = uchardet_new();
	const char *name;

	e->name[0] = '\0';
	if (!u)
		return;
	if (uchardet_handle_data(u, s, n) == 0) {
		uchardet_data_end(u);
		name = uchardet_get_charset(u);
		if (*name)
			found(e, name, 0, NULL);
	}
	uchardet_delete(u);
}

static void guess(struct encoding *e, const char *s, size_t n, bool whole)
{
	static const char why[] = "guessed from letter statistics";
	struct high h = look_at_high((const unsigned char *)s, n);
	bool chinese = looks_chinese(&h), many = h.bytes >= 40, fits;

	if (!chinese && h.western == h.bytes) {
		found(e, western, 0.8, "guessed: all letters are of Western "
		      "Europe");
		return;
	}
	ask_uchardet(e, s, n);
	fits = e->name[0] && !encoding_is_utf8(e) &&
	       misfits(e->name, s, n, whole) <= h.bytes / 100;
	if (fits && is_multibyte(e->name))
		found(e, e->name, many ? 0.9 : 0.6, why);
	else if (chinese && misfits("GB18030", s, n, whole) <=
			    h.bytes / 100)
		found(e, "GB18030", many ? 0.9 : 0.6, "guessed: all letters "
		      "are pairs as in Chinese");
	else if (fits)
		found(e, e->name, many ? 0.6 : 0.4, why);
	else
		found(e, western, 0.2, "guessed, for want of a better answer");
}

/*
 * All of it
 */

static bool refuse(const char *s, size_t n, const char *file, struct err *err)
{
	if (begins(s, n, "\xff\xfe\0\0", 4) || begins(s, n, "\0\0\xfe\xff", 4))
		return err_set(err, ERR_DATA,
			       "%s is UTF-32: convert it to UTF-8 first", file);
	for (size_t i = 0; i < ARRAY_LEN(no_text); i++)
		if (begins(s, n, no_text[i].bytes, no_text[i].n))
			return err_set(err, ERR_DATA, "%s is %s", file,
				       no_text[i].is);
	return true;
}

/* UTF-16 alone does not say on which side the NULs are. */
static void choose_side(struct encoding *e, const char *s, size_t n)
{
	struct encoding seen;

	if (strcmp(e->name, "UTF-16") != 0 && strcmp(e->name, "UTF16") != 0)
		return;
	if ((find_mark(&seen, s, n) || find_utf16(&seen, s, n)) &&
	    !strncmp(seen.name, "UTF-16", 6))
		found(e, seen.name, 1, e->why);
	else
		found(e, "UTF-16LE", 1, e->why);
}

/* A slash would be an option of iconv, and its empty name the locale's. */
static bool find_named(struct encoding *e, const char *named, const char *s,
		       size_t n, struct err *err)
{
	struct recode *r = NULL;

	found(e, named, 1, "you said so");
	choose_side(e, s, n);
	if (*named && strlen(named) < ENCODING_NAME && !strchr(named, '/'))
		r = recode_new(e->name);
	if (!r)
		return err_set(err, ERR_USAGE, "there is no encoding '%.80s'; "
			       "some that there are: utf-8, utf-16le, gb18030, "
			       "big5, shift_jis, latin1, windows-1252", named);
	recode_free(r);
	return true;
}

bool encoding_find(struct encoding *e, const char *named, const char *s,
		   size_t n, bool whole, const char *file, struct err *err)
{
	if (strcasecmp(named, "auto") != 0)
		return find_named(e, named, s, n, err);
	if (!refuse(s, n, file, err))
		return false;
	if (!find_mark(e, s, n) && !find_utf16(e, s, n) &&
	    !find_utf8(e, s, n, whole))
		guess(e, s, n, whole);
	return true;
}
