"""The manual of this project is `nox -l`; `nox` alone runs all checks that must pass."""

import argparse
import difflib
import filecmp
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_external_run = True
nox.options.sessions = ["lint", "typing", "drift", "tests", "tests-fast"]

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
GENERATED = ROOT / "generated" / "ghpackages_api"
TEMPLATES = ROOT / "overlays" / "templates"
LIBRARY_TESTS = [f"tests/{folder}" for folder in ("audit", "core", "generated", "mock", "project", "transport")]
HEADER = 'Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.'

SHORT_TRACEBACKS = {"_TYPER_STANDARD_TRACEBACK": "1", "TYPER_STANDARD_TRACEBACK": "1"}
"""Of the generator; of itself it prints all variables, 159,000 lines for one broken template."""


def install_group(session: nox.Session, *groups: str) -> None:
    session.install(*nox.project.dependency_groups(PYPROJECT, *groups))


def call_generator(session: nox.Session, package: Path, *options: str) -> None:
    if package.exists():
        shutil.rmtree(package)
    package.parent.mkdir(parents=True, exist_ok=True)
    session.run(
        *("openapi-python-client", "generate", "--fail-on-warning", "--meta", "none"),
        *("--path", "openapi/github-packages.yaml", "--config", "generator-config.yaml"),
        *("--output-path", str(package), *options),
        env=SHORT_TRACEBACKS,
    )


def run_generator(session: nox.Session, package: Path) -> None:
    """Make the generated package from nothing: the generator, one header line per file, and `py.typed`."""
    call_generator(session, package, "--custom-template-path", str(TEMPLATES))
    for module in package.rglob("*.py"):
        module.write_text(f"# {HEADER}\n{module.read_text(encoding='utf-8')}", encoding="utf-8")
    (package / "py.typed").write_text(f"# {HEADER}\n", encoding="utf-8")


def run_reporter(session: nox.Session, module: str, *arguments: str) -> None:
    """Run a module that ends with 2 if there is nothing that it could report on; nox alone would make 1 of it."""
    try:
        session.run("python", "-m", module, *arguments)
    except nox.command.CommandFailed as failure:
        if failure.reason == "Returned code 2":
            sys.exit(2)
        raise


def stock_templates(session: nox.Session) -> Path:
    code = "import openapi_python_client, pathlib; print(pathlib.Path(openapi_python_client.__file__).parent)"
    return Path(str(session.run("python", "-c", code, silent=True)).strip()) / "templates"


def count_changes(old: Path, new: Path) -> int:
    """How many lines were added or taken away."""
    lines = difflib.ndiff(old.read_text("utf-8").splitlines(), new.read_text("utf-8").splitlines())
    return sum(line.startswith(("+ ", "- ")) for line in lines)


def differences(committed: Path, fresh: Path) -> Iterator[str]:
    """Every difference between two folders, file by file, as a unified diff."""
    names = {path.relative_to(base) for base in (committed, fresh) for path in base.rglob("*") if path.is_file()}
    for name in sorted(name for name in names if "__pycache__" not in name.parts):
        old, new = committed / name, fresh / name
        if not old.exists():
            yield f"missing: {name}"
        elif not new.exists():
            yield f"not generated: {name}"
        elif not filecmp.cmp(old, new, shallow=False):
            texts = (path.read_text("utf-8", errors="replace").splitlines() for path in (old, new))
            yield "\n".join(difflib.unified_diff(*texts, f"committed/{name}", f"generated/{name}", lineterm=""))


def tried_generator(arguments: list[str]) -> str | None:
    parser = argparse.ArgumentParser(prog="nox -s generate --")
    parser.add_argument("--generator", metavar="VERSION", help="try this version, and change nothing")
    return parser.parse_args(arguments).generator


