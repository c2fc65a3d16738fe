"""The commands of `pixie` on a system that runs."""

import json
import re
from uuid import uuid4

import pytest

from tests.support.journey import RunningPixie
from tests.support.journey_person import PASSWORD, expect
from tests.support.waiting import eventually

pytestmark = pytest.mark.journey

FAILED, USAGE = 1, 2


def test_the_doctor_finds_nothing_to_fix(pixie: RunningPixie) -> None:
    examined = pixie.process("doctor", "--json")
    assert examined.returncode == 0, examined.stdout + examined.stderr
    findings = json.loads(examined.stdout)
    assert len(findings) >= 5
    assert all(finding["good"] for finding in findings)


def test_settings_are_shown_and_secrets_are_not(pixie: RunningPixie) -> None:
    printed = pixie.shell("settings", "--json")
    shown = json.loads(printed)
    assert shown["PIXIE_JOBS_LEASE"] == {"value": "5", "source": "environment (PIXIE_JOBS_LEASE)"}
    secrets = json.loads((pixie.system.folder.path / "secrets.json").read_text())
    for secret in secrets.values():
        assert str(secret) not in printed
    assert "postgresql://pixie:********@" in shown["PIXIE_DATABASE_URL"]["value"]
    assert shown["PIXIE_DATABASE_URL"]["source"] == "data folder"
    assert shown["PIXIE_HTTP_PORT"] == {"value": str(pixie.system.port), "source": "data folder"}


def test_people_are_created_listed_promoted_and_deactivated(pixie: RunningPixie) -> None:
    email = f"{uuid4().hex}@example.com"
    made = pixie.shell_json("users", "create", email, "--name", "Ada")
    with pixie.client() as client:
        signed_in = expect(client.post("/api/auth/login", json={"email": email, "password": made["password"]}), 200)
        headers = {"Authorization": f"Bearer {signed_in['access_token']}"}

        assert [user["email"] for user in pixie.shell_json("users", "list", "--query", email)] == [email]
        assert pixie.shell_json("users", "promote", email, "--role", "admin")["role"] == "admin"
        assert expect(client.get("/api/auth/me", headers=headers), 200)["role"] == "admin"
        assert pixie.shell_json("users", "deactivate", email)["is_active"] is False
        assert client.get("/api/auth/me", headers=headers).status_code == 401
        assert pixie.shell_json("users", "deactivate", email, "--undo")["is_active"] is True
    assert pixie.command("users", "create", email).exit_code == FAILED
    assert pixie.command("users", "promote", "nobody@example.com", "--role", "admin").exit_code == FAILED


def test_a_password_may_come_from_standard_input(pixie: RunningPixie) -> None:
    email = f"{uuid4().hex}@example.com"
    made = pixie.shell_json("users", "create", email, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert "password" not in made
    with pixie.client() as client:
        assert client.post("/api/auth/login", json={"email": email, "password": PASSWORD}).status_code == 200


def test_credits_are_granted_once_shown_and_verified(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        for _ in range(2):
            granted = pixie.shell_json("credits", "grant", mina.email, "50", "--idempotency-key", mina.id)
            assert granted["balance"]["available"] == 150
        shown = pixie.shell_json("credits", "show", mina.id)
        assert shown["balance"]["available"] == sum(lot["available"] for lot in shown["lots"]) == 150
        assert pixie.shell_json("credits", "verify") == []
        assert mina.credits() == {"available": 150, "held": 0}
        assert pixie.command("credits", "grant", "nobody@example.com", "5").exit_code == FAILED
        assert pixie.command("credits", "adjust", mina.email, "-151").exit_code == FAILED


def test_jobs_are_listed_shown_traced_cancelled_and_retried(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        hanging = mina.script(hang=True)
        listed = pixie.shell_json("jobs", "list", "--user", mina.email)
        assert [job["id"] for job in listed] == [hanging["id"]]
        assert pixie.command("jobs", "retry", hanging["id"]).exit_code == FAILED
        assert pixie.shell_json("jobs", "cancel", hanging["id"])["status"] == "cancelled"
        assert mina.job(hanging["id"])["status"] == "cancelled"

        failed = mina.script(error="refused")
        mina.finished(failed["id"])
        assert pixie.shell_json("jobs", "show", failed["id"])["error"]["code"] == "provider_refused"
        trace = pixie.shell_json("jobs", "trace", failed["id"])
        assert [moment["status"] for moment in trace["history"]] == ["processing", "failed"]
        assert [line["kind"] for line in trace["ledger"]] == ["hold", "release"]
        again = pixie.shell_json("jobs", "retry", failed["id"])
        assert again["id"] != failed["id"]
        assert mina.finished(again["id"])["status"] == "failed"
        done = mina.script()
        mina.finished(done["id"])
        assert pixie.command("jobs", "retry", done["id"]).exit_code == FAILED
        assert mina.finished(pixie.shell_json("jobs", "retry", done["id"], "--again")["id"])["status"] == "completed"
        assert len(pixie.shell_json("jobs", "list", "--user", mina.email, "--status", "failed")) == 2
        listed = pixie.shell_json("jobs", "list", "--user", mina.email)
        first = pixie.shell_json("jobs", "list", "--user", mina.email, "--limit", "1")
        rest = pixie.shell_json("jobs", "list", "--user", mina.email, "--before", first[0]["id"])
        assert first + rest == listed
    assert pixie.command("jobs", "show", str(uuid4())).exit_code == FAILED
    assert pixie.command("jobs", "show", "no-id").exit_code == USAGE


def test_a_model_that_is_switched_off_takes_no_jobs(pixie: RunningPixie) -> None:
    names = {model["name"] for model in pixie.shell_json("models", "list")}
    assert {"local/edit", "local/sketch", "scripted/video"} <= names
    film = {"model": "scripted/video", "prompt": "anything", "duration_seconds": 1}
    with pixie.somebody() as mina:
        pixie.shell("models", "disable", "scripted/video")
        try:
            assert eventually(
                lambda: {mina.post("/api/ai/video/generate", film).status_code for _ in range(6)} == {503}
            )
            refused = mina.post("/api/ai/video/generate", film)
            assert (refused.status_code, refused.json()["code"]) == (503, "model_unavailable")
            offered = expect(mina.get("/api/ai/models", available="true"), 200)["items"]
            assert "scripted/video" not in {model["name"] for model in offered}
        finally:
            pixie.shell("models", "enable", "scripted/video")
        assert eventually(lambda: mina.post("/api/ai/video/generate", film).status_code == 202)
    assert pixie.command("models", "disable", "nobody/nothing").exit_code == FAILED


def test_mails_can_be_read(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        assert eventually(lambda: welcome_of(pixie, mina.email))
        (mail,) = welcome_of(pixie, mina.email)
        shown = pixie.shell_json("mail", "show", mail["id"])
        assert shown["to"] == f"Mina <{mina.email}>"
        assert re.search(r"\S", shown["text"])
        assert "<html" in pixie.shell("mail", "show", mail["id"], "--html")
        assert pixie.shell("mail", "show", mail["id"], "--source").startswith("From: ")
    assert pixie.command("mail", "show", "no-such-mail").exit_code == FAILED


def welcome_of(pixie: RunningPixie, email: str) -> list[dict[str, str]]:
    return [mail for mail in pixie.shell_json("mail", "list", "--limit", "1000") if email in mail["to"]]
