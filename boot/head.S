; head.S - what Xen's domain builder reads, and the first instructions it runs.   (NASM syntax)
;
; Ring 3, 64-bit, paging on, events masked, .bss zeroed, hypercall page filled: see docs/boot.md.
; Numbers of the notes: xen/elfnote.h.  GUEST_VERSION comes from package.json (compiler/build/link.ts).

%define VIRT_BASE   0xffffffff80000000  ; pseudo-physical 0 is mapped here; linker.ld asserts the same
%define VIRT_ENTRY  0xffffffff80001000  ; `start` below; linker.ld asserts it
%define HYPERCALL_PFN 0                 ; legacy HYPERCALL_PAGE counts pages from VIRT_BASE
%defstr VIRT_BASE_TEXT  VIRT_BASE       ; the notes are numbers, __xen_guest is text: one source for both
%defstr VIRT_ENTRY_TEXT VIRT_ENTRY
%defstr HYPERCALL_TEXT  HYPERCALL_PFN
%define STACK_BYTES 0x8000

%macro note 2+                          ; note TYPE, description...
    dd 4, %%end - %%desc, %1            ; namesz, descsz, type
    db "Xen", 0
%%desc: %2
%%end: align 4, db 0
%endmacro

section .note.Xen note alloc noexec nowrite align=4
    note  6, db "xenlet", 0             ; GUEST_OS
    note  7, db GUEST_VERSION, 0        ; GUEST_VERSION
    note  5, db "xen-3.0", 0            ; XEN_VERSION: the only ABI name that any builder takes
    note  8, db "generic", 0            ; LOADER: likewise; without it only GUEST_OS=linux is loaded
    note  3, dq VIRT_BASE               ; VIRT_BASE: start of the bootstrap mapping, and of memory
    note  4, dq 0                       ; PADDR_OFFSET: p_paddr counts from 0 (the legacy default is VIRT_BASE)
    note  1, dq VIRT_ENTRY              ; ENTRY: said twice (e_entry), since older builders ignore e_entry
    note  2, dq hypercall_page          ; HYPERCALL_PAGE: filled by the builder before the first instruction
    note 10, db "dom0", 0               ; FEATURES: nothing is required; "dom0" so that Xen's own builder takes us
    note 17, dd 1 << 11                 ; SUPPORTED_FEATURES: the same (XENFEAT_dom0), as Xen 4.2 and newer read it
; Left out on purpose: PAE_MODE, HV_START_LOW (32-bit only); BSD_SYMTAB (backtraces use .line_table);
; L1_MFN_VALID (our non-present entries never hold a frame); INIT_P2M (the default list lies in the
; bootstrap mapping, reachable up to 1 TiB of memory); MOD_START_PFN (an initrd arrives mapped);
; SUSPEND_CANCEL (no suspend yet); PHYS32_ENTRY (no PVH entry yet).

section __xen_guest noalloc noexec nowrite align=1
    db "GUEST_OS=xenlet,GUEST_VER=", GUEST_VERSION, ",XEN_VER=xen-3.0,LOADER=generic"
    db ",VIRT_BASE=", VIRT_BASE_TEXT, ",ELF_PADDR_OFFSET=0x0,VIRT_ENTRY=", VIRT_ENTRY_TEXT
    db ",HYPERCALL_PAGE=", HYPERCALL_TEXT, ",FEATURES=dom0", 0

section .text.hypercall_page progbits alloc exec nowrite align=4096
global hypercall_page:function (hypercall_page.end - hypercall_page)
hypercall_page:                         ; entry n at n * 32; poisoned so that a call before Xen filled it traps
    times 2048 ud2
.end:

section .text.head progbits alloc exec nowrite align=4096
global start:function (start.end - start), head_virt_base
extern xenlet_main
head_virt_base equ VIRT_BASE            ; for the assert in linker.ld
start:                                  ; rsi: start_info; rsp: the builder's one-page stack
    cld
    mov rdi, rsi                        ; void xenlet_main(struct start_info *)
    lea rsp, [boot_stack_top]           ; 16-byte aligned at the call, as the SysV ABI wants
    xor ebp, ebp                        ; end of the frame-pointer chain: a backtrace stops here
    call xenlet_main
    ud2                                 ; it must not return
.end:

section .bss.stack nobits alloc noexec write align=4096
global boot_stack_guard, boot_stack, boot_stack_top
boot_stack_guard: resb 4096             ; the kernel unmaps it; an overflow then ends the domain instead of eating .bss
boot_stack:       resb STACK_BYTES
boot_stack_top:
