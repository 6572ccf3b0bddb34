#include "command/command.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"

enum { TABLES_MAX = 32 };

static const struct command *tables[TABLES_MAX] = {
	commands_data, commands_features, commands_derive, commands_suggest,
	commands_look, commands_export, commands_clean, commands_train,
	commands_tune, commands_guard, commands_judge, commands_explain,
	commands_session,
};

void command_add(const struct command *table)
{
	size_t i = 0;

	while (tables[i] && tables[i] != table)
		i++;
	assert(i < TABLES_MAX);
	tables[i] = table;
}

const struct command *command_nth(size_t n)
{
	for (size_t t = 0; t < TABLES_MAX && tables[t]; t++)
		for (size_t i = 0; tables[t][i].name; i++)
			if (n-- == 0)
				return &tables[t][i];
	return NULL;
}

const struct command *command_find(const char *name)
{
	const struct command *c;

	for (size_t n = 0; (c = command_nth(n)); n++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* ---- completion ---- */

static const char *command_names(size_t n)
{
	const struct command *c = command_nth(n);

	return c ? c->name : NULL;
}

/* The n-th candidate that begins with what is typed; a copy. */
static char *nth_match(const struct session *s, struct words *words, size_t n)
{
	int argc = (int)words->n;
	const struct command *command = command_find(words->word[0]);
	const char *typed = words->word[argc - 1], *candidate;
	size_t len = strlen(typed);

	if (argc > 1 && (!command || !command->complete))
		return NULL;
	for (size_t i = 0; ; i++) {
		candidate = argc == 1 ? command_names(i)
			: command->complete(s, argc, words->word, i);
		if (!candidate)
			return NULL;
		if (!strncmp(candidate, typed, len) && n-- == 0)
			return mem_strdup(candidate);
	}
}

char *command_complete(const struct session *s, const char *line, size_t n)
{
	size_t len = strlen(line);
	bool new_word = len == 0 || line[len - 1] == ' ';
	/* An empty word to begin with, where no letter is typed yet. */
	char *whole = mem_printf("%s%s", line, new_word ? "''" : "");
	struct words words;
	char *match = NULL;

	if (words_split(&words, whole, NULL) && words.n > 0)
		match = nth_match(s, &words, n);
	words_clear(&words);
	free(whole);
	return match;
}
