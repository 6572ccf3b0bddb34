/*
 * test-input.c - bytes of a file as UTF-8: encodings, packing, pipes
 */
#include "data/input.h"

#include <fcntl.h>
#include <iconv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "data/recode.h"
#include "data/unpack.h"

static struct err err;

/*
 * Bytes and files of them
 */

struct bytes {
	char *p;		/* owned */
	size_t n, room;
};

static void add(struct bytes *b, const char *p, size_t n)
{
	if (b->room <= b->n + n) {
		b->room = 2 * (b->n + n + 1);
		b->p = realloc(b->p, b->room);
		assert_non_null(b->p);
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

static void clear(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){ 0 };
}

/* The UTF-8 text as often as it takes to have at least n bytes. */
static struct bytes many(const char *text, size_t n)
{
	struct bytes b = { 0 };

	do
		add(&b, text, strlen(text));
	while (b.n < n);
	return b;
}

static struct bytes in_encoding(const char *encoding, const struct bytes *utf8)
{
	iconv_t cd = iconv_open(encoding, "UTF-8");
	struct bytes b = { 0 };
	char *in = utf8->p;
	size_t left = utf8->n;

	assert_true(cd != (iconv_t)-1);
	while (left > 0) {
		char out[1000], *to = out;
		size_t room = sizeof(out);
		size_t before = left;

		iconv(cd, &in, &left, &to, &room);
		assert_true(left < before);
		add(&b, out, sizeof(out) - room);
	}
	iconv_close(cd);
	return b;
}

static struct bytes gzipped(const char *p, size_t n)
{
	struct bytes b = { .n = n + 1000 };
	z_stream z = { 0 };

	b.p = mem_new(b.n);
	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8,
				      Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)p;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)b.p;
	z.avail_out = (uInt)b.n;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	b.n -= z.avail_out;
	deflateEnd(&z);
	return b;
}

static struct bytes zstded(const char *p, size_t n)
{
	struct bytes b = { .n = ZSTD_compressBound(n) };
	ZSTD_CCtx *z = ZSTD_createCCtx();

	b.p = mem_new(b.n);
	assert_non_null(z);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	b.n = ZSTD_compress2(z, b.p, b.n, p, n);
	assert_false(ZSTD_isError(b.n));
	ZSTD_freeCCtx(z);
	return b;
}

static char path[] = "/tmp/gemba-test-XXXXXX";

static void write_file(const char *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	close(fd);
}

static struct input *open_bytes(const char *p, size_t n, const char *encoding)
{
	struct input *in;

	write_file(p, n);
	err = (struct err){ 0 };
	in = input_open(path, encoding, &err);
	if (!in)
		fail_msg("%s", err.text);
	return in;
}

static void fill_all(struct input *in)
{
	while (!input_complete(in))
		if (!input_fill(in, NULL, &err))
			fail_msg("%s", err.text);
	assert_true(input_part(in) == 1);
}

/* What can be read by now. */
static struct bytes text_of(const struct input *in)
{
	struct bytes b = { .n = input_bytes(in) - input_start(in) };

	b.p = mem_new(b.n + 1);
	assert_int_equal(pread(input_fd(in), b.p, b.n,
			       (off_t)input_start(in)), b.n);
	return b;
}

static void assert_text(const struct input *in, const char *p, size_t n)
{
	struct bytes b = text_of(in);

	assert_int_equal(b.n, n);
	assert_memory_equal(b.p, p, n);
	clear(&b);
}

/* These bytes are this text; returns the input for more to be asked of. */
static struct input *assert_input(const char *p, size_t n,
				  const char *encoding, const char *text,
				  size_t len)
{
	struct input *in = open_bytes(p, n, encoding);

	fill_all(in);
	assert_text(in, text, len);
	return in;
}

static void refuses(const char *name, const char *encoding, const char *says)
{
	struct input *in = input_open(name, encoding, &err);

	assert_null(in);
	if (!strstr(err.text, says))
		fail_msg("\"%s\" is not in: %s", says, err.text);
}

static void refuses_bytes(const char *p, size_t n, const char *says)
{
	write_file(p, n);
	refuses(path, "auto", says);
}

static const char chinese[] = "企业,地区,产品质量\n";
static const char chinese_row[] = "7,华东地区,合格\n";
static const char german[] = "Stückzahl;Maß;Gerät;Grad °C\n"
			     "7;0,5;Fräse für große Öfen;3\n";

/*
 * Plain files
 */

