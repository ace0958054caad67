"""Plates by layout from further away: the European Union and the Americas. `layouts.py` says what such a function gives."""

import cv2
import numpy as np

from sheet import DIGITS, LATIN, PX_PER_MM, dark, finish, light, number, one, some, yellow


def eu(rng, faces):
    face = [rng.choice(faces["fe"] * 2 + faces["din"] * 2 + faces["press"] + faces["font"])]
    country = rng.choice(["D", "PL", "LT", "LV", "EST", "NL", "B", "F", "I", "E", "CZ", "SK", "H", "RO", "BG", "A", "S", "FIN", "P", "HR", "SLO"])
    dash = rng.choice([None, None, "-", "."])
    pattern = rng.random()
    if country == "NL" or pattern < 0.22:
        shape = rng.choice(["99-LL-LL", "99-LLL-9", "9-LLL-99", "LL-999-L", "L-999-LL", "LL-LL-99", "LL-99-LL", "99-LL-99", "LLL-99-L", "9-LL-999"])
        letters = "BDFGHJKLMNPRSTVXZ" if rng.random() < 0.7 else LATIN
        groups = ["".join(some(rng, letters, 1) if c == "L" else number(rng, 1) for c in part) for part in shape.split("-")]
        dash = "-" if rng.random() < 0.8 else None
        colours = yellow(rng) if rng.random() < 0.7 else light(rng)
    elif pattern < 0.5:
        groups = [some(rng, LATIN, rng.choice([1, 2, 3])), some(rng, LATIN, rng.choice([1, 2])), number(rng, rng.choice([1, 2, 3, 4, 4]))]
        colours = light(rng)
        if len("".join(groups)) < 5:
            groups[2] = number(rng, 4)
    elif pattern < 0.75:
        groups = [some(rng, LATIN, rng.choice([2, 3])), some(rng, LATIN + DIGITS * 3, rng.choice([4, 5]))]
        colours = light(rng)
    elif pattern < 0.9:
        groups = [some(rng, LATIN, rng.choice([2, 3])), number(rng, rng.choice([3, 4]))]
        colours = light(rng)
    else:
        groups = [some(rng, LATIN, 2), number(rng, 3), some(rng, LATIN, 2)]
        colours = light(rng)
    if rng.random() < 0.08:
        sheet = one(rng, colours, 300, 200)
        finish(sheet)
        left = 10 + (sheet.strip(face, country, 36) if rng.random() < 0.5 else 8)
        sheet.row(face, groups[:1], left, 286, 18, 72)
        sheet.row(face, groups[1:], left, 286, 108, 74, dash=dash)
        return sheet, "".join(groups), 2
    if rng.random() < 0.24:
        return arms_or_small_first(rng, face, rng.choice("AAB"))
    sheet = one(rng, colours)
    finish(sheet)
    left = 10 + (sheet.strip(face, country) if rng.random() < 0.8 else 8)
    mark = rng.random() < 0.25 and country == "D"
    sheet.row(face, groups, left, 508, rng.uniform(15, 22), rng.uniform(66, 82), dash=dash)
    if mark:
        cv2.circle(sheet.picture, (int((left + 120) * PX_PER_MM), int(40 * PX_PER_MM)), 8, 120.0, -1)
    return sheet, "".join(groups), 1


def arms_or_small_first(rng, face, country):
    """Austria sets a coat of arms between district and number; Belgium a digit, a dash, and two groups of three."""
    sheet = one(rng, light(rng) if country == "A" else (rng.uniform(170, 250), rng.uniform(60, 120)))
    finish(sheet)
    left = 10 + (sheet.strip(face, country) if rng.random() < 0.8 else 8)
    y, tall = rng.uniform(16, 22), rng.uniform(66, 80)
    if country == "B":
        groups = [rng.choice("1112234567890"), some(rng, LATIN, 3), number(rng, 3)]
        sheet.row(face, groups, left, 508, y, tall, group_gap=rng.uniform(22, 44), dash="-")
        return sheet, "".join(groups), 1
    district = rng.choice("BEGIIKLPSW") if rng.random() < 0.5 else some(rng, LATIN, rng.choice([1, 2, 2, 2]))
    rest = number(rng, rng.choice([3, 4, 5])) + some(rng, LATIN, rng.choice([1, 2])) if rng.random() < 0.7 else number(rng, 3) + some(rng, LATIN, 3)
    wide = 44 * len(district)
    sheet.row(face, [district], left, left + wide, y, tall)
    middle = left + wide + rng.uniform(22, 30)
    arms(rng, sheet, middle, rng.uniform(18, 34), rng.uniform(64, 84))
    if rng.random() < 0.6:
        sheet.small(face, some(rng, LATIN, 6), middle - 16, 84, 32, 8, rng.uniform(60, 140))
    sheet.row(face, [rest], middle + 26, 508, y, tall)
    return sheet, district + rest, 1


