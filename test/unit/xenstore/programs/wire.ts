//> READ a in transaction 7: 02 00 00 00 09 00 00 00 07 00 00 00 02 00 00 00 61 00
//> WRITE a/b=c: 0b 00 00 00 01 00 00 00 00 00 00 00 05 00 00 00 61 2f 62 00 63
//> WATCH: 04 00 00 00 02 00 00 00 00 00 00 00 06 00 00 00 2f 61 00 31 37 00
//> 4096 bytes of payload: fits; 4097: too long
//> paths: ok ok ok ok; bad: empty // /a/ a.b a//b 0xff zero
//> 2048 ok, 2049 too long; in a domain's directory: 2048 ok, 2049 too long; 5000 too long
//> below: true true true true false false false false
//> event: path "dev/a", token 17
//> no event: 7 of 7
//> numbers: 0 18446744073709551615; none: 9 of 9
//> transaction 5; none: 3 of 3
//> permissions: n0 r5 w65535 b1
//> no permissions: 5 of 5, too many refused: true
//> names: [a] [bc] [] [d]
//> faults: ENOENT ENOENT unnamed unnamed
//> part: generation 12, more to come: [a] [b]
//> part: generation 12, the last: [c]
//> part: generation 3, the last:
//> no part: 4 of 4
import { print } from "xenlet:host";
import {
  parseDecimal,
  parseTransaction,
  parseWatchEvent,
} from "../../../../kernel/drivers/xenbus/xenstore/answers.ts";
import { takePart } from "../../../../kernel/drivers/xenbus/xenstore/directory-part.ts";
import { faultNamed, XenstoreFault } from "../../../../kernel/drivers/xenbus/xenstore/fault.ts";
import { OutgoingMessage } from "../../../../kernel/drivers/xenbus/xenstore/message.ts";
import { Names } from "../../../../kernel/drivers/xenbus/xenstore/names.ts";
import { isAtOrBelow, judgePath } from "../../../../kernel/drivers/xenbus/xenstore/path.ts";
import {
  accessLetter,
  parsePermissions,
  Permission,
} from "../../../../kernel/drivers/xenbus/xenstore/permission.ts";
import { format, type ByteSink } from "../../../../kernel/lib/format.ts";
import { domIdNumber } from "../../../../kernel/xen-abi/domain.ts";
import { MessageType } from "../../../../kernel/xen-abi/xs-wire.ts";

const message = new OutgoingMessage();
const long = new FixedArray<u8, 6000>();

@struct
class Line implements ByteSink {
  readonly bytes = new FixedArray<u8, 400>();
  length: usize = 0;
  write(bytes: Slice<u8>): void {
    this.bytes.slice(this.length).copyFrom(bytes);
    this.length += bytes.length;
  }
  add(template: Template): void {
    format(this, template);
  }
  show(): void {
    print(`${text(this.bytes.slice(0, this.length))}`);
  }
}

function showBytes(what: string): void {
  const line = new Line();
  line.add(`${what}:`);
  for (const byte of message.unsent()) line.add(` ${hex(byte, 2)}`);
  line.show();
}

function messages(): void {
  message.begin(MessageType.Read, 7);
  message.addPath("a");
  message.finish(9);
  showBytes("READ a in transaction 7");
  message.begin(MessageType.Write, 0);
  message.addPath(`a/${text("b".bytes())}`);
  message.addRest("c");
  message.finish(1);
  showBytes("WRITE a/b=c");
  message.begin(MessageType.Watch, 0);
  message.addPath("/a");
  message.addText(`${17 as u32}`);
  message.finish(2);
  showBytes("WATCH");
  long.fill(0x61);
  message.begin(MessageType.Write, 0);
  message.addPath("a");
  message.addRest(`${text(long.slice(0, 4094))}`);
  const fits_ = message.judge().ok;
  message.addRest("b");
  const over = message.judge();
  const isTooLong = !over.ok && over.error === XenstoreFault.RequestTooLong;
  print(`4096 bytes of payload: ${fits_ ? "fits" : "no"}; 4097: ${isTooLong ? "too long" : "no"}`);
}

function verdict(path: Slice<u8>): string {
  const judged = judgePath(path);
  if (judged.ok) return "ok";
  return judged.error === XenstoreFault.PathTooLong ? "too long" : "bad";
}

/** The path of a message, which is judged like any other. */
function added(path: Slice<u8>): string {
  message.begin(MessageType.Read, 0);
  message.addPath(`${text(path)}`);
  const judged = message.judge();
  if (judged.ok) return "ok";
  return judged.error === XenstoreFault.PathTooLong ? "too long" : "bad";
}

