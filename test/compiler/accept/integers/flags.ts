//> true false true
//> false 6 8
import { print } from "xenlet:host";

const enum Feature {
  Writable = 1,
  AutoTranslated = 2,
  Mmu = 4,
  Pae = 8,
}
type Features = Flags<Feature, u32>;

export function main(): i32 {
  let features: Features = Feature.Writable | Feature.Mmu;
  print(
    `${has(features, Feature.Writable)} ${has(features, Feature.Pae)} ${has(features, Feature.Writable | Feature.Mmu)}`,
  );
  features |= Feature.AutoTranslated;
  features &= ~Feature.Writable;
  const other: Features = Feature.Pae;
  print(`${has(features, Feature.Writable)} ${features as u32} ${other as u32}`);
  return 0;
}
