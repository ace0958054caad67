"""One sheet of metal: rows of glyphs, lines, flags and strips set on it in millimetres."""

import cv2
import numpy as np

from faces import GLYPH_PX, HAN_PX, press_han
from networks import MONGOLIAN_ONLY

PX_PER_MM = 0.72
DIGITS = "0123456789"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MONGOLIAN = "ABEKMHOPCTYX" + MONGOLIAN_ONLY


class Sheet:
    def __init__(self, rng, width, height, field, ink):
        self.rng = rng
        self.field, self.ink = field, ink
        self.width, self.height = width, height
        self.picture = np.full((round(height * PX_PER_MM), round(width * PX_PER_MM)), field, np.float32)

    def rect(self, x, y, w, h, value):
        x0, y0, x1, y1 = (int(round(v * PX_PER_MM)) for v in (x, y, x + w, y + h))
        self.picture[max(0, y0) : y1, max(0, x0) : x1] = value

    def line(self, x0, y0, x1, y1, thickness=2.5, value=None):
        scale = 16 * PX_PER_MM
        cv2.line(
            self.picture, (int(x0 * scale), int(y0 * scale)), (int(x1 * scale), int(y1 * scale)),
            float(self.ink if value is None else value), max(1, int(round(thickness * PX_PER_MM))), cv2.LINE_8, 4,
        )

    def border(self, inset, thickness, value=None):
        x0, y0, x1, y1 = inset, inset, self.width - inset, self.height - inset
        for a in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)):
            self.line(*a, thickness, value)

    def glyph(self, alpha, x, y, w, h, value=None):
        x0, y0 = int(round(x * PX_PER_MM)), int(round(y * PX_PER_MM))
        w, h = max(2, int(round(w * PX_PER_MM))), max(3, int(round(h * PX_PER_MM)))
        x0, y0 = max(0, x0), max(0, y0)
        target = self.picture[y0 : y0 + h, x0 : x0 + w]
        if target.size == 0:
            return
        a = cv2.resize(alpha, (w, h), interpolation=cv2.INTER_AREA)[: target.shape[0], : target.shape[1]]
        a = a.astype(np.float32) * (1 / 255)
        target += a * ((self.ink if value is None else value) - target)

    def cells(self, faces, signs, places, y, width, height):
        """Signs of one width each in cells that begin at `places`, as Chinese sheets are pressed; a thin sign stands in the middle."""
        for sign, x in zip(signs, places):
            alpha = next(face for face in faces if sign in face.glyphs).glyphs[sign]
            if sign in LATIN or sign in DIGITS:
                own = min(width, alpha.shape[1] * height / GLYPH_PX)
                own, tall = width if own > width * 0.72 else own, height
            else:
                is_hair = alpha.shape == HAN_PX[::-1]
                alpha = press_han(self.rng, alpha) if is_hair else _pressed(self.rng, alpha)
                own, tall = width * self.rng.uniform(0.86, 1.12), height * self.rng.uniform(0.8, 1.06)
            self.glyph(alpha, x + (width - own) / 2, y + (height - tall) * self.rng.uniform(0.3, 1), own, tall)

    def row(self, faces, groups, x0, x1, y, height, gap=None, group_gap=None, dash=None, squeeze_min=0.62, heights=None, value=None):
        """Sets groups of signs between x0 and x1, centred or spread; returns whether all signs could be drawn."""
        rng = self.rng
        face = faces[0]
        gap = rng.uniform(6, 14) if gap is None else gap
        group_gap = gap + rng.uniform(6, 40) if group_gap is None else group_gap
        glyphs, places, x = [], [], 0.0
        for number, group in enumerate(groups):
            for index, sign in enumerate(group):
                own = next((f for f in faces if sign in f.glyphs), None)
                if own is None:
                    return False
                alpha = own.glyphs[sign]
                h = height * (heights(sign) if heights else 1)
                w = alpha.shape[1] * h / GLYPH_PX
                if sign not in LATIN and sign not in DIGITS and sign not in MONGOLIAN:
                    w = h * rng.uniform(0.48, 0.62)
                if x and index == 0:
                    x += group_gap - gap
                    if dash and number:
                        glyphs.append(None)
                        places.append((x - group_gap / 2, 0, 0))
                places.append((x, w, h))
                glyphs.append(alpha)
                x += w + gap
        total = x - gap
        room = x1 - x0
        squeeze = min(1.0, room / total)
        if squeeze < squeeze_min:
            y += height * (1 - squeeze / squeeze_min) / 2
        if squeeze > 0.85 and rng.random() < 0.3:
            squeeze = min(room / total, rng.uniform(squeeze, 1.25))
        left = x0 + (room - total * squeeze) * rng.uniform(0.35, 0.65)
        shrink = min(1.0, squeeze / squeeze_min)
        for alpha, (x, w, h) in zip(glyphs, places):
            if alpha is None:
                if dash == "-":
                    self.rect(left + x * squeeze - 7, y + height * 0.45, 15, height * 0.11, self.ink)
                else:
                    cv2.circle(self.picture, (int((left + x * squeeze) * PX_PER_MM), int((y + height / 2) * PX_PER_MM)), max(1, int(4 * PX_PER_MM)), float(self.ink), -1)
                continue
            self.glyph(alpha, left + x * squeeze, y + height - h + (height * (1 - shrink) / 2), w * squeeze, h * shrink, value)
        return True

    def small(self, faces, text, x, y, w, h, value=None):
        """Print that is no part of the number, in a box."""
        face = faces[0]
        parts = [face.glyphs[sign] for sign in text if sign in face.glyphs]
        if not parts:
            return
        widths = [part.shape[1] for part in parts]
        gap = 10
        scale = w / (sum(widths) + gap * (len(parts) - 1))
        for part, own in zip(parts, widths):
            self.glyph(part, x, y, own * scale, h, value)
            x += (own + gap) * scale

    def dot(self, x, y):
        place = (int(x * PX_PER_MM), int(y * PX_PER_MM))
        cv2.circle(self.picture, place, max(1, int(self.rng.uniform(4, 6) * PX_PER_MM)), float(self.ink), -1)

    def flag(self, x, y, w, h):
        rng = self.rng
        bands = rng.choice([1, 2, 3, 3])
        levels = [rng.uniform(30, 235) for _ in range(bands)]
        for index, level in enumerate(levels):
            self.rect(x, y + h * index / bands, w, h / bands + 1, level)
        if bands == 1:
            cv2.circle(self.picture, (int((x + w / 2) * PX_PER_MM), int((y + h / 2) * PX_PER_MM)), max(1, int(h / 4 * PX_PER_MM)), 230.0, -1)

    def strip(self, faces, letters, width=None):
        """Country strip at the left with stars or a flag."""
        rng = self.rng
        width = rng.uniform(36, 48) if width is None else width
        level = rng.uniform(25, 110)
        self.rect(0, 0, width, self.height, level)
        ink = min(255, level + rng.uniform(60, 190))
        self.small(faces, letters, width * 0.2, self.height * rng.uniform(0.62, 0.7), width * 0.6, self.height * 0.2, ink)
        if rng.random() < 0.7:
            for angle in np.linspace(0, 2 * np.pi, 10)[:9]:
                x, y = width / 2 + width * 0.26 * np.cos(angle), self.height * 0.33 + width * 0.26 * np.sin(angle)
                cv2.circle(self.picture, (int(x * PX_PER_MM), int(y * PX_PER_MM)), 1, ink, -1)
        else:
            self.flag(width * 0.15, self.height * 0.15, width * 0.7, self.height * 0.3)
        return width


