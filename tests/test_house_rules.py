"""Rules by code (security.md section 9): walked in the syntax tree, so that no one has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "dpo_app").rglob("*.py"))
BANNED = {"sqlite3", "pickle", "shelve", "marshal", "tempfile", "random", "xml.etree", "xml.dom", "xml.sax.handler",
          "xml.parsers", "lxml", "keyrings", "requests", "urllib.request", "http.client", "ftplib", "telnetlib"}  # fmt: skip
ONLY_IN = {
    "hashlib": {"core/digests.py"}, "hmac": {"core/digests.py"}, "secrets": {"store/keys/crypto.py"},
    "cryptography": {"store/keys/crypto.py"}, "argon2": {"store/keys/crypto.py"},
    "sqlcipher3": {"store/engine.py"}, "smtplib": {"dispatch/smtp.py"}, "ssl": {"dispatch/smtp.py", "dispatch/imap_box.py"},
    "pyzipper": {"dispatch/hand_over.py"},
}  # fmt: skip
MOST_LINES, MOST_IN_FUNCTION = 500, 50
LOCKS = ("requirements", "requirements-bench", "requirements-peers", "bootstrap")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "dpo_app").as_posix()


def _translates_a_text(string: ast.JoinedStr, function: ast.expr) -> bool:
    """Tell whether a call of `function` inside an f-string has a text as its argument: extraction does not see it."""
    calls = [n for n in ast.walk(string) if isinstance(n, ast.Call) and n.func is function]
    return any(isinstance(each, ast.Constant) for call in calls for each in call.args)


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_what_a_module_may_use(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for module in imported(tree):
        assert not any(module == b or module.startswith(f"{b}.") for b in BANNED), module
        for guarded, homes in ONLY_IN.items():
            if module == guarded or module.startswith(f"{guarded}."):
                assert name_of(path) in homes, f"{module} in {name_of(path)}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "eval", "exec"), f"line {node.lineno}"
            if node.func.id in ("Paragraph", "Tagged"):
                assert name_of(path) == "documents/papers/paper.py"
        if isinstance(node, ast.JoinedStr):
            inside = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
            said = [f for f in inside if getattr(f, "id", getattr(f, "attr", "")) in ("_", "ngettext", "pgettext")]
            constant = [f for f in said if isinstance(f, ast.Name | ast.Attribute)]
            assert not [f for f in constant if _translates_a_text(node, f)], f"not extracted, line {node.lineno}"
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"bare except, line {node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "shell":
            assert not (isinstance(node.value, ast.Constant) and node.value.value)
        if isinstance(node, ast.Attribute) and node.attr in ("write_text", "mkdtemp", "system", "popen"):
            assert not isinstance(node.value, ast.Name) or node.value.id != "os", f"line {node.lineno}"
            assert node.attr != "write_text", f"files.py writes files, line {node.lineno}"
        if isinstance(node, ast.Attribute) and node.attr == "setStyleSheet":
            assert name_of(path) == "gui/theme.py"


#: Called by frameworks, or read by tools: Alembic, SQLAlchemy, Qt, import; and what only marks texts for translation.
CALLED_FROM_OUTSIDE = {
    "__all__", "down_revision", "process_bind_param", "process_result_value", "paint", "CITATIONS",
}  # fmt: skip


def test_what_nothing_in_the_product_uses_is_gone() -> None:
    """A name that is defined at the top of a module or in a class is read somewhere; tests do not count."""
    used: set[str] = set()
    defined: list[tuple[str, str]] = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                used.add(node.id if isinstance(node, ast.Name) else node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add(node.value)
            elif isinstance(node, ast.ImportFrom):
                used |= {alias.name for alias in node.names if alias.asname}
        for each in tree.body:
            inner = [m for m in each.body if isinstance(m, ast.FunctionDef)] if isinstance(each, ast.ClassDef) else []
            for one in (each, *inner):
                # A decorator may hand a function to somebody: a command, a fixture of a framework.
                if isinstance(one, ast.ClassDef) or (isinstance(one, ast.FunctionDef) and not one.decorator_list):
                    defined.append((one.name, f"{name_of(path)}:{one.lineno}"))
                elif isinstance(one, ast.Assign | ast.AnnAssign):
                    targets = one.targets if isinstance(one, ast.Assign) else [one.target]
                    defined += [(t.id, f"{name_of(path)}:{one.lineno}") for t in targets if isinstance(t, ast.Name)]
    own = re.compile(r"__\w+__$|[a-z]+[A-Z]")  # Python's own methods, and Qt's
    dead = [f"{where}: {name}" for name, where in defined
            if name not in used and name not in CALLED_FROM_OUTSIDE and not own.match(name)]  # fmt: skip
    assert not dead, "\n".join(dead)


#: Hand the unit of work to a helper that commits.
COMMITS_ELSEWHERE = {"services/authority/tell_authority.py"}


@pytest.mark.parametrize("path", [p for p in SOURCES if name_of(p).startswith("services/")], ids=name_of)
def test_who_only_reads_takes_no_write_lock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.With) and any("desk.begin()" in ast.unparse(each) for each in node.items):
            said = ".commit()" in ast.unparse(node) or name_of(path) in COMMITS_ELSEWHERE
            assert said, f"line {node.lineno}: a unit of work that never commits; read by desk.read()"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_is_one_room(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= MOST_LINES
    if text.strip() and path.name != "__init__.py":
        assert ast.get_docstring(ast.parse(text)), "a module says what it is for"
    if "gui/" in path.as_posix() and path.name != "tokens.py":
        assert not re.search(r"[\"']#[0-9A-Fa-f]{6}[\"']", text), "colours live in gui/tokens.py"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_one_module_writes_files(path: Path) -> None:
    # The first three open with a mode of their own, 0600; e-mails are synced together when their folder appears; an
    # archive's members are opened inside a file that files.py has opened.
    if name_of(path) in ("files.py", "logs.py", "store/lock.py", "documents/mail.py", "dispatch/hand_over.py"):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "write_bytes":
            assert isinstance(node.func, ast.Name), f"Path.write_bytes, line {node.lineno}"
        modes = [a.value for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Constant)]
        if name in ("open", "fdopen") and modes:
            assert not any(isinstance(m, str) and set(m) & set("wax+") and len(m) <= 3 for m in modes), node.lineno


def test_no_function_is_endless() -> None:
    long = [
        f"{name_of(path)}:{node.name} {node.end_lineno - node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno > MOST_IN_FUNCTION
    ]
    assert not long, long


def test_the_lock_has_hashes_and_no_address() -> None:
    text = "".join((ROOT / "packaging" / f"{name}.lock").read_text("utf-8") for name in LOCKS)
    assert "http" not in text and "file:" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    assert len(pins) > 40
    for pin in pins:
        assert "==" in pin and "--hash=sha256:" in pin, pin[:60]


def test_no_address_or_machine_path_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    wrong = re.compile("/wo" + "rk/|/ro" + "ot/|pypi" + r"\.org|files\.python" + "hosted|deb" + r"\.debian\.org")
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".sh", ".in", ".lock", "") and path.is_file():
            assert not wrong.search(path.read_text("utf-8", errors="ignore")), name


def test_icons_in_use_exist() -> None:
    names = set()
    for path in (ROOT / "dpo_app" / "gui").rglob("*.py"):
        names |= set(re.findall(r'(?:icon|pixmap|sign)\(\s*"([a-z0-9-]+)"', path.read_text("utf-8")))
    missing = {n for n in names if not (ROOT / "resources/icons/outline" / f"{n}.svg").is_file()}
    assert not missing
