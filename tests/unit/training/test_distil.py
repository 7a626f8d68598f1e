from pathlib import Path

import numpy as np
import pytest
import torch

from training.data.packed import Packed
from training.network import model as small_reader
from training.network import teacher as small_teacher
from training.network.model import ReaderModel
from training.network.teacher import TeacherModel
from training.run.batches import Windows
from training.run.distil import Distiller
from training.run.train import Plan, Run, Trainer

CPU = torch.device("cpu")


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, width in ((small_reader, 24), (small_teacher, 36)):
        for name, value in {"WIDTH": width, "LAYERS": 1, "INNER": 40, "VOCABULARY": 600}.items():
            monkeypatch.setattr(module, name, value)
    monkeypatch.setattr("training.run.distil.WIDTH", 24)


def windows(count: int) -> Packed:
    """Windows whose answer is the one token 500 in a passage of six, half of them without one."""
    rng = np.random.default_rng(5)
    ids, begin = [], []
    for number in range(count):
        passage = rng.integers(200, 400, 6)
        place = int(rng.integers(6))
        if number % 2:
            passage[place] = 500
        ids.append(np.array([101, 300, 102, 102, *passage, 102]))
        begin.append(4 + place if number % 2 else 0)
    told, ones = np.array(begin, dtype=np.int32), np.ones(count, dtype=np.int32)
    starts = np.arange(count + 1, dtype=np.int64) * len(ids[0])
    return Packed(np.concatenate(ids).astype(np.uint16), starts, 3 * ones, 4 * ones, told, told, 0 * ones, ("one",))


@pytest.mark.usefixtures("_small")
def test_a_distiller_draws_its_student_to_the_teacher_and_leaves_the_teacher_alone() -> None:
    torch.manual_seed(1)
    student, master = ReaderModel(), TeacherModel()
    before = {name: value.clone() for name, value in master.named_parameters()}
    distiller = Distiller(student, master, Plan(1, encoder_rate=3e-3), CPU)
    batch = Windows(windows(32).unlabelled(), CPU).batch(np.arange(32))
    losses = [float(distiller.step(batch, 0.3, number)) for number in range(40)]
    assert losses[-1] < losses[0] - 0.2
    for name, value in master.named_parameters():
        torch.testing.assert_close(value.float(), before[name], atol=1e-2, rtol=1e-2)


@pytest.mark.usefixtures("_small")
def test_a_run_goes_on_where_it_was_left(tmp_path: Path) -> None:
    torch.manual_seed(2)
    made = windows(64)
    Run(Trainer(ReaderModel(), Plan(0.3, chunk=16, tokens=256), CPU), made, {}, tmp_path, resume=False).finish()
    assert (tmp_path / "weights.safetensors").is_file()
    spent = torch.load(tmp_path / "state.pt", weights_only=True)["state"]["elapsed"]  # more than .3 on a busy machine
    plan = Plan(spent + 0.3, chunk=16, tokens=256)
    resumed = Run(Trainer(ReaderModel(), plan, CPU), made, {}, tmp_path, resume=True)
    resumed.finish()
    curve = (tmp_path / "curve.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(curve) == 2
    assert '"windows"' in curve[-1]