function paths(): void {
  const good = new Line();
  const candidates: Slice<string> = ["/", "/a/b-c_d/0", "a", "@introduceDomain"];
  for (const path of candidates) good.add(`${verdict(path.bytes())} `);
  const bad = new Line();
  const refusable: Slice<string> = ["", "//", "/a/", "a.b", "a//b"];
  for (const path of refusable) {
    if (verdict(path.bytes()) === "bad") bad.add(` ${path === "" ? "empty" : path}`);
  }
  const odd = new FixedArray<u8, 2>();
  odd[0] = 0x61;
  odd[1] = 0xff;
  if (verdict(odd) === "bad") bad.add(" 0xff");
  odd[1] = 0;
  if (verdict(odd) === "bad") bad.add(" zero");
  print(`paths: ${text(good.bytes.slice(0, good.length - 1))}; bad:${text(bad.bytes.slice(0, bad.length))}`);
  const longest = added(long.slice(0, 2048));
  const longer = added(long.slice(0, 2049));
  const over = added(long.slice(0, 5000));
  const home = "/local/domain/32751/".bytes();
  long.copyFrom(home);
  const below = added(long.slice(0, home.length + 2048));
  const belowOver = added(long.slice(0, home.length + 2049));
  print(
    `2048 ${longest}, 2049 ${longer}; in a domain's directory: 2048 ${below}, 2049 ${belowOver}; 5000 ${over}`,
  );
  const line = new Line();
  line.add("below:");
  line.add(` ${isAtOrBelow("/a".bytes(), "/a".bytes())}`);
  line.add(` ${isAtOrBelow("/a/b".bytes(), "/a".bytes())}`);
  line.add(` ${isAtOrBelow("/a".bytes(), "/".bytes())}`);
  line.add(` ${isAtOrBelow("@releaseDomain".bytes(), "@releaseDomain".bytes())}`);
  line.add(` ${isAtOrBelow("/ab".bytes(), "/a".bytes())}`);
  line.add(` ${isAtOrBelow("/".bytes(), "/a".bytes())}`);
  line.add(` ${isAtOrBelow("a/b".bytes(), "/a".bytes())}`);
  line.add(` ${isAtOrBelow("a".bytes(), "".bytes())}`);
  line.show();
}

function events(): void {
  const event = parseWatchEvent("dev/a\x0017\0".bytes());
  if (event.ok) print(`event: path "${text(event.value.path)}", token ${event.value.token}`);
  let refused: u32 = 0;
  const payloads: Slice<string> = ["", "\0", "a", "a\0", "a\x0017", "a\x00x\0", "a\x004294967296\0"];
  for (const payload of payloads) {
    if (!parseWatchEvent(payload.bytes()).ok) refused++;
  }
  print(`no event: ${refused} of 7`);
}

function numbers(): void {
  const zero_ = parseDecimal("0".bytes());
  const largest = parseDecimal("18446744073709551615".bytes());
  let refused: u32 = 0;
  const texts: Slice<string> = ["", " 1", "1 ", "+1", "-1", "0x1", "1\0", "18446744073709551616", "1a"];
  for (const digits of texts) {
    if (!parseDecimal(digits.bytes()).ok) refused++;
  }
  print(`numbers: ${zero_.ok ? zero_.value : 1} ${largest.ok ? largest.value : 1}; none: ${refused} of 9`);
  const transaction = parseTransaction("5\0".bytes());
  refused = 0;
  const ids: Slice<string> = ["0\0", "x\0", "4294967296\0"];
  for (const digits of ids) {
    if (!parseTransaction(digits.bytes()).ok) refused++;
  }
  print(`transaction ${transaction.ok ? transaction.value : 0}; none: ${refused} of 3`);
}

const list = new FixedArray<Permission, 4>();

function permissions(): void {
  const count = parsePermissions("n0\0r5\0w65535\0b1\0".bytes(), list);
  const line = new Line();
  line.add("permissions:");
  if (count.ok) for (const one of list) line.add(` ${accessLetter(one.access)}${domIdNumber(one.domain)}`);
  line.show();
  let refused: u32 = 0;
  const answers: Slice<string> = ["n\0", "x0\0", "\0", "n65536\0", "n-1\0"];
  for (const answer of answers) {
    if (!parsePermissions(answer.bytes(), list).ok) refused++;
  }
  const many = parsePermissions("n0\0n0\0n0\0n0\0n0\0".bytes(), list);
  const isTooLong = !many.ok && many.error === XenstoreFault.AnswerTooLong;
  print(`no permissions: ${refused} of 5, too many refused: ${isTooLong}`);
}

function lists(): void {
  const names = new Names("a\0bc\0\0d".bytes()); // the last without its zero
  const line = new Line();
  line.add("names:");
  while (names.next()) line.add(` [${text(names.name)}]`);
  line.show();
}

function faultName(name: Slice<u8>): string {
  const fault = faultNamed(name);
  if (fault === XenstoreFault.ENOENT) return "ENOENT";
  return fault === XenstoreFault.Unnamed ? "unnamed" : "another";
}

const room = new FixedArray<u8, 32>();

function part(answer: Slice<u8>): boolean {
  room.copyFrom(answer);
  const taken = takePart(room.slice(0, answer.length));
  if (!taken.ok) return false;
  const found = taken.value;
  const line = new Line();
  line.add(
    `part: generation ${taken.value.generation}, ${taken.value.isLast ? "the last" : "more to come"}:`,
  );
  const names = new Names(room.slice(0, taken.value.length));
  while (names.next()) line.add(` [${text(names.name)}]`);
  line.show();
  return true;
}

export function main(): i32 {
  messages();
  paths();
  events();
  numbers();
  permissions();
  lists();
  print(
    `faults: ${faultName("ENOENT\0".bytes())} ${faultName("ENOENT".bytes())} ${faultName("".bytes())} ${faultName("EWHATEVER\0".bytes())}`,
  );
  part("12\0a\0b\0".bytes());
  part("12\0c\0\0".bytes());
  part("3\0\0".bytes());
  let refused: u32 = 0;
  const parts: Slice<string> = ["", "12", "x\0a\0", "12\0a"];
  for (const answer of parts) {
    if (!part(answer.bytes())) refused++;
  }
  print(`no part: ${refused} of 4`);
  return 0;
}
