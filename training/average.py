"""Writes a checkpoint with the mean of others' weights, to be exported.

    average.py OUT.pt CHECKPOINT.pt CHECKPOINT.pt ...

A network that is trained further on new drawings gains there and loses a little elsewhere; the mean of its weights before and after
keeps most of both (Wortsman and others 2022, «Robust fine-tuning of zero-shot models»).
"""

import argparse

import torch


def mean_of(paths):
    weights = [torch.load(path)["average"] for path in paths]
    return {
        key: sum(one[key].double() for one in weights).div(len(weights)).float() if value.dtype.is_floating_point else value
        for key, value in weights[0].items()
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("checkpoints", nargs="+")
    given = parser.parse_args()
    torch.save({"average": mean_of(given.checkpoints), "step": 0}, given.out)
