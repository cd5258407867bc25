/** What the command line asks for (`extra=` in a guest's configuration). */
import { EventChoice } from "./arch/x86-xen/event-abi.ts";
import { GrantVersion } from "./arch/x86-xen/grant-version.ts";
import { Benchmark } from "./bench/benchmark.ts";
import { parseNumber } from "./lib/bytes.ts";
import { CommandLine } from "./lib/command-line.ts";
import * as log from "./lib/log.ts";
import { levelNamed } from "./lib/log-level.ts";
import type { Workload } from "./workload.ts";

/** Takes the value of a word; false where it is not understood. */
type TakeValue = (value: Slice<u8>) => boolean;

@struct
export class Options {
  /** Whose business `ip=` is. */
  readonly takeAddress: TakeValue;
  bench: Benchmark = Benchmark.None;
  /** `pte=eager`: page-table writes reach Xen one by one, for finding the one that is at fault. */
  eager: boolean = false;
  /** `frames=`: how many can be allocated before all further requests fail. For tests. */
  frames: u64 = 0xffffffffffffffff;
  /** `heap=`: the same for allocations from the heap. */
  heap: u64 = 0xffffffffffffffff;
  /** `events=two-level`, `events=fifo`: which of Xen's interfaces for events. */
  events: EventChoice = EventChoice.AsNeeded;
  /** `grants=v2`: the other version of the grant table, where Xen permits it. */
  grantVersion: GrantVersion = GrantVersion.V1;

  constructor(takeAddress: TakeValue) {
    this.takeAddress = takeAddress;
  }

  /** Reads the whole line. A word that nobody knows is reported: it is most likely a misspelt one. */
  read(line: Slice<u8>, workload: Workload): void {
    const words = new CommandLine(line);
    while (words.next()) {
      if (!this.take(words.key, words.value) && !workload.takeOption(words.key, words.value)) {
        log.warn(
          `command line: nobody knows ${text(words.key)}${words.hasValue ? "=" : ""}${text(words.value)}`,
        );
      }
    }
  }

  take(key: Slice<u8>, value: Slice<u8>): boolean {
    if (key.equals("bench".bytes())) return this.takeBenchmark(value);
    if (key.equals("loglevel".bytes())) return takeLogLevel(value);
    if (key.equals("events".bytes())) return this.takeEvents(value);
    if (key.equals("grants".bytes())) return this.takeGrants(value);
    if (key.equals("pte".bytes())) return this.takeQueueMode(value);
    if (key.equals("frames".bytes())) return this.takeFrames(value);
    if (key.equals("heap".bytes())) return this.takeHeap(value);
    if (key.equals("ip".bytes())) {
      const takeAddress = this.takeAddress;
      return takeAddress(value);
    }
    return false;
  }

  takeFrames(value: Slice<u8>): boolean {
    const number = parseNumber(value);
    if (number.ok) this.frames = number.value;
    return number.ok;
  }

  takeHeap(value: Slice<u8>): boolean {
    const number = parseNumber(value);
    if (number.ok) this.heap = number.value;
    return number.ok;
  }

  takeQueueMode(value: Slice<u8>): boolean {
    this.eager = value.equals("eager".bytes());
    return this.eager || value.equals("batched".bytes());
  }

  takeBenchmark(value: Slice<u8>): boolean {
    if (value.equals("core".bytes())) this.bench = Benchmark.Core;
    else if (value.equals("boot".bytes())) this.bench = Benchmark.Boot;
    else if (value.equals("net".bytes())) this.bench = Benchmark.Net;
    else if (value.equals("block".bytes())) this.bench = Benchmark.Block;
    else return false;
    return true;
  }

  takeGrants(value: Slice<u8>): boolean {
    if (value.equals("v2".bytes())) this.grantVersion = GrantVersion.V2;
    return this.grantVersion === GrantVersion.V2 || value.equals("v1".bytes());
  }

  takeEvents(value: Slice<u8>): boolean {
    if (value.equals("two-level".bytes())) this.events = EventChoice.TwoLevel;
    else if (value.equals("fifo".bytes())) this.events = EventChoice.Fifo;
    else return false;
    return true;
  }
}

function takeLogLevel(value: Slice<u8>): boolean {
  const level = levelNamed(value);
  if (level.ok) log.showUpTo(level.value);
  return level.ok;
}
