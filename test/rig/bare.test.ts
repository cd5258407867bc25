/** Xen booting a kernel as its first domain. */
import test from "ava";
import { bootBare, startBare } from "../../tools/rig/bare.ts";
import { readBareEnd } from "../../tools/rig/bare-end.ts";
import { linuxKernel } from "./linux-guest.ts";

test.before((t) => t.timeout(900_000));

test.serial("a kernel's output is seen and its crash is told from its end", async (t) => {
  // Without an initramfs Linux has no root file system, which it takes for a reason to panic.
  const kernel = await linuxKernel();
  const pieces: string[] = [];
  const result = await bootBare({
    kernel,
    commandLine: "console=hvc0 word=xyzzy,comma",
    memoryMb: 256,
    timeoutMs: 60_000,
    onOutput: (text) => pieces.push(text),
  });
  t.is(result.reason, "crash");
  t.regex(result.serial, /Command line: .*word=xyzzy,comma/);
  t.regex(result.serial, /Kernel panic - not syncing: VFS/);
  t.is(pieces.join(""), result.serial);
});

test.serial("a kernel that does not end is killed after its time", async (t) => {
  const result = await bootBare({ kernel: await linuxKernel(), memoryMb: 256, timeoutMs: 300 });
  t.is(result.reason, "timeout");
});

test.serial("a kernel can be killed at any moment", async (t) => {
  const guest = await startBare({ kernel: await linuxKernel(), memoryMb: 256 });
  await guest.kill();
  t.is((await guest.end).reason, "timeout");
});

test.serial("an image that Xen does not take is refused, not crashed", async (t) => {
  const result = await bootBare({
    kernel: Buffer.alloc(100_000, "nonsense"),
    memoryMb: 32,
    timeoutMs: 60_000,
  });
  t.is(result.reason, "refused");
  t.regex(result.serial, /Could not construct domain 0|dom0/i);
});

test("only Xen's own lines say how a domain ended", (t) => {
  t.is(readBareEnd("Hardware Dom0 halted: halting machine\n"), undefined);
  t.is(readBareEnd("(XEN) Hardware Dom0 halted: halting machine\n"), "poweroff");
  t.is(readBareEnd("(XEN) Hardware Dom0 shutdown: rebooting machine\n"), "reboot");
  t.is(readBareEnd("(XEN) Hardware Dom0 shutdown: watchdog rebooting machine\n"), "watchdog");
  t.is(readBareEnd("(XEN) Panic on CPU 0:\n(XEN) Could not construct domain 0\n"), "refused");
  t.is(readBareEnd("(XEN) *** Serial input to DOM0 (type…)\n(XEN) Panic on CPU 0:\n"), "xen-panic");
});
