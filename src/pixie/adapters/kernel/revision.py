"""Which schema this version of Pixie needs; without Alembic, which takes long to import."""

from pathlib import Path


def migrations_folder() -> Path:
    """Inside an installed package, or beside the sources in a checkout."""
    package = Path(__file__).parents[2]
    packaged = package / "_migrations"
    return packaged if packaged.is_dir() else package.parents[1] / "migrations"


def head() -> str:
    """The newest revision, read from the files' names. They are numbered: what is greater is newer."""
    return max(path.name.partition("_")[0] for path in (migrations_folder() / "versions").glob("[0-9]*.py"))
