#include "base/job.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/*
 * Threads of OpenMP that wait for each other are to sleep, not to spin: on a
 * machine that others use too, spinning made reading five to ten times slower.
 * It has to be said before main(), as OpenMP asks when it is loaded.
 */
__attribute__((constructor(101))) static void let_threads_sleep(void)
{
	setenv("OMP_WAIT_POLICY", "passive", 0);
}

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/* Progress is kept in these parts, and a new part is worth a wake-up. */
#define PARTS 100

struct job {
	job_fn *run;
	void *arg;
	int wake_fd;
	pthread_t thread;
	atomic_bool running, stopped, cancelled, paused;
	atomic_int parts;
	bool finished;		/* these two are read only after the join */
	struct err err;

	pthread_cond_t awake;	/* a pause may be over; with the lock */
	pthread_mutex_t lock;	/* guards what follows */
	bool fresh;		/* note has not been taken yet */
	size_t note_size;
	unsigned char note[];
};

/* A full pipe already says "wake up": a byte that does not fit is no loss. */
static void wake(int fd)
{
	ssize_t ignored = write(fd, "", 1);
	(void)ignored;
}

static void *job_main(void *ptr)
{
	struct job *job = ptr;

	job->finished = job->run(job, job->arg, &job->err);
	atomic_store(&job->running, false);
	wake(job->wake_fd);
	return NULL;
}

struct job *job_start(job_fn *run, void *arg, size_t note_size, int wake_fd,
		      struct err *err)
{
	struct job *job = calloc(1, sizeof(*job) + note_size);
	sigset_t all, old;
	int rc;

	if (!job) {
		err_set(err, ERR_NOMEM, "no memory to start a job");
		return NULL;
	}
	job->run = run;
	job->arg = arg;
	job->wake_fd = wake_fd;
	job->note_size = note_size;
	atomic_store(&job->running, true);
	pthread_mutex_init(&job->lock, NULL);
	pthread_cond_init(&job->awake, NULL);

	/* Signals are for the interface: the thread starts deaf to them, but
	 * for those of a crash, whose handler gives the terminal back. */
	sigfillset(&all);
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		sigdelset(&all, crashes[i]);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&job->thread, NULL, job_main, job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc == 0)
		return job;

	err_set(err, ERR_NOMEM, "cannot start a job: %s", strerror(rc));
	pthread_cond_destroy(&job->awake);
	pthread_mutex_destroy(&job->lock);
	free(job);
	return NULL;
}

bool job_running(const struct job *job)
{
	return atomic_load(&job->running);
}

bool job_take(struct job *job, void *note)
{
	bool fresh;

	pthread_mutex_lock(&job->lock);
	fresh = job->fresh;
	if (fresh)
		memcpy(note, job->note, job->note_size);
	job->fresh = false;
	pthread_mutex_unlock(&job->lock);
	return fresh;
}

double job_part(const struct job *job)
{
	return (double)atomic_load(&job->parts) / PARTS;
}

/* Under the lock: who rests either sees it or is woken by it. */
static void tell(struct job *job, atomic_bool *what, bool is)
{
	pthread_mutex_lock(&job->lock);
	atomic_store(what, is);
	pthread_cond_broadcast(&job->awake);
	pthread_mutex_unlock(&job->lock);
}

void job_stop(struct job *job)
{
	tell(job, &job->stopped, true);
}

void job_cancel(struct job *job)
{
	tell(job, &job->cancelled, true);
}

void job_pause(struct job *job, bool paused)
{
	tell(job, &job->paused, paused);
}

bool job_paused(const struct job *job)
{
	return job && atomic_load(&job->paused);
}

void job_rest(struct job *job)
{
	if (!job_paused(job))
		return;
	pthread_mutex_lock(&job->lock);
	while (job_paused(job) && !job_stopped(job))
		pthread_cond_wait(&job->awake, &job->lock);
	pthread_mutex_unlock(&job->lock);
}

bool job_end(struct job *job, struct err *err)
{
	bool finished;

	pthread_join(job->thread, NULL);
	finished = job->finished;
	if (!finished && err)
		*err = job->err;
	pthread_cond_destroy(&job->awake);
	pthread_mutex_destroy(&job->lock);
	free(job);
	return finished;
}

bool job_stopped(const struct job *job)
{
	return job && (atomic_load(&job->stopped) || job_cancelled(job));
}

bool job_cancelled(const struct job *job)
{
	return job && atomic_load(&job->cancelled);
}

void job_resume(struct job *job)
{
	if (job)
		atomic_store(&job->stopped, false);
}

void job_post(struct job *job, const void *note)
{
	bool told;

	if (!job)
		return;
	pthread_mutex_lock(&job->lock);
	memcpy(job->note, note, job->note_size);
	told = job->fresh;
	job->fresh = true;
	pthread_mutex_unlock(&job->lock);
	if (!told)
		wake(job->wake_fd);
}

void job_progress(struct job *job, double part)
{
	int parts = (int)(part * PARTS);

	if (job && atomic_exchange(&job->parts, parts) != parts)
		wake(job->wake_fd);
}

void job_wake(struct job *job)
{
	if (job)
		wake(job->wake_fd);
}
