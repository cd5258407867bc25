"""The rig's hand inside dom0: runs commands, moves files and follows logs for the host, over one virtio-serial port.

Frames in both directions: u32 length of the payload, u8 type, u32 channel (all little endian), payload. The host
chooses the channel of each piece of work; everything about it carries that number, so any number can be in hand at
once. The agent never speaks first: what it says while no host listens would be lost. The host's side of the protocol
is tools/rig/frame.ts and tools/rig/channel.ts.
"""

import os
import selectors
import signal
import struct
import sys
import time

HEADER = struct.Struct("<IBI")
# From the host.
PING, SPAWN, DATA, EOF, KILL, READ, WRITE, FOLLOW = range(1, 9)
# To the host. END's payload: u8 kind (0 exit status, 1 signal, 2 error), u32 value, text.
PONG, STDOUT, STDERR, END = range(32, 36)
BY_STATUS, BY_SIGNAL, BY_ERROR = range(3)

CHUNK = 65536
# Output of children is left in their pipes while this much waits for the host.
OUTPUT_LIMIT = 1 << 20
FOLLOW_INTERVAL = 0.02


class Link:
    """The port to the host: non-blocking, with what could not be written yet kept here."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.received = bytearray()
        self.unsent = bytearray()

    def read_frames(self):
        try:
            data = os.read(self.fd, CHUNK)
        except BlockingIOError:
            return
        if not data:
            # No host is connected; poll() reports this port ready until one is.
            time.sleep(0.01)
            return
        self.received += data
        while len(self.received) >= HEADER.size:
            length, kind, channel = HEADER.unpack_from(self.received)
            end = HEADER.size + length
            if len(self.received) < end:
                return
            payload = bytes(self.received[HEADER.size:end])
            del self.received[:end]
            yield kind, channel, payload

    def send(self, kind, channel, payload=b""):
        self.unsent += HEADER.pack(len(payload), kind, channel) + payload
        self.flush()

    def send_end(self, channel, how, value, text=""):
        self.send(END, channel, struct.pack("<BI", how, value) + text.encode())

    def flush(self):
        try:
            while self.unsent:
                del self.unsent[:os.write(self.fd, self.unsent[:CHUNK])]
        except BlockingIOError:
            pass


class Sink:
    """A file descriptor that is written as it takes data; a reader that does not read holds up nobody else."""

    def __init__(self, agent, fd, on_closed):
        self.agent, self.fd, self.on_closed = agent, fd, on_closed
        self.unwritten, self.ended = bytearray(), False
        os.set_blocking(fd, False)

    def push(self, data):
        self.unwritten += data
        self.write()

    def finish(self):
        """Closes it after what is unwritten."""
        self.ended = True
        self.write()

    def abandon(self):
        """Closes it now."""
        self.unwritten.clear()
        self.finish()

    def write(self, _fd=None):
        if self.fd is None:
            return
        try:
            while self.unwritten:
                del self.unwritten[:os.write(self.fd, self.unwritten[:CHUNK])]
        except BlockingIOError:
            self.agent.call_when_writable(self.fd, self.write)
            return
        except OSError:
            # Its reader has gone (EPIPE, or EIO from a terminal): there is nobody to tell.
            self.unwritten.clear()
            self.ended = True
        self.agent.forget(self.fd)
        if self.ended:
            os.close(self.fd)
            self.fd = None
            self.on_closed()


class Process:
    """A child with pipes; it is done when its outputs are at their ends and it has been reaped."""

    def __init__(self, agent, channel, arguments):
        self.agent, self.channel = agent, channel
        child_in, stdin = os.pipe()
        stdout, child_out = os.pipe()
        stderr, child_err = os.pipe()
        files = [(os.POSIX_SPAWN_DUP2, child_in, 0), (os.POSIX_SPAWN_DUP2, child_out, 1),
                 (os.POSIX_SPAWN_DUP2, child_err, 2)]
        try:
            # A process group of its own, so that KILL reaches grandchildren too.
            self.pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=files, setpgroup=0,
                                       setsigdef=[signal.SIGPIPE])
        except OSError:
            for fd in (stdin, stdout, stderr):
                os.close(fd)
            raise
        finally:
            for fd in (child_in, child_out, child_err):
                os.close(fd)
        self.status = None
        self.input = Sink(agent, stdin, lambda: None)
        self.outputs = {stdout: STDOUT, stderr: STDERR}
        for fd in self.outputs:
            agent.selector.register(fd, selectors.EVENT_READ, self.on_output)

    def on_output(self, fd):
        data = os.read(fd, CHUNK)
        if data:
            self.agent.link.send(self.outputs[fd], self.channel, data)
            return
        self.close_output(fd)
        self.end_if_done()

    def close_output(self, fd):
        self.agent.selector.unregister(fd)
        os.close(fd)
        del self.outputs[fd]

    def on_data(self, data):
        self.input.push(data)

    def on_eof(self):
        self.input.finish()

    def on_kill(self, payload):
        try:
            os.killpg(self.pid, payload[0])
        except ProcessLookupError:
            # The group is gone; a daemon that still holds the pipes is nobody to wait for.
            for fd in list(self.outputs):
                self.close_output(fd)
            self.end_if_done()

    def reaped(self, status):
        self.status = status
        self.end_if_done()

    def end_if_done(self):
        if self.status is None or self.outputs:
            return
        self.input.abandon()
        self.agent.work.pop(self.channel, None)
        how = BY_SIGNAL if os.WIFSIGNALED(self.status) else BY_STATUS
        value = os.WTERMSIG(self.status) if how == BY_SIGNAL else os.WEXITSTATUS(self.status)
        self.agent.link.send_end(self.channel, how, value)


class FileReader:
    """Sends a file from its beginning to its end, as the link takes it."""

    def __init__(self, agent, channel, path):
        self.agent, self.channel = agent, channel
        self.fd = os.open(path, os.O_RDONLY)

    def tick(self):
        while len(self.agent.link.unsent) < OUTPUT_LIMIT:
            data = os.read(self.fd, CHUNK)
            if not data:
                os.close(self.fd)
                del self.agent.work[self.channel]
                self.agent.link.send_end(self.channel, BY_STATUS, 0)
                return
            self.agent.link.send(STDOUT, self.channel, data)


class FileFollower:
    """Sends what a file has and what is appended to it, until KILL. The file may not exist yet."""

    def __init__(self, agent, channel, path):
        self.agent, self.channel, self.path = agent, channel, path
        self.fd = None

    def tick(self):
        if self.fd is None:
            try:
                self.fd = os.open(self.path, os.O_RDONLY)
            except FileNotFoundError:
                return
        while len(self.agent.link.unsent) < OUTPUT_LIMIT:
            data = os.read(self.fd, CHUNK)
            if not data:
                return
            self.agent.link.send(STDOUT, self.channel, data)

    def on_kill(self, _payload):
        self.tick()
        if self.fd is not None:
            os.close(self.fd)
        del self.agent.work[self.channel]
        self.agent.link.send_end(self.channel, BY_STATUS, 0)


class FileWriter:
    """Writes what the host sends to a file or terminal. Payload of WRITE: u32 mode (0: do not create), path."""

    def __init__(self, agent, channel, payload):
        self.agent, self.channel = agent, channel
        mode, path = struct.unpack_from("<I", payload)[0], payload[4:]
        create = os.O_CREAT | os.O_TRUNC if mode else 0
        fd = os.open(path, os.O_WRONLY | os.O_NOCTTY | create, mode)
        if mode:
            os.fchmod(fd, mode)
        self.sink = Sink(agent, fd, self.closed)

    def on_data(self, data):
        self.sink.push(data)

    def on_eof(self):
        self.sink.finish()

    def on_kill(self, _payload):
        self.sink.abandon()

    def closed(self):
        self.agent.work.pop(self.channel, None)
        self.agent.link.send_end(self.channel, BY_STATUS, 0)


class Agent:
    def __init__(self, port):
        self.link = Link(port)
        self.selector = selectors.DefaultSelector()
        self.work = {}
        self.selector.register(self.link.fd, selectors.EVENT_READ, self.on_link)
        # A child's end wakes the selector through this pipe.
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_read, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(wake_read, selectors.EVENT_READ, self.on_child)

    def run(self):
        while True:
            interest = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.link.unsent else 0)
            self.selector.modify(self.link.fd, interest, self.on_link)
            events = self.selector.select(self.timeout())
            if len(self.link.unsent) >= OUTPUT_LIMIT:
                # The host is slower than our children: only the link is served until it has caught up.
                events = [event for event in events if event[0].fd == self.link.fd]
                time.sleep(0.001)
            for key, _ in events:
                key.data(key.fd)
            self.link.flush()
            for piece in list(self.work.values()):
                if hasattr(piece, "tick"):
                    piece.tick()

    def timeout(self):
        return FOLLOW_INTERVAL if any(hasattr(piece, "tick") for piece in self.work.values()) else None

    def call_when_writable(self, fd, callback):
        if fd not in self.selector.get_map():
            self.selector.register(fd, selectors.EVENT_WRITE, callback)

    def forget(self, fd):
        if fd in self.selector.get_map():
            self.selector.unregister(fd)

    def on_link(self, _fd):
        for kind, channel, payload in self.link.read_frames():
            try:
                self.on_frame(kind, channel, payload)
            except OSError as error:
                self.work.pop(channel, None)
                self.link.send_end(channel, BY_ERROR, error.errno or 0, str(error))

    def on_frame(self, kind, channel, payload):
        if kind == PING:
            self.link.send(PONG, channel, payload)
        elif kind == SPAWN:
            self.work[channel] = Process(self, channel, payload.split(b"\0"))
        elif kind == READ:
            self.work[channel] = FileReader(self, channel, payload)
        elif kind == WRITE:
            self.work[channel] = FileWriter(self, channel, payload)
        elif kind == FOLLOW:
            self.work[channel] = FileFollower(self, channel, payload)
        else:
            self.continue_work(kind, channel, payload)

    def continue_work(self, kind, channel, payload):
        # Frames for work that has just ended are normal: the host cannot know yet.
        piece = self.work.get(channel)
        if kind == DATA and hasattr(piece, "on_data"):
            piece.on_data(payload)
        elif kind == EOF and hasattr(piece, "on_eof"):
            piece.on_eof()
        elif kind == KILL and hasattr(piece, "on_kill"):
            piece.on_kill(payload)

    def on_child(self, fd):
        try:
            os.read(fd, CHUNK)
        except BlockingIOError:
            pass
        for piece in list(self.work.values()):
            if isinstance(piece, Process) and piece.status is None:
                pid, status = os.waitpid(piece.pid, os.WNOHANG)
                if pid:
                    piece.reaped(status)


def main():
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1000")
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    port = sys.argv[1] if len(sys.argv) > 1 else "/dev/vport0p1"
    while not os.path.exists(port):
        time.sleep(0.05)
    Agent(port).run()


main()
