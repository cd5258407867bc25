/** What the toolstack asks of a guest, through the real xl: to end, to begin anew, to say how it is. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { image, rig, shareRig } from "./shared-rig.ts";

shareRig();

/** A guest that listens to the toolstack. */
async function create(name: string, extra = "", config = {}): Promise<Guest> {
  const guest = await rig.create({ name, kernel: image, memoryMb: 16, extra, config });
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await control(guest, "feature-reboot")) === "1") return guest;
    await sleep(100);
  }
  throw new Error(`the guest does not announce what it can do:\n${guest.console.text}`);
}

/** A node of the guest's directory `control`. */
async function control(guest: Guest, node: string): Promise<string | undefined> {
  const path = `/local/domain/${guest.domainId}/control/${node}`;
  const { status, stdout } = await rig.exec(["xenstore-read", path]);
  return status === 0 ? stdout.trim() : undefined;
}

test.serial("a guest announces what it does when it is asked to, and nothing else", async (t) => {
  await using guest = await create("features");
  t.is(await control(guest, "feature-poweroff"), "1");
  t.is(await control(guest, "feature-reboot"), "1");
  t.not(await control(guest, "feature-suspend"), "1");
});

test.serial("xl shutdown ends the domain", async (t) => {
  await using guest = await create("off");
  t.is((await rig.exec(["xl", "shutdown", guest.name])).status, 0);
  t.deepEqual(await guest.wait(), { reason: "poweroff" });
  t.regex(guest.console.text, /^(?:> )?control: power off, as the toolstack asks\r$/m);
  t.is(await control(guest, "shutdown"), "");
});

test.serial("xl shutdown ends a domain whose console nobody reads, in the middle of a flood", async (t) => {
  await using guest = await create("flooded", "test=talk");
  await guest.console.waitFor(/^line 20 of the talk/m);
  await rig.exec(`kill -STOP $(pidof xenconsoled); xl shutdown ${guest.name}`);
  const end = await guest.wait();
  await rig.exec("kill -CONT $(pidof xenconsoled)");
  t.deepEqual(end, { reason: "poweroff" });
});

test.serial("xl reboot ends the domain with the reason that has the toolstack start it again", async (t) => {
  await using guest = await create("again");
  t.is((await rig.exec(["xl", "reboot", guest.name])).status, 0);
  t.deepEqual(await guest.wait(), { reason: "reboot" });
});

/** What the services said, in its order. */
const stops = (guest: Guest): readonly string[] =>
  guest.console.text.match(/\w+: (?:stops|has stopped)/g) ?? [];
const inOrder = ["third", "second", "first"].flatMap((name) => [`${name}: stops`, `${name}: has stopped`]);

test.serial("services are stopped, the youngest first, however the domain is ended", async (t) => {
  const ends: Record<string, (guest: Guest) => unknown> = {
    services: (guest) => rig.exec(["xl", "shutdown", guest.name]),
    halted: (guest) => guest.console.write("halt\r"),
  };
  for (const [name, end] of Object.entries(ends)) {
    await using guest = await create(name, "test=services");
    await end(guest);
    t.deepEqual(await guest.wait(), { reason: "poweroff" });
    t.deepEqual(stops(guest), inOrder, guest.console.text);
  }
  const extra = "test=services-end"; // the first task ends
  await using guest = await rig.create({ name: "over", kernel: image, memoryMb: 16, extra });
  t.deepEqual(await guest.wait(), { reason: "poweroff" });
  t.deepEqual(stops(guest), inOrder, guest.console.text);
});

test.serial("who asks for the end while services are stopped gets it at once", async (t) => {
  await using guest = await create("impatient", "test=services-again");
  await rig.exec(["xl", "shutdown", guest.name]);
  t.deepEqual(await guest.wait(), { reason: "reboot" });
  t.deepEqual(stops(guest), ["third: stops", "third: has stopped", "impatient: stops"]);
});

test.serial("who overrides the answer to the toolstack decides when the domain ends", async (t) => {
  await using guest = await create("policy", "test=shutdown-policy");
  await rig.exec(["xl", "shutdown", guest.name]);
  await guest.console.waitFor(/policy: asked to power off, 1 times\r$/m);
  await until(async () => (await control(guest, "shutdown")) === "");
  await rig.exec(["xl", "reboot", guest.name]);
  await guest.console.waitFor(/policy: asked to reboot, 2 times\r$/m);
  t.deepEqual(await guest.wait(), { reason: "reboot" });
});

