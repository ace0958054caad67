"""Plates by layout: what stands where on the sheet of each country, with the number drawn by rule.

`draw_plate(rng, faces)` gives a grey picture of one clean plate, the text as it is read row by row, and the number of rows.
Sizes follow public descriptions of the standards; what differs from sheet to sheet is drawn with some play.
"""

import cv2
import numpy as np

from layouts_far import americas, eu
from networks import PROVINCES
from sheet import DIGITS, LATIN, MONGOLIAN, PX_PER_MM, dark, finish, light, number, one, some, yellow

RUSSIAN = "ABEKMHOPCTYX"
UKRAINIAN = "ABCEHIKMOPTX"
CHINESE_LATIN = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def kz(rng, faces):
    family = rng.choice(["din", "din", "fe", "gost", "press", "font"])
    face = [rng.choice(faces[family])]
    kind = rng.random()
    region = f"{rng.randint(1, 20):02d}"
    letters = some(rng, LATIN, rng.choice([2, 2, 3, 3, 3]))
    if kind < 0.44:  # one row of 2012
        foreign = rng.random() < 0.16
        digits = number(rng, 3 if rng.random() < 0.93 else 2)
        groups = [some(rng, LATIN, 1), number(rng, 4)] if foreign else [digits, letters]
        sheet = one(rng, yellow(rng) if foreign else light(rng))
        finish(sheet)
        left = 16
        if rng.random() < 0.95:
            sheet.flag(rng.uniform(12, 20), rng.uniform(16, 24), rng.uniform(34, 44), rng.uniform(22, 30))
            sheet.small(face, "KZ", rng.uniform(14, 20), rng.uniform(56, 66), rng.uniform(32, 42), rng.uniform(22, 32))
            left = rng.uniform(58, 74)
        line = rng.uniform(404, 424)
        sheet.line(line, 2, line, 110, rng.uniform(2, 4))
        sheet.row(face, groups, left, line - 8, rng.uniform(16, 22), rng.uniform(70, 80), group_gap=rng.uniform(14, 44))
        sheet.row(face, [region], line + 8, 506, rng.uniform(16, 26), rng.uniform(62, 78), gap=rng.uniform(5, 11))
        return sheet, "".join(groups) + region, 1
    if kind < 0.81:  # two rows of 2012
        height = rng.uniform(165, 205)
        sheet = one(rng, light(rng), 280, height)
        finish(sheet)
        middle = height * rng.uniform(0.47, 0.52)
        digits = number(rng, 3 if rng.random() < 0.88 else 2)
        tall = height * rng.uniform(0.34, 0.38)
        if rng.random() < 0.75:  # digits and region above, letters below
            line = rng.uniform(176, 194)
            sheet.line(line, 4, line, middle, rng.uniform(2, 4))
            if rng.random() < 0.8:
                sheet.line(line, middle, 276, middle, rng.uniform(2, 4))
            sheet.row(face, [digits], 14, line - 6, height * 0.09, tall, gap=rng.uniform(5, 11))
            sheet.row(face, [region], line + 6, 270, height * rng.uniform(0.08, 0.12), tall * rng.uniform(0.82, 1), gap=rng.uniform(4, 9))
            left = rng.uniform(16, 22)
            sheet.flag(left, middle + 8, 44, 28)
            sheet.small(face, "KZ", left, height - rng.uniform(42, 48), 42, 26)
            sheet.row(face, [letters], 70, 268, middle + height * 0.05, tall, gap=rng.uniform(8, 18))
            return sheet, digits + region + letters, 2
        sheet.flag(16, 16, 44, 28)
        sheet.small(face, "KZ", 16, 56, 42, 26)
        sheet.row(face, [digits], 72, 268, height * 0.09, tall, gap=rng.uniform(5, 14))
        line = rng.uniform(180, 196)
        sheet.line(line, middle + 2, line, height - 4, rng.uniform(2, 4))
        sheet.row(face, [letters], 14, line - 6, middle + height * 0.05, tall, gap=rng.uniform(4, 10))
        sheet.row(face, [region], line + 6, 270, middle + height * 0.06, tall * rng.uniform(0.85, 1), gap=rng.uniform(4, 9))
        return sheet, digits + letters + region, 2
    first = some(rng, LATIN, 1)
    if kind < 0.94:  # 1993, one row; trailers 1234AB
        groups = [first, number(rng, 3), letters] if rng.random() < 0.8 else [number(rng, 4), letters[:2]]
        sheet = one(rng, light(rng))
        finish(sheet)
        left = 16
        if rng.random() < 0.8:
            sheet.flag(14, 22, 40, 26)
            sheet.small(face, "KZ", 14, 62, 40, 26)
            left = 66
        sheet.row(face, groups, left, 506, rng.uniform(16, 22), rng.uniform(70, 80))
        return sheet, "".join(groups), 1
    sheet = one(rng, light(rng), 280, 200)
    finish(sheet)
    upper, lower = first + number(rng, 3), letters
    sheet.row(face, [upper[:1], upper[1:]], 16, 264, 18, 72, group_gap=rng.uniform(10, 26))
    sheet.row(face, [lower], 70, 268, 108, 74)
    if rng.random() < 0.7:
        sheet.small(face, "KZ", 18, 140, 40, 26)
    return sheet, upper + lower, 2