def _pressed(rng, alpha):
    """A Chinese character as one of many presses makes it: strokes fatter or thinner each way, and a little out of true."""
    height, width = alpha.shape
    fat_x, fat_y = rng.choice([0, 0, 0, 2, 3, 4, 6]), rng.choice([0, 0, 0, 0, 2, 3])
    if fat_x or fat_y:
        alpha = cv2.dilate(alpha, np.ones((max(1, fat_y), max(1, fat_x)), np.uint8))
    elif rng.random() < 0.4:
        alpha = cv2.erode(alpha, np.ones((2, 2), np.uint8))
    if rng.random() < 0.7:
        sway = 0.06
        corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
        moved = corners + np.float32([[rng.uniform(-sway, sway) * width, rng.uniform(-sway, sway) * height] for _ in range(4)])
        alpha = cv2.warpPerspective(alpha, cv2.getPerspectiveTransform(corners, moved), (width, height))
    return alpha


def some(rng, letters, count):
    return "".join(rng.choice(letters) for _ in range(count))


def number(rng, count):
    return some(rng, DIGITS, count)


def light(rng):
    """Field and ink of a light sheet in grey."""
    return rng.uniform(150, 250), rng.uniform(5, 60)


def dark(rng):
    """Field and ink of a dark sheet."""
    return rng.uniform(20, 110), rng.uniform(165, 250)


def yellow(rng):
    """Yellow is light in daylight and nearly as bright as white under infrared."""
    return rng.uniform(120, 215), rng.uniform(5, 60)


def one(rng, colours, width=520, height=112):
    sheet = Sheet(rng, width, height, *colours)
    return sheet


def finish(sheet, thick=None):
    if sheet.rng.random() < 0.8:
        sheet.border(sheet.rng.uniform(2, 5), sheet.rng.uniform(2, 5) if thick is None else thick)
