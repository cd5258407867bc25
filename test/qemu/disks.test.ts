/**
 * Disks on real Xen, with Linux's blkback: what we write Linux reads, and the reverse; devices that come, go, grow and start
 * anew. One guest has them all. `npm run soak` lets xl attach and detach, which takes it seconds each time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { grantsInXen } from "./grants-in-xen.ts";
import { literally, shippedImages } from "./kernel.ts";
import { play, preparePlays } from "./played-back-end.ts";

const prompt = /\n> $/;
const soak = process.env["XENLET_SOAK"] === "1";
/** xl starts dozens of programs for a disk: that takes what it takes on a machine that has other work. */
const xlLimitMs = 300_000;
const limitMs = 120_000;
/** How large xvda is. */
const megabytes = 64;
const sectors = megabytes * 2048;
const cycleCount = soak ? 500 : 20;
const numbers = { xvda: 51712, xvdb: 51728, hdc: 5632 } as const;
let rig: Rig;
let guest: Guest;

test.before(async (t) => {
  t.timeout(900_000);
  const kernel = await shippedImages();
  rig = await Rig.start();
  await preparePlays(rig);
  await dom0(
    `cd /run && truncate -s ${megabytes}M a.img && truncate -s 4M b.img && truncate -s 8M c.img && truncate -s 1G huge.img`,
  );
  await dom0("truncate -s 1M /run/cycle.img && losetup /dev/loop7 /run/cycle.img");
  const disk = ["file:/run/a.img,xvda,w", "file:/run/b.img,xvdb,w", "file:/run/c.img,hdc,r"];
  const vif = Array.from({ length: 3 }, () => "bridge=xenbr0");
  const extra = "ip=169.254.1.1/16";
  guest = await rig.create({
    name: "disks",
    kernel: kernel.image,
    memoryMb: 32,
    extra,
    config: { disk, vif },
  });
  for (const name of Object.keys(numbers)) {
    await guest.console.waitFor(new RegExp(`${name}: connected`), limitMs);
  }
  await until("an address", () => shownSince(0).includes("eth0 has"));
  await until("the prompt", () => shownSince(0).includes("\n> "));
});
test.after.always(() => rig?.stop());

