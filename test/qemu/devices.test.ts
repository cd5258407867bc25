/**
 * The life of a device under the real xenstored, dom0 playing toolstack and back end. Whatever a back end does, and wherever
 * a device is when it is unplugged, all that it had is given back. `npm run soak` plays a thousand lives.
 */
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { play, preparePlays } from "./played-back-end.ts";
import { image, rig, shareRig } from "./shared-rig.ts";
import { controlXenstored } from "./xenstore-control.ts";

let guest: Guest;
/** A toolstack writes state 1; with a 0 there, it is the front end that `await 1` waits for. */
const begun = ["plug 1 0", "await 1"];
const published = ["say 2", "await 3"];
const toConnected = [...published, "say 4", "await 4"];

shareRig({
  programs: ["unpause"],
  async prepare() {
    await preparePlays(rig);
    guest = await rig.create({ name: "devices", kernel: image, memoryMb: 16 });
    await guest.console.waitFor(/^> /m);
    // What stays from the first time is no leak: the grant table's first page, a task's stack for the next one.
    await play(rig, guest, "test", ["plug 1", ...toConnected, "unplug"]);
  },
});

/**
 * What the kernel has of that which devices come and go with, as the monitor says it when no device and no grant is left:
 * twice the same, since the stack of a task that ended just now is given back when the kernel is idle.
 */
async function countsWithoutDevices(): Promise<string> {
  let last = "";
  for (let attempt = 0; attempt < 100; attempt++) {
    guest.console.write("devices\r");
    const [, devices, counts = ""] = await guest.console.waitFor(/^(\d+) devices; (.*)\r$/m);
    const isEmpty = devices === "0" && counts.startsWith("0 grants, ");
    if (isEmpty && counts === last) return `${counts}; ${await portsInXen()} ports in Xen`;
    last = isEmpty ? counts : "";
  }
  throw new Error(`a device or a grant is left:\n${guest.console.text.slice(-500)}`);
}

/** How many of the guest's ports are in use, as Xen knows. */
async function portsInXen(): Promise<number> {
  const { status, stdout, stderr } = await rig.exec(`/usr/lib/xen-*/bin/lsevtchn ${guest.domainId}`);
  if (status !== 0) throw new Error(`lsevtchn: ${stdout}${stderr}`);
  return stdout.trim().split("\n").length;
}

/** Where a device that is found comes to, by the state that its back end is in then. */
const found = { 0: 1, 1: 1, 2: 3, 3: 3, 4: 6, 5: 6, 6: 1, 7: 6, 8: 6 } as const;
/** Ways to a state of our end, and where each further state of the back end brings it from there. */
const ways = [
  { way: begun, ours: 1, then: { 0: 1, 2: 3, 3: 3, 4: 6, 5: 6, 6: 1, 7: 6, 8: 6, gone: 1 } },
  {
    way: [...begun, ...published],
    ours: 3,
    then: { 0: 6, 1: 1, 3: 3, 4: 4, 5: 6, 6: 1, 7: 3, 8: 3, gone: 6 },
  },
  {
    way: [...begun, ...toConnected],
    ours: 4,
    then: { 0: 6, 1: 1, 2: 3, 3: 3, 5: 6, 6: 1, 7: 4, 8: 4, gone: 6 },
  },
  {
    way: [...begun, ...toConnected, "say 5", "await 6"],
    ours: 6,
    then: { 0: 6, 1: 1, 2: 3, 3: 3, 4: 6, 6: 1, 7: 6, 8: 6, gone: 6 },
  },
] as const;

/** What each state of each end takes: the play up to there. */
const plays = [
  ...Object.entries(found).map(([theirs, ours]) => [`plug ${theirs} 0`, `await ${ours}`]),
  ...ways.flatMap(({ way, ours, then }) =>
    Object.entries(then).map(([theirs, next]) => [
      ...way,
      theirs === "gone" ? "remove back" : `say ${theirs}`,
      ...(next === ours ? ["pause"] : []),
      `await ${next}`,
    ]),
  ),
];

/** A life for each of them, which ends there: one directory is removed first, or the other. */
function lives(round: number): string[][] {
  const removals = [["unplug"], ["remove back", "remove front"]];
  return plays.map((life, index) => [...life, ...(removals[(index + round) % 2] ?? [])]);
}

/** Plays lives one after the other, without a pause, and sees that they leave nothing behind. */
async function leaveNothing(t: ExecutionContext, played: readonly (readonly string[])[]): Promise<void> {
  const before = await countsWithoutDevices();
  await play(rig, guest, "test", played.flat(), 60_000 + 2000 * played.length);
  t.is(await countsWithoutDevices(), before);
}

