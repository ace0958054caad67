"""Draws the picture of known failures that the model cards show; no photograph is part of it.

    draw_failures.py OUT.png

Each row is one kind: leaning provinces at 94x24, O and 0 of one shape, one text of two countries, a steep view, a dark plate.
"""

import random
import sys

import cv2
import numpy as np

from faces import make_faces
from sheet import Sheet

WIDE, HIGH, GAP = 188, 60, 6


def plain(faces, family, groups, field=225, ink=25, width=520, height=112):
    sheet = Sheet(random.Random(4), width, height, field, ink)
    sheet.border(3, 3)
    sheet.row([faces[family][0], faces["han"][0]], groups, 20, width - 20, height * 0.16, height * 0.66, gap=10, group_gap=34)
    return sheet.picture


def provinces(faces):
    pictures = []
    for province in "皖桂贵陕":
        sheet = Sheet(random.Random(4), 440, 140, 70, 215)
        sheet.cells([faces["cn"][0], faces["hair"][0]], province + "A25654", [15 + 57 * n + (22 if n > 1 else 0) for n in range(7)], 25, 45, 90)
        leaning = np.float32([[0.86, 0.22, -4], [0.09, 0.72, 3]])
        seen = cv2.warpAffine(sheet.picture, leaning, sheet.picture.shape[::-1], borderValue=40)
        small = cv2.GaussianBlur(cv2.resize(seen, (94, 24), interpolation=cv2.INTER_AREA), (0, 0), 1.5)
        pictures.append(cv2.resize(small, (WIDE, 48), interpolation=cv2.INTER_CUBIC))
    return pictures


def one_shape(faces):
    return [plain(faces, "slab", groups, 60, 200, 400, 120) for groups in (["OOH", "058"], ["JOI", "208"], ["AD", "064", "MO"], ["AD", "O64", "M0"])]


def two_countries(faces):
    pictures = []
    for upper, line in ((["302", "17"], True), (["30217"], False)):
        sheet = Sheet(random.Random(4), 280, 190, 225, 25)
        sheet.border(3, 3)
        if line:
            sheet.line(178, 4, 178, 95)
        sheet.row([faces["din"][0]], upper, 16, 264, 16, 70, gap=8, group_gap=26)
        sheet.row([faces["din"][0]], ["BI"], 80, 200, 106, 66, gap=14)
        pictures.append(sheet.picture)
    return pictures


def steep(faces):
    plate = plain(faces, "gost", ["A", "315", "OM", "152"])
    h, w = plate.shape
    pictures = []
    for squeeze in (0.6, 0.4, 0.28):
        corners = np.float32([[10, 5], [10 + WIDE * squeeze, 28], [10 + WIDE * squeeze, 52], [10, 40]])
        matrix = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), corners)
        pictures.append(cv2.warpPerspective(plate, matrix, (WIDE, HIGH), borderValue=110))
    return pictures


def dark_region(faces):
    pictures = []
    for light, blur in ((0.2, 2.0), (0.14, 2.2), (0.1, 2.4)):
        small = cv2.resize(plain(faces, "gost", ["O", "274", "XT", "163"]), (104, 22), interpolation=cv2.INTER_AREA)
        noise = np.random.default_rng(4).normal(0, 4, small.shape)
        pictures.append(cv2.resize(cv2.GaussianBlur(small, (0, 0), blur) * light + noise.astype(np.float32), (WIDE, 40)))
    return pictures


def main():
    faces = make_faces()
    lines = []
    for draw in (provinces, one_shape, two_countries, steep, dark_region):
        cells = []
        for picture in draw(faces):
            scale = min(WIDE / picture.shape[1], HIGH / picture.shape[0])
            picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            below, right = HIGH - picture.shape[0] + GAP, WIDE - picture.shape[1] + GAP
            cells.append(cv2.copyMakeBorder(picture, GAP, below, GAP, right, cv2.BORDER_CONSTANT, value=255))
        cells += [np.full_like(cells[0], 255)] * (4 - len(cells))
        lines.append(np.hstack(cells))
    cv2.imwrite(sys.argv[1], np.clip(np.vstack(lines), 0, 255).astype(np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
