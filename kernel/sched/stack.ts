/**
 * Stacks of tasks. A new one is painted, so that what was ever used of it shows; the task's descriptor lies at its top, so
 * that a task is one piece of memory, and a thousand of them need no table.
 */
import { sliceAt, structAt } from "xenlet:unsafe";
import { Task } from "./task.ts";

/** Memory from `bottom` up to, and not including, `top`. */
export type Stack = { readonly bottom: u64; readonly top: u64 };

/** Where stacks come from: 16-byte aligned, with at least `leastStack` bytes. */
export interface StackSource {
  /** @allocates */
  take(): Result<Stack>;
  giveBack(stack: Stack): void;
}

/** Events come on the stack of whoever runs: a frame of 200 bytes, a handler, and what it logs. */
export const leastStack = 2048;

/** Never a pointer, and a number that programs seldom hold. */
const paint = 0x5a17ac5a17ac5a17;
const blank = new Task();

/** Makes a task with nothing but its stack. */
export function placeTask(stack: Stack): Task {
  const size: u64 = stack.top - stack.bottom;
  assert(size >= leastStack, "a stack has at least leastStack bytes");
  const end: u64 = (stack.top - sizeOf<Task>()) & 0xfffffffffffffff0;
  sliceAt<u64>(stack.bottom, (end - stack.bottom) / 8).fill(paint);
  const task = structAt<Task>(end);
  copy(task, blank);
  task.stackStart = stack.bottom;
  task.stackEnd = end;
  task.stackTop = stack.top;
  return task;
}

/** What `placeTask` was given. The task is gone afterwards. */
export function stackOf(task: Task): Stack {
  return { bottom: task.stackStart, top: task.stackTop };
}

/** The most bytes that the task ever had on its stack; 0 for one that is not painted. */
export function deepestUse(task: Task): u64 {
  const words = sliceAt<u64>(task.stackStart, (task.stackEnd - task.stackStart) / 8);
  for (const [index, word] of words.entries()) {
    if (word !== paint) return index === 0 ? 0 : (words.length - index) * 8;
  }
  return 0;
}
