/*
 * fuzz-input.c - any bytes as a file, packed or not, in any encoding
 *
 * It opens or is refused with a reason.  While it is filled its bytes only get
 * more, and it ends.  What was recoded is UTF-8, what was not is the file
 * itself.  Packed, it is the same text; and recoded in small pieces it is what
 * it is in one.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "data/input.h"
#include "data/recode.h"
#include "data/unpack.h"

/* A few bytes may be packed zeros without end. */
enum { TEXT_MAX = 4 << 20 };

static const char *const encodings[] = {
	"auto", "utf-8", "utf-16", "utf-16le", "gb18030", "latin1",
	"shift_jis", "big5", "utf-16be", "utf-32", "euc-jp", "euc-kr",
	"iso-2022-jp", "utf-7", "windows-1251", "big5-hkscs", "cp932",
	"iso-2022-kr", "ucs-2", "ibm437",
};

struct text {
	char *bytes;		/* owned */
	size_t n;
};

/* ---- what is UTF-8 ---- */

/* The bytes of the character there; 0 when it is none. */
static size_t character(const uint8_t *s, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *s < 0x80 ? 1 : *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : 2;
	uint32_t c = n == 1 ? *s : *s & (0x7fu >> n);

	if (n > left || (*s >= 0x80 && *s < 0xc0))
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)
	       ? 0 : n;
}

static bool is_utf8(const struct text *text)
{
	const uint8_t *s = (const uint8_t *)text->bytes;
	size_t n = 1;

	for (size_t i = 0; i < text->n && n > 0; i += n)
		n = character(s + i, text->n - i);
	return n > 0;
}

/* ---- a file ---- */

static void check_error(const struct err *err)
{
	must(err->code != ERR_NONE && *err->text, "an error says why");
	must(!strchr(err->text, '\n'), "in one line");
}

/* False when it is broken, or too long for a test. */
static bool fill(struct input *in)
{
	struct err err = { 0 };
	uint64_t before;
	bool good = true;

	must(input_start(in) <= input_bytes(in), "it begins within its bytes");
	while (!input_complete(in) && input_bytes(in) < TEXT_MAX) {
		before = input_bytes(in);
		good = input_fill(in, NULL, &err);
		must(input_bytes(in) >= before, "bytes only get more");
		must(good || input_complete(in), "what broke is complete");
	}
	if (!good)
		check_error(&err);
	return good && input_complete(in);
}

static struct text text_of(const struct input *in)
{
	uint64_t start = input_start(in);
	struct text text = { .n = (size_t)(input_bytes(in) - start) };

	text.bytes = mem_new(text.n + 1);
	must(pread(input_fd(in), text.bytes, text.n, (off_t)start) ==
	     (ssize_t)text.n, "the bytes are there");
	return text;
}

static void check_told(const struct input *in)
{
	must(*input_encoding(in), "the encoding has a name");
	must(input_sure(in) >= 0 && input_sure(in) <= 1 && input_why(in),
	     "it is known how sure that is, and why");
	must(input_part(in) <= 1, "no more is done than there is");
}

/* The text of a file in memory, when it opens and is whole. */
static bool read_text(const struct text *file, const char *encoding,
		      struct text *text)
{
	char path[FILE_PATH];
	int fd = file_of(file->bytes, file->n, 1, path);
	struct err err = { 0 };
	struct input *in = input_open(path, encoding, &err);
	bool whole = in && fill(in);

	*text = (struct text){ 0 };
	if (in) {
		check_told(in);
		*text = text_of(in);
		if (strcmp(input_encoding(in), "UTF-8"))
			must(is_utf8(text), "what was recoded is UTF-8");
		else if (!input_packing(in))
			must(text->n <= file->n &&
			     !memcmp(text->bytes,
				     file->bytes + (file->n - text->n),
				     text->n), "UTF-8 stays as it is");
	} else {
		check_error(&err);
	}
	input_close(in);
	close(fd);
	return whole;
}

/* ---- the same, packed ---- */

