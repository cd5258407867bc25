// The loads of kernel/bench/block.ts as a program of a Linux PV guest, with the least that Linux needs for them: asynchronous
// requests of the kernel's own interface, without a library. Prints the same figures.
//
// disk-load read.sequential.4k.1=2000 ...
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MOST_DEPTH 32
#define DATA_BYTES (4 << 20)
#define DISK_BYTES (1ull << 30)

#define VCPU_OP 24           // __HYPERVISOR_vcpu_op
#define GET_RUNSTATE_INFO 4  // VCPUOP_get_runstate_info

struct load {
  char operation[8], order[16];
  uint64_t bytes;
  unsigned depth, rounds;
};

struct runstate {  // vcpu_runstate_info of vcpu.h
  int32_t state;
  uint64_t entered;
  uint64_t time[4];  // running, runnable, blocked, offline
};

struct hypercall {  // privcmd_hypercall of Linux's xen/privcmd.h
  uint64_t operation, arguments[5];
};

static int disk, privcmd;
static aio_context_t context;
static char *data;

static void demand(int holds, const char *what) {
  if (holds) return;
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

// What Xen says that this vCPU has used. Asking three times is a mark in Xen's record of hypercalls (hypercalls.ts).
static uint64_t running(void) {
  static struct runstate account;
  struct hypercall call = {VCPU_OP, {GET_RUNSTATE_INFO, 0, (uintptr_t)&account}};
  for (int i = 0; i < 3; i++)
    demand(ioctl(privcmd, _IOC(_IOC_NONE, 'P', 0, sizeof call), &call) == 0, "VCPUOP_get_runstate_info");
  return account.time[0];
}

// A place for each index, without order.
static uint64_t scatter(uint64_t index) {
  uint64_t word = (index + 1) * 0x9e3779b97f4a7c15;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  return word ^ (word >> 27);
}

static void prepare(struct iocb *request, const struct load *load, unsigned index) {
  int is_random = strcmp(load->order, "random") == 0;
  uint64_t place = (is_random ? scatter(index) : index) % (DISK_BYTES / load->bytes);
  request->aio_lio_opcode = strcmp(load->operation, "read") == 0 ? IOCB_CMD_PREAD : IOCB_CMD_PWRITE;
  request->aio_fildes = disk;
  request->aio_nbytes = load->bytes;
  request->aio_offset = place * load->bytes;
}

// Keeps up to `depth` requests under way; waits for half of them, and then sends as many together.
static void run(const struct load *load, unsigned rounds) {
  static struct iocb requests[MOST_DEPTH];
  struct iocb *idle[MOST_DEPTH], *fresh[MOST_DEPTH];
  struct io_event events[MOST_DEPTH];
  unsigned batch = load->depth > 1 ? load->depth / 2 : 1, idle_count = load->depth, queued = 0;
  for (unsigned i = 0; i < load->depth; i++) {
    idle[i] = &requests[i];
    requests[i].aio_buf = (uintptr_t)(data + i * load->bytes);
  }
  for (unsigned done = 0; done < rounds;) {
    unsigned count = 0;
    for (; queued < rounds && idle_count > 0; queued++) {
      fresh[count] = idle[--idle_count];
      prepare(fresh[count++], load, queued);
    }
    for (unsigned sent = 0; sent < count;) {
      long taken = syscall(SYS_io_submit, context, count - sent, fresh + sent);
      demand(taken > 0, "io_submit");
      sent += taken;
    }
    unsigned goal = batch < queued - done ? batch : queued - done;
    long ended = syscall(SYS_io_getevents, context, goal, goal, events, NULL);
    demand(ended == goal, "io_getevents");
    for (long i = 0; i < ended; i++) {
      demand(events[i].res == (int64_t)load->bytes, "a request");
      idle[idle_count++] = (struct iocb *)(uintptr_t)events[i].obj;
    }
    done += ended;
  }
}

static void measure(const char *name, const struct load *load) {
  run(load, load->depth);  // the pages that the back end keeps are granted
  uint64_t since = now(), cpu = running();
  run(load, load->rounds);
  uint64_t used = running() - cpu, time = now() - since;
  printf("bench: %s.time %llu ns\n", name, (unsigned long long)time / load->rounds);
  printf("bench: %s.cpu %llu ns\n", name, (unsigned long long)used / load->rounds);
}

int main(int count, char **words) {
  disk = open("/dev/xvda", O_RDWR | O_DIRECT);
  demand(disk >= 0, "/dev/xvda");
  privcmd = open("/dev/xen/privcmd", O_RDWR);
  demand(privcmd >= 0, "/dev/xen/privcmd");
  demand(syscall(SYS_io_setup, MOST_DEPTH, &context) == 0, "io_setup");
  data = mmap(NULL, DATA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  demand(data != MAP_FAILED, "memory");
  for (int i = 1; i < count; i++) {
    struct load load;
    char unit, *end = strchr(words[i], '=');
    int found = sscanf(words[i], "%7[a-z].%15[a-z].%lu%c.%u=%u", load.operation, load.order, &load.bytes, &unit,
                       &load.depth, &load.rounds);
    demand(found == 6 && end != NULL, words[i]);
    load.bytes <<= unit == 'm' ? 20 : 10;
    demand(load.depth <= MOST_DEPTH && load.depth * load.bytes <= DATA_BYTES, words[i]);
    *end = 0;
    measure(words[i], &load);
  }
  printf("bench: done\n");
  return 0;
}
