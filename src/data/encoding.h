/*
 * encoding.h - which encoding a text is in, from how it begins
 */
#ifndef GEMBA_ENCODING_H
#define GEMBA_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { ENCODING_NAME = 32 };
struct encoding {
	char name[ENCODING_NAME];	/* as iconv knows it */
	double sure;			/* 1: it is told, not guessed */
	const char *why;		/* static */
};

/*
 * The encoding that the user names, or with "auto" what the sample looks
 * like; whole: nothing comes behind the sample.  A name stands for what
 * programs write under it: GBK and GB2312 are GB18030, LATIN1 is
 * WINDOWS-1252, SHIFT_JIS is CP932.  The errors: a name that iconv does not
 * know, and with "auto" UTF-32 and files that are no text.
 */
bool encoding_find(struct encoding *encoding, const char *named,
		   const char *sample, size_t n, bool whole, const char *file,
		   struct err *err);

bool encoding_is_utf8(const struct encoding *encoding);

#endif
