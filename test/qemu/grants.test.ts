/** Grants under Xen itself: both versions of the table, its limits, and a peer that holds on to a page. */
import test, { type ExecutionContext } from "ava";

import { bootBare } from "../../tools/rig/bare.ts";
import type { Guest } from "../../tools/rig/guest.ts";
import { silent } from "../../tools/setup/progress.ts";
import { image, kernel, rig, shareRig } from "./shared-rig.ts";

shareRig({ programs: ["hold-grant"] });

/** Runs the self-test in a domain that asks for `version` and has these settings; what it says. */
async function selfTest(
  t: ExecutionContext,
  version: string,
  config: Record<string, number> = {},
): Promise<string> {
  await using guest = await rig.create({
    name: `grants-${version}-${Object.values(config).join("-")}`,
    kernel: image,
    memoryMb: 16,
    extra: `grants=${version} test=grants`,
    config,
  });
  await guest.expectEnd("poweroff");
  t.regex(guest.console.text, /^self-test grants: version \d of domain \d+: success/m);
  return guest.console.text;
}

/** References in a page, and pages of status words for the 64 pages that Xen allows. */
const versions = [
  { name: "v1", number: 1, perPage: 512, statusPages: 0 },
  { name: "v2", number: 2, perPage: 256, statusPages: 8 },
] as const;

for (const { name, number, perPage, statusPages } of versions) {
  test.serial(
    `version ${number}: access, its end, windows, copies, and growth to the last reference`,
    async (t) => {
      const text = await selfTest(t, name);
      const references = 64 * perPage;
      t.true(
        text.includes(
          `version ${number}: 64 pages of 64, ${references} references, ${statusPages} pages of status`,
        ),
      );
      t.regex(
        text,
        new RegExp(`^${references - 8} grants in 64 pages: every grant reference is in use`, "m"),
      );
      t.regex(text, new RegExp(`^ {2}pages of tests: ${references - 8} grants`, "m"));
      t.regex(text, /^a busy grant: kept until the peer let go/m);
      t.regex(text, /^without memory: out of memory for a larger grant table/m);
      t.regex(text, /^a reference beyond the table: no such grant/m);
      t.regex(text, /^a domain that is not there: there is no such domain/m);
      t.regex(text, /^a copy across the end of a page: the copy crosses the end of a page/m);
    },
  );
}

test.serial("where the toolstack forbids version 2, the table is of version 1", async (t) => {
  const text = await selfTest(t, "v2", { max_grant_version: 1 });
  t.regex(text, /^grant table version 1: 64 pages/m);
});

test.serial("a domain that may have few pages of grants is told so", async (t) => {
  const text = await selfTest(t, "v1", { max_grant_frames: 4 });
  t.regex(text, /^2040 grants in 4 pages: every grant reference is in use; max_grant_frames=/m);
});

for (const { name } of versions) {
  test.serial(`a page that dom0 has mapped (${name}) is free only when dom0 lets go of it`, async (t) => {
    const extra = `grants=${name} test=held-grant`;
    await using guest = await rig.create({ name: `held-${name}`, kernel: image, memoryMb: 16, extra });
    const [, ref = ""] = await guest.console.waitFor(/^held grant: reference (\d+)/m);
    // dom0 maps the page, and holds it for a while; the pipe ends when the sleep does.
    const held = rig.exec(`sleep 1 | /run/hold-grant ${guest.domainId} ${ref}`, { timeoutMs: 20_000 });
    await guest.console.waitFor(/^held grant: busy/m);
    await guest.console.waitFor(/^ {2}domain 0: 1 grants, 0 of them read-only; uses 1/m);
    const { stdout } = await held;
    t.is(stdout.trim(), "0x78656e6c6574");
    await guest.expectEnd("poweroff");
    t.regex(guest.console.text, /^held grant: ended, 0 grants left; the peer wrote 0x78656e6c6575/m);
  });
}

