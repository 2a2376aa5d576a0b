"""Numbers in sentences: one person is told of in another form than two."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from dpo_app import i18n, messages
from dpo_app.core.errors import RuleError
from dpo_app.messages.facts import FactWords
from dpo_app.messages.trail import TrailWords

ROOT = Path(i18n.__file__).parent
#: What is counted in sentences: a number before one of these needs a form for one and a form for many.
COUNTED = (
    r"persons|letters|rows|entries|files|pairs|records|facts|fields|things|batches|e-mails|others|suggestions|"
    r"corrections|calls|breaches|sheets|held e-mails|hidden sheets|of them have|are accepted"
)


def test_a_number_before_what_it_counts_has_a_form_for_one() -> None:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_")):
                continue
            text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            if isinstance(text, str) and re.search(rf"\{{(?!limit|most)\w+\}} (?:{COUNTED})\b", text):
                found.append(f"{path.name}:{node.lineno} {text}")
    assert found == []


def test_a_kept_text_is_said_in_the_form_that_fits() -> None:
    words = TrailWords(FactWords("fi", "", i18n.catalogue("fi").gettext))
    said = [words.sentence("excused", {"persons": n, "reason": "x"}) for n in (1, 2)]
    assert said[0].startswith("1 henkilö ") and said[1].startswith("2 henkilöä ")
    error = RuleError("notice_incomplete", article="Art. 34(2)", count=1, check="x", language="fi", persons=1)
    assert "1 thing is missing" in str(messages.explain(error)) and "1 person." in str(messages.explain(error))
