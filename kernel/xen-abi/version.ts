/** version.h: what Xen says about itself. */

/** `XENVER_*`. */
export const enum VersionOp {
  /** Returns `major << 16 | minor`. */
  Version = 0,
  ExtraVersion = 1,
  CompileInfo = 2,
  Capabilities = 3,
  Changeset = 4,
  GetFeatures = 6,
}

/** `xen_extraversion_t` is `char[16]`, `xen_changeset_info_t` is `char[64]`. */
export const extraVersionBytes = 16;
export const changesetBytes = 64;

/** Each field is text that ends with a zero. @xen xen_compile_info version.h */
@struct({ size: 144 })
export class CompileInfo {
  @offset(0) readonly compiler = new FixedArray<u8, 64>();
  @offset(64) readonly compileBy = new FixedArray<u8, 16>();
  @offset(80) readonly compileDomain = new FixedArray<u8, 32>();
  @offset(112) readonly compileDate = new FixedArray<u8, 32>();
}

/** @xen xen_feature_info version.h */
@struct({ size: 8 })
export class FeatureInfo {
  /** Which 32 features. */
  @offset(0) submapIdx: u32 = 0;
  @offset(4) submap: u32 = 0;
}
