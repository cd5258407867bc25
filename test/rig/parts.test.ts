/** Parts of the rig that need no machine. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { fingerprint, isCurrent, stamp } from "../../tools/kernel-stamp.ts";
import { setting } from "../../tools/rig/arguments.ts";
import { archive } from "../../tools/rig/cpio.ts";
import { GuestConsole } from "../../tools/rig/console.ts";
import { decodeEnd, encodeFrame, FrameDecoder, FrameType } from "../../tools/rig/frame.ts";
import { readXlReport } from "../../tools/rig/guest-end.ts";
import { withLock } from "../../tools/rig/lock.ts";
import { keepRecentlyUsed, markUsed } from "../../tools/rig/recently-used.ts";
import {
  EnvironmentError,
  exitCodes,
  GuestFailure,
  quoteTail,
  verdictOf,
  verdicts,
} from "../../tools/rig/verdict.ts";
import { xlConfig } from "../../tools/rig/xl-config.ts";
import { hostPackages } from "../../tools/setup/host-packages.ts";

test("the five verdicts have five exit codes", (t) => {
  t.is(new Set(Object.values(exitCodes)).size, verdicts.length);
  t.is(exitCodes.success, 0);
});

test("a broken environment is never a finding about the kernel", (t) => {
  t.is(verdictOf(new EnvironmentError("QEMU is missing", "install it")), "environment");
  t.is(verdictOf(new TypeError("a defect of the tools")), "environment");
  t.is(verdictOf("a string"), "environment");
  t.is(verdictOf(new GuestFailure("wrong", "")), "failure");
  t.is(verdictOf(new GuestFailure("died", "", "crash")), "crash");
});

test("an environment error says what to do", (t) => {
  t.regex(
    new EnvironmentError("QEMU is missing", "install it").message,
    /QEMU is missing\n {2}what to do: install it/,
  );
});

test("a quotation of a log keeps its last lines and says how many it leaves out", (t) => {
  t.is(quoteTail("a\nb\nc\n", 2), "  | … 1 earlier lines left out\n  | b\n  | c");
  t.is(quoteTail(""), "  | (no output)");
});

test("frames survive any cutting of the stream", (t) => {
  const stream = Buffer.concat([
    encodeFrame(FrameType.stdout, 7, Buffer.from("hello")),
    encodeFrame(FrameType.end, 7, Buffer.from([0, 3, 0, 0, 0])),
    encodeFrame(FrameType.pong, 0xffffffff),
  ]);
  for (let cut = 0; cut <= stream.length; cut++) {
    const decoder = new FrameDecoder();
    const frames = [...decoder.push(stream.subarray(0, cut)), ...decoder.push(stream.subarray(cut))];
    t.deepEqual(
      frames.map(({ type, channel, payload }) => [type, channel, payload.toString("latin1")]),
      [
        [FrameType.stdout, 7, "hello"],
        [FrameType.end, 7, "\0\x03\0\0\0"],
        [FrameType.pong, 0xffffffff, ""],
      ],
    );
  }
});

test("a stream that is none of frames is noticed", (t) => {
  t.throws(() => new FrameDecoder().push(Buffer.alloc(9, 0xff)), { message: /out of step/ });
});

test("the three ways in which work ends are told apart", (t) => {
  t.deepEqual(decodeEnd(Buffer.from([0, 5, 0, 0, 0])), { kind: "status", status: 5 });
  t.deepEqual(decodeEnd(Buffer.from([1, 9, 0, 0, 0])), { kind: "signal", signal: 9 });
  t.deepEqual(decodeEnd(Buffer.from("\x02\x02\0\0\0no file", "latin1")), {
    kind: "error",
    errno: 2,
    text: "no file",
  });
});

test("an initramfs is what cpio's newc format says", (t) => {
  const bytes = Buffer.concat(
    archive([{ kind: "file", name: "a", bytes: Buffer.from("xyz"), mode: 0o100755 }]),
  );
  t.is(bytes.toString("latin1", 0, 14), "07070100000001");
  t.is(bytes.toString("latin1", 14, 22), "000081ed");
  t.is(bytes.toString("latin1", 110, 116), "a\0xyz\0");
  t.is(bytes.length % 4, 0);
  t.true(bytes.includes("TRAILER!!!"));
});

test("an xl configuration is written in xl's syntax", (t) => {
  const text = xlConfig({ name: "g", memory: 32, vif: ["bridge=xenbr0", "mac=x"], extra: 'say "hi"' });
  t.is(text, `name = "g"\nmemory = 32\nvif = [ "bridge=xenbr0", "mac=x" ]\nextra = 'say "hi"'\n`);
  t.throws(() => xlConfig({ extra: `both " and '` }), { message: /cannot express/ });
  t.throws(() => xlConfig({ "bad key": 1 }), { message: /no key/ });
});

test("settings on the command line become numbers, lists or strings", (t) => {
  t.deepEqual(setting("vcpus=2", { a: "b" }), { a: "b", vcpus: 2 });
  t.deepEqual(setting("vif=['bridge=xenbr0']", {}), { vif: ["bridge=xenbr0"] });
  t.deepEqual(setting("on_crash=destroy", {}), { on_crash: "destroy" });
  t.throws(() => setting("vif=[unquoted]", {}), { message: /list/ });
  t.throws(() => setting("nothing", {}), { message: /key=value/ });
});

test("the reasons that xl reports are Xen's", (t) => {
  const built = "Parsing config from g\nWaiting for domain g (domid 3) to die [pid 12]\n";
  t.deepEqual(readXlReport("Parsing config from g\n"), { domainId: undefined });
  t.deepEqual(readXlReport(built), { domainId: 3 });
  const end = (code: number): string =>
    `${built}Domain 3 has shut down, reason code ${code} 0x${code.toString(16)}\n`;
  t.deepEqual(readXlReport(end(0)), { domainId: 3, end: { reason: "poweroff" } });
  t.deepEqual(readXlReport(end(4)), { domainId: 3, end: { reason: "watchdog" } });
  t.deepEqual(readXlReport(`${built}Domain 3 has been destroyed.\n`), {
    domainId: 3,
    end: { reason: "destroyed" },
  });
  t.throws(() => readXlReport(end(77)), { message: /77/ });
});

test("a console is searched from where the last search ended", async (t) => {
  const console = new GuestConsole(() => {});
  console.receive(Buffer.from("ping ping"));
  t.is((await console.waitFor(/ping/, 10)).index, 0);
  t.is((await console.waitFor(/ping/, 10)).index, 1);
  await t.throwsAsync(console.waitFor(/ping/g, 10), { instanceOf: GuestFailure });
  const later = console.waitFor(/pong/, 1000);
  console.receive(Buffer.from("po"));
  console.receive(Buffer.from("ng"));
  t.is((await later)[0], "pong");
});

test("a console's characters survive being cut in the middle", (t) => {
  const console = new GuestConsole(() => {});
  for (const byte of Buffer.from("größer €")) console.receive(Uint8Array.of(byte));
  t.is(console.text, "größer €");
});

test("only one holder of a lock works at a time", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lock-"));
  let inside = 0;
  let waits = 0;
  const work = async (): Promise<void> => {
    t.is(++inside, 1);
    await sleep(30);
    inside--;
  };
  const lock = (): Promise<void> => withLock(join(directory, "lock"), () => waits++, work);
  await Promise.all([lock(), lock(), lock()]);
  t.true(waits >= 1);
  rmSync(directory, { recursive: true });
});

test("every host package has its reason, and is in the table once", (t) => {
  const packages = hostPackages("12");
  t.is(new Set(packages.map((entry) => entry.name)).size, packages.length);
  t.true(packages.every((entry) => entry.reason.length >= 8));
});

test("of the cache stays what was used last, whoever made it first", (t) => {
  const cache = mkdtempSync(join(tmpdir(), "cache-"));
  try {
    for (const [age, name] of ["youngest", "young", "old", "oldest"].entries()) {
      mkdirSync(join(cache, name));
      writeFileSync(join(cache, name, "state"), name);
      writeFileSync(join(cache, `${name}.lock`), "");
      utimesSync(join(cache, name), 1e9 - age, 1e9 - age);
    }
    markUsed(join(cache, "oldest"));
    keepRecentlyUsed(cache, 2);
    t.deepEqual(readdirSync(cache), ["oldest", "oldest.lock", "youngest", "youngest.lock"]);
  } finally {
    rmSync(cache, { recursive: true });
  }
});

test("a kernel is built again when what it is made from differs, or somebody replaced it", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "kernel-"));
  try {
    const elf = join(directory, "kernel.elf");
    const inputs = fingerprint(["build", "one.ts"]);
    t.false(isCurrent(elf, inputs));
    writeFileSync(elf, "a kernel");
    t.false(isCurrent(elf, inputs));
    stamp(elf, inputs);
    t.true(isCurrent(elf, fingerprint(["build", "one.ts"])));
    t.false(isCurrent(elf, fingerprint(["build", "other.ts"])));
    writeFileSync(elf, "another kernel");
    t.false(isCurrent(elf, inputs));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