/** Unplugging is nobody's mistake: nothing is refused. */
async function unplugRightly(t: ExecutionContext, played: readonly (readonly string[])[]): Promise<void> {
  const start = guest.console.text.length;
  await leaveNothing(t, played);
  t.notRegex(guest.console.text.slice(start), /error: /);
}

test.serial("a device that is unplugged at any state of either end gives everything back", (t) =>
  unplugRightly(t, lives(0)),
);

(process.env["XENLET_SOAK"] === "1" ? test.serial : test.serial.skip)(
  "nor is anything lost in a thousand such lives",
  async (t) => {
    t.timeout(3_600_000);
    const rounds = Array.from({ length: Math.ceil(1000 / plays.length) }, (_, round) => lives(round));
    const many = rounds.flat();
    await unplugRightly(t, many);
    t.log(`${many.length} lives`);
  },
);

test.serial(
  "a back end that skips states, comes back, or is another one meanwhile is connected with all the same",
  async (t) => {
    await leaveNothing(t, [
      ["plug 2", "await 3", "say 4", "await 4", "unplug"],
      ["plug 4", "await 6", "say 6", "await 1", ...toConnected, "unplug"], // it was connected with an earlier kernel
      ["plug 1", ...toConnected, "say 6", "await 1", ...toConnected, "unplug"],
      ["plug 1", ...toConnected, "say 2", "await 3", "say 4", "await 4", "unplug"],
      [...["plug 1", ...toConnected, "remove back", "await 6"], ...["plug 1", ...toConnected, "unplug"]],
      ["plug 1", ...toConnected, "unplug", "plug 2", "await 3", "say 4", "await 4", "unplug"],
    ]);
  },
);

test.serial(
  "a back end in another domain gets what is made for it, wherever the one before had come to",
  async (t) => {
    const [elsewhere, taken] = ["1000", ["say 1", "await 1", ...toConnected, "unplug"]];
    await leaveNothing(
      t,
      ways.flatMap(({ way }) =>
        ([1, 2, 4] as const).map((theirs) => [
          ...way,
          `move ${elsewhere} ${theirs}`,
          `await ${found[theirs]}`,
          ...taken,
        ]),
      ),
    );
    const before = await countsWithoutDevices();
    await play(rig, guest, "test", [...begun, ...published, `move ${elsewhere} 2`, "pause", ...toConnected]);
    guest.console.write("grants\r");
    await guest.console.waitFor(new RegExp(`^ {2}domain ${elsewhere}: 1 grants`, "m"));
    await play(rig, guest, "test", ["unplug", `remove /local/domain/${elsewhere}/backend`]);
    t.is(await countsWithoutDevices(), before);
  },
);

test.serial("a device that the toolstack takes away is closed, and stays so", async (t) => {
  const detached = ["put online 0", "say 5", "await 6", "say 6", "pause", "await 6", "unplug"];
  await leaveNothing(t, [
    ["plug 1", ...toConnected, ...detached],
    ["plug 1", "await 1", "say 2", "await 3", ...detached],
    ["plug 1", "await 1", ...detached],
  ]);
});

/** What is no number, as a play writes it: empty, a word, too long for a number, not even text. */
const noNumbers = ["", "four", "-4", "4 ", "4\\x0a", "0x4", "4".repeat(20), "\\xff\\xfe4\\x00"];

/** What a back end must not say: the play up to the refusal, and what the log says of it. */
const refused = [
  ...[...noNumbers, "9"].map((value) => ({
    way: [...toConnected, `put state ${value}`],
    reason: `state: expected 0 to 8, got "${value}"`,
  })),
  {
    way: [...toConnected, `put state ${"4".repeat(3000)}`],
    reason: "state: expected 0 to 8, got more than 32 bytes",
  },
  ...["", "\\xff", "0", "1000001"].map((value) => ({
    way: [...published, `put size ${value}`, "say 4"],
    reason: `size: expected 1 to 1000000, got "${value}"`,
  })),
  { way: ["put ring-page-order 5", "say 2"], reason: 'ring-page-order: expected 0 to 4, got "5"' },
];
/** What a back end may say then, and is not heard; and how it begins anew. */
const unheard = ["await 6", "say 2", "say 4", "pause", "await 6"];
const anew = ["put size 100", "put ring-page-order 2", "say 1", "await 1", ...toConnected];