def ru(rng, faces):
    face = [rng.choice(faces["gost"] if rng.random() < 0.85 else faces["press"] + faces["din"])]
    region = number(rng, 2) if rng.random() < 0.5 else rng.choice("1279") + number(rng, 2)
    if region[:2] == "00":
        region = "77"
    letter = some(rng, RUSSIAN, 3)
    low = rng.uniform(0.74, 0.8)
    heights = lambda sign: low if sign in LATIN else 1.0  # letters stand lower than digits
    kind = rng.random()
    colours = light(rng)
    if kind > 0.95:
        colours = dark(rng)
    elif kind > 0.88:
        colours = yellow(rng)
    if kind < 0.62 or kind > 0.93:
        pattern = rng.random()
        if pattern < 0.78:
            groups = [letter[0], number(rng, 3), letter[1:]]
        elif pattern < 0.93:
            groups = [letter[:2], number(rng, 4)]
        else:
            groups = [letter[:2], number(rng, 3)]
        sheet = one(rng, colours)
        finish(sheet)
        line = rng.uniform(376, 392) if len(region) == 3 else rng.uniform(394, 410)
        sheet.line(line, 2, line, 110, rng.uniform(2, 4))
        gap = rng.uniform(7, 13)
        sheet.row(face, groups, rng.uniform(14, 34), line - rng.uniform(6, 16), rng.uniform(15, 20), rng.uniform(72, 80), gap=gap, group_gap=gap + rng.uniform(0, 12), heights=heights)
        sheet.row(face, [region], line + 6, 510, rng.uniform(10, 16), rng.uniform(54, 62), gap=rng.uniform(4, 8), squeeze_min=0.8)
        sheet.small(face, "RUS", line + rng.uniform(6, 12), rng.uniform(78, 84), rng.uniform(44, 54), rng.uniform(16, 20))
        if rng.random() < 0.85:
            sheet.flag(line + rng.uniform(62, 68), rng.uniform(79, 84), 30, 17)
        for x in (rng.uniform(8, 18), rng.uniform(500, 512)):
            if rng.random() < 0.6:
                cv2.circle(sheet.picture, (int(x * PX_PER_MM), int(rng.uniform(50, 62) * PX_PER_MM)), rng.choice([2, 3]), rng.uniform(20, 150), -1)
        return sheet, "".join(groups) + region, 1
    return ru_two_rows(rng, face, colours, letter, region, heights)


