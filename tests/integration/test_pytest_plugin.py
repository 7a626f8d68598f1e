from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.integration.processes import PATIENCE, SEEDS, environment, run, serving

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]  # two processes that each read the models

ROOT = Path(__file__).parents[2]
CASES = """
  - question: When was the Nujaba Movement established?
    passages: [The Nujaba Movement was established in 2013]
    answers: ["2013"]
    citation: {article: "Exclusive—Iraq militia vows to strike US bases if airspace used to hit Iran", paragraph: 11}
    tags: [smoke]
  - question: Who won the football match on Sunday?
    not_found: true
  - question: In which year was the Nujaba Movement established?
    answers: ["1913"]
"""


OWN = """
import api, index, rag
def test_own():
    assert {api.OF, index.OF, rag.OF} == {"the project"}
"""


def write_project(folder: Path, *, articles: str = "articles: ['*.txt']\n") -> Path:
    """A project of one article and a case file, two of whose three cases hold."""
    folder.mkdir()
    for article in SEEDS.glob("*.txt"):
        shutil.copy(article, folder)
    for name in ("api", "index", "rag"):  # what a project calls its own packages is its own affair
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise ImportError\n", encoding="utf-8")
    (folder / "asadi.qa.yaml").write_text(f"{articles}cases:{CASES}", encoding="utf-8")
    return folder


def run_pytest(python: Path | str, project: Path, *options: str, passed: int = 2) -> str:
    """Run a project's tests, of which one must fail, and return what was printed."""
    ours = python == sys.executable  # another Python has its own packages, whatever path leads this one to ours
    done = subprocess.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", *options],
        cwd=project,
        env=environment() if ours else environment(PYTHONPATH=""),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=2 * PATIENCE,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert f"1 failed, {passed} passed" in done.stdout, done.stdout
    assert "“1913”: in no quote" in done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a new virtual environment that has our wheel, made from our sdist; dependencies are those of the tests.

    What is installed here in place for development is not seen there: a directory that a .pth file names runs no .pth
    files of its own.
    """
    folder = tmp_path_factory.mktemp("clean")
    offline = ["--no-deps", "--no-index"]
    built, environment_folder = folder / "built", folder / "venv"
    sdist = [sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", str(built)]
    subprocess.run(sdist, cwd=ROOT, check=True)
    source = next(built.glob("*.tar.gz"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", *offline, "--no-build-isolation", "-w", str(built), str(source)], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment_folder)], check=True)
    packages = next(environment_folder.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = environment_folder / "bin" / "python"
    wheel = next(built.glob("*.whl"))
    top = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"onrecord"}
    subprocess.run([*pip, "--python", str(python), "install", *offline, "--ignore-installed", str(wheel)], check=True)
    return python


def test_installing_the_wheel_is_all_it_takes(clean_python: Path, tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    where = "import onrecord.api.pytest_plugin; print(onrecord.api.pytest_plugin.__file__)"
    found = subprocess.run(
        [clean_python, "-c", where],
        cwd=project,
        env=environment(PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(clean_python.parents[1])
    report = project / "report.xml"
    printed = run_pytest(clean_python, project, "-n", "2", f"--junit-xml={report}")
    assert "asadi.qa.yaml:10" in printed
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - ours
    assert sorted(str(case.get("name")) for case in cases) == [
        "In which year was the Nujaba Movement established?",
        "When was the Nujaba Movement established?",
        "Who won the football match on Sunday?",
    ]
    assert not (project / ".onrecord").exists()


def write_modules(folder: Path, content: str) -> None:
    """A project's own modules, called as the folders of this project are."""
    for name in ("api", "rag"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(content, encoding="utf-8")
    (folder / "index.py").write_text(content, encoding="utf-8")


def test_a_project_keeps_its_own_modules_and_files_of_other_tools(clean_python: Path, tmp_path: Path) -> None:
    project, articles = tmp_path / "project", tmp_path / "articles"
    articles.mkdir()
    for article in SEEDS.glob("*.txt"):
        shutil.copy(article, articles)
    write_modules(project, "raise ImportError\n")
    write_modules(project / "src", "OF = 'the project'\n")
    (project / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["src"]\n', encoding="utf-8")
    (project / "tests").mkdir()
    (project / "tests" / "test_own.py").write_text(OWN, encoding="utf-8")
    (project / "docker-compose.qa.yaml").write_text("services: {db: {image: 'postgres:16'}}\n", encoding="utf-8")
    (project / "cases").mkdir()
    (project / "cases" / "asadi.qa.yaml").write_text(f"articles: [../../articles]\ncases:{CASES}", encoding="utf-8")
    printed = run_pytest(clean_python, project, "--strict-config", passed=3)
    assert "cases/asadi.qa.yaml:10" in printed


@pytest.mark.parametrize("command", [["-m", "onrecord"], ["{scripts}/onrecord"]])
def test_the_command_starts_among_a_projects_own_modules(
    clean_python: Path, tmp_path: Path, command: list[str]
) -> None:
    write_modules(tmp_path / "project", "raise ImportError\n")
    arguments = [each.format(scripts=clean_python.parent) for each in command]
    done = subprocess.run(
        [clean_python, *arguments, "--help"],
        cwd=tmp_path / "project",
        env=environment(PYTHONPATH="."),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "index" in done.stdout
    assert done.stderr == ""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the seed article."""
    directory = tmp_path_factory.mktemp("indexed") / "data"
    run("index", str(SEEDS), "--data", str(directory))
    return directory


def test_a_data_directory_is_asked_instead_of_the_articles(data: Path, tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", articles="")
    printed = run_pytest(sys.executable, project, "--onrecord-data", str(data))
    assert f"onrecord: cases ask {data}" in printed


def test_a_running_server_is_asked_instead_of_the_articles(data: Path, tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", articles="")
    with serving(data) as server:
        server.wait_until_ready()
        printed = run_pytest(sys.executable, project, "--onrecord-url", server.url)
    assert f"onrecord: cases ask {server.url}" in printed
