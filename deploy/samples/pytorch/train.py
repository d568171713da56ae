"""Trains a small network to add two numbers on the GPU; writes weights and loss curve. Needs a real NVIDIA GPU."""

import json
import os
import sys

import torch


def main() -> int:
    if not torch.cuda.is_available():
        print("train: this job needs a CUDA GPU", file=sys.stderr)
        return 2
    torch.manual_seed(int(os.environ.get("ATHANOR_TASK_INDEX", "0")))
    device = torch.device("cuda")
    model = torch.nn.Sequential(torch.nn.Linear(2, 256), torch.nn.ReLU(), torch.nn.Linear(256, 1)).to(device)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    curve = []
    for step in range(2_000):
        x = torch.rand(4_096, 2, device=device)
        loss = torch.nn.functional.mse_loss(model(x), x.sum(dim=1, keepdim=True))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 100 == 0:
            curve.append(loss.item())
            print(f"step {step}: loss {loss.item():.6f}", flush=True)
    torch.save(model.state_dict(), "/out/weights.pt")
    with open("/out/loss.json", "w") as out:
        json.dump(curve, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
