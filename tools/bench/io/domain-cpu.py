"""Runs in dom0: the CPU time that a domain has used, as Xen counts it. Only modules that are built into Python are used.

Alone, with a domain's number as argument, it prints the nanoseconds.
"""
import array
import fcntl
import os
import sys

DOMCTL = 36  # __HYPERVISOR_domctl
GET_INFO = 5  # XEN_DOMCTL_getdomaininfo
PRIVCMD_HYPERCALL = 0x305000  # _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))
WRONG_VERSION = 13  # EACCES
CPU_TIME = (16 + 56) // 8  # struct xen_domctl_getdomaininfo.cpu_time, behind the header of struct xen_domctl


class DomainClock:
    def __init__(self, domain):
        path = "/dev/xen/privcmd" if os.path.exists("/dev/xen/privcmd") else "/proc/xen/privcmd"
        self.privcmd = os.open(path, os.O_RDWR)
        self.request = array.array("Q", bytes(256))
        self.call = array.array("Q", [DOMCTL, self.request.buffer_info()[0], 0, 0, 0, 0])
        self.domain = domain
        self.version = next(version for version in range(8, 64) if self.answers(version))

    def answers(self, version):
        """Whether this Xen, like each release, takes the interface of just this version."""
        self.version = version
        try:
            self.nanoseconds()
            return True
        except OSError as error:
            if error.errno != WRONG_VERSION:
                raise
            return False

    def nanoseconds(self):
        # struct xen_domctl { u32 cmd, interface_version; u16 domain, pad[3]; union u, from offset 16 on }
        self.request[0] = GET_INFO | self.version << 32
        self.request[1] = self.domain
        fcntl.ioctl(self.privcmd, PRIVCMD_HYPERCALL, self.call, True)
        return self.request[CPU_TIME]


if len(sys.argv) == 2:
    print(DomainClock(int(sys.argv[1])).nanoseconds())
