; stubs.S - the way out of the kernel: one stub for each hypercall that it makes.   (NASM syntax)
;
; i64 HYPERVISOR_name(u64 a1, a2, a3, a4, a5): SysV's registers are those of Xen, but for the fourth, which `syscall` would
; overwrite. The page's entry returns to our caller; it keeps rcx and r11, and Xen spoils only registers that SysV lets it
; spoil. Numbers: xen.h. stubs.ts declares them.

default abs
extern hypercall_page

section .text.hypercall progbits alloc exec nowrite align=16
%macro hypercall_entry 2
global HYPERVISOR_%1:function (HYPERVISOR_%1.end - HYPERVISOR_%1)
HYPERVISOR_%1:
    mov r10, rcx
    jmp hypercall_page + %2 * 32        ; 32 bytes an entry
.end:
%endmacro

hypercall_entry set_trap_table, 0
hypercall_entry mmu_update, 1
hypercall_entry stack_switch, 3
hypercall_entry fpu_taskswitch, 5
hypercall_entry set_debugreg, 8
hypercall_entry get_debugreg, 9
hypercall_entry memory_op, 12
hypercall_entry multicall, 13
hypercall_entry update_va_mapping, 14
hypercall_entry xen_version, 17
hypercall_entry console_io, 18
hypercall_entry grant_table_op, 20
hypercall_entry vcpu_op, 24
hypercall_entry mmuext_op, 26
hypercall_entry sched_op, 29
hypercall_entry callback_op, 30
hypercall_entry event_channel_op, 32
