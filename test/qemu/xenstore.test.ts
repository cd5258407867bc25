/** The xenstore client against the xenstored that real toolstacks run, one that is silent for a while included. */
import test, { type ExecutionContext } from "ava";

import { Rig } from "../../tools/rig/rig.ts";
import { kernelImages, shippedImages } from "./kernel.ts";

let rig: Rig;
const selfTests = "/run/selftest";
const shipped = "/run/xenlet";
test.before(async (t) => {
  t.timeout(900_000);
  const [tests, monitor] = [await kernelImages(), await shippedImages()];
  rig = await Rig.start();
  await rig.put(tests.image, selfTests);
  await rig.put(monitor.image, shipped);
});
test.after.always(() => rig?.stop());

/** The self-test against one of the two xenstored that Debian ships. */
async function selfTest(t: ExecutionContext, on: Rig): Promise<void> {
  await using guest = await on.create({
    name: "xs",
    kernel: selfTests,
    memoryMb: 32,
    extra: "test=xenstore",
  });
  await guest.expectEnd("poweroff", 120_000);
  const said = guest.console.text.replaceAll("\r", "");
  t.regex(said, /self-test xenstore: success$/m);
  t.regex(said, /40 tasks, up to (?:[2-9]|\d\d) questions at once$/m);
}

test.serial("test=xenstore succeeds with the xenstored in C", (t) => selfTest(t, rig));

test.serial("test=xenstore succeeds with the xenstored in OCaml", async (t) => {
  await using ocaml = await Rig.start({ xenstored: "ocaml" });
  await ocaml.put((await kernelImages()).image, selfTests);
  t.regex((await ocaml.exec("ps")).stdout, /oxenstored/);
  await selfTest(t, ocaml);
});

test.serial(
  "a xenstored that is stopped costs callers their deadline, and is heard again when it goes on",
  async (t) => {
    await using guest = await rig.create({
      name: "silence",
      kernel: selfTests,
      memoryMb: 32,
      extra: "test=xenstore-silence",
    });
    await guest.console.waitFor(/^ready/m, 20_000);
    try {
      await rig.exec("kill -STOP $(cat /run/xen/xenstored.pid)");
      await guest.console.waitFor(/no answer until the deadline/, 20_000);
    } finally {
      await rig.exec("kill -CONT $(cat /run/xen/xenstored.pid)");
    }
    await guest.expectEnd("poweroff", 30_000);
    t.regex(guest.console.text, /self-test xenstore-silence: success/);
  },
);

test.serial("a guest boots while xenstored is silent", async (t) => {
  await using guest = await rig.create({
    name: "early",
    kernel: shipped,
    memoryMb: 32,
    config: { on_poweroff: "preserve" },
  });
  await guest.console.waitFor(/^> /m, 20_000);
  try {
    await rig.exec("kill -STOP $(cat /run/xen/xenstored.pid)");
    guest.console.write("xs read domid\r");
    await guest.console.waitFor(/warning: xenstore: no answer for 5 s/, 20_000);
  } finally {
    await rig.exec("kill -CONT $(cat /run/xen/xenstored.pid)");
  }
  await guest.console.waitFor(/xenstore: answers again, after \d+ ms/, 10_000);
  await guest.console.waitFor(new RegExp(`^${guest.domainId}\r?$`, "m"), 10_000);
  t.pass();
});

test.serial(
  "what dom0 writes shows in the monitor: values, long lists, changes, and bytes that are no text",
  async (t) => {
    await using guest = await rig.create({ name: "shown", kernel: shipped, memoryMb: 32 });
    const home = `/local/domain/${guest.domainId}`;
    await guest.console.waitFor(/^> /m, 20_000);
    await rig.exec(
      `for i in $(seq 300); do echo ${home}/data/long/a-child-with-a-long-name-$((1000+i)) x; done | xargs xenstore-write`,
    );
    guest.console.write("xs ls data/long\r");
    await guest.console.waitFor(/a-child-with-a-long-name-1300/, 20_000);
    const names = new Set(guest.console.text.match(/a-child-with-a-long-name-\d+/g));
    t.is(names.size, 300, "DIRECTORY_PART brings what no message holds");

    guest.console.write("xs watch data/w\r");
    await guest.console.waitFor(/xs: data\/w has changed/, 10_000);
    await rig.exec(["xenstore-write", `${home}/data/w/deep`, "1"]);
    await guest.console.waitFor(/xs: data\/w\/deep has changed/, 10_000);
    guest.console.write("xs unwatch\r");

    await rig.exec(`xenstore-write ${home}/data/odd '\\x1b[2J\\xff'`);
    guest.console.write("xs read data/odd\r");
    await guest.console.waitFor(/^\\x1b\[2J/m, 10_000);
    guest.console.write("xs write /tool/mine x\r");
    await guest.console.waitFor(/xenstore: EACCES, access denied/, 10_000);
    guest.console.write("xs write data/mine hello\r");
    guest.console.write("xs read data/mine\r");
    await guest.console.waitFor(/^hello/m, 10_000);
    t.is((await rig.exec(["xenstore-read", `${home}/data/mine`])).stdout.trim(), "hello");
  },
);
