"""Templates of ours that another version of the generator puts in question are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from maintenance.templates import changed, main


def folder(path: Path, **texts: str) -> Path:
    path.mkdir()
    for name, text in texts.items():
        (path / f"{name}.py.jinja").write_text(text, "utf-8")
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return folder(tmp_path / "ours", model="our model")


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    return folder(tmp_path / "pinned", model="stock\nmodel", enum="stock enum")


def test_an_unchanged_stock_template_is_no_news(tmp_path: Path, ours: Path, pinned: Path) -> None:
    assert list(changed(ours, pinned, folder(tmp_path / "tried", model="stock\nmodel"))) == []


def test_a_changed_stock_template_is_shown(tmp_path: Path, ours: Path, pinned: Path) -> None:
    (text,) = changed(ours, pinned, folder(tmp_path / "tried", model="stock\nnew model"))

    assert text.splitlines()[0] == "model.py.jinja: its stock template changed"
    assert text.splitlines()[-2:] == ["-model", "+new model"]


def test_a_template_without_a_stock_template_no_longer_applies(tmp_path: Path, ours: Path, pinned: Path) -> None:
    (text,) = changed(ours, pinned, folder(tmp_path / "tried"))

    assert text.startswith("model.py.jinja: no longer applies")


def test_stock_templates_that_we_leave_alone_do_not_count(tmp_path: Path, ours: Path, pinned: Path) -> None:
    assert list(changed(ours, pinned, folder(tmp_path / "tried", model="stock\nmodel", enum="another"))) == []


def test_the_command_counts(tmp_path: Path, ours: Path, pinned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ours), str(pinned), str(folder(tmp_path / "tried"))]) == 0
    assert capsys.readouterr().out.endswith("\n\n1 of our templates need a look\n")
