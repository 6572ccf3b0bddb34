/*
 * boost-library.h - XGBoost's library, loaded when it is first asked for
 *
 * Linked into the program it would cost every start several milliseconds, and
 * most sessions never boost.  So it is looked for when it is wanted.  The types
 * here are those of xgboost/c_api.h, against which they are checked when this
 * is compiled; without that header, or with --without-xgboost, the library is
 * never looked for.
 */
#ifndef GEMBA_BOOST_LIBRARY_H
#define GEMBA_BOOST_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* What of it is used, under the names that it has there.  Each returns 0, or
 * not: then boost_failed() knows why. */
struct boost_library {
	const char *(*GetLastError)(void);
	int (*SetGlobalConfig)(const char *json);
	int (*RegisterLogCallback)(void (*log)(const char *));
	int (*ProxyCreate)(void **proxy);
	int (*ProxySetDense)(void *proxy, const char *array);
	int (*QuantileCreate)(void *from, void *proxy, void *ref,
			      void (*reset)(void *), int (*next)(void *),
			      const char *config, void **matrix);
	int (*DenseCreate)(const float *x, uint64_t n, uint64_t p,
			   float missing, void **matrix);
	int (*MatrixSetFloats)(void *matrix, const char *field,
			       const float *value, uint64_t n);
	int (*MatrixSetWords)(void *matrix, const char *field,
			      const char **word, uint64_t n);
	int (*MatrixFree)(void *matrix);
	int (*Create)(void *const *matrix, uint64_t n, void **booster);
	int (*Free)(void *booster);
	int (*SetParam)(void *booster, const char *name, const char *value);
	int (*UpdateOneIter)(void *booster, int round, void *matrix);
	int (*Predict)(void *booster, void *matrix, const char *config,
		       const uint64_t **shape, uint64_t *dims,
		       const float **told);
	int (*Slice)(void *booster, int first, int end, int step,
		     void **slice);
	int (*Save)(void *booster, const char *config, uint64_t *size,
		    const char **text);
	int (*Load)(void *booster, const void *text, uint64_t size);
};

/* False: it was left out when gemba was built. */
extern const bool boost_built;

/*
 * The library, made silent for the thread that asks, so each thread that uses
 * it asks.  NULL: it is not built in, or not installed.
 */
const struct boost_library *boost_library(struct err *err);

/* What it has to say of its last failure on this thread.  Always false. */
bool boost_failed(const struct boost_library *library, struct err *err);

#endif