def ru_two_rows(rng, face, colours, letter, region, heights):
    """290 by 170 mm. The digits stand close above the region's box, and from afar on its line: a 4 is then an L with a roof."""
    sheet = one(rng, colours, 290, 170)
    finish(sheet)
    trailer = rng.random() < 0.35
    upper = [letter[:2], number(rng, 2)] if trailer else [letter[0], number(rng, 3)]
    lower = number(rng, 2) if trailer else letter[1:]
    side, top = rng.uniform(144, 158), rng.uniform(83, 89)
    thick = rng.uniform(2, 4)
    sheet.line(side, top, side, 166, thick)
    sheet.line(side, top, 286, top, thick)
    tall = rng.uniform(64, 75)
    gap = rng.uniform(7, 26)
    sheet.row(face, upper, 20, 270, top - rng.choice([1, 2, 3, 4, 6, 9]) - tall, tall, gap=gap, group_gap=gap + rng.uniform(0, 10), heights=heights)
    sheet.row(face, [lower], 14, side - 6, rng.uniform(94, 102), rng.uniform(52, 60))
    sheet.row(face, [region], side + 6, 280, top + rng.uniform(4, 10), rng.uniform(42, 50), gap=6)
    sheet.small(face, "RUS", side + 14, 142, 54, 18)
    if rng.random() < 0.8:
        sheet.flag(side + 80, 142, 30, 17)
    return sheet, "".join(upper) + lower + region, 2


def uz(rng, faces):
    face = [rng.choice(faces["fe"] + faces["din"] + faces["press"][:4])]
    region = f"{rng.choice([1, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, rng.randint(1, 99)]):02d}"
    pattern = rng.random()
    if pattern < 0.5:
        groups = [some(rng, LATIN, 1), number(rng, 3), some(rng, LATIN, 2)]
    elif pattern < 0.75:
        groups = [number(rng, 3), some(rng, LATIN, 3)]
    elif pattern < 0.88:
        groups = [number(rng, 4), some(rng, LATIN, 2)]
    else:
        groups = [rng.choice("MH"), number(rng, 6)]
    sheet = one(rng, light(rng) if pattern < 0.88 else yellow(rng))
    finish(sheet)
    line = rng.uniform(98, 112)
    sheet.line(line, 2, line, 110)
    sheet.row(face, [region], 12, line - 6, rng.uniform(16, 24), rng.uniform(66, 78), gap=rng.uniform(4, 9))
    right = 506
    if rng.random() < 0.9:
        sheet.flag(rng.uniform(456, 464), 22, 40, 26)
        sheet.small(face, "UZ", rng.uniform(458, 464), 60, 38, 26)
        right = 450
    sheet.row(face, groups, line + 10, right, rng.uniform(16, 22), rng.uniform(70, 80))
    return sheet, region + "".join(groups), 1


def kg(rng, faces):
    face = [rng.choice(faces["fe"] + faces["press"][:4] + faces["font"][:6])]
    if rng.random() < 0.75:
        region = f"0{rng.randint(1, 9)}"
        groups = [number(rng, 3), some(rng, LATIN, rng.choice([2, 3, 3]))]
        sheet = one(rng, light(rng))
        finish(sheet)
        sheet.line(100, 2, 100, 110)
        sheet.line(154, 2, 154, 110)
        sheet.row(face, [region], 12, 96, rng.uniform(16, 24), rng.uniform(68, 78), gap=rng.uniform(4, 9))
        sheet.flag(108, 22, 38, 25)
        sheet.small(face, "KG", 108, 60, 38, 26)
        sheet.row(face, groups, 164, 506, rng.uniform(16, 22), rng.uniform(70, 78))
        return sheet, region + "".join(groups), 1
    groups = [some(rng, LATIN, 1), number(rng, 4), some(rng, LATIN, rng.choice([1, 2]))]
    sheet = one(rng, light(rng))
    finish(sheet)
    sheet.row(face, groups, 20, 500, rng.uniform(16, 22), rng.uniform(70, 78))
    return sheet, "".join(groups), 1


