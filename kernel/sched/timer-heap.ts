/**
 * Deadlines, earliest first: a binary heap whose nodes are the timers themselves. It needs no memory of its own, so
 * setting a timer cannot fail, and every operation takes at most one step for each level of the tree.
 *
 * The tree is complete: level by level, left to right. So the number of a node, counted from 1 at the root, tells the way to
 * it: the bits below the highest, from high to low, say left (0) or right (1).
 */

/** A deadline that does not come. */
export const never = 0xffffffffffffffff;

/** Who is told that a deadline has passed. */
export interface TimerTarget {
  /** Called once, with events masked; `now` is not before the deadline. The timer may be set again. @interrupt */
  expired(timer: Timer, now: u64): void;
}

/** One deadline. Whoever sets it keeps it alive until it has expired or was cancelled. */
@struct
export class Timer {
  /** Nanoseconds of system time. */
  deadline: u64 = never;
  target: TimerTarget | null = null;
  /** Whether it is in a heap. */
  isSet: boolean = false;
  parent: Timer | null = null;
  left: Timer | null = null;
  right: Timer | null = null;
}

@struct
export class TimerHeap {
  root: Timer | null = null;
  count: u64 = 0;

  /** The next deadline, or `never`. */
  earliest(): u64 {
    const root = this.root;
    return root === null ? never : root.deadline;
  }

  insert(timer: Timer): void {
    assert(!timer.isSet, "a timer is set that is set already");
    timer.isSet = true;
    timer.left = null;
    timer.right = null;
    timer.parent = null;
    this.count++;
    if (this.count === 1) {
      this.root = timer;
      return;
    }
    const parent = this.node(this.count >> 1);
    timer.parent = parent;
    if ((this.count & 1) === 0) parent.left = timer;
    else parent.right = timer;
    this.rise(timer);
  }

  /** Takes a timer out; one that is not set stays as it is. */
  remove(timer: Timer): void {
    if (!timer.isSet) return;
    timer.isSet = false;
    const last = this.node(this.count);
    this.count--;
    this.replaceChild(last.parent, last, null);
    if (last === timer) return;
    last.parent = timer.parent;
    last.left = timer.left;
    last.right = timer.right;
    this.adoptChildren(last);
    this.replaceChild(last.parent, timer, last);
    this.sink(last);
    this.rise(last);
  }

  /** Takes out the earliest timer whose deadline is not after `now`; null where there is none. */
  takeDue(now: u64): Timer | null {
    const root = this.root;
    if (root === null || root.deadline > now) return null;
    this.remove(root);
    return root;
  }

  /** The node with this number. */
  node(number: u64): Timer {
    let node = this.root;
    assert(node !== null, "a timer heap with a count has a root");
    for (let bit: u32 = highestBit(number); bit > 0; bit--) {
      const child: Timer | null = ((number >> (bit - 1)) & 1) === 0 ? node.left : node.right;
      assert(child !== null, "a timer heap is complete");
      node = child;
    }
    return node;
  }

  rise(timer: Timer): void {
    for (let parent = timer.parent; parent !== null; parent = timer.parent) {
      if (parent.deadline <= timer.deadline) return;
      this.swap(parent, timer);
    }
  }

  sink(timer: Timer): void {
    for (;;) {
      const child = earlier(timer.left, timer.right);
      if (child === null || child.deadline >= timer.deadline) return;
      this.swap(timer, child);
    }
  }

  /** A parent and its child change places. */
  swap(parent: Timer, child: Timer): void {
    const left = child.left;
    const right = child.right;
    const above = parent.parent;
    if (parent.left === child) {
      child.left = parent;
      child.right = parent.right;
    } else {
      child.left = parent.left;
      child.right = parent;
    }
    parent.left = left;
    parent.right = right;
    child.parent = above;
    this.replaceChild(above, parent, child);
    this.adoptChildren(child);
    this.adoptChildren(parent);
  }

  /** Where `before` hung below `parent`, or at the root, `after` hangs from now on. */
  replaceChild(parent: Timer | null, before: Timer, after: Timer | null): void {
    if (parent === null) this.root = after;
    else if (parent.left === before) parent.left = after;
    else parent.right = after;
  }

  adoptChildren(parent: Timer): void {
    const left = parent.left;
    const right = parent.right;
    if (left !== null) left.parent = parent;
    if (right !== null) right.parent = parent;
  }
}

function earlier(a: Timer | null, b: Timer | null): Timer | null {
  if (a === null || b === null) return a === null ? b : a;
  return b.deadline < a.deadline ? b : a;
}
