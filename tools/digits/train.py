"""Trains the second reader for figures: `make digits`, or

    python tools/digits/train.py --fonts FOLDER [FOLDER ...] [--minutes N] [--seed N]

Needs torch, onnx and the fonts of Debian (see README.md here); neither is needed at run time.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from datetime import date
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "src"), str(HERE)]

from lines import HELD_OUT, SYMBOLS, fonts, label, sample  # noqa: E402

from report_extract.ocr.figures import HEIGHT, STEP, normalised  # noqa: E402

WEIGHTS = ROOT / "src" / "report_extract" / "ocr" / "models" / "figures.onnx"
BATCH = 48
POOL = 20_000  # lines kept to be shown again


class Figures(nn.Module):
    """Reads a line in steps of ``STEP`` pixels: (n, 1, 32, width) to (n, steps, symbols), log probabilities."""

    def __init__(self) -> None:
        super().__init__()

        def block(into: int, out: int, pool: tuple[int, int]) -> list[nn.Module]:
            return [nn.Conv2d(into, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(pool)]

        self.eye = nn.Sequential(
            *block(1, 12, (2, 2)), *block(12, 24, (2, 1)), *block(24, 48, (2, 1)), *block(48, 72, (2, 1))
        )
        self.line = nn.Sequential(
            nn.Conv1d(72 * HEIGHT // 16, 112, 5, padding=2, bias=False), nn.BatchNorm1d(112), nn.ReLU(),
            nn.Conv1d(112, 112, 5, padding=2, bias=False), nn.BatchNorm1d(112), nn.ReLU(), nn.Dropout(0.1),
            nn.Conv1d(112, len(SYMBOLS) + 1, 1),
        )  # fmt: skip

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = self.eye(x)
        return self.line(seen.flatten(1, 2)).transpose(1, 2).log_softmax(-1)


def batches(faces: tuple[list, list], rng: np.random.Generator):
    """Batches without end of lines of like width; every line is shown some times, each time in another light."""
    pool: list[tuple[np.ndarray, str]] = []
    while True:
        fresh = [sample(rng, faces) for _ in range(BATCH * 8 if not pool else BATCH)]
        for line in fresh:
            if len(pool) < POOL:
                pool.append(line)
            else:
                pool[int(rng.integers(POOL))] = line
        some = [pool[i] for i in rng.integers(0, len(pool), BATCH * 3)] + fresh[:BATCH]
        some.sort(key=lambda s: s[0].shape[1])
        for k in rng.permutation(4):
            yield together([(relit(p, rng), t) for p, t in some[k * BATCH : (k + 1) * BATCH]])


def relit(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The picture a little moved, lighter or darker, grainy."""
    moved = np.roll(picture, int(rng.integers(-1, 2)), axis=0).astype(np.float32)
    ink = (255 - moved) * rng.uniform(0.75, 1.25) + rng.normal(0, float(rng.choice([0, 4, 10])), moved.shape)
    return np.clip(255 - ink, 0, 255)


