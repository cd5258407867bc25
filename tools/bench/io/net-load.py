"""Runs in dom0: loads a guest with frames, and prints what it and the guest took for them.

Arguments: the domain's number, its interface in dom0, its address; then its ports for echo, discard and source, a 0
standing for "the guest speaks first", to our port 7001, 7002 or 7003; then which loads to run how often, as NAME=ROUNDS.
A line is `bench: NAME VALUE UNIT`.
"""
import _socket
import os
import select
import struct
import sys
import time

exec(open("/run/bench/domain-cpu.py").read())

UDP_SEGMENT = 103  # linux/udp.h: a payload is cut into datagrams of this size
SOL_UDP = 17
PATIENCE = 10
HELLO_PATIENCE = 1000  # where the clock counts instructions, time flies while everybody waits
WINDOW = 32
BURST = 24
HELLO_PORT = 7001

domain, interface, guest = int(sys.argv[1]), sys.argv[2], sys.argv[3]
clock = DomainClock(domain)


def socket(kind, protocol):
    made = _socket.socket(_socket.AF_INET, kind, protocol)
    made.settimeout(PATIENCE)
    made.setsockopt(_socket.SOL_SOCKET, _socket.SO_RCVBUF, 1 << 20)
    return made


def service(number, port):
    """A UDP socket connected to one of the guest's services. A port that was learned is told, for the next run."""
    made = socket(_socket.SOCK_DGRAM, 0)
    made.bind(("", HELLO_PORT + number))
    if port == 0:
        made.settimeout(HELLO_PATIENCE)
        port = made.recvfrom(2048)[1][1]
        made.settimeout(PATIENCE)
        print(f"bench: port.{number} {port} port", flush=True)
    made.connect((guest, port))
    return made


udp_echo, discard, source = [service(number, int(sys.argv[4 + number])) for number in range(3)]
ping = socket(_socket.SOCK_RAW, _socket.IPPROTO_ICMP)
ping.connect((guest, 0))


def echo_request(length):
    """An ICMP message of type 8 with `length` bytes of zero."""
    identifier = 0x7865
    checksum = 0x0800 + identifier
    return struct.pack("!BBHHH", 8, 0, ~checksum & 0xFFFF, identifier, 0) + bytes(length)


def exchange(end, message, window):
    """Keeps `window` messages under way until `rounds` were answered."""

    def work(rounds):
        for _ in range(min(window, rounds)):
            end.send(message)
        for _ in range(rounds - min(window, rounds)):
            end.recv(2048)
            end.send(message)
        for _ in range(min(window, rounds)):
            end.recv(2048)

    return work


MARKER = echo_request(18)


def give(size):
    """Datagrams to the discard port, by bursts; the ping behind each says that the guest has seen it."""

    def work(rounds):
        discard.setsockopt(SOL_UDP, UDP_SEGMENT, size)
        burst = bytes(size * BURST)
        for _ in range(rounds // BURST):
            discard.send(burst)
            ping.send(MARKER)
            ping.recv(2048)

    return work


arrived = os.open(f"/sys/class/net/{interface}/statistics/rx_packets", os.O_RDONLY)


def frames_arrived():
    return int(os.pread(arrived, 32, 0))


def take(size):
    """Has the guest send `rounds` datagrams; they are counted as they come in, and nobody reads them."""

    def work(rounds):
        before = frames_arrived()
        deadline = time.monotonic() + PATIENCE
        source.send(b"%d %d" % (rounds, size))
        while frames_arrived() < before + rounds:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{frames_arrived() - before} of {rounds} frames came")
            time.sleep(0.001)

    return work


LOADS = {
    "ping.rtt": exchange(ping, echo_request(18), 1),
    "ping.rtt-1400": exchange(ping, echo_request(1400), 1),
    "ping.flood": exchange(ping, echo_request(18), WINDOW),
    "udp.rtt": exchange(udp_echo, bytes(18), 1),
    "udp.rtt-1472": exchange(udp_echo, bytes(1472), 1),
    "udp.echo": exchange(udp_echo, bytes(18), WINDOW),
    "udp.echo-1472": exchange(udp_echo, bytes(1472), WINDOW),
    "udp.receive": give(18),
    "udp.receive-1472": give(1472),
    "udp.send": take(18),
    "udp.send-1472": take(1472),
}


def measure(name, rounds):
    work = LOADS[name]
    work(48)  # neighbours are resolved, pools are filled
    # What it takes to begin and to end is in both runs, and so in neither figure.
    short, long = [timed(work, count) for count in (rounds // 5, rounds)]
    counted = rounds - rounds // 5
    for figure, value in zip(("time", "cpu"), (long[0] - short[0], long[1] - short[1])):
        print(f"bench: {name}.{figure} {value / counted:.1f} ns", flush=True)


def timed(work, rounds):
    time.sleep(0.05)  # whatever the last run left to do
    cpu, since = clock.nanoseconds(), time.monotonic_ns()
    work(rounds)
    return time.monotonic_ns() - since, clock.nanoseconds() - cpu


for load in sys.argv[7:]:
    name, rounds = load.split("=")
    measure(name, int(rounds))
print("bench: done", flush=True)
