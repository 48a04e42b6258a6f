/*
 * The floor of punctuality: one thread that waits, 0.1 to 10 ms at a time, and does nothing else. It shows how late the
 * kernel alone wakes a thread beside whatever else runs.
 *
 *   cc -O2 -o waits waits.c && ./waits SECONDS     prints the lateness of each, in ns, a line each
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#define LEAST 100000
#define MOST 10000000
#define SECOND 1000000000LL

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

int main(int count, char **words) {
  long long end = now() + (long long)(atof(count > 1 ? words[1] : "10") * SECOND);
  /* 0 stands for the default of 50 us. */
  prctl(PR_SET_TIMERSLACK, 1);
  srand48(1);
  for (long long planned; (planned = now() + LEAST + (long long)(drand48() * (MOST - LEAST))) < end;) {
    struct timespec until = {planned / SECOND, planned % SECOND};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL)) {
    }
    printf("%lld\n", now() - planned);
  }
  return 0;
}
