//> console: hello
//> memory 5
//> 5
// A call through an interface finds the class's method when it runs; a call on the class is direct.
import { print } from "xenlet:host";

interface Sink {
  write(text: string): void;
  written(): usize;
}
@struct
class ConsoleSink implements Sink {
  total: usize = 0;
  write(text: string): void {
    print(`console: ${text}`);
    this.total += text.bytes().length;
  }
  written(): usize {
    return this.total;
  }
}
@struct
class MemorySink implements Sink {
  total: usize = 0;
  write(text: string): void {
    this.total += text.bytes().length;
    print(`memory ${this.total}`);
  }
  written(): usize {
    return this.total;
  }
}
function greet(sink: Sink): usize {
  sink.write("hello");
  return sink.written();
}
export function main(): i32 {
  const console = new ConsoleSink();
  const memory = new MemorySink();
  greet(console);
  print(`${greet(memory)}`);
  return 0;
}