def tm_tj(rng, faces):
    face = [rng.choice(faces["din"] + faces["fe"] + faces["press"])]
    if rng.random() < 0.5:
        groups = [some(rng, LATIN, rng.choice([1, 2])), number(rng, 4), rng.choice(["AG", "AH", "BN", "DZ", "LB", "MR"])]
        sign = "TM"
    else:
        groups = [number(rng, 4), some(rng, LATIN, 2), f"0{rng.randint(1, 9)}"]
        sign = "TJ"
    sheet = one(rng, light(rng))
    finish(sheet)
    left = 18
    if rng.random() < 0.7:
        sheet.flag(14, 20, 44, 28)
        sheet.small(face, sign, 16, 62, 38, 26)
        left = 70
    if sign == "TJ":
        line = 410
        sheet.line(line, 2, line, 110)
        sheet.row(face, groups[:2], left, line - 8, rng.uniform(16, 22), rng.uniform(68, 78))
        sheet.row(face, groups[2:], line + 8, 506, rng.uniform(14, 24), rng.uniform(56, 74), gap=8)
    else:
        sheet.row(face, groups, left, 504, rng.uniform(16, 22), rng.uniform(68, 78))
    return sheet, "".join(groups), 1


def by_ua(rng, faces):
    face = [rng.choice(faces["din"] + faces["gost"] + faces["fe"] + faces["press"] + faces["font"][:8])]
    country = rng.choice(["BY", "UA", "UA"])
    if country == "BY":
        letters = "ABEIKMHOPCTX"
        pattern = rng.random()
        if pattern < 0.5:
            groups = [number(rng, 4), some(rng, letters, 2), rng.choice("1234567")]
        elif pattern < 0.75:
            groups = [some(rng, letters, 2), number(rng, 4), rng.choice("1234567")]
        else:
            groups = [some(rng, letters, 1), number(rng, 4) , some(rng, letters, 1), rng.choice("1234567")]
    else:
        groups = [some(rng, UKRAINIAN, 2), number(rng, 4), some(rng, UKRAINIAN, 2)]
    if country == "UA" and rng.random() < 0.22:
        return cut_corners(rng, face)
    if country == "UA" and rng.random() < 0.3:  # two rows
        sheet = one(rng, light(rng) if rng.random() < 0.85 else yellow(rng), 280, rng.uniform(180, 202))
        finish(sheet)
        left = 16
        if rng.random() < 0.7:
            left = 10 + sheet.strip(face, country, 36) if rng.random() < 0.7 else 50
        h = sheet.height
        split = rng.random()
        if split < 0.6:
            rows = [[groups[0], groups[1][:2]], [groups[1][2:], groups[2]]] if rng.random() < 0.6 else [[groups[0]], [groups[1], groups[2]]]
        else:
            rows = [[groups[0], groups[1]], [groups[2]]]
        sheet.row(face, rows[0], left, 268, h * 0.09, h * 0.37, group_gap=rng.uniform(10, 24))
        sheet.row(face, rows[1], left if rng.random() < 0.6 else 16, 268, h * 0.54, h * 0.37, group_gap=rng.uniform(10, 24))
        return sheet, "".join("".join(row) for row in rows), 2
    sheet = one(rng, light(rng) if rng.random() < 0.93 else yellow(rng))
    finish(sheet)
    left = 16
    if rng.random() < 0.85:
        left = 12 + (sheet.strip(face, country) if rng.random() < 0.8 else 40)
        if left < 60:
            sheet.flag(10, 16, 36, 24)
            sheet.small(face, country, 12, 64, 32, 24)
    sheet.row(face, groups, left, 504, rng.uniform(15, 22), rng.uniform(68, 80), dash="-" if country == "BY" and rng.random() < 0.7 else None)
    return sheet, "".join(groups), 1


