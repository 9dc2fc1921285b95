"""The command line as an operator uses it: accounts, fleet, the log's check, each fault in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FLEET = """
stations:
  - {key: pos, name: Pos Uji, agency: damkar, village: Petung, lat: -1.34, lon: 116.64}
units:
  - {callsign: Uji 1, kind: fire_engine, station: pos, capabilities: [fire_suppression], crew: [A, B]}
"""


class Shell:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SIAGA_")}
        code = "from dispatch.cli import main; main()"
        result = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment | {"SIAGA_DATA_DIR": str(self._folder)},
            capture_output=True,
            input=typed,
            text=True,
            timeout=60,
        )
        return result.returncode, result.stdout + result.stderr


@pytest.fixture
def siaga(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


def test_a_fleet_and_its_crew_are_added_from_the_shell(siaga: Shell, tmp_path: Path) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(FLEET)
    assert siaga("fleet", "import", str(file)) == (0, "1 units imported\n")
    code, said = siaga("fleet", "import", str(file))
    assert (code, said) == (2, "There is a unit Uji 1 already; nothing was imported.\n")
    user = ("users", "add", "kru", "--name", "Kru", "--role", "responder", "--password", "kata sandi panjang 1")
    assert siaga(*user, "--unit", "Uji 2") == (2, "There is no unit Uji 2.\n")
    assert siaga(*user, "--unit", "uji 1") == (0, "kru may sign in now\n")
    assert siaga("verify-log") == (0, "0 events, the chain holds\n")


def test_a_new_accounts_password_is_asked_for_until_there_is_one(siaga: Shell) -> None:
    password = "kata sandi panjang 1\n"
    code, said = siaga("users", "add", "hana", "--name", "Hana", "--role", "admin", typed=f"\n{password}{password}")
    assert (code, "hana may sign in now" in said, "[]" in said) == (0, True, False)


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ("damkar", "pemadam", "stations.0.agency: there is no agency pemadam."),
        ("station: pos", "station: lain", "units.0.station: there is no station lain."),
        ("lat: -1.34", "lat: -134", "stations.0.lat: Input should be greater than or equal to -90"),
        ("fire_suppression", "water", "units.0.capabilities.0: Input should be"),
    ],
)
def test_a_faulty_fleet_file_is_named_and_nothing_is_added(
    siaga: Shell, tmp_path: Path, wrong: str, right: str, sentence: str
) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(FLEET.replace(wrong, right))
    code, said = siaga("fleet", "import", str(file))
    assert code == 2
    assert sentence in said


def test_a_missing_setting_stops_the_start_with_a_sentence(siaga: Shell) -> None:
    code, said = siaga("telephony")
    assert (code, said.splitlines()[-1]) == (2, "SIAGA_INGEST_TOKEN: missing; the core takes facts from nobody else.")
