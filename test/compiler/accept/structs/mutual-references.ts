//> 2 1
// Two structs may refer to each other, in any order of declaration.
import { print } from "xenlet:host";

@struct
class Owner {
  id: u32 = 1;
  thing: Thing | null = null;
}
@struct
class Thing {
  id: u32 = 2;
  owner: Owner | null = null;
}
export function main(): i32 {
  const owner = new Owner();
  const thing = new Thing();
  owner.thing = thing;
  thing.owner = owner;
  print(`${owner.thing.id} ${owner.thing.owner?.id ?? 0}`);
  return 0;
}
