"""A wrong setting stops the start with a sentence that names it."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from dispatch.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIAGA_CONFIG", "SIAGA_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_need_no_setting_at_all() -> None:
    settings = load_settings()
    assert settings.resolved_database_url() == "sqlite+aiosqlite:///var/siaga.db"
    assert settings.ami_host is None


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SIAGA_PORT": "x"}, "SIAGA_PORT:"),
        ({"SIAGA_PORT": "70000"}, "SIAGA_PORT:"),
        ({"SIAGA_OFFER_TIMEOUT_S": "0"}, "SIAGA_OFFER_TIMEOUT_S:"),
        ({"SIAGA_LOG_LEVEL": "loud"}, "SIAGA_LOG_LEVEL:"),
        ({"SIAGA_PORTT": "1"}, "SIAGA_PORTT: no such setting"),
        ({"SIAGA_INGEST_TOKEN": "short"}, "SIAGA_INGEST_TOKEN: must have at least 24 characters"),
        ({"SIAGA_AMI_HOST": "127.0.0.1"}, "SIAGA_AMI_SECRET: missing"),
        ({"SIAGA_AMI_SECRET": "x", "SIAGA_AMI_SECRET_FILE": "/x"}, "not both"),
        ({"SIAGA_CONFIG": "/nowhere.toml"}, "SIAGA_CONFIG: there is no file /nowhere.toml"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert sentence in str(caught.value)


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAGA_PORT", "x")
    monkeypatch.setenv("SIAGA_LOCKOUT_ATTEMPTS", "1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "SIAGA_PORT" in str(caught.value)
    assert "SIAGA_LOCKOUT_ATTEMPTS" in str(caught.value)


def test_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "siaga.toml"
    file.write_text('port = 9000\ncentre_name = "Pusat"\n')
    monkeypatch.setenv("SIAGA_CONFIG", str(file))
    monkeypatch.setenv("SIAGA_PORT", "9001")
    settings = load_settings()
    assert (settings.port, settings.centre_name) == (9001, "Pusat")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "siaga.toml"
    file.write_text("port = = 1")
    monkeypatch.setenv("SIAGA_CONFIG", str(file))
    with pytest.raises(SettingsError, match=r"SIAGA_CONFIG: .* is not valid TOML"):
        load_settings()


def test_an_unknown_key_of_the_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "siaga.toml"
    file.write_text("prot = 1")
    monkeypatch.setenv("SIAGA_CONFIG", str(file))
    with pytest.raises(SettingsError, match="SIAGA_PROT"):
        load_settings()


def test_secret_comes_from_its_file_and_never_shows(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("rahasia\n")
    settings = Settings(ami_host="127.0.0.1", ami_secret_file=file)
    assert settings.read_ami_secret() == "rahasia"
    assert "rahasia" not in repr(Settings(ami_secret=SecretStr("rahasia")))


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    settings = Settings(ami_host="127.0.0.1", ami_secret_file=tmp_path / "none")
    with pytest.raises(SettingsError, match="SIAGA_AMI_SECRET_FILE"):
        settings.read_ami_secret()
