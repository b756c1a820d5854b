"""Getting ``signed/`` back from what is published: after a lost computer, or when a backup was too old."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from sayso.disk import new_folder, only_one, read_file, tidy_after_kill
from sayso.errors import NotSigned, VerificationError
from sayso.profile.model import encode
from sayso.publish.folder import Signed, read_signed
from sayso.trust.pin import missed_since
from sayso.trust.verify import verify_past

#: Gives a published file by its path below the base URL; None where it is not there.
Published = Callable[[str], bytes | None]
_NEEDED = ("profile.jwt", "keys.jsonl", "history.json")


def restore(folder: Path, base: str, published: Published) -> Signed:
    """Put what is published at a base URL into ``signed/``, verified (though it may have ended), and give it.

    Earlier versions that are there already, or published, are kept. Raises NotSigned for what is not published as a whole or
    does not go on from what is there, VerificationError for what does not verify, DiskError.
    """
    with only_one(folder), tempfile.TemporaryDirectory(prefix="sayso-") as work:
        tidy_after_kill(folder / "signed")
        new = Path(work) / "signed"
        if (folder / "signed").exists():
            shutil.copytree(folder / "signed", new)
        (new / "history").mkdir(parents=True, exist_ok=True)
        for name in _NEEDED:
            content = published(f"sayso/{name}")
            if content is None:
                raise _refused(f"{base}sayso/{name} is not published", folder)
            (new / name).write_bytes(content)
        verified = verify_past(read_file(new / "profile.jwt"), read_file(new / "keys.jsonl"), base)
        (new / "profile.json").write_bytes(encode(verified.payload))
        if (folder / "signed" / "profile.jwt").exists():
            old = read_signed(folder, base, None).verified
            try:
                missed_since(old.pin, verified.keylog, verified.payload, verified.digest)
            except VerificationError as error:
                raise _refused(f"what is published does not go on from what is here: {error.message}", folder) from None
            if old.digest != verified.digest:
                (new / "history" / f"{old.payload.sequence}.jwt").write_bytes(old.envelope.token)
        for sequence in range(verified.payload.sequence - 1, 0, -1):
            if (body := published(f"sayso/history/{sequence}.jwt")) is None:
                break
            (new / "history" / f"{sequence}.jwt").write_bytes(body)
        signed = read_signed(Path(work), base, None)
        with new_folder(folder / "signed") as fresh:
            shutil.copytree(new, fresh, dirs_exist_ok=True)
    return signed


def _refused(message: str, folder: Path) -> NotSigned:
    return NotSigned("restore-refused", message, name=str(folder), hint=f"{folder / 'signed'} is as it was")
