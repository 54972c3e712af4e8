"""A corkboardd of one's own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class Daemon:
    """corkboardd over a workspace, with settings; its socket and its log lie in a folder."""

    def __init__(
        self,
        program: str | os.PathLike[str],
        workspace: str | os.PathLike[str],
        folder: str | os.PathLike[str],
        settings: str = "",
        under: Sequence[str] = (),
    ) -> None:
        """`under` is a command that starts it, such as prlimit, with its arguments."""
        self.socket = os.path.join(folder, "s")
        self._log = Path(folder, "corkboardd.log")
        self._file = Path(folder, "corkboardd.yaml")
        self.configure(settings)
        self._command = [
            os.fspath(part)
            for part in (*under, program, "--config", self._file, "-w", workspace, "--socket", self.socket)
        ]
        self._process: subprocess.Popen[str] | None = None

    def configure(self, settings: str) -> None:
        """Writes its file, which it reads at its start and when it is told to."""
        self._file.write_text(settings)

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Starts it, with more in its environment, and returns when it answers."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **(environment or {})},
            )
        assert self._process.stdout is not None
        if not self._process.stdout.readline().startswith("READY"):
            self.kill()
            raise SystemExit(f"{self._command[0]} did not start: {self._log.read_text()}")

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "start it first"
        return self._process

    def stop(self) -> int:
        """Asks it to end, and gives its exit code."""
        self.process.terminate()
        return self._ended(30)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()
        self._ended(None)

    def hang_up(self) -> None:
        """Has it read its configuration again."""
        self.process.send_signal(signal.SIGHUP)

    def log(self) -> list[str]:
        """What it has said, line by line."""
        return self._log.read_text().splitlines()

    def end_for_sure(self) -> None:
        """Ends it if it lives, however that goes."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def _ended(self, patience: float | None) -> int:
        code = self.process.wait(patience)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def resident(self) -> int:
        """Bytes of memory of its own: what is mapped from files does not count."""
        with open(f"/proc/{self.process.pid}/status") as status:
            lines = [line for line in status if line.startswith("RssAnon:")]
        return int(lines[0].split()[1]) * 1024

    def generations(self) -> int:
        """How many times a generation's vectors are mapped: the one that is served, and others."""
        with open(f"/proc/{self.process.pid}/maps") as maps:
            return sum("/generations/" in line and "/vectors." in line for line in maps)

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def processor_seconds(self) -> float:
        """How long its threads have run, together."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            ticks = stat.read().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