def try_generator(session: nox.Session, version: str) -> None:
    """Show what another version of the generator would make, and which of our templates it puts in question."""
    scratch = Path(session.create_tmp()).resolve()
    pinned = scratch / "pinned"
    shutil.rmtree(pinned, ignore_errors=True)
    shutil.copytree(stock_templates(session), pinned)
    session.install(f"openapi-python-client=={version}")
    installed = str(session.run("openapi-python-client", "--version", silent=True)).split()[-1]
    if installed != version:  # --no-install was given
        session.error(f"openapi-python-client {installed} is installed, not {version}")
    session.run("python", "-m", "maintenance.templates", str(TEMPLATES), str(pinned), str(stock_templates(session)))
    try:
        run_generator(session, scratch / "ghpackages_api")
    except nox.command.CommandFailed:
        session.error(f"openapi-python-client {version} can't generate from our description and templates")
    found = list(differences(GENERATED, scratch / "ghpackages_api"))
    session.log("\n".join([f"{len(found)} files of generated/ would change", *found]))


@nox.session
def generate(session: nox.Session) -> None:
    """Make generated/ from the description, the generator's settings and the templates.

    `-- --generator 0.30.0` tries another version of the generator, shows what would change, and changes nothing.
    """
    install_group(session, "generate")
    if tried := tried_generator(session.posargs):
        try_generator(session, tried)
        return
    run_generator(session, GENERATED)
    stock = stock_templates(session)
    for template in sorted(TEMPLATES.glob("*.jinja")):
        session.log(f"{template.name}: {count_changes(stock / template.name, template)} lines differ from stock")


@nox.session
def drift(session: nox.Session) -> None:
    """Fail when generated/ differs in any way from a fresh generation."""
    install_group(session, "generate")
    fresh = Path(session.create_tmp()).resolve() / "ghpackages_api"
    run_generator(session, fresh)
    found = list(differences(GENERATED, fresh))
    if found:
        session.error("\n".join(["generated/ is not what `nox -s generate` makes:", *found]))
    session.log("generated/ equals a fresh generation")


@nox.session
def upstream(session: nox.Session) -> None:
    """Compare the description with GitHub's: the newest, or given files, addresses or names (ghec, ghes-3.19).

    Exit status 0 if all differences are explained, 1 if not, 2 if a source can't be read. `--json FILE` and `--markdown
    FILE` write the report down. `nox -s upstream -- --help` tells more.
    """
    install_group(session, "upstream")
    run_reporter(session, "openapi.upstream", *session.posargs)


@nox.session(name="api-diff")
def api_diff(session: nox.Session) -> None:
    """Say which version number comes next, by the public Python surface since the last release or a git ref.

    Exit status 0 if it was compared, 2 if there is nothing to compare with. `nox -s api-diff -- --help` tells more.
    """
    install_group(session, "maintenance")
    run_reporter(session, "maintenance.api_diff", *session.posargs)


@nox.session
def refresh(session: nox.Session) -> None:
    """Do the whole round: fetch GitHub's description, report, generate, check, draft the CHANGELOG; commit nothing.

    Takes what `nox -s upstream` takes, and `--dirty` to start from a tree with uncommitted changes. The reports are in
    build/refresh/. Exit status 0 if nothing is left to decide on, 1 if something is or a check fails, 2 if it can't
    start.
    """
    install_group(session, "generate", "maintenance", "upstream")
    run_reporter(session, "maintenance.refresh", "start", *session.posargs)
    run_generator(session, GENERATED)
    session.notify("drift", posargs=[])
    session.notify("tests", posargs=[])
    session.notify("tests-fast", posargs=[])
    run_reporter(session, "maintenance.refresh", "finish")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting, the OpenAPI document, the workflows and the settings of Dependabot."""
    install_group(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("openapi-spec-validator", "openapi/github-packages.yaml")
    workflows = sorted(str(path.relative_to(ROOT)) for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    dependabot = ".github/dependabot.yml"
    session.run("check-jsonschema", "--builtin-schema", "vendor.dependabot", dependabot)
    session.run("zizmor", "--offline", "--quiet", "--strict-collection", *workflows, dependabot)


@nox.session
def typing(session: nox.Session) -> None:
    """Check all types with mypy --strict and pyright in strict mode, users' code included."""
    session.install("--editable", ".[cli,fast]")
    install_group(session, "typing")
    session.run("mypy", "-p", "ghpackages_runtime", "-p", "ghpackages_api", "-p", "ghpackages")
    session.run("mypy", "tests/typing")
    session.run("pyright", "--project", "pyproject.toml")


