/** What entry.S saves of the interrupted code, in its order. */

/** Bit of `rflags`: events were unmasked. */
export const flagEventsUnmasked = 0x200;

/** Every general register, and what Xen pushed. Handlers may change it: the way back restores it from here. */
@struct({ size: 176 })
export class TrapFrame {
  @offset(0) r15: u64 = 0;
  @offset(8) r14: u64 = 0;
  @offset(16) r13: u64 = 0;
  @offset(24) r12: u64 = 0;
  @offset(32) r11: u64 = 0;
  @offset(40) r10: u64 = 0;
  @offset(48) r9: u64 = 0;
  @offset(56) r8: u64 = 0;
  @offset(64) rdi: u64 = 0;
  @offset(72) rsi: u64 = 0;
  @offset(80) rbp: u64 = 0;
  @offset(88) rdx: u64 = 0;
  @offset(96) rcx: u64 = 0;
  @offset(104) rbx: u64 = 0;
  @offset(112) rax: u64 = 0;
  @offset(120) vector: u64 = 0;
  /** 0 where the vector has none. */
  @offset(128) errorCode: u64 = 0;
  @offset(136) rip: u64 = 0;
  /** Requested privilege 0: the kernel; 3: a program. */
  @offset(144) cs: u64 = 0;
  @offset(152) rflags: u64 = 0;
  @offset(160) rsp: u64 = 0;
  @offset(168) ss: u64 = 0;
}
