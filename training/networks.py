"""The three networks: one finds the corners of plates in a frame, one reads a straightened plate of one or two rows, one looks
at the province of a Chinese plate alone.

Small on purpose: both run on one core of a gate's computer beside everything else, with plain layers only
(convolution, ReLU, pooling, reshape), which every runtime knows.
"""

import torch
from torch import nn

DIGITS_AND_LATIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Letters of Mongolian plates that no Latin letter looks like; the others are read as their Latin look-alikes.
MONGOLIAN_ONLY = "БГДЁЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯӨҮ"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
CHINESE_SUFFIXES = "挂学警港澳"
SIGNS = DIGITS_AND_LATIN + MONGOLIAN_ONLY + PROVINCES + CHINESE_SUFFIXES
CLASSES = 1 + len(SIGNS)  # 0 is the blank of CTC

READER_HEIGHT, READER_WIDTH = 48, 160
PROVINCE_WIDTH = 64  # how much of the reader's picture, from the left, the province network sees
READER_COLUMNS = 40  # steps a row; the network has two rows of steps, the upper one first


def block(inputs, outputs, kernel=3, stride=1, padding=None, dilation=1):
    if padding is None:
        padding = dilation * (kernel // 2) if isinstance(kernel, int) else tuple(k // 2 for k in kernel)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)
    )


class Reader(nn.Module):
    """48x160 grey in, 80 steps of class scores out: 40 for the upper half, 40 for the lower.

    Two-row plates are read half by half; for one row the network learns to say it in the upper half's steps and nothing
    in the lower's, so nobody has to decide beforehand how many rows a plate has.
    """

    def __init__(self, classes=CLASSES):
        super().__init__()
        self.features = nn.Sequential(
            block(1, 32, 5, 2),  # 24 x 80
            block(32, 40),
            nn.MaxPool2d(2),  # 12 x 40
            block(40, 80),
            block(80, 96),
            nn.MaxPool2d((2, 1)),  # 6 x 40
            block(96, 144),
            block(144, 160),
            block(160, 208, (3, 3), (3, 1), (0, 1)),  # 2 x 40
            nn.Dropout2d(0.05),
            block(208, 208, (3, 5)),
        )
        self.head = nn.Conv2d(208, classes, 1)

    def forward(self, pictures):
        scores = self.head(self.features(pictures))  # batch, classes, 2, 40
        return scores.flatten(2)  # batch, classes, 80


class Province(nn.Module):
    """The left 48x64 of the reader's picture in, scores of the 31 provinces and of «none of them» out."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            block(1, 32, 5, 2),  # 24 x 32
            block(32, 48),
            nn.MaxPool2d(2),  # 12 x 16
            block(48, 96),
            block(96, 96),
            nn.MaxPool2d(2),  # 6 x 8
            block(96, 160),
            nn.Dropout2d(0.1),
            block(160, 160),
            nn.Conv2d(160, 48, 1),
            nn.ReLU(True),
            nn.Flatten(1),
            nn.Dropout(0.2),
            nn.Linear(48 * (READER_HEIGHT // 8) * (PROVINCE_WIDTH // 8), len(PROVINCES) + 1),
        )

    def forward(self, pictures):
        return self.layers(pictures)


class Detector(nn.Module):
    """Grey frame in, nine maps at an eighth of its size out: how likely a plate's middle lies here, and its four corners.

    Corners are offsets from the cell's middle, clockwise from the top left, in units of `CORNER_UNIT` pixels.
    """

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            block(1, 12, 3, 2),
            block(12, 24, 3, 2),
            block(24, 32),
            block(32, 48, 3, 2),
            block(48, 64),
            block(64, 64, dilation=2),
            block(64, 64, dilation=4),
            block(64, 64, dilation=2),
            block(64, 64),
        )
        self.head = nn.Conv2d(64, 9, 1)
        nn.init.constant_(self.head.bias[0:1].data, -4.0)

    def forward(self, frames):
        return self.head(self.features(frames))


CORNER_UNIT = 16.0
DETECTOR_STRIDE = 8
