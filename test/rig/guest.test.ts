/** Guests on the rig: created by xl, watched on their consoles, and gone for the reason that Xen was told. */
import test from "ava";
import type { Guest, GuestOptions } from "../../tools/rig/guest.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { GuestFailure } from "../../tools/rig/verdict.ts";
import { linuxKernel, linuxRamdisk } from "./linux-guest.ts";

const kernel = "/tmp/vmlinux";
const ramdisk = "/tmp/ramdisk";

let rig: Rig;
test.before(async (t) => {
  t.timeout(900_000);
  rig = await Rig.start();
  await rig.put(await linuxKernel(), kernel);
  await rig.put(linuxRamdisk(), ramdisk);
});
test.after.always(() => rig?.stop());

/** A Linux guest that waits for commands on its console. */
async function linux(name: string, more: Partial<GuestOptions> = {}): Promise<Guest> {
  const guest = await rig.create({
    name,
    kernel,
    ramdisk,
    memoryMb: 160,
    extra: "console=hvc0 quiet",
    ...more,
  });
  await guest.console.waitFor(/the guest is ready: .*$/m);
  return guest;
}

test.serial("a guest's console is read and typed to, and its power-off is seen", async (t) => {
  await using guest = await linux("talks", { extra: "console=hvc0 quiet word=xyzzy" });
  t.regex(guest.console.text, /word=xyzzy/);
  guest.console.write("echo $((6 * 7)) is the answer\n");
  await guest.console.waitFor(/^42 is the answer/m);
  guest.console.write("poweroff -f\n");
  t.deepEqual(await guest.wait(), { reason: "poweroff" });
});

test.serial("reboot and crash are told apart from power-off, and from each other", async (t) => {
  await using reboots = await linux("reboots");
  await using crashes = await linux("crashes");
  reboots.console.write("reboot -f\n");
  crashes.console.write("echo c >/proc/sysrq-trigger\n");
  t.deepEqual(await reboots.wait(), { reason: "reboot" });
  t.deepEqual(await crashes.wait(), { reason: "crash" });
  t.regex(crashes.console.text, /Kernel panic - not syncing: sysrq triggered crash/);
  const error = await t.throwsAsync(crashes.expectEnd("poweroff", 1000), { instanceOf: GuestFailure });
  t.is(error.verdict, "crash");
});

test.serial(
  "a guest that does not do what was waited for fails with its console, and a hung one is destroyed",
  async (t) => {
    const guest = await linux("hangs");
    const silent = await t.throwsAsync(guest.console.waitFor(/never/, 300), { instanceOf: GuestFailure });
    t.regex(silent.message, /did not print \/never\/ within 0.3 s[^]*the guest is ready/);
    guest.console.write("echo last words; while :; do :; done\n");
    await guest.console.waitFor(/^last words/m);
    t.deepEqual(await guest.wait(), { reason: "timeout" });
    const error = await t.throwsAsync(guest.expectEnd("poweroff", 500), { instanceOf: GuestFailure });
    t.is(error.verdict, "failure");
    t.regex(error.message, /hung: expected poweroff within 0.5 s[^]*\| last words/);
    t.notRegex((await rig.exec("xl list")).stdout, /hangs/);
  },
);

test.serial("a guest that somebody else destroys has ended, too", async (t) => {
  await using guest = await linux("victim");
  t.is((await rig.exec("xl destroy victim")).status, 0);
  t.deepEqual(await guest.wait(), { reason: "destroyed" });
});

test.serial("everything that a guest prints before it ends arrives, in pieces or as a whole", async (t) => {
  await using guest = await linux("prints");
  guest.console.write("seq 100000 103000; poweroff -f\n");
  let pieces = "";
  for await (const piece of guest.console) pieces += piece;
  t.is(pieces, guest.console.text);
  await guest.expectEnd("poweroff");
  const expected = Array.from({ length: 3001 }, (_, index) => String(100_000 + index)).join("\r\n");
  t.true(guest.console.text.includes(expected));
});

test.serial("a guest that floods its console does not take the rig down", async (t) => {
  await using guest = await linux("floods");
  guest.console.write("while :; do seq 1 100000; done\n");
  await guest.console.waitFor(/^5000$/m);
  t.is((await rig.exec("echo alive")).stdout, "alive\n");
  await guest.destroy();
  t.deepEqual(await guest.wait(), { reason: "destroyed" });
});

test.serial("a guest that does not read what is typed does not take the rig down", async (t) => {
  await using guest = await linux("deaf");
  guest.console.write("while :; do :; done\n");
  guest.console.write("x".repeat(200_000));
  t.is((await rig.exec("echo alive")).stdout, "alive\n");
});

test.serial("xl's refusal of an image comes back in its own words", async (t) => {
  const result = await rig.tryCreate({ name: "nonsense", kernel: Buffer.from("nonsense"), memoryMb: 16 });
  t.false(result.created);
  if (!result.created) {
    t.not(result.status, 0);
    t.regex(result.text, /no loader found|Invalid kernel/);
  }
  t.notRegex((await rig.exec("xl list")).stdout, /nonsense/);
});

test.serial("the packaged hotplug scripts set up a network and a block device", async (t) => {
  await rig.exec("head -c 1048576 /dev/zero >/tmp/disk");
  const disk = ["format=raw,vdev=xvda,access=rw,target=/tmp/disk"];
  const vif = ["bridge=xenbr0,mac=00:16:3e:00:00:10"];
  await using guest = await linux("devices", { config: { disk, vif } });
  const { stdout } = await rig.exec(
    `bridge link; losetup -a; xl network-list devices; xl block-list devices`,
  );
  t.regex(stdout, new RegExp(`vif${guest.domainId}\\.0.* master xenbr0`));
  t.regex(stdout, /\/tmp\/disk/);
  t.regex(stdout, /00:16:3e:00:00:10/);
});
