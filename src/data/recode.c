#include "data/recode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

struct recode {
	iconv_t iconv;
	size_t unit;		/* bytes that are skipped with a wrong one */
	uint64_t replaced;
};

/* The units of UTF-16 and UTF-32 stand at even places: to skip one byte would
 * shift all that follows. */
static size_t unit_of(const char *encoding)
{
	if (!strncasecmp(encoding, "UTF-16", 6) ||
	    !strncasecmp(encoding, "UTF16", 5) ||
	    !strncasecmp(encoding, "UCS-2", 5) ||
	    !strncasecmp(encoding, "UCS2", 4))
		return 2;
	if (!strncasecmp(encoding, "UTF-32", 6) ||
	    !strncasecmp(encoding, "UTF32", 5) ||
	    !strncasecmp(encoding, "UCS-4", 5) ||
	    !strncasecmp(encoding, "UCS4", 4))
		return 4;
	return 1;
}

struct recode *recode_new(const char *encoding)
{
	iconv_t cd = iconv_open("UTF-8", encoding);
	struct recode *r;

	if (cd == (iconv_t)-1)
		return NULL;
	r = mem_new(sizeof(*r));
	r->iconv = cd;
	r->unit = unit_of(encoding);
	return r;
}

void recode_free(struct recode *r)
{
	if (!r)
		return;
	iconv_close(r->iconv);
	free(r);
}

uint64_t recode_replaced(const struct recode *r)
{
	return r->replaced;
}

/* Put U+FFFD for what *next begins with. */
static void replace(struct recode *r, char **next, size_t *left, size_t skip,
		    char **to, size_t *room)
{
	static const char sign[] = "\xef\xbf\xbd";

	memcpy(*to, sign, sizeof(sign) - 1);
	*to += sizeof(sign) - 1;
	*room -= sizeof(sign) - 1;
	skip = skip < *left ? skip : *left;
	*next += skip;
	*left -= skip;
	r->replaced++;
}

size_t recode_some(struct recode *r, const char **next, const char *end,
		   bool last, char *to, size_t room)
{
	char *in = (char *)*next;	/* iconv does not write there */
	size_t left = (size_t)(end - in), free_room = room;
	char *out = to;

	while (left > 0 && free_room >= RECODE_ROOM / 2) {
		if (iconv(r->iconv, &in, &left, &out, &free_room) !=
		    (size_t)-1)
			break;
		if (errno == E2BIG)
			break;
		if (errno == EINVAL && !last)
			break;
		if (free_room < RECODE_ROOM / 2)
			break;
		replace(r, &in, &left, errno == EINVAL ? left : r->unit, &out,
			&free_room);
	}
	/* Some encodings hold a character back until the next is known. */
	if (last && left == 0 && free_room >= RECODE_ROOM / 2)
		iconv(r->iconv, NULL, NULL, &out, &free_room);
	*next = in;
	return room - free_room;
}
