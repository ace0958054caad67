"""Writes the trained networks as ONNX that OpenCV 4.6 reads, and checks that it gives the same numbers as torch.

    export.py RUN_DIR MODELS_DIR

Weights are the running averages of the training; batch normalisation is folded into the convolutions.
"""

import argparse
import json
import os

import cv2
import numpy as np
import torch
from torch import nn

from networks import READER_HEIGHT, READER_WIDTH, SIGNS, Detector, Reader


class Outward(nn.Module):
    """What leaves the reader: one row of class probabilities for each of the 80 steps."""

    def __init__(self, reader):
        super().__init__()
        self.reader = reader

    def forward(self, pictures):
        scores = self.reader.head(self.reader.features(pictures)).softmax(1)
        return scores.permute(0, 2, 3, 1).reshape(80, -1)


def write(network, example, path):
    network.eval()
    torch.onnx.export(network, example, path, opset_version=11, do_constant_folding=True, input_names=["in"], output_names=["out"])
    net = cv2.dnn.readNetFromONNX(path)
    net.setInput(example.numpy())
    seen = net.forward()
    with torch.no_grad():
        meant = network(example).numpy()
    print(f"{path}: {os.path.getsize(path) / 1e6:.2f} MB, {seen.shape}, differs by at most {np.abs(seen.reshape(meant.shape) - meant).max():.2g}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("models")
    given = parser.parse_args()
    torch.manual_seed(1)
    os.makedirs(given.models, exist_ok=True)
    for name, network, shape in (("reader", Reader(), (1, 1, READER_HEIGHT, READER_WIDTH)), ("detector", Detector(), (1, 1, 544, 960))):
        state = os.path.join(given.run, name + ".pt")
        if not os.path.exists(state):
            print("no", state)
            continue
        saved = torch.load(state)
        network.load_state_dict(saved["average"])
        print(name, "after", saved["step"], "batches,", sum(p.numel() for p in network.parameters()), "parameters")
        write(Outward(network) if name == "reader" else network, torch.randn(shape), f"{given.models}/plate-{name}.onnx")
    with open(f"{given.models}/plate-reader.json", "w", encoding="utf-8") as file:
        json.dump({"signs": SIGNS, "width": READER_WIDTH, "height": READER_HEIGHT}, file, ensure_ascii=False)
        file.write("\n")
