#include "run/explained.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void importance_free(struct importance *im)
{
	if (!im)
		return;
	for (size_t g = 0; g < im->groups; g++) {
		for (size_t i = 0; i < im->group[g].columns; i++)
			free(im->group[g].column[i]);
		free(im->group[g].column);
	}
	free(im->group);
	free(im);
}

void dependence_free(struct dependence *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->points; i++) {
		free(d->point[i].text);
		free(d->point[i].mean);
	}
	free(d->point);
	free(d->column);
	free(d->unit);
	free(d);
}

void why_free(struct why *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->parts; i++) {
		free(w->part[i].column);
		free(w->part[i].value);
		free(w->part[i].moved);
	}
	for (size_t i = 0; i < w->nears; i++) {
		free(w->near[i].truth);
		free(w->near[i].differs);
	}
	free(w->part);
	free(w->truth);
	free(w->told);
	free(w->base);
	free(w->score);
	free(w);
}

void worst_free(struct worst *worst)
{
	if (!worst)
		return;
	free(worst->at);
	free(worst);
}

void explained_free(struct explained *e)
{
	if (!e)
		return;
	importance_free(e->importance);
	for (size_t i = 0; i < e->dependences; i++)
		dependence_free(e->dependence[i]);
	for (size_t i = 0; i < e->whys; i++)
		why_free(e->why[i]);
	worst_free(e->worst);
	free(e->dependence);
	free(e->why);
	free(e);
}

void explained_importance(struct explained *e, struct importance *importance)
{
	importance_free(e->importance);
	e->importance = importance;
}

void explained_dependence(struct explained *e, struct dependence *d)
{
	size_t i = 0;

	while (i < e->dependences &&
	       strcmp(e->dependence[i]->column, d->column))
		i++;
	if (i < e->dependences) {
		dependence_free(e->dependence[i]);
		for (; i + 1 < e->dependences; i++)
			e->dependence[i] = e->dependence[i + 1];
		e->dependence[i] = d;
		return;
	}
	e->dependence = mem_grow(e->dependence, e->dependences,
				 sizeof(struct dependence *));
	e->dependence[e->dependences++] = d;
}

void explained_why(struct explained *e, struct why *why)
{
	size_t i = 0;

	while (i < e->whys && e->why[i]->row != why->row)
		i++;
	if (i < e->whys) {
		why_free(e->why[i]);
		for (; i + 1 < e->whys; i++)
			e->why[i] = e->why[i + 1];
		e->why[i] = why;
		return;
	}
	e->why = mem_grow(e->why, e->whys, sizeof(struct why *));
	e->why[e->whys++] = why;
}

void explained_worst(struct explained *e, struct worst *worst)
{
	worst_free(e->worst);
	e->worst = worst;
}
