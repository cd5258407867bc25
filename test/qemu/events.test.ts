/** Event channels on real Xen: both interfaces, more ports than the kernel begins with, and a channel between two guests. */
import test from "ava";

import { bootBare } from "../../tools/rig/bare.ts";
import { silent } from "../../tools/setup/progress.ts";
import { shippedImages } from "./kernel.ts";
import { image, kernel, rig, shareRig } from "./shared-rig.ts";

shareRig();

/** What the kernel says when it is Xen's first domain. */
async function bare(commandLine: string): Promise<string> {
  const booted = await bootBare({
    kernel: kernel.elf,
    commandLine,
    memoryMb: 64,
    timeoutMs: 60_000,
    report: silent,
  });
  return booted.serial.replaceAll("\r", "");
}

/** What the kernel says as a guest that ends by itself. */
async function guestSays(
  name: string,
  extra: string,
  config: Readonly<Record<string, number>> = {},
): Promise<{ readonly said: string; readonly domainId: number }> {
  await using guest = await rig.create({ name, kernel: image, memoryMb: 32, extra, config });
  await guest.expectEnd("poweroff");
  return { said: guest.console.text.replaceAll("\r", ""), domainId: guest.domainId };
}

for (const { choice, says } of [
  { choice: "", says: /^events: two-level interface$/m },
  { choice: "events=fifo", says: /^events: FIFO interface$/m },
]) {
  test.serial(`storms, masks and turns: test=events ${choice}, as first domain and as guest`, async (t) => {
    const words = `test=events ${choice}`;
    for (const said of [await bare(words), (await guestSays("events", words)).said]) {
      t.regex(said, says);
      t.regex(said, /^self-test events: success$/m);
    }
  });
}

test.serial(
  "the FIFO interface is taken when a priority is wanted, and bound ports do not notice",
  async (t) => {
    const said = await bare("test=event-growth count=100");
    t.regex(said, /^without memory: there is no memory for the port's handler$/m);
    t.regex(said, /^100 ports up to number \d+, two-level interface: all are open$/m);
    t.regex(said, /^events: FIFO interface, with priorities$/m);
    t.regex(said, /^a second control block: EINVAL/m);
    t.regex(said, /^self-test event-growth: success$/m);
  },
);

test.serial("and when the last port of the two-level one is bound", async (t) => {
  const said = await bare("test=event-growth count=4200");
  t.regex(said, /^4200 ports up to number \d+, FIFO interface: all are open$/m);
  t.regex(said, /^4200 of them heard their ring$/m);
  t.regex(said, /^self-test event-growth: success$/m);
});

test.serial(
  "events=two-level stays there: the port after 4095 is refused, and all others work",
  async (t) => {
    const said = await bare("test=event-growth count=4200 events=two-level");
    const opened = /^(\d+) ports up to number 4095, two-level interface: ENOSPC/m.exec(said)?.[1];
    t.true(Number(opened) > 4000, said);
    t.true(said.includes(`\n${opened} of them heard their ring\n`));
    t.regex(said, /^events: two-level interface, without priorities$/m);
    t.regex(said, /^self-test event-growth: success$/m);
  },
);

test.serial("a domain that may have few ports is told so, and uses those", async (t) => {
  const { said } = await guestSays("few", "test=event-growth count=100", { max_event_channels: 20 });
  t.regex(said, /^\d+ ports up to number 20, two-level interface: ENOSPC/m);
  t.regex(said, /^self-test event-growth: success$/m);
});

test.serial(
  "two guests ring each other; a stranger may not, and the end of one is seen by the other",
  async (t) => {
    const count = 300;
    const before = (await guestSays("before", "test=event-growth count=1")).domainId;
    const [first, second] = [before + 1, before + 2]; // xl counts
    await using offering = await rig.create({
      name: "offering",
      kernel: image,
      memoryMb: 16,
      extra: `test=event-offer peer=${second}`,
    });
    t.is(offering.domainId, first);
    await offering.console.waitFor(/offered: ports \d+ and \d+/);
    const port = Number(/offered: ports (\d+)/.exec(offering.console.text)?.[1]);
    const { said, domainId } = await guestSays(
      "binding",
      `test=event-bind peer=${first} port=${port} count=${count}`,
    );
    t.is(domainId, second);
    t.regex(said, /^a domain that is not there: ESRCH/m);
    t.regex(said, /^a port for somebody else: EINVAL/m);
    t.regex(said, /^a port that nobody offers: EINVAL/m);
    t.regex(said, /^our own domain: EINVAL/m);
    t.regex(said, new RegExp(`^bind: ${count} rings sent, ${count} answers came$`, "m"));
    await offering.expectEnd("poweroff");
    t.true(
      offering.console.text.includes(
        `offer: ${count} rings came, ${count} were answered, then the peer closed its end`,
      ),
      offering.console.text,
    );
  },
);

test.serial("the monitor's events says who is at the other end", async (t) => {
  await using guest = await rig.create({
    name: "monitor",
    kernel: (await shippedImages()).image,
    memoryMb: 16,
  });
  await guest.console.waitFor(/> /);
  guest.console.write("events\r");
  await guest.console.waitFor(/two-level interface, ports up to 4095/);
  await guest.console.waitFor(/port \d+: port \d+ of domain 0 is its peer, \d+ rings/);
  await guest.console.waitFor(/port \d+: VIRQ_TIMER, from Xen, \d+ rings/);
  t.pass();
});
