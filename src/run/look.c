#include "run/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void look_init(struct look *look, size_t columns)
{
	*look = (struct look){
		.columns = columns,
		.hidden = mem_array(columns, sizeof(*look->hidden)),
		.width = mem_array(columns, sizeof(*look->width)),
	};
}

void look_copy(struct look *to, const struct look *from)
{
	struct look copy = *from;

	copy.hidden = mem_array(from->columns, sizeof(*copy.hidden));
	copy.width = mem_array(from->columns, sizeof(*copy.width));
	for (size_t i = 0; i < from->columns; i++) {
		copy.hidden[i] = from->hidden[i];
		copy.width[i] = from->width[i];
	}
	for (size_t i = 0; i < from->filters; i++)
		copy.filter[i] = mem_strdup(from->filter[i]);
	*to = copy;
}

void look_clear(struct look *look)
{
	for (size_t i = 0; i < look->filters; i++)
		free(look->filter[i]);
	free(look->hidden);
	free(look->width);
	*look = (struct look){ 0 };
}

bool look_same_rows(const struct look *a, const struct look *b)
{
	if (a->filters != b->filters || a->sorts != b->sorts)
		return false;
	for (size_t i = 0; i < a->filters; i++)
		if (strcmp(a->filter[i], b->filter[i]))
			return false;
	for (size_t i = 0; i < a->sorts; i++)
		if (a->sort[i].column != b->sort[i].column ||
		    a->sort[i].down != b->sort[i].down)
			return false;
	return true;
}

bool look_same(const struct look *a, const struct look *b)
{
	if (a->columns != b->columns || a->frozen != b->frozen)
		return false;
	for (size_t i = 0; i < a->columns; i++)
		if (a->hidden[i] != b->hidden[i] ||
		    a->width[i] != b->width[i])
			return false;
	return look_same_rows(a, b);
}

void look_remove_filter(struct look *look, size_t i)
{
	free(look->filter[i]);
	look->filters--;
	for (; i < look->filters; i++)
		look->filter[i] = look->filter[i + 1];
}

void look_add_column(struct look *look)
{
	struct look more = *look;

	more.columns++;
	more.hidden = mem_array(more.columns, sizeof(*more.hidden));
	more.width = mem_array(more.columns, sizeof(*more.width));
	for (size_t i = 0; i < look->columns; i++) {
		more.hidden[i] = look->hidden[i];
		more.width[i] = look->width[i];
	}
	free(look->hidden);
	free(look->width);
	*look = more;
}

void look_remove_column(struct look *look, size_t column)
{
	size_t edge = look_edge(look), n = 0;

	look->columns--;
	for (size_t i = column; i < look->columns; i++) {
		look->hidden[i] = look->hidden[i + 1];
		look->width[i] = look->width[i + 1];
	}
	for (size_t i = 0; i < look->sorts; i++) {
		if (look->sort[i].column == column)
			continue;
		look->sort[n] = look->sort[i];
		look->sort[n++].column -= look->sort[i].column > column;
	}
	look->sorts = n;
	look_set_edge(look, edge > column ? edge - 1 : edge);
}

bool look_shows(const struct look *look, size_t column)
{
	return column >= look->columns || !look->hidden[column];
}

size_t look_shown_before(const struct look *look, size_t column)
{
	size_t n = 0;

	for (size_t i = 0; i < column && i < look->columns; i++)
		n += !look->hidden[i];
	return n;
}

size_t look_edge(const struct look *look)
{
	size_t left = look->frozen, i = 0;

	while (left > 0 && i < look->columns)
		left -= !look->hidden[i++];
	return i;
}

void look_set_edge(struct look *look, size_t edge)
{
	look->frozen = look_shown_before(look, edge);
}
