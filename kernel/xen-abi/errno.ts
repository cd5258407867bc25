/** errno.h: why Xen refuses. A hypercall returns the negative of one of these. */

/** `XEN_E*`, the ones that a guest meets. */
export const enum Errno {
  EPERM = 1,
  ENOENT = 2,
  ESRCH = 3,
  EIO = 5,
  ENXIO = 6,
  E2BIG = 7,
  EBADF = 9,
  EAGAIN = 11,
  ENOMEM = 12,
  EACCES = 13,
  EFAULT = 14,
  EBUSY = 16,
  EEXIST = 17,
  EXDEV = 18,
  ENODEV = 19,
  EINVAL = 22,
  ENOSPC = 28,
  EROFS = 30,
  ERANGE = 34,
  EDEADLK = 35,
  ENOSYS = 38,
  ENODATA = 61,
  EOVERFLOW = 75,
  EOPNOTSUPP = 95,
  EADDRINUSE = 98,
  ENOBUFS = 105,
  ENOTCONN = 107,
  ETIMEDOUT = 110,
}

/** The number's name and meaning; a number that is not in the list is named so. */
export function describeErrno(errno: Errno): string {
  switch (errno) {
    case Errno.EPERM:
      return "EPERM, not permitted";
    case Errno.ENOENT:
      return "ENOENT, no such thing";
    case Errno.ESRCH:
      return "ESRCH, no such domain or vCPU";
    case Errno.EFAULT:
      return "EFAULT, bad guest address";
    case Errno.EINVAL:
      return "EINVAL, invalid argument";
    case Errno.ENOMEM:
      return "ENOMEM, out of memory";
    case Errno.EBUSY:
      return "EBUSY, in use";
    case Errno.EEXIST:
      return "EEXIST, exists already";
    case Errno.ENOSPC:
      return "ENOSPC, no room left";
    case Errno.ENOSYS:
      return "ENOSYS, not in this Xen";
    case Errno.EACCES:
      return "EACCES, access denied";
    case Errno.EAGAIN:
      return "EAGAIN, try again";
    default:
      return "an error without a name here";
  }
}
