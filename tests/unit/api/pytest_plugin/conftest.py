from __future__ import annotations

import pytest

from tests.unit.api.pytest_plugin.projects import CONFTEST, TOWN


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with one article and a fake pipeline, injected through the plugin's own hook."""
    pytester.makeconftest(CONFTEST)
    (pytester.path / "town.txt").write_text(TOWN, encoding="utf-8")
    return pytester