test.serial("a guest that was rebooted comes back", async (t) => {
  const config = `name="back"\\nkernel="${image}"\\nmemory=16\\non_reboot="restart"\\n`;
  await rig.exec(`printf '${config}' >/run/back.cfg && xl create /run/back.cfg`);
  const id = async (): Promise<string> => (await rig.exec("xl domid back")).stdout.trim();
  const answers = (domain: string): Promise<string> =>
    rig
      .exec(`xenstore-read /local/domain/${domain}/control/feature-reboot`)
      .then(({ stdout }) => stdout.trim());
  const first = await id();
  await until(async () => (await answers(first)) === "1");
  await rig.exec("xl reboot back");
  await until(async () => /^\d+$/.test(await id()) && (await id()) !== first);
  const second = await id();
  await until(async () => (await answers(second)) === "1");
  t.is((await rig.exec("xl shutdown -w back", { timeoutMs: 60_000 })).status, 0);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await condition()) return;
    await sleep(100);
  }
  throw new Error("it did not come about within ten seconds");
}

test.serial("xl sysrq has the kernel say how it is, and xl trigger where", async (t) => {
  await using guest = await create("asked");
  const ask = async (letter: string, answer: RegExp): Promise<void> => {
    t.is((await rig.exec(["xl", "sysrq", guest.name, letter])).status, 0);
    await guest.console.waitFor(answer);
  };
  await ask("h", /^(?:> )?sysrq h: what can be asked\r\n[^]*^ {2}c {2}crash\r\n/m);
  await ask("t", /^(?:> )?sysrq t: tasks\r\n[^]*^ {2}control: running/m);
  await ask("m", /^(?:> )?sysrq m: memory\r\n[^]*page tables/m);
  await ask(
    "p",
    /^(?:> )?sysrq p: [^]*^control: running, and says this\r\n[^]*^idle: runs when nobody else can[^]*at idle \(/m,
  );
  await ask(
    "w",
    /^(?:> )?sysrq w: [^]*^balloon: balloon\r\n {2}rip [0-9a-f]{16} [^]*at BalloonTask\.awaitNews \(/m,
  );
  await ask("y", /^(?:> )?warning: sysrq: unknown; what can be asked:\r\n {2}h {2}what can be asked\r\n/m);
  t.is((await rig.exec(["xl", "trigger", guest.name, "nmi"])).status, 0);
  await guest.console.waitFor(/^(?:> )?non-maskable interrupt \(sent on purpose\)/m);
  await ask("o", /^(?:> )?sysrq o: power off\r\n/m);
  t.deepEqual(await guest.wait(), { reason: "poweroff" });
});

for (const [letter, reason] of [
  ["b", "reboot"],
  ["c", "crash"],
] as const) {
  test.serial(`xl sysrq ${letter} ends the domain: ${reason}`, async (t) => {
    await using guest = await create(`sysrq-${letter}`);
    await rig.exec(["xl", "sysrq", guest.name, letter]);
    t.deepEqual(await guest.wait(), { reason });
  });
}

test.serial("a request to suspend is not acknowledged, and the next one is obeyed", async (t) => {
  await using guest = await create("awake");
  const node = `/local/domain/${guest.domainId}/control/shutdown`;
  await rig.exec(["xenstore-write", node, "suspend"]);
  await guest.console.waitFor(/^(?:> )?warning: control: asked to suspend, which this kernel cannot do\r$/m);
  t.is(await control(guest, "shutdown"), "suspend");
  await rig.exec(["xenstore-write", node, ""]); // as the toolstack does when it gives up
  await rig.exec(["xenstore-write", node, "nonsense"]);
  await guest.console.waitFor(
    /^(?:> )?warning: control: the toolstack asks for what this kernel does not know\r$/m,
  );
  t.is(await control(guest, "shutdown"), "");
  await rig.exec(["xl", "shutdown", guest.name]);
  t.deepEqual(await guest.wait(), { reason: "poweroff" });
  t.is(guest.console.text.match(/asked to suspend/g)?.length, 1);
});

test.serial("xl save gives up after its minute, and the guest lives on", async (t) => {
  t.timeout(300_000);
  await using guest = await create("unsaved");
  const save = await rig.exec(["xl", "save", guest.name, "/run/saved"], { timeoutMs: 200_000 });
  t.not(save.status, 0);
  t.regex(save.stderr + save.stdout, /didn't acknowledge suspend/);
  guest.console.write("info\r");
  await guest.console.waitFor(/^Xen's clock: \d+ ms/m);
  await rig.exec(["xl", "shutdown", guest.name]);
  t.deepEqual(await guest.wait(), { reason: "poweroff" });
});
