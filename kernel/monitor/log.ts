/** The log: what was said, when, and how much of it is shown. */
import { format, formatUnsigned } from "../lib/format.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import * as log from "../lib/log.ts";
import { levelNamed, nameOfLevel } from "../lib/log-level.ts";
import type { Arguments, Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export const logCommands: FixedArray<Command, 1> = [
  {
    name: "log",
    usage: "[level [LEVEL]]",
    purpose: "what the kernel said, and when; which lines it shows",
    action: runLog,
  },
];

/** @blocks */
function runLog(terminal: Terminal, words: Arguments): void {
  const verb = words.next();
  if (verb.length === 0) return showLog(terminal);
  if (!verb.equals("level".bytes())) return terminal.print("log, or log level [LEVEL]");
  const name = words.next();
  if (name.length === 0) return terminal.print(`${nameOfLevel(log.level())}`);
  const level = levelNamed(name);
  if (level.ok) log.showUpTo(level.value);
  else terminal.print(`${level.error}`);
}

/** @blocks */
function showLog(terminal: Terminal): void {
  const end = log.nextLine();
  let number: u64 = log.oldestLine();
  while (number < end) {
    showLine(terminal, number);
    terminal.settle();
    number = max<u64>(number + 1, log.oldestLine()); // others have logged meanwhile
  }
}

function showLine(terminal: Terminal, number: u64): void {
  const kept = log.keptLine(number);
  const line = new LineBuffer(terminal);
  writeSeconds(line, kept.time);
  line.padTo(14);
  line.write(nameOfLevel(kept.level).bytes());
  line.padTo(24);
  format(line, `${text(kept.text)}${text(kept.more)}`);
  line.flush();
}

/** Seconds, to the microsecond. */
function writeSeconds(line: LineBuffer, nanoseconds: u64): void {
  formatUnsigned(line, nanoseconds / 1000000000);
  line.write(".".bytes());
  let unit: u64 = 100000000;
  for (let digit = 0; digit < 6; digit++) {
    formatUnsigned(line, (nanoseconds / unit) % 10);
    unit /= 10;
  }
}
