/*
 * save.h - the session as a recipe in a file
 */
#ifndef GEMBA_SAVE_H
#define GEMBA_SAVE_H

#include "command/session.h"

/*
 * Write the choices as a recipe: to a temporary file that is then renamed, so
 * that a full disk leaves what was there.  The data file is named so that the
 * recipe finds it from its own folder.
 */
bool save_recipe(struct session *s, const char *path, struct err *err);

/* A recipe may come from anywhere: what it writes must not take the place of
 * the data.  False, with err, if path is the file that is open. */
bool save_spares_data(const struct session *s, const char *path,
		      struct err *err);

#endif
