/** The xenstore client against the xenstored that real toolstacks run, one that is silent for a while included. */
import test, { type ExecutionContext } from "ava";

import { Rig } from "../../tools/rig/rig.ts";
import { kernelImages, shippedImages } from "./kernel.ts";
import { image, rig, shareRig } from "./shared-rig.ts";
import { controlXenstored, xenPrograms } from "./xenstore-control.ts";

const shipped = "/run/shipped";
shareRig({
  programs: ["unpause"],
  prepare: async () => rig.put((await shippedImages()).image, shipped),
});

const stopXenstored = "kill -STOP $(cat /run/xen/xenstored.pid)";
const continueXenstored = "kill -CONT $(cat /run/xen/xenstored.pid)";

/** What a guest can ask, against one of the two xenstored that Debian ships; what it says. */
async function selfTest(t: ExecutionContext, on: Rig): Promise<string> {
  await using guest = await on.create({
    name: "xs",
    kernel: image,
    memoryMb: 32,
    extra: "test=xenstore",
  });
  await guest.expectEnd("poweroff", 120_000);
  const said = guest.console.text.replaceAll("\r", "");
  t.regex(said, /self-test xenstore: success$/m);
  t.regex(said, /40 tasks, up to (?:[2-9]|\d\d) questions at once$/m);
  return said;
}

/** Two live updates, while 40 tasks ask. */
async function update(t: ExecutionContext, on: Rig, daemon: string): Promise<void> {
  await using guest = await on.create({
    name: "update",
    kernel: image,
    memoryMb: 32,
    extra: "test=xenstore-update",
  });
  await guest.console.waitFor(/asking until/);
  for (let round = 0; round < 2; round++) {
    await controlXenstored(on, "live-update", `${xenPrograms()}/${daemon}`);
  }
  t.regex((await on.exec("ps")).stdout, new RegExp(`${daemon} .*(?:-U|--live)`), "another one runs now");
  await on.exec(["xenstore-write", `/local/domain/${guest.domainId}/data/t/stop`, "1"]);
  await guest.expectEnd("poweroff");
  t.regex(guest.console.text, /xenstore: [1-9]\d* answers, 0 strays/);
  t.regex(guest.console.text, /self-test xenstore-update: success/);
}

test.serial("test=xenstore succeeds with the xenstored in C", async (t) => {
  const said = await selfTest(t, rig);
  t.regex(said, /a path of 2048 bytes: EACCES/, "it is a path, where a guest may not write");
});

test.serial("a live update of the xenstored in C loses no question, no answer and no watch", (t) =>
  update(t, rig, "xenstored"),
);

test.serial("both hold with the xenstored in OCaml", async (t) => {
  await using ocaml = await Rig.start({ xenstored: "ocaml" });
  await ocaml.put((await kernelImages()).image, image);
  t.regex((await ocaml.exec("ps")).stdout, /oxenstored/);
  await selfTest(t, ocaml);
  await update(t, ocaml, "oxenstored");
});

test.serial(
  "a xenstored that is stopped costs callers their deadline; when it goes on, no transaction is left open",
  async (t) => {
    await using guest = await rig.create({
      name: "silence",
      kernel: image,
      memoryMb: 32,
      extra: "test=xenstore-silence",
    });
    await guest.console.waitFor(/^ready|ready after/m);
    try {
      await rig.exec(stopXenstored);
      await guest.console.waitFor(/no answer until the deadline/);
    } finally {
      await rig.exec(continueXenstored);
    }
    await guest.expectEnd("poweroff");
    t.regex(guest.console.text, /self-test xenstore-silence: success/);
  },
);

test.serial(
  "a guest boots to its prompt while xenstored is stopped, warns, and goes on with it",
  async (t) => {
    await using guest = await rig.create({ name: "early", kernel: shipped, memoryMb: 32, paused: true });
    await rig.exec(`until xenstore-exists /local/domain/${guest.domainId}/console/tty; do sleep 0.05; done`);
    try {
      const started = await rig.exec(`${stopXenstored}; /run/unpause ${guest.domainId}`);
      t.is(started.status, 0, started.stderr);
      await guest.console.waitFor(/^> /m);
      await guest.console.waitFor(/warning: xenstore: no answer for 5 s/);
    } finally {
      await rig.exec(continueXenstored);
    }
    await guest.console.waitFor(/xenstore: answers again, after \d+ ms/);
    guest.console.write("xs read domid\r");
    await guest.console.waitFor(new RegExp(`^${guest.domainId}\r?$`, "m"));
    t.pass();
  },
);

test.serial(
  "what dom0 writes shows in the monitor: values, long lists, changes, and bytes that are no text",
  async (t) => {
    await using guest = await rig.create({ name: "shown", kernel: shipped, memoryMb: 32 });
    const home = `/local/domain/${guest.domainId}`;
    await guest.console.waitFor(/^> /m);
    await rig.exec(
      `for i in $(seq 300); do echo ${home}/data/long/a-child-with-a-long-name-$((1000+i)) x; done | xargs xenstore-write`,
    );
    guest.console.write("xs ls data/long\r");
    await guest.console.waitFor(/a-child-with-a-long-name-1300/);
    const names = new Set(guest.console.text.match(/a-child-with-a-long-name-\d+/g));
    t.is(names.size, 300, "DIRECTORY_PART brings what no message holds");

    guest.console.write("xs watch data/w\r");
    await guest.console.waitFor(/xs: data\/w has changed/);
    await rig.exec(["xenstore-write", `${home}/data/w/deep`, "1"]);
    await guest.console.waitFor(/xs: data\/w\/deep has changed/);
    guest.console.write("xs unwatch\r");

    await rig.exec(`xenstore-write ${home}/data/odd '\\x1b[2J\\xff'`);
    guest.console.write("xs read data/odd\r");
    await guest.console.waitFor(/^\\x1b\[2J/m);
    guest.console.write("xs write /tool/mine x\r");
    await guest.console.waitFor(/xenstore: EACCES, access denied/);
    guest.console.write("xs write data/mine hello\r");
    guest.console.write("xs read data/mine\r");
    await guest.console.waitFor(/^hello/m);
    t.is((await rig.exec(["xenstore-read", `${home}/data/mine`])).stdout.trim(), "hello");
  },
);
