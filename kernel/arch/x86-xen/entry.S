; entry.S - where Xen enters the kernel: traps, events, failures. The way out is hypercall/stubs.S.   (NASM syntax)
;
; Frame that Xen pushes for an exception or event (struct trap_info callbacks, xen/arch-x86/xen.h), with
; %rsp cut down to 16 bytes first, so the frame is the same for any interrupted stack:
;
;     rcx  r11  [error code]  rip  cs  rflags  rsp  ss        (lowest address first; no error code for most)
;
; The stubs turn it into one TrapFrame, 176 bytes, which C and TypeScript see by pointer:
;
;     offset  0 r15    32 r11    64 rdi    96 rcx     120 vector      144 cs (RPL 0: kernel, 3: program)
;             8 r14    40 r10    72 rsi   104 rbx     128 error code  152 rflags (IF = events were unmasked)
;            16 r13    48 r9     80 rbp   112 rax     136 rip         160 rsp
;            24 r12    56 r8     88 rdx                               168 ss
;
; Below it lie two words, {interrupted rbp, interrupted rip}, that %rbp points to: to a backtrace the stub
; looks like a function called from the interrupted instruction, so the chain runs through the trap. A
; return address inside __trap_text_start..__trap_text_end tells it that the next rip is exact, not a
; return address (look it up as it is, not minus one).
;
; Exceptions return by HYPERVISOR_iret. It takes {flags, rip, cs, rflags, rsp, ss} from the stack, sets the vCPU's
; event mask to !rflags.IF, and *then* looks for pending events on its way out of Xen: unmasking and re-checking are
; one step, so no event is lost between them. It also undoes Xen's NMI and machine-check masks. `flags` must be 0:
; VGCF_in_syscall would drop rcx and r11. The error code's slot, no longer needed, becomes `flags`; the hypercall
; page's iret entry pushes rcx, r11 and rax itself. Events, which are frequent, mostly return without Xen: see below.

%define HYPERVISOR_IRET   23
%define VECTOR_EVENT      256           ; pseudo vectors, above every real one
%define VECTOR_FAILSAFE   257
%define FRAME_RIP         136
%define FRAME_CS          144
%define FRAME_RFLAGS      152
%define FRAME_RSP         160
%define RFLAGS_TF         0x100
%define RFLAGS_IF         0x200
%define RFLAGS_RF         0x10000
%define KERNEL_CS         0xe030        ; FLAT_KERNEL_CS as Xen shows it
%define KERNEL_SS         0xe02b        ; FLAT_KERNEL_SS
%define VCPU_PENDING      shared_info_page + 0  ; struct vcpu_info of the one vCPU there is; with a second one these
%define VCPU_MASK         shared_info_page + 1  ; two become relative to %gs

default abs
extern hypercall_page, shared_info_page, trap_dispatch, event_upcall, failsafe_dispatch

%macro trap 1                           ; an exception without error code
global trap_%1:function (trap_%1.end - trap_%1)
trap_%1:
    pop rcx
    pop r11
    push 0
    push %1
    jmp trap_entry
.end:
%endmacro

%macro trap_with_code 1                 ; Xen's frame has the error code where TrapFrame wants it
global trap_%1:function (trap_%1.end - trap_%1)
trap_%1:
    pop rcx
    pop r11
    push %1
    jmp trap_entry
.end:
%endmacro

%macro call_handler 1                   ; build the rest of TrapFrame on {vector, error code, ...}; call %1(frame)
    push rax
    push rbx
    push rcx
    push rdx
    push rbp
    push rsi
    push rdi
    push r8
    push r9
    push r10
    push r11
    push r12
    push r13
    push r14
    push r15
    cld
    mov dword [rsp + FRAME_CS + 4], 0   ; Xen keeps the old event mask here; rflags.IF says it already
    mov rdi, rsp
    push qword [rdi + FRAME_RIP]
    push rbp
    mov rbp, rsp                        ; 176 + 16 bytes below a 16-byte boundary: aligned for the call
    call %1
%endmacro

%macro pop_registers 0                  ; undo call_handler: %rsp is then at the vector
    add rsp, 16                         ; the two words for the backtrace
    pop r15
    pop r14
    pop r13
    pop r12
    pop r11
    pop r10
    pop r9
    pop r8
    pop rdi
    pop rsi
    pop rbp
    pop rdx
    pop rcx
    pop rbx
    pop rax
%endmacro

section .text.trap progbits alloc exec nowrite align=16
trap 0                                  ; divide error
trap 1                                  ; debug
trap 2                                  ; NMI
trap 3                                  ; breakpoint
trap 4                                  ; overflow
trap 5                                  ; bound range
trap 6                                  ; invalid opcode
trap 7                                  ; device not available
trap_with_code 8                        ; double fault
trap 9                                  ; coprocessor segment overrun: never sent, kept so the table has no hole
trap_with_code 10                       ; invalid TSS
trap_with_code 11                       ; segment not present
trap_with_code 12                       ; stack segment
trap_with_code 13                       ; general protection
trap_with_code 14                       ; page fault (address: vcpu_info.arch.cr2)
trap 15                                 ; reserved, as 9
trap 16                                 ; x87
trap_with_code 17                       ; alignment check
trap 18                                 ; machine check
trap 19                                 ; SIMD

