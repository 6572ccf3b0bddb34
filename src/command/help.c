#include "command/help.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/place.h"
#include "base/text.h"
#include "command/command.h"
#include "run/guard.h"

/* The topics in order, read once. */
static char **topics;
static size_t topics_n;

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_topics(void)
{
	char *place = place_help();
	DIR *folder = opendir(place);
	struct dirent *entry;

	free(place);
	while (folder && (entry = readdir(folder))) {
		size_t len = strlen(entry->d_name);

		if (len < 5 || strcmp(entry->d_name + len - 4, ".txt"))
			continue;
		topics = mem_grow(topics, topics_n, sizeof(*topics));
		topics[topics_n++] = mem_strndup(entry->d_name, len - 4);
	}
	if (folder)
		closedir(folder);
	if (topics_n)
		qsort(topics, topics_n, sizeof(*topics), by_name);
}

const char *help_topic(size_t n)
{
	if (!topics)
		read_topics();
	return n < topics_n ? topics[n] : NULL;
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL, block[4096];
	size_t size, n;
	FILE *out;

	if (!in)
		return NULL;
	out = open_memstream(&text, &size);
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		fwrite(block, 1, n, out);
	fclose(in);
	fclose(out);
	return text;
}

static char *all_commands(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const struct command *c;

	fputs("commands\n\nEvery command; help NAME tells more of each.\n\n",
	      out);
	for (size_t n = 0; (c = command_nth(n)); n++)
		fprintf(out, "  %s %s\n      %s.\n", c->name, c->args,
			c->help);
	fclose(out);
	return text;
}

static char *no_help(struct err *err)
{
	char *place = place_help();

	err_set(err, ERR_IO, "there is no help in %.200s: set GEMBA_HELP, or "
		"make install", place);
	free(place);
	return NULL;
}

static char *no_topic(const char *topic, struct err *err)
{
	const char *near;

	help_topic(0);
	if (!topics_n)
		return no_help(err);
	near = text_nearest(topic, (const char *const *)topics, topics_n);
	err_set(err, ERR_USAGE, "there is no help on '%.60s'%s%.60s%s", topic,
		near ? "; did you mean '" : ": see help index",
		near ? near : "", near ? "'?" : "");
	return NULL;
}

char *help_text(const char *topic, struct err *err)
{
	char *place, *path, *text;

	if (!strcmp(topic, "commands"))
		return all_commands();
	if (guard_find(topic))
		topic = guard_find(topic)->topic;
	if (strchr(topic, '/'))
		return no_topic(topic, err);
	place = place_help();
	path = mem_printf("%s/%s.txt", place, topic);
	text = read_file(path);
	free(path);
	free(place);
	return text ? text : no_topic(topic, err);
}
