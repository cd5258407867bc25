/**
 * The network under Xen itself, with Linux's netback: a bridge in dom0, and guests at it. `npm run soak` sends more, attaches
 * devices more often, also by xl, and has nmap look for open ports.
 */
import test, { type ExecutionContext } from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { checksum, isUdpRight } from "../unit/net/frames.ts";
import { dom0Program } from "./dom0-program.ts";
import { grantsInXen } from "./grants-in-xen.ts";
import { shippedImages } from "./kernel.ts";
import { installNmap, nmap } from "./nmap.ts";
import { play, preparePlays } from "./played-back-end.ts";

let rig: Rig;
/** Is used by most tests, and destroyed by the last one. */
let guest: Guest;
/** Its devices come and go. */
let other: Guest;
const image = "/run/xenlet";
const netPeer = "/run/net-peer";
const first = "169.254.1.1";
const second = "169.254.1.2";
const third = "169.254.1.3";
/** What no guest says while all goes well. */
const complaint = /error: |panic/;
const soak = process.env["XENLET_SOAK"] === "1";
const soakTest = soak ? test.serial : test.serial.skip;
/** xl starts dozens of programs for a device: that takes what it takes on a machine that has other work. */
const xlLimitMs = 300_000;

test.before(async (t) => {
  t.timeout(900_000);
  const kernel = await shippedImages();
  rig = await Rig.start();
  await preparePlays(rig);
  await rig.put(kernel.image, image);
  for (const program of ["net-peer", "port-scan", "net-back-end"])
    await rig.put(dom0Program(program), `/run/${program}`, 0o755);
  [guest, other] = await Promise.all([start("net", `ip=${first}/16`), start("other", `ip=${second}/16`)]);
  for (const echoes of [guest, other]) await ask(echoes, "udp-echo");
});
test.after.always(() => rig?.stop());

async function start(name: string, extra: string): Promise<Guest> {
  const made = await rig.create({
    name,
    kernel: image,
    memoryMb: 32,
    extra,
    config: { vif: ["bridge=xenbr0"] },
  });
  await made.console.waitFor(/^.*eth0: connected/m, 60_000);
  await dom0(forwarding(made));
  return made;
}

/** What the monitor answers, up to its next prompt. */
async function ask(to: Guest, command: string, end = /^> $/m): Promise<string> {
  const from = to.console.text.length;
  to.console.write(`${command}\r`);
  await to.console.waitFor(new RegExp(`${command}`), 5000);
  await to.console.waitFor(end, 30_000);
  return to.console.text.slice(from);
}

/** Runs a command in dom0 that has to go well. */
async function dom0(command: string, timeoutMs = 60_000): Promise<string> {
  const { status, stdout, stderr } = await rig.exec(command, { timeoutMs });
  if (status !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
  return stdout;
}

const vifOf = ({ domainId }: Guest): string => `vif${domainId}.0`;
const backEndOf = ({ domainId }: Guest): string => `/local/domain/0/backend/vif/${domainId}/0`;

/**
 * Waits until the bridge forwards to a guest: until then Linux drops what is for it, and no front end can change that. netback
 * says that it has a carrier when it has seen our pages, and a work queue of Linux tells the bridge.
 */
const forwarding = (to: Guest): string =>
  `for i in $(seq 300); do read s </sys/class/net/${vifOf(to)}/brport/state; [ $s = 3 ] && break; sleep 0.01; done`;

/** What the bus, Xen and the pool have of that which devices come and go with; once, when back ends have had time to let go. */
async function counts(of: Guest): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const devices = /^\d+ devices; .*/m.exec(await ask(of, "devices"))?.[0] ?? "";
    if (!/ 0 of them busy/.test(devices)) continue;
    return `${devices.trim()}; ${/buffers: \d+, \d+ free/.exec(await ask(of, "netstat"))?.[0]}`;
  }
  throw new Error(`grants stay busy:\n${of.console.text.slice(-500)}`);
}

/** Sends `count` messages of `size` bytes to port 7, or echo requests, `window` at a time; all come back as they were. */
async function comesBack(
  t: ExecutionContext,
  what: "icmp" | "udp",
  size: number,
  count: number,
  window = 1,
): Promise<void> {
  const said = await dom0(`${netPeer} ${what} ${first} ${size} ${count} ${window}; true`, 1_800_000);
  t.is(said, `right ${count} wrong 0 lost 0\n`, `${what}, ${size} bytes`);
}

