/** Stacks with a guard page each, from the kernel's memory. */
import { describeMemoryFault } from "../lib/memory-fault.ts";
import { allocateStack, releaseStack, usualStackPages } from "../mm/stacks.ts";
import type { Stack, StackSource } from "./stack.ts";

@struct
export class GuardedStacks implements StackSource {
  /** @allocates */
  take(): Result<Stack> {
    const stack = allocateStack(usualStackPages);
    if (!stack.ok) return err(describeMemoryFault(stack.error));
    return ok({ bottom: stack.value.bottom, top: stack.value.top });
  }

  giveBack(stack: Stack): void {
    releaseStack({ bottom: stack.bottom, top: stack.top });
  }
}

export const guardedStacks = new GuardedStacks();
