"""What `import onrecord` hands out, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

import onrecord


def test_every_public_name_is_there_and_listed() -> None:
    assert onrecord.__all__ == sorted(onrecord.__all__)
    assert set(onrecord.__all__) <= set(dir(onrecord))
    for name in onrecord.__all__:
        assert getattr(onrecord, name)
    assert onrecord.__version__ == version("onrecord")


def test_another_name_is_refused_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'onrecord' has no attribute 'Generator'"):
        _ = onrecord.Generator  # type: ignore[attr-defined]


def test_importing_it_loads_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import onrecord; new = set(sys.modules) - before\n"
        "print(sorted(name for name in new if name.startswith('onrecord.') or name in {'numpy', 'torch', 'faiss'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_python_dash_m_is_the_command() -> None:
    command = [sys.executable, "-m", "onrecord", "ask", "--help"]
    assert "Usage: onrecord ask" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
