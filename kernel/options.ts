/** What the command line asks for (`extra=` in a guest's configuration). */
import { Benchmark } from "./bench/benchmark.ts";
import { parseNumber } from "./lib/bytes.ts";
import { CommandLine } from "./lib/command-line.ts";
import * as log from "./lib/log.ts";

/** `test=…`: a defect, or an end, on purpose. */
export const enum SelfTest {
  None,
  Panic,
  Divide,
  Null,
  Bounds,
  /** Writes to the kernel's own instructions. */
  Text,
  /** Writes to the kernel's constants. */
  Constants,
  /** Writes just below the stack. */
  Guard,
  /** Runs data as if it were instructions. */
  Execute,
  /** Faults again while the first fault is reported. */
  Nested,
  /** Handles a page fault instead of reporting it. */
  Handler,
  /** Says more than the console can take at once. */
  Flood,
  Halt,
  /** One of kernel/trap-self-test.ts: `trapTest` says which. */
  Trap,
  /** Random page-table work against a model: `seed`, `count`. */
  Pte,
  /** Takes all memory, and gives it back. */
  Memory,
  /** A thousand tasks at once, and each way in which they meet. */
  Tasks,
  /** Sleeps, timers and clocks. */
  Timer,
  /** Event storms, masks and fairness. */
  Events,
  /** Shows the clocks again and again. */
  Clock,
}

const trapPrefix = "trap-";

/** A word that outlives the command line. */
@struct
export class LongWord {
  readonly bytes = new FixedArray<u8, 32>();
  length: usize = 0;

  /** False where it is too long. */
  keep(word: Slice<u8>): boolean {
    if (word.length > this.bytes.length) return false;
    this.bytes.copyFrom(word);
    this.length = word.length;
    return true;
  }

  text(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }
}

@struct
export class Options {
  test: SelfTest = SelfTest.None;
  /** `trap-…`, as it was given. */
  readonly trapTest = new LongWord();
  bench: Benchmark = Benchmark.None;
  /** Page-table writes reach Xen one by one: for finding the one that is at fault. */
  eager: boolean = false;
  /** For tests that make random choices. */
  seed: u64 = 1;
  /** For tests: frames that can be allocated before all further requests fail. */
  allowance: u64 = 0xffffffffffffffff;
  /** How much a test does. */
  count: u64 = 20000;
  /** `events=fifo`: the FIFO interface for events, where Xen offers it. */
  fifoEvents: boolean = false;

  /** Reads the whole line. A word that nobody knows is reported: it is most likely a misspelt one. */
  read(line: Slice<u8>): void {
    const words = new CommandLine(line);
    while (words.next()) {
      if (!this.take(words.key, words.value)) {
        log.warn(
          `command line: nobody knows ${text(words.key)}${words.hasValue ? "=" : ""}${text(words.value)}`,
        );
      }
    }
  }

  take(key: Slice<u8>, value: Slice<u8>): boolean {
    if (key.equals("test".bytes())) return this.takeTest(value);
    if (key.equals("bench".bytes())) return this.takeBenchmark(value);
    if (key.equals("loglevel".bytes())) return takeLogLevel(value);
    if (key.equals("events".bytes())) return this.takeEvents(value);
    if (key.equals("pte".bytes())) return this.takeQueueMode(value);
    const number = parseNumber(value);
    if (!number.ok) return false;
    if (key.equals("seed".bytes())) this.seed = number.value;
    else if (key.equals("count".bytes())) this.count = number.value;
    else if (key.equals("frames".bytes())) this.allowance = number.value;
    else return false;
    return true;
  }

  takeQueueMode(value: Slice<u8>): boolean {
    this.eager = value.equals("eager".bytes());
    return this.eager || value.equals("batched".bytes());
  }

  takeBenchmark(value: Slice<u8>): boolean {
    if (value.equals("core".bytes())) this.bench = Benchmark.Core;
    else if (value.equals("boot".bytes())) this.bench = Benchmark.Boot;
    else return false;
    return true;
  }

  takeEvents(value: Slice<u8>): boolean {
    this.fifoEvents = value.equals("fifo".bytes());
    return this.fifoEvents || value.equals("two-level".bytes());
  }

  takeTest(value: Slice<u8>): boolean {
    if (startsWith(value, trapPrefix.bytes())) {
      this.test = SelfTest.Trap;
      return this.trapTest.keep(value);
    }
    for (const choice of tests) {
      if (!value.equals(choice.name.bytes())) continue;
      this.test = choice.test;
      return true;
    }
    return false;
  }
}

function startsWith(word: Slice<u8>, start: Slice<u8>): boolean {
  return word.length >= start.length && word.slice(0, start.length).equals(start);
}

type TestName = { readonly name: string; readonly test: SelfTest };

const tests: FixedArray<TestName, 18> = [
  { name: "panic", test: SelfTest.Panic },
  { name: "divide", test: SelfTest.Divide },
  { name: "null", test: SelfTest.Null },
  { name: "bounds", test: SelfTest.Bounds },
  { name: "text", test: SelfTest.Text },
  { name: "constants", test: SelfTest.Constants },
  { name: "guard", test: SelfTest.Guard },
  { name: "execute", test: SelfTest.Execute },
  { name: "nested", test: SelfTest.Nested },
  { name: "handler", test: SelfTest.Handler },
  { name: "flood", test: SelfTest.Flood },
  { name: "halt", test: SelfTest.Halt },
  { name: "pte", test: SelfTest.Pte },
  { name: "memory", test: SelfTest.Memory },
  { name: "tasks", test: SelfTest.Tasks },
  { name: "timer", test: SelfTest.Timer },
  { name: "events", test: SelfTest.Events },
  { name: "clock", test: SelfTest.Clock },
];

type LevelName = { readonly name: string; readonly level: log.Level };

const levels: FixedArray<LevelName, 4> = [
  { name: "error", level: log.Level.Error },
  { name: "warning", level: log.Level.Warning },
  { name: "info", level: log.Level.Info },
  { name: "debug", level: log.Level.Debug },
];

function takeLogLevel(value: Slice<u8>): boolean {
  for (const choice of levels) {
    if (!value.equals(choice.name.bytes())) continue;
    log.showUpTo(choice.level);
    return true;
  }
  return false;
}
