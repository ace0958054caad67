"""What the trainings of all networks have in common: the plan of the learning rate, the running average, the checkpoint."""

import argparse
import copy
import glob
import os
import time

import cv2
import numpy as np
import torch
from torch import nn

LOOKED_EVERY = 200  # batches between two looks for shards drawn meanwhile
TOLD_EVERY = 250  # batches between two lines of the log, each with a checkpoint
WARM_UP = 200
RATE = 2e-3


def arguments(steps):
    """`steps`: batches of the whole plan."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pool")
    parser.add_argument("run")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--plan-steps", type=int, default=steps, help="batches of the whole plan; sets the learning rate's path")
    parser.add_argument("--held-out", type=int, default=1, help="shards that are never trained on")
    parser.add_argument("--rate", type=float, default=RATE)
    return parser.parse_args()


class Pool:
    """Drawn shards: the first ones are held out, and while the training runs more of the others may come."""

    def __init__(self, given, kind, load):
        self.pattern, self.held_out, self.load = f"{given.pool}/{kind}-*.npz", given.held_out, load
        self.held = load(self.paths()[: self.held_out])
        self.known, self.shards = 0, None

    def paths(self):
        return sorted(glob.glob(self.pattern))

    def shown(self, step):
        """What the batch of this step is chosen from."""
        if step % LOOKED_EVERY == 0 or self.shards is None:
            paths = self.paths()[self.held_out :]
            if len(paths) != self.known:
                self.known, self.shards = len(paths), self.load(paths)
        return self.shards


class Course:
    """A network on its way through the plan, from its last checkpoint on."""

    def __init__(self, make, given, name, seed, decay=0.01):
        torch.set_num_threads(1)
        cv2.setNumThreads(1)
        torch.manual_seed(seed)
        os.makedirs(given.run, exist_ok=True)
        self.state = os.path.join(given.run, name + ".pt")
        self.network = make().to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), given.rate, weight_decay=decay)
        self.average = {key: value.clone() for key, value in self.network.state_dict().items()}
        self.step = 0
        if os.path.exists(self.state):
            saved = torch.load(self.state)
            self.network.load_state_dict(saved["network"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.average, self.step = saved["average"], saved["step"]
        self.plan_steps, self.full_rate = given.plan_steps, given.rate
        self.ends, self.told = time.time() + given.minutes * 60, time.time()

    def goes_on(self):
        return time.time() < self.ends and self.step < self.plan_steps

    @property
    def rate(self):
        """Of the next batch: up in `WARM_UP` batches, then down along a cosine to a fiftieth."""
        falling = 0.5 * (1 + np.cos(np.pi * min(1, self.step / self.plan_steps))) * 0.98 + 0.02
        return self.full_rate * min(1, (self.step + 1) / WARM_UP) * falling

    def see(self, pictures):
        """What the network says of a batch, in single precision."""
        with torch.cpu.amp.autocast(dtype=torch.bfloat16):  # nearly twice as fast where the processor has it
            said = self.network(pictures)
        return said.float()

    def learn(self, loss):
        """One step; true when it is time to tell how far it is."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        keep = min(0.998, self.step / (self.step + 50))
        with torch.no_grad():
            for key, value in self.network.state_dict().items():
                if value.dtype.is_floating_point:
                    self.average[key].mul_(keep).add_(value, alpha=1 - keep)
        return self.step % TOLD_EVERY == 0

    def averaged(self):
        """A copy with the running average of the weights: what is measured, and what is shipped."""
        network = copy.deepcopy(self.network)
        network.load_state_dict(self.average)
        return network

    def tell(self, text):
        now = time.time()
        print(f"{self.step} rate {self.rate:.5f} {text} {TOLD_EVERY / (now - self.told):.2f} batches/s", flush=True)
        self.told = now
        self.save()

    def save(self):
        kept = {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict(), "average": self.average, "step": self.step}
        torch.save(kept, self.state + ".part")
        os.replace(self.state + ".part", self.state)
