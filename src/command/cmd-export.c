/*
 * cmd-export.c - rows written to another file
 *
 * The work is an errand: a long one does not keep keys or training waiting.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/replace.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/save.h"
#include "run/export.h"

struct task {
	struct export export;
	char *path;		/* owned */
	struct rows rows;	/* owned: for SEEN */
	bool *hidden;		/* owned */
	size_t written;
};

static bool run(struct job *job, void *what, struct err *err)
{
	struct task *task = what;
	struct replacement r;
	struct err why = { 0 };
	bool good;

	if (!replace_begin(&r, task->path, err))
		return false;
	good = export_write(&task->export, r.out, &task->written, job, &why);
	if (!good)
		*err = why;
	return replace_end(&r, good, err);
}

static void done(struct session *s, void *what, const struct err *err)
{
	struct task *task = what;
	char count[COUNT_TEXT];

	if (err->code == ERR_NONE) {
		session_say(s, "%s row%s in %.200s",
			    text_count(count, task->written),
			    task->written == 1 ? " is" : "s are", task->path);
	} else {
		session_say(s, "%.200s is not written: %.250s", task->path,
			    err->text);
		s->message_is_error = true;
	}
	s->errand_failed = *err;
	rows_clear(&task->rows);
	free(task->hidden);
	free(task->path);
	free(task);
}

static const struct errand errand = { run, done };

static bool may_write(struct session *s, const char *path, bool over,
		      struct err *err)
{
	struct stat there;

	if (!save_spares_data(s, path, err))
		return false;
	if (!over && stat(path, &there) == 0)
		return err_set(err, ERR_USAGE, "%.200s is there already: "
			       "over=yes replaces it", path);
	return true;
}

static const struct option export_options[] = {
	{ "over", OPTION_CHOICE, "no", 0, 0, "no yes",
	  "whether a file that is there already is replaced" },
	{ 0 }
};

static const char *const kinds[] = {
	[EXPORT_ALL] = "all", [EXPORT_SEEN] = "seen",
	[EXPORT_REJECTS] = "rejects", NULL
};

/* The rows and columns in sight: copies, as they may change meanwhile. */
static bool take_sight(struct session *s, struct task *task, struct err *err)
{
	const struct look *look = &s->settings.look;
	const struct rows *rows = looks_rows(s);

	task->hidden = mem_array(look->columns, sizeof(*task->hidden));
	for (size_t i = 0; i < look->columns; i++)
		task->hidden[i] = look->hidden[i];
	task->export.hidden = task->hidden;
	if (!rows)
		return true;
	if (!rows_room(&task->rows, rows->n, err))
		return false;
	if (rows->n)
		memcpy(task->rows.row, rows->row,
		       rows->n * sizeof(*rows->row));
	task->export.rows = &task->rows;
	return true;
}

static bool begin(struct session *s, enum export_what what, const char *path,
		  struct err *err)
{
	struct task *task = mem_new(sizeof(*task));

	task->export = (struct export){
		.what = what, .source = s->data.source, .table = s->table };
	task->path = mem_strdup(path);
	if (what == EXPORT_SEEN && !take_sight(s, task, err)) {
		free(task->hidden);
		free(task->path);
		free(task);
		return false;
	}
	s->errand_failed = (struct err){ 0 };
	errands_send(s->errands, s, ERRAND_EXPORT, &errand, task);
	/* Without a thread it is done by now. */
	*err = s->errand_failed;
	return err->code == ERR_NONE;
}

static size_t kind_named(const char *word)
{
	size_t kind = 0;

	while (kinds[kind] && strcmp(kinds[kind], word))
		kind++;
	return kind;
}

static bool has_file(int argc, char **argv)
{
	return argc > 2 && strncmp(argv[2], "over=", 5);
}

/* Rejects need no file to be named: "presses-rejects.csv", here. */
static char *file_of(const struct session *s, int argc, char **argv)
{
	const char *data = source_path(s->data.source);
	const char *slash = strrchr(data, '/');
	const char *base = slash ? slash + 1 : data;

	if (!kinds[kind_named(argv[1])])
		return mem_strdup(argv[1]);
	if (has_file(argc, argv))
		return mem_strdup(argv[2]);
	if (!strcmp(base, "-"))
		base = "input";
	return mem_printf("%.*s-rejects.csv", (int)strcspn(base, "."), base);
}

/* "export seen" is no file of that name, and "export x.csv seen" no option. */
static bool in_order(struct session *s, int argc, char **argv,
		     struct err *err)
{
	bool named = kinds[kind_named(argv[1])];

	s->fault = argc > 2 ? 2 : 1;
	if (named && !has_file(argc, argv) && strcmp(argv[1], "rejects"))
		return err_set(err, ERR_USAGE, "export %s FILE: which file?",
			       argv[1]);
	if (!named && argc > 2 && kinds[kind_named(argv[2])])
		return err_set(err, ERR_USAGE, "the file comes last: export "
			       "%s FILE", argv[2]);
	return true;
}

static bool export_rows(struct session *s, int argc, char **argv,
			struct err *err)
{
	struct option_values options;
	size_t what = kind_named(argv[1]);
	bool named = kinds[what], ok;
	int file = named && has_file(argc, argv) ? 2 : 1;
	char *path;

	if (!in_order(s, argc, argv, err))
		return false;
	s->fault = file;
	if (s->working == WORK_OPEN || !s->data.source)
		return err_set(err, ERR_USAGE, "export needs a file that is "
			       "open and read");
	if (named && what == EXPORT_REJECTS && !s->table)
		return err_set(err, ERR_USAGE, "export rejects needs the "
			       "columns of the file: read first");
	options_init(&options, export_options);
	path = file_of(s, argc, argv);
	ok = take_options(s, &options, "export", file + 1, argv, err);
	if (ok) {
		s->fault = file;
		ok = may_write(s, path,
			       !strcmp(options_text(&options, "over"), "yes"),
			       err) &&
		     begin(s, named ? (enum export_what)what : EXPORT_ALL,
			   path, err);
	}
	free(path);
	options_clear(&options);
	return ok;
}

static const char *complete_export(const struct session *s, int argc,
				   char **argv, size_t n)
{
	(void)s;
	if (argc == 2 && n < ARRAY_LEN(kinds))
		return kinds[n];
	return argc > 2 ? complete_option(export_options, argv[argc - 1], n)
			: NULL;
}

const struct command commands_export[] = {
	{ .name = "export", .args = "[all|seen|rejects] FILE [over=yes]",
	  .help = "Write rows to a CSV file: all, those in sight, or those "
	  "with faults",
	  .min = 1, .max = 3, .flags = COMMAND_UNDO,
	  .complete = complete_export, .run = export_rows },
	{ 0 }
};
