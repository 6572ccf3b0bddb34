#include "data/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"

/* Where files packed with zstd --long=31 end: as large as windows get. */
enum { ZSTD_WINDOW = sizeof(size_t) > 4 ? 31 : 30 };

/* A window of 32 KB, and a header of gzip around it. */
enum { GZIP_WINDOW = 15 + 16 };

struct unpack {
	ZSTD_DStream *zstd;	/* owned; NULL for gzip */
	z_stream zlib;
	bool inside;		/* not between two members or frames */
	bool any;		/* at least one of them has begun */
	bool padded;		/* zeros behind the last: tapes have them */
};

static bool begins(const char *bytes, size_t n, const char *with, size_t len)
{
	return n >= len && !memcmp(bytes, with, len);
}

const char *unpack_kind(const char *bytes, size_t n)
{
	if (begins(bytes, n, "\x1f\x8b\x08", 3))
		return "gzip";
	if (begins(bytes, n, "\x28\xb5\x2f\xfd", 4))
		return "zstd";
	/* A frame to be skipped may come first: pzstd writes such. */
	if (n >= 4 && (bytes[0] & 0xf0) == 0x50 &&
	    !memcmp(bytes + 1, "\x2a\x4d\x18", 3))
		return "zstd";
	return NULL;
}

struct unpack *unpack_new(const char *kind, struct err *err)
{
	struct unpack *u = mem_new(sizeof(*u));
	bool made;

	if (!strcmp(kind, "zstd")) {
		u->zstd = ZSTD_createDStream();
		made = u->zstd != NULL;
		if (made)
			ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax,
					       ZSTD_WINDOW);
	} else {
		made = inflateInit2(&u->zlib, GZIP_WINDOW) == Z_OK;
	}
	if (made)
		return u;
	free(u);
	err_set(err, ERR_NOMEM, "no memory to unpack %s", kind);
	return NULL;
}

void unpack_free(struct unpack *u)
{
	if (!u)
		return;
	if (u->zstd)
		ZSTD_freeDStream(u->zstd);
	else
		inflateEnd(&u->zlib);
	free(u);
}

bool unpack_whole(const struct unpack *u)
{
	return !u->inside;
}

static bool some_zstd(struct unpack *u, const char **next, const char *end,
		      char *to, size_t room, size_t *made, struct err *err)
{
	ZSTD_inBuffer in = { *next, (size_t)(end - *next), 0 };
	ZSTD_outBuffer out = { to, room, 0 };
	size_t said;

	/* Between two frames nothing is left to come out. */
	if (in.size == 0 && !u->inside)
		return true;
	said = ZSTD_decompressStream(u->zstd, &out, &in);
	*next += in.pos;
	*made = out.pos;
	if (ZSTD_isError(said))
		return err_set(err, ERR_DATA, "%s", ZSTD_getErrorName(said));
	u->inside = said != 0;
	return true;
}

/* Zeros may fill the file up behind its last member. */
static void skip_padding(struct unpack *u, const char **next, const char *end)
{
	if (!u->any || u->inside)
		return;
	while (*next < end && **next == '\0') {
		u->padded = true;
		++*next;
	}
}

static bool some_gzip(struct unpack *u, const char **next, const char *end,
		      char *to, size_t room, size_t *made, struct err *err)
{
	int said;

	skip_padding(u, next, end);
	if (*next < end && u->padded)
		return err_set(err, ERR_DATA, "something stands behind its "
			       "end");
	if (*next == end && !u->inside)
		return true;
	u->zlib.next_in = (Bytef *)*next;	/* not written to */
	u->zlib.avail_in = (uInt)(end - *next);
	u->zlib.next_out = (Bytef *)to;
	u->zlib.avail_out = (uInt)room;
	u->any = u->inside = true;
	said = inflate(&u->zlib, Z_NO_FLUSH);
	*next = (const char *)u->zlib.next_in;
	*made = room - u->zlib.avail_out;
	if (said == Z_STREAM_END) {
		u->inside = false;
		inflateReset(&u->zlib);
	} else if (said != Z_OK && said != Z_BUF_ERROR) {
		return err_set(err, said == Z_MEM_ERROR ? ERR_NOMEM : ERR_DATA,
			       "%s", u->zlib.msg ? u->zlib.msg
						 : zError(said));
	}
	return true;
}

bool unpack_some(struct unpack *u, const char **next, const char *end,
		 char *to, size_t room, size_t *made, struct err *err)
{
	*made = 0;
	return u->zstd ? some_zstd(u, next, end, to, room, made, err)
		       : some_gzip(u, next, end, to, room, made, err);
}
