const enum Feature {
  Pae = 1,
}
export function main(): i32 {
  let features: Flags<Feature, u32> = Feature.Pae;
  const more = features + 1; // error XL2011
  const shifted = features << 1; // error XL2011
  return 0;
}
