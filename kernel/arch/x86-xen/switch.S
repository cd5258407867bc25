; switch.S - from one kernel stack to another.   (NASM syntax)
;
; A switch is an ordinary call, so only what the System V ABI has a callee keep must be kept: it is pushed, and the
; stack pointer remembered. The kernel uses neither vector registers nor segments of its own. Events are masked, so
; no upcall sees one task's stack pointer with another's name; the event mask belongs to the vCPU and stays set across.

default abs

section .text.switch progbits alloc exec nowrite align=16
; void switch_context(struct Context *from, struct Context *to);   Context: { u64 stack_pointer }
global switch_context:function (switch_context.end - switch_context)
switch_context:
    push rbp
    push rbx
    push r12
    push r13
    push r14
    push r15
    mov [rdi], rsp
    mov rsp, [rsi]
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret
.end:

; The first thing a new context runs: r12(). rbp is 0, which ends a backtrace. prepareContext made its stack.
global start_context:function (start_context.end - start_context)
start_context:
    call r12
    ud2                                 ; it must not return
.end:
