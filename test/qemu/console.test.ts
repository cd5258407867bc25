/** The console as real back ends serve it: xenconsoled, which can be slow, or stopped. And a second one. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { image, rig, shareRig } from "./shared-rig.ts";

shareRig({ programs: ["console-back-end"] });

async function create(name: string, extra: string): Promise<Guest> {
  return rig.create({ name, kernel: image, memoryMb: 16, extra });
}

/** The guest's console with the line ends of this side. */
const said = (guest: Guest): string => guest.console.text.replaceAll("\r\n", "\n");

const stopReading = "kill -STOP $(pidof xenconsoled)";
const readAgain = "kill -CONT $(pidof xenconsoled)";
test.afterEach.always(async () => {
  await rig?.exec(readAgain);
});

test.serial("everything that was said arrives, however slowly the back end reads", async (t) => {
  await using guest = await create("flood", "test=flood");
  await guest.expectEnd("poweroff");
  const lines = said(guest).match(/^line \d+ of the flood$/gm);
  t.deepEqual(
    lines,
    Array.from({ length: 2000 }, (_, index) => `line ${index} of the flood`),
  );
});

test.serial("what was said before there was a console comes first", async (t) => {
  await using guest = await create("early", "test=halt");
  await guest.expectEnd("poweroff");
  t.regex(said(guest), /^the self-tests' kernel says this before it has a console\nxenlet /);
});

test.serial("a task that says much waits for a slow back end, alone, and nothing is lost", async (t) => {
  const extra = "test=talk count=1500";
  await using guest = await rig.create({ name: "talk", kernel: image, memoryMb: 16, extra, paused: true });
  await rig.exec(`${stopReading}; xl unpause ${guest.name}`);
  await sleep(4000);
  await rig.exec(readAgain);
  await guest.expectEnd("poweroff");
  const lines = said(guest).match(/^line \d+ of the talk: zażółć gęślą jaźń$/gm);
  t.deepEqual(
    lines,
    Array.from({ length: 1500 }, (_, index) => `line ${index} of the talk: zażółć gęślą jaźń`),
  );
  const ticks = Number(/^the other task ran (\d+) times meanwhile$/m.exec(said(guest))?.[1]);
  t.true(ticks >= 30, `${ticks} ticks in more than four seconds`);
});

test.serial("a back end that stopped reading does not hold a panic up", async (t) => {
  await using guest = await create("talk-panic", "test=talk-panic");
  await guest.console.waitFor(/^line 20 of the talk/m);
  await rig.exec(stopReading);
  t.deepEqual(await guest.wait(), { reason: "crash" });
});

/** Types while the guest sleeps, then lets it run with nobody to read its console. */
async function typeUnread(guest: Guest, text: string): Promise<void> {
  await guest.console.waitFor(/^> /m);
  await rig.exec(["xl", "pause", guest.name]);
  guest.console.write(text);
  await sleep(300);
  await rig.exec(`${stopReading}; xl unpause ${guest.name}`);
}

test.serial("the monitor's answers wait until somebody reads them", async (t) => {
  await using guest = await create("resumed", "");
  await typeUnread(guest, "help\r".repeat(20)); // more than the ring and the backlog hold
  await sleep(4000);
  await rig.exec(readAgain);
  guest.console.write("halt\r");
  await guest.expectEnd("poweroff");
  t.is(said(guest).match(/^halt +ends well$/gm)?.length, 20);
  t.notRegex(said(guest), /bytes were lost/);
});

test.serial("reports that nobody reads are dropped in the end, and counted", async (t) => {
  await using guest = await create("unread", "");
  await guest.console.waitFor(/^> /m);
  const node = `/local/domain/${guest.domainId}/control/sysrq`;
  const request = `xl sysrq unread m; while [ -n "$(xenstore-read ${node})" ]; do sleep 0.05; done`;
  await rig.exec(`${stopReading}; for i in $(seq 24); do ${request}; done`, { timeoutMs: 60_000 });
  await sleep(3000);
  await rig.exec(readAgain);
  await sleep(500);
  guest.console.write("halt\r");
  await guest.expectEnd("poweroff");
  const lost = /^\[(\d+) bytes were lost while nobody read the console\]$/m.exec(said(guest));
  t.true(Number(lost?.[1]) > 0, said(guest));
});

test.serial("the line editor erases what a terminal shows", async (t) => {
  await using guest = await create("editor", "");
  await guest.console.waitFor(/^> /m);
  guest.console.write("hä\x7felx\x08p\x1b[A\n");
  await guest.console.waitFor(/^halt +ends well/m);
  t.true(guest.console.text.includes("> hä\b \belx\b \bp\r\n"), JSON.stringify(guest.console.text));
  guest.console.write("wrong\x15halt\r\n");
  await guest.expectEnd("poweroff");
});

test.serial("much input at once is taken, and none of it is lost", async (t) => {
  await using guest = await create("typist", "");
  await guest.console.waitFor(/^> /m);
  const words = Array.from({ length: 300 }, (_, index) => `word${index}`);
  guest.console.write(words.map((word) => `${word}\r`).join("") + "halt\r");
  await guest.expectEnd("poweroff");
  t.deepEqual(
    [...said(guest).matchAll(/^There is no command (word\d+)\./gm)].map(([, word]) => word),
    words,
  );
});

test.serial("a line is edited in its middle, taken from those before, and completed", async (t) => {
  await using guest = await create("keys", "");
  const answered = async (keys: string, answer: RegExp): Promise<void> => {
    guest.console.write(keys);
    await guest.console.waitFor(answer);
  };
  await guest.console.waitFor(/^> /m);
  await answered("foo\x1b[D\x1b[Dbar\x1b[F!\r", /There is no command fbaroo!\.[^]*^> /m);
  await answered("\x1b[A\x01\x1b[3~\x05\x7f\r", /There is no command baroo\.[^]*^> /m);
  await answered("żółw\x1b[D\x7f漢\xff\x01\x0bhel\tx\x17żż\r", /There is no command żż\.[^]*^> /m);
  guest.console.write("wrong\x03hal\t\r");
  await guest.expectEnd("poweroff");
  t.pass();
});

test.serial("a line that is being edited is shown again below what is logged, cursor and all", async (t) => {
  await using guest = await create("edited", "");
  await guest.console.waitFor(/^> $/m);
  guest.console.write("hęlp\x1b[D\x1b[D");
  await guest.console.waitFor(/^hęlp[\b]{2}$/m);
  await rig.exec(["xl", "sysrq", guest.name, "h"]);
  await guest.console.waitFor(/sysrq h: [^]*crash\r\n> hęlp[\b]{2}$/);
  await rig.exec(["xl", "trigger", guest.name, "nmi"]); // its report wakes nobody: the back end does, which took it
  await guest.console.waitFor(/non-maskable interrupt [^]*at start \(.*\r\n> hęlp[\b]{2}$/);
  guest.console.write("\x7fe\r");
  await guest.console.waitFor(/^halt +ends well\r\n/m);
  t.pass();
});

test.serial("the log says when, and how grave it was; its level can be changed", async (t) => {
  await using guest = await create("log", "nonsense");
  const ask = async (command: string, answer: RegExp): Promise<void> => {
    guest.console.write(`${command}\r`);
    await guest.console.waitFor(answer);
  };
  await guest.console.waitFor(/^> /m);
  await ask("log", /^\d+\.\d{6} +warning +warning: command line: nobody knows nonsense\r\n[^]*^> /m);
  await ask("log level", /^info\r\n> /m);
  await ask("log level debug", /^> /m);
  await ask("log level", /^debug\r\n> /m);
  await ask("log level loud", /^error, warning, info and debug are the levels\r\n> /m);
  t.pass();
});

test.serial("a second console carries text both ways, and can be unplugged", async (t) => {
  await using guest = await create("second", "test=echo");
  await guest.console.waitFor(/^echo: waits for device\/console\/1\r$/m);
  const id = guest.domainId;
  const [front, back] = [`/local/domain/${id}/device/console/1`, `/local/domain/0/backend/console/${id}/1`];
  const awaitState = (state: string): string =>
    `for i in $(seq 200); do [ "$(xenstore-read ${front}/state)" = ${state} ] && break; sleep 0.05; done`;
  const played = await rig.exec(
    [
      "modprobe -a xen-gntdev xen-evtchn",
      `xenstore-write ${back} "" ${front} ""`,
      `xenstore-chmod ${back} n0 r${id}; xenstore-chmod ${front} n${id} r0`,
      `xenstore-write ${back}/frontend ${front} ${back}/frontend-id ${id} ${back}/online 1 ${back}/state 2`,
      `xenstore-write ${front}/backend ${back} ${front}/backend-id 0 ${front}/state 1`,
      awaitState("3"),
      `xenstore-write ${back}/state 4`,
      `/run/console-back-end ${id} $(xenstore-read ${front}/ring-ref) $(xenstore-read ${front}/port) 5000`,
      `xenstore-write ${back}/online 0 ${back}/state 5`,
      awaitState("6"),
      `xenstore-rm ${back}; xenstore-rm ${front}`,
    ].join("\n"),
    { timeoutMs: 60_000 },
  );
  t.is(played.stdout.trim(), "hello from the guest\nevery byte came back", played.stderr + said(guest));
  t.is(played.status, 0);
  await guest.console.waitFor(/^echo: it was unplugged\r\necho: waits for device\/console\/1\r$/m);
});