def build_wheel(session: nox.Session) -> Path:
    session.install("build")
    wheels = Path(session.create_tmp()).resolve() / "dist"
    shutil.rmtree(wheels, ignore_errors=True)
    session.run("python", "-m", "build", "--wheel", "--outdir", str(wheels), silent=True)
    (wheel,) = wheels.glob("*.whl")
    return wheel


def run_tests(session: nox.Session, *paths: str, group: str, extra: str = "") -> None:
    """Run tests where the built wheel is installed with one extra or none, and without the others."""
    install_group(session, group)
    wheel = build_wheel(session)
    session.install(f"{wheel}[{extra}]" if extra else str(wheel))
    environment = {"GHPACKAGES_WHEEL": str(wheel), "GHPACKAGES_EXTRA": extra, "PYTHONPATH": None}
    session.run("pytest", *(session.posargs or ["--numprocesses=auto"]), *paths, env=environment)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests against the built wheel with the extra `cli`, without `fast`; arguments go to pytest."""
    run_tests(session, group="tests", extra="cli")


def run_library_tests(session: nox.Session, extra: str = "") -> None:
    chosen = any(Path(argument.partition("::")[0]).exists() for argument in session.posargs)
    run_tests(session, *([] if chosen else LIBRARY_TESTS), group="tests-library", extra=extra)


@nox.session(name="tests-fast")
def tests_fast(session: nox.Session) -> None:
    """Run the library's tests against the built wheel with the extra `fast`, without `cli`; arguments go to pytest."""
    run_library_tests(session, "fast")


@nox.session(name="tests-default")
def tests_default(session: nox.Session) -> None:
    """Run the library's tests against the built wheel without extras; arguments go to pytest."""
    run_library_tests(session)


@nox.session
def conformance(session: nox.Session) -> None:
    """Compare the mock server with GitHub's own description: `-- PATH_OR_URL…`; without one only with ours."""
    install_group(session, "conformance")
    session.install(".")
    run_reporter(session, "tests.conformance", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Point schemathesis with our document at the running mock server; `-- N` limits the examples an operation."""
    install_group(session, "fuzz")
    session.install(".[cli]")
    session.run("python", "-m", "tests.conformance.fuzz", *session.posargs)


def has_node(session: nox.Session) -> bool:
    """Whether Node.js is there in a version that Octokit works with."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    version = str(session.run("node", "--version", external=True, silent=True))
    return int(version.strip().removeprefix("v").partition(".")[0]) >= 20


def install_octokit(session: nox.Session) -> str:
    """Install what is written in JavaScript into a folder of its own; there is no such folder without Node.js."""
    if not has_node(session):
        session.warn("There is no Node.js 20 or later: the tests with @octokit/rest are skipped")
        return ""
    folder = Path(session.create_tmp()).resolve() / "octokit"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "tests" / "interop", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    session.run("npm", "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", external=True)
    return str(folder)


@nox.session
@nox.parametrize("package", [".", ".[fast]"], ids=["httpx", "aiohttp"])
def chaos(session: nox.Session, package: str) -> None:
    """Call the mock server over a wire that fails in every way; `-- N` says how often, instead of 12,000 times."""
    session.install(package)
    session.run("python", "-m", "tests.transport.chaos", *session.posargs)


@nox.session
def interop(session: nox.Session) -> None:
    """Try the mock server with the clients of others: githubkit, @octokit/rest where Node.js is, and curl."""
    install_group(session, "interop")
    session.install(".[cli]")
    environment = {"GHPACKAGES_OCTOKIT": install_octokit(session), "PYTHONPATH": None}
    session.run("pytest", "tests/interop", *session.posargs, env=environment)


def make_environment(session: nox.Session, key: str, requirements: list[str]) -> dict[str, str | None]:
    """Make a virtual environment for one contender; if that fails, say why, and go on."""
    folder = Path(session.create_tmp()).resolve() / "contenders" / key
    session.run("python", "-m", "venv", "--clear", "--without-pip", str(folder))
    python = str(next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists()))
    pip = [shutil.which("python", path=session.bin) or "python", "-m", "pip", "--python", python, "install", "--quiet"]
    done = requirements and subprocess.run([*pip, *requirements], text=True, capture_output=True, check=False)  # noqa: S603
    if not done or not done.returncode:
        return {"python": python, "problem": None}
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"]
    session.warn(f"{key} can't be installed: {errors[-1]}")
    return {"python": python, "problem": errors[-1]}


