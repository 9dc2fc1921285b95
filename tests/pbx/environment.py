"""Where the test PBX is: by environment, as for asterisk-up beside this file."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
AMI_PORT = int(os.environ.get("AMI_PORT", "5038"))
SIP_PORT = int(os.environ.get("SIP_PORT", "5060"))
AMI_USER = os.environ.get("AMI_USER", "siaga")
AMI_SECRET = os.environ.get("AMI_SECRET", "siaga-test")
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
ROOT = Path(os.environ.get("ASTERISK_ROOT") or _CACHE / "asterisk-sid")
LOG = ROOT / "psap" / str(AMI_PORT) / "log"
QUEUE_LOG = LOG / "queue_log"
CDR = LOG / "cdr-csv" / "Master.csv"
