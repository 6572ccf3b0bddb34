#include "data/find.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Room for so many rows at first; it doubles. */
enum { FIRST_ROOM = 1024 };

/* lock is of its own, so that to read a const found it can be taken. */
struct found {
	pthread_mutex_t *lock;	/* owned; guards what follows */
	uint32_t *row;		/* owned: upwards */
	size_t room;
	struct found_count count;
};

struct found *found_new(void)
{
	struct found *found = mem_new(sizeof(*found));

	found->lock = mem_new(sizeof(*found->lock));
	pthread_mutex_init(found->lock, NULL);
	return found;
}

void found_free(struct found *found)
{
	if (!found)
		return;
	pthread_mutex_destroy(found->lock);
	free(found->lock);
	free(found->row);
	free(found);
}

struct found_count found_count(const struct found *found)
{
	struct found_count count;

	pthread_mutex_lock(found->lock);
	count = found->count;
	pthread_mutex_unlock(found->lock);
	return count;
}

/* How many of the found rows are less than row. */
static size_t count_below(const struct found *found, size_t row)
{
	size_t low = 0, end = found->count.rows;

	while (low < end) {
		size_t middle = low + (end - low) / 2;

		if (found->row[middle] < row)
			low = middle + 1;
		else
			end = middle;
	}
	return low;
}

bool found_after(const struct found *found, size_t row, size_t *at)
{
	bool there;
	size_t i;

	pthread_mutex_lock(found->lock);
	i = count_below(found, row);
	there = i < found->count.rows;
	if (there)
		*at = found->row[i];
	pthread_mutex_unlock(found->lock);
	return there;
}

bool found_before(const struct found *found, size_t row, size_t *at)
{
	size_t i;

	pthread_mutex_lock(found->lock);
	i = count_below(found, row < SIZE_MAX ? row + 1 : row);
	if (i > 0)
		*at = found->row[i - 1];
	pthread_mutex_unlock(found->lock);
	return i > 0;
}

bool found_rows(const struct found *found, struct rows *rows, struct err *err)
{
	bool room;

	pthread_mutex_lock(found->lock);
	room = rows_room(rows, found->count.rows, err);
	if (room && rows->n > 0)
		memcpy(rows->row, found->row, rows->n * sizeof(*rows->row));
	pthread_mutex_unlock(found->lock);
	return room;
}

/* Only this thread adds, so that it may look without the lock. */
static bool make_room(struct found *found, size_t n)
{
	size_t room = found->room ? found->room : FIRST_ROOM;
	uint32_t *row;

	while (room < n)
		room *= 2;
	if (room == found->room)
		return true;
	pthread_mutex_lock(found->lock);
	row = realloc(found->row, room * sizeof(*row));
	if (row) {
		found->row = row;
		found->room = room;
	}
	pthread_mutex_unlock(found->lock);
	return row != NULL;
}

bool found_add(struct found *found, const uint32_t *row, size_t first,
	       const struct found_count *more, struct err *err)
{
	size_t n = found->count.rows;

	if (first + more->searched > UINT32_MAX)
		return err_set(err, ERR_DATA, "only the first %u rows can be "
			       "searched", UINT32_MAX);
	if (!make_room(found, n + more->rows))
		return err_set(err, ERR_NOMEM, "no memory for %zu rows that "
			       "were found", n + more->rows);
	/* Nobody reads behind the count. */
	for (size_t i = 0; i < more->rows; i++)
		found->row[n + i] = (uint32_t)(first + row[i]);
	pthread_mutex_lock(found->lock);
	found->count.rows += more->rows;
	found->count.cells += more->cells;
	found->count.searched += more->searched;
	found->count.gave_up |= more->gave_up;
	pthread_mutex_unlock(found->lock);
	return true;
}

bool found_merge(struct found *found, const uint32_t *row, size_t n,
		 size_t cells, struct err *err)
{
	size_t old = found->count.rows, k = 0, i = 0, j = 0;
	size_t room = old + n > FIRST_ROOM ? old + n : FIRST_ROOM;
	uint32_t *both = mem_try(room, sizeof(*both));

	if (!both)
		return err_set(err, ERR_NOMEM, "no memory for %zu rows that "
			       "were found", old + n);
	while (i < old || j < n) {
		bool mine = j == n || (i < old && found->row[i] <= row[j]);

		both[k] = mine ? found->row[i] : row[j];
		j += j < n && row[j] == both[k];
		i += mine;
		k++;
	}
	pthread_mutex_lock(found->lock);
	free(found->row);
	found->row = both;
	found->room = room;
	found->count.rows = k;
	found->count.cells += cells;
	pthread_mutex_unlock(found->lock);
	return true;
}
