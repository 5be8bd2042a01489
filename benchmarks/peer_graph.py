"""The film as one FFmpeg command, the way someone who knows FFmpeg well would write it by hand from the plan.

Each shot is an input of its own, sought; cuts are joined by `concat`, dissolves by `xfade` over their own frames alone
(which keeps its 4:4:4 away from the rest), lower thirds and captions are laid over the whole.
"""

from benchmarks.peer_material import HEIGHT, WIDTH, Material, Part
from editing.encoding import PICTURE, SOUND
from editing.timeline import PhotoShot, VideoShot
from ingest.graph import crop_corner, scaled_size

STEREO = "aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo"


def graph_command(material: Material, out: str) -> list[str]:
    """FFmpeg's arguments."""
    inputs: list[str] = []
    chains: list[str] = []
    order: list[str] = []
    parts = list(material.parts())
    for part in parts:
        inputs += _input(part, material)
        chains.append(f"[{part.number}:v]{_picture(part, material)}[s{part.number}]")
        order += _cut(part, parts, chains)
    chains.append(f"{''.join(order)}concat=n={len(order)}:v=1,tpad=stop=1:stop_mode=clone[whole]")
    shown = "whole"
    for number, third in enumerate(material.timeline.lower_thirds):
        inputs += ["-i", str(material.third(number))]
        length = third.end - third.start
        fades = f"fade=in:0:12:alpha=1,fade=out:{length - 9}:9:alpha=1"
        held = f"loop={length - 1}:1,setpts=N/30/TB,{fades},setpts=PTS+{third.start}/30/TB"
        chains.append(f"[{len(parts) + number}:v]format=yuva420p,{held}[t{number}]")
        chains.append(f"[{shown}][t{number}]overlay=eof_action=pass:format=yuv420[o{number}]")
        shown = f"o{number}"
    chains.append(f"[{shown}]subtitles={material.captions}:fontsdir={material.fonts},format=yuv420p[v]")
    sounds, heard = _sound(material, len(parts) + len(material.timeline.lower_thirds))
    encode = [part for name, value in (*_encoder().items(), *SOUND.items()) for part in (f"-{name}", str(value))]
    mapped = ["-filter_complex", ";".join([*chains, *heard]), "-map", "[v]", "-map", "[a]"]
    return [*inputs, *sounds, *mapped, *encode, "-frames:v", str(material.timeline.frames), out]


def _encoder() -> dict[str, object]:
    """Our settings, on as many threads as the machine has."""
    return {name: value for name, value in PICTURE.items() if name != "threads"} | {"movflags": "+faststart"}


def _input(part: Part, material: Material) -> list[str]:
    if isinstance(part.shot, VideoShot):
        picture = material.clip(part.shot.file).picture
        assert picture
        # Pictures may begin later than their file does.
        start = picture.start_s + part.shot.source_start / 30
        seek = ["-seek_timestamp", "1", "-ss", f"{start:.4f}"]
        return [*seek, "-t", f"{part.frames / 30 + 0.2:.4f}", "-i", str(material.footage / part.shot.file)]
    return ["-i", str(material.still(part))]


def _picture(part: Part, material: Material) -> str:
    """A shot in the film's size, rate and colours, and as many frames as it has."""
    shot, number = part.shot, part.number
    if isinstance(shot, VideoShot):
        picture = material.clip(shot.file).picture
        assert picture
        first = "bwdif=deint=interlaced," if picture.interlaced != "progressive" else ""
        first += f"fps=30:start_time=0,{_fitted(shot, material.upright(shot.file), number)}"
        if picture.transfer != "sdr":
            linear = "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=mobius"
            first += f",{linear},zscale=t=bt709:m=bt709:r=tv"
        length = f"tpad=stop=30:stop_mode=clone,trim=end_frame={part.frames},setpts=PTS-STARTPTS"
        return f"{first},setsar=1,format=yuv420p,{length}{_dips(part)}"
    still = "scale=out_color_matrix=bt709:out_range=tv"
    if isinstance(shot, PhotoShot):
        # The still is the stage of the move; a move along a panorama is beyond this way.
        views = material.views(shot)
        way = f"on/{part.frames}"
        wide, x, y = (
            f"({first:.6f}+{last - first:.6f}*{way})"
            for first, last in zip(*((view.right - view.left, view.left, view.top) for view in views), strict=True)
        )
        moved = f"zoompan=z='1/{wide}':x='iw*{x}':y='ih*{y}':d={part.frames}:s={WIDTH}x{HEIGHT}:fps=30"
        return f"{still},{moved},setsar=1,format=yuv420p{_dips(part)}"
    return f"{still},setsar=1,format=yuv420p,loop={part.frames - 1}:1,setpts=N/30/TB,fps=30{_dips(part)}"


