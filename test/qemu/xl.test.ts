/** The kernel as a guest that the real xl creates, with its console ring. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { assertReport, defects } from "./reports.ts";
import { image, kernel, rig, shareRig } from "./shared-rig.ts";

const gzip = "/run/xenlet.gz";
shareRig({ prepare: () => rig.put(kernel.gzip, gzip) });

async function create(name: string, extra: string, memoryMb = 16, kernel = image): Promise<Guest> {
  return rig.create({ name, kernel, memoryMb, extra });
}

/** The guest's console with the line ends of this side. */
const said = (guest: Guest): string => guest.console.text.replaceAll("\r\n", "\n");

test.serial("xl create shows the banner on the console ring", async (t) => {
  await using guest = await create("banner", "test=halt", 24);
  await guest.expectEnd("poweroff");
  const text = said(guest);
  const version = /Xen version (\d+\.\d+\.\d+)/.exec(rig.xenLog())?.[1];
  t.true(text.includes(`\nXen ${version}\n`), text);
  t.regex(text, /^xenlet 0\.1\.0, /m);
  t.regex(text, /^ {2}features 0x[0-9a-f]{8}: .*gnttab_map_avail_bits/m);
  t.regex(text, /^domain: a guest, ABI xen-3\.0-x86_64$/m);
  t.regex(text, /^memory: 6144 pages \(24 MB\)$/m);
  t.regex(text, /^ {2}compiled by .*clang/im);
  t.regex(text, /^command line: test=halt$/m);
  const port = /^console: ring, port (\d+), back end in domain 0$/m.exec(text)?.[1];
  t.truthy(port, text);
  const node = await rig.exec(["xenstore-read", `/local/domain/${guest.domainId}/console/port`]);
  t.is(port, node.stdout.trim());
});

test.serial("the log before the console exists is shown as soon as it does", async (t) => {
  await using guest = await create("early", "nonsense test=halt");
  await guest.expectEnd("poweroff");
  t.regex(said(guest), /^warning: command line: nobody knows nonsense$[^]*^xenlet /m);
});

test.serial("a gzip'ed image boots", async (t) => {
  await using guest = await create("gzip", "test=halt", 16, gzip);
  await guest.expectEnd("poweroff");
  t.regex(said(guest), /^xenlet 0\.1\.0, /m);
});

for (const defect of defects) {
  test.serial(`xl sees test=${defect.name} crash, with the whole report on the console`, async (t) => {
    await using guest = await create(`defect-${defect.name}`, `test=${defect.name}`);
    t.deepEqual(await guest.wait(), { reason: "crash" });
    assertReport(t, defect, said(guest));
  });
}

test.serial("a fault inside the report ends the domain instead of looping", async (t) => {
  await using guest = await create("nested", "test=nested");
  t.deepEqual(await guest.wait(), { reason: "crash" });
  t.regex(said(guest), /^panic: with a log that faults$/m);
});

test.serial("the monitor's commands do what help says", async (t) => {
  await using guest = await create("monitor", "");
  const ask = async (command: string, answer: RegExp): Promise<void> => {
    guest.console.write(`${command}\r`);
    await guest.console.waitFor(answer);
  };
  await guest.console.waitFor(/^> /m);
  await ask("help", /^halt +ends well\r\n[^]*> /m);
  await ask("info", /^Xen's clock: \d+ ms; unexpected events: 0\r\n> /m);
  await ask("mem", /^this domain has 4096 pages[^]*^p2m list +[^]*8 pages\r\n[^]*could not be met\r\n> /m);
  await ask("maps", /^ffffffff80000000 to [0-9a-f]+ r-x bootstrap, \d+ pages\r\n[^]*> /m);
  await ask("pte", /^pte queue: batched, 0 entries wait[^]* 0 requests refused\r\n> /m);
  await ask("trap", /^\d+ vectors never came, and would be handled by default\r\n[^]*> /m);
  await ask("bench", /^bench: copy\.4096 [^]*\r\n> /m);
  await ask("nonsense", /^There is no command nonsense\./m);
  await ask("", /> /);
  guest.console.write("halt\r");
  await guest.expectEnd("poweroff");
  t.pass();
});

for (const [command, cause] of [
  ["panic", /^panic: on purpose/m],
  ["divide", /^panic: division by zero/m],
  ["null", /a null reference/m],
] as const) {
  test.serial(`the monitor's ${command} crashes the domain`, async (t) => {
    await using guest = await create(`monitor-${command}`, "");
    await guest.console.waitFor(/^> /m);
    guest.console.write(`${command}\r`);
    t.deepEqual(await guest.wait(), { reason: "crash" });
    t.regex(said(guest), cause);
    t.regex(said(guest), /^ {2}at runMonitor \(kernel\/monitor\/monitor\.ts:\d+\)$/m);
  });
}

test.serial("a guest that waits for input uses no processor time", async (t) => {
  await using guest = await create("idle", "");
  await guest.console.waitFor(/^> /m);
  const used = async (): Promise<number> => {
    const { stdout } = await rig.exec(["xl", "list", guest.name]);
    return Number(stdout.trim().split("\n").at(-1)?.split(/\s+/)[5]);
  };
  const before = await used();
  await sleep(3000);
  t.true((await used()) - before <= 0.1, `${before} s before, ${await used()} s after`);
});
