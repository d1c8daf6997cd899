"""Sums: checksums beside a file that is handed out, signed with an SSH key."""

import hashlib
import subprocess
from pathlib import Path

from autograder.base.errors import WrongUse

NAME = "SHA256SUMS"
NAMESPACE = "neuron-by-neuron"
"""What the signature is for, so that none made for another purpose is taken for it."""


def write_sums(path: Path, key: Path | None = None) -> list[Path]:
    """Write the checksum of a file beside it, as `sha256sum --check` reads it.

    Lines of other files in `SHA256SUMS` stay; a signature that fits no longer goes.

    Parameters
    ----------
    key
        An SSH key to sign with: the private one, or the public one of an agent's.

    Returns
    -------
    What was written.

    Raises
    ------
    WrongUse
        The key cannot be used, or OpenSSH is not installed.
    """
    sums = path.with_name(NAME)
    listed = sums.read_text("utf-8").splitlines() if sums.exists() else []
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = [line for line in listed if line[66:] != path.name]
    lines = sorted([*kept, f"{digest}  {path.name}"], key=lambda line: line[66:])
    sums.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    signature = sums.with_name(f"{NAME}.sig")
    signature.unlink(missing_ok=True)
    if key is None:
        return [sums]
    signature.write_bytes(_signed(sums.read_bytes(), key))
    return [sums, signature]


def _signed(content: bytes, key: Path) -> bytes:
    command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE]
    try:
        made = subprocess.run(command, input=content, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise WrongUse(
            "found no ssh-keygen, expected OpenSSH 8.1 or newer to sign with; install "
            "it (Debian: openssh-client), or leave out --sign."
        ) from error
    if made.returncode:
        said = " ".join(made.stderr.decode("utf-8", "replace").split())
        raise WrongUse(
            f"{key}: ssh-keygen does not sign with it ({said}), expected an SSH key; "
            "make one with `ssh-keygen -t ed25519 -f KEY`."
        )
    return made.stdout
