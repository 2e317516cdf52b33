"""What answers rest on: editions, versions, rules and the words of findings."""

from typing import Any

from travelrisk import __version__
from travelrisk.domain.shapes import notice
from travelrisk.domain.texts import LANGUAGES
from travelrisk.screening.engine import ENGINE
from travelrisk.screening.explain import handbook
from travelrisk.screening.messages import FINDINGS
from travelrisk.services.ratings import published
from travelrisk.web.api.contract.calls import Asked, Told
from travelrisk.web.api.responses import stamp
from travelrisk.web.parts import application
from travelrisk.web.refusals import RefusedError


def catalog(_asked: Asked[Any, None]) -> Told:
    """Tell the versions of everything."""
    app = application()
    snapshot, edition = published.newest(app)
    return Told(
        {
            "edition": snapshot.edition,
            "published_at": stamp(edition.published_at) if edition else None,
            "policy_version": app.policy.policy.version,
            "engine": ENGINE,
            "version": __version__,
            "airports": len(app.atlas),
            "languages": list(LANGUAGES),
            "notice": notice(demo=app.facts.demo),
        }
    )


def rules(_asked: Asked[Any, None]) -> Told:
    """Tell every rule, and the words of every finding."""
    return Told({"rules": [_rule(*each) for each in handbook()], "findings": _findings(), "engine": ENGINE})


def rule(asked: Asked[Any, None]) -> Told:
    """Tell one rule, or the words of one finding."""
    code = asked.values["code"]
    texts = dict(handbook())
    found = next((each for each in _findings() if each["code"] == code), None)
    if code not in texts and found is None:
        raise RefusedError("not_found", f"there is no rule and no finding {code}: look at /api/v1/rules")
    known = _rule(code, texts[code]) if code in texts else None
    return Told({"rule": known, "finding": found, "engine": ENGINE})


def _rule(name: str, text: str) -> dict[str, str]:
    title, _, rest = text.partition("\n")
    return {"code": name, "title": title, "text": rest.strip()}


def _findings() -> list[dict[str, Any]]:
    return [{"code": code, "message": texts._asdict()} for code, texts in sorted(FINDINGS.items())]