def make_contenders(session: nox.Session, keys: list[str]) -> dict[str, dict[str, object]]:
    """Install each contender of the benchmark with only what it needs, and return where."""
    wheel = build_wheel(session)
    ours = {"ghpackages": [str(wheel)], "ghpackages-fast": [f"{wheel}[fast]"]}
    others = {key: nox.project.dependency_groups(PYPROJECT, f"bench-{key}") for key in keys if key not in ours}
    return {key: {**make_environment(session, key, list(ours.get(key) or others[key]))} for key in keys}


def add_unchanged(session: nox.Session, environment: dict[str, object]) -> None:
    """Generate from our document without our templates, straight into the environment of the package."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = session.run(str(environment["python"]), "-c", code, silent=True, external=True)
    call_generator(session, Path(str(folder).strip()) / "unchanged_api")
    version = str(session.run("openapi-python-client", "--version", silent=True)).split()[-1]
    environment["versions"] = {"openapi-python-client": version}


@nox.session
def bench(session: nox.Session) -> None:
    """Measure ghpackages and its peers, each in an environment of its own, and write docs/benchmarks.*.

    `-- --short` measures, in less than ten minutes, the figures used to compare changes; that, `--tasks` and
    `--contenders` write to build/benchmarks/ instead. `-- --help` lists all options.
    """
    install_group(session, "bench", "bench-server", "generate")
    benchmarks = ["python", "-m", "benchmarks.run", *session.posargs]
    if {"-h", "--help"} & set(session.posargs):
        session.run(*benchmarks)
        return
    keys = json.loads(str(session.run(*benchmarks, "--list-contenders", silent=True)).splitlines()[-1])
    contenders = make_contenders(session, keys)
    if "generated" in contenders and not contenders["generated"]["problem"]:
        add_unchanged(session, contenders["generated"])
    environments = Path(session.create_tmp()).resolve() / "environments.json"
    environments.write_text(json.dumps(contenders), encoding="utf-8")
    session.run(*benchmarks, "--environments", str(environments), env={"PYTHONPATH": None})


@nox.session
def build(session: nox.Session) -> None:
    """Make what is published, the source distribution and the wheel, in dist/."""
    install_group(session, "build")
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(dist), silent=True)
    session.run("twine", "check", "--strict", *sorted(map(str, dist.iterdir())))


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest dependencies that pyproject.toml allows."""
    extras = PYPROJECT["project"]["optional-dependencies"]
    bounds = [*PYPROJECT["project"]["dependencies"], *extras["cli"], *extras["fast"]]
    oldest = [bound.split(",")[0].replace(">=", "==") for bound in bounds]
    install_group(session, "tests")
    session.install(".[cli,fast]", *oldest)
    session.run("pytest", *session.posargs)
