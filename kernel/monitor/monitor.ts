/** The monitor: commands on the console, until somebody says halt. */
import type { Console } from "../dev/console.ts";
import { commonPrefix, startsWith, trim } from "../lib/bytes.ts";
import { format } from "../lib/format.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import { LineEditor, type Completer } from "../lib/line-editor.ts";
import { LineHistory } from "../lib/line-history.ts";
import { balloonCommands } from "./balloon.ts";
import { Arguments, type Command } from "./command.ts";
import { defectCommands } from "./defects.ts";
import { deviceCommands } from "./devices.ts";
import { diskCommands } from "./disks.ts";
import { kernelCommands } from "./kernel.ts";
import { logCommands } from "./log.ts";
import { netCommands } from "./net.ts";
import { keepLine, Terminal } from "./terminal.ts";
import { xenstoreCommands } from "./xenstore.ts";

const helpCommands: FixedArray<Command, 1> = [
  { name: "help", usage: "", purpose: "what can be said here", action: showHelp },
];

/** The groups of commands, in the order of help. */
const groups: FixedArray<Slice<Command>, 9> = [
  helpCommands,
  kernelCommands,
  balloonCommands,
  logCommands,
  xenstoreCommands,
  netCommands,
  deviceCommands,
  diskCommands,
  defectCommands,
];

@struct
class CommandNames implements Completer {
  complete(line: Slice<u8>): Slice<u8> {
    let rest = line.slice(0, 0);
    let isFound = false;
    for (const group of groups) {
      for (const command of group) {
        const name = command.name.bytes();
        if (!startsWith(name, line)) continue;
        const more = name.slice(line.length);
        rest = isFound ? commonPrefix(rest, more) : more;
        isFound = true;
      }
    }
    return rest;
  }
}

const history = new LineHistory();
const names = new CommandNames();
const editor = new LineEditor(history, names);

/** Obeys one line after the other. @blocks */
export function runMonitor(console: Console): never {
  const terminal = new Terminal(console, editor);
  keepLine(console);
  terminal.print("This is the monitor. Say help to see what it can do.");
  for (;;) obey(terminal, trim(terminal.readLine("> ")));
}

function obey(terminal: Terminal, line: Slice<u8>): void {
  if (line.length === 0) return;
  const words = new Arguments(line);
  const name = words.next();
  for (const group of groups) {
    for (const command of group) {
      if (!name.equals(command.name.bytes())) continue;
      const action = command.action;
      return action(terminal, words);
    }
  }
  terminal.print(`There is no command ${text(name)}. Say help to see those that there are.`);
}

function showHelp(terminal: Terminal, words: Arguments): void {
  for (const group of groups) {
    for (const command of group) {
      const line = new LineBuffer(terminal);
      format(line, `${command.name} ${command.usage}`);
      line.padTo(32);
      format(line, ` ${command.purpose}\n`);
      line.flush();
    }
  }
}