def arms(rng, sheet, middle, top, bottom):
    """A land's arms between the groups: a shield in outline or full, bars, spots, and often an eagle, which seen from afar is a fork."""
    half, tall = rng.uniform(11, 21), bottom - top
    ink = rng.uniform(20, 130)

    def fill(points, value):
        cv2.fillPoly(sheet.picture, [(np.array(points) * PX_PER_MM * 16).astype(np.int32)], float(value), cv2.LINE_8, 4)

    def shield(part, value):
        w, low = half * part, bottom - tall * (1 - part) * 0.7
        high = top + tall * (1 - part) * 0.5
        fill([(middle - w, high), (middle + w, high), (middle + w, low - tall * 0.35), (middle, low), (middle - w, low - tall * 0.35)], value)

    kind = rng.random()
    if kind < 0.45:
        shield(1, ink)
        if rng.random() < 0.6:
            shield(rng.uniform(0.7, 0.88), rng.uniform(90, 240))
    if 0.15 < kind < 0.85:  # body, two wings with feathers hanging from them, a fan of a tail
        w, inner = half * rng.uniform(0.6, 1), rng.uniform(0.1, 0.3)
        fill([(middle - 2, top), (middle + 2, top), (middle + half * inner, bottom - 6), (middle, bottom), (middle - half * inner, bottom - 6)], ink)
        for side in (-1, 1):
            feathers = [(middle + side * w * x, top + tall * rng.uniform(0.45, 0.75)) for x in (1, 0.75, 0.5, 0.25)]
            fill([(middle, top + tall * 0.3), (middle + side * w * 0.5, top + tall * 0.1), (middle + side * w, top + tall * rng.uniform(0, 0.15)), *feathers], ink)
            if rng.random() < 0.7:
                sheet.line(middle, top + tall * 0.65, middle + side * w * 0.6, bottom - rng.uniform(0, 6), 2, ink)
    else:
        for _ in range(rng.randint(3, 12)):
            place = (middle + rng.uniform(-half, half) * 0.8, rng.uniform(top, bottom))
            cv2.circle(sheet.picture, tuple(int(v * PX_PER_MM) for v in place), rng.randint(1, 5), rng.uniform(20, 220), -1)


def americas(rng, faces):
    """Wide short sheets with a heading, embossed dark or light, as far from the others as lorries come."""
    face = [rng.choice(faces["press"] * 2 + faces["font"] + faces["fe"] + faces["din"] + faces["slab"] * 4)]
    if rng.random() < 0.5:
        return american_panel(rng, face)
    groups = [some(rng, LATIN, 2), number(rng, 3), some(rng, LATIN, 2)] if rng.random() < 0.8 else [some(rng, LATIN, 3), number(rng, 3)]
    width = rng.uniform(290, 400)
    sheet = one(rng, light(rng), width, rng.uniform(110, 140))
    h = sheet.height
    finish(sheet)
    if rng.random() < 0.7:
        sheet.rect(0, 0, width, h * 0.2, rng.uniform(40, 140))
    heading(rng, sheet, face)
    if rng.random() < 0.12:
        text = "".join(groups)
        sheet.row(face, [text[:3]], 20, width - 20, h * 0.24, h * 0.3, gap=16)
        sheet.row(face, [text[3:]], 20, width - 20, h * 0.6, h * 0.3, gap=16)
        return sheet, text, 2
    sheet.row(face, groups, 14, width - 14, h * rng.uniform(0.24, 0.32), h * rng.uniform(0.5, 0.6), gap=rng.uniform(4, 9), group_gap=rng.uniform(12, 34), dash="." if rng.random() < 0.25 else None)
    for x in (width * 0.22, width * 0.78):
        if rng.random() < 0.5:
            cv2.circle(sheet.picture, (int(x * PX_PER_MM), int(h * 0.93 * PX_PER_MM)), 2, 40.0, -1)
    return sheet, "".join(groups), 1


def american_panel(rng, face):
    """A dark panel in a light frame with slots for screws; often a small letter stands between the groups."""
    groups = [some(rng, LATIN, 3), number(rng, 3)]
    width, h = rng.uniform(290, 400), rng.uniform(105, 140)
    sheet = one(rng, dark(rng) if rng.random() < 0.9 else light(rng), width, h)
    frame = rng.uniform(110, 250)
    top, bottom, side = h * rng.uniform(0.16, 0.27), h * rng.uniform(0.1, 0.22), rng.uniform(8, 22)
    sheet.rect(0, 0, width, h, frame)
    sheet.rect(side, top, width - 2 * side, h - top - bottom, sheet.field)
    if rng.random() < 0.6:
        heading(rng, sheet, face)
    for x in (0.2, 0.8):
        for y in (top / 2, h - bottom / 2):
            if rng.random() < 0.6:
                sheet.rect(width * x - rng.uniform(5, 10), y - 4, rng.uniform(10, 20), rng.uniform(5, 9), rng.uniform(0, 80))
    tall = (h - top - bottom) * rng.uniform(0.74, 0.92)
    middle = top + (h - top - bottom) / 2
    if rng.random() < 0.07:  # of a motorcycle
        half = (h - top - bottom) * 0.44
        sheet.row(face, [groups[1]], side + width * 0.15, width - side - width * 0.15, top + 2, half, gap=6)
        sheet.row(face, [groups[0]], side + width * 0.15, width - side - width * 0.15, middle + 2, half, gap=6)
        return sheet, groups[1] + groups[0], 2
    between = rng.uniform(24, 60)
    half = (width - 2 * side - between) / 2
    sheet.row(face, groups[:1], side + 4, side + half, middle - tall / 2, tall, gap=rng.uniform(4, 9), squeeze_min=0.5)
    sheet.row(face, groups[1:], width - side - half, width - side - 4, middle - tall / 2, tall, gap=rng.uniform(4, 9), squeeze_min=0.5)
    if rng.random() < 0.35:
        sheet.small(face, rng.choice("DTDTCQ"), width / 2 - 7, middle - tall * 0.2, 14, tall * rng.uniform(0.25, 0.4))
    elif rng.random() < 0.2:
        sheet.dot(width / 2, middle)
    return sheet, "".join(groups), 1


def heading(rng, sheet, face):
    text = rng.choice(["REPUBLICAARGENTINA", "ARGENTINA", "MERCOSUR", "STATE"])
    width = sheet.width
    sheet.small(face, text, width * rng.uniform(0.2, 0.35), sheet.height * 0.05, width * rng.uniform(0.3, 0.5), sheet.height * 0.1, rng.uniform(120, 255))
