"""The faces of plates. Where no free font comes close they are drawn here as strokes: the tall rounded face of GOST and
Central Asia, the German FE face, the narrow Chinese one and what the Americas press. Every glyph is a picture of
`GLYPH_PX` height, 255 where there is ink, cut to its ink sideways, kept once a face.
"""

import glob
import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

GLYPH_PX = 88
LATIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Strokes in a unit box, y downwards. Upper case names the kind: R rounds its corners as the face does, S leaves them
# sharp, C is closed and round. A glyph may have another proportion than the face's: WIDTH multiplies it.
STROKES = {
    "0": "C 0,0 1,0 1,1 0,1",
    "1": "S .1,.28 .62,0 .62,1",
    "2": "R 0,.26 0,0 1,0 1,.44 .06,.97|S 0,1 1,1",
    "3": "R 0,.2 0,0 .96,0 .96,.47 .42,.47|R .42,.47 1,.47 1,1 0,1 0,.8",
    "4": "S 1,.73 0,.73 .68,0|S .72,.38 .72,1",
    "5": "S .93,0 .1,0 .05,.47|R .05,.5 .05,.4 1,.4 1,1 0,1 0,.8",
    "6": "C 0,.42 1,.42 1,1 0,1|R .96,.2 .96,0 0,0 0,.7",
    "7": "S 0,0 1,0 .36,1",
    "8": "C .05,0 .95,0 .95,.47 .05,.47|C 0,.47 1,.47 1,1 0,1",
    "9": "C 0,0 1,0 1,.58 0,.58|R .04,.8 .04,1 1,1 1,.3",
    "A": "S 0,1 .5,0 1,1|S .17,.68 .83,.68",
    "B": "S 0,0 0,1|R 0,0 .93,0 .93,.47 0,.47|R 0,.47 1,.47 1,1 0,1",
    "C": "R 1,.26 1,0 0,0 0,1 1,1 1,.74",
    "D": "S 0,0 0,1|R 0,0 1,0 1,1 0,1",
    "E": "S 1,0 0,0 0,1 1,1|S 0,.48 .86,.48",
    "F": "S 1,0 0,0 0,1|S 0,.48 .86,.48",
    "G": "R 1,.26 1,0 0,0 0,1 1,1 1,.55 .55,.55",
    "H": "S 0,0 0,1|S 1,0 1,1|S 0,.48 1,.48",
    "I": "S .5,0 .5,1",
    "J": "R 1,0 1,1 0,1 0,.74",
    "K": "S 0,0 0,1|S 1,0 0,.62|S .34,.4 1,1",
    "L": "S 0,0 0,1 1,1",
    "M": "S 0,1 0,0 .5,.62 1,0 1,1",
    "N": "S 0,1 0,0 1,1 1,0",
    "O": "C 0,0 1,0 1,1 0,1",
    "P": "S 0,0 0,1|R 0,0 1,0 1,.52 0,.52",
    "Q": "C 0,0 1,0 1,1 0,1|S .6,.7 1.08,1.06",
    "R": "S 0,0 0,1|R 0,0 1,0 1,.5 0,.5|S .48,.5 1,1",
    "S": "R 1,.22 1,0 0,0 0,.47 1,.51 1,1 0,1 0,.78",
    "T": "S 0,0 1,0|S .5,0 .5,1",
    "U": "R 0,0 0,1 1,1 1,0",
    "V": "S 0,0 .5,1 1,0",
    "W": "S 0,0 .26,1 .5,.25 .74,1 1,0",
    "X": "S 0,0 1,1|S 1,0 0,1",
    "Y": "S 0,0 .5,.52 1,0|S .5,.5 .5,1",
    "Z": "S 0,0 1,0 0,1 1,1",
    "Б": "S .94,0 0,0 0,1|R 0,.42 1,.42 1,1 0,1",
    "Г": "S 1,0 0,0 0,1",
    "Д": "S 0,1.1 0,.9 1,.9 1,1.1|S .1,.9 .3,0 .82,0 .82,.9",
    "Ё": "S 1,.14 0,.14 0,1 1,1|S 0,.52 .86,.52|S .25,0 .3,0|S .7,0 .75,0",
    "Ж": "S .5,0 .5,1|S 0,0 .45,.5 0,1|S 1,0 .55,.5 1,1",
    "З": "R 0,.2 0,0 .96,0 .96,.47 .4,.47|R .4,.47 1,.47 1,1 0,1 0,.8",
    "И": "S 0,0 0,1 1,0 1,1",
    "Й": "S 0,.14 0,1 1,.14 1,1|S .3,0 .7,0",
    "Л": "S 0,1 .25,0 1,0 1,1",
    "П": "S 0,1 0,0 1,0 1,1",
    "Ф": "C 0,.16 1,.16 1,.8 0,.8|S .5,0 .5,1",
    "Ц": "S 0,0 0,.92 .9,.92 .9,0|S 0,.92 1.05,.92 1.05,1.1",
    "Ч": "S 0,0 0,.5 1,.5|S 1,0 1,1",
    "Ш": "S 0,0 0,1 1,1 1,0|S .5,0 .5,1",
    "Щ": "S 0,0 0,.92 .9,.92 .9,0|S .46,0 .46,.92|S .9,.92 1.05,.92 1.05,1.1",
    "Ъ": "S 0,0 .25,0 .25,1|R .25,.45 1,.45 1,1 .25,1",
    "Ы": "S 0,0 0,1|R 0,.45 .62,.45 .62,1 0,1|S 1,0 1,1",
    "Ь": "S 0,0 0,1|R 0,.45 1,.45 1,1 0,1",
    "Э": "R 0,.24 0,0 1,0 1,1 0,1 0,.76|S .35,.5 1,.5",
    "Ю": "S 0,0 0,1|S 0,.5 .35,.5|C .35,0 1,0 1,1 .35,1",
    "Я": "S 1,0 1,1|R 1,0 0,0 0,.5 1,.5|S .5,.5 0,1",
    "Ө": "C 0,0 1,0 1,1 0,1|S 0,.5 1,.5",
    "Ү": "S 0,0 .5,.52 1,0|S .5,.5 .5,1",
}
# Other ways to draw a sign; a face takes each or leaves it.
VARIANTS = {
    "0": ["S .2,.85 .8,.15"],  # a slash on top of the closed form is never alone, see below
    "1": ["S .62,0 .62,1|S .62,0 .2,.22", "S .2,.2 .6,0 .6,1|S .2,1 1,1"],
    "2": ["R 0,.22 0,0 1,0 1,.5 0,.62 0,1|S 0,1 1,1", "R 0,.26 0,0 1,0 1,.36 0,.94|S 0,1 1,1"],
    "3": ["S 0,0 .95,0 .4,.4|R .3,.42 1,.38 1,1 0,1 0,.8"],
    "4": ["S 1,.72 0,.72 .74,0 .74,1", "S .5,0 0,.72 1,.72|S .76,.42 .76,1"],
    "6": ["C 0,.42 1,.42 1,1 0,1|S .72,0 .06,.56", "C 0,.36 1,.36 1,1 0,1|R .92,0 .3,0 0,.3 0,.7"],
    "9": ["C 0,0 1,0 1,.58 0,.58|S .28,1 .94,.44", "C 0,0 1,0 1,.64 0,.64|R .08,1 .7,1 1,.7 1,.3"],
    "7": ["S 0,.12 0,0 1,0 .34,1", "R 0,0 1,0 1,.2 .4,.62 .4,1"],
    "A": ["S 0,1 .38,0 .62,0 1,1|S .17,.68 .83,.68", "R 0,1 0,0 1,0 1,1|S 0,.58 1,.58"],
    "G": ["R 1,.26 1,0 0,0 0,1 1,1|S 1,1 1,.55 .55,.55"],
    "I": ["S .5,0 .5,1|S .2,0 .8,0|S .2,1 .8,1"],
    "J": ["R .3,0 1,0 1,1 0,1 0,.74", "S .3,0 1,0|R 1,0 1,1 0,1 0,.74"],
    "K": ["S 0,0 0,1|S 1,0 0,.5|S 0,.5 1,1"],
    "M": ["S 0,1 0,0 .5,.45 1,0 1,1", "S 0,1 0,0 .5,1 1,0 1,1", "S 0,1 .1,0 .5,.8 .9,0 1,1"],
    "Q": ["C 0,0 1,0 1,1 0,1|S .55,.62 1,1", "C 0,0 1,0 1,1 0,1|S .62,.85 .85,1.12"],
    "R": ["S 0,0 0,1|R 0,0 1,0 1,.5 0,.5|S .7,.5 1,1", "S 0,0 0,1|R 0,0 1,0 1,.5 0,.5|R .5,.5 1,.52 1,1"],
    "W": ["S 0,0 .12,1 .5,.35 .88,1 1,0", "S 0,0 0,1 .5,.5 1,1 1,0", "R 0,0 0,1 .5,1 .5,.3|R .5,.3 .5,1 1,1 1,0"],
    "Y": ["S 0,0 .56,.6|S 1,0 .42,1 .12,1", "S 0,0 .5,.6 1,0|S .5,.55 .5,1"],
    "V": ["S 0,0 .44,1 .56,1 1,0"],
    "S": ["R 1,.22 1,0 0,0 0,.46 1,.54 1,1 0,1 0,.78"],
}
NARROW = {"1": 0.62, "I": 0.55, "J": 0.85}
WIDE = {"M": 1.15, "W": 1.25, "Ж": 1.35, "Ш": 1.25, "Щ": 1.25, "Ю": 1.3, "Ы": 1.25, "Ф": 1.2}


