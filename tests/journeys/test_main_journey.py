"""What a newcomer does, from registration to signing out."""

import time
from io import BytesIO

import pytest
from PIL import Image

from tests.support.journey import RunningPixie
from tests.support.journey_person import expect
from tests.support.pictures import picture
from tests.support.waiting import eventually

pytestmark = pytest.mark.journey

SKETCH = {"model": "local/sketch", "prompt": "a lighthouse at sunset", "width": 192, "height": 128}


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def test_a_photo_is_edited_while_its_owner_watches(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        photo = expect(mina.upload(picture("JPEG", 640, 480)), 201)
        operations = [{"op": "auto_enhance"}, {"op": "crop", "aspect_ratio": "16:9"}, {"op": "resize", "width": 320}]
        body = {"model": "local/edit", "image_file_id": photo["id"], "parameters": {"operations": operations}}
        job = mina.submit(body, "image/edit")
        assert job["status"] == "pending"

        events = list(mina.events(job["id"]))

        versions = [event.id for event in events]
        assert versions == sorted(set(versions))
        assert events[-1].name == "completed"
        (output,) = mina.result(job["id"])
        edited = opened(mina.bytes_of(output))
        assert edited.format == "JPEG"
        assert edited.size == (output["width"], output["height"]) == (320, 180)
        assert mina.credits() == {"available": 99, "held": 0}


def test_progress_is_seen_while_it_happens_and_a_broken_stream_goes_on_where_it_was(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        job = mina.script(delay_ms=3_000, progress=[25, 50, 75])
        seen = []
        for event in mina.events(job["id"]):
            seen.append(event)
            if event.job["progress"] >= 25:
                break
        assert mina.job(job["id"])["status"] == "processing"
        rest = list(mina.events(job["id"], last_event_id=seen[-1].id))
        assert [event.id for event in rest] == sorted({event.id for event in rest} - {event.id for event in seen})
        assert (rest[-1].name, rest[-1].job["progress"]) == ("completed", 100)


def test_a_browser_follows_a_job_with_a_ticket_and_stops_when_told_that_it_is_over(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        job = mina.script()
        mina.finished(job["id"])
        address = f"/api/ai/jobs/{job['id']}/events"
        ticket = expect(mina.post("/api/events/ticket", None), 200)["ticket"]
        followed = mina.client.get(address, params={"ticket": ticket})
        assert "event: completed" in followed.text
        ticket = expect(mina.post("/api/events/ticket", None), 200)["ticket"]
        last = {"Last-Event-ID": str(mina.job(job["id"])["version"])}
        assert mina.client.get(address, params={"ticket": ticket}, headers=last).status_code == 204
        assert mina.client.get(address, params={"ticket": "forged"}).status_code == 401


def test_the_same_seed_paints_the_same_picture(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        jobs = [mina.submit({**SKETCH, "seed": seed}) for seed in (7, 7, 8)]
        one, same, other = (mina.bytes_of(mina.result(mina.finished(job["id"])["id"])[0]) for job in jobs)
        assert one == same
        assert one != other
        assert opened(one).size == (192, 128)
        assert mina.credits() == {"available": 94, "held": 0}


def test_what_was_paid_adds_up_everywhere(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        done = [mina.script(), mina.submit({**SKETCH, "seed": 1})]
        failed = mina.script(error="refused")
        for job in [*done, failed]:
            mina.finished(job["id"])
        usage = expect(mina.get(f"/api/ai/usage/{mina.id}"), 200)
        assert (usage["total_jobs"], usage["total_credits"]) == (2, 3)
        assert {row["model"]: row["credits_used"] for row in usage["items"]} == {"scripted/image": 1, "local/sketch": 2}
        listed = expect(mina.get("/api/ai/jobs"), 200)["items"]
        assert [job["id"] for job in listed] == [failed["id"], done[1]["id"], done[0]["id"]]
        assert sum(job["credits_used"] for job in listed) == 3
        assert expect(mina.get("/api/ai/jobs", status="failed"), 200)["items"] == listed[:1]
        assert mina.credits() == {"available": 97, "held": 0}
        account = pixie.shell_json("credits", "show", mina.email)
        assert sum(entry["available_delta"] for entry in account["entries"]) == 97


def test_a_cancelled_job_stops_within_a_second_and_its_credits_come_back(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        job = mina.script(hang=True)
        assert eventually(lambda: mina.job(job["id"])["status"] == "processing")
        assert mina.credits() == {"available": 99, "held": 1}
        cancelled = mina.cancel(job["id"])
        assert cancelled["status"] == "cancelled"
        assert mina.credits() == {"available": 100, "held": 0}
        assert mina.cancel(job["id"]) == cancelled
        # The worker let go of it: its folder for the job is gone.
        folders = pixie.system.folder.tmp
        assert eventually(lambda: not list(folders.glob(f"**/*{job['id']}*")), within=1)


def test_signing_out_ends_a_token_at_once_and_open_streams_with_it(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina, pixie.client() as other:
        job = mina.script(delay_ms=20_000)
        mina.client, client = other, mina.client
        stream = mina.events(job["id"])
        next(stream)
        assert client.post("/api/auth/logout", headers=mina.headers).status_code == 204
        for _ in range(6):  # whichever process answers
            assert mina.get("/api/auth/me").status_code == 401
        signed_out = time.monotonic()
        assert [event for event in stream if event.name != "status"] == []  # its start may have been told before
        assert time.monotonic() - signed_out < 3  # a second is promised; this machine may be busy
        mina.client = client
        mina.sign_in_again()
        mina.cancel(job["id"])
