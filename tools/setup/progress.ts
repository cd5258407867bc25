/** How long-running set-up work tells the user what it is doing: bars on a terminal, plain lines elsewhere. */
import cliProgress from "cli-progress";

/** One piece of work whose size is known. */
export interface Bar {
  /** `done` out of the bar's total; `note` says what is in hand just now. */
  update(done: number, note?: string): void;
  /** Finishes the bar; it must not be used afterwards. */
  stop(): void;
}

/** Where progress is told. */
export interface Reporter {
  /** Announces one step, in a line. */
  step(text: string): void;
  /** Starts a piece of work of `total` units (of any kind). */
  bar(title: string, total: number): Bar;
}

/** Says nothing: for callers that show their own. */
export const silent: Reporter = { step() {}, bar: () => ({ update() {}, stop() {} }) };

/** Tells progress on `stream`, which is stderr so that stdout stays the output of the command. */
export function terminalReporter(stream: NodeJS.WriteStream = process.stderr): Reporter {
  const step = (text: string): void => void stream.write(`${text}\n`);
  return {
    step,
    bar: (title, total) => (stream.isTTY ? drawnBar(stream, title, total) : plainBar(step, title, total)),
  };
}

function drawnBar(stream: NodeJS.WriteStream, title: string, total: number): Bar {
  const bar = new cliProgress.SingleBar(
    {
      format: `${title} [{bar}] {percentage}% {note}`,
      stream,
      hideCursor: true,
      clearOnComplete: false,
      barsize: 24,
    },
    cliProgress.Presets.legacy,
  );
  bar.start(total, 0, { note: "" });
  return {
    update: (done, note) => bar.update(Math.min(done, total), { note: (note ?? "").slice(0, 40) }),
    stop: () => {
      bar.update(total, { note: "" });
      bar.stop();
    },
  };
}

/** Lines at most every five seconds, so that a log stays readable and still shows that something moves. */
function plainBar(step: (text: string) => void, title: string, total: number): Bar {
  step(`${title} …`);
  const start = Date.now();
  let last = start;
  return {
    update(done) {
      const now = Date.now();
      if (now - last < 5000) return;
      last = now;
      step(`${title} … ${Math.floor((Math.min(done, total) / total) * 100)}%`);
    },
    stop: () => step(`${title}: done in ${((Date.now() - start) / 1000).toFixed(1)} s`),
  };
}