static void a_file_of_utf8_is_read_where_it_lies(void **state)
{
	struct stat a, b;
	struct input *in;

	(void)state;
	in = open_bytes(chinese, strlen(chinese), "auto");
	assert_true(input_complete(in));
	assert_true(input_fill(in, NULL, &err));
	assert_int_equal(stat(path, &a), 0);
	assert_int_equal(fstat(input_fd(in), &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	assert_text(in, chinese, strlen(chinese));
	assert_string_equal(input_encoding(in), "UTF-8");
	assert_true(input_sure(in) == 1);
	assert_null(input_packing(in));
	input_close(in);
	in = open_bytes("a,b\n", 4, NULL);
	assert_string_equal(input_encoding(in), "UTF-8");
	assert_true(input_sure(in) == 1);
	input_close(in);
}

static void what_is_no_utf8_far_down_stays_as_it_is(void **state)
{
	struct bytes b = many("a,b\n", 100000);
	struct input *in;

	(void)state;
	add(&b, "x,\xfc\n", 4);
	in = assert_input(b.p, b.n, "auto", b.p, b.n);
	assert_string_equal(input_encoding(in), "UTF-8");
	input_close(in);
	clear(&b);
}

/* 65536 is no multiple of 3: the last character of the sample is cut. */
static void a_sample_may_end_within_a_character(void **state)
{
	struct bytes b = many("企", 100000);
	struct input *in;

	(void)state;
	in = assert_input(b.p, b.n, "auto", b.p, b.n);
	assert_string_equal(input_encoding(in), "UTF-8");
	input_close(in);
	/* But the last of a file may not. */
	in = open_bytes("\xe4\xbc\x81,\xe4\xbc", 6, "auto");
	assert_string_not_equal(input_encoding(in), "UTF-8");
	input_close(in);
	clear(&b);
}

/* As left by a program that cuts texts at so many bytes. */
static void half_a_character_among_many_leaves_it_utf8(void **state)
{
	struct bytes b = many(chinese_row, 1000);
	struct input *in;

	(void)state;
	add(&b, "8,\xe5\x8d\n", 5);
	in = assert_input(b.p, b.n, "auto", b.p, b.n);
	assert_string_equal(input_encoding(in), "UTF-8");
	assert_true(input_sure(in) < 1);
	input_close(in);
	clear(&b);
}

static void what_cannot_be_opened_says_why(void **state)
{
	(void)state;
	refuses("/tmp", "auto", "/tmp is a directory");
	refuses("/nothere", "auto", "cannot open /nothere: No such file");
	refuses("/dev/null", "auto", "/dev/null is a device, not a file");
	refuses_bytes("", 0, "is empty");
	refuses_bytes("\xff\xfe\0\0a\0\0\0", 8, "is UTF-32");
	refuses_bytes("\0\0\xfe\xff\0\0\0a", 8, "is UTF-32");
	refuses_bytes("PK\3\4rest", 8, "Excel");
}

static void a_file_of_proc_has_no_size_and_is_read(void **state)
{
	struct input *in = input_open("/proc/self/status", "auto", &err);
	struct bytes b;

	(void)state;
	assert_non_null(in);
	fill_all(in);
	b = text_of(in);
	assert_non_null(strstr(b.p, "Name:"));
	clear(&b);
	input_close(in);
}

/*
 * Encodings
 */

static void assert_mark(const char *mark, size_t len, const char *encoding)
{
	struct bytes utf8 = many(chinese, 1), b = { 0 }, text;
	struct input *in;

	text = in_encoding(encoding, &utf8);
	add(&b, mark, len);
	add(&b, text.p, text.n);
	in = assert_input(b.p, b.n, "auto", utf8.p, utf8.n);
	assert_string_equal(input_encoding(in), encoding);
	assert_string_equal(input_why(in), "byte order mark");
	assert_true(input_sure(in) == 1);
	input_close(in);
	/* Nor is it text for who names the encoding. */
	input_close(assert_input(b.p, b.n, encoding, utf8.p, utf8.n));
	clear(&utf8);
	clear(&text);
	clear(&b);
}

static void byte_order_marks_are_believed_and_stepped_over(void **state)
{
	(void)state;
	assert_mark("\xef\xbb\xbf", 3, "UTF-8");
	assert_mark("\xff\xfe", 2, "UTF-16LE");
	assert_mark("\xfe\xff", 2, "UTF-16BE");
	assert_mark("\x84\x31\x95\x33", 4, "GB18030");
}

/* The text in an encoding, a large file of it and a small one, is found to be
 * in what is expected, and read. */
static void assert_found(const char *encoding, const char *text,
			 const char *expected)
{
	for (size_t n = 1; n < 400000; n += 300000) {
		struct bytes utf8 = many(text, n);
		struct bytes b = in_encoding(encoding, &utf8);
		struct input *in = open_bytes(b.p, b.n, "auto");

		if (strcmp(input_encoding(in), expected) != 0)
			fail_msg("%s of %zu bytes: %s, not %s", encoding, b.n,
				 input_encoding(in), expected);
		fill_all(in);
		assert_text(in, utf8.p, utf8.n);
		assert_int_equal(input_replaced(in), 0);
		assert_true(input_sure(in) > 0.3 && input_sure(in) < 1);
		input_close(in);
		clear(&utf8);
		clear(&b);
	}
}

static void encodings_are_found(void **state)
{
	(void)state;
	assert_found("GBK", chinese, "GB18030");
	/* 𠀀 and ö have four bytes in GB18030. */
	assert_found("GB18030", "企业,地区,产品质量,𠀀,ö\n7,合格\n",
		     "GB18030");
	assert_found("BIG5", "企業編號,地區,設備利用率,是否高效\n1,臺北\n",
		     "BIG5");
	assert_found("SHIFT_JIS", "企業番号,地域,備考\n1,関東,異常なし・テスト済み\n",
		     "CP932");
	assert_found("EUC-JP", "企業番号,地域,備考\n1,関東,異常なし・テスト済み\n",
		     "EUC-JP");
	assert_found("EUC-KR", "기업번호,지역,설비이용률\n1,서울,정상\n", "UHC");
	assert_found("ISO-8859-1", german, "WINDOWS-1252");
	assert_found("WINDOWS-1252", "Preis in €;„Stück“\n7;ja\n",
		     "WINDOWS-1252");
	assert_found("WINDOWS-1251", "номер,регион,смена,качество\n"
		     "1,Москва,первая,хорошее\n", "WINDOWS-1251");
}

static void utf_16_is_found_without_a_mark(void **state)
{
	(void)state;
	assert_found("UTF-16LE", chinese, "UTF-16LE");
	assert_found("UTF-16BE", chinese, "UTF-16BE");
	assert_found("UTF-16LE", german, "UTF-16LE");
	assert_found("UTF-16LE", "一,一一一\n", "UTF-16LE");
	assert_found("UTF-16BE", "𠀀,x\r\n1,2\r\n", "UTF-16BE");
}

/* Much else than letters is in plant data. */
static void few_letters_among_numbers_are_enough(void **state)
{
	struct bytes utf8, b;
	struct input *in;

	(void)state;
	assert_found("GBK", "编号,x\n1,2\n", "GB18030");
	assert_found("ISO-8859-1", "Stück;a\n1;2\n", "WINDOWS-1252");
	assert_found("ISO-8859-1", "id,°C\n1,2\n", "WINDOWS-1252");
	utf8 = many("id,温度\n", 1);
	for (int i = 0; i < 1000; i++)
		add(&utf8, "12,0.5\n", 7);
	b = in_encoding("GBK", &utf8);
	in = assert_input(b.p, b.n, "auto", utf8.p, utf8.n);
	assert_string_equal(input_encoding(in), "GB18030");
	input_close(in);
	clear(&utf8);
	clear(&b);
}

static void nul_characters_are_not_utf_16(void **state)
{
	struct input *in;

	(void)state;
	in = assert_input("a\0b,c\nd\0e,f\n", 12, "auto",
			  "a\0b,c\nd\0e,f\n", 12);
	assert_string_equal(input_encoding(in), "UTF-8");
	input_close(in);
	in = assert_input("a\0b,\xfc\n", 6, "latin1", "a\0b,ü\n", 7);
	input_close(in);
}

static void the_user_has_the_last_word(void **state)
{
	struct input *in;

	(void)state;
	in = assert_input("\xc3\xbc\n", 3, "latin1", "Ã¼\n", 5);
	assert_string_equal(input_encoding(in), "WINDOWS-1252");
	assert_true(input_sure(in) == 1);
	input_close(in);
	in = assert_input("\xfc\n", 2, "utf-8", "\xfc\n", 2);
	assert_true(input_complete(in));
	input_close(in);
	in = assert_input("a\0\n\0", 4, "utf-16", "a\n", 2);
	input_close(in);
	in = assert_input("\xfe\xff\0a\0\n", 6, "utf-16", "a\n", 2);
	input_close(in);
	in = assert_input("\xb1\xe0\n", 3, "gb2312", "编\n", 4);
	input_close(in);
}

static void an_unknown_encoding_is_refused_with_some_that_are_not(void **state)
{
	(void)state;
	write_file("a\n", 2);
	refuses(path, "klingon", "there is no encoding 'klingon'");
	refuses(path, "klingon", "gb18030");
	refuses(path, "", "there is no encoding ''");
	refuses(path, "latin1//IGNORE", "there is no encoding");
	refuses(path, "a-name-that-is-longer-than-all-the-names-there-are",
		"there is no encoding");
}

static void what_the_encoding_does_not_have_is_replaced(void **state)
{
	struct input *in;

	(void)state;
	in = assert_input("\xb1\xe0,\xff,\xff\n", 7, "gbk",
			  "编,\xef\xbf\xbd,\xef\xbf\xbd\n", 12);
	assert_int_equal(input_replaced(in), 2);
	input_close(in);
	/* A character that the end cuts; a lone surrogate; half a unit. */
	in = assert_input("a\n\xb1", 3, "gbk", "a\n\xef\xbf\xbd", 5);
	assert_int_equal(input_replaced(in), 1);
	input_close(in);
	in = assert_input("a\0\0\xdcz\0\n\0b", 9, "utf-16le",
			  "a\xef\xbf\xbdz\n\xef\xbf\xbd", 9);
	assert_int_equal(input_replaced(in), 2);
	input_close(in);
}

/* Pieces of every size, into the least room there may be. */
static void characters_may_be_split_anywhere(void **state)
{
	static const char *const encodings[] = {
		"GB18030", "UTF-16LE", "UTF-16BE", "CP932", "EUC-JP", "UHC"
	};
	struct bytes utf8 = many("a企\n業,の業a,企", 40);

	(void)state;
	for (size_t e = 0; e < ARRAY_LEN(encodings); e++) {
		struct bytes b = in_encoding(encodings[e], &utf8);

		for (size_t size = 1; size <= b.n; size++) {
			struct recode *r = recode_new(encodings[e]);
			struct bytes got = { 0 };
			const char *next = b.p, *end = b.p;
			char out[RECODE_ROOM];
			size_t n;

			while (end < b.p + b.n || next < end) {
				end = (size_t)(b.p + b.n - end) < size
				    ? b.p + b.n : end + size;
				while ((n = recode_some(r, &next, end,
							end == b.p + b.n, out,
							sizeof(out))) > 0)
					add(&got, out, n);
			}
			assert_int_equal(got.n, utf8.n);
			assert_memory_equal(got.p, utf8.p, utf8.n);
			assert_int_equal(recode_replaced(r), 0);
			recode_free(r);
			clear(&got);
		}
		clear(&b);
	}
	clear(&utf8);
}

/*
 * Packing
 */

typedef struct bytes pack_fn(const char *p, size_t n);

static void assert_packed(pack_fn *pack, const char *kind)
{
	struct bytes utf8 = many(chinese_row, 500000);
	struct bytes utf16 = in_encoding("UTF-16LE", &utf8);
	struct bytes b = pack(utf8.p, utf8.n), more = pack("x\n", 2);
	struct input *in;

	in = assert_input(b.p, b.n, "auto", utf8.p, utf8.n);
	assert_string_equal(input_packing(in), kind);
	assert_string_equal(input_encoding(in), "UTF-8");
	input_close(in);
	/* Two, one behind the other, are one. */
	add(&b, more.p, more.n);
	add(&utf8, "x\n", 2);
	input_close(assert_input(b.p, b.n, "auto", utf8.p, utf8.n));
	utf8.n -= 2;
	clear(&b);
	b = pack(utf16.p, utf16.n);
	in = assert_input(b.p, b.n, "auto", utf8.p, utf8.n);
	assert_string_equal(input_encoding(in), "UTF-16LE");
	input_close(in);
	clear(&b);
	b = pack("", 0);
	refuses_bytes(b.p, b.n, "is empty");
	clear(&b);
	clear(&more);
	clear(&utf8);
	clear(&utf16);
}

static void gzip_and_zstd_are_unpacked(void **state)
{
	(void)state;
	assert_packed(gzipped, "gzip");
	assert_packed(zstded, "zstd");
}

static void zeros_and_frames_to_be_skipped_are_no_damage(void **state)
{
	struct bytes b = gzipped("a\n", 2), z = { 0 }, frame;

	(void)state;
	add(&b, "\0\0\0\0\0", 5);
	input_close(assert_input(b.p, b.n, "auto", "a\n", 2));
	add(&z, "\x50\x2a\x4d\x18\3\0\0\0abc", 11);
	frame = zstded("a\n", 2);
	add(&z, frame.p, frame.n);
	input_close(assert_input(z.p, z.n, "auto", "a\n", 2));
	clear(&b);
	clear(&z);
	clear(&frame);
}

/* It opens, gives what could be unpacked of text, and says what is wrong. */
static void assert_broken(const struct bytes *b, const struct bytes *text,
			  size_t sound, const char *says)
{
	struct input *in = open_bytes(b->p, b->n, "auto");
	struct bytes got;

	assert_false(input_complete(in));
	while (input_fill(in, NULL, &err))
		assert_false(input_complete(in));
	assert_true(input_complete(in));
	assert_int_equal(err.code, ERR_DATA);
	assert_non_null(strstr(err.text, path));
	if (!strstr(err.text, says))
		fail_msg("\"%s\" is not in: %s", says, err.text);
	got = text_of(in);
	assert_true(got.n > 0 && got.n <= text->n);
	/* A flipped bit may be found out only behind some wrong letters. */
	assert_memory_equal(got.p, text->p,
			    got.n < sound ? got.n : sound);
	/* It is told again. */
	assert_false(input_fill(in, NULL, &err));
	clear(&got);
	input_close(in);
}

/* Rows that do not pack too well. */
static struct bytes some_rows(size_t rows)
{
	struct bytes b = { 0 };
	uint32_t x = 1;

	for (size_t i = 0; i < rows; i++) {
		char row[64];

		x = x * 1664525u + 1013904223u;
		snprintf(row, sizeof(row), "%zu,%u,合格\n", i, x);
		add(&b, row, strlen(row));
	}
	return b;
}

static void assert_breaks(pack_fn *pack)
{
	struct bytes text = some_rows(20000), b = pack(text.p, text.n);
	struct bytes cut = b;
	char byte[80];

	for (size_t n = b.n - 1; n > b.n / 2; n -= b.n / 7) {
		cut.n = n;
		snprintf(byte, sizeof(byte), "is cut off: its %s breaks off "
			 "at byte %zu;", pack == gzipped ? "gzip" : "zstd", n);
		assert_broken(&cut, &text, text.n, byte);
	}
	b.p[b.n * 3 / 4] ^= 0x55;
	b.p[b.n * 3 / 4 + 1] ^= 0x55;
	assert_broken(&b, &text, text.n / 2, "is damaged");
	clear(&b);
	b = pack(text.p, text.n);
	add(&b, "this is not packed", 18);
	assert_broken(&b, &text, text.n, "is damaged");
	clear(&b);
	clear(&text);
}

static void what_is_before_the_damage_is_kept(void **state)
{
	(void)state;
	assert_breaks(gzipped);
	assert_breaks(zstded);
}

static void a_packed_file_without_any_text_says_so(void **state)
{
	struct bytes b = gzipped("a\n", 2);

	(void)state;
	refuses_bytes(b.p, 9, "is cut off");
	clear(&b);
}

static struct bytes twice(struct bytes *once)
{
	struct bytes b = { 0 };

	add(&b, once->p, once->n);
	add(&b, once->p, once->n);
	clear(once);
	return b;
}

/* Pieces of every size. */
static void packed_files_may_be_split_anywhere(void **state)
{
	struct bytes text = some_rows(20), b = gzipped(text.p, text.n);
	struct bytes again = zstded(text.p, text.n);

	(void)state;
	b = twice(&b);
	again = twice(&again);
	for (size_t size = 1; size < b.n; size++) {
		struct unpack *u = unpack_new("gzip", &err);
		struct unpack *z = unpack_new("zstd", &err);
		struct bytes got = { 0 };

		for (int i = 0; i < 2; i++) {
			const struct bytes *from = i ? &again : &b;
			const char *next = from->p, *end = from->p;
			size_t made = 1;
			char out[77];

			while (made || end < from->p + from->n) {
				if (!made)
					end = (size_t)(from->p + from->n -
						       end) < size
					    ? from->p + from->n : end + size;
				assert_true(unpack_some(i ? z : u, &next, end,
							out, sizeof(out),
							&made, &err));
				add(&got, out, made);
			}
			assert_true(unpack_whole(i ? z : u));
		}
		assert_int_equal(got.n, 4 * text.n);
		for (size_t i = 0; i < 4; i++)
			assert_memory_equal(got.p + i * text.n, text.p,
					    text.n);
		clear(&got);
		unpack_free(u);
		unpack_free(z);
	}
	clear(&text);
	clear(&b);
	clear(&again);
}

/*
 * Pipes
 */

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void pause_ms(long ms)
{
	struct timespec t = { 0, ms * 1000000 };

	nanosleep(&t, NULL);
}

/* A FIFO at path, and its end to write to. */
static int make_fifo(void)
{
	int fd;

	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	/* Linux lets one open both ends without waiting for the other. */
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void put(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)),
			 (ssize_t)strlen(text));
}

