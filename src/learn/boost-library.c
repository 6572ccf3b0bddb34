#include "learn/boost-library.h"

#include <stddef.h>
#include <string.h>

#ifdef HAVE_XGBOOST

#include <dlfcn.h>
#include <pthread.h>
#include <xgboost/c_api.h>

#include "base/mem.h"

/* Its major version is in the name: another may have other functions. */
#define XGBOOST_LIBRARY "libxgboost.so.0"
#define XGBOOST_PACKAGE "libxgboost0"

/* Where a function belongs.  The assignment is never made: it is there to be
 * refused by the compiler when the types differ. */
#define ENTRY(member, name) \
	{ #name, offsetof(struct boost_library, member) + \
	  0 * sizeof(((struct boost_library *)0)->member = name) }

static const struct {
	const char *name;
	size_t at;
} entry[] = {
	ENTRY(GetLastError, XGBGetLastError),
	ENTRY(SetGlobalConfig, XGBSetGlobalConfig),
	ENTRY(RegisterLogCallback, XGBRegisterLogCallback),
	ENTRY(ProxyCreate, XGProxyDMatrixCreate),
	ENTRY(ProxySetDense, XGProxyDMatrixSetDataDense),
	ENTRY(QuantileCreate, XGQuantileDMatrixCreateFromCallback),
	ENTRY(DenseCreate, XGDMatrixCreateFromMat),
	ENTRY(MatrixSetFloats, XGDMatrixSetFloatInfo),
	ENTRY(MatrixSetWords, XGDMatrixSetStrFeatureInfo),
	ENTRY(MatrixFree, XGDMatrixFree),
	ENTRY(Create, XGBoosterCreate),
	ENTRY(Free, XGBoosterFree),
	ENTRY(SetParam, XGBoosterSetParam),
	ENTRY(UpdateOneIter, XGBoosterUpdateOneIter),
	ENTRY(Predict, XGBoosterPredictFromDMatrix),
	ENTRY(Slice, XGBoosterSlice),
	ENTRY(Save, XGBoosterSaveModelToBuffer),
	ENTRY(Load, XGBoosterLoadModelFromBuffer),
};

const bool boost_built = true;

static struct boost_library loaded;
static bool is_loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static bool load(struct err *err)
{
	void *library = dlopen(XGBOOST_LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return err_set(err, ERR_IO, "boost needs the library XGBoost "
			       "(package %s): %.120s", XGBOOST_PACKAGE,
			       dlerror());
	for (size_t i = 0; i < ARRAY_LEN(entry); i++) {
		void *function = dlsym(library, entry[i].name);

		if (!function) {
			dlclose(library);
			return err_set(err, ERR_IO, "boost needs XGBoost 1.7 "
				       "or newer (package %s): %s has no %s",
				       XGBOOST_PACKAGE, XGBOOST_LIBRARY,
				       entry[i].name);
		}
		memcpy((char *)&loaded + entry[i].at, &function,
		       sizeof(function));
	}
	return true;
}

/* What it would print would stand in the middle of the screen. */
static void say_nothing(const char *text)
{
	(void)text;
}

const struct boost_library *boost_library(struct err *err)
{
	bool ok;

	pthread_mutex_lock(&loading);
	ok = is_loaded = is_loaded || load(err);
	pthread_mutex_unlock(&loading);
	if (!ok)
		return NULL;
	loaded.RegisterLogCallback(say_nothing);
	loaded.SetGlobalConfig("{\"verbosity\": 0}");
	return &loaded;
}

#else

const bool boost_built = false;

const struct boost_library *boost_library(struct err *err)
{
	err_set(err, ERR_USAGE, "boost is not built in: gemba was configured "
		"without XGBoost (libxgboost-dev); train forest does much the "
		"same");
	return NULL;
}

#endif

/* "[12:00:00] ../src/data.cc:1: Check failed: x: what it means" and a trace of
 * its stack: what is behind the place, and of one line. */
bool boost_failed(const struct boost_library *library, struct err *err)
{
	const char *text = library->GetLastError();
	const char *place = strstr(text, ".cc:");
	const char *words = place ? strchr(place + 4, ' ') : NULL;

	if (strstr(text, "bad_alloc"))
		return err_set(err, ERR_NOMEM, "no memory for XGBoost");
	words = words ? words + 1 : text;
	return err_set(err, ERR_MATH, "XGBoost: %.*s",
		       (int)strcspn(words, "\n"), words);
}
