import { sharedAt } from "xenlet:unsafe";
@struct class Word {
  ready: boolean = false;
}
function poll(word: Shared<Word>): u32 { // error XL4006
  return 1;
}
export function main(): i32 {
  return poll(sharedAt<Word>(0x1000)) as i32;
}