global trap_entry:function (trap_entry.end - trap_entry)
trap_entry:
    call_handler trap_dispatch
trap_return:
    pop_registers
    add rsp, 8                          ; vector
    mov qword [rsp], 0                  ; the error code's slot: iret_context.flags
    jmp hypercall_page + HYPERVISOR_IRET * 32
trap_entry.end:

; CALLBACKTYPE_event. Xen has set the event mask, so it does not nest unless the handler unmasks.
;
; The way back saves a hypercall, a third of an event's cost, wherever the kernel itself was interrupted. Everything
; is restored first; what is left to do then is to unmask, to look whether an event came meanwhile, and to leave, with
; instructions that touch no flags. From `event_unmasked` on the next upcall can come at any instruction. It finds
; the old frame complete, and takes it over instead of putting its own below it, so a storm needs no more stack than
; one event. Frame while leaving, %rsp at rip:
;     rip   rcx, where cs was   rflags   rsp - 8, where rip lies too, for `ret`   (that word, if rsp was aligned)
global event_entry:function (event_entry.end - event_entry), event_unmasked, event_leave
event_entry:
    pop rcx
    pop r11
    test byte [rsp + 8], 3
    jnz .new                            ; a program can make rip anything
    cmp qword [rsp], event_unmasked
    jb .new
    cmp qword [rsp], event_leave
    jb .interrupted_leaving
    je .interrupted_ret
.new:
    push 0
    push VECTOR_EVENT
    call_handler event_upcall
    mov eax, [rsp + 16 + FRAME_RFLAGS]
    and eax, RFLAGS_IF | RFLAGS_TF | RFLAGS_RF
    cmp eax, RFLAGS_IF                  ; a debugger's flags act on the next instruction: only Xen gets that right
    jne trap_return
    test byte [rsp + 16 + FRAME_CS], 3  ; a program: changing page tables takes Xen
    jnz trap_return
    mov rcx, [rsp + 16 + FRAME_RIP]
    mov rax, [rsp + 16 + FRAME_RSP]
    sub rax, 8
    mov [rax], rcx                      ; free, as the kernel has no red zone; it may be the slot of ss
    mov [rsp + 16 + FRAME_RSP], rax
    pop_registers
    add rsp, 16                         ; vector, error code
    mov [rsp + 8], rcx
    push qword [rsp + 16]
    popfq
    mov byte [VCPU_MASK], 0
event_unmasked:
    movzx ecx, byte [VCPU_PENDING]      ; not reordered before the store in a way that matters: whoever sets it
    jrcxz .none                         ; interrupts this processor, mask or not
    mov byte [VCPU_MASK], 1
    jmp event_entry.again
.none:
    mov rcx, [rsp + 8]
    mov rsp, [rsp + 24]
event_leave:
    ret

event_entry.interrupted_leaving:
    mov rsp, [rsp + 24]                 ; the old frame
event_entry.again:                      ; what was overwritten in it for leaving comes back
    mov rcx, [rsp + 8]
    mov qword [rsp + 8], KERNEL_CS
    add qword [rsp + 24], 8
    mov qword [rsp + 32], KERNEL_SS
    jmp event_entry.new
event_entry.interrupted_ret:            ; the old frame is gone: do what `ret` would have done
    push rcx
    mov rcx, [rsp + 8 + 24]
    mov rcx, [rcx]
    mov [rsp + 8], rcx
    pop rcx
    add qword [rsp + 24], 8
    jmp event_entry.new
event_entry.end:

; CALLBACKTYPE_failsafe: switching to this vCPU, Xen could not load one of its selectors, and loaded 0. Its frame is
;     rcx  r11  ds  es  fs  gs  rip  cs  rflags  rsp  ss
; and the selectors, as they were, are packed into TrapFrame's error code for the report (ds lowest, 16 bits each).
global failsafe_entry:function (failsafe_entry.end - failsafe_entry)
failsafe_entry:
    pop rcx
    pop r11
    push rax
    mov ax, [rsp + 4 * 8]               ; gs
    shl rax, 16
    mov ax, [rsp + 3 * 8]               ; fs
    shl rax, 16
    mov ax, [rsp + 2 * 8]               ; es
    shl rax, 16
    mov ax, [rsp + 1 * 8]               ; ds
    mov [rsp + 4 * 8], rax              ; where gs was, just below rip
    pop rax
    add rsp, 3 * 8
    push VECTOR_FAILSAFE
    call_handler failsafe_dispatch
    jmp trap_return
.end:

section .rodata.trap progbits alloc noexec nowrite align=8
global trap_entry_table:object (trap_entry_table.end - trap_entry_table)
trap_entry_table:                       ; u64[20]: address of the stub of each vector, for set_trap_table
%assign vector 0
%rep 20
    dq trap_ %+ vector
%assign vector vector + 1
%endrep
.end:
