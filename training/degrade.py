"""What happens to a plate between the press and the reader: holder, screws, dirt, snow, light, distance, motion, noise, JPEG,
and the margins and tilt that the detector leaves.
"""

import cv2
import numpy as np

from networks import READER_HEIGHT, READER_WIDTH


def soft_noise(rng_np, height, width, cells):
    """Smooth noise about 0..1."""
    small = rng_np.random((max(2, cells), max(2, cells * width // max(1, height))), dtype=np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def on_vehicle(rng, rng_np, plate, backgrounds, faces):
    """The plate in its holder on a piece of vehicle; returns picture and the margins (left, top)."""
    h, w = plate.shape
    mx, my = int(w * 0.16), int(h * 0.45)
    H, W = h + 2 * my, w + 2 * mx
    if backgrounds is not None and rng.random() < 0.45:
        photo = backgrounds[rng.randrange(len(backgrounds))]
        y, x = rng.randrange(max(1, photo.shape[0] - H // 2)), rng.randrange(max(1, photo.shape[1] - W // 2))
        around = cv2.resize(photo[y : y + H // 2, x : x + W // 2], (W, H)).astype(np.float32)
    else:
        around = np.full((H, W), rng.uniform(5, 220), np.float32)
        around += np.linspace(-1, 1, H, dtype=np.float32)[:, None] * rng.uniform(-50, 50)
        if rng.random() < 0.5:
            for _ in range(rng.randint(1, 5)):
                y = rng.randrange(H)
                cv2.line(around, (0, y), (W, y + rng.randint(-12, 12)), rng.uniform(0, 255), rng.randint(1, 9))
    if rng.random() < 0.55:  # holder, often with a dealer's slogan
        rim = rng.randint(2, max(3, h // 10))
        below = rng.choice([rim, rim, h // 6, h // 5])
        level = rng.uniform(5, 70) if rng.random() < 0.8 else rng.uniform(120, 220)
        cv2.rectangle(around, (mx - rim, my - rim), (mx + w + rim, my + h + below), level, -1)
        if below > rim + 4 and rng.random() < 0.85:
            face = rng.choice(faces["font"])
            x, size = mx + rng.uniform(0, w * 0.3), max(4, below * rng.uniform(0.5, 0.8))
            for _ in range(rng.randint(8, 22)):
                alpha = face.glyphs[rng.choice(list(face.glyphs))]
                gw = max(2, int(alpha.shape[1] * size / alpha.shape[0]))
                if x + gw > mx + w:
                    break
                y0 = my + h + int((below - size) / 2)
                a = cv2.resize(alpha, (gw, int(size))).astype(np.float32) / 255
                around[y0 : y0 + int(size), int(x) : int(x) + gw] += a * ((255 - level) * rng.uniform(0.5, 1))
                x += gw + (2 if rng.random() < 0.85 else 10)
    around[my : my + h, mx : mx + w] = plate
    for _ in range(rng.choice([0, 0, 2, 2, 4])):  # screws
        x = mx + int(w * rng.choice([0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97]) + rng.uniform(-6, 6))
        y = my + int(h * rng.choice([0.08, 0.5, 0.92]))
        cv2.circle(around, (x, y), rng.randint(2, 5), rng.uniform(0, 255), -1)
    return around, mx, my


def spoil_sheet(rng, rng_np, picture):
    """Dirt, snow, shadow, glare, bars in front."""
    H, W = picture.shape
    if rng.random() < 0.28:
        mask = np.clip((soft_noise(rng_np, H, W, rng.randint(3, 14)) - rng.uniform(0.45, 0.85)) * rng.uniform(1, 4), 0, rng.uniform(0.3, 0.85))
        picture += mask * (rng.uniform(40, 160) - picture)
    if rng.random() < 0.05:
        mask = np.clip((soft_noise(rng_np, H, W, rng.randint(3, 6)) - 0.72) * 8, 0, 1) * np.linspace(0.3, 1, H, dtype=np.float32)[:, None]
        picture += mask * (245 - picture)
    if rng.random() < 0.25:
        splash(rng, picture)
    if rng.random() < 0.3:  # shade with an edge
        a, b = rng.uniform(-1, 1), rng.uniform(-1, 1)
        yy, xx = np.mgrid[0:H, 0:W].astype(np.float32)
        edge = (xx / W - rng.uniform(0.1, 0.9)) * a + (yy / H - rng.uniform(0.2, 0.8)) * b
        soft = rng.uniform(2, 60)
        picture *= 1 - rng.uniform(0.15, 0.65) / (1 + np.exp(np.clip(-edge * soft, -20, 20)))
    if rng.random() < 0.14:  # glare
        x, y, size = rng.uniform(0, W), rng.uniform(0, H), rng.uniform(0.2, 0.9) * H
        yy, xx = np.mgrid[0:H, 0:W].astype(np.float32)
        picture += rng.uniform(40, 190) * np.exp(-(((xx - x) / size / 1.6) ** 2 + ((yy - y) / size) ** 2))
    if rng.random() < 0.04:
        y = rng.randrange(H)
        cv2.line(picture, (0, y), (W, y + rng.randint(-20, 20)), rng.uniform(0, 200), rng.randint(2, 6))
    if rng.random() < 0.12:  # embossing: a light rim beside the ink
        shift = np.roll(np.roll(picture, 1, 0), 1, 1)
        picture += (picture - shift) * rng.uniform(0.2, 0.6)
    return picture


def splash(rng, picture):
    """Drops of mud, a few large or many small ones: a drop in the gap of a C must not make it an O."""
    H, W = picture.shape
    mask = np.zeros((H, W), np.float32)
    largest = H * rng.uniform(0.02, 0.11)
    thick = rng.uniform(0.25, 0.8)
    for _ in range(rng.randint(4, 50)):
        place = rng.randrange(W), rng.randrange(H)
        cv2.circle(mask, place, max(1, round(largest * rng.uniform(0.2, 1))), thick * rng.uniform(0.4, 1), -1)
    mask = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.5, 0.25 * largest + 0.6))
    picture += mask * (rng.uniform(30, 160) - picture)


def seen_from(rng, rows):
    """From the sheet to the picture, about the plate's middle: how a plate is tilted and leans."""
    steep = rng.random() < 0.3
    tilt = float(np.clip(rng.gauss(0, 0.12 if steep else 0.045), -0.3, 0.3)) * (1 if rows == 1 else 1.4)
    lean = float(np.clip(rng.gauss(0, 0.3 if steep else 0.12), -0.7, 0.7)) - tilt * rng.uniform(0, 1)
    return np.float32([[1, lean], [tilt, 1]])


def upright_box(rng, w, h, seen):
    """Corners, on the sheet and about its middle, of an upright box around the plate in the picture."""
    corners = np.float32([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2 @ seen.T
    low, high = corners.min(0), corners.max(0)
    if rng.random() < 0.4:  # cut with some margin
        grow = np.float32([rng.uniform(0, 0.06) * w, rng.uniform(0, 0.3) * h])
    else:
        grow = np.float32([rng.uniform(-0.012, 0.02) * w, rng.uniform(-0.04, 0.06) * h])
    shift = np.float32([rng.gauss(0, 0.008) * w, rng.gauss(0, 0.025) * h])
    low, high = low - grow + shift, high + grow + shift
    box = np.float32([low, [high[0], low[1]], high, [low[0], high[1]]])
    return (box @ np.linalg.inv(seen).T).astype(np.float32)


def near_corners(rng, rng_np, mx, my, w, h):
    """Where the detector would see the corners: near the truth."""
    jitter = rng.choice([0.5, 1.0, 1.6, 2.2])
    quad = np.float32([[mx, my], [mx + w, my], [mx + w, my + h], [mx, my + h]])
    quad = quad + rng_np.normal(0, jitter, (4, 2)).astype(np.float32) * [w * 0.014, h * 0.045]
    grow_x, grow_y = rng.gauss(0.012, 0.015) * w, rng.gauss(0.03, 0.05) * h
    return quad + np.float32([[-grow_x, -grow_y], [grow_x, -grow_y], [grow_x, grow_y], [-grow_x, grow_y]])


def pressed(picture, quad, width, height):
    """What lies between the corners, in a picture of that size."""
    onto = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(np.float32(quad), onto)
    return cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), matrix


def through_camera(rng, rng_np, picture, mx, my, rows, loose):
    """
    Distance, oblique view, motion, exposure, noise, JPEG; out comes what the reader gets, uint8 48x160. A loose picture is an
    upright box around the plate; half of these are straightened afterwards, as the run time does it: the pixels of the camera
    then lie askew on the plate.
    """
    H, W = picture.shape
    w, h = W - 2 * mx, H - 2 * my
    near = near_corners(rng, rng_np, mx, my, w, h)
    quad = near
    if loose:
        quad = upright_box(rng, w, h, seen_from(rng, rows)) + np.float32([W / 2, H / 2])
        quad += rng_np.normal(0, 1, (4, 2)).astype(np.float32) * [w * 0.006, h * 0.015]
    fine, matrix = pressed(picture, quad, 320, 96 if rows == 1 else 128)
    small = taken(rng, rng_np, fine, w / h, rows)
    if loose and rng.random() < 0.5:
        scale = np.float32([small.shape[1] / fine.shape[1], small.shape[0] / fine.shape[0]])
        seen = cv2.perspectiveTransform(np.float32(near)[None], matrix)[0] * scale
        small, _ = pressed(small, seen, 2 * READER_WIDTH, 2 * READER_HEIGHT)
    how = cv2.INTER_AREA if small.shape[1] > READER_WIDTH else cv2.INTER_LINEAR
    return cv2.resize(small, (READER_WIDTH, READER_HEIGHT), interpolation=how)


def taken(rng, rng_np, fine, proportion, rows):
    """What a camera makes of the sharp picture of a plate `proportion` times as wide as high."""
    # Height of the plate in the frame: 14..64 px for one row, and the width as an oblique view leaves it. Many are small and
    # fairly clear, as a gate's camera shows them: there the fine strokes of a sign decide, not the noise.
    fair = rng.random() < 0.35
    tall = float(np.exp(rng.uniform(*np.log((15, 36) if fair else (14, 64))))) * (1 if rows == 1 else 1.7)
    aspect = proportion * (rng.uniform(0.62, 1.0) if rng.random() < 0.4 else rng.uniform(1.0, 1.3) if rng.random() < 0.25 else 1)
    small_h, small_w = int(max(12, tall)), int(max(40 if rows == 1 else 30, tall * aspect))
    size = min(small_w, fine.shape[1]), min(small_h, fine.shape[0])
    # Cheap streams leave pixels out instead of taking their mean: thin strokes come and go.
    picture = cv2.resize(fine, size, interpolation=cv2.INTER_LINEAR if rng.random() < 0.25 else cv2.INTER_AREA)
    small_h, small_w = picture.shape
    light = rng.uniform(0.1 if fair else 0, 1)
    if rng.random() < 0.7:
        gain, offset = rng.uniform(0.35, 1.25), rng.uniform(-25, 45)
        picture = picture * gain + offset
    noise = 1.0
    if light < 0.1:  # infra-red or headlights: burnt
        picture = 255 - np.clip(255 - picture * rng.uniform(1.1, 1.7), 0, None)
    elif light < 0.2:  # night
        noise = rng.uniform(0.15, 0.5)
        picture = picture * noise
    if rng.random() < 0.5:
        sigma = rng.uniform(0.3, 0.7 if fair else 0.35 + small_h / (28 if rows == 1 else 44))
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)
    if rng.random() < (0.05 if fair else 0.25):  # motion, mostly along
        length = rng.randint(2, max(3, small_w // 26))
        angle = rng.gauss(0, 0.35)
        kernel = np.zeros((length * 2 + 1, length * 2 + 1), np.float32)
        dx, dy = np.cos(angle) * length, np.sin(angle) * length
        cv2.line(kernel, (int(length - dx / 2), int(length - dy / 2)), (int(length + dx / 2), int(length + dy / 2)), 1.0, 1)
        picture = cv2.filter2D(picture, -1, kernel / max(1e-6, kernel.sum()))
    if rng.random() < 0.15:
        amount = rng.uniform(0.3, 1.2)  # sharpening of cheap cameras
        picture = picture + amount * (picture - cv2.GaussianBlur(picture, (0, 0), 1.2))
    if rng.random() < 0.7:
        picture = picture + rng_np.normal(0, rng.uniform(1, 5 if fair else 11) * noise, picture.shape).astype(np.float32)
    if rng.random() < 0.05:  # rain
        for _ in range(rng.randint(3, 14)):
            x, y = rng.randrange(small_w), rng.randrange(small_h)
            cv2.line(picture, (x, y), (x + rng.randint(-1, 1), y + rng.randint(3, 9)), rng.uniform(150, 255), 1)
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(28, 95)])
        picture = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return picture