test.serial("dom0's pings of every size class are answered, byte for byte", async (t) => {
  for (const size of [0, 1, 56, 1471, 1472, 1473, 2952, 9000, 32768, 65507])
    await comesBack(t, "icmp", size, 3);
  t.notRegex(guest.console.text, complaint);
});

test.serial(`a flood of ${soak ? 10_000 : 3000} pings loses nothing`, async (t) => {
  t.timeout(1_800_000);
  const roundsOf = async (): Promise<number> =>
    Number(/(\d+) rounds/.exec(await ask(guest, "ifconfig"))?.[1] ?? NaN);
  const before = await roundsOf();
  await comesBack(t, "icmp", 56, soak ? 10_000 : 3000, 32);
  await comesBack(t, "icmp", 1472, 1000, 32);
  t.is(
    await dom0(`cat /sys/class/net/${vifOf(guest)}/statistics/tx_dropped`),
    "0\n",
    "netback reports no loss",
  );
  const rounds = (await roundsOf()) - before;
  t.true(rounds < (soak ? 11_000 : 4000), `one round serves many frames: ${rounds}`);
  t.notRegex(guest.console.text, complaint);
});

test.serial("datagrams of every size class come back as they were", async (t) => {
  t.timeout(1_800_000);
  for (const size of [0, 1, 1471, 1472, 1473, 9000, 65507]) await comesBack(t, "udp", size, 3);
  await comesBack(t, "udp", 1000, 1000, 16);
  t.regex(await ask(guest, "netstat"), /port 7: 0 wait, 0 found no room, 0 errors/);
});

soakTest("100 MB of datagrams come back as they were", async (t) => {
  t.timeout(3_600_000);
  await comesBack(t, "udp", 65507, 1600);
  t.notRegex(guest.console.text, complaint);
});

test.serial("a port that nobody has, and a host that is not there, are reported", async (t) => {
  const refused = await rig.exec(`/run/port-scan ${first} 9 9`, { timeoutMs: 20_000 });
  t.is(refused.stdout, "1 closed, 0 silent\n");
  t.regex(await ask(guest, "netstat"), /icmp: [1-9]\d* errors sent, 0 withheld/);
  t.regex(await ask(guest, "ping 169.254.9.9 1", /answered/), /169\.254\.9\.9: no answer/);
});

test.serial("two guests at one bridge ping each other", async (t) => {
  t.regex(await ask(guest, `ping ${second} 3`, /answered/), /3 sent, 3 answered/);
  t.regex(await ask(other, `ping ${first} 3 9000`, /answered/), /3 sent, 3 answered/);
  t.regex(await ask(guest, "arp"), /169\.254\.1\.2 00:16:3e:.* reachable on eth0/);
});

