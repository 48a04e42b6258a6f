/*
 * The floor: a relay on loopback that makes the system calls of a relay and does nothing else. One thread, epoll, a
 * buffer of 256 KB, no parsing, no timers, no half-close. It shows what the kernel alone costs. Where Tor's control port
 * is given, it asks for the events of streams as well, and a second thread reads them every 5 ms and forgets them: what
 * then costs more than without is what they cost those who send them. With SPLICE defined, bytes go from socket to socket
 * by way of a pipe of 1 MiB for each direction, and none of them is copied into this program.
 *
 *   cc -O2 -pthread [-DSPLICE] -o floor floor.c && ./floor LISTEN-PORT UPSTREAM-PORT [CONTROL-PORT]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* One side of a stream; what it has read and the other did not take waits in `left`, or in the pipe. */
struct side {
  int fd, dead, pipe[2];
  struct side *other;
  char *left;
  ssize_t from, count;
};

static char buffer[256 << 10];
static int epoll;

static struct side *side(int fd) {
  struct side *s = calloc(1, sizeof *s);
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  s->fd = fd;
#ifdef SPLICE
  if (pipe2(s->pipe, O_NONBLOCK)) abort();
  fcntl(s->pipe[1], F_SETPIPE_SZ, 1 << 20);
#endif
  return s;
}

static void end(struct side *s) {
  close(s->fd);
#ifdef SPLICE
  close(s->pipe[0]);
  close(s->pipe[1]);
#endif
}

static void watch(struct side *s) {
  struct epoll_event e = {EPOLLIN | EPOLLOUT | EPOLLET, {.ptr = s}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, s->fd, &e);
}

#ifdef SPLICE
static int carry(struct side *s) {
  for (;;) {
    while (s->count > 0) {
      ssize_t n = splice(s->pipe[0], NULL, s->other->fd, NULL, s->count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
      if (n < 0) return errno == EAGAIN || errno == ENOTCONN ? 0 : -1;
      s->count -= n;
    }
    s->count = splice(s->fd, NULL, s->pipe[1], NULL, 1 << 20, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (s->count <= 0) return s->count < 0 && (errno == EAGAIN || errno == ENOTCONN) ? 0 : -1;
  }
}
#else
static int drain(struct side *s) {
  while (s->count > 0) {
    ssize_t n = write(s->other->fd, s->left + s->from, s->count);
    if (n < 0) return errno == EAGAIN || errno == ENOTCONN ? 0 : -1;
    s->from += n;
    s->count -= n;
  }
  free(s->left);
  s->left = NULL;
  return 1;
}

/* Carries what there is from one side to the other, until one of them would block; less than 0 at the end. */
static int carry(struct side *s) {
  int ready = drain(s);
  while (ready > 0) {
    ssize_t n = read(s->fd, buffer, sizeof buffer), done = 0;
    if (n <= 0) return n < 0 && (errno == EAGAIN || errno == ENOTCONN) ? 0 : -1;
    done = write(s->other->fd, buffer, n);
    if (done < 0 && errno != EAGAIN && errno != ENOTCONN) return -1;
    if (done < 0) done = 0;
    if (done < n) {
      s->left = malloc(n - done);
      __builtin_memcpy(s->left, buffer + done, n - done);
      s->from = 0;
      s->count = n - done;
      ready = 0;
    } else if (n < (ssize_t) sizeof buffer) {
      return 0;
    }
  }
  return ready;
}
#endif

static void opened(int client, struct sockaddr_in *upstream) {
  struct side *c = side(client), *u = side(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  c->other = u;
  u->other = c;
  connect(u->fd, (struct sockaddr *) upstream, sizeof *upstream);
  watch(c);
  watch(u);
}

static void *forget(void *from) {
  static char events[256 << 10];
  while (read((intptr_t) from, events, sizeof events) > 0) usleep(5000);
  return NULL;
}

static int control(int port) {
  static const char ask[] = "AUTHENTICATE\r\nSETEVENTS STREAM\r\n";
  struct sockaddr_in at = {AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {0}};
  intptr_t fd = socket(AF_INET, SOCK_STREAM, 0);
  pthread_t thread;
  return connect(fd, (struct sockaddr *) &at, sizeof at) || write(fd, ask, sizeof ask - 1) < 0
         || pthread_create(&thread, NULL, forget, (void *) fd);
}

int main(int count, char **words) {
  struct sockaddr_in at = {AF_INET, htons(count > 2 ? atoi(words[1]) : 0), {htonl(INADDR_LOOPBACK)}, {0}}, up = at;
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), client;
  struct epoll_event events[256], accepting = {EPOLLIN, {.ptr = NULL}};
  if (count < 3) return 2;
  up.sin_port = htons(atoi(words[2]));
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *) &at, sizeof at) || listen(listener, 4096)) return 1;
  if (count > 3 && control(atoi(words[3]))) return 1;
  epoll = epoll_create1(0);
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &accepting);
  for (;;) {
    struct side *gone[512];
    int dead = 0, n = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < n; i++) {
      struct side *s = events[i].data.ptr;
      if (s == NULL) {
        while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) opened(client, &up);
      } else if (!s->dead && (carry(s) < 0 || carry(s->other) < 0)) {
        s->dead = s->other->dead = 1;
        end(s);
        end(s->other);
        gone[dead++] = s;
        gone[dead++] = s->other;
      }
    }
    /* Only now: a side may have had more events in this turn. */
    while (dead > 0) { free(gone[--dead]->left); free(gone[dead]); }
  }
}
