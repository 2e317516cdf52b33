"""ZIP archives: every file in them goes to the readers; nothing is unpacked before its size is known.

Nothing is written anywhere, so that the folders in the names of the files lead nowhere.
"""

import io
import zipfile
from pathlib import PurePosixPath

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import DAMAGED_ZIP
from travelrisk.intake.limits import ALONE, LIMITS, MIB
from travelrisk.intake.mails.attachments import Attachment
from travelrisk.intake.mails.envelope import Envelope, Part

_IS_ENCRYPTED = 1
_IS_UTF8 = 0x800
_LONGEST_NAME = 200
_JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def opened(content: bytes) -> Envelope:
    """Unpack an archive.

    Raises:
        BadInputError: it is damaged, wholly encrypted, empty or beyond a limit.
    """
    letter = Envelope()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [
                each
                for each in archive.infolist()
                if not each.filename.endswith("/") and not _is_junk(each.filename)
            ]
            _check(members)
            for member in members:
                _unpack(archive, member, letter)
    except DAMAGED_ZIP as error:
        raise BadInputError("The ZIP archive is damaged: send the files in it one by one") from error
    if not letter.files:
        raise BadInputError(letter.lost[0] if letter.lost else "The ZIP archive is empty: send it again")
    return letter


def _is_junk(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(_JUNK[0]) or lower.rpartition("/")[2] in _JUNK


def _check(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what the directory of an archive shows to be beyond a limit."""
    if len(members) > LIMITS.parts:
        raise BadInputError(f"The ZIP archive has more than {LIMITS.parts} files: {ALONE}")
    if sum(each.file_size for each in members) > LIMITS.unpacked:
        raise BadInputError(f"The ZIP archive unpacks to more than {LIMITS.unpacked // MIB} MB: {ALONE}")
    if any(each.file_size > MIB and each.file_size > LIMITS.ratio * each.compress_size for each in members):
        raise BadInputError(
            f"A file in the ZIP archive unpacks to more than {LIMITS.ratio} times its size: {ALONE}"
        )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, letter: Envelope) -> None:
    name = _name(member)
    if member.flag_bits & _IS_ENCRYPTED:
        letter.lost.append(f"{name}: The file is protected by a password: send it without")
        return
    try:
        content = archive.read(member)
    except DAMAGED_ZIP:
        letter.lost.append(f"{name}: The file is damaged in the ZIP archive: send it alone")
        return
    letter.files.append(Part("", Attachment(content, name, is_attached=True)))


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name without folders; old programs write UTF-8 and do not say so."""
    written = member.filename
    if not member.flag_bits & _IS_UTF8:
        try:
            written = written.encode("cp437").decode()
        except UnicodeError:
            written = member.filename
    return PurePosixPath(written.replace("\\", "/")).name[-_LONGEST_NAME:] or "a file in the archive"
