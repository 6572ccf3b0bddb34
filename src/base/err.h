/*
 * err.h - why something failed
 *
 * The caller owns a struct err and hands it in; a function that can fail
 * returns false (or NULL) and fills it.  Messages are one line, lower case,
 * without a full stop: they say where, and what to do.
 */
#ifndef GEMBA_ERR_H
#define GEMBA_ERR_H

#include <stdbool.h>

enum err_code { ERR_NONE, ERR_USAGE, ERR_DATA, ERR_MATH, ERR_IO, ERR_NOMEM,
		ERR_CANCELLED };

/* No thread shares it; it crosses threads inside a job. */
struct err {
	enum err_code code;
	char text[512];
};

/* Record a failure.  Always false: "return err_set(err, ...);" reads well. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The user's own wish to stop, told as an error so that it unwinds. */
bool err_cancelled(struct err *err);

#endif