def _fitted(shot: VideoShot, upright: tuple[int, int], number: int) -> str:
    size, colours = f"{WIDTH}:{HEIGHT}", "out_color_matrix=bt709:out_range=tv"
    if shot.framing == "cover":
        inner = scaled_size(upright, (WIDTH, HEIGHT), cover=True)
        left, top = crop_corner(inner, (WIDTH, HEIGHT), shot.centre)
        return f"scale={inner[0]}:{inner[1]}:{colours},crop={size}:{left}:{top}"
    inside = f"scale={size}:force_original_aspect_ratio=decrease:{colours}"
    if shot.framing == "fit":
        return f"{inside},pad={size}:-1:-1"
    small = "scale=192:108:force_original_aspect_ratio=increase,crop=192:108,boxblur=5:2,lutyuv=y=16+(val-16)*0.62"
    back = f"[b{number}]{small},scale={size}:{colours}[f{number}]"
    over = f"[a{number}]{inside}[u{number}];[f{number}][u{number}]overlay=(W-w)/2:(H-h)/2"
    return f"split[a{number}][b{number}];{back};{over}"


def _dips(part: Part) -> str:
    fades = f",fade=in:0:{part.dip_in}:color=0x{part.dip_in_from[1:]}" if part.dip_in else ""
    if part.dip_out:
        fades += f",fade=out:{part.frames - part.dip_out}:{part.dip_out}:color=0x{part.dip_out_to[1:]}"
    return f"{fades},format=yuv420p" if fades else ""


def _cut(part: Part, parts: list[Part], chains: list[str]) -> list[str]:
    """Split a shot where dissolves begin and end; the names of what goes into the film's row, in order."""
    n = part.number
    after = parts[n + 1].dissolve if n + 1 < len(parts) else 0
    body = part.frames - after
    ends = [("h", 0, part.dissolve), ("m", part.dissolve, body), ("e", body, part.frames)]
    ranges = [(name, start, end) for name, start, end in ends if end > start]
    if len(ranges) == 1:
        return [f"[s{n}]"]
    chains.append(f"[s{n}]split={len(ranges)}" + "".join(f"[{name}{n}x]" for name, _, _ in ranges))
    for name, start, end in ranges:
        cut = f"trim=start_frame={start}:end_frame={end},setpts=PTS-STARTPTS"
        chains.append(f"[{name}{n}x]{cut}[{name}{n}]")
    row = [f"[m{n}]"] if body > part.dissolve else []
    if part.dissolve:
        xfade = f"xfade=transition=fade:duration={part.dissolve / 30:.6f}:offset=0,format=yuv420p"
        chains.append(f"[e{n - 1}][h{n}]{xfade}[d{n}]")
        row = [f"[d{n}]", *row]
    return row


def _sound(material: Material, first: int) -> tuple[list[str], list[str]]:
    """Inputs and chains of the sound: speech at its frames, the music in a loop beneath, levelled in one pass."""
    inputs: list[str] = []
    chains: list[str] = []
    timeline = material.timeline
    for n, run in enumerate(timeline.sounds):
        length = (run.end - run.start) / 30
        inputs += ["-ss", f"{run.source_start / 30:.4f}", "-t", f"{length:.4f}", "-i", str(material.footage / run.file)]
        fades = f"afade=t=in:d=0.01,afade=t=out:st={length - 0.02:.3f}:d=0.02"
        gain = f"highpass=f=80,afftdn=nr=12:nf=-50,volume={material.speech_db(run.file):.2f}dB"
        chains.append(f"[{first + n}:a]{STEREO},{gain},{fades},adelay={run.start * 1000 // 30}:all=1[a{n}]")
    voices = "".join(f"[a{n}]" for n in range(len(timeline.sounds)))
    mixed = f"{voices}amix=inputs={len(timeline.sounds)}:normalize=0:duration=longest,apad,atrim=end={material.seconds}"
    last = f"loudnorm=I={timeline.loudness_lufs}:TP=-2:LRA=11,aresample=48000"
    if not timeline.music:
        return inputs, [*chains, f"{mixed},{last}[a]"]
    inputs += ["-stream_loop", "-1", "-i", str(material.footage / timeline.music)]
    chains.append(f"{mixed},asplit[speech][key]")
    bed = f"{STEREO},volume={material.music_db():.2f}dB,atrim=end={material.seconds}"
    chains.append(f"[{first + len(timeline.sounds)}:a]{bed}[bed]")
    chains.append("[bed][key]sidechaincompress=threshold=0.02:ratio=8:attack=100:release=600[ducked]")
    faded = f"afade=t=out:st={material.seconds - 4}:d=4"
    chains.append(f"[speech][ducked]amix=inputs=2:normalize=0,{faded},{last}[a]")
    return inputs, chains
