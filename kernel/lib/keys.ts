/** Keystrokes out of the bytes that a terminal sends (ECMA-48, as xterm and VT100 speak it; text is UTF-8). */
import { decodeCharacter, isContinuation, isShown, lengthOfCharacter } from "./utf8.ts";

export const enum Key {
  /** Nothing yet, or nothing that means anything here: unknown sequences and broken characters are dropped whole. */
  None,
  /** A character: `KeyDecoder.character()`. */
  Character,
  Enter,
  Tab,
  /** Ctrl-C. */
  Interrupt,
  Left,
  Right,
  Up,
  Down,
  Home,
  End,
  /** Removes the character before the cursor. */
  Backspace,
  /** Removes the character at the cursor. */
  Delete,
  /** Ctrl-K: removes what follows the cursor. */
  KillToEnd,
  /** Ctrl-U: removes what stands before the cursor. */
  KillToStart,
  /** Ctrl-W: removes the word before the cursor. */
  KillWord,
}

/** What the bytes so far are the beginning of. */
const enum State {
  Ground,
  Character,
  /** After ESC. */
  Escape,
  /** After ESC [ or ESC O: parameters, then a letter or `~`. */
  Sequence,
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const escape = 0x1b;

@struct
export class KeyDecoder {
  state: State = State.Ground;
  readonly bytes = new FixedArray<u8, 4>();
  length: usize = 0;
  /** How many bytes the character will have. */
  wanted: usize = 0;
  /** The first parameter of a sequence, and whether it goes on. */
  parameter: u32 = 0;
  inFirstParameter: boolean = false;
  /** The last byte was a carriage return: a line feed right after it belongs to it. */
  afterReturn: boolean = false;

  /** After `Key.Character`: its bytes, until the next call of `feed`. */
  character(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }

  /** Takes one byte. */
  feed(byte: u8): Key {
    const secondOfPair = this.afterReturn && byte === lineFeed;
    this.afterReturn = byte === carriageReturn;
    if (secondOfPair) return Key.None;
    switch (this.state) {
      case State.Ground:
        return this.begin(byte);
      case State.Character:
        return isContinuation(byte) ? this.extend(byte) : this.begin(byte); // what was broken off is dropped
      case State.Escape:
        return this.introduce(byte);
      case State.Sequence:
        return this.sequence(byte);
    }
  }

  begin(byte: u8): Key {
    this.state = State.Ground;
    if (byte === escape) {
      this.state = State.Escape;
      return Key.None;
    }
    if (byte < 0x20 || byte === 0x7f) return controlKey(byte);
    this.wanted = lengthOfCharacter(byte);
    if (this.wanted === 0) return Key.None;
    this.length = 0;
    return this.extend(byte);
  }

  extend(byte: u8): Key {
    this.bytes[this.length] = byte;
    this.length++;
    this.state = this.length < this.wanted ? State.Character : State.Ground;
    if (this.state === State.Character) return Key.None;
    return isShown(decodeCharacter(this.character())) ? Key.Character : Key.None;
  }

  introduce(byte: u8): Key {
    const introducer = byte === 0x5b || byte === 0x4f;
    if (!introducer) {
      this.state = byte === escape ? State.Escape : State.Ground;
      return Key.None;
    }
    this.state = State.Sequence;
    this.parameter = 0;
    this.inFirstParameter = true;
    return Key.None;
  }

  sequence(byte: u8): Key {
    if (byte < 0x20) return this.begin(byte); // no sequence contains a control character: it was broken off
    if (byte >= 0x40) {
      this.state = State.Ground;
      return byte === 0x7e ? numberedKey(this.parameter) : letteredKey(byte);
    }
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit) this.inFirstParameter = false;
    else if (this.inFirstParameter && this.parameter < 1000) {
      this.parameter = this.parameter * 10 + (byte - 0x30);
    }
    return Key.None;
  }
}

/** Ctrl and a letter, as every line editor since Emacs has it. */
function controlKey(byte: u8): Key {
  switch (byte) {
    case 0x01: // A
      return Key.Home;
    case 0x02: // B
      return Key.Left;
    case 0x03: // C
      return Key.Interrupt;
    case 0x04: // D
      return Key.Delete;
    case 0x05: // E
      return Key.End;
    case 0x06: // F
      return Key.Right;
    case 0x08: // H
    case 0x7f:
      return Key.Backspace;
    case 0x09:
      return Key.Tab;
    case 0x0b: // K
      return Key.KillToEnd;
    case lineFeed:
    case carriageReturn:
      return Key.Enter;
    case 0x0e: // N
      return Key.Down;
    case 0x10: // P
      return Key.Up;
    case 0x15: // U
      return Key.KillToStart;
    case 0x17: // W
      return Key.KillWord;
    default:
      return Key.None;
  }
}

/** ESC [ A and its like; with Shift or Ctrl they come with parameters, and mean the same here. */
function letteredKey(letter: u8): Key {
  switch (letter) {
    case 0x41:
      return Key.Up;
    case 0x42:
      return Key.Down;
    case 0x43:
      return Key.Right;
    case 0x44:
      return Key.Left;
    case 0x46:
      return Key.End;
    case 0x48:
      return Key.Home;
    default:
      return Key.None;
  }
}

/** ESC [ number ~. */
function numberedKey(number: u32): Key {
  switch (number) {
    case 1:
    case 7:
      return Key.Home;
    case 3:
      return Key.Delete;
    case 4:
    case 8:
      return Key.End;
    default:
      return Key.None;
  }
}
