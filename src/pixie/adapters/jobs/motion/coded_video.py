"""Coded frames on their way into a file, and what the file says of them."""

from dataclasses import dataclass, field
from typing import BinaryIO

from pixie.adapters.jobs.motion.libvpx import Packet


@dataclass(slots=True, kw_only=True)
class CodedVideo:
    """The frames lie in `spool`, one after the other. Here is how long each is, and which ones stand by themselves."""

    width: int
    height: int
    fps: int
    spool: BinaryIO
    sizes: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)

    def add(self, packet: Packet) -> None:
        if packet.is_key:
            self.keys.append(len(self.sizes))
        self.sizes.append(len(packet.data))
        self.spool.write(packet.data)

    @property
    def seconds(self) -> float:
        return len(self.sizes) / self.fps
