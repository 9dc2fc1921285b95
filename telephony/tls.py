"""TLS to the AMI: by default only a PBX whose certificate an authority vouches for is believed."""

import ssl
from pathlib import Path


class BadTls(Exception):
    """The files for TLS cannot be used; the text says which and why."""


def context(ca_file: Path | None = None, *, verify: bool = True) -> ssl.SSLContext:
    """`ca_file`: authorities in PEM, for a PBX that signs for itself; None: those of the system.

    `verify=False` keeps listeners out, not impostors: whoever answers would be told the secret. Raises BadTls.
    """
    try:
        made = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise BadTls(f"{ca_file} cannot be used ({error})") from error
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if not verify:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made
