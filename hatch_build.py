"""The import names of this checkout's folders: `index/` is installed as `onrecord.index`, and so on.

A wheel gets the files under these names. An editable install gets a folder of links, `build/editable/onrecord`, which
type checkers and editors follow as well as Python does.
"""

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAMES = {
    "onrecord/__init__.py": "api/public.py",
    "onrecord/__main__.py": "api/__main__.py",
    "onrecord/py.typed": "api/py.typed",
    "onrecord/index": "index",
    "onrecord/rag": "rag",
    "onrecord/api": "api",
}


class Names(BuildHookInterface[Any]):
    """Gives every folder its import name."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the files into a wheel, or links to them where an editable install looks."""
        root = Path(self.root)
        if version == "standard":
            build_data["force_include"].update({str(root / path): name for name, path in NAMES.items()})
            return
        links = root / "build" / "editable"
        shutil.rmtree(links, ignore_errors=True)
        for name, path in NAMES.items():
            link = links / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(root / path)