static void a_line_of_a_pipe_is_enough_to_open_it(void **state)
{
	double begin = seconds();
	int fd = make_fifo();
	struct input *in;

	(void)state;
	put(fd, "a,b\n1");
	in = input_open(path, "auto", &err);
	assert_non_null(in);
	assert_true(seconds() - begin < 2);
	assert_text(in, "a,b\n1", 5);
	assert_false(input_complete(in));
	assert_true(input_part(in) == -1);
	begin = seconds();
	assert_true(input_fill(in, NULL, &err));
	assert_true(seconds() - begin < 1);
	assert_false(input_complete(in));
	put(fd, ",2\n");
	assert_true(input_fill(in, NULL, &err));
	assert_text(in, "a,b\n1,2\n", 8);
	close(fd);
	fill_all(in);
	assert_text(in, "a,b\n1,2\n", 8);
	input_close(in);
	unlink(path);
}

/* Each byte by itself, from a process that takes its time. */
static void assert_trickle(const struct bytes *b, const struct bytes *text,
			   const char *encoding)
{
	int fd = make_fifo();
	pid_t pid = fork();
	struct input *in;

	assert_true(pid >= 0);
	if (pid == 0) {
		for (size_t i = 0; i < b->n; i++) {
			pause_ms(1);
			if (write(fd, b->p + i, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	in = input_open(path, "auto", &err);
	close(fd);
	assert_non_null(in);
	assert_true(input_bytes(in) > 0);
	fill_all(in);
	assert_text(in, text->p, text->n);
	assert_string_equal(input_encoding(in), encoding);
	input_close(in);
	waitpid(pid, NULL, 0);
	unlink(path);
}

static void a_pipe_that_trickles_is_read_to_its_end(void **state)
{
	struct bytes utf8 = many(chinese, 300);
	struct bytes gbk = in_encoding("GBK", &utf8);
	struct bytes packed = gzipped(gbk.p, gbk.n);

	(void)state;
	assert_trickle(&utf8, &utf8, "UTF-8");
	assert_trickle(&gbk, &utf8, "GB18030");
	assert_trickle(&packed, &utf8, "GB18030");
	clear(&utf8);
	clear(&gbk);
	clear(&packed);
}

static void a_pipe_that_nobody_writes_to_is_empty(void **state)
{
	(void)state;
	close(make_fifo());
	refuses(path, "auto", "is empty");
	unlink(path);
}

static bool fill_for_ever(struct job *job, void *arg, struct err *why)
{
	while (input_fill(arg, job, why))
		;
	return false;
}

static void a_cancelled_fill_can_be_gone_on_with(void **state)
{
	int fd = make_fifo(), wake[2];
	struct input *in;
	struct job *job;
	double begin;

	(void)state;
	assert_int_equal(pipe2(wake, O_NONBLOCK | O_CLOEXEC), 0);
	put(fd, "\xb1\xe0,a\n\xb1");
	in = input_open(path, "gbk", &err);
	assert_non_null(in);
	job = job_start(fill_for_ever, in, 1, wake[1], &err);
	assert_non_null(job);
	pause_ms(50);
	begin = seconds();
	job_cancel(job);
	assert_false(job_end(job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	assert_true(seconds() - begin < 1);
	assert_false(input_complete(in));
	put(fd, "\xe0\n");
	close(fd);
	fill_all(in);
	assert_text(in, "编,a\n编\n", 10);
	input_close(in);
	close(wake[0]);
	close(wake[1]);
	unlink(path);
}

static bool fill_to_the_end(struct job *job, void *arg, struct err *why)
{
	while (!input_complete(arg))
		if (!input_fill(arg, job, why))
			return false;
	return true;
}

static void others_read_while_one_thread_fills(void **state)
{
	struct bytes utf8 = many(chinese_row, 4000000);
	struct bytes gbk = in_encoding("GBK", &utf8);
	struct input *in = open_bytes(gbk.p, gbk.n, "auto");
	uint64_t before = input_bytes(in);
	struct job *job;
	int wake[2];
	bool complete;

	(void)state;
	assert_true(before > 0 && before < utf8.n);
	assert_false(input_complete(in));
	assert_int_equal(pipe2(wake, O_NONBLOCK | O_CLOEXEC), 0);
	job = job_start(fill_to_the_end, in, 1, wake[1], &err);
	assert_non_null(job);
	do {
		double part = input_part(in);

		complete = input_complete(in);
		assert_true(part >= 0 && part <= 1);
		assert_true(input_bytes(in) >= before);
		before = input_bytes(in);
		assert_text(in, utf8.p, input_bytes(in));
	} while (!complete);
	assert_true(job_end(job, &err));
	assert_text(in, utf8.p, utf8.n);
	input_close(in);
	close(wake[0]);
	close(wake[1]);
	clear(&utf8);
	clear(&gbk);
}

/*
 * What a process has once: each of these runs in one of its own
 */

/* Ends the process, and says where. */
#define OK(fact) ok(fact, #fact, __LINE__)
static void ok(bool fact, const char *what, int line)
{
	if (fact)
		return;
	fprintf(stderr, "# line %d: %s: %s\n", line, what, err.text);
	_exit(1);
}

static void in_a_child(void (*fn)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static bool has_text(const struct input *in, const char *text)
{
	struct bytes b = text_of(in);
	bool same = b.n == strlen(text) && !memcmp(b.p, text, b.n);

	clear(&b);
	return same;
}

static void arriving(void)
{
	struct input *in;
	int fds[2];

	OK(pipe(fds) == 0 && dup2(fds[0], STDIN_FILENO) == STDIN_FILENO);
	close(fds[0]);
	put(fds[1], "\xb1\xe0,a\n");
	in = input_open("-", "auto", &err);
	OK(in && has_text(in, "编,a\n"));
	OK(!input_open("-", "auto", &err));
	OK(strstr(err.text, "still arriving"));
	/* Closed too early, nothing is lost. */
	input_close(in);
	put(fds[1], "\xb1");
	OK(!input_open("-", "klingon", &err));
	/* Another may have the place of standard input by now. */
	close(STDIN_FILENO);
	in = input_open("-", "latin1", &err);
	OK(in && has_text(in, "±à,a\n±"));
	put(fds[1], "\xe0\n");
	close(fds[1]);
	while (!input_complete(in))
		OK(input_fill(in, NULL, &err));
	OK(has_text(in, "±à,a\n±à\n"));
	input_close(in);
	/* All of it is there: as often as one likes, and at once. */
	in = input_open("-", "gbk", &err);
	OK(in && input_complete(in) && has_text(in, "编,a\n编\n"));
	OK(input_open("-", "auto", &err));
	OK(!input_open("-", "klingon", &err));
	input_close(in);
}

static void standard_input_can_be_opened_again(void **state)
{
	(void)state;
	in_a_child(arriving);
}

static void utf8_arriving(void)
{
	struct input *in, *again;
	int fds[2];

	OK(pipe(fds) == 0 && dup2(fds[0], STDIN_FILENO) == STDIN_FILENO);
	put(fds[1], "\xef\xbb\xbf" "ü,a\n");
	in = input_open("-", "auto", &err);
	OK(in && input_start(in) == 3 && has_text(in, "ü,a\n"));
	OK(input_part(in) == -1);
	put(fds[1], "1,2\n");
	close(fds[1]);
	while (!input_complete(in))
		OK(input_fill(in, NULL, &err));
	again = input_open("-", "auto", &err);
	OK(again && has_text(again, "ü,a\n1,2\n"));
	/* There is one copy of it. */
	OK(input_fd(in) == input_fd(again));
	input_close(in);
	OK(has_text(again, "ü,a\n1,2\n"));
	input_close(again);
}

static void standard_input_of_utf8_is_kept_once(void **state)
{
	(void)state;
	in_a_child(utf8_arriving);
}

static void packed_arriving(void)
{
	struct bytes text = some_rows(3000), b = gzipped(text.p, text.n);
	struct input *in;
	int fds[2];

	OK(pipe(fds) == 0 && dup2(fds[0], STDIN_FILENO) == STDIN_FILENO);
	OK(write(fds[1], b.p, b.n) == (ssize_t)b.n);
	close(fds[1]);
	for (int i = 0; i < 2; i++) {
		in = input_open("-", "auto", &err);
		OK(in && !strcmp(input_packing(in), "gzip"));
		while (!input_complete(in))
			OK(input_fill(in, NULL, &err));
		OK(has_text(in, text.p));
		input_close(in);
	}
}

static void standard_input_may_be_packed(void **state)
{
	(void)state;
	in_a_child(packed_arriving);
}

/* As in: (read line; gemba -) <FILE */
static void from_a_file(void)
{
	struct input *in, *other;
	int fd;

	write_file("first\na,\xfc\n", 10);
	fd = open(path, O_RDONLY);
	OK(lseek(fd, 6, SEEK_SET) == 6);
	OK(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	in = input_open("-", "utf-8", &err);
	OK(in && input_complete(in) && has_text(in, "a,\xfc\n"));
	other = input_open("-", "latin1", &err);
	OK(other && has_text(other, "a,ü\n"));
	input_close(in);
	input_close(other);
	in = input_open("-", "latin1", &err);
	OK(in && has_text(in, "a,ü\n"));
}

static void a_file_as_standard_input_is_read_from_where_it_stands(void **state)
{
	(void)state;
	in_a_child(from_a_file);
}

static void no_input(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	close(STDIN_FILENO);
	OK(!input_open("-", "auto", &err));
	OK(strstr(err.text, "cannot open standard input: Bad file"));
	OK(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	OK(!input_open("-", "auto", &err));
	OK(err.code == ERR_USAGE && strstr(err.text, "the keyboard"));
	fd = open("/tmp", O_RDONLY);
	OK(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	OK(!input_open("-", "auto", &err));
	OK(strstr(err.text, "standard input is a directory"));
	fd = open("/dev/null", O_RDONLY);
	OK(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	OK(!input_open("-", "auto", &err));
	OK(strstr(err.text, "standard input is empty"));
}

static void a_keyboard_is_no_standard_input_to_read(void **state)
{
	(void)state;
	in_a_child(no_input);
}

/* A limit is what a test can have of a full disk. */
static void no_room(void)
{
	struct rlimit limit = { 200000, 200000 };
	struct bytes utf8 = many(german, 400000);
	struct bytes latin1 = in_encoding("ISO-8859-1", &utf8);
	struct bytes got;
	struct input *in;

	write_file(latin1.p, latin1.n);
	signal(SIGXFSZ, SIG_IGN);
	OK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	in = input_open(path, "auto", &err);
	OK(in != NULL);
	while (input_fill(in, NULL, &err))
		OK(!input_complete(in));
	OK(strstr(err.text, "is full: set TMPDIR"));
	OK(input_complete(in) && input_bytes(in) == 200000);
	got = text_of(in);
	OK(!memcmp(got.p, utf8.p, got.n));
	input_close(in);
	setenv("TMPDIR", "/nothere", 1);
	OK(!input_open(path, "auto", &err));
	OK(strstr(err.text, "cannot make a temporary file /nothere/"));
}

static void a_full_temporary_folder_is_told(void **state)
{
	(void)state;
	in_a_child(no_room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_utf8_is_read_where_it_lies),
		cmocka_unit_test(what_is_no_utf8_far_down_stays_as_it_is),
		cmocka_unit_test(a_sample_may_end_within_a_character),
		cmocka_unit_test(half_a_character_among_many_leaves_it_utf8),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(a_file_of_proc_has_no_size_and_is_read),
		cmocka_unit_test(
			byte_order_marks_are_believed_and_stepped_over),
		cmocka_unit_test(encodings_are_found),
		cmocka_unit_test(utf_16_is_found_without_a_mark),
		cmocka_unit_test(few_letters_among_numbers_are_enough),
		cmocka_unit_test(nul_characters_are_not_utf_16),
		cmocka_unit_test(the_user_has_the_last_word),
		cmocka_unit_test(
			an_unknown_encoding_is_refused_with_some_that_are_not),
		cmocka_unit_test(what_the_encoding_does_not_have_is_replaced),
		cmocka_unit_test(characters_may_be_split_anywhere),
		cmocka_unit_test(gzip_and_zstd_are_unpacked),
		cmocka_unit_test(zeros_and_frames_to_be_skipped_are_no_damage),
		cmocka_unit_test(what_is_before_the_damage_is_kept),
		cmocka_unit_test(a_packed_file_without_any_text_says_so),
		cmocka_unit_test(packed_files_may_be_split_anywhere),
		cmocka_unit_test(a_line_of_a_pipe_is_enough_to_open_it),
		cmocka_unit_test(a_pipe_that_trickles_is_read_to_its_end),
		cmocka_unit_test(a_pipe_that_nobody_writes_to_is_empty),
		cmocka_unit_test(a_cancelled_fill_can_be_gone_on_with),
		cmocka_unit_test(others_read_while_one_thread_fills),
		cmocka_unit_test(standard_input_can_be_opened_again),
		cmocka_unit_test(standard_input_of_utf8_is_kept_once),
		cmocka_unit_test(standard_input_may_be_packed),
		cmocka_unit_test(
			a_file_as_standard_input_is_read_from_where_it_stands),
		cmocka_unit_test(a_keyboard_is_no_standard_input_to_read),
		cmocka_unit_test(a_full_temporary_folder_is_told),
	};
	int fd = mkstemp(path), failed;

	if (fd < 0)
		return 99;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
