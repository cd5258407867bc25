; traps.S - what traps need of the machine itself, beside the doors of entry.S.   (NASM syntax)

%define REPORT_STACK_BYTES 0x4000

default abs

section .text.traps progbits alloc exec nowrite align=16
; u64 probe_copy(u8 *to, const u8 *from, u64 count): bytes that could be copied; stops where `from` cannot be read.
global probe_copy:function (probe_copy.end - probe_copy)
probe_copy:
    mov rcx, rdx
    mov rax, rdx
.fault:
    rep movsb                           ; rip stays here, and rcx says what is left
.stopped:
    sub rax, rcx
    ret
.end:

; bool probe_word(u64 *to, const u64 *from): one load of 8 bytes, for memory that changes meanwhile.
global probe_word:function (probe_word.end - probe_word)
probe_word:
    xor eax, eax
.fault:
    mov rdx, [rsi]
    mov [rdi], rdx
    mov eax, 1
.stopped:
    ret
.end:

; bool probe_store(u64 *to, u64 value): writes to memory that may be read-only, or not there.
global probe_store:function (probe_store.end - probe_store)
probe_store:
    xor eax, eax
.fault:
    mov [rdi], rsi
    mov eax, 1
.stopped:
    ret
.end:

; void report_on_own_stack(struct trap_frame *frame): never comes back. The chain of frame pointers goes on.
global report_on_own_stack:function (report_on_own_stack.end - report_on_own_stack)
extern trap_report
report_on_own_stack:
    push rbp
    mov rbp, rsp
    lea rax, [rsp]
    cmp rax, report_stack               ; a fault inside the report stays where it is
    jb .switch
    cmp rax, report_stack_top
    jb .there
.switch:
    mov rsp, report_stack_top
.there:
    and rsp, -16
    call trap_report
    ud2
.end:

; void fpu_save(struct fpu_state *), fpu_restore(const struct fpu_state *): all x87 and SSE state, 512 bytes on 16.
global fpu_save:function (fpu_save.end - fpu_save), fpu_restore:function (fpu_restore.end - fpu_restore)
fpu_save:
    fxsave64 [rdi]
    ret
.end:
fpu_restore:
    fxrstor64 [rdi]
    ret
.end:

section .rodata.fixups progbits alloc noexec nowrite align=8
global fixup_table:object (fixup_table.end - fixup_table), fixup_table_end
%macro fixup 1                          ; a fault from .fault up to .stopped goes on at .stopped
    dq %1.fault, %1.stopped, %1.stopped
%endmacro
fixup_table:                            ; struct { u64 start, end, fixup; }[]
    fixup probe_copy
    fixup probe_word
    fixup probe_store
.end:
fixup_table_end:

section .bss.report nobits alloc noexec write align=16
global report_stack, report_stack_top
report_stack:     resb REPORT_STACK_BYTES
report_stack_top:
