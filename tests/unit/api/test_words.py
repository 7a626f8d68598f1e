from __future__ import annotations

import subprocess
import sys

import pytest

from onrecord.api.words import REASONS
from onrecord.rag.answer import Reason


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize("module", ["onrecord.api.words", "onrecord.api.http.openai.text"])
def test_words_of_http_load_nothing_of_the_terminal(module: str) -> None:
    code = f"import sys, {module}; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
