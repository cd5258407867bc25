const enum Feature {
  Pae = 1,
}
const enum Mode {
  User = 2,
}
export function main(): i32 {
  let features: Flags<Feature, u32> = Feature.Pae;
  features |= Mode.User; // error XL2005
  const wrong: Flags<Feature, u32> = Mode.User; // error XL2005
  return 0;
}
