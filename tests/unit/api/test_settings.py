import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from onrecord.api.http.server import exposure
from onrecord.api.settings import InvalidSettings, Settings, load_settings, variable


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


def test_without_environment_everything_has_a_default() -> None:
    settings = load_settings()
    assert settings.data_dir == Path(".onrecord")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.threads >= 1


def test_the_environment_sets_and_what_is_given_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_PORT", "9000")
    monkeypatch.setenv("ONRECORD_DATA_DIR", "/from/environment")
    settings = load_settings(data_dir=Path("/given"), port=None)
    assert settings.port == 9000
    assert settings.data_dir == Path("/given")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_EMBEDDER", "")
    assert load_settings().embedder is None


@pytest.mark.parametrize("key", ["ONRECORD_PROT", "ONRECORD_", "onrecord_prot"])
def test_an_unknown_variable_is_refused_with_the_nearest_known_one(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(key, "1")
    with pytest.raises(InvalidSettings) as refused:
        load_settings()
    assert key in str(refused.value)
    assert "ONRECORD_PORT" in str(refused.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ONRECORD_PORT", "many"),
        ("ONRECORD_PORT", "70000"),
        ("ONRECORD_MIN_CONFIDENCE", "2"),
        ("ONRECORD_THREADS", "0"),
        ("ONRECORD_LOG_LEVEL", "loud"),
        ("ONRECORD_ALLOWED_ORIGINS", "*"),
        ("ONRECORD_ALLOWED_ORIGINS", "https://news.example https://other.example"),
        ("ONRECORD_PUBLIC_URL", "ask.example"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_what_the_variable_means(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(InvalidSettings) as refused:
        load_settings()
    assert f"{key} cannot be '{value}'" in refused.value.message
    assert refused.value.hint.startswith("Its meaning: ")


def test_origins_are_listed_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().allowed_origins == ()
    monkeypatch.setenv("ONRECORD_ALLOWED_ORIGINS", "https://news.example, https://intranet.example")
    assert load_settings().allowed_origins == ("https://news.example", "https://intranet.example")


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_API_KEY", "s3cret")
    assert "s3cret" not in repr(load_settings())
    assert "s3cret" not in repr(exposure(load_settings()))
    assert exposure(load_settings()).api_key == "s3cret"
    monkeypatch.setenv("ONRECORD_API_KEY", "s3cret with spaces")
    with pytest.raises(InvalidSettings, match="ONRECORD_API_KEY cannot be what it is") as refused:
        load_settings()
    assert "s3cret" not in "".join(traceback.format_exception(refused.value))


def test_settings_cannot_be_changed() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
