const enum State {
  Idle,
  Busy,
  Gone,
}
type Shape = { readonly kind: "dot" } | { readonly kind: "line"; readonly length: u32 };
function of(state: State, shape: Shape): u32 {
  switch (state) { // error XL2024
    case State.Idle:
      return 1;
    case State.Gone:
      return 2;
  }
  switch (shape.kind) { // error XL2024
    case "dot":
      return 3;
  }
  return 4;
}
export function main(): i32 {
  return of(State.Idle, { kind: "dot" }) as i32;
}
