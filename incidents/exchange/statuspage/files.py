"""A source on disk: one file, or a folder of them with whatever lies in its subfolders."""

from collections.abc import Iterator
from pathlib import Path

from incidents.exchange.statuspage.documents import Document, read_document
from incidents.exchange.statuspage.loading import load_json, refuse_size
from incidents.exchange.statuspage.problems import Complaint, NothingToImport, Report


def json_files(path: Path) -> list[Path]:
    """Return the files to read, in a fixed order. Raises NothingToImport where there are none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NothingToImport(f"There is no file or folder {path}. The address of a page begins with https://.")
    found = sorted(each for each in path.rglob("*.json") if each.is_file() and not each.is_symlink())
    if not found:
        raise NothingToImport(f"The folder {path} holds no file that ends in .json.")
    return found


def read_files(path: Path, report: Report) -> Iterator[Document | None]:
    """Read each file of the source; yield None for one that holds nothing to import."""
    for file in json_files(path):
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        yield _read_file(file, name, report)


def _read_file(file: Path, name: str, report: Report) -> Document | None:
    try:
        refuse_size(file.stat().st_size)
        content = load_json(file.read_bytes())
    except Complaint as complaint:
        report.skip(name, complaint.sentence)
        return None
    except OSError as error:
        report.skip(name, f"cannot be read: {error.strerror}")
        return None
    return read_document(name, content, report)
