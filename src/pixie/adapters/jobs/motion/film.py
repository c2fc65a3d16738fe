"""Makes a film of pictures, frame by frame. For a compute child: this loads OpenCV."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pixie.adapters.jobs.imaging.pixels.opencv import opencv
from pixie.adapters.jobs.motion.deep_scene import deep_scene
from pixie.adapters.jobs.motion.depth import Pixels
from pixie.adapters.jobs.motion.easing import eased, there_and_back
from pixie.adapters.jobs.motion.framing import frame_size, ratio
from pixie.adapters.jobs.motion.libvpx import VpxMissing
from pixie.adapters.jobs.motion.motion_order import MotionOrder
from pixie.adapters.jobs.motion.moves import DeepMove, FlatMove
from pixie.adapters.jobs.motion.scene import Scene, flat_scene
from pixie.adapters.jobs.motion.stills import size_of
from pixie.adapters.jobs.motion.timeline import Showing, Timeline
from pixie.adapters.jobs.motion.transitions import blended
from pixie.adapters.jobs.motion.video_file import write_video
from pixie.domain.jobs.errors import ProviderMisconfigured

_FILMED: Final = 97  # percent; the rest is the file's end

Report = Callable[[int], None]


def make_film(order: MotionOrder, folder: str, report: Report) -> str:
    """Writes a video into a folder and returns its path. Raises `ProviderRefused` and `ProviderMisconfigured`."""
    wanted = order.parameters
    path = Path(folder, f"motion.{wanted.format}")
    try:
        with opencv():
            film = Film(order)
            write_video(_reported(film, report), path, film.size, fps=wanted.fps, quality=wanted.quality)
    except VpxMissing as error:
        raise ProviderMisconfigured("local", str(error)) from error
    report(100)
    return str(path)


class Film:
    """The frames, one after the other. No more pictures are held than show at the same time."""

    def __init__(self, order: MotionOrder) -> None:
        self._order = order
        self._wanted = order.parameters
        self._scenes: dict[int, Scene] = {}
        paths = order.paths
        aspect = ratio(order.aspect_ratio) if order.aspect_ratio else _aspect(paths[0])
        self.size = frame_size(aspect, self._wanted.resolution)
        overlap = 0.0 if self._wanted.transition == "cut" else self._wanted.transition_seconds * self._wanted.fps
        self.timeline = Timeline(
            pictures=len(paths),
            frames=max(2, round(order.seconds * self._wanted.fps)),
            overlap=overlap,
            loops=self._wanted.loop,
        )

    def __iter__(self) -> Iterator[Pixels]:
        for number in range(self.timeline.frames):
            yield self.frame(number)

    def frame(self, number: int) -> Pixels:
        moment = self.timeline.at(number)
        showing = [moment.now] if moment.next is None else [moment.now, moment.next]
        self._scenes = {at: scene for at, scene in self._scenes.items() if at in {each.picture for each in showing}}
        frames = [self._scene(each.picture).frame(self._share(each)) for each in showing]
        return frames[0] if len(frames) == 1 else blended(frames[0], frames[1], moment.share, self._wanted.transition)

    def _scene(self, picture: int) -> Scene:
        if picture not in self._scenes:
            self._scenes[picture] = self._read(picture)
        return self._scenes[picture]

    def _read(self, picture: int) -> Scene:
        path, move = self._order.paths[picture], self._wanted.move_of(picture)
        contain, background = self._wanted.fit == "contain", self._wanted.background
        match move:
            case DeepMove():
                return deep_scene(path, move, self.size, contain=contain, background=background)
            case FlatMove():
                return flat_scene(path, move, self.size, contain=contain, background=background)

    def _share(self, showing: Showing) -> float:
        """How far the move has got. One picture that loops goes there and back, and a circle once round."""
        alone = self.timeline.pictures == 1 and self._wanted.loop
        if alone and self._wanted.move_of(showing.picture).closed:
            return showing.time
        if alone:
            return there_and_back(showing.time, self._wanted.easing)
        return eased(showing.time, self._wanted.easing)


def _aspect(path: Path) -> float:
    width, height = size_of(path)
    return width / height


def _reported(film: Film, report: Report) -> Iterator[Pixels]:
    for number, frame in enumerate(film):
        yield frame
        report(_FILMED * (number + 1) // film.timeline.frames)
