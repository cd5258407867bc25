/** The monitor: commands on the console, until somebody says halt. */
import type { Console } from "../dev/console.ts";
import { trim } from "../lib/bytes.ts";
import { format } from "../lib/format.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import { Arguments, type Command } from "./command.ts";
import { defectCommands } from "./defects.ts";
import { kernelCommands } from "./kernel.ts";
import { Terminal } from "./terminal.ts";
import { xenstoreCommands } from "./xenstore.ts";

/** The groups of commands, in the order of help. */
const groups: FixedArray<Slice<Command>, 3> = [kernelCommands, xenstoreCommands, defectCommands];

/** Obeys one line after the other. @blocks */
export function runMonitor(console: Console): never {
  const terminal = new Terminal(console);
  terminal.print("This is the monitor. Say help to see what it can do.");
  for (;;) obey(terminal, trim(terminal.readLine("> ")));
}

function obey(terminal: Terminal, line: Slice<u8>): void {
  if (line.length === 0) return;
  const words = new Arguments(line);
  const name = words.next();
  if (name.equals("help".bytes())) return showHelp(terminal);
  for (const group of groups) {
    for (const command of group) {
      if (!name.equals(command.name.bytes())) continue;
      const action = command.action;
      return action(terminal, words);
    }
  }
  terminal.print(`There is no command ${text(name)}. Say help to see those that there are.`);
}

function showHelp(terminal: Terminal): void {
  for (const group of groups) {
    for (const command of group) {
      const line = new LineBuffer(terminal);
      format(line, `${command.name} ${command.usage}`);
      line.padTo(26);
      format(line, ` ${command.purpose}\n`);
      line.flush();
    }
  }
}
