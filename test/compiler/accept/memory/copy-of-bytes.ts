//> kept abc
import { print } from "xenlet:host";

interface Sink {
  write(bytes: Slice<u8>): void;
}

/** Copying bytes keeps no reference to where they were. */
@struct
class Keeper implements Sink {
  readonly bytes = new FixedArray<u8, 16>();
  length: usize = 0;
  write(bytes: Slice<u8>): void {
    const room = this.bytes.slice(this.length);
    room.copyFrom(bytes.slice(0, min<usize>(bytes.length, room.length)));
    this.length += bytes.length;
  }
}
const keeper = new Keeper();
const chosen: FixedArray<Sink | null, 1> = [keeper];

@struct
class Buffer implements Sink {
  readonly bytes = new FixedArray<u8, 16>();
  readonly target: Sink;
  constructor(target: Sink) {
    this.target = target;
  }
  write(bytes: Slice<u8>): void {
    this.bytes.copyFrom(bytes);
    this.target.write(this.bytes.slice(0, bytes.length));
  }
}

@struct
class Forward implements Sink {
  write(bytes: Slice<u8>): void {
    const sink = chosen[0];
    if (sink !== null) sink.write(bytes);
  }
}

export function main(): i32 {
  const forward = new Forward();
  const buffer = new Buffer(forward);
  buffer.write("abc".bytes());
  print(`kept ${text(keeper.bytes.slice(0, keeper.length))}`);
  return 0;
}
