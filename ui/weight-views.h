/*
 * weight-views.h - the weights of a result in this unit or that
 */
#ifndef GEMBA_WEIGHT_VIEWS_H
#define GEMBA_WEIGHT_VIEWS_H

#include "command/command.h"
#include "panel.h"

/* What is shown of a result, NULL: none: the view that is chosen, or the first
 * where the result has no such numbers; and the next that it has. */
enum weights_view weight_view(const struct view *v, const struct result *r);
enum weights_view weight_view_next(const struct result *r,
				   enum weights_view view, bool forth);

/* A word for the command, and what the title says. */
extern const char *const weight_view_word[WEIGHTS_VIEWS];
extern const char *const weight_view_title[WEIGHTS_VIEWS];

/* How long its bar is, and what stands behind that. */
double weight_view_bar(enum weights_view view, const struct weight *w);
enum { WEIGHT_TEXT = 48 };
char *weight_view_say(char to[WEIGHT_TEXT], enum weights_view view,
		      const struct result *r, const struct weight *w);
/* The columns that it takes; 0: as the panel has it. */
int weight_view_width(enum weights_view view);

/* The feature under the cursor of Weights, valid until the next call; of what
 * was shuffled the first column.  NULL: the intercept. */
const char *panel_weights_feature(const struct session *s,
				  const struct view *v);

/* "+0.00123", with the minus sign of the screen. */
char *weight_figure(char to[WEIGHT_TEXT], double x);

extern const struct command commands_explain_ui[];
/* A question that was typed has its answer shown. */
void weight_views_show(struct session *s);

#endif