/** The frames of a pcap file that the monitor printed in hex. */
function framesOf(shown: string): Buffer[] {
  const lines = [...shown.matchAll(/^pcap: ([0-9a-f]+)/gm)].map(([, hex = ""]) => hex);
  const file = Buffer.from(lines.join(""), "hex");
  if (file.readUInt32LE(0) !== 0xa1b23c4d || file.readUInt32LE(20) !== 1) throw new Error("no pcap file");
  const frames: Buffer[] = [];
  for (let at = 24; at < file.length;) {
    const length = file.readUInt32LE(at + 8);
    frames.push(file.subarray(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return frames;
}

/** Captures while datagrams go to and fro, and looks at every checksum. */
async function capturesWell(t: ExecutionContext): Promise<void> {
  const from = guest.console.text.length;
  guest.console.write("capture 20 pcap\r");
  await guest.console.waitFor(/capture 20 pcap/, 5000);
  await dom0(`sleep 0.3; ${netPeer} udp ${first} 301 10 1`);
  await guest.console.waitFor(/^20 frames, 0 found no room/m, 20_000);
  const datagrams = framesOf(guest.console.text.slice(from)).filter(
    (frame) => frame.readUInt16BE(12) === 0x800 && frame[23] === 17,
  );
  t.true(datagrams.length >= 10, `${datagrams.length}`);
  for (const frame of datagrams) {
    const address = (at: number): string => frame.subarray(at, at + 4).join(".");
    t.is(checksum(frame.subarray(14, 34)), 0, "of the IPv4 header");
    t.true(isUdpRight(frame.subarray(34), address(26), address(30)), frame.toString("hex"));
  }
}

/** What the hotplug script does. */
const bridged = (of: Guest): string[] => [
  `run ip link set ${vifOf(of)} master xenbr0 && ip link set ${vifOf(of)} up`,
  "put hotplug-status connected",
  "await 4",
  "hear 4",
  `run ${forwarding(of)}`,
];

/** netback starts anew; while the guest does not look, the new one's nodes are changed. */
async function restartBackEnd(nodes: readonly string[]): Promise<void> {
  const drive = (action: string): string =>
    `run echo vif-${guest.domainId}-0 >/sys/bus/xen-backend/drivers/vif/${action}`;
  const pausing = ["say 1", "await 1", "run xl pause net", drive("bind"), "hear 2"];
  const changing = [...nodes.map((node) => `put ${node}`), "run xl unpause net"];
  await play(rig, guest, "vif", [drive("unbind"), ...pausing, ...changing, ...bridged(guest)]);
}

test.serial(
  "captures show right checksums with offload, and without it after netback was restarted",
  async (t) => {
    await capturesWell(t);
    await restartBackEnd(["feature-no-csum-offload 1"]);
    await capturesWell(t);
    await comesBack(t, "udp", 1472, 100, 8);
  },
);

test.serial("a netback that takes one slot a frame gets no more, until another one can", async (t) => {
  await restartBackEnd(["feature-sg 0", "feature-no-csum-offload 1"]);
  for (const size of [56, 1472, 9000, 65507]) await comesBack(t, "icmp", size, 3);
  await restartBackEnd(["feature-no-csum-offload 0"]);
  for (const size of [56, 1472, 9000, 65507]) await comesBack(t, "icmp", size, 3);
  t.notRegex(guest.console.text, complaint);
});

test.serial("the link is down when the back end says so", async (t) => {
  const says = async (carrier: string, expected: RegExp): Promise<void> => {
    await dom0(`xenstore-write ${backEndOf(guest)}/carrier ${carrier}`);
    await guest.console.waitFor(expected, 20_000);
  };
  await says("0", /eth0: the back end's link is down/);
  t.regex(await ask(guest, "ifconfig"), /eth0: .*, no carrier/);
  t.regex(await ask(guest, "ping 169.254.1.0 1", /answered/), /no carrier/);
  await says("1", /eth0: the back end's link is up/);
  t.regex(await ask(guest, "ping 169.254.1.0 1", /answered/), /1 sent, 1 answered/);
});

test.serial(
  "who sends faster than the device waits for it, loses nothing, and keeps nobody from receiving",
  async (t) => {
    await using source = await start("source", `bench=net ip=${third}/16`);
    const [count, size] = [soak ? 20_000 : 5000, 1000];
    const sending = dom0(`${netPeer} source ${third} ${size} ${count} 1`, 1_800_000);
    const pings = await dom0(`${netPeer} icmp ${third} 56 500 4; true`, 1_800_000);
    t.is(await sending, `right ${count} wrong 0 lost 0\n`);
    t.is(pings, "right 500 wrong 0 lost 0\n");
    for (let i = 0; i < 3; i++) {
      t.is(
        await dom0(`${netPeer} source ${third} 18 1000 1`),
        "right 1000 wrong 0 lost 0\n",
        "asked at once again",
      );
    }
    t.notRegex(source.console.text, complaint);
  },
);

const plugged = (): string[] => ["plug 1", "hear 2", ...bridged(other)];

const unplugged = (): string[] => ["put online 0", "say 5", "await 6", ...gone()];

/** Both ends are seen to let go of the device: else the next one is the same for them, or netback finds its name taken. */
const gone = (): string[] => [
  ...["hear 6", "put online 0", "unplug", "shown eth0: unplugged"],
  `run until [ ! -e /sys/devices/vif-${other.domainId}-0 ]; do sleep 0.01; done`,
  `run until [ ! -e /sys/class/net/${vifOf(other)} ]; do sleep 0.01; done`,
];

test.serial(`devices come and go ${soak ? 500 : 20} times, and leave nothing behind`, async (t) => {
  t.timeout(3_600_000);
  const usage = `run ${netPeer} icmp ${second} 3000 2 1 >/dev/null`; // frames of several slots, and fragments
  const cycle = [...plugged(), usage, ...unplugged()];
  await play(rig, other, "vif", unplugged()); // what xl has attached
  await play(rig, other, "vif", cycle); // the grant table's pages and the device's task are there from now on
  const before = await counts(other);
  const cycles = Array.from({ length: soak ? 500 : 20 }, () => cycle);
  await play(rig, other, "vif", cycles.flat(), 3_000_000);
  t.is(await counts(other), before);
  t.notRegex(other.console.text, complaint);
});

test.serial("nor where a device is unplugged in the middle of its traffic", async (t) => {
  const traffic = `run timeout 5 ${netPeer} icmp ${second} 8000 100000 16 >/dev/null 2>&1 &`;
  const echoes = async (): Promise<number> =>
    Number(/icmp: (\d+) echoes answered/.exec(await ask(other, "netstat"))?.[1]);
  const before = await counts(other);
  const answered = await echoes();
  const lives = Array.from({ length: 3 }, () => [...plugged(), traffic, "pause", ...unplugged()]);
  await play(rig, other, "vif", lives.flat());
  t.is(await counts(other), before);
  t.true((await echoes()) >= answered + 3 * 16, "there was traffic");
  t.notRegex(other.console.text, complaint);
});

soakTest("nor where it is xl that attaches and detaches", async (t) => {
  t.timeout(3_600_000);
  const once = async (): Promise<void> => {
    await dom0("xl network-attach other bridge=xenbr0", xlLimitMs);
    await other.console.waitFor(/eth\d: connected/, 60_000);
    await dom0(
      `xl network-detach other $(xenstore-list /local/domain/${other.domainId}/device/vif)`,
      xlLimitMs,
    );
    await other.console.waitFor(/eth\d: unplugged/, 60_000);
  };
  await once();
  const before = await counts(other);
  for (let i = 0; i < 20; i++) await once();
  t.is(await counts(other), before);
  t.notRegex(other.console.text, complaint);
});

test.serial("a carrier that is neither 0 nor 1 refuses the back end", async (t) => {
  const reason = "the back end is refused: carrier: expected 0 to 1, got";
  await play(rig, other, "vif", [...plugged(), "put carrier 2", `shown ${reason}`, "await 6", ...gone()]);
  t.pass();
});

test.serial(
  "what a back end leaves unanswered is sent to the next one in the form that this one takes",
  async (t) => {
    const from = other.console.text.length;
    const runs = (mode: string): string =>
      `run /run/net-back-end ${mode} ${other.domainId} 169.254.9.9 ${second}`;
    const connects = ["say 4", "shown eth0: connected"];
    // netback makes the offer, and then somebody else is the back end.
    const taken = `run echo vif-${other.domainId}-0 >/sys/bus/xen-backend/drivers/vif/unbind`;
    const lesser = ["put feature-sg 0", "put feature-no-csum-offload 1", "say 2", "await 4"];
    await play(rig, other, "vif", [
      ...["plug 1", "hear 2", "await 4", taken, ...connects, runs("hold")],
      ...["say 1", "await 1", ...lesser, ...connects, runs("plain")],
      ...["put online 0", "say 6", "await 6", "unplug"],
    ]);
    t.notRegex(other.console.text.slice(from), complaint);
  },
);

test.serial("of a few ports only the open one is found open", async (t) => {
  t.is(await dom0(`/run/port-scan ${first} 1 20`), "7 open\n19 closed, 0 silent\n");
});

soakTest("nmap finds the open port of 2000, and no other", async (t) => {
  t.timeout(1_800_000);
  await installNmap(rig);
  // No faster than the guest's limit of 20 errors a second: nmap becomes slower and slower where answers stay away.
  const scan = `${nmap} -sU -n -Pn --max-rate 18 -p 1-2000 -oG - ${first}`;
  t.regex(await dom0(scan, 1_500_000), /Ports: 7\/open\/udp\/\/echo\/\/\/\s+Ignored State: closed \(1999\)/);
});

test.serial("xl destroy leaves dom0 without a trace of the device", async (t) => {
  await dom0(`${netPeer} icmp ${first} 65507 5 2`);
  t.regex(await grantsInXen(rig, guest.domainId), /0x[0-9a-f]+/, "the key shows what there is");
  await dom0("xl destroy net", xlLimitMs);
  await dom0(`until [ ! -e /sys/class/net/${vifOf(guest)} ]; do sleep 0.05; done`);
  t.not((await rig.exec(`xenstore-read ${backEndOf(guest)}/state`)).status, 0);
  t.is(await grantsInXen(rig, guest.domainId), "", "no domain of that number holds anything");
  t.notRegex(await dom0("dmesg"), /xenvif.*(error|invalid|bad)/i);
});
