/**
 * The kernel's log. Every line goes to each sink that is there, and is kept, so that a sink that arrives late gets what it
 * missed.
 */
import { format, type ByteSink } from "./format.ts";
import { History } from "./history.ts";
import { LineBuffer } from "./line-buffer.ts";
import { Level } from "./log-level.ts";
import { LogLines, type KeptLine } from "./log-lines.ts";

/** A place that shows the log. Both operations are called from panics and traps. */
export interface LogSink {
  /** @interrupt */
  write(bytes: Slice<u8>): void;
  /** Waits, for a bounded time, until what was written has left the domain. @interrupt */
  drain(): void;
}

/** Whoever shows something beside the log, and has to show it again after a line. */
export interface LogListener {
  /** A line was written that is not about the domain's end. @interrupt */
  lineWritten(): void;
}

const sinkLimit = 3;
const history = new History();
const lines = new LogLines();
/** Nanoseconds since boot; there is no clock at first. */
let clock: () => u64 = () => 0;
const sinks = new FixedArray<LogSink | null, 3>();
let sinkCount: usize = 0;
/** The sink that is being written to: where a fault comes meanwhile, it is that sink's. */
const nobody = 255;
let busy: usize = nobody;
let shownLevel: Level = Level.Info;
let listener: LogListener | null = null;

/** Adds a sink, and shows it what was written so far. */
export function addSink(sink: LogSink): void {
  assert(sinkCount < sinkLimit, "too many log sinks");
  const oldest = history.oldest();
  if (oldest > 0) sink.write("[earlier lines are lost]\n".bytes());
  const older = history.piece(oldest, history.written);
  sink.write(older);
  sink.write(history.piece(oldest + older.length, history.written));
  sinks[sinkCount] = sink;
  sinkCount++;
}

/** After a fault: removes the sink that was being written to; false where none was. */
export function dropBusySink(): boolean {
  if (busy === nobody) return false;
  sinks[busy] = null;
  busy = nobody;
  return true;
}

/** Lines above this level are neither shown nor kept. */
export function showUpTo(level: Level): void {
  shownLevel = level;
}

/** The most talkative level that is shown. */
export function level(): Level {
  return shownLevel;
}

/** Notes the time of each line from now on: nanoseconds since boot. Any context may ask `time`. */
export function useClock(time: () => u64): void {
  clock = time;
}

/** Tells `other` of each line from now on. */
export function tell(other: LogListener): void {
  listener = other;
}

/** Bytes that were ever logged. */
export function written(): u64 {
  return history.written;
}

/** The lines that are kept have the numbers from this one on, and before `nextLine()`. */
export function oldestLine(): u64 {
  return lines.oldest(history);
}

/** The number that the next line will have. */
export function nextLine(): u64 {
  return lines.count;
}

/** A line that is kept; its text is good until something else is logged. */
export function keptLine(number: u64): KeptLine {
  return lines.line(number, history);
}

/** A line about the domain's end. */
export function emergency(line: Template): void {
  writeLine(Level.Emergency, "", line);
}

/** Something does not work, and the kernel goes on without it. */
export function error(line: Template): void {
  writeLine(Level.Error, "error: ", line);
}

/** Something is odd, and handled. */
export function warn(line: Template): void {
  writeLine(Level.Warning, "warning: ", line);
}

export function info(line: Template): void {
  writeLine(Level.Info, "", line);
}

export function debug(line: Template): void {
  writeLine(Level.Debug, "", line);
}

/** Waits, for a bounded time, until every sink's output has left the domain. */
export function drain(): void {
  for (const sink of sinks) {
    if (sink !== null) sink.drain();
  }
}

function writeLine(level: Level, prefix: string, line: Template): void {
  if (level > shownLevel) return;
  const marked = new MarkedLine(level);
  const buffer = new LineBuffer(marked);
  buffer.write(prefix.bytes());
  format(buffer, line);
  buffer.write("\n".bytes());
  buffer.flush();
  if (level !== Level.Emergency) listener?.lineWritten(); // a report touches nothing that it need not
}

/** Keeps what it is given, and passes it on to every sink. */
@struct
class EverySink implements ByteSink {
  write(bytes: Slice<u8>): void {
    history.append(bytes);
    for (let place: usize = 0; place < sinkLimit; place++) {
      const sink = sinks[place];
      if (sink === null) continue;
      busy = place;
      sink.write(bytes);
      busy = nobody;
    }
  }
}

/** For lines that are made piece by piece: the target of a `LineBuffer`. They are always shown. */
export const everySink = new EverySink();

/** Notes where a line begins: when its first bytes are kept, since whoever interrupts may log as well. */
@struct
class MarkedLine implements ByteSink {
  readonly level: Level;
  isBegun: boolean = false;

  constructor(level: Level) {
    this.level = level;
  }

  write(bytes: Slice<u8>): void {
    if (!this.isBegun) lines.begin(history.written, clock(), this.level);
    this.isBegun = true;
    everySink.write(bytes);
  }
}
