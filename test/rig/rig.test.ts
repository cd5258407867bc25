/** The rig itself: dom0, its agent, and that several pieces of work do not get into each other's way. */
import test from "ava";
import { Rig } from "../../tools/rig/rig.ts";
import { EnvironmentError } from "../../tools/rig/verdict.ts";

let rig: Rig;
test.before(async (t) => {
  // The very first start downloads Debian packages and boots dom0.
  t.timeout(900_000);
  rig = await Rig.start();
});
test.after.always(() => rig?.stop());

test("a command's output, error output and exit status come back apart", async (t) => {
  const result = await rig.exec("echo out; echo err >&2; exit 7");
  t.deepEqual(result, { status: 7, stdout: "out\n", stderr: "err\n", timedOut: false });
});

test("a command given as a list is not looked at by a shell", async (t) => {
  t.is((await rig.exec(["echo", "$HOME", "a  b"])).stdout, "$HOME a  b\n");
});

test("a program that does not exist is an outcome, not a broken rig", async (t) => {
  const result = await rig.exec(["no-such-program"]);
  t.is(result.status, 127);
  t.regex(result.stderr, /no-such-program|No such file/);
});

test("a command is killed with its children when its time is over", async (t) => {
  const result = await rig.exec("sleep 321 & sleep 321", { timeoutMs: 300 });
  t.true(result.timedOut);
  t.is(result.status, 128 + 9);
  const { stdout } = await rig.exec("ps");
  t.notRegex(stdout, /sleep 321/);
});

test("a daemon that keeps a command's pipes open does not keep the command", async (t) => {
  const result = await rig.exec("setsid sleep 6 & echo started", { timeoutMs: 300 });
  t.is(result.stdout, "started\n");
});

test("binary files go in and come back unchanged", async (t) => {
  const bytes = Buffer.from(Array.from({ length: 3_000_001 }, (_, index) => (index * 7919) >> 3));
  await rig.put(bytes, "/tmp/binary", 0o600);
  t.true(bytes.equals(await rig.get("/tmp/binary")));
  t.is((await rig.exec("stat -c '%s %a' /tmp/binary")).stdout, "3000001 600\n");
});

test("an empty file is a file, and a missing one is said to be missing", async (t) => {
  await rig.put(new Uint8Array(0), "/tmp/empty");
  t.is((await rig.get("/tmp/empty")).length, 0);
  await t.throwsAsync(rig.get("/tmp/missing"), {
    message: /dom0 cannot read \/tmp\/missing: .*No such file/,
  });
  await t.throwsAsync(rig.put(new Uint8Array(1), "/no/where"), { message: /dom0 cannot write \/no\/where/ });
});

test("many commands at once get each its own output", async (t) => {
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const results = await Promise.all(
    numbers.map((n) => rig.exec(`for i in 1 2 3; do echo ${n}; usleep 20000; done`)),
  );
  t.deepEqual(
    results.map((result) => result.stdout),
    numbers.map((n) => `${n}\n`.repeat(3)),
  );
});

test("a command with much output does not hold up another one", async (t) => {
  const flood = rig.exec("head -c 20000000 /dev/zero", { timeoutMs: 60_000 });
  const quick = await rig.exec("echo quick");
  t.is(quick.stdout, "quick\n");
  t.is((await flood).stdout.length, 20_000_000);
});

test("a program's input can be written while its output comes", async (t) => {
  let text = "";
  const work = rig.link.spawn(["cat"], { onStdout: (bytes) => (text += bytes.toString()) });
  for (const word of ["one ", "two ", "three"]) {
    work.write(Buffer.from(word));
    await rig.exec("true");
  }
  t.is(text, "one two three");
  work.finish();
  t.deepEqual(await work.end, { kind: "status", status: 0 });
});

test("a file is followed from before it exists", async (t) => {
  let text = "";
  const work = rig.link.follow("/tmp/followed", { onStdout: (bytes) => (text += bytes.toString()) });
  await rig.exec("echo first >/tmp/followed");
  await rig.exec("echo second >>/tmp/followed");
  work.kill();
  await work.end;
  t.is(text, "first\nsecond\n");
});

test("dom0 has a bridge, the network and block back ends, and Xen's log has its boot", async (t) => {
  const { stdout } = await rig.exec("ip link show xenbr0; lsmod");
  for (const word of ["xenbr0", "xen_netback", "xen_blkback"]) t.true(stdout.includes(word), word);
  t.regex(rig.xenLog(), /\(XEN\) .*Xen version 4\.\d+/);
});

test("two rigs at once do not see each other", async (t) => {
  await using other = await Rig.start();
  await other.put(Buffer.from("x"), "/tmp/only-there");
  t.is((await other.exec("ls /tmp/only-there")).status, 0);
  t.is((await rig.exec("ls /tmp/only-there")).status, 1);
});

test("a dead dom0 is a broken environment, told at once to whoever waits", async (t) => {
  await using victim = await Rig.start();
  const waiting = victim.exec("sleep 100", { timeoutMs: 100_000 });
  victim.exec("echo c >/proc/sysrq-trigger").catch(() => {});
  const error = await t.throwsAsync(waiting, { instanceOf: EnvironmentError });
  t.regex(error.message, /what to do/);
});

test("after stop, work fails instead of waiting", async (t) => {
  const stopped = await Rig.start();
  await stopped.stop();
  await t.throwsAsync(stopped.exec("true"), { instanceOf: EnvironmentError });
});