test.serial("the monitor's grants says who can reach what", async (t) => {
  await using guest = await rig.create({ name: "grants-monitor", kernel: image, memoryMb: 16 });
  await guest.console.waitFor(/^> /m);
  guest.console.write("grants\r");
  await guest.console.waitFor(/^\d+ grants in use, \d+ at most; 0 busy/m);
  await guest.console.waitFor(/^0 windows onto 0 pages of other domains, 0 at most/m);
  t.pass();
});

for (const { name, number } of versions) {
  test.serial(
    `pages change domains (${name}): given, taken, kept, lost, and offers that nobody used`,
    async (t) => {
      await using guest = await rig.create({
        name: `transfer-${name}`,
        kernel: image,
        memoryMb: 16,
        extra: `grants=${name} test=transfer`,
      });
      await guest.expectEnd("poweroff");
      const { text } = guest.console;
      t.regex(text, new RegExp(`^self-test transfer: version ${number} of domain \\d+: success`, "m"));
      t.regex(text, /^16 pages passed on, by one call/m);
      t.regex(text, /^ {2}domain \d+: 16 places for pages that it may give/m);
      t.regex(text, /^an offer that nobody used: no page has come/m);
      t.regex(text, /^a granted page: a page that a peer can reach cannot be given away/m);
      t.regex(text, /^a free page: only what the frame allocator gave out/m);
      t.regex(text, /^a page that is mapped twice: not given: something still maps the page/m);
      t.regex(text, /^a domain that is not there: lost: there is no such domain/m);
      for (const what of [
        "a place that nobody offered",
        "a reference beyond the table",
        "a place for another domain",
      ])
        t.true(text.includes(`\n${what}: lost: the peer does not accept it there`), text);
    },
  );
}

test.serial("where Xen is told to do no transfers, a page that is given stays", async (t) => {
  const { serial, reason } = await bootBare({
    kernel: kernel.elf,
    commandLine: "test=transfer",
    xenOptions: "gnttab=no-transfer",
    timeoutMs: 60_000,
    report: silent,
  });
  t.regex(serial, /^a page: Xen does no transfers/m);
  t.regex(serial, /^self-test transfer: Xen does none/m);
  t.is(reason, "poweroff");
});

/** The number of the youngest domain: xl counts. */
async function youngest(): Promise<number> {
  await using guest = await rig.create({ name: "count", kernel: image, memoryMb: 16, extra: "test=halt" });
  await guest.wait();
  return guest.domainId;
}

for (const [taker, giver] of [
  ["v1", "v2"],
  ["v2", "v1"],
] as const) {
  test.serial(`a guest (${taker}) takes pages from another one (${giver})`, async (t) => {
    const before = await youngest();
    const create = (name: string, extra: string): Promise<Guest> =>
      rig.create({ name, kernel: image, memoryMb: 16, extra });
    await using taking = await create(
      `take-${taker}`,
      `grants=${taker} test=transfer-take peer=${before + 2} count=9`,
    );
    const [, ref = ""] = await taking.console.waitFor(
      /^take: 4096 pages before, now 4087; 9 places from reference (\d+) on/m,
    );
    await using giving = await create(
      `give-${giver}`,
      `grants=${giver} test=transfer-give peer=${before + 1} ref=${ref} count=9`,
    );
    t.deepEqual([taking.domainId, giving.domainId], [before + 1, before + 2]);
    await giving.expectEnd("poweroff");
    t.is(giving.console.text.match(/^give: the peer has the page\r$/gm)?.length, 8);
    t.regex(giving.console.text, /^give: 4096 pages before, now 4088\r$/m);
    t.regex(giving.console.text, /^a place that was filled before: lost: the peer does not accept it there/m);
    await taking.expectEnd("poweroff");
    t.regex(taking.console.text, /^take: the last place: no page has come\r$/m);
    t.regex(taking.console.text, /^take: 8 pages as they were sent; now 4096 pages\r$/m);
  });
}
