#!/bin/busybox sh
# The first process of dom0. Brings up what xl needs, then keeps the agent alive for ever.
# Runs once, while the snapshot is made. Whatever fails here is told on the console with the words that the rig looks for.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
fail() { echo "RIG: dom0 failed: $*"; poweroff -f; }
stage() { echo "RIG: $*"; }

stage "file systems"
mount -t proc proc /proc && mount -t sysfs sysfs /sys && mount -t devtmpfs devtmpfs /dev || fail "mount"
mkdir -p /dev/pts /dev/shm
# devtmpfs does not make these, and the locking of the hotplug scripts waits for ever without /dev/stdin.
ln -s /proc/self/fd /dev/fd
for stream in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${stream#*:}" "/dev/${stream%:*}"; done
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts || fail "devpts"
mount -t tmpfs -o mode=755 tmpfs /run || fail "tmpfs"
mkdir -p /run/xen /run/xenstored /run/lock /var/log/xen /var/lib/xen /tmp /root
# A guest that never stops printing fills only this.
mount -t tmpfs -o size=64m tmpfs /var/log/xen || fail "tmpfs"
exec </dev/console >/dev/console 2>&1
hostname dom0
echo 1 >/proc/sys/kernel/sysrq
# A guest that makes a back end complain must not fill the serial line, which is slow.
echo 4 >/proc/sys/kernel/printk

stage "modules"
for module in $(cat /rig/modules); do
  modprobe "$module" || fail "modprobe $module"
done

stage "network"
ip link set lo up
ip link add xenbr0 type bridge forward_delay 0 || fail "bridge"
# A bridge otherwise takes the lowest address of its ports, and every cached neighbour entry goes stale.
ip link set xenbr0 address 02:16:3e:00:00:01
ip addr add 169.254.1.0/16 dev xenbr0
ip link set xenbr0 up

# For guests that want a disk. It is sparse: what nobody wrote takes no memory.
truncate -s 64M /run/blank.img || fail "blank.img"

stage "xenstore"
mount -t xenfs xenfs /proc/xen || fail "xenfs"
# The rig says on the command line which of the two that Debian ships is to run.
case "$(cat /proc/cmdline)" in
  *rig.xenstored=ocaml*) oxenstored --pid-file /run/xen/xenstored.pid || fail "oxenstored" ;;
  *) xenstored --pid-file=/run/xen/xenstored.pid || fail "xenstored" ;;
esac
xen-init-dom0 || fail "xen-init-dom0"
xenconsoled --log=guest --log-dir=/var/log/xen --pid-file=/run/xen/xenconsoled.pid || fail "xenconsoled"
# It goes to the background before it opens its files.
sleep 0.2
for daemon in xenstored xenconsoled; do
  # The out-of-memory killer is to take something else. A daemon that has died has no such file.
  echo -1000 >/proc/$(cat /run/xen/$daemon.pid)/oom_score_adj || fail "$daemon ended by itself"
done

stage "agent"
while :; do
  python3 -ISB /rig/agent.py
  stage "agent ended with status $?, starting it again"
  sleep 1
done