def cut_corners(rng, face):
    """Tractors and old trailers of Ukraine: two rows, the lower corners cut off, so that the sheet is a hexagon."""
    letters = UKRAINIAN + ("ЖЦДЛПФЧШЯ" if rng.random() < 0.3 else "")
    upper, lower = number(rng, rng.choice([4, 5])), some(rng, letters, 2)
    sheet = one(rng, light(rng), rng.uniform(270, 300), rng.uniform(180, 215))
    h, w = sheet.height, sheet.width
    sheet.border(3, rng.uniform(2, 5))
    edge = rng.uniform(5, 14)
    sheet.row(face, [upper], edge, w - edge, h * 0.1, h * rng.uniform(0.36, 0.42), gap=rng.uniform(4, 9))
    sheet.row(face, [lower], w * 0.25, w * 0.75, h * 0.56, h * rng.uniform(0.32, 0.38), gap=rng.uniform(8, 18))
    behind, cut = rng.uniform(0, 200), rng.uniform(0.3, 0.45)
    for side in (0, 1):
        corner = [(side * w, h * (1 - cut)), (side * w, h), (w * (0.2 if side == 0 else 0.8), h)]
        points = (np.array(corner) * PX_PER_MM * 16).astype(np.int32)
        cv2.fillConvexPoly(sheet.picture, points, behind, cv2.LINE_8, 4)
        sheet.line(*corner[0], *corner[2], rng.uniform(2, 5))
    return sheet, upper + lower, 2


def cn(rng, faces):
    han = rng.choice(faces["hair"] if rng.random() < 0.75 else faces["han"])
    face = [rng.choice(faces["cn"] if rng.random() < 0.96 else faces["press"] + faces["font"][:4]), han]
    province = rng.choice(PROVINCES)
    first = some(rng, CHINESE_LATIN, 1)
    mixed = DIGITS * 3 + CHINESE_LATIN + "GGGQD"  # what is easily taken for 6 and 0 comes more often
    kind = rng.random()
    width, signs = 440, 7
    if kind < 0.66:
        text = province + first + some(rng, mixed, 5)
        colours = dark(rng) if rng.random() < 0.85 else yellow(rng)
    elif kind < 0.76:  # green, eight signs
        text = province + first + (rng.choice("DF") + some(rng, mixed, 5) if rng.random() < 0.7 else some(rng, mixed, 5) + rng.choice("DF"))
        colours = light(rng)
        width, signs = 480, 8
    elif kind < 0.88:
        text = province + first + some(rng, mixed, 4) + rng.choice("挂挂挂学警港澳")
        colours = yellow(rng) if text[-1] in "挂学" else light(rng) if text[-1] == "警" else dark(rng)
    else:
        text = province + first + some(rng, mixed, 5 if rng.random() < 0.5 else 4)
        if len(text) == 6:
            text += "挂"
        sheet = one(rng, yellow(rng), 440, 220)
        finish(sheet)
        sheet.cells(face, text[:2], (110, 250), 15, 80, 60)
        if rng.random() < 0.3:
            sheet.dot(220, 45)
        sheet.cells(face, text[2:], [27 + 80 * place for place in range(5)], rng.uniform(88, 94), 65, 110)
        return sheet, text, 2
    sheet = one(rng, colours, width, 140)
    finish(sheet, rng.uniform(2, 4))
    # 45 mm a sign and 12 between them (43 and 9 on green), more after the second: a thin 1 leaves a wide gap.
    sign, gap = (45, 12) if signs == 7 else (43, 9)
    left = rng.uniform(13, 18)
    break_after_two = width - 2 * left - signs * sign - (signs - 2) * gap
    places = [left + place * (sign + gap) + (break_after_two - gap if place > 1 else 0) for place in range(signs)]
    sheet.cells(face, text, places, rng.uniform(23, 27), sign * rng.uniform(0.96, 1.04), rng.uniform(86, 93))
    if signs == 7 and rng.random() < 0.92:
        sheet.dot(places[1] + sign + break_after_two / 2, 70)
    return sheet, text, 1


def mn(rng, faces):
    face = [rng.choice(faces["din"] + faces["gost"] + faces["press"])]
    digits, letters = number(rng, 4), some(rng, MONGOLIAN, 3)
    colours = light(rng)
    if rng.random() < 0.3:
        sheet = one(rng, colours, 280, 200)
        finish(sheet)
        sheet.row(face, [digits], 20, 260, 18, 72)
        sheet.row(face, [letters], 70 if rng.random() < 0.6 else 20, 262, 108, 74)
        return sheet, digits + letters, 2
    sheet = one(rng, colours)
    finish(sheet)
    left = 18
    if rng.random() < 0.8:
        sheet.small(face, "MNG", 12, 70, 44, 20)
        sheet.flag(18, 18, 30, 40)
        left = 66
    sheet.row(face, [digits, letters], left, 504, rng.uniform(16, 22), rng.uniform(68, 78))
    return sheet, digits + letters, 1