def together(some: list[tuple[np.ndarray, str]]) -> tuple[torch.Tensor, torch.Tensor, list[list[int]]]:
    width = max(8, *(picture.shape[1] for picture, _ in some))
    pictures = np.zeros((len(some), 1, HEIGHT, width), np.float32)
    for i, (picture, _) in enumerate(some):
        pictures[i, 0, :, : picture.shape[1]] = normalised(picture)
    return (
        torch.from_numpy(pictures),
        torch.tensor([p.shape[1] // STEP for p, _ in some]),
        [label(said) for _, said in some],
    )


def greedy(steps: torch.Tensor, length: int) -> list[int]:
    best = steps[:length].argmax(-1).tolist()
    return [c for i, c in enumerate(best) if c and (i == 0 or best[i - 1] != c)]


def right(network: Figures, batches: list) -> float:
    network.eval()
    good = total = 0
    with torch.no_grad():
        for pictures, lengths, wanted in batches:
            out = network(pictures)
            good += sum(greedy(o, int(n)) == w for o, n, w in zip(out, lengths, wanted, strict=True))
            total += len(wanted)
    network.train()
    return good / total


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fonts", nargs="+", type=Path, default=[Path("/usr/share/fonts")])
    parser.add_argument("--minutes", type=float, default=14, help="of the processor, for the network itself")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--resume", type=Path)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    cv2.setNumThreads(1)
    torch.set_num_threads(arguments.threads)
    japanese, latin = fonts(arguments.fonts)

    def held(face: tuple[str, int]) -> bool:
        return any(word in face[0] for word in HELD_OUT)

    shown = ([f for f in japanese if not held(f)], [f for f in latin if not held(f)])
    unseen = ([f for f in japanese if held(f)], [f for f in latin if held(f)])
    print(len(shown[0]), len(shown[1]), "fonts shown;", len(unseen[0]), len(unseen[1]), "held out", flush=True)
    rng = np.random.default_rng([arguments.seed, 99])
    checks = [together([sample(rng, unseen) for _ in range(BATCH)]) for _ in range(20)]
    network, before = Figures(), 0
    if arguments.resume:
        kept = torch.load(arguments.resume)
        network.load_state_dict(kept["weights"])
        before = kept["lines"]
    print(sum(p.numel() for p in network.parameters()), "weights", flush=True)
    loss_of = nn.CTCLoss(zero_infinity=True)
    best = torch.optim.AdamW(network.parameters(), lr=arguments.rate, weight_decay=1e-3)
    feed = batches(shown, np.random.default_rng([arguments.seed, 0]))
    start, step, lines, mean = time.process_time(), 0, 0, 0.0
    limit, told = arguments.minutes * 60, 0.0
    while (gone := time.process_time() - start) < limit:
        share = gone / limit
        for group in best.param_groups:
            group["lr"] = arguments.rate * min(1.0, (step + 1) / 50) * (0.5 * (1 + np.cos(np.pi * share)) + 0.01)
        pictures, lengths, wanted = next(feed)
        out = network(pictures)
        sizes = torch.tensor([len(w) for w in wanted])
        flat = torch.tensor([c for w in wanted for c in w])
        loss = loss_of(out.transpose(0, 1), flat, lengths, sizes)
        best.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        best.step()
        step, lines, mean = step + 1, lines + len(wanted), 0.98 * mean + 0.02 * float(loss.detach())
        if gone - told > 60:
            told = gone
            share_right = right(network, checks[:4])
            print(f"{gone:6.0f} s {step:6} steps loss {mean:.4f} held-out fonts right {share_right:.4f}", flush=True)
            torch.save({"weights": network.state_dict(), "lines": before + lines}, HERE / "figures.pt")
    held_out = right(network, checks)
    torch.save({"weights": network.state_dict(), "lines": before + lines}, HERE / "figures.pt")
    network.eval()
    torch.onnx.export(
        network, torch.zeros(1, 1, HEIGHT, 96), str(WEIGHTS), input_names=["x"], output_names=["y"],
        dynamic_axes={"x": {0: "n", 3: "width"}, "y": {0: "n", 1: "steps"}}, dynamo=False,
    )  # fmt: skip
    provenance = {
        "made_by": "tools/digits/train.py", "date": str(date.today()), "torch": torch.__version__,
        "seed": arguments.seed, "lines_shown": before + lines, "fonts_shown": len(shown[0]) + len(shown[1]),
        "fonts_held_out": sorted({Path(f[0]).name for f in (*unseen[0], *unseen[1])}),
        "held_out_lines": len(checks) * BATCH, "held_out_lines_right": round(held_out, 4), "symbols": SYMBOLS,
    }  # fmt: skip
    weights, notice = WEIGHTS.read_bytes(), WEIGHTS.with_name("NOTICE.md")
    row = f"| `{WEIGHTS.name}` | {len(weights)} | `{sha256(weights).hexdigest()}` |"
    said = notice.read_text(encoding="utf-8")
    notice.write_text(re.sub(rf"\| `{WEIGHTS.name}` \| \d+ \| `\w+` \|", row, said), encoding="utf-8")
    written = json.dumps(provenance, ensure_ascii=False, indent=1) + "\n"
    WEIGHTS.with_suffix(".json").write_text(written, encoding="utf-8")
    print(provenance)


if __name__ == "__main__":
    main()