static struct text gzip(const struct text *text)
{
	struct text packed = { .n = text->n + 1024 };
	z_stream z = { 0 };

	packed.bytes = mem_new(packed.n);
	must(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8,
			  Z_DEFAULT_STRATEGY) == Z_OK, "gzip begins");
	z.next_in = (Bytef *)text->bytes;
	z.avail_in = (uInt)text->n;
	z.next_out = (Bytef *)packed.bytes;
	z.avail_out = (uInt)packed.n;
	must(deflate(&z, Z_FINISH) == Z_STREAM_END, "gzip ends");
	packed.n = z.total_out;
	deflateEnd(&z);
	return packed;
}

static struct text zstd(const struct text *text)
{
	struct text packed = { .n = ZSTD_compressBound(text->n) };

	packed.bytes = mem_new(packed.n);
	packed.n = ZSTD_compress(packed.bytes, packed.n, text->bytes, text->n,
				 1);
	must(!ZSTD_isError(packed.n), "zstd packs it");
	return packed;
}

static void check_packed(const struct text *packed, const char *encoding,
			 bool opened, const struct text *want)
{
	struct text text;

	must(read_text(packed, encoding, &text) == opened,
	     "packed, it is taken as well or not");
	must(text.n == want->n && (!text.n || !memcmp(text.bytes, want->bytes,
						      text.n)),
	     "packed, it is the same text");
	free(text.bytes);
	free(packed->bytes);
}

/* ---- the same, in pieces ---- */

static struct text recode(const struct text *file, const char *encoding,
			  size_t piece, size_t room, uint64_t *replaced)
{
	struct recode *r = recode_new(encoding);
	struct text text = { 0 };
	const char *next = file->bytes, *all = next + file->n, *end = next;
	char *part = mem_new(room);
	size_t n;

	must(r != NULL, "iconv knows the encoding");
	do {
		end = piece < (size_t)(all - end) ? end + piece : all;
		while ((n = recode_some(r, &next, end, end == all, part,
					room))) {
			text.bytes = realloc(text.bytes, text.n + n);
			must(text.bytes != NULL, "there is memory");
			memcpy(text.bytes + text.n, part, n);
			text.n += n;
		}
	} while (end < all);
	must(next == all, "nothing is left");
	*replaced = recode_replaced(r);
	recode_free(r);
	free(part);
	return text;
}

/* Where letters depend on what was before them, what is wrong may be replaced
 * by one sign or by two. */
static bool has_states(const char *encoding)
{
	return !strcmp(encoding, "utf-7") || !strncmp(encoding, "iso-2022", 8);
}

static void check_pieces(const struct text *file, const char *encoding,
			 size_t piece, size_t room)
{
	uint64_t replaced, in_pieces;
	struct text one, many;

	if (has_states(encoding))
		return;
	one = recode(file, encoding, file->n + 1, 65536, &replaced);
	many = recode(file, encoding, piece, room, &in_pieces);
	must(is_utf8(&one), "what is recoded is UTF-8");
	must(one.n == many.n && (!one.n || !memcmp(one.bytes, many.bytes,
						   one.n)),
	     "in pieces it is the same");
	must(replaced == in_pieces, "as much is replaced");
	free(one.bytes);
	free(many.bytes);
}

/* ---- the target ---- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned i = input_choice(&in, ARRAY_LEN(encodings));
	size_t piece = 1 + input_choice(&in, 64);
	size_t room = RECODE_ROOM + input_choice(&in, 64);
	struct text file = { (char *)in.at, in.left }, text, packed;
	bool opened = read_text(&file, encodings[i], &text);

	/* What is packed already would be unpacked only once. */
	if (!unpack_kind(file.bytes, file.n)) {
		packed = gzip(&file);
		check_packed(&packed, encodings[i], opened, &text);
		packed = zstd(&file);
		check_packed(&packed, encodings[i], opened, &text);
	}
	if (i > 1)
		check_pieces(&file, encodings[i], piece, room);
	free(text.bytes);
	return 0;
}
