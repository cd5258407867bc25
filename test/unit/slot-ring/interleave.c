// Runs the two ends of doors/sleepers.ts (SLEEPERS, as the compiler emitted it) in every order of their accesses to the ring's
// indices, on a machine whose stores wait in a buffer, as x86's do: a store is seen by the other end when it is drained, at
// any later time, and only a seqcst store is seen at once. Prints how many orders there were; status 1, and the order, where
// both ends stand still, so that a notification was lost.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static uint32_t simulated_load(volatile uint32_t *place);
static void simulated_store(volatile uint32_t *place, uint32_t value, int order);

// Every shared access of this program is to a 32-bit index; a slot's contents are not in question here.
#define __atomic_load_n(place, order) simulated_load(place)
#define __atomic_store_n(place, value, order) simulated_store(place, value, order)
#include SLEEPERS
#undef __atomic_load_n
#undef __atomic_store_n

enum { ENDS = 2, BUFFERED = 8, STEPS = 64, STACK_BYTES = 65536 };

struct end {
  ucontext_t context;
  char stack[STACK_BYTES];
  struct { volatile uint32_t *place; uint32_t value; } buffer[BUFFERED];
  int buffered;
  int done, waits;
};

static struct end ends[ENDS];
static struct end *running;
static ucontext_t scheduler;
static int bell, responses;
// What was chosen at each step, and from how many possibilities: the way to the next order.
static int chosen[STEPS], possible[STEPS], step;

static void pause_here(void) { swapcontext(&running->context, &scheduler); }

static void drain(struct end *end) {
  *end->buffer[0].place = end->buffer[0].value;
  memmove(end->buffer, end->buffer + 1, (size_t)--end->buffered * sizeof end->buffer[0]);
}

static uint32_t simulated_load(volatile uint32_t *place) {
  if (!running) return *place;
  pause_here();
  for (int i = running->buffered; i-- > 0;)
    if (running->buffer[i].place == place) return running->buffer[i].value;
  return *place;
}

static void simulated_store(volatile uint32_t *place, uint32_t value, int order) {
  if (!running) {
    *place = value;
    return;
  }
  pause_here();
  if (order == __ATOMIC_SEQ_CST) {
    while (running->buffered) drain(running);
    *place = value;
    return;
  }
  running->buffer[running->buffered].place = place;
  running->buffer[running->buffered++].value = value;
}

// A hypercall empties the store buffer.
static void enter_hypercall(void) {
  pause_here();
  while (running->buffered) drain(running);
}

void ringBell(void) {
  enter_hypercall();
  bell = 1;
}

void awaitBell(void) {
  enter_hypercall();
  while (!bell) {
    running->waits = 1;
    pause_here();
  }
  running->waits = 0;
  bell = 0;
}

static void run_end(int number) {
  (number == 0 ? publisher : sleeper)(responses);
  ends[number].done = 1;
  pause_here();
}

static int choose(int count) {
  if (step == STEPS) exit(2);
  possible[step] = count;
  return chosen[step++];
}

// One order, along `chosen`. False where somebody waits for ever.
static int run_once(void) {
  running = NULL;
  start(responses);
  bell = step = 0;
  for (int i = 0; i < ENDS; i++) {
    struct end *end = &ends[i];
    end->done = end->waits = end->buffered = 0;
    getcontext(&end->context);
    end->context.uc_stack.ss_sp = end->stack;
    end->context.uc_stack.ss_size = STACK_BYTES;
    makecontext(&end->context, (void (*)(void))run_end, 1, i);
  }
  for (;;) {
    int options[2 * ENDS], count = 0;
    for (int i = 0; i < ENDS; i++) {
      if (!ends[i].done && (!ends[i].waits || bell)) options[count++] = i;
      if (ends[i].buffered) options[count++] = ENDS + i;
    }
    if (count == 0) return ends[0].done && ends[1].done;
    int option = options[count == 1 ? 0 : choose(count)];
    if (option >= ENDS) {
      drain(&ends[option - ENDS]);
    } else {
      running = &ends[option];
      swapcontext(&scheduler, &running->context);
      running = NULL;
    }
  }
}

// Moves `chosen` to the next order; false after the last.
static int next_order(void) {
  while (step > 0) {
    if (++chosen[step - 1] < possible[step - 1]) return 1;
    chosen[--step] = 0;
  }
  return 0;
}

int main(void) {
  for (responses = 0; responses < 2; responses++) {
    long orders = 0;
    do {
      orders++;
      if (run_once()) continue;
      printf("a notification is lost in order %ld:", orders);
      for (int i = 0; i < step; i++) printf(" %d", chosen[i]);
      puts("");
      return 1;
    } while (next_order());
    printf("%s: %ld orders\n", responses ? "responses" : "requests", orders);
  }
}