/** A command in dom0 that has to succeed; what it printed. */
async function dom0(command: string, timeoutMs = limitMs): Promise<string> {
  const { status, stdout, stderr } = await rig.exec(command, { timeoutMs });
  if (status !== 0) throw new Error(`${command}: status ${status}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** What the console showed since `from`, without carriage returns. */
function shownSince(from: number): string {
  return guest.console.text.slice(from).replaceAll("\r", "");
}

/** Says a line to the monitor; what it answers. */
async function ask(line: string): Promise<string> {
  const from = guest.console.text.length;
  guest.console.write(`${line}\n`);
  const answered = new RegExp(`${literally(line)}${prompt.source}|${literally(line)}\\n[^]*${prompt.source}`);
  await until(line, () => answered.test(shownSince(from)));
  return shownSince(from);
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + limitMs; !holds(); await sleep(20)) {
    if (Date.now() > end)
      throw new Error(`${what}: not within ${limitMs} ms:\n${shownSince(0).slice(-2000)}`);
  }
}

/** Does something, and waits until the console shows each of `lines` after it. */
async function expectLines(lines: readonly string[], action: () => Promise<unknown>): Promise<void> {
  const from = guest.console.text.length;
  await action();
  for (const line of lines) await until(line, () => shownSince(from).includes(line));
}

/** The back end's directory of one of the guest's disks. */
function backEndOf(disk: keyof typeof numbers): string {
  return `/local/domain/0/backend/vbd/${guest.domainId}/${numbers[disk]}`;
}

/** The bytes that `dd pattern` writes. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const mask = (1n << 64n) - 1n;
  for (let index = 0; index * 8 < length; index++) {
    let word = (BigInt(index + 1) * 0x9e3779b97f4a7c15n) & mask;
    word = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    bytes.writeBigUInt64LE(word ^ (word >> 27n), index * 8);
  }
  return bytes;
}

/** The CRC-32 of a file in dom0, as Linux reads it. */
function sumOf(file: string): Promise<string> {
  const program =
    "import sys,zlib;s=0\nwith open(sys.argv[1],'rb') as f:\n for b in iter(lambda:f.read(1<<20),b''): s=zlib.crc32(b,s)\nprint('%08x'%s)";
  return dom0(`python3 -c "${program}" ${file}`);
}

test.serial(`a disk of ${megabytes} MB that we wrote is what Linux reads, and the reverse`, async (t) => {
  const written = await ask("dd pattern xvda");
  const ours = /\d+ sectors in \d+ ms, \d+ MB\/s, crc32 ([0-9a-f]{8})/.exec(written)?.[1] ?? "no sum";
  t.is(await sumOf("/run/a.img"), ours, written);
  await dom0("head -c 65536 /run/a.img > /run/start");
  t.deepEqual(await rig.get("/run/start"), pattern(65536));
  await dom0(`dd if=/dev/urandom of=/run/a.img bs=1M count=${megabytes} conv=notrunc`);
  const theirs = await sumOf("/run/a.img");
  t.regex(await ask("dd xvda null"), new RegExp(`${sectors} sectors in .*crc32 ${theirs}`));
  t.regex(await ask("disk-verify xvda"), /not the pattern from byte 0 on/);
});

test.serial("two disks are used at once, by their names; a read-only one is not written", async (t) => {
  await ask("dd pattern xvdb");
  t.regex(await ask("dd hdc xvdb"), /8192 sectors/);
  t.regex(await ask("hexdump xvdb 8191"), /003fffd0 {2}0000000000000000 0000000000000000/);
  t.regex(await ask("dd pattern hdc 8"), /failed: the disk is read-only/);
  t.regex(await ask("dd xvdb null 8193"), /failed: past the end of the disk/);
  t.regex(await ask("disks"), /hdc: 16384 sectors \(8 MiB\), blocks of 512, read-only, connected/);
});

test.serial("a disk that becomes larger is used to its new end", async (t) => {
  const device = await dom0(`xenstore-read ${backEndOf("xvdb")}/node`);
  await expectLines(["xvdb: has another size: 12288 sectors"], async () => {
    await dom0(`truncate -s 6M /run/b.img && losetup -c ${device}`);
    await ask("hexdump xvdb"); // blkback compares when it is asked for something
  });
  t.regex(await ask("dd pattern xvdb"), /12288 sectors in /);
  t.regex(await ask("disk-verify xvdb"), /all of it is the pattern/);
});

/**
 * Writes all of xvda, which is zero, while dom0's shell runs `disturb`. Requires that the back end began anew before the end of
 * that, and that the disk holds what was written.
 */
async function writeThrough(t: ExecutionContext, disturb: string): Promise<void> {
  await dom0(`truncate -s 0 /run/a.img && truncate -s ${megabytes}M /run/a.img`);
  const from = guest.console.text.length;
  guest.console.write("dd pattern xvda\n");
  await dom0(`set -e; ${disturb}`);
  const ended = `${sectors} sectors in `;
  await until("the copy ends", () => shownSince(from).includes(ended));
  const connected = shownSince(from).indexOf("xvda: connected");
  t.true(
    connected >= 0 && connected < shownSince(from).indexOf(ended),
    "it began anew before the copy's end",
  );
  t.regex(await ask("disk-verify xvda"), /all of it is the pattern/);
}

test.serial("a back end that starts anew gets what was under way again", async (t) => {
  await writeThrough(t, `for i in 1 2 3; do xenstore-write ${backEndOf("xvda")}/state 5; sleep 0.1; done`);
});

test.serial("so does one whose driver is taken away and comes again", async (t) => {
  const driver = "/sys/bus/xen-backend/drivers/vbd";
  const device = `vbd-${guest.domainId}-${numbers.xvda}`;
  const again = `echo ${device} >${driver}/unbind; echo ${device} >${driver}/bind; sleep 0.2`;
  for (let i = 0; i < (soak ? 20 : 1); i++) await writeThrough(t, `${again}; ${again}`);
});

/** What the back end offers, and the nodes of its ring that we publish then. */
const offers = [
  { order: 0, segments: 0, persistent: "N", ring: ["ring-ref"] },
  {
    order: 4,
    segments: 16,
    persistent: "Y",
    ring: ["ring-page-order", "ring-ref", "ring-ref0", "ring-ref1"],
  },
  { order: 0, segments: 256, persistent: "N", ring: ["ring-ref"] },
];

test.serial("and one that can do less than before, or more", async (t) => {
  const back = backEndOf("xvda");
  for (const { order, segments, persistent, ring } of offers) {
    const nodes = `${back}/max-ring-page-order ${order} ${back}/feature-max-indirect-segments ${segments}`;
    await writeThrough(
      t,
      `sleep 0.1
       echo ${persistent} >/sys/module/xen_blkback/parameters/feature_persistent
       xenstore-write ${nodes} ${back}/state 5`,
    );
    const published = await dom0(`xenstore-list /local/domain/${guest.domainId}/device/vbd/${numbers.xvda}`);
    t.deepEqual(
      published
        .split("\n")
        .filter((node) => node.startsWith("ring-"))
        .sort(),
      ring,
    );
  }
});

/** What the toolstack and the hotplug script write, for dom0's blkback and the device that they call `vbd0`. */
const attach = ["plug 1", "put dev vbd0", "put mode w", "put physical-device 7:7", "await 4"];
const detach = ["put online 0", "say 5", "await 6", "hear 6", "unplug"];

test.serial("a disk that is taken away in the middle of a copy ends the copy, not the kernel", async (t) => {
  await dom0("losetup /dev/loop6 /run/huge.img");
  const huge = attach.map((line) => line.replace("7:7", "7:6"));
  await expectLines(["vbd0: connected: 2097152 sectors"], () => play(rig, guest, "vbd", huge));
  const from = guest.console.text.length;
  guest.console.write("dd vbd0 null\n"); // of 1 GiB: it goes on for longer than dom0 needs to begin
  await expectLines(["failed: the disk is gone", "vbd0: gone"], () => play(rig, guest, "vbd", detach));
  await until("the copy ends", () => prompt.test(shownSince(from)));
  t.regex(await ask("dd vbd0 null"), /no disk is called vbd0/);
});

/** Nodes of a back end that offers no disk, and what is said of each. */
const absurd = [
  [["sectors 0", "sector-size 512"], "sectors: expected 1 to 2^54, got sectors 0, sector-size 512"],
  [
    ["sectors 2048", "sector-size 3"],
    "sector-size: expected a power of two from 512 to 4096, got sectors 2048, sector-size 3",
  ],
  [["sectors 2049", "sector-size 4096"], "sectors: expected a multiple of sector-size, got sectors 2049"],
  [["sectors many", "sector-size 512"], 'sectors: expected 0 to 18446744073709551615, got "many"'],
] as const;

test.serial(
  "a disk with a size that no disk has is refused with what was read, until it has one",
  async (t) => {
    const refused = absurd.flatMap(([nodes, reason]) => [
      ...["plug 2", "await 3", "put info 0", ...nodes.map((node) => `put ${node}`), "say 4"],
      ...[`shown error: device/vbd/0: the back end is refused: ${reason}`, "await 6", "unplug", "pause"],
    ]);
    const taken = [
      ...["plug 2", "await 3", "put info 0", "put sectors 8", "put sector-size 4096", "say 4", "await 4"],
      ...["shown vbd0: connected: 8 sectors", "put sectors 16", "say 4"],
      ...["shown vbd0: has another size: 16 sectors", "put sectors 0", "say 4"],
      ...["shown the back end is refused: sectors: expected 1 to 2^54", "await 6"],
      ...["unplug", "shown vbd0: gone"],
    ];
    await play(rig, guest, "vbd", [...refused, ...taken]);
    t.notRegex(await ask("disks"), new RegExp(literally("vbd0")));
  },
);

/** What the kernel has of that which devices come and go with; once, when back ends have had time to let go. */
async function counts(): Promise<string> {
  for (;;) {
    const found = /^\d+ devices; .*/m.exec(await ask("devices"))?.[0] ?? "";
    if (/ 0 of them busy/.test(found)) return found;
  }
}

test.serial(`${cycleCount} times attached, used and detached, nothing is left over`, async (t) => {
  // It is seen to be gone before there is another one: else the bus sees the same device with another back end.
  const cycle = [
    ...[...attach, "shown vbd0: connected: 2048 sectors"],
    ...["type dd pattern vbd0", "shown 2048 sectors in "],
    ...[...detach, "shown vbd0: gone"],
  ];
  const cycles = (count: number): Promise<string> =>
    play(rig, guest, "vbd", Array.from({ length: count }, () => cycle).flat(), limitMs + count * 2000);
  await cycles(1); // what stays from the first time is no leak: the grant table's pages, a task's stack for the next one
  const before = await counts();
  await cycles(cycleCount);
  t.is(await counts(), before);
});

(soak ? test.serial : test.serial.skip)(
  "nor where it is xl that attaches and detaches, files and loop devices",
  async (t) => {
    t.timeout(3_600_000);
    const cycle = async (disk: string): Promise<void> => {
      await expectLines(["xvdd: connected: 2048 sectors"], () =>
        dom0(`xl block-attach disks ${disk} xvdd w`, xlLimitMs),
      );
      t.regex(await ask("dd pattern xvdd"), /2048 sectors in /);
      await expectLines(["xvdd: gone"], () => dom0("xl block-detach disks xvdd", xlLimitMs));
    };
    await cycle("phy:/dev/loop7");
    const before = await counts();
    for (let i = 0; i < 10; i++) {
      await cycle("phy:/dev/loop7");
      await cycle("file:/run/cycle.img");
    }
    t.is(await counts(), before);
  },
);

/** dom0 keeps sending: to the guest's echo, and, since nobody at the bridge has that address, to each of its interfaces. */
const floods = `ip neigh replace 169.254.9.9 lladdr 02:00:00:00:00:09 dev xenbr0
  for to in 169.254.1.1/7 169.254.9.9/9; do
    send="while :; do dd if=/dev/zero bs=1400 count=20 >&3; sleep 0.2; done"
    bash -c "exec 3<>/dev/udp/$to; $send" </dev/null >/dev/null 2>&1 & echo $! >>/run/floods
  done`;

test.serial(
  "a guest that is destroyed in the middle of its work leaves nothing behind in dom0",
  async (t) => {
    await expectLines(["udp-echo"], () => ask("udp-echo"));
    await dom0(floods);
    for (const vif of [0, 1, 2]) {
      const packets = `$(cat /sys/class/net/vif${guest.domainId}.${vif}/statistics/tx_packets)`;
      await dom0(`for i in $(seq 200); do [ ${packets} -gt 40 ] && exit 0; sleep 0.1; done; exit 1`);
    }
    guest.console.write("dd xvda xvdb\n".repeat(40));
    await until("the first copy", () => /dd xvda xvdb(.|\n)*sectors in/.test(shownSince(0)));
    t.regex(await grantsInXen(rig, guest.domainId), /0x[0-9a-f]+/, "the key shows what there is");
    await dom0("xl destroy disks", xlLimitMs);
    await dom0("kill $(cat /run/floods)");
    t.is(await dom0("xenstore-ls /local/domain/0/backend | grep -c '^ *frontend = ' || true"), "0");
    // A loop device that was in use goes with the last request.
    const loops = "losetup -a | grep -E '/run/[abc].img'";
    await dom0(`for i in $(seq 100); do ${loops} || exit 0; sleep 0.1; done; exit 1`);
    t.is(await dom0(`ls /sys/class/net | grep -c vif${guest.domainId} || true`), "0");
    t.is(await grantsInXen(rig, guest.domainId), "", "no domain of that number holds anything");
  },
);
