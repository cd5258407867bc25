/** The balloon, driven by the real xl. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { image, rig, shareRig } from "./shared-rig.ts";

shareRig();

/** A guest at its monitor. */
async function create(name: string, memoryMb: number, config = {}): Promise<Guest> {
  const guest = await rig.create({ name, kernel: image, memoryMb, config });
  await guest.console.waitFor(/^> /m);
  return guest;
}

/** Asks the toolstack for so many megabytes. */
async function set(guest: Guest, megabytes: number): Promise<void> {
  const { status, stderr } = await rig.exec(["xl", "mem-set", guest.name, `${megabytes}m`]);
  if (status !== 0) throw new Error(stderr);
}

/** What Xen says that the guest has, in megabytes. */
async function has(guest: Guest): Promise<number> {
  const { stdout } = await rig.exec(["xl", "list", guest.name]);
  return Number(stdout.trim().split("\n").at(-1)?.split(/\s+/)[2]);
}

/** Asks the monitor; the answer must match. */
async function ask(guest: Guest, command: string, answer: RegExp): Promise<void> {
  guest.console.write(`${command}\r`);
  await guest.console.waitFor(answer);
}

const nothingWrong = "missing frames that are mapped: 0; places that Xen sees otherwise: 0\\r\\n";

test.serial(
  "memory goes away and comes back as xl mem-set says, whether or not it was ever used",
  async (t) => {
    await using guest = await create("balloon", 64);
    for (const megabytes of [32, 8, 64, 16, 48, 64]) {
      const pages = megabytes * 256;
      await set(guest, megabytes);
      await guest.console.waitFor(new RegExp(`balloon: \\d+ pages before, now ${pages}\\r$`, "m"));
      t.is(await has(guest), megabytes);
      await ask(
        guest,
        "balloon",
        new RegExp(`^${pages} pages; [^]*: as wanted\\r\\n[^]*${nothingWrong}`, "m"),
      );
    }
    guest.console.write("halt\r");
    await guest.expectEnd("poweroff");
  },
);

test.serial("a guest keeps what it needs, and says so", async (t) => {
  await using guest = await create("floor", 32);
  await rig.exec(`xenstore-write /local/domain/${guest.domainId}/memory/target 1024`);
  await guest.console.waitFor(
    /^(?:> )?warning: balloon: 256 pages are wanted, \d+ are there: the rest is in use/m,
  );
  await ask(guest, "balloon", new RegExp(`^256 are wanted: the rest is in use[^]*${nothingWrong}`, "m"));
  await ask(guest, "tasks", /^ {2}balloon: [^]*^> /m);
  await set(guest, 32);
  await guest.console.waitFor(/balloon: \d+ pages before, now 8192\r$/m);
  t.is(await has(guest), 32);
});

test.serial("more than at the start is refused in a clear line", async (t) => {
  await using guest = await create("ceiling", 16, { maxmem: 64 });
  await set(guest, 32);
  await guest.console.waitFor(
    /^(?:> )?warning: balloon: 8192 pages are wanted, 4096 are there: more than at the start is not possible\r$/m,
  );
  await set(guest, 12);
  await guest.console.waitFor(/^(?:> )?balloon: 4096 pages before, now 3072\r$/m);
  t.is(await has(guest), 12);
});

test.serial("what Xen does not give is asked for again later", async (t) => {
  await using guest = await create("refused", 32);
  await set(guest, 16);
  await guest.console.waitFor(/now 4096\r$/m);
  await rig.exec(`xenstore-write /local/domain/${guest.domainId}/memory/target 32768`); // Xen's own limit stays
  await guest.console.waitFor(
    /^(?:> )?warning: balloon: 8192 pages are wanted, \d+ are there: Xen gives no more\r$/m,
  );
  await rig.exec(["xl", "mem-max", guest.name, "34m"]);
  await guest.console.waitFor(/balloon: \d+ pages before, now 8192\r$/m);
  await sleep(100);
  await ask(guest, "balloon", new RegExp(`^8192 pages; [^]*: as wanted\\r\\n[^]*${nothingWrong}`, "m"));
  t.pass();
});