class Face:
    """Glyphs by sign. `proportion` is a usual glyph's width over its height."""

    def __init__(self, name, glyphs):
        self.name = name
        self.glyphs = glyphs

    def has(self, text):
        return all(sign in self.glyphs for sign in text)


def _corner(points, roundness, closed):
    """The path with each inner corner replaced by a curve."""
    if roundness <= 0:
        return np.vstack([points, points[:1]]) if closed else points
    out = []
    count = len(points)
    for index, point in enumerate(points):
        if not closed and index in (0, count - 1):
            out.append(point)
            continue
        before, after = points[index - 1], points[(index + 1) % count]
        to_before, to_after = before - point, after - point
        length = min(np.linalg.norm(to_before), np.linalg.norm(to_after))
        cut = min(roundness, length * 0.5)
        a = point + to_before / (np.linalg.norm(to_before) + 1e-6) * cut
        b = point + to_after / (np.linalg.norm(to_after) + 1e-6) * cut
        for t in np.linspace(0, 1, 7):
            out.append((1 - t) ** 2 * a + 2 * t * (1 - t) * (point * 0.86 + (a + b) * 0.07) + t * t * b)
    out = np.array(out)
    return np.vstack([out, out[:1]]) if closed else out


def draw_strokes(recipe, width_px, stroke_px, roundness, flat_ends):
    """One glyph: `width_px` of ink width, height GLYPH_PX, four times oversampled."""
    scale = 4
    margin = stroke_px / 2
    canvas = np.zeros((int((GLYPH_PX * 1.12) * scale), int((width_px * 1.15 + 2) * scale)), np.uint8)
    thickness = max(1, int(round(stroke_px * scale)))
    for path in recipe.split("|"):
        kind, *numbers = path.split()
        points = np.array([[float(v) for v in pair.split(",")] for pair in numbers])
        points = points * [width_px - 2 * margin, GLYPH_PX - 2 * margin] + margin
        closed = kind == "C"
        curve = _corner(points, roundness if kind in "RC" else 0, closed)
        cv2.polylines(canvas, [np.round(curve * scale * 8).astype(np.int32)], False, 255, thickness, cv2.LINE_8, 3)
    if flat_ends:
        # Pens end round; plates are cut flat at top and bottom: fill the outline's ends up to the edge of the box.
        band = max(1, thickness // 3)
        bottom = GLYPH_PX * scale
        for edge, inner in ((slice(0, band), band), (slice(bottom - band, bottom), bottom - band - 1)):
            canvas[edge] = np.maximum(canvas[edge], canvas[inner][None])
    small = cv2.resize(canvas, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    return _cut(small[: int(GLYPH_PX * 1.12)])


def _cut(picture):
    columns = np.flatnonzero(picture.max(0) > 40)
    if len(columns) == 0:
        return picture[:, :8]
    cut = picture[:, columns[0] : columns[-1] + 1]
    return cut if cut.shape[0] == GLYPH_PX else cv2.resize(cut[: max(GLYPH_PX, _bottom(cut))], (cut.shape[1], GLYPH_PX))


def _bottom(picture):
    rows = np.flatnonzero(picture.max(1) > 40)
    return rows[-1] + 1 if len(rows) else GLYPH_PX


def stroke_face(name, rng, proportion, weight, roundness, variants=True, flat=True, fixed=None, mono=False):
    """`proportion` width over height, `weight` stroke over height, `roundness` corner radius over width."""
    glyphs = {}
    for sign, recipe in STROKES.items():
        options = [recipe, *(VARIANTS.get(sign, []) if sign != "0" else [])]
        chosen = fixed.get(sign) if fixed and sign in fixed else rng.choice(options) if variants else recipe
        if isinstance(chosen, tuple):
            chosen = rng.choice(chosen)
        if sign == "0" and variants and rng.random() < 0.06:
            chosen = recipe + "|" + VARIANTS["0"][0]
        factor = NARROW.get(sign, 1) if not mono else (0.8 if sign in NARROW else 1)
        factor *= 1 + (WIDE.get(sign, 1) - 1) * (0.4 if mono else 1)
        if sign.isalpha() and not mono:
            factor *= rng.uniform(1.0, 1.06)
        width = max(stroke_min := weight * GLYPH_PX * 1.1, GLYPH_PX * proportion * factor)
        corner = roundness * GLYPH_PX * proportion
        if sign in "0" and fixed and "0corner" in fixed:
            corner = fixed["0corner"] * GLYPH_PX * proportion
        glyphs[sign] = draw_strokes(chosen, width, weight * GLYPH_PX, corner, flat)
        if sign in "1I" and "|" not in chosen:
            glyphs[sign] = np.ascontiguousarray(_cut(glyphs[sign]))
    return Face(name, glyphs)


def font_face(path, signs, index=0, squeeze=1.0):
    """A free font's signs, each scaled so that capitals are GLYPH_PX high; None where the font lacks one."""
    try:
        font = ImageFont.truetype(path, 110, index=index)
    except OSError:
        return None
    glyphs = {}
    box = font.getbbox("H" if "H" in signs else signs[0])
    for sign in signs:
        own = font.getbbox(sign)
        if own[2] - own[0] < 4:
            return None
        picture = Image.new("L", (own[2] - own[0] + 8, own[3] + 8), 0)
        ImageDraw.Draw(picture).text((4 - own[0], 0), sign, fill=255, font=font)
        array = np.array(picture)
        top, bottom = (box[1], box[3]) if sign in LATIN and sign != "Q" else (own[1], own[3])
        array = array[max(0, top) : bottom]
        width = max(6, int(array.shape[1] * GLYPH_PX / array.shape[0] * squeeze))
        glyphs[sign] = _cut(cv2.resize(array, (width, GLYPH_PX), interpolation=cv2.INTER_AREA))
    return Face(path.rsplit("/", 1)[-1], glyphs)


HAN_PX = (132, 264)  # width and height of a character's cell
PARTED_MAX = 22  # a column that crosses less ink than this stands between two parts of a character


def han_lines(path, signs, index):
    """Hair lines of Chinese characters, each squeezed into the narrow cell of a plate: `press_han` makes strokes of them."""
    font = ImageFont.truetype(path, 480, index=index)
    glyphs = {}
    for sign in signs:
        left, top, right, bottom = font.getbbox(sign)
        picture = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(picture).text((-left, -top), sign, fill=255, font=font)
        lines = cv2.resize(np.array(picture), HAN_PX, interpolation=cv2.INTER_AREA)
        glyphs[sign] = np.where(lines > 40, 255, 0).astype(np.uint8)
    return Face(path.rsplit("/", 1)[-1], glyphs)


def _play_along(rng, count, sway):
    """Where each of `count` pixels comes from when the parts along a side are given other shares of it."""
    at = np.linspace(0, 1, 5)
    moved = at + np.array([rng.uniform(0.03, 0.08), *(rng.uniform(-sway, sway) for _ in range(3)), -rng.uniform(0.03, 0.08)])
    return np.interp(np.linspace(0, 1, count), np.sort(moved), at, left=-0.1, right=1.1).astype(np.float32) * (count - 1)


def _play_parts(rng, lines):
    """
    Where each pixel of a character comes from when its left part stands higher or lower than its right one, or is shorter:
    presses differ most in this, and the 白 of a pressed 皖 is a good quarter shorter than a printed one.
    """
    width, height = HAN_PX
    crossed = (lines > 0).sum(0)[width // 4 : width * 5 // 8]
    from_y = np.repeat(np.arange(height, dtype=np.float32)[:, None], width, 1)
    if crossed.min() > PARTED_MAX:
        return from_y
    split = width // 4 + int(crossed.argmin())
    for columns, least in ((slice(0, split), 0.66), (slice(split, width), 0.9)):
        share = rng.uniform(least, 1)
        top = rng.uniform(0, 1 - share) * height
        from_y[:, columns] = (from_y[:, columns] - top) / share
    return from_y


def press_han(rng, lines):
    """
    A character as a press makes it. Plates have strokes of one width both ways, however narrow the character; squeezing a
    square font makes uprights thin. So lines are squeezed and moved first and made strokes afterwards.
    """
    width, height = HAN_PX
    if rng.random() < 0.6:
        across = np.repeat(np.arange(width, dtype=np.float32)[None], height, 0)
        lines = cv2.remap(lines, across, _play_parts(rng, lines), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    map_x = np.repeat(_play_along(rng, width, 0.05)[None], height, 0)
    map_y = np.repeat(_play_along(rng, height, 0.04)[:, None], width, 1)
    lean = rng.uniform(-0.04, 0.04) * width
    map_x = map_x + np.linspace(-lean, lean, height, dtype=np.float32)[:, None]
    moved = cv2.remap(lines, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    stroke = width * rng.uniform(0.075, 0.15)
    if lines.mean() > 50:  # 藏, 赣: thick strokes would leave a blot
        stroke *= 0.85
    across, down = (max(2, int(stroke * rng.uniform(0.9, 1.1) - own)) for own in (3, 4))
    shape = cv2.MORPH_ELLIPSE if rng.random() < 0.7 else cv2.MORPH_RECT
    return cv2.dilate(moved, cv2.getStructuringElement(shape, (across, down)))


GOST = {"1": "S .1,.28 .62,0 .62,1", "4": "S .5,0 0,.72 1,.72|S .76,.42 .76,1", "7": "S 0,0 1,0 .36,1",
        "3": "S 0,0 .95,0 .45,.4|R .35,.41 1,.38 1,1 0,1 0,.8", "Y": "S 0,0 .56,.6|S 1,0 .42,1 .12,1",
        "M": "S 0,1 0,0 .5,.62 1,0 1,1", "6": "C 0,.42 1,.42 1,1 0,1|S .74,0 .05,.58",
        "9": "C 0,0 1,0 1,.58 0,.58|S .26,1 .95,.42", "2": "R 0,.26 0,0 1,0 1,.44 .06,.97|S 0,1 1,1"}
FE = {"1": "S .1,.26 .6,0 .6,1", "4": "S .52,0 0,.74 1,.74|S .74,.44 .74,1", "7": "S 0,0 1,0 .3,1",
      "6": "C 0,.4 1,.4 1,1 0,1|S .8,0 .06,.56", "9": "C 0,0 1,0 1,.6 0,.6|S .2,1 .94,.44",
      "3": "S 0,0 .95,0 .4,.38|R .3,.4 1,.36 1,1 0,1 0,.82", "I": "S .5,0 .5,1|S .15,0 .85,0|S .15,1 .85,1",
      "J": "S .25,0 1,0|R 1,0 1,1 0,1 0,.76", "M": "S 0,1 0,0 .5,.5 1,0 1,1", "W": "S 0,0 .14,1 .5,.42 .86,1 1,0",
      "Q": "C 0,0 1,0 1,1 0,1|S .6,.72 1,1", "G": "R 1,.24 1,0 0,0 0,1 1,1 1,.54 .5,.54", "0corner": 0.5,
      "B": "S 0,0 0,1|R 0,0 .9,0 .9,.46 0,.46|R .3,.46 1,.46 1,1 0,1", "8": "C .04,0 .96,0 .96,.46 .04,.46|C 0,.46 1,.46 1,1 0,1"}
CHINESE = {"1": "S .5,0 .5,1", "A": ("S 0,1 .5,0 1,1|S .17,.68 .83,.68", "S 0,1 .42,0 .58,0 1,1|S .17,.7 .83,.7"),
           "Q": ("C 0,0 1,0 1,1 0,1|S .55,.66 1,1", "C 0,0 1,0 1,1 0,1|S .6,.74 1,1"), "Y": "S 0,0 .5,.52 1,0|S .5,.5 .5,1",
           "4": "S 1,.76 0,.76 .7,0 .7,1", "7": "S 0,0 1,0 .36,1",
           "M": ("S 0,1 0,0 .5,1 1,0 1,1", "S 0,1 0,0 .5,.6 1,0 1,1", "S 0,1 0,0 .5,.8 1,0 1,1"),
           "W": ("S 0,0 .25,1 .5,.1 .75,1 1,0", "S 0,0 .2,1 .5,.3 .8,1 1,0", "S 0,0 .12,1 .5,.15 .88,1 1,0"),
           "G": ("R 1,.26 1,0 0,0 0,1 1,1 1,.55 .55,.55", "R 1,.26 1,0 0,0 0,1 1,1|S 1,1 1,.52 .5,.52", "R 1,.2 1,0 0,0 0,1 1,1 1,.6|S 1,1 1,.58 .6,.58"),
           # 6 and 9 have straight oblique stems, which tells them from G.
           "6": ("C 0,.42 1,.42 1,1 0,1|S .74,0 .05,.58", "C 0,.4 1,.4 1,1 0,1|S .82,0 .06,.56", "C 0,.45 1,.45 1,1 0,1|R .8,0 .3,.2 0,.7"),
           "9": ("C 0,0 1,0 1,.58 0,.58|S .26,1 .95,.42", "C 0,0 1,0 1,.6 0,.6|S .18,1 .94,.44", "C 0,0 1,0 1,.55 0,.55|R .2,1 .7,.8 1,.3"),
           "3": ("S 0,0 .95,0 .42,.4|R .3,.41 1,.38 1,1 0,1 0,.8", "R 0,.2 0,0 .96,0 .96,.47 .42,.47|R .42,.47 1,.47 1,1 0,1 0,.8"),
           "0corner": 0.5}
# What Argentina pressed until 2016: 1 and I both stand on a foot, O and 0 are one shape, M and W are narrow.
SLAB = {"1": "S .12,.12 .5,0 .5,1|S .1,1 .9,1", "I": "S .5,0 .5,1|S .1,0 .9,0|S .1,1 .9,1", "0corner": 0.45,
        "J": "S .4,0 1,0|R .8,0 .8,1 0,1 0,.74", "M": "S 0,1 0,0 .5,.55 1,0 1,1", "W": "S 0,0 .2,1 .5,.3 .8,1 1,0",
        "Q": "C 0,0 1,0 1,1 0,1|S .6,.74 1,1", "4": ("S 1,.74 0,.74 .74,0 .74,1", "S 1,.8 0,.8 .5,0 .78,0 .78,1", "S 1,.78 0,.78 .6,0 .76,0 .76,1"), "7": "S 0,.12 0,0 1,0 .34,1"}
DIN = {"0corner": 0.5, "1": "S .08,.26 .62,0 .62,1", "M": "S 0,1 0,0 .5,.6 1,0 1,1"}


def make_faces(seed=7):
    """All faces by family: gost, fe, cn, din, press, slab, font, and Chinese characters: han of fonts, hair as hair lines."""
    rng = random.Random(seed)
    families = {"gost": [], "fe": [], "cn": [], "din": [], "press": [], "font": [], "han": [], "hair": [], "slab": []}
    for number in range(6):
        families["gost"].append(
            stroke_face(f"gost{number}", rng, rng.uniform(0.5, 0.6), rng.uniform(0.135, 0.165), rng.uniform(0.34, 0.5), fixed=GOST, variants=False)
        )
        families["fe"].append(
            stroke_face(f"fe{number}", rng, rng.uniform(0.5, 0.62), rng.uniform(0.125, 0.165), rng.uniform(0.38, 0.5), fixed=FE, mono=True)
        )
        families["cn"].append(
            stroke_face(f"cn{number}", rng, rng.uniform(0.44, 0.52), rng.uniform(0.1, 0.13), rng.uniform(0.38, 0.5), fixed=CHINESE)
        )
        families["din"].append(
            stroke_face(f"din{number}", rng, rng.uniform(0.5, 0.62), rng.uniform(0.13, 0.175), rng.uniform(0.36, 0.5), fixed=DIN)
        )
    for number in range(5):
        families["slab"].append(
            stroke_face(f"slab{number}", rng, rng.uniform(0.46, 0.62), rng.uniform(0.12, 0.18), rng.uniform(0.2, 0.48), fixed=SLAB, mono=True)
        )
    for number in range(6, 12):
        families["cn"].append(
            stroke_face(f"cn{number}", rng, rng.uniform(0.46, 0.56), rng.uniform(0.1, 0.15), rng.uniform(0.34, 0.5), fixed=CHINESE)
        )
    for number in range(10):
        families["press"].append(
            stroke_face(f"press{number}", rng, rng.uniform(0.42, 0.68), rng.uniform(0.1, 0.2), rng.uniform(0.15, 0.5), flat=rng.random() < 0.7)
        )
    patterns = [
        "LiberationSansNarrow-Bold.ttf", "LiberationSans-Bold.ttf", "LiberationSans-Regular.ttf", "LiberationMono-Bold.ttf",
        "DejaVuSansCondensed-Bold.ttf", "DejaVuSansCondensed.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono-Bold.ttf",
        "FreeSansBold.ttf", "FreeSans.ttf", "FreeMonoBold.ttf", "RobotoCondensed-Bold.ttf", "RobotoCondensed-Regular.ttf",
        "Roboto-Bold.ttf", "Roboto-Medium.ttf", "opendin*.ttf", "OpenDIN*.ttf", "open*din*", "osifont*.ttf",
        "NationalPark*.[ot]tf", "B612-Bold.ttf", "B612Mono-Bold.ttf", "Lato-Bold.ttf", "Inter-Bold.[ot]tf", "Inter-SemiBold.[ot]tf",
        "NotoSans-Bold.ttf", "NotoSans-Medium.ttf", "NotoSans-CondensedBold.ttf", "NotoSans-SemiCondensedBold.ttf", "Hack-Bold.ttf", "JetBrainsMono-Bold.ttf",
    ]
    for pattern in patterns:
        for path in sorted(glob.glob("/usr/share/fonts/**/" + pattern, recursive=True))[:1]:
            face = font_face(path, LATIN)
            if face is not None:
                families["font"].append(face)
    from networks import CHINESE_SUFFIXES, PROVINCES

    for pattern, index in [
        ("wqy-microhei.ttc", 0), ("wqy-zenhei.ttc", 0), ("NotoSansCJK-Bold.ttc", 2), ("NotoSansCJK-Regular.ttc", 2),
        ("SmileySans*", 0), ("NotoSansCJK-Bold.ttc", 0), ("NotoSansCJK-Medium.ttc", 2), ("NotoSansCJK-DemiLight.ttc", 2),
        ("NotoSansCJK-Black.ttc", 2), ("NotoSansCJK-Medium.ttc", 0), ("DroidSansFallbackFull.ttf", 0),
    ]:
        for path in sorted(glob.glob("/usr/share/fonts/**/" + pattern, recursive=True))[:1]:
            face = font_face(path, PROVINCES + CHINESE_SUFFIXES, index)
            if face is not None:
                families["han"].append(face)
    for pattern in ("NotoSansCJK-Thin.ttc", "NotoSerifCJK-ExtraLight.ttc"):
        for path in sorted(glob.glob("/usr/share/fonts/**/" + pattern, recursive=True))[:1]:
            families["hair"].append(han_lines(path, PROVINCES + CHINESE_SUFFIXES, 2))
    return families


if __name__ == "__main__":
    import sys

    made = make_faces()
    rows = []
    for family, faces in made.items():
        print(family, [face.name for face in faces])
        for face in faces[:2]:
            line = [cv2.copyMakeBorder(glyph, 4, 4, 3, 3, cv2.BORDER_CONSTANT) for glyph in face.glyphs.values()]
            rows.append(np.hstack(line))
    wide = max(row.shape[1] for row in rows)
    cv2.imwrite(sys.argv[1], 255 - np.vstack([np.pad(row, ((0, 0), (0, wide - row.shape[1]))) for row in rows]))
