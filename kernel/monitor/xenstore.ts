/** What a person at the console can ask of xenstored. */
import { client, connection } from "../drivers/xenbus/xenstore/client.ts";
import { Phase } from "../drivers/xenbus/xenstore/connection.ts";
import { describeXenstoreFault, type XenstoreFault } from "../drivers/xenbus/xenstore/fault.ts";
import { Names } from "../drivers/xenbus/xenstore/names.ts";
import { accessLetter, Permission } from "../drivers/xenbus/xenstore/permission.ts";
import { xenstore } from "../drivers/xenbus/xenstore/store.ts";
import { Watch, type WatchTarget } from "../drivers/xenbus/xenstore/watch.ts";
import { format } from "../lib/format.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import * as log from "../lib/log.ts";
import { writeVisibly } from "../lib/visible.ts";
import { domIdNumber } from "../xen-abi/domain.ts";
import type { Arguments, Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export const xenstoreCommands: FixedArray<Command, 1> = [
  {
    name: "xs",
    usage: "[VERB PATH]",
    purpose: "xenstore: ls, read, write, mkdir, rm, perms, watch, unwatch",
    action: obeyXenstore,
  },
];

/** The longest list or value that is shown: more than a message holds, since long lists come in parts. */
const answer = new FixedArray<u8, 16384>();
const permissions = new FixedArray<Permission, 16>();

/** @blocks */
function obeyXenstore(terminal: Terminal, words: Arguments): void {
  const verb = words.next();
  if (verb.length === 0) return showState(terminal);
  const path = words.next();
  if (verb.equals("ls".bytes())) return list(terminal, path);
  if (verb.equals("read".bytes())) return read(terminal, path);
  if (verb.equals("write".bytes())) {
    return confirm(terminal, xenstore.write(`${text(path)}`, `${text(words.next())}`));
  }
  if (verb.equals("mkdir".bytes())) return confirm(terminal, xenstore.makeDirectory(`${text(path)}`));
  if (verb.equals("rm".bytes())) return confirm(terminal, xenstore.remove(`${text(path)}`));
  if (verb.equals("perms".bytes())) return showPermissions(terminal, path);
  if (verb.equals("watch".bytes())) return watcher.begin(terminal, path);
  if (verb.equals("unwatch".bytes())) return watcher.end();
  terminal.print(
    "xs can ls, read, write, mkdir, rm, perms, watch and unwatch; write takes a value after the path",
  );
}

function showState(terminal: Terminal): void {
  terminal.print(`xenstored: ${describePhase(connection.phase)}`);
  terminal.print(`  ${connection.answers} answers, ${connection.requests.count} awaited`);
  terminal.print(`  ${connection.watches.count} watches, ${connection.reports} events`);
  terminal.print(
    `  ${connection.strays} strays, ${connection.malformed} malformed, ${connection.restarts} restarts`,
  );
  if (client.silentSince !== 0) terminal.print("  it does not answer");
}

function describePhase(phase: Phase): string {
  switch (phase) {
    case Phase.Absent:
      return "this domain has none";
    case Phase.Connected:
      return "connected";
    case Phase.Restarting:
      return "the connection starts anew";
    case Phase.Broken:
      return "the connection broke";
  }
}

/** @blocks */
function list(terminal: Terminal, path: Slice<u8>): void {
  const found = xenstore.directory(`${text(path)}`, answer);
  if (!found.ok) return complain(terminal, found.error);
  const names = new Names(found.value);
  while (names.next()) showLine(terminal, names.name);
}

/** @blocks */
function read(terminal: Terminal, path: Slice<u8>): void {
  const value = xenstore.read(`${text(path)}`, answer);
  if (value.ok) showLine(terminal, value.value);
  else complain(terminal, value.error);
}

/** @blocks */
function showPermissions(terminal: Terminal, path: Slice<u8>): void {
  const count = xenstore.permissions(`${text(path)}`, permissions);
  if (!count.ok) return complain(terminal, count.error);
  const line = new LineBuffer(terminal);
  for (const one of permissions.slice(0, count.value)) {
    format(line, `${accessLetter(one.access)}${domIdNumber(one.domain)} `);
  }
  line.write("\n".bytes());
  line.flush();
}

/** What another domain wrote is shown so that the terminal does nothing but show it. */
function showLine(terminal: Terminal, bytes: Slice<u8>): void {
  const line = new LineBuffer(terminal);
  writeVisibly(line, bytes);
  line.write("\n".bytes());
  line.flush();
}

function confirm(terminal: Terminal, done: Result<undefined, XenstoreFault>): void {
  if (!done.ok) complain(terminal, done.error);
}

function complain(terminal: Terminal, fault: XenstoreFault): void {
  terminal.print(`xenstore: ${describeXenstoreFault(fault)}`);
}

/** The one watch that the monitor can have. Its events are lines of the log. */
@struct
class Watcher implements WatchTarget {
  readonly watch = new Watch();
  readonly path = new FixedArray<u8, 256>();

  /** @blocks */
  begin(terminal: Terminal, path: Slice<u8>): void {
    if (path.length > this.path.length)
      return terminal.print("xs: the monitor watches paths of up to 256 bytes");
    this.end();
    this.path.copyFrom(path);
    confirm(terminal, xenstore.watch(this.watch, this.path.slice(0, path.length), this));
  }

  /** @blocks */
  end(): void {
    xenstore.unwatch(this.watch);
  }

  /** @blocks */
  changed(path: Slice<u8>): void {
    log.info(`xs: ${text(path)} has changed`);
  }
}

const watcher = new Watcher();