def tr_caucasus(rng, faces):
    face = [rng.choice(faces["din"] + faces["fe"] + faces["press"] + faces["font"])]
    country = rng.choice(["TR", "TR", "GE", "AZ", "AM"])
    if country == "TR":
        turkish = "ABCDEFGHIJKLMNOPRSTUVYZ"
        count = rng.choice([1, 2, 3])
        groups = [f"{rng.randint(1, 81):02d}", some(rng, turkish, count), number(rng, {1: rng.choice([4, 5]), 2: rng.choice([3, 4]), 3: rng.choice([2, 3])}[count])]
    elif country == "GE":
        groups = [some(rng, LATIN, 2), number(rng, 3), some(rng, LATIN, 2)]
    elif country == "AZ":
        groups = [number(rng, 2), some(rng, LATIN, 2), number(rng, 3)]
    else:
        groups = [number(rng, rng.choice([2, 3])), some(rng, LATIN, 2), number(rng, rng.choice([2, 3]))]
    sheet = one(rng, light(rng))
    finish(sheet)
    left = 10 + sheet.strip(face, country) if rng.random() < 0.85 else 20
    sheet.row(face, groups, left, 506, rng.uniform(15, 22), rng.uniform(68, 80), dash="-" if country in ("GE", "AZ") and rng.random() < 0.5 else None)
    return sheet, "".join(groups), 1


def generic(rng, faces):
    """Any five to ten signs in any face, so that no grammar is learnt by heart."""
    family = rng.choice(["gost", "fe", "din", "press", "press", "font", "font"])  # in the Chinese face 1 and I look alike
    face = [rng.choice(faces[family])]
    text = some(rng, LATIN + DIGITS + DIGITS, rng.choice([5, 6, 6, 7, 7, 8, 8, 9]))
    if family in ("gost", "press", "din", "fe") and rng.random() < 0.08:
        text = some(rng, MONGOLIAN + DIGITS, 7)
    colours = dark(rng) if rng.random() < 0.3 else light(rng)
    if rng.random() < 0.25:
        sheet = one(rng, colours, rng.uniform(250, 320), rng.uniform(150, 210))
        finish(sheet)
        cut = rng.randint(2, min(5, len(text) - 2))
        h = sheet.height
        sheet.row(face, [text[:cut]], 14, sheet.width - 14, h * rng.uniform(0.07, 0.1), h * rng.uniform(0.34, 0.4))
        sheet.row(face, [text[cut:]], 14, sheet.width - 14, h * rng.uniform(0.53, 0.56), h * rng.uniform(0.32, 0.38))
        return sheet, text, 2
    sheet = one(rng, colours, rng.uniform(380, 530), rng.uniform(100, 130))
    finish(sheet)
    cut = rng.randint(1, len(text) - 1)
    h = sheet.height
    sheet.row(face, [text[:cut], text[cut:]], 14, sheet.width - 14, h * rng.uniform(0.13, 0.2), h * rng.uniform(0.6, 0.7), dash=rng.choice([None, None, "-", "."]))
    return sheet, text, 1


# How often each layout is drawn; the region's own plates and what is hard come more often.
SHARES = [(kz, 28), (ru, 32), (uz, 7), (kg, 6), (tm_tj, 4), (by_ua, 18), (cn, 60), (mn, 4), (tr_caucasus, 5), (eu, 16), (americas, 17), (generic, 10)]


def draw_plate(rng, faces):
    """A clean plate: float picture, text by rows, count of rows, name of the layout."""
    maker = rng.choices([entry for entry, _ in SHARES], [share for _, share in SHARES])[0]
    sheet, text, rows = maker(rng, faces)
    return sheet.picture, text, rows, maker.__name__