test.serial(
  "what is no state or no number refuses the back end, in one line, until it begins anew",
  async (t) => {
    const start = guest.console.text.length;
    await leaveNothing(
      t,
      refused.map(({ way }) => [...begun, ...way, ...unheard, ...anew, "unplug"]),
    );
    const said = guest.console.text.slice(start);
    const lines = said.matchAll(/^.*error: device\/test\/0: the back end is refused: (.*)\r$/gm);
    t.deepEqual(
      [...lines].map(([, reason]) => reason),
      refused.map(({ reason }) => reason),
    );
  },
);

test.serial("a refusal stands in xenstore as well, until the back end does well", async (t) => {
  const before = await countsWithoutDevices();
  const error = `xenstore-read /local/domain/${guest.domainId}/error/device/test/0/error`;
  await play(rig, guest, "test", [...begun, "put ring-page-order many", "say 2", "await 6"]);
  t.is((await rig.exec(error)).stdout, 'ring-page-order: expected 0 to 4, got "many"\n');
  await play(rig, guest, "test", ["put ring-page-order 0", "say 6"]);
  await until("the guest has seen it closed", async () => {
    guest.console.write("devices\r");
    const [, theirs] = await guest.console.waitFor(/device\/test\/0: Closed; \S+: (\w+), refused/);
    return theirs === "Closed";
  });
  await play(rig, guest, "test", toConnected); // it was Initialising for so short a time that nobody saw it
  await until("nothing is wrong any more", async () => (await rig.exec(error)).status !== 0);
  await play(rig, guest, "test", ["unplug"]);
  t.is(await countsWithoutDevices(), before);
});

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await holds()); attempt++) {
    if (attempt === 100) throw new Error(`${what}: not yet\n${guest.console.text.slice(-2000)}`);
    await sleep(50);
  }
}

test.serial(
  "a path that is none of a back end is refused, and the device waits for a better one",
  async (t) => {
    const wrong = [
      ...[
        "",
        "backend/test/1/0",
        "/local/domain/7/backend/test/1/0",
        "\\xff\\xfe",
        `/${"x".repeat(3000)}`,
      ].map((path) => `front backend ${path}`),
      ...["-1", "32752", "zero", "9".repeat(30)].map((id) => `front backend-id ${id}`),
    ];
    await leaveNothing(
      t,
      wrong.map((line) => [
        ...["plug 1", ...toConnected, line, "await 6"],
        ...["plug 1", ...toConnected, "unplug"],
      ]),
    );
  },
);

test.serial(
  "a kind that waits for Connected is told so at once, and hears of what the back end changes",
  async (t) => {
    const before = await countsWithoutDevices();
    await play(rig, guest, "test-net", ["plug 1", "await 1", "say 2", "await 4", "say 4"]);
    await guest.console.waitFor(/device\/test-net\/0: connected, size 100\r$/m);
    await play(rig, guest, "test-net", ["put size 200", "say 4"]);
    await guest.console.waitFor(/device\/test-net\/0: changed, size 200\r$/m);
    await play(rig, guest, "test-net", ["unplug"]);
    t.is(await countsWithoutDevices(), before);
  },
);

test.serial("a device without a driver is named once, in one line", async (t) => {
  const before = await countsWithoutDevices();
  const start = guest.console.text.length;
  await play(rig, guest, "vkbd", ["plug 1", "say 2", "say 3", "say 4", "front state 1"]);
  await play(rig, guest, "test", [...begun, "unplug"]);
  await play(rig, guest, "vkbd", ["unplug"]);
  const said = guest.console.text.slice(start); // what follows is the monitor's own list of devices
  t.is(await countsWithoutDevices(), before);
  const lines = said.match(/device\/vkbd.*/g);
  t.deepEqual(
    lines?.map((line) => line.trim()),
    ["device/vkbd/0: no driver for it"],
  );
});

test.serial("a watch on devices that xenstored refuses is asked for until it is granted", async (t) => {
  await using other = await rig.create({ name: "refused", kernel: image, memoryMb: 16, paused: true });
  await rig.exec(`until xenstore-exists /local/domain/${other.domainId}/console/tty; do sleep 0.05; done`);
  try {
    await controlXenstored(rig, "quota", "set", "path-max", "5"); // "device" has six
    t.is((await rig.exec(`/run/unpause ${other.domainId}`)).status, 0);
    await other.console.waitFor(/error: xenbus: no devices for now: EINVAL/);
  } finally {
    await controlXenstored(rig, "quota", "set", "path-max", "2048");
  }
  await play(rig, other, "test", [...begun, ...toConnected, "unplug"]);
});
