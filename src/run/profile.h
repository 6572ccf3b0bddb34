/*
 * profile.h - what is in a file, for people and for programs
 *
 * The dataset has been read with a summary.
 */
#ifndef GEMBA_PROFILE_H
#define GEMBA_PROFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "run/work.h"

/* How the file is written, a line a column, and what is wrong with rows. */
void profile_text(const struct dataset *data, FILE *out);
/* Its path and size, as all JSON about it begins. */
json_t *profile_data_json(const struct dataset *data);
/* The object of gemba profile --json. */
bool profile_json(const struct dataset *data, FILE *out, struct err *err);

#endif
